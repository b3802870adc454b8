"""The game's tasks: what counts, and for how many points."""

import numpy as np

from model.inference.prediction import Prediction
from model.preprocessing.drawing import Drawing
from model.preprocessing.segments import Box
from ui.draw.tasks import MOST, USUAL_INK, Disguise, FewStrokes, Game, LittleInk, tasks

STROKE = np.array([[100, 60], [200, 340]], np.float32)


def drawing(strokes: int) -> Drawing:
    return Drawing.from_strokes([STROKE + 20 * number for number in range(strokes)])


def read(digit: int, second: int, share: float = 0.2, ink: float = 100) -> Prediction:
    row = np.zeros(10, np.float32)
    row[[digit, second]] = 0.8, share
    return Prediction(row, np.full((28, 28), ink / 784, np.float32), Box(0, 0, 9, 9))


def test_a_disguise_counts_where_the_digit_comes_next_and_more_the_closer() -> None:
    task = Disguise(7, 1)
    assert task.title == "Draw a 7 that it takes for a 1"
    assert task.judge(drawing(1), [read(7, 1)]).points == 0
    assert task.judge(drawing(1), [read(1, 9)]) == (0, "It reads 1, but 9 comes next, not 7.")
    far, near = (task.judge(drawing(1), [read(1, 7, share)]).points for share in (0.01, 0.2))
    assert 0 < far < near < MOST
    assert task.judge(drawing(1), [read(1, 7), read(7, 1)]).points == 0


def test_fewer_strokes_are_more_points() -> None:
    task = FewStrokes("42")
    both = [read(4, 9), read(2, 7)]
    assert [task.judge(drawing(n), both).points for n in (4, 3, 2, 1)] == [50, 67, 100, 100]
    assert task.judge(drawing(2), both[::-1]) == (0, "It reads 24.")


def test_less_ink_is_more_points() -> None:
    task, usual = LittleInk(5), USUAL_INK[5]
    inks = (2 * usual, usual, 0.6 * usual, 0.2 * usual)
    assert [task.judge(drawing(1), [read(5, 6, ink=i)]).points for i in inks] == [1, 50, 90, 100]
    assert task.judge(drawing(1), [read(6, 5)]).points == 0


def test_a_picture_does_not_count() -> None:
    picture = Drawing(np.zeros((28, 28), np.float32))
    assert LittleInk(5).judge(picture, [read(5, 6)]).points == 0


def test_a_seed_is_six_tasks_and_a_streak_ends_with_a_skip() -> None:
    assert [task.title for task in tasks(7)] == [task.title for task in tasks(7)]
    assert tasks(7) != tasks(8)
    assert Game(7, points=(50, 0, 20, 90)).streak == 2
    assert Game(7, points=(50, 20)).streak == 2
    assert Game(7).streak == 0
    assert Game(7, points=(1,) * 6).task is None
