"""A circuit breaker: after the engine has failed, nobody waits for it again until it is known to be back.

One stands before every server, shared by the threads of a process. Closed, it lets everybody through.
Failures in a row open it: for some seconds nobody is let through. Then one is, to try; if that goes well
it closes, else it stays open for as long again. It knows no engine, no time limits and no network.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

logger = logging.getLogger(__name__)

#: Failures in a row that open it; a failure that leaves no doubt counts as so many.
ENOUGH = 3
#: A try of which nobody has told the outcome after so many seconds is taken for lost.
_LONGEST_TRY = 30.0


@dataclass(frozen=True)
class Leave:
    """Whether one may ask. ``is_trial``: as the only one, to find out whether the engine is back."""

    granted: bool
    is_trial: bool = False


_FREELY, _AS_TRIAL, _NOT_NOW = Leave(True), Leave(True, is_trial=True), Leave(False)


class Breaker:
    """``pause``: seconds for which nobody asks what failed; 0 never opens it."""

    def __init__(self, name: str, pause: float, now: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self.pause = pause
        self._now = now
        self._changing = threading.Lock()
        self._failures = 0
        self._open_until: float | None = None  # when the next may try; None: closed

    def leave(self) -> Leave:
        """Whether the caller may ask; who may has to tell how it went: ``succeeded`` or ``failed``."""
        if self._open_until is None:
            return _FREELY
        with self._changing:
            if self._open_until is None:
                return _FREELY
            if self._now() < self._open_until:
                return _NOT_NOW
            # Others go on being refused while this one tries.
            self._open_until = self._now() + _LONGEST_TRY
            return _AS_TRIAL

    def succeeded(self) -> None:
        """The engine answered."""
        if self._failures == 0 and self._open_until is None:
            return
        with self._changing:
            was_open = self._open_until is not None
            self._failures, self._open_until = 0, None
        if was_open:
            logger.warning("%s answers again", self.name)

    def failed(self, reason: str, weight: int = ENOUGH) -> None:
        """It did not answer. ``weight``: how much that says, ``ENOUGH`` for all there is to know."""
        if not self.pause:
            return
        with self._changing:
            was_open = self._open_until is not None
            self._failures += weight
            if was_open or self._failures >= ENOUGH:
                self._open_until = self._now() + self.pause
            opens = not was_open and self._open_until is not None
        if opens:
            logger.warning("%s is left alone for %g seconds at a time: %s", self.name, self.pause, reason)

    @property
    def is_open(self) -> bool:
        return self._open_until is not None
