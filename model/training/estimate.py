"""How long a recipe takes on this machine.

What an image costs each recipe was measured on one machine, one recipe beside the other
(`recipes.reference`). Of another machine one figure has to be known, how many times as long it
takes; its runs tell that, whichever recipe they were of. So what takes longer there is expected to
take longer here, too, and one run tells of all recipes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from model.runs import registry
from model.runs.records import RecipeConfig
from model.runs.run import Run, computer
from model.training import design, recipes
from model.training.layers import Layer
from model.training.recipes import Recipe

_RUNS = 5  # the last so many runs tell a machine's speed
_LOOKED_AT = 30  # runs, at most, to find them among
_ENOUGH = 5_000  # images; an epoch of fewer says little of an image's share in it
# Reading an image takes a third of learning from it: forwards, not backwards and onto the weights.
_VALIDATION = 5_000 / 3  # an epoch's, in images learned from


@dataclass(frozen=True)
class Speed:
    """A machine's: how many times as long an image takes as where the recipes were measured, and
    the seconds that a training takes besides its epochs."""

    factor: float
    overhead: float


REFERENCE = Speed(1.0, 8.0)  # of the machine that the recipes were measured on, with two cores


def speed() -> Speed | None:
    """This machine's, by its last runs; None before the first that tells."""
    found = (_speed_of(run) for run in registry.all_runs()[:_LOOKED_AT])
    speeds = [speed for speed in found if speed][:_RUNS]
    if not speeds:
        return None
    return Speed(median(s.factor for s in speeds), median(s.overhead for s in speeds))


def expected_seconds(recipe: Recipe, images: int, speed: Speed = REFERENCE) -> float | None:
    """How long `recipe` will take to learn from `images` digits, from the click to the result;
    None for one that was never measured."""
    reference = recipes.reference(recipe.name)
    if reference is None:
        return None
    epoch = (images + _VALIDATION) * reference.seconds_per_image
    return speed.overhead + recipe.epochs * epoch * speed.factor


def seconds_of_design(
    recipe: Recipe, of: Sequence[Layer], images: int, speed: Speed = REFERENCE
) -> float:
    """About how long `recipe` will take with a network of these layers, which nobody measured."""
    epoch = (images + _VALIDATION) * design.seconds_per_image(of)
    return speed.overhead + recipe.epochs * epoch * speed.factor


def seconds_per_image(seconds_per_epoch: float, images: int) -> float:
    """What one of the images that an epoch learns from costs, its validation left out."""
    return seconds_per_epoch / (images + _VALIDATION)


def _speed_of(run: Run) -> Speed | None:
    """What a run tells of the machine: a finished one, of this machine and of a recipe as it is."""
    config, result = run.config, run.result
    if not result or result.overhead is None or config.computer != computer():
        return None
    name, images = config.recipe.name, config.images or 0
    reference = recipes.reference(name)
    if reference is None or _costs(config.recipe) != _costs(recipes.get(name).config()):
        return None
    if images < _ENOUGH:
        return None
    image = seconds_per_image(result.seconds_per_epoch, images)
    return Speed(image / reference.seconds_per_image, result.overhead)


def _costs(recipe: RecipeConfig) -> tuple[object, ...]:
    """All of a recipe that an image's cost depends on."""
    return recipe.network, recipe.optimizer, recipe.batch_size, recipe.augmentation
