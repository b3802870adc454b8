"""Which ink may be one digit: the candidates among which a network chooses.

A pen's strokes, or a picture's connected components, are the pieces, ordered from left to right.
Some neighbouring ones make a digit: the two strokes of a 4, a 5 and its hat. Every group of
neighbours that could be one is a candidate, described by its size and by how far its pieces lie
apart.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from model.preprocessing.framing import Image, Prepared
from model.preprocessing.ink import Found, prepare_ink
from model.preprocessing.seams import divided
from model.preprocessing.stroke_width import stroke_width
from model.preprocessing.strokes import Stroke, prepare_strokes

Floats = NDArray[np.float64]

MOST_LINES = 64  # strokes or components; what has more is no number
MOST_PIECES = 16  # the most entangled ones are joined until no more are left
MOST_IN_DIGIT = 4  # pieces, or bodies
WIDEST = 2.0  # of the row's height; a wider group is no digit

_POINTS = 32  # of a piece, to measure distances between
_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)

FEATURES = (
    "digit",
    "all",
    "join",
    "gap",
    "overlap",
    "distance",
    "connected",
    "too small",
    "off the line",
    "too wide",
)


class Box(NamedTuple):
    """Where a digit's ink lies, in the unit of the drawing; x to the right, y down."""

    x: float
    y: float
    width: float
    height: float

    def grown(self, by: float) -> Box:
        """The box with so much more on each side."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)


@dataclass(frozen=True, eq=False)
class Candidate:
    """The pieces from `first` to `end` - 1 as one digit.

    image: (28, 28) float32, what the network is given. features: (10,), those of FEATURES.
    members: the strokes or parts in them.
    """

    first: int
    end: int
    image: Image
    box: Box
    features: Floats
    members: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Segments:
    """The candidates of a drawing, by where they begin.

    labels: of a picture, to which part of its ink (H, W) each pixel belongs, -1 for paper.
    """

    candidates: tuple[Candidate, ...] = ()
    labels: NDArray[np.int32] | None = None


def of_strokes(
    strokes: Sequence[Stroke], whole: Image, *, smallest: float = 0.0, pen: float = 0.0
) -> Segments:
    """The candidates among pen strokes, each (P, 2).

    whole: (28, 28), all of them as one digit. smallest: see `prepare_strokes`. pen: its width,
    which the boxes have room for.
    """
    lines = [np.asarray(stroke, np.float64) for stroke in strokes]

    def prepare(members: Sequence[int]) -> Prepared:
        return prepare_strokes([lines[i] for i in members], smallest=smallest)

    return Segments(tuple(_candidates(whole, _Row(_pieces(lines), 0.0), prepare, pen / 2)))


def of_ink(found: Found, whole: Image) -> Segments:
    """The candidates among the connected components of a picture's ink, and their parts.

    whole: (28, 28), all of it as one digit. The boxes are in the picture's px.
    """
    assert found.ink is not None
    x, y, width, height = cv2.boundingRect((found.ink > 0).astype(np.uint8))
    inked = found.ink[y : y + height, x : x + width]
    parts, labels = _parts(inked)

    def prepare(members: Sequence[int]) -> Prepared:
        wanted = np.zeros(len(parts) + 1, bool)
        wanted[list(members)] = True  # the last is the paper's, whose label is -1
        return prepare_ink(np.where(wanted[labels], inked, np.float32(0)))

    pen = stroke_width(inked) if len(parts) > 1 else 0.0
    lines = [part.outline + np.array([x, y]) for part in parts]
    row = _Row(_pieces(lines, [part.component for part in parts]), pen)
    everywhere = np.full(found.ink.shape, -1, np.int32)
    everywhere[y : y + height, x : x + width] = labels
    seen = [found.on_picture(line) for line in lines]
    candidates = tuple(
        replace(one, box=_around([seen[member] for member in one.members]))
        for one in _candidates(whole, row, prepare)
    )
    return Segments(candidates, everywhere)


def _around(lines: Sequence[Floats]) -> Box:
    """The box around `lines`, each (P, 2)."""
    low = np.min([line.min(axis=0) for line in lines], axis=0)
    high = np.max([line.max(axis=0) for line in lines], axis=0)
    return Box(*low.tolist(), *(high - low).tolist())


def _candidates(
    whole: Image, row: _Row, prepare: Callable[[Sequence[int]], Prepared], room: float = 0.0
) -> Iterator[Candidate]:
    """The groups of a row's pieces that can be read by themselves."""
    for first, end in row.spans():
        members = tuple(member for piece in row.pieces[first:end] for member in piece.members)
        is_all = end - first == len(row.pieces)
        image = whole if is_all else prepare(members).image
        if image is not None:
            box, features = row.box(first, end).grown(room), row.features(first, end)
            yield Candidate(first, end, image, box, features, members)


# ---------------------------------------------------------------- a picture's parts


@dataclass(frozen=True, eq=False)
class _Part:
    """A connected component, or what lies between two places where it may be cut."""

    component: int
    outline: Floats  # (P, 2), the corners of its pixels


def _parts(ink: Image) -> tuple[list[_Part], NDArray[np.intp]]:
    """The parts of `ink` (H, W); and which of them each pixel belongs to, -1 for paper."""
    count, components, boxes, _ = cv2.connectedComponentsWithStats((ink > 0).astype(np.uint8))
    labels = np.full(ink.shape, -1, np.intp)
    parts: list[_Part] = []
    for component in range(1, count):
        x, y, width, height, _ = boxes[component].tolist()
        mask = components[y : y + height, x : x + width] == component
        for part in divided(mask):
            labels[y : y + height, x : x + width][part] = len(parts)
            inner = cv2.erode(np.pad(part, 1).astype(np.uint8), _CROSS)[1:-1, 1:-1].astype(bool)
            corners = np.argwhere(part & ~inner)[:, ::-1] + np.array([x, y], np.float64)
            parts.append(_Part(component, np.concatenate([corners, corners + 1])))
    return parts, labels


# ---------------------------------------------------------------- pieces in a row


@dataclass(frozen=True, eq=False)
class _Piece:
    """Ink that is not divided: its `members`, strokes or components, and some points on them."""

    members: tuple[int, ...]
    bodies: frozenset[int]  # what hangs together is of one body
    points: Floats  # (_POINTS, 2)
    low: Floats  # (2,), the upper left corner of its box
    high: Floats  # (2,)

    def joined(self, other: _Piece) -> _Piece:
        every_other = np.concatenate([self.points, other.points])[::2]
        low, high = np.minimum(self.low, other.low), np.maximum(self.high, other.high)
        bodies = self.bodies | other.bodies
        return _Piece(self.members + other.members, bodies, every_other, low, high)


def _pieces(lines: Sequence[Floats], bodies: Sequence[int] | None = None) -> list[_Piece]:
    """At most MOST_PIECES, from left to right by their middles; those that overlap most joined.

    bodies: for each line the number of what it hangs together with; without, it is alone.
    """
    bodies = bodies or range(len(lines))
    pieces = [
        _piece(i, body, line) for i, (body, line) in enumerate(zip(bodies, lines, strict=True))
    ]
    if len(pieces) > MOST_LINES:
        return [functools.reduce(_Piece.joined, pieces)]
    pieces.sort(key=lambda piece: piece.low[0] + piece.high[0])
    while len(pieces) > MOST_PIECES:
        gaps = [right.low[0] - left.high[0] for left, right in itertools.pairwise(pieces)]
        at = int(np.argmin(gaps))
        pieces[at : at + 2] = [pieces[at].joined(pieces[at + 1])]
    return pieces


def _piece(index: int, body: int, line: Floats) -> _Piece:
    points = line[np.linspace(0, len(line) - 1, _POINTS).round().astype(int)]
    return _Piece((index,), frozenset([body]), points, line.min(axis=0), line.max(axis=0))


class _Row:
    """Pieces from left to right, and how they lie to each other; without their pen's width.

    Lengths are in the row's heights: the height of its highest column of overlapping pieces.
    """

    def __init__(self, pieces: Sequence[_Piece], pen: float) -> None:
        self.pieces = pieces
        low, high = (np.array([getattr(p, side) for p in pieces]) for side in ("low", "high"))
        self._boxes = low, high
        half = np.minimum(pen, high - low) / 2
        (left, top), (right, bottom) = (low + half).T, (high - half).T
        column = (left[:, None] <= right) & (left <= right[:, None])
        highest = np.where(column, bottom, -np.inf).max(axis=1)
        lowest = np.where(column, top, np.inf).min(axis=1)
        height = max(float((highest - lowest).max()), 1e-9)
        self._sides = tuple(side / height for side in (left, right, top, bottom))
        self._lowest = float(bottom.max()) / height

        # A cut is between a piece and the next: what is left of it and what is right of it.
        gap = np.minimum.accumulate(left[::-1])[::-1][1:] - np.maximum.accumulate(right)[:-1]
        points = np.concatenate([piece.points for piece in pieces])
        away = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
        away = away.reshape(len(pieces), _POINTS, len(pieces), _POINTS).min(axis=(1, 3)) - pen
        distance = [away[:cut, cut:].min() for cut in range(1, len(pieces))]
        bodies = [piece.bodies for piece in pieces]
        self._torn = np.array(
            [
                not frozenset().union(*bodies[:cut]).isdisjoint(frozenset().union(*bodies[cut:]))
                for cut in range(1, len(pieces))
            ],
            float,
        )
        self._gap = gap / height
        self._distance = np.clip(np.array(distance) / height, 0, 0.5)

    def spans(self) -> Iterator[tuple[int, int]]:
        """What may be one digit: all, and neighbours that are not too wide, if they are few, or
        few bodies and these as a whole."""
        count = len(self.pieces)
        for first in range(count):
            for end in range(first + 1, count + 1):
                few = end - first <= MOST_IN_DIGIT or self._is_few_bodies(first, end)
                narrow = self._size(first, end)[0] <= WIDEST
                if (few and narrow) or end - first in (1, count):
                    yield first, end

    def _is_few_bodies(self, first: int, end: int) -> bool:
        within = frozenset[int]().union(*(piece.bodies for piece in self.pieces[first:end]))
        others = (*self.pieces[:first], *self.pieces[end:])
        return len(within) <= MOST_IN_DIGIT and all(within.isdisjoint(p.bodies) for p in others)

    def _size(self, first: int, end: int) -> tuple[float, float]:
        left, right, top, bottom = (side[first:end] for side in self._sides)
        return float(right.max() - left.min()), float(bottom.max() - top.min())

    def box(self, first: int, end: int) -> Box:
        low, high = (sides[first:end] for sides in self._boxes)
        x, y = low.min(axis=0)
        return Box(float(x), float(y), *(high.max(axis=0) - (x, y)).tolist())

    def features(self, first: int, end: int) -> Floats:
        """(10,): FEATURES but the network's, of the pieces from `first` to `end` - 1."""
        width, height = self._size(first, end)
        bottom = float(self._sides[3][first:end].max())
        gap, distance = self._gap[first : end - 1], self._distance[first : end - 1]
        return np.array(
            [
                1,
                end - first == len(self.pieces),
                end - first - 1,
                np.clip(gap, 0, 1).sum(),
                np.clip(-gap, 0, 1).sum(),
                distance.sum(),
                self._torn[first : end - 1].sum(),
                max(0.0, 0.8 - height),
                self._lowest - bottom,
                max(0.0, width - 0.8),
            ]
        )
