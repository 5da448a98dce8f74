"""Where a place stands on the map of the world: the Equal Earth projection, in whole units of the map.

Bojan Šavrič, Tom Patterson and Bernhard Jenny, 2018. Areas keep their proportion, so that no country looks
greater than it is. ``tools/make_outline_map.py`` draws the coasts by the same sums.
"""

from math import asin, cos, radians, sin, sqrt

WIDTH, HEIGHT = 2000, 974
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_ROOT = sqrt(3) / 2


def _unscaled(latitude: float, longitude: float) -> tuple[float, float]:
    angle = asin(_ROOT * sin(radians(latitude)))
    squared = angle * angle
    sixth = squared**3
    slope = _A1 + 3 * _A2 * squared + sixth * (7 * _A3 + 9 * _A4 * squared)
    x = radians(longitude) * cos(angle) / (_ROOT * slope)
    return x, angle * (_A1 + _A2 * squared + sixth * (_A3 + _A4 * squared))


# The meridian that the map is cut at, and its pole.
_HALF_WIDTH = _unscaled(0, 180)[0]
_HALF_HEIGHT = _unscaled(90, 0)[1]


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """(x, y) from the upper left corner, of degrees north and east; 0 to WIDTH and 0 to HEIGHT."""
    x, y = _unscaled(latitude, longitude)
    return (x / _HALF_WIDTH + 1) * WIDTH / 2, (1 - y / _HALF_HEIGHT) * HEIGHT / 2
