"""Files of digits that visitors upload to train on, kept for as long as a run may need them."""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path
from typing import BinaryIO

from model.data import datasets
from model.errors import InklingError
from model.files import write_whole
from model.runs import registry
from model.settings import home

MOST = 2 * 2**30  # bytes of all that are kept

_GRACE = 3600  # seconds between an upload and the training that it is for


def keep(upload: BinaryIO) -> str:
    """Keep a seekable binary file with a `name`, of any kind that `datasets.read` reads; the spec
    to train on it.

    Raises InklingError for what can't be read, has no labels or can't be kept.
    """
    name = Path(getattr(upload, "name", "upload")).name
    if datasets.read(upload).labels is None:
        raise InklingError("“{name}” has no labels; wanted: digits with their labels.", name=name)
    upload.seek(0)
    content = upload.read()
    plain = re.sub(r"[^\w.]+", "-", name, flags=re.ASCII)[-60:].strip("-.")
    path = _folder() / f"{plain}-{hashlib.sha256(content).hexdigest()[:8]}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _forget_unneeded()
        if not path.exists():
            _check_room(name, len(content))
        write_whole(path, content)
    except OSError as error:
        raise InklingError(
            "“{name}” can't be kept in “{parent}” ({strerror}); wanted: a folder with "
            "room that can be written to.",
            name=name,
            parent=path.parent,
            strerror=error.strerror,
        ) from error
    return str(path)


def _folder() -> Path:
    return home().absolute() / "uploads"


def _check_room(name: str, size: int) -> None:
    kept = sum(path.stat().st_size for path in _folder().iterdir())
    if kept + size > MOST:
        raise InklingError(
            "There is no room for “{name}” beside the files that are kept for trainings already; "
            "wanted: fewer of them. What no run needs goes after an hour.",
            name=name,
        )


def _forget_unneeded() -> None:
    """Remove the uploads that no run was or is about to be trained on."""
    needed = {run.config.spec for run in registry.all_runs()}
    for path in _folder().iterdir():
        if str(path) not in needed and path.stat().st_mtime < time.time() - _GRACE:
            path.unlink(missing_ok=True)
