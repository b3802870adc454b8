"""A PostgreSQL of a test's own, which it may kill."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from browser.waiting import until

_DEBIANS = Path("/usr/lib/postgresql")  # not in PATH there
_QUICK = ("-c", "fsync=off")  # the machine itself is not switched off


@dataclass
class Database:
    """A cluster in `folder`, of which Debian's user of that name is the owner for root."""

    folder: Path
    programs: Path
    port: int
    user: str | None
    _server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return self._address("postgres")

    def new(self) -> str:
        """The address of one more database in it."""
        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(self.address.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._address(name)

    def _address(self, name: str) -> str:
        return f"postgresql+psycopg://inkling@127.0.0.1:{self.port}/{name}"

    def make(self) -> None:
        made = ["-D", str(self.folder / "data"), "-A", "trust", "-U", "inkling", "-E", "UTF8", "-N"]
        subprocess.run(
            [self.programs / "initdb", *made], check=True, capture_output=True, user=self.user
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        place = ["-D", str(self.folder / "data"), "-k", str(self.folder), "-p", str(self.port)]
        self._server = subprocess.Popen(
            [self.programs / "postgres", *place, "-c", "listen_addresses=127.0.0.1", *_QUICK],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self.user,
        )
        asked = [
            str(self.programs / "pg_isready"),
            *("-q", "-h", "127.0.0.1", "-p"),
            str(self.port),
        ]
        until(lambda: subprocess.run(asked, check=False).returncode == 0, 60)

    def kill(self) -> None:
        """End it as a machine that is short of memory does."""
        if self._server:
            self._server.send_signal(signal.SIGKILL)
            self._server.wait()
            self._server = None


@contextmanager
def postgresql() -> Iterator[Database]:
    """Skips the test where there is no PostgreSQL."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else sorted(_DEBIANS.glob("*/bin"))
    if not places:
        pytest.skip("There is no PostgreSQL here: initdb.")
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to be root's
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        if user:
            try:
                shutil.chown(folder, user)
            except LookupError:
                pytest.skip("PostgreSQL does not run as root, and has no user of its own here.")
        database = Database(Path(folder), places[-1], port, user)
        database.make()
        database.start()
        try:
            yield database
        finally:
            database.kill()
