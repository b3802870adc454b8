"""Ten digits as a pen writes them: strokes of points in a unit square, y down."""

from math import cos, pi, sin

Point = tuple[float, float]


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[Point]:
    """Points on an ellipse, from one angle to another in turns clockwise from its right."""
    steps = 24
    angles = [2 * pi * (start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(x + rx * cos(angle), y + ry * sin(angle)) for angle in angles]


DIGITS: dict[int, list[list[Point]]] = {
    0: [arc(0.5, 0.5, 0.22, 0.34, -0.25, -1.25)],
    1: [[(0.52, 0.15), (0.5, 0.5), (0.48, 0.85)]],
    2: [[*arc(0.5, 0.35, 0.2, 0.19, -0.48, 0.1), (0.45, 0.68), (0.29, 0.83), (0.73, 0.83)]],
    3: [[*arc(0.47, 0.33, 0.2, 0.17, -0.42, 0.22), *arc(0.47, 0.66, 0.23, 0.18, -0.2, 0.42)]],
    4: [
        [(0.36, 0.15), (0.31, 0.35), (0.27, 0.55), (0.5, 0.54), (0.75, 0.52)],
        [(0.63, 0.2), (0.61, 0.5), (0.58, 0.86)],
    ],
    5: [
        [(0.35, 0.16), (0.33, 0.44), *arc(0.46, 0.63, 0.23, 0.21, -0.35, 0.42)],
        [(0.35, 0.16), (0.55, 0.155), (0.71, 0.15)],
    ],
    6: [[(0.62, 0.14), (0.45, 0.3), (0.34, 0.5), *arc(0.48, 0.66, 0.17, 0.18, -0.5, -1.5)]],
    7: [[(0.27, 0.18), (0.5, 0.175), (0.72, 0.17), (0.58, 0.5), (0.43, 0.86)]],
    8: [
        [
            *arc(0.5, 0.33, 0.16, 0.17, -0.05, -0.75),
            *arc(0.5, 0.67, 0.19, 0.18, -0.25, 0.75),
            *arc(0.5, 0.33, 0.16, 0.17, 0.25, -0.05),
        ]
    ],
    9: [[*arc(0.49, 0.34, 0.18, 0.18, 0.0, -1.0), (0.65, 0.55), (0.6, 0.86)]],
}


def side_by_side(number: str) -> list[list[Point]]:
    """A number's strokes, over the width of the unit square."""
    slot = 1 / len(number)
    size = min(0.9, 1.5 * slot)
    return [
        [(slot * (place + 0.5) + size * (x - 0.5), 0.5 + size * (y - 0.5)) for x, y in stroke]
        for place, digit in enumerate(number)
        for stroke in DIGITS[int(digit)]
    ]
