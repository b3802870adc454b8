"""The ways people write a 3."""

from model.data.synthetic.curves import Coordinate, Point, Strokes, Style, Uniform


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


STYLES: dict[str, tuple[float, Style]] = {
    "round": (4, _three_round),
    "shallow waist": (1.5, _three_shallow),
    "looped": (1.5, _three_looped),
    "flat top": (1.5, _three_flat),
    "tailed": (1, _three_tailed),
}
