#!/usr/bin/env python3
"""Makes documents/data/land.json, the outline of the land that maps of places are drawn on.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/make_outline_map.py package/land-110m.json documents/data/land.json

world-atlas carries the data of Natural Earth, which are in the public domain, as TopoJSON. Only coasts are
taken: the borders of today would be wrong for most of what an archive of history tells.
"""

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from documents.projection import HEIGHT, WIDTH, project  # noqa: E402

Degrees = tuple[float, float]  # longitude, latitude
Point = tuple[int, int]
TOLERANCE = 1.0  # units of the map: finer steps of a coast are left out
SMALLEST = 10.0  # square units: smaller islands are left out
SOUTHMOST = -60.0  # Antarctica, of which no archive tells, would take a tenth of the map
LICENCE = (
    "Made with Natural Earth, free vector and raster map data @ naturalearthdata.com, which are in the public "
    "domain, from the package world-atlas 2.0.2 by Michael Bostock (ISC licence) by tools/make_outline_map.py."
)


def rings(topology: dict) -> Iterator[list[Degrees]]:
    """Every ring of land, holes among them."""
    (scale_x, scale_y), (shift_x, shift_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(points)
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            for ring in polygon:
                points = []
                for number in ring:
                    arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                    points += arc[1:] if points else arc
                yield points


def cut(ring: list[Degrees]) -> Iterator[list[Degrees]]:
    """The parts of a ring between 180 degrees west and east: land that runs over the edge of the map goes on at the other."""
    unrolled = [ring[0]]
    for longitude, latitude in ring[1:]:
        turns = round((unrolled[-1][0] - longitude) / 360)
        unrolled.append((longitude + 360 * turns, latitude))
    for shift in (-360, 0, 360):
        part = [(longitude + shift, latitude) for longitude, latitude in unrolled]
        for edge, side in ((-180.0, 1), (180.0, -1)):
            part = list(clipped(part, edge, side))
        if part:
            yield [*part, part[0]] if part[0] != part[-1] else part


def clipped(ring: list[Degrees], edge: float, side: int) -> Iterator[Degrees]:
    """What of a ring lies east (side 1) or west (-1) of a meridian (Sutherland and Hodgman)."""
    for (ax, ay), (bx, by) in pairwise(ring):
        starts_inside, ends_inside = (ax - edge) * side >= 0, (bx - edge) * side >= 0
        if starts_inside:
            yield ax, ay
        if starts_inside != ends_inside:
            yield edge, ay + (by - ay) * (edge - ax) / (bx - ax)


def simplified(points: list[Point]) -> list[Point]:
    """The line without what strays from it by less than TOLERANCE (Douglas and Peucker)."""
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = hypot(bx - ax, by - ay)

    def stray(point: Point) -> float:
        x, y = point
        if not length:
            return hypot(x - ax, y - ay)
        return abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length

    farthest = max(range(1, len(points) - 1), key=lambda place: stray(points[place]))
    if stray(points[farthest]) < TOLERANCE:
        return [points[0], points[-1]]
    return simplified(points[: farthest + 1])[:-1] + simplified(points[farthest:])


def area(points: list[Point]) -> float:
    pairs = pairwise(points)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


def path_of(points: list[Point]) -> str:
    """An SVG path in steps, as short as it can be written."""
    x, y = points[0]
    steps = []
    for next_x, next_y in points[1:-1]:
        steps.append(f"{next_x - x} {next_y - y}".replace(" -", "-"))
        x, y = next_x, next_y
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(steps).replace(" -", "-") + "z"


def main(source: str, target: str) -> None:
    pieces = []
    topology = json.loads(Path(source).read_text(encoding="utf-8"))
    for ring in (part for whole in rings(topology) for part in cut(whole)):
        if max(latitude for _longitude, latitude in ring) < SOUTHMOST:
            continue
        points = [
            (round(x), round(y)) for x, y in (project(latitude, longitude) for longitude, latitude in ring)
        ]
        # The farthest two halves on their own, or a ring would shrink to the point where it begins and ends.
        middle = max(
            range(len(points)),
            key=lambda place: hypot(points[place][0] - points[0][0], points[place][1] - points[0][1]),
        )
        line = simplified(points[: middle + 1])[:-1] + simplified(points[middle:])
        if len(line) > 3 and area(line) >= SMALLEST:
            pieces.append(path_of(line))
    path = "".join(pieces)
    land = {"source": LICENCE, "width": WIDTH, "height": HEIGHT, "path": path}
    Path(target).parent.mkdir(exist_ok=True)
    Path(target).write_text(json.dumps(land, indent=1) + "\n", encoding="utf-8")
    print(f"{len(pieces)} rings, {len(path)} characters")


if __name__ == "__main__":
    main(*sys.argv[1:])
