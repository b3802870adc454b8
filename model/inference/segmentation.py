"""Several digits side by side: which ink is one digit's, and what each of them is.

Every candidate of a drawing (`model.preprocessing.segments`) is scored by what it looks like and by
how sure the network is of it; of all ways to cut the row into candidates, the one of the highest
sum is taken. This is a semi-Markov conditional random field (Sarawagi and Cohen, NIPS 2004), its
candidates all read in one call of the network. `python -m benchmarks.numbers --fit` chose the
weights.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from model.inference.classifier import Classifier
from model.inference.prediction import Prediction, are_digits
from model.language import marked
from model.preprocessing import segments
from model.preprocessing.drawing import Drawing
from model.preprocessing.segments import Candidate, Floats
from model.preprocessing.strokes import is_scrawl

NOT_ALL = marked("not all of it looks like digits")

FEATURES = (*segments.FEATURES, "network")
WEIGHTS = np.array([-1.34, 3.8, -4.22, -1.42, 13.23, -4.69, 4.27, -10.08, -3.97, -7.85, 3.15])

_LEAST = 0.1  # what is no digit is taken for as likely as any; else it would join its neighbours


def read(reader: Classifier, drawings: Sequence[Drawing]) -> list[list[Prediction]]:
    """The digits of each drawing from left to right; none where there is nothing to read.

    All of them are read in one call of the network.
    """
    candidates = [one for drawing in drawings for one in drawing.segments.candidates]
    if not candidates:
        return [[] for _ in drawings]
    rows = iter(reader.probabilities(np.stack([candidate.image for candidate in candidates])))
    return [
        _without_scrawls(
            _best([(candidate, next(rows)) for candidate in drawing.segments.candidates]), drawing
        )
        for drawing in drawings
    ]


def digits(reader: Classifier, drawing: Drawing) -> list[tuple[Prediction, Drawing]]:
    """The digits of a drawing from left to right, and each one's own ink."""
    (predictions,) = read(reader, [drawing])
    if len(predictions) == 1:
        return [(predictions[0], drawing)]
    return [(one, drawing.part(one.members, one.image)) for one in predictions]


def together(predictions: Sequence[Prediction]) -> float:
    """The probability that all of a number's digits are right."""
    return math.prod(prediction.confidence for prediction in predictions)


def _best(candidates: Sequence[tuple[Candidate, NDArray[np.float32]]]) -> list[Prediction]:
    """Those of the highest sum that follow on each other from the first piece to the last."""
    best: dict[int, tuple[float, list[Prediction]]] = {0: (0.0, [])}
    for candidate, row in candidates:  # by where they begin: what leads there is complete
        if candidate.first in best:
            score, before = best[candidate.first]
            score += float(all_features(candidate, row) @ WEIGHTS)
            if candidate.end not in best or score > best[candidate.end][0]:
                prediction = Prediction(
                    row, candidate.image, candidate.box, members=candidate.members
                )
                best[candidate.end] = score, [*before, prediction]
    predictions = max(best.items())[1][1]
    if len(predictions) > 1 and are_digits(
        [prediction.probabilities for prediction in predictions]
    ):
        return [replace(prediction, beside_digits=True) for prediction in predictions]
    return predictions


def _without_scrawls(predictions: Sequence[Prediction], drawing: Drawing) -> list[Prediction]:
    """The predictions, those marked for which a pen did more than any digit takes."""
    return [
        replace(one, is_scrawl=is_scrawl([drawing.strokes[number] for number in one.members]))
        if drawing.strokes
        else one
        for one in predictions
    ]


def all_features(candidate: Candidate, row: NDArray[np.float32]) -> Floats:
    """(11,): FEATURES, with what the network says of the candidate."""
    return np.append(candidate.features, np.log(max(float(row.max()), _LEAST)))
