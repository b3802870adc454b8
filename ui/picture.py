"""A picture in the drawing's place: a file, or a photo from the camera."""

import streamlit as st

from model.errors import InklingError
from model.preprocess import Prepared, prepare_picture, read_picture

FORMATS = ["png", "jpg", "jpeg", "webp", "bmp", "gif"]


def given() -> Prepared | None:
    """The picture to read; None where there is none or the pen came later.

    Raises InklingError for one that can't be used.
    """
    picture: Prepared | InklingError | None = st.session_state.get("picture")
    if isinstance(picture, InklingError):
        raise picture
    return picture


def chooser() -> None:
    """A place for a picture file, and a camera for who asks for one."""
    st.file_uploader(
        "Or show it a picture of a digit", FORMATS, key="upload", on_change=_take, args=("upload",)
    )
    # The browser asks for leave to use the camera as soon as there is one on the page.
    if st.toggle("Use the camera", key="camera_on"):
        st.camera_input(
            "Take a photo of one digit", key="camera", on_change=_take, args=("camera",)
        )


def _take(key: str) -> None:
    """Prepare the picture once, as it comes, not at each rerun."""
    file = st.session_state[key]
    try:
        picture = file and prepare_picture(read_picture(file.getvalue()))
    except InklingError as error:
        picture = error
    st.session_state.picture = picture
