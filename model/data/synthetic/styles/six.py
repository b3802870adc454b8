"""The ways people write a 6."""

from model.data.synthetic.curves import Coordinate, Point, Strokes, Style, Uniform


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


def _six_spiral(u: Uniform) -> Strokes:
    """The bowl winds on inside itself."""
    width, top = u(0.45, 0.8), u(0.42, 0.6)
    inner: list[Point] = [(0.12, u(0.7, 0.8)), (width * 0.4, u(0.86, 0.93)), (width * 0.7, 0.78)]
    back: list[Point] = [(u(0.2, 0.7), 0.0), (0.04, 0.45), (0.02, 0.8), (width * 0.45, 1.0)]
    return [[*back, (width, u(0.72, 0.82)), (width * 0.55, top), *inner]]


STYLES: dict[str, tuple[float, Style]] = {
    "curled": (3, _six_curled),
    "straight back": (2, _six_straight),
    "hooked": (1, _six_hooked),
    "small bowl": (1.2, _six_small_bowl),
    "big bowl": (2, _six_big_bowl),
    "low loop": (0.8, _six_low_loop),
    "open": (0.8, _six_open),
    "spiral": (0.6, _six_spiral),
}
