"""What all handwriting varies: slant, width, roundness, wobble, how a pen comes down and lifts."""

from collections.abc import Sequence

import numpy as np

from model.data.synthetic.curves import Array, PenStrokes, Point, Style

SAMPLES = 6  # points drawn for each piece between two control points


def draw_style(style: Style, count: int, rng: np.random.Generator) -> list[PenStrokes]:
    """Draw something `count` times in one style, each by another hand."""
    strokes = style(lambda low, high: rng.uniform(low, high, count))
    points, corners = zip(*(_stack(stroke, count) for stroke in strokes), strict=True)
    lengths = [stroke.shape[1] for stroke in points]
    shaped = np.split(_vary(np.concatenate(points, 1), rng), np.cumsum(lengths)[:-1], 1)
    shaken = _unsteadiness(count, rng)
    paths = [
        _tremble(_ends(_spline(p, c, rng), rng), shaken, rng)
        for p, c in zip(shaped, corners, strict=True)
    ]
    joined, cut = rng.random((2, count)) < [[0.06], [0.04]]
    drawings = []
    for i in range(count):
        drawn = [path[i].astype(np.float32) for path in paths]
        if joined[i]:
            drawn = [np.concatenate(drawn)]
        if cut[i]:
            drawn = _gap(drawn, rng)
        drawings.append(drawn)
    return drawings


def _stack(stroke: Sequence[Point], count: int) -> tuple[Array, Array]:
    """Control points (N, K, 2), and for each whether the curve is smooth there, 1 or 0, (K,)."""
    points = [np.broadcast_to(c, count) for point in stroke for c in point[:2]]
    smooth = np.array([point[2] if len(point) == 3 else 1.0 for point in stroke])
    return np.stack(points, 1).reshape(count, len(stroke), 2), smooth


def _vary(points: Array, rng: np.random.Generator) -> Array:
    """Vary control points (N, K, 2) as one hand would: proportions, bends, slant, turn."""
    count = len(points)

    def normal(mean: float, deviation: float) -> Array:
        return mean + deviation * rng.standard_normal((count, 1)).clip(-2.5, 2.5)

    sloppy = np.exp(normal(np.log(0.022), 0.5))[..., None]
    x, y = np.moveaxis(points + sloppy * rng.standard_normal(points.shape), 2, 0)
    x, y = x - 0.35, y - 0.5
    y = y + normal(0, 0.15) * (0.25 - y * y)  # a taller or a lower upper half
    x = x * np.exp(normal(0, 0.24)) * (1 + normal(0, 0.25) * y)
    x, y = x + normal(0, 0.15) * y * y, y + normal(0, 0.12) * x * x
    x = x - normal(0.12, 0.25) * y
    turn = normal(0, 0.1)
    return np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], 2)


def _hermite(t: Array) -> Array:
    """Weights (len(t), 4) of both ends and both tangents of a cubic piece at t from 0 to 1."""
    cubic, square = t**3, t**2
    ends = [2 * cubic - 3 * square + 1, 3 * square - 2 * cubic]
    return np.stack([*ends, cubic - 2 * square + t, cubic - square], 1)


HERMITE = _hermite(np.arange(SAMPLES) / SAMPLES)


def _spline(points: Array, smooth: Array, rng: np.random.Generator) -> Array:
    """Cubic splines (N, P, 2) through points (N, K, 2), each pen rounding more or fewer corners."""
    count = len(points)
    steps = np.diff(points, axis=1)
    lengths = np.linalg.norm(steps, axis=2, keepdims=True) + 1e-6
    slopes = steps / lengths
    before, after = lengths[:, :-1], lengths[:, 1:]
    inner = (slopes[:, :-1] * after + slopes[:, 1:] * before) / (before + after)
    tangents = np.concatenate([slopes[:, :1], inner, slopes[:, -1:]], 1)
    corner = rng.beta(0.6, 1.6, (count, 1))
    smoothness = smooth + (1 - smooth) * corner
    roundness = rng.normal(1.0, 0.15, (count, 1)).clip(0.6, 1.4)
    tangents = tangents * (smoothness * roundness)[..., None]
    pieces = np.stack(
        [points[:, :-1], points[:, 1:], tangents[:, :-1] * lengths, tangents[:, 1:] * lengths], 3
    )
    curve: Array = np.einsum("nkcw,sw->nksc", pieces, HERMITE).reshape(count, -1, 2)
    return np.concatenate([curve, points[:, -1:]], 1)


def _ends(paths: Array, rng: np.random.Generator) -> Array:
    """Add how the pen lands and leaves: mostly nothing, sometimes a tick or an overshoot."""
    count = len(paths)

    def tick(end: Array, inside: Array) -> Array:
        onward = (end - inside) / (np.linalg.norm(end - inside, axis=1, keepdims=True) + 1e-6)
        length = rng.exponential(0.05, (count, 1)).clip(0, 0.2) * (rng.random((count, 1)) < 0.35)
        way = onward * rng.uniform(-0.3, 1, (count, 1)) + 0.7 * rng.standard_normal((count, 2))
        tip: Array = end + length * way
        return tip

    first, last = tick(paths[:, 0], paths[:, 3]), tick(paths[:, -1], paths[:, -4])
    return np.concatenate([first[:, None], paths, last[:, None]], 1)


def _unsteadiness(count: int, rng: np.random.Generator) -> Array:
    """How far each hand (N, 1, 1) strays: most are steady, a mouse on a desk is not."""
    shaky = rng.random((count, 1, 1)) < 0.12
    return np.where(shaky, rng.uniform(0.015, 0.04, shaky.shape), 0.006)


def _tremble(paths: Array, shaken: Array, rng: np.random.Generator) -> Array:
    """Add a slow wobble and a little noise on each point."""
    count, length, _ = paths.shape
    knots = rng.standard_normal((count, length // 4 + 2, 2))
    place = np.arange(length) / 4
    left = place.astype(int)
    share = (place - left)[:, None]
    wobble = knots[:, left] * (1 - share) + knots[:, left + 1] * share
    noise: Array = wobble + 0.3 * rng.standard_normal(paths.shape)
    return paths + shaken * noise


def _gap(strokes: PenStrokes, rng: np.random.Generator) -> PenStrokes:
    """Lose the pen's contact for a moment in the longest stroke."""
    longest = max(range(len(strokes)), key=lambda j: len(strokes[j]))
    stroke = strokes[longest]
    start = int(rng.integers(4, len(stroke) - 5))
    end = start + int(rng.integers(1, 4))
    return [*strokes[:longest], stroke[:start], stroke[end:], *strokes[longest + 1 :]]
