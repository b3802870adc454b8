"""Pictures that Pillow's decoders choke on, each in a way of its own."""

import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.errors import InklingError
from model.preprocessing.picture import read_picture


def saved(kind: str, mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32), np.uint8))
    picture.convert(mode).save(file, kind, **options)
    return file.getvalue()


def exif(*entries: tuple[int, int, int, bytes]) -> bytes:
    """An EXIF block of entries (tag, type, count, value), whatever sense they make."""
    packed = b"".join(struct.pack("<HHI", *entry[:3]) + entry[3] for entry in entries)
    head = b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries))
    return head + packed + bytes(4)


TURNED = (0x0112, 3, 1, struct.pack("<I", 6))


def jpeg_with(tag: int, kind: int, count: int = 1) -> bytes:
    """A picture to be turned, with another entry of a kind that makes no sense: Pillow fails as it
    writes the block anew."""
    return saved("JPEG", exif=exif((tag, kind, count, b"\x08\0\0\0"), TURNED))


def png_with(name: bytes, content: bytes, at_end: bool = False) -> bytes:
    """A PNG with a chunk more after its header or before its end, the checksum right."""
    sound, check = saved("PNG"), struct.pack(">I", zlib.crc32(name + content))
    at = len(sound) - 12 if at_end else 33
    return sound[:at] + struct.pack(">I", len(content)) + name + content + check + sound[at:]


@pytest.mark.parametrize(
    "content",
    [
        lambda: jpeg_with(0x0100, 11),
        lambda: jpeg_with(0x0100, 11, 4),
        lambda: jpeg_with(0x0132, 12),
        lambda: jpeg_with(0x011A, 2),
        lambda: png_with(b"iCCP", b""),
        lambda: png_with(b"iCCP", b"name\0"),
        lambda: png_with(b"iCCP", b"name\0", at_end=True),
        lambda: png_with(b"pHYs", b""),
        lambda: png_with(b"tRNS", b""),
        lambda: png_with(b"acTL", b""),
        lambda: png_with(b"eXIf", b"\0\xffA", at_end=True),
        lambda: saved("GIF")[:20],
        lambda: saved("BMP")[:30],
        lambda: saved("TIFF")[:200],
        lambda: saved("WEBP")[:40],
        lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n%%EndComments\n",
        lambda: b"\0\0\1\0",
        lambda: b"",
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_each_is_read_or_refused_in_a_sentence(content: Callable[[], bytes]) -> None:
    with suppress(InklingError):
        assert read_picture(content()).dtype == np.uint8
        return
    with pytest.raises(InklingError, match=r"^The picture can't be read as .*wanted: PNG, .*\.$"):
        read_picture(content())


def test_a_kind_that_runs_other_programs_is_never_opened(tmp_path: Path) -> None:
    """PostScript is read by Ghostscript, FPX and MIC by what OLE files hold."""
    path = tmp_path / "page.png"
    path.write_bytes(saved("EPS"))
    with pytest.raises(InklingError, match="can't be read as a picture"):
        read_picture(path)
