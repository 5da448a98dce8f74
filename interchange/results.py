"""The documents that a search finds, outside of its page: for files to take away, and for feeds.

What goes out of the house is what everybody may see, whoever asks: files are passed on, feeds are read by machines.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from documents.models import Document
from documents.querysets import DocumentQuerySet
from search.query import build_query
from search.state import COLLECTIONS, DOCUMENTS, EVERYTHING, PEOPLE, SearchState

AT_ONCE = 100


@dataclass(frozen=True)
class Found:
    """The keys of documents in the order of a search. ``total``: how many it finds, of which these are the first."""

    keys: tuple[int, ...]
    total: int

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.keys)


def documents_only(state: SearchState) -> SearchState | None:
    """The search among documents; None for one that looks for people or collections."""
    if state.scope in (PEOPLE, COLLECTIONS):
        return None
    return state.changed(scope=DOCUMENTS) if state.scope == EVERYTHING else state


def find(state: SearchState, limit: int, order: Sequence[str] = ()) -> Found:
    """The first documents of a search of documents, in its order or in that of these index fields; one search.

    Raises ``EngineError`` while the engine cannot answer.
    """
    query = build_query(state)
    if order:
        query.query.clear_order_by()  # else Haystack only adds to it
        query = query.order_by(*order)
    hits = query[: min(limit, query.reach)]
    return Found(tuple(int(hit.pk) for hit in hits), query.count())


def in_order(
    keys: Sequence[int], fetched: Callable[[DocumentQuerySet], DocumentQuerySet]
) -> Iterator[Document]:
    """These documents in this order, as far as they are public, some hundred in memory at a time.

    ``fetched`` adds what is wanted besides; its queries are made once for each batch.
    """
    for start in range(0, len(keys), AT_ONCE):
        batch = keys[start : start + AT_ONCE]
        public = fetched(Document.objects.visible_to(None).filter(pk__in=batch))
        by_key = {document.pk: document for document in public}
        for key in batch:
            document = by_key.pop(key, None)
            if document is not None:
                yield document
                # What was prefetched holds the document, which holds it.
                document._prefetched_objects_cache = {}
