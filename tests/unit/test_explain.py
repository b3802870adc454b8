"""The reasons that are given for an answer are true of the network that gave it."""

from itertools import pairwise
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data import datasets, synthetic
from model.data.samples import NO_DIGIT_CLASS, LabelledSamples
from model.explain import neighbours, perturbation
from model.explain.activations import FeatureExtractor, map_pictures, picture
from model.explain.counterfactual import counterfactual
from model.explain.integrated_gradients import integrated_gradients
from model.explain.neighbours import Examples, Index
from model.explain.occlusion import by_pixel, log_odds, occlude, patches, without_each
from model.explain.timeline import timeline
from model.inference import classifier, gradients
from model.inference.classifier import Classifier
from model.inference.prediction import with_none
from model.preprocessing.drawing import Drawing
from model.preprocessing.ink import Found
from model.preprocessing.strokes import path_pieces, path_start
from model.settings import PRETRAINED
from model.training import networks


@pytest.fixture(scope="module")
def reader() -> Classifier:
    return classifier.load(PRETRAINED)


@pytest.fixture(scope="module", params=["shipped", "eleven", *networks.NETWORKS])
def any_network(request: pytest.FixtureRequest, reader: Classifier) -> keras.Model:
    """Each network that can be in use, and one whose last output stands for no digit."""
    if request.param == "shipped":
        return reader.network
    if request.param == "eleven":
        layers = keras.layers
        return keras.Sequential(
            [
                keras.Input((28, 28, 1)),
                layers.Conv2D(4, 5),
                layers.MaxPooling2D(4),
                layers.Flatten(),
                layers.Dense(11, activation="softmax"),
            ]
        )
    keras.utils.set_random_seed(1)
    return networks.build(request.param)


def drawn(digit: int, seed: int = 0, style: str | None = None) -> Drawing:
    strokes = synthetic.draw_digit(digit, np.random.default_rng(seed), style)
    return Drawing.from_strokes([300 * stroke + 50 for stroke in strokes])


def line() -> Drawing:
    return Drawing.from_strokes([np.array([[100, 50], [105, 200], [100, 350]], np.float32)])


# ---------------------------------------------------------------- the pen's path


@given(seed=st.integers(0, 1000), count=st.integers(1, 30))
def test_the_pieces_together_are_the_strokes(seed: int, count: int) -> None:
    whole = drawn(seed % 10, seed)
    parts = path_pieces(whole.strokes, count)
    for number, stroke in enumerate(whole.strokes):
        of_it = [part.points for part in parts if part.stroke == number]
        np.testing.assert_allclose(of_it[0][0], stroke[0], atol=1e-3)
        np.testing.assert_allclose(of_it[-1][-1], stroke[-1], atol=1e-3)
        for before, after in pairwise(of_it):
            np.testing.assert_array_equal(before[-1], after[0])
        length = np.hypot(*np.diff(stroke, axis=0).T).sum()
        lengths = [np.hypot(*np.diff(points, axis=0).T).sum() for points in of_it]
        assert sum(lengths) == pytest.approx(length, rel=1e-3)


def test_a_drawing_half_done_is_its_first_strokes() -> None:
    strokes = [np.array([[0, 0], [100, 0]], np.float32), np.array([[0, 50], [100, 50]], np.float32)]
    (half,) = path_start(strokes, 0.25)
    np.testing.assert_allclose(half, [[0, 0], [50, 0]])
    assert len(path_start(strokes, 0.5)) == 1
    first, second = path_start(strokes, 0.75)
    np.testing.assert_array_equal(first, strokes[0])
    np.testing.assert_allclose(second, [[0, 50], [50, 50]])
    np.testing.assert_array_equal(path_start(strokes, 1)[1], strokes[1])


def test_a_drawing_knows_its_box() -> None:
    assert line().box == pytest.approx((100, 50, 5, 300))
    assert max(line().fitted.shape) == 20
    ink = np.zeros((40, 60), np.float32)
    ink[10:30, 20:25] = 1
    assert Drawing(line().image, found=Found(ink)).box == (20, 10, 5, 20)


def test_what_cannot_be_read_says_why() -> None:
    assert Drawing.from_canvas({"objects": []}).reason == "nothing is drawn"


# ---------------------------------------------------------------- occlusion


def test_without_its_only_stroke_the_whole_answer_is_gone(reader: Classifier) -> None:
    alone = line()
    parts = path_pieces(alone.strokes, 1)
    found = occlude(reader, alone.image, without_each(alone, parts, [0]))
    blank = np.zeros((1, 28, 28), np.float32)
    np.testing.assert_array_equal(found.images, blank)
    before, after = reader.probabilities(np.concatenate([alone.image[None], blank]))
    assert found.answer == before.argmax() == 1
    assert found.drops[0] == pytest.approx(before[1] - after[1], abs=1e-6)


def test_what_is_left_stays_where_it_was(reader: Classifier) -> None:
    whole = drawn(4, style="open")
    parts = path_pieces(whole.strokes, 12)
    images = without_each(whole, parts, range(len(parts)))
    assert len(images) == len(parts)
    assert (images <= whole.image).all()
    gone = whole.image - images
    assert (gone.sum(axis=(1, 2)) > 0.3).all()
    # Where two pieces meet, the ink belongs to both and stays; all other ink goes with its piece.
    assert gone.max(axis=0).sum() > 0.85 * whole.image.sum()


def test_a_seven_without_its_bar_is_less_of_a_seven(reader: Classifier) -> None:
    bar, stem = [[100, 60], [300, 60]], [[300, 60], [180, 340]]
    seven = Drawing.from_strokes([np.array(bar, np.float32), np.array(stem, np.float32)])
    parts = path_pieces(seven.strokes, 2)
    found = occlude(reader, seven.image, without_each(seven, parts, [0, 1]))
    assert found.answer == 7
    assert found.probabilities[0].argmax() == 1
    assert found.drops[0] > 0.5
    assert found.weights[0] > found.weights[1] > 0


def test_squares_cover_all_ink_and_a_dead_one_weighs_nothing() -> None:
    image = drawn(8).image
    squares = patches(image)
    assert np.asarray(squares.any(axis=0))[image > 0].all()
    weights = np.zeros(len(squares), np.float32)
    weights[0] = 1
    heat = by_pixel(weights, squares)
    assert (heat > 0).sum() == squares[0].sum()


def test_a_sure_answer_has_its_odds_and_no_digit_counts_against_it() -> None:
    sure = np.array([[1, 1e-10, *[0] * 8], [1, 1e-11, *[0] * 8]], np.float32)
    np.testing.assert_allclose(log_odds(with_none(sure), 0), np.log([1e10, 1e11]), rtol=1e-3)
    unsure = np.array([[0.5, *[0] * 9], [0.5, 0.5, *[0] * 8]], np.float32)
    np.testing.assert_allclose(log_odds(with_none(unsure), 0), 0, atol=1e-5)
    np.testing.assert_allclose(log_odds(with_none(unsure[:1]), 10), 0, atol=1e-5)


def test_what_is_no_digit_is_explained_as_such(reader: Classifier) -> None:
    cross = [[[60, 60], [340, 340]], [[340, 60], [60, 340]], [[200, 60], [200, 340]]]
    star = Drawing.from_strokes([np.array(stroke, np.float32) for stroke in cross])
    parts = path_pieces(star.strokes, 1)
    found = occlude(reader, star.image, without_each(star, parts, range(3)))
    none = 1 - reader.probabilities(star.image[None]).sum()
    assert found.answer == NO_DIGIT_CLASS
    assert found.probability == pytest.approx(none, abs=1e-6)
    shares = integrated_gradients(lambda images: reader.gradients(images, found.answer), star.image)
    blank = 1 - reader.probabilities(np.zeros((1, 28, 28), np.float32)).sum()
    assert shares.sum() == pytest.approx(none - blank, abs=0.05)


# ---------------------------------------------------------------- gradients


@pytest.mark.parametrize("digit", range(10))
def test_the_pixels_shares_add_up_to_the_answer(reader: Classifier, digit: int) -> None:
    image = drawn(digit, 36).image
    shares = integrated_gradients(lambda images: reader.gradients(images, digit), image)
    of_image, of_paper = reader.probabilities(np.stack([image, np.zeros_like(image)]))[:, digit]
    assert of_image > 0.9
    assert shares.sum() == pytest.approx(of_image - of_paper, abs=0.03)
    assert (shares[image == 0] == 0).all()


def test_of_a_linear_score_each_pixels_share_is_its_own() -> None:
    weights = np.random.default_rng(0).random((28, 28)).astype(np.float32)
    image = drawn(5).image
    linear = gradients.traced(
        lambda images, place: keras.ops.sum(images[..., 0] * weights, axis=(1, 2))
    )
    shares = integrated_gradients(lambda images: linear(images, 0), image)
    np.testing.assert_allclose(shares, weights * image, rtol=1e-4)


# ---------------------------------------------------------------- counterfactuals


def test_a_one_becomes_a_seven_by_its_bar(reader: Classifier) -> None:
    image = line().image
    images, labels = synthetic.make(300, 4)
    models = neighbours.Examples("synthetic", LabelledSamples(images, labels))
    near = models.like(image, 7, 8)
    made = counterfactual(reader, image, 7, models.images(near))
    assert made is not None
    assert made.probabilities.argmax() == 7
    np.testing.assert_array_equal(made.probabilities, reader.probabilities(made.image[None])[0])
    changed = np.abs(made.image - image).sum()
    assert 0 < changed < min(np.abs(models.images(near) - image).sum(axis=(1, 2)))


def test_there_is_no_way_to_a_digit_of_which_no_model_is_read(reader: Classifier) -> None:
    blank = np.zeros((2, 28, 28), np.float32)
    answer = int(reader.probabilities(blank)[0].argmax())
    assert counterfactual(reader, line().image, (answer + 1) % 10, blank) is None


# ---------------------------------------------------------------- stroke by stroke


def test_the_timeline_ends_with_the_answer(reader: Classifier) -> None:
    whole = drawn(4, style="open")
    found = timeline(reader, whole.strokes, 20)
    np.testing.assert_array_equal(found.images[-1], whole.image)
    expected = reader.probabilities(whole.image[None])[0]
    np.testing.assert_allclose(found.probabilities[-1], expected, atol=1e-5)


def test_before_there_is_more_than_a_dot_nothing_is_read(reader: Classifier) -> None:
    short = [np.array([[0, 0], [0, 100]], np.float32)]
    found = timeline(reader, short, 50)
    assert not found.probabilities[:3].any()
    assert (found.probabilities[10:, 1] > 0.9).all()


# ---------------------------------------------------------------- examples


@pytest.fixture(scope="module")
def looked_up(reader: Classifier) -> Index:
    images, labels = synthetic.make(300, 1)
    return neighbours.index(
        FeatureExtractor(reader.network), Examples("synthetic", LabelledSamples(images, labels))
    )


def test_the_nearest_to_a_training_digit_is_itself(reader: Classifier, looked_up: Index) -> None:
    places = np.array([0, 42, 299])
    hidden = FeatureExtractor(reader.network).hidden(looked_up.examples.images(places))
    for place, features in zip(places, hidden, strict=True):
        found = looked_up.nearest(features, 5)
        assert found[0] == place
        assert len(set(found)) == 5
    image = looked_up.examples.images(places)[1]
    digit = looked_up.examples.digits.labels[42]
    like = looked_up.examples.like(image, digit, 5)
    assert like[0] == 42
    assert (looked_up.examples.digits.labels[like] == digit).all()


def test_the_most_exciting_digits_come_first(reader: Classifier, looked_up: Index) -> None:
    extractor = FeatureExtractor(reader.network)
    last = len(extractor.layers) - 1
    found = looked_up.exciting(last, 3, 8)
    assert (looked_up.examples.digits.labels[found] == 3).all()
    peaks = looked_up.peaks[last][found, 3]
    assert (np.diff(peaks) <= 0).all()


def test_examples_are_mnists_where_they_are_at_hand(
    few_digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_PATH", str(few_digits))
    spec, digits = datasets.at_hand(50)
    assert (spec, len(digits)) == ("mnist", 50)
    monkeypatch.delenv("MNIST_PATH")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    spec, drawn_ones = datasets.at_hand(50)
    assert (spec, len(drawn_ones)) == ("synthetic", 50)
    cached = tmp_path / "datasets" / "mnist.npz"
    cached.parent.mkdir()
    cached.write_bytes(few_digits.read_bytes())
    spec, kept = datasets.at_hand(50)
    assert spec == "mnist"
    np.testing.assert_array_equal(kept.images, digits.images)


# ---------------------------------------------------------------- the network opened


def test_any_network_can_be_opened(any_network: keras.Model) -> None:
    extractor = FeatureExtractor(any_network)
    images = np.stack([drawn(3).image, drawn(6).image])
    activations = extractor.activations(images)
    for layer, values in zip(extractor.layers, activations, strict=True):
        assert values.shape == (2, layer.height, layer.width, layer.count)
        assert values.dtype == np.float32
    expected = any_network(images[..., None], training=False)
    np.testing.assert_allclose(activations[-1][:, 0, 0], expected, atol=1e-5)
    assert extractor.hidden(images).ndim == 2
    kinds = [layer.kind for layer in extractor.layers]
    first, deeper = kinds.index("Conv2D"), len(kinds) - 1 - kinds[::-1].index("Conv2D")
    kernel = extractor.kernels(first, 2)
    assert kernel is not None
    assert kernel.shape[0] == 1
    if deeper > first:
        inputs = extractor.kernels(deeper, 0)
        assert inputs is not None
        assert inputs.shape[0] > 1
    assert extractor.kernels(len(kinds) - 1, 0) is None
    peaks = extractor.peaks(images)
    scores, slopes = extractor.gradients(images, first, 2)
    np.testing.assert_allclose(scores, peaks[first][:, 2], rtol=1e-4, atol=1e-5)
    assert slopes.shape == images.shape
    assert slopes.any()


def test_a_layer_that_is_used_twice_is_looked_at_once() -> None:
    twice = keras.layers.Dense(28 * 28)
    given = keras.Input((28, 28, 1))
    flat = keras.layers.Flatten()(given)
    network = keras.Model(given, keras.layers.Dense(10, "softmax")(twice(twice(flat))))
    assert [layer.count for layer in FeatureExtractor(network).layers] == [784, 10]


def test_the_first_layers_map_is_the_image_under_its_kernel(reader: Classifier) -> None:
    extractor = FeatureExtractor(reader.network)
    image = drawn(2).image
    kernel = extractor.kernels(0, 5)
    assert kernel is not None
    (_, height, width) = kernel.shape
    values = extractor.activations(image[None])[0][0, :, :, 5]
    bias = np.asarray(reader.network.layers[0].bias)[5]
    padded = np.pad(image, (height // 2, width // 2))
    here = (padded[12 : 12 + height, 9 : 9 + width] * kernel[0]).sum() + bias
    assert values[12, 9] == pytest.approx(max(here, 0), abs=1e-4)
    assert (values >= 0).all()  # after the ReLU, which comes after the pooling
    assert extractor.layers[0].window == (height, width)
    assert "ReLU" not in [layer.kind for layer in extractor.layers]


def test_a_map_is_shown_from_black_to_white() -> None:
    shown = picture(np.array([[-1.0, 0.0], [1.0, 3.0]], np.float32))
    np.testing.assert_array_equal(shown, [[0, 64], [128, 255]])
    assert not picture(np.full((2, 2), 5, np.float32)).any()


def test_of_a_layers_maps_zero_is_black_and_what_is_faint_stays_dark() -> None:
    maps = np.zeros((2, 2, 3), np.float32)
    maps[0, 0] = [-5, 8, 0.08]
    maps[1, 1, 1] = 4
    nothing, found, faint = map_pictures(maps)
    assert not nothing.any()
    np.testing.assert_array_equal(found, [[255, 0], [0, 128]])
    assert 0 < faint.max() < 30


# ---------------------------------------------------------------- break it


NONE = {name: distortion.none for name, distortion in perturbation.DISTORTIONS.items()}


def test_undistorted_it_is_what_it_was(reader: Classifier) -> None:
    image = drawn(6).image
    found = perturbation.sweep(reader, image, NONE)
    np.testing.assert_allclose(found.image, image, atol=1e-6)
    for name, distortion in perturbation.DISTORTIONS.items():
        assert len(found.ranges[name]) == len(distortion.values)
        here = distortion.values.index(distortion.none)
        np.testing.assert_allclose(found.ranges[name][here], found.probabilities, atol=1e-5)


def test_each_slider_does_what_it_says(reader: Classifier) -> None:
    image = drawn(1, style="plain").image

    def under(**settings: float) -> np.ndarray:
        return perturbation.sweep(reader, image, NONE | settings).image

    def middle(ink: np.ndarray) -> float:
        return float(ink.sum(axis=0) @ np.arange(28) / ink.sum())

    assert middle(under(shift=5)) - middle(image) == pytest.approx(5, abs=0.01)
    np.testing.assert_allclose(under(turn=90), np.rot90(image, -1), atol=0.02)
    assert under(size=50).sum() == pytest.approx(image.sum() / 4, rel=0.1)
    assert under(thickness=2).sum() > 1.5 * image.sum()
    assert under(thickness=-1).sum() < 0.7 * image.sum()
    few, many = under(specks=10) != image, under(specks=30) != image
    assert few.mean() == pytest.approx(0.1, abs=0.03)
    assert many[few].all()


def test_a_six_on_its_head_is_a_nine_no_more_a_six(reader: Classifier) -> None:
    found = perturbation.sweep(reader, drawn(6).image, NONE)
    turned = found.ranges["turn"][:, 6]
    assert turned[len(turned) // 2] > 0.9
    assert turned.min() < 0.5
