"""The answer as HTML: the digit, how sure, ten bars, and what the network sees.

Own HTML, so that nothing moves when the answer changes and a screen reader hears it.
"""

import base64
from html import escape

import cv2
import numpy as np
from numpy.typing import NDArray

from model.preprocess import SIDE

SURE = 0.9  # from here on no second guess is shown

Probabilities = NDArray[np.float32]  # (10,), summing to 1


def read(probabilities: Probabilities) -> str:
    """The digit first of all; then how sure, and each digit's probability as a bar."""
    first, second = (int(digit) for digit in np.argsort(probabilities)[:-3:-1])
    words = f"<b>{percent(probabilities[first])}</b> sure"
    if probabilities[first] < SURE:
        words += f"<br>or is it {_article(second)} {second}? {percent(probabilities[second])}"
    verdict = f'<div class="digit">{first}</div><p>{words}</p>'
    bars = [
        f'<li style="--p:{p:.4f}"{" class=first" if digit == first else ""} '
        f'aria-label="{digit}: {percent(p)}"><span>{_whole(p)}</span><i></i><b>{digit}</b></li>'
        for digit, p in enumerate(probabilities)
    ]
    return _card("read", verdict, bars)


def message(title: str, text: str = "", kind: str = "blank") -> str:
    """Words in the answer's place, above ten empty bars; `kind`: blank, waiting or problem."""
    words = f"<p><b>{escape(title)}</b>{escape(text)}</p>"
    return _card(kind, words, [f"<li><i></i><b>{digit}</b></li>" for digit in range(10)])


def seen(image: NDArray[np.float32] | None) -> str:
    """The (28, 28) that the network is given, pixel by pixel, or an empty field."""
    image = np.zeros((SIDE, SIDE), np.float32) if image is None else image
    return (
        f'<figure class="seen"><img src="{_png(image)}" alt="The digit as the network sees it">'
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
        f'<ol class="bars" aria-label="How likely each digit is, in percent">{"".join(bars)}</ol>'
        "</div>"
    )


def _png(image: NDArray[np.float32]) -> str:
    _, png = cv2.imencode(".png", (image * 255).round().astype(np.uint8))
    return "data:image/png;base64," + base64.b64encode(png.tobytes()).decode()
