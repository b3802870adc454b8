"""Ink, from a pen's path or from a picture, to 28×28 arrays made as MNIST was made.

MNIST's authors fitted each bilevel NIST digit into a 20×20 box, aspect kept, with an
anti-aliased resampling, and shifted it by whole pixels until its centre of mass lay in the
middle of a 28×28 field (LeCun, Cortes, Burges: "The MNIST database of handwritten digits";
LeCun et al., Proc. IEEE 86(11), 1998). A network trained on MNIST reads what was made that way,
and little else, so everything that is read here goes through this module.

A pen's path is redrawn at MNIST's own stroke width: how large, where, and with how thick a pen
it was drawn no longer matters. A picture has no path; its stroke width is measured with a
distance transform and brought to MNIST's by growing or shrinking the ink.
"""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from model import paper
from model.errors import InklingError

SIDE = 28  # px, of the field
BOX = 20  # px, the longer side of the ink
CENTRE = 14  # the array index of the centre of mass
STROKE_WIDTH = 2.4  # px, the median of MNIST's training images, as `stroke_width` measures it
USUAL_WIDTHS = (1.5, 3.9)  # px, their 5th and 95th percentiles

MAX_PICTURE_BYTES = 20 * 2**20
MAX_PICTURE_PIXELS = 20_000_000
MAX_PATH_COMMANDS = 100_000
DOT_EXTENT = 8.0  # canvas px; a tap of a finger moves less, the smallest digit far more

_FINE = 8  # ink is drawn this many times finer than the field, then averaged down
_STRAIGHT = 0.1  # px of that fine drawing, how far a line may run past a point of the pen's
_SUBPIXEL = 4  # fractional bits of the coordinates given to OpenCV
_QUADRATIC_STEPS = np.linspace(0, 1, 5)[1:, None]  # a Fabric Q spans a few px: 4 chords do
_SMALLEST_PICTURE = 10  # px, of the longer side
_SMALLEST_PHOTO = 64  # px, of the shorter side; a smaller picture has no light to speak of
_UNEVEN = 2  # grey levels, the standard deviation along the edge of what is no even paper
_FAINTEST = 12  # grey levels between ink and paper
_WORKING_SIDE = 512  # px; finer pictures say nothing more about a 20-px digit

Image = NDArray[np.float32]


class Unreadable(StrEnum):
    """Why there is no digit to read; the value says it in plain words."""

    BLANK = "nothing is drawn"
    DOT = "a dot is not a digit"
    FULL = "there is too much ink to see a digit"
    TOO_SMALL = "the picture is too small to hold a digit"


@dataclass(frozen=True)
class Prepared:
    """What the network sees: `image` (28, 28) float32 in [0, 1], or the reason for having none."""

    image: Image | None
    reason: Unreadable | None = None


# ---------------------------------------------------------------- a pen's path


def prepare_strokes(
    strokes: Sequence[NDArray[Any]], *, smallest: float = 0.0, width: float = STROKE_WIDTH
) -> Prepared:
    """Redraw pen strokes as MNIST would have scanned them.

    strokes: each (P, 2), x to the right and y down, in any unit, finite.
    smallest: what extends no further than this, in that unit, is a dot.
    width: the pen's, in px of the 28×28 field.
    """
    strokes = [np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in strokes if len(stroke)]
    if not strokes:
        return Prepared(None, Unreadable.BLANK)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low).max())
    if extent <= smallest:
        return Prepared(None, Unreadable.DOT)

    scale = (BOX - width) * _FINE / extent
    margin = width * _FINE / 2 + 1
    paths = [
        np.round(((stroke - low) * scale + margin) * 2**_SUBPIXEL).astype(np.int32)
        for stroke in strokes
    ]
    # A thick line takes time for each point: those that it can do without are left out.
    paths = [cv2.approxPolyDP(path, _STRAIGHT * 2**_SUBPIXEL, False) for path in paths]
    paths = [np.repeat(path, 2, axis=0) if len(path) == 1 else path for path in paths]  # dots
    fine = np.zeros((BOX * _FINE + 4, BOX * _FINE + 4), np.float32)
    thickness = max(1, round(width * _FINE))
    cv2.polylines(fine, paths, False, 1, thickness, cv2.LINE_8, _SUBPIXEL)
    if fine.mean() > 0.8:
        return Prepared(None, Unreadable.FULL)
    return Prepared(_centred(_fitted(_cropped(fine), BOX)))


def prepare_canvas(drawing: Mapping[str, Any]) -> Prepared:
    """`prepare_strokes` for the canvas's `json_data`; raises InklingError where that is broken."""
    return prepare_strokes(strokes_from_canvas(drawing), smallest=DOT_EXTENT)


def strokes_from_canvas(drawing: Mapping[str, Any]) -> list[NDArray[np.float32]]:
    """The pen strokes of a Fabric.js canvas, each (P, 2) float32 in canvas px.

    Every path is taken where the canvas shows it: moved, scaled, turned, flipped and skewed as
    its transform says. Raises InklingError for a drawing that Fabric could not have made.
    """
    try:
        paths = [item for item in drawing["objects"] if str(item["type"]).lower() == "path"]
        if sum(len(item["path"]) for item in paths) > MAX_PATH_COMMANDS:
            raise InklingError(
                f"The drawing has more than {MAX_PATH_COMMANDS:,} pen moves; draw a simpler one."
            )
        strokes = [_placed(item) for item in paths]
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise InklingError(
            f"The drawing can't be read ({type(error).__name__}: {error}); "
            "wanted: a Fabric.js drawing with paths of M, L and Q."
        ) from error
    if not all(np.isfinite(stroke).all() for stroke in strokes):
        raise InklingError(
            "The drawing has a coordinate that is no number; wanted: finite coordinates."
        )
    return strokes


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


# ---------------------------------------------------------------- a picture


def read_picture(source: Path | bytes) -> NDArray[np.uint8]:
    """A picture file, upright as its EXIF says: (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA.

    Raises InklingError for what is missing, too large or no picture.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    name = f"“{source.name}”" if isinstance(source, Path) else "The picture"
    try:
        size = source.stat().st_size if isinstance(source, Path) else len(source)
        if size > MAX_PICTURE_BYTES:
            raise InklingError(
                f"{name} has {size / 2**20:.0f} MB; wanted: a picture of at most "
                f"{MAX_PICTURE_BYTES // 2**20} MB."
            )
        with Image.open(source if isinstance(source, Path) else io.BytesIO(source)) as file:
            if file.width * file.height > MAX_PICTURE_PIXELS:
                raise InklingError(
                    f"{name} has {file.width} × {file.height} px; wanted: at most "
                    f"{MAX_PICTURE_PIXELS // 10**6} megapixels."
                )
            # A JPEG decodes straight to a fraction of its size; a no-op for the others.
            file.draft("RGB", (2 * _WORKING_SIDE, 2 * _WORKING_SIDE))
            upright = ImageOps.exif_transpose(file)
            if upright.mode.startswith("I"):  # 16 bits a pixel
                grey = np.asarray(upright, np.float64)
                return (grey / max(grey.max(), 1) * 255).astype(np.uint8)
            transparent = "A" in upright.getbands() or "transparency" in upright.info
            mode = "RGBA" if transparent else "L" if upright.mode in ("1", "L") else "RGB"
            return np.asarray(upright.convert(mode))
    except FileNotFoundError:
        raise InklingError(f"{name} is not there; wanted: a picture file.") from None
    except Image.DecompressionBombError:
        raise InklingError(
            f"{name} unpacks to far too many pixels; wanted: at most "
            f"{MAX_PICTURE_PIXELS // 10**6} megapixels."
        ) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        # Pillow's decoders raise each of these on a damaged file.
        raise InklingError(
            f"{name} can't be read as a picture ({error}); wanted: PNG, JPEG, WebP, BMP or GIF."
        ) from error


def prepare_picture(picture: NDArray[np.uint8]) -> Prepared:
    """Find the ink in a picture and fit it as MNIST was fitted.

    picture: uint8, (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA; dark on light or light on dark.
    An MNIST image comes back as it is, but for rounding.
    """
    found = find_ink(picture)
    return prepare_ink(found.ink) if found.ink is not None else Prepared(None, found.reason)


@dataclass(frozen=True, eq=False)
class Found:
    """The ink in a picture, `ink` (H, W) float32 in [0, 1], or the reason for there being none.

    scale: how many px of `ink` a px of the picture is, 1 or less.
    """

    ink: Image | None
    reason: Unreadable | None = None
    scale: float = 1.0


def find_ink(picture: NDArray[np.uint8]) -> Found:
    """The first half of `prepare_picture`: where in the picture there is ink."""
    if max(picture.shape[:2]) < _SMALLEST_PICTURE:
        return Found(None, Unreadable.TOO_SMALL)
    grey = _limited(_grey(picture), _WORKING_SIDE)
    ink = _ink(grey)
    if ink is None:
        return Found(None, Unreadable.BLANK if grey.mean() > 127 else Unreadable.FULL)
    if (ink > 0.5).mean() > 0.8:
        return Found(None, Unreadable.FULL)
    return Found(ink, None, max(grey.shape) / max(picture.shape[:2]))


def prepare_ink(ink: Image) -> Prepared:
    """The second half of `prepare_picture`: `ink` (H, W) float32 in [0, 1], some of it above 0."""
    ink = _cropped(ink)
    deepest = 2 * float(_depth(ink > 0.5).max())
    if deepest == 0 or deepest > 0.75 * max(ink.shape):
        return Prepared(None, Unreadable.DOT)
    return Prepared(_centred(_fitted(_at_usual_width(ink), BOX)))


def _grey(picture: NDArray[np.uint8]) -> Image:
    """Luminance (H, W) float32, 0 to 255; transparent parts become paper for the ink on them."""
    if picture.ndim == 2:
        return picture.astype(np.float32)
    grey = cv2.cvtColor(picture[:, :, :3], cv2.COLOR_RGB2GRAY).astype(np.float32)
    if picture.shape[2] == 3:
        return grey
    opacity = picture[:, :, 3].astype(np.float32) / np.float32(255)
    if not opacity.any():
        return np.full(grey.shape, 255, np.float32)
    ink_is_dark = np.average(grey, weights=opacity) < 128
    return grey * opacity + np.float32(255 if ink_is_dark else 0) * (1 - opacity)


def _limited(grey: Image, longest: int) -> Image:
    if max(grey.shape) <= longest:
        return grey
    scale = longest / max(grey.shape)
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.float32)


def _ink(grey: Image) -> Image | None:
    """How much ink each pixel holds, (H, W) float32 in [0, 1]; None where nothing stands out."""
    frame = _frame(grey)
    photo = np.std(frame) >= _UNEVEN and min(grey.shape) >= _SMALLEST_PHOTO and not _is_flat(grey)
    if photo:
        contrast = paper.without_rules(*paper.contrast(grey))
    else:
        level = np.float32(np.median(frame)) if np.std(frame) < _UNEVEN else _uneven_paper(grey)
        contrast = grey - level
        if (np.minimum(contrast, 0) ** 2).sum() > (np.maximum(contrast, 0) ** 2).sum():
            contrast = -contrast
        contrast = np.maximum(contrast, 0)

    levels = np.clip(contrast, 0, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)
    above = contrast[levels > threshold]
    if not above.size or np.median(above) < _FAINTEST:
        return None
    full = np.percentile(above, 98)
    noise = np.percentile(_frame(contrast), 95) / full
    ink = np.clip(contrast / full, 0, 1)
    ink[ink <= min(1.5 * noise, 0.35)] = 0
    return _without_specks(_without_rim(ink), 0.04) if photo else _without_specks(ink, 0.01)


def _is_flat(grey: Image) -> bool:
    """Whether much of the picture is of one level, as no photo is."""
    return bool(np.bincount(grey.astype(np.uint8).ravel()).max() > 0.3 * grey.size)


def _without_rim(ink: Image) -> Image:
    """`ink` without what comes in from the picture's edge, if there is other ink that is strong."""
    _, labels = cv2.connectedComponents((ink > 0).astype(np.uint8))
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    inner = np.where(np.isin(labels, rim[rim > 0]), np.float32(0), ink)
    return inner if (inner > 0.5).sum() > 0.3 * (ink > 0.5).sum() else ink


def _frame(grey: Image) -> Image:
    """The pixels along the picture's edge, where there is seldom ink."""
    rim = max(1, min(grey.shape) // 25)
    inner = np.zeros(grey.shape, bool)
    inner[rim:-rim, rim:-rim] = True
    return grey[~inner]


def _uneven_paper(grey: Image) -> Image:
    """The light on a photographed sheet: a quadratic surface through what is not ink."""
    height, width = grey.shape
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA)

    def terms(columns: int, rows: int) -> Image:
        x = np.linspace(-1, 1, columns, dtype=np.float32)[None, :]
        y = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
        return np.stack(np.broadcast_arrays(np.ones((1, 1)), x, y, x * y, x * x, y * y), axis=-1)

    basis = terms(32, 32).reshape(-1, 6).astype(np.float32)
    values = small.ravel()
    keep = np.abs(values - np.median(_frame(grey))) < max(40.0, 2 * float(np.std(_frame(grey))))
    if keep.sum() < 64:
        return np.full(grey.shape, np.median(_frame(grey)), np.float32)
    for _ in range(3):  # each pass leaves out what the last one found to be ink
        surface = basis @ np.linalg.lstsq(basis[keep], values[keep], rcond=None)[0]
        away = np.abs(values - surface)
        keep = away <= max(4.0, 2.5 * float(np.median(away)))
    weights = np.linalg.lstsq(basis[keep], values[keep], rcond=None)[0]
    return (terms(width, height) @ weights).astype(np.float32)


def _without_specks(ink: Image, speck: float) -> Image | None:
    """Keep the connected pieces that are inked through somewhere and are no specks of dust: have
    more than `speck` of the largest one's area."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((ink > 0).astype(np.uint8))
    if count == 1:
        return None
    strongest = np.zeros(count, np.float32)
    np.maximum.at(strongest, np.asarray(labels, np.int32).ravel(), ink.ravel())
    area = stats[:, cv2.CC_STAT_AREA].astype(np.float32)
    area[(strongest <= 0.5) | (np.arange(count) == 0)] = 0
    if not area.any():
        return None
    return np.where((area >= speck * area.max())[labels], ink, 0).astype(np.float32)


def _cropped(ink: Image) -> Image:
    x, y, width, height = cv2.boundingRect((ink > 0).astype(np.uint8))
    return ink[y : y + height, x : x + width]


def _depth(mask: NDArray[np.bool_]) -> Image:
    """Each inked pixel's distance in px to the nearest paper, beyond the array's edge too."""
    return _distance(np.pad(mask, 1))[1:-1, 1:-1]


def _distance(mask: NDArray[np.bool_]) -> Image:
    """The distance in px from each pixel of `mask` to the nearest one outside of it."""
    distance = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance, np.float32)


def stroke_width(image: Image) -> float:
    """The width in px of the strokes of `image` (H, W) float32 in [0, 1].

    Twice the mean depth on the strokes' ridge, where a pixel lies as deep as any around it.
    """
    depth = _depth(image > 0.5)
    ridge = (depth > 0) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)) - 1e-3)
    return float(2 * np.median(depth[ridge]) - 1) if ridge.any() else 0.0


def _at_usual_width(ink: Image) -> Image:
    """`ink` with strokes as wide as MNIST's, or as it is where they are.

    Shrinking must leave as many pieces and holes as there were, or it would break the digit at its
    thinnest: a part of the change is made then, or none.
    """
    fine = _fitted(ink, BOX * _FINE)
    if 2 * (fine > 0.5).sum() < fine.sum():  # a line so thin that shrinking made it grey
        thicker = np.asarray(cv2.dilate(ink, np.ones((3, 3), np.uint8)), np.float32)
        fine = _fitted(thicker, BOX * _FINE)
    width = stroke_width(fine) / _FINE
    if width == 0 or USUAL_WIDTHS[0] <= width <= USUAL_WIDTHS[1]:
        return ink
    # The ink's box shrinks with its strokes and is then fitted to BOX again.
    wanted = STROKE_WIDTH * (BOX - width) / (BOX - STROKE_WIDTH)
    by = (wanted - width) * _FINE / 2  # px of growth on each side
    mask = np.pad(fine > 0.5, BOX * _FINE // 8)
    if by > 0:
        return _cropped((_distance(~mask) <= by).astype(np.float32))
    for part in (1, 0.75, 0.5, 0.25):
        shrunk = _distance(mask) > -by * part
        if _topology(shrunk) == _topology(mask):
            return _cropped(shrunk.astype(np.float32))
    return ink


def _topology(mask: NDArray[np.bool_]) -> tuple[int, int]:
    """How many pieces and how many holes."""
    pieces = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0] - 1
    holes = cv2.connectedComponents((~mask).astype(np.uint8), connectivity=4)[0] - 2
    return pieces, holes


# ---------------------------------------------------------------- what both end in


def _fitted(ink: Image, side: int) -> Image:
    """`ink` resampled so that its longer side is `side` px, aspect kept."""
    height, width = ink.shape
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == (width, height):
        return ink
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    # Averaging can round a pixel to just above 1.
    return np.minimum(cv2.resize(ink, size, interpolation=how), np.float32(1))


def _centred(ink: Image) -> Image:
    """`ink`, at most BOX px a side, in a 28×28 field with its centre of mass at index 14.

    The shift is by whole pixels and never pushes ink over the edge.
    """
    height, width = ink.shape
    total = float(ink.sum())
    row = float(ink.sum(axis=1) @ np.arange(height)) / total
    column = float(ink.sum(axis=0) @ np.arange(width)) / total
    top = min(max(round(CENTRE - row), 0), SIDE - height)
    left = min(max(round(CENTRE - column), 0), SIDE - width)
    field = np.zeros((SIDE, SIDE), np.float32)
    field[top : top + height, left : left + width] = ink
    return field
