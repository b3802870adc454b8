"""A few words on the command line → digits to train, validate and test on."""

import contextlib
import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.data import nondigits, synthetic
from model.data.npz import Strokes, holds_strokes, read_strokes
from model.data.readers import read, read_contents
from model.data.redraw import as_picture, variants
from model.data.samples import NO_DIGIT_CLASS, Contents, LabelledSamples, Samples
from model.errors import InklingError
from model.language import Text
from model.preprocessing.framing import SIDE
from model.preprocessing.pixels import to_uint8
from model.preprocessing.strokes import prepare_strokes
from model.settings import Paths

__all__ = ["Dataset", "LabelledSamples", "Samples", "load", "load_test", "read", "without"]

SPECS = Text(
    "mnist, synthetic, synthetic:COUNT, drawings, a file or a folder, redrawn:FILE for one of "
    "strokes, or several joined by +, nondigits or nondigits:COUNT among them"
)

MNIST_TRAIN = 60_000  # images that MNIST gives to train on
MNIST_VALIDATION = 5_000  # the last of them, which no run trains on
SYNTHETIC_TRAIN = 60_000
NONDIGITS = 12_000
VARIANTS = 4  # of each drawing that is redrawn, by its path
MOST_SYNTHETIC = 600_000
# Drawn with seeds of their own, no digit of one split comes back in another. Fine-tuning has 4.
SYNTHETIC_SEEDS = {"train": 1, "validation": 2, "test": 3, "promotion": 5}

_SPLIT_SEED = 20
_REDRAWN_SEED = 21
_SHARE = 10  # one digit in so many is set apart to validate on, and as many to test on


@dataclass(frozen=True, eq=False)
class Dataset:
    """Digits to train on, to choose by, and to state the accuracy on; never the same ones.

    `fingerprint` is 12 hex digits of a SHA-256 over all images and labels.
    """

    name: str
    train: LabelledSamples
    validation: LabelledSamples
    test: LabelledSamples
    fingerprint: str


def load(spec: str) -> Dataset:
    """The dataset that `spec` names.

    - `mnist`: the file or folder in the variable MNIST_PATH; without one, Keras' download, kept in
      its cache. The last 5,000 training images are for validation, as in every file with 60,000.
    - `synthetic`: 60,000 digits drawn by `model.synthetic`, 5,000 for validation, 10,000 to test;
      `synthetic:6000` a tenth of each.
    - `drawings`: the digits that people saved under their answers (`model.data.drawings`), but
      those of classes; `drawings:NUMBER` those of one room.
    - the path of whatever `read` reads, with labels. What the file itself does not set apart is:
      a tenth of each digit for validation, and where it has no test digits, a tenth to test on.
    - `redrawn:FILE`: what `FILE`, which holds the strokes of pens, gives, but each digit to train
      on in 5 variants: as it is, three times as the same hand might draw it again, and read from a
      picture of it by any pen, where there is a digit to see in that.
    - `nondigits`: 12,000 letters, scribbles and the like that `model.nondigits` draws, with the
      label NO_DIGIT_CLASS, to train on only; `nondigits:6000` half as many, and `nondigits:FILE`
      those of a stroke file, of its split 0 where it has one, each in 4 variants.
    - several of these joined by `+`, joined split by split. A digit that one of them trains on is
      left out where another has that very image for validation or test.

    The same spec and files always give the same splits. Raises InklingError.
    """
    names = _names(spec)
    train, validation, test = (joined(parts) for parts in zip(*map(_splits, names), strict=True))
    if len(names) > 1:
        validation = without(validation, test)
        train = without(without(train, validation), test)
    if not (len(train) and len(validation) and len(test)):
        raise InklingError(
            "“{spec}” has too few digits to train, validate and test on; wanted: 3 at least.",
            spec=spec,
        )
    name = "+".join(map(_short, names))
    return Dataset(name, train, validation, test, fingerprint(train, validation, test))


def load_test(spec: str) -> LabelledSamples:
    """The digits of `spec` to hold a model against: its test split, as `load` gives it.

    Of a file that does not tell training from test digits it is all of them.
    """
    test = joined([_test(name) for name in _names(spec)])
    if not len(test):
        raise InklingError(
            "“{spec}” has no digits to test on; wanted: {specs}.", spec=spec, specs=SPECS
        )
    return test


def at_hand(most: int) -> tuple[str, LabelledSamples]:
    """Some digits to show, and the spec that they are of: the first of those that MNIST gives to
    train on, where it needs no download, else synthetic ones. Raises InklingError."""
    path = Paths.read().mnist or _cached()
    if path is None:
        return "synthetic", LabelledSamples(*synthetic.make(most, SYNTHETIC_SEEDS["train"]))
    digits = _labelled(read_contents(path).train, str(path))
    # Copied, as a view would hold all 47 MB of the file.
    return "mnist", LabelledSamples(digits.images[:most].copy(), digits.labels[:most].copy())


def with_nondigits(split: LabelledSamples, share: float) -> LabelledSamples:
    """`split`, and for each of its digits a `share` of a non-digit, unless it has some already."""
    count = round(share * len(split))
    if not count or (split.labels == NO_DIGIT_CLASS).any():
        return split
    return joined([split, drawn_nondigits(count, "train")])


def without(split: LabelledSamples, other: Samples) -> LabelledSamples:
    """`split` without the images that `other` has too, pixel for pixel."""
    taken = {image.tobytes() for image in other.images}
    keep = np.array([image.tobytes() not in taken for image in split.images], bool)
    return split if keep.all() else _chosen(split, keep)


def _names(spec: str) -> list[str]:
    """The parts of `spec`; a path may have a + in it."""
    names = [spec] if _existing(spec) else [name.strip() for name in spec.split("+")]
    if not all(names):
        raise InklingError("“{spec}” leaves a name empty; wanted: {specs}.", spec=spec, specs=SPECS)
    return names


def _short(name: str) -> str:
    """A name without the folders of its file."""
    kind, colon, path = name.partition(":")
    return kind + colon + Path(path).name if kind in ("redrawn", "nondigits") else Path(name).name


def _splits(name: str) -> tuple[LabelledSamples, LabelledSamples, LabelledSamples]:
    """The digits of one name to train on, to validate on and to test on."""
    if _kind(name) == "synthetic":
        return _drawn(name, "train"), _drawn(name, "validation"), _drawn(name, "test")
    if _kind(name) == "nondigits":
        return _nondigits(name), _NONE, _NONE
    if _kind(name) == "redrawn":
        return _redrawn(name)
    contents = _contents(name)
    train, validation = _held_out(_labelled(contents.train, name))
    if contents.test is not None:
        return train, validation, _labelled(contents.test, name)
    train, test = _held_out(train)
    return train, validation, test


def _test(name: str) -> LabelledSamples:
    if _kind(name) == "synthetic":
        return _drawn(name, "test")
    if _kind(name) == "nondigits":
        return _NONE
    contents = _contents(name.removeprefix("redrawn:"))
    return _labelled(contents.train if contents.test is None else contents.test, name)


# ---------------------------------------------------------------- where digits come from


_NONE = LabelledSamples(np.zeros((0, SIDE, SIDE), np.uint8), np.zeros(0, np.uint8))


def _kind(name: str) -> str:
    return name.partition(":")[0]


def _drawn(name: str, split: str) -> LabelledSamples:
    """One split of `synthetic` or `synthetic:COUNT`."""
    count = _count(name, SYNTHETIC_TRAIN)
    size = {"train": count, "validation": count // 12, "test": count // 6}
    return LabelledSamples(*synthetic.make(size[split], SYNTHETIC_SEEDS[split]))


def _count(name: str, usual: int) -> int:
    """The COUNT of a name, or the usual one where it has none."""
    _, colon, count = name.partition(":")
    if not colon:
        return usual
    if not re.fullmatch("[0-9]{1,9}", count) or not 12 <= int(count) <= MOST_SYNTHETIC:
        raise InklingError(
            "“{name}” has a wrong count; wanted: a whole number of digits to train on, from 12 "
            "to {most_synthetic:,}.",
            name=name,
            most_synthetic=MOST_SYNTHETIC,
        )
    return int(count)


def _nondigits(name: str) -> LabelledSamples:
    """What is no digit: drawn here, or what the pens of a stroke file wrote."""
    path = _existing(name.partition(":")[2]) if ":" in name else None
    if path is None:
        return drawn_nondigits(_count(name, NONDIGITS), "train")
    strokes = read_strokes(path)
    trained = np.ones(len(strokes), bool) if strokes.split is None else strokes.split == 0
    rng = np.random.default_rng(_REDRAWN_SEED)
    redrawn = [
        variants(image, sample, VARIANTS, rng)
        for image, sample in _prepared(strokes, np.flatnonzero(trained))
    ]
    return _as_nondigits(np.concatenate(redrawn))


def drawn_nondigits(count: int, split: str) -> LabelledSamples:
    """So many letters and scribbles, which no other split has."""
    return _as_nondigits(nondigits.make(count, SYNTHETIC_SEEDS[split]))


def _as_nondigits(images: NDArray[np.uint8]) -> LabelledSamples:
    return LabelledSamples(images, np.full(len(images), NO_DIGIT_CLASS, np.uint8))


def _prepared(
    strokes: Strokes, which: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.uint8], list[NDArray[np.float32]]]]:
    """Some samples as the network sees them, (28, 28), with their strokes; no dots."""
    for index in which.tolist():
        sample = strokes.sample(index)
        image = prepare_strokes(sample).image
        if image is not None:
            yield to_uint8(image), sample


def _redrawn(name: str) -> tuple[LabelledSamples, LabelledSamples, LabelledSamples]:
    """What a stroke file gives, its digits to train on in VARIANTS each and as a picture."""
    path = _existing(name.partition(":")[2])
    if path is None or not holds_strokes(path):
        raise InklingError(
            "“{name}” is no file of pen strokes; wanted: {specs}.", name=name, specs=SPECS
        )
    train, validation, test = _splits(str(path))
    strokes = read_strokes(path)
    every = np.arange(len(strokes))
    drawn = {image.tobytes(): sample for image, sample in _prepared(strokes, every)}
    rng = np.random.default_rng(_REDRAWN_SEED)
    images, labels = [], []
    for image, label in zip(train.images, train.labels, strict=True):
        sample = drawn[image.tobytes()]
        picture = as_picture(sample, rng)
        made = [*variants(image, sample, VARIANTS, rng), *([] if picture is None else [picture])]
        images += made
        labels += [label] * len(made)
    return LabelledSamples(np.stack(images), np.array(labels, np.uint8)), validation, test


def _contents(name: str) -> Contents:
    if name == "mnist":
        return _mnist()
    if _kind(name) == "drawings":
        return _saved(name)
    path = _existing(name)
    if path is None:
        raise InklingError(
            "“{name}” is no file or folder; wanted: {specs}.", name=name, specs=SPECS
        )
    return read_contents(path)


def _existing(name: str) -> Path | None:
    try:
        path = Path(name).expanduser()
        return path if path.exists() else None
    except (OSError, RuntimeError):  # too long for a name; the ~ of nobody
        return None


def _mnist() -> Contents:
    """MNIST from the file in MNIST_PATH, or from Keras, which downloads it once."""
    path = Paths.read().mnist
    if path is None:
        return _downloaded()
    try:
        return read_contents(path)
    except InklingError as error:
        raise InklingError("The variable MNIST_PATH can't be used: {error}", error=error) from error


def _saved(name: str) -> Contents:
    """The saved drawings, each picture once, so that none is in two splits."""
    from model.data import drawings

    number = name.partition(":")[2]
    if number and not number.isdecimal():
        raise InklingError("“{name}” names no room; wanted: {specs}.", name=name, specs=SPECS)
    with drawings.opened() as store:
        saved = store.all(int(number) if number else None)
    last = {drawing.image.tobytes(): drawing for drawing in saved}
    return Contents(drawings.split(list(last.values())))


def _downloaded() -> Contents:
    import keras

    try:
        # Keras shows its progress on stdout, which belongs to a command's results.
        with contextlib.redirect_stdout(sys.stderr):
            train, test = keras.datasets.mnist.load_data()
    except Exception as error:  # Keras raises just that when a download fails
        raise InklingError(
            "MNIST can't be downloaded ({error}); wanted: a network, or --data synthetic, which "
            "needs none, or a file of digits by --data FILE or the variable MNIST_PATH.",
            error=error,
        ) from error
    return Contents(Samples(*train), Samples(*test))


def _cached() -> Path | None:
    """Where Keras keeps the MNIST that it downloaded; None where it has not."""
    folder = Paths.read().keras or Path.home() / ".keras"
    path = folder / "datasets" / "mnist.npz"
    return path if path.is_file() else None


# ---------------------------------------------------------------- how they are parted and joined


def _labelled(samples: Samples, name: str) -> LabelledSamples:
    if samples.labels is None:
        raise InklingError("“{name}” has no labels; wanted: digits with their labels.", name=name)
    return LabelledSamples(samples.images, samples.labels)


def _held_out(split: LabelledSamples) -> tuple[LabelledSamples, LabelledSamples]:
    """What is left of `split`, and what is held out of it: of MNIST its last 5,000, else a tenth.

    The tenth is random, but of each digit a tenth, and the same at every call.
    """
    held = np.zeros(len(split), bool)
    if len(split) == MNIST_TRAIN:
        held[-MNIST_VALIDATION:] = True
    else:
        order = np.random.default_rng(_SPLIT_SEED).permutation(len(split))
        by_digit = order[np.argsort(split.labels[order], kind="stable")]
        held[by_digit[::_SHARE]] = True
    return _chosen(split, ~held), _chosen(split, held)


def _chosen(split: LabelledSamples, mask: NDArray[np.bool_]) -> LabelledSamples:
    return LabelledSamples(split.images[mask], split.labels[mask])


def joined(splits: Sequence[LabelledSamples]) -> LabelledSamples:
    if len(splits) == 1:
        return splits[0]
    return LabelledSamples(
        np.concatenate([split.images for split in splits]),
        np.concatenate([split.labels for split in splits]),
    )


def fingerprint(*splits: LabelledSamples) -> str:
    """12 hex digits of a SHA-256 over all images and labels."""
    digest = hashlib.sha256()
    for split in splits:
        digest.update(len(split).to_bytes(8))
        digest.update(split.images.tobytes())
        digest.update(split.labels.tobytes())
    return digest.hexdigest()[:12]
