"""Write the README's tables: of the settings, and from what the benchmarks measured.

    python -m benchmarks.readme [--check]

Each table stands between `<!-- NAME -->` and `<!-- end -->`. With --check nothing is written, and
the exit status is 1 where the README does not say what the results say.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    batch,
    drawings,
    kaggle,
    latency,
    numbers,
    photos,
    reading,
    recipes,
    report,
    teaching,
    why,
)
from model.files import write_whole
from model.settings import Paths, Permissions, Saving

README = Path(__file__).parent.parent / "README.md"


def drawings_tables() -> str:
    figures = report.load("drawings")
    if figures is None:
        return ""
    return f"{drawings.path_table(figures)}\n\n{drawings.grid_table(figures)}"


def settings_table() -> str:
    settings = Paths.variables() | Permissions.variables() | Saving.variables()
    rows = [f"| `{variable}` | {does} |" for variable, does in settings.items()]
    return "\n".join(["| variable | what it does |", "| --- | --- |", *rows])


TABLES: dict[str, Callable[[], str]] = {
    "settings": settings_table,
    "recipes": recipes.as_table,
    "drawings": drawings_tables,
    "numbers": numbers.as_table,
    "photos": photos.as_table,
    "teaching": teaching.as_table,
    "latency": latency.as_table,
    "kaggle": kaggle.as_table,
    "batch": batch.as_table,
    "reading": reading.as_table,
    "why": why.as_table,
}


def filled(text: str) -> str:
    """`text` with each table as its results are now."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n", "<!-- end -->"
        if text.count(begin) != 1:
            raise ValueError(f"README.md has not one table “{name}”")
        before, after = text.split(begin)
        text = f"{before}{begin}{table()}\n{after[after.index(end) :]}"
    return text


def main() -> int:
    text = README.read_text()
    if "--check" in sys.argv[1:]:
        return int(filled(text) != text)
    write_whole(README, filled(text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
