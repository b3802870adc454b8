"""A drawing's timeline: how it was read while it came about, stroke by stroke."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.explain.occlusion import Images
from model.inference.classifier import Classifier
from model.preprocessing.framing import SIDE
from model.preprocessing.strokes import DOT_EXTENT, Stroke, path_start, prepare_strokes


@dataclass(frozen=True, eq=False)
class Timeline:
    """How a drawing was read while it came about, at N moments from its beginning to its end.

    images: (N, 28, 28), blank where there was nothing to read yet.
    probabilities: (N, 10), 0 there.
    """

    images: Images
    probabilities: NDArray[np.float32]


def timeline(classifier: Classifier, strokes: Sequence[Stroke], moments: int) -> Timeline:
    """Read the strokes as far as they were drawn after equal parts of the pen's way, in one call.

    Each is fitted and centred as if the pen had stopped there.
    """
    shares = np.arange(1, moments + 1) / moments
    prepared = [
        prepare_strokes(path_start(strokes, share), smallest=DOT_EXTENT).image for share in shares
    ]
    blank = np.zeros((SIDE, SIDE), np.float32)
    images = np.stack([blank if image is None else image for image in prepared])
    is_read = np.array([image is not None for image in prepared])
    return Timeline(images, classifier.probabilities(images) * is_read[:, None])
