"""How sure a trained network says it is, brought to how often it is right."""

from __future__ import annotations

from math import log
from typing import NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

from model.data.samples import CLASSES, NO_DIGIT_CLASS, LabelledSamples
from model.inference import metrics
from model.inference.prediction import DOUBTFUL
from model.preprocessing.pixels import to_float32

_AT_ONCE = 1000  # images
_LEAST = 1e-30  # of a probability, before its logarithm is taken
_FARTHEST = 8.0  # of the eleventh answer's shift, in log-odds


class Calibration(NamedTuple):
    """By what a softmax's input is divided, and what is then added to the log-odds of none."""

    temperature: float
    shift: float = 0.0

    def apply(self, network: keras.Model) -> None:
        """Nothing is added to the network: only the last layer's weights change."""
        last = network.layers[-1]
        kernel, bias = (weights / self.temperature for weights in last.get_weights())
        if len(bias) > CLASSES:
            bias[NO_DIGIT_CLASS] += self.shift
        last.set_weights([kernel, bias])


def calibrate(network: keras.Model, split: LabelledSamples) -> Calibration:
    """Make `network` as sure as it is right on `split`, which it has not learned from, and say what
    that took.

    What goes into its softmax is divided by the temperature that gives the least loss on the digits
    (Guo et al., "On Calibration of Modern Neural Networks", 2017). Where there are non-digits too,
    the answer that it is none is then moved by the log-odds that give the least loss on all. The
    ten keep their order.
    """
    certain = _answers(network, split)
    digits = split.labels != NO_DIGIT_CLASS
    temperature = metrics.temperature(certain[digits, :CLASSES], split.labels[digits])
    Calibration(temperature).apply(network)
    if digits.all():
        return Calibration(temperature)
    shift = none_shift(_answers(network, split), ~digits)
    Calibration(1.0, shift).apply(network)
    return Calibration(temperature, shift)


def refuse_as_often(
    network: keras.Model, teacher: NDArray[np.float32], split: LabelledSamples
) -> None:
    """Have `network` refuse as many of the non-digits in `split` as one does that gives them the
    probabilities (N, 10), by moving the answer that it is none."""
    refused = 1 - teacher.sum(axis=1) > DOUBTFUL
    odds = _log_odds(_answers(network, split)[:, NO_DIGIT_CLASS])
    least = float(np.quantile(odds, 1 - refused.mean()))
    shift = log(DOUBTFUL / (1 - DOUBTFUL)) - least
    last = network.layers[-1]
    kernel, bias = last.get_weights()
    bias[NO_DIGIT_CLASS] += max(-_FARTHEST, min(shift, _FARTHEST))
    last.set_weights([kernel, bias])


def none_shift(probabilities: NDArray[np.floating], is_none: NDArray[np.bool_]) -> float:
    """What to add to the log-odds of the last of the answers (N, 11) for the least loss on
    `is_none` (N,); by bisection, as the loss's slope rises with it."""
    odds = _log_odds(probabilities[:, NO_DIGIT_CLASS])
    low, high = -_FARTHEST, _FARTHEST
    for _ in range(40):
        shift = (low + high) / 2
        too_often = (1 / (1 + np.exp(-odds - shift))).mean() > is_none.mean()
        low, high = (low, shift) if too_often else (shift, high)
    return (low + high) / 2


def _log_odds(shares: NDArray[np.floating]) -> NDArray[np.float64]:
    bounded = np.clip(shares.astype(np.float64), _LEAST, 1 - 1e-12)
    odds: NDArray[np.float64] = np.log(bounded / (1 - bounded))
    return odds


def _answers(network: keras.Model, split: LabelledSamples) -> NDArray[np.float32]:
    images = to_float32(split.images)[..., None]
    answers: NDArray[np.float32] = network.predict(images, batch_size=_AT_ONCE, verbose=0)
    return answers
