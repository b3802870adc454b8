"""How the network that ships is made of the data files.

It learns from MNIST, from digits and non-digits drawn here, and from the writers of split 0
of the pen files, each drawing as the same hand might draw it again and read from a picture. On the
writers of split 1, from whom it never learns, it is calibrated.

It does so in three stages, `recipes.PENS`, each from where the one before ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from model.data import datasets, nondigits, synthetic
from model.data.datasets import Dataset
from model.data.npz import Strokes, read_strokes
from model.data.redraw import as_picture, variants
from model.data.samples import CLASSES, NO_DIGIT_CLASS, LabelledSamples
from model.inference import classifier
from model.preprocessing.pixels import to_uint8
from model.preprocessing.strokes import prepare_strokes
from model.runs.records import RunConfig
from model.runs.run import Run
from model.training import calibration, recipes, trainer
from model.training.recipes import Recipe

SYNTHETIC = 80_000
NONDIGITS = 50_000
SHIPPED = "inkling.keras"

_SEED = 0
_REDRAWN_SEED = 21


@dataclass(frozen=True)
class Pens:
    """A file of pen strokes, and in how many variants each drawing is shown, besides a picture of
    it. What has no label from 0 to 9 in it is no digit."""

    path: Path
    variants: int


@dataclass(frozen=True)
class Files:
    """What the network learns from besides MNIST and what is drawn here."""

    digits: tuple[Pens, ...]
    others: tuple[Pens, ...]

    @classmethod
    def of(cls, unipen: Path, pendigits: Path, letters: Path, omniglot: Path) -> Files:
        """The four files, in the numbers of variants that were chosen."""
        return cls((Pens(unipen, 8), Pens(pendigits, 8)), (Pens(letters, 6), Pens(omniglot, 8)))


def build(files: Files, folder: Path, verbose: int = 1) -> Path:
    """Train all stages in `folder`, a run each, and return the calibrated model.

    A stage that has its model is not trained again. The same files give the same data, order and
    beginning; the sums of several cores differ in their last digits.
    """
    base: Path | None = None
    for recipe in recipes.PENS:
        data = first_mix if base is None else refining_mix
        base = _trained(recipe, folder / recipe.name, base, partial(data, files), verbose)
    assert base is not None
    return _calibrated(base, held_out(files), folder / SHIPPED)


def held_out(files: Files) -> LabelledSamples:
    """What the network is chosen and calibrated on: the pens of split 1 as they were drawn, digits
    and non-digits, and the digits of MNIST that no run trains on."""
    drawn = [drawn_by(Pens(pens.path, 1), 1, 0) for pens in (*files.digits, *files.others)]
    return _joined([datasets.load("mnist").validation, *drawn])


def drawn_by(pens: Pens, split: int, pictures: int = 1) -> LabelledSamples:
    """The drawings of one split, each in its variants and `pictures` of it; dots are left out."""
    strokes = read_strokes(pens.path)
    rng = np.random.default_rng(_REDRAWN_SEED)
    images: list[np.ndarray] = []
    labels: list[int] = []
    assert strokes.split is not None
    for index in np.flatnonzero(strokes.split == split).tolist():
        sample = strokes.sample(index)
        image = prepare_strokes(sample).image
        if image is None:
            continue
        made = list(variants(to_uint8(image), sample, pens.variants, rng))
        seen = [as_picture(sample, rng) for _ in range(pictures)]
        made += [picture for picture in seen if picture is not None]
        images += made
        labels += [_label(strokes, index)] * len(made)
    return LabelledSamples(np.stack(images), np.array(labels, np.uint8))


def _label(strokes: Strokes, index: int) -> int:
    label = NO_DIGIT_CLASS if strokes.label is None else int(strokes.label[index])
    return label if 0 <= label < CLASSES else NO_DIGIT_CLASS


def first_mix(files: Files) -> LabelledSamples:
    """What a network from chance learns from: a fifth of it is MNIST, two are pens' digits."""
    digits = [drawn_by(pens, 0) for pens in files.digits for _ in range(2)]
    return _joined([*[_mnist()] * 2, *_drawn_here(), *digits, *_others(files)])


def refining_mix(files: Files) -> LabelledSamples:
    """What it goes on with: two fifths are MNIST, on which the first stage falls behind."""
    digits = [drawn_by(pens, 0) for pens in files.digits]
    return _joined([*[_mnist()] * 4, *_drawn_here(), *digits, *_others(files)])


def _mnist() -> LabelledSamples:
    return datasets.load("mnist").train


def _drawn_here() -> list[LabelledSamples]:
    seed = datasets.SYNTHETIC_SEEDS["train"]
    none = nondigits.make(NONDIGITS, seed)
    labels = np.full(len(none), NO_DIGIT_CLASS, np.uint8)
    return [LabelledSamples(*synthetic.make(SYNTHETIC, seed)), LabelledSamples(none, labels)]


def _others(files: Files) -> list[LabelledSamples]:
    return [drawn_by(pens, 0) for pens in files.others]


def _dataset(name: str, train: LabelledSamples) -> Dataset:
    """To learn from `train`; MNIST's held-out digits tell how it goes, its test digits nothing."""
    validation = datasets.load("mnist").validation
    return Dataset(name, train, validation, validation, datasets.fingerprint(train))


def _trained(
    recipe: Recipe,
    folder: Path,
    base: Path | None,
    data: Callable[[], LabelledSamples],
    verbose: int,
) -> Path:
    """The model of one stage; in float32, which is the same on more machines."""
    run = Run(folder)
    if run.model_path.is_file():
        return run.model_path
    if not folder.exists():
        folder.mkdir(parents=True)
        if base is not None:
            run.base_path.write_bytes(base.read_bytes())
        run.write_config(
            RunConfig(
                recipe=recipe.config(),
                data=recipe.name,
                seed=_SEED,
                started=datetime.now(UTC),
                policy="float32",
            )
        )
    trainer.learn(recipe, _dataset(recipe.name, data()), run, verbose=verbose)
    return run.model_path


def _calibrated(path: Path, judges: LabelledSamples, to: Path) -> Path:
    network = classifier.load(path).network
    calibration.calibrate(network, judges)
    network.save(to)
    return to


def _joined(parts: Sequence[LabelledSamples]) -> LabelledSamples:
    return LabelledSamples(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )
