"""Ink in a picture: found, and fitted as MNIST was.

A picture has no path; its stroke width is measured with a distance transform and brought to
MNIST's by growing or shrinking the ink.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from model.preprocessing import paper, sheet
from model.preprocessing.framing import Image, Prepared, Unreadable, crop, frame
from model.preprocessing.pixels import halved, to_float32
from model.preprocessing.stroke_width import at_usual_width, depth

_SMALLEST_PICTURE = 10  # px, of the longer side
_SMALLEST_PHOTO = 64  # px, of the shorter side; a smaller picture has no light to speak of
_UNEVEN = 2  # grey levels, the standard deviation along the edge of what is no even paper
_FAINTEST = 12  # grey levels between ink and paper
_WORKING_SIDE = 512  # px; finer pictures say nothing more about a 20-px digit
_FINEST = 2048  # px; finer photos are halved: the sheet in one is at most so much smaller


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

    scale: how many px of `ink` a px of the picture is, 1 or less; of a sheet on a table, roughly.
    corners: of that sheet, (4, 2) in px of the picture, clockwise from the upper left.
    homography: (3, 3), from px of `ink` to the picture's; where there is none, the scale says all.
    """

    ink: Image | None
    reason: Unreadable | None = None
    scale: float = 1.0
    corners: NDArray[np.float64] | None = None
    homography: NDArray[np.float64] | None = None

    def on_picture(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where `points` (P, 2), in px of `ink`, lie in the picture."""
        if self.homography is None:
            return points / self.scale
        return np.asarray(cv2.perspectiveTransform(points[None], self.homography)[0], np.float64)


def find_ink(picture: NDArray[np.uint8], corners: NDArray[np.float64] | None = None) -> Found:
    """The first half of `prepare_picture`: where in the picture there is ink.

    corners: of the sheet of paper, (4, 2) in px of the picture, clockwise from the upper left;
    without, a sheet is looked for in what is a photo.
    """
    if max(picture.shape[:2]) < _SMALLEST_PICTURE:
        return Found(None, Unreadable.TOO_SMALL)
    fine, by = (picture, 1) if _has_alpha(picture) else halved(picture, _FINEST)
    grey = _grey(fine)
    whole = _limited(grey, _WORKING_SIDE)
    natural = min(whole.shape) >= _SMALLEST_PHOTO and not _is_flat(whole)
    if natural and corners is None:
        corners_found = sheet.corners(fine[..., :3] if fine.ndim == 3 else fine)
        corners = None if corners_found is None else corners_found * by
    if corners is not None:
        flat = sheet.flattened(grey, corners / by, _WORKING_SIDE)
        found = _found(flat.grey, _ink(flat.grey, True, flat.seen))
        to_picture = np.diag([by, by, 1]) @ flat.homography
        return replace(found, scale=flat.scale / by, corners=corners, homography=to_picture)
    photo = natural and float(np.std(_frame(whole))) >= _UNEVEN
    found = _found(whole, _ink(whole, photo))
    return replace(found, scale=max(whole.shape) / max(picture.shape[:2]))


def _found(grey: Image, ink: Image | None) -> Found:
    if ink is None:
        return Found(None, Unreadable.BLANK if grey.mean() > 127 else Unreadable.FULL)
    if (ink > 0.5).mean() > 0.8:
        return Found(None, Unreadable.FULL)
    return Found(ink)


def prepare_ink(ink: Image) -> Prepared:
    """The second half of `prepare_picture`: `ink` (H, W) float32 in [0, 1], some of it above 0."""
    ink = crop(ink)
    deepest = 2 * float(depth(ink > 0.5).max())
    if deepest == 0 or deepest > 0.75 * max(ink.shape):
        return Prepared(None, Unreadable.DOT)
    return Prepared(frame(at_usual_width(ink)))


def _grey(picture: NDArray[np.uint8]) -> Image:
    """Luminance (H, W) float32, 0 to 255; transparent parts become paper for the ink on them."""
    if picture.ndim == 2:
        return picture.astype(np.float32)
    grey = cv2.cvtColor(picture[:, :, :3], cv2.COLOR_RGB2GRAY).astype(np.float32)
    if picture.shape[2] == 3:
        return grey
    opacity = to_float32(picture[:, :, 3])
    if not opacity.any():
        return np.full(grey.shape, 255, np.float32)
    ink_is_dark = np.average(grey, weights=opacity) < 128
    return grey * opacity + np.float32(255 if ink_is_dark else 0) * (1 - opacity)


def _has_alpha(picture: NDArray[np.uint8]) -> bool:
    return picture.ndim == 3 and picture.shape[2] == 4


def _limited(grey: Image, longest: int) -> Image:
    if max(grey.shape) <= longest:
        return grey
    scale = longest / max(grey.shape)
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.float32)


def _ink(grey: Image, photo: bool, seen: NDArray[np.bool_] | None = None) -> Image | None:
    """How much ink each pixel holds, (H, W) float32 in [0, 1]; None where nothing stands out.

    seen: (H, W), where there is paper in the photo; without, everywhere.
    """
    if photo:
        contrast = paper.without_rules(*paper.contrast(grey))
    else:
        frame = _frame(grey)
        level = np.float32(np.median(frame)) if np.std(frame) < _UNEVEN else _uneven_paper(grey)
        contrast = grey - level
        if (np.minimum(contrast, 0) ** 2).sum() > (np.maximum(contrast, 0) ** 2).sum():
            contrast = -contrast
        contrast = np.maximum(contrast, 0)
    if seen is not None:
        contrast[~seen] = 0

    levels = np.clip(contrast, 0, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)
    above = contrast[levels > threshold]
    if not above.size or np.median(above) < _FAINTEST:
        return None
    full = np.percentile(above, 98)
    noise = np.percentile(_frame(contrast), 95) / full
    ink = np.clip(contrast / full, 0, 1)
    ink[ink <= min(1.5 * noise, 0.35)] = 0
    if seen is not None:
        return _without_specks(_without_rim(ink, seen, 0.05), 0.04)
    return _without_specks(_without_rim(ink), 0.04) if photo else _without_specks(ink, 0.01)


def _is_flat(grey: Image) -> bool:
    """Whether much of the picture is of one level, without any noise, as no photo is."""
    of_one_level = np.bincount(grey.astype(np.uint8).ravel()).max() / grey.size
    return bool(of_one_level > 0.3 and (np.diff(grey, axis=1) == 0).mean() > 0.6)


def _without_rim(ink: Image, seen: NDArray[np.bool_] | None = None, least: float = 0.3) -> Image:
    """`ink` without what comes in from the edge of the picture, or of what is `seen` of it; unless
    `least` of what is strong would not be left."""
    inked = ink > 0
    whole = inked if seen is None else inked | ~seen
    _, labels = cv2.connectedComponents(whole.astype(np.uint8))
    rim = [labels[0], labels[-1], labels[:, 0], labels[:, -1]]
    if seen is not None:
        rim.append(labels[~seen])
    edge = np.concatenate(rim)
    inner = np.where(np.isin(labels, edge[edge > 0]), np.float32(0), ink)
    return inner if (inner > 0.5).sum() > least * (ink > 0.5).sum() else ink


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
