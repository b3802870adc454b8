"""The answer as HTML: the digit, how sure, ten bars, and what the network sees.

Own HTML, so that nothing moves when the answer changes and a screen reader hears it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.inference import segmentation
from model.inference.prediction import Outcome, Prediction, Probabilities
from model.language import _, marked
from model.preprocessing.framing import SIDE
from model.preprocessing.segments import Box
from ui.common import formatting
from ui.common.html import render

SURE = 0.9  # from here on no second guess is shown
ROOM = 4  # px of the sheet, between a digit's ink and its frame
NAMES = [*map(str, range(10)), marked("none")]  # of the eleven answers
UNKNOWN = "?"  # in the place of a number's digit


class Bar(NamedTuple):
    """An answer's probability: as the bar's length from 0 to 1, to be said, and to stand above."""

    name: str
    share: str
    percent: str
    label: str


def card(predictions: Sequence[Prediction]) -> str:
    """The digit, or the number, first of all; then how sure; each probability as a bar."""
    return _digit(predictions[0]) if len(predictions) == 1 else _number(predictions)


def digit_card(probabilities: Probabilities, image: NDArray[np.float32]) -> str:
    """What is read in a whole field, (28, 28)."""
    return _digit(Prediction(probabilities, image, Box(0, 0, SIDE, SIDE)))


def _digit(prediction: Prediction) -> str:
    first, second = prediction.nearest
    return render(
        "draw/no_digit.html" if prediction.digit is None else "draw/digit.html",
        first=first,
        second=second,
        bars=_bars(prediction.probabilities),
        is_in_doubt=prediction.outcome is Outcome.IN_DOUBT,
        is_doubtful=prediction.probabilities[first] < SURE,
    )


def _number(predictions: Sequence[Prediction]) -> str:
    """The number, then for each of its digits how sure, and ten bars."""
    digits = [
        {
            "name": name(prediction),
            "is_digit": prediction.digit is not None,
            "confidence": prediction.confidence,
            "first": prediction.nearest[0],
            "bars": _bars(prediction.probabilities),
        }
        for prediction in predictions
    ]
    together = segmentation.together(predictions)
    return render("draw/number.html", digits=digits, together=together, unknown=UNKNOWN)


def _bars(probabilities: Probabilities) -> list[Bar]:
    """A bar for each digit, and one for none."""
    shares = probabilities.tolist()
    shares.append(max(0.0, 1 - sum(shares)))
    return [
        Bar(_(name), f"{p:.4f}", formatting.probability(p), formatting.whole_percent(p))
        for name, p in zip(NAMES, shares, strict=True)
    ]


def name(prediction: Prediction) -> str:
    """A digit as a number shows it."""
    return UNKNOWN if prediction.digit is None else str(prediction.digit)


def frames(boxes: Sequence[tuple[Prediction, Box]], side: int) -> str:
    """A frame around each digit in its box on a sheet of so many px."""
    frames = [(prediction, box.grown(ROOM)) for prediction, box in boxes]
    return render("draw/frames.html", frames=frames, side=side)


def message(title: str, text: str = "", kind: str = "blank") -> str:
    """Words in the answer's place, above ten empty bars; `kind`: blank, waiting or problem."""
    return render("draw/message.html", title=title, text=text, kind=kind)


def network_input(images: Sequence[NDArray[np.float32]]) -> str:
    """The (28, 28) of each digit that the network is given, pixel by pixel; or an empty field."""
    return render("draw/network_input.html", images=images or [np.zeros((SIDE, SIDE), np.float32)])
