"""`python -m tests.fuzz SECONDS [KIND…]`: every reader against changed files, for so long in all.

What comes of it goes to .fuzz/KIND: the inputs that take other ways through the readers, with which
the next time begins, and those that fail. The counts are added to benchmarks/results/fuzz.json,
from which `python -m benchmarks.readme` writes a table. The exit status is 1 where one fails.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import report
from model.files import read_json
from tests.fuzz.corpus import SEEDS

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / ".fuzz"
LARGEST = 2**16  # bytes of an input
MEMORY = 4096  # MB at which libFuzzer ends a process; an input may take far less, see `worker`
SITTING = 40  # seconds of a process, as what Atheris notes of Pillow's branches is never let go
KILLED = 60  # seconds after which libFuzzer ends a process that hangs; it may have to share a core

Figures = dict[str, Any]


def main() -> int:
    seconds, kinds = float(sys.argv[1]), sys.argv[2:] or list(SEEDS)
    unknown = set(kinds) - set(SEEDS)
    if unknown:
        sys.exit(f"There is no kind {', '.join(unknown)}; wanted: some of {', '.join(SEEDS)}.")
    failed = False
    for kind in kinds:
        figures = fuzz(kind, seconds / len(kinds))
        failed |= bool(figures["failures"])
        print(f"{kind}: {figures}", flush=True)
        keep(kind, figures)
    return int(failed)


def fuzz(kind: str, seconds: float) -> Figures:
    """The figures of one kind. A process that is ended is followed by another."""
    folder, inputs = FOLDER / kind, FOLDER / kind / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[kind]()):
        (inputs / f"seed-{number}").write_bytes(seed)
    total: Figures = {"inputs": 0, "refused": 0, "slowest": 0.0, "memory": 0, "failures": {}}
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        (folder / "figures.json").unlink(missing_ok=True)
        before = set(folder.iterdir())
        options = {
            "max_total_time": max(1, round(min(left, SITTING))),
            "max_len": LARGEST,
            "timeout": KILLED,
            "rss_limit_mb": MEMORY,
            "artifact_prefix": f"{folder}/",
        }
        with (folder / "log.txt").open("w") as log:
            subprocess.run(
                [
                    sys.executable,
                    *("-m", "tests.fuzz.worker", kind, folder),
                    *(f"-{name}={value}" for name, value in options.items()),
                    inputs,
                ],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                check=False,
            )
        add(total, read_json(folder / "figures.json") or {})
        ended = [
            path.name.partition("-")[0]
            for path in set(folder.iterdir()) - before
            if path.name.startswith(("timeout-", "oom-", "crash-", "leak-"))
        ]
        add(total, {"failures": Counter(ended)})
    return total


def add(total: Figures, figures: Figures) -> None:
    for name in ("inputs", "refused"):
        total[name] += figures.get(name, 0)
    for name in ("slowest", "memory"):
        total[name] = max(total[name], figures.get(name, 0))
    total["failures"] = dict(Counter(total["failures"]) + Counter(figures.get("failures", {})))


def keep(kind: str, figures: Figures) -> None:
    """Add the figures to those of before."""
    known = report.load("fuzz") or {"runs": []}
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    when = datetime.now(UTC).isoformat(timespec="seconds")
    known["runs"].append({"when": when, "commit": commit, "kind": kind, **figures})
    report.save("fuzz", {"runs": known["runs"]})


if __name__ == "__main__":
    sys.exit(main())
