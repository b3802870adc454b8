"""What it costs to have a training watched: the training, and the server.

    python -m benchmarks.watching

`quick` on MNIST with the moments of its replay and the norms of its gradients, and without, in
turn: CPU seconds of the learning (user and system, of all threads), as others may use the machine.
And the server's CPU, as a share of one core, for each browser that watches a training whose epochs
take about a second.
"""

import os
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import keras
import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks import report
from browser import chromium
from browser.server import serving
from browser.waiting import until
from model.data import datasets
from model.inference.backend import start_keras
from model.training import jobs, pipeline, trainer
from model.training.jobs import Request

ROUNDS = 3
VIEWERS = 3
SECONDS = 20  # of watching
LONG = Request(recipe="quick", data="synthetic:12000", epochs=1000)


def cpu() -> float:
    """Seconds of this process's so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class _Nothing(keras.callbacks.Callback):
    """In place of what looks at a network."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__()


class _NoNorm:
    """In place of what notes the gradient's norm."""

    latest = None

    def __init__(self, optimizer: keras.Optimizer) -> None:
        pass


def learning(watched: bool) -> float:
    """CPU seconds of one training."""
    request = Request(recipe="quick", data="mnist")
    dataset = datasets.load("mnist")
    with tempfile.TemporaryDirectory() as folder:
        run = pipeline.create(request, Path(folder))
        with ExitStack() as stack:
            if not watched:
                stack.enter_context(patch.object(trainer, "Moments", _Nothing))
                stack.enter_context(patch.object(trainer, "GradientNorm", _NoNorm))
            began = cpu()
            trainer.learn(request.chosen(), dataset, run, verbose=0)
            return cpu() - began


def server_cpu(process: int) -> float:
    """Seconds that the process of that id has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def watching() -> list[float]:
    """The server's share of a core with none to VIEWERS who watch."""
    shares = []
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        os.environ["INKLING_HOME"] = home
        run = jobs.start(LONG)
        browser = playwright.chromium.launch(
            executable_path=chromium.system(), args=chromium.ARGUMENTS
        )
        try:
            until(lambda: len(run.snapshot().history) > 1, 300)
            with serving(INKLING_HOME=home) as address:
                process = _server(address)
                for viewers in range(VIEWERS + 1):
                    if viewers:
                        page = browser.new_page()
                        page.goto(f"{address}/train")
                        page.locator(".st-key-charts svg.marks").wait_for(timeout=60_000)
                        page.wait_for_timeout(3000)
                    began, at = server_cpu(process), time.perf_counter()
                    time.sleep(SECONDS)
                    shares.append((server_cpu(process) - began) / (time.perf_counter() - at))
        finally:
            jobs.stop(run)
            until(lambda: not run.is_alive)
            browser.close()
    return shares


def _server(address: str) -> int:
    """The process that serves there: the one that was started with its port."""
    port = address.rpartition(":")[2].encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = path.read_bytes().split(b"\0")
        except OSError:  # it has ended
            continue
        if port in arguments and b"ui" in arguments:
            return int(path.parent.name)
    raise RuntimeError(f"Nothing serves {address}.")


def main() -> None:
    start_keras()
    ways: dict[str, Callable[[], float]] = {
        "watched": lambda: learning(True),
        "not watched": lambda: learning(False),
    }
    learning(True)  # warm
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, measure in ways.items():
            times[way].append(measure())
            print(way, f"{times[way][-1]:.2f}", flush=True)
    shares = watching()
    report.save(
        "watching",
        {
            "cpu_seconds": {way: float(np.median(found)) for way, found in times.items()},
            "share_of_a_core": shares,
        },
    )
    print(as_table())


def as_table() -> str:
    kept = report.load("watching")
    if not kept:
        return ""
    with_it, without = kept["cpu_seconds"]["watched"], kept["cpu_seconds"]["not watched"]
    shares = kept["share_of_a_core"]
    viewer = (shares[-1] - shares[0]) / (len(shares) - 1)
    rows = [
        ["a training of `quick`, with replay and norms", f"{with_it:.1f} CPU s"],
        ["the same, without", f"{without:.1f} CPU s"],
        ["the server, for each who watches", f"{100 * viewer:.1f} % of a core"],
    ]
    return report.table(["what is watched", "cost"], rows)


if __name__ == "__main__":
    main()
