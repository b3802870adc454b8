"""HTML of the pages' own, from the templates in ui/templates; what is put into them is escaped."""

from pathlib import Path
from typing import Any

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ui.common import formatting, images

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    auto_reload=False,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "percent": formatting.percent,
    "png": images.png,
    "probability": formatting.probability,
    "whole_percent": formatting.whole_percent,
    "with_article": formatting.with_article,
}


def render(template: str, **values: Any) -> Markup:
    """The template of that name, as “train/verdict.html”, with these values in it."""
    return Markup(_environment.get_template(template).render(values))


def lead(*lines: str) -> None:
    """What a page, or a part of one, is about; HTML in it has to be Markup."""
    st.html(render("common/lead.html", lines=lines))
