"""A recipe and a dataset to a finished run."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from model.data import datasets
from model.data.datasets import Dataset, LabelledSamples
from model.data.samples import CLASSES, NO_DIGIT_CLASS
from model.errors import InklingError
from model.inference import classifier, metrics
from model.inference.classifier import Classifier
from model.preprocessing.pixels import to_float32
from model.runs import replay
from model.runs.records import RunConfig, RunResult, Scores
from model.runs.run import MODEL, Run, computer, versions
from model.runs.snapshot import Wrong
from model.training import calibration, networks
from model.training.callbacks import TRUE_LOSS, Checkpoint, Report, Stop, Stopped
from model.training.gradient_norm import GradientNorm
from model.training.moments import Moments
from model.training.recipes import Recipe

_AT_ONCE = 1000  # images validated together
_REFUSED = 2000  # non-digits of which it is to refuse as many as its teachers
_TAUGHT = 0.7  # of what is to be answered is as the teachers answer, where there are any
_MOST_WRONG = 500  # test images kept to be shown


class Batches(keras.utils.PyDataset):
    """Shuffled batches of a split, distorted on the way: (B, 28, 28, 1) float32, (B, answers).

    Keras asks for them from one thread of its own, so the distortion of the next batch runs while
    the network learns from this one. Seed, epoch and place alone decide a batch, so a training
    that goes on from batch `first` of an epoch sees what it would have seen.

    With `teachers` a part of what is to be answered is what they answer on average (Hinton,
    Vinyals, Dean, "Distilling the knowledge in a neural network", 2015).
    """

    def __init__(
        self,
        split: LabelledSamples,
        recipe: Recipe,
        seed: int,
        first: int = 0,
        teachers: Sequence[Classifier] = (),
    ) -> None:
        super().__init__(workers=1, max_queue_size=16)
        self._split = split
        self._recipe = recipe
        self._seed = seed
        self._first = first
        self._teachers = teachers
        self.answers = answers(split)
        self.begin_epoch(0)

    def begin_epoch(self, epoch: int) -> None:
        self._epoch = epoch
        self._order = np.random.default_rng([self._seed, epoch]).permutation(len(self._split))

    def __len__(self) -> int:
        return -(-len(self._split) // self._recipe.batch_size) - self._first

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        place, size = self._first + index, self._recipe.batch_size
        chosen = self._order[place * size : (place + 1) * size]
        images = self._split.images[chosen]
        if self._recipe.augmentation:
            rng = np.random.default_rng([self._seed, self._epoch, place])
            images = self._recipe.augmentation.apply(images, rng)
        inputs = as_input(images)
        return inputs, self._targets(inputs, one_hot(self._split.labels[chosen], self.answers))

    def _targets(
        self, inputs: NDArray[np.float32], labels: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        if not self._teachers:
            return labels
        taught = np.mean([one.probabilities(inputs[..., 0]) for one in self._teachers], axis=0)
        if self.answers > CLASSES:
            taught = np.column_stack([taught, 1 - taught.sum(axis=1)])
        mixed: NDArray[np.float32] = (1 - _TAUGHT) * labels + _TAUGHT * taught
        return mixed


def as_input(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, 28, 28) uint8 → (N, 28, 28, 1) float32 in [0, 1]."""
    return to_float32(images[..., None])


def one_hot(labels: NDArray[np.uint8], answers: int) -> NDArray[np.float32]:
    """(N,) → (N, answers)."""
    return np.eye(answers, dtype=np.float32)[labels]


def answers(split: LabelledSamples) -> int:
    """How many a network needs that learns from `split`: one for each digit, and one for none."""
    return CLASSES + int((split.labels == NO_DIGIT_CLASS).any())


def _arrays(
    split: LabelledSamples, answers: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return as_input(split.images), one_hot(split.labels, answers)


def learn(
    recipe: Recipe,
    dataset: Dataset,
    run: Run,
    *,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    verbose: int = 1,
    stoppable: bool = False,
) -> Classifier:
    """Train `recipe` on `dataset`, from the run's checkpoint on where it has one.

    The seed is the run's. What it learned is in `run.model_path`. Where it is `stoppable`, SIGTERM
    and Ctrl-C keep what was learned so far and raise `callbacks.Stopped`.
    """
    config = run.config
    seed, policy = config.seed, config.policy or faster_policy()
    keras.utils.set_random_seed(seed)
    run.write_config(with_particulars(config, recipe, dataset, policy))
    keras.config.set_dtype_policy(policy)
    teachers = _teachers(run, answers(dataset.train))
    batches = Batches(dataset.train, recipe, seed, teachers=teachers)
    network = _compiled(recipe, batches.answers, steps=len(batches) * recipe.epochs)
    norm = GradientNorm(network.optimizer)
    checkpoint, stop = Checkpoint(run), Stop()
    if run.base_path.is_file():
        _begin_with(network, run.base_path)
    done = checkpoint.restore(network, batches[0])
    # The end takes its validation, the test, and as much again for the model in use.
    after = 2 * (1 + len(dataset.test) / len(dataset.validation))
    drawing = run.snapshot().drawing
    report = Report(run, recipe.epochs, len(batches), done, after, drawing, norm)
    moments = Moments(
        run, dataset.validation, batches.answers, recipe.epochs, len(batches), done, drawing
    )
    every = [*_averaging(recipe), report, moments, checkpoint, _tensorboard(run), *callbacks]

    def fit(batches: Batches, first_epoch: int, epochs: int) -> None:
        begin = keras.callbacks.LambdaCallback(lambda epoch, logs: batches.begin_epoch(epoch))
        network.fit(
            batches,
            shuffle=False,  # they are shuffled, and come in an order that can be gone on with
            initial_epoch=first_epoch,
            epochs=epochs,
            validation_data=_arrays(dataset.validation, batches.answers),
            validation_batch_size=_AT_ONCE,
            callbacks=[begin, *every, stop],
            verbose=verbose,
        )

    with stop.listening() if stoppable else nullcontext():
        try:
            epoch, first = divmod(done, len(batches))
            if epoch > report.epochs_done:  # it was stopped while that epoch was validated
                _validate(network, dataset, epoch - 1, checkpoint, every)
            if first:
                fit(Batches(dataset.train, recipe, seed, first, teachers), epoch, epoch + 1)
                epoch += 1
            if epoch < recipe.epochs:
                fit(batches, epoch, recipe.epochs)
        except Stopped:
            checkpoint.save()
            save(in_float32(network, recipe.network), run)
            raise
    replay.forget_features(run.blobs)
    run.blobs.keep("tensorboard")
    plain = in_float32(network, recipe.network)
    if recipe.mixing < 1 and run.base_path.is_file():
        _mix(plain, classifier.load(run.base_path).network, recipe.mixing)
    if recipe.calibrated:
        calibration.calibrate(plain, _judges(recipe, dataset.validation))
        if recipe.nondigits and teachers:
            nondigits = datasets.drawn_nondigits(_REFUSED, "validation")
            taught = np.mean([probabilities(one, nondigits) for one in teachers], axis=0)
            calibration.refuse_as_often(plain, taught, nondigits)
    save(plain, run)
    return Classifier(plain)


def _judges(recipe: Recipe, validation: LabelledSamples) -> LabelledSamples:
    """What a network is calibrated on: the validation digits, and where it learned to refuse what
    is none, other such things in the same proportion."""
    count = round(recipe.nondigits * len(validation))
    if not count:
        return validation
    return datasets.joined([validation, datasets.drawn_nondigits(count, "validation")])


def _teachers(run: Run, answers: int) -> list[Classifier]:
    """The run's teachers; InklingError where one can't answer what is to be learned."""
    teachers = [classifier.load(path) for path in run.teacher_paths]
    for path, teacher in zip(run.teacher_paths, teachers, strict=True):
        if teacher.network.output_shape[-1] != answers:
            given = {
                "teacher": path.stem,
                "found": teacher.network.output_shape[-1],
                "answers": answers,
            }
            if answers > CLASSES:
                raise InklingError(
                    "The {teacher} has {found} answers; wanted: {answers}, as the data have.",
                    **given,
                )
            raise InklingError(
                "The {teacher} has {found} answers; wanted: {answers}, as the data have no "
                "non-digits.",
                **given,
            )
    return teachers


def _begin_with(network: keras.Model, base: Path) -> None:
    """Give `network` the weights of the model file `base`; InklingError where it is another."""
    weights = classifier.load(base).network.get_weights()
    if [array.shape for array in weights] != [array.shape for array in network.get_weights()]:
        raise InklingError(
            "The model to begin with is another network, or has other answers, than what is to be "
            "trained; wanted: one trained by the same recipe on the same kind of data."
        )
    network.set_weights(weights)


def _mix(network: keras.Model, base: keras.Model, share: float) -> None:
    """Leave of the weights of `network` that `share`, the rest being those of `base`."""
    pairs = zip(network.get_weights(), base.get_weights(), strict=True)
    network.set_weights([share * own + (1 - share) * before for own, before in pairs])


def _averaging(recipe: Recipe) -> list[keras.callbacks.Callback]:
    """What validates with the average of the weights, and learns on with the last ones."""
    return [keras.callbacks.SwapEMAWeights()] if recipe.averaging else []


def _tensorboard(run: Run) -> keras.callbacks.Callback:
    return keras.callbacks.TensorBoard(run.tensorboard_path, write_graph=False)


def _compiled(recipe: Recipe, answers: int, steps: int) -> keras.Model:
    network = networks.build(recipe.network, answers)
    network.compile(
        recipe.build_optimizer(steps),
        keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing),
        metrics=["accuracy", *_true_loss(recipe)],
        jit_compile=False,  # on a CPU XLA takes longer to compile, and to run, than oneDNN
    )
    return network


def _true_loss(recipe: Recipe) -> list[keras.metrics.Metric]:
    """The loss as it is told at the end, where what is minimized is another."""
    return [keras.metrics.CategoricalCrossentropy(TRUE_LOSS)] if recipe.label_smoothing else []


def _validate(
    network: keras.Model,
    dataset: Dataset,
    epoch: int,
    checkpoint: Checkpoint,
    callbacks: Sequence[keras.callbacks.Callback],
) -> None:
    """End an epoch that has learned from all its batches."""
    images, labels = _arrays(dataset.validation, network.output_shape[-1])
    measured = network.evaluate(images, labels, _AT_ONCE, verbose=0, return_dict=True)
    checkpoint.restore_metrics(network)
    logs = network.get_metrics_result() | {f"val_{key}": value for key, value in measured.items()}
    keras.callbacks.CallbackList(callbacks, model=network).on_epoch_end(epoch, logs)


def examine(network: Classifier, dataset: Dataset, run: Run) -> RunResult:
    """A trained run's figures; the test images that it reads wrong go to the run's wrong.npz."""
    seconds = [row.seconds for row in run.snapshot().history]
    test = probabilities(network, dataset.test)
    run.write_wrong(_wrong(test, dataset.test))
    return RunResult(
        seconds=sum(seconds),
        seconds_per_epoch=float(np.median(seconds)),
        memory=_peak_memory(),
        parameters=network.network.count_params(),
        validation=scores(probabilities(network, dataset.validation), dataset.validation),
        test=scores(test, dataset.test),
    )


def scores(probabilities: NDArray[np.float32], split: LabelledSamples) -> Scores:
    """How well `split` is read with these probabilities, (N, 10)."""
    return Scores.model_validate(metrics.evaluate(probabilities, split.labels).as_dict())


def with_particulars(config: RunConfig, recipe: Recipe, dataset: Dataset, policy: str) -> RunConfig:
    """A run's configuration, and in it what is known once the data are read."""
    return config.model_copy(
        update={
            "recipe": recipe.config(),
            "data": dataset.name,
            "fingerprint": dataset.fingerprint,
            "images": len(dataset.train),
            "validation": len(dataset.validation),
            "policy": policy,
            "versions": versions(),
            "computer": computer(),
        }
    )


def probabilities(network: Classifier, split: LabelledSamples) -> NDArray[np.float32]:
    """What `network` reads in each of `split`, (N, 10)."""
    return network.probabilities(as_input(split.images)[..., 0])


def _wrong(probabilities: NDArray[np.float32], split: LabelledSamples) -> Wrong:
    answers = probabilities.argmax(axis=1).astype(np.uint8)
    sureness = probabilities.max(axis=1)
    indices = np.flatnonzero(answers != split.labels)
    indices = indices[np.argsort(-sureness[indices], kind="stable")][:_MOST_WRONG]
    return Wrong(
        images=split.images[indices],
        indices=indices,
        labels=split.labels[indices],
        answers=answers[indices],
        probabilities=sureness[indices],
    )


def _peak_memory() -> int:
    """The most memory that this process has held so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def faster_policy() -> str:
    """The Keras dtype policy that computes a convolution and its gradient faster here, measured.

    bfloat16 more than doubles the speed on CPUs with AMX or AVX512-BF16 and on GPUs with tensor
    cores, and slows the others. Takes about half a second.
    """
    import tensorflow as tf

    def seconds(dtype: tf.DType) -> float:
        images = tf.random.normal((128, 24, 24, 32), dtype=tf.float32)
        kernel = tf.random.normal((3, 3, 32, 64), dtype=tf.float32)

        @tf.function(autograph=False)
        def step() -> tf.Tensor:
            with tf.GradientTape() as tape:
                tape.watch(kernel)
                maps = tf.nn.conv2d(tf.cast(images, dtype), tf.cast(kernel, dtype), 1, "SAME")
                loss = tf.reduce_mean(tf.cast(maps, tf.float32))
            return tape.gradient(loss, kernel)

        step()
        times = []
        for _ in range(3):
            began = time.perf_counter()
            step().numpy()
            times.append(time.perf_counter() - began)
        return min(times)

    # A clear gain only: in float32 a seed gives the same figures on more machines.
    return "mixed_bfloat16" if seconds(tf.bfloat16) < 0.7 * seconds(tf.float32) else "float32"


def in_float32(network: keras.Model, name: str) -> keras.Model:
    """The network `name` with the same weights, computing in float32 throughout."""
    keras.config.set_dtype_policy("float32")
    plain = networks.build(name, network.output_shape[-1])
    plain.set_weights(network.get_weights())
    return plain


def save(network: keras.Model, run: Run) -> None:
    """Write the run's model.keras, whole or not at all."""
    partial = run.folder / ".partial.keras"
    network.save(partial)
    partial.replace(run.folder / MODEL)
    run.blobs.keep(MODEL)
