"""Two runs that race each other: side by side where there are processors for both, else in turns
of an epoch, so that neither takes the other's time."""

from __future__ import annotations

import time
from collections.abc import Callable

import keras

from model.errors import InklingError
from model.runs import registry
from model.runs.run import Run
from model.training import pipeline
from model.training.callbacks import Logs

_LOOK = 0.05  # seconds between two looks at the rival
_BEFORE = ("data", "starting")  # phases in which a run can't learn yet


def of(run: Run) -> list[keras.callbacks.Callback]:
    """What has `run` race its rival; nothing where it has none."""
    rival = registry.rival(run)
    if rival is None:
        return []
    return [Start(run, rival) if pipeline.races_side_by_side() else Turns(run, rival)]


class Start(keras.callbacks.Callback):
    """Has a run begin when its rival can, too."""

    def __init__(self, run: Run, rival: Run) -> None:
        super().__init__()
        self._run = run
        self._rival = rival

    def on_train_begin(self, logs: Logs = None) -> None:
        self._wait(lambda: self._epochs() > 0 or self._phase() not in _BEFORE)

    def _wait(self, over: Callable[[], bool]) -> None:
        """Until `over`, or nobody is there to wait for; what is asked to stop does not wait."""
        last = self._run.snapshot().progress
        if last and not over():
            self._run.append_progress(last.without_figures()._replace(phase="waiting"))
        while not (over() or self._run.is_stopping) and self._rival.is_alive:
            time.sleep(_LOOK)

    def _epochs(self) -> int:
        """How many the rival has done; 0 where it was deleted, too."""
        try:
            return len(self._rival.snapshot().history)
        except InklingError:
            return 0

    def _phase(self) -> str:
        progress = self._rival.snapshot().progress
        return progress.phase if progress else _BEFORE[0]


class Turns(Start):
    """Has a run wait after each epoch until its rival has done as many; the one whose id comes
    first begins."""

    def __init__(self, run: Run, rival: Run) -> None:
        super().__init__(run, rival)
        self._is_first = run.id < rival.id
        self._epochs_of_both = run.config.recipe.epochs, rival.config.recipe.epochs

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin()
        self._take_turns(len(self._run.snapshot().history))

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._take_turns(epoch + 1)

    def _take_turns(self, done: int) -> None:
        own, rivals = self._epochs_of_both
        wanted = min(done if self._is_first else done + 1, rivals)  # it does no more
        if done < own:
            self._wait(lambda: self._epochs() >= wanted)
