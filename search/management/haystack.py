"""The options of Haystack's commands of the same names: each does what it says, or it is said that it does nothing."""

from argparse import SUPPRESS
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from haystack import connections

#: Options that have nothing to do here, and why.
_IDLE: dict[str, tuple[tuple[str, ...], dict[str, Any], str]] = {
    "workers": (
        ("-k", "--workers"),
        {"type": int},
        "--workers changes nothing: the engine itself says how many requests are under way at a time.",
    ),
    "max_retries": (
        ("-t", "--max-retries"),
        {"type": int},
        "--max-retries changes nothing: what the engine does not take now waits in the outbox and is tried again.",
    ),
    "commit": (
        ("--nocommit",),
        {"action": "store_false"},
        "--nocommit changes nothing: what is written to the index is always committed.",
    ),
}


def add_idle_options(parser: CommandParser, *names: str) -> None:
    """Accept options of Haystack's that do nothing here."""
    for name in names:
        flags, how, _why = _IDLE[name]
        parser.add_argument(*flags, dest=name, default=None, help=SUPPRESS, **how)


def add_using(parser: CommandParser) -> None:
    parser.add_argument(
        "-u", "--using", action="append", default=[], help="The search connection; there is one, default."
    )


def heed(command: BaseCommand, options: dict[str, Any]) -> None:
    """Say of which options given nothing comes. CommandError for a search connection that is not there."""
    for name, (_flags, _how, why) in _IDLE.items():
        if options.get(name) is not None and options["verbosity"] > 0:
            command.stderr.write(why)
    for alias in options.get("using") or ():
        if alias not in connections.connections_info:
            known = ", ".join(connections.connections_info)
            raise CommandError(f"there is no search connection {alias}; known: {known}")
        if alias != "default":
            raise CommandError(f"the archive searches by the connection default, not by {alias}")
