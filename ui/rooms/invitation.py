"""How a class comes into its room: the code, the link, and that as a QR picture for the wall."""

import cv2
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from model.data.rooms import Room
from ui.common import addresses, html
from ui.common.room import PARAMETER

_HERE = ("localhost", "127.0.0.1", "[::1]")  # a computer's names for itself


def link(room: Room, path: str) -> str:
    """The address that joins the room, asked on the page with that path."""
    return f"{addresses.root(path)}?{PARAMETER}={room.code}"


def spaced(room: Room) -> str:
    """The room's code as it is read from a wall: “ABC 234”."""
    code = room.code or ""
    return f"{code[:3]} {code[3:]}"


def qr(text: str) -> NDArray[np.uint8]:
    """A text as a QR picture, a pixel a module, with the quiet zone around it."""
    picture: NDArray[np.uint8] = cv2.QRCodeEncoder.create().encode(text).astype(np.uint8)
    inked = np.argwhere(picture == 0)
    (top, left), (bottom, right) = inked.min(axis=0), inked.max(axis=0)
    return np.pad(picture[top : bottom + 1, left : right + 1], 4, constant_values=255)


def show(room: Room, path: str) -> None:
    """The code, the link and the picture, on the page with that path."""
    address = link(room, path)
    is_here = any(f"//{name}" in address for name in _HERE)
    st.html(
        html.render(
            "rooms/invitation.html",
            picture=qr(address),
            code=spaced(room),
            address=addresses.root(path),
            is_here=is_here,
        )
    )
    st.code(address, language=None)
