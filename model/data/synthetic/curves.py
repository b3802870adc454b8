"""What a style is written in: strokes of control points on smooth curves and corners.

A coordinate is a number or an array (N,), one value for each digit of a batch, so that many digits
of one style are drawn in a few NumPy calls.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Coordinate = float | Array
# (x, y) on a smooth curve, or (x, y, 0) where the pen turns a corner.
Smooth = tuple[Coordinate, Coordinate]
Corner = tuple[Coordinate, Coordinate, float]
Point = Smooth | Corner
Strokes = list[list[Point]]
# uniform(low, high) gives one number for each digit of the batch.
Uniform = Callable[[float, float], Array]
Style = Callable[[Uniform], Strokes]
PenStrokes = list[NDArray[np.float32]]  # the strokes of one, each (P, 2)


def arc(
    x: Coordinate,
    y: Coordinate,
    width: Coordinate,
    height: Coordinate,
    start: Coordinate,
    sweep: Coordinate,
    grow: Coordinate = 0.0,
    points: int = 10,
) -> list[Point]:
    """An arc of the ellipse about (x, y), angles in degrees, clockwise on screen from the right.

    `grow` widens it from start to end, so that a full turn spirals instead of closing.
    """
    arc: list[Point] = []
    for t in np.linspace(0, 1, points):
        angle = np.radians(start + sweep * t)
        size = 0.5 * (1 + grow * t)
        arc.append((x + width * size * np.cos(angle), y + height * size * np.sin(angle)))
    return arc
