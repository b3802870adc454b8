"""Integrated gradients: an answer shared out among the pixels, so that the shares add up to it.

Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from model.explain.occlusion import Images
from model.preprocessing.framing import Image

_LEAST = 1e-12  # of a score, where it does not change at all
_STEPS = 128  # on the way from paper to the image, in the middle of which gradients are taken
_PROBED = 32  # even parts of it, to see on which the score changes


def integrated_gradients(
    gradients: Callable[[Images], tuple[NDArray[np.float32], Images]], image: Image
) -> Image:
    """What each pixel adds to the score of an image: together as much as it has over paper's.

    gradients: of (N, 28, 28) images the scores, (N,), and how each pixel changes them. Returns
    (28, 28) float32; the integral is a sum, which leaves an error of some hundredths of a
    probability at most.
    """
    ends = _steps(lambda shares: gradients(_on_the_way(shares, image))[0])
    _, slopes = gradients(_on_the_way((ends[1:] + ends[:-1]) / 2, image))
    return np.asarray(np.einsum("n,nij->ij", np.diff(ends), slopes) * image, np.float32)


def _on_the_way(shares: NDArray[np.float64], image: Image) -> Images:
    """The image so far faded in from paper, from 0 to 1, (N, 28, 28)."""
    return np.asarray(shares[:, None, None] * image, np.float32)


def _steps(score: Callable[[NDArray[np.float64]], NDArray[np.float32]]) -> NDArray[np.float64]:
    """Where to part the way from paper to the image, _STEPS + 1 shares from 0 to 1.

    A sure network's probability changes on a short part of the way: half of the steps are spent
    where the score changes, the others evenly.
    """
    shares = np.linspace(0, 1, _PROBED + 1)
    changes = np.abs(np.diff(score(shares).astype(float)))
    spent = changes / max(changes.sum(), _LEAST) + 1 / _PROBED
    so_far = np.append(0, spent.cumsum())
    return np.interp(np.linspace(0, so_far[-1], _STEPS + 1), so_far, shares)
