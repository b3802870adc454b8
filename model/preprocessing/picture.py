"""A picture file to its pixels, within bounds."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import InklingError
from model.language import Text

MAX_PICTURE_BYTES = 20 * 2**20
MAX_PICTURE_PIXELS = 20_000_000

# Of Pillow's readers these alone are let at a file: others run programs or read other files.
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
_FINEST = 1024  # px; a JPEG finer than this is decoded at a fraction of its size


def read_picture(source: Path | bytes) -> NDArray[np.uint8]:
    """A picture file, upright as its EXIF says: (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA.

    Raises InklingError for what is missing, too large or no picture.
    """
    from PIL import Image, UnidentifiedImageError

    name = f"“{source.name}”" if isinstance(source, Path) else Text("The picture")
    try:
        size = source.stat().st_size if isinstance(source, Path) else len(source)
        if size > MAX_PICTURE_BYTES:
            raise InklingError(
                "{name} has {size:.0f} MB; wanted: a picture of at most {max_picture_bytes} MB.",
                name=name,
                size=size / 2**20,
                max_picture_bytes=MAX_PICTURE_BYTES // 2**20,
            )
        return _pixels(source if isinstance(source, Path) else io.BytesIO(source), name)
    except InklingError:
        raise
    except FileNotFoundError:
        raise InklingError("{name} is not there; wanted: a picture file.", name=name) from None
    except Image.DecompressionBombError:
        raise _too_fine(name, Text("far too many pixels")) from None
    except Exception as error:  # whatever a decoder happens to do on a damaged file
        reason = " ".join(str(error).split()) or type(error).__name__
        if isinstance(error, UnidentifiedImageError):
            reason = str(Text("it is damaged, or of another kind"))
        raise InklingError(
            "{name} can't be read as a picture ({reason}); wanted: PNG, JPEG, WebP, BMP, GIF or "
            "TIFF.",
            name=name,
            reason=reason,
        ) from error


def _pixels(file: Path | io.BytesIO, name: str | Text) -> NDArray[np.uint8]:
    from PIL import Image, ImageOps

    with Image.open(file, formats=_FORMATS) as picture:
        if picture.width * picture.height > MAX_PICTURE_PIXELS:
            raise _too_fine(
                name, Text("{width} × {height} px", width=picture.width, height=picture.height)
            )
        # A JPEG decodes straight to a fraction of its size; a no-op for the others.
        picture.draft("RGB", (_FINEST, _FINEST))
        upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):  # 16 bits a pixel
        grey = np.maximum(np.asarray(upright, np.float64), 0)
        return (grey / max(grey.max(), 1) * 255).astype(np.uint8)
    transparent = "A" in upright.getbands() or "transparency" in upright.info
    mode = "RGBA" if transparent else "L" if upright.mode in ("1", "L") else "RGB"
    return np.asarray(upright.convert(mode))


def _too_fine(name: str | Text, found: Text) -> InklingError:
    return InklingError(
        "{name} has {found}; wanted: at most {max_picture_pixels} megapixels.",
        name=name,
        found=found,
        max_picture_pixels=MAX_PICTURE_PIXELS // 10**6,
    )
