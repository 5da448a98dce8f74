"""Places on an outline map, drawn on the server: the coasts, and a point for each place with coordinates.

Lengths are per cent of the map, so that it fits any width while points and names keep
their size in pixels. A map is twice as wide as it is high.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.projection import HEIGHT, WIDTH, project
from records.figures import in_figures

SMALLEST_POINT, LARGEST_POINT, HERE = 4.0, 15.0, 7.0  # radius in pixels
MARGIN = 90.0  # units of the map around its outermost points
NARROWEST = 560.0  # units: closer than this the coasts would be crude
NAMES_AT_MOST = 14
# Widths in pixels that names must not overlap at: of a wide screen, of a phone.
WIDE, PHONE = 620, 290
_NAME_HEIGHT, _LETTER_WIDTH, _GAP = 15, 7.2, 4
_AT_END = 80  # per cent: farther to the right, a name stands before its point
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Spot:
    """What is to be drawn: a place with coordinates, and how many documents tell of it."""

    place: Any
    documents: int
    is_here: bool = False  # the place whose own page this is


@dataclass(frozen=True)
class Point:
    """A spot as it is drawn. ``x`` and ``y`` in per cent, ``radius`` in pixels; ``shows_name``: "", "wide" or "always"."""

    place: Any
    name: str
    url: str
    x: str
    y: str
    radius: str
    shows_name: str
    is_here: bool
    is_at_end: bool

    @property
    def name_x(self) -> str:
        """How far the name stands from the point, in pixels."""
        gap = float(self.radius) + _GAP
        return f"{-gap if self.is_at_end else gap:.1f}"


@dataclass(frozen=True)
class Map:
    """A piece of the world with its points, the largest first. ``view`` is the SVG view box of ``land``."""

    view: str
    points: tuple[Point, ...]

    @property
    def land(self) -> str:
        """The coasts as an SVG path."""
        return _land()


@cache
def _land() -> str:
    stored = json.loads((Path(__file__).parent / "data" / "land.json").read_text(encoding="utf-8"))
    return stored["path"]


def draw(spots: Iterable[Spot]) -> Map | None:
    """The map of these places; None where none has coordinates."""
    known = [spot for spot in spots if spot.place.latitude is not None and spot.place.longitude is not None]
    if not known:
        return None
    known.sort(key=lambda spot: (-spot.documents, spot.place.name, spot.place.pk))
    placed = [(spot, project(float(spot.place.latitude), float(spot.place.longitude))) for spot in known]
    left, top, width = _window([at for _spot, at in placed])
    most = max(spot.documents for spot in known)
    drawn = [
        (
            spot,
            (x - left) / width * 100,
            (y - top) / width * 200,
            HERE if spot.is_here else _radius(spot.documents, most),
        )
        for spot, (x, y) in placed
    ]
    shown = list(_names(drawn))
    points = tuple(
        Point(
            place=spot.place,
            name=_name(spot),
            url=spot.place.get_absolute_url(),
            x=f"{x:.2f}%",
            y=f"{y:.2f}%",
            radius=f"{radius:.1f}",
            shows_name=name,
            is_here=spot.is_here,
            is_at_end=x > _AT_END,
        )
        for (spot, x, y, radius), name in zip(drawn, shown, strict=True)
    )
    return Map(f"{left:.0f} {top:.0f} {width:.0f} {width / 2:.0f}", points)


def position(place: Any) -> str:
    """ "48.86° N, 2.35° E"; empty for a place without coordinates."""
    if place.latitude is None or place.longitude is None:
        return ""
    north = _("%(degrees)s° N") if place.latitude >= 0 else _("%(degrees)s° S")
    east = _("%(degrees)s° E") if place.longitude >= 0 else _("%(degrees)s° W")
    sides = ((north, place.latitude), (east, place.longitude))
    return ", ".join(side % {"degrees": _degrees(value)} for side, value in sides)


def _degrees(value: Any) -> str:
    return in_figures(round(abs(value), 2).normalize())


def _radius(documents: int, most: int) -> float:
    """The area of a point, not its radius, is as its documents."""
    return max(SMALLEST_POINT, LARGEST_POINT * sqrt(documents / most)) if most else SMALLEST_POINT


def _window(points: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Left, top and width of the smallest piece of the map, twice as wide as high, that has all points."""
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    width = max(max(xs) - min(xs) + 2 * MARGIN, 2 * (max(ys) - min(ys) + 2 * MARGIN), NARROWEST)
    width = min(width, WIDTH)
    left = min(max((min(xs) + max(xs) - width) / 2, 0), WIDTH - width)
    top = (min(ys) + max(ys) - width / 2) / 2
    return left, min(max(top, 0), max(HEIGHT - width / 2, 0)), width


def _names(drawn: list[tuple[Spot, float, float, float]]) -> Iterator[str]:
    """Which points have their name beside them: the greatest ones, where names run into nothing else."""
    taken = {
        width: [_point_box(x, y, radius, width) for _spot, x, y, radius in drawn] for width in (WIDE, PHONE)
    }
    named = 0
    for spot, x, y, radius in drawn:
        fits = []
        for width, boxes in taken.items():
            box = _name_box(spot.place.name, x, y, radius, width)
            is_inside = box[0] >= 0 and box[2] <= width
            if is_inside and named < NAMES_AT_MOST and not any(_overlap(box, other) for other in boxes):
                fits.append(width)
                boxes.append(box)
        named += bool(fits)
        yield "always" if PHONE in fits and WIDE in fits else "wide" if WIDE in fits else ""


def _point_box(x: float, y: float, radius: float, width: int) -> Box:
    centre_x, centre_y = x / 100 * width, y / 100 * width / 2
    return centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius


def _name_box(name: str, x: float, y: float, radius: float, width: int) -> Box:
    centre_x, centre_y = x / 100 * width, y / 100 * width / 2
    near, far = radius + _GAP, radius + _GAP + len(name) * _LETTER_WIDTH
    start, end = (-far, -near) if x > _AT_END else (near, far)
    return centre_x + start, centre_y - _NAME_HEIGHT / 2, centre_x + end, centre_y + _NAME_HEIGHT / 2


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _name(spot: Spot) -> str:
    """ "Japan: 12 documents"."""
    documents = ngettext("%(count)s document", "%(count)s documents", spot.documents)
    return _("%(place)s: %(documents)s") % {
        "place": spot.place.name,
        "documents": documents % {"count": spot.documents},
    }
