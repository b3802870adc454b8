"""How the network that ships is made of the data files.

It learns from MNIST, from digits and non-digits drawn here, and from the writers of the pen files,
each drawing as the same hand might draw it again, as others might, and read from a picture. Its
STAGES are trainings, each a run. All of it was chosen and calibrated on the writers of split 1,
from whom only the very last stage learns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from model.data import datasets, nondigits, synthetic
from model.data.datasets import Dataset
from model.data.npz import Strokes, read_strokes
from model.data.redraw import as_picture, other_hands, variants
from model.data.samples import CLASSES, NO_DIGIT_CLASS, LabelledSamples
from model.inference import classifier
from model.preprocessing.pixels import to_uint8
from model.preprocessing.strokes import prepare_strokes
from model.runs.records import RunConfig
from model.runs.run import BASE, Run
from model.training import recipes, trainer
from model.training.calibration import Calibration, calibrate
from model.training.recipes import Recipe

SYNTHETIC = 80_000
NONDIGITS = 50_000
SHIPPED = "inkling.keras"
CHOSEN = "chosen.keras"  # what shipped but for its last stage

_REDRAWN_SEED = 21


@dataclass(frozen=True)
class Pens:
    """A file of pen strokes, and in how many variants each drawing is shown, besides a picture of
    it and as so many others might draw it. What has no label from 0 to 9 in it is no digit."""

    path: Path
    variants: int
    other_hands: int = 0


@dataclass(frozen=True)
class Files:
    """What the network learns from besides MNIST and what is drawn here."""

    digits: tuple[Pens, ...]
    others: tuple[Pens, ...]

    @classmethod
    def of(cls, unipen: Path, pendigits: Path, letters: Path, omniglot: Path) -> Files:
        """The four files, in the numbers of variants that were chosen."""
        return cls((Pens(unipen, 8), Pens(pendigits, 8)), (Pens(letters, 6), Pens(omniglot, 8)))


@dataclass(frozen=True)
class Stage:
    """A training by a recipe, of what `mix` makes of the files; `policy` says what it computes in,
    as Keras names it."""

    name: str
    recipe: Recipe
    mix: Callable[[Files], LabelledSamples]
    seed: int = 0
    policy: str = "float32"  # the same on more machines; bfloat16 learns twice as fast


def build(files: Files, folder: Path, verbose: int = 1) -> Path:
    """Train all stages in `folder`, a run each, and return the network that ships.

    A stage that has its model is not trained again. The same files give the same data, order and
    beginning; the sums of several cores differ in their last digits.
    """
    base: Path | None = None
    for stage in PENS:
        base = _trained(stage, files, folder, base, verbose)
    assert base is not None
    judges = held_out(files)
    pens, _ = _calibrated(base, judges, folder / "pens.keras")
    several = [_trained(stage, files, folder, pens, verbose) for stage in OTHER_HANDS]
    base = mean([pens, *several], folder / "hands.keras")
    without, whole = (_trained(stage, files, folder, base, verbose) for stage in LAST)
    _, found = _calibrated(mean([without, pens], folder / CHOSEN), judges, folder / CHOSEN)
    # It has learned from those on whom it could be calibrated; what the chosen one took serves it.
    network = classifier.load(mean([whole, pens], folder / SHIPPED)).network
    found.apply(network)
    network.save(folder / SHIPPED)
    return folder / SHIPPED


def held_out(files: Files) -> LabelledSamples:
    """What the network is chosen and calibrated on: the pens of split 1 as they were drawn, digits
    and non-digits, and the digits of MNIST that no run trains on."""
    drawn = [drawn_by(Pens(pens.path, 1), 1, 0) for pens in (*files.digits, *files.others)]
    return _joined([datasets.load("mnist").validation, *drawn])


def drawn_by(
    pens: Pens, split: int, pictures: int = 1, seed: int = _REDRAWN_SEED
) -> LabelledSamples:
    """The drawings of one split, each in its variants and `pictures` of it; dots are left out."""
    strokes = read_strokes(pens.path)
    rng = np.random.default_rng(seed)
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
        made += list(other_hands(sample, pens.other_hands, rng))
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


def other_hands_mix(files: Files, seed: int, splits: Sequence[int] = (0,)) -> LabelledSamples:
    """The same form by many other hands, drawn anew for each `seed`: three tenths of it are MNIST,
    nearly four are pens' digits."""
    digits = [replace(pens, variants=4, other_hands=8) for pens in files.digits]
    drawn = [
        drawn_by(pens, split, seed=seed) for split in splits for pens in (*digits, *files.others)
    ]
    return _joined([*[_mnist()] * 3, *_drawn_here(seed), *drawn])


def last_mix(files: Files, splits: Sequence[int]) -> LabelledSamples:
    """What it ends with: half of other hands, and MNIST twice more, on which it fell behind."""
    hands = other_hands_mix(files, 102, splits)
    return _joined([*[_mnist()] * 2, LabelledSamples(hands.images[::2], hands.labels[::2])])


def _mnist() -> LabelledSamples:
    return datasets.load("mnist").train


def _drawn_here(seed: int = datasets.SYNTHETIC_SEEDS["train"]) -> list[LabelledSamples]:
    none = nondigits.make(NONDIGITS, seed)
    labels = np.full(len(none), NO_DIGIT_CLASS, np.uint8)
    return [LabelledSamples(*synthetic.make(SYNTHETIC, seed)), LabelledSamples(none, labels)]


def _others(files: Files) -> list[LabelledSamples]:
    return [drawn_by(pens, 0) for pens in files.others]


def _dataset(name: str, train: LabelledSamples) -> Dataset:
    """To learn from `train`; MNIST's held-out digits tell how it goes, its test digits nothing."""
    validation = datasets.load("mnist").validation
    return Dataset(name, train, validation, validation, datasets.fingerprint(train))


def _trained(stage: Stage, files: Files, folder: Path, base: Path | None, verbose: int) -> Path:
    """The model of a stage, which begins with that of `base`, or with chance."""
    run = Run(folder / stage.name)
    if run.has_model:
        return run.model_path
    if not run.folder.exists():
        run.folder.mkdir(parents=True)
        if base is not None:
            run.blobs.write(BASE, base.read_bytes())
        run.write_config(
            RunConfig(
                recipe=stage.recipe.config(),
                data=stage.name,
                seed=stage.seed,
                started=datetime.now(UTC),
                policy=stage.policy,
            )
        )
    dataset = _dataset(stage.name, stage.mix(files))
    trainer.learn(stage.recipe, dataset, run, verbose=verbose)
    return run.model_path


def mean(paths: Sequence[Path], to: Path) -> Path:
    """The mean of these networks' weights (Wortsman et al., "Model soups", ICML 2022)."""
    networks = [classifier.load(path).network for path in paths]
    several = zip(*(network.get_weights() for network in networks), strict=True)
    networks[0].set_weights([np.mean(weights, axis=0) for weights in several])
    networks[0].save(to)
    return to


def _calibrated(path: Path, judges: LabelledSamples, to: Path) -> tuple[Path, Calibration]:
    network = classifier.load(path).network
    calibration = calibrate(network, judges)
    network.save(to)
    return to, calibration


def _joined(parts: Sequence[LabelledSamples]) -> LabelledSamples:
    return LabelledSamples(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


# The stages. Each of PENS begins where the one before ended; those of OTHER_HANDS with the last of
# them, calibrated; those of LAST with the mean of these three. The mean of where those end and of
# PENS is what is chosen on split 1, and what ships, which has learned from split 1 too.
_FAST = "mixed_bfloat16"
PENS = tuple(
    Stage(recipe.name, recipe, mix)
    for recipe, mix in zip(recipes.PENS, (first_mix, refining_mix, refining_mix), strict=True)
)
OTHER_HANDS = tuple(
    Stage(
        f"other-hands-{seed}",
        recipes.OTHER_HANDS,
        partial(other_hands_mix, seed=100 + seed),
        seed,
        _FAST,
    )
    for seed in (1, 2)
)
LAST = (
    Stage("last-hands", recipes.LAST_HANDS, partial(last_mix, splits=(0,)), 3, _FAST),
    Stage("every-hand", recipes.LAST_HANDS, partial(last_mix, splits=(0, 1)), 3, _FAST),
)
STAGES = (*PENS, *OTHER_HANDS, *LAST)
