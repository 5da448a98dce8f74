"""What every page shows of the reader's list: how many documents it has, and which."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from documents.research_list_store import holder_of


def research_list(request: HttpRequest) -> dict[str, Any]:
    """``my_list``: read only by a page that shows something of it."""
    return {"my_list": SimpleLazyObject(lambda: holder_of(request).list)}
