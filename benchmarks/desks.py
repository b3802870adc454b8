"""Synthetic desks, and sheets photographed on them: the sheet turned, askew, seldom all in view."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

COVER = (0.3, 0.9)  # of the picture that is paper
TURN = 20  # degrees, at most
TILT = 0.06  # of the sheet's sides, by which perspective moves each corner, at most
SHAPE = (0.65, 1.5)  # of the sheet: width to height
PICTURE = (600, 1100)  # px, of the longer side; the shorter is 3/4 of it
ROUND = 0.04  # of the sheet's shorter side, its corners' radius, at most


# ---------------------------------------------------------------- what lies under the sheet


def wood(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Boards or one slab, from pale maple to walnut, with its grain."""
    side = int(np.hypot(*shape)) + 2
    dark, pale = np.array([(70, 45, 30), (214, 178, 132)], np.float32)
    colour = dark + (pale - dark) * np.float32(rng.uniform(0, 1))
    across = np.arange(side, dtype=np.float32)[:, None]
    bend = cv2.resize(_noise((side // 90 + 2, side // 300 + 2), rng), (side, side))
    rings = np.sin((across + 25 * bend) * 2 * np.pi / rng.uniform(12, 60))
    grain = cv2.resize(_noise((side, side // 40 + 2), rng), (side, side))
    board = 1 + rng.uniform(0.02, 0.09) * rings + rng.uniform(0.02, 0.08) * grain
    if rng.random() < 0.5:  # boards, each of its own shade, with a seam between two
        wide = rng.uniform(0.12, 0.35) * side
        place = (across + rng.uniform(0, wide)) / wide
        shades = rng.normal(1, 0.06, int(place.max()) + 1)[place.astype(int)]
        seam = np.abs(place % 1 - 0.5) > 0.5 - 1.5 / wide
        board = board * np.where(seam, 0.55, shades)
    return _turned(board[..., None].astype(np.float32) * colour, shape, rng)


def cloth(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """A weave of any colour that is no white, plain, striped or checked, with folds."""
    side = int(np.hypot(*shape)) + 2
    hsv = np.array([[[rng.uniform(0, 360), rng.uniform(0.15, 0.8), rng.uniform(0.2, 0.8)]]])
    colour = 255 * cv2.cvtColor(hsv.astype(np.float32), cv2.COLOR_HSV2RGB)[0, 0]
    x = np.arange(side, dtype=np.float32)
    thread = 2 * np.pi / rng.uniform(3, 9)
    weave = np.sin(x * thread)[None] * np.sin(x * thread)[:, None]
    level = 1 + rng.uniform(0.03, 0.15) * weave + 0.05 * _noise((side, side), rng)
    pattern = rng.choice(["plain", "striped", "checked"])
    if pattern != "plain":
        period, strength = rng.uniform(0.05, 0.2) * side, rng.uniform(0.1, 0.35)
        stripe = (x % period < period * rng.uniform(0.3, 0.6)).astype(np.float32)
        level = level * (1 - strength * stripe)[None]
        if pattern == "checked":
            level = level * (1 - strength * stripe)[:, None]
    folds = cv2.resize(_noise((4, 7), rng), (side, side), interpolation=cv2.INTER_CUBIC)
    level = level * (1 + rng.uniform(0, 0.12) * folds)
    return _turned(level[..., None].astype(np.float32) * colour, shape, rng)


def dark_desk(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Black or dark, matt or with a lamp's shine on it."""
    colour = rng.uniform(18, 75) * (1 + rng.uniform(-0.15, 0.15, 3))
    return _smooth(shape, colour.astype(np.float32), rng.uniform(0, 70), rng)


def light_desk(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Grey, beige or nearly white."""
    colour = rng.uniform(130, 195) * (1 + rng.uniform(-0.07, 0.07, 3))
    return _smooth(shape, colour.astype(np.float32), rng.uniform(0, 25), rng)


DESKS: dict[str, Callable[[tuple[int, int], np.random.Generator], Floats]] = {
    "wood": wood,
    "cloth": cloth,
    "a dark desk": dark_desk,
    "a light desk": light_desk,
}


def _smooth(
    shape: tuple[int, int], colour: Floats, shine: float, rng: np.random.Generator
) -> Floats:
    height, width = shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    away = np.hypot(x - rng.uniform(0, width), y - rng.uniform(0, height)) / max(shape)
    lamp = shine * np.exp(-((away / rng.uniform(0.2, 0.6)) ** 2))
    level = 1 + 0.03 * _noise(shape, rng)
    return (level[..., None] * colour + lamp[..., None]).astype(np.float32)


def _noise(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    return rng.normal(0, 1, shape).astype(np.float32)


def _turned(desk: Floats, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """A piece (H, W) of `desk`, a square that is larger, turned by any angle."""
    height, width = shape
    side = desk.shape[0]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), rng.uniform(0, 360), 1)
    turn[:, 2] += (width / 2 - side / 2, height / 2 - side / 2)
    mode = cv2.BORDER_REFLECT
    return np.asarray(cv2.warpAffine(desk, turn, (width, height), borderMode=mode), np.float32)


# ---------------------------------------------------------------- how the sheet lies there


@dataclass(frozen=True, eq=False)
class Scene:
    """shape: the picture's, (H, W). size: the sheet's width and height in its own px, which are
    about the picture's. corners: (4, 2) float32, where in the picture the sheet's corners are,
    clockwise from its upper left; they may lie outside. cover: how much of the picture it is."""

    shape: tuple[int, int]
    size: tuple[int, int]
    corners: Floats
    cover: float

    @property
    def on_picture(self) -> NDArray[np.float64]:
        """(3, 3): from the sheet's px to the picture's."""
        width, height = self.size
        own = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
        return np.asarray(cv2.getPerspectiveTransform(own, self.corners), np.float64)

    def shows(self, points: Floats) -> bool:
        """Whether all of the sheet's `points` (P, 2) are in the picture, and not at its edge."""
        seen = cv2.perspectiveTransform(points[None].astype(np.float64), self.on_picture)[0]
        height, width = self.shape
        room = 0.02 * min(self.shape)
        return bool((seen > room).all() and (seen < (width - room, height - room)).all())


def scene(rng: np.random.Generator) -> Scene:
    long = int(rng.integers(*PICTURE))
    shape = (long, long * 3 // 4) if rng.random() < 0.5 else (long * 3 // 4, long)
    height, width = shape
    aspect = np.exp(rng.uniform(*np.log(SHAPE)))
    sides = np.array([np.sqrt(aspect), 1 / np.sqrt(aspect)])
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) / 2
    corners = corners * (1 + rng.uniform(-TILT, TILT, (4, 2))) * sides
    angle = np.radians(rng.uniform(-TURN, TURN))
    turn = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    corners = corners @ turn
    middle = np.array([width, height]) * rng.uniform(0.4, 0.6, 2)
    picture = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    wanted = rng.uniform(*COVER)
    smallest, largest = 0.0, 4.0 * long
    for _ in range(30):
        scale = (smallest + largest) / 2
        placed = (corners * scale + middle).astype(np.float32)
        cover = cv2.intersectConvexConvex(placed, picture)[0] / (width * height)
        smallest, largest = (scale, largest) if cover < wanted else (smallest, scale)
    size = (round(sides[0] * scale), round(sides[1] * scale))
    return Scene(shape, size, placed, float(cover))


def photographed(sheet: Floats, lies: Scene, desk: str, rng: np.random.Generator) -> Floats:
    """The `sheet` (height, width, 3) on the desk: (H, W, 3) float32, before light falls on it."""
    height, width = lies.shape
    cover = np.full(sheet.shape[:2], 0, np.uint8)
    radius = round(min(lies.size) * max(0.0, rng.uniform(-ROUND, ROUND)))
    right, bottom = lies.size[0] - 1, lies.size[1] - 1
    cv2.rectangle(cover, (radius, 0), (right - radius, bottom), 255, -1)
    cv2.rectangle(cover, (0, radius), (right, bottom - radius), 255, -1)
    for x in (radius, right - radius):
        for y in (radius, bottom - radius):
            cv2.circle(cover, (x, y), radius, 255, -1, cv2.LINE_AA)
    to = lies.on_picture
    size = (width, height)
    seen = cv2.warpPerspective(sheet, to, size, borderMode=cv2.BORDER_REPLICATE)
    paper = cv2.warpPerspective(cover, to, size).astype(np.float32) / np.float32(255)
    # The sheet shades the desk beside it.
    reach = rng.uniform(0.002, 0.02) * max(lies.shape)
    away = np.array([[1, 0, rng.normal(0, reach)], [0, 1, rng.normal(0, reach)]])
    shade = cv2.GaussianBlur(cv2.warpAffine(paper, away, size), (0, 0), reach)
    under = DESKS[desk](lies.shape, rng) * (1 - rng.uniform(0.1, 0.6) * shade)[..., None]
    return np.asarray(seen * paper[..., None] + under * (1 - paper)[..., None], np.float32)
