"""Files that a visitor gives: pictures of digits, zips, and whatever else has a name."""

import io
import zipfile

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import FilePayload

from browser.digits import DIGITS


def payload(name: str, content: bytes) -> FilePayload:
    """A file of this name, as Playwright gives it to a page."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def picture(digit: int, side: int = 300) -> np.ndarray:
    """Dark ink on light paper, (side, side) uint8."""
    paper = np.full((side, side), 235, np.uint8)
    strokes = [np.array(stroke) * side for stroke in DIGITS[digit]]
    cv2.polylines(paper, [s.astype(np.int32) for s in strokes], False, 40, side // 20, cv2.LINE_AA)
    return paper


def encoded(pixels: np.ndarray, kind: str = "png", **options: object) -> bytes:
    """A picture file; `kind` and `options` as Pillow's Image.save takes them."""
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, kind, **options)
    return content.getvalue()


def zipped(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files, by their paths."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", packing) as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return content.getvalue()
