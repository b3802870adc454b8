"""Ink on photographed paper: the light taken out, and the rules of lined and squared paper.

The light is what a morphological closing leaves of the picture, which removes all that is thinner
than its window and keeps the edges of shadows. Rules are found by the Hough transform as lines that
go through the whole picture, and taken out where they are no thicker than elsewhere, as staff lines
are in scores (Dalitz, Droettboom, Pranzas and Fujinaga, IEEE PAMI 30(5), 2008): where ink crosses a
rule, it stays.
"""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]

_SMALL = 96  # px, the longer side of what the light is estimated on
_WINDOW = 15  # px of that; the widest stroke is thinner
_FAINTEST = 12  # grey levels between a rule and paper
_NOISES = 4  # standard deviations of the paper's noise that a rule stands out by
_TILT = 8  # degrees that rules are askew, at most
_THROUGH = 0.85  # of a rule is seen, at least; no digit goes through that much of a picture
_BEND = 0.025  # of the picture's height, at most, from a straight line
_THICKEST = 0.03  # of the picture's longer side
_MOST = 150  # lines that are looked at, each way


def contrast(grey: Image) -> tuple[Image, float]:
    """How far from the paper around it each pixel of `grey` (H, W), 0 to 255, is, as if the paper
    were white (or, under light ink, black) everywhere; and the standard deviation of its noise."""
    resized = cv2.resize(grey, _size(grey), interpolation=cv2.INTER_AREA)
    small = cv2.medianBlur(resized.round().astype(np.uint8), 3)
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_WINDOW, _WINDOW))
    away: Image
    if _is_dark(small):
        light = _large(cv2.morphologyEx(small, cv2.MORPH_CLOSE, window), grey)
        away = np.asarray(255 - 255 * grey / np.maximum(light, 1), np.float32)
    else:
        away = grey - _large(cv2.morphologyEx(small, cv2.MORPH_OPEN, window), grey)
    # Between neighbours, the noise is not hidden by rules, however many there are.
    noise = 1.4826 / math.sqrt(2) * float(np.median(np.abs(np.diff(away, axis=1))))
    away -= min(float(np.median(away)), 2 * noise)  # by so much the noise lifts the closing
    return np.maximum(away, np.float32(0)), noise


def _is_dark(small: NDArray[Any]) -> bool:
    """Whether what is on the paper is darker, as it mostly is, than most of what is around it."""
    away = small.astype(np.float32) - cv2.medianBlur(small, 2 * _WINDOW + 1)
    return bool(3 * (np.minimum(away, 0) ** 2).sum() >= (np.maximum(away, 0) ** 2).sum())


def _large(small: NDArray[Any], grey: Image) -> Image:
    smooth = cv2.GaussianBlur(small.astype(np.float32), (5, 5), 0)
    return np.asarray(cv2.resize(smooth, grey.shape[::-1]), np.float32)


def _size(grey: Image) -> tuple[int, int]:
    height, width = grey.shape
    scale = min(1.0, _SMALL / max(height, width))
    return max(1, round(width * scale)), max(1, round(height * scale))


def without_rules(away: Image, noise: float) -> Image:
    """`away` (H, W), the contrast, with paper where rules were."""
    mask = away > max(_FAINTEST, _NOISES * noise)
    across = _erased(mask, mask)
    down = _erased(mask.T, (mask & ~across).T).T
    return np.where(across | down, np.float32(0), away)


def _erased(mask: Mask, left: Mask) -> Mask:
    """Which pixels that are `left` of `mask` (H, W) are of rules that go from left to right."""
    band = _rules(mask)
    runs = _runs(left)
    on_rules = band & left
    if not on_rules.any():
        return on_rules
    thickness = 1.5 * float(np.median(runs[on_rules])) + 1
    if thickness > _THICKEST * max(mask.shape) + 2:
        return np.zeros(mask.shape, bool)
    return on_rules & (runs <= thickness)


def _rules(mask: Mask) -> Mask:
    """The bands (H, W) in which rules lie that go from the left of `mask` to the right."""
    height, width = mask.shape
    half = cv2.resize(mask.astype(np.float32), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    near, far = np.radians([90 - _TILT, 90 + _TILT])
    found = cv2.HoughLines(
        (half > 0.3).astype(np.uint8), 1, np.radians(0.5), width // 7, min_theta=near, max_theta=far
    )
    band = np.zeros(mask.shape, np.uint8)
    thick = cv2.dilate(mask.astype(np.uint8), np.ones((5, 1), np.uint8)).astype(bool)
    columns = np.arange(width)
    for distance, angle in found[:_MOST, 0] if found is not None else ():  # the most marked first
        rows = (2 * distance - columns * np.cos(angle)) / np.sin(angle)
        at = np.clip(rows.round().astype(int), 0, height - 1)
        if band[at, columns].mean() > 0.3:
            continue
        at = _bent(mask, rows).round().astype(int)
        inside = (at >= 0) & (at < height)
        if inside.sum() > width // 4 and thick[at[inside], columns[inside]].mean() >= _THROUGH:
            cv2.polylines(band, [np.stack([columns, at], axis=1).astype(np.int32)], False, 1, 7)
    return band > 0


def _bent(mask: Mask, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The line at `rows` (W,) bent to what it only touches: paper is not flat, nor is a lens."""
    height, width = mask.shape
    columns = np.arange(width)
    place = np.linspace(-1, 1, width)
    reach = max(4, round(_BEND * height))
    for near in (reach, max(4, reach // 2), 4):
        around = np.clip(
            rows.round().astype(int) + np.arange(-near, near + 1)[:, None], 0, height - 1
        )
        inked = mask[around, columns]
        share = inked.mean(axis=0)
        thin = (share > 0) & (share < 0.8)  # more is ink that goes across
        if thin.sum() < width // 4:
            break
        middles = (inked * around).sum(axis=0)[thin] / inked.sum(axis=0)[thin]
        rows = np.asarray(np.polyval(np.polyfit(place[thin], middles, 3), place), np.float64)
    return rows


def _runs(mask: Mask) -> NDArray[np.int32]:
    """For each pixel in `mask` (H, W) how many px its column goes on there, up and down."""
    height, _ = mask.shape
    rows = np.arange(height)[:, None]
    above = np.maximum.accumulate(np.where(mask, -1, rows), axis=0)
    below = np.minimum.accumulate(np.where(mask, height, rows)[::-1], axis=0)[::-1]
    return np.where(mask, below - above - 1, 0).astype(np.int32)
