"""The site's own index on either engine, for what must look the same on both."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from haystack import connections

from tests.search.catalogue.engines import drop_indices, on_the_server

#: Parameters of a fixture that fills the index once for each.
SITE_ENGINES = ("sqlite", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch))


@contextmanager
def site_on(name: str, **options: Any) -> Iterator[None]:
    """While the context lasts the site searches on this engine, in an index of its own.

    ``options`` are of the connection to a server.
    """
    if name == "sqlite":
        yield
        return
    usual = connections.connections_info["default"]
    engine = "search.engines.elasticsearch.ElasticsearchEngine"
    own = {**on_the_server(), **options}
    connections.connections_info["default"] = {"ENGINE": engine, "SILENTLY_FAIL": False, **own}
    backend: Any = connections.reload("default").get_backend()
    try:
        yield
    finally:
        drop_indices(backend)
        connections["default"].reset_sessions()
        connections.connections_info["default"] = usual
        connections.reload("default")
