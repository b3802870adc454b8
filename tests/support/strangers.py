"""A network to which nothing looks like a digit."""

import keras
import numpy as np

SHARES = np.array([0.005, 0.002, 0.001, 5e-4, 5e-4, 2e-4, 2e-4, 2e-4, 2e-4, 2e-4])


def network() -> keras.Model:
    """Answers SHARES, whatever it is shown: no digit, with a probability of 0.99."""
    layer = keras.layers.Dense(10, "sigmoid")
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), layer])
    layer.set_weights([np.zeros((784, 10)), np.log(SHARES / (1 - SHARES))])
    return model
