"""A network opened: what each of its layers makes of an image, and how it weighs what it is given.

Any Keras network with one input and one output; a layer used twice is seen at its first use.
"""

from __future__ import annotations

from collections.abc import Sequence
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

# A ReLU after one of these is the same before it: of what is above zero the greatest.
_MONOTONE = ("MaxPooling2D", "Dropout", "SpatialDropout2D")
# These hand on what they are given, in another shape at most.
_SAME = ("InputLayer", "Dropout", "Flatten", "Reshape", "GaussianNoise", "SpatialDropout2D")
_FAINT = 0.1  # of the most in a layer; a map that reaches no more is not shown brighter
_BATCH = 200  # images a call; all activations of a batch are in memory at once


@dataclass(frozen=True)
class Layer:
    """What a layer gives: `count` maps of height × width, or so many numbers (both are 1);
    `window`: height and width of what it looks at for one of their points, where it has one."""

    name: str
    kind: str  # its Keras class
    count: int
    height: int
    width: int
    window: tuple[int, int] | None = None


class FeatureExtractor:
    """A network whose layers can be looked at, the first one first, each after its ReLU: a layer
    that is nothing but that is not one of them."""

    def __init__(self, network: keras.Model) -> None:
        import keras

        self._layers = [
            layer
            for layer in network.layers
            if type(layer).__name__ not in (*_SAME, "ReLU") and len(layer.output.shape) in (2, 4)
        ]
        self.layers = [_described(layer) for layer in self._layers]
        rectified = _rectified(network.layers)
        self._outputs = [
            keras.ops.relu(layer.output) if layer in rectified else layer.output
            for layer in self._layers
        ]
        self._network = keras.Model(network.inputs[0], self._outputs)
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

        until_there = keras.Model(self._network.inputs[0], self._outputs[place])

        def most(images: Any, channel: Any) -> Any:
            values = until_there(images, training=False)
            maps = tf.reshape(values, (tf.shape(images)[0], -1, values.shape[-1]))
            return tf.reduce_max(maps[..., channel], axis=1)

        return traced(most)


def picture(values: Image) -> NDArray[np.uint8]:
    """Weights as a grey picture: 0 is what is least, 255 the most; blank where all are even."""
    low, high = float(values.min()), float(values.max())
    return to_uint8((values - low) / max(high - low, 1e-9))


def map_pictures(values: NDArray[np.float32]) -> list[NDArray[np.uint8]]:
    """A layer's maps (height, width, count) as grey pictures: zero and less is black, 255 the most
    of each, but that one which hardly responds stays dark."""
    most = np.maximum(values.max(axis=(0, 1)), max(float(values.max()), 1e-9) * _FAINT)
    return [to_uint8(shown) for shown in np.moveaxis(np.maximum(values, 0) / most, 2, 0)]


def _rectified(layers: Sequence[keras.Layer]) -> list[keras.Layer]:
    """Those layers after which a ReLU comes next, but for what it may as well come before."""
    found: list[keras.Layer] = []
    waiting: list[keras.Layer] = []
    for layer in layers:
        kind = type(layer).__name__
        if kind == "ReLU":
            found += waiting
        waiting = [*waiting, layer] if kind in _MONOTONE else [layer]
    return found


def _described(layer: keras.Layer) -> Layer:
    shape = layer.output.shape
    height, width = shape[1:3] if len(shape) == 4 else (1, 1)
    window = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    return Layer(layer.name, type(layer).__name__, shape[-1], height, width, window)
