"""A picture in the drawing's place: a file, or a photo from the camera."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from model.errors import InklingError
from model.preprocessing.drawing import Drawing
from model.preprocessing.picture import MAX_PICTURE_BYTES, read_picture
from ui.common import state
from ui.common.state import Widget

FORMATS = ["png", "jpg", "jpeg", "webp", "bmp", "gif"]


def drawing() -> Drawing | None:
    """The picture to read, on whichever page; None where there is none, or the pen came later.

    Raises InklingError for one that can't be used.
    """
    _, drawn = state.PICTURE.get() or (None, None)
    if isinstance(drawn, InklingError):
        raise drawn
    return drawn


def forget() -> None:
    """As something else is to be read."""
    state.PICTURE.set(None)


def forget_removed() -> None:
    """Forget a picture whose place on the page is empty again, after a visit elsewhere too."""
    if (picture := state.PICTURE.get()) and not picture[0].get():
        forget()


def chooser() -> None:
    """A place for a picture file, and a camera for who asks for one."""
    left, right = st.columns(2, gap="large")
    left.file_uploader(
        "Or show it a picture",
        FORMATS,
        key=state.PICTURE_FILE.key,
        on_change=_read,
        args=(state.PICTURE_FILE,),
        max_upload_size=MAX_PICTURE_BYTES // 2**20,
    )
    with right:
        # The browser asks for leave to use the camera as soon as there is one on the page.
        if st.toggle("Take a photo instead", key="camera_on"):
            st.camera_input(
                "Of a digit or a number",
                key=state.PHOTO.key,
                on_change=_read,
                args=(state.PHOTO,),
            )


def _read(source: Widget[UploadedFile | None]) -> None:
    """Find the picture's ink once, as it comes, not at each rerun."""
    file = source.get()
    drawn: Drawing | InklingError | None = None
    if file:
        try:
            drawn = Drawing.from_picture(read_picture(file.getvalue()))
        except InklingError as error:
            drawn = error
    state.PICTURE.set((source, drawn))
