"""Photos of digits on paper: the light and the paper's rules are taken out, the ink stays."""

import cv2
import numpy as np
import pytest

from benchmarks import photos
from browser.digits import DIGITS
from model.inference import classifier, segmentation
from model.inference.classifier import Classifier
from model.preprocessing import paper
from model.preprocessing.drawing import Drawing
from model.preprocessing.ink import find_ink, prepare_picture
from model.preprocessing.picture import read_picture
from model.settings import PRETRAINED

SIDE = 400


@pytest.fixture(scope="module")
def reader() -> Classifier:
    return classifier.load(PRETRAINED)


def read(reader: Classifier, picture: np.ndarray) -> list[int | None]:
    (predictions,) = segmentation.read(reader, [Drawing.from_picture(picture)])
    return [prediction.digit for prediction in predictions]


def written(digit: int, level: float = 60, background: float = 225) -> np.ndarray:
    """A digit over most of a sheet of even paper, (SIDE, SIDE) float32."""
    sheet = np.full((SIDE, SIDE), background, np.float32)
    strokes = [(np.array(stroke) * SIDE * 16).astype(np.int32) for stroke in DIGITS[digit]]
    cv2.polylines(sheet, strokes, False, level, 12, cv2.LINE_AA, 4)
    return sheet


def photographed(sheet: np.ndarray, light: np.ndarray | float = 1.0) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, 3, sheet.shape)
    return np.clip(sheet * light + noise, 0, 255).astype(np.uint8)


def ruled(digit: int) -> tuple[np.ndarray, np.ndarray]:
    """A digit on squared paper, and where there are rules without ink."""
    sheet = written(digit)
    rules = np.zeros(sheet.shape, np.uint8)
    for at in range(17, SIDE, 36):
        cv2.line(rules, (0, at), (SIDE, at + 12), 255, 2)
        cv2.line(rules, (at, 0), (at - 12, SIDE), 255, 2)
    inked = sheet < 200
    sheet = np.where((rules > 0) & ~inked, np.float32(120), sheet)
    return photographed(sheet), (rules > 0) & ~inked


SHADOW = np.where(np.arange(SIDE) < SIDE // 2, 1.0, 0.55)[None] * np.linspace(1, 0.7, SIDE)[:, None]


@pytest.mark.parametrize("digit", range(10))
def test_a_shadow_across_the_digit_is_taken_out(reader: Classifier, digit: int) -> None:
    assert read(reader, photographed(written(digit), SHADOW)) == [digit]


@pytest.mark.parametrize("digit", range(10))
def test_light_ink_on_a_dark_board_is_read(reader: Classifier, digit: int) -> None:
    board = written(digit, level=210, background=60)
    assert read(reader, photographed(board, np.linspace(1, 0.6, SIDE)[None])) == [digit]


@pytest.mark.parametrize("digit", range(10))
def test_the_rules_are_taken_out_and_the_ink_stays(reader: Classifier, digit: int) -> None:
    photo, rules = ruled(digit)
    ink = find_ink(photo).ink
    assert ink is not None
    assert (ink[rules] > 0.3).mean() < 0.05
    inked = cv2.erode((written(digit) < 100).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert (ink[inked] > 0.5).mean() > 0.97
    assert read(reader, photo) == [digit]


@pytest.mark.parametrize("turned", [False, True])
def test_a_long_straight_stroke_is_no_rule(turned: bool) -> None:
    sheet = np.full((SIDE, SIDE), 225, np.float32)
    cv2.line(sheet, (200, 40), (205, 360), 60, 4)
    photo = photographed(sheet.T if turned else sheet, np.linspace(1, 0.7, SIDE)[None])
    ink = find_ink(photo).ink
    assert ink is not None
    rows, columns = np.nonzero(ink > 0.5)
    assert max(np.ptp(rows), np.ptp(columns)) == pytest.approx(320, abs=8)


def test_runs_are_counted_up_and_down() -> None:
    mask = np.array([[1, 0], [1, 1], [0, 1], [1, 1]], bool)
    np.testing.assert_array_equal(paper._runs(mask), [[2, 0], [2, 3], [0, 3], [1, 3]])


@pytest.mark.parametrize("kind", photos.PAPERS)
def test_photos_of_every_paper_are_read(reader: Classifier, kind: str) -> None:
    rng = np.random.default_rng(5)
    right = 0
    for number in range(10):
        strokes = [np.array(stroke, np.float32) for stroke in DIGITS[number]]
        photo = photos.photo(strokes, kind, rng)
        right += read(reader, read_picture(photo.file)) == [number]
    assert right >= 9


@pytest.mark.parametrize("digit", range(10))
def test_a_clean_picture_cropped_to_its_ink_is_no_photo(digit: int) -> None:
    sheet = written(digit, 0, 255).astype(np.uint8)
    rows, columns = np.nonzero(sheet < 128)
    cropped = sheet[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    whole, part = (prepare_picture(picture).image for picture in (sheet, cropped))
    assert whole is not None
    assert part is not None
    assert np.abs(whole - part).mean() < 0.02


def test_noise_alone_has_no_digit_or_a_reason() -> None:
    rng = np.random.default_rng(1)
    for spread in (3, 30):
        noise = np.clip(rng.normal(200, spread, (300, 300)), 0, 255).astype(np.uint8)
        prepared = prepare_picture(noise)
        assert (prepared.image is None) != (prepared.reason is None)
