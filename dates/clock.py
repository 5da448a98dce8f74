"""Hours and parts of the day, which stay in what is written and are no part of the date."""

import re

from dates.language import gettext as _
from dates.model import DateError

_HALF_DAY = r"(?:[ap]\s?\.?\s?m\b\.?)"
_DOUBT = r"(?:\s?\[\?\]|\s?\(\?\)|\?)?"
_ZONE = (
    r"(?:\s?(?:z|gmt|utc|est|edt|cst|cdt|mst|pst|pdt|cet|mez|msk)\b|\s?[+-]\d{2}(?::?\d{2})?\b"
    r"|,?\s?\(?(?:local|(?:[a-z]+\s)?standard|[a-z]+)\stime\)?)"
)
_TAIL = rf"(?:\s?(?:o'clock|oclock|sharp|hours|uhr|hrs?\b\.?)|{_ZONE})*(?:\s?{_HALF_DAY})?{_ZONE}?"
_HOURS = r"(?:uhr|heures?|часов|часа|час\b\.?|ч\b\.?|时|時|点|點|시)"
_MINUTES = r"(?:\s?(?P<{0}>\d{{1,2}})\s?(?:мин\w*\.?|分钟|分鐘|分|분|minutes?|min\b\.?)?)?"
_PART_OF_DAY = (
    r"(?:noon|midnight|midday|(?:early\s|late\s)?(?:morning|afternoon|evening)|night|mittags?|mitternacht|morgens"
    r"|vormittags?|nachmittags?|abends|nachts|midi|minuit|matin|apres-midi|soir|полдень|полночь|утра|утром|вечера"
    r"|вечером|дня|днем|ночи|ночью|утро|вечер|ночь|上午|下午|中午|正午|午夜|晚上|凌晨|早上|早晨|清晨|傍晚|晚|夜间|夜"
    r"|午前|午後|오전|오후|정오|자정)"
)

_TIME = re.compile(
    rf"""
    (?:(?<![^\W_])(?:at|about\sat|um|gegen|a|в)\s)?
    (?:
        (?<=\d)t(?P<ih>\d{{2}}):?(?P<im>\d{{2}})(?::?\d{{2}}(?:[.,]\d{{1,9}})?)?(?:z|[+-]\d{{2}}:?\d{{2}})?(?!\d)
      | (?<!\d)(?P<ch>\d{{1,2}}):(?P<cm>\d{{2}})(?::\d{{2}}(?:[.,]\d{{1,9}})?)?(?!\d){_DOUBT}(?:\s?{_HALF_DAY})?{_TAIL}
      | (?<!\d)(?P<dh>\d{{1,2}})\.(?P<dm>\d{{2}}){_DOUBT}\s?(?:{_HALF_DAY}{_ZONE}?|uhr\b)
      | (?<!\d)(?P<ph>\d{{1,2}}){_DOUBT}\s?{_HALF_DAY}{_DOUBT}{_ZONE}?
      | (?<!\d)(?P<zh>\d{{2}})(?P<zm>\d{{2}})\s?(?:z\b|(?:hours|hrs?|h)\b\.?|uhr\b|gmt\b){_ZONE}?
      | (?<!\d)(?P<oh>\d{{1,2}})\s?(?:o'clock|oclock|hours\b|hrs\b\.?){_TAIL}
      | {_PART_OF_DAY}?\s?(?<!\d)(?P<hh>\d{{1,2}})\s?{_HOURS}{_MINUTES.format("hm")}
      | (?<!\d)(?P<fh>\d{{1,2}})\s?h\s?(?P<fm>\d{{2}})?(?![^\W_])
      | (?:(?<![^\W\d_])|(?<=[日号號일])){_PART_OF_DAY}(?![a-zа-я])
    )
    (?:\s{_PART_OF_DAY}(?![a-zа-я]))?
    """,
    re.VERBOSE,
)
_HOUR_GROUPS = [
    ("ih", "im"),
    ("ch", "cm"),
    ("dh", "dm"),
    ("ph", ""),
    ("zh", "zm"),
    ("oh", ""),
    ("hh", "hm"),
    ("fh", "fm"),
]

_SPOT = "\x01"  # where a time stood; no such sign survives in a text that is folded
_BRACKETED = re.compile(r"[\[(]\s*\x01[\s?]*[\])]")
_RANGE = re.compile(r"(?:(?<=[,–-])\s*\d{1,2}\s?)?(?:\x01)?(?:\s?(?:[–/-]|to|and|until|bis)\s?\x01)+")
_LEADING = re.compile(r"^[\s]*\x01(?:\s*[,;.–-])*\s*(?:on\s|of\s)?")
_TRAILING = re.compile(r"[\s,;–-]*\x01[\s,;.]*(?=$|\])")
_MIDDLE = re.compile(r"[\s,;]*\x01[\s,;.]*")

_LAST_HOUR = 24
_LAST_MINUTE = 59


def without_time(text: str) -> str:
    """The folded text without hours, time zones, "noon" and the like; DateError for an hour that no clock has."""
    text, count = _TIME.subn(_check, text)
    if not count:
        return text
    text = _BRACKETED.sub(_SPOT, text)
    text = _RANGE.sub(lambda match: _SPOT if _SPOT in match[0] else match[0], text)
    text = _TRAILING.sub("", _LEADING.sub("", text))
    return _MIDDLE.sub(" ", text).strip()


def _check(match: re.Match[str]) -> str:
    for hour, minute in _HOUR_GROUPS:
        if match[hour] is None:
            continue
        minutes = int(match[minute]) if minute and match[minute] else 0
        if int(match[hour]) > _LAST_HOUR or minutes > _LAST_MINUTE:
            raise DateError(
                _("no clock shows {time}: write the date alone, or an hour up to 24").format(
                    time=match[0].strip()
                )
            )
    return _SPOT
