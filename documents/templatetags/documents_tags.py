"""What templates that list documents need, whatever app's page they make."""

from django import template

from documents.entries import entry_of as _entry_of
from documents.models import Document
from records.entries import Entry

register = template.Library()


@register.filter
def entry_of(document: Document) -> Entry:
    """The document's line of a list; it must come from ``for_list()``."""
    return _entry_of(document)
