"""What the network that ships learns from."""

from pathlib import Path

import keras
import numpy as np
import pytest

from model.data.npz import strokes_to_npz
from model.data.samples import NO_DIGIT_CLASS, LabelledSamples
from model.inference import classifier
from model.training import networks, shipping
from model.training.shipping import Pens

LINE = np.array([(0, 0), (1, 40), (2, 80)], np.float32)
HOOK = np.array([(0, 0), (30, 10), (20, 60), (0, 80)], np.float32)
DOT = np.array([(5, 5)], np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A 1, a letter and a dot of split 0, a 7 of split 1."""
    path = tmp_path / "strokes.npz"
    path.write_bytes(strokes_to_npz([[LINE], [HOOK, LINE], [DOT], [HOOK]], [1, 107, 2, 7]))
    with np.load(path) as arrays:
        kept = dict(arrays)
    np.savez(path, allow_pickle=False, **kept, split=np.array([0, 0, 0, 1]))
    return path


def test_each_drawing_comes_in_its_variants_and_as_a_picture(path: Path) -> None:
    drawn = shipping.drawn_by(Pens(path, 3), 0)
    assert drawn.labels.tolist() == [1] * 4 + [NO_DIGIT_CLASS] * 4
    assert len({image.tobytes() for image in drawn.images}) == 8


def test_only_the_split_asked_for_is_drawn(path: Path) -> None:
    plain = shipping.drawn_by(Pens(path, 1), 1, pictures=0)
    assert plain.labels.tolist() == [7]


def test_the_same_file_gives_the_same_drawings(path: Path) -> None:
    once, again = (shipping.drawn_by(Pens(path, 3), 0).images for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_a_drawing_is_shown_as_others_might_draw_it(path: Path) -> None:
    drawn = shipping.drawn_by(Pens(path, 1, other_hands=5), 1, pictures=0)
    assert drawn.labels.tolist() == [7] * 6
    assert len({image.tobytes() for image in drawn.images}) == 6


def test_only_the_last_stage_learns_from_split_1(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def drawn_by(pens: Pens, split: int, *_: object, **__: object) -> LabelledSamples:
        asked.append(split)
        return LabelledSamples(np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.uint8))

    few = LabelledSamples(np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.uint8))
    monkeypatch.setattr(shipping, "drawn_by", drawn_by)
    monkeypatch.setattr(shipping, "_mnist", lambda: few)
    monkeypatch.setattr(shipping, "_drawn_here", lambda *_: [few])
    files = shipping.Files.of(path, path, path, path)
    splits = {}
    for stage in shipping.STAGES:
        asked.clear()
        stage.mix(files)
        splits[stage.name] = set(asked)
    assert splits.pop("every-hand") == {0, 1}
    assert set(map(tuple, splits.values())) == {(0,)}


def test_the_mean_of_two_networks_is_that_of_their_weights(tmp_path: Path) -> None:
    paths = []
    for seed in (1, 2):
        keras.utils.set_random_seed(seed)
        paths.append(tmp_path / f"{seed}.keras")
        networks.build("small", NO_DIGIT_CLASS + 1).save(paths[-1])
    mean = shipping.mean(paths, tmp_path / "mean.keras")
    one, other, both = (classifier.load(path).network.get_weights() for path in (*paths, mean))
    for a, b, c in zip(one, other, both, strict=True):
        np.testing.assert_allclose((a + b) / 2, c, rtol=1e-5, atol=1e-7)
