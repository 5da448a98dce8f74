"""Two boxes, from and to, as one range of days."""

from datetime import date

from dates.language import gettext as _
from dates.model import DateError
from dates.reader import read_date


def read_bounds(
    from_text: str, to_text: str, *, date_order: str | None = None
) -> tuple[date | None, date | None]:
    """First day of what "from" may mean and last day of what "to" may mean, inclusive; None where a box is empty.

    Raises DateError whose message and `box` ("from", "to") name the box.
    """
    first = _box(from_text, "from", _("From"), date_order)
    last = _box(to_text, "to", _("To"), date_order)
    if first and last and last < first:
        raise DateError(
            _("To: {last} is before {first} in From: write the earlier date in From").format(
                first=from_text.strip(), last=to_text.strip()
            ),
            box="to",
        )
    return first, last


def _box(text: str, box: str, label: str, date_order: str | None) -> date | None:
    if not text or not text.strip():
        return None
    try:
        partial = read_date(text, date_order=date_order)
        if partial.is_undated:
            raise DateError(
                _("“{written}” is no date: write a year, month or day, or leave it empty").format(
                    written=text
                )
            )
    except DateError as error:
        raise DateError(f"{label}: {error}", box=box) from error
    return partial.earliest if box == "from" else partial.latest
