"""The ways people write a 7."""

from model.data.synthetic.curves import Corner, Point, Smooth, Strokes, Style, Uniform


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


def _seven_looped_foot(u: Uniform) -> Strokes:
    """The stem ends in a small loop, from which the pen leaves to the right."""
    (width, top, _), middle, (foot, _) = _seven_body(u)
    loop, out = u(0.06, 0.2), u(0.02, 0.26)
    turn: list[Point] = [(foot, 1.0), (foot - loop, 1 - loop * 0.4), (foot - loop * 0.2, 1 - loop)]
    bar: list[Point] = [(0.0, u(-0.04, 0.14)), (width, top, 0)]
    return [[*bar, middle, *turn, (foot + out, 1 + u(-0.12, 0.08))]]


def _seven_barred_foot(u: Uniform) -> Strokes:
    """A short bar under the stem, as a 1 has it."""
    (width, top, _), middle, (foot, _) = _seven_body(u)
    left, right = u(0.08, 0.25), u(0.08, 0.25)
    bar: list[Point] = [(0.0, u(-0.05, 0.12)), (width, top, 0), middle, (foot, 1.0)]
    return [bar, [(foot - left, 1 + u(-0.04, 0.05)), (foot + right, 1 + u(-0.08, 0.05))]]


def _seven_tailed(u: Uniform) -> Strokes:
    """The stem turns at its foot into a tail to the right."""
    (width, top, _), middle, (foot, _) = _seven_body(u)
    out = u(0.05, 0.22)
    bar: list[Point] = [(0.0, u(-0.05, 0.14)), (width, top, 0), middle]
    return [[*bar, (foot, u(0.85, 0.95)), (foot + out * 0.4, 1.0), (foot + out, 1 - u(0.0, 0.12))]]


def _seven_crossed_low(u: Uniform) -> Strokes:
    """The cross lies near the foot, and rises."""
    x, y, reach = u(0.15, 0.4), u(0.62, 0.85), u(0.12, 0.3)
    cross: list[Point] = [(x - reach, y + u(0.0, 0.1)), (x + reach, y - u(0.0, 0.12))]
    return [*_seven_plain(u), cross]


STYLES: dict[str, tuple[float, Style]] = {
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
    "looped foot": (0.7, _seven_looped_foot),
    "barred foot": (0.7, _seven_barred_foot),
    "tailed": (0.6, _seven_tailed),
    "crossed low": (0.6, _seven_crossed_low),
}
