"""The ways people write a 1."""

import numpy as np

from model.data.synthetic.curves import Point, Strokes, Style, Uniform


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


def _one_caret(u: Uniform) -> Strokes:
    """The flag of German and French schools, as long as the stem or nearly so."""
    flag, drop = u(0.25, 0.7), u(0.45, 0.95)
    stem: list[Point] = [(u(-0.03, 0.06), 0.5), (u(-0.05, 0.12), 1.0)]
    return [[(-flag, drop), (-flag * u(0.4, 0.55), drop * u(0.4, 0.55)), (0.0, 0.0, 0), *stem]]


def _one_caret_foot(u: Uniform) -> Strokes:
    left, right = u(0.1, 0.4), u(0.1, 0.45)
    return [*_one_caret(u), [(-left, 1 + u(-0.03, 0.04)), (right, 1 + u(-0.04, 0.04))]]


def _one_arched(u: Uniform) -> Strokes:
    """A round flag that turns over into the stem without a corner."""
    flag, drop = u(0.12, 0.4), u(0.12, 0.45)
    top: list[Point] = [(-flag, drop), (-flag * 0.45, drop * 0.25), (-0.02, 0.0, 0.6)]
    return [[*top, (u(-0.02, 0.05), 0.5), (u(-0.08, 0.08), 1.0)]]


STYLES: dict[str, tuple[float, Style]] = {
    "plain": (4, _one_plain),
    "short flag": (2, _one_short_flag),
    "long flag": (2, _one_long_flag),
    "foot": (0.7, _one_foot),
    "flag and foot": (1.3, _one_flag_foot),
    "flag and foot unlifted": (0.6, _one_flag_foot_unlifted),
    "hooked": (0.8, _one_hooked),
    "bracket": (0.7, _one_bracket),
    "caret": (1.2, _one_caret),
    "caret and foot": (0.5, _one_caret_foot),
    "arched": (0.7, _one_arched),
}
