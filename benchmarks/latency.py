"""From ink to probabilities: one drawing, this app's way and the ways of other demos.

    python -m benchmarks.latency

All ways read the same drawings with the same network, in turn, in one process: medians, and the
5th and 95th percentiles, in milliseconds.
"""

import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from benchmarks import report
from model.data import synthetic
from model.inference import classifier
from model.preprocessing.canvas import strokes_from_canvas
from model.preprocessing.drawing import Drawing
from model.preprocessing.ink import prepare_picture
from model.settings import PRETRAINED

DRAWINGS = 300


def canvas_drawing(digit: int, seed: int) -> dict[str, Any]:
    """A synthetic digit as the canvas sends it, 250 px tall, a point every 4 px."""
    rng = np.random.default_rng(seed)
    strokes = synthetic.draw_digit(digit, rng)
    points = np.concatenate(strokes)
    scale = 250 / np.ptp(points, axis=0).max()
    objects = []
    for stroke in strokes:
        placed = (stroke - points.min(axis=0)) * scale + 60
        steps = np.r_[0, np.cumsum(np.hypot(*np.diff(placed, axis=0).T))]
        at = np.linspace(0, steps[-1], max(2, int(steps[-1] / 4)))
        dense = np.stack([np.interp(at, steps, placed[:, axis]) for axis in (0, 1)], axis=1)
        middles = (dense[:-1] + dense[1:]) / 2
        path = [["M", *dense[0].tolist()]]
        path += [
            ["Q", *point.tolist(), *middle.tolist()]
            for point, middle in zip(dense[:-1], middles, strict=True)
        ]
        path.append(["L", *dense[-1].tolist()])
        low, high = dense.min(axis=0), dense.max(axis=0)
        objects.append(
            {
                "type": "Path",
                "path": path,
                "originX": "center",
                "originY": "center",
                "left": float(low[0] + high[0]) / 2,
                "top": float(low[1] + high[1]) / 2,
                "strokeWidth": 20,
            }
        )
    return {"objects": objects}


def painted(drawing: dict[str, Any]) -> np.ndarray:
    """The canvas' picture, (400, 400, 4) uint8, as a demo gets it."""
    picture = np.full((400, 400, 4), 255, np.uint8)
    strokes = [np.round(s).astype(np.int32) for s in strokes_from_canvas(drawing)]
    cv2.polylines(picture, strokes, False, (0, 0, 0, 255), 20, cv2.LINE_AA)
    return picture


def main() -> None:
    reader = classifier.load(PRETRAINED)
    drawings = [canvas_drawing(i % 10, i) for i in range(DRAWINGS)]
    pictures = [painted(drawing) for drawing in drawings]

    def resized(index: int) -> np.ndarray:
        grey = cv2.cvtColor(pictures[index], cv2.COLOR_RGBA2GRAY)
        return 1 - cv2.resize(grey, (28, 28)).astype(np.float32) / 255

    def prepared(index: int) -> np.ndarray:
        image = Drawing.from_canvas(drawings[index]).image
        assert image is not None
        return image

    def prepared_picture(index: int) -> np.ndarray:
        image = prepare_picture(pictures[index]).image
        assert image is not None
        return image

    ways: dict[str, Callable[[int], object]] = {
        "Inkling, pen path": lambda i: reader.probabilities(prepared(i)[None]),
        "Inkling, picture": lambda i: reader.probabilities(prepared_picture(i)[None]),
        "resize, then `model.predict`": lambda i: reader.network.predict(
            resized(i)[None, ..., None], verbose=0
        ),
        "resize, then `model(…)`": lambda i: reader.network(resized(i)[None, ..., None]).numpy(),
        "preparing a pen path alone": prepared,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way(0)  # traced, warm
    for index in range(DRAWINGS):
        for name, way in ways.items():
            began = time.perf_counter()
            way(index)
            times[name].append(1000 * (time.perf_counter() - began))
    figures = {name: report.spread(taken) for name, taken in times.items()}
    report.save("latency", {"drawings": DRAWINGS, "ways": figures})
    print(as_table())


def as_table() -> str:
    kept = report.load("latency")
    rows = [
        [name, *report.in_ms(figures, 2)]
        for name, figures in (kept["ways"] if kept else {}).items()
    ]
    return report.table(["one drawing", "median", "5–95 %"], rows)


if __name__ == "__main__":
    main()
