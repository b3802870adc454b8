"""A sheet of paper with the desk around it is found in a photo; nothing else is taken for one."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import desks, photos
from browser.digits import DIGITS
from model.data import synthetic
from model.errors import InklingError
from model.inference import classifier, segmentation
from model.inference.classifier import Classifier
from model.preprocessing import sheet
from model.preprocessing.drawing import Drawing
from model.preprocessing.ink import find_ink
from model.preprocessing.picture import read_picture
from model.settings import PRETRAINED

Points = np.ndarray
INK = 40


@pytest.fixture(scope="module")
def reader() -> Classifier:
    return classifier.load(PRETRAINED)


def strokes_of(digit: int) -> list[np.ndarray]:
    return [np.array(stroke, np.float32) for stroke in DIGITS[digit]]


def on_desk(
    digit: int, corners: Points, shape: tuple[int, int] = (600, 800), desk: float = 70
) -> tuple[np.ndarray, Points]:
    """A photo (H, W, 3) of a sheet on a brown desk with a digit in its middle; and where its ink
    is, (P, 2)."""
    flat = np.full((400, 400), 230, np.uint8)
    points = [np.round(stroke * 200 + 100).astype(np.int32) for stroke in strokes_of(digit)]
    cv2.polylines(flat, points, False, INK, 14, cv2.LINE_AA)
    own = np.array([(0, 0), (400, 0), (400, 400), (0, 400)], np.float32)
    to = cv2.getPerspectiveTransform(own, corners.astype(np.float32))
    size = shape[::-1]
    lies = cv2.warpPerspective(np.full(flat.shape, 255, np.uint8), to, size)[..., None] / 255.0
    paper = cv2.warpPerspective(flat, to, size)[..., None]
    brown = desk * np.array([1.25, 1.0, 0.75])
    noise = np.random.default_rng(digit).normal(0, 3, (*shape, 3))
    seen = paper * lies + brown * (1 - lies) + noise
    inked = np.concatenate(points).astype(np.float64)[None]
    photo = np.clip(cv2.GaussianBlur(seen, (0, 0), 1), 0, 255).astype(np.uint8)
    return photo, cv2.perspectiveTransform(inked, to)[0]


TURNED = np.array([(250, 90), (640, 160), (580, 520), (160, 450)], np.float64)
OFF_THE_RIGHT = np.array([(300, 60), (900, 20), (920, 560), (320, 540)], np.float64)


@pytest.mark.parametrize("desk", desks.DESKS)
def test_a_sheets_corners_are_found_on_every_desk(desk: str) -> None:
    rng = np.random.default_rng(3)
    near = 0
    for number in range(10):
        photo = photos.photo_on_desk(strokes_of(number), photos.PAPERS[number % 3], desk, rng)
        assert photo.lies is not None
        found = sheet.corners(read_picture(photo.file))
        masks = np.zeros((2, *photo.lies.shape), np.uint8)
        for mask, corners in zip(masks, (found, photo.lies.corners), strict=True):
            if corners is not None:
                cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 1)
        near += (masks[0] & masks[1]).sum() > 0.97 * (masks[0] | masks[1]).sum()
    assert near >= 9


@pytest.mark.parametrize("desk", desks.DESKS)
def test_digits_on_sheets_are_read(reader: Classifier, desk: str) -> None:
    rng = np.random.default_rng(11)
    right = 0
    for number in range(10):
        photo = photos.photo_on_desk(strokes_of(number), photos.PAPERS[number % 3], desk, rng)
        drawing = Drawing.from_picture(read_picture(photo.file))
        (predictions,) = segmentation.read(reader, [drawing])
        right += [prediction.digit for prediction in predictions] == [number]
    assert right >= 9


@pytest.mark.parametrize("corners", [TURNED, OFF_THE_RIGHT])
@pytest.mark.parametrize("larger", [1, 4])
def test_boxes_are_in_the_pictures_own_px(reader: Classifier, corners: Points, larger: int) -> None:
    photo, inked = on_desk(3, corners)
    fine = np.asarray(cv2.resize(photo, None, fx=larger, fy=larger), np.uint8)
    (predictions,) = segmentation.read(reader, [Drawing.from_picture(fine)])
    assert [prediction.digit for prediction in predictions] == [3]
    x, y, width, height = predictions[0].box
    low, high = inked.min(axis=0) * larger, inked.max(axis=0) * larger
    np.testing.assert_allclose((x, y), low, atol=22 * larger)  # half of the pen, and more
    np.testing.assert_allclose((x + width, y + height), high, atol=22 * larger)


def test_the_ink_is_as_if_seen_from_above() -> None:
    """However the sheet lies, the digit on it is the same."""
    images = []
    for turn in (-20, 0, 20):
        to = cv2.getRotationMatrix2D((400, 300), turn, 1)
        square = np.array([(200, 100), (600, 100), (600, 500), (200, 500)], np.float64)
        drawing = Drawing.from_picture(on_desk(7, cv2.transform(square[None], to)[0])[0])
        assert drawing.found is not None
        assert drawing.found.corners is not None
        images.append(drawing.image)
    for image in images[1:]:
        assert np.abs(image - images[0]).mean() < 0.05  # a px' shift


def test_corners_that_are_given_are_taken() -> None:
    photo, inked = on_desk(5, TURNED)
    given_corners = TURNED + np.array([(20, 20), (-20, 20), (-20, -20), (20, -20)])
    found = find_ink(photo, given_corners)
    np.testing.assert_array_equal(found.corners, given_corners)
    assert found.ink is not None
    rows, columns = np.nonzero(found.ink > 0.5)
    seen = found.on_picture(np.stack([columns, rows], axis=1).astype(np.float64))
    np.testing.assert_allclose(seen.min(axis=0), inked.min(axis=0), atol=12)
    np.testing.assert_allclose(seen.max(axis=0), inked.max(axis=0), atol=12)


@pytest.mark.parametrize(
    "corners",
    [
        TURNED + 5000,  # elsewhere
        TURNED[::-1],  # from behind
        TURNED[[0, 2, 1, 3]],  # crossed
        np.tile(TURNED[:1], (4, 1)),  # a point
    ],
)
def test_corners_of_no_sheet_are_refused(corners: Points) -> None:
    photo, _ = on_desk(5, TURNED)
    with pytest.raises(InklingError, match="corners"):
        find_ink(photo, corners)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_paper_that_fills_the_photo_is_left_as_it_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    digit, paper = int(rng.integers(10)), str(rng.choice(photos.PAPERS))
    photo = read_picture(photos.photo(strokes_of(digit), paper, rng).file)
    assert find_ink(photo).corners is None


@pytest.mark.parametrize("digit", range(10))
def test_light_ink_on_a_board_is_no_sheet(digit: int) -> None:
    board = np.full((400, 400), 60, np.float32)
    points = [(stroke * 400).astype(np.int32) for stroke in strokes_of(digit)]
    cv2.polylines(board, points, False, 210, 16, cv2.LINE_AA)
    lit = board * np.linspace(1, 0.6, 400)[None]
    noise = np.random.default_rng(digit).normal(0, 3, board.shape)
    assert find_ink(np.clip(lit + noise, 0, 255).astype(np.uint8)).corners is None


def screenshot(digit: int, dark: bool) -> np.ndarray:
    """A window with a title and a sheet that was drawn on."""
    shot = np.full((500, 700, 3), 40 if dark else 190, np.uint8)
    shot[:40] = 90
    shot[80:460, 120:580] = 255
    points = [(stroke * 300 + (200, 120)).astype(np.int32) for stroke in strokes_of(digit)]
    cv2.polylines(shot, points, False, (0, 0, 0), 20, cv2.LINE_AA)
    return shot


def drawn_pictures() -> list[np.ndarray]:
    images, _ = synthetic.make(20, 1)
    mnist = [np.round(255 * image).astype(np.uint8) for image in images]
    plain = np.full((300, 300), 255, np.uint8)
    cv2.polylines(plain, [(s * 300).astype(np.int32) for s in strokes_of(4)], False, 0, 20)
    shots = [screenshot(digit, dark) for digit in range(10) for dark in (False, True)]
    clear = np.dstack([np.zeros((300, 300, 3), np.uint8), 255 - plain])
    return [*mnist, *(255 - image for image in mnist), plain, 255 - plain, clear, *shots]


def test_what_is_no_photo_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [find_ink(picture) for picture in drawn_pictures()]
    monkeypatch.setattr(sheet, "corners", lambda _: None)
    for one, picture in zip(found, drawn_pictures(), strict=True):
        as_ever = find_ink(picture)
        assert one.corners is None
        np.testing.assert_array_equal(one.ink, as_ever.ink)
        assert (one.reason, one.scale) == (as_ever.reason, as_ever.scale)


@given(st.integers(0, 2**32 - 1), st.integers(10, 90), st.integers(10, 90), st.integers(1, 40))
@settings(max_examples=15, deadline=None)
def test_any_picture_has_a_sheet_that_can_be_flattened_or_none(
    seed: int, height: int, width: int, grain: int
) -> None:
    coarse = np.random.default_rng(seed).integers(0, 256, (90 // grain + 1, 90 // grain + 1, 3))
    size = 6 * width, 6 * height
    picture = cv2.resize(coarse.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    found = find_ink(np.asarray(picture, np.uint8))
    assert (found.ink is None) == (found.reason is not None)
    assert found.corners is None or found.corners.shape == (4, 2)
