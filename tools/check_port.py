#!/usr/bin/env python3
"""Whether the archive can be served at HOST PORT; `make run` asks before it prepares anything."""

import contextlib
import errno
import socket
import sys


def problem(host: str, port: str) -> str:
    """Why it cannot, and what to write instead; empty where it can."""
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        return f"PORT={port} is no port; write a number from 1024 to 65535, as PORT=8001"
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(
            host.strip("[]"), int(port), type=socket.SOCK_STREAM
        )[0]
        with contextlib.closing(socket.socket(family, kind)) as probe:
            # As the server does: what an ended one leaves for a minute is no hindrance.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Port {port} of {host} is taken, perhaps by another `make run`. "
                f"End that, or take another port: make run PORT={int(port) % 65535 + 1}"
            )
        return f"The archive cannot be served at {host} port {port} ({error.strerror}); name others: HOST=... PORT=..."
    return ""


if __name__ == "__main__":
    sys.exit(problem(sys.argv[1], sys.argv[2]) or None)
