"""Drawings as pictures: light ink on dark, as the network is shown it, in both themes."""

import base64
from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import SIDE, Image
from model.preprocessing.pixels import to_uint8
from model.preprocessing.strokes import Stroke
from ui.common import figures

PAPER, INK = "#000000", "#ffffff"
FOR, AGAINST = "#ff9a52", "#6f9dff"  # the answer; told apart by the colour-blind too
ADDED, GONE = "#5fe0c3", "#ff6f91"

_PEN = 0.06  # of the picture's side, as wide as the strokes that the network sees
_MARGIN = 0.12  # of the ink's extent, around it

Colour = tuple[int, int, int]


def grey(image: Image) -> str:
    """Ink (H, W) in [0, 1] as a picture's address."""
    return figures.png(to_uint8(image))


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
    left, top, width, height = drawing.box
    view = _view(drawing)
    if drawing.ink is not None:
        rows, columns = drawing.ink.shape
        body = f'<image href="{grey(drawing.ink)}" width="{columns}" height="{rows}"/>'
        edge = 0.0
    else:
        body = _paths(drawing.strokes, [INK] * len(drawing.strokes), view)
        edge = pen(drawing)
    if with_box:
        body += (
            f'<rect x="{left - edge / 2:.1f}" y="{top - edge / 2:.1f}" width="{width + edge:.1f}" '
            f'height="{height + edge:.1f}" fill="none" stroke="{FOR}" '
            f'stroke-width="{view[2] / 100:.2f}" stroke-dasharray="{view[2] / 40:.2f}"/>'
        )
    return _svg(body, view)


def tinted(drawing: Drawing, parts: Sequence[Stroke], weights: NDArray[np.float32]) -> str:
    """Parts of the pen's path tinted by their weights, as `heat` does."""
    strongest = max(float(np.abs(weights).max()), 1e-9)
    order = np.argsort(np.abs(weights))  # the strongest on top
    colours = [_tint(float(weights[place]) / strongest) for place in order]
    return _svg(_paths([parts[p] for p in order], colours, _view(drawing)), _view(drawing))


def field(image: Image) -> str:
    """The field of 28×28 with the 20-px box and the centre marked."""
    middle = SIDE / 2
    body = (
        f'<image href="{grey(image)}" width="{SIDE}" height="{SIDE}" '
        'style="image-rendering:pixelated"/>'
        f'<path d="M{middle} {middle - 1.5}v3M{middle - 1.5} {middle}h3" fill="none" '
        f'stroke="{FOR}" stroke-width=".35"/>'
    )
    return _svg(body, (0, 0, SIDE, SIDE))


def figure(address: str, alternative: str, caption: str = "") -> str:
    """A picture with words beneath it; the caption is HTML."""
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><img src="{address}" alt="{escape(alternative, quote=True)}">{below}</figure>'


def row(pictures: Sequence[str], kind: str = "") -> str:
    """Figures side by side."""
    return f'<div class="reasons {kind}">{"".join(pictures)}</div>'


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


def _paths(
    strokes: Sequence[Stroke], colours: Sequence[str], view: tuple[float, float, float, float]
) -> str:
    lines = "".join(
        f'<polyline points="{points(stroke)}" stroke="{colour}"/>'
        for stroke, colour in zip(strokes, colours, strict=True)
    )
    return (
        f'<g fill="none" stroke-width="{_PEN * view[2]:.1f}" stroke-linecap="round" '
        f'stroke-linejoin="round">{lines}</g>'
    )


def _svg(body: str, view: tuple[float, float, float, float]) -> str:
    left, top, width, height = (f"{number:.1f}" for number in view)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {top} {width} {height}">'
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{PAPER}"/>{body}</svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


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
    return figures.png(np.rint(pixels[..., ::-1]).clip(0, 255).astype(np.uint8))
