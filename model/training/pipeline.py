"""What a run does from its beginning to its end: read the data, learn, be judged, go into use."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.data import datasets
from model.data.augmentation import Augmentation
from model.data.datasets import Dataset
from model.data.samples import CLASSES
from model.data.visitors import HOST
from model.errors import InklingError
from model.inference import classifier
from model.inference.backend import start_keras
from model.inference.classifier import Classifier
from model.language import Text, marked
from model.preprocessing.framing import SIDE
from model.runs import registry, status
from model.runs.records import Incumbent, Progress, RunConfig, RunResult, Verdict
from model.runs.run import BASE, Run
from model.runs.status import State
from model.training import learned, networks, promotion, recipes
from model.training.recipes import Recipe

MOST_TRIALS = 50  # of a search

_FOR_TWO = 4  # processors
_OF_A_NEW_NETWORK = {"network", "augmentation"}
_NETWORK_PATIENCE = 10  # seconds, for a download that does not come


@dataclass(frozen=True)
class Request:
    """What to train on what. `data` None is the recipe's own, and synthetic digits where those
    can't be had; `drawing` (28, 28) float32 in [0, 1] is watched while the network learns; `base`
    is a model file of the recipe's network to begin with, in place of chance; `teachers` are model
    files of any network, whose answers it learns besides the labels; `augmentation` is as
    `recipes.augmentation` takes it; `room` is the number of the room from whose drawings the
    network in use is taught, None: from all but those of classes; where that `is_private`, what
    it has learned is for that room alone. With `trials` it is a search among so many recipes."""

    recipe: str = "quick"
    data: str | None = None
    seed: int = 0
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    network: str | None = None
    optimizer: str | None = None
    augmentation: str | None = None
    drawing: NDArray[np.float32] | None = None
    base: Path | None = None
    teachers: Sequence[Path] = ()
    room: int | None = None
    is_private: bool = False
    trials: int | None = None

    def chosen(self) -> Recipe:
        """The recipe with what was changed; raises InklingError for what is out of bounds."""
        _check(Text("The number of epochs"), self.epochs, 1, 1000)
        _check(Text("The batch size"), self.batch_size, 1, 10_000)
        _check(Text("The learning rate"), self.learning_rate, 1e-8, 100)
        _check(Text("The seed"), self.seed, 0, 2**32 - 1)
        if self.drawing is not None and self.drawing.shape != (SIDE, SIDE):
            raise InklingError(
                "The drawing is {shape}; wanted: {side}.",
                shape=self.drawing.shape,
                side=(SIDE, SIDE),
            )
        for model in (*([self.base] if self.base else []), *self.teachers):
            if not model.is_file():
                raise InklingError(
                    "The model “{model}” is not there; wanted: one to learn from.", model=model
                )
        recipe = recipes.get(self.recipe)
        changed: dict[str, Any] = {
            name: value
            for name in ("epochs", "batch_size", "learning_rate", "network", "optimizer")
            if (value := getattr(self, name)) is not None
        }
        if self.augmentation is not None:
            changed["augmentation"] = recipes.augmentation(self.augmentation)
        if self.network is not None:
            networks.check(self.network)
            if self.network not in networks.NETWORKS:
                changed["title"] = "Own network"
        if self.optimizer is not None and self.optimizer not in recipes.OPTIMIZERS:
            raise InklingError(
                "There is no optimizer “{optimizer}”; wanted: one of {optimizers}.",
                optimizer=self.optimizer,
                optimizers=", ".join(recipes.OPTIMIZERS),
            )
        if recipe == recipes.FINE_TUNING and not changed.keys().isdisjoint(_OF_A_NEW_NETWORK):
            raise InklingError(
                "The recipe {name} teaches the network in use from drawings as they are; "
                "wanted: no other network and no augmentation.",
                name=recipe.name,
            )
        if self.trials is not None:
            self._check_search(recipe, changed)
            changed["title"] = marked("Search")
        return replace(recipe, **changed)

    def _check_search(self, recipe: Recipe, changed: dict[str, Any]) -> None:
        _check(Text("The number of recipes to try"), self.trials, 2, MOST_TRIALS)
        if recipe.network == recipes.IN_USE:
            raise InklingError(
                "The recipe {name} goes on with the network in use, so there is no other to look "
                "for; wanted: one that begins with a network of its own.",
                name=recipe.name,
            )
        if not changed.keys().isdisjoint(_OF_A_NEW_NETWORK):
            raise InklingError(
                "A search chooses networks and augmentations itself; wanted: neither of them."
            )


def create(request: Request, folder: Path | None = None) -> Run:
    """A new run's folder, from which `perform` learns what to do. Raises InklingError, OSError."""
    recipe = request.chosen()
    spec = request.data or recipe.data
    names = [Path(name).name for name in spec.split("+")]
    run = registry.create("search" if request.trials else recipe.name, folder)
    try:
        status.prepare(run.folder)
        if request.drawing is not None:
            run.write_drawing(request.drawing)
        if request.base is not None:
            run.blobs.write(BASE, request.base.read_bytes())
        for number, teacher in enumerate(request.teachers, 1):
            run.blobs.write(f"teacher-{number}.keras", teacher.read_bytes())
        run.write_config(
            RunConfig(
                recipe=recipe.config(),
                data="drawings" if recipe.name == recipes.FINE_TUNING.name else "+".join(names),
                spec=request.data,
                seed=request.seed,
                started=datetime.now(UTC).replace(microsecond=0),
                room=request.room,
                is_private=request.is_private,
                trials=request.trials,
            )
        )
    except OSError:
        shutil.rmtree(run.folder)
        raise
    return run


def race(first: Run, second: Run) -> None:
    """Have two new runs know that they race each other. Raises OSError."""
    for run, rival in ((first, second), (second, first)):
        run.write_config(run.config.model_copy(update={"rival": rival.id}))


def races_side_by_side() -> bool:
    """Whether two runs that race each other learn at the same time here, or in turns."""
    return (os.cpu_count() or 1) >= _FOR_TWO


def perform(run: Run, verbose: int = 0) -> RunResult | None:
    """Train as the run's configuration says, in this process; its result, but of a search none.

    A model that is promoted goes into use, if the run is one of INKLING_HOME's; a private one goes
    into use in its room alone. Raises InklingError, and `callbacks.Stopped` for
    SIGTERM or Ctrl-C while it learns.
    """
    began = time.perf_counter()
    recipe, config = recipe_of(run), run.config
    if recipe.network == recipes.IN_USE and recipe.name != recipes.FINE_TUNING.name:
        recipe = _going_on(run, recipe)
    _note(run, "data")
    dataset, holdout, note = _data(config.spec, recipe)
    if (config.fingerprint or dataset.fingerprint) != dataset.fingerprint:
        raise InklingError(
            "The data of the run {id} have changed since it began; start a new one.", id=run.id
        )
    run.write_config(config.model_copy(update={"note": note}))
    _note(run, "starting")
    start_keras()
    from model.training import trainer, turns

    if config.trials:
        from model.training import search_worker

        policy = config.policy or trainer.faster_policy()
        run.write_config(trainer.with_particulars(run.config, recipe, dataset, policy))
        search_worker.work(run, recipe, dataset, verbose)
        status.write(run.folder, State.FINISHED)
        return None
    learning = time.perf_counter()
    cross_validation = tested_on = None
    if recipe.name == recipes.FINE_TUNING.name:
        from model.training import fine_tuning

        tested_on = dataset.name
        network, cross_validation = fine_tuning.fine_tune(
            run, recipe, dataset, holdout.samples, verbose
        )
    else:
        run.write_learned(learned.digests(dataset.train.images))
        network = trainer.learn(
            recipe, dataset, run, callbacks=turns.of(run), verbose=verbose, stoppable=True
        )
    done = time.perf_counter()
    _note(run, "evaluating")
    result = trainer.examine(network, dataset, run)
    verdict, in_use = _judged(network, dataset, holdout)
    result = result.model_copy(
        update={
            # What comes before and after the epochs, for the next run's estimate.
            "overhead": time.perf_counter() - done + learning - began,
            "promotion": verdict,
            "in_use": in_use,
            "drawings": cross_validation,
            "tested_on": tested_on,
        }
    )
    run.write_result(result)
    if run.is_at_home:
        _use(run, verdict)
    status.write(run.folder, State.FINISHED)
    return result


def join(run: Run) -> None:
    """Work on a search in this process, too, which another one performs. Raises as `perform`."""
    recipe = recipe_of(run)
    dataset, *_ = _data(run.config.spec, recipe)
    start_keras()
    from model.training import search_worker

    search_worker.work(run, recipe, dataset)


def _going_on(run: Run, recipe: Recipe) -> Recipe:
    """The recipe with the network in use, which the run then begins with and learns from. Raises
    InklingError where that is none of ours."""
    _note(run, "starting")
    start_keras()
    path = registry.in_use().path
    network = classifier.load(path).network
    networks.check(network.name)
    for copy in (BASE, "teacher-1.keras"):
        run.blobs.write(copy, path.read_bytes())
    refuses = network.output_shape[-1] > CLASSES
    return replace(recipe, network=network.name, nondigits=recipe.nondigits if refuses else 0.0)


def recipe_of(run: Run) -> Recipe:
    """The recipe in the run's configuration; raises InklingError where it is another version's."""
    values = run.config.recipe.model_dump()
    try:
        if values["augmentation"]:
            values["augmentation"] = Augmentation(**values["augmentation"])
        return Recipe(**values)
    except TypeError as error:
        raise InklingError(
            "The run {id} was begun by another version of Inkling, with a recipe that this "
            "one does not know; start a new one.",
            id=run.id,
        ) from error


def _data(spec: str | None, recipe: Recipe) -> tuple[Dataset, promotion.HoldoutSet, str | None]:
    """What to learn from, less the digits that models are compared on; those; and a note."""
    note = None
    with _impatient():
        try:
            dataset = datasets.load(spec or recipe.data)
        except InklingError as error:
            if spec:
                raise
            dataset = datasets.load("synthetic")
            note = f"It learned from synthetic digits instead of {recipe.data}: {error}"
        holdout = promotion.digits()
    train = datasets.without(dataset.train, holdout.samples)
    if not len(train):
        raise InklingError(
            "“{name}” has no digits besides {holdout}, on which models are compared; "
            "wanted: others to train on.",
            name=dataset.name,
            holdout=holdout.name,
        )
    train = datasets.with_nondigits(train, recipe.nondigits)
    return replace(dataset, train=train), holdout, note


@contextmanager
def _impatient() -> Iterator[None]:
    """A download that does not come gives up."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_NETWORK_PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _judged(
    network: Classifier, dataset: Dataset, digits: promotion.HoldoutSet
) -> tuple[Verdict, Incumbent | None]:
    """Whether it is promoted, and the scores of the model in use on the same test digits."""
    from model.training.trainer import probabilities, scores

    now = registry.in_use()
    try:
        current = classifier.load(now.path)
    except InklingError:
        alone = promotion.compare(digits, probabilities(network, digits.samples), None)
        return promotion.holm([alone]), None
    comparisons = [
        promotion.compare(
            holdout,
            probabilities(network, holdout.samples),
            probabilities(current, holdout.samples),
        )
        for holdout in (digits, *promotion.others())
    ]
    incumbent = Incumbent(
        run=now.run.id if now.run else None,
        test=scores(probabilities(current, dataset.test), dataset.test),
        learned=learned.count(dataset.test.images, now),
    )
    return promotion.holm(comparisons), incumbent


def _use(run: Run, verdict: Verdict) -> None:
    """Put the run's model into use: a private one in its room, if that is there yet, whatever else
    it reads worse; any other where all are read, if it was promoted."""
    if (room := run.config.room) is not None and run.config.is_private:
        from model.data import drawings, rooms

        with drawings.opened() as store, suppress(InklingError):  # the room is over
            rooms.Rooms(store).use(room, run.id, HOST)
    elif verdict.passed and not registry.is_fixed():
        registry.use(run)


def _note(run: Run, phase: str) -> None:
    """Note a phase in which nothing is learned."""
    last = run.snapshot().progress or Progress(phase)
    run.append_progress(last.without_figures()._replace(phase=phase))


def _check(name: Text, value: float | None, least: float, most: float) -> None:
    if value is not None and not least <= value <= most:
        raise InklingError(
            "{name} is {value}; wanted: from {least:,} to {most:,}.",
            name=name,
            value=value,
            least=least,
            most=most,
        )
