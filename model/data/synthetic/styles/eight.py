"""The ways people write an 8."""

import numpy as np

from model.data.synthetic.curves import Coordinate, Point, Strokes, Style, Uniform, arc


def _eight_path(u: Uniform, begin: Coordinate, end: Coordinate) -> list[Point]:
    """From the top (0 turns) down the S, up again through the waist to the top (1 turn).

    The lobes are between those of a 1:2 Lissajous figure, an hourglass, and two ellipses.
    """
    top, low, waist, roundness = u(0.3, 0.8), u(0.3, 0.85), u(0.35, 0.6), u(0.0, 1.0)
    middle, apart = 0.5 + u(-0.08, 0.08), u(-0.1, 0.1)
    path: list[Point] = []
    for t in np.linspace(0, 1, 14):
        turn = begin + (end - begin) * t
        level = (1 - np.cos(2 * np.pi * turn)) / 2
        lobe = (1 - np.cos(4 * np.pi * turn)) / 2
        upper = level < 0.5
        round_y = np.where(upper, waist * lobe, 1 - (1 - waist) * lobe)
        slim_y = level ** (np.log(waist) / np.log(0.5))
        width = np.where(upper, top, low)
        x = middle - width / 2 * np.sin(4 * np.pi * turn) + apart * (turn - 0.5)
        path.append((x, slim_y + roundness * (round_y - slim_y)))
    return path


def _mirrored(strokes: Strokes) -> Strokes:
    return [[(1 - point[0], *point[1:]) for point in stroke] for stroke in strokes]


def _eight_plain(u: Uniform) -> Strokes:
    return [_eight_path(u, u(-0.1, 0.07), 1 + u(-0.07, 0.1))]


def _eight_turned(u: Uniform) -> Strokes:
    return _mirrored(_eight_plain(u))


def _eight_open(u: Uniform) -> Strokes:
    return [[*_eight_path(u, u(-0.06, 0.1), u(0.84, 0.92)), (u(0.7, 1.2), u(-0.2, 0.12))]]


def _eight_turned_open(u: Uniform) -> Strokes:
    return _mirrored(_eight_open(u))


def _eight_eared(u: Uniform) -> Strokes:
    return [[(u(0.75, 1.15), u(-0.1, 0.15)), *_eight_path(u, u(0.01, 0.08), 1 + u(-0.08, 0.06))]]


def _eight_circles(u: Uniform) -> Strokes:
    waist = u(0.42, 0.55)
    head = arc(0.5, waist / 2, u(0.35, 0.7), waist, u(0, 360), -u(340, 390), u(-0.1, 0.1))
    low = (1 + waist) / 2 + u(-0.02, 0.04)
    bowl = arc(u(0.45, 0.55), low, u(0.45, 0.85), 1 - waist, u(180, 360), u(300, 390))
    return [head, bowl]


def _eight_from_waist(u: Uniform) -> Strokes:
    waist, top, low = u(0.4, 0.55), u(0.4, 0.7), u(0.5, 0.85)
    head: list[Point] = [(0.5, waist), (0.5 - top / 2, waist / 2), (0.5, 0.0), (0.5 + top / 2, 0.2)]
    bowl: list[Point] = [(0.5 - low / 2, 0.76), (0.5, 1.0), (0.5 + low / 2, 0.76)]
    return [[*head, (0.5, waist), *bowl, (0.5 + u(-0.1, 0.1), waist + u(-0.06, 0.08))]]


def _eight_hooked(u: Uniform) -> Strokes:
    """The head is a small hook that does not close; the pen turns back on itself at the waist."""
    head: list[Point] = [(u(0.15, 0.35), u(0.08, 0.22)), (0.45, 0.0), (u(0.55, 0.75), u(0.1, 0.2))]
    waist: list[Point] = [(u(0.38, 0.5), u(0.34, 0.42)), (u(0.1, 0.3), u(0.5, 0.6))]
    left, right = u(-0.05, 0.15), u(0.65, 0.9)
    bowl: list[Point] = [(left, 0.8), ((left + right) / 2, 1.0), (right, u(0.72, 0.82))]
    return [[*head, *waist, *bowl, (u(0.45, 0.6), u(0.45, 0.55)), (u(0.25, 0.5), u(0.34, 0.5))]]


STYLES: dict[str, tuple[float, Style]] = {
    "plain": (3, _eight_plain),
    "turned": (1.5, _eight_turned),
    "open top": (1.5, _eight_open),
    "turned open": (0.9, _eight_turned_open),
    "eared": (1.2, _eight_eared),
    "two circles": (1, _eight_circles),
    "from the waist": (1, _eight_from_waist),
    "hooked": (0.7, _eight_hooked),
}
