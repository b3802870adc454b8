"""A training on disk: its configuration, history, model and result; and which one is in use.

    INKLING_HOME/
        runs/<id>/run.json       what was trained on what: recipe, data, seed, versions
                  history.csv    a row an epoch
                  model.keras    the finished network
                  result.json    its figures
        in_use.json              the run that answers; without it, the model that ships

Every file is written whole or not at all, so whoever reads sees an older state or a newer one.
"""

from __future__ import annotations

import csv
import io
import json
import os
import platform
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from model.errors import InklingError
from model.files import write_json, write_whole

_LIBRARIES = ("tensorflow", "keras", "numpy", "opencv-python-headless")


def home() -> Path:
    """The folder that runs live in: INKLING_HOME, else the user's data folder."""
    from platformdirs import user_data_path

    given = os.environ.get("INKLING_HOME")
    return Path(given).expanduser() if given else user_data_path("inkling", appauthor=False)


@dataclass(frozen=True)
class Run:
    """One training's folder; nothing of it is held in memory."""

    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def model_path(self) -> Path:
        return self.folder / "model.keras"

    @property
    def config(self) -> dict[str, Any]:
        """recipe, data, fingerprint, seed, policy, versions, started."""
        return _read_json(self.folder / "run.json") or {}

    @property
    def result(self) -> dict[str, Any] | None:
        """The finished run's figures; None while it has none."""
        return _read_json(self.folder / "result.json")

    @property
    def history(self) -> list[dict[str, float]]:
        """A row an epoch: epoch (from 1), loss, accuracy, val_loss, val_accuracy, seconds."""
        try:
            text = (self.folder / "history.csv").read_text()
        except FileNotFoundError:
            return []
        return [{key: float(value) for key, value in row.items()} for row in _rows(text)]

    def write_config(self, config: Mapping[str, Any]) -> None:
        write_json(self.folder / "run.json", config)

    def write_result(self, result: Mapping[str, Any]) -> None:
        write_json(self.folder / "result.json", result)

    def write_history(self, rows: Sequence[Mapping[str, float]]) -> None:
        text = io.StringIO()
        if rows:
            writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        write_whole(self.folder / "history.csv", text.getvalue())


def create(recipe: str, folder: Path | None = None) -> Run:
    """A new run's folder: `folder`, which must be empty or new, or one in INKLING_HOME.

    Raises InklingError where the folder can't be made or holds something already.
    """
    if folder is None:
        moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        folder = home() / "runs" / f"{moment}-{recipe}-{secrets.token_hex(2)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        empty = not any(folder.iterdir())
    except OSError as error:
        raise InklingError(
            f"The folder “{folder}” can't be used ({error.strerror}); wanted: a new or empty "
            "folder that can be written to."
        ) from error
    if not empty:
        raise InklingError(f"The folder “{folder}” is not empty; wanted: a new or empty one.")
    return Run(folder)


def versions() -> dict[str, str]:
    """What decides a training's figures besides the recipe: libraries, Python, machine."""
    return {
        **{name: version(name) for name in _LIBRARIES},
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return None


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))
