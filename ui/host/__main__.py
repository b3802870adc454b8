"""`python -m ui.host --workers 2 --port 8501`: several processes of the app behind one door.

One process has one core, by Python's lock. Each of these is a whole app with a network of its own;
Caddy (deploy/Caddyfile) is in front of them and leaves a visitor with the one that has the drawing.
A process that ends is begun anew; Ctrl+C or SIGTERM ends them all.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from types import FrameType

from model.settings import ROOT, child_environment

CADDYFILE = ROOT / "deploy" / "Caddyfile"
FIRST = 8601  # the port of the first process; the others have the next ones
PAUSE = 1.0  # seconds between two looks at the processes
GRACE = 10.0  # seconds to end by themselves

# Streamlit runs a page in a thread of its own: glibc keeps less memory for those that are gone.
MEMORY = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}


class Process:
    """A program that is begun anew when it ends."""

    def __init__(self, name: str, command: Sequence[str], **environment: str) -> None:
        self.name = name
        self._command, self._environment = command, environment
        self.begin()

    def begin(self) -> None:
        # Ctrl+C reaches the whole group of a terminal; who ends, and when, is decided here.
        self.running = subprocess.Popen(
            self._command,
            env=child_environment() | self._environment,
            start_new_session=True,
        )

    @property
    def is_over(self) -> bool:
        return self.running.poll() is not None

    def end(self) -> None:
        """Ask it to end, and see to it that it has."""
        self.running.terminate()
        try:
            self.running.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()


def worker(port: int, options: Sequence[str]) -> Process:
    """A process of the app."""
    own = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    environment = MEMORY | {"INKLING_PRELOAD": os.environ.get("INKLING_PRELOAD", "on")}
    return Process(
        f"process {port}", [sys.executable, "-P", "-m", "ui", *own, *options], **environment
    )


def door(caddy: str, address: str, ports: Sequence[int]) -> Process:
    """The proxy in front of the processes on these ports."""
    workers = " ".join(f"127.0.0.1:{port}" for port in ports)
    return Process(
        "Caddy",
        [caddy, "run", "--adapter", "caddyfile", "--config", str(CADDYFILE)],
        INKLING_ADDRESS=address,
        INKLING_WORKERS=workers,
    )


def serve(caddy: str, address: str, ports: Sequence[int], options: Sequence[str]) -> None:
    """Until somebody ends it."""
    with ExitStack() as running:
        processes = []
        for port in ports:
            processes.append(worker(port, options))
            running.callback(processes[-1].end)
        processes.append(door(caddy, address, ports))
        running.callback(processes[-1].end)
        print(f"Inkling: {len(ports)} processes behind {address}", flush=True)
        while True:
            time.sleep(PAUSE)
            for process in processes:
                if process.is_over:
                    print(f"Inkling: began {process.name} anew", flush=True)
                    process.begin()


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def main() -> None:
    arguments = argparse.ArgumentParser("python -m ui.host", description=__doc__.splitlines()[0])
    arguments.add_argument("--workers", type=int, default=2, help="processes of the app")
    arguments.add_argument("--port", type=int, default=8501, help="of the door, on this machine")
    arguments.add_argument("--address", help="of the door, as Caddy writes it: digits.example.org")
    arguments.add_argument("--first", type=int, default=FIRST, help="the first process' own port")
    given, options = arguments.parse_known_args()
    caddy = shutil.which("caddy")
    if not caddy:
        sys.exit(
            "Several processes need Caddy in front of them, and it is not installed: "
            "sudo apt-get install caddy, or https://caddyserver.com/docs/install."
        )
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    ports = range(given.first, given.first + given.workers)
    serve(caddy, given.address or f"http://127.0.0.1:{given.port}", ports, options)


if __name__ == "__main__":
    main()
