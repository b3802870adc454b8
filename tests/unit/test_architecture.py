"""ARCHITECTURE.md shows what is so."""

import re
import tomllib

import pytest

from model.data import tables
from model.settings import ROOT

TABLES = [tables.drawings, tables.rooms, tables.members, tables.counts]
TEXT = (ROOT / "ARCHITECTURE.md").read_text()


@pytest.fixture(scope="module")
def layers() -> list[str]:
    """The lines that import-linter holds, from above."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (contract,) = [c for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    found: list[str] = contract["layers"]
    return found


def test_the_picture_of_the_layers_is_what_import_linter_holds(layers: list[str]) -> None:
    picture = TEXT.split("<!-- layers -->\n```\n")[1].split("```")[0]
    lines = [line for line in picture.splitlines() if not line.startswith("─")]
    assert [re.split("  +", line)[0] for line in lines] == layers


def test_every_package_is_in_a_layer(layers: list[str]) -> None:
    named = {name.strip() for line in layers for name in line.split("|")}
    packages = {
        f"{path.parent.parent.name}.{path.parent.name}"
        for parent in ("model", "ui")
        for path in (ROOT / parent).glob("*/__init__.py")
    }
    modules = {
        f"model.{path.stem}" for path in (ROOT / "model").glob("*.py") if path.stem != "__init__"
    }
    assert packages | modules | {"benchmarks", "browser", "tests"} == named


def test_every_column_of_the_database_is_told() -> None:
    section = TEXT.split("## The tables of the database")[1]
    told = {
        part.split("`")[0]: re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)
        for part in section.split("| column of `")[1:]
    }
    every = {table.name: [column.name for column in table.columns] for table in TABLES}
    assert told == every
