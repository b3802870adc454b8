"""What runs have in common and what they differ in."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from model.runs.run import Run
from model.runs.snapshot import Wrong
from ui.common import formatting
from ui.train import figures

_SHOWN = 12  # digits that only one of two runs reads wrong


def table(picked: Sequence[Run]) -> str:
    """A column a run; rows in which they differ stand out."""
    columns = [_properties(run) for run in picked]
    rows = {name: [column[name] for column in columns] for name in columns[0]}
    marked = [name for name, cells in rows.items() if len(set(cells)) > 1]
    return figures.table(formatting.names(picked), rows, marked)


def disagreement(one: Run, other: Run) -> None:
    """The test digits that only one of two runs reads right, where both had the same ones."""
    first, second = one.wrong, other.wrong
    if first is None or second is None or not _same_test(one, other):
        return
    st.header("Where they disagree", anchor=False)
    misread = (first, second.indices), (second, first.indices)
    for name, (wrong, indices) in zip(formatting.names([one, other]), misread, strict=True):
        only = _without(wrong, indices)
        st.caption(
            f"{len(only.indices)} test digits that only {formatting.plain(name)} reads wrong"
        )
        st.html(figures.wrong_digits(only, _SHOWN))


def _same_test(one: Run, other: Run) -> bool:
    """Whether all of their wrong answers are kept, and to the same digits."""
    return one.config.fingerprint == other.config.fingerprint and all(
        run.wrong
        and run.result
        and len(run.wrong.indices) == round(run.result.test.n * (1 - run.result.test.accuracy))
        for run in (one, other)
    )


def _without(wrong: Wrong, indices: Any) -> Wrong:
    keep = ~np.isin(wrong.indices, indices)
    return Wrong(**{name: array[keep] for name, array in vars(wrong).items()})


def _properties(run: Run) -> dict[str, str]:
    """Everything of a run that can be said in a word, by what it is called."""
    now = run.snapshot()
    config, recipe, result = now.config, now.config.recipe, now.result
    return {
        "State": str(now.state),
        "Test accuracy": formatting.percent(result.test.accuracy) if result else "",
        "95 % interval": formatting.interval(result.test.interval) if result else "",
        "Test loss": f"{result.test.loss:.4f}" if result else "",
        "Time": formatting.duration(result.seconds) if result else "",
        "Memory": f"{result.memory / 2**20:,.0f} MB" if result else "",
        "Weights": f"{result.parameters:,}" if result else "",
        "Network": recipe.network,
        "Epochs": f"{len(now.history)} of {recipe.epochs}",
        "Batch size": str(recipe.batch_size),
        "Learning rate": f"{recipe.learning_rate} ({recipe.schedule})",
        "Optimizer": recipe.optimizer,
        "Label smoothing": str(recipe.label_smoothing),
        "Distortions": _distortions(recipe.augmentation),
        "Data": formatting.data(config.data),
        "Fingerprint": config.fingerprint or "",
        "Digits": f"{config.images:,}" if config.images else "",
        "Seed": str(config.seed),
        "Computed in": config.policy or "",
        "Versions": formatting.versions(config),
        "Id": run.id,
    }


def _distortions(augmentation: dict[str, float] | None) -> str:
    if not augmentation:
        return "none"
    return ", ".join(f"{name} {value:g}" for name, value in augmentation.items() if value)
