"""Haystack over a current Elasticsearch, through the official client.

The client takes a third of a second to import and much memory, so it comes with the engine, when that
is asked for: on SQLite only what is known here of languages is used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.engines.elasticsearch.engine import ElasticsearchBackend, ElasticsearchEngine

__all__ = ["ElasticsearchBackend", "ElasticsearchEngine"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from search.engines.elasticsearch import engine

    return getattr(engine, name)
