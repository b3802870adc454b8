"""A network opened: what each of its layers makes of an image, and how it weighs what it is given.

Any Keras network with one input and one output; a layer used twice is seen at its first use.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.inference.gradients import Traced, traced
from model.preprocessing.framing import Image
from model.preprocessing.pixels import to_uint8

if TYPE_CHECKING:
    import keras

# These hand on what they are given, in another shape at most.
_SAME = ("InputLayer", "Dropout", "Flatten", "Reshape", "GaussianNoise", "SpatialDropout2D")
_BATCH = 200  # images a call; all activations of a batch are in memory at once


@dataclass(frozen=True)
class Layer:
    """What a layer gives: `count` maps of height × width, or so many numbers (both are 1)."""

    name: str
    kind: str  # its Keras class
    count: int
    height: int
    width: int


class FeatureExtractor:
    """A network whose layers can be looked at, the first one first."""

    def __init__(self, network: keras.Model) -> None:
        import keras

        self._layers = [
            layer
            for layer in network.layers
            if type(layer).__name__ not in _SAME and len(layer.output.shape) in (2, 4)
        ]
        self.layers = [_described(layer) for layer in self._layers]
        outputs = [layer.output for layer in self._layers]
        self._network = keras.Model(network.inputs[0], outputs)
        # What the last layer is given, whatever it is.
        self._hidden = keras.Model(network.inputs[0], network.layers[-1].input)
        self._gradients = cache(self._traced)

    def activations(self, images: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """(N, 28, 28) → of each layer (N, height, width, count) float32."""
        given = self._network(images[..., None], training=False)
        given = given if isinstance(given, list) else [given]
        return [
            np.asarray(values, np.float32).reshape(
                len(images), layer.height, layer.width, layer.count
            )
            for values, layer in zip(given, self.layers, strict=True)
        ]

    def peaks(self, images: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """The most that each map of each layer reaches, (N, count) a layer."""
        found: list[list[NDArray[np.float32]]] = [[] for _ in self.layers]
        for start in range(0, len(images), _BATCH):
            for kept, values in zip(
                found, self.activations(images[start : start + _BATCH]), strict=True
            ):
                kept.append(values.max(axis=(1, 2)))
        return [np.concatenate(kept) for kept in found]

    def hidden(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the last layer is given, (N, features) float32: how the network sees an image."""
        found = []
        for start in range(0, len(images), _BATCH):
            batch = images[start : start + _BATCH, ..., None]
            values = np.asarray(self._hidden(batch, training=False), np.float32)
            found.append(values.reshape(len(batch), -1))
        return np.concatenate(found)

    def kernels(self, place: int, channel: int) -> NDArray[np.float32] | None:
        """The weights (inputs, height, width) with which a map is made of the maps before it; None
        for a layer that has none of that kind."""
        layer = self._layers[place]
        if type(layer).__name__ != "Conv2D" or layer.groups != 1:
            return None
        kernel = np.asarray(layer.kernel, np.float32)[..., channel]
        return np.moveaxis(kernel, 2, 0)

    def gradients(
        self, images: NDArray[np.float32], place: int, channel: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(N, 28, 28) → the most that one map of a layer reaches, (N,), and how each pixel changes
        that, (N, 28, 28)."""
        return self._gradients(place)(images, channel)

    def _traced(self, place: int) -> Traced:
        import keras
        import tensorflow as tf

        until_there = keras.Model(self._network.inputs[0], self._layers[place].output)

        def most(images: Any, channel: Any) -> Any:
            values = until_there(images, training=False)
            maps = tf.reshape(values, (tf.shape(images)[0], -1, values.shape[-1]))
            return tf.reduce_max(maps[..., channel], axis=1)

        return traced(most)


def picture(values: Image) -> NDArray[np.uint8]:
    """A map as a grey picture: 0 is what it is least, 255 the most; blank where it is even."""
    low, high = float(values.min()), float(values.max())
    return to_uint8((values - low) / max(high - low, 1e-9))


def _described(layer: keras.Layer) -> Layer:
    shape = layer.output.shape
    height, width = shape[1:3] if len(shape) == 4 else (1, 1)
    return Layer(layer.name, type(layer).__name__, shape[-1], height, width)
