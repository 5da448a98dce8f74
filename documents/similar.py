"""Documents that share telling words with one: what the search engine holds to be like it."""

from typing import Any

from documents.models import Document
from documents.occasions import of_the_same_days
from search.outbox import hidden_ids
from search.queryset import ArchiveQuerySet
from search.tree import Exact

ASIDE, WHOLE = 5, 20  # how many stand beside the document, and on the page of their own


def similar_to(document: Document, most: int, *, known: bool = True) -> list[Document]:
    """The public documents most like this one, the likest first. One search, and a query for who may see them.

    Without ``known``, those that its page names anyhow are left out. EngineError where the engine cannot answer.
    """
    public = Document.objects.visible_to(None)
    query = ArchiveQuerySet().exclude_ids(hidden_ids()).where(Exact("kind", "document"))
    if not known:
        query = query.exclude_ids(f"documents.document.{key}" for key in _named_on_its_page(document))
    keys = [int(result.pk) for result in query.more_like_this(document)[0:most]]
    # The index is asked, the database decides.
    found = public.for_list().in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _named_on_its_page(document: Document) -> set[Any]:
    keys: set[Any] = {each.pk for each in of_the_same_days(document, None)}
    keys |= set(document.related.values_list("pk", flat=True))
    keys |= set(document.attachments.values_list("pk", flat=True))
    return keys | ({document.attached_to_id} if document.attached_to_id else set())
