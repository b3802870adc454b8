"""What `pip install` puts on a machine: all that the app needs, and nothing else."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from model.settings import ROOT

PACKAGES = ("model", "ui")
SITE = (".streamlit/config.toml", "app.py", "assets", "pages")  # in a folder of their own


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = folder.iterdir()
    return path


def files(name: str) -> set[str]:
    path = ROOT / name
    every = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return {str(file.relative_to(ROOT)) for file in every if file.suffix != ".pyc"}


def test_it_holds_what_the_app_needs(wheel: Path) -> None:
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    ours = set().union(*map(files, PACKAGES))
    site = {f"inkling/{file}" for file in set().union(*map(files, SITE))}
    assert held == ours | site
    assert {"model/pretrained/inkling.keras", "inkling/assets/style.css"} <= held


def test_it_names_what_it_needs(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("METADATA")]
        lines = archive.read(name).decode().splitlines()
    wanted = {
        line.split("#")[0].split(";")[0].strip().lower()
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if line.split("#")[0].strip()
    }
    named = {
        line.removeprefix("Requires-Dist: ").split(";")[0].strip().lower()
        for line in lines
        if line.startswith("Requires-Dist: ") and "extra ==" not in line
    }
    assert named == wanted
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"Version: {project['version']}" in lines


def test_installed_it_reads_and_finds_its_pages(wheel: Path, tmp_path: Path) -> None:
    """Unpacked as pip does, and asked from a folder that has a `model` and a `ui` of its own."""
    site = tmp_path / "site"
    ZipFile(wheel).extractall(site)
    for name in PACKAGES:
        (tmp_path / "own" / name).mkdir(parents=True)
        (tmp_path / "own" / name / "__init__.py").touch()
    program = (
        "from model.__main__ import main; from model.settings import PRETRAINED;"
        "from ui import APP;"
        "assert PRETRAINED.is_file(); assert (APP / 'pages' / 'draw.py').is_file();"
        "print(APP); raise SystemExit(main(['--version']))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path / "own",
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert done.stdout == f"{site / 'inkling'}\ninkling {project['version']}\n"
