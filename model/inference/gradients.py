"""How what a network makes of images changes with their pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.preprocessing.framing import SIDE

Floats = NDArray[np.float32]
Traced = Callable[[Floats, int], tuple[Floats, Floats]]


def traced(score: Callable[[Any, Any], Any]) -> Traced:
    """A function of images (N, 28, 28) and a place, which gives the scores there, (N,), and how
    each pixel changes them, (N, 28, 28).

    score: the same of (N, 28, 28, 1) TensorFlow images, differentiable. Traced at the first call,
    it takes half the time: what only a training asks for, the weights' gradients, is left out.
    """
    import tensorflow as tf

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, SIDE, SIDE), tf.float32),
            tf.TensorSpec((), tf.int32),
        ],
        autograph=False,
    )
    def both(images: Any, place: Any) -> Any:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(images)
            scores = tf.cast(score(images[..., None], place), tf.float32)
        return scores, tape.gradient(scores, images)

    def scores_and_gradients(images: Floats, place: int) -> tuple[Floats, Floats]:
        scores, gradients = both(images, place)
        return scores.numpy(), gradients.numpy()

    return scores_and_gradients
