"""The tutorials' plots of a training."""

import io
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from model.runs.records import EpochRow
from model.training import plots

HISTORY = [EpochRow(n, 1 / n, 1 - 0.1 / n, 2 / n, 0.9, seconds=1.0) for n in (1, 2, 3)]


@pytest.mark.parametrize("figure", ["loss", "accuracy"])
def test_a_png_shows_both_curves(figure: str) -> None:
    picture = Image.open(io.BytesIO(plots.plot(HISTORY, figure, "png"))).convert("RGB")
    assert picture.size == (1280, 800)
    pixels, counts = np.unique(np.asarray(picture).reshape(-1, 3), axis=0, return_counts=True)
    strong = pixels[(np.ptp(pixels, axis=1) > 100) & (counts > 500)]
    assert {tuple(color) for color in strong} >= {(31, 119, 180), (255, 127, 14)}


def test_an_svg_names_what_it_shows() -> None:
    picture = ElementTree.fromstring(plots.plot(HISTORY, "loss", "svg"))
    assert picture.tag.endswith("svg")
    assert len(picture.findall(".//*[@id='axes_1']")) == 1


def test_a_history_of_one_epoch_is_plotted() -> None:
    assert plots.plot(HISTORY[:1], "accuracy", "svg")
