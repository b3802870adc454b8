"""Photos of a digit on paper: real people's strokes on synthetic paper under uneven light.

    python -m benchmarks.photos STROKES.npz [--model FILE] [--split 0|1] [--photos N]

STROKES.npz holds digits that people wrote with a pen (model/npz.py says how). Each is put in
pencil, blue or black ink on plain, lined or squared paper, anywhere on it and at several sizes; the
light falls off to a side, a shadow may lie across, the camera blurs and has noise, the file is a
JPEG. The paper fills the picture, or it is 30 to 90 % of it: a sheet on wood, on a cloth, on a dark
or a light desk (benchmarks/desks.py), turned by up to 20° and a little askew. It is read in the
same run by this app and in the two plain ways: the whole picture resized, and the ink cropped and
fitted after one threshold for all of the picture (Otsu).
"""

import argparse
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks import desks, report
from model.data.npz import Strokes, read_strokes
from model.inference import classifier, metrics, segmentation
from model.preprocessing.drawing import Drawing
from model.preprocessing.picture import read_picture
from model.preprocessing.pixels import to_float32
from model.settings import PRETRAINED

PAPERS = ("plain", "lined", "squared")
INKS = {"pencil": (95, 95, 100), "blue": (45, 60, 150), "black": (35, 35, 40)}  # RGB
SIZES = (0.25, 0.75)  # of the picture's shorter side: the ink's longer
PEN = (0.03, 0.08)  # of the ink's longer side
SEEDS = {0: 23, 1: 29}  # by the split

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Photo:
    """A photo's JPEG file, and on what and with what was written."""

    file: bytes
    paper: str
    ink: str
    lies: desks.Scene | None = None  # on a desk


def photo(strokes: list[NDArray[np.float32]], paper: str, rng: np.random.Generator) -> Photo:
    """The strokes on a sheet of `paper` that fills the picture."""
    width, height = (int(side) for side in rng.integers(400, 1000, 2))
    sheet, ink = _sheet(strokes, paper, (height, width), rng)
    return Photo(_taken(sheet, rng), paper, ink)


def photo_on_desk(
    strokes: list[NDArray[np.float32]], paper: str, desk: str, rng: np.random.Generator
) -> Photo:
    """The strokes on a sheet of `paper` that lies on a desk (desks.DESKS)."""
    lies = desks.scene(rng)
    sheet, ink = _sheet(strokes, paper, lies.size[::-1], rng, lies.shows)
    return Photo(_taken(desks.photographed(sheet, lies, desk, rng), rng), paper, ink, lies)


def _sheet(
    strokes: list[NDArray[np.float32]],
    paper: str,
    shape: tuple[int, int],
    rng: np.random.Generator,
    shows: Callable[[Floats], bool] | None = None,
) -> tuple[Floats, str]:
    """The strokes on `paper`, (H, W, 3), where it `shows` them; and what they are written with."""
    height, width = shape
    ink = str(rng.choice(list(INKS)))
    white = rng.uniform(205, 245) + rng.uniform(-6, 6, 3)
    sheet = np.tile(white.astype(np.float32), (height, width, 1))
    if paper != "plain":
        _rule(sheet, paper == "squared", rng)
    cover = _written(strokes, shape, rng, shows)
    if ink == "pencil":  # graphite leaves the paper's grain free
        grain = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 1)
        cover = cover * np.clip(0.8 + 0.6 * grain, 0.25, 1)
    colour = np.array(INKS[ink], np.float32) + rng.uniform(-15, 15)
    return sheet * (1 - cover[..., None]) + colour * cover[..., None], ink


def _taken(seen: Floats, rng: np.random.Generator) -> bytes:
    """The JPEG file of what is `seen` (H, W, 3): in uneven light, blurred, with noise."""
    lit = seen * _light(seen.shape[:2], rng)[..., None]
    blurred = cv2.GaussianBlur(lit, (0, 0), rng.uniform(0.3, 1.3))
    noisy = blurred + rng.normal(0, rng.uniform(1, 8), seen.shape)
    buffer = io.BytesIO()
    image = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    image.save(buffer, "JPEG", quality=int(rng.integers(40, 95)))
    return buffer.getvalue()


def _rule(sheet: Floats, both: bool, rng: np.random.Generator) -> None:
    """Draw rules on the sheet, a little askew; squares, or lines with a margin's beside."""
    height, width = sheet.shape[:2]
    apart = rng.uniform(0.06, 0.16) * min(height, width)
    tilt = np.tan(np.radians(rng.uniform(-4, 4)))
    colour = rng.uniform((90, 110, 140), (170, 185, 215)).tolist()
    thick = int(rng.integers(1, 3))

    def line(start: tuple[float, float], end: tuple[float, float], colour: list[float]) -> None:
        placed = [tuple(round(16 * value) for value in point) for point in (start, end)]
        cv2.line(sheet, placed[0], placed[1], colour, thick, cv2.LINE_AA, 4)

    for y in np.arange(-height * 0.2 - rng.uniform(0, apart), height * 1.2, apart):
        line((0, y), (width, y + tilt * width), colour)
    if both:
        for x in np.arange(-width * 0.2 - rng.uniform(0, apart), width * 1.2, apart):
            line((x, 0), (x - tilt * height, height), colour)
    elif rng.random() < 0.5:
        x = rng.uniform(0.02, 0.12) * width
        line((x, 0), (x - tilt * height, height), [210, 110, 110])


def _written(
    strokes: list[NDArray[np.float32]],
    shape: tuple[int, int],
    rng: np.random.Generator,
    shows: Callable[[Floats], bool] | None = None,
) -> Floats:
    """How much of each pixel the pen covers, 0 to 1; all of it where `shows` says so."""
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    largest = 1.0
    while True:
        long = max(12.0, largest * rng.uniform(*SIZES) * min(shape))
        pen = max(2, round(long * rng.uniform(*PEN)))
        scale = (long - pen) / max(extent.max(), 1e-9)
        room = np.array(shape[::-1]) - extent * scale - 4 * pen
        at = 2 * pen + rng.uniform(0, 1, 2) * np.maximum(room, 0)
        (left, top), (right, bottom) = at - pen, at + extent * scale + pen
        box = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
        if shows is None or shows(box):
            break
        largest *= 0.97
    paths = [
        np.round(np.repeat((stroke - low) * scale + at, 2, axis=0) * 16).astype(np.int32)
        for stroke in strokes
    ]
    cover = np.zeros(shape, np.uint8)
    cv2.polylines(cover, paths, False, 255, pen, cv2.LINE_AA, 4)
    return to_float32(cover)


def _light(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """The light on the sheet: falling off to a side; with a chance of two, a shadow across it."""
    height, width = shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    light = 1 - rng.uniform(0, 0.35) * (along + 1) / 2 - rng.uniform(0, 0.15) * (x**2 + y**2) / 2
    if rng.random() < 0.5:
        angle = rng.uniform(0, 2 * np.pi)
        edge = x * np.cos(angle) + y * np.sin(angle) - rng.uniform(-0.6, 0.6)
        soft = np.clip(edge / rng.uniform(0.03, 0.3), -1, 1)
        light *= 1 - rng.uniform(0.15, 0.45) * (soft + 1) / 2
    return np.asarray(light, np.float32)


# ---------------------------------------------------------------- the ways to read


def whole(picture: Picture) -> Floats:
    """Resize the picture."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (28, 28), interpolation=cv2.INTER_AREA)
    return 1 - small.astype(np.float32) / np.float32(255)


def otsu(picture: Picture) -> Floats:
    """One threshold for all of the picture; crop the ink, fit it to 20 px, centre it."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    x, y, width, height = cv2.boundingRect(ink)
    scale = 20 / max(width, height, 1)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    field = np.zeros((28, 28), np.float32)
    top, left = (28 - size[1]) // 2, (28 - size[0]) // 2
    fitted = cv2.resize(ink[y : y + height, x : x + width], size, interpolation=cv2.INTER_AREA)
    field[top : top + size[1], left : left + size[0]] = fitted.astype(np.float32) / 255
    return field


def inkling(reader: classifier.Classifier, pictures: list[Picture]) -> list[list[int | None]]:
    answers = segmentation.read(reader, [Drawing.from_picture(picture) for picture in pictures])
    return [[prediction.digit for prediction in predictions] for predictions in answers]


def plainly(
    way: Callable[[Picture], Floats], reader: classifier.Classifier, pictures: list[Picture]
) -> list[list[int | None]]:
    rows = reader.probabilities(np.stack([way(picture) for picture in pictures]))
    return [[int(digit)] for digit in rows.argmax(axis=1)]


WAYS: dict[str, Callable[[classifier.Classifier, list[Picture]], list[list[int | None]]]] = {
    "Inkling": inkling,
    "Otsu, crop and fit": lambda reader, pictures: plainly(otsu, reader, pictures),
    "whole picture": lambda reader, pictures: plainly(whole, reader, pictures),
}


Make = Callable[[list[NDArray[np.float32]], np.random.Generator], Photo]


def measured(
    reader: classifier.Classifier, path: Path, split: int, count: int
) -> dict[str, list[dict[str, Any]]]:
    """How many photos of each paper, and of sheets on each desk, each way reads right."""
    strokes = read_strokes(path)

    def of_paper(paper: str) -> Make:
        return lambda one, rng: photo(one, paper, rng)

    def on_desk(desk: str) -> Make:
        return lambda one, rng: photo_on_desk(one, str(rng.choice(PAPERS)), desk, rng)

    papers = {paper: of_paper(paper) for paper in PAPERS}
    on_desks = {desk: on_desk(desk) for desk in desks.DESKS}
    return {
        "papers": _rows(reader, strokes, split, count, "paper", papers),
        "desks": _rows(reader, strokes, split, count, "desk", on_desks),
    }


def _rows(
    reader: classifier.Classifier,
    strokes: Strokes,
    split: int,
    count: int,
    what: str,
    makes: dict[str, Make],
) -> list[dict[str, Any]]:
    labels = strokes.label
    assert labels is not None
    chosen = np.flatnonzero(strokes.split == split)
    rows: list[dict[str, Any]] = []
    for number, (name, make) in enumerate(makes.items()):
        rng = np.random.default_rng([SEEDS[split], number, *([1] if what == "desk" else [])])
        right = dict.fromkeys(WAYS, 0)
        some = rng.choice(chosen, count, replace=False)
        for few in np.array_split(some, -(-count // 50)):  # a thousand photos fill the memory
            pictures = [read_picture(make(strokes.sample(index), rng).file) for index in few]
            truth = [[int(label)] for label in labels[few]]
            for way, read in WAYS.items():
                right[way] += sum(map(list.__eq__, read(reader, pictures), truth))
        rows.append({what: name, "n": count, "right": right})
    total = {way: sum(row["right"][way] for row in rows) for way in WAYS}
    return [*rows, {what: "all", "n": count * len(makes), "right": total}]


def as_table() -> str:
    kept = report.load("photos")
    return _table(kept) if kept else ""


def _table(figures: dict[str, Any]) -> str:
    lines = []
    for row in [*figures["papers"], *figures.get("desks", [])]:
        spreads = []
        for name in WAYS:
            low, high = metrics.wilson_interval(row["right"][name], row["n"])
            spreads.append(f"{100 * row['right'][name] / row['n']:.1f} ± {50 * (high - low):.1f}")
        desk = "any of them" if row.get("desk") == "all" else row.get("desk")
        lies = f"a sheet on {desk}" if desk else f"{row['paper']} paper"
        lines.append([f"{lies} ({row['n']:,})", *spreads])
    return report.table(["photos of, % read right", *WAYS], lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("strokes", type=Path)
    parser.add_argument("--model", type=Path, default=PRETRAINED)
    parser.add_argument("--split", type=int, choices=(0, 1), default=1)
    parser.add_argument("--photos", type=int, default=1000, help="of each paper and each desk")
    options = parser.parse_args()
    reader = classifier.load(options.model)
    figures = measured(reader, options.strokes, options.split, options.photos)
    if options.model == PRETRAINED and options.split == 1:
        report.save("photos", figures)
    print(_table(figures))


if __name__ == "__main__":
    main()
