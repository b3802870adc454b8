"""Whole numbers of real people's digits, read from the pen's path and from a picture.

    python -m benchmarks.numbers STROKES.npz [--model FILE] [--split 0|1] [--numbers N] [--fit]

STROKES.npz holds digits that people wrote with a pen (model/npz.py says how). Numbers of 1 to 6 are
composed of digits of one writer each, with gaps from -5 to +40 % of the height, each digit up to
15 % larger or smaller than the others and up to 8 % above or below the line. In the same run the
plain way reads them with the same network: a digit is whatever no gap goes through from top to
bottom (path), or a connected component (picture).

--fit chooses the weights of model/numbers.py instead, on the split 0, by maximum likelihood.
"""

import argparse
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks import report
from model.data.npz import Strokes, read_strokes
from model.inference import classifier, metrics, segmentation
from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import Prepared
from model.preprocessing.ink import find_ink, prepare_ink
from model.preprocessing.strokes import prepare_strokes
from model.settings import PRETRAINED

LENGTHS = (1, 2, 3, 4, 5, 6)
GAP = (-0.05, 0.40)  # heights, between two digits' boxes
SIZE = (0.85, 1.15)
BASELINE = 0.08  # heights, at most
HEIGHT = (60, 120)  # px, of a picture's digits
PEN = (0.06, 0.14)  # heights, of a picture
SEED = 17
PURE = 0.6  # of a piece's ink, one digit's

Stroke = NDArray[np.float64]


@dataclass(frozen=True)
class Number:
    """A number as it was written: its digits from left to right, and each stroke's digit."""

    digits: list[int]
    strokes: list[Stroke]  # each (P, 2), in px
    owners: list[int]
    pen: int  # px


class Writers:
    """The digits of one split, by the people who wrote them."""

    def __init__(self, strokes: Strokes, split: int) -> None:
        assert strokes.label is not None
        assert strokes.writer is not None
        self._strokes, self._labels = strokes, strokes.label
        chosen = np.flatnonzero(strokes.split == split)
        self._of = [
            chosen[strokes.writer[chosen] == writer] for writer in np.unique(strokes.writer[chosen])
        ]
        self._shares = np.array([len(own) for own in self._of]) / len(chosen)

    def number(self, length: int, rng: np.random.Generator) -> Number:
        """`length` digits of one writer, side by side."""
        own = self._of[rng.choice(len(self._of), p=self._shares)]
        height = rng.uniform(*HEIGHT)
        right, digits, strokes, owners = 0.0, [], [], []
        for place, index in enumerate(rng.choice(own, length)):
            sample = [np.asarray(stroke, np.float64) for stroke in self._strokes.sample(index)]
            points = np.concatenate(sample)
            low, extent = points.min(axis=0), np.ptp(points, axis=0)
            scale = height * rng.uniform(*SIZE) / max(extent.max(), 1e-9)
            left = right + height * rng.uniform(*GAP) if place else 0.0
            base = height * rng.uniform(-BASELINE, BASELINE)
            for stroke in sample:
                strokes.append((stroke - low - (0, extent[1])) * scale + (left, base))
                owners.append(place)
            right = left + extent[0] * scale
            digits.append(int(self._labels[index]))
        return Number(digits, strokes, owners, round(height * rng.uniform(*PEN)))


def painted(number: Number, digit: int | None = None) -> NDArray[np.uint8]:
    """The number as a picture, black on white; or one of its digits, where it stands in it."""
    points = np.concatenate(number.strokes)
    margin = 2 * number.pen + 4
    low = points.min(axis=0) - margin
    width, height = np.ceil(np.ptp(points, axis=0) + 2 * margin).astype(int)
    picture = np.full((height, width), 255, np.uint8)
    paths = [
        np.round((np.repeat(stroke, 2, axis=0) - low) * 16).astype(np.int32)
        for stroke, owner in zip(number.strokes, number.owners, strict=True)
        if digit in (None, owner)
    ]
    cv2.polylines(picture, paths, False, 0, number.pen, cv2.LINE_AA, 4)
    return picture


# ---------------------------------------------------------------- the weights


def fitted(reader: classifier.Classifier, writers: Writers, count: int) -> NDArray[np.float64]:
    """The weights under which the right groups of `count` numbers are likeliest.

    Those of the semi-Markov conditional random field, whose log-likelihood has one maximum; half
    are single digits, as most drawings are.
    """
    rng = np.random.default_rng(SEED)
    lattices = []
    for index in range(count):
        number = writers.number(int(rng.choice(LENGTHS, p=[0.5, *[0.1] * 5])), rng)
        path = Drawing.from_strokes(number.strokes)
        lattices.append(_lattice(reader, path, owners_of_strokes(number, path)))
        if index % 2:
            seen = Drawing.from_picture(painted(number))
            lattices.append(_lattice(reader, seen, owners_of_parts(number, seen)))
    known = [lattice for lattice in lattices if lattice]
    print(f"{len(known)} of {len(lattices)} have the right groups among theirs")

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = 0.0, np.zeros_like(weights)
        for spans, features, right in known:
            log_sum, shares = _marginals(spans, features @ weights)
            total += log_sum - float((features @ weights)[right].sum())
            gradient += shares @ features - features[right].sum(axis=0)
        return total / len(known), gradient / len(known)

    found = minimize(loss, segmentation.WEIGHTS, jac=True, method="L-BFGS-B")
    print(f"loss {found.fun:.4f} after {found.nit} steps")
    weights: NDArray[np.float64] = found.x
    return weights


_Lattice = tuple[list[tuple[int, int]], NDArray[np.float64], list[int]]


def owners_of_strokes(number: Number, drawing: Drawing) -> list[int | None]:
    """The digit of each piece of a pen's drawing; None where it has ink of several."""
    return [
        number.owners[members[0]] if len({number.owners[one] for one in members}) == 1 else None
        for members in _pieces(drawing)
    ]


def owners_of_parts(number: Number, drawing: Drawing) -> list[int | None]:
    """The digit of each piece of a picture's ink; None where it has much ink of several."""
    labels = drawing.segments.labels
    if labels is None:
        return []
    height, width = labels.shape
    inks = [
        cv2.resize(255 - painted(number, of), (width, height), interpolation=cv2.INTER_AREA)
        for of in range(len(number.digits))
    ]
    owners: list[int | None] = []
    for members in _pieces(drawing):
        shares = np.array([ink[np.isin(labels, members)].sum(dtype=float) for ink in inks])
        pure = shares.max() >= PURE * shares.sum()
        owners.append(int(shares.argmax()) if pure else None)
    return owners


def _pieces(drawing: Drawing) -> list[tuple[int, ...]]:
    """The strokes or parts of each piece, from left to right."""
    return [one.members for one in drawing.segments.candidates if one.end == one.first + 1]


def _lattice(
    reader: classifier.Classifier, drawing: Drawing, owners: Sequence[int | None]
) -> _Lattice | None:
    """The candidates' spans and features (candidates, 11), and which of them are the digits, by
    the digit of each piece; None where not all digits are among them."""
    candidates = drawing.segments.candidates
    runs = [(owner, len(list(run))) for owner, run in itertools.groupby(owners)]
    if not runs or [owner for owner, _ in runs] != list(range(len(runs))):
        return None
    ends = np.cumsum([length for _, length in runs]).tolist()
    spans = [(one.first, one.end) for one in candidates]
    wanted = list(zip([0, *ends], ends, strict=False))
    is_whole = ends[-1] == max(end for _, end in spans)  # a piece alone may be no candidate
    if not is_whole or any(span not in spans for span in wanted):
        return None
    rows = reader.probabilities(np.stack([one.image for one in candidates]))
    features = [
        segmentation.all_features(one, row) for one, row in zip(candidates, rows, strict=True)
    ]
    return spans, np.stack(features), [spans.index(span) for span in wanted]


def _marginals(
    spans: Sequence[tuple[int, int]], scores: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """The log of the sum over all ways to cut the row, and the probability of each group."""
    count = max(end for _, end in spans)
    forward, backward = np.full((2, count + 1), -np.inf)
    forward[0] = backward[count] = 0
    for (first, end), score in zip(spans, scores, strict=True):
        forward[end] = np.logaddexp(forward[end], forward[first] + score)
    for (first, end), score in zip(reversed(spans), scores[::-1], strict=True):
        backward[first] = np.logaddexp(backward[first], score + backward[end])
    first, end = np.array(spans).T
    return float(forward[count]), np.exp(forward[first] + scores + backward[end] - forward[count])


# ---------------------------------------------------------------- the ways to read


def by_gaps(number: Number) -> list[NDArray[np.float32]]:
    """The plain way with a path: strokes belong together where their widths overlap."""
    ordered = sorted(number.strokes, key=lambda stroke: stroke[:, 0].min())
    columns, right = [[ordered[0]]], ordered[0][:, 0].max()
    for stroke in ordered[1:]:
        if stroke[:, 0].min() > right:
            columns.append([])
        columns[-1].append(stroke)
        right = max(right, stroke[:, 0].max())
    return [_image(prepare_strokes(column)) for column in columns]


def by_components(number: Number) -> list[NDArray[np.float32]]:
    """The plain way with a picture: each connected component is a digit."""
    ink = find_ink(painted(number)).ink
    assert ink is not None
    count, labels, boxes, _ = cv2.connectedComponentsWithStats((ink > 0).astype(np.uint8))
    order = sorted(range(1, count), key=lambda label: int(boxes[label, cv2.CC_STAT_LEFT]))
    return [_image(prepare_ink(np.where(labels == k, ink, np.float32(0)))) for k in order]


def _image(prepared: Prepared) -> NDArray[np.float32]:
    return np.zeros((28, 28), np.float32) if prepared.image is None else prepared.image


def with_numbers(
    drawn: Callable[[Number], Drawing], reader: classifier.Classifier, some: Sequence[Number]
) -> list[list[int | None]]:
    return [
        [prediction.digit for prediction in predictions]
        for predictions in segmentation.read(reader, [drawn(number) for number in some])
    ]


def plainly(
    split: Callable[[Number], list[NDArray[np.float32]]],
    reader: classifier.Classifier,
    some: Sequence[Number],
) -> list[list[int | None]]:
    parts = [split(number) for number in some]
    rows = reader.probabilities(np.stack([image for images in parts for image in images]))
    answers = iter(rows.argmax(axis=1).tolist())
    return [[next(answers) for _ in images] for images in parts]


def measured(
    reader: classifier.Classifier, writers: Writers, count: int, seed: int
) -> list[dict[str, Any]]:
    """How many numbers of each length each way reads wholly right."""
    ways: dict[str, Callable[[Sequence[Number]], list[list[int | None]]]] = {
        "Inkling, pen path": lambda some: with_numbers(
            lambda number: Drawing.from_strokes(number.strokes), reader, some
        ),
        "split at gaps": lambda some: plainly(by_gaps, reader, some),
        "Inkling, picture": lambda some: with_numbers(
            lambda number: Drawing.from_picture(painted(number)), reader, some
        ),
        "connected components": lambda some: plainly(by_components, reader, some),
    }
    rows = []
    for length in LENGTHS:
        rng = np.random.default_rng([seed, length])
        some = [writers.number(length, rng) for _ in range(count)]
        right, counted = {}, {}
        for name, way in ways.items():
            answers = way(some)
            pairs = list(zip(answers, some, strict=True))
            right[name] = sum(answer == number.digits for answer, number in pairs)
            counted[name] = sum(len(answer) == length for answer, _ in pairs)
        rows.append({"length": length, "n": count, "right": right, "as many digits": counted})
    return rows


def as_table() -> str:
    kept = report.load("numbers")
    return _table(kept["lengths"]) if kept else ""


def _table(rows: Sequence[dict[str, Any]]) -> str:
    names = list(rows[0]["right"])
    lines = []
    for row in rows:
        spreads = []
        for name in names:
            low, high = metrics.wilson_interval(row["right"][name], row["n"])
            share = 100 * row["right"][name] / row["n"]
            spreads.append(f"{share:.1f} ± {50 * (high - low):.1f}")
        grouped = row["as many digits"][names[0]] / row["n"]
        lines.append([row["length"], *spreads, report.percent(grouped, 1)])
    last = f"as many digits, {names[0]}"
    return report.table(["digits in the number, % wholly right", *names, last], lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("strokes", type=Path)
    parser.add_argument("--model", type=Path, default=PRETRAINED)
    parser.add_argument("--split", type=int, choices=(0, 1), default=1)
    parser.add_argument("--numbers", type=int, default=2000, help="of each length")
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    reader = classifier.load(options.model)
    strokes = read_strokes(options.strokes)
    if options.fit:
        print(fitted(reader, Writers(strokes, 0), options.numbers).round(2).tolist())
        return
    rows = measured(reader, Writers(strokes, options.split), options.numbers, SEED)
    if options.model == PRETRAINED and options.split == 1:
        report.save("numbers", {"lengths": rows})
    print(_table(rows))


if __name__ == "__main__":
    main()
