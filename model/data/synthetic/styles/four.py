"""The ways people write a 4."""

from model.data.synthetic.curves import Coordinate, Point, Strokes, Style, Uniform


def _stem(u: Uniform, x: Coordinate, top: Coordinate) -> list[Point]:
    return [(x + u(-0.05, 0.1), top), (x, 0.6), (x + u(-0.1, 0.05), 1.0)]


def _four_open(u: Uniform) -> Strokes:
    stem, bar, height = u(0.2, 0.65), u(0.05, 0.4), u(0.4, 0.72)
    left: list[Point] = [(u(0.0, 0.25), u(0.0, 0.2)), (0.0, height, 0)]
    return [[*left, (stem + bar, height + u(-0.1, 0.08))], _stem(u, stem, u(-0.1, 0.4))]


def _four_cup(u: Uniform) -> Strokes:
    """Open, with a round cup and no bar right of the stem."""
    stem, depth = u(0.35, 0.7), u(0.4, 0.65)
    cup: list[Point] = [(0.0, u(0.0, 0.15)), (u(-0.02, 0.08), depth * 0.75), (stem * 0.45, depth)]
    return [[*cup, (stem + u(-0.05, 0.15), depth - u(0.0, 0.15))], _stem(u, stem, u(-0.1, 0.2))]


def _four_cup_unlifted(u: Uniform) -> Strokes:
    stem, depth = u(0.35, 0.7), u(0.4, 0.65)
    cup: list[Point] = [(0.0, u(0.0, 0.15)), (u(-0.02, 0.08), depth * 0.8), (stem * 0.45, depth)]
    up: list[Point] = [(stem * 0.9, depth - u(0.05, 0.15)), (stem + u(0.0, 0.1), u(-0.1, 0.2), 0)]
    return [[*cup, *up, (stem, 0.6), (stem + u(-0.12, 0.05), 1.0)]]


def _four_closed(u: Uniform) -> Strokes:
    stem, bar, height = u(0.45, 0.7), u(0.05, 0.35), u(0.5, 0.75)
    top = u(-0.05, 0.1)
    left: list[Point] = [(stem + u(-0.1, 0.06), top), (0.0, height, 0)]
    return [[*left, (stem + bar, height + u(-0.08, 0.06))], _stem(u, stem, top + u(-0.05, 0.12))]


def _four_closed_unlifted(u: Uniform) -> Strokes:
    stem, height, out = u(0.4, 0.65), u(0.4, 0.7), u(0.05, 0.35)
    left: list[Point] = [(stem + u(-0.12, 0.1), u(-0.05, 0.1)), (0.0, height, 0)]
    back: list[Point] = [(stem + out, height + u(-0.12, 0.05), 0), (stem + u(-0.05, 0.08), 0.0, 0)]
    return [[*left, *back, (stem, 0.6), (stem + u(-0.1, 0.05), 1.0)]]


def _four_bolt(u: Uniform) -> Strokes:
    """One stroke, the pen turning straight from the bar into the stem."""
    stem, height = u(0.45, 0.8), u(0.4, 0.6)
    left: list[Point] = [(u(0.2, 0.5), 0.0), (0.0, height, 0)]
    return [[*left, (stem, height + u(-0.15, 0.0), 0), (stem - u(0.0, 0.3), 1.0)]]


def _four_tall(u: Uniform) -> Strokes:
    """Open and tall: the bar lies low, and the stem begins hardly above it."""
    stem, bar, height = u(0.2, 0.5), u(0.05, 0.35), u(0.55, 0.8)
    left: list[Point] = [(u(0.05, 0.35), 0.0), (u(0.0, 0.12), height * 0.5), (0.0, height, 0)]
    start = height - u(0.05, 0.35)
    low: list[Point] = [(stem + u(-0.04, 0.06), start), (stem, height + 0.1), (stem, u(1.0, 1.15))]
    return [[*left, (stem + bar, height + u(-0.1, 0.06))], low]


def _four_tall_unlifted(u: Uniform) -> Strokes:
    """As tall, in one stroke: from the end of the bar up a little, then down the stem."""
    stem, height, rise = u(0.25, 0.55), u(0.5, 0.72), u(0.08, 0.4)
    left: list[Point] = [(u(0.05, 0.35), 0.0), (u(0.0, 0.12), height * 0.5), (0.0, height, 0)]
    back: list[Point] = [(stem, height + u(-0.1, 0.03), 0), (stem + u(0.0, 0.1), height - rise, 0)]
    return [[*left, *back, (stem + u(-0.08, 0.04), u(1.0, 1.1))]]


def _four_g(u: Uniform) -> Strokes:
    """Wide open, as a G: a straight left side, a flat bar, and of the stem the lower half alone."""
    stem, height, depth = u(0.45, 0.8), u(0.42, 0.6), u(0.3, 0.6)
    left: list[Point] = [(stem * u(0.3, 0.8), 0.0), (stem * u(0.12, 0.3), height * 0.5)]
    bar: list[Point] = [(0.0, height, 0), (stem, height + u(-0.1, 0.03), 0)]
    return [[*left, *bar, (stem + u(-0.12, 0.08), height + depth)]]


STYLES: dict[str, tuple[float, Style]] = {
    "open": (3, _four_open),
    "cup": (1.5, _four_cup),
    "cup unlifted": (1.5, _four_cup_unlifted),
    "closed": (1.5, _four_closed),
    "closed unlifted": (1.2, _four_closed_unlifted),
    "bolt": (0.5, _four_bolt),
    "tall": (1, _four_tall),
    "tall unlifted": (0.8, _four_tall_unlifted),
    "g": (0.5, _four_g),
}
