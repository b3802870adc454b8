"""Several processes of the app behind one door, as `make serve` begins them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import processes
from browser.waiting import until
from model.settings import ROOT

pytestmark = [
    pytest.mark.skipif(not shutil.which("caddy"), reason="Caddy is not installed"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in Linux' /proc"),
]


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture
def host(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """One process of the app behind the door, which does not wait for TensorFlow."""
    door, worker = free_ports()
    environment = {
        "INKLING_HOME": str(tmp_path),
        "INKLING_PRELOAD": "off",
        "INKLING_HEALTH": "/_stcore/health",
    }
    command = [sys.executable, "-m", "ui.host", "--workers", "1"]
    process = subprocess.Popen(
        [*command, "--port", str(door), "--first", str(worker)],
        cwd=ROOT,
        env=os.environ | environment,
    )
    try:
        yield process, f"http://127.0.0.1:{door}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def page(address: str) -> str:
    """The page's cookies; nothing while nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return str(answer.headers.get("Set-Cookie"))
    except (urllib.error.URLError, ConnectionError):
        return ""


def app(process: subprocess.Popen[bytes]) -> int | None:
    """The process of the app, while there is one."""
    begun = processes.descendants(process.pid)
    return next((pid for pid in begun if "-m ui " in processes.command(pid)), None)


def test_a_process_that_ends_is_begun_anew_and_all_end_together(
    host: tuple[subprocess.Popen[bytes], str],
) -> None:
    process, address = host
    assert "inkling_worker=" in until(lambda: page(address))
    first = app(process)
    assert first
    os.kill(first, signal.SIGKILL)
    until(lambda: app(process) not in (None, first))
    assert until(lambda: page(address))

    begun = processes.descendants(process.pid)
    assert len(begun) >= 2
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not [pid for pid in begun if Path(f"/proc/{pid}").exists()]


def test_the_door_keeps_what_is_for_the_host(
    host: tuple[subprocess.Popen[bytes], str],
) -> None:
    _, address = host
    until(lambda: page(address))
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}/metrics")
    with refused.value as answer:
        assert answer.code == 404
