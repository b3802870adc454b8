"""Real people's digits, read from the pen's path and from pictures of the canvas.

    python -m benchmarks.drawings STROKES.npz [--nondigits STROKES.npz] [--model FILE]
                                  [--split 0|1] [--drawings N] [--errors PICTURE]

STROKES.npz holds digits that people wrote with a pen (model/npz.py says how); none of the split
that is read here may have been trained on. Each drawing is replayed on a 280-px canvas at several
sizes and pen widths, anywhere on it, tilted by up to 12°, and read in four ways in the same run:
by this app from the path and from the picture, and in the two ways of other demos: the whole canvas
resized to 28×28, and the ink cropped, fitted to 20 px and centred in the field. Given letters and
signs too, it tells how many of them are refused. PICTURE, a .png or .svg to write, shows what is
misread: what it is, what was answered and how surely.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks import report
from model.data.npz import Strokes, read_strokes
from model.inference import classifier, metrics
from model.inference.prediction import Outcome, outcome
from model.preprocessing.framing import Prepared
from model.preprocessing.ink import prepare_picture
from model.preprocessing.strokes import prepare_strokes
from model.settings import PRETRAINED

CANVAS = 280  # px
PENS = (4, 12, 20, 30, 40)  # px
SIZES = (60, 120, 180, 260)  # px, the ink's longer side; a pen as thick leaves no digit to see
TILT = 12  # degrees
ERRORS_A_ROW = 10  # of the picture that shows them
SEED = 5

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("strokes", type=Path)
    parser.add_argument("--nondigits", type=Path, help="letters and signs, as strokes too")
    parser.add_argument("--model", type=Path, default=PRETRAINED)
    parser.add_argument("--split", type=int, choices=(0, 1), default=1)
    parser.add_argument("--drawings", type=int, default=1000, help="of the grid's, a cell")
    parser.add_argument("--errors", type=Path, help="a picture to write of what is misread")
    options = parser.parse_args()
    reader = classifier.load(options.model)
    strokes = read_strokes(options.strokes)
    assert strokes.label is not None
    chosen = np.flatnonzero(strokes.split == options.split)
    images, labels = _by_path(strokes, chosen), strokes.label[chosen]
    probabilities = reader.probabilities(images)
    if options.errors:
        show_errors(images, labels, probabilities, options.errors)
    figures = {
        "split": options.split,
        "path": by_path(probabilities, labels),
        "grid": grid(reader, strokes, chosen, options.drawings),
    }
    if options.nondigits:
        figures["nondigits"] = refusals(reader, read_strokes(options.nondigits), options.split)
    if options.model == PRETRAINED and options.split == 1:
        report.save("drawings", figures)
    print(path_table(figures), "", grid_table(figures), sep="\n")


def by_path(probabilities: NDArray[np.float32], labels: NDArray[np.int64]) -> dict[str, Any]:
    """All drawings of the split, as their writers made them."""
    with_none = np.column_stack([probabilities, 1 - probabilities.sum(axis=1)])
    return {
        **metrics.evaluate(probabilities, labels).as_dict(),
        "refused": _refused(probabilities),
        "calibration_error": metrics.calibration_error(with_none, labels),
    }


def show_errors(
    images: NDArray[np.float32],
    labels: NDArray[np.int64],
    probabilities: NDArray[np.float32],
    path: Path,
) -> None:
    """A picture of what is misread, each with its label, the answer and its probability."""
    from matplotlib.figure import Figure

    answers = probabilities.argmax(axis=1)
    (wrong,) = np.nonzero(answers != labels)
    rows = max(1, -(-len(wrong) // ERRORS_A_ROW))
    figure = Figure((ERRORS_A_ROW, 1.25 * rows), dpi=100, layout="constrained")
    for axes in figure.subplots(rows, ERRORS_A_ROW).flat:
        axes.set_axis_off()
    for axes, index in zip(figure.axes, wrong, strict=False):
        axes.imshow(images[index], cmap="gray_r", vmin=0, vmax=1)
        sure = probabilities[index, answers[index]]
        axes.set_title(f"{labels[index]} as {answers[index]}, {100 * sure:.0f} %", fontsize=7)
    figure.savefig(path)


def refusals(reader: classifier.Classifier, others: Strokes, split: int) -> dict[str, Any]:
    """What is no digit: the share that is called none."""
    chosen = np.flatnonzero(others.split == split)
    share = _refused(reader.probabilities(_by_path(others, chosen)))
    n = len(chosen)
    return {"n": n, "refused": share, "interval": metrics.wilson_interval(round(share * n), n)}


def _by_path(strokes: Strokes, chosen: NDArray[np.intp]) -> NDArray[np.float32]:
    return np.stack([_image(prepare_strokes(strokes.sample(int(i)))) for i in chosen])


def _refused(probabilities: NDArray[np.float32]) -> float:
    return float(np.mean([outcome(row) is not Outcome.DIGIT for row in probabilities]))


def grid(
    reader: classifier.Classifier, strokes: Strokes, chosen: NDArray[np.intp], count: int
) -> list[dict[str, Any]]:
    """Each pen width at each size: the share that each way reads right."""
    assert strokes.label is not None
    cells = []
    for size in SIZES:
        for pen in PENS:
            if pen > size / 2:
                continue
            rng = np.random.default_rng([SEED, size, pen])
            some = rng.choice(chosen, min(count, len(chosen)), replace=False)
            replays = [replay(strokes.sample(i), size, pen, rng) for i in some]
            right = {}
            for name, way in WAYS.items():
                images = np.stack([way(drawing) for drawing in replays])
                answers = reader.probabilities(images).argmax(axis=1)
                right[name] = int((answers == strokes.label[some]).sum())
            cells.append({"size": size, "pen": pen, "n": len(some), "right": right})
    return cells


def path_table(figures: dict[str, Any]) -> str:
    path = figures["path"]
    worst = min(path["per_digit"], key=path["per_digit"].get)
    rows = [
        [
            "the likeliest digit is right",
            report.with_interval(path["accuracy"], path["interval"]),
            f"{path['n']:,}",
        ],
        [f"the worst digit, {worst}", report.percent(path["per_digit"][worst]), ""],
        ["digits refused as none", report.percent(path["refused"]), ""],
        ["expected calibration error", report.percent(path["calibration_error"]), ""],
    ]
    if others := figures.get("nondigits"):
        share = report.with_interval(others["refused"], others["interval"])
        rows.append(["letters and signs refused as none", share, f"{others['n']:,}"])
    return report.table(["pen path, as written", "share (95 % interval)", "n"], rows)


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
