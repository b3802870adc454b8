"""Digits with which a drawing is compared, and a network's view of each of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.data import datasets
from model.data.samples import LabelledSamples
from model.explain.activations import FeatureExtractor
from model.preprocessing.framing import Image
from model.preprocessing.pixels import to_float32

MOST = 10_000  # digits, 8 MB; their features take another 10
_FOR_PEAKS = 1_000  # of them are put through all layers


def load(most: int = MOST) -> Examples:
    """The digits: MNIST's first training digits where they are at hand, else synthetic ones; never
    a download. Raises InklingError."""
    spec, digits = datasets.at_hand(most)
    return Examples(spec, digits)


@dataclass(frozen=True, eq=False)
class Examples:
    """Training digits; `spec` says which: mnist or synthetic."""

    spec: str
    digits: LabelledSamples

    def images(self, places: NDArray[np.intp] | slice) -> NDArray[np.float32]:
        """Those at `places` as the network takes them, (N, 28, 28) float32 in [0, 1]."""
        return to_float32(self.digits.images[places])

    def like(self, image: Image, digit: int, count: int) -> NDArray[np.intp]:
        """Where the `count` images of that digit are which differ least from `image`, pixel by
        pixel; the nearest first."""
        (places,) = np.nonzero(self.digits.labels == digit)
        differences = self.images(places) - image
        order = np.argsort(np.einsum("nij,nij->n", differences, differences))
        return places[order[:count]]


@dataclass(frozen=True, eq=False)
class Index:
    """What one network makes of the examples: `hidden` (N, features), what its last layer is
    given; `peaks`, of each layer (M, maps), the most that a map reaches on the first M."""

    examples: Examples
    hidden: NDArray[np.float32]
    peaks: list[NDArray[np.float32]]

    def nearest(self, hidden: NDArray[np.float32], count: int) -> NDArray[np.intp]:
        """Where the `count` examples are that the network sees most like `hidden` (features,)."""
        differences = self.hidden - hidden
        return np.argsort(np.einsum("nf,nf->n", differences, differences))[:count]

    def exciting(self, place: int, channel: int, count: int) -> NDArray[np.intp]:
        """Where the examples are on which that map of that layer reaches most; none where it
        stays 0 or below on all."""
        peaks = self.peaks[place][:, channel]
        order = np.argsort(-peaks)[:count]
        return order[peaks[order] > 0]


def index(extractor: FeatureExtractor, examples: Examples) -> Index:
    """Put the examples through a network; takes seconds."""
    peaks = extractor.peaks(examples.images(slice(_FOR_PEAKS)))
    return Index(examples, extractor.hidden(examples.images(slice(None))), peaks)
