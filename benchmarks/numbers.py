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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

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
EPOCHS = 12
STEP = 0.3

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


def painted(number: Number) -> NDArray[np.uint8]:
    """The number as a picture, black on white."""
    points = np.concatenate(number.strokes)
    margin = 2 * number.pen + 4
    low = points.min(axis=0) - margin
    width, height = np.ceil(np.ptp(points, axis=0) + 2 * margin).astype(int)
    picture = np.full((height, width), 255, np.uint8)
    paths = [
        np.round((np.repeat(s, 2, axis=0) - low) * 16).astype(np.int32) for s in number.strokes
    ]
    cv2.polylines(picture, paths, False, 0, number.pen, cv2.LINE_AA, 4)
    return picture


# ---------------------------------------------------------------- the weights


def fitted(reader: classifier.Classifier, writers: Writers, count: int) -> NDArray[np.float64]:
    """The weights under which the right groups of `count` numbers are likeliest.

    Stochastic gradient ascent (AdaGrad: Duchi, Hazan, Singer, JMLR 2011) on the log-likelihood of
    the semi-Markov conditional random field; three in four are single digits, as most drawings are.
    """
    rng = np.random.default_rng(SEED)
    lattices = []
    for index in range(count):
        number = writers.number(int(rng.choice(LENGTHS, p=[0.75, *[0.05] * 5])), rng)
        path = Drawing.from_strokes(number.strokes)
        lattices.append(_lattice(reader, path, _boxes(number)))
        if index % 2:
            picture, at = painted(number), np.concatenate(number.strokes).min(axis=0)
            boxes = _boxes(number) - np.array([*(at - 2 * number.pen - 4), 0, 0])
            lattices.append(_lattice(reader, Drawing.from_picture(picture), boxes, number.pen))
    known = [lattice for lattice in lattices if lattice]
    print(f"{len(known)} of {len(lattices)} have the right groups among theirs")
    weights, squares = segmentation.WEIGHTS.copy(), np.full(len(segmentation.WEIGHTS), 1e-6)
    for _ in range(EPOCHS):
        loss = 0.0
        for index in rng.permutation(len(known)):
            spans, features, right = known[index]
            log_sum, shares = _marginals(spans, features @ weights)
            loss += log_sum - float((features @ weights)[right].sum())
            gradient = features[right].sum(axis=0) - shares @ features
            squares += gradient**2
            weights += STEP * gradient / np.sqrt(squares)
        print(f"loss {loss / len(known):.4f}", np.round(weights, 2).tolist(), flush=True)
    return weights


_Lattice = tuple[list[tuple[int, int]], NDArray[np.float64], list[int]]


def _boxes(number: Number) -> NDArray[np.float64]:
    """(digits, 4): x, y, width and height of each."""
    boxes = []
    for place in range(len(number.digits)):
        own = [s for s, owner in zip(number.strokes, number.owners, strict=True) if owner == place]
        points = np.concatenate(own)
        boxes.append([*points.min(axis=0), *np.ptp(points, axis=0)])
    return np.array(boxes)


def _lattice(
    reader: classifier.Classifier,
    drawing: Drawing,
    boxes: NDArray[np.float64],
    pen: float = 0.0,
) -> _Lattice | None:
    """The candidates' spans and features (candidates, 11), and which of them are the digits in
    `boxes`; None where not all digits are among them."""
    candidates = drawing.segments.candidates
    boxes = boxes + np.array([-pen / 2, -pen / 2, pen, pen])
    found = np.array([one.box for one in candidates]).reshape(-1, 4)
    away = np.abs(found[:, None] - boxes[None]).max(axis=2, initial=0)
    if not len(found) or (away.min(axis=0) > 1e-6 + pen).any():
        return None
    spans = [(one.first, one.end) for one in candidates]
    right = away.argmin(axis=0).tolist()
    begun, ended = zip(*sorted(spans[index] for index in right), strict=True)
    if (*begun, max(end for _, end in spans)) != (0, *ended):  # they do not follow on each other
        return None
    rows = reader.probabilities(np.stack([one.image for one in candidates]))
    features = [
        segmentation.all_features(one, row) for one, row in zip(candidates, rows, strict=True)
    ]
    return spans, np.stack(features), right


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
