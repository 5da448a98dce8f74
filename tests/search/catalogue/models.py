"""One kind of record, wide enough for every behaviour of an engine."""

from django.db import models


class Report(models.Model):
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    transcripts = models.JSONField(default=list)
    people = models.JSONField(default=list)
    places = models.JSONField(default=list)
    subjects = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    participants = models.JSONField(default=list)
    earliest = models.DateField(null=True)
    latest = models.DateField(null=True)
    uncertain = models.BooleanField(default=False)
    pages = models.IntegerField(null=True)
    added = models.DateTimeField(null=True)

    class Meta:
        app_label = "catalogue"

    def __str__(self) -> str:
        return self.title


class Note(models.Model):
    """A second model, so that a search can be limited to one of them."""

    body = models.TextField()

    class Meta:
        app_label = "catalogue"

    def __str__(self) -> str:
        return self.body
