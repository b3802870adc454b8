"""`inkling predict` and `evaluate`, as a person runs them: in a process of their own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from model.data import synthetic
from model.preprocessing.framing import Unreadable
from tests.support import strangers
from tests.support.command_line import ROOT, Outcome, command, program


def lines(done: Outcome) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures 0.png to 9.png of the ten digits, and a text beside them."""
    folder = tmp_path_factory.mktemp("pictures")
    for digit in range(10):
        strokes = synthetic.draw_digit(digit, np.random.default_rng(22))
        points = np.concatenate(strokes)
        scale = 140 / np.ptp(points, axis=0).max()
        picture = np.full((220, 220), 255, np.uint8)
        placed = [np.round((s - points.min(0)) * scale + 40).astype(np.int32) for s in strokes]
        cv2.polylines(picture, placed, False, 0, 18, cv2.LINE_AA)
        cv2.imwrite(str(folder / f"{digit}.png"), picture)
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture(scope="module")
def stroke_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty synthetic digits as pen strokes, the last a dot."""
    rng = np.random.default_rng(3)
    samples = [synthetic.draw_digit(i % 10, rng) for i in range(29)]
    samples.append([np.zeros((2, 2), np.float32)])
    strokes = [stroke for sample in samples for stroke in sample]
    file = tmp_path_factory.mktemp("strokes") / "pen.npz"
    np.savez(
        file,
        xy=np.concatenate(strokes).astype(np.float32),
        stroke_start=np.cumsum([0, *map(len, strokes)]),
        sample_start=np.cumsum([0, *map(len, samples)]),
        label=np.array([i % 10 for i in range(30)], np.uint8),
    )
    return file


def test_a_folder_of_pictures_is_read(folder: Path) -> None:
    done = command("predict", folder)
    assert done.returncode == 0
    assert done.stderr == ""
    answers = lines(done)
    assert [Path(answer["file"]).name for answer in answers] == [f"{d}.png" for d in range(10)]
    for answer in answers:
        assert list(answer) == ["file", "digit", "digits", "boxes", "confidence", "probabilities"]
        assert answer["digits"] == [answer["digit"]]
        ((x, y, width, height),) = answer["boxes"]
        assert max(width, height) == pytest.approx(140 + 18, abs=4)
        assert min(x, y) == pytest.approx(40 - 9, abs=4)
        assert answer["confidence"] == max(answer["probabilities"])
        assert 0.8 < sum(answer["probabilities"]) < 1 + 1e-4  # what is lacking is that it is none
    assert [answer["digit"] for answer in answers] == list(range(10))


def test_a_stroke_file_has_a_line_a_sample(stroke_file: Path) -> None:
    done = command("predict", stroke_file)
    assert done.returncode == 0
    answers = lines(done)
    assert [answer["index"] for answer in answers] == list(range(30))
    assert {answer["file"] for answer in answers} == {str(stroke_file)}
    right = [answer["digit"] == i % 10 for i, answer in enumerate(answers[:-1])]
    assert sum(right) >= 27
    assert answers[-1]["digit"] is None
    assert answers[-1]["reason"] == Unreadable.DOT
    assert answers[-1]["digits"] == answers[-1]["boxes"] == []


def test_a_number_has_several_digits_and_boxes(folder: Path, tmp_path: Path) -> None:
    row = [np.asarray(Image.open(folder / f"{d}.png"))[:, 20:] for d in (2, 0, 7)]
    file = tmp_path / "207.png"
    cv2.imwrite(str(file), np.hstack(row))
    (answer,) = lines(command("predict", file))
    assert answer["digit"] is None
    assert answer["digits"] == [2, 0, 7]
    lefts = [x for x, _, _, _ in answer["boxes"]]
    assert lefts == sorted(lefts)
    assert [np.argmax(row) for row in answer["probabilities"]] == [2, 0, 7]
    together = np.prod([max(row) for row in answer["probabilities"]])
    assert answer["confidence"] == pytest.approx(together, abs=1e-4)


def test_what_is_no_digit_is_none_with_the_reason(folder: Path, tmp_path: Path) -> None:
    model = tmp_path / "stranger.keras"
    strangers.network().save(model)
    done = command("predict", "--model", model, folder / "3.png")
    assert done.returncode == 0
    (answer,) = lines(done)
    assert answer["reason"] == "this does not look like a digit"
    assert answer["digit"] is answer["confidence"] is None
    assert answer["digits"] == answer["boxes"] == []
    np.testing.assert_allclose(answer["probabilities"], strangers.SHARES, atol=1e-5)


def test_a_bad_file_costs_its_own_line_and_the_exit_status(folder: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    blank = tmp_path / "blank.png"
    cv2.imwrite(str(blank), np.full((60, 60), 255, np.uint8))
    done = command("predict", bad, blank, folder / "7.png", tmp_path / "nothing.png")
    assert done.returncode == 2
    errors = done.stderr.splitlines()
    assert len(errors) == 2
    assert "bad.png” can't be read as a picture" in errors[0]
    assert "nothing.png” is not there" in errors[1]
    blank_line, seven = lines(done)
    assert blank_line["digit"] is None
    assert blank_line["reason"] == "nothing is drawn"
    assert seven["digit"] == 7


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ((), "Missing command"),
        (("predict",), "Missing argument"),
        (("guess", "x.png"), "No such command"),
        (("predict", "--model", "nothing.keras", "x.png"), "nothing.keras” is not there"),
        (("predict", "--model", __file__, "x.png"), "wanted: a .keras file"),
        (("evaluate",), "Missing option"),
        (("evaluate", "--data", "nothing.csv"), "nothing.csv"),
        (("evaluate", "--data", "synthetic:-1"), "wanted"),
        (("evaluate", "--model", "tests", "--data", "synthetic:60"), "is not there"),
    ],
)
def test_bad_arguments_are_one_line_and_status_2(arguments: tuple[str, ...], wanted: str) -> None:
    done = command(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert wanted in done.stderr


def test_a_reader_that_has_seen_enough_is_no_error(stroke_file: Path) -> None:
    pipe = f"{sys.executable} -m model predict {stroke_file} | head -n 1"
    done = subprocess.run(pipe, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert json.loads(done.stdout)["index"] == 0
    assert done.stderr == ""


def test_evaluate_prints_the_figures(stroke_file: Path) -> None:
    done = command("evaluate", "--data", "synthetic:600")
    assert done.returncode == 0
    figures = json.loads(done.stdout)
    assert figures["n"] == 100
    assert figures["accuracy"] > 0.9
    low, high = figures["interval"]
    assert low < figures["accuracy"] <= high
    assert set(figures["per_digit"]) == {str(digit) for digit in range(10)}
    assert figures["loss"] > 0


def test_evaluate_takes_all_of_a_file_that_sets_nothing_apart(tmp_path: Path) -> None:
    images, labels = synthetic.make(40, seed=9)
    file = tmp_path / "digits.npz"
    np.savez(file, x=images, y=labels)
    done = command("evaluate", "--data", file)
    assert done.returncode == 0
    assert json.loads(done.stdout)["n"] == 40


def test_help_does_not_wait_for_tensorflow() -> None:
    code = (
        "import sys, runpy; sys.argv = ['model', '--help']\n"
        "try: runpy.run_module('model', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert "predict" in program(code)
