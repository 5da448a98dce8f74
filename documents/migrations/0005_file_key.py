"""The key of the archival file, read out of the reference of every document there is."""

from typing import Any

from django.db import migrations, models

from documents.shelfmarks import file_key

BATCH = 1000


def read_references(apps: Any, _schema_editor: Any) -> None:
    """Give each document its key, a batch at a time."""
    document = apps.get_model("documents", "Document")
    last = 0
    while True:
        rows = document.objects.filter(pk__gt=last).exclude(archival_reference="").order_by("pk")
        batch = list(rows.only("pk", "archival_reference")[:BATCH])
        if not batch:
            return
        last = batch[-1].pk
        for each in batch:
            each.file_key = file_key(each.archival_reference)
        document.objects.bulk_update(batch, ["file_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("collections", "0001_initial"),
        ("documents", "0004_page_images"),
        ("people", "0002_identifiers"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="file_key",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=200, verbose_name="key of the file"
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["repository", "file_key"], name="documents_d_reposit_d4b287_idx"),
        ),
        migrations.RunPython(read_references, migrations.RunPython.noop),
    ]
