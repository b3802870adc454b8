"""What is large, by name: models, checkpoints, arrays, pictures, logs; beside the small in the
database.

A store has folders, as `runs/<id>`, and a folder has files. By default the store is INKLING_HOME.
Where INKLING_BLOBS names another, as `s3://bucket/inkling` or `gs://…`, through Arrow, which
Streamlit brings, the files in INKLING_HOME are copies of what is there: what is read is fetched
once, and again where it has changed; what is written goes there before anybody is told of it.

    files = blobs.of("runs/20261127-120000-quick-1f2e")
    files.write("checkpoint.npz", content)      # whole or not at all
    keras.saving.load_model(files.path("model.keras"))  # a file on this machine

What this machine refuses raises OSError, as files do; what is far away and can't be reached, an
InklingError. A copy is read in its place, where there is one.
"""

from __future__ import annotations

import logging
import secrets
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
        if path.is_dir():
            for inner in path.iterdir():
                self.keep(str(inner.relative_to(self.folder)))
            return
        with _explained(self.remote):
            system, place = _system(self.remote, name)
            system.create_dir(place.rpartition("/")[0], recursive=True)
            _upload(system, place, path.read_bytes())
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
            from pyarrow import fs

            system, place = _system(self.remote)
            found = system.get_file_info(fs.FileSelector(place, allow_not_found=True))
        names = (one.base_name for one in found if one.is_file and ".part-" not in one.base_name)
        return sorted(name for name in names if fnmatch(name, pattern))

    def remove(self, name: str) -> None:
        """As far as it is there."""
        if self.remote is not None:
            with _explained(self.remote), suppress(FileNotFoundError):
                system, place = _system(self.remote, name)
                system.delete_file(place)
            _versions.pop(f"{self.remote}/{name}", None)
            _mark(self.folder / name).unlink(missing_ok=True)
        (self.folder / name).unlink(missing_ok=True)

    def remove_all(self) -> None:
        """All files, and the folder."""
        if self.remote is not None:
            with _explained(self.remote), suppress(FileNotFoundError):
                system, place = _system(self.remote)
                system.delete_dir(place)
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
                system, place = _system(self.remote, name)
                with system.open_input_stream(place) as stream:
                    content = stream.read()
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
            version = _version(*_system(self.remote, name))
        with _lock:
            _versions[address] = time.monotonic(), version
            while len(_versions) > _MOST:
                del _versions[next(iter(_versions))]
        return version


def of(name: str) -> Blobs:
    """The folder of that name, as `runs/<id>`. Raises InklingError for a store that can't be."""
    root, question, options = Storage.read().blobs.partition("?")
    remote = f"{root.rstrip('/')}/{name}{question}{options}" if root else None
    return Blobs(home() / name, remote)


_versions: dict[str, tuple[float, str | None]] = {}
_lock = Lock()


def _mark(path: Path) -> Path:
    """Where it is noted which version a copy is."""
    return path.with_name(f".{path.name}.version")


@lru_cache(maxsize=64)
def _opened(address: str) -> tuple[Any, str]:
    from pyarrow import fs

    try:
        system, place = fs.FileSystem.from_uri(address)
    except ValueError as error:  # pyarrow.ArrowInvalid
        raise InklingError(
            "INKLING_BLOBS has the value “{address}”, which is no address of a store ({reason}); "
            "wanted: one as s3://bucket/folder or gs://bucket/folder.",
            address=address,
            reason=" ".join(str(error).split()),
        ) from None
    return system, place.rstrip("/")


def _system(folder: str, name: str = "") -> tuple[Any, str]:
    """A file system of Arrow's, and the place in it of a folder of the store, or a file there."""
    root, question, options = folder.partition("?")
    scheme, _, path = root.partition("://")
    bucket, _, inner = path.partition("/")
    if scheme == "s3":  # what is small in one request
        question, options = "?", "&".join(filter(None, [options, "allow_delayed_open=true"]))
    # One connection for a bucket, whatever is in it.
    system, place = _opened(f"{scheme}://{bucket or '/'}{question}{options}")
    return system, f"{place}/{inner}/{name}".rstrip("/")


def _version(system: Any, place: str) -> str | None:
    """What tells a file from what was in its place before; None where there is none."""
    info = system.get_file_info(place)
    if not info.is_file:
        return None
    told = f"{info.mtime_ns} {info.size}"
    if system.type_name == "s3":  # whose clock ticks once a second
        with system.open_input_file(place) as file:
            tag = (file.metadata() or {}).get("ETag", b"")
        told += f" {tag.decode()}"
    return told


def _upload(system: Any, place: str, content: bytes) -> None:
    """Whole or not at all: an object store shows what was written once it is complete; a file
    system, once it has its name."""
    if system.type_name != "local":
        with system.open_output_stream(place) as stream:
            stream.write(content)
        return
    partial = f"{place}.part-{secrets.token_hex(4)}"
    with system.open_output_stream(partial) as stream:
        stream.write(content)
    system.move(partial, place)


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
            "The store of models can't be reached ({kind}: the log says why); wanted: one that "
            "answers and can be written to; the variable INKLING_BLOBS names another.",
            kind=type(error).__name__,
        ) from error
