"""A picture file to its pixels, within bounds."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import InklingError

MAX_PICTURE_BYTES = 20 * 2**20
MAX_PICTURE_PIXELS = 20_000_000

_FINEST = 1024  # px; a JPEG finer than this is decoded at a fraction of its size


def read_picture(source: Path | bytes) -> NDArray[np.uint8]:
    """A picture file, upright as its EXIF says: (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA.

    Raises InklingError for what is missing, too large or no picture.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    name = f"“{source.name}”" if isinstance(source, Path) else "The picture"
    try:
        size = source.stat().st_size if isinstance(source, Path) else len(source)
        if size > MAX_PICTURE_BYTES:
            raise InklingError(
                f"{name} has {size / 2**20:.0f} MB; wanted: a picture of at most "
                f"{MAX_PICTURE_BYTES // 2**20} MB."
            )
        with Image.open(source if isinstance(source, Path) else io.BytesIO(source)) as file:
            if file.width * file.height > MAX_PICTURE_PIXELS:
                raise InklingError(
                    f"{name} has {file.width} × {file.height} px; wanted: at most "
                    f"{MAX_PICTURE_PIXELS // 10**6} megapixels."
                )
            # A JPEG decodes straight to a fraction of its size; a no-op for the others.
            file.draft("RGB", (_FINEST, _FINEST))
            upright = ImageOps.exif_transpose(file)
            if upright.mode.startswith("I"):  # 16 bits a pixel
                grey = np.asarray(upright, np.float64)
                return (grey / max(grey.max(), 1) * 255).astype(np.uint8)
            transparent = "A" in upright.getbands() or "transparency" in upright.info
            mode = "RGBA" if transparent else "L" if upright.mode in ("1", "L") else "RGB"
            return np.asarray(upright.convert(mode))
    except FileNotFoundError:
        raise InklingError(f"{name} is not there; wanted: a picture file.") from None
    except Image.DecompressionBombError:
        raise InklingError(
            f"{name} unpacks to far too many pixels; wanted: at most "
            f"{MAX_PICTURE_PIXELS // 10**6} megapixels."
        ) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        # Pillow's decoders raise each of these on a damaged file.
        raise InklingError(
            f"{name} can't be read as a picture ({error}); wanted: PNG, JPEG, WebP, BMP or GIF."
        ) from error
