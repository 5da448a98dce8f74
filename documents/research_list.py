"""A reader's research list: documents in the reader's own order, with notes. A plain value; the store keeps it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

LIMIT = 200  # documents
NOTE_LIMIT = 500  # characters
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Kept:
    """A document in a list: its record id, and what the reader noted."""

    record_id: int
    note: str = ""


@dataclass(frozen=True)
class ResearchList:
    """Documents in order. ``before``: what it was before the last change that can be taken back, ``undoes`` names.

    Every change makes a new value; one that changes nothing gives the same. ``version`` counts the changes of
    the documents and their order; notes are not counted.
    """

    entries: tuple[Kept, ...] = ()
    version: int = 0
    undoes: str = ""  # remove, sort, take; empty where nothing can be taken back
    before: tuple[Kept, ...] = ()

    @cached_property
    def notes(self) -> dict[int, str]:
        """Notes by record id, in order; an empty one where there is none."""
        return {each.record_id: each.note for each in self.entries}

    @property
    def record_ids(self) -> list[int]:
        return list(self.notes)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, record_id: object) -> bool:
        return record_id in self.notes

    @property
    def is_full(self) -> bool:
        return len(self) >= LIMIT

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to keep, not even what could be brought back."""
        return not self.entries and not self.undoes

    @property
    def gap(self) -> tuple[int, int]:
        """The place (from 0) and the record id of a document that was just removed; (-1, 0) where none was."""
        if self.undoes == "remove":
            for place, each in enumerate(self.before):
                if each.record_id not in self:
                    return place, each.record_id
        return -1, 0

    def _changed(self, entries: Iterable[Kept], undoes: str = "") -> Self:
        entries = tuple(entries)
        if entries == self.entries:
            return self
        before = self.entries if undoes else ()
        return replace(self, entries=entries, version=self.version + 1, undoes=undoes, before=before)

    def with_one(self, record_id: int) -> Self:
        """With this document at the end; one that was just removed goes back to its place, with its note."""
        if record_id in self or self.is_full:
            return self
        if self.undoes == "remove" and any(each.record_id == record_id for each in self.before):
            return self.undone(self.version)
        return self._changed((*self.entries, Kept(record_id)))

    def with_all(self, record_ids: Iterable[int]) -> Self:
        """With these documents at the end, as many as there is room for."""
        new = [Kept(each) for each in dict.fromkeys(record_ids) if each not in self]
        return self._changed((*self.entries, *new[: LIMIT - len(self)]), "take" if self.entries else "")

    def without(self, record_id: int) -> Self:
        return self._changed((each for each in self.entries if each.record_id != record_id), "remove")

    def moved(self, record_id: int, place: Callable[[int], int]) -> Self:
        """With a document elsewhere: ``place`` tells its new place (from 0) by the old one."""
        if record_id not in self:
            return self
        old = self.record_ids.index(record_id)
        entries = [each for each in self.entries if each.record_id != record_id]
        entries.insert(max(0, place(old)), self.entries[old])
        return self._changed(entries)

    def noted(self, notes: dict[int, str]) -> Self:
        """With these notes; those of other documents stay, and so does what can be taken back."""
        tidy = {record_id: tidy_note(note) for record_id, note in notes.items()}
        entries = [Kept(each.record_id, tidy.get(each.record_id, each.note)) for each in self.entries]
        if tuple(entries) == self.entries:
            return self
        return replace(self, entries=tuple(entries))

    def in_order_of(self, record_ids: Sequence[int]) -> Self:
        """In this order; what it does not name stands last."""
        place = {record_id: number for number, record_id in enumerate(record_ids)}
        entries = sorted(self.entries, key=lambda each: place.get(each.record_id, len(place)))
        return self._changed(entries, "sort")

    def undone(self, version: int) -> Self:
        """As it was before the last change; the same where another change came between.

        A note that was written since stays with its document.
        """
        if not self.undoes or version != self.version:
            return self
        entries = (replace(each, note=self.notes.get(each.record_id, each.note)) for each in self.before)
        return self._changed(entries)

    def as_stored(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "entries": [[each.record_id, each.note] for each in self.entries],
            "version": self.version,
            "undoes": self.undoes,
            "before": [[each.record_id, each.note] for each in self.before],
        }

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> Self:
        """The list that ``as_stored`` made the values of; an empty one of nothing."""
        return cls(
            entries=tuple(Kept(*each) for each in stored.get("entries", ())),
            version=stored.get("version", 0),
            undoes=stored.get("undoes", ""),
            before=tuple(Kept(*each) for each in stored.get("before", ())),
        )


def tidy_note(text: str) -> str:
    """A note as it is kept: without controls but line ends, cut at ``NOTE_LIMIT`` characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each == "\n" or each.isprintable()).strip()[:NOTE_LIMIT].rstrip()


def read_record_id(text: str) -> int:
    """A record id as a form or an address has it; 0 for anything else."""
    plain = text.isascii() and text.isdigit() and len(text) < 20
    number = int(text) if plain else 0
    return number if number <= _LARGEST else 0


def read_record_ids(text: str) -> tuple[list[int], bool]:
    """The record ids of a shared list, "110019,110020": each once, in order, what is no number left out.

    Not more than ``LIMIT``; and whether there were more.
    """
    numbers = (read_record_id(part.strip()) for part in text.split(","))
    named = list(dict.fromkeys(number for number in numbers if number))
    return named[:LIMIT], len(named) > LIMIT
