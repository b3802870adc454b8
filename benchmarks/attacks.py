"""What was tried against Inkling, and what came of it: SECURITY.md's tables.

`python -m tests.fuzz SECONDS` adds to the first; `python -m benchmarks.attacks` runs the tests of
the second and counts them.
"""

import re
import subprocess
import sys
from collections import Counter
from typing import Any

from benchmarks import report

# What is attacked, and the tests that do.
TESTS = {
    "damaged and hostile pictures": "tests/unit/test_damaged_pictures.py",
    "damaged and hostile files of digits, bombs among them": "tests/unit/test_readers.py "
    "tests/unit/test_npz.py tests/unit/test_kaggle.py tests/unit/test_batch.py",
    "damaged and hostile model files, bombs among them": "tests/unit/test_classifier.py",
    "guesses of the password": "tests/unit/test_guesses.py",
    "names with markup, line breaks, surrogates": "tests/unit/test_errors.py",
}


def fuzz_table() -> str:
    """A row a kind of file: inputs, refusals, the slowest, the memory, failures."""
    runs: list[dict[str, Any]] = (report.load("fuzz") or {"runs": []})["runs"]
    rows = []
    total, failures = 0, 0
    for kind in dict.fromkeys(run["kind"] for run in runs):
        every = [run for run in runs if run["kind"] == kind]
        inputs = sum(run["inputs"] for run in every)
        refused = sum(run["refused"] for run in every)
        kinds = Counter(name for run in every for name in run["failures"])
        total, failures = total + inputs, failures + len(kinds)
        rows.append(
            [
                kind,
                f"{inputs:,}",
                f"{refused:,}",
                f"{max(run['slowest'] for run in every):.2f} s",
                f"{max(run['memory'] for run in every) / 2**20:,.0f} MB",
                len(kinds),
                sum(every[-1]["failures"].values()),
            ]
        )
    rows.append(["all", f"{total:,}", "", "", "", failures, ""])
    head = [
        "kind",
        "inputs",
        "refused",
        "slowest",
        "memory",
        "kinds of failures",
        "in the last run",
    ]
    return report.table(head, rows)


def tests_table() -> str:
    """A row an attack: how many tests, how many held."""
    found = (report.load("attacks") or {}).get("attacks", {})
    rows = [[name, *found[name]] for name in TESTS if name in found]
    return report.table(["attack", "tests", "held"], rows)


def main() -> int:
    """Run the tests, and keep how many there are and how many pass."""
    found = {}
    for name, files in TESTS.items():
        command = [sys.executable, "-m", "pytest", "-q", *files.split()]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        counts = Counter(
            {kind: int(n) for n, kind in re.findall(r"(\d+) (passed|failed|error)", said)}
        )
        found[name] = [sum(counts.values()), counts["passed"]]
        print(name, *found[name])
    report.save("attacks", {"attacks": found})
    return int(any(tests != held for tests, held in found.values()))


if __name__ == "__main__":
    sys.exit(main())
