"""A search: many recipes are tried for a few epochs, the losers are stopped early, and the best is
offered to be trained in full.

What is tried differs from a recipe in how large its steps are, how wide its network is, how much
is dropped out and how far digits are bent. A search is a run whose configuration says how many
`trials` it has, and each of these is a run in a folder of its own within. They are judged on the
validation digits; nothing of a search has seen the test digits. `search_worker` does the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from model.errors import InklingError
from model.language import Text, marked
from model.runs.run import Run
from model.runs.snapshot import Snapshot
from model.runs.status import State
from model.training import estimate, networks, recipes
from model.training.design import Design
from model.training.estimate import Speed
from model.training.pipeline import Request
from model.training.recipes import RECIPES, Recipe

TRIALS, EPOCHS = 12, 4  # of a search, where nothing else is said
HALVING = 2  # one of so many goes on, after the first epoch, the second, the fourth, and so on

# Whose network can be another; what is tried of them has the rest in common.
BASES = [name for name, recipe in RECIPES.items() if recipe.network != recipes.IN_USE]


@dataclass(frozen=True)
class Parameter:
    """What is tried of a recipe: from `low` to `high`, in steps or evenly in the logarithm."""

    title: Text
    low: float
    high: float
    step: float | None = None


def space(recipe: Recipe) -> dict[str, Parameter]:
    """What is tried, by name, around the learning rate of `recipe`."""
    rate = recipe.learning_rate
    return {
        "learning_rate": Parameter(Text("Learning rate"), 0.1 * rate, 3 * rate),
        "width": Parameter(Text("Width"), 8, 40, step=8),
        "dropout": Parameter(Text("Dropout"), 0, 0.5, step=0.1),
        "bending": Parameter(Text("Bending"), 0, 1, step=0.25),
    }


def first(recipe: Recipe) -> dict[str, float]:
    """What is tried first, for the others to be held against: the recipe's own learning rate, and
    the middle of the rest."""
    return {"learning_rate": recipe.learning_rate, "width": 24, "dropout": 0.2, "bending": 0.5}


def request(search: Run, parameters: Mapping[str, float], epochs: int | None = None) -> Request:
    """The training that a trial is, or with so many `epochs` the same in full. `width` is the
    number of filters of the first of two convolutions, the second has twice as many; `bending` is
    how much of the distortions of the recipe “best” there is."""
    config, width = search.config, round(parameters["width"])
    return Request(
        recipe=config.recipe.name,
        data=config.spec,
        seed=config.seed,
        epochs=epochs or config.recipe.epochs,
        batch_size=config.recipe.batch_size,
        learning_rate=parameters["learning_rate"],
        network=Design(filters=(width, 2 * width), dropout=parameters["dropout"]).spec(),
        augmentation=_bent(parameters["bending"]),
        room=config.room,
        is_private=config.is_private,
    )


def in_full(search: Run, trial: Trial) -> Request:
    """The training of a trial's recipe with as many epochs as the recipe has that it came from,
    and twice as many as it was tried with at least."""
    config = search.config
    epochs = max(recipes.get(config.recipe.name).epochs, 2 * config.recipe.epochs)
    return request(search, trial.parameters, epochs)


# ---------------------------------------------------------------- what came of it


class Outcome(StrEnum):
    """How it stands with a trial."""

    RUNNING = marked("running")
    EARLY = marked("stopped early")
    FINISHED = marked("finished")
    BROKEN_OFF = marked("broken off")


_OUTCOMES = {
    State.RUNNING: Outcome.RUNNING,
    State.STOPPED: Outcome.EARLY,
    State.FINISHED: Outcome.FINISHED,
    State.FAILED: Outcome.BROKEN_OFF,
}


@dataclass(frozen=True)
class Trial:
    """A recipe that was tried, or is: the `number` counts from 1."""

    number: int
    now: Snapshot

    @property
    def parameters(self) -> Mapping[str, float]:
        return self.now.config.trial or {}

    @property
    def outcome(self) -> Outcome:
        return _OUTCOMES[self.now.state]

    @property
    def is_over(self) -> bool:
        return self.outcome in (Outcome.EARLY, Outcome.FINISHED)

    @property
    def accuracy(self) -> float | None:
        """On the validation digits, after the last epoch; None before the first has ended."""
        return self.now.history[-1].val_accuracy if self.now.history else None


def trial_run(search: Run, number: int) -> Run:
    return Run(search.folder / "trials" / f"{number:02}")


def trials(search: Run) -> list[Trial]:
    """Those that have begun, by number."""
    found = []
    for number in range(1, (search.config.trials or 0) + 1):
        try:
            found.append(Trial(number, trial_run(search, number).snapshot()))
        except InklingError:  # its folder is not there yet
            break
    return found


def best(every: Sequence[Trial]) -> Trial | None:
    """Of those that have come furthest the most accurate on the validation digits; None before
    the first epoch has ended."""
    return next((trial for trial in ranked(every) if trial.now.history), None)


def ranked(every: Sequence[Trial]) -> list[Trial]:
    """The best first: by how far they have come, and then by their accuracy and their loss."""

    def place(trial: Trial) -> tuple[int, float, float]:
        if not trial.now.history:
            return 0, 0.0, 0.0
        last = trial.now.history[-1]
        return -last.epoch, -last.val_accuracy, last.val_loss

    return sorted(every, key=place)


# ---------------------------------------------------------------- how long it takes


def expected_epochs(count: int, epochs: int) -> float:
    """How many epochs the trials of a search take together, as the first of some always goes on,
    and of many every second."""
    total, reached = 0.0, float(count)
    rung = 1
    for epoch in range(1, epochs + 1):
        total += reached
        if epoch == rung:
            rung *= HALVING
            reached = max(1.0, (reached + 1) / HALVING)
    return total


def expected_seconds(
    recipe: Recipe, count: int, images: int, speed: Speed = estimate.REFERENCE
) -> float:
    """About how long a search takes around `recipe`, which learns from so many `images`."""
    middle = first(recipe)
    width = round(middle["width"])
    layers = networks.all_layers(Design(filters=(width, 2 * width)).spec())
    one = estimate.seconds_of_design(recipe, layers, images, speed) - speed.overhead
    return speed.overhead + one * expected_epochs(count, recipe.epochs) / recipe.epochs


def _bent(share: float) -> str:
    amounts = asdict(RECIPES["best"].augmentation)  # type: ignore[arg-type]
    if not share:
        return "none"
    return ",".join(f"{name}={share * amount:.4g}" for name, amount in amounts.items())
