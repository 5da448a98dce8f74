"""Other work for the worker that keeps the index true.

One process looks after everything that has to be done behind the site's back; what an
app has for it, it registers when it starts. The index comes first: between two pieces of
such work the worker looks at its outbox.
"""

from collections.abc import Callable

#: Does a small piece, of some seconds at most where it can, and answers how much that was; 0 if nothing waits.
Work = Callable[[], int]

_registered: dict[str, Work] = {}


def register(name: str, work: Work) -> None:
    """Have the worker do this, too. ``name`` says what it makes, for the log: "page images"."""
    _registered[name] = work


def work_a_little() -> dict[str, int]:
    """A piece of each kind of work that waits, by name; empty if none does."""
    done = {name: work() for name, work in _registered.items()}
    return {name: number for name, number in done.items() if number}
