"""Real people's digits, and what is none, read from the pen's path and from pictures of the canvas.

    python -m benchmarks.drawings STROKES.npz… [--nondigits STROKES.npz…] [--model FILE]
                                  [--split 0|1] [--drawings N] [--errors PICTURE]

STROKES.npz holds digits that people wrote with a pen (model/data/npz.py says how); none of the
split that is read here may have been trained on. Each drawing is read as it was written. Then some
are replayed on a 280-px canvas at several sizes and pen widths, anywhere on it, tilted by up to
12°, and read in four ways in the same run: by this app from the path and from the picture, and in
the two ways of other demos: the whole canvas resized to 28×28, and the ink cropped, fitted to 20 px
and centred in the field. Of letters, signs and doodles (benchmarks/doodles.py) it tells how many
are refused. PICTURE, a .png or .svg to write, shows what is misread: what it is, what was answered
and how surely.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks import doodles, report
from model.data.npz import Strokes, read_strokes
from model.data.samples import CLASSES, NO_DIGIT
from model.inference import classifier, metrics
from model.inference.classifier import Classifier
from model.inference.prediction import Outcome, outcome
from model.preprocessing.framing import Prepared
from model.preprocessing.ink import prepare_picture
from model.preprocessing.strokes import is_scrawl, prepare_strokes
from model.settings import PRETRAINED

CANVAS = 280  # px
PENS = (4, 12, 20, 30, 40)  # px
SIZES = (60, 120, 180, 260)  # px, the ink's longer side; a pen as thick leaves no digit to see
CELLS = sorted(
    {(size, pen) for size in SIZES for pen in PENS if pen <= size / 2} | {(60, 16), (200, 4)}
)
MORE = {(60, 16), (120, 20), (200, 4)}  # of those cells' drawings, so many times as many
TIMES = 20
TILT = 12  # degrees
ERRORS_A_ROW = 10  # of the picture that shows them
SEED = 5
MANY_DIGITS = 40  # of a writer, so that a share of them says something
DOODLE_COUNT = 2_900
DOODLES = "doodles"

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Replay:
    """One drawing on the canvas: its strokes in px, and the picture that they leave."""

    strokes: list[NDArray[np.float64]]
    picture: Picture


def replay(
    strokes: list[NDArray[np.float32]], size: int, pen: int, rng: np.random.Generator
) -> Replay:
    """Tilt the strokes, make their ink `size` px long, and put them anywhere that they fit."""
    angle = np.radians(rng.uniform(-TILT, TILT))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = [stroke @ turn.T for stroke in strokes]
    points = np.concatenate(turned)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = max(size - pen, 8) / max(extent.max(), 1e-9)
    room = CANVAS - extent * scale - pen
    at = pen / 2 + rng.uniform(0, 1, 2) * np.maximum(room, 0)
    # A canvas knows whole pixels of the pointer.
    placed = [np.round((stroke - low) * scale + at) for stroke in turned]
    picture = np.full((CANVAS, CANVAS), 255, np.uint8)
    paths = [np.repeat(p, 2, axis=0).astype(np.int32) for p in placed]
    cv2.polylines(picture, paths, False, 0, pen, cv2.LINE_AA)
    return Replay(placed, picture)


def whole_canvas(drawing: Replay) -> NDArray[np.float32]:
    """What nearly every demo does."""
    small = cv2.resize(drawing.picture, (28, 28), interpolation=cv2.INTER_AREA)
    return 1 - small.astype(np.float32) / np.float32(255)


def crop_and_fit(drawing: Replay) -> NDArray[np.float32]:
    """What the better ones do: crop the ink, fit it to 20 px, centre it by its box."""
    ink = 255 - drawing.picture
    x, y, width, height = cv2.boundingRect(ink)
    scale = 20 / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    fitted = cv2.resize(ink[y : y + height, x : x + width], size, interpolation=cv2.INTER_AREA)
    field = np.zeros((28, 28), np.float32)
    top, left = (28 - size[1]) // 2, (28 - size[0]) // 2
    field[top : top + size[1], left : left + size[0]] = fitted / np.float32(255)
    return field


def from_path(drawing: Replay) -> NDArray[np.float32]:
    return _image(prepare_strokes(drawing.strokes))


def from_picture(drawing: Replay) -> NDArray[np.float32]:
    return _image(prepare_picture(drawing.picture))


def _image(prepared: Prepared) -> NDArray[np.float32]:
    """What could not be prepared counts as blank, and so as misread."""
    return np.zeros((28, 28), np.float32) if prepared.image is None else prepared.image


WAYS: dict[str, Callable[[Replay], NDArray[np.float32]]] = {
    "Inkling, pen path": from_path,
    "Inkling, picture": from_picture,
    "crop and fit": crop_and_fit,
    "whole canvas": whole_canvas,
}


@dataclass(frozen=True, eq=False)
class Read:
    """What a network made of N drawings: `probabilities` (N, 10), `outcomes` (N,) with scrawls
    refused, `images` (N, 28, 28); `labels` and `writers` (N,), NO_DIGIT for what is none."""

    images: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    outcomes: NDArray[np.str_]
    labels: NDArray[np.int64]
    writers: NDArray[np.int64]

    @property
    def answers(self) -> NDArray[np.int64]:
        """The likeliest digit of each, be it one or not."""
        return self.probabilities.argmax(axis=1)

    @property
    def is_right(self) -> NDArray[np.bool_]:
        """Whether it was answered, and right."""
        return (self.answers == self.labels) & (self.outcomes == Outcome.DIGIT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("strokes", type=Path, nargs="+")
    parser.add_argument(
        "--nondigits", type=Path, nargs="*", default=[], help="letters and signs, as strokes too"
    )
    parser.add_argument("--model", type=Path, default=PRETRAINED)
    parser.add_argument("--split", type=int, choices=(0, 1), default=1)
    parser.add_argument("--drawings", type=int, default=1000, help="of the grid's, a cell")
    parser.add_argument("--errors", type=Path, help="a picture to write of what is misread")
    options = parser.parse_args()
    reader = classifier.load(options.model)
    files = {path: read_strokes(path) for path in options.strokes}
    digits = {path.name: by_path(reader, file, options.split) for path, file in files.items()}
    others = {
        path.name: by_path(reader, read_strokes(path), options.split, are_digits=False)
        for path in options.nondigits
    }
    others[DOODLES] = by_doodle(reader)
    if options.errors:
        show_errors(list(digits.values()), options.errors)
    figures = {
        "split": options.split,
        "path": {name: of_digits(read) for name, read in digits.items()},
        "nondigits": {name: of_others(read) for name, read in others.items()},
        "calibration_error": calibration_error([*digits.values(), *others.values()]),
        "grid": grid(reader, list(files.values()), options.split, options.drawings),
    }
    if options.model == PRETRAINED and options.split == 1:
        report.save("drawings", figures)
    print(path_table(figures), "", grid_table(figures), sep="\n")


def by_path(reader: Classifier, file: Strokes, split: int, are_digits: bool = True) -> Read:
    """All drawings of a split as their writers made them."""
    assert file.label is not None
    assert file.split is not None
    chosen = np.flatnonzero(file.split == split)
    labels = file.label[chosen] if are_digits else np.full(len(chosen), NO_DIGIT)
    writers = np.zeros(len(chosen), np.int64) if file.writer is None else file.writer[chosen]
    return _read(reader, [file.sample(int(index)) for index in chosen], labels, writers)


def by_doodle(reader: Classifier) -> Read:
    drawn = doodles.make(DOODLE_COUNT)
    labels, writers = np.full(len(drawn), NO_DIGIT), np.zeros(len(drawn), np.int64)
    return _read(reader, [strokes for _, strokes in drawn], labels, writers)


def _read(
    reader: Classifier,
    drawings: Sequence[list[NDArray[np.float32]]],
    labels: NDArray[np.int64],
    writers: NDArray[np.int64],
) -> Read:
    images = np.stack([_image(prepare_strokes(strokes)) for strokes in drawings])
    rows = reader.probabilities(images)
    outcomes = [
        Outcome.NONE if is_scrawl(strokes) else outcome(row)
        for strokes, row in zip(drawings, rows, strict=True)
    ]
    return Read(images, rows, np.array(outcomes), labels, writers)


def of_digits(read: Read) -> dict[str, Any]:
    right = read.is_right
    each = {digit: float(right[read.labels == digit].mean()) for digit in range(CLASSES)}
    writer, n = np.unique(read.writers, return_counts=True)
    shares = {
        int(one): float(right[read.writers == one].mean()) for one in writer[n >= MANY_DIGITS]
    }
    return {
        **metrics.evaluate(read.probabilities, read.labels).as_dict(),
        "answered": _share(right),
        "worst_digit": min(each.items(), key=lambda item: item[1]),
        "worst_writer": min(shares.items(), key=lambda item: item[1]) if shares else None,
        "refused": _share(read.outcomes != Outcome.DIGIT),
        "surely_none": _share(read.outcomes == Outcome.NONE),
    }


def of_others(read: Read) -> dict[str, Any]:
    return {
        "n": len(read.labels),
        "refused": _share(read.outcomes != Outcome.DIGIT),
        "surely_none": _share(read.outcomes == Outcome.NONE),
    }


def _share(which: NDArray[np.bool_]) -> dict[str, Any]:
    return {
        "share": float(which.mean()),
        "interval": metrics.wilson_interval(int(which.sum()), len(which)),
    }


def calibration_error(several: Sequence[Read]) -> float:
    """Over eleven answers, on digits and non-digits together."""
    rows = np.concatenate([read.probabilities for read in several])
    labels = np.concatenate([read.labels for read in several])
    with_none = np.column_stack([rows, 1 - rows.sum(axis=1)])
    return metrics.calibration_error(with_none, np.where(labels == NO_DIGIT, CLASSES, labels))


def show_errors(several: Sequence[Read], path: Path) -> None:
    """A picture of what is misread, each with its label, the answer and its probability."""
    from matplotlib.figure import Figure

    images, labels, answers, rows_of = (
        np.concatenate([getattr(read, name) for read in several])
        for name in ("images", "labels", "answers", "probabilities")
    )
    (wrong,) = np.nonzero(answers != labels)
    rows = max(1, -(-len(wrong) // ERRORS_A_ROW))
    figure = Figure((ERRORS_A_ROW, 1.25 * rows), dpi=100, layout="constrained")
    for axes in figure.subplots(rows, ERRORS_A_ROW).flat:
        axes.set_axis_off()
    for axes, index in zip(figure.axes, wrong, strict=False):
        axes.imshow(images[index], cmap="gray_r", vmin=0, vmax=1)
        sure = rows_of[index, answers[index]]
        axes.set_title(f"{labels[index]} as {answers[index]}, {100 * sure:.0f} %", fontsize=7)
    figure.savefig(path)


def grid(
    reader: Classifier, files: Sequence[Strokes], split: int, count: int
) -> list[dict[str, Any]]:
    """Each pen width at each size, of drawings from all files: the share that each way reads
    right."""
    every = [
        (file, int(index))
        for file in files
        if file.split is not None
        for index in np.flatnonzero(file.split == split)
    ]
    cells = []
    for size, pen in CELLS:
        rng = np.random.default_rng([SEED, size, pen])
        n = min(count * TIMES if (size, pen) in MORE else count, len(every))
        some = [every[i] for i in rng.choice(len(every), n, replace=False)]
        replays = [replay(file.sample(i), size, pen, rng) for file, i in some]
        labels = np.array([file.label[i] for file, i in some if file.label is not None])
        right = {}
        for name, way in WAYS.items():
            images = np.stack([way(drawing) for drawing in replays])
            answers = reader.probabilities(images).argmax(axis=1)
            right[name] = int((answers == labels).sum())
        cells.append({"size": size, "pen": pen, "n": len(some), "right": right})
    return cells


def path_table(figures: dict[str, Any]) -> str:
    """A column a file of digits, then the letters, signs and doodles."""
    files = figures["path"]

    def row(title: str, cell: Callable[[dict[str, Any]], str]) -> list[str]:
        return [title, *(cell(of) for of in files.values())]

    digits = report.table(
        ["pen path, as written", *(f"{name}, {of['n']:,}" for name, of in files.items())],
        [
            row("answered right", lambda of: _cell(of["answered"])),
            row("the likeliest digit is right", lambda of: _cell(_likeliest(of))),
            row("the worst digit, answered right", lambda of: _named(of["worst_digit"])),
            row("the worst writer, answered right", lambda of: _named(of["worst_writer"])),
            row("not answered, or asked about", lambda of: _cell(of["refused"])),
            row("said to be no digit", lambda of: _cell(of["surely_none"])),
        ],
    )
    others = report.table(
        ["what is no digit", "not answered", "said to be none", "n"],
        [
            [name, _cell(of["refused"]), _cell(of["surely_none"]), f"{of['n']:,}"]
            for name, of in figures["nondigits"].items()
        ],
    )
    error = report.percent(figures["calibration_error"])
    return f"{digits}\n\n{others}\n\nExpected calibration error over all of these: {error}."


def _likeliest(of: dict[str, Any]) -> dict[str, Any]:
    return {"share": of["accuracy"], "interval": of["interval"]}


def _cell(share: dict[str, Any]) -> str:
    return report.with_interval(share["share"], share["interval"])


def _named(worst: tuple[int, float] | None) -> str:
    return "" if worst is None else f"{report.percent(worst[1])} ({worst[0]})"


def grid_table(figures: dict[str, Any]) -> str:
    rows = [
        [
            f"{cell['size']} px, pen {cell['pen']}",
            *(
                f"{100 * cell['right'][name] / cell['n']:.1f} "
                f"± {100 * spread(cell['right'][name], cell['n']):.1f}"
                for name in WAYS
            ),
        ]
        for cell in figures["grid"]
    ]
    return report.table(["size on the canvas, % read right", *WAYS], rows)


def spread(right: int, n: int) -> float:
    low, high = metrics.wilson_interval(right, n)
    return (high - low) / 2


if __name__ == "__main__":
    main()
