"""The ways people write a 5."""

from model.data.synthetic.curves import Point, Strokes, Style, Uniform


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


def _five_looped(u: Uniform) -> Strokes:
    """A small loop where the neck turns into the bowl."""
    turn, loop = u(0.38, 0.5), u(0.05, 0.14)
    neck: list[Point] = [(u(0.05, 0.25), 0.0, 0), (0.02, turn), (-loop, turn + loop)]
    back: list[Point] = [(0.0, turn + 0.03), *_five_bowl(u)]
    return [[(u(0.5, 0.95), u(-0.12, 0.08)), *neck, *back]]


STYLES: dict[str, tuple[float, Style]] = {
    "unlifted": (2.5, _five_unlifted),
    "hat": (2.5, _five_hat),
    "detached hat": (1.2, _five_detached),
    "floating hat": (1, _five_floating),
    "tailed": (0.6, _five_tailed),
    "snake": (1.5, _five_snake),
    "long hat": (1.2, _five_long_hat),
    "looped": (0.6, _five_looped),
}
