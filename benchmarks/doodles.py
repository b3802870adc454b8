"""Doodles, Greek letters and signs as pen strokes: what people draw to see whether it is refused.

No network learns from these. They have other outlines, other proportions and another hand than
`model.data.nondigits`, of which networks do learn: lines, arcs and curves through points, each form
with its own choices of how it is drawn.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # (P, 2), x to the right, y down
Form = Callable[[np.random.Generator], list[Points]]

SEED = 77
_STEPS = 24  # points of an arc, and of a piece of a curve


def make(count: int, seed: int = SEED) -> list[tuple[str, list[NDArray[np.float32]]]]:
    """`count` drawings, the FORMS in turn: the form's name and its strokes, each (P, 2)."""
    rng = np.random.default_rng(seed)
    names = [list(FORMS)[number % len(FORMS)] for number in range(count)]
    return [(name, _by_hand(FORMS[name](rng), rng)) for name in names]


def _by_hand(strokes: list[Points], rng: np.random.Generator) -> list[NDArray[np.float32]]:
    """Tilted, slanted, stretched, and drawn by a hand that is not quite steady."""
    angle, slant, stretch = rng.normal(0, [0.09, 0.12, 0.14])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shape = turn @ np.array([[np.exp(stretch), -slant], [0, 1]])
    extent = np.ptp(np.concatenate(strokes), axis=0).max()
    unsteady = rng.uniform(0.004, 0.02) * extent
    drawn = []
    for stroke in strokes:
        place = np.linspace(0, 1, len(stroke))[:, None]
        waves = sum(
            rng.normal(size=2) * np.sin(np.pi * (n * place + rng.uniform(0, 2))) for n in (1, 2, 4)
        )
        moved = stroke @ shape.T + unsteady * (waves + rng.normal(size=2))
        drawn.append(moved.astype(np.float32))
    return drawn


def _line(*points: tuple[float, float]) -> Points:
    """From point to point."""
    ends = np.array(points, float)
    t = np.linspace(0, 1, 9)[:, None]
    parts = [a + (b - a) * t for a, b in pairwise(ends)]
    return np.concatenate(parts)


def _arc(
    x: float, y: float, width: float, height: float, start: float, sweep: float, grow: float = 1.0
) -> Points:
    """Of the ellipse with those radii about (x, y), degrees clockwise from the right; its size is
    `grow` times as large at the end."""
    angle = np.radians(np.linspace(start, start + sweep, _STEPS + int(abs(sweep) / 12)))
    size = np.linspace(1, grow, len(angle))
    return np.column_stack([x + width * size * np.cos(angle), y + height * size * np.sin(angle)])


def _curve(*points: tuple[float, float]) -> Points:
    """A Catmull-Rom spline through the points."""
    given = np.array(points, float)
    p = np.concatenate([2 * given[:1] - given[1:2], given, 2 * given[-1:] - given[-2:-1]])
    t = np.linspace(0, 1, _STEPS // 2)[:, None]
    return np.concatenate(
        [
            0.5
            * (
                2 * p[i]
                + (p[i + 1] - p[i - 1]) * t
                + (2 * p[i - 1] - 5 * p[i] + 4 * p[i + 1] - p[i + 2]) * t**2
                + (3 * p[i] - p[i - 1] - 3 * p[i + 1] + p[i + 2]) * t**3
            )
            for i in range(1, len(p) - 2)
        ]
    )


def _dot(x: float, y: float) -> Points:
    return _arc(x, y, 0.02, 0.02, 0, 300)


def _alpha(rng: np.random.Generator) -> list[Points]:
    low = rng.uniform(0.75, 1.0)
    return [
        _curve(
            (1.1, 0.0), (0.75, 0.55), (0.35, 0.95), (0, 0.5), (0.3, 0.05), (0.7, 0.45), (1.1, low)
        )
    ]


def _beta(rng: np.random.Generator) -> list[Points]:
    foot = rng.uniform(1.3, 1.7)
    return [
        _curve(
            (0, foot),
            (0.05, 0.7),
            (0.15, 0.15),
            (0.4, 0),
            (0.6, 0.2),
            (0.3, 0.45),
            (0.65, 0.65),
            (0.55, 0.95),
            (0.15, 0.95),
        )
    ]


def _gamma(rng: np.random.Generator) -> list[Points]:
    if rng.random() < 0.5:
        return [_line((0, 0), (0.4, 0.65)), _line((0.85, 0), (0.4, 0.65), (0.3, 1.2))]
    return [_curve((0, 0.15), (0.2, 0), (0.45, 0.6), (0.4, 1.2), (0.3, 1.0), (0.5, 0.5), (0.8, 0))]


def _delta(rng: np.random.Generator) -> list[Points]:
    ring = _arc(0.4, 1.0, 0.35, 0.36, -90, -rng.uniform(330, 380))
    top = _curve((0.75, 0.1), (0.5, -0.05), (0.28, 0.15), (0.45, 0.45), (0.72, 0.8))
    return [top, ring]


def _theta(rng: np.random.Generator) -> list[Points]:
    width = rng.uniform(0.3, 0.5)
    bar = 0.5 + rng.uniform(-0.05, 0.05)
    return [_arc(0.5, 0.5, width, 0.6, -90, -365), _line((0.5 - width, bar), (0.5 + width, bar))]


def _lambda(rng: np.random.Generator) -> list[Points]:
    start = rng.uniform(0, 0.2)
    return [_curve((start, 0.05), (0.25, 0), (0.5, 0.5), (0.9, 1.0)), _line((0.48, 0.45), (0, 1.0))]


def _mu(rng: np.random.Generator) -> list[Points]:
    foot = rng.uniform(1.2, 1.5)
    left = _line((0.1, foot), (0.12, 0))
    cup = _curve(
        (0.12, 0), (0.15, 0.7), (0.4, 0.8), (0.7, 0.5), (0.72, 0), (0.75, 0.7), (0.95, 0.7)
    )
    return [left, cup]


def _pi(rng: np.random.Generator) -> list[Points]:
    lean = rng.uniform(0, 0.15)
    return [
        _curve((0, 0.12), (0.2, 0), (1.1, 0)),
        _line((0.38, 0), (0.3 - lean, 0.9)),
        _curve((0.8, 0), (0.8, 0.6), (0.88, 0.88), (1.05, 0.8)),
    ]


def _sigma(rng: np.random.Generator) -> list[Points]:
    reach = rng.uniform(0.9, 1.2)
    return [
        _curve((reach, 0.02), (0.45, 0.03), (0.05, 0.4), (0.35, 0.8), (0.72, 0.45), (0.45, 0.05))
    ]


def _phi(rng: np.random.Generator) -> list[Points]:
    tall = rng.uniform(0.55, 0.8)
    return [_arc(0.5, 0.5, 0.45, 0.35, -90, -365), _line((0.52, 0.5 - tall), (0.48, 0.5 + tall))]


def _sum(rng: np.random.Generator) -> list[Points]:
    width = rng.uniform(0.6, 0.9)
    return [
        _line((width, 0.12), (width, 0), (0, 0), (0.45, 0.5), (0, 1), (width, 1), (width, 0.88))
    ]


def _integral(rng: np.random.Generator) -> list[Points]:
    hook = rng.uniform(0.15, 0.3)
    return [
        _curve(
            (0.5 + hook, 0.12), (0.55, 0), (0.45, 0.25), (0.4, 0.8), (0.28, 1.15), (0.3 - hook, 1)
        )
    ]


def _root(rng: np.random.Generator) -> list[Points]:
    reach = rng.uniform(1.0, 1.8)
    return [_line((0, 0.6), (0.12, 0.5), (0.3, 1), (0.55, 0), (reach, 0))]


def _infinity(rng: np.random.Generator) -> list[Points]:
    t = np.linspace(0, 2 * np.pi * rng.uniform(0.97, 1.05), 60) + rng.uniform(0, 6)
    return [np.column_stack([np.cos(t), 0.45 * np.sin(2 * t)])]


def _equals(rng: np.random.Generator) -> list[Points]:
    gap = rng.uniform(0.25, 0.5)
    return [_line((0, 0), (1, 0)), _line((0, gap), (1, gap))]


def _unequal(rng: np.random.Generator) -> list[Points]:
    return [*_equals(rng), _line((rng.uniform(0.6, 0.8), -0.3), (0.25, 0.75))]


def _plus(rng: np.random.Generator) -> list[Points]:
    tall = rng.uniform(0.4, 0.6)
    return [_line((0, 0.5), (1, 0.5)), _line((0.5, 0.5 - tall), (0.5, 0.5 + tall))]


def _times(rng: np.random.Generator) -> list[Points]:
    low = rng.uniform(0.8, 1.1)
    return [_line((0, 0), (0.9, low)), _line((0.9, 0), (0, low))]


def _divided(rng: np.random.Generator) -> list[Points]:
    gap = rng.uniform(0.25, 0.4)
    return [_line((0, 0), (1, 0)), _dot(0.5, -gap), _dot(0.5, gap)]


def _question(rng: np.random.Generator) -> list[Points]:
    low = rng.uniform(0.65, 0.8)
    hook = _curve((0, 0.25), (0.15, 0.02), (0.5, 0.05), (0.6, 0.3), (0.35, 0.5), (0.3, low))
    return [hook, _dot(0.3, low + 0.25)]


def _exclamation(rng: np.random.Generator) -> list[Points]:
    low = rng.uniform(0.65, 0.8)
    return [_line((0.05, 0), (0, low)), _dot(0, low + 0.25)]


def _comma(rng: np.random.Generator) -> list[Points]:
    return [_curve((0.2, 0), (0.3, 0.1), (0.25, 0.35), (0, rng.uniform(0.55, 0.75)))]


def _semicolon(rng: np.random.Generator) -> list[Points]:
    (comma,) = _comma(rng)
    return [_dot(0.2, -rng.uniform(0.4, 0.6)), comma]


def _house(rng: np.random.Generator) -> list[Points]:
    roof, wall = rng.uniform(0.35, 0.6), rng.uniform(0.6, 0.9)
    body = _line((0, 0), (0, wall), (1, wall), (1, 0), (0, 0))
    strokes = [body, _line((-0.1, 0), (0.5, -roof), (1.1, 0))]
    if rng.random() < 0.6:
        strokes.append(_line((0.35, wall), (0.35, 0.4), (0.6, 0.4), (0.6, wall)))
    return strokes


def _star(rng: np.random.Generator) -> list[Points]:
    if rng.random() < 0.5:  # in one line, through the middle
        angles = np.radians(-90 + 144 * np.arange(6))
        return [_line(*zip(np.cos(angles), np.sin(angles), strict=True))]
    inner = rng.uniform(0.35, 0.5)
    angles = np.radians(-90 + 36 * np.arange(11))
    size = np.where(np.arange(11) % 2, inner, 1)
    return [_line(*zip(size * np.cos(angles), size * np.sin(angles), strict=True))]


def _heart(rng: np.random.Generator) -> list[Points]:
    dip, wide = rng.uniform(0.1, 0.3), rng.uniform(0.5, 0.65)
    left = _curve((0, dip), (-wide * 0.5, -0.05), (-wide, 0.25), (0, 1))
    right = _curve((0, dip), (wide * 0.5, -0.05), (wide, 0.25), (0, 1))
    return [left, right] if rng.random() < 0.5 else [np.concatenate([left[::-1], right])]


def _face(rng: np.random.Generator) -> list[Points]:
    mood = rng.choice([-1, 1])
    eyes = [_dot(-0.35, -0.25), _dot(0.35, -0.25)]
    mouth = _curve((-0.45, 0.35), (0, 0.35 + 0.22 * mood), (0.45, 0.35))
    return [_arc(0, 0, 1, 1, rng.uniform(0, 360), 365), *eyes, mouth]


def _arrow(rng: np.random.Generator) -> list[Points]:
    head = rng.uniform(0.2, 0.35)
    strokes = [_line((0, 0), (1, 0)), _line((1 - head, -head), (1, 0), (1 - head, head))]
    angle = rng.integers(0, 8) * np.pi / 4
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return [stroke @ turn.T for stroke in strokes]


def _spiral(rng: np.random.Generator) -> list[Points]:
    turns = rng.uniform(1.5, 3.0) * rng.choice([-1, 1])
    return [_arc(0, 0, 0.08, 0.08, rng.uniform(0, 360), 360 * turns, 12)]


FORMS: dict[str, Form] = {
    "α": _alpha,
    "β": _beta,
    "γ": _gamma,
    "δ": _delta,
    "θ": _theta,
    "λ": _lambda,
    "μ": _mu,
    "π": _pi,
    "σ": _sigma,
    "φ": _phi,
    "∑": _sum,
    "∫": _integral,
    "√": _root,
    "∞": _infinity,
    "=": _equals,
    "≠": _unequal,
    "+": _plus,
    "×": _times,
    "÷": _divided,
    "?": _question,
    "!": _exclamation,
    ",": _comma,
    ";": _semicolon,
    "house": _house,
    "star": _star,
    "heart": _heart,
    "face": _face,
    "arrow": _arrow,
    "spiral": _spiral,
}
