"""A recipe and a dataset to a finished run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from model import classifier, metrics, networks, runs
from model.datasets import Dataset, Split
from model.recipes import Recipe
from model.samples import CLASSES


class Batches(keras.utils.PyDataset):
    """Shuffled batches of a split, distorted on the way: (B, 28, 28, 1) float32, (B, 10) one-hot.

    Keras asks for them from one thread of its own, so the distortion of the next batch runs while
    the network learns from this one.
    """

    def __init__(self, split: Split, recipe: Recipe, seed: int) -> None:
        super().__init__(workers=1, max_queue_size=16)
        self._split = split
        self._recipe = recipe
        self._rng = np.random.default_rng(seed)
        self._order = self._rng.permutation(len(split))

    def __len__(self) -> int:
        return -(-len(self._split) // self._recipe.batch_size)

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        size = self._recipe.batch_size
        chosen = self._order[index * size : (index + 1) * size]
        images = self._split.images[chosen]
        if self._recipe.augmentation:
            images = self._recipe.augmentation.apply(images, self._rng)
        return as_input(images), one_hot(self._split.labels[chosen])

    def on_epoch_end(self) -> None:
        self._order = self._rng.permutation(len(self._split))


def as_input(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, 28, 28) uint8 → (N, 28, 28, 1) float32 in [0, 1]."""
    return images[..., None].astype(np.float32) / np.float32(255)


def one_hot(labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N,) → (N, 10)."""
    return np.eye(CLASSES, dtype=np.float32)[labels]


def train(
    recipe: Recipe,
    dataset: Dataset,
    run: runs.Run,
    *,
    seed: int = 0,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    verbose: int = 1,
) -> dict[str, Any]:
    """Train `recipe` on `dataset`, write everything to `run`, and return its result.

    The test digits are read once, when the training is over; nothing is chosen by them.
    """
    keras.utils.set_random_seed(seed)
    policy = faster_policy()
    keras.config.set_dtype_policy(policy)
    run.write_config(
        {
            "recipe": recipe.as_dict(),
            "data": dataset.name,
            "fingerprint": dataset.fingerprint,
            "seed": seed,
            "policy": policy,
            "versions": runs.versions(),
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
        }
    )
    network = networks.build(recipe.network)
    batches = Batches(dataset.train, recipe, seed)
    network.compile(
        recipe.build_optimizer(steps=len(batches) * recipe.epochs),
        keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing),
        metrics=["accuracy"],
        jit_compile=False,  # on a CPU XLA takes longer to compile, and to run, than oneDNN
    )
    began = time.perf_counter()
    network.fit(
        batches,
        epochs=recipe.epochs,
        validation_data=(as_input(dataset.validation.images), one_hot(dataset.validation.labels)),
        validation_batch_size=1000,
        callbacks=[History(run), *callbacks],
        verbose=verbose,
    )
    seconds = time.perf_counter() - began
    finished = in_float32(network, recipe.network)
    save(finished, run)
    result = {
        "seconds": seconds,
        "seconds_per_epoch": float(np.median([row["seconds"] for row in run.history])),
        "parameters": finished.count_params(),
        "validation": _evaluated(finished, dataset.validation),
        "test": _evaluated(finished, dataset.test),
    }
    run.write_result(result)
    return result


class History(keras.callbacks.Callback):
    """Writes the run's history.csv anew after each epoch."""

    def __init__(self, run: runs.Run) -> None:
        super().__init__()
        self._run = run
        self._rows = list[dict[str, float]]()
        self._began = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        seconds = time.perf_counter() - self._began
        figures = {key: round(float(value), 6) for key, value in (logs or {}).items()}
        self._rows.append({"epoch": epoch + 1, **figures, "seconds": round(seconds, 3)})
        self._run.write_history(self._rows)


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
    plain = networks.build(name)
    plain.set_weights(network.get_weights())
    return plain


def save(network: keras.Model, run: runs.Run) -> None:
    """Write the run's model.keras, whole or not at all."""
    partial = run.folder / ".partial.keras"
    network.save(partial)
    partial.replace(run.model_path)


def _evaluated(network: keras.Model, split: Split) -> dict[str, Any]:
    images = as_input(split.images)[..., 0]
    probabilities = classifier.Classifier(network).probabilities(images)
    return metrics.evaluate(probabilities, split.labels).as_dict()
