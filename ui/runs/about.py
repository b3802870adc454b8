"""A run's name and notes, as people have given them."""

import streamlit as st

from model.language import _
from model.runs.records import About
from model.runs.run import Run
from model.settings import Role
from ui.common import formatting, permissions, state
from ui.train.control import perform


def show(run: Run, may_change: bool) -> None:
    """The notes, and for who may change them a form."""
    about = run.about
    if about.notes:
        st.markdown(formatting.plain(about.notes).replace("\n", "  \n"))
    if not may_change:
        return
    with st.expander(_("Name and notes"), key="about"):
        name, notes = state.RUN_NAME[run.id], state.RUN_NOTES[run.id]
        limits = {field: About.model_fields[field].metadata[0].max_length for field in _FIELDS}
        st.text_input(_("Name"), about.name, max_chars=limits["name"], key=name.key)
        st.text_area(_("Notes"), about.notes, max_chars=limits["notes"], key=notes.key)
        st.button(
            _("Save"),
            key="save_about",
            on_click=perform,
            args=(permissions.performed, Role.HOST, _save, run),
        )


_FIELDS = ("name", "notes")


def _save(run: Run) -> None:
    name, notes = state.RUN_NAME[run.id].get(), state.RUN_NOTES[run.id].get()
    run.write_about(About(name=" ".join(name.split()), notes=notes.strip()))
