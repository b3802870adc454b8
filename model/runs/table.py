"""All runs as a table: looked through by words and by figures, put in an order, given as CSV."""

from __future__ import annotations

import csv
import io
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from model.errors import InklingError
from model.runs.records import Scores
from model.runs.run import Run

Cell = str | float | int | None

# What a run is sorted by, and what a search compares: a figure by its name.
FIGURES = ("accuracy", "loss", "seconds", "memory", "parameters", "epochs", "batch", "rate", "seed")

_COMPARED = re.compile(r"(\w+)(<=|>=|<|>|=)([\d.,]+)(%?)")
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_FORMULA = ("=", "+", "-", "@")  # where a spreadsheet would compute instead of show


def row(run: Run) -> dict[str, Cell]:
    """A run in a line: what it was, and what came of it; None for what is not known."""
    now, about = run.snapshot(), run.about
    config, recipe, result = now.config, now.config.recipe, now.result
    test = result.test if result else None
    return {
        "id": run.id,
        "name": about.name,
        "notes": about.notes,
        "started": config.started.isoformat(),
        "state": str(now.state),
        "recipe": recipe.name,
        "network": recipe.network,
        "optimizer": recipe.optimizer,
        "data": config.data,
        "seed": config.seed,
        "epochs": len(now.history),
        "batch": recipe.batch_size,
        "rate": recipe.learning_rate,
        "accuracy": test.accuracy if test else None,
        "low": test.interval[0] if test else None,
        "high": test.interval[1] if test else None,
        "loss": test.loss if test else None,
        "test digits": test.n if test else None,
        "seconds": result.seconds if result else None,
        "memory": result.memory if result else None,
        "parameters": result.parameters if result else None,
    }


def search(runs: Sequence[Run], words: str) -> list[Run]:
    """The runs in which all words are, by “accuracy>99” or “seconds<=60” also those with such
    figures. Raises InklingError for a figure that there is none of."""
    wanted = [_wanted(word) for word in words.split()]
    return [run for run in runs if all(is_wanted(row(run)) for is_wanted in wanted)]


def ordered(runs: Sequence[Run], by: str) -> list[Run]:
    """By one of FIGURES, what is best first; those without it last, and all in their own order
    where they are alike."""
    sign = -1 if by == "accuracy" else 1

    def place(run: Run) -> tuple[bool, float]:
        value = row(run)[by]
        return (False, sign * value) if isinstance(value, int | float) else (True, 0.0)

    return sorted(runs, key=place)


def to_csv(runs: Sequence[Run]) -> str:
    """A row a run. No cell begins as a formula does, whatever people have called it."""
    rows = [row(run) | _per_digit(run.result.test if run.result else None) for run in runs]
    text = io.StringIO()
    if rows:
        writer = csv.writer(text)  # whose line ends have it quote every kind of them
        writer.writerow(rows[0])
        writer.writerows([_harmless(cell) for cell in cells.values()] for cells in rows)
    return text.getvalue()


def recall(test: Scores) -> list[float | None]:
    """Of each digit, the share that is read right; None where there was none of it."""
    return [_share(line[digit], sum(line)) for digit, line in enumerate(test.confusion)]


def precision(test: Scores) -> list[float | None]:
    """Of what is read as each digit, the share that is one; None where nothing was."""
    columns = zip(*test.confusion, strict=True)
    return [_share(column[digit], sum(column)) for digit, column in enumerate(columns)]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _per_digit(test: Scores | None) -> dict[str, Cell]:
    nothing: list[float | None] = [None] * 10
    shares = {
        "precision": precision(test) if test else nothing,
        "recall": recall(test) if test else nothing,
    }
    return {
        f"{name} {digit}": share for name, of in shares.items() for digit, share in enumerate(of)
    }


def _harmless(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    text = "\n".join(cell.splitlines())  # a lone carriage return would end the row
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _wanted(word: str) -> Callable[[dict[str, Cell]], bool]:
    """Whether a run's row is what a word of a search asks for."""
    found = _COMPARED.fullmatch(word)
    if found is None:
        return lambda cells: any(
            word.casefold() in cell.casefold() for cell in cells.values() if isinstance(cell, str)
        )
    name, sign, written, percent = found.groups()
    if name not in FIGURES:
        raise InklingError(
            "There is no figure “{name}”; wanted: one of {figures}, as accuracy>99.",
            name=name,
            figures=", ".join(FIGURES),
        )
    try:
        limit = float(written.replace(",", ""))
    except ValueError:
        raise InklingError(
            "“{written}” in “{word}” is no number; wanted: one.", written=written, word=word
        ) from None
    if name == "accuracy" and (percent or limit > 1):
        limit /= 100
    compare = _OPERATORS[sign]

    def is_wanted(cells: dict[str, Cell]) -> bool:
        value = cells[name]
        return isinstance(value, int | float) and compare(value, limit)

    return is_wanted
