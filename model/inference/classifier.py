"""28×28 arrays to probabilities, at once: a Keras model compiled to one fixed signature."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.data.samples import CLASSES
from model.errors import InklingError
from model.inference import model_file
from model.inference.gradients import traced
from model.preprocessing.framing import SIDE

if TYPE_CHECKING:
    import keras

_BATCH = 1000  # images a call; bounds the memory that a large file takes


class Classifier:
    """A loaded network that answers.

    `keras.Model.predict` sets up a loop for each call, 50 ms for a single image. Traced once for
    any number of images, the same network answers in under a millisecond, and holds no more
    memory after a thousand calls than after one.
    """

    def __init__(self, network: keras.Model) -> None:
        import tensorflow as tf

        self.network = network
        self._to_tensor = tf.constant
        # The concrete function itself: a tf.function looks for it anew at each call, which takes
        # as long as to read a digit.
        self._answer = tf.function(
            lambda images: network(images[..., None], training=False),
            input_signature=[tf.TensorSpec((None, SIDE, SIDE), tf.float32)],
            autograph=False,
        ).get_concrete_function()
        self._gradients = traced(lambda images, digit: network(images, training=False)[:, digit])
        self.probabilities(np.zeros((1, SIDE, SIDE), np.float32))  # the first takes longer

    def probabilities(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, 28, 28) float32 in [0, 1] → (N, 10) float32.

        What a row lacks of 1 is the probability that it is no digit at all; a network that knows
        digits only takes everything for one, and its rows sum to 1.
        """
        parts = [
            self._answer(self._to_tensor(images[start : start + _BATCH])).numpy()[:, :CLASSES]
            for start in range(0, len(images), _BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, CLASSES), np.float32)

    def gradients(
        self, images: NDArray[np.float32], digit: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(N, 28, 28) float32 → how likely each is that digit, (N,), and how each pixel changes
        that, (N, 28, 28)."""
        return self._gradients(images, digit)


def load(path: Path) -> Classifier:
    """The classifier in the `.keras` file `path`, opened in Keras' safe mode.

    Raises InklingError for a file that is missing, damaged or no reader of digits.
    """
    if not path.is_file():
        raise InklingError(
            "The model file “{path}” is not there; restore it, or train one with "
            "“inkling train --recipe quick --data synthetic”.",
            path=path,
        )
    network = model_file.load(path)
    shapes = getattr(network, "input_shape", None), getattr(network, "output_shape", None)
    wanted = [((None, SIDE, SIDE, 1), (None, answers)) for answers in (CLASSES, CLASSES + 1)]
    if shapes not in wanted:
        raise InklingError(
            "The model file “{path}” takes {taken} to {given}; wanted: a network that "
            "takes (None, {side}, {side}, 1) to (None, {classes}), or to one more for no digit.",
            path=path,
            taken=shapes[0],
            given=shapes[1],
            side=SIDE,
            classes=CLASSES,
        )
    return Classifier(network)
