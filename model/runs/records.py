"""What a run's files hold: its configuration, how far it is, a row an epoch, its result.

SCHEMA is the version of the set of files in a run's folder and of what is in them; `upgrade` reads
what an earlier version wrote.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import (
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from model.language import marked
from model.runs.status import State

SCHEMA = 3


class Record(BaseModel):
    """Validated where it is read, and unchangeable from then on."""

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="constants")

    def to_json(self) -> str:
        """Indented JSON, less what is None."""
        return self.model_dump_json(indent=2, exclude_none=True) + "\n"


# ---------------------------------------------------------------- run.json


class RecipeConfig(Record):
    """A `training.recipes.Recipe` as it was when the run began. What another version of it had
    besides is kept, and refused only where the run is to go on."""

    model_config = ConfigDict(extra="allow")

    name: str
    title: str
    network: str
    optimizer: str
    learning_rate: float
    batch_size: int
    epochs: int
    schedule: str = "constant"
    augmentation: dict[str, float] | None = None
    label_smoothing: float = 0.0
    calibrated: bool = False
    averaging: float = 0.0
    mixing: float = 1.0
    data: str = "mnist"
    nondigits: float = 0.0


class RunConfig(Record):
    """What is trained on what.

    `data` is what people are told, `spec` what was asked for (None: the recipe's own). From
    `fingerprint` on it is known once the data are read. `images` is how many digits it learns from,
    `validation` how many it is chosen by; `learned_until` is when the network that it began with
    last learned from saved drawings; `room` is the one whose drawings it learns from, None: all but
    those of classes; where that `is_private`, it is in use there alone.

    A search tries so many `trials`, by its recipe with other values; what a `trial` of one has of
    its own are these. `rival` is the run that it races.
    """

    schema_version: int = SCHEMA
    recipe: RecipeConfig
    data: str
    spec: str | None = None
    seed: int
    started: AwareDatetime
    note: str | None = None
    fingerprint: str | None = None
    images: int | None = None
    validation: int | None = None
    policy: str | None = None
    versions: dict[str, str] = {}
    computer: str | None = None
    learned_until: datetime | None = None
    room: int | None = None
    is_private: bool = False
    trials: int | None = None
    trial: dict[str, float] | None = None
    rival: str | None = None


# ---------------------------------------------------------------- about.json


class About(Record):
    """What people say of a run; not in run.json, which the process that trains it writes."""

    schema_version: int = SCHEMA
    name: str = Field(default="", max_length=80)
    notes: str = Field(default="", max_length=2000)


# ---------------------------------------------------------------- progress.csv


class Progress(NamedTuple):
    """Where a training is: its phase; the epoch, from 1 (0: none has begun), and how many of its
    batches are done; seconds; and, while it learns, the means of the epoch so far, the learning
    rate and the norm of the last gradient (both from schema 3 on)."""

    phase: str
    epoch: int = 0
    batch: int = 0
    batches: int = 0
    elapsed: float = 0.0
    remaining: float | None = None
    loss: float | None = None
    accuracy: float | None = None
    rate: float | None = None
    norm: float | None = None

    @property
    def position(self) -> float:
        """How many epochs are done: 1.5 is halfway through the second."""
        return self.epoch - 1 + self.batch / self.batches if self.batches else 0.0

    def without_figures(self) -> Progress:
        """Where it is, and nothing of what it learns."""
        return self._replace(loss=None, accuracy=None, rate=None, norm=None)


# ---------------------------------------------------------------- history.csv


class EpochRow(NamedTuple):
    """An epoch's figures; `epoch` counts from 1. `drawing` are the probabilities of the ten digits
    for the drawing that is watched, if one is."""

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float
    drawing: tuple[float, ...] | None = None


# ---------------------------------------------------------------- end.json


class End(Record):
    """How a run ended, and why if it stopped or failed, in one sentence."""

    state: State
    reason: str | None = None
    ended: AwareDatetime | None = None


# ---------------------------------------------------------------- result.json


class Scores(Record):
    """How a network reads labelled digits: what `metrics.Evaluation` says. `interval` is the
    accuracy's, 95 %; `confusion[truth][answer]` counts."""

    accuracy: float
    interval: tuple[float, float]
    loss: float
    n: int
    per_digit: dict[str, float]
    confusion: list[list[int]]


class Kind(StrEnum):
    """What the app promises to read, or to refuse."""

    DIGITS = marked("digits")
    PENS = marked("digits drawn with a pen")
    DRAWINGS = marked("saved drawings")
    NONDIGITS = marked("letters and scribbles")


class Comparison(Record):
    """Two models on the same `n` images of a `kind`, called `set`: the share that each gets right;
    `b` images that only the current one gets right, `c` that only the candidate does; `p`, the
    probability that an equally good candidate loses `b` or more of the b + c."""

    kind: Kind = Kind.DIGITS
    set: str
    n: int
    candidate: float
    current: float | None = None
    b: int
    c: int
    p: float
    passed: bool

    @property
    def more(self) -> int:
        """How many more the candidate gets right."""
        return self.c - self.b


class Verdict(Record):
    """Whether a model may take the place of the one in use: where nothing is lost."""

    comparisons: tuple[Comparison, ...]

    @model_validator(mode="before")
    @classmethod
    def _of_one(cls, values: Any) -> Any:
        """Until now digits alone were compared, and nothing was around their comparison."""
        is_alone = isinstance(values, dict) and "comparisons" not in values
        return {"comparisons": [values]} if is_alone else values

    @property
    def passed(self) -> bool:
        return all(comparison.passed for comparison in self.comparisons)


class Incumbent(Record):
    """The model that was in use when the run was done: its run (None: the one that ships), and its
    scores on the same test digits, of which it had learned from so many."""

    run: str | None = None
    test: Scores
    learned: int = 0


class CrossValidation(Record):
    """Of `n` drawings, how many are read right: by the network as it was, and by one that was
    fine-tuned on others, but not on this one. `n` is 0 where none can be told so."""

    n: int
    before: int
    after: int


class RunResult(Record):
    """A finished run's figures. `seconds` are those of its epochs, `overhead` those before and
    after them; `memory` is the peak, in bytes; `tested_on` and `drawings` are fine-tuning's."""

    seconds: float
    seconds_per_epoch: float
    memory: int
    parameters: int
    validation: Scores
    test: Scores
    overhead: float | None = None
    # “gate” until schema 2
    promotion: Verdict | None = Field(
        default=None, validation_alias=AliasChoices("promotion", "gate")
    )
    in_use: Incumbent | None = None
    drawings: CrossValidation | None = None
    tested_on: str | None = None
