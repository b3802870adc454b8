"""Teach the network one person's way of writing, and read the rest of what that person wrote.

    python -m benchmarks.teaching STROKES.npz… [--nondigits STROKES.npz…] [--model FILE]
                                  [--split 0|1] [--writers N]

STROKES.npz holds digits that people wrote with a pen (model/data/npz.py says how). Of each writer
three drawings of each digit are taught, as the Drawings page does it, cross-validation included,
each writer to the network anew; all others are read before and after, and so are MNIST's validation
digits and other people's letters and signs, which are to be refused as before.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import report
from model.data import datasets
from model.data.datasets import Dataset
from model.data.drawings import SavedDrawing
from model.data.npz import Strokes, read_strokes
from model.data.samples import LabelledSamples
from model.inference import classifier
from model.inference.classifier import Classifier
from model.inference.metrics import wilson_interval
from model.inference.prediction import Outcome, outcome
from model.preprocessing.framing import SIDE
from model.preprocessing.pixels import to_float32, to_uint8
from model.preprocessing.strokes import prepare_strokes
from model.settings import PRETRAINED
from model.training import recipes

TAUGHT = 3  # drawings of each digit
SEED = 6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("strokes", type=Path, nargs="+")
    parser.add_argument("--nondigits", type=Path, nargs="*", default=[])
    parser.add_argument("--model", type=Path, default=PRETRAINED)
    parser.add_argument("--split", type=int, choices=(0, 1), default=1)
    parser.add_argument("--writers", type=int, default=10, help="of each file")
    options = parser.parse_args()
    mnist = datasets.load("mnist")
    others = [read_strokes(path) for path in options.nondigits]
    letters = np.concatenate([drawn(file, options.split) for file in others]) if others else None
    rows = []
    for path in options.strokes:
        strokes = read_strokes(path)
        for writer in writers(strokes, options.split, options.writers):
            row = taught(options.model, strokes, writer, mnist, letters)
            rows.append({"file": path.name, **row})
            print(rows[-1], flush=True)
    figures = {"split": options.split, "writers": rows}
    if options.model == PRETRAINED and options.split == 1:
        report.save("teaching", figures)
    print(table(figures))


def writers(strokes: Strokes, split: int, count: int) -> list[int]:
    """Those of the split with the most digits beyond what is taught."""
    assert strokes.writer is not None
    assert strokes.label is not None
    beyond = {}
    for writer in np.unique(strokes.writer[strokes.split == split]):
        counts = np.bincount(strokes.label[strokes.writer == writer], minlength=10)
        beyond[int(writer)] = int(np.maximum(counts - TAUGHT, 0).sum())
    return sorted(beyond, key=lambda writer: (-beyond[writer], writer))[:count]


def taught(
    model: Path,
    strokes: Strokes,
    writer: int,
    mnist: Dataset,
    letters: NDArray[np.uint8] | None,
) -> dict[str, Any]:
    """One writer's digits read before and after three of each were taught, and MNIST's; and how
    many of the letters (N, 28, 28) were taken for digits."""
    from model.training.fine_tuning import FineTuner

    assert strokes.writer is not None
    rng = np.random.default_rng([SEED, writer])
    order = rng.permutation(np.flatnonzero(strokes.writer == writer))
    drawings = [drawing(strokes, index) for index in order]
    labels = [one.label for one in drawings]
    first = [labels[:place].count(label) < TAUGHT for place, label in enumerate(labels)]
    lesson = [one for one, chosen in zip(drawings, first, strict=True) if chosen]
    others = [one for one, chosen in zip(drawings, first, strict=True) if not chosen]
    before = classifier.load(model)
    began = time.perf_counter()
    tuner = FineTuner(classifier.load(model).network, recipes.FINE_TUNING, mnist.train)
    training_set = tuner.training_set(lesson)
    told = tuner.cross_validate(training_set)
    after = tuner.learn(training_set)
    seconds = time.perf_counter() - began
    rest = LabelledSamples(
        np.stack([one.image for one in others]), np.array([o.label for o in others])
    )
    return {
        "writer": writer,
        "taught": len(lesson),
        "told_n": told.n,
        "told": [told.n - told.before, told.n - told.after],
        "n": len(others),
        "wrong": [wrong(before, rest), wrong(after, rest)],
        "mnist": len(mnist.validation),
        "mnist_wrong": [wrong(one, mnist.validation) for one in (before, after)],
        "letters": 0 if letters is None else len(letters),
        "letters_taken": [taken(one, letters) for one in (before, after)],
        "seconds": seconds,
    }


def drawing(strokes: Strokes, index: int) -> SavedDrawing:
    assert strokes.label is not None
    path = strokes.sample(index)
    image = prepare_strokes(path).image
    blank = np.zeros((SIDE, SIDE), np.uint8)  # a dot counts as misread
    pixels = blank if image is None else to_uint8(image)
    return SavedDrawing(pixels, int(strokes.label[index]), path)


def drawn(strokes: Strokes, split: int) -> NDArray[np.uint8]:
    """All drawings of a split as the network is given them, (N, 28, 28)."""
    chosen = np.flatnonzero(strokes.split == split).tolist()
    images = [prepare_strokes(strokes.sample(index)).image for index in chosen]
    return np.stack([to_uint8(image) for image in images if image is not None])


def taken(reader: Classifier, letters: NDArray[np.uint8] | None) -> int:
    """How many of what is no digit are answered with one."""
    if letters is None:
        return 0
    rows = reader.probabilities(to_float32(letters))
    return sum(outcome(row) is Outcome.DIGIT for row in rows)


def wrong(reader: Classifier, split: LabelledSamples) -> int:
    images = to_float32(split.images)
    return int((reader.probabilities(images).argmax(axis=1) != split.labels).sum())


def as_table() -> str:
    figures = report.load("teaching")
    return table(figures) if figures else ""


def table(figures: dict[str, Any]) -> str:
    rows = figures["writers"]
    n, told = (sum(row[key] for row in rows) for key in ("n", "told_n"))

    def share(key: str, of: int) -> list[str]:
        pairs = zip(*(row[key] for row in rows), strict=True)
        wrong = [sum(column) for column in pairs]
        return [report.with_interval(w / of, wilson_interval(w, of)) for w in wrong]

    # The same digits for all, so their mean has no interval of its own.
    shares = [[wrong / row["mnist"] for wrong in row["mnist_wrong"]] for row in rows]
    before, after = np.mean(shares, axis=0)
    worst = max(share[1] for share in shares)
    seconds = [row["seconds"] for row in rows]
    took = f"{np.median(seconds):.0f} s ({min(seconds):.0f}–{max(seconds):.0f})"
    return report.table(
        [f"{len(rows)} writers: read wrong (95 % interval)", "before", "after"],
        [
            [f"their {n:,} other digits", *share("wrong", n)],
            [f"what cross-validation told from the {told:,} taught", *share("told", told)],
            [
                f"MNIST's {rows[0]['mnist']:,} validation digits",
                report.percent(before),
                f"{report.percent(after)} on average, {report.percent(worst)} at worst",
            ],
            *_letters(rows),
            ["seconds to teach one writer", "", took],
        ],
    )


def _letters(rows: list[dict[str, Any]]) -> list[list[str]]:
    """The row of what is no digit, where it was read."""
    count = rows[0].get("letters", 0)
    if not count:
        return []
    shares = np.array([row["letters_taken"] for row in rows]) / count
    before, after = 1 - shares.mean(axis=0)
    worst = 1 - shares[:, 1].max()
    told = f"{report.percent(after)} on average, {report.percent(worst)} at worst"
    return [[f"refused of {count:,} letters and signs", report.percent(before), told]]


if __name__ == "__main__":
    main()
