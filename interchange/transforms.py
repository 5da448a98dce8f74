"""Small changes that a mapping makes to what a foreign file says, each with a name.

A transform takes a text, or a list of texts, and gives one of the two back. Those
that work on a text work on every member of a list.
"""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from interchange.cells import is_empty, read_text

Value = Any
Transform = Callable[[Value], Value]

# Not within the dots of an omission: "he said . . . nothing".
_SPACE_BEFORE = re.compile(r"(?<![.\s])\s+([,;:!?)\]”]|\.(?!\s*\.))")
_SPACE_AFTER = re.compile(r"([(\[‘“])\s+")


def _text(value: Value) -> str:
    return read_text(value)


def _each(change: Callable[[str], str]) -> Transform:
    def transform(value: Value) -> Value:
        if isinstance(value, list):
            return [change(_text(item)) for item in value]
        return change(_text(value))

    return transform


def _listed(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    return [] if is_empty(value) else [value]


def _tidy(text: str) -> str:
    """Single spaces; none before a comma or inside brackets: "Secretary ( Marshall ) ." is "Secretary (Marshall)."."""
    text = _SPACE_BEFORE.sub(r"\1", " ".join(text.split()))
    return _SPACE_AFTER.sub(r"\1", text)


def _unique(value: Value) -> list[Value]:
    return list(dict.fromkeys(item.strip() if isinstance(item, str) else item for item in _listed(value)))


PLAIN: dict[str, Transform] = {
    "strip": _each(str.strip),
    "squeeze": _each(lambda text: " ".join(text.split())),
    "tidy": _each(_tidy),
    "lower": _each(str.lower),
    "upper": _each(str.upper),
    "capitalise": _each(lambda text: text[:1].upper() + text[1:]),
    "first": lambda value: next((item for item in _listed(value) if not is_empty(item)), ""),
    "last": lambda value: next((item for item in reversed(_listed(value)) if not is_empty(item)), ""),
    "unique": _unique,
}


def _split(separator: str) -> Transform:
    return lambda value: [
        part.strip() for item in _listed(value) for part in _text(item).split(separator) if part.strip()
    ]


def _join(separator: str) -> Transform:
    return lambda value: separator.join(_text(item) for item in _listed(value) if not is_empty(item))


def _before(mark: str) -> Transform:
    return _each(lambda text: text.partition(mark)[0].strip())


def _after(mark: str) -> Transform:
    return _each(lambda text: text.partition(mark)[2].strip())


def _prefix(start: str) -> Transform:
    return _each(lambda text: start + text if text else text)


def _suffix(end: str) -> Transform:
    return _each(lambda text: text + end if text else text)


def _match(pattern: str) -> Transform:
    """What the pattern finds: its first group if it has one, else all of it; nothing where it does not match."""
    expression = re.compile(pattern)

    def find(text: str) -> str:
        found = expression.search(text)
        if not found:
            return ""
        return ((found.group(1) if expression.groups else found.group()) or "").strip()

    return _each(find)


def _replace(pair: list[str]) -> Transform:
    old, new = pair
    return _each(lambda text: text.replace(old, new))


def _sub(pair: list[str]) -> Transform:
    expression, new = re.compile(pair[0]), pair[1]
    return _each(lambda text: expression.sub(new, text).strip())


def _drop(unwanted: list[str]) -> Transform:
    return lambda value: [item for item in _listed(value) if _text(item) not in unwanted]


WITH_TEXT: dict[str, Callable[[str], Transform]] = {
    "split": _split,
    "join": _join,
    "before": _before,
    "after": _after,
    "prefix": _prefix,
    "suffix": _suffix,
    "match": _match,
}
WITH_LIST: dict[str, Callable[[list[str]], Transform]] = {"replace": _replace, "sub": _sub, "drop": _drop}


def make_transform(written: Any) -> Transform:
    """The transform that a mapping names: "strip", "split on |", or a table such as {after = ","}.

    Raises ValueError, saying what to write.
    """
    if isinstance(written, str):
        if written in PLAIN:
            return PLAIN[written]
        name, found, argument = (
            written.partition(" on ") if " on " in written else written.partition(" with ")
        )
        if found and (name, found) in (("split", " on "), ("join", " with ")):
            return WITH_TEXT[name](argument)
    elif isinstance(written, dict) and len(written) == 1:
        [(name, argument)] = written.items()
        try:
            if name in WITH_TEXT and isinstance(argument, str) and argument:
                return WITH_TEXT[name](argument)
            texts = isinstance(argument, list) and all(isinstance(part, str) for part in argument)
            if name in WITH_LIST and texts and (name == "drop" or len(argument) == 2):
                return WITH_LIST[name](argument)
        except re.error as error:
            raise ValueError(
                _("the pattern %(pattern)s cannot be read: %(reason)s")
                % {"pattern": argument, "reason": error}
            ) from error
    known = [
        *PLAIN,
        *(f'{{{name} = "…"}}' for name in WITH_TEXT),
        *(f'{{{name} = ["…", "…"]}}' for name in WITH_LIST),
    ]
    raise ValueError(
        _("no transform %(written)s; there are: %(known)s") % {"written": written, "known": ", ".join(known)}
    )
