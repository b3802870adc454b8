"""How to train: a network, an optimizer, how long, on what. Two tutorials and three of ours."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from model.data.augmentation import Augmentation
from model.errors import InklingError
from model.files import read_json
from model.language import marked
from model.runs.records import RecipeConfig

if TYPE_CHECKING:
    import keras


IN_USE = marked("the one in use")  # a recipe's network that begins as the one that answers now

# What an optimizer is given besides its learning rate.
OPTIMIZERS: dict[str, dict[str, Any]] = {
    "Adam": {},
    "AdamW": {},
    "SGD": {"momentum": 0.9, "nesterov": True},
    "RMSprop": {},
    "Adadelta": {},
}


@dataclass(frozen=True)
class Recipe:
    """All that decides a training but the data and the seed.

    `averaging`: how much of the running average of the weights a step keeps; with it, the average
    is what is validated and what the training ends in (Polyak and Juditsky, SIAM J. Control Optim.
    30, 1992). 0 keeps the last weights.
    `mixing`: where the network in use goes on learning, how much of what it ends in is what it has
    learned by then; the rest is what it began with, weight by weight. Between the two lies less of
    what either of them loses (Wortsman et al., "Robust fine-tuning of zero-shot models", 2022).
    `nondigits`: how many non-digits it learns to refuse for each digit that it learns to read,
    whatever digits those are.
    """

    name: str
    title: str
    network: str
    optimizer: str  # one of OPTIMIZERS
    learning_rate: float
    batch_size: int
    epochs: int
    schedule: Literal["constant", "one-cycle"] = "constant"
    augmentation: Augmentation | None = None
    label_smoothing: float = 0.0
    calibrated: bool = False
    averaging: float = 0.0
    mixing: float = 1.0
    data: str = "mnist"
    nondigits: float = 0.0

    def build_optimizer(self, steps: int) -> keras.Optimizer:
        """The optimizer for a training of `steps` batches.

        one-cycle: up to the learning rate over the first fifth, then down a cosine to zero (after
        Smith and Topin, "Super-convergence", 2018).
        """
        import keras

        rate: Any = self.learning_rate
        if self.schedule == "one-cycle":
            warmup = max(1, steps // 5)
            rate = keras.optimizers.schedules.CosineDecay(
                rate / 20, max(1, steps - warmup), warmup_target=rate, warmup_steps=warmup
            )
        averaged = {"use_ema": True, "ema_momentum": self.averaging} if self.averaging else {}
        options = {"learning_rate": rate, **OPTIMIZERS[self.optimizer], **averaged}
        return keras.optimizers.get({"class_name": self.optimizer, "config": options})

    def config(self) -> RecipeConfig:
        """What a run's configuration says of it."""
        return RecipeConfig.model_validate(asdict(self))


_RICH = Augmentation(rotation=11, zoom=0.08, stretch=0.1, shift=0.05, shear=8, elastic=0.6)
_MILD = Augmentation(rotation=8, zoom=0.08, stretch=0.08, shift=0.05, shear=6, elastic=0.5)

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        # It learns what the network in use answers, too, and ends halfway between that and what it
        # has learned: both keep what that knows. The Train page begins with it, as it usually goes
        # into use by itself; who wants to see a network learn from nothing chooses another, and is
        # told beforehand that it will likely wait.
        Recipe(
            name="refine",
            title=marked("Refine"),
            network=IN_USE,
            optimizer="Adam",
            schedule="one-cycle",
            learning_rate=0.001,
            batch_size=256,
            epochs=1,
            augmentation=_MILD,
            calibrated=True,
            mixing=0.5,
            data="mnist+synthetic:30000",
            nondigits=0.2,
        ),
        Recipe(
            name="quick",
            title=marked("Quick"),
            network="slim",
            optimizer="Adam",
            schedule="one-cycle",
            learning_rate=0.02,
            batch_size=256,
            epochs=2,
            label_smoothing=0.03,
            calibrated=True,
            data="mnist+synthetic:5000",
            nondigits=0.12,
        ),
        Recipe(
            name="good",
            title=marked("Good"),
            network="medium",
            optimizer="Adam",
            schedule="one-cycle",
            learning_rate=0.008,
            batch_size=256,
            epochs=7,
            augmentation=_MILD,
            calibrated=True,
            data="mnist+synthetic:10000",
            nondigits=0.2,
        ),
        Recipe(
            name="best",
            title=marked("Best"),
            network="large",
            optimizer="Adam",
            schedule="one-cycle",
            learning_rate=0.004,
            batch_size=256,
            epochs=30,
            augmentation=_RICH,
            calibrated=True,
            # More synthetic digits than this take from MNIST what they give to real pens.
            data="mnist+synthetic:45000",
            nondigits=0.2,
        ),
        # Keras' example ran when Adadelta's default learning rate was 1.0; today's 0.001 would
        # not get anywhere in twelve epochs.
        Recipe(
            name="keras-tutorial",
            title=marked("Keras tutorial"),
            network="keras-tutorial",
            optimizer="Adadelta",
            learning_rate=1.0,
            batch_size=128,
            epochs=12,
        ),
        Recipe(
            name="kaggle-tutorial",
            title=marked("Kaggle tutorial"),
            network="kaggle-tutorial",
            optimizer="RMSprop",
            learning_rate=0.001,
            batch_size=128,
            epochs=30,
            augmentation=Augmentation(rotation=10, zoom=0.1, shift=0.1),
        ),
    )
}


# What the network in use learns from the drawings that people saved; `data` is what it is tried on.
FINE_TUNING = Recipe(
    name="teach",
    title=marked("Taught"),
    network=IN_USE,
    optimizer="Adam",
    schedule="one-cycle",
    learning_rate=0.0005,
    batch_size=256,
    epochs=4,
)


REFERENCES = Path(__file__).with_name("recipes.json")  # written by benchmarks.recipes


@dataclass(frozen=True)
class Reference:
    """What a recipe came to when it was last measured: its accuracy on MNIST's test digits, from 0
    to 1; what an image cost it then, in seconds on that machine; and how often, of so many
    `trainings`, it took the place of the built-in network by itself."""

    accuracy: float
    seconds_per_image: float
    trainings: int = 0
    took_over: int = 0


@cache
def reference(name: str) -> Reference | None:
    """What the recipe of that name came to; None for one that was never measured."""
    measured = (read_json(REFERENCES) or {}).get(name)
    return Reference(**measured) if measured else None


# How the network that ships learned, stage by stage; `training.shipping` says from what.
_PENS = Recipe(
    name="pens",
    title=marked("Pens"),
    network="compact",
    optimizer="Adam",
    schedule="one-cycle",
    learning_rate=0.003,
    batch_size=256,
    epochs=5,
    augmentation=_MILD,
    averaging=0.999,
)
PENS = (
    _PENS,
    replace(
        _PENS, name="pens-refined", title=marked("Pens, refined"), learning_rate=0.0015, epochs=2
    ),
    replace(
        _PENS, name="pens-finished", title=marked("Pens, finished"), learning_rate=0.001, epochs=1
    ),
)
OTHER_HANDS = replace(
    _PENS, name="other-hands", title="Other hands", learning_rate=0.0015, epochs=2
)
LAST_HANDS = replace(_PENS, name="last-hands", title="Last hands", learning_rate=0.001, epochs=1)


def get(name: str) -> Recipe:
    """The recipe `name`; raises InklingError."""
    every = RECIPES | {FINE_TUNING.name: FINE_TUNING}
    if name not in every:
        raise InklingError(
            "There is no recipe “{name}”; wanted: one of {every}.",
            name=name,
            every=", ".join(every),
        )
    return every[name]


def augmentation(spec: str) -> Augmentation | None:
    """What `spec` names: "none", a recipe, for its own, or amounts, as "rotation=10,zoom=0.1".

    Raises InklingError.
    """
    if spec == "none":
        return None
    if spec in RECIPES:
        return RECIPES[spec].augmentation
    try:
        amounts = {name: float(amount) for name, amount in _pairs(spec)}
        return Augmentation(**amounts)
    except (TypeError, ValueError):
        raise InklingError(
            "There is no augmentation “{spec}”; wanted: none, a recipe’s name, or amounts of "
            "{augmentation}, as rotation=10,zoom=0.1.",
            spec=spec,
            augmentation=", ".join(field.name for field in fields(Augmentation)),
        ) from None


def _pairs(spec: str) -> list[list[str]]:
    return [[text.strip() for text in part.split("=")] for part in spec.split(",")]
