"""The networks, by name, or as somebody designed them. Each is built uncompiled: (28, 28, 1) in
[0, 1] → probabilities.

A network is written down as the layers that it will have, from which come the Keras model, its code
and what it costs; so these always tell of the same one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from model.data.samples import CLASSES
from model.errors import InklingError
from model.training.design import Design
from model.training.layers import Layer, layers

if TYPE_CHECKING:
    import keras


def build(name: str, answers: int = CLASSES) -> keras.Model:
    """The network `name`, weights drawn from Keras' global seed. Raises InklingError.

    With CLASSES + 1 `answers` the last one is that it is no digit.
    """
    import keras

    built = [layer.build() for layer in all_layers(name, answers)]
    title = name if name in NETWORKS else "designed"
    return keras.Sequential([keras.Input((28, 28, 1)), *built], name=title)


def all_layers(name: str, answers: int = CLASSES) -> list[Layer]:
    """Those of the network `name`, down to its answer. Raises InklingError."""
    # Softmax stays in float32 also where the layers before it compute in bfloat16.
    answer = layers.Dense(answers, activation="softmax", dtype="float32")
    if name in NETWORKS:
        return [*NETWORKS[name](), answer]
    if "=" in name:
        return [*Design.parse(name).layers(), answer]
    raise InklingError(
        "There is no network “{name}”; wanted: one of {networks}, or a design, as {spec}.",
        name=name,
        networks=", ".join(sorted(NETWORKS)),
        spec=Design().spec(),
    )


def check(name: str) -> None:
    """Raises InklingError where there is no network of that name, and none like that."""
    all_layers(name)


def keras_tutorial() -> list[Layer]:
    """The CNN of the Keras MNIST example (F. Chollet, 2015, mnist_cnn.py)."""
    return [
        layers.Conv2D(32, 3, activation="relu"),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5),
    ]


def kaggle_tutorial() -> list[Layer]:
    """The CNN of the digit-recognizer tutorial.

    As printed it lacked the Flatten before its dense layer, and ended in a sigmoid, whose ten
    outputs don't sum to one as the categorical cross-entropy wants: here it is a softmax.
    """
    return [
        layers.Conv2D(32, 5, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2, strides=2),
        layers.Flatten(),
        layers.Dense(256, activation="relu"),
    ]


def small() -> list[Layer]:
    """Two convolutions, pooled before the ReLU, which then has a quarter of the work."""
    return [
        layers.Conv2D(24, 5),
        layers.MaxPooling2D(2),
        layers.ReLU(),
        layers.Conv2D(32, 3),
        layers.MaxPooling2D(2),
        layers.ReLU(),
        layers.Flatten(),
        layers.Dense(256, activation="relu"),
    ]


def slim() -> list[Layer]:
    """The small network with fewer maps, normalized where there are few values to normalize, by
    which it learns in fewer steps."""
    normalization = layers.BatchNormalization(momentum=0.9)  # of few steps the last ones count
    return [
        layers.Conv2D(16, 5),
        layers.MaxPooling2D(2),
        layers.ReLU(),
        layers.Conv2D(32, 3),
        layers.MaxPooling2D(2),
        normalization,
        layers.ReLU(),
        layers.Flatten(),
        layers.Dense(128),
        normalization,
        layers.ReLU(),
    ]


def medium() -> list[Layer]:
    """Twice the small network's maps, and dropout, for recipes that distort and train longer."""
    return [
        layers.Conv2D(32, 5),
        layers.MaxPooling2D(2),
        layers.ReLU(),
        layers.Conv2D(64, 3),
        layers.MaxPooling2D(2),
        layers.ReLU(),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(256, activation="relu"),
        layers.Dropout(0.3),
    ]


def large(maps: int = 32) -> list[Layer]:
    """Four convolutions, of so many maps and more, padded so that the digit's edge counts, for
    digits of many kinds."""
    return [
        layers.Conv2D(maps, 5, padding="same"),
        layers.MaxPooling2D(2),
        layers.ReLU(),
        layers.Conv2D(2 * maps, 3, padding="same", activation="relu"),
        layers.Conv2D(2 * maps, 3, padding="same"),
        layers.MaxPooling2D(2),
        layers.ReLU(),
        layers.Conv2D(4 * maps, 3, activation="relu"),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(256, activation="relu"),
        layers.Dropout(0.3),
    ]


def compact() -> list[Layer]:
    """The large network at half its maps: a quarter of its multiplications, 3.9 million."""
    return large(maps=16)


NETWORKS: dict[str, Callable[[], list[Layer]]] = {
    "keras-tutorial": keras_tutorial,
    "kaggle-tutorial": kaggle_tutorial,
    "slim": slim,
    "small": small,
    "medium": medium,
    "compact": compact,
    "large": large,
}
