"""What the sheet showed, step by step, to go back to and forth again.

A step is a stroke, a clearing, an example or a picture. The strokes of one step are those of the
next, the same objects, so that a long drawing is not kept once for each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ui.common import state
from ui.draw.picture import Picture

STEPS = 500  # that can be gone back
PICTURES = 8  # of them with a picture, which takes some megabytes

FabricPath = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Sheet:
    """What is on the sheet: strokes as Fabric.js writes them, or a picture."""

    strokes: list[FabricPath]
    picture: Picture | None = None


def note(*sheets: Sheet) -> None:
    """The sheet showed these, one after the other, and now shows something else."""
    state.EARLIER_SHEETS.set(_bounded([*state.EARLIER_SHEETS.get(), *sheets]))
    state.LATER_SHEETS.set([])


def note_strokes(before: Sheet, strokes: Sequence[FabricPath]) -> None:
    """Strokes came onto the sheet, each a step."""
    after = [*before.strokes, *strokes]
    note(before, *(Sheet(after[:n]) for n in range(len(before.strokes) + 1, len(after))))


def back(shown: Sheet) -> Sheet | None:
    """What the sheet showed before what it shows; None where nothing came before."""
    return _step(shown, state.EARLIER_SHEETS.get(), state.LATER_SHEETS.get())


def forth(shown: Sheet) -> Sheet | None:
    """What the sheet showed before it was gone back; None where it was not."""
    return _step(shown, state.LATER_SHEETS.get(), state.EARLIER_SHEETS.get())


def can_go_forth() -> bool:
    return bool(state.LATER_SHEETS.get())


def _step(shown: Sheet, sheets: list[Sheet], others: list[Sheet]) -> Sheet | None:
    if not sheets:
        return None
    others.append(shown)
    return sheets.pop()


def _bounded(sheets: list[Sheet]) -> list[Sheet]:
    """The latest of them, as many as are kept."""
    pictures = (place for place in reversed(range(len(sheets))) if sheets[place].picture)
    first = next(islice(pictures, PICTURES, None), -1) + 1
    return sheets[max(first, len(sheets) - STEPS) :]
