"""The drawing canvas: Fabric.js' JSON to the strokes of a pen."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InklingError

MAX_PATH_COMMANDS = 100_000

_NEAREST = 0.4  # canvas px between two points of a pencil's stroke
_QUADRATIC_STEPS = np.linspace(0, 1, 5)[1:, None]  # a Fabric Q spans a few px: 4 chords do


def strokes_from_canvas(drawing: Mapping[str, Any]) -> list[NDArray[np.float32]]:
    """The pen strokes of a Fabric.js canvas, each (P, 2) float32 in canvas px.

    Every path is taken where the canvas shows it: moved, scaled, turned, flipped and skewed as
    its transform says. Raises InklingError for a drawing that Fabric could not have made.
    """
    try:
        paths = [item for item in drawing["objects"] if str(item["type"]).lower() == "path"]
        if sum(len(item["path"]) for item in paths) > MAX_PATH_COMMANDS:
            raise InklingError(
                "The drawing has more than {max_path_commands:,} pen moves; draw a simpler one.",
                max_path_commands=MAX_PATH_COMMANDS,
            )
        strokes = [_placed(item) for item in paths]
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise InklingError(
            "The drawing can't be read ({kind}: {error}); "
            "wanted: a Fabric.js drawing with paths of M, L and Q.",
            kind=type(error).__name__,
            error=error,
        ) from error
    if not all(np.isfinite(stroke).all() for stroke in strokes):
        raise InklingError(
            "The drawing has a coordinate that is no number; wanted: finite coordinates."
        )
    return strokes


def path_from_points(points: Sequence[Sequence[float]], pen_width: float = 0.0) -> list[list[Any]]:
    """Where a pointer was, (P, 2) canvas px, → the path [["M", x, y], …] that Fabric's pencil makes
    of it: getSmoothPathFromPoints.

    Raises InklingError for too many points, and ValueError for what are no points.
    """
    if not 0 < len(points) <= MAX_PATH_COMMANDS:
        raise InklingError(
            "The stroke has {count:,} points; wanted: from 1 to {max_path_commands:,}.",
            count=len(points),
            max_path_commands=MAX_PATH_COMMANDS,
        )
    at = np.asarray(points, np.float64)
    if at.ndim != 2 or at.shape[1] != 2 or not np.isfinite(at).all():
        raise ValueError(f"points of shape {at.shape}")
    at = _decimated(at[np.append(True, (at[1:] != at[:-1]).any(axis=1))])
    # A thousandth of the pen's width longer at both ends, it bends at each point and goes through
    # the middle between two.
    longer = pen_width / 1000 * np.array([[1.0, 0.0]] * 2)
    if len(at) > 2:
        longer = pen_width / 1000 * np.sign([at[2] - at[1], at[-1] - at[-2]])
    middles = (at[:-1] + at[1:]) / 2
    curves = np.concatenate([at[:-1], middles], axis=1)[(at[:-1] != at[1:]).any(axis=1)]
    return [
        ["M", *(at[0] - longer[0]).tolist()],
        *(["Q", *curve] for curve in curves.tolist()),
        ["L", *(at[-1] + longer[1]).tolist()],
    ]


def path_corner(path: Sequence[Sequence[Any]]) -> tuple[float, float]:
    """The left and the top of a path in its own coordinates, without the pen's width."""
    left, top = _flattened(path)[1].tolist()
    return left, top


def _decimated(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Those of the points (P, 2), no two alike in a row, that Fabric's pencil keeps: none nearer to
    the one before it than `_NEAREST`, nor the last but one, as its decimatePoints has it."""
    if len(points) <= 2:
        return points
    kept = [0]
    for place in range(1, len(points) - 2):
        if ((points[place] - points[kept[-1]]) ** 2).sum() >= _NEAREST**2:
            kept.append(place)
    return points[[*kept, len(points) - 1]]


def pen_width(drawing: Mapping[str, Any]) -> float:
    """The width of the thickest pen on a canvas that `strokes_from_canvas` has read, in px."""
    paths = [item for item in drawing["objects"] if str(item["type"]).lower() == "path"]
    return max((float(path.get("strokeWidth", 1)) for path in paths), default=0.0)


def _placed(item: Mapping[str, Any]) -> NDArray[np.float32]:
    """One Fabric path in canvas px; fabric.Object's calcOwnMatrix and translateToCenterPoint."""
    points, low, high = _flattened(item["path"])

    def number(key: str, default: float) -> float:
        return float(item.get(key, default))

    scale = np.array([number("scaleX", 1), number("scaleY", 1)])
    flip = np.array([-1 if item.get("flipX") else 1, -1 if item.get("flipY") else 1])
    skew_x, skew_y = (math.tan(math.radians(number(key, 0))) for key in ("skewX", "skewY"))
    shape = np.diag(scale * flip) @ [[1, skew_x], [0, 1]] @ [[1, 0], [skew_y, 1]]
    angle = math.radians(number("angle", 0))
    turn = np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]],
    )

    pen = number("strokeWidth", 1)
    uniform = bool(item.get("strokeUniform"))
    size = high - low + (0 if uniform else pen)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * size / 2 @ shape.T
    shown = np.ptp(corners, axis=0) + (pen if uniform else 0)
    origin = {"left": -0.5, "top": -0.5, "center": 0.0, "right": 0.5, "bottom": 0.5}
    at = np.array([origin[item.get("originX", "left")], origin[item.get("originY", "top")]])
    centre = np.array([number("left", 0), number("top", 0)]) - turn @ (at * shown)
    return ((points - (low + high) / 2) @ (turn @ shape).T + centre).astype(np.float32)


def _flattened(
    commands: Sequence[Sequence[Any]],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Points on a path of M, L and Q in its own coordinates, and its exact box (low, high).

    All commands at once, as quadratic curves: a line is one that bends at its end, a move one that
    goes nowhere.
    """
    commands = [command for command in commands if command[0] not in ("Z", "z")]
    for name, *numbers in commands:
        if len(numbers) != {"M": 2, "L": 2, "Q": 4}[name]:
            raise ValueError(f"path command {name!r} with {len(numbers)} numbers")
    if commands[0][0] != "M":
        raise ValueError(f"path that begins with {commands[0][0]!r}")
    end = np.array([command[-2:] for command in commands], np.float64)
    bend = np.array([command[1:3] for command in commands], np.float64)
    start = np.concatenate([end[:1], end[:-1]])
    moves = [command[0] == "M" for command in commands]
    start[moves] = end[moves]

    t = _QUADRATIC_STEPS
    points = _quadratic(start[:, None], bend[:, None], end[:, None], t).reshape(-1, 2)
    curvature = start - 2 * bend + end
    furthest = np.clip((start - bend) / np.where(curvature == 0, 1, curvature), 0, 1)
    edge = np.concatenate([points, _quadratic(start, bend, end, furthest)])
    return points, edge.min(axis=0), edge.max(axis=0)


def _quadratic(
    start: NDArray[np.float64],
    bend: NDArray[np.float64],
    end: NDArray[np.float64],
    t: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The points at `t` of quadratic Bézier curves."""
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end
