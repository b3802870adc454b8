"""Ink to 28×28: against MNIST's published procedure, its measured facts, and invariances."""

import math
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from model.data import synthetic
from model.errors import InklingError
from model.preprocessing import picture as picture_file
from model.preprocessing.canvas import strokes_from_canvas
from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import Prepared, Unreadable, centre, crop, fit
from model.preprocessing.ink import prepare_picture
from model.preprocessing.picture import read_picture
from model.preprocessing.pixels import to_float32
from model.preprocessing.stroke_width import stroke_width
from model.preprocessing.strokes import STROKE_WIDTH, prepare_strokes
from tests.support.files import encoded

Json = dict[str, Any]

digits = st.integers(0, 9)
seeds = st.integers(0, 2**32 - 1)


def drawn(digit: int, seed: int, style: str | None = None) -> list[np.ndarray]:
    """A digit's strokes, its longer side 1."""
    strokes = synthetic.draw_digit(digit, np.random.default_rng(seed), style)
    points = np.concatenate(strokes)
    return [(stroke - points.min(0)) / np.ptp(points, axis=0).max() for stroke in strokes]


def image_of(prepared: Prepared | Drawing) -> np.ndarray:
    assert prepared.reason is None
    assert prepared.image is not None
    assert prepared.image.shape == (28, 28)
    assert prepared.image.dtype == np.float32
    assert 0 <= prepared.image.min() <= prepared.image.max() <= 1
    return prepared.image


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Mean absolute, where one of them may lie a pixel beside the other.

    Where the centre of mass lies half-way between two pixels, next to nothing decides which of
    them becomes the middle.
    """
    shifts = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return min(float(np.abs(one - np.roll(other, shift, (0, 1))).mean()) for shift in shifts)


def picture_of(strokes: list[np.ndarray], side: int, pen: int) -> np.ndarray:
    """Black ink on white paper, (H, W) uint8, as a canvas paints it: the ink `side` px long."""
    margin = pen + 5
    scale = side - pen
    paths = [np.round((s * scale + margin) * 16).astype(np.int32) for s in strokes]
    picture = np.full((side + 2 * margin, side + 2 * margin), 255, np.uint8)
    cv2.polylines(picture, paths, False, 0, pen, cv2.LINE_AA, 4)
    return picture


# ---------------------------------------------------------------- MNIST's procedure, literally


def mnist_procedure(bilevel: np.ndarray) -> np.ndarray:
    """Crop, fit into 20×20 by the area each pixel covers, shift by the centre of mass; slowly."""
    rows, columns = np.nonzero(bilevel)
    ink = bilevel[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    height, width = ink.shape
    scale = 20 / max(height, width)
    fitted_height, fitted_width = max(1, round(height * scale)), max(1, round(width * scale))
    fitted = np.zeros((fitted_height, fitted_width))
    for row in range(fitted_height):
        for column in range(fitted_width):
            top, bottom = row * height / fitted_height, (row + 1) * height / fitted_height
            left, right = column * width / fitted_width, (column + 1) * width / fitted_width
            area = 0.0
            for y in range(int(top), math.ceil(bottom - 1e-9)):
                for x in range(int(left), math.ceil(right - 1e-9)):
                    covered = (min(bottom, y + 1) - max(top, y)) * (
                        min(right, x + 1) - max(left, x)
                    )
                    area += covered * bool(ink[y, x])
            fitted[row, column] = area / ((bottom - top) * (right - left))
    total = fitted.sum()
    mean_row = sum(row * value for (row, _), value in np.ndenumerate(fitted)) / total
    mean_column = sum(column * value for (_, column), value in np.ndenumerate(fitted)) / total
    down, across = round(14 - mean_row), round(14 - mean_column)
    field = np.zeros((28, 28))
    for (row, column), value in np.ndenumerate(fitted):
        field[row + down, column + across] = value
    return field


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("side", [45, 130])
def test_a_bilevel_picture_is_fitted_as_mnist_was(digit: int, side: int) -> None:
    pen = round(side * STROKE_WIDTH / 20)
    picture = np.where(picture_of(drawn(digit, 7), side, pen) < 128, 0, 255).astype(np.uint8)
    image = image_of(prepare_picture(picture))
    np.testing.assert_allclose(image, mnist_procedure(picture == 0), atol=0.02)


@pytest.mark.parametrize("digit", range(10))
def test_a_pen_path_is_drawn_as_mnist_would_have_scanned_it(digit: int) -> None:
    strokes = drawn(digit, 11)
    scanned = picture_of(strokes, 320, round(16 * STROKE_WIDTH)) < 128
    image = image_of(prepare_strokes(strokes))
    assert difference(image, mnist_procedure(scanned)) < 0.03


# ---------------------------------------------------------------- MNIST's measured facts


def assert_mnists_box_and_centre(image: np.ndarray) -> None:
    """The longer side is 20 px, the centre of mass at 14 ± 0.5, or the ink at the field's edge."""
    rows, columns = np.nonzero(image)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    for indices in (rows, columns):
        centre = indices @ image[rows, columns] / image.sum()
        at_the_edge = indices.min() == 0 or indices.max() == 27
        assert abs(centre - 14) <= 0.5 + 1e-4 or (at_the_edge and abs(centre - 14) < 4)


@given(digits, seeds)
def test_pen_strokes_have_mnists_box_centre_and_width(digit: int, seed: int) -> None:
    assert_mnists_box_and_centre(image_of(prepare_strokes(drawn(digit, seed))))


def test_pen_strokes_have_mnists_width() -> None:
    """MNIST's are 2.6 px in the middle, 1.8 to 3.9 px from the 5th to the 95th percentile."""
    images = [image_of(prepare_strokes(drawn(i % 10, i))) for i in range(200)]
    enlarged = [cv2.resize(i, None, fx=8, fy=8, interpolation=cv2.INTER_LINEAR) for i in images]
    widths = [stroke_width(image.astype(np.float32)) / 8 for image in enlarged]
    low, middle, high = np.percentile(widths, [5, 50, 95])
    assert 1.8 <= low <= high <= 3.9
    assert abs(middle - 2.6) < 0.4


@given(digits, seeds, st.integers(60, 260), st.integers(4, 12))
@settings(deadline=None)
def test_pictures_have_mnists_box_and_centre(digit: int, seed: int, side: int, pen: int) -> None:
    picture = picture_of(drawn(digit, seed), side, pen)
    assert_mnists_box_and_centre(image_of(prepare_picture(picture)))


@pytest.mark.parametrize("digit", range(10))
def test_a_prepared_digit_comes_back_as_it_is(digit: int) -> None:
    image = (image_of(prepare_strokes(drawn(digit, 3))) * 255).round().astype(np.uint8)
    again = image_of(prepare_picture(image))
    np.testing.assert_allclose(again, image / 255, atol=0.03)


# ---------------------------------------------------------------- invariance


def canvas(strokes: list[np.ndarray], pen: float = 20, **transform: object) -> Json:
    """The strokes as the canvas sends them, each a path of M, Q … and L."""
    return {"objects": [path(stroke, pen) | transform for stroke in strokes]}


def path(stroke: np.ndarray, pen: float) -> Json:
    middles = (stroke[:-1] + stroke[1:]) / 2
    commands: list[list[Any]] = [["M", *stroke[0].tolist()]]
    for point, middle in zip(stroke[:-1], middles, strict=True):
        commands.append(["Q", *point.tolist(), *middle.tolist()])
    commands.append(["L", *stroke[-1].tolist()])
    low, high = quadratic_box(commands)
    return {
        "type": "Path",
        "path": commands,
        "originX": "center",
        "originY": "center",
        "left": (low[0] + high[0]) / 2,
        "top": (low[1] + high[1]) / 2,
        "width": high[0] - low[0],
        "height": high[1] - low[1],
        "strokeWidth": pen,
    }


def quadratic_box(commands: list[list[Any]]) -> tuple[np.ndarray, np.ndarray]:
    """The box of a path, by trying a thousand points of every curve."""
    t = np.linspace(0, 1, 1001)[:, None]
    at = np.array(commands[0][1:], float)
    seen = [at[None]]
    for name, *numbers in commands[1:]:
        if name == "Q":
            bend, end = np.array(numbers[:2]), np.array(numbers[2:])
            seen.append((1 - t) ** 2 * at + 2 * t * (1 - t) * bend + t**2 * end)
            at = end
        else:
            at = np.array(numbers)
            seen.append(at[None])
    points = np.concatenate(seen)
    return points.min(0), points.max(0)


@given(
    digits,
    seeds,
    st.floats(40, 260),
    st.floats(4, 40),
    st.tuples(st.floats(0, 280), st.floats(0, 280)),
)
def test_pen_width_size_and_place_change_nothing(
    digit: int, seed: int, side: float, pen: float, place: tuple[float, float]
) -> None:
    strokes = drawn(digit, seed)
    here = image_of(Drawing.from_canvas(canvas([s * 200 + 40 for s in strokes], 12)))
    there = image_of(Drawing.from_canvas(canvas([s * side + place for s in strokes], pen)))
    assert difference(here, there) < 0.01


@given(digits, seeds, st.floats(60, 260))
@settings(deadline=None)
def test_a_pictures_size_changes_little(digit: int, seed: int, side: float) -> None:
    strokes = drawn(digit, seed)
    one, other = (
        image_of(prepare_picture(picture_of(strokes, s, max(4, round(s * 0.13)))))
        for s in (200, round(side))
    )
    assert difference(one, other) < 0.06


@given(digits, seeds, st.sampled_from([4, 8, 12, 20, 32, 40]))
@settings(deadline=None)
def test_a_pictures_pen_width_is_brought_to_mnists(digit: int, seed: int, pen: int) -> None:
    """As close to the pen path's own image as the plain fit is, or closer."""
    strokes = drawn(digit, seed)
    picture = picture_of(strokes, 240, pen)
    wanted = image_of(prepare_strokes(strokes))
    prepared = prepare_picture(picture)
    image = image_of(prepared)
    plain = mnist_like_fit(picture)
    assert difference(image, wanted) <= difference(plain, wanted) + 0.02


@pytest.mark.parametrize("pen", [4, 8, 60])
@pytest.mark.parametrize(
    ("digit", "style"), [(0, "round"), (1, "plain"), (2, "plain"), (5, "unlifted"), (7, "plain")]
)
def test_thin_and_thick_strokes_become_as_wide_as_the_paths(
    digit: int, style: str, pen: int
) -> None:
    strokes = drawn(digit, 2, style)
    wanted = image_of(prepare_strokes(strokes))
    image = image_of(prepare_picture(picture_of(strokes, 260, pen)))
    assert image.sum() == pytest.approx(wanted.sum(), rel=0.2)


@pytest.mark.parametrize("side", [450, 1600])
@pytest.mark.parametrize("digit", [3, 8])
def test_a_hairline_in_a_large_picture_is_read(digit: int, side: int) -> None:
    """It is less than half of a pixel wide where strokes are measured."""
    strokes = drawn(digit, 5)
    image = image_of(prepare_picture(picture_of(strokes, side, 1)))
    assert image.sum() == pytest.approx(image_of(prepare_strokes(strokes)).sum(), rel=0.35)


def mnist_like_fit(picture: np.ndarray) -> np.ndarray:
    return centre(fit(crop(np.float32(1) - to_float32(picture)), 20))


def test_light_on_dark_grey_rgb_and_transparent_are_one() -> None:
    ink = picture_of(drawn(3, 5), 150, 18)
    rgb = np.stack([ink] * 3, axis=-1)
    on_nothing = np.dstack([np.zeros_like(rgb), 255 - ink])
    light_on_nothing = np.dstack([np.full_like(rgb, 255), 255 - ink])
    expected = image_of(prepare_picture(ink))
    for other in (255 - ink, rgb, 255 - rgb, on_nothing, light_on_nothing):
        np.testing.assert_allclose(image_of(prepare_picture(other)), expected, atol=0.02)


def test_uneven_light_and_noise_change_little() -> None:
    ink = picture_of(drawn(5, 5), 300, 26).astype(np.float32) / 255
    height, width = ink.shape
    light = 120 + 100 * np.linspace(0, 1, width)[None] * np.linspace(0.4, 1, height)[:, None]
    noise = np.random.default_rng(0).normal(0, 4, ink.shape)
    photo = np.clip(light * (0.25 + 0.75 * ink) + noise, 0, 255).astype(np.uint8)
    expected = image_of(prepare_picture((ink * 255).astype(np.uint8)))
    assert difference(image_of(prepare_picture(photo)), expected) < 0.03


# ---------------------------------------------------------------- the canvas's transforms


def moved(point: np.ndarray, item: Json) -> np.ndarray:
    """Where Fabric shows a point of a path: move · turn · scale about the path's middle."""
    low, high = quadratic_box(item["path"])
    x, y = point - (low + high) / 2
    x, y = x * item.get("scaleX", 1), y * item.get("scaleY", 1)
    x, y = (-x if item.get("flipX") else x), (-y if item.get("flipY") else y)
    angle = math.radians(item.get("angle", 0))
    return np.array(
        [
            item["left"] + x * math.cos(angle) - y * math.sin(angle),
            item["top"] + x * math.sin(angle) + y * math.cos(angle),
        ]
    )


@given(
    st.fixed_dictionaries(
        {
            "left": st.floats(0, 400),
            "top": st.floats(0, 400),
            "scaleX": st.floats(0.1, 4),
            "scaleY": st.floats(0.1, 4),
            "angle": st.floats(-180, 180),
            "flipX": st.booleans(),
            "flipY": st.booleans(),
        }
    )
)
def test_a_path_is_taken_where_the_canvas_shows_it(transform: Json) -> None:
    stroke = np.array([[10.0, 20], [60, 25], [90, 120], [40, 180]])
    item = path(stroke, 20) | transform
    (points,) = strokes_from_canvas({"objects": [item]})
    np.testing.assert_allclose(points[0], moved(stroke[0], item), atol=1e-2)
    np.testing.assert_allclose(points[-1], moved(stroke[-1], item), atol=1e-2)


def test_an_origin_at_the_corner_counts_the_pen() -> None:
    """Fabric before 7 places a path by its upper left corner, half a pen outside of its box."""
    stroke = np.array([[10.0, 20], [60, 25], [90, 120]])
    item = path(stroke, 20)
    low, _ = quadratic_box(item["path"])
    item |= {"originX": "left", "originY": "top", "left": low[0] - 10, "top": low[1] - 10}
    (points,) = strokes_from_canvas({"objects": [item]})
    np.testing.assert_allclose(points[0], stroke[0], atol=1e-2)
    np.testing.assert_allclose(points[-1], stroke[-1], atol=1e-2)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"objects": None},
        {"objects": [{"type": "Path"}]},
        {"objects": [{"type": "Path", "path": []}]},
        {"objects": [{"type": "Path", "path": [["L"]]}]},
        {"objects": [{"type": "Path", "path": [["Q", 1, 2, 3, 4]]}]},
        {"objects": [{"type": "Path", "path": [["M", "here", 2]]}]},
        {"objects": [{"type": "Path", "path": [["C", 1, 2, 3, 4, 5, 6]]}]},
        {"objects": [{"type": "Path", "path": [["M", float("nan"), 2], ["L", 3, 4]]}]},
        {"objects": [{"type": "Path", "path": [["M", 1, 2]], "originX": "middle"}]},
        {"objects": [{"type": "Path", "path": [["M", 1, 2]] * 100_001}]},
    ],
)
def test_a_drawing_that_fabric_could_not_have_made_is_refused(broken: Json) -> None:
    with pytest.raises(InklingError, match=r"wanted|simpler"):
        Drawing.from_canvas(broken)


# ---------------------------------------------------------------- no digit


def test_a_blank_canvas() -> None:
    assert Drawing.from_canvas({"objects": []}).reason == Unreadable.BLANK


@pytest.mark.parametrize("commands", [[["M", 9, 9], ["L", 9.001, 9]], [["M", 9, 9], ["L", 13, 9]]])
def test_a_dot(commands: list[list[Any]]) -> None:
    drawing = {"objects": [{"type": "Path", "path": commands, "strokeWidth": 20}]}
    assert Drawing.from_canvas(drawing).reason == Unreadable.DOT


def test_a_canvas_full_of_ink() -> None:
    rows = [np.array([[0.0, y], [280, y]]) for y in range(0, 281, 10)]
    assert Drawing.from_canvas(canvas(rows)).reason == Unreadable.FULL


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (np.full((1, 1), 0, np.uint8), Unreadable.TOO_SMALL),
        (np.full((200, 200), 255, np.uint8), Unreadable.BLANK),
        (np.full((200, 200, 3), 0, np.uint8), Unreadable.FULL),
        (np.zeros((200, 200, 4), np.uint8), Unreadable.BLANK),
        (cv2.circle(np.full((200, 200), 255, np.uint8), (90, 80), 12, 0, -1), Unreadable.DOT),
    ],
)
def test_pictures_without_a_digit(picture: np.ndarray, reason: Unreadable) -> None:
    assert prepare_picture(picture) == Prepared(None, reason)


@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from([(), (3,), (4,)]),
    seeds,
    st.sampled_from([1, 30, 256]),
)
@settings(deadline=None)
def test_any_picture_has_an_image_or_a_reason(
    height: int, width: int, bands: tuple[int, ...], seed: int, levels: int
) -> None:
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, levels, (height, width, *bands), dtype=np.uint8)
    prepared = prepare_picture(picture)
    assert (prepared.image is None) != (prepared.reason is None)
    if prepared.image is not None:
        image_of(prepared)


@given(
    st.lists(
        st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), max_size=8), max_size=5
    )
)
def test_any_strokes_have_an_image_or_a_reason(strokes: list[list[tuple[float, float]]]) -> None:
    prepared = prepare_strokes([np.array(stroke, np.float32) for stroke in strokes])
    assert (prepared.image is None) != (prepared.reason is None)


# ---------------------------------------------------------------- picture files


def test_exif_rotation_is_honoured() -> None:
    upright = picture_of(drawn(4, 1), 150, 18)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn 90° clockwise to show
    lying = np.rot90(upright, 1)
    shown = read_picture(encoded(lying, "JPEG", exif=exif, quality=95))
    image = image_of(prepare_picture(shown))
    assert difference(image, image_of(prepare_picture(upright))) < 0.03


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel_is_read(mode: str, tmp_path: Path) -> None:
    ink = picture_of(drawn(2, 1), 150, 18)
    if mode == "I;16":
        picture = Image.fromarray(ink.astype(np.uint16) * 257)
    else:
        picture = Image.fromarray(ink).convert(mode)
    file = tmp_path / "two.tiff"
    picture.save(file)
    image = image_of(prepare_picture(read_picture(file)))
    assert np.abs(image - image_of(prepare_picture(ink))).mean() < 0.02


def test_twenty_megapixels_are_read_and_more_are_not() -> None:
    ink = picture_of(drawn(8, 1), 150, 18)
    large = cv2.resize(ink, (5000, 4000), interpolation=cv2.INTER_NEAREST)
    image_of(prepare_picture(read_picture(encoded(large))))
    with pytest.raises(InklingError, match="5001 × 4000 px; wanted: at most 20 megapixels"):
        read_picture(encoded(np.zeros((4000, 5001), np.uint8)))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    size = struct.pack(">II", 60_000, 60_000)
    chunks = [b"IHDR" + size + b"\x01\x00\x00\x00\x00", b"IDAT" + zlib.compress(b"\0" * 10**6)]
    bomb = b"\x89PNG\r\n\x1a\n"
    for chunk in chunks:
        bomb += struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    with pytest.raises(InklingError, match="megapixels"):
        read_picture(bomb)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_what_is_no_picture_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "file.png"
    file.write_bytes(content)
    with pytest.raises(InklingError, match=r"“file\.png” can't be read as a picture"):
        read_picture(file)


def test_a_damaged_picture_is_refused() -> None:
    whole = encoded(picture_of(drawn(8, 1), 150, 18))
    with pytest.raises(InklingError, match="can't be read as a picture"):
        read_picture(whole[: len(whole) // 2])


def test_a_missing_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InklingError, match="is not there"):
        read_picture(tmp_path / "nothing.png")


def test_a_huge_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_file, "MAX_PICTURE_BYTES", 10)
    with pytest.raises(InklingError, match="wanted: a picture of at most"):
        read_picture(b"12345678901")
