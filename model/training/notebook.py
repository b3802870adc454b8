"""A run as code: its network in Keras, and a notebook that trains the same thing.

The notebook needs nothing of Inkling where it learns from MNIST alone; for other digits, and for
non-digits, which Inkling draws or reads from files, it needs a copy of it. Seed, epoch and place
decide each batch as they did in the run, so on the same machine it comes to the same figures, but
for those that differ from one run to the next where threads share the work.

What goes on from the network in use has none: it begins with a file, and learns from its answers.
"""

from __future__ import annotations

import inspect
import json
from typing import Any

import numpy as np

from model.data import augmentation
from model.data.augmentation import Augmentation
from model.data.datasets import MNIST_VALIDATION
from model.data.samples import CLASSES
from model.runs.records import RunConfig
from model.runs.run import Run
from model.training import networks, recipes
from model.training.layers import cost
from model.training.recipes import Recipe

_AT_ONCE = 1000  # images validated together
_TRUE_LOSS = "cross_entropy"  # what Inkling shows as the loss, where what is minimized is another


def can_be_written(run: Run) -> bool:
    """Whether a run began with chance and learned from labels alone, as a notebook can again."""
    known = run.config.recipe.network in networks.NETWORKS or "=" in run.config.recipe.network
    return known and not run.base_path.is_file() and not run.teacher_paths


def network_code(name: str, answers: int = CLASSES) -> str:
    """The network `name` in Keras, ready to copy, with the parameters of each layer. Raises
    InklingError."""
    every = networks.all_layers(name, answers)
    totals = [cost(every[:place]).parameters for place in range(len(every) + 1)]
    lines = [
        f"        {layer.code()},{f'  # {count:,} parameters' if count else ''}"
        for layer, count in zip(every, np.diff(totals).tolist(), strict=True)
    ]
    return "\n".join(
        [
            "import keras",
            "from keras import layers",
            "",
            "network = keras.Sequential(",
            "    [",
            "        keras.Input((28, 28, 1)),",
            *lines,
            "    ]",
            ")",
        ]
    )


def training_code(recipe: Recipe) -> str:
    """How the network of a recipe is compiled, ready to copy."""
    rate, before = f"{recipe.learning_rate:g}", ""
    if recipe.schedule == "one-cycle":
        before = (
            f"warmup = max(1, STEPS // 5)\n"
            "rate = keras.optimizers.schedules.CosineDecay(\n"
            f"    {rate} / 20, max(1, STEPS - warmup), "
            f"warmup_target={rate}, warmup_steps=warmup\n"
            ")\n"
        )
        rate = "rate"
    options = dict(recipes.OPTIMIZERS[recipe.optimizer])
    if recipe.averaging:
        options |= {"use_ema": True, "ema_momentum": recipe.averaging}
    given = "".join(f", {name}={value!r}" for name, value in options.items())
    smoothing, metric = "", ""
    if recipe.label_smoothing:
        smoothing = f"label_smoothing={recipe.label_smoothing:g}"
        metric = f', keras.metrics.CategoricalCrossentropy("{_TRUE_LOSS}")'
    return (
        f"{before}network.compile(\n"
        f"    keras.optimizers.{recipe.optimizer}({rate}{given}),\n"
        f"    keras.losses.CategoricalCrossentropy({smoothing}),\n"
        f'    metrics=["accuracy"{metric}],\n'
        "    jit_compile=False,\n"
        ")"
    )


def notebook(config: RunConfig, recipe: Recipe, answers: int) -> str:
    """An .ipynb that trains what a run did; `answers` are those of its network."""
    cells = [
        _text(f"# {recipe.title}\n\nWhat Inkling trained as run of {config.started:%d %B %Y}."),
        _text("## The digits"),
        _code(_settings(config, recipe, answers)),
        _code(_data(config.data, recipe.nondigits)),
        *_augmentation(recipe),
        _code(_batches(recipe)),
        _text("## The network"),
        _code(network_code(recipe.network, answers) + "\nnetwork.summary()"),
        _text("## How it learns"),
        _code(training_code(recipe)),
        _code(_fit(recipe)),
        _text("## What came of it"),
        _code(_EVALUATE),
        _code(_plot(recipe)),
        _code('network.save("digits.keras")'),
    ]
    return json.dumps(_document(cells), indent=1, ensure_ascii=False) + "\n"


def _settings(config: RunConfig, recipe: Recipe, answers: int) -> str:
    return (
        "import keras\n"
        "import numpy as np\n\n"
        f"SEED = {config.seed}\n"
        f"EPOCHS = {recipe.epochs}\n"
        f"BATCH_SIZE = {recipe.batch_size}\n"
        f"ANSWERS = {answers}{'  # the last one: no digit' if answers > CLASSES else ''}\n\n"
        "keras.utils.set_random_seed(SEED)\n"
        f'keras.config.set_dtype_policy("{config.policy or "float32"}")'
    )


def _data(name: str, nondigits: float) -> str:
    """What reads the dataset of that name, which is also its spec, but for the folders of files."""
    if name == "mnist" and not nondigits:
        return (
            "(images, labels), (test_images, test_labels) = keras.datasets.mnist.load_data()\n"
            f"validation_images, validation_labels = images[-{MNIST_VALIDATION}:], "
            f"labels[-{MNIST_VALIDATION}:]\n"
            f"images, labels = images[:-{MNIST_VALIDATION}], labels[:-{MNIST_VALIDATION}]"
        )
    refused = f"train = datasets.with_nondigits(train, {nondigits!r})\n" if nondigits else ""
    return (
        "# Inkling draws or reads some of these images: have this notebook in a copy of it, and\n"
        "# files of your own beside the notebook.\n"
        "from model.data import datasets\n"
        "from model.training import promotion\n\n"
        f"dataset = datasets.load({json.dumps(name)})\n"
        "train = datasets.without(dataset.train, promotion.digits().samples)\n"
        f"{refused}"
        "images, labels = train.images, train.labels\n"
        "validation_images, validation_labels = dataset.validation.images, "
        "dataset.validation.labels\n"
        "test_images, test_labels = dataset.test.images, dataset.test.labels"
    )


def _augmentation(recipe: Recipe) -> list[dict[str, Any]]:
    if not recipe.augmentation:
        return []
    source = inspect.getsource(augmentation).replace(
        "from model.errors import InklingError\n",
        "\nclass InklingError(Exception):\n"
        "    def __init__(self, sentence, **values):\n"
        "        super().__init__(sentence.format(**values))\n",
    )
    amounts = {name: value for name, value in vars(recipe.augmentation).items() if value}
    given = ", ".join(f"{name}={value:g}" for name, value in amounts.items())
    heading = _text("## Bent a little differently each time")
    return [
        heading,
        _code(source.rstrip()),
        _code(f"augmentation = {Augmentation.__name__}({given})"),
    ]


def _batches(recipe: Recipe) -> str:
    bent = (
        "        rng = np.random.default_rng([SEED, self.epoch, place])\n"
        "        chosen = augmentation.apply(images[places], rng)\n"
        if recipe.augmentation
        else "        chosen = images[places]\n"
    )
    return (
        "def inputs(images):\n"
        '    return images[..., None].astype("float32") / np.float32(255)\n\n\n'
        "def targets(labels):\n"
        '    return np.eye(ANSWERS, dtype="float32")[labels]\n\n\n'
        "class Batches(keras.utils.PyDataset):\n"
        '    """Shuffled anew each epoch; seed, epoch and place decide a batch."""\n\n'
        "    def __init__(self):\n"
        "        super().__init__(workers=1, max_queue_size=16)\n"
        "        self.begin_epoch(0)\n\n"
        "    def begin_epoch(self, epoch):\n"
        "        self.epoch = epoch\n"
        "        self.order = np.random.default_rng([SEED, epoch]).permutation(len(images))\n\n"
        "    def __len__(self):\n"
        "        return -(-len(images) // BATCH_SIZE)\n\n"
        "    def __getitem__(self, place):\n"
        "        places = self.order[place * BATCH_SIZE : (place + 1) * BATCH_SIZE]\n"
        f"{bent}"
        "        return inputs(chosen), targets(labels[places])\n\n\n"
        "batches = Batches()\n"
        "STEPS = len(batches) * EPOCHS"
    )


def _fit(recipe: Recipe) -> str:
    averaged = "keras.callbacks.SwapEMAWeights(), " if recipe.averaging else ""
    return (
        "begin = keras.callbacks.LambdaCallback(lambda epoch, logs: batches.begin_epoch(epoch))\n"
        "history = network.fit(\n"
        "    batches,\n"
        "    shuffle=False,  # they are\n"
        "    epochs=EPOCHS,\n"
        "    validation_data=(inputs(validation_images), targets(validation_labels)),\n"
        f"    validation_batch_size={_AT_ONCE},\n"
        f"    callbacks=[{averaged}begin],\n"
        ")"
    )


_EVALUATE = """probabilities = network.predict(inputs(test_images), batch_size=1000, verbose=0)
answers = probabilities[:, :10].argmax(axis=1)  # which digit, of those that there are
print(f"{(answers == test_labels).mean():.2%} of the test digits are read right")"""


def _plot(recipe: Recipe) -> str:
    loss = _TRUE_LOSS if recipe.label_smoothing else "loss"
    return f"""import matplotlib.pyplot as plt

figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4))
for axes, name in ((left, "{loss}"), (right, "accuracy")):
    axes.plot(history.history[name], marker=".", label="training")
    axes.plot(history.history[f"val_{{name}}"], marker=".", label="validation")
    axes.set(title=name, xlabel="epoch")
    axes.legend()
left.set_yscale("log")"""


def _document(cells: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "cells": [{**cell, "id": f"cell-{place}"} for place, cell in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _lines(source)}


def _code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": _lines(source),
    }


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)
