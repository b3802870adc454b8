"""What can be asked for on the command line, and how it is told."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pytest
from click.shell_completion import ShellComplete

from model.__main__ import cli, main
from model.data import drawings
from model.data.drawings import SavedDrawing
from model.data.rooms import Rooms
from model.data.visitors import Visitor, new_key
from model.errors import InklingError
from model.inference import export
from model.settings import ROOT
from model.training import networks, recipes
from model.training.pipeline import Request


def completed(*words: str) -> list[str]:
    """What the last word may become."""
    *before, begun = words
    found = ShellComplete(cli, {}, "inkling", "_").get_completions(before, begun)
    return [item.value for item in found]


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"inkling {project['version']}\n"


def test_help_names_all_that_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--help"]) == 0
    told = "".join(capsys.readouterr().out.split())
    for name in (*recipes.RECIPES, recipes.FINE_TUNING.name, *networks.NETWORKS):
        assert name in told
    assert completed("export", "shipped", "--to", "") == list(export.FORMATS)


def test_words_are_completed(home: Path) -> None:
    assert completed("tr") == ["train"]
    assert completed("train", "--recipe", "k") == ["keras-tutorial", "kaggle-tutorial"]
    assert completed("train", "--network", "l") == ["large"]
    assert completed("train", "--augmentation", "n") == ["none"]
    assert completed("train", "--rec") == ["--recipe"]
    assert completed("use", "s") == ["shipped"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "_INKLING_COMPLETE" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["--version"]])
def test_help_waits_for_no_library(arguments: list[str]) -> None:
    program = (
        "import sys; from model.__main__ import main; main(sys.argv[1:]);"
        "print(sorted({'cv2', 'keras', 'numpy', 'pydantic', 'tensorflow'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_recipe_with_another_augmentation() -> None:
    def chosen(recipe: str, spec: str | None) -> object:
        return Request(recipe, augmentation=spec).chosen().augmentation

    good = recipes.RECIPES["good"].augmentation
    assert good is not None
    assert chosen("good", None) == good
    assert chosen("good", "none") is None
    assert chosen("best", "good") == good
    assert (
        chosen("quick", " rotation = 8 , zoom=0.08,stretch=0.08,shift=0.05,shear=6,elastic=.5")
        == good
    )


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("some", "There is no augmentation “some”; wanted: none, a recipe’s name, or amounts"),
        ("", "There is no augmentation “”"),
        ("rotation", "no augmentation"),
        ("turn=5", "no augmentation"),
        ("rotation=far", "no augmentation"),
        ("rotation=1=2", "no augmentation"),
        ("rotation=-1", "rotation is -1; wanted: from 0 to 180"),
        ("zoom=nan", "zoom is nan; wanted: from 0 to 0.9"),
    ],
)
def test_no_augmentation(spec: str, told: str) -> None:
    with pytest.raises(InklingError, match=told):
        recipes.augmentation(spec)


@pytest.fixture
def code(home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """That of a class' room with a drawing in it."""
    monkeypatch.delenv("INKLING_DATABASE", raising=False)
    with drawings.opened() as store:
        room = Rooms(store).make("7b", Visitor.of(new_key()), days=30)
        blank = np.zeros((28, 28), np.uint8)
        store.save(SavedDrawing(blank, 7, room=room.id, approved=False))
    return room.code or ""


def test_rooms_are_listed_taken_along_and_erased(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rooms"]) == 0
    assert re.fullmatch(rf"{code}  until [-\d]+  1 drawings  7b\n", capsys.readouterr().out)
    assert completed("rooms", "export", "") == [code]
    assert main(["rooms", "export", code.lower(), "-o", str(tmp_path / "room.zip")]) == 0
    with zipfile.ZipFile(tmp_path / "room.zip") as archive:
        assert "drawings.csv" in archive.namelist()
    assert main(["rooms", "erase", code]) == 0
    assert main(["rooms"]) == 0
    assert capsys.readouterr().out.endswith(f"The room {code} is gone.\n")
    assert main(["rooms", "erase", code]) == 2
    assert "never was one; wanted" in capsys.readouterr().err
