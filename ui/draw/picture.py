"""A picture in the drawing's place: a file, or a photo from the camera."""

import streamlit as st

from model.errors import InklingError
from model.inference import segmentation
from model.inference.segmentation import Ink
from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import Image
from model.preprocessing.ink import find_ink
from model.preprocessing.picture import MAX_PICTURE_BYTES, read_picture

FORMATS = ["png", "jpg", "jpeg", "webp", "bmp", "gif"]


def current() -> Ink | None:
    """The picture to read; None where there is none, or none any more, or the pen came later.

    Raises InklingError for one that can't be used.
    """
    if not st.session_state.get("picture"):
        return None
    source, taken = st.session_state.picture
    if not st.session_state.get(source):
        return None
    if isinstance(taken, InklingError):
        raise taken
    return taken and taken[0]


def latest() -> Drawing | str | None:
    """The picture that the Draw page showed last, or why it can't be read, also on another page.

    None and InklingError as `current`.
    """
    if not st.session_state.get("picture"):
        return None
    _, taken = st.session_state.picture
    if isinstance(taken, InklingError):
        raise taken
    if taken is None:
        return None
    ink, found = taken
    return str(ink.reason) if ink.image is None else Drawing(ink.image, (), found)


def chooser() -> None:
    """A place for a picture file, and a camera for who asks for one."""
    if st.session_state.get("picture") and not st.session_state.get(st.session_state.picture[0]):
        st.session_state.picture = None  # its place is empty again, after a visit elsewhere
    left, right = st.columns(2, gap="large")
    left.file_uploader(
        "Or show it a picture",
        FORMATS,
        key="upload",
        on_change=_take,
        args=("upload",),
        max_upload_size=MAX_PICTURE_BYTES // 2**20,
    )
    with right:
        # The browser asks for leave to use the camera as soon as there is one on the page.
        if st.toggle("Take a photo instead", key="camera_on"):
            st.camera_input(
                "Of a digit or a number", key="camera", on_change=_take, args=("camera",)
            )


def _take(source: str) -> None:
    """Prepare the picture once, as it comes, not at each rerun."""
    file = st.session_state[source]
    taken: tuple[Ink, Image | None] | InklingError | None = None
    if file:
        try:
            found = find_ink(read_picture(file.getvalue()))
            taken = segmentation.from_ink(found), found.ink
        except InklingError as error:
            taken = error
    st.session_state.picture = source, taken
