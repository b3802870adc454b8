"""The drawing that is read: the picture or the pen's, whichever came later."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from model.errors import InklingError
from model.language import _
from model.preprocessing.drawing import Drawing
from model.preprocessing.picture import MAX_PICTURE_BYTES
from ui.common import limits, state
from ui.common.limits import Kind
from ui.common.state import Widget
from ui.draw import canvas, picture


def drawing() -> Drawing:
    """What this visitor shows, on whichever page. Raises InklingError for what can't be used."""
    shown = picture.latest()
    if shown is None:
        return canvas.drawing()
    if isinstance(shown.drawing, InklingError):
        raise shown.drawing
    return shown.drawing


def picture_chooser() -> None:
    """A place for a picture file, and a camera for who asks for one."""
    st.file_uploader(
        _("Or show it a picture: choose one, drop it on the sheet, or paste it"),
        picture.FORMATS,
        key=state.PICTURE_FILE.key,
        on_change=_take,
        args=(state.PICTURE_FILE,),
        max_upload_size=MAX_PICTURE_BYTES // 2**20,
    )
    # The browser asks for leave to use the camera as soon as there is one on the page.
    if st.toggle(_("Take a photo instead"), key="camera_on"):
        st.camera_input(
            _("Of a digit or a number"),
            key=state.PHOTO.key,
            on_change=_take,
            args=(state.PHOTO,),
            help=_(
                "The browser asks whether Inkling may use the camera. Where it may not, or there "
                "is none, take the picture with another app and upload it."
            ),
        )


def _take(source: Widget[UploadedFile | None]) -> None:
    """Put a picture on the sheet in place of what was drawn; what was drawn is back when the
    picture is removed."""
    if file := source.get():
        try:
            limits.spend(Kind.UPLOADS)
        except InklingError as error:
            picture.refuse(error)
            return
        canvas.put([])
        picture.keep(file.getvalue(), canvas.SIDE)
    elif picture.latest():
        canvas.undo_picture()
