"""Digits that the project draws itself, as pen strokes.

Each digit has several styles, the ways people write it: the 1 with or without flag and foot, the
4 open or closed, the 7 plain or crossed. A style is a few strokes of control points in a frame
about one unit high, y down, with its own proportions drawn at random; `_hand` then varies what all
handwriting varies: slant, width, roundness, wobble, how the pen is set down and taken off.
Every number here is written down by hand and no shape is cut from a data set; which styles were
missing was seen by looking at the MNIST and UNIPEN training digits that a network trained on these
drawings alone got wrong.

All functions below work on a batch: a coordinate is a number or an array (N,), one value for each
digit, so that many digits of one style are drawn in a few NumPy calls.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from model.preprocessing.framing import SIDE, Unreadable
from model.preprocessing.strokes import prepare_strokes

Array = NDArray[np.float64]
Coordinate = float | Array
# (x, y) on a smooth curve, or (x, y, 0) where the pen turns a corner.
Smooth = tuple[Coordinate, Coordinate]
Corner = tuple[Coordinate, Coordinate, float]
Point = Smooth | Corner
Strokes = list[list[Point]]
# uniform(low, high) gives one number for each digit of the batch.
Uniform = Callable[[float, float], Array]
Style = Callable[[Uniform], Strokes]
Drawing = list[NDArray[np.float32]]  # the strokes of one, each (P, 2)

SAMPLES = 6  # points drawn for each piece between two control points


def _arc(
    x: Coordinate,
    y: Coordinate,
    width: Coordinate,
    height: Coordinate,
    start: Coordinate,
    sweep: Coordinate,
    grow: Coordinate = 0.0,
    points: int = 10,
) -> list[Point]:
    """An arc of the ellipse about (x, y), angles in degrees, clockwise on screen from the right.

    `grow` widens it from start to end, so that a full turn spirals instead of closing.
    """
    arc: list[Point] = []
    for t in np.linspace(0, 1, points):
        angle = np.radians(start + sweep * t)
        size = 0.5 * (1 + grow * t)
        arc.append((x + width * size * np.cos(angle), y + height * size * np.sin(angle)))
    return arc


# 0 ----------------------------------------------------------------------------------------------


def _zero_round(u: Uniform) -> Strokes:
    return [_arc(0.5, 0.5, u(0.55, 1.1), 1.0, u(200, 340), -u(335, 385), u(-0.15, 0.1))]


def _zero_narrow(u: Uniform) -> Strokes:
    return [_arc(0.5, 0.5, u(0.36, 0.6), 1.0, u(220, 330), -u(335, 385), u(-0.12, 0.08))]


def _zero_open(u: Uniform) -> Strokes:
    return [_arc(0.5, 0.5, u(0.45, 0.95), 1.0, u(230, 330), -u(305, 340), u(-0.08, 0.08))]


def _zero_overshot(u: Uniform) -> Strokes:
    return [_arc(0.5, 0.5, u(0.4, 1.0), 1.0, u(250, 350), -u(375, 430), u(-0.2, 0.2), 13)]


def _zero_clockwise(u: Uniform) -> Strokes:
    return [_arc(0.5, 0.5, u(0.4, 1.0), 1.0, u(170, 300), u(335, 400), u(-0.2, 0.15))]


def _zero_tailed(u: Uniform) -> Strokes:
    width = u(0.45, 0.9)
    ring = _arc(0.5, 0.5, width, 1.0, u(260, 285), -u(350, 380), 0.0)
    return [[*ring, (0.5 + u(0.1, 0.6), u(-0.15, 0.15))]]


def _zero_barred(u: Uniform) -> Strokes:
    """The pen comes in from the right and leaves to the left, a bar across the top."""
    ring = _arc(0.5, 0.5, u(0.5, 1.0), 1.0, u(265, 285), -u(345, 375))
    return [[(0.5 + u(0.1, 0.7), u(-0.1, 0.12)), *ring, (0.5 - u(0.1, 0.6), u(-0.1, 0.12))]]


def _zero_slashed(u: Uniform) -> Strokes:
    width, reach = u(0.45, 0.95), u(0.4, 0.75)
    ring = _arc(0.5, 0.5, width, 1.0, u(210, 330), -u(345, 380), u(-0.1, 0.1))
    dx, dy = width * reach * u(0.6, 1.1), reach * u(0.7, 1.0)
    x, y = 0.5 + u(-0.08, 0.08), 0.5 + u(-0.06, 0.06)
    return [ring, [(x + dx, y - dy), (x, y), (x - dx, y + dy)]]


def _zero_struck(u: Uniform) -> Strokes:
    """A steep slash, far out at both ends of a round ring."""
    width, reach = u(0.6, 1.0), u(0.65, 1.1)
    ring = _arc(0.5, 0.5, width, 1.0, u(210, 330), -u(345, 380), u(-0.1, 0.1))
    dx, x, y = u(-0.02, 0.4), 0.5 + u(-0.1, 0.1), 0.5 + u(-0.06, 0.06)
    return [ring, [(x + dx, y - reach), (x, y), (x - dx, y + reach)]]


# 1 ----------------------------------------------------------------------------------------------


def _one_plain(u: Uniform) -> Strokes:
    return [[(0.0, 0.0), (u(-0.06, 0.06), 0.5), (u(-0.05, 0.05), 1.0)]]


def _one_short_flag(u: Uniform) -> Strokes:
    flag = u(0.05, 0.22)
    return [[(-flag, flag * u(0.3, 1.6)), (0.0, 0.0, 0), (u(-0.03, 0.03), 0.5), (0.0, 1.0)]]


def _one_long_flag(u: Uniform) -> Strokes:
    flag = u(0.18, 0.5)
    # The flag of a 1 climbs, the bar of a 7 does not.
    drop = np.minimum(flag * u(0.65, 1.8), 0.7)
    return [[(-flag, drop), (0.0, 0.0, 0), (u(-0.03, 0.03), 0.5), (u(-0.05, 0.05), 1.0)]]


def _one_foot(u: Uniform) -> Strokes:
    left, right, foot = u(0.1, 0.45), u(0.1, 0.45), 1 + u(-0.03, 0.04)
    return [[(0.0, 0.0), (u(-0.03, 0.03), 0.5), (0.0, 1.0)], [(-left, foot), (right, foot)]]


def _one_flag_foot(u: Uniform) -> Strokes:
    flag = u(0.08, 0.42)
    left, right, foot = u(0.1, 0.45), u(0.1, 0.45), 1 + u(-0.05, 0.04)
    stem: list[Point] = [(-flag, flag * u(0.5, 1.4)), (0.0, 0.0, 0), (u(-0.03, 0.03), 0.5)]
    return [[*stem, (0.0, 1.0)], [(-left, foot), (right, foot)]]


def _one_flag_foot_unlifted(u: Uniform) -> Strokes:
    flag, left, right = u(0.08, 0.4), u(0.1, 0.4), u(0.15, 0.45)
    stem: list[Point] = [(-flag, flag * u(0.5, 1.4)), (0.0, 0.0, 0), (u(-0.03, 0.03), 0.5)]
    return [[*stem, (0.0, 1.0, 0), (-left, 1 + u(-0.06, 0.04), 0), (right, 1 + u(-0.04, 0.04))]]


def _one_hooked(u: Uniform) -> Strokes:
    side = np.sign(u(-0.5, 1.0))
    hook = u(0.06, 0.25)
    stem: list[Point] = [(0.0, 0.0), (u(-0.03, 0.03), 0.5), (0.0, 1.0, 0)]
    return [[*stem, (side * hook, 1 - hook * u(0.0, 0.9))]]


def _one_bracket(u: Uniform) -> Strokes:
    """A flat flag, but short: a 7 is wider."""
    flag = u(0.08, 0.26)
    return [[(-flag, u(-0.02, 0.1)), (0.0, 0.0, 0), (u(-0.03, 0.03), 0.5), (u(-0.05, 0.05), 1.0)]]


# 2 ----------------------------------------------------------------------------------------------


def _two_head(u: Uniform) -> list[Point]:
    """From the left end over the top and down to the lower left."""
    width, start, bulge = u(0.4, 0.85), u(0.1, 0.42), u(0.0, 1.0)
    return [
        (u(-0.02, 0.12), start),
        (width * 0.2, start * u(0.2, 0.45)),
        (width * u(0.45, 0.6), 0.0),
        (width, 0.15 + 0.1 * bulge + u(0.0, 0.15)),
        (width * (u(0.7, 0.85) + 0.15 * bulge), 0.47 + 0.1 * bulge + u(0.0, 0.08)),
        (width * (u(0.3, 0.5) + 0.15 * bulge), 0.72 + 0.08 * bulge + u(0.0, 0.08)),
    ]


def _two_plain(u: Uniform) -> Strokes:
    foot, left = u(0.35, 1.05), u(-0.08, 0.15)
    bend, end = u(-0.08, 0.06), u(-0.15, 0.25)
    return [[*_two_head(u), (left, 1.0, 0), (foot / 2, 1 + bend), (left + foot, 1 + end)]]


def _two_curled(u: Uniform) -> Strokes:
    foot, wave = u(0.4, 1.1), u(0.04, 0.14)
    tail: list[Point] = [(foot * 0.3, 1 - wave), (foot * 0.65, 1 + wave * u(0.0, 1.0))]
    return [[*_two_head(u), (0.0, 1.0, 0), *tail, (foot, 1 - u(0.0, 0.25))]]


def _two_looped(u: Uniform) -> Strokes:
    """A loop at the lower left, from which the foot falls to the right."""
    x, width, height = u(0.02, 0.35), u(0.12, 0.5), u(0.1, 0.42)
    loop: list[Point] = [
        (x, 1.0),
        (x - width, 1 - height * u(0.3, 0.55)),
        (x - width * u(0.2, 0.5), 1 - height),
        (x + u(0.1, 0.35), 1 - height * u(0.3, 0.75)),
    ]
    return [[*_two_head(u), *loop, (x + u(0.3, 0.85), 1 + u(-0.15, 0.3))]]


def _two_sprung(u: Uniform) -> Strokes:
    """The pen springs back up the neck before the foot leaves it."""
    left, rise, foot = u(-0.1, 0.15), u(0.08, 0.3), u(0.35, 0.8)
    spring: list[Point] = [(left, 1.0, 0), (left + u(0.12, 0.3), 1 - rise)]
    return [[*_two_head(u), *spring, (left + 0.15 + foot, 1 - rise + u(-0.05, 0.25))]]


def _two_small_loop(u: Uniform) -> Strokes:
    foot, loop = u(0.45, 1.1), u(0.06, 0.25)
    turn: list[Point] = [
        (0.05, 1.0),
        (u(-0.12, 0.0), 1 - loop * 0.6),
        (u(0.02, 0.14), 1 - loop),
        (foot * 0.45, 1 - loop * u(0.2, 0.5)),
    ]
    return [[*_two_head(u), *turn, (foot, 1 + u(-0.2, 0.25))]]


def _two_angular(u: Uniform) -> Strokes:
    width, foot = u(0.5, 0.9), u(0.5, 1.0)
    top: list[Point] = [(0.0, u(0.0, 0.15)), (width * 0.5, u(-0.05, 0.03)), (width, 0.02, 0)]
    low: list[Point] = [(width * u(0.4, 0.6), 0.5), (0.0, 1.0, 0), (foot, 1 + u(-0.08, 0.08))]
    return [top + low]


def _two_closed_head(u: Uniform) -> Strokes:
    """The stroke starts with a curl inside the head."""
    foot, inner = u(0.55, 1.0), u(0.1, 0.4)
    head: list[Point] = [(inner, u(0.28, 0.45)), (0.02, u(0.18, 0.3)), (0.3, 0.0)]
    down: list[Point] = [(u(0.55, 0.8), 0.2), (u(0.45, 0.6), 0.52), (0.25, 0.78)]
    return [[*head, *down, (0.0, 1.0, 0), (foot / 2, 1 + u(-0.08, 0.05)), (foot, 1 + u(-0.1, 0.1))]]


def _two_swan(u: Uniform) -> Strokes:
    """No corner: the neck turns round into a foot that falls to the right."""
    foot = u(0.6, 1.1)
    turn: list[Point] = [(u(-0.05, 0.1), u(0.82, 0.95)), (u(0.15, 0.3), 1.0)]
    return [[*_two_head(u), *turn, (foot, 1 + u(-0.15, 0.15))]]


def _two_upright(u: Uniform) -> Strokes:
    """A small head, an upright neck, and a foot to the right."""
    width, foot = u(0.2, 0.45), u(0.5, 0.9)
    head: list[Point] = [(0.0, u(0.08, 0.25)), (width * 0.5, 0.0), (width, u(0.12, 0.25))]
    neck: list[Point] = [(width * u(0.5, 0.95), 0.55), (width * u(-0.3, 0.4), u(0.85, 0.98), 0.7)]
    return [[*head, *neck, (foot * 0.4, 1 + u(-0.05, 0.05)), (foot, 1 + u(-0.2, 0.08))]]


# 3 ----------------------------------------------------------------------------------------------


def _three_bowl(u: Uniform, waist: Coordinate) -> list[Point]:
    """From the waist round the lower bowl to its left end."""
    width = u(0.45, 0.85)
    return [
        (width * u(0.7, 0.9), waist + u(0.04, 0.12)),
        (width, u(0.66, 0.78)),
        (width * u(0.7, 0.85), u(0.88, 0.96)),
        (width * u(0.35, 0.5), 1.0),
        (u(-0.15, 0.2), u(0.66, 1.0)),
    ]


def _three_tailed(u: Uniform) -> Strokes:
    """The lower bowl runs out straight to the lower left."""
    waist, width = u(0.35, 0.5), u(0.4, 0.7)
    bowl: list[Point] = [(width * 0.85, waist + u(0.04, 0.1)), (width, u(0.62, 0.72))]
    tail: list[Point] = [(width * u(0.5, 0.75), 0.9), (u(-0.15, 0.2), u(0.98, 1.1))]
    return [[*_three_head(u), (u(0.12, 0.4), waist, 0), *bowl, *tail]]


def _three_head(u: Uniform) -> list[Point]:
    width = u(0.5, 0.75)
    return [
        (u(-0.02, 0.12), u(0.05, 0.25)),
        (width * u(0.4, 0.6), 0.0),
        (width, u(0.15, 0.25)),
        (width * u(0.7, 0.9), u(0.35, 0.4)),
    ]


def _three_round(u: Uniform) -> Strokes:
    waist = u(0.4, 0.52)
    return [[*_three_head(u), (u(0.12, 0.4), waist, 0), *_three_bowl(u, waist)]]


def _three_shallow(u: Uniform) -> Strokes:
    """The waist hardly goes in."""
    waist = u(0.42, 0.52)
    return [[*_three_head(u), (u(0.35, 0.5), waist, 0), *_three_bowl(u, waist)]]


def _three_looped(u: Uniform) -> Strokes:
    waist, inner = u(0.4, 0.5), u(0.05, 0.3)
    loop: list[Point] = [(inner + 0.08, waist), (inner, waist + u(0.02, 0.08))]
    back: list[Point] = [(inner + 0.12, waist + u(0.05, 0.12))]
    return [[*_three_head(u), *loop, *back, *_three_bowl(u, waist)]]


def _three_flat(u: Uniform) -> Strokes:
    waist, width = u(0.33, 0.48), u(0.45, 0.8)
    top: list[Point] = [(0.0, u(-0.03, 0.08)), (width, 0.0, 0), (width * u(0.1, 0.6), waist, 0)]
    return [[*top, *_three_bowl(u, waist)]]


# 4 ----------------------------------------------------------------------------------------------


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


# 5 ----------------------------------------------------------------------------------------------


def _five_bowl(u: Uniform) -> list[Point]:
    """From the end of the neck round the bowl."""
    width = u(0.45, 0.85)
    return [
        (width * 0.6, u(0.32, 0.42)),
        (width, u(0.58, 0.7)),
        (width * u(0.65, 0.85), u(0.85, 0.94)),
        (width * u(0.3, 0.45), 1.0),
        (u(-0.15, 0.22), u(0.68, 1.0)),
    ]


def _five_neck(u: Uniform) -> list[Point]:
    return [(u(0.05, 0.2), 0.0, 0), (u(0.0, 0.12), u(0.3, 0.5), 0)]


def _five_unlifted(u: Uniform) -> Strokes:
    return [[(u(0.5, 1.0), u(-0.15, 0.05)), *_five_neck(u), *_five_bowl(u)]]


def _five_hat(u: Uniform) -> Strokes:
    x, y, length = u(-0.2, 0.25), u(-0.08, 0.08), u(0.4, 0.9)
    return [[*_five_neck(u), *_five_bowl(u)], [(x, y), (x + length, y + u(-0.15, 0.08))]]


def _five_detached(u: Uniform) -> Strokes:
    x, y, length = u(0.2, 0.5), u(-0.18, 0.08), u(0.25, 0.7)
    return [[*_five_neck(u), *_five_bowl(u)], [(x, y), (x + length, y + u(-0.15, 0.08))]]


def _five_floating(u: Uniform) -> Strokes:
    """The hat is a short dash well above a body that has hardly a neck."""
    x, y, length = u(-0.05, 0.35), u(-0.35, -0.1), u(0.2, 0.45)
    body: list[Point] = [(u(0.0, 0.12), u(0.02, 0.25), 0), (0.0, u(0.38, 0.5), 0), *_five_bowl(u)]
    return [body, [(x, y), (x + length, y + u(-0.15, 0.05))]]


def _five_tailed(u: Uniform) -> Strokes:
    """The bowl runs out straight to the lower left."""
    width, waist = u(0.3, 0.65), u(0.3, 0.5)
    bowl: list[Point] = [(width * 0.7, waist - u(0.0, 0.06)), (width, waist + u(0.1, 0.2))]
    tail: list[Point] = [(width * u(0.5, 0.8), 0.85), (u(-0.2, 0.2), 1.0)]
    neck: list[Point] = [(u(0.05, 0.25), 0.0, 0), (0.0, waist, 0)]
    return [[(u(0.4, 0.9), u(-0.12, 0.05)), *neck, *bowl, *tail]]


def _five_snake(u: Uniform) -> Strokes:
    head: list[Point] = [(u(0.5, 0.9), u(0.0, 0.12)), (u(0.3, 0.45), 0.0), (u(0.0, 0.12), 0.2)]
    return [[*head, (u(0.15, 0.3), u(0.38, 0.46)), *_five_bowl(u)]]


def _five_long_hat(u: Uniform) -> Strokes:
    """A small bowl under a long hat that rises to the right."""
    bowl = u(0.25, 0.5)
    body: list[Point] = [(0.1, 0.1, 0), (0.0, 0.5, 0), (bowl * 0.7, 0.48), (bowl, 0.7)]
    tail: list[Point] = [(bowl * 0.4, 0.98), (u(-0.25, 0.0), u(0.88, 1.0))]
    return [[(u(0.6, 1.1), u(-0.2, 0.1)), *body, *tail]]


# 6 ----------------------------------------------------------------------------------------------


def _six_bowl(u: Uniform, top: Coordinate) -> list[Point]:
    """From the lower left round the bowl and back to the stem."""
    width = u(0.4, 0.8)
    return [
        (0.02, 0.8),
        (width * 0.45, 1.0),
        (width, u(0.72, 0.85)),
        (width * u(0.5, 0.75), top),
        (width * u(0.15, 0.3), top + u(0.03, 0.15)),
        (u(-0.08, 0.15), top + u(0.1, 0.35)),
    ]


def _six_curled(u: Uniform) -> Strokes:
    back: list[Point] = [(u(0.4, 0.75), u(0.0, 0.1)), (u(0.2, 0.35), u(0.1, 0.2))]
    return [[*back, (u(0.0, 0.1), 0.5), *_six_bowl(u, u(0.45, 0.65))]]


def _six_straight(u: Uniform) -> Strokes:
    return [[(u(0.0, 0.6), 0.0), (0.0, u(0.55, 0.68)), *_six_bowl(u, u(0.5, 0.7))]]


def _six_hooked(u: Uniform) -> Strokes:
    """The top curls over to the right."""
    tip: list[Point] = [(u(0.55, 0.8), u(0.12, 0.25)), (u(0.35, 0.55), 0.0), (0.12, 0.22)]
    return [[*tip, (0.0, 0.5), *_six_bowl(u, u(0.45, 0.6))]]


def _six_small_bowl(u: Uniform) -> Strokes:
    width, top = u(0.25, 0.5), u(0.6, 0.78)
    back: list[Point] = [(u(0.1, 0.6), 0.0), (u(0.05, 0.2), 0.35), (0.0, 0.75)]
    bowl: list[Point] = [(width * 0.5, 1.0), (width, 0.88), (width * 0.7, top)]
    return [[*back, *bowl, (u(-0.1, 0.1), top + u(0.05, 0.2))]]


def _six_big_bowl(u: Uniform) -> Strokes:
    """Nearly all bowl: the back stands out by little."""
    width, top = u(0.5, 0.85), u(0.26, 0.48)
    back: list[Point] = [(u(0.0, 0.3), 0.0), (u(0.0, 0.08), 0.4), (0.02, 0.75)]
    bowl: list[Point] = [(width * 0.45, 1.0), (width, u(0.55, 0.75)), (width * u(0.5, 0.75), top)]
    return [[*back, *bowl, (u(0.1, 0.25), top + u(0.05, 0.2)), (u(-0.15, 0.1), u(0.55, 0.85))]]


def _six_low_loop(u: Uniform) -> Strokes:
    """The bowl is a thin loop that comes back along the base line."""
    width, top = u(0.4, 0.75), u(0.4, 0.65)
    back: list[Point] = [(u(0.1, 0.6), 0.0), (u(0.0, 0.12), 0.5), (0.0, 0.8), (0.12, 1.0)]
    loop: list[Point] = [(width * 0.7, u(0.78, 0.92)), (width, top + 0.08), (width * 0.8, top)]
    return [[*back, *loop, (width * 0.5, top + 0.15), (u(0.1, 0.3), u(0.78, 1.1))]]


def _six_open(u: Uniform) -> Strokes:
    width, top = u(0.4, 0.75), u(0.5, 0.65)
    back: list[Point] = [(u(0.2, 0.7), 0.0), (u(0.05, 0.25), 0.25), (0.0, 0.65), (0.1, 0.92)]
    return [[*back, (width * 0.55, 1.0), (width, 0.8), (width * 0.65, top), (u(0.12, 0.3), top)]]


# 7 ----------------------------------------------------------------------------------------------


def _seven_body(u: Uniform, roundness: float = 0.0) -> tuple[Corner, Smooth, Smooth]:
    """Bar and stem, without a start of its own."""
    width = u(0.4, 0.85)
    foot = width - u(0.0, 0.65)
    middle = (width + foot) / 2 + u(-0.08, 0.04)
    return (width, u(-0.04, 0.08), roundness), (middle, 0.5), (foot, 1.0)


def _seven_plain(u: Uniform) -> Strokes:
    return [[(0.0, u(-0.05, 0.12)), *_seven_body(u)]]


def _seven_bow(u: Uniform) -> Strokes:
    """Bar and stem in one round sweep."""
    return [[(0.0, u(0.0, 0.2)), (u(0.25, 0.35), u(-0.03, 0.03)), *_seven_body(u, 1.0)]]


def _seven_serif(u: Uniform) -> Strokes:
    serif: list[Point] = [(u(-0.06, 0.06), u(0.1, 0.35)), (0.0, u(0.0, 0.06), 0)]
    return [[*serif, *_seven_body(u)]]


def _seven_wavy(u: Uniform) -> Strokes:
    wave = u(0.03, 0.12)
    bar: list[Point] = [(0.0, u(0.1, 0.3)), (0.12, 0.02), (0.32, wave)]
    return [[*bar, *_seven_body(u)]]


def _seven_sagging(u: Uniform) -> Strokes:
    """The bar sags and climbs to its right end, as in a Y."""
    sag = u(0.08, 0.3)
    bar: list[Point] = [(0.0, u(-0.08, 0.12)), (u(0.15, 0.3), sag), (u(0.35, 0.45), sag * 0.7)]
    return [[*bar, *_seven_body(u)]]


def _seven_footed(u: Uniform) -> Strokes:
    """A round head, and a small hook at the foot."""
    (width, top, _), middle, (foot, _) = _seven_body(u)
    hook = u(0.04, 0.18)
    head: list[Point] = [(0.0, u(0.05, 0.25)), (width * 0.5, 0.0), (width, top + 0.12)]
    return [[*head, middle, (foot, 1.0, 0), (foot + hook, 1 - hook / 2)]]


def _seven_hung(u: Uniform) -> Strokes:
    """The bar hangs down at its left end, far as an open 4's."""
    width, hang = u(0.3, 0.6), u(0.2, 0.42)
    bar: list[Point] = [(u(-0.1, 0.02), hang), (u(-0.04, 0.08), u(0.0, 0.1), 0)]
    return [[*bar, (width, u(-0.05, 0.05), 0), (width - u(0.0, 0.3), 0.5), (u(-0.1, 0.4), 1.0)]]


def _seven_hung_crossed(u: Uniform) -> Strokes:
    return [*_seven_hung(u), _cross(u)]


def _cross(u: Uniform) -> list[Point]:
    x, y, left, right = u(0.3, 0.55), u(0.38, 0.62), u(0.12, 0.35), u(0.15, 0.5)
    return [(x - left, y + u(-0.02, 0.08)), (x + right, y + u(-0.1, 0.06))]


def _seven_crossed(u: Uniform) -> Strokes:
    return [*_seven_plain(u), _cross(u)]


def _seven_bow_crossed(u: Uniform) -> Strokes:
    return [*_seven_bow(u), _cross(u)]


def _seven_serif_crossed(u: Uniform) -> Strokes:
    return [*_seven_serif(u), _cross(u)]


def _seven_upright_crossed(u: Uniform) -> Strokes:
    """A bar across the top of an upright stem, and a second bar."""
    left, right, low = u(0.2, 0.5), u(0.0, 0.2), u(0.4, 0.6)
    bar: list[Point] = [(-left, u(-0.03, 0.08)), (right, 0.0, 0)]
    stem: list[Point] = [(right * 0.4, 0.5), (u(-0.15, 0.1), 1.0)]
    return [[*bar, *stem], [(-u(0.15, 0.35), low), (u(0.15, 0.45), low + u(-0.08, 0.05))]]


# 8 ----------------------------------------------------------------------------------------------


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
    head = _arc(0.5, waist / 2, u(0.35, 0.7), waist, u(0, 360), -u(340, 390), u(-0.1, 0.1))
    low = (1 + waist) / 2 + u(-0.02, 0.04)
    bowl = _arc(u(0.45, 0.55), low, u(0.45, 0.85), 1 - waist, u(180, 360), u(300, 390))
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


# 9 ----------------------------------------------------------------------------------------------


def _nine_ring(u: Uniform, right: Coordinate, depth: Coordinate) -> list[Point]:
    """From the upper right, counter-clockwise round the ring and up to the right again."""
    return [
        (right + u(-0.2, 0.02), u(0.03, 0.18)),
        (right * u(0.4, 0.6), 0.0),
        (0.0, depth * u(0.45, 0.65)),
        (right * u(0.35, 0.5), depth),
        (right * 0.9, depth * u(0.55, 0.75)),
    ]


def _nine_straight(u: Uniform) -> Strokes:
    right, depth = u(0.28, 0.7), u(0.35, 0.6)
    stem: list[Point] = [(right + u(-0.02, 0.08), u(0.02, 0.15), 0), (right, 0.5)]
    return [[*_nine_ring(u, right, depth), *stem, (right + u(-0.2, 0.1), 1.0)]]


def _nine_slanted(u: Uniform) -> Strokes:
    """The ring closes low and the tail runs down to the left."""
    right, depth = u(0.28, 0.75), u(0.3, 0.55)
    stem: list[Point] = [(right + u(0.0, 0.06), u(0.1, 0.25)), (right * u(0.65, 0.85), 0.6)]
    return [[*_nine_ring(u, right, depth), *stem, (u(0.0, 0.35), 1.0)]]


def _nine_curled(u: Uniform) -> Strokes:
    right, depth = u(0.35, 0.7), u(0.25, 0.55)
    stem: list[Point] = [(right + u(0.0, 0.06), u(0.08, 0.2)), (right + u(-0.02, 0.08), 0.6)]
    tail: list[Point] = [(right * u(0.7, 0.85), 0.92), (right * 0.4, 1.0)]
    return [[*_nine_ring(u, right, depth), *stem, *tail, (u(-0.3, 0.1), u(0.75, 1.0))]]


def _nine_pointed(u: Uniform) -> Strokes:
    """A thin slanted ring with a point at the upper right, and a tail below it."""
    right, depth = u(0.3, 0.65), u(0.3, 0.5)
    ring: list[Point] = [(right, u(-0.03, 0.05)), (right * u(0.3, 0.5), depth * u(0.1, 0.4))]
    back: list[Point] = [(0.0, depth * u(0.75, 0.95)), (right * u(0.4, 0.6), depth * u(0.7, 0.95))]
    top: list[Point] = [(right + u(0.0, 0.08), u(-0.03, 0.1), 0)]
    return [[*ring, *back, *top, (right * u(0.7, 1.0), 0.5), (u(-0.1, 0.5), 1.0)]]


def _nine_lance(u: Uniform) -> Strokes:
    """As pointed, but the pen starts right of the ring and comes back below its top."""
    right, depth = u(0.35, 0.65), u(0.35, 0.55)
    ring: list[Point] = [(right + u(-0.05, 0.1), depth * u(0.4, 1.0)), (right + u(-0.1, 0.05), 0.0)]
    back: list[Point] = [(right * u(0.3, 0.5), depth * 0.3), (0.0, depth)]
    turn: list[Point] = [(right * u(0.65, 1.0), depth * u(0.4, 0.85), 0)]
    return [[*ring, *back, *turn, (right * u(0.4, 0.9), 0.65), (u(-0.1, 0.5), 1.0)]]


def _nine_snake(u: Uniform) -> Strokes:
    """From inside the ring up its right side and over the top, down in an S."""
    right, depth = u(0.45, 0.75), u(0.3, 0.45)
    ring: list[Point] = [(u(0.0, 0.4), depth * u(0.7, 1.05)), (right * 0.7, depth * u(0.7, 0.9))]
    over: list[Point] = [(right, depth * 0.3), (right * 0.6, 0.0), (0.05, depth * u(0.3, 0.5))]
    tail: list[Point] = [(right * u(0.3, 0.5), depth + u(0.0, 0.08)), (right * u(0.7, 0.95), 0.65)]
    return [[*ring, *over, *tail, (u(-0.1, 0.5), 1.0)]]


def _nine_flat(u: Uniform) -> Strokes:
    """A wide, low ring."""
    right, depth = u(0.45, 0.75), u(0.22, 0.37)
    stem: list[Point] = [(right + u(0.0, 0.05), u(0.0, 0.12)), (right * u(0.75, 0.95), 0.5)]
    return [[*_nine_ring(u, right, depth), *stem, (right * u(0.3, 1.0), 1.0)]]


def _nine_two_strokes(u: Uniform) -> Strokes:
    right, depth = u(0.4, 0.7), u(0.4, 0.6)
    ring = _arc(right / 2, depth / 2, right, depth, u(-60, 20), -u(320, 380))
    top = u(-0.05, 0.25)
    return [ring, [(right + u(-0.05, 0.06), top), (right, 0.6), (right + u(-0.25, 0.1), 1.0)]]


def _nine_open(u: Uniform) -> Strokes:
    """The ring does not close at its upper right."""
    right, depth = u(0.45, 0.7), u(0.35, 0.55)
    ring: list[Point] = [(right * u(0.5, 0.8), u(-0.05, 0.05)), (0.02, depth * 0.5)]
    back: list[Point] = [(right * 0.4, depth), (right, depth * u(0.5, 0.7)), (right + 0.04, 0.1, 0)]
    return [[*ring, *back, (right, 0.55), (right + u(-0.25, 0.1), 1.0)]]


def _nine_tailed_start(u: Uniform) -> Strokes:
    """The ring begins right of the stem."""
    right, depth = u(0.3, 0.6), u(0.3, 0.5)
    ring: list[Point] = [(right + u(0.02, 0.35), u(-0.05, 0.15)), (right * 0.6, 0.0)]
    back: list[Point] = [(0.0, depth * 0.55), (right * 0.45, depth)]
    stem: list[Point] = [(right + u(0.0, 0.15), depth * u(0.55, 0.9)), (right + u(-0.1, 0.1), 0.65)]
    return [[*ring, *back, *stem, (u(-0.1, 0.5), 1.0)]]


STYLES: dict[int, dict[str, tuple[float, Style]]] = {
    0: {
        "round": (3, _zero_round),
        "narrow": (2, _zero_narrow),
        "open": (0.7, _zero_open),
        "overshot": (1, _zero_overshot),
        "clockwise": (1, _zero_clockwise),
        "tailed": (0.7, _zero_tailed),
        "barred": (0.5, _zero_barred),
        "slashed": (1.2, _zero_slashed),
        "struck": (0.8, _zero_struck),
    },
    1: {
        "plain": (4, _one_plain),
        "short flag": (2, _one_short_flag),
        "long flag": (2, _one_long_flag),
        "foot": (0.7, _one_foot),
        "flag and foot": (1.3, _one_flag_foot),
        "flag and foot unlifted": (0.6, _one_flag_foot_unlifted),
        "hooked": (0.8, _one_hooked),
        "bracket": (0.7, _one_bracket),
    },
    2: {
        "plain": (3, _two_plain),
        "curled foot": (1.5, _two_curled),
        "looped": (2.5, _two_looped),
        "small loop": (1, _two_small_loop),
        "sprung foot": (2, _two_sprung),
        "angular": (1.2, _two_angular),
        "closed head": (1, _two_closed_head),
        "swan": (1, _two_swan),
        "upright": (1.2, _two_upright),
    },
    3: {
        "round": (4, _three_round),
        "shallow waist": (1.5, _three_shallow),
        "looped": (1.5, _three_looped),
        "flat top": (1.5, _three_flat),
        "tailed": (1, _three_tailed),
    },
    4: {
        "open": (3, _four_open),
        "cup": (1.5, _four_cup),
        "cup unlifted": (1.5, _four_cup_unlifted),
        "closed": (1.5, _four_closed),
        "closed unlifted": (1.2, _four_closed_unlifted),
        "bolt": (0.5, _four_bolt),
    },
    5: {
        "unlifted": (2.5, _five_unlifted),
        "hat": (2.5, _five_hat),
        "detached hat": (1.2, _five_detached),
        "floating hat": (1, _five_floating),
        "tailed": (0.6, _five_tailed),
        "snake": (1.5, _five_snake),
        "long hat": (1.2, _five_long_hat),
    },
    6: {
        "curled": (3, _six_curled),
        "straight back": (2, _six_straight),
        "hooked": (1, _six_hooked),
        "small bowl": (1.2, _six_small_bowl),
        "big bowl": (2, _six_big_bowl),
        "low loop": (0.8, _six_low_loop),
        "open": (0.8, _six_open),
    },
    7: {
        "plain": (3, _seven_plain),
        "bow": (1.2, _seven_bow),
        "serif": (1.3, _seven_serif),
        "wavy": (0.8, _seven_wavy),
        "sagging": (0.8, _seven_sagging),
        "footed": (0.5, _seven_footed),
        "hung": (0.8, _seven_hung),
        "hung crossed": (0.7, _seven_hung_crossed),
        "crossed": (1.5, _seven_crossed),
        "bow crossed": (0.8, _seven_bow_crossed),
        "serif crossed": (1, _seven_serif_crossed),
        "upright crossed": (0.6, _seven_upright_crossed),
    },
    8: {
        "plain": (3, _eight_plain),
        "turned": (1.5, _eight_turned),
        "open top": (1.5, _eight_open),
        "turned open": (0.9, _eight_turned_open),
        "eared": (1.2, _eight_eared),
        "two circles": (1, _eight_circles),
        "from the waist": (1, _eight_from_waist),
        "hooked": (0.7, _eight_hooked),
    },
    9: {
        "straight": (3, _nine_straight),
        "slanted": (2, _nine_slanted),
        "curled": (1.2, _nine_curled),
        "pointed": (1.2, _nine_pointed),
        "lance": (0.8, _nine_lance),
        "snake": (0.6, _nine_snake),
        "flat": (0.8, _nine_flat),
        "two strokes": (1, _nine_two_strokes),
        "open": (1, _nine_open),
        "tailed start": (1.2, _nine_tailed_start),
    },
}


def draw_digit(digit: int, rng: np.random.Generator, style: str | None = None) -> Drawing:
    """Draw `digit` once, in `style` (a key of `STYLES[digit]`) or in any.

    Returns its strokes in the order they are drawn, each (P, 2) float32, x and y (down), the digit
    being about one unit high. Raises KeyError for any other digit or style.
    """
    style = style or _choose_styles(digit, 1, rng)[0]
    return draw_style(STYLES[digit][style][1], 1, rng)[0]


def make(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Make `count` images (count, 28, 28) uint8 and their labels (count,) uint8, in random order.

    Every digit comes equally often, give or take one. The same seed gives the same images. The
    pens are as wide as MNIST's: 2.3 px in the middle, 1.4 to 3.9 px from 5 to 95 %.
    """
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % 10).astype(np.uint8)
    images = np.empty((count, SIDE, SIDE), np.uint8)
    widths = pens(count, rng)
    for digit in range(10):
        (places,) = np.nonzero(labels == digit)
        styles = _choose_styles(digit, len(places), rng)
        for style in np.unique(styles):
            chosen = places[styles == style]
            drawings = draw_style(STYLES[digit][style][1], len(chosen), rng)
            images[chosen] = render(drawings, widths[chosen])
    return images, labels


def pens(count: int, rng: np.random.Generator) -> Array:
    """The widths (count,) of as many pens, in px of the 28×28 field."""
    return 2.3 * np.exp(0.32 * rng.standard_normal(count).clip(-2.3, 2.3))


def render(drawings: Sequence[Drawing], widths: Array) -> NDArray[np.uint8]:
    """Drawings, each by a pen of its own width, as (N, 28, 28) uint8.

    Where that pen would leave nothing but a blot, it is drawn with a finer one.
    """
    images = np.empty((len(drawings), SIDE, SIDE), np.uint8)
    for image, strokes, width in zip(images, drawings, widths, strict=True):
        prepared = prepare_strokes(strokes, width=float(width))
        while prepared.reason is Unreadable.FULL:
            width = 0.8 * width
            prepared = prepare_strokes(strokes, width=float(width))
        assert prepared.image is not None, prepared.reason
        image[:] = np.rint(prepared.image * 255)
    return images


def _choose_styles(digit: int, count: int, rng: np.random.Generator) -> NDArray[np.str_]:
    weights = np.array([weight for weight, _ in STYLES[digit].values()])
    return rng.choice(list(STYLES[digit]), count, p=weights / weights.sum())


def draw_style(style: Style, count: int, rng: np.random.Generator) -> list[Drawing]:
    """Draw something `count` times in one style, each by another hand."""
    strokes = style(lambda low, high: rng.uniform(low, high, count))
    points, corners = zip(*(_stack(stroke, count) for stroke in strokes), strict=True)
    lengths = [stroke.shape[1] for stroke in points]
    shaped = np.split(_hand(np.concatenate(points, 1), rng), np.cumsum(lengths)[:-1], 1)
    shaken = _unsteadiness(count, rng)
    paths = [
        _tremble(_ends(_spline(p, c, rng), rng), shaken, rng)
        for p, c in zip(shaped, corners, strict=True)
    ]
    joined, cut = rng.random((2, count)) < [[0.06], [0.04]]
    drawings = []
    for i in range(count):
        drawn = [path[i].astype(np.float32) for path in paths]
        if joined[i]:
            drawn = [np.concatenate(drawn)]
        if cut[i]:
            drawn = _gap(drawn, rng)
        drawings.append(drawn)
    return drawings


def _stack(stroke: Sequence[Point], count: int) -> tuple[Array, Array]:
    """Control points (N, K, 2), and for each whether the curve is smooth there, 1 or 0, (K,)."""
    points = [np.broadcast_to(c, count) for point in stroke for c in point[:2]]
    smooth = np.array([point[2] if len(point) == 3 else 1.0 for point in stroke])
    return np.stack(points, 1).reshape(count, len(stroke), 2), smooth


def _hand(points: Array, rng: np.random.Generator) -> Array:
    """Vary control points (N, K, 2) as one hand would: proportions, bends, slant, turn."""
    count = len(points)

    def normal(mean: float, deviation: float) -> Array:
        return mean + deviation * rng.standard_normal((count, 1)).clip(-2.5, 2.5)

    sloppy = np.exp(normal(np.log(0.022), 0.5))[..., None]
    x, y = np.moveaxis(points + sloppy * rng.standard_normal(points.shape), 2, 0)
    x, y = x - 0.35, y - 0.5
    y = y + normal(0, 0.15) * (0.25 - y * y)  # a taller or a lower upper half
    x = x * np.exp(normal(0, 0.24)) * (1 + normal(0, 0.25) * y)
    x, y = x + normal(0, 0.15) * y * y, y + normal(0, 0.12) * x * x
    x = x - normal(0.12, 0.25) * y
    turn = normal(0, 0.1)
    return np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], 2)


def _hermite(t: Array) -> Array:
    """Weights (len(t), 4) of both ends and both tangents of a cubic piece at t from 0 to 1."""
    cubic, square = t**3, t**2
    ends = [2 * cubic - 3 * square + 1, 3 * square - 2 * cubic]
    return np.stack([*ends, cubic - 2 * square + t, cubic - square], 1)


HERMITE = _hermite(np.arange(SAMPLES) / SAMPLES)


def _spline(points: Array, smooth: Array, rng: np.random.Generator) -> Array:
    """Cubic splines (N, P, 2) through points (N, K, 2), each pen rounding more or fewer corners."""
    count = len(points)
    steps = np.diff(points, axis=1)
    lengths = np.linalg.norm(steps, axis=2, keepdims=True) + 1e-6
    slopes = steps / lengths
    before, after = lengths[:, :-1], lengths[:, 1:]
    inner = (slopes[:, :-1] * after + slopes[:, 1:] * before) / (before + after)
    tangents = np.concatenate([slopes[:, :1], inner, slopes[:, -1:]], 1)
    corner = rng.beta(0.6, 1.6, (count, 1))
    smoothness = smooth + (1 - smooth) * corner
    roundness = rng.normal(1.0, 0.15, (count, 1)).clip(0.6, 1.4)
    tangents = tangents * (smoothness * roundness)[..., None]
    pieces = np.stack(
        [points[:, :-1], points[:, 1:], tangents[:, :-1] * lengths, tangents[:, 1:] * lengths], 3
    )
    curve: Array = np.einsum("nkcw,sw->nksc", pieces, HERMITE).reshape(count, -1, 2)
    return np.concatenate([curve, points[:, -1:]], 1)


def _ends(paths: Array, rng: np.random.Generator) -> Array:
    """Add how the pen lands and leaves: mostly nothing, sometimes a tick or an overshoot."""
    count = len(paths)

    def tick(end: Array, inside: Array) -> Array:
        onward = (end - inside) / (np.linalg.norm(end - inside, axis=1, keepdims=True) + 1e-6)
        length = rng.exponential(0.05, (count, 1)).clip(0, 0.2) * (rng.random((count, 1)) < 0.35)
        way = onward * rng.uniform(-0.3, 1, (count, 1)) + 0.7 * rng.standard_normal((count, 2))
        tip: Array = end + length * way
        return tip

    first, last = tick(paths[:, 0], paths[:, 3]), tick(paths[:, -1], paths[:, -4])
    return np.concatenate([first[:, None], paths, last[:, None]], 1)


def _unsteadiness(count: int, rng: np.random.Generator) -> Array:
    """How far each hand (N, 1, 1) strays: most are steady, a mouse on a desk is not."""
    shaky = rng.random((count, 1, 1)) < 0.12
    return np.where(shaky, rng.uniform(0.015, 0.04, shaky.shape), 0.006)


def _tremble(paths: Array, shaken: Array, rng: np.random.Generator) -> Array:
    """Add a slow wobble and a little noise on each point."""
    count, length, _ = paths.shape
    knots = rng.standard_normal((count, length // 4 + 2, 2))
    place = np.arange(length) / 4
    left = place.astype(int)
    share = (place - left)[:, None]
    wobble = knots[:, left] * (1 - share) + knots[:, left + 1] * share
    noise: Array = wobble + 0.3 * rng.standard_normal(paths.shape)
    return paths + shaken * noise


def _gap(strokes: Drawing, rng: np.random.Generator) -> Drawing:
    """Lose the pen's contact for a moment in the longest stroke."""
    longest = max(range(len(strokes)), key=lambda j: len(strokes[j]))
    stroke = strokes[longest]
    start = int(rng.integers(4, len(stroke) - 5))
    end = start + int(rng.integers(1, 4))
    return [*strokes[:longest], stroke[:start], stroke[end:], *strokes[longest + 1 :]]
