"""The index outbox, to look at: what the index has still to be told."""

from django.contrib import admin

from records.curating import ReadOnlyAdmin
from search.models import OutboxEntry


@admin.register(OutboxEntry)
class OutboxEntryAdmin(ReadOnlyAdmin):
    """Nothing to change here: ``manage.py sync_index`` empties it."""

    list_display = ("model_label", "object_pk", "due_at", "attempts", "last_error")
    list_filter = ("model_label",)
    search_fields = ("object_pk", "last_error")
    ordering = ("due_at", "pk")
    list_per_page = 50
    show_full_result_count = False
