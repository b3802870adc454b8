"""Several digits side by side: which ink is one digit's, and what each of them is.

A pen's strokes, or a picture's connected components, are the pieces, ordered from left to right.
Some neighbouring ones make a digit: the two strokes of a 4, a 5 and its hat. Every group of
neighbours that could be one is scored by what it looks like (its size, and how far its pieces lie
apart) and by how sure the network is of it; of all ways to cut the row into groups, the one of the
highest sum is taken. This is a semi-Markov conditional random field (Sarawagi and Cohen, NIPS
2004), its groups all read in one call of the network. `python -m benchmarks.numbers --fit` chose
the weights.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from model.inference.classifier import Classifier
from model.inference.prediction import Box, Prediction, are_digits
from model.preprocessing.canvas import strokes_from_canvas
from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import Image, Prepared
from model.preprocessing.ink import Found, find_ink, prepare_ink
from model.preprocessing.stroke_width import stroke_width
from model.preprocessing.strokes import DOT_EXTENT, prepare_strokes

Floats = NDArray[np.float64]

MOST_LINES = 64  # strokes or components; what has more is no number
MOST_PIECES = 16  # the most entangled ones are joined until no more are left
MOST_IN_DIGIT = 4  # pieces
WIDEST = 2.0  # of the row's height; a wider group is no digit

CUT_FROM = 1.15  # of its height; a component that is no wider is not cut
CUT_ROOM = 0.15  # heights, between two cuts
TALLEST_CUT = 0.85  # heights, from the highest ink to the lowest in its column
MOST_CUTS = 4  # of a component
SMALLEST_CUT = 24  # px; in MNIST's own 28 px there is no room for two digits

_POINTS = 32  # of a piece, to measure distances between
_LEAST = 0.1  # what is no digit is taken for as likely as any; else it would join its neighbours
_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)

NOT_ALL = "not all of it looks like digits"

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
    "network",
)
WEIGHTS = np.array([-0.19, 3.71, -5.37, -2.55, 31.18, -6.5, 6.55, -21.55, -11.99, -10.69, 9.26])


@dataclass(frozen=True, eq=False)
class Group:
    """The pieces from `first` to `end` - 1 as one digit.

    features: (10,), those of FEATURES but the network's. members: the strokes or parts in them.
    """

    first: int
    end: int
    image: Image
    box: Box
    features: Floats
    members: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ink(Prepared):
    """All the ink as one digit, or why it can't be read; and the groups that it may fall into.

    labels: of a picture, to which part of its ink (H, W) each pixel belongs, -1 for paper.
    """

    groups: tuple[Group, ...] = field(default=(), compare=False)
    labels: NDArray[np.int32] | None = field(default=None, compare=False)


def from_strokes(strokes: Sequence[NDArray[Any]], *, smallest: float = 0.0) -> Ink:
    """The groups of pen strokes; see preprocess.prepare_strokes."""
    whole = prepare_strokes(strokes, smallest=smallest)
    lines = [np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in strokes if len(stroke)]

    def prepare(members: Sequence[int]) -> Prepared:
        return prepare_strokes([lines[i] for i in members], smallest=smallest)

    return _ink(whole, lines, prepare)


def from_canvas(drawing: Mapping[str, Any]) -> Ink:
    """`from_strokes` for the canvas's `json_data`, each box around all that the pen inked.

    Raises InklingError for a drawing that Fabric could not have made.
    """
    strokes = strokes_from_canvas(drawing)
    ink = from_strokes(strokes, smallest=DOT_EXTENT)
    paths = [item for item in drawing["objects"] if str(item["type"]).lower() == "path"]
    pen = max((float(path.get("strokeWidth", 1)) for path in paths), default=0.0)
    return replace(ink, groups=tuple(replace(g, box=g.box.grown(pen / 2)) for g in ink.groups))


def from_picture(picture: NDArray[np.uint8]) -> Ink:
    """The groups of a picture's connected components; see preprocess.prepare_picture."""
    return from_ink(find_ink(picture))


def from_ink(found: Found) -> Ink:
    """`from_picture` where the ink was found in it already."""
    if found.ink is None:
        return Ink(None, found.reason)
    x, y, width, height = cv2.boundingRect((found.ink > 0).astype(np.uint8))
    ink = found.ink[y : y + height, x : x + width]
    parts, labels = _parts(ink)

    def prepare(members: Sequence[int]) -> Prepared:
        wanted = np.zeros(len(parts) + 1, bool)
        wanted[list(members)] = True  # the last is the paper's, whose label is -1
        return prepare_ink(np.where(wanted[labels], ink, np.float32(0)))

    pen = stroke_width(ink) / found.scale if len(parts) > 1 else 0.0
    lines = [(part.outline + np.array([x, y])) / found.scale for part in parts]
    bodies = [part.component for part in parts]
    everywhere = np.full(found.ink.shape, -1, np.int32)
    everywhere[y : y + height, x : x + width] = labels
    row = _ink(prepare_ink(ink), lines, prepare, pen, bodies)
    return replace(row, labels=everywhere)


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
        edges = [0, *_cuts(mask), width]
        for left, right in itertools.pairwise(edges):
            part = mask[:, left:right]
            labels[y : y + height, x + left : x + right][part] = len(parts)
            inner = cv2.erode(np.pad(part, 1).astype(np.uint8), _CROSS)[1:-1, 1:-1].astype(bool)
            corners = np.argwhere(part & ~inner)[:, ::-1] + np.array([x + left, y], np.float64)
            parts.append(_Part(component, np.concatenate([corners, corners + 1])))
    return parts, labels


def _cuts(mask: NDArray[np.bool_]) -> list[int]:
    """The columns at which a component that is wide for a digit may be two that touch.

    Those where from the topmost ink to the lowest it is not far: two bowls touch in the middle.
    """
    height, width = mask.shape
    if width <= CUT_FROM * height or min(height, width) < SMALLEST_CUT:
        return []
    tall = height - mask.argmax(axis=0) - mask[::-1].argmax(axis=0)
    tall = cv2.blur(tall[None].astype(np.float32), (3, 1))[0]
    room = max(1, round(CUT_ROOM * height))
    least = cv2.erode(tall[None], np.ones((1, 2 * room + 1), np.uint8))[0]
    found: list[int] = []
    for column in np.flatnonzero((tall == least) & (tall <= TALLEST_CUT * height)).tolist():
        if room <= column < width - room and (not found or column - found[-1] > room):
            found.append(column)
    return found[:MOST_CUTS]


# ---------------------------------------------------------------- what may be one digit


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


def _ink(
    whole: Prepared,
    lines: Sequence[Floats],
    prepare: Callable[[Sequence[int]], Prepared],
    pen: float = 0.0,
    bodies: Sequence[int] | None = None,
) -> Ink:
    """The groups of `lines`, each (P, 2), inked with a pen of the width `pen`.

    bodies: for each line the number of what it hangs together with; without, it is alone.
    """
    if whole.image is None:
        return Ink(None, whole.reason)
    row = _Row(_pieces(lines, bodies or range(len(lines))), pen)
    groups = []
    for first, end in row.spans():
        members = tuple(member for piece in row.pieces[first:end] for member in piece.members)
        prepared = whole if len(members) == len(lines) else prepare(members)
        if prepared.image is not None:
            box, features = row.box(first, end), row.features(first, end)
            groups.append(Group(first, end, prepared.image, box, features, members))
    return Ink(whole.image, None, tuple(groups))


def _pieces(lines: Sequence[Floats], bodies: Sequence[int]) -> list[_Piece]:
    """At most MOST_PIECES, from left to right by their middles; those that overlap most joined."""
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
        """What may be one digit: all, and each few neighbours that are not too wide."""
        count = len(self.pieces)
        for first in range(count):
            for end in range(first + 1, count + 1):
                few = end - first <= MOST_IN_DIGIT and self._size(first, end)[0] <= WIDEST
                if few or end - first in (1, count):
                    yield first, end

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


# ---------------------------------------------------------------- what each of them is


def read(reader: Classifier, inks: Sequence[Ink]) -> list[list[Prediction]]:
    """The digits of each ink from left to right; none where there is nothing to read.

    All of them are read in one call of the network.
    """
    groups = [group for ink in inks for group in ink.groups]
    if not groups:
        return [[] for _ in inks]
    rows = iter(reader.probabilities(np.stack([group.image for group in groups])))
    return [_best([(group, next(rows)) for group in ink.groups]) for ink in inks]


def digits(reader: Classifier, drawn: Drawing) -> list[tuple[Prediction, Drawing]]:
    """The digits of a drawing from left to right, and each one's own ink."""
    if drawn.ink is None:
        ink = from_strokes(drawn.strokes, smallest=DOT_EXTENT)
    else:
        ink = from_ink(Found(drawn.ink))
    (predictions,) = read(reader, [ink])
    if len(predictions) == 1:
        return [(predictions[0], drawn)]
    return [(prediction, _part(drawn, ink, prediction)) for prediction in predictions]


def _part(drawn: Drawing, ink: Ink, prediction: Prediction) -> Drawing:
    """One digit's own ink."""
    if drawn.ink is None or ink.labels is None:
        return Drawing(
            prediction.image, tuple(drawn.strokes[place] for place in prediction.members)
        )
    is_its = np.isin(ink.labels, prediction.members)
    return Drawing(prediction.image, (), np.where(is_its, drawn.ink, np.float32(0)))


def together(predictions: Sequence[Prediction]) -> float:
    """The probability that all of a number's digits are right."""
    return math.prod(prediction.confidence for prediction in predictions)


def _best(groups: Sequence[tuple[Group, NDArray[np.float32]]]) -> list[Prediction]:
    """The groups of the highest sum that follow on each other from the first piece to the last."""
    best: dict[int, tuple[float, list[Prediction]]] = {0: (0.0, [])}
    for group, row in groups:  # by where they begin: what leads there is complete
        if group.first in best:
            score, before = best[group.first]
            score += float(all_features(group, row) @ WEIGHTS)
            if group.end not in best or score > best[group.end][0]:
                prediction = Prediction(row, group.image, group.box, members=group.members)
                best[group.end] = score, [*before, prediction]
    predictions = max(best.items())[1][1]
    if len(predictions) > 1 and are_digits(
        [prediction.probabilities for prediction in predictions]
    ):
        return [replace(prediction, beside_digits=True) for prediction in predictions]
    return predictions


def all_features(group: Group, row: NDArray[np.float32]) -> Floats:
    """(11,): FEATURES, with what the network says of the group."""
    return np.append(group.features, np.log(max(float(row.max()), _LEAST)))
