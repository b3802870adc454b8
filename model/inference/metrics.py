"""How good an answer is: accuracy with its interval, loss, confusion."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.data.samples import CLASSES


def wilson_interval(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a proportion (Wilson, J. Am. Stat. Assoc. 22, 1927); n > 0."""
    from scipy.stats import binomtest  # takes a second

    low, high = binomtest(right, n).proportion_ci(method="wilson")
    return float(low), float(high)


@dataclass(frozen=True)
class Evaluation:
    """Answers held against the truth; `confusion[truth, answer]` counts, (10, 10) int."""

    n: int
    right: int
    loss: float
    confusion: NDArray[np.int64]

    @property
    def accuracy(self) -> float:
        return self.right / self.n

    @property
    def interval(self) -> tuple[float, float]:
        return wilson_interval(self.right, self.n)

    @property
    def per_digit(self) -> dict[str, float]:
        """The share read right of each digit that occurs."""
        totals = self.confusion.sum(axis=1)
        return {
            str(digit): float(self.confusion[digit, digit] / totals[digit])
            for digit in range(CLASSES)
            if totals[digit]
        }

    def as_dict(self) -> dict[str, Any]:
        return {
            "accuracy": self.accuracy,
            "interval": list(self.interval),
            "loss": self.loss,
            "n": self.n,
            "per_digit": self.per_digit,
            "confusion": self.confusion.tolist(),
        }


def calibration_error(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], bins: int = 15
) -> float:
    """The expected calibration error: how far the share of right answers is from the confidence,
    on average over answers of like confidence (Guo et al., 2017). (N, 10), (N,)."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(bin_of, weights=right - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / len(labels))


def temperature(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """By what to divide the logits of `probabilities` (N, K) for the least loss on labels (N,);
    from 1/5 to 5."""
    from scipy.optimize import minimize_scalar  # takes half a second
    from scipy.special import logsumexp

    logits = np.log(np.maximum(probabilities.astype(np.float64), 1e-30))
    of_truth = np.arange(len(labels)), labels

    def loss(log_temperature: float) -> float:
        scaled = logits / np.exp(log_temperature)
        return float((logsumexp(scaled, axis=1) - scaled[of_truth]).mean())

    bound = np.log(5)
    return float(np.exp(minimize_scalar(loss, bounds=(-bound, bound), method="bounded").x))


def evaluate(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> Evaluation:
    """Hold `probabilities` (N, 10) against `labels` (N,); N > 0. The loss is the cross-entropy."""
    answers = probabilities.argmax(axis=1)
    pairs = np.bincount(labels.astype(int) * CLASSES + answers, minlength=CLASSES**2)
    of_truth = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return Evaluation(
        n=len(labels),
        right=int((answers == labels).sum()),
        loss=float(-np.log(np.maximum(of_truth, 1e-7)).mean()),
        confusion=pairs.reshape(CLASSES, CLASSES),
    )
