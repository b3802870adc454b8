"""Teaching a network few drawings: it learns a new style and forgets nothing, and says so truly."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data import datasets, drawings, synthetic
from model.data.drawings import SavedDrawing
from model.data.redraw import variants
from model.data.samples import NO_DIGIT, LabelledSamples
from model.errors import InklingError
from model.inference import classifier
from model.inference.classifier import Classifier
from model.preprocessing.pixels import to_float32, to_uint8
from model.preprocessing.strokes import prepare_strokes
from model.runs import registry
from model.runs.records import CrossValidation, RunResult
from model.runs.run import Run
from model.runs.status import State
from model.settings import PRETRAINED
from model.training import jobs, networks, recipes
from model.training.jobs import Request
from tests.support import records

FINE_TUNING = Request(recipes.FINE_TUNING.name)


@pytest.fixture(scope="module")
def known() -> LabelledSamples:
    return LabelledSamples(*synthetic.make(1000, seed=8))


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    from model.training import fine_tuning

    monkeypatch.setattr(fine_tuning, "REPLAYED", 1000)
    monkeypatch.setattr(fine_tuning, "FOLDS", 2)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Teaching that takes half of the time."""
    from model.training import fine_tuning

    monkeypatch.setattr(fine_tuning, "STEPS", 20)
    monkeypatch.setattr(fine_tuning, "VARIANTS", 24)


def mirrored_six(seed: int) -> SavedDrawing:
    """As the built-in network has never seen one."""
    return angular(
        [(0.3, 0.1), (0.7, 0.1), (0.7, 0.9), (0.3, 0.9), (0.3, 0.5), (0.7, 0.5)], 6, seed
    )


def mirrored_seven(seed: int) -> SavedDrawing:
    return angular([(0.7, 0.1), (0.3, 0.1), (0.65, 0.9)], 7, seed)


def zigzag_three(seed: int) -> SavedDrawing:
    return angular([(0.7, 0.1), (0.35, 0.3), (0.6, 0.5), (0.35, 0.7), (0.7, 0.9)], 3, seed)


def angular(corners: list[tuple[float, float]], label: int, seed: int) -> SavedDrawing:
    """One stroke of straight lines, a little different for each seed."""
    strays = np.random.default_rng(seed).normal(0, 0.02, (len(corners), 2))
    return as_drawing([(np.array(corners) + strays).astype(np.float32)], label)


def any_digit(label: int, seed: int) -> SavedDrawing:
    return as_drawing(synthetic.draw_digit(label, np.random.default_rng(seed)), label)


def as_drawing(strokes: list[np.ndarray], label: int) -> SavedDrawing:
    image = prepare_strokes(strokes).image
    assert image is not None
    return SavedDrawing(to_uint8(image), label, strokes)


def right(reader: Classifier, given: list[SavedDrawing]) -> int:
    split = drawings.split(given)
    answers = reader.probabilities(to_float32(split.images))
    return int((answers.argmax(axis=1) == split.labels).sum())


# ---------------------------------------------------------------- variants


@pytest.mark.parametrize("has_path", [True, False], ids=["pen", "picture"])
def test_variants_begin_with_the_drawing_and_differ(has_path: bool) -> None:
    drawing = any_digit(4, 1)
    if not has_path:
        drawing = SavedDrawing(drawing.image, 4)
    made, again = (
        variants(drawing.image, drawing.strokes, 20, np.random.default_rng(3)) for _ in range(2)
    )
    assert made.shape == (20, 28, 28)
    assert made.dtype == np.uint8
    np.testing.assert_array_equal(made[0], drawing.image)
    np.testing.assert_array_equal(made, again)
    assert len(np.unique(made.reshape(20, -1), axis=0)) == 20


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=30),
    st.integers(1, 5),
)
def test_any_path_has_variants(points: list[tuple[float, float]], count: int) -> None:
    blank = np.zeros((28, 28), np.uint8)
    made = variants(blank, [np.array(points, np.float32)], count, np.random.default_rng(0))
    assert made.shape == (count, 28, 28)


def test_the_network_that_ships_reads_the_variants() -> None:
    """They are natural: hardly any is no longer the digit that it was."""
    given = [any_digit(digit, seed) for digit in range(10) for seed in (1, 2)]
    rng = np.random.default_rng(0)
    reader = classifier.load(PRETRAINED)
    made = [
        SavedDrawing(image, one.label)
        for one in given
        for image in variants(one.image, one.strokes, 10, rng)
    ]
    assert right(reader, made) >= 0.9 * len(made)


# ---------------------------------------------------------------- teaching


def test_one_drawing_of_a_new_style_is_enough_to_read_the_next(known: LabelledSamples) -> None:
    from model.training.fine_tuning import FineTuner

    before = classifier.load(PRETRAINED)
    following = [mirrored_six(seed) for seed in range(1, 13)]
    assert right(before, following) <= 3
    tuner = FineTuner(classifier.load(PRETRAINED).network, recipes.FINE_TUNING, known)
    after = tuner.learn(tuner.training_set([mirrored_six(0)]))
    assert right(after, following) >= 11
    others = [any_digit(digit, seed) for digit in range(10) for seed in range(30)]
    assert right(after, others) >= right(before, others) - 3
    assert after.network.count_params() == before.network.count_params()


@pytest.mark.usefixtures("quick")
def test_what_it_says_is_measured_on_drawings_that_it_was_not_shown(known: LabelledSamples) -> None:
    """Two strange drawings, each as good as learned by heart, and none a help with the other."""
    from model.training.fine_tuning import FineTuner

    three, seven = zigzag_three(0), mirrored_seven(0)
    tuner = FineTuner(classifier.load(PRETRAINED).network, recipes.FINE_TUNING, known)
    training_set = tuner.training_set([three, seven, three, seven])
    assert len(training_set) == 2  # twice the same is the same: never in two folds
    assert tuner.cross_validate(training_set) == CrossValidation(n=2, before=0, after=0)
    assert right(tuner.learn(training_set), [three, seven]) == 2


@pytest.mark.usefixtures("quick")
def test_a_single_drawing_tells_nothing(known: LabelledSamples) -> None:
    from model.training.fine_tuning import FineTuner

    tuner = FineTuner(classifier.load(PRETRAINED).network, recipes.FINE_TUNING, known)
    assert tuner.cross_validate(tuner.training_set([mirrored_six(0)])) == CrossValidation(
        n=0, before=0, after=0
    )
    two = tuner.training_set([mirrored_six(0), mirrored_six(1)])
    assert tuner.cross_validate(two).n == 2
    assert tuner.cross_validate(two, learned_until=datetime.max.replace(tzinfo=UTC)).n == 0
    unaware = FineTuner(networks.build("small"), recipes.FINE_TUNING, known)  # of what is no digit
    with pytest.raises(InklingError, match="No drawing of a digit is saved"):
        unaware.training_set([SavedDrawing(mirrored_six(0).image, NO_DIGIT)])


@pytest.mark.parametrize("name", sorted(networks.NETWORKS))
def test_every_network_is_parted_without_a_change(name: str) -> None:
    from model.training.fine_tuning import split_network

    network = networks.build(name)
    body, head = split_network(network)
    images = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)
    assert body is not None
    np.testing.assert_allclose(head(body(images)), network(images), atol=1e-5)


@pytest.mark.usefixtures("quick")
def test_a_network_of_another_make_learns_as_a_whole(known: LabelledSamples) -> None:
    """Eleven outputs, the last for what is not a digit, and a shortcut past the last layers."""
    import keras
    from keras import layers

    from model.training.fine_tuning import FineTuner, split_network

    given = keras.Input((28, 28, 1))
    flat = layers.Flatten()(layers.AveragePooling2D(4)(given))
    shortcut = layers.Concatenate()([flat, layers.Dense(8, activation="relu")(flat)])
    network = keras.Model(given, layers.Dense(11, activation="softmax")(shortcut))
    assert split_network(network)[0] is None
    tuner = FineTuner(network, recipes.FINE_TUNING, known)
    scribble = SavedDrawing(np.full((28, 28), 9, np.uint8), NO_DIGIT)
    training_set = tuner.training_set([scribble, any_digit(3, 1)])
    assert training_set.labels.tolist() == [10, 3]
    tuner.learn(training_set)


# ---------------------------------------------------------------- as a run


@pytest.fixture
def saved(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Saves drawings where the runs find them."""
    monkeypatch.delenv("INKLING_DATABASE", raising=False)
    with drawings.opened() as store:

        def save(given: Sequence[SavedDrawing]) -> None:
            store.add(given)

        yield save


def taught() -> tuple[Run, RunResult]:
    run = jobs.train_here(FINE_TUNING, verbose=0)
    assert run.state == State.FINISHED
    assert run.result
    return run, run.result


@pytest.mark.usefixtures("quick")
def test_a_run_that_teaches(saved: Callable[..., None]) -> None:
    """Taught twice, it begins both times with the network that was taught nothing."""
    with pytest.raises(InklingError, match="No drawing of a digit is saved"):
        jobs.train_here(FINE_TUNING, verbose=0)
    saved([mirrored_seven(seed) for seed in range(4)])
    run, result = taught()
    assert result.drawings == CrossValidation(n=4, before=0, after=4)
    assert result.promotion
    assert result.promotion.comparisons[0].n == 60
    assert len(run.snapshot().history) == recipes.FINE_TUNING.epochs
    assert run.config.data == "drawings"
    registry.use(run)
    saved([mirrored_seven(4)])
    second, result = taught()
    assert result.drawings == CrossValidation(n=5, before=0, after=5)
    assert second.base_path.read_bytes() == PRETRAINED.read_bytes()
    reader = classifier.load(second.model_path)
    assert right(reader, [mirrored_seven(seed) for seed in range(10, 20)]) >= 9


@pytest.mark.usefixtures("quick")
def test_what_the_network_knows_is_not_counted_and_what_tests_it_not_learned(
    saved: Callable[..., None],
) -> None:
    test = datasets.load("mnist").test
    saved([SavedDrawing(test.images[0], int(test.labels[0])), *map(zigzag_three, range(3))])
    base = registry.create("quick")
    later = datetime(9999, 1, 1, tzinfo=UTC)
    base.write_config(records.config(data="mnist+drawings", started=later))
    base.model_path.write_bytes(PRETRAINED.read_bytes())
    registry.use(base)
    run, result = taught()
    assert result.drawings
    assert result.drawings.n == 0
    assert run.config.images == 3
