"""Which strokes and which pieces of a picture are one digit, and what the number is."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from browser.digits import DIGITS, arc
from model.data import synthetic
from model.inference import classifier, prediction, segmentation
from model.inference.classifier import Classifier
from model.inference.prediction import Outcome, Prediction
from model.inference.segmentation import WEIGHTS
from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import Unreadable
from model.preprocessing.ink import prepare_ink, prepare_picture
from model.preprocessing.segments import Box, Candidate
from model.preprocessing.strokes import is_scrawl, prepare_strokes
from model.settings import PRETRAINED

Strokes = list[np.ndarray]


@pytest.fixture(scope="module")
def reader() -> Classifier:
    return classifier.load(PRETRAINED)


def read(reader: Classifier, drawing: Drawing) -> list[int | None]:
    (predictions,) = segmentation.read(reader, [drawing])
    return [prediction.digit for prediction in predictions]


def glyph(digit: int) -> Strokes:
    return [np.array(stroke) for stroke in DIGITS[digit]]


def side_by_side(digits: list[Strokes], gap: float, height: float = 100) -> Strokes:
    """Digits of the same height in a row, their boxes `gap` heights apart."""
    row, right = [], 0.0
    for strokes in digits:
        points = np.concatenate(strokes)
        scale = height / np.ptp(points[:, 1])
        row += [(stroke - points.min(axis=0)) * scale + (right, 0) for stroke in strokes]
        right += (np.ptp(points[:, 0]) * scale) + gap * height
    return row


def number(digits: str, gap: float = 0.2, height: float = 100) -> Strokes:
    return side_by_side([glyph(int(digit)) for digit in digits], gap, height)


def picture(strokes: Strokes, pen: int = 8) -> np.ndarray:
    """Black on white, with 20 px around."""
    points = np.concatenate(strokes)
    width, height = np.ceil(np.ptp(points, axis=0) + 40).astype(int)
    paper = np.full((height, width), 255, np.uint8)
    placed = [np.round(stroke - points.min(axis=0) + 20).astype(np.int32) for stroke in strokes]
    cv2.polylines(paper, placed, False, 0, pen, cv2.LINE_AA)
    return paper


# ---------------------------------------------------------------- which strokes are one digit

FOOT = [[(0.35, 0.3), (0.5, 0.15), (0.5, 0.85)], [(0.3, 0.85), (0.7, 0.85)]]
ONE_DIGIT = {
    "a 5 with its hat apart": (5, [DIGITS[5][0], [(0.4, 0.13), (0.55, 0.12), (0.75, 0.11)]]),
    "an open 4": (4, [[(0.33, 0.15), (0.28, 0.55), (0.6, 0.53)], [(0.68, 0.25), (0.66, 0.86)]]),
    "a crossed 7": (7, [*DIGITS[7], [(0.42, 0.5), (0.72, 0.48)]]),
    "a slashed 0": (0, [arc(0.5, 0.5, 0.2, 0.34, -0.25, -1.25), [(0.64, 0.25), (0.36, 0.75)]]),
    "a 1 with a foot": (1, FOOT),
}


@pytest.mark.parametrize("name", ONE_DIGIT)
def test_several_strokes_are_one_digit(reader: Classifier, name: str) -> None:
    digit, points = ONE_DIGIT[name]
    strokes = [np.array(stroke) for stroke in points]
    (predictions,) = segmentation.read(reader, [Drawing.from_strokes(strokes)])
    assert len(predictions) == 1
    np.testing.assert_array_equal(predictions[0].image, prepare_strokes(strokes).image, strict=True)
    if digit != 0:  # the network that ships does not know the slash
        assert predictions[0].digit == digit


@pytest.mark.parametrize("name", ONE_DIGIT)
def test_they_are_one_digit_among_others(reader: Classifier, name: str) -> None:
    _, points = ONE_DIGIT[name]
    middle = [np.array(stroke) for stroke in points]
    digits = read(reader, Drawing.from_strokes(side_by_side([glyph(2), middle, glyph(3)], 0.2)))
    assert len(digits) == 3
    assert digits[::2] == [2, 3]


@pytest.mark.parametrize("gap", [-0.03, 0.0, 0.1, 0.4])
@pytest.mark.parametrize("digits", ["42", "1984", "50", "77", "306", "170042"])
def test_numbers_are_read_whatever_their_gaps(reader: Classifier, digits: str, gap: float) -> None:
    assert read(reader, Drawing.from_strokes(number(digits, gap))) == [int(d) for d in digits]


@given(st.permutations(range(7)), st.floats(0.01, 1000), st.floats(-1e4, 1e4))
@settings(max_examples=20)
def test_the_strokes_order_the_size_and_the_place_change_nothing(
    reader: Classifier, order: list[int], scale: float, shift: float
) -> None:
    strokes = number("4157")
    strokes.append(strokes[-1][-2:])  # one that goes over a bit of the last again
    mixed = [strokes[index] * scale + shift for index in order if index < len(strokes)]
    assert read(reader, Drawing.from_strokes(mixed)) == [4, 1, 5, 7]


def test_each_digit_has_the_box_of_its_ink(reader: Classifier) -> None:
    strokes = number("61", gap=0.3)
    (predictions,) = segmentation.read(reader, [Drawing.from_strokes(strokes)])
    for reading_, stroke in zip(predictions, strokes, strict=True):
        low, extent = stroke.min(axis=0), np.ptp(stroke, axis=0)
        np.testing.assert_allclose(reading_.box, [*low, *extent], atol=1e-9)


def test_one_stroke_is_never_divided() -> None:
    ink = Drawing.from_strokes([np.concatenate(number("11"))])
    assert [(one.first, one.end) for one in ink.segments.candidates] == [(0, 1)]


def test_a_scribble_of_many_strokes_is_no_number() -> None:
    rng = np.random.default_rng(0)
    ink = Drawing.from_strokes([rng.uniform(0, 100, (5, 2)) for _ in range(65)])
    assert len(ink.segments.candidates) <= 1


@given(
    st.lists(st.lists(st.tuples(st.floats(-99, 99), st.floats(-99, 99)), max_size=6), max_size=20)
)
@settings(max_examples=40)
def test_any_strokes_are_read_or_have_a_reason(
    reader: Classifier, points: list[list[tuple[float, float]]]
) -> None:
    strokes = [np.array(stroke) for stroke in points]
    ink = Drawing.from_strokes(strokes)
    prepared = prepare_strokes(strokes)
    assert ink.reason == prepared.reason
    (predictions,) = segmentation.read(reader, [ink])
    assert bool(predictions) == (prepared.image is not None)
    for one in predictions:
        assert one.image.shape == (28, 28)
        assert one.probabilities.shape == (10,)
        assert min(one.box.width, one.box.height) >= 0


# ---------------------------------------------------------------- the best way to cut


@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_the_way_of_the_highest_sum_is_taken(count: int, seed: int) -> None:
    """Against all ways there are."""
    rng = np.random.default_rng(seed)
    spans = list(itertools.combinations(range(count + 1), 2))
    kept = [span for span in spans if span == (0, count) or rng.random() < 0.8]
    blank = np.zeros((28, 28), np.float32)
    groups = {
        span: Candidate(*span, blank, Box(*span, 0, 0), rng.normal(size=len(WEIGHTS) - 1))
        for span in kept
    }
    rows = {span: rng.dirichlet(np.ones(10)).astype(np.float32) for span in kept}

    def total(way: tuple[tuple[int, int], ...]) -> float:
        return sum(float(segmentation.all_features(groups[s], rows[s]) @ WEIGHTS) for s in way)

    ways = []
    for size in range(count):
        for inner in itertools.combinations(range(1, count), size):
            way = tuple(itertools.pairwise((0, *inner, count)))
            if all(span in groups for span in way):
                ways.append(way)
    chosen = segmentation._best([(groups[span], rows[span]) for span in kept])
    assert tuple((int(one.box.x), int(one.box.y)) for one in chosen) == max(ways, key=total)


def test_many_are_read_as_each_alone(reader: Classifier) -> None:
    inks = [Drawing.from_strokes(number(digits)) for digits in ("3", "81", "250")]
    inks.insert(1, Drawing.from_strokes([]))
    together = segmentation.read(reader, inks)
    alone = [segmentation.read(reader, [ink])[0] for ink in inks]
    for many, one in zip(together, alone, strict=True):
        assert [r.digit for r in many] == [r.digit for r in one]
    assert together[1] == []


# ---------------------------------------------------------------- a canvas and a picture


def test_a_canvas_boxes_go_around_the_pens_ink(reader: Classifier) -> None:
    strokes = number("38", gap=0.4)
    objects = []
    for stroke in strokes:
        low, high = stroke.min(axis=0), stroke.max(axis=0)
        path = [["M", *stroke[0].tolist()], *(["L", *point] for point in stroke[1:].tolist())]
        left, top = ((low + high) / 2).tolist()
        middle = {"originX": "center", "originY": "center", "left": left, "top": top}
        objects.append({"type": "Path", "path": path, "strokeWidth": 20} | middle)
    (predictions,) = segmentation.read(reader, [Drawing.from_canvas({"objects": objects})])
    assert [one.digit for one in predictions] == [3, 8]
    for one, stroke in zip(predictions, strokes, strict=True):
        low, extent = stroke.min(axis=0) - 10, np.ptp(stroke, axis=0) + 20
        np.testing.assert_allclose(one.box, [*low, *extent], atol=1e-3)


@pytest.mark.parametrize("digits", ["42", "1984", "306"])
@pytest.mark.parametrize("height", [40, 150, 600])
def test_a_pictures_number_is_read_by_its_components(
    reader: Classifier, digits: str, height: int
) -> None:
    strokes = number(digits, 0.35, height)
    pen = max(2, height // 12)
    (predictions,) = segmentation.read(reader, [Drawing.from_picture(picture(strokes, pen))])
    assert [one.digit for one in predictions] == [int(digit) for digit in digits]
    rights = [one.box.x + one.box.width for one in predictions]
    assert all(right < one.box.x for right, one in zip(rights, predictions[1:], strict=False))
    for one in predictions:  # in the picture's own px, whatever it was reduced to
        assert one.box.y + pen / 2 == pytest.approx(20, abs=4 + height / 50)
        assert one.box.height - pen == pytest.approx(height, rel=0.05, abs=5)


def test_most_digits_that_touch_in_a_picture_are_two(reader: Classifier) -> None:
    """With plain cuts down a column it was 36 of 66."""
    pairs = {f"{pair:02}": picture(number(f"{pair:02}", 0.06), 10) for pair in range(100)}
    touching = {
        digits: seen
        for digits, seen in pairs.items()
        if cv2.connectedComponents((seen < 128).astype(np.uint8))[0] == 2
    }
    assert len(touching) > 60
    read_as = segmentation.read(reader, [Drawing.from_picture(seen) for seen in touching.values()])
    right = [
        [one.digit for one in predictions] == [int(digit) for digit in digits]
        for digits, predictions in zip(touching, read_as, strict=True)
    ]
    assert sum(right) >= 0.8 * len(right)


def test_each_digit_of_a_number_has_its_own_strokes(reader: Classifier) -> None:
    strokes = [stroke.astype(np.float32) for stroke in number("542")]
    whole = Drawing.from_strokes([strokes[place] for place in (4, 0, 2, 3, 1)])  # a hat comes last
    digits = segmentation.digits(reader, whole)
    assert [one.digit for one, _ in digits] == [5, 4, 2]
    for (one, part), own in zip(digits, [strokes[:2], strokes[2:4], strokes[4:]], strict=True):
        assert {stroke.tobytes() for stroke in part.strokes} == {s.tobytes() for s in own}
        np.testing.assert_array_equal(part.image, one.image)


def test_each_digit_of_a_pictures_number_has_its_own_ink(reader: Classifier) -> None:
    whole = Drawing.from_picture(picture(number("38", 0.06), 10))  # in one piece
    digits = segmentation.digits(reader, whole)
    assert [one.digit for one, _ in digits] == [3, 8]
    (_, left), (_, right) = digits
    assert left.ink is not None
    assert right.ink is not None
    np.testing.assert_array_equal(left.ink + right.ink, whole.ink)
    assert left.box[0] + left.box[2] < right.box[0] + 5
    np.testing.assert_array_equal(prepare_ink(right.ink).image, right.image)


def test_a_single_digit_is_all_of_its_drawing(reader: Classifier) -> None:
    whole = Drawing.from_strokes([stroke.astype(np.float32) for stroke in number("4")])
    ((one, part),) = segmentation.digits(reader, whole)
    assert one.digit == 4
    assert part is whole


@pytest.mark.parametrize("seed", range(3))
def test_a_picture_of_one_digit_is_prepared_as_ever(reader: Classifier, seed: int) -> None:
    images, _ = synthetic.make(60, seed)
    for image in images:
        ink, prepared = Drawing.from_picture(image), prepare_picture(image)
        assert prepared.image is not None
        np.testing.assert_array_equal(ink.image, prepared.image)
        (predictions,) = segmentation.read(reader, [ink])
        assert len(predictions) == 1
        np.testing.assert_array_equal(predictions[0].image, prepared.image)


def test_what_is_no_picture_of_a_digit_has_a_reason(reader: Classifier) -> None:
    blank = Drawing.from_picture(np.full((60, 60), 255, np.uint8))
    assert blank.reason == Unreadable.BLANK
    assert segmentation.read(reader, [blank]) == [[]]


@given(
    st.integers(1, 120),
    st.integers(1, 120),
    st.integers(0, 2**32 - 1),
    st.sampled_from([2, 30, 256]),
    st.integers(1, 12),
)
@settings(max_examples=60)
def test_any_picture_has_candidates_or_a_reason(
    height: int, width: int, seed: int, levels: int, grain: int
) -> None:
    """Grains as large as digits' parts make pieces of all kinds."""
    coarse = np.random.default_rng(seed).integers(0, levels, (120 // grain, 120 // grain))
    ink = cv2.resize(coarse.astype(np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    found = Drawing.from_picture(ink.astype(np.uint8))
    assert (found.reason is not None) == (not found.segments.candidates)
    candidates = found.segments.candidates
    last = max((one.end for one in candidates), default=0)
    assert not candidates or (0, last) in {(one.first, one.end) for one in candidates}
    for one in candidates:
        assert one.image.shape == (28, 28)
        assert 0 <= one.box.x <= one.box.x + one.box.width <= width + 1e-6
        assert 0 <= one.box.y <= one.box.y + one.box.height <= height + 1e-6


# ---------------------------------------------------------------- no digit


def reading_of(row: Sequence[float]) -> Prediction:
    return Prediction(np.array(row, np.float32), np.zeros((28, 28), np.float32), Box(0, 0, 1, 1))


def test_what_is_rather_none_is_no_digit() -> None:
    likely = 1 - prediction.DOUBTFUL
    sure = reading_of([0.02, 0.9, 0.05] + [0] * 7)
    half = reading_of([0, 0.7 * likely, 0.31 * likely] + [0] * 7)
    none = reading_of([0, 0.7 * likely, 0.29 * likely] + [0] * 7)
    assert (sure.digit, half.digit, none.digit) == (1, 1, None)
    assert none.nearest == half.nearest == (1, 2)
    assert segmentation.together([sure, half]) == pytest.approx(0.63 * likely)


def test_between_a_digit_and_none_lies_doubt() -> None:
    rows = [[0, 1 - none] + [0] * 8 for none in (0.0, prediction.REFUSED - 0.001, 1.0)]
    outcomes = [reading_of(row).outcome for row in rows]
    assert outcomes == [Outcome.DIGIT, Outcome.IN_DOUBT, Outcome.NONE]
    assert [reading_of(row).digit for row in rows] == [1, None, None]
    assert reading_of(rows[1]).reason == "this may be a 1, or no digit"


@pytest.mark.parametrize(
    ("strokes", "expected"),
    [
        ([[(0, 0), (0, 9)]], False),
        ([[(0, 0), (9, 0), (0, 9), (9, 9)]], False),
        ([[(x, 0), (x, 9)] for x in range(5)], True),
        ([[(0, y % 2 * 9) for y in range(7)]], True),
        ([], False),
    ],
    ids=["a line", "a Z", "five strokes", "to and fro", "nothing"],
)
def test_more_ink_than_a_digit_takes_is_a_scrawl(
    strokes: list[list[tuple[int, int]]], expected: bool
) -> None:
    assert is_scrawl([np.array(stroke, np.float32) for stroke in strokes]) == expected


def test_a_scrawl_is_no_digit_whatever_it_looks_like(reader: Classifier) -> None:
    sure = reading_of([0, 1] + [0] * 8)
    assert sure.digit == 1
    assert replace(sure, is_scrawl=True).outcome is Outcome.NONE
    back_and_forth = [np.array([(0, y % 2 * 90) for y in range(9)], np.float32)]
    ((answer,),) = segmentation.read(reader, [Drawing.from_strokes(back_and_forth)])
    assert answer.is_scrawl


def test_what_stands_beside_digits_is_one() -> None:
    digit, doubtful, letter = (np.array([1 - none] + [0] * 9) for none in (0.001, 0.9, 0.99))
    assert prediction.are_digits([digit, doubtful])
    assert prediction.are_digits([digit, letter, digit])
    assert not prediction.are_digits([doubtful, letter])
    assert not prediction.are_digits([doubtful])
