"""Distorted copies of 28×28 digits, a whole batch in one call of OpenCV."""

from dataclasses import asdict, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.errors import InklingError

_MOST = {"rotation": 180, "zoom": 0.9, "stretch": 0.9, "shift": 1, "shear": 80, "elastic": 10}
_CONTROL_POINTS = 5  # a side; elastic bends are smooth between them


@dataclass(frozen=True)
class Augmentation:
    """How far a digit may be distorted; each amount is drawn evenly from −x to +x.

    `rotation` and `shear` in degrees, `zoom` and `stretch` as fractions of the size, `shift` as a
    fraction of the side, `elastic` in px (the spread of the displacement of the 5×5 control
    points, after Simard, Steinkraus and Platt, "Best practices for convolutional neural networks",
    ICDAR 2003). Raises InklingError for an amount that no digit survives.
    """

    rotation: float = 0.0
    zoom: float = 0.0
    stretch: float = 0.0
    shift: float = 0.0
    shear: float = 0.0
    elastic: float = 0.0

    def __post_init__(self) -> None:
        for name, amount in asdict(self).items():
            if not 0 <= amount <= _MOST[name]:
                raise InklingError(
                    "The augmentation’s {name} is {amount:g}; wanted: from 0 to {most}.",
                    name=name,
                    amount=amount,
                    most=_MOST[name],
                )

    def apply(self, images: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
        """A distorted copy of `images` (N, H, W) uint8, background 0; same shape and dtype."""
        count, height, width = images.shape
        # Where in the original each pixel of the copy comes from, seen from the middle.
        x, y = np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2)
        grid = np.stack([x.ravel(), y.ravel()]).astype(np.float32)
        source = self._matrices(count, rng) @ grid
        source += rng.uniform(-self.shift, self.shift, (count, 2, 1)).astype(np.float32) * (
            np.array([[width], [height]], np.float32)
        )
        if self.elastic:
            source += self._bends(count, height, width, rng)
        source += np.array([[(width - 1) / 2], [(height - 1) / 2]], np.float32)
        return _sampled(images, source.reshape(count, 2, height, width))

    def _matrices(self, count: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """(count, 2, 2): turn · shear · scale."""
        angle, shear = (
            np.radians(rng.uniform(-limit, limit, count)) for limit in (self.rotation, self.shear)
        )
        zoom = 1 + rng.uniform(-self.zoom, self.zoom, (count, 1))
        zoom = zoom * (1 + rng.uniform(-self.stretch, self.stretch, (count, 2)))
        cos, sin, tan = np.cos(angle), np.sin(angle), np.tan(shear)
        turn = np.stack([cos, -sin, sin, cos], axis=-1).reshape(count, 2, 2)
        slant = np.stack([np.ones(count), tan, np.zeros(count), np.ones(count)], axis=-1)
        return (turn @ slant.reshape(count, 2, 2) / zoom[:, None, :]).astype(np.float32)

    def _bends(
        self, count: int, height: int, width: int, rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """(count, 2, height·width): smooth displacements in px."""
        coarse = rng.normal(0, self.elastic, (count * 2, _CONTROL_POINTS, _CONTROL_POINTS))
        rows, columns = _interpolation(height), _interpolation(width)
        return (rows @ coarse.astype(np.float32) @ columns.T).reshape(count, 2, -1)


def _interpolation(side: int) -> NDArray[np.float32]:
    """(side, control points): the weights by which OpenCV's cubic resize spreads the points."""
    eye = np.eye(_CONTROL_POINTS, dtype=np.float32)
    weights = cv2.resize(eye, (_CONTROL_POINTS, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(weights, np.float32)


def _sampled(images: NDArray[np.uint8], source: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Each image read at its `source` (N, 2, H, W) px; one remap over all of them stacked.

    OpenCV's remap takes at most 32,767 rows, so a larger batch goes in several.
    """
    count, height, width = images.shape
    most = 32_000 // (height + 2)
    if count > most:
        halves = [
            _sampled(images[i : i + most], source[i : i + most]) for i in range(0, count, most)
        ]
        return np.concatenate(halves)
    # A blank row above and below keeps each image's neighbours out of it.
    stacked = np.pad(images, ((0, 0), (1, 1), (1, 1))).reshape(-1, width + 2)
    x = np.clip(source[:, 0] + 1, 0, width + 1)
    y = np.clip(source[:, 1] + 1, 0, height + 1)
    y = y + np.arange(count, dtype=np.float32)[:, None, None] * (height + 2)
    read = cv2.remap(stacked, x.reshape(-1, width), y.reshape(-1, width), cv2.INTER_LINEAR)
    return np.asarray(read, np.uint8).reshape(count, height, width)
