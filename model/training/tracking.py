"""Tells MLflow and Weights & Biases of a run while it learns, by their own callbacks for Keras,
where the host has set their variables.

It is a process of its own beside the one that learns, begun by the supervisor: whatever becomes of
their servers, and however long they take to answer, the training does not wait for them. What they
have to say themselves goes nowhere, as an address may hold a password.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from model.errors import InklingError
from model.runs.records import EpochRow
from model.runs.run import Run
from model.runs.snapshot import Snapshot
from model.runs.status import State

_LOOK = 1.0  # seconds between two looks at the run
_NAME = "Inkling"  # of the experiment, where the host does not say another
_HASTE = {"MLFLOW_HTTP_REQUEST_TIMEOUT": "10", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2"}
# In what a run is called what it is known by again once it goes on.
_TAG = "inkling.run"


class _Tracker(Protocol):
    """One that is told of a run."""

    def told(self) -> int:
        """How many epochs it knows of already."""

    def epoch(self, row: EpochRow) -> None: ...

    def end(self, now: Snapshot) -> None: ...


def follow(run: Run) -> list[str]:
    """Tell of `run` until it has ended; a sentence for each of those that could not be told."""
    now = _learning(run)
    problems = list[str]()
    told = list[_Told]()
    for variable, (name, begin) in _KINDS.items():
        if os.environ.get(variable):
            with _reported(name, problems):
                told.append(_Told(name, begin(now)))
    while told:
        now = run.snapshot()
        told = [one for one in told if one.catch_up(now, problems)]
        time.sleep(_LOOK if told else 0)
    return problems


class _Told:
    """What a tracker knows already."""

    def __init__(self, name: str, tracker: _Tracker) -> None:
        self._name = name
        self._tracker = tracker
        self._epochs = tracker.told()

    def catch_up(self, now: Snapshot, problems: list[str]) -> bool:
        """Tell it the rest; whether there may be more."""
        with _reported(self._name, problems):
            for row in now.history[self._epochs :]:
                self._tracker.epoch(row)
            self._epochs = max(self._epochs, len(now.history))
            if now.is_running:
                return True
            self._tracker.end(now)
        return False


def _learning(run: Run) -> Snapshot:
    """The run once it has begun to learn, or has ended: then its configuration is complete."""
    while (now := run.snapshot()).is_running and not (now.history or now.batches):
        time.sleep(_LOOK)
    return now


@contextmanager
def _reported(name: str, problems: list[str]) -> Iterator[None]:
    """Whatever goes wrong within becomes a sentence."""
    try:
        yield
    except ModuleNotFoundError as error:
        problems.append(
            f"{name} was not told of the run: “{error.name}” is not installed; wanted: pip install "
            "'inkling[tracking]'."
        )
    except Exception as error:  # theirs are of many kinds, and quote addresses
        problems.append(f"{name} was not told of the run ({type(error).__name__}).")


# ---------------------------------------------------------------- MLflow, Weights & Biases


class _MLflow:
    def __init__(self, now: Snapshot) -> None:
        os.environ.update({name: os.environ.get(name, value) for name, value in _HASTE.items()})
        import mlflow
        from mlflow import keras as mlflow_keras

        self._mlflow: Any = mlflow
        mlflow.set_experiment(os.environ.get("MLFLOW_EXPERIMENT_NAME") or _NAME)
        self._client = mlflow.MlflowClient()
        known = mlflow.search_runs(
            filter_string=f"tags.`{_TAG}` = '{now.run.id}'", output_format="list"
        )
        if known:
            mlflow.start_run(run_id=known[0].info.run_id)
        else:
            mlflow.start_run(run_name=now.run.id, tags={_TAG: now.run.id})
        made_by: Any = mlflow_keras.MlflowCallback  # it has no types
        self._callback = made_by()
        if not known:
            mlflow.log_params(_parameters(now))
            if model := _model(now):
                self._callback.set_model(model)
                self._callback.on_train_begin()

    def told(self) -> int:
        run = self._mlflow.active_run().info.run_id
        rows = self._client.get_metric_history(run, "val_accuracy")
        return max((row.step + 1 for row in rows), default=0)

    def epoch(self, row: EpochRow) -> None:
        self._callback.on_epoch_end(row.epoch - 1, _figures(row))

    def end(self, now: Snapshot) -> None:
        self._mlflow.flush_async_logging()
        if now.result:
            self._mlflow.log_metrics(_result(now))
        statuses = {State.FINISHED: "FINISHED", State.STOPPED: "KILLED"}
        self._mlflow.end_run(statuses.get(now.state, "FAILED"))


class _WeightsAndBiases:
    def __init__(self, now: Snapshot) -> None:
        import wandb
        from wandb.integration.keras import WandbMetricsLogger

        self._run = wandb.init(
            project=os.environ.get("WANDB_PROJECT") or _NAME,
            id=now.run.id,
            resume="allow",
            config=_parameters(now),
            dir=tempfile.mkdtemp(prefix="inkling-wandb-"),
            settings=wandb.Settings(silent=True),
        )
        self._callback: Any = WandbMetricsLogger()
        self._callback.set_model(_model(now))

    def told(self) -> int:
        return int(self._run.step)

    def epoch(self, row: EpochRow) -> None:
        self._callback.on_epoch_end(row.epoch - 1, _figures(row))

    def end(self, now: Snapshot) -> None:
        if now.result:
            self._run.summary.update(_result(now))
        self._run.finish(0 if now.state == State.FINISHED else 1)


_KINDS: dict[str, tuple[str, Callable[[Snapshot], _Tracker]]] = {
    "MLFLOW_TRACKING_URI": ("MLflow", _MLflow),
    "WANDB_API_KEY": ("Weights & Biases", _WeightsAndBiases),
}


# ---------------------------------------------------------------- what is told


def _parameters(now: Snapshot) -> dict[str, Any]:
    """What is trained on what; no path of the server's, and nothing that people wrote."""
    config = now.config
    recipe = {
        name: value
        for name, value in config.recipe.model_dump().items()
        if name not in ("title", "data") and value is not None
    }
    told = {"seed": config.seed, "fingerprint": config.fingerprint, "images": config.images}
    return recipe | told


def _figures(row: EpochRow) -> dict[str, float]:
    names = ("loss", "accuracy", "val_loss", "val_accuracy", "seconds")
    return {name: getattr(row, name) for name in names}


def _result(now: Snapshot) -> dict[str, float]:
    assert now.result
    test = now.result.test
    return {"test_accuracy": test.accuracy, "test_loss": test.loss, "seconds": now.result.seconds}


def _model(now: Snapshot) -> Any:
    """A network like the one that learns, for what the callbacks tell of it; None for one that
    goes on from another."""
    from model.training import networks, pipeline

    recipe = pipeline.recipe_of(now.run)
    try:
        model = networks.build(recipe.network)
    except InklingError:
        return None
    model.compile(recipe.build_optimizer(1), "categorical_crossentropy")
    return model


def _main(folder: Path) -> None:
    """Only sentences of our own are heard."""
    heard = os.fdopen(os.dup(2), "w")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    for problem in follow(Run(folder)):
        print(problem, file=heard)


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
