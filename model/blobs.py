"""What is large, by name: models, checkpoints, arrays, pictures, logs; beside the small in the
database.

A store has folders, as `runs/<id>`, and a folder has files. By default the store is INKLING_HOME.
Where INKLING_BLOBS names another, as `s3://bucket/inkling` or `gs://…`, through fsspec, whose
drivers are extras, the files in INKLING_HOME are copies of what is there: what is read is fetched
once, and again where it has changed; what is written goes there before anybody is told of it.

    files = blobs.of("runs/20261127-120000-quick-1f2e")
    files.write("checkpoint.npz", content)      # whole or not at all
    keras.saving.load_model(files.path("model.keras"))  # a file on this machine

What this machine refuses raises OSError, as files do; what is far away and can't be reached, an
InklingError. A copy is read in its place, where there is one.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from model.errors import InklingError
from model.files import write_whole
from model.settings import Storage, home

FRESH = 2.0  # seconds for which it is believed that a file far away is as it was

_MOST = 10_000  # files far away of which it is remembered how they were


@dataclass(frozen=True)
class Blobs:
    """A folder of the store: `folder` is where its files are on this machine, `remote` its address
    where that is only a copy."""

    folder: Path
    remote: str | None = None

    def path(self, name: str, fresh: float = FRESH) -> Path:
        """The file of that name on this machine, fetched first where it is newer far away, by
        what was known less than `fresh` seconds ago; nothing is at the path where there is none."""
        path = self.folder / name
        if self.remote is not None:
            self._fetch(name, path, fresh)
        return path

    def read(self, name: str) -> bytes:
        """What is in the file of that name; nothing where there is none."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            return b""

    def write(self, name: str, content: bytes, durable: bool = True) -> None:
        """Keep `content` under that name: a reader sees what was before or this, never a part.
        What is not `durable` need not outlive a power cut."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / name, content, durable and self.remote is None)
        self.keep(name)

    def keep(self, name: str) -> None:
        """Have a file, or all in a folder, that a library has written at `folder / name`."""
        if self.remote is None:
            return
        path = self.folder / name
        with _explained(self.remote):
            if path.is_dir():
                _system(self.remote).put(str(path), f"{self.remote}/{name}", recursive=True)
                return
            _system(self.remote).pipe_file(f"{self.remote}/{name}", path.read_bytes())
        _mark(path).write_text(self._version(name, 0) or "")

    def exists(self, name: str, fresh: float = FRESH) -> bool:
        if self.remote is None:
            return (self.folder / name).is_file()
        return self._version(name, fresh) is not None

    def names(self, pattern: str = "*") -> list[str]:
        """The names of its files that are as `pattern` says, in order."""
        if self.remote is None:
            return sorted(path.name for path in self.folder.glob(pattern) if path.is_file())
        with _explained(self.remote):
            system = _system(self.remote)
            system.invalidate_cache()
            try:
                found = system.ls(self.remote, detail=True)
            except FileNotFoundError:
                return []
        names = (one["name"].rpartition("/")[2] for one in found if one["type"] == "file")
        return sorted(name for name in names if fnmatch(name, pattern))

    def remove(self, name: str) -> None:
        """As far as it is there."""
        if self.remote is not None:
            with _explained(self.remote), suppress(FileNotFoundError):
                _system(self.remote).rm_file(f"{self.remote}/{name}")
            _versions.pop(f"{self.remote}/{name}", None)
            _mark(self.folder / name).unlink(missing_ok=True)
        (self.folder / name).unlink(missing_ok=True)

    def remove_all(self) -> None:
        """All files, and the folder."""
        if self.remote is not None:
            with _explained(self.remote), suppress(FileNotFoundError):
                system = _system(self.remote)
                system.invalidate_cache()
                system.rm(self.remote, recursive=True)
        # Out of the listing in one step, so that nobody sees it half deleted.
        doomed = self.folder.with_name(f".deleted-{self.folder.name}")
        with suppress(FileNotFoundError):  # somebody else was faster
            self.folder.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)

    # ------------------------------------------------------------ far away

    def _fetch(self, name: str, path: Path, fresh: float) -> None:
        assert self.remote is not None
        mark = _mark(path)
        try:
            version = self._version(name, fresh)
            if version is None:
                path.unlink(missing_ok=True)
                return
            with suppress(OSError):
                if mark.read_text() == version and path.is_file():
                    return
            with _explained(self.remote):
                content = _system(self.remote).cat_file(f"{self.remote}/{name}")
        except InklingError as error:
            if not path.is_file():
                raise
            logging.getLogger(__name__).warning("%s: a copy is read: %s", name, error)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, durable=False)
        write_whole(mark, version, durable=False)  # the last: until then it is fetched anew

    def _version(self, name: str, fresh: float) -> str | None:
        """What tells the file far away from what was in its place before; None: there is none."""
        assert self.remote is not None
        address = f"{self.remote}/{name}"
        known = _versions.get(address)
        if known and time.monotonic() - known[0] < (fresh if known[1] else min(fresh, FRESH)):
            return known[1]  # what was not there may come at any time
        with _explained(self.remote):
            system = _system(self.remote)
            system.invalidate_cache()
            try:
                version = str(system.ukey(address))
            except FileNotFoundError:
                version = None
        with _lock:
            _versions[address] = time.monotonic(), version
            while len(_versions) > _MOST:
                del _versions[next(iter(_versions))]
        return version


def of(name: str) -> Blobs:
    """The folder of that name, as `runs/<id>`. Raises InklingError for a store that can't be."""
    root = Storage.read().blobs
    return Blobs(home() / name, f"{root.rstrip('/')}/{name}" if root else None)


_versions: dict[str, tuple[float, str | None]] = {}
_lock = Lock()


def _mark(path: Path) -> Path:
    """Where it is noted which version a copy is."""
    return path.with_name(f".{path.name}.version")


@lru_cache(maxsize=8)
def _opened(kind: str) -> Any:
    try:
        import fsspec

        return fsspec.filesystem(kind)
    except (ImportError, ValueError) as error:
        raise InklingError(
            f"INKLING_BLOBS names a store of the kind {kind}://, for which there is no driver here "
            f"({' '.join(str(error).split())}); wanted: s3:// with the extra “s3” installed, gs:// "
            "with “gs”, or none, for INKLING_HOME."
        ) from error


def _system(address: str) -> Any:
    """The file system of an address, as fsspec has it."""
    return _opened(address.partition("://")[0])


@contextmanager
def _explained(address: str) -> Iterator[None]:
    """What a driver has to say against it, in a sentence; but that a file is not there."""
    try:
        yield
    except (FileNotFoundError, InklingError):
        raise
    except Exception as error:  # each driver has its own
        logging.getLogger(__name__).warning("%s: %s: %s", address, type(error).__name__, error)
        raise InklingError(
            f"The store of models can't be reached ({type(error).__name__}: the log says why); "
            "wanted: one that answers and can be written to; the variable INKLING_BLOBS names "
            "another."
        ) from error
