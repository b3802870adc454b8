"""Drawings as pictures: light ink on dark, as the network is shown it, in both themes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import SIDE, Image
from model.preprocessing.strokes import Stroke
from ui.common import html, images

PAPER, INK = "#000000", "#ffffff"
FOR, AGAINST = "#ff9a52", "#6f9dff"  # the answer; told apart by the colour-blind too
ADDED, GONE = "#5fe0c3", "#ff6f91"

_PEN = 0.06  # of the picture's side, as wide as the strokes that the network sees
_MARGIN = 0.12  # of the ink's extent, around it

Colour = tuple[int, int, int]


def heat(image: Image, weights: Image) -> str:
    """The ink tinted by weights (28, 28): what is for the answer, and what is against it."""
    strongest = max(float(np.abs(weights).max()), 1e-9)
    strength = np.sqrt(np.abs(weights) / strongest)[..., None]
    tint = np.where((weights > 0)[..., None], _rgb(FOR), _rgb(AGAINST))
    ink = _rgb(PAPER) + 0.35 * image[..., None] * (np.array(_rgb(INK)) - _rgb(PAPER))
    return _coloured(ink * (1 - strength) + tint * strength)


def change(before: Image, after: Image) -> str:
    """What is to be added to the ink and taken away from it."""
    both = np.minimum(before, after)[..., None] * (np.array(_rgb(INK)) - _rgb(PAPER))
    added = np.maximum(after - before, 0)[..., None] * (np.array(_rgb(ADDED)) - _rgb(PAPER))
    gone = np.maximum(before - after, 0)[..., None] * (np.array(_rgb(GONE)) - _rgb(PAPER))
    return _coloured(_rgb(PAPER) + 0.6 * both + added + gone)


def drawn(drawing: Drawing, with_box: bool = False) -> str:
    """The ink as it was drawn or found in the picture, and the box around it."""
    view = _view(drawing)
    edge = pen(drawing) if drawing.ink is None else 0.0
    left, top, width, height = drawing.box
    box = (left - edge / 2, top - edge / 2, width + edge, height + edge) if with_box else None
    if drawing.ink is not None:
        return _svg("why/picture.svg", view, image=drawing.ink, box=box)
    strokes = [(points(stroke), INK) for stroke in drawing.strokes]
    return _svg("why/strokes.svg", view, strokes=strokes, pen=pen(drawing), box=box)


def tinted(drawing: Drawing, parts: Sequence[Stroke], weights: NDArray[np.float32]) -> str:
    """Parts of the pen's path tinted by their weights, as `heat` does."""
    strongest = max(float(np.abs(weights).max()), 1e-9)
    order = np.argsort(np.abs(weights))  # the strongest on top
    strokes = [(points(parts[p]), _tint(float(weights[p]) / strongest)) for p in order]
    return _svg("why/strokes.svg", _view(drawing), strokes=strokes, pen=pen(drawing), box=None)


def field(image: Image) -> str:
    """The field of 28×28 with its centre marked."""
    return _svg("why/field.svg", (0, 0, SIDE, SIDE), image=image, middle=SIDE / 2)


def figure(address: str, alternative: str, title: str = "", text: str = "") -> str:
    """A picture with words beneath it, the title in bold."""
    return html.render(
        "why/figure.html", address=address, alternative=alternative, title=title, text=text
    )


def row(figures: Sequence[str], kind: str = "") -> str:
    """Figures side by side."""
    return html.render("why/row.html", figures=figures, kind=kind)


def points(stroke: Stroke) -> str:
    """A stroke as SVG writes it."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in stroke)


def view_box(drawing: Drawing) -> str:
    """The square around the ink as SVG writes it."""
    return " ".join(f"{number:.1f}" for number in _view(drawing))


def pen(drawing: Drawing) -> float:
    """How wide the strokes are to be shown, in canvas px."""
    return _PEN * _view(drawing)[2]


def _view(drawing: Drawing) -> tuple[float, float, float, float]:
    """A square about the middle of the ink, left, top, width, height."""
    left, top, width, height = drawing.box
    side = max(width, height) * (1 + 2 * _MARGIN)
    return left + width / 2 - side / 2, top + height / 2 - side / 2, side, side


def _svg(template: str, view: tuple[float, float, float, float], **ink: Any) -> str:
    """The address of a square `view` with ink on it."""
    return images.svg(html.render(template, view=view, paper=PAPER, colour=FOR, **ink))


def _tint(weight: float) -> str:
    """The colour of a weight from −1 to 1, as hexadecimal."""
    faint = np.array(_rgb(PAPER)) + 0.35 * (np.array(_rgb(INK)) - _rgb(PAPER))
    strength = np.sqrt(abs(weight))
    mixed = faint * (1 - strength) + np.array(_rgb(FOR if weight > 0 else AGAINST)) * strength
    return "#" + "".join(f"{round(part):02x}" for part in mixed)


def _rgb(colour: str) -> Colour:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue


def _coloured(pixels: NDArray[np.floating]) -> str:
    return images.png(np.rint(pixels[..., ::-1]).clip(0, 255).astype(np.uint8))
