"""Sound files of every kind that is read, small ones, for the fuzzer to begin with."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from browser.digits import DIGITS
from model.data import kaggle, npz, synthetic
from model.data.samples import LabelledSamples, Samples
from model.preprocessing.link import to_link

SIDE = 400  # canvas px


def digits() -> LabelledSamples:
    return LabelledSamples(*synthetic.make(3, seed=1))


def sheet(side: int = 32) -> Image.Image:
    """A picture of a digit, dark on light."""
    image = 255 - digits().images[0]
    return Image.fromarray(image).resize((side, side), Image.Resampling.BILINEAR)


def _saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8769)[0x829A] = (1, 100)
    return exif.tobytes()


def jpeg() -> Iterator[bytes]:
    grey = sheet()
    yield _saved(grey, "JPEG")
    yield _saved(grey.convert("RGB"), "JPEG", exif=_exif(), icc_profile=_profile())
    yield _saved(grey.convert("RGB"), "JPEG", exif=_exif(), progressive=True)
    yield _saved(grey.convert("CMYK"), "JPEG")
    both = grey.convert("RGB")
    yield _saved(both, "MPO", save_all=True, append_images=[both])


def png() -> Iterator[bytes]:
    grey = sheet()
    yield _saved(grey, "PNG")
    yield _saved(grey.convert("1"), "PNG")
    yield _saved(grey.convert("P"), "PNG", transparency=0)
    yield _saved(grey.convert("RGBA"), "PNG", icc_profile=_profile(), exif=_exif())
    yield _saved(Image.fromarray(np.asarray(grey, np.uint16) * 257), "PNG")
    yield _saved(grey, "PNG", save_all=True, append_images=[grey.rotate(9)], duration=9)


def webp() -> Iterator[bytes]:
    colour = sheet().convert("RGBA")
    yield _saved(colour.convert("RGB"), "WEBP", exif=_exif())
    yield _saved(colour, "WEBP", lossless=True, icc_profile=_profile())
    yield _saved(colour, "WEBP", save_all=True, append_images=[colour.rotate(9)])


def gif() -> Iterator[bytes]:
    grey = sheet()
    yield _saved(grey, "GIF")
    yield _saved(grey, "GIF", interlace=True, transparency=255)
    yield _saved(grey, "GIF", save_all=True, append_images=[grey.rotate(9)], duration=9)


def bmp() -> Iterator[bytes]:
    grey = sheet()
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        yield _saved(grey.convert(mode), "BMP")


def tiff() -> Iterator[bytes]:
    grey = sheet()
    yield _saved(grey, "TIFF", exif=_exif())
    for how in ("tiff_lzw", "tiff_deflate", "packbits", "jpeg"):
        yield _saved(grey.convert("RGB"), "TIFF", compression=how)
    yield _saved(grey.convert("1"), "TIFF", compression="group4")
    yield _saved(grey.convert("CMYK"), "TIFF", icc_profile=_profile())
    for kind in (np.float32, np.int32, np.uint16):
        yield _saved(Image.fromarray(np.asarray(grey, kind)), "TIFF")
    yield _saved(grey, "TIFF", save_all=True, append_images=[grey])


def csv() -> Iterator[bytes]:
    samples = Samples(digits().images, digits().labels)
    yield kaggle.to_csv(samples)
    yield kaggle.to_csv(Samples(samples.images, None))
    yield kaggle.to_csv(samples).replace(b"\n", b"\r\n").replace(b"label", b'"label"')
    yield b"\xef\xbb\xbf" + kaggle.to_csv(Samples(samples.images[:1], None))


def idx() -> Iterator[bytes]:
    for array in (digits().images, digits().labels):
        yield struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def gzipped() -> Iterator[bytes]:
    for content in (*csv(), *idx()):
        yield gzip.compress(content, mtime=0)


def _npz(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def arrays() -> Iterator[bytes]:
    """`.npz` files of digits."""
    images, labels = digits().images, digits().labels
    yield _npz(x_train=images, y_train=labels, x_test=images, y_test=labels)
    yield _npz(images=images.reshape(-1, 784).astype(np.int64), labels=labels[:, None])
    file = io.BytesIO()
    np.savez_compressed(file, x=images)
    yield file.getvalue()


def strokes() -> Iterator[bytes]:
    """`.npz` files of pen strokes."""
    samples = [[SIDE * np.array(line, np.float32) for line in DIGITS[digit]] for digit in (4, 8)]
    yield npz.strokes_to_npz(samples, [4, 8])
    rng = np.random.default_rng(0)
    yield _npz(
        xy=rng.normal(size=(12, 2)).astype(np.float32),
        stroke_start=[0, 5, 9, 12],
        sample_start=[0, 2, 3],
        label=np.array([3, -1]),
        writer=[0, 1],
        split=[0, 1],
    )
    yield _npz(xy=np.array([[0, 0], [9, 9]]), stroke_start=[0, 1, 2], sample_start=[0, 2])


def zipped() -> Iterator[bytes]:
    """Zips of what the Batch page takes."""
    (csv_file, *_), (images, labels), (pens, *_) = csv(), idx(), strokes()
    sets: list[dict[str, bytes]] = [
        {"train.csv": csv_file},
        {"t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels},
        {"3/a.png": next(png()), "4/b.jpg": next(jpeg()), "4/c.gif": next(gif())},
        {"pens.npz": pens, "digits.csv.gz": next(gzipped())},
    ]
    for files in sets:
        for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA):
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w", packing) as archive:
                for name, content in files.items():
                    archive.writestr(name, content)
            yield file.getvalue()


def canvas() -> Iterator[bytes]:
    """The canvas's JSON, as Fabric.js writes it."""
    for digit, lines in DIGITS.items():
        objects = [
            {
                "type": "path",
                "originX": "left",
                "originY": "top",
                "left": 100 + place,
                "top": 90.5,
                "strokeWidth": 20,
                "scaleX": 1,
                "angle": 0,
                "flipX": False,
                "path": [
                    ["M", *(SIDE * np.array(line[0])).tolist()],
                    *(["Q", *(SIDE * np.array([p, p])).ravel().tolist()] for p in line[1:-1]),
                    ["L", *(SIDE * np.array(line[-1])).tolist()],
                ],
            }
            for place, line in enumerate(lines)
        ]
        if digit in (1, 4, 8):
            yield json.dumps({"version": "4.4.0", "objects": objects}).encode()


def link() -> Iterator[bytes]:
    """Drawings as a link has them."""
    for lines in DIGITS.values():
        yield to_link([SIDE * np.array(line, np.float32) for line in lines], 20).encode()


def keras_models() -> Iterator[bytes]:
    """A `.keras` file: the network that ships, but with few weights."""
    import tempfile
    from pathlib import Path

    import keras

    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(2, 5, strides=4, activation="relu"),
            layers.BatchNormalization(),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.keras"
        network.save(path)
        yield path.read_bytes()


SEEDS: dict[str, Callable[[], Iterator[bytes]]] = {
    "JPEG": jpeg,
    "PNG": png,
    "WebP": webp,
    "GIF": gif,
    "BMP": bmp,
    "TIFF": tiff,
    "CSV": csv,
    "gzip": gzipped,
    "zip": zipped,
    "npz": arrays,
    "IDX": idx,
    "strokes": strokes,
    "canvas": canvas,
    "link": link,
    "keras": keras_models,
}
"""By the kinds of files that are read: what makes sound ones."""
