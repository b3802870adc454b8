"""Drawing while a network is trained: is the answer as quick as before?

    python -m benchmarks.drawing_while_training

With and without a training (`good`, on synthetic digits, in a process of its own), in turn: from
ink to probabilities in this process, a drawing every 50 ms; and on the page in a browser, from the
lifted pen to the painted answer. Medians, and the 5th and 95th percentiles. On this machine alone:
training, server and Chromium share its cores.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import numpy as np
from playwright.sync_api import expect, sync_playwright

from benchmarks import live, report
from benchmarks.latency import canvas_drawing
from browser import chromium
from browser.server import serving
from browser.visitor import Visitor
from browser.waiting import until
from model.inference import classifier
from model.inference.classifier import Classifier
from model.preprocessing.drawing import Drawing
from model.settings import PRETRAINED
from model.training import jobs
from model.training.jobs import Request

ROUNDS = 3
DRAWINGS = 200
PAUSE = 0.05  # seconds between two drawings, so that each finds the processor at rest
REQUEST = Request(recipe="good", data="synthetic:12000", epochs=1000)


@contextmanager
def training() -> Iterator[None]:
    """While it learns, and no longer."""
    run = jobs.start(REQUEST)
    try:
        until(lambda: (now := run.snapshot().progress) and now.phase == "training", 300)
        yield
        assert jobs.current() == run
    finally:
        jobs.stop(run)
        until(lambda: not run.is_alive)


def ink_to_probabilities(reader: Classifier) -> list[float]:
    """Milliseconds of each drawing."""
    drawings = [canvas_drawing(i % 10, i) for i in range(DRAWINGS)]
    times = []
    for drawing in drawings:
        time.sleep(PAUSE)
        began = time.perf_counter()
        image = Drawing.from_canvas(drawing).image
        assert image is not None
        reader.probabilities(image[None])
        times.append(1000 * (time.perf_counter() - began))
    return times


def on_the_page() -> list[float]:
    """Milliseconds of each answer, by a fresh server to a fresh browser."""
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.system(), args=chromium.ARGUMENTS
        )
        with serving() as address:
            page = browser.new_page()
            visitor = Visitor(page, address)
            visitor.draw(3)
            visitor.reads(3)
            visitor.press("clear")
            visitor.is_invited()
            times = live.lifted(page, visitor)
        browser.close()
    return times


def main() -> None:
    reader = classifier.load(PRETRAINED)
    reader.probabilities(np.zeros((1, 28, 28), np.float32))  # warm
    ways: dict[str, Callable[[], list[float]]] = {
        "ink to probabilities": lambda: ink_to_probabilities(reader),
        "pen lifted to answer painted": on_the_page,
    }
    states: dict[str, Callable[[], AbstractContextManager[None]]] = {
        "alone": nullcontext,
        "while it trains": training,
    }
    figures = []
    with tempfile.TemporaryDirectory() as home:
        os.environ["INKLING_HOME"] = home
        for way, measure in ways.items():
            times: dict[str, list[float]] = {state: [] for state in states}
            for _ in range(ROUNDS):
                for state, context in states.items():
                    with context():
                        times[state] += measure()
            for state, all_times in times.items():
                spread = report.spread(all_times)
                figures.append({"way": way, "state": state, "n": len(all_times), **spread})
    report.save("drawing_while_training", {"times": figures})
    print(as_table())


def as_table() -> str:
    kept = report.load("drawing_while_training")
    rows = [
        [f"{row['way']}, {row['state']}", row["n"], *report.in_ms(row, 2)]
        for row in (kept["times"] if kept else [])
    ]
    return report.table(["one drawing", "times", "median", "5–95 %"], rows)


if __name__ == "__main__":
    main()
