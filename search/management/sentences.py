"""What commands say in a sentence: what goes wrong beneath them with what to do about it, and how far a rebuild came."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.utils import timezone

from search.engines.errors import EngineError
from search.rebuilding import Halfway


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


def described(left: Halfway) -> str:
    """A rebuild as it was left: "a rebuild of 12:03, 41,200 of 50,000 records done"."""
    began, now = timezone.localtime(left.beginning), timezone.localtime()
    moment = began.strftime("%H:%M" if began.date() == now.date() else "%Y-%m-%d %H:%M")
    return f"a rebuild of {moment}, {left.done:,} of {left.total:,} records done"
