"""What runs have in common and what they differ in."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from model.runs.run import Run, Wrong
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
    st.subheader("Where they disagree", anchor=False)
    misread = (first, second.indices), (second, first.indices)
    for name, (wrong, indices) in zip(formatting.names([one, other]), misread, strict=True):
        only = _without(wrong, indices)
        st.caption(f"{len(only.indices)} test digits that only {name} reads wrong")
        st.html(figures.wrong_digits(only, _SHOWN))


def _same_test(one: Run, other: Run) -> bool:
    """Whether all of their wrong answers are kept, and to the same digits."""
    results = one.result or {}, other.result or {}
    complete = all(
        len(run.wrong.indices) == round(result["test"]["n"] * (1 - result["test"]["accuracy"]))
        for run, result in zip((one, other), results, strict=True)
        if run.wrong
    )
    return complete and one.config.get("fingerprint") == other.config.get("fingerprint")


def _without(wrong: Wrong, indices: Any) -> Wrong:
    keep = ~np.isin(wrong.indices, indices)
    return Wrong(**{name: array[keep] for name, array in vars(wrong).items()})


def _properties(run: Run) -> dict[str, str]:
    """Everything of a run that can be said in a word, by what it is called."""
    config, result = run.config, run.result or {}
    recipe: dict[str, Any] = config.get("recipe", {})
    test, epochs = result.get("test"), len(run.history)
    learned = f"{epochs} of {recipe.get('epochs')}"
    return {
        "State": str(run.state),
        "Test accuracy": formatting.percent(test["accuracy"]) if test else "",
        "95 % interval": formatting.interval(test["interval"]) if test else "",
        "Test loss": f"{test['loss']:.4f}" if test else "",
        "Time": formatting.duration(result["seconds"]) if result else "",
        "Memory": f"{result['memory'] / 2**20:,.0f} MB" if result else "",
        "Weights": f"{result['parameters']:,}" if result else "",
        "Network": str(recipe.get("network", "")),
        "Epochs": learned,
        "Batch size": str(recipe.get("batch_size", "")),
        "Learning rate": f"{recipe.get('learning_rate', '')} ({recipe.get('schedule', '')})",
        "Optimizer": str(recipe.get("optimizer", "")),
        "Label smoothing": str(recipe.get("label_smoothing", "")),
        "Distortions": _distortions(recipe.get("augmentation")),
        "Data": formatting.data(config.get("data", "")),
        "Fingerprint": config.get("fingerprint", ""),
        "Digits": f"{config['images']:,}" if "images" in config else "",
        "Seed": str(config.get("seed", "")),
        "Computed in": config.get("policy", ""),
        "Versions": formatting.versions(config),
        "Id": run.id,
    }


def _distortions(augmentation: dict[str, float] | None) -> str:
    if not augmentation:
        return "none"
    return ", ".join(f"{name} {value:g}" for name, value in augmentation.items() if value)
