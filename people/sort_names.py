"""The parts of a sort name: whose family, what given names, and what follows them."""

import re
from typing import NamedTuple

_SUFFIX = r"(?:(?i:jr|sr)\b\.?|II|III|IV|(?i:2nd|3rd))"
_IS_SUFFIX = re.compile(_SUFFIX)
_ENDS_IN_SUFFIX = re.compile(rf"(?P<names>.+?)\s+(?P<suffix>{_SUFFIX})")
# Abbreviations with their stop alone: Gen and Sen are names, too.
_RANK = re.compile(
    r"\A(?:(?:(?:Vice|Rear|Fleet|Field|Air|Chief|Lieutenant|Major|Brigadier|Colonel|General|Captain|Commander|"
    r"Commodore|Admiral|Marshal|Sergeant|Ambassador|Senator|Professor|Doctor|Sir|Dame|Mrs|Mr|Ms|Miss)\.?|"
    r"(?:Lt|Maj|Brig|Col|Gen|Capt|Cmdr|Cdr|Adm|Sgt|Amb|Sen|Prof|Dr|Hon)\.)(?:[\s-]+|\Z))+"
)
_OF_A_RULER = re.compile(
    r"(?:King|Queen|Emperor|Empress|Shah|Sultan|Emir|Prince|Princess|Pope|Patriarch|Archbishop|Bishop)\b"
    r"(?:\s+(?:of|de)\s.*)?"
)
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")


class SortName(NamedTuple):
    """ "King, Martin Luther, Jr." ``suffix`` may be empty."""

    family: str
    given: str
    suffix: str = ""


def read_sort_name(sort_name: str) -> SortName | None:
    """The parts of "Family, Given, whatever follows"; None where no comma shows which they are.

    What stands first is the family's; the first part behind it that has names in it is what is given. Jr., Sr.,
    II, III and IV are a suffix, behind a comma or not. All else is left out, as the manuals of style have it:
    ranks and forms of address before given names (General Charles H.), and behind them services, offices and
    degrees (USA; Ph.D.), years of life, fuller forms in brackets. A rank's word that is a given name (Major
    Owens) is left out with the ranks, unless it is the only one: then the name is not parted. Nor is one that goes
    by a title: Hassan II, King of Morocco.
    """
    family, *parts = (" ".join(_IN_BRACKETS.sub("", part).split()) for part in sort_name.split(","))
    family, suffix = _without_suffix(family)
    given = ""
    for part in parts:
        if _IS_SUFFIX.fullmatch(part):
            suffix = suffix or part
        elif _OF_A_RULER.fullmatch(part) and not given:
            return None
        elif not given and not re.search(r"\d", part):
            given, own = _without_suffix(_RANK.sub("", part))
            suffix = suffix or own
    return SortName(family, given, suffix) if family and given else None


def _without_suffix(names: str) -> tuple[str, str]:
    """ "Martin Luther Jr." in two."""
    ended = _ENDS_IN_SUFFIX.fullmatch(names)
    return (ended["names"], ended["suffix"]) if ended else (names, "")
