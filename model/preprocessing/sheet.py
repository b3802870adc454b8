"""The sheet of paper in a photo: its corners found, its perspective mended.

Paper is brighter than what it lies on, in the channel that is darkest at least, and its edges are
straight and sharp. They are found as line segments (von Gioi, Jakubowicz, Morel and Randall: LSD,
IEEE PAMI 32(4), 2010) and joined to lines; each may be that side of the sheet which its bright side
says. Of all ways to choose four sides, a side of the picture among them where the sheet runs off
it, the one is taken along which most of an edge is seen, and least of none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.errors import InklingError
from model.preprocessing.pixels import halved

Picture = NDArray[np.uint8]
Image = NDArray[np.float32]
Floats = NDArray[np.float64]

# Lengths are in px of the reduced picture.
_SIDE = 256  # the longer side of what a sheet is looked for in
_THICKEST = 13  # ink and rules that are thinner, and as narrow gaps between boards, are closed
_SHORTEST = 10  # a segment
_APART = 2.5  # that a segment is off the line that it is of, at most
_LINES = 6  # for each side of the sheet, at most
_REACH = 24  # how far to both sides of a line is looked

# Contrasts are natural logarithms of the ratio between the inner and the outer brightness.
_DARK = 12.0  # grey levels, added before the logarithm: noise in the dark is no contrast
_LEAST = 0.1  # an edge's
_CLEAR = 0.25  # at least, of an edge that is as clear as can be
_OF_CLEAREST = 0.5  # of the clearest edge's contrast: no edge is clearer
_DARKEST_SHADOW = 0.8
_COLOURLESS = 0.12  # between two channels

_SHARP = 0.6  # of the contrast is between the nearest px, or it is a shadow's edge
_LASTING = 0.4  # of the contrast is there further away, or it is a stroke's or a rule's edge
_PRICE = 0.35  # of a clear edge's worth, what each px of a side without an edge costs
_WORTH = 0.35  # of the picture's shorter side, the edges that make a sheet
_PART = (0.08, 0.985)  # of the picture that is sheet; what is more fills it
_MARGIN = 0.012  # of a sheet's longer side, by which its edge may be off a straight line


@dataclass(frozen=True, eq=False)
class _Edge:
    """What a line looks like: all its points p have normal · p = at, the paper is where it is more.

    contrast: (L,), of each px of the line that is in the picture, from `start` along it.
    """

    normal: Floats
    at: float
    start: float
    contrast: Floats
    shadow: bool

    @property
    def along(self) -> Floats:
        """(2,), clockwise around the sheet."""
        return np.array([self.normal[1], -self.normal[0]])

    @property
    def strength(self) -> float:
        return float(np.median(self.contrast[self.contrast > _LEAST]))

    def worth(self, clear: float) -> Floats:
        """(L + 1,): the sum from its start to before each px, where `clear` is contrast enough."""
        each = np.clip(self.contrast / clear, 0, 1) - _PRICE
        return np.concatenate([[0], np.cumsum(each)])


@dataclass(frozen=True, eq=False)
class Flat:
    """A sheet as if seen from above: `grey` (H, W) float32, as much of it as the photo shows.

    seen: (H, W), where there is paper, and not its very edge. homography: (3, 3), from px of `grey`
    to the photo's. scale: how many px of `grey` a px of the photo is, roughly.
    """

    grey: Image
    seen: NDArray[np.bool_]
    homography: Floats
    scale: float


def corners(picture: Picture) -> Floats | None:
    """Where the corners of the sheet in `picture` (H, W) or (H, W, 3) are: (4, 2), in its px,
    clockwise from the upper left; some may lie outside. None where no sheet's edge is seen."""
    height, width = picture.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    coarse, _ = halved(picture, 4 * _SIDE)
    small = np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_AREA), np.uint8)
    found = _best(_edges(_closed(small)), size)
    if found is None:
        return None
    return np.asarray(cv2.perspectiveTransform(found[None], _enlarged(size, width, height))[0])


def flattened(grey: Image, corners: Floats, longest: int) -> Flat:
    """What the photo `grey` (H, W) shows of the sheet with these `corners` (4, 2), no longer than
    `longest` px. Raises InklingError for what are no corners of a sheet that the photo shows."""
    height, width = grey.shape
    visible = _within(corners, width, height)
    area = cv2.contourArea(corners.astype(np.float32), oriented=True)  # clockwise: above 0
    if len(visible) < 3 or area <= 0 or not cv2.isContourConvex(corners.astype(np.float32)):
        raise InklingError(
            "The sheet’s corners are {corners}; wanted: four, "
            "clockwise, around some of the picture of {width} × {height} px.",
            corners=np.round(corners).astype(int).tolist(),
            width=width,
            height=height,
        )
    sides = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    upright = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * (sides[::2].mean(), sides[1::2].mean())
    to_upright = cv2.getPerspectiveTransform(corners.astype(np.float32), upright.astype(np.float32))
    shown = cv2.perspectiveTransform(visible[None], to_upright)[0]
    low, extent = shown.min(axis=0), np.ptp(shown, axis=0)
    scale = min(1.0, longest / extent.max())
    size = np.maximum(1, np.round(extent * scale)).astype(int)
    to_flat = np.diag([scale, scale, 1]) @ _shift(-low) @ to_upright

    # Averaged first: a warp looks at the nearest px alone.
    small = max(1, round(width * scale)), max(1, round(height * scale))
    reduced = cv2.resize(grey, small, interpolation=cv2.INTER_AREA)
    from_reduced = to_flat @ _enlarged(small, width, height)
    mode = cv2.BORDER_REPLICATE
    flat = cv2.warpPerspective(reduced, from_reduced, size.tolist(), borderMode=mode)
    paper = np.zeros(flat.shape, np.uint8)
    cv2.fillConvexPoly(paper, np.round((shown - low) * scale).astype(np.int32), 1)
    margin = 2 * max(1, round(_MARGIN * max(flat.shape))) + 1
    seen = cv2.erode(paper, np.ones((margin, margin), np.uint8), borderValue=0) > 0
    homography = np.linalg.inv(np.asarray(to_flat, np.float64))
    return Flat(np.asarray(flat, np.float32), seen, homography, scale)


def _shift(by: Floats) -> Floats:
    return np.array([[1, 0, by[0]], [0, 1, by[1]], [0, 0, 1]])


def _enlarged(size: tuple[int, int], width: int, height: int) -> Floats:
    """(3, 3): from the px of a picture reduced to `size` to its own; their middles are at 0, 1 …"""
    x, y = width / size[0], height / size[1]
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]])


def _within(corners: Floats, width: int, height: int) -> Floats:
    """The part (P, 2) of a convex polygon (Q, 2) that is within a picture; P may be 0.

    Sutherland and Hodgman, CACM 17(1), 1974.
    """
    left = corners.astype(np.float64)
    for normal, at in (((1, 0), 0), ((-1, 0), -width), ((0, 1), 0), ((0, -1), -height)):
        points = []
        inside = left @ normal - at
        for here, there, a, b in zip(
            left, np.roll(left, -1, axis=0), inside, np.roll(inside, -1), strict=True
        ):
            if a >= 0:
                points.append(here)
            if (a >= 0) != (b >= 0):
                points.append(here + (there - here) * (a / (a - b)))
        left = np.array(points).reshape(-1, 2)
    return left


# ---------------------------------------------------------------- where an edge may be


def _closed(small: Picture) -> Picture:
    """(H, W, 3): `small` without dark ink, but for what is thick."""
    colours = np.asarray(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB) if small.ndim == 2 else small)
    by = _THICKEST
    # Beyond the picture it goes on: a strip of the desk at its edge is no thin ink.
    padded = cv2.copyMakeBorder(colours, by, by, by, by, cv2.BORDER_REPLICATE)
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (by, by))
    closed = cv2.medianBlur(cv2.morphologyEx(padded, cv2.MORPH_CLOSE, window), 5)
    return np.ascontiguousarray(closed[by:-by, by:-by], np.uint8)


def _edges(small: Picture) -> list[list[_Edge]]:
    """What may be the sheet's upper, right, lower and left side, the most marked first; last each
    time the picture's own."""
    height, width = small.shape[:2]
    light = np.log(small.astype(np.float32) + np.float32(_DARK))
    lines = _lines(*_segments(small.min(axis=2)))
    sides = []
    for inward, at in (((0, 1), 0), ((-1, 0), -width), ((0, -1), -height), ((1, 0), 0)):
        to = np.array(inward, float)
        edges = [_edge(n, d, light) for n, d in lines if n @ to > np.cos(np.pi / 4)]
        marked = sorted((e for e in edges if e), key=lambda e: -float(e.contrast.clip(0, 1).sum()))
        sides.append([*marked[:_LINES], _Edge(to, float(at), 0.0, np.zeros(0), False)])
    return sides


def _segments(white: Picture) -> tuple[Floats, Floats]:
    """The ends (S, 2, 2) of each edge in `white` (H, W), the longest first; and its normal (S, 2),
    to where it is bright."""
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(white)[0]
    ends = np.zeros((0, 2, 2)) if found is None else found.reshape(-1, 2, 2).astype(np.float64)
    way = ends[:, 1] - ends[:, 0]
    long = np.hypot(*way.T)
    order = [i for i in np.argsort(-long) if long[i] >= _SHORTEST]
    return ends[order], (np.stack([way[:, 1], -way[:, 0]]) / np.maximum(long, 1e-9)).T[order]


def _lines(ends: Floats, normals: Floats) -> list[tuple[Floats, float]]:
    """The lines that the segments are of, each as its normal (2,) and where it is along that."""
    lines = []
    left = np.ones(len(ends), bool)
    for first in range(len(ends)):
        if not left[first]:
            continue
        normal, at = normals[first], float(normals[first] @ ends[first].mean(axis=0))
        own = np.arange(len(ends)) == first
        for _ in range(2):  # as it is fitted, it finds the more of its own
            off = np.abs(ends @ normal - at).max(axis=1)
            own |= (off < _APART) & (normals @ normal > 0.9)
            fitted = cv2.fitLine(
                ends[own].reshape(-1, 2).astype(np.float32), cv2.DIST_L2, 0, 0.01, 0.01
            )
            x, y, *through = fitted.ravel().astype(float)
            normal = np.array([y, -x]) * (1 if y * normal[0] - x * normal[1] > 0 else -1)
            at = float(normal @ through)
        left &= ~own
        lines.append((normal, at))
    return lines


def _edge(normal: Floats, at: float, light: Image) -> _Edge | None:
    """The line's contrast in `light` (H, W, 3), logarithms; None for what is no edge of a sheet."""
    height, width = light.shape[:2]
    reach = int(np.hypot(height, width)) + 1
    along = np.array([normal[1], -normal[0]])
    place = np.arange(-reach, reach + 1)
    points = normal * at + place[:, None] * along
    within = ((points >= 0) & (points <= (width - 1, height - 1))).all(axis=1)
    if within.sum() < _SHORTEST:
        return None
    off = np.arange(-_REACH, _REACH + 1)[:, None] * normal
    x, y = (points[within][:, None] + off).astype(np.float32).transpose(2, 0, 1)
    looked = cv2.remap(light, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    across = np.asarray(cv2.blur(looked, (1, 5)), np.float32)
    white = across.min(axis=2)

    def level(nearest: int, furthest: int, of: Image = white) -> Image:
        """(L,): between so many px from the line; beyond it where they are below 0."""
        return of[:, nearest + _REACH : furthest + _REACH + 1].mean(axis=1)

    steps = [level(k + 1, k + 3) - level(k - 3, k - 1) for k in (-1, 0, 1)]  # paper is not flat
    contrast = np.max(steps, axis=0)
    there = contrast > _LEAST
    if there.sum() < _SHORTEST:
        return None
    inner, outer = level(4, 8), level(-8, -4)
    wider = inner - outer, inner - level(-_REACH, -16), level(10, 16) - outer
    step, near, *far = (part[there].mean() for part in (contrast, *wider))
    if step < _SHARP * near or min(near, *far) < _LASTING * step:
        return None
    channels = (level(4, 8, across) - level(-8, -4, across))[there].mean(axis=0)
    shadow = channels.max() < _DARKEST_SHADOW and np.ptp(channels) < _COLOURLESS
    return _Edge(normal, at, float(place[within][0]), contrast.astype(np.float64), bool(shadow))


# ---------------------------------------------------------------- which of them are the sheet's


def _best(sides: Sequence[Sequence[_Edge]], size: tuple[int, int]) -> Floats | None:
    """The corners (4, 2) of the four edges along which most of a sheet's is seen."""
    edges = [edge for side in sides for edge in side if len(edge.contrast)]
    if not edges:
        return None
    clear = max(_CLEAR, _OF_CLEAREST * max(edge.strength for edge in edges))
    ways = np.indices([len(side) for side in sides]).reshape(4, -1)
    met = [_met(sides[k - 1], sides[k]) for k in range(4)]  # corner k is where side k begins
    points = np.stack([met[k][ways[k - 1], ways[k]] for k in range(4)], axis=1)
    worth = np.where(np.isnan(points).any(axis=(1, 2)), -np.inf, 0.0)
    for k, side in enumerate(sides):
        for number, edge in enumerate(side):
            its = (ways[k] == number) & np.isfinite(worth)
            begin, end = points[its, k] @ edge.along, points[its, (k + 1) % 4] @ edge.along
            total = edge.worth(clear)
            place = edge.start + np.arange(len(total))
            seen = np.interp(end, place, total) - np.interp(begin, place, total)
            worth[its] += np.where(end > begin, seen, -np.inf)

    for best in np.argsort(-worth)[:20]:
        if worth[best] < _WORTH * min(size):
            return None
        chosen = [side[number] for side, number in zip(sides, ways[:, best], strict=True)]
        real = [edge for edge in chosen if len(edge.contrast)]
        if len(real) == 1 and real[0].shadow:
            continue
        visible = _within(points[best], *size)
        part = cv2.contourArea(visible.astype(np.float32)) / (size[0] * size[1])
        if part > _PART[1]:
            return None
        if part >= _PART[0] and cv2.isContourConvex(points[best].astype(np.float32)):
            return np.asarray(points[best], np.float64)
    return None


def _met(before: Sequence[_Edge], after: Sequence[_Edge]) -> Floats:
    """(B, A, 2): where each edge meets each of the next side; NaN where they hardly do."""
    met = np.full((len(before), len(after), 2), np.nan)
    for i, one in enumerate(before):
        for j, other in enumerate(after):
            both = np.stack([one.normal, other.normal])
            if np.linalg.det(both) > 0.5:
                met[i, j] = np.linalg.solve(both, [one.at, other.at])
    return met
