"""What is no digit, drawn as pen strokes: letters, signs, scribbles, little pictures, two digits.

A network that has only ever seen digits takes everything for one. These are what it learns to
refuse from. Letters that many people write like a digit are left out (O, l, S, Z, b, q, g, y …),
and so are rings and triangles: where a person could take it for a digit, so may the network.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from model.data import synthetic
from model.data.synthetic.curves import PenStrokes, Point, Strokes, Style, Uniform

_JITTER = 0.07  # of the height: how far a letter's points stray beside what any hand varies
_PAIRS = 0.15  # of all: digits that stand beside each other
_SCRIBBLES = 0.2

# Control points on a grid ten high, "x,y"; with ! the pen turns a corner there.
LETTERS = {
    "A": "0,10 4,0! 8,10; 1,6 7,6",
    "C": "7,2 4,0 0,5 4,10 7,8",
    "E": "6,0 0,0! 0,10! 6,10; 0,5 5,5",
    "E in one": "6,1 2,0 1,3 4,5! 0,7 2,10 6,9",
    "F": "0,0 0,10; 0,0 6,0; 0,5 5,5",
    "F hooked": "7,0 1,0! 1,5 1,10; 1,5 5,5",
    "H": "0,0 0,10; 7,0 7,10; 0,5 7,5",
    "J": "5,0 5,7 3,10 0,8",
    "J barred": "1,0 8,0; 5,0 5,7 3,10 0,8",
    "K": "0,0 0,10; 7,0 0,5! 7,10",
    "L": "0,0 0,10! 6,10",
    "M": "0,10 1,0! 5,7! 9,0! 10,10",
    "M round": "0,10 0,1! 3,0 4,9! 5,1 8,0 9,10",
    "N": "0,10 0,0! 7,10! 7,0",
    "P": "0,0 0,10; 0,1 4,0 6,3 4,5 0,5",
    "R": "0,0 0,10; 0,1 4,0 6,3 4,5 0,5! 6,10",
    "T": "0,0 8,0; 4,0 4,10",
    "U": "0,0 0,7 3,10 6,8 7,0; 7,0 7,10",
    "U round": "0,0 0,7 4,10 7,7 7,0",
    "V": "0,0 4,10! 8,0",
    "W": "0,0 2,10! 5,3! 8,10! 10,0",
    "W round": "0,0 1,8 3,10 5,2! 6,9 8,10 10,0",
    "X": "0,0 7,10; 7,0 0,10",
    "Y": "0,0 4,5!; 8,0 4,5! 4,10",
    "a": "6,2 3,0 0,5 3,9 6,5 6,1! 6,7 9,9",
    "c": "5,2 3,0 0,4 2,8 5,7",
    "d": "5,6 3,4 0,7 3,10 6,7 6,0! 6,8 8,10",
    "e": "0,5 6,4 4,0 0,4 2,9 7,7",
    "e looped": "0,6 5,5 6,2 3,0 1,4 2,9 8,8",
    "f": "6,1 4,0 3,3 3,10; 0,4 6,4",
    "f looped": "0,6 4,4 5,0 3,1 3,9 1,10 3,6 7,5",
    "h": "0,0 0,10! 2,5 5,5 6,10",
    "h looped": "0,7 3,2 2,0 1,4 1,10! 3,6 5,6 6,10 8,9",
    "j": "4,2 4,8 2,10 0,8; 4,-1 4,-1.4",
    "k": "0,0 0,10; 5,4 0,7! 6,10",
    "m": "0,4 0,10! 2,4 4,5 4,10! 6,4 8,5 8,10",
    "n": "0,3 0,10! 2,4 5,4 6,10",
    "p": "0,2 0,10; 0,4 3,2 6,4 4,7 0,6",
    "r": "0,3 0,10! 1,5 3,3 6,3",
    "r with shoulder": "0,8 2,2! 4,4 7,3! 6,8 8,10",
    "t": "2,0 2,8 4,10 6,9; 0,3 5,3",
    "t plain": "3,0 3,5 3,10; 0,3 6,3",
    "u": "0,2 0,8 3,10 6,7 6,2! 6,8 8,10",
    "v": "0,2 3,10! 6,2",
    "w": "0,2 2,10! 5,4! 7,10! 10,2",
    "x": "0,2 6,10; 6,2 0,10",
    "x curled": "0,3 3,3 4,8 7,9; 7,2 4,5 0,10",
    "at": "6,5 4,4 3,6 5,7 6,4! 7,7 9,5 7,1 3,0 0,4 1,9 5,10 9,8",
    "hash": "3,0 2,10; 7,0 6,10; 0,3 9,3; 0,7 9,7",
    "dollar": "7,2 4,1 1,3 4,5 7,7 4,9 0,8; 4,-1 4,11",
    "percent": "8,0 0,10; 1,0 0,2 2,3 3,1 1,0; 7,7 6,9 8,10 9,8 7,7",
    "ampersand": "8,10 2,3 3,0 5,2 0,7 3,10 8,6",
    "asterisk": "4,0 4,8; 0,2 8,6; 8,2 0,6",
    "plus": "4,0 4,8; 0,4 8,4",
    "equals": "0,0 8,0; 0,4 8,4",
    "less": "7,0 0,4! 7,8",
    "greater": "0,0 7,4! 0,8",
    "question": "0,2 2,0 5,1 4,4 3,5 3,7; 3,9 3,9.4",
    "infinity": "6,3 3,0 0,3 3,6 9,0 12,3 9,6 6,3",
    "arrow": "0,4 5,4 10,4; 7,1 10,4! 7,7",
    "tick": "0,6 3,10! 9,0",
    "star": "5,0 8,10! 0,4! 10,4! 2,10! 5,0",
    "heart": "5,3! 2,0 0,3 5,10! 10,3 8,0 5,3",
    "house": "0,10 0,4! 5,0! 10,4! 10,10! 0,10; 4,10 4,7! 6,7! 6,10",
    "face": "5,0 0,5 5,10 10,5 5,0; 3,3 3,3.5; 7,3 7,3.5; 3,7 5,8 7,7",
    "face round": "5,0 0,5 5,10 10,5 5,0; 3,3 3,4; 7,3 7,4; 5,4 5,6; 3,8 5,7 7,8",
    "waves": "0,3 2,0 4,3 6,6 8,3 10,0 12,3",
    "zigzag": "0,0 9,1! 0,4! 9,5! 0,8! 9,9",
    "saw": "0,6 2,0! 4,6! 6,0! 8,6! 10,0",
    "bars": "0,0 0,9; 3,0 3,9; 6,0 6,9; 9,0 9,9",
    "fence": "0,0 8,0; 0,4 8,4; 0,8 8,8",
    "window": "0,0 0,9! 9,9! 9,0! 0,0; 4,0 4,9; 0,4 9,4",
    "spiral": "5,5 6,4 7,6 5,7 3,5 5,2 8,3 9,7 5,10 1,7 1,2 6,0",
    "flower": "5,4 3,1 6,1 5,4 9,3 8,6 5,4 7,8 3,8 5,4 0,6 1,2 5,4; 5,8 5,12",
    "fish": "10,0 4,6 0,3 4,0 10,6! 10,0",
    "cloud": "0,5 1,2 4,2 6,0 8,2 11,2 11,5 8,6 4,6 0,5",
    "alpha": "8,1 4,8 1,9 0,5 2,2 5,4 7,9 9,9",
    "alpha loop": "9,1 6,5 3,9 0,6 2,2 5,4 9,10",
    "beta": "0,14 1,3 3,0 5,2 2,5! 6,6 5,9 1,9",
    "beta round": "0,13 0,2 4,0 5,3 2,5! 6,6 6,9 3,10 0,9",
    "gamma": "0,1 2,1 4,6 3,11 2,9 4,5 7,0",
    "gamma open": "0,0 4,7! 4,12; 8,0 4,7",
    "delta": "6,1 3,0 1,2 5,5 6,8 3,10 0,8 2,5 4,4",
    "theta": "4,0 0,5 4,10 8,5 4,0; 1,5 7,5",
    "theta narrow": "3,0 0,6 3,12 6,6 3,0; 0,6 6,6",
    "lambda": "0,0 2,0 5,5 8,10; 4,4 0,10",
    "lambda plain": "1,0 4,5 7,10; 4,5 0,10",
    "mu": "1,0 1,6 0,14; 1,6 3,8 6,6 6,0! 6,7 8,8",
    "pi": "0,1 2,0 9,0; 3,0 2,5 1,9; 6,0 6,7 8,9",
    "pi plain": "0,0 9,0; 2,0 2,9; 7,0 7,9",
    "Pi": "0,0 9,0; 1,0 1,10; 8,0 8,10",
    "sigma": "9,1 4,1 0,5 3,10 7,6 4,1",
    "phi": "4,3 0,6 4,9 8,6 4,3; 4,0 4,13",
    "phi looped": "2,3 0,6 3,9 7,6 5,3 4,6 3,13",
    "psi": "0,2 1,7 4,8 8,6 8,1; 4,0 4,12",
    "omega": "2,3 0,6 2,9 4,6! 6,9 8,6 6,3",
    "Omega": "0,10 3,10! 1,4 5,0 9,4 7,10! 10,10",
    "epsilon": "6,1 2,0 1,3 4,4! 0,7 2,10 6,9",
    "xi": "5,0 1,1 4,3! 0,5 4,7 6,10 3,12",
    "Delta crossed": "0,10 5,0! 10,10! 0,10; 2,7 8,7",
    "sum": "8,1 7,0 0,0! 5,5! 0,10! 8,10! 8,9",
    "sum plain": "8,0 0,0! 4,5! 0,10! 8,10",
    "integral": "7,1 5,0 4,3 3,10 1,13 0,12",
    "integral tall": "5,1 4,0 3,2 3,11 2,13 0,12",
    "root": "0,6 1,5! 3,10! 5,0! 12,0",
    "root empty": "0,5 2,10! 4,0! 9,0! 9,2",
    "unequal": "0,3 9,3; 0,6 9,6; 7,0 2,9",
    "about": "0,1 3,0 6,1 9,0; 0,5 3,4 6,5 9,4",
    "tilde": "0,2 3,0 6,2 9,0",
    "times": "0,0 8,8; 8,0 0,8",
    "divided": "0,4 8,4; 4,1 4,1.4; 4,7 4,7.4",
    "plus or minus": "4,0 4,7; 0,3 8,3; 0,9 8,9",
    "minus": "0,0 9,0",
    "exclamation": "1,0 1,7; 1,10 1,10.4",
    "exclamation fat": "0,0 1,7! 2,0! 0,0; 1,10 1,10.6",
    "semicolon": "2,0 2,0.5; 2,6 2,8 0,10",
    "comma": "1,0 2,0 2,2 0,5",
    "colon": "0,0 0,0.5; 0,6 0,6.5",
    "dots": "0,0 0,0.5; 4,0 4,0.5; 8,0 8,0.5",
    "quotes": "0,0 0,3; 3,0 3,3",
    "question hooked": "0,3 1,0 5,0 6,3 3,5 2,7; 2,10 2,10.5",
    "braces": "3,0 1,1 2,4 0,5! 2,6 1,9 3,10",
    "brackets": "3,0 0,0! 0,10! 3,10; 7,0 10,0! 10,10! 7,10",
    "parentheses": "2,0 0,5 2,10; 5,0 7,5 5,10",
    "arrow left": "10,4 5,4 0,4; 3,1 0,4! 3,7",
    "arrow up": "4,10 4,5 4,0; 1,3 4,0! 7,3",
    "arrow down": "4,0 4,5 4,10; 1,7 4,10! 7,7",
    "arrow in one": "0,4 10,4! 7,1! 10,4! 7,7",
    "arrow both": "0,4 10,4; 7,1 10,4! 7,7; 3,1 0,4! 3,7",
    "heart pointed": "5,10 0,4 1,0 4,0 5,3! 6,0 9,0 10,4 5,10",
    "star six": "5,0 9,8! 1,8! 5,0; 5,11 1,3! 9,3! 5,11",
    "star rays": "5,0 5,10; 0,5 10,5; 1,1 9,9; 9,1 1,9",
    "house in one": "0,10 0,4! 10,4! 10,10! 0,10! 10,4! 5,0! 0,4! 10,10",
    "house with roof": "1,4 1,10! 9,10! 9,4; 0,4 5,0! 10,4",
    "house with window": "0,10 0,4! 5,0! 10,4! 10,10! 0,10; 3,6 3,8! 6,8! 6,6! 3,6",
    "face sad": "5,0 0,5 5,10 10,5 5,0; 3,3 3,4; 7,3 7,4; 3,8 5,7 7,8",
    "face eyes": "5,0 1,1 0,5 1,9 5,10 9,9 10,5 9,1 5,0; 3,4 3.4,4; 7,4 7.4,4; 2,6 5,9 8,6",
    "spiral out": "6,5 5,6 4,5 5,3 7,4 7,7 4,8 2,5 4,1 8,2 10,6",
    "spiral back": "5,5 4,4 3,6 5,7 8,5 5,2 1,4 2,9 7,9",
    "spiral square": "5,5 5,6! 4,6! 4,4! 7,4! 7,8! 2,8! 2,2! 9,2! 9,10",
    "sun": "5,3 3,5 5,7 7,5 5,3; 5,0 5,2; 5,8 5,10; 0,5 2,5; 8,5 10,5",
    "tree": "4,10 4,6; 5,10 5,6; 4,6 1,5 2,1 5,0 8,2 8,5 5,6",
    "fir": "5,0 2,4! 4,4! 1,8! 9,8! 6,4! 8,4! 5,0; 5,8 5,10",
    "man": "4,0 3,1 4,2 5,1 4,0; 4,2 4,6; 1,3 7,3; 1,10 4,6! 7,10",
    "cat": "1,0 2,3! 6,3! 8,0! 8,6 4,9 1,6 1,0",
    "boat": "0,6 2,9! 8,9! 10,6! 0,6; 5,6 5,0! 9,5! 5,5",
    "cup": "0,2 1,9! 6,9! 7,2! 0,2; 7,4 9,4 9,6 6,7",
    "note": "4,9 2,8 1,9 2,10 4,9 4,0! 7,3",
    "bolt sign": "5,0 1,6! 5,5! 2,11",
    "eye": "0,4 5,0 10,4 5,8 0,4; 5,3 4,4 5,5 6,4 5,3",
    "grid": "3,0 3,9; 6,0 6,9; 0,3 9,3; 0,6 9,6",
    "box crossed": "0,0 0,9! 9,9! 9,0! 0,0; 0,0 9,9; 9,0 0,9",
    "stairs": "0,9 3,9! 3,6! 6,6! 6,3! 9,3! 9,0",
    "loops": "0,6 4,2 2,0 1,4 4,7 8,3 6,0 5,4 8,7 12,3",
    "copyright": "5,0 0,5 5,10 10,5 5,0; 7,4 5,3 3,5 5,7 7,6",
    "euro": "8,1 5,0 2,3 2,7 5,10 8,9; 0,4 6,4; 0,6 5,6",
    "pound": "7,2 5,0 3,2 3,7 0,10! 7,10; 1,5 5,5",
    "section": "6,1 3,0 2,2 6,5 6,7 3,6 2,4 6,8 4,11 1,10",
}


def make(count: int, seed: int) -> NDArray[np.uint8]:
    """Draw `count` things that are no digit, (count, 28, 28) uint8, as digits are prepared.

    The same seed gives the same images.
    """
    rng = np.random.default_rng(seed)
    kinds = rng.choice(3, count, p=[1 - _SCRIBBLES - _PAIRS, _SCRIBBLES, _PAIRS])
    letters, scribbles, pairs = (int((kinds == kind).sum()) for kind in range(3))
    drawings = [*_letters(letters, rng), *_scribbles(scribbles, rng), *_pairs(pairs, rng)]
    order = rng.permutation(count)
    return synthetic.render([drawings[i] for i in order], synthetic.pens(count, rng))


def _letters(count: int, rng: np.random.Generator) -> list[PenStrokes]:
    """Letters, signs and little pictures; each as often as any other."""
    chosen = rng.choice(list(LETTERS), count)
    return [
        drawing
        for name in LETTERS
        if (times := int((chosen == name).sum()))
        for drawing in synthetic.draw_style(_style(name), times, rng)
    ]


def draw_letter(name: str, rng: np.random.Generator) -> PenStrokes:
    """Draw one of LETTERS once; its strokes, each (P, 2) float32, y down."""
    return synthetic.draw_style(_style(name), 1, rng)[0]


def _style(name: str) -> Style:
    strokes = [[_point(point) for point in line.split()] for line in LETTERS[name].split(";")]

    def style(u: Uniform) -> Strokes:
        return [_jittered(_with_middles(stroke), u) for stroke in strokes]

    return style


def _point(text: str) -> tuple[float, float, float]:
    """x and y in heights of the letter, and 0 for a corner or 1 for a smooth curve."""
    x, y = text.removesuffix("!").split(",")
    return float(x) / 10, float(y) / 10, 0.0 if text.endswith("!") else 1.0


def _with_middles(points: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """A straight line's two ends with its middle between them, so that it may bend."""
    if len(points) > 2:
        return points
    (x, y, _), (u, v, _) = points
    return [points[0], ((x + u) / 2, (y + v) / 2, 1.0), points[1]]


def _jittered(points: list[tuple[float, float, float]], u: Uniform) -> list[Point]:
    return [(x + u(-_JITTER, _JITTER), y + u(-_JITTER, _JITTER), smooth) for x, y, smooth in points]


def _scribbles(count: int, rng: np.random.Generator) -> list[PenStrokes]:
    """A pen that wanders about, with few turns or with many."""
    turns = rng.integers(7, 16, count)
    return [
        drawing
        for number in np.unique(turns)
        for drawing in synthetic.draw_style(
            _wander(int(number), rng), int((turns == number).sum()), rng
        )
    ]


def _wander(turns: int, rng: np.random.Generator) -> Style:
    smooth = float(rng.random() < 0.7)

    def style(u: Uniform) -> Strokes:
        return [[(u(0, 1), u(0, 1), smooth) for _ in range(turns)]]

    return style


def _pairs(count: int, rng: np.random.Generator) -> list[PenStrokes]:
    """Two digits beside each other: each is one, both together are none."""
    pairs = []
    for _ in range(count):
        left, right = (synthetic.draw_digit(int(digit), rng) for digit in rng.integers(0, 10, 2))
        gap = rng.uniform(0, 0.5)
        step = np.array(
            [_edge(left, np.max) - _edge(right, np.min) + gap, rng.normal(0, 0.1)], np.float32
        )
        pairs.append([*left, *(stroke + step for stroke in right)])
    return pairs


def _edge(drawing: PenStrokes, of: Callable[[NDArray[np.float32]], np.float32]) -> float:
    return float(of(np.concatenate(drawing)[:, 0]))
