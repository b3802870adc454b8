"""What a run's files hold, for runs that nobody has trained."""

from datetime import UTC, datetime
from typing import Any

from model.runs.records import EpochRow, Progress, RunConfig, RunResult, Scores
from model.training import recipes


def config(recipe: recipes.Recipe = recipes.RECIPES["quick"], **changes: Any) -> RunConfig:
    """A run of `recipe` on synthetic digits that was just begun."""
    started = datetime(2026, 1, 1, tzinfo=UTC)
    values = {"recipe": recipe.config(), "data": "synthetic", "seed": 0, "started": started}
    return RunConfig.model_validate({**values, **changes})


def scores(accuracy: float = 0.99) -> Scores:
    return Scores(
        accuracy=accuracy,
        interval=(accuracy - 0.005, accuracy + 0.005),
        loss=0.05,
        n=10_000,
        per_digit={},
        confusion=[[0] * 10] * 10,
    )


def result(**changes: Any) -> RunResult:
    values = {
        "seconds": 10.0,
        "seconds_per_epoch": 5.0,
        "memory": 2**29,
        "parameters": 100_000,
        "validation": scores(),
        "test": scores(),
    }
    return RunResult.model_validate({**values, **changes})


def history(epochs: int, drawing: tuple[float, ...] | None = None) -> list[EpochRow]:
    return [EpochRow(n, 1 / n, 0.5, 2 / n, 0.5, 2.25, drawing) for n in range(1, epochs + 1)]


def step(position: float, loss: float = 1.0, accuracy: float = 0.5) -> Progress:
    """In the middle of an epoch of 1,000 batches; `position` 1.5 is halfway through the second."""
    epoch = int(position) + 1
    return Progress("training", epoch, round((position % 1) * 1000), 1000, 1.0, 2.0, loss, accuracy)
