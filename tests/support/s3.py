"""An S3 of a test's own: moto's server, in a process and on a port of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from browser.waiting import until

KEYS = {"AWS_ACCESS_KEY_ID": "inkling", "AWS_SECRET_ACCESS_KEY": "inkling"}


@contextmanager
def s3() -> Iterator[str]:
    """The address of a folder in a bucket; skips the test where there is no moto."""
    program = shutil.which("moto_server")
    if program is None:
        pytest.skip("moto's server is not installed: pipx install moto[s3,server].")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [program, "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        try:
            until(lambda: _answers(port), 60)
            yield _bucket(f"endpoint_override=http://127.0.0.1:{port}&region=us-east-1")
        finally:
            server.kill()
            server.wait()


def _bucket(asked: str) -> str:
    from pyarrow import fs

    system, _ = fs.FileSystem.from_uri(f"s3://inkling?{asked}&allow_bucket_creation=true")
    system.create_dir("inkling")
    return f"s3://inkling/folder?{asked}"


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0
