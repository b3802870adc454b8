"""A component of our own: a template, whose texts are in the visitor's language, and its script."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st

from model import language
from ui import APP
from ui.common import html


@dataclass(frozen=True)
class Component:
    """`assets/<name>.js` on a template; it is called as what Streamlit makes of them."""

    name: str
    template: str

    def __call__(self, **arguments: Any) -> Any:
        return _declared(self, language.current())(**arguments)


@cache
def _declared(component: Component, language: str) -> Any:
    """One a language: Streamlit takes a component's HTML once for all visitors."""
    return st.components.v2.component(
        f"inkling.{component.name}.{language}",
        html=html.render(component.template),
        js=(APP / "assets" / f"{component.name}.js").read_text(),
        isolate_styles=False,
    )
