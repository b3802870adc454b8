"""Fine-tuning a network on few drawings, and telling honestly what that is good for.

What a network sees in an image, its convolutions up to the last `Flatten` or pooling, stays as it
is; what it makes of that, the dense layers after, learns. So the convolutions are computed once for
each image, a step takes a tenth of the time, and a few drawings can't spoil what took 55,000 digits
to learn. Each drawing is shown in many variants, beside digits of the kinds that the network knows,
on which it is to answer as before (after Li and Hoiem, "Learning without forgetting", 2016).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.data import drawings, nondigits, synthetic
from model.data.datasets import Dataset
from model.data.drawings import SavedDrawing
from model.data.redraw import variants
from model.data.samples import CLASSES, NO_DIGIT, NO_DIGIT_CLASS, LabelledSamples
from model.errors import InklingError
from model.files import write_whole
from model.inference import classifier
from model.inference.classifier import Classifier
from model.runs import registry
from model.runs.records import CrossValidation, Progress
from model.runs.run import Run
from model.training import learned, trainer
from model.training.callbacks import Report
from model.training.recipes import FINE_TUNING, Recipe
from model.training.trainer import as_input

STEPS = 40  # batches an epoch
SHARE = 0.25  # of each batch are drawings, the rest are digits that the network knows
VARIANTS = 64  # of a drawing, at most
MOST_SHOWN = 6_000  # variants of all drawings together, about
REPLAYED = 6_000  # digits that the network knows, half of them drawn by `model.synthetic`
FOLDS = 5

_BEGINNING = datetime.min.replace(tzinfo=UTC)  # of time: before any drawing was saved
_SYNTHETIC_SEED = 4  # none of the splits in `datasets`
_AFTER = 8  # validations that the evaluation at the end takes, about
_AT_ONCE = 500  # images that the convolutions see at once

Array = NDArray[np.float32]
EARLY = (
    keras.layers.Flatten,
    keras.layers.GlobalAveragePooling2D,
    keras.layers.GlobalMaxPooling2D,
)


def fine_tune(
    run: Run, recipe: Recipe, dataset: Dataset, fixed: LabelledSamples, verbose: int = 0
) -> tuple[Classifier, CrossValidation]:
    """Have the network in use learn from the saved drawings, and save it in `run`; what it then
    is, and how well it reads drawings that it has not learned from.

    One that was taught before begins again as it was before that, with all drawings that there are
    by now: so nothing adds up, and no drawing is read by a network that has learned from it.
    Raises InklingError where the network or the drawings can't be read, or there are no drawings.
    """
    learned_until = _begin(run)
    reader = classifier.load(run.base_path)
    with drawings.opened() as store:
        saved = store.all(run.config.room)
    # What the network is held against afterwards it must not have been shown.
    held = {
        image.tobytes()
        for split in (dataset.validation, dataset.test, fixed)
        for image in split.images
    }
    saved = [drawing for drawing in saved if drawing.image.tobytes() not in held]
    shown = learned.digests(np.array([drawing.image for drawing in saved], np.uint8))
    run.write_learned(np.union1d(learned.by(registry.in_use()), shown))
    tuner = FineTuner(reader.network, recipe, dataset.train, run.config.seed)
    training_set = tuner.training_set(saved)
    config = trainer.with_particulars(run.config, recipe, dataset, keras.config.dtype_policy().name)
    run.write_config(config.model_copy(update={"data": "drawings", "images": len(training_set)}))
    run.append_progress(Progress("trying"))
    cross_validation = tuner.cross_validate(training_set, learned_until)
    network = tuner.learn(training_set, run, dataset.validation, verbose)
    trainer.save(network.network, run)
    return network, cross_validation


def _begin(run: Run) -> datetime | None:
    """Put the network to begin with into `run`; until when it has learned from drawings, if so."""
    if not run.base_path.is_file():
        now = registry.in_use()
        source, until = now.path, None
        if now.run:
            before = now.run.config
            if before.recipe.name == FINE_TUNING.name and now.run.base_path.is_file():
                source, until = now.run.base_path, before.learned_until
            elif any(name.partition(":")[0] == "drawings" for name in before.data.split("+")):
                until = before.started
        if not source.is_file():
            classifier.load(source)  # says what is wrong
        run.write_config(run.config.model_copy(update={"learned_until": until}))
        write_whole(run.base_path, source.read_bytes())
    return run.config.learned_until


@dataclass(frozen=True, eq=False)
class Features:
    """Images as the convolutions see them, and what is to be answered: (N, outputs) in [0, 1]."""

    features: Array
    targets: Array

    def __len__(self) -> int:
        return len(self.features)


@dataclass(frozen=True, eq=False)
class FineTuningSet:
    """Drawings in so many `variants` each, those of one side by side, itself the first of them;
    `labels` (drawings,), NO_DIGIT_CLASS for what is not a digit; when each was `saved`."""

    shown: Features
    variants: int
    labels: NDArray[np.int64]
    saved: Sequence[datetime]

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, which: NDArray[np.bool_]) -> Features:
        """The variants of some of the drawings, (drawings,) bool."""
        some = np.repeat(which, self.variants)
        return Features(self.shown.features[some], self.shown.targets[some])

    def originals(self, which: NDArray[np.bool_]) -> Array:
        """The features of some of the drawings as they were drawn."""
        return self.shown.features[:: self.variants][which]


class Batches(keras.utils.PyDataset):
    """Batches of drawings and of digits that the network knows, SHARE of them drawings."""

    def __init__(self, drawn: Features, known: Features, size: int, seed: int) -> None:
        super().__init__()
        self._parts = ((drawn, round(SHARE * size)), (known, size - round(SHARE * size)))
        self._rng = np.random.default_rng(seed)

    def __len__(self) -> int:
        return STEPS

    def __getitem__(self, index: int) -> tuple[Array, Array]:
        chosen = [(part, self._rng.integers(0, len(part), size)) for part, size in self._parts]
        return (
            np.concatenate([part.features[places] for part, places in chosen]),
            np.concatenate([part.targets[places] for part, places in chosen]),
        )


class FineTuner:
    """A network that is to be taught, which changes as it learns."""

    def __init__(
        self, network: keras.Model, recipe: Recipe, known: LabelledSamples, seed: int = 0
    ) -> None:
        """`known`: digits of which some are shown again, (N, 28, 28) uint8 with their labels."""
        self.network = network
        self._recipe = recipe
        self._seed = seed
        body, self._head = split_network(network)
        self._see = _compiled(body) if body else None
        self._answers = _compiled(self._head)
        self._head.compile(
            recipe.build_optimizer(STEPS * recipe.epochs),
            keras.losses.CategoricalCrossentropy(),
            metrics=["accuracy"],
            jit_compile=False,
        )
        self._head.optimizer.build(self._head.trainable_variables)
        self._beginning = [keras.ops.convert_to_numpy(one) for one in self._variables]
        self._known = self._replayed(known)

    def learn(
        self,
        training_set: FineTuningSet,
        run: Run | None = None,
        validation: LabelledSamples | None = None,
        verbose: int = 0,
    ) -> Classifier:
        """Learn from all of the training set, from the beginning; the network as it then is.

        A `run` is told how far it is, and how well it reads the `validation` digits after each
        epoch.
        """
        report = Report(run, self._recipe.epochs, STEPS, done=0, after=_AFTER) if run else None
        self._fit(
            training_set.part(np.ones(len(training_set), bool)),
            callbacks=[report] if report else [],
            validation_data=validation and self._held(validation),
            validation_batch_size=_AT_ONCE,
            verbose=verbose,
        )
        return Classifier(self.network)

    def cross_validate(
        self, training_set: FineTuningSet, learned_until: datetime | None = None
    ) -> CrossValidation:
        """How many of the drawings it reads right that it was not shown: they are split into
        FOLDS, each read after learning from the others; fewer than FOLDS one by one. What was saved
        before `learned_until` it has seen for longer, and is not counted."""
        until = learned_until or _BEGINNING
        counted = np.array([saved >= until for saved in training_set.saved], bool)
        n, folds = int(counted.sum()), min(FOLDS, len(training_set))
        if not n or folds < 2:
            return CrossValidation(n=0, before=0, after=0)
        fold = np.empty(len(training_set), int)
        fold[np.argsort(training_set.labels, kind="stable")] = np.arange(len(training_set)) % folds
        self._forget()
        before, after = self._right(training_set, counted), 0
        for held in range(folds):
            if (counted & (fold == held)).any():
                self._fit(training_set.part(fold != held))
                after += self._right(training_set, counted & (fold == held))
        return CrossValidation(n=n, before=before, after=after)

    def training_set(self, drawings: Sequence[SavedDrawing]) -> FineTuningSet:
        """The drawings that this network can learn from, each picture once, in their variants.
        Raises InklingError where there are none."""
        outputs = self.network.output_shape[-1]
        last = {drawing.image.tobytes(): drawing for drawing in drawings}
        usable = [one for one in last.values() if outputs > CLASSES or one.label != NO_DIGIT]
        if not usable:
            raise InklingError(
                "No drawing of a digit is saved; wanted: one at least to learn from."
            )
        count = max(1, min(VARIANTS, MOST_SHOWN // len(usable)))
        rng = np.random.default_rng(self._seed)
        images = [variants(one.image, one.strokes, count, rng) for one in usable]
        labels = np.array([one.label for one in usable])
        labels[labels == NO_DIGIT] = NO_DIGIT_CLASS
        targets = np.repeat(np.eye(outputs, dtype=np.float32)[labels], count, axis=0)
        saved = [one.saved or _BEGINNING for one in usable]
        return FineTuningSet(
            Features(self._features(np.concatenate(images)), targets), count, labels, saved
        )

    def _replayed(self, known: LabelledSamples) -> Features:
        """Digits that the network knows, non-digits if it knows those, and what it answers."""
        rng = np.random.default_rng(self._seed)
        half = min(REPLAYED // 2, len(known))
        chosen = rng.choice(len(known), half, replace=False)
        drawn, _ = synthetic.make(REPLAYED // 2, _SYNTHETIC_SEED)
        images = [known.images[chosen], drawn]
        if self.network.output_shape[-1] > CLASSES:
            images.append(nondigits.make(REPLAYED // 4, _SYNTHETIC_SEED))
        features = self._features(np.concatenate(images))
        return Features(features, self._answers(features))

    def _fit(self, drawn: Features, **options: Any) -> None:
        """Learn from some drawings, from the beginning."""
        self._forget()
        keras.utils.set_random_seed(self._seed)
        batches = Batches(drawn, self._known, self._recipe.batch_size, self._seed)
        self._head.fit(batches, **{"epochs": self._recipe.epochs, "verbose": 0, **options})

    def _forget(self) -> None:
        for variable, value in zip(self._variables, self._beginning, strict=True):
            variable.assign(value)

    @property
    def _variables(self) -> list[keras.Variable]:
        return [*self._head.variables, *self._head.optimizer.variables]

    def _held(self, split: LabelledSamples) -> tuple[Array, Array]:
        outputs = self.network.output_shape[-1]
        return self._features(split.images), np.eye(outputs, dtype=np.float32)[split.labels]

    def _right(self, training_set: FineTuningSet, which: NDArray[np.bool_]) -> int:
        """How many of some drawings are read right, as they were drawn."""
        answers = self._answers(training_set.originals(which)).argmax(axis=1)
        return int((answers == training_set.labels[which]).sum())

    def _features(self, images: NDArray[np.uint8]) -> Array:
        return self._see(as_input(images)) if self._see else as_input(images)


def split_network(network: keras.Model) -> tuple[keras.Model | None, keras.Model]:
    """The convolutions and the dense layers of `network`, which they share; None and the whole
    network where it is not made like that."""
    places = [place for place, layer in enumerate(network.layers) if isinstance(layer, EARLY)]
    if not places:
        return None, network
    body = keras.Model(network.inputs[0], network.layers[places[-1]].output)
    after = [keras.Input(body.output_shape[1:]), *network.layers[places[-1] + 1 :]]
    sample = np.random.default_rng(0).random((2, *network.input_shape[1:]), np.float32)
    try:
        head = keras.Sequential(after)
        same = np.allclose(head(body(sample)), network(sample), atol=1e-4)
    except ValueError:  # what Keras raises where they are no chain
        return None, network
    return (body, head) if same else (None, network)


def _compiled(network: keras.Model) -> Callable[[Array], Array]:
    """What `network` answers to (N, …) float32, computed some at a time."""
    shape = (None, *network.input_shape[1:])
    answer = tf.function(
        lambda some: network(some, training=False),
        input_signature=[tf.TensorSpec(shape, tf.float32)],
        autograph=False,
    )

    def answers(values: Array) -> Array:
        starts = range(0, len(values), _AT_ONCE)
        return np.concatenate([answer(values[i : i + _AT_ONCE]).numpy() for i in starts])

    return answers
