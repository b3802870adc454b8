"""What the benchmarks share: the machine's description, results on disk, tables."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from model.files import write_json

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, Any]:
    """What a timing depends on."""
    return {
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "processor": _processor(),
        "python": platform.python_version(),
        "tensorflow": version("tensorflow"),
        "keras": version("keras"),
    }


def save(name: str, figures: dict[str, Any]) -> None:
    """Keep a benchmark's figures, with the machine they were measured on."""
    RESULTS.mkdir(exist_ok=True)
    write_json(RESULTS / f"{name}.json", {"machine": machine(), **figures})


def load(name: str) -> dict[str, Any] | None:
    """The figures last kept under `name`; None where the benchmark has not run."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; all columns but the first to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def spread(times: Sequence[float]) -> dict[str, float]:
    """The median, and the 5th and 95th percentiles."""
    p5, median, p95 = np.percentile(times, [5, 50, 95]).tolist()
    return {"p5": p5, "median": median, "p95": p95}


def in_ms(spread: Mapping[str, float], digits: int = 0) -> tuple[str, str]:
    """A spread's two cells: the median, and from the 5th to the 95th percentile."""
    p5, median, p95 = (f"{spread[name]:.{digits}f}" for name in ("p5", "median", "p95"))
    return f"{median} ms", f"{p5}–{p95}"


def percent(share: float, digits: int = 2) -> str:
    return f"{100 * share:.{digits}f} %"


def with_interval(share: float, interval: Sequence[float]) -> str:
    low, high = interval
    return f"{percent(share)} ({100 * low:.2f}–{100 * high:.2f})"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
