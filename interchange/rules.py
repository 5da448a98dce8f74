"""The rules of a mapping: where the value of one of our columns comes from, and what is done to it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from interchange.cells import SEPARATOR, is_empty, read_list, read_text
from interchange.columns import Column
from interchange.problems import CellError
from interchange.transforms import Transform

MISSING: Any = object()


@dataclass(frozen=True)
class Origin:
    """Where a value is taken from: a path into the row, and what is done to it there."""

    path: str
    transforms: tuple[Transform, ...] = ()

    def value(self, cells: dict[str, Any]) -> Any:
        found = look_up(cells, self.path)
        if found is MISSING:
            return MISSING
        for transform in self.transforms:
            found = transform(found)
        return found


@dataclass(frozen=True)
class Rule:
    """How one of our columns is filled."""

    column: Column
    origins: tuple[Origin, ...] = ()
    constant: Any = MISSING
    joined_with: str | None = None
    transforms: tuple[Transform, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    other: str = "keep"
    default: Any = MISSING
    separator: str = SEPARATOR
    without: tuple[Origin, ...] = ()

    def value(self, cells: dict[str, Any]) -> Any:
        """The value for our column; MISSING where the row has none of the columns it is taken from.

        Raises CellError for a value that a table of values does not have.
        """
        found = self._found(cells)
        if found is MISSING:
            return MISSING if self.default is MISSING else self.default
        for transform in self.transforms:
            found = transform(found)
        if self.column.many:
            found = read_list(found, self.separator)
        if self.values:
            found = self._translated(found)
        if self.without and isinstance(found, list):
            named = {name for origin in self.without for name in _names(origin.value(cells), self.separator)}
            found = [name for name in found if name not in named]
        return self.default if self.default is not MISSING and is_empty(found) else found

    def _found(self, cells: dict[str, Any]) -> Any:
        if self.constant is not MISSING:
            return self.constant
        found = [value for origin in self.origins if (value := origin.value(cells)) is not MISSING]
        if not found:
            return MISSING
        full = [value for value in found if not is_empty(value)]
        if self.joined_with is None:
            return full[0] if full else ""
        if self.column.many:
            return [item for value in full for item in _names(value, self.separator)]
        return self.joined_with.join(self.joined_with.join(_names(value, "")) for value in full)

    def _translated(self, found: Any) -> Any:
        if isinstance(found, list):
            return [word for item in found for word in read_list(self._translated(item), self.separator)]
        word = read_text(found)
        if not word:
            return word
        known = self.values.get(word, self.values.get(word.casefold(), MISSING))
        if known is not MISSING:
            return known
        if self.other == "error":
            raise CellError(
                _(
                    "the mapping's table of values for %(column)s has no “%(word)s”; add it there, or correct the file"
                )
                % {"column": self.column.name, "word": word}
            )
        return "" if self.other == "empty" else found


def _names(value: Any, separator: str) -> list[str]:
    return [] if value is MISSING else read_list(value, separator)


def look_up(cells: Any, path: str) -> Any:
    """What stands at a path: a key as it is, or keys and positions joined by dots; MISSING where there is nothing.

    A key of the members of a list gives the list of their values: ``all_dates.when``.
    """
    if isinstance(cells, dict) and path in cells:
        return cells[path]
    step, dot, rest = path.partition(".")
    if isinstance(cells, list):
        if step.isdecimal():
            inner = cells[int(step)] if int(step) < len(cells) else MISSING
            return look_up(inner, rest) if dot and inner is not MISSING else inner
        return [value for member in cells if (value := look_up(member, path)) is not MISSING]
    if not dot or not isinstance(cells, dict) or step not in cells:
        return MISSING
    inner = look_up(cells[step], rest)
    # The row has the column, only nothing at that place in it.
    return "" if inner is MISSING else inner
