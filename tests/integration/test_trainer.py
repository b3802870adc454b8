"""Training writes what it does, and goes on exactly where it was broken off."""

import io
import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from model.data import datasets
from model.data.augmentation import Augmentation
from model.data.datasets import Dataset, LabelledSamples
from model.errors import InklingError
from model.inference import classifier, metrics
from model.runs import replay
from model.runs.registry import create
from model.runs.run import Run
from model.settings import PRETRAINED
from model.training import trainer
from model.training.callbacks import Logs, Stopped
from model.training.recipes import Recipe
from tests.support import records

# Dropout, augmentation, a schedule: all that has a state to go on from.
RECIPE = Recipe(
    name="test",
    title="Test",
    network="medium",
    optimizer="Adam",
    schedule="one-cycle",
    learning_rate=0.003,
    batch_size=64,
    epochs=3,
    augmentation=Augmentation(rotation=5, elastic=0.5),
)
BATCHES = 10  # 600 images in batches of 64


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return datasets.load("synthetic:600")


@pytest.fixture(autouse=True)
def _in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    """In bfloat16 a sum depends on its order, which threads decide."""
    monkeypatch.setattr(trainer, "faster_policy", lambda: "float32")


@pytest.fixture(scope="module")
def whole(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of three epochs that nothing disturbed."""
    run = begun(tmp_path_factory.mktemp("whole"))
    drawing = np.zeros((28, 28), np.float32)
    drawing[5:22, 13:15] = 1
    run.write_drawing(drawing)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainer, "faster_policy", lambda: "float32")
        finish(run, RECIPE, dataset)
    return run


def begun(folder: Path, recipe: Recipe = RECIPE) -> Run:
    run = create("test", folder)
    run.write_config(records.config(recipe, seed=3))
    return run


def finish(
    run: Run, recipe: Recipe, dataset: Dataset, callbacks: Sequence[keras.callbacks.Callback] = ()
) -> None:
    network = trainer.learn(recipe, dataset, run, callbacks=callbacks, verbose=0, stoppable=True)
    run.write_result(trainer.examine(network, dataset, run))


class Killed(BaseException):
    """Nothing is written after it."""


class StopAt(keras.callbacks.Callback):
    """Stops as a signal would, or by another `ending`: after a batch of training, or of
    validation."""

    def __init__(
        self,
        epoch: int,
        batch: int,
        *,
        validating: bool = False,
        ending: type[BaseException] = Stopped,
    ) -> None:
        super().__init__()
        self._place = (epoch, batch, validating)
        self._ending = ending
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        if (self._epoch, batch, False) == self._place:
            raise self._ending

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        if (self._epoch, batch, True) == self._place:
            raise self._ending


def test_the_loss_of_the_curve_is_that_of_the_table(dataset: Dataset, tmp_path: Path) -> None:
    """Smoothed labels make another loss, by which it learns, and which nobody is told."""
    smoothing = replace(RECIPE, network="small", epochs=1, label_smoothing=0.2)
    run = begun(tmp_path, smoothing)
    finish(run, smoothing, dataset)
    assert run.result
    (row,) = run.snapshot().history
    assert row.val_loss == pytest.approx(run.result.validation.loss, abs=1e-4)


def test_a_run_is_written(whole: Run, dataset: Dataset) -> None:
    now = whole.snapshot()
    assert [row.epoch for row in now.history] == [1, 2, 3]
    assert now.history[2].loss < now.history[0].loss
    places = [row.position for row in now.batches]
    assert places == sorted(set(places))
    assert 0 < places[0] < 1
    assert now.config.recipe == RECIPE.config()
    assert now.config.images == 600
    assert now.config.fingerprint == dataset.fingerprint
    assert now.progress
    assert (now.progress.epoch, now.progress.batch, now.progress.batches) == (3, BATCHES, BATCHES)
    assert (now.progress.remaining or -1) >= 0


def test_the_result_is_what_the_saved_model_reads(whole: Run, dataset: Dataset) -> None:
    result = whole.result
    assert result
    saved = classifier.load(whole.model_path)
    answers = trainer.probabilities(saved, dataset.test)
    assert result.test == trainer.scores(answers, dataset.test)
    assert 0 < result.seconds < 600
    assert 2**20 < result.memory < 2**36
    assert result.parameters == saved.network.count_params()


def test_the_wrong_ones_are_kept_the_surest_first(whole: Run, dataset: Dataset) -> None:
    wrong = whole.wrong
    assert wrong
    assert whole.result
    assert len(wrong.indices) == round((1 - whole.result.test.accuracy) * len(dataset.test))
    np.testing.assert_array_equal(wrong.images, dataset.test.images[wrong.indices])
    np.testing.assert_array_equal(wrong.labels, dataset.test.labels[wrong.indices])
    assert (wrong.answers != wrong.labels).all()
    assert (np.diff(wrong.probabilities) <= 0).all()


def test_a_drawing_is_watched(whole: Run) -> None:
    now = whole.snapshot()
    rows = [row.drawing for row in now.history if row.drawing]
    assert [sum(row) for row in rows] == pytest.approx([1, 1, 1], abs=1e-4)
    assert now.drawing is not None
    last = classifier.load(whole.model_path).probabilities(now.drawing[None])[0]
    assert rows[-1] == pytest.approx(tuple(last), abs=1e-4)


def test_how_it_learned_can_be_replayed(whole: Run, dataset: Dataset) -> None:
    found, sample = replay.read(whole.blobs), replay.read_sample(whole.blobs)
    assert found
    assert sample
    assert found.positions.tolist() == [
        0,
        *(pytest.approx(n / 10) for n in (1, 2, 4, 5, 6, 8)),
        1,
        2,
        3,
    ]
    count = len(dataset.validation)  # fewer than a sample
    assert len(sample.images) == count
    last = classifier.load(whole.model_path).probabilities(trainer.as_input(sample.images)[..., 0])
    np.testing.assert_array_equal(found.answers[-1], last.argmax(axis=1))
    wrong = (found.answers != sample.labels).mean(axis=1)
    assert wrong[0] > 0.7
    assert wrong[-1] < 0.5 * wrong[0]
    assert found.places.shape == (len(found), count, 2)
    assert found.filters.shape[1:] == (32, 5, 5)
    assert found.drawing[-1, 2] == np.argmax(whole.snapshot().history[-1].drawing or ())
    assert replay.read_features(whole.blobs) is None  # they are large, and of no more use


def test_tensorboards_log_has_the_history(whole: Run) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    log = EventAccumulator(str(whole.tensorboard_path / "validation"))
    log.Reload()
    logged = [tensor_value(event.tensor_proto) for event in log.Tensors("epoch_accuracy")]
    assert logged == pytest.approx([row.val_accuracy for row in whole.snapshot().history], abs=1e-5)


def tensor_value(proto: Any) -> float:
    import tensorflow as tf

    return float(tf.make_ndarray(proto))


@pytest.mark.parametrize(
    "stop",
    [StopAt(1, 3), StopAt(1, 0, validating=True), StopAt(2, 0, validating=True)],
    ids=["within an epoch", "while it is validated", "at the end"],
)
def test_a_stopped_run_goes_on_as_if_it_had_not_been(
    stop: StopAt, whole: Run, dataset: Dataset, tmp_path: Path
) -> None:
    run = begun(tmp_path / "run")
    run.write_drawing(np.asarray(whole.snapshot().drawing))
    with pytest.raises(Stopped):
        finish(run, RECIPE, dataset, [stop])
    classifier.load(run.model_path)  # what it learned so far can be used
    keras.utils.clear_session()
    finish(run, RECIPE, dataset)
    same_training(run, whole)


def test_a_killed_run_goes_on_as_if_it_had_not_been(
    whole: Run, dataset: Dataset, tmp_path: Path
) -> None:
    run = begun(tmp_path / "run")
    run.write_drawing(np.asarray(whole.snapshot().drawing))
    with pytest.raises(Killed):
        finish(run, RECIPE, dataset, [StopAt(1, 3, ending=Killed)])
    keras.utils.clear_session()
    finish(run, RECIPE, dataset)
    same_training(run, whole)


def test_a_run_killed_between_two_files_goes_on(
    whole: Run, dataset: Dataset, tmp_path: Path
) -> None:
    run = begun(tmp_path / "run")
    run.write_drawing(np.asarray(whole.snapshot().drawing))
    with pytest.raises(Stopped):
        finish(run, RECIPE, dataset, [StopAt(0, BATCHES - 1)])
    run.checkpoint_path.unlink()  # the first epoch is in the history, but not yet kept
    run.write_history(whole.snapshot().history[:1])
    with (run.folder / "progress.csv").open("a") as file:
        file.write("training,1,9")  # half a line
    finish(run, RECIPE, dataset)
    same_training(run, whole)


def same_training(run: Run, other: Run) -> None:
    for key in ("epoch", "loss", "accuracy", "val_loss", "val_accuracy"):
        ours, theirs = (
            [getattr(row, key) for row in each.snapshot().history] for each in (run, other)
        )
        assert ours == pytest.approx(theirs, abs=2e-4), key
    assert all(row.drawing for row in run.snapshot().history)
    places = [row.position for row in run.snapshot().batches]
    assert all(earlier < later for earlier, later in itertools.pairwise(places))
    one, whole = (replay.read(each.blobs) for each in (run, other))
    assert one
    assert whole
    assert one.positions.tolist() == whole.positions.tolist()
    assert (one.answers == whole.answers).mean() > 0.99
    ours, theirs = (classifier.load(each.model_path).network for each in (run, other))
    for mine, its in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(mine, its, atol=2e-4)


def test_batches_depend_on_seed_epoch_and_place_alone(dataset: Dataset) -> None:
    batches = trainer.Batches(dataset.train, RECIPE, seed=1)
    batches.begin_epoch(2)
    rest = trainer.Batches(dataset.train, RECIPE, seed=1, first=4)
    rest.begin_epoch(2)
    assert (len(batches), len(rest)) == (BATCHES, BATCHES - 4)
    for place in (9, 4, 6):
        for ours, theirs in zip(batches[place], rest[place - 4], strict=True):
            np.testing.assert_array_equal(ours, theirs)
    batches.begin_epoch(3)
    assert not np.array_equal(batches[4][0], rest[0][0])


def test_an_epoch_has_every_digit_once(dataset: Dataset) -> None:
    plain = replace(RECIPE, augmentation=None)
    batches = trainer.Batches(dataset.train, plain, seed=1)
    seen = np.concatenate([batches[place][0] for place in range(len(batches))])[..., 0]
    expected = trainer.as_input(dataset.train.images)[..., 0]
    assert sorted(image.tobytes() for image in seen) == sorted(
        image.tobytes() for image in expected
    )


def test_a_checkpoint_is_one_plain_file(whole: Run) -> None:
    with np.load(io.BytesIO(whole.checkpoint_path.read_bytes()), allow_pickle=False) as arrays:
        assert all(array.dtype.kind in "fui" for array in arrays.values())


def test_calibration_changes_no_answer_but_its_sureness(dataset: Dataset, tmp_path: Path) -> None:
    plain, calibrated = (
        classifier.load(_trained(replace(RECIPE, calibrated=way), dataset, tmp_path))
        for way in (False, True)
    )
    before, after = (trainer.probabilities(net, dataset.validation) for net in (plain, calibrated))
    np.testing.assert_array_equal(before.argmax(axis=1), after.argmax(axis=1))
    labels = dataset.validation.labels
    assert metrics.evaluate(after, labels).loss < metrics.evaluate(before, labels).loss


def _trained(recipe: Recipe, dataset: Dataset, folder: Path) -> Path:
    run = begun(folder / str(recipe.calibrated), recipe)
    finish(run, recipe, dataset)
    return run.model_path


def test_a_training_begins_with_what_another_learned(
    whole: Run, dataset: Dataset, tmp_path: Path
) -> None:
    run = begun(tmp_path)
    run.base_path.write_bytes(whole.model_path.read_bytes())
    trainer.learn(replace(RECIPE, epochs=1), dataset, run, verbose=0)
    assert run.snapshot().history[0].loss < whole.snapshot().history[0].loss / 2


def test_a_training_may_end_halfway_to_what_it_began_with(
    whole: Run, dataset: Dataset, tmp_path: Path
) -> None:
    weights = {}
    for mixing in (0.0, 0.5, 1.0):
        run = begun(tmp_path / str(mixing))
        run.base_path.write_bytes(whole.model_path.read_bytes())
        recipe = replace(RECIPE, epochs=1, calibrated=False, mixing=mixing)
        weights[mixing] = trainer.learn(recipe, dataset, run, verbose=0).network.get_weights()
    before = classifier.load(whole.model_path).network.get_weights()
    for one, nothing, half, all_of_it in zip(before, *weights.values(), strict=True):
        np.testing.assert_array_equal(nothing, one)
        assert not np.allclose(all_of_it, one)
        np.testing.assert_allclose(half, (one + all_of_it) / 2, atol=1e-3)


def test_a_training_can_not_begin_with_another_network(dataset: Dataset, tmp_path: Path) -> None:
    run = begun(tmp_path)
    run.base_path.write_bytes(PRETRAINED.read_bytes())
    with pytest.raises(InklingError, match="The model to begin with is another network"):
        trainer.learn(RECIPE, dataset, run, verbose=0)


def test_a_training_learns_what_its_teacher_answers(
    whole: Run, dataset: Dataset, tmp_path: Path
) -> None:
    """Also where the labels say otherwise."""
    wrong = LabelledSamples(dataset.train.images, (dataset.train.labels + 1) % 10)
    run = begun(tmp_path)
    (run.folder / "teacher-1.keras").write_bytes(whole.model_path.read_bytes())
    student = trainer.learn(RECIPE, replace(dataset, train=wrong), run, verbose=0)
    answers = trainer.probabilities(student, dataset.test).argmax(axis=1)
    teacher = classifier.load(whole.model_path)
    taught = trainer.probabilities(teacher, dataset.test).argmax(axis=1)
    assert (answers == taught).mean() > 0.6
    assert (answers == (dataset.test.labels + 1) % 10).mean() < 0.3


def test_a_teacher_answers_what_is_to_be_learned(dataset: Dataset, tmp_path: Path) -> None:
    run = begun(tmp_path)
    (run.folder / "teacher-1.keras").write_bytes(PRETRAINED.read_bytes())
    with pytest.raises(InklingError, match=r"teacher-1 has 11 answers; wanted: 10, as the data"):
        trainer.learn(RECIPE, dataset, run, verbose=0)
