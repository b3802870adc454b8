"""A network to which nothing looks like a digit."""

import keras
import numpy as np

SHARES = np.array([0.1, 0.04, 0.02, 0.01, 0.01, 0.005, 0.005, 0.005, 0.0025, 0.0025]) / 4


def network() -> keras.Model:
    """Answers SHARES, whatever it is shown: no digit, with a probability of 0.95."""
    layer = keras.layers.Dense(10, "sigmoid")
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), layer])
    layer.set_weights([np.zeros((784, 10)), np.log(SHARES / (1 - SHARES))])
    return model
