"""What was tried against Inkling, and what came of it: SECURITY.md's tables.

`python -m tests.fuzz SECONDS` adds to the first; `python -m benchmarks.attacks [WORD]` runs the
tests of the second, or those of attacks with that word in their name, and counts them.
"""

import re
import subprocess
import sys
from collections import Counter
from typing import Any

from benchmarks import report

# What is attacked, and the tests that do.
TESTS = {
    "damaged and hostile pictures": ["unit/test_damaged_pictures"],
    "damaged and hostile files of digits, bombs among them": [
        "unit/test_readers",
        "unit/test_npz",
        "unit/test_kaggle",
        "unit/test_batch",
    ],
    "damaged and hostile model files, bombs among them": ["unit/test_classifier"],
    "guesses of the password, passwords of 10 MB": ["unit/test_guesses"],
    "forged messages: every button, file and page that is not offered; the server's files; names "
    "with markup": ["integration/test_forged_messages"],
    "markup, line breaks and surrogates in what is quoted": ["unit/test_errors", "unit/test_html"],
    "formulas in CSV": ["unit/test_csv_downloads"],
    "two servers on one home; it is deleted, read-only, full; the database locked, deleted": [
        "integration/test_home",
        "unit/test_drawings",
    ],
    "PostgreSQL killed and started again": ["integration/test_postgresql"],
    "the clock set back": ["unit/test_clock"],
    "trainings killed, frozen, starved, on a full disk, begun twice": ["integration/test_jobs"],
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
                f"{every[-1]['memory'] / 2**20:,.0f} MB",  # the first measured it otherwise
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
    """A row an attack: how many tests, how many held, and where they are."""
    found = _known()
    rows = [
        [name, *found[name], ", ".join(f"`{file}.py`" for file in files)]
        for name, files in TESTS.items()
        if name in found
    ]
    return report.table(["attack", "tests", "held", "in `tests/`"], rows)


def _known() -> dict[str, list[int]]:
    known: dict[str, list[int]] = (report.load("attacks") or {}).get("attacks", {})
    return known


def main() -> int:
    """Run the tests, and keep how many there are and how many pass."""
    found = _known()
    word = " ".join(sys.argv[1:])
    chosen = {name: files for name, files in TESTS.items() if word in name}
    for name, files in chosen.items():
        paths = [f"tests/{file}.py" for file in files]
        command = [sys.executable, "-m", "pytest", "-q", *paths]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        counts = Counter(
            {kind: int(n) for n, kind in re.findall(r"(\d+) (passed|failed|error)", said)}
        )
        found[name] = [sum(counts.values()), counts["passed"]]
        print(name, *found[name], flush=True)
        if counts["passed"] < sum(counts.values()):
            print(said)
    report.save("attacks", {"attacks": found})
    return int(any(tests != held for tests, held in map(found.__getitem__, chosen)))


if __name__ == "__main__":
    sys.exit(main())
