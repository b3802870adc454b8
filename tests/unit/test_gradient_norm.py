"""The gradient's norm is noted, and changes nothing of what is learned."""

import keras
import numpy as np
import pytest

from model.training.gradient_norm import GradientNorm


def line() -> keras.Model:
    network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    network.set_weights([np.array([[3.0]])])
    network.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
    return network


def test_it_is_that_of_the_loss_and_the_step_is_the_same() -> None:
    measured, plain = line(), line()
    norm = GradientNorm(measured.optimizer)
    assert norm.latest is None
    x, y = np.array([[1.0]]), np.array([[0.0]])
    for network in (measured, plain):
        network.fit(x, y, verbose=0)
    assert norm.latest == pytest.approx(6)  # the slope of (3x)² at x = 1
    assert measured.get_weights() == plain.get_weights()
