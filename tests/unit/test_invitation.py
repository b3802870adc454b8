"""The QR picture that a class joins by: a camera reads the link in it."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.rooms import invitation


@given(st.text("abcdefghij.:/-0123456789", min_size=1, max_size=80), st.integers(3, 9))
def test_a_camera_reads_the_link(path: str, size: int) -> None:
    text = f"https://{path}/?room=ABC347"
    picture = np.kron(invitation.qr(text), np.ones((size, size), np.uint8))
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == text


def test_it_has_a_quiet_zone_and_no_more_than_that() -> None:
    picture = invitation.qr("http://a/?room=ABC347")
    inked = np.argwhere(picture == 0)
    assert inked.min() == 4
    assert set(np.array(picture.shape) - 1 - inked.max(axis=0)) == {4}


@pytest.mark.parametrize("length", [10, 200])
def test_a_long_address_has_one_too(length: int) -> None:
    assert invitation.qr("h" * length).shape[0] >= 29
