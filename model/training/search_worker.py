"""Tries the recipes of a search, in as many processes as there are: each asks the study of Optuna,
which all have in common, what is to be tried next, and tells it after each epoch how well that
reads the validation digits.

The losers are stopped by asynchronous successive halving (Li et al., "A system for massively
parallel hyperparameter tuning", MLSys 2020), what is tried next is chosen by a tree-structured
Parzen estimator (Bergstra et al., NeurIPS 2011).
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import keras
import optuna
from optuna.trial import TrialState

from model.data.datasets import Dataset
from model.data.samples import LabelledSamples
from model.language import marked
from model.runs import registry, replay, status
from model.runs.records import Progress, RunConfig
from model.runs.run import CHECKPOINT, MODEL, Run
from model.runs.status import State
from model.training import pipeline, search, trainer
from model.training.callbacks import Logs
from model.training.recipes import Recipe

OTHERS_READ_BETTER = marked("Others read better by then.")
_AT_RANDOM = 6  # trials, before what is tried next is chosen by what they came to
_LOOK = 0.5  # seconds between two looks at what other processes are still at
_PATIENCE = 60  # seconds, for another process that writes into the study


def work(run: Run, recipe: Recipe, dataset: Dataset, verbose: int = 0) -> None:
    """Try recipes of the search `run`, around `recipe`, until as many are tried as it wants.

    Any number of processes may do so at once; each is there until the last is done, and takes up
    what another one broke off. Raises `callbacks.Stopped` for SIGTERM or Ctrl-C, and keeps what was
    learned until then.
    """
    # That a search does not look at the test digits is seen to here: it gets none.
    dataset = replace(dataset, test=_none_of(dataset.test))
    study, clock = _study(run), _Clock(run, recipe)
    while _any_left(study, run):
        claimed = _claim(study, run, recipe)
        if claimed is None:
            time.sleep(_LOOK)
            continue
        with claimed:
            _try(claimed, recipe, dataset, clock)
        clock.note()
        if verbose:
            _tell(search.Trial(claimed.trial.number + 1, claimed.run.snapshot()))


def _any_left(study: optuna.Study, run: Run) -> bool:
    """Whether a recipe is still to be tried, or is being tried."""
    over = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))
    return len(over) < (run.config.trials or 0)


class _Claimed(NamedTuple):
    """A trial that is this process's, for as long as it holds the lock of its run."""

    trial: optuna.Trial
    run: Run
    lock: int

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        os.close(self.lock)


def _study(run: Run) -> optuna.Study:
    """The study of a search, in a database in its folder."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    path = str(run.folder.absolute() / "study.db").replace("{", "{{").replace("}", "}}")
    return optuna.create_study(
        storage=optuna.storages.RDBStorage(
            f"sqlite:///{path}", engine_kwargs={"connect_args": {"timeout": _PATIENCE}}
        ),
        study_name=run.id,
        direction="maximize",
        pruner=optuna.pruners.SuccessiveHalvingPruner(1, search.HALVING),
        load_if_exists=True,
    )


def _claim(study: optuna.Study, run: Run, recipe: Recipe) -> _Claimed | None:
    """The next trial, or one that was broken off; None where all are done or being done."""
    with registry.alone():
        trial = _broken_off(study, run) or _next(study, run, recipe)
        if trial is None:
            return None
        own = search.trial_run(run, trial.number + 1)
        own.folder.mkdir(parents=True, exist_ok=True)
        return _Claimed(trial, own, own.lock())


def _broken_off(study: optuna.Study, run: Run) -> optuna.Trial | None:
    """A trial of which the study thinks that it runs, and which no process has."""
    for known in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        if not search.trial_run(run, known.number + 1).is_alive:
            return optuna.Trial(study, known._trial_id)
    return None


def _next(study: optuna.Study, run: Run, recipe: Recipe) -> optuna.Trial | None:
    count = len(study.get_trials(deepcopy=False))
    if count >= (run.config.trials or 0):
        return None
    if not count:
        study.enqueue_trial(search.first(recipe))
    return study.ask()


def _try(claimed: _Claimed, recipe: Recipe, dataset: Dataset, clock: _Clock) -> None:
    """Train a trial until it has learned or is stopped early, and tell the study."""
    trial, run = claimed.trial, claimed.run
    tried = _begin(claimed, recipe, clock.search)
    keras.backend.clear_session()  # of the networks before
    judge = _Judge(trial, tried.epochs, clock)
    try:
        judge.go_on(run)
        trainer.learn(tried, dataset, run, callbacks=[judge], verbose=0, stoppable=True)
    except optuna.TrialPruned:
        trial.study.tell(trial, state=TrialState.PRUNED)
        status.write(run.folder, State.STOPPED, OTHERS_READ_BETTER)
    else:
        trial.study.tell(trial, run.snapshot().history[-1].val_accuracy)
        status.write(run.folder, State.FINISHED)
    _forget_network(run)


def _begin(claimed: _Claimed, recipe: Recipe, of: Run) -> Recipe:
    """The recipe of a trial, written down in its run."""
    trial, run = claimed.trial, claimed.run
    parameters = _suggested(trial, recipe, of.config.seed)
    tried = replace(search.request(of, parameters).chosen(), calibrated=False)
    if run.has_checkpoint:
        run.reopen()
    else:
        config = of.config
        status.prepare(run.folder)
        run.write_config(
            RunConfig(
                recipe=tried.config(),
                data=config.data,
                spec=config.spec,
                seed=config.seed,
                started=datetime.now(UTC).replace(microsecond=0),
                policy=config.policy,
                trial=parameters,
            )
        )
    run.write_process(os.getpid())
    return tried


def _suggested(trial: optuna.Trial, recipe: Recipe, seed: int) -> dict[str, float]:
    # By its number, so that it is the same whichever process asks, and after whichever stop.
    trial.study.sampler = optuna.samplers.TPESampler(
        n_startup_trials=_AT_RANDOM, seed=(seed + trial.number) % 2**32
    )
    chosen = {
        name: trial.suggest_float(name, one.low, one.high, step=one.step, log=one.step is None)
        for name, one in search.space(recipe).items()
    }
    return {name: float(f"{value:.4g}") for name, value in chosen.items()}


class _Judge(keras.callbacks.Callback):
    """Tells the study of each epoch, and ends a trial that is not to go on by TrialPruned."""

    def __init__(self, trial: optuna.Trial, epochs: int, clock: _Clock) -> None:
        super().__init__()
        self._trial = trial
        self._epochs = epochs
        self._clock = clock

    def go_on(self, run: Run) -> None:
        """Take up a trial that was broken off, also between an epoch's end and its judgement."""
        if not run.has_checkpoint:
            return
        history = run.snapshot().history
        known = self._trial.study.get_trials(deepcopy=False)[self._trial.number].last_step or 0
        for row in history[known:]:
            self._trial.report(row.val_accuracy, row.epoch)
        if history:
            self._decide(history[-1].epoch)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        assert logs
        self._trial.report(float(logs["val_accuracy"]), epoch + 1)
        self._clock.note()
        self._decide(epoch + 1)

    def _decide(self, epoch: int) -> None:
        if epoch < self._epochs and self._trial.should_prune():
            raise optuna.TrialPruned


class _Clock:
    """Notes how long a search has taken, and how long it will."""

    def __init__(self, run: Run, recipe: Recipe) -> None:
        self.search = run
        self._recipe = recipe
        before = run.snapshot().progress
        self._began = time.perf_counter() - (before.elapsed if before else 0.0)
        self.note()

    def note(self) -> None:
        elapsed = time.perf_counter() - self._began
        self.search.append_progress(
            Progress("searching", elapsed=round(elapsed, 2), remaining=self._remaining())
        )

    def _remaining(self) -> float | None:
        """By what an epoch took so far, and by how many there mostly are."""
        every, epochs = search.trials(self.search), self._recipe.epochs
        took = [row.seconds for trial in every for row in trial.now.history]
        if not took:
            return None
        wanted = self.search.config.trials or 0
        usual = search.expected_epochs(wanted, epochs) / wanted
        left = (wanted - len(every)) * usual + sum(
            max(1.0, usual - len(trial.now.history)) for trial in every if not trial.is_over
        )
        return round(left * sum(took) / len(took), 2)


def _tell(tried: search.Trial) -> None:
    accuracy = f"{tried.accuracy:.2%} of the validation digits" if tried.accuracy else "nothing"
    epochs = len(tried.now.history)
    print(f"Recipe {tried.number}: {accuracy}, {tried.outcome} at epoch {epochs}", file=sys.stderr)


def _forget_network(run: Run) -> None:
    """What a trial has learned is not used; its figures are."""
    shutil.rmtree(run.tensorboard_path, ignore_errors=True)
    replay.forget_features(run.blobs)
    for name in (CHECKPOINT, MODEL):
        run.blobs.remove(name)


def _none_of(split: LabelledSamples) -> LabelledSamples:
    return LabelledSamples(split.images[:0], split.labels[:0])


if __name__ == "__main__":
    pipeline.join(Run(Path(sys.argv[1])))
