"""Where digits that touch in a picture may be cut apart.

A seam goes from the top of the ink to its bottom. Some go straight down where from the topmost ink
to the lowest it is not far, as two bowls touch in the middle; others wind through as little ink as
can be (Avidan and Shamir, "Seam carving", SIGGRAPH 2007), as strokes touch. Strokes of one digit
touch too: which of the seams are cuts is for who reads the parts to choose.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

FROM = 0.5  # of its height; what is no wider is not cut
SMALLEST = 24  # px; in MNIST's own 28 px there is no room for two digits
MOST = 5
ROWS = 40  # px, to which the ink is brought to look for seams
APART = 3  # px, in the middle
SLANTS = (-0.3, 0.0, 0.3)  # px aside for each px down
NOT_FAR = 0.85  # heights, from the highest ink to the lowest in a column
ASLANT = 0.1  # px of ink that a step to the side is worth
THICKEST = 2.8  # stroke widths through which a seam may go
LEAST = 0.05  # of the ink, by which two seams differ
TALL = 0.55  # of the height that is left on each side of a seam

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]


def divided(mask: Mask) -> list[Mask]:
    """The parts of connected ink (H, W) from left to right: all of it, where there is no seam."""
    seams = _seams(mask)
    if not len(seams):
        return [mask]
    columns = np.arange(mask.shape[1])
    # Which part each pixel belongs to: how many seams it lies to the right of.
    part = (columns[None, None] >= seams[:, :, None]).sum(axis=0)
    return [kept for number in range(len(seams) + 1) if (kept := mask & (part == number)).any()]


def _seams(mask: Mask) -> NDArray[np.int64]:
    """(S, H): of each seam its column in each row, the seams from left to right."""
    height, width = mask.shape
    if width <= FROM * height or min(height, width) < SMALLEST:
        return np.empty((0, height), np.int64)
    scale = min(1.0, ROWS / height)
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    small = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    ink = np.asarray(small, np.float32)
    chosen = _chosen(ink)
    if not chosen:
        return np.empty((0, height), np.int64)
    rows = np.linspace(0, size[1] - 1, height)
    seams = [np.interp(rows, np.arange(size[1]), seam) for seam in chosen]
    columns = np.round((np.stack(seams) + 0.5) * width / size[0]).astype(np.int64)
    ordered: NDArray[np.int64] = np.maximum.accumulate(columns[columns.mean(axis=1).argsort()])
    return ordered


def _chosen(ink: Floats) -> list[Floats]:
    """The best seams that part the ink differently, each (H,)."""
    columns = np.arange(ink.shape[1])
    chosen: list[Floats] = []
    sides: list[Mask] = []
    for seam in (*_straight(ink), *_winding(ink)):
        if len(chosen) == MOST:
            break
        left = columns < seam[:, None]
        is_other = all((ink * (left ^ side)).sum() >= LEAST * ink.sum() for side in sides)
        if is_other and _is_tall(ink * left) and _is_tall(ink * ~left):
            chosen.append(seam.astype(np.float32))
            sides.append(left)
    return chosen


def _straight(ink: Floats) -> list[NDArray[np.int64]]:
    """Seams down the columns, as slanted as writing may be, with the least between their highest
    and their lowest ink."""
    rows = np.arange(len(ink))
    found: list[tuple[float, float, int]] = []
    for slant in SLANTS:
        aside = np.round(slant * (rows - len(ink) // 2)).astype(np.int64)
        padded = np.pad(ink > 0.3, ((0, 0), (len(ink) // 2, len(ink) // 2)))
        columns = np.arange(ink.shape[1]) + len(ink) // 2
        mask = padded[rows[:, None], (columns + aside[:, None]).clip(0, padded.shape[1] - 1)]
        tall = (len(ink) - mask.argmax(axis=0) - mask[::-1].argmax(axis=0)).astype(np.float32)
        tall[~mask.any(axis=0)] = 0
        tall = cv2.blur(tall[None], (3, 1))[0]
        places = [place for place in _lowest(tall) if tall[place] <= NOT_FAR * len(ink)]
        found += [(float(tall[place]), slant, place) for place in places]
    found.sort()
    return [
        (place + np.round(slant * (rows - len(ink) // 2))).astype(np.int64).clip(0, ink.shape[1])
        for _, slant, place in found
    ]


def _winding(ink: Floats) -> list[NDArray[np.int64]]:
    """Seams through the least ink."""
    down, up = _costs(ink), _costs(ink[::-1])[::-1]
    middle = len(ink) // 2
    through = down[middle] + up[middle] - ink[middle]
    width = 2 * ink.sum() / max(1.0, _edge(ink))
    places = [place for place in _lowest(through) if through[place] <= THICKEST * width]
    places.sort(key=lambda place: float(through[place]))
    return [_seam(down, up, place) for place in places]


def _lowest(costs: Floats) -> list[int]:
    """Where there is no less within APART px."""
    window = np.ones((1, 2 * APART + 1), np.uint8)
    least = cv2.erode(costs[None], window, borderType=cv2.BORDER_REPLICATE)[0]
    return np.flatnonzero(costs == least).tolist()


def _is_tall(ink: Floats) -> bool:
    rows = np.flatnonzero(ink.max(axis=1) > 0.3)
    return len(rows) > 0 and rows[-1] - rows[0] + 1 >= TALL * len(ink)


def _edge(ink: Floats) -> float:
    """How long the outline is, in px."""
    return float(np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum())


def _costs(ink: Floats) -> Floats:
    """(H, W): the least ink on a way from the first row to each pixel."""
    costs = ink.copy()
    for row in range(1, len(ink)):
        above = np.pad(costs[row - 1], 1, constant_values=np.inf)
        aside = np.minimum(above[:-2], above[2:]) + np.float32(ASLANT)
        costs[row] += np.minimum(above[1:-1], aside)
    return costs


def _seam(down: Floats, up: Floats, place: int) -> NDArray[np.int64]:
    """(H,): the way of least ink through a place of the middle row."""
    middle = len(down) // 2
    seam = np.full(len(down), place)
    for rows, costs in ((range(middle - 1, -1, -1), down), (range(middle + 1, len(up)), up)):
        at = place
        for row in rows:
            first = max(0, at - 1)
            near = costs[row, first : at + 2].copy()
            near[np.arange(first, first + len(near)) != at] += ASLANT
            at = first + int(near.argmin())
            seam[row] = at
    return seam
