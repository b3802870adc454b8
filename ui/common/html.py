"""HTML of the pages' own, from the templates in ui/templates; what is put into them is escaped."""

from pathlib import Path
from typing import Any

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from model.language import Formatter, _, ngettext, number
from ui.common import formatting, images


class _Escaping(Formatter):
    """What is put into a template's text is escaped, as into a template."""

    def format_field(self, value: Any, spec: str) -> str:
        return escape(value if hasattr(value, "__html__") else super().format_field(value, spec))


_FORMATTER = _Escaping()


def _text(text: str, **values: Any) -> Markup:
    """A template's text, which may have HTML in it, in the visitor's language."""
    return Markup(_FORMATTER.vformat(_(text), (), values))


def _text_of_so_many(one: str, several: str, n: int, **values: Any) -> Markup:
    return Markup(_FORMATTER.vformat(ngettext(one, several, n), (), {"n": n, **values}))


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    auto_reload=False,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals |= {"_": _text, "ngettext": _text_of_so_many}
_environment.filters |= {
    "number": number,
    "percent": formatting.percent,
    "png": images.png,
    "probability": formatting.probability,
    "whole_percent": formatting.whole_percent,
    "with_article": formatting.with_article,
}


def render(template: str, **values: Any) -> Markup:
    """The template of that name, as “train/verdict.html”, with these values in it."""
    return Markup(_environment.get_template(template).render(values))


def line(text: str) -> None:
    """A line of text that stands by itself."""
    st.html(render("common/line.html", text=text))


def lead(*lines: str) -> None:
    """What a page, or a part of one, is about; HTML in it has to be Markup."""
    st.html(render("common/lead.html", lines=lines))
