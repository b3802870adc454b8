"""Which model is in use, and the buttons that put another one in its place."""

import streamlit as st

from model.language import _
from model.runs import registry
from model.runs.run import Run
from model.settings import Role
from ui.common import formatting, html, permissions
from ui.train.control import perform


def show(may_switch: bool) -> None:
    """Which model reads now, and the buttons to have the one before back, or the one that ships."""
    now = registry.in_use()
    if now.problem:
        st.warning(formatting.plain(now.problem), icon=":material/warning:")
    with st.container(horizontal=True, vertical_alignment="center"):
        name = str(now.path) if registry.is_fixed() else formatting.model(now.run)
        st.html(html.render("train/in_use.html", name=name))
        if may_switch and not registry.is_fixed():
            back_button()
            if now.run and registry.previous():
                st.button(
                    _("Use {shipped}", shipped=formatting.SHIPPED),
                    key="use_shipped",
                    on_click=perform,
                    args=(permissions.performed, Role.HOST, registry.use, None),
                )


def use_button(run: Run) -> None:
    """Put the run's model into use, or say that it is."""
    if registry.in_use().run == run:
        st.badge(_("In use"), icon=":material/check:", color="green")
    elif run.has_model and not registry.is_fixed():
        st.button(
            _words(run),
            key=f"use-{run.id}",
            icon=":material/check_circle:",
            on_click=perform,
            args=(permissions.performed, Role.HOST, registry.use, run),
        )


def back_button() -> None:
    """Have the model before the present one answer again."""
    before = registry.previous()
    if before or registry.in_use().run:
        model = formatting.plain(formatting.model(before))
        if before:
            model = f"{model}, {formatting.started(before)}"
        st.button(
            _("Back to {model}", model=model),
            key="roll_back",
            icon=":material/undo:",
            on_click=perform,
            args=(permissions.performed, Role.HOST, registry.roll_back),
        )


def _words(run: Run) -> str:
    """What is asked for: where it is one room's, to have it answer elsewhere too; or all the same,
    where it was kept back."""
    if run.config.is_private:
        return _("Use it for everybody")
    result = run.result
    kept_back = result and result.promotion and not result.promotion.passed
    return _("Use it anyway") if kept_back else _("Use it")
