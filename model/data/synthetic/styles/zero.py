"""The ways people write a 0."""

from model.data.synthetic.curves import Point, Strokes, Style, Uniform, arc


def _zero_round(u: Uniform) -> Strokes:
    return [arc(0.5, 0.5, u(0.55, 1.1), 1.0, u(200, 340), -u(335, 385), u(-0.15, 0.1))]


def _zero_narrow(u: Uniform) -> Strokes:
    return [arc(0.5, 0.5, u(0.36, 0.6), 1.0, u(220, 330), -u(335, 385), u(-0.12, 0.08))]


def _zero_open(u: Uniform) -> Strokes:
    return [arc(0.5, 0.5, u(0.45, 0.95), 1.0, u(230, 330), -u(305, 340), u(-0.08, 0.08))]


def _zero_overshot(u: Uniform) -> Strokes:
    return [arc(0.5, 0.5, u(0.4, 1.0), 1.0, u(250, 350), -u(375, 430), u(-0.2, 0.2), 13)]


def _zero_clockwise(u: Uniform) -> Strokes:
    return [arc(0.5, 0.5, u(0.4, 1.0), 1.0, u(170, 300), u(335, 400), u(-0.2, 0.15))]


def _zero_tailed(u: Uniform) -> Strokes:
    width = u(0.45, 0.9)
    ring = arc(0.5, 0.5, width, 1.0, u(260, 285), -u(350, 380), 0.0)
    return [[*ring, (0.5 + u(0.1, 0.6), u(-0.15, 0.15))]]


def _zero_barred(u: Uniform) -> Strokes:
    """The pen comes in from the right and leaves to the left, a bar across the top."""
    ring = arc(0.5, 0.5, u(0.5, 1.0), 1.0, u(265, 285), -u(345, 375))
    return [[(0.5 + u(0.1, 0.7), u(-0.1, 0.12)), *ring, (0.5 - u(0.1, 0.6), u(-0.1, 0.12))]]


def _zero_slashed(u: Uniform) -> Strokes:
    width, reach = u(0.45, 0.95), u(0.4, 0.75)
    ring = arc(0.5, 0.5, width, 1.0, u(210, 330), -u(345, 380), u(-0.1, 0.1))
    dx, dy = width * reach * u(0.6, 1.1), reach * u(0.7, 1.0)
    x, y = 0.5 + u(-0.08, 0.08), 0.5 + u(-0.06, 0.06)
    return [ring, [(x + dx, y - dy), (x, y), (x - dx, y + dy)]]


def _zero_struck(u: Uniform) -> Strokes:
    """A steep slash, far out at both ends of a round ring."""
    width, reach = u(0.6, 1.0), u(0.65, 1.1)
    ring = arc(0.5, 0.5, width, 1.0, u(210, 330), -u(345, 380), u(-0.1, 0.1))
    dx, x, y = u(-0.02, 0.4), 0.5 + u(-0.1, 0.1), 0.5 + u(-0.06, 0.06)
    return [ring, [(x + dx, y - reach), (x, y), (x - dx, y + reach)]]


def _zero_hooked(u: Uniform) -> Strokes:
    """Closed by a hook: the pen runs on past its start, inside the ring or over its edge."""
    width = u(0.45, 0.9)
    ring = arc(0.5, 0.5, width, 1.0, u(255, 300), -u(350, 372), u(-0.12, 0.05), 12)
    x, y = 0.5 - width * u(-0.1, 0.25), u(0.0, 0.2)
    return [[*ring, (x, y), (x - u(0.0, 0.15), y + u(0.1, 0.35))]]


def _zero_looped(u: Uniform) -> Strokes:
    """A small loop where the ring closes at the top."""
    width, loop = u(0.45, 0.9), u(0.08, 0.22)
    start = [(0.5 + u(-0.2, 0.1), loop * u(0.6, 1.4))]
    ring = arc(0.5, 0.5, width, 1.0, u(270, 300), -u(345, 365), 0.0, 12)
    tail: list[Point] = [(0.5 + loop * 0.3, -u(0.0, 0.08)), (0.5 - loop, loop * u(0.5, 1.2))]
    return [[*start, *ring, *tail, (0.5 + u(0.0, 0.35), loop * u(0.5, 1.5))]]


STYLES: dict[str, tuple[float, Style]] = {
    "round": (3, _zero_round),
    "narrow": (2, _zero_narrow),
    "open": (0.7, _zero_open),
    "overshot": (1, _zero_overshot),
    "clockwise": (1, _zero_clockwise),
    "tailed": (0.7, _zero_tailed),
    "barred": (0.5, _zero_barred),
    "slashed": (1.2, _zero_slashed),
    "struck": (0.8, _zero_struck),
    "hooked": (1, _zero_hooked),
    "looped": (0.7, _zero_looped),
}
