"""A disk of 32 MB, for which nobody needs the rights of root."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

# Everybody may mount in a user namespace of their own; root may where there is no such thing.
_NAMESPACES = (["--user", "--map-root-user", "--mount"], ["--mount"])
_MOUNT = 'mount -t tmpfs -o size=32m tmpfs "$0" && echo mounted && exec cat'


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """The folder of a disk that is mounted at `place`, seen through the one process that has it
    mounted. Skips the test where the system has no mount namespaces, or not for this user."""
    for namespace in _NAMESPACES if shutil.which("unshare") else ():
        with subprocess.Popen(
            ["unshare", *namespace, "sh", "-c", _MOUNT, place],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as holder:
            assert holder.stdout
            if holder.stdout.readline() == b"mounted\n":
                yield Path(f"/proc/{holder.pid}/root") / place.relative_to("/")
                return
    pytest.skip("This system has no mount namespaces, or not for this user.")


def fill(path: Path) -> None:
    """Write to a file until the disk is full."""
    with path.open("ab", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
