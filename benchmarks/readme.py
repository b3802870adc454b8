"""Write what the documents take from elsewhere: README.md's tables, of the settings and from what
the benchmarks measured; ARCHITECTURE.md's list of a run's files; SECURITY.md's tables of attacks.

    python -m benchmarks.readme [--check]

Each stands between `<!-- NAME -->` and `<!-- end -->`. With --check nothing is written, and the
exit status is 1 where a document does not say what it should.
"""

import inspect
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    attacks,
    batch,
    drawings,
    kaggle,
    latency,
    live,
    load,
    memory,
    numbers,
    photos,
    reading,
    recipes,
    report,
    teaching,
    why,
)
from model.files import write_whole
from model.runs import run
from model.settings import (
    Classrooms,
    Drawings,
    Engine,
    Limits,
    Notifications,
    Paths,
    Permissions,
    Saving,
    Serving,
    Settings,
    Storage,
)

README = Path(__file__).parent.parent / "README.md"
ARCHITECTURE = README.with_name("ARCHITECTURE.md")
SECURITY = README.with_name("SECURITY.md")


def drawings_tables() -> str:
    figures = report.load("drawings")
    if figures is None:
        return ""
    return f"{drawings.path_table(figures)}\n\n{drawings.grid_table(figures)}"


def settings_table() -> str:
    kinds: tuple[type[Settings], ...] = (
        Paths,
        Storage,
        Notifications,
        Permissions,
        Saving,
        Drawings,
        Limits,
        Classrooms,
        Engine,
        Serving,
    )
    settings = {name: does for kind in kinds for name, does in kind.variables().items()}
    rows = [f"| `{variable}` | {does} |" for variable, does in settings.items()]
    return "\n".join(["| variable | what it does |", "| --- | --- |", *rows])


def run_files() -> str:
    """The picture in the docstring of `model.runs.run`."""
    lines = (inspect.getdoc(run) or "").splitlines()
    picture = [line.removeprefix("    ") for line in lines if line.startswith("    ")]
    return "\n".join(["```", *picture, "```"])


Parts = dict[str, Callable[[], str]]

DOCUMENTS: dict[Path, Parts] = {
    README: {
        "settings": settings_table,
        "recipes": recipes.as_table,
        "drawings": drawings_tables,
        "numbers": numbers.as_table,
        "photos": photos.as_table,
        "teaching": teaching.as_table,
        "latency": latency.as_table,
        "live": live.as_table,
        "load": load.as_table,
        "memory": memory.as_table,
        "kaggle": kaggle.as_table,
        "batch": batch.as_table,
        "reading": reading.as_table,
        "why": why.as_table,
    },
    ARCHITECTURE: {"run files": run_files},
    SECURITY: {"fuzz": attacks.fuzz_table, "attacks": attacks.tests_table},
}


def filled(path: Path) -> str:
    """The document at `path` with each part as it is now."""
    text = path.read_text()
    for name, part in DOCUMENTS[path].items():
        begin, end = f"<!-- {name} -->\n", "<!-- end -->"
        if text.count(begin) != 1:
            raise ValueError(f"{path.name} has not one part “{name}”")
        before, after = text.split(begin)
        text = f"{before}{begin}{part()}\n{after[after.index(end) :]}"
    return text


def main() -> int:
    if "--check" in sys.argv[1:]:
        return int(any(filled(path) != path.read_text() for path in DOCUMENTS))
    for path in DOCUMENTS:
        write_whole(path, filled(path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
