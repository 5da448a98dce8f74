"""A door before the real server that is sometimes shut: it answers 429 or 503, hangs up, or keeps silent."""

from __future__ import annotations

import json
import os
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class Door:
    """``moods``: what becomes of the next requests, each a status, "hang up", "ok" or seconds to wait first
    (a float); then all are let through."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.moods: list[int | float | str] = []
        self.requests: list[tuple[str, str]] = []
        #: What becomes of the answers to searches.
        self.spoils: Callable[[dict[str, Any]], None] | None = None


@contextmanager
def door() -> Iterator[Door]:
    """A door on a free port of this machine, without TLS and without a password of its own."""
    behind = urlsplit(os.environ["TEST_ELASTICSEARCH_URL"])
    trusted = ssl.create_default_context(cafile=os.environ.get("TEST_ELASTICSEARCH_CA_FILE") or None)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            opened.requests.append((self.command, self.path))
            mood = opened.moods.pop(0) if opened.moods else "ok"
            if mood == "hang up":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
            elif isinstance(mood, int):
                self._answer(mood, b'{"error": {"type": "no_room", "reason": "not now"}}', "application/json")
            else:
                time.sleep(mood if isinstance(mood, float) else 0)
                self._forward(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _any  # noqa: N815

        def _forward(self, body: bytes) -> None:
            address = f"{behind.scheme}://{behind.hostname}:{behind.port}{self.path}"
            kept = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in ("host", "connection", "content-length")
            }
            # The address is the one that TEST_ELASTICSEARCH_URL names.
            asked = urllib.request.Request(  # noqa: S310
                address, data=body or None, method=self.command, headers=kept
            )
            try:
                with urllib.request.urlopen(asked, context=trusted) as answer:  # noqa: S310
                    said = answer.read()
                    if opened.spoils and "_search" in self.path:
                        spoiled = json.loads(said)
                        opened.spoils(spoiled)
                        said = json.dumps(spoiled).encode()
                    self._answer(answer.status, said, answer.headers["Content-Type"])
            except urllib.error.HTTPError as error:
                self._answer(error.code, error.read(), error.headers["Content-Type"])

        def _answer(self, status: int, body: bytes, kind: str | None) -> None:
            self.send_response(status)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    opened = Door(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield opened
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def silence() -> Iterator[str]:
    """The address of something that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
