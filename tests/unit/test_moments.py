"""When a training is looked at for its replay, at what, and on which map."""

import numpy as np
import pytest

from model.data import synthetic
from model.data.samples import LabelledSamples
from model.training import moments


@pytest.mark.parametrize("batches", [1, 3, 12, 235, 5000])
def test_the_first_epoch_is_looked_at_ten_times_at_most_and_most_at_its_beginning(
    batches: int,
) -> None:
    due = sorted(moments.first_epoch(batches))
    assert len(due) + 1 <= moments.IN_FIRST_EPOCH  # its end is one of them
    assert all(0 < place < batches for place in due)
    if batches >= 235:
        assert len(due) + 1 == moments.IN_FIRST_EPOCH
        assert due[1] - due[0] < due[-1] - due[-2]


def test_of_a_training_however_long_there_are_few_moments() -> None:
    kept: list[int] = []
    for epoch in range(1, 1001):
        step = moments.stride(epoch)
        if epoch % step == 0:
            kept = [one for one in kept if one % step == 0] + [epoch]
        assert len(kept) <= 61
    assert len(kept) > 25
    assert moments.stride(30) == 1


def test_the_sample_has_as_many_of_each_digit_and_is_the_same_each_time() -> None:
    split = LabelledSamples(*synthetic.make(1500, seed=1))
    one, other = moments.sample(split, 10), moments.sample(split, 10)
    assert np.bincount(one.labels).tolist() == [50] * 10
    np.testing.assert_array_equal(one.images, other.images)
    few = LabelledSamples(split.images[:30], split.labels[:30])
    assert len(moments.sample(few, 11).images) == 30


def test_the_map_shows_the_two_directions_in_which_the_last_moment_is_spread_most() -> None:
    rng = np.random.default_rng(0)
    spread = np.array([1, 9, 0.1, 4, 0.1])
    last = rng.standard_normal((300, 5)) * spread
    places = moments.plane(np.stack([np.zeros_like(last), last]))
    assert abs(np.corrcoef(places[1, :, 0], last[:, 1])[0, 1]) > 0.99
    assert abs(np.corrcoef(places[1, :, 1], last[:, 3])[0, 1]) > 0.99
    assert np.abs(places[1]).max() == pytest.approx(1)
    assert np.ptp(places[0], axis=0).max() < 1e-6  # where all is alike


def test_the_map_does_not_turn_around_from_one_moment_to_the_next() -> None:
    rng = np.random.default_rng(0)
    first = rng.standard_normal((300, 5)) * [9, 4, 1, 1, 1]
    before = moments.plane(first[None])
    turned = -before[0][:, ::-1]  # as it could have been shown as well
    after = moments.plane(np.stack([first, first * 1.5]), turned)
    assert np.corrcoef(after[0].ravel(), turned.ravel())[0, 1] > 0.99


def test_what_is_not_finite_is_no_hindrance() -> None:
    places = moments.plane(np.zeros((2, 10, 4)))
    assert np.isfinite(places).all()
