"""The ways people write a 2."""

from model.data.synthetic.curves import Point, Strokes, Style, Uniform


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


def _two_wide_loop(u: Uniform) -> Strokes:
    """The cursive school's 2: the neck runs deep and a wide flat loop carries the foot."""
    left, loop, foot = u(-0.1, 0.1), u(0.1, 0.22), u(0.6, 1.0)
    turn: list[Point] = [
        (left + 0.05, 1.0),
        (left - u(0.1, 0.22), 1 - loop * 0.5),
        (left + u(0.05, 0.15), 1 - loop),
        (left + foot * 0.45, 1 - loop * u(0.1, 0.5)),
    ]
    return [[*_two_head(u), *turn, (left + foot * 0.75, 1 + u(0.0, 0.1)), (left + foot, u(0.8, 1))]]


STYLES: dict[str, tuple[float, Style]] = {
    "plain": (3, _two_plain),
    "curled foot": (1.5, _two_curled),
    "looped": (2.5, _two_looped),
    "small loop": (1, _two_small_loop),
    "sprung foot": (2, _two_sprung),
    "angular": (1.2, _two_angular),
    "closed head": (1, _two_closed_head),
    "swan": (1, _two_swan),
    "upright": (1.2, _two_upright),
    "wide loop": (0.7, _two_wide_loop),
}
