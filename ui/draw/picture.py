"""A picture in the drawing's place: a file, or a photo from the camera."""

import streamlit as st

from model.errors import InklingError
from model.preprocessing.drawing import Drawing
from model.preprocessing.picture import MAX_PICTURE_BYTES, read_picture

FORMATS = ["png", "jpg", "jpeg", "webp", "bmp", "gif"]


def drawing() -> Drawing | None:
    """The picture to read, on whichever page; None where there is none, or the pen came later.

    Raises InklingError for one that can't be used.
    """
    if not st.session_state.get("picture"):
        return None
    _, drawn = st.session_state.picture
    if isinstance(drawn, InklingError):
        raise drawn
    found: Drawing | None = drawn
    return found


def forget_removed() -> None:
    """Forget a picture whose place on the page is empty again, after a visit elsewhere too."""
    if st.session_state.get("picture") and not st.session_state.get(st.session_state.picture[0]):
        st.session_state.picture = None


def chooser() -> None:
    """A place for a picture file, and a camera for who asks for one."""
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
    """Find the picture's ink once, as it comes, not at each rerun."""
    file = st.session_state[source]
    drawn: Drawing | InklingError | None = None
    if file:
        try:
            drawn = Drawing.from_picture(read_picture(file.getvalue()))
        except InklingError as error:
            drawn = error
    st.session_state.picture = source, drawn
