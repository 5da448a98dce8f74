"""What goes wrong beneath a command, as one sentence with what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError, ProgrammingError

from search.engines.errors import EngineError


@contextmanager
def said_in_a_sentence() -> Iterator[None]:
    """CommandError for an engine, or a database, that cannot do what is asked; ``--traceback`` shows where."""
    try:
        yield
    except EngineError as error:
        raise CommandError(str(error)) from error
    except (OperationalError, InterfaceError, ProgrammingError) as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        raise CommandError(
            f"The database cannot be used: {reason}. See that DATABASE_URL names it and that it runs; "
            "where it is new, run `manage.py migrate`."
        ) from error
