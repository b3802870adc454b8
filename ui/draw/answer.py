"""The answer as HTML: the digit, how sure, ten bars, and what the network sees.

Own HTML, so that nothing moves when the answer changes and a screen reader hears it.
"""

import base64
from collections.abc import Sequence
from html import escape

import cv2
import numpy as np
from numpy.typing import NDArray

from model.inference import segmentation
from model.inference.prediction import Box, Prediction, Probabilities
from model.preprocessing.framing import SIDE

SURE = 0.9  # from here on no second guess is shown
ROOM = 4  # px of the sheet, between a digit's ink and its frame
UNKNOWN = "?"  # in the place of a number's digit


def read(predictions: Sequence[Prediction]) -> str:
    """The digit, or the number, first of all; then how sure; each probability as a bar."""
    return _one(predictions[0]) if len(predictions) == 1 else _several(predictions)


def read_one(probabilities: Probabilities, image: NDArray[np.float32]) -> str:
    """What is read in a whole field, (28, 28)."""
    return _one(Prediction(probabilities, image, Box(0, 0, SIDE, SIDE)))


def _one(prediction: Prediction) -> str:
    first, second = prediction.nearest
    probabilities = prediction.probabilities
    bars = _bars(probabilities, first)
    if prediction.digit is None:
        nearest = (
            f"It is nearest to {_article(first)} {first}, then to {_article(second)} {second}."
        )
        words = f"<p><b>Not a digit?</b>To me this does not look like a digit. {nearest}</p>"
        return _card("stranger", words, bars)
    words = f"<b>{percent(probabilities[first])}</b> sure"
    if probabilities[first] < SURE:
        words += f"<br>or is it {_article(second)} {second}? {percent(probabilities[second])}"
    return _card("read", f'<div class="digit">{first}</div><p>{words}</p>', bars)


def _several(predictions: Sequence[Prediction]) -> str:
    """The number, then for each of its digits how sure, and ten bars."""
    number = "".join(shown(prediction) for prediction in predictions)
    strange = sum(prediction.digit is None for prediction in predictions)
    if strange:
        words = f"{UNKNOWN} does not look like a digit to me"
    else:
        words = f"<b>{percent(segmentation.together(predictions))}</b> sure of all"
    rows = [
        f'<li class="{"read" if prediction.digit is not None else "stranger"}">'
        f"<div><b>{shown(prediction)}</b><span>{percent(prediction.confidence)}</span></div>"
        f"{_list(_bars(prediction.probabilities, prediction.nearest[0]))}</li>"
        for prediction in predictions
    ]
    return (
        f'<div class="answer read number" style="--digits:{len(predictions)}">'
        f'<div class="verdict" role="status"><div class="digit">{number}</div><p>{words}</p></div>'
        f'<ol class="digits">{"".join(rows)}</ol></div>'
    )


def shown(prediction: Prediction) -> str:
    """A digit as a number shows it."""
    return UNKNOWN if prediction.digit is None else str(prediction.digit)


def _bars(probabilities: Probabilities, first: int) -> list[str]:
    return [
        f'<li style="--p:{p:.4f}"{" class=first" if digit == first else ""} '
        f'aria-label="{digit}: {percent(p)}"><span>{_whole(p)}</span><i></i><b>{digit}</b></li>'
        for digit, p in enumerate(probabilities)
    ]


def frames(predictions: Sequence[Prediction], side: int) -> str:
    """A frame around each digit, to lie over a sheet of so many px, where there are several."""
    drawn = [
        f'<i class="{"stranger" if prediction.digit is None else "read"}" style="'
        f"left:{x / side:.2%};top:{y / side:.2%};"
        f'width:{width / side:.2%};height:{height / side:.2%}"></i>'
        for prediction in predictions
        for x, y, width, height in [prediction.box.grown(ROOM)]
    ]
    return f'<div class="frames">{"".join(drawn) if len(drawn) > 1 else ""}</div>'


def message(title: str, text: str = "", kind: str = "blank") -> str:
    """Words in the answer's place, above ten empty bars; `kind`: blank, waiting or problem."""
    words = f"<p><b>{escape(title)}</b>{escape(text)}</p>"
    return _card(kind, words, [f"<li><i></i><b>{digit}</b></li>" for digit in range(10)])


def seen(images: Sequence[NDArray[np.float32]]) -> str:
    """The (28, 28) of each digit that the network is given, pixel by pixel; or an empty field."""
    shown = "".join(
        f'<img src="{_png(image)}" alt="The digit as the network sees it">'
        for image in images or [np.zeros((SIDE, SIDE), np.float32)]
    )
    return (
        f'<figure class="seen{" several" if len(images) > 1 else ""}"><div>{shown}</div>'
        "<figcaption><b>What the network sees</b>"
        "Cropped, centred, 28 × 28 pixels, as the digits it learned from.</figcaption></figure>"
    )


def percent(probability: float) -> str:
    """`probability` in percent, never rounded to certainty."""
    if probability > 0.999:
        return "> 99.9 %"
    return "< 0.1 %" if probability < 0.001 else f"{100 * probability:.1f} %"


def _whole(probability: float) -> str:
    return f"{100 * probability:.0f}" if probability >= 0.005 else ""


def _article(digit: int) -> str:
    return "an" if digit == 8 else "a"


def _card(kind: str, verdict: str, bars: list[str]) -> str:
    return (
        f'<div class="answer {kind}"><div class="verdict" role="status">{verdict}</div>'
        f"{_list(bars)}</div>"
    )


def _list(bars: list[str]) -> str:
    return (
        f'<ol class="bars" aria-label="How likely each digit is, in percent">{"".join(bars)}</ol>'
    )


def _png(image: NDArray[np.float32]) -> str:
    _, png = cv2.imencode(".png", (image * 255).round().astype(np.uint8))
    return "data:image/png;base64," + base64.b64encode(png.tobytes()).decode()
