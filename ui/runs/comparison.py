"""What runs have in common and what they differ in."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from model.language import _, ngettext, number
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
    st.header(_("Where they disagree"), anchor=False)
    misread = (first, second.indices), (second, first.indices)
    for name, (wrong, indices) in zip(formatting.names([one, other]), misread, strict=True):
        only = _without(wrong, indices)
        st.caption(
            ngettext(
                "{n} test digit that only {name} reads wrong",
                "{n} test digits that only {name} reads wrong",
                len(only.indices),
                name=formatting.plain(name),
            )
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
        _("State"): _(now.state),
        _("Test accuracy"): formatting.percent(result.test.accuracy) if result else "",
        _("95 % interval"): formatting.interval(result.test.interval) if result else "",
        _("Test loss"): number(result.test.loss, ".4f") if result else "",
        _("Time"): formatting.duration(result.seconds) if result else "",
        _("Memory"): _("{memory:,.0f} MB", memory=result.memory / 2**20) if result else "",
        _("Weights"): number(result.parameters, ",") if result else "",
        _("Network"): _(recipe.network),
        _("Epochs"): _("{done} of {epochs}", done=len(now.history), epochs=recipe.epochs),
        _("Batch size"): str(recipe.batch_size),
        _("Learning rate"): f"{number(recipe.learning_rate)} ({recipe.schedule})",
        _("Optimizer"): recipe.optimizer,
        _("Label smoothing"): number(recipe.label_smoothing),
        _("Distortions"): _distortions(recipe.augmentation),
        _("Data"): formatting.data(config.data),
        _("Fingerprint"): config.fingerprint or "",
        _("Digits"): number(config.images, ",") if config.images else "",
        _("Seed"): str(config.seed),
        _("Computed in"): config.policy or "",
        _("Versions"): formatting.versions(config),
        _("Id"): run.id,
    }


def _distortions(augmentation: dict[str, float] | None) -> str:
    if not augmentation:
        return _("none")
    return ", ".join(
        f"{name} {number(value, 'g')}" for name, value in augmentation.items() if value
    )
