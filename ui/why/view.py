"""What the Why page's views share: their words, their waiting, and which ink matters."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
import streamlit as st

from model.data.samples import NO_DIGIT_CLASS
from model.errors import InklingError
from model.explain.occlusion import Occlusion, by_pixel, occlude, patches, without_each
from model.inference.classifier import Classifier
from model.inference.prediction import Probabilities
from model.language import _
from model.preprocessing.drawing import Drawing
from model.preprocessing.strokes import path_pieces
from ui.common import formatting, html
from ui.common.task import Task
from ui.why import cache, pictures

Show = Callable[[Drawing, Classifier], None]

_PIECES = 14  # of the pen's path; shorter ones hardly change the answer
_INTERVAL = 0.5  # seconds between two looks whether something is ready


def view(show: Show) -> Show:
    """A part of the page that reruns by itself, and says itself what can't be used."""

    @st.fragment
    @wraps(show)
    def guarded(drawn: Drawing, reader: Classifier) -> None:
        try:
            show(drawn, reader)
        except InklingError as error:
            st.error(formatting.plain(error), icon=":material/error:")

    return guarded


def an_answer(answer: int) -> str:
    """As in “read as a 7”."""
    return _("no digit") if answer == NO_DIGIT_CLASS else formatting.with_article(answer)


def the_answer(answer: int) -> str:
    """As in “a share in the 7”."""
    return _("its being no digit") if answer == NO_DIGIT_CLASS else _("the {digit}", digit=answer)


def of_answer(answer: int) -> str:
    """As in “sure of the 7”."""
    if answer == NO_DIGIT_CLASS:
        return _("that it is no digit")
    return _("of the {digit}", digit=answer)


def examples_name(spec: str) -> str:
    """What the examples are called, after how many they are."""
    if spec == "mnist":
        return _("of MNIST’s training digits")
    return _("digits that Inkling drew itself")


def wait_for(words: str, task: Task[Any]) -> None:
    """Say what is awaited, and show the page anew when it is there."""

    @st.fragment(run_every=_INTERVAL)
    def waiting() -> None:
        if task.is_done:
            st.rerun()
        html.lead(words)

    waiting()


def probabilities(drawn: Drawing, reader: Classifier) -> Probabilities:
    """How a network reads the drawing."""
    return cache.cached("read", drawn, reader, lambda: reader.probabilities(drawn.image[None])[0])


def occlusion(drawn: Drawing, reader: Classifier) -> tuple[Occlusion, str]:
    """How the answer changes without each bit of the ink, and the ink tinted by it."""
    return cache.cached("occlusion", drawn, reader, lambda: _occluded(drawn, reader))


def _occluded(drawn: Drawing, reader: Classifier) -> tuple[Occlusion, str]:
    if drawn.strokes:
        parts = path_pieces(drawn.strokes, _PIECES)
        images = without_each(drawn, parts, range(len(parts)))
        found = occlude(reader, drawn.image, images)
        return found, pictures.tinted(drawn, [part.points for part in parts], found.weights)
    squares = patches(drawn.image)
    images = np.where(squares, np.float32(0), drawn.image)
    found = occlude(reader, drawn.image, images)
    weights = by_pixel(found.weights, squares) * (drawn.image > 0)
    return found, pictures.heat(drawn.image, weights)
