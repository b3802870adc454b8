"""What is drawn while the pen is down: read as the canvas' own strokes, and not too often."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import InklingError
from model.preprocessing.canvas import path_corner, path_from_points, strokes_from_canvas
from model.preprocessing.drawing import Drawing
from ui.draw.pace import OFTEN, SELDOM, Pace


def as_fabric_writes(points: np.ndarray) -> dict[str, Any]:
    """The path of Fabric's pencil through these points, where it is on the canvas."""
    middles = (points[:-1] + points[1:]) / 2
    curves = [
        ["Q", *point.tolist(), *middle.tolist()]
        for point, middle in zip(points[:-1], middles, strict=True)
    ]
    commands = [["M", *points[0].tolist()], *curves, ["L", *points[-1].tolist()]]
    flat = strokes_from_canvas({"objects": [{"type": "Path", "path": commands}]})[0]
    low, high = flat.min(axis=0), flat.max(axis=0)
    return {
        "type": "Path",
        "path": commands,
        "originX": "center",
        "originY": "center",
        "left": float(low[0] + high[0]) / 2,
        "top": float(low[1] + high[1]) / 2,
    }


def stroke_from_points(points: Sequence[Sequence[float]]) -> np.ndarray:
    path = path_from_points(points)
    left, top = path_corner(path)
    shown = {"type": "Path", "path": path, "left": left, "top": top, "strokeWidth": 0}
    (stroke,) = strokes_from_canvas({"objects": [shown]})
    return stroke


def test_it_is_the_stroke_that_the_canvas_will_send() -> None:
    rng = np.random.default_rng(0)
    points = rng.uniform(0, 400, (20, 2)).cumsum(axis=0) / 20
    live = stroke_from_points(points.tolist())
    kept = np.delete(points, -2, axis=0)  # Fabric leaves the last but one out
    (sent,) = strokes_from_canvas({"objects": [as_fabric_writes(kept)]})
    moved = sent - sent[0] + live[0]
    along = np.unique(live, axis=0)
    nearest = np.hypot(*(along[:, None] - moved[None]).transpose(2, 0, 1)).min(axis=1)
    assert nearest.max() < 0.01


@pytest.mark.parametrize("sent", [0, 1, 2])
def test_with_the_strokes_before_it_it_is_read_as_the_canvas_is(sent: int) -> None:
    rng = np.random.default_rng(1)
    corners = [[60, 200], [140, 200], [260, 200]]
    strokes = [rng.uniform(-40, 40, (9, 2)).cumsum(axis=0) / 3 + corner for corner in corners]
    paths = [{**as_fabric_writes(stroke), "strokeWidth": 20} for stroke in strokes]
    whole = Drawing.from_canvas({"objects": paths})
    live = Drawing.from_canvas({"objects": paths[:sent]}).with_canvas({"objects": paths[sent:]})
    np.testing.assert_array_equal(live.image, whole.image)
    assert (live.pen, live.smallest) == (whole.pen, whole.smallest)
    assert len(live.segments.candidates) == len(whole.segments.candidates)


def test_what_is_nearer_than_fabrics_pencil_keeps_is_left_out() -> None:
    straight = [[0.0, 0.0], [0.1, 0.0], [0.3, 0.0], [0.5, 0.0], [5.0, 0.0], [6.0, 0.0], [9.0, 0.0]]
    kept = [[0.0, 0.0], [0.5, 0.0], [5.0, 0.0], [6.0, 0.0], [9.0, 0.0]]
    np.testing.assert_array_equal(stroke_from_points(straight), stroke_from_points(kept))


def test_where_the_pointer_rests_is_one_point() -> None:
    """As for Fabric's pencil, which leaves out the last point but one."""
    way = [[0.0, 0.0], [40.0, 10.0], [60.0, 90.0], [20.0, 70.0]]
    resting = [*way[:2], way[1], *way[2:], way[3]]
    np.testing.assert_array_equal(stroke_from_points(resting), stroke_from_points(way))


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 400)), min_size=1, max_size=30))
def test_it_begins_and_ends_where_the_pen_did(points: list[tuple[float, float]]) -> None:
    stroke = stroke_from_points(points)
    assert stroke.dtype == np.float32
    np.testing.assert_allclose(stroke[[0, -1]], [points[0], points[-1]], rtol=1e-6, atol=1e-6)
    assert stroke.min() >= 0
    assert stroke.max() <= 400


@pytest.mark.parametrize("points", [[], [[1.0, 2.0]] * 100_001])
def test_too_many_points_are_refused(points: list[list[float]]) -> None:
    with pytest.raises(InklingError, match="wanted: from 1 to 100,000"):
        stroke_from_points(points)


@pytest.mark.parametrize("points", [[[1, 2, 3]], [["a", "b"]], [[float("nan"), 0]], [1, 2]])
def test_what_are_no_points_is_told_apart(points: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        stroke_from_points(points)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_one_visitor_is_read_as_often_as_can_be() -> None:
    pace = Pace(Clock())
    pace.note("a", 0.005)
    assert pace.interval == OFTEN


def test_many_who_draw_at_once_are_read_less_often() -> None:
    pace = Pace(Clock())
    for visitor in range(50):
        pace.note(str(visitor), 0.008)
    assert 0.8 <= pace.interval <= SELDOM
    for visitor in range(1000):
        pace.note(str(visitor), 0.1)
    assert pace.interval == SELDOM


def test_who_waits_for_the_network_to_be_loaded_makes_no_others_wait() -> None:
    pace = Pace(Clock())
    pace.note("a", 5.0)
    assert pace.interval == OFTEN


def test_who_has_stopped_drawing_does_not_count() -> None:
    clock = Clock()
    pace = Pace(clock)
    for visitor in range(50):
        pace.note(str(visitor), 0.01)
    clock.now = 10
    assert pace.interval == OFTEN
