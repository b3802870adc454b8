"""A disk of 32 MB, for which nobody needs the rights of root."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

# Everybody may mount in a user namespace of their own; root may where there is no such thing.
# Who joins the process that has mounted it needs the same.
_NAMESPACES = {
    ("--user", "--map-root-user", "--mount"): ["--user", "--preserve-credentials", "--mount"],
    ("--mount",): ["--mount"],
}
_MOUNT = """mount -t tmpfs -o size=32m tmpfs "$0" && echo mounted &&
while read -r how; do mount -o "remount,bind,$how" "$0" && echo "$how" || echo failed; done"""
_JOIN = """import os, sys
os.execvp("nsenter", ["nsenter", "--target", {process!r}, *{flags!r}, sys.executable, "-u",
          "-m", "ui", *sys.argv[1:]])"""


@dataclass
class Disk:
    """`place` is where it is mounted, for one process alone; others see it at `folder`."""

    place: Path
    _holder: subprocess.Popen[bytes]
    _flags: list[str]

    @property
    def folder(self) -> Path:
        return Path(f"/proc/{self._holder.pid}/root") / self.place.relative_to("/")

    @property
    def app(self) -> tuple[str, str]:
        """What Python is given to run the app where `place` is this disk's."""
        return "-c", _JOIN.format(process=str(self._holder.pid), flags=self._flags)

    def remount(self, how: str) -> None:
        """Have it be read-only, “ro”, or not, “rw”."""
        assert self._holder.stdin
        self._holder.stdin.write(f"{how}\n".encode())
        self._holder.stdin.flush()
        assert self.has_said(how)

    def has_said(self, word: str) -> bool:
        assert self._holder.stdout
        return self._holder.stdout.readline() == f"{word}\n".encode()


@contextmanager
def small_disk(place: Path) -> Iterator[Disk]:
    """A disk that is mounted at `place`. Skips the test where the system has no mount namespaces,
    or not for this user."""
    for namespace, flags in _NAMESPACES.items() if shutil.which("unshare") else ():
        with subprocess.Popen(
            ["unshare", *namespace, "sh", "-c", _MOUNT, place],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as holder:
            disk = Disk(place, holder, flags)
            if disk.has_said("mounted"):
                yield disk
                return
    pytest.skip("This system has no mount namespaces, or not for this user.")


def fill(path: Path) -> None:
    """Write to a file until the disk is full."""
    with path.open("ab", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
