"""The drawing as a link, which opens it elsewhere and after a reload, and as a picture to keep."""

from functools import partial

import streamlit as st

from model.errors import InklingError
from model.language import _, kept
from ui.common import formatting
from ui.draw import canvas, feedback, picture
from ui.draw.poster import poster

PARAMETER = "drawing"  # of the page's address


def resume() -> None:
    """Put the drawing of the page's address on a sheet that was not drawn on yet."""
    text = st.query_params.get(PARAMETER)
    if not text or canvas.version().revision:
        return
    try:
        canvas.put_link(text)
    except InklingError as error:
        st.warning(formatting.plain(error), icon=":material/link_off:")


def text() -> str:
    """What is on the sheet as a link has it; empty for a blank sheet, a picture, and what is too
    much for a link."""
    link = canvas.link()
    return "" if picture.latest() or isinstance(link, InklingError) else link


def keep_in_address() -> None:
    """Have the address of a page without the sheet open it with this drawing."""
    if link := text():
        st.query_params[PARAMETER] = link


def next_step() -> None:
    """From the answer to its reasons; `assets/live.js` puts the drawing into their address."""
    st.page_link(
        "pages/why.py",
        label=_("Which ink mattered →"),
        icon=":material/lightbulb:",
        query_params={"view": _("Which ink mattered")},
    )


def menu() -> None:
    """The link to copy, and the picture to save; made once somebody asks for them."""
    opened = st.popover(
        _("Share"), icon=":material/share:", type="tertiary", key="share", on_change="rerun"
    )
    if not opened.open:
        return
    with opened:
        _link()
        if answered := feedback.answered():
            st.download_button(
                _("Save as picture"),
                kept(partial(poster, answered, picture.latest())),
                "inkling.png",
                "image/png",
                key="poster",
                icon=":material/image:",
                on_click="ignore",
            )


def _link() -> None:
    error = canvas.link()
    if link := text():
        st.markdown(_("Who opens this link sees your drawing, and how it is read:"))
        address = (st.context.url or "").rstrip("/")
        st.code(f"{address}/?{PARAMETER}={link}", language=None)
    elif picture.latest():
        st.markdown(_("A picture has no link: save it with its answer, and pass that on."))
    elif isinstance(error, InklingError):
        st.markdown(formatting.plain(error))
    else:
        st.markdown(_("Draw something first."))
