"""The ways people write a 9."""

from model.data.synthetic.curves import Coordinate, Point, Strokes, Style, Uniform, arc


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
    ring = arc(right / 2, depth / 2, right, depth, u(-60, 20), -u(320, 380))
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


def _nine_swung(u: Uniform) -> Strokes:
    """A looped head, and from its waist a long swing out to the right and down to the left."""
    right, depth = u(0.4, 0.7), u(0.3, 0.48)
    loop: list[Point] = [(right * u(0.7, 1.0), depth * u(0.55, 0.8)), (right * u(0.8, 1.1), 0.06)]
    swing: list[Point] = [(right + u(0.05, 0.25), u(0.6, 0.72)), (right * u(0.5, 0.9), 0.93)]
    tail: list[Point] = [(right * u(0.0, 0.4), 1.0), (u(-0.35, 0.0), u(0.78, 1.0))]
    ring: list[Point] = [(right * 0.5, 0.0), (0.0, depth * u(0.4, 0.6)), (right * 0.4, depth)]
    return [[*loop[1:], *ring, *loop[:1], *swing, *tail]]


def _nine_curled_head(u: Uniform) -> Strokes:
    """The pen begins inside the head, winds out of it, and swings down."""
    right, depth = u(0.4, 0.7), u(0.32, 0.52)
    inner: list[Point] = [(right * u(0.5, 0.8), depth * u(0.3, 0.7)), (right * 0.75, 0.04)]
    ring: list[Point] = [(right * 0.4, 0.0), (0.0, depth * 0.5), (right * 0.4, depth)]
    swing: list[Point] = [(right, depth * u(0.7, 0.95)), (right + u(0.0, 0.15), 0.65)]
    return [[*inner, *ring, *swing, (right * u(0.4, 0.7), 0.95), (u(-0.25, 0.15), u(0.8, 1.0))]]


def _nine_crossing(u: Uniform) -> Strokes:
    """The ring crosses itself at the right, a loop such as a ribbon makes, and the tail falls."""
    right, depth = u(0.35, 0.65), u(0.35, 0.55)
    start: list[Point] = [(right + u(0.05, 0.25), depth * u(0.5, 0.9)), (right * u(0.6, 0.9), 0.03)]
    ring: list[Point] = [(right * 0.3, 0.02), (0.0, depth * 0.55), (right * 0.4, depth)]
    tail: list[Point] = [(right, depth * u(0.35, 0.6)), (right + u(0.05, 0.2), 0.12, 0)]
    return [[*start, *ring, *tail, (right + u(-0.05, 0.1), 0.6), (right + u(-0.4, 0.1), 1.0)]]


def _nine_wide_open(u: Uniform) -> Strokes:
    """The ring is but a c: a wide gap lies between where it begins and the top of the stem."""
    right, depth = u(0.45, 0.8), u(0.35, 0.52)
    ring: list[Point] = [(right * u(0.25, 0.55), u(-0.03, 0.05)), (0.0, depth * u(0.45, 0.6))]
    back: list[Point] = [(right * 0.45, depth), (right * u(0.9, 1.0), depth * u(0.35, 0.6), 0)]
    return [[*ring, *back, (right + u(-0.06, 0.03), 0.62), (right + u(-0.35, 0.03), 1.05)]]


STYLES: dict[str, tuple[float, Style]] = {
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
    "swung": (1.2, _nine_swung),
    "curled head": (0.8, _nine_curled_head),
    "crossing": (0.8, _nine_crossing),
    "wide open": (0.6, _nine_wide_open),
}
