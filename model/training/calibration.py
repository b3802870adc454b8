"""How sure a trained network says it is: its temperature, and what it takes for no digit.

A network with an eleventh answer has two ways to be unlike a digit: that answer, and a low energy
L = logsumexp of its ten digit logits (Liu and others, "Energy-based out-of-distribution
detection", NeurIPS 2020). Together they tell more than either. `join` puts both into the network's
eleventh answer, by fixed layers of Keras' own, so that a model file needs nothing besides itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from model.data.samples import CLASSES, NO_DIGIT_CLASS, LabelledSamples
from model.inference import metrics
from model.preprocessing.pixels import to_float32

JOINED = "refusal"  # the last layer's name, where it is a joined one

_AT_ONCE = 1000  # images
_LEAST = 1e-30  # of a probability, before its logarithm is taken
_STEPS = 50  # of Newton's method; it takes ten

Floats = NDArray[np.float64]


def calibrate(network: keras.Model, split: LabelledSamples) -> None:
    """Make `network` as sure as it is right on `split`, which it has not learned from.

    What goes into its softmax is divided by the temperature that gives the least loss there (Guo
    et al., "On Calibration of Modern Neural Networks", 2017): no answer changes, and nothing is
    added, as the last layer's weights are divided.
    """
    images = to_float32(split.images)[..., None]
    certain = network.predict(images, batch_size=_AT_ONCE, verbose=0)
    temperature = metrics.temperature(certain, split.labels)
    last = network.layers[-1]
    last.set_weights([weights / temperature for weights in last.get_weights()])


@dataclass(frozen=True)
class Refusal:
    """log(p / (1 − p)) of its being no digit is (z − L) · `margin` + L · `energy` + `bias`, with
    z the eleventh logit and L the logsumexp of the other ten."""

    margin: float
    energy: float
    bias: float

    def log_odds(self, logits: Floats) -> Floats:
        """(N, 11) → (N,)."""
        energy = _logsumexp(logits[:, :CLASSES])
        margin = logits[:, NO_DIGIT_CLASS] - energy
        return self.margin * margin + self.energy * energy + self.bias


def fit(logits: Floats, labels: NDArray[np.integer]) -> Refusal:
    """The refusal under which `labels` (N,) are likeliest, NO_DIGIT_CLASS or digits; logits
    (N, 11). A logistic regression on one feature, (z − L)/3 − L/2, whose weights were chosen by
    how many letters it refused at the same loss of digits."""
    shape = Refusal(1 / 3, -1 / 2, 0.0)
    feature = shape.log_odds(logits)
    scale, bias = _logistic(feature, labels == NO_DIGIT_CLASS)
    return Refusal(scale * shape.margin, scale * shape.energy, bias)


def logits(network: keras.Model, images: NDArray[np.uint8]) -> Floats:
    """(N, 28, 28) → what a network that is not joined gives to its softmax, (N, 11)."""
    hidden = keras.Model(network.inputs[0], network.layers[-1].input)
    kernel, bias = network.layers[-1].get_weights()
    seen = hidden.predict(to_float32(images)[..., None], batch_size=_AT_ONCE, verbose=0)
    return seen.astype(np.float64) @ kernel + bias


def join(network: keras.Model, refusal: Refusal) -> keras.Model:
    """`network` with `refusal` as its eleventh answer; what it says of the ten is among
    themselves as before. The same weights, in float32."""
    last = network.layers[-1]
    kernel, bias = last.get_weights()
    layers = keras.layers
    seen = keras.Input(kernel.shape[:1])
    given = layers.Dense(CLASSES + 1, name="logits")
    digits = layers.Dense(CLASSES, use_bias=False, trainable=False, name="digits")
    answer = layers.Dense(CLASSES + 1, "softmax", trainable=False, dtype="float32", name="answer")
    raw = given(seen)
    log_softmax = layers.Activation("log_softmax", dtype="float32")(digits(raw))
    head = keras.Model(seen, answer(layers.Concatenate()([raw, log_softmax])), name=JOINED)
    given.set_weights([kernel, bias])
    digits.set_weights([np.eye(CLASSES + 1, CLASSES)])
    answer.set_weights(_answer_weights(refusal))
    joined = keras.Sequential([keras.Input(network.input_shape[1:]), *network.layers[:-1], head])
    # Layers of its own: those that two networks share can't be told apart by their outputs.
    apart = keras.Sequential.from_config(joined.get_config())
    apart.set_weights(joined.get_weights())
    return apart


def plain(network: keras.Model) -> list[NDArray[np.float32]]:
    """The weights of a network as it was before it was joined, if it was."""
    weights = network.get_weights()
    joined = network.layers[-1].name == JOINED
    return weights[:-3] if joined else weights


def _answer_weights(refusal: Refusal) -> list[NDArray[np.float32]]:
    """Of what makes eleven answers from eleven logits and the ten log-probabilities.

    L is a digit's logit less its log-probability; the first digit's will do.
    """
    kernel = np.zeros((2 * CLASSES + 1, CLASSES + 1), np.float32)
    kernel[CLASSES + 1 :, :CLASSES] = np.eye(CLASSES)
    kernel[NO_DIGIT_CLASS, NO_DIGIT_CLASS] = refusal.margin
    kernel[0, NO_DIGIT_CLASS] = refusal.energy - refusal.margin
    kernel[CLASSES + 1, NO_DIGIT_CLASS] = refusal.margin - refusal.energy
    bias = np.zeros(CLASSES + 1, np.float32)
    bias[NO_DIGIT_CLASS] = refusal.bias
    return [kernel, bias]


def _logistic(feature: Floats, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """The slope and the intercept of a logistic regression, by Newton's method."""
    centre, spread = float(feature.mean()), float(feature.std())
    design = np.column_stack([(feature - centre) / spread, np.ones(len(feature))])
    weights = np.zeros(2)
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-(design @ weights)))
        curvature = design.T @ (design * (likely * (1 - likely))[:, None]) + 1e-6 * np.eye(2)
        weights += np.linalg.solve(curvature, design.T @ (truth - likely))
    scale = float(weights[0]) / spread
    return scale, float(weights[1]) - scale * centre


def _logsumexp(values: Floats) -> Floats:
    most = values.max(axis=1)
    total: Floats = most + np.log(np.exp(values - most[:, None]).sum(axis=1))
    return total
