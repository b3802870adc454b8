"""Digits with labels: what is in them, how a recipe distorts them, and training on them."""

import io
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.data.samples import LabelledSamples
from model.errors import InklingError
from model.inference.batch import Batch
from model.language import _, ngettext
from model.runs import registry
from model.runs.run import Run
from model.training import estimate, jobs, promotion, uploads
from model.training.estimate import Speed
from model.training.recipes import RECIPES, Recipe
from ui.batch import gallery, left_out
from ui.common import formatting, permissions, state
from ui.train import control, progress

_INTERVAL = 1.0  # seconds between two looks at a training
_DIGITS, _COPIES = 5, 9  # that show what a recipe does to them


def show(digits: Batch) -> None:
    """The digits, checked and counted; and the button that trains on them."""
    train = _samples(digits)
    st.header(formatting.plain(digits.name), anchor=False)
    st.markdown(_description(digits))
    st.html(gallery.counts(train))
    left_out.show(digits.left_out)
    speed = estimate.speed() or estimate.REFERENCE
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    name = left.selectbox(
        _("Recipe"),
        list(RECIPES),
        format_func=lambda name: _label(RECIPES[name], len(train), speed),
        key="batch_recipe",
    )
    _train_button(right, digits, name)
    control.error()
    _progress()
    _augmentation(train, RECIPES[name])


def _samples(digits: Batch) -> LabelledSamples:
    train = digits.contents.train
    assert train.labels is not None
    return LabelledSamples(train.images, train.labels)


def _description(digits: Batch) -> str:
    test = digits.contents.test
    count = formatting.count(len(digits.contents.train), "digit")
    if test is not None:
        to_test_on = formatting.count(len(test), "digit")
        return _(
            "{count} with labels to learn from, and {tested} to test on.",
            count=count,
            tested=to_test_on,
        )
    return _(
        "{count}, all 784 pixels and the label of each checked. A tenth is set apart to choose "
        "by, another to test on.",
        count=count,
    )


def _label(recipe: Recipe, count: int, speed: Speed) -> str:
    seconds = estimate.expected_seconds(recipe, count, speed)
    epochs = ngettext("{n} epoch", "{n} epochs", recipe.epochs)
    return " · ".join(
        [_(recipe.title), epochs, *([formatting.duration(seconds)] if seconds else [])]
    )


# ---------------------------------------------------------------- training


def _train_button(place: DeltaGenerator, digits: Batch, recipe: str) -> None:
    with place:
        if permissions.may_retrain():
            st.button(
                _("Train on it"),
                key="batch_train",
                type="primary",
                icon=":material/model_training:",
                width="stretch",
                on_click=control.perform,
                args=(_train, digits, recipe),
            )


def _train(digits: Batch, recipe: str) -> None:
    control.start(jobs.start, jobs.Request(recipe, uploads.keep(_as_npz(digits))))
    state.BATCH_RUN.set(state.WATCHED_RUN.get())


def _as_npz(digits: Batch) -> io.BytesIO:
    """The digits as an `.npz`, under the name that they came by."""
    train, test = digits.contents.train, digits.contents.test
    arrays: dict[str, Any] = {"x_train": train.images, "y_train": train.labels}
    if test is not None:
        arrays |= {"x_test": test.images, "y_test": test.labels}
    file = io.BytesIO()
    np.savez(file, **arrays)
    file.name = digits.name
    file.seek(0)
    return file


def _progress() -> None:
    """The training that was started here, as far as it is."""
    try:
        run = registry.get(state.BATCH_RUN.get())
    except InklingError:
        return
    with st.container(key="batch-run"):
        now = run.snapshot()
        if now.is_running:
            st.fragment(_watch, run_every=_INTERVAL)(run)
        else:
            progress.show(now, may_retrain=False)
            if now.result and (verdict := now.result.promotion):
                st.markdown(promotion.sentence(verdict, registry.in_use().run == run))
        st.page_link(
            "pages/train.py", label=_("Watch it on the Train page"), icon=":material/query_stats:"
        )


def _watch(run: Run) -> None:
    """How far it is, until it is over."""
    now = run.snapshot()
    if not now.is_running:
        st.rerun()
    progress.show(now, may_retrain=False)


# ---------------------------------------------------------------- augmentation


@st.fragment
def _augmentation(train: LabelledSamples, recipe: Recipe) -> None:
    """Some digits, and what the network is shown in their place, other ones at each press."""
    if recipe.augmentation is None:
        st.caption(_("“{title}” is shown every digit as it is.", title=_(recipe.title)))
        return
    rng = np.random.default_rng(state.AUGMENTATION_SEED.get())
    originals = train.images[rng.integers(0, len(train), _DIGITS)]
    copies = [
        recipe.augmentation.apply(np.repeat(original[None], _COPIES, axis=0), rng)
        for original in originals
    ]
    st.markdown(
        _("**What it is shown** Each time that a digit’s turn comes, another distorted copy of it.")
    )
    st.html(gallery.augmented(originals, copies))
    st.button(_("Others"), key="batch_others", icon=":material/casino:", on_click=_draw_again)


def _draw_again() -> None:
    state.AUGMENTATION_SEED.set(state.AUGMENTATION_SEED.get() + 1)
