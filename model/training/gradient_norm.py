"""How steep it is where a network stands: the length of the loss's gradient over all weights."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

_EVERY = 8  # steps; at each it would take a hundredth of a small network's time


class GradientNorm:
    """The Euclidean norm of the gradient that `optimizer` was given last or some steps before."""

    def __init__(self, optimizer: keras.Optimizer) -> None:
        self._norm = tf.Variable(float("nan"), trainable=False)
        self._apply = optimizer.apply
        self._steps = optimizer.iterations
        optimizer.apply = self._note_and_apply

    @property
    def latest(self) -> float | None:
        """None before the first step, and where the gradient has no finite length."""
        norm = float(self._norm)
        return norm if abs(norm) < float("inf") else None

    def _note_and_apply(self, gradients: list[Any], variables: list[Any] | None = None) -> None:
        is_due = tf.equal(tf.math.floormod(self._steps.value, _EVERY), 0)
        norm = tf.cond(
            is_due,
            lambda: tf.cast(tf.linalg.global_norm(gradients), tf.float32),
            lambda: tf.convert_to_tensor(self._norm),
        )
        self._norm.assign(norm)
        self._apply(gradients, variables)
