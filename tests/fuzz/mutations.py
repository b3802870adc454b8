"""Files changed beneath their checksums, which would else refuse nearly every change."""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

Change = Callable[[bytes, int], bytes]  # changes some bytes to others, at most so many

_PNG = b"\x89PNG\r\n\x1a\n"
_STRANGE: list[Any] = [
    None, True, -1, 0, 0.5, 1e308, float("nan"), float("inf"), 2**63, 10**30, "", "left", "M",
    "\ud800", "9" * 400, [], {}, [[]], ["M", 1, 2], ["Q", 1, 2, 3, 4], {"class_name": "Lambda"},
]  # fmt: skip


def change(kind: str, content: bytes, most: int, rng: random.Random, mutate: Change) -> bytes:
    """`content`, a file of that kind, changed: as it is by `mutate`, or beneath its checksums."""
    if rng.random() < 0.3:
        return mutate(content, most)
    try:
        if content.startswith(_PNG):
            return _png(content, rng, mutate)
        if content.startswith(b"PK"):
            return _zip(content, rng, mutate)
        if content.startswith(b"\x1f\x8b"):
            return gzip.compress(mutate(gzip.decompress(content), 2 * most), 1, mtime=0)
        if kind == "canvas":
            return _json(content, rng, mutate)
    except Exception:  # damaged beyond that
        pass
    return mutate(content, most)


def _png(content: bytes, rng: random.Random, mutate: Change) -> bytes:
    """One chunk changed, its checksum right."""
    chunks, at = [], len(_PNG)
    while at + 12 <= len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        chunks.append((content[at + 4 : at + 8], content[at + 8 : at + 8 + size]))
        at += 12 + size
    chosen = rng.randrange(len(chunks))
    name, data = chunks[chosen]
    if name in (b"IDAT", b"fdAT") and rng.random() < 0.5:
        data = zlib.compress(mutate(zlib.decompress(data), 2**16), 1)
    elif name == b"iCCP" and rng.random() < 0.5:
        start = data.index(b"\0") + 2
        data = data[:start] + zlib.compress(mutate(zlib.decompress(data[start:]), 2**14), 1)
    else:
        data = mutate(data or b"\0", 2**14)
    chunks[chosen] = name, data
    packed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return _PNG + b"".join(packed)


def _zip(content: bytes, rng: random.Random, mutate: Change) -> bytes:
    """One member changed, renamed, doubled or left out, its checksum right."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
        packing = archive.infolist()[0].compress_type if members else zipfile.ZIP_STORED
    chosen = rng.randrange(len(members))
    name, data = members[chosen]
    match rng.randrange(12):
        case 0:
            members.pop(chosen)
        case 1:
            members.append((name, data))
        case 2:
            name = mutate(name.encode(), 40).decode("utf-8", "ignore").replace("\0", "") or "x"
            members[chosen] = name, data
        case _ if name.endswith(".json"):
            members[chosen] = name, _json(data, rng, mutate)
        case _ if name.endswith(".png"):
            members[chosen] = name, _png(data, rng, mutate)
        case _:
            members[chosen] = name, mutate(data or b"\0", 2**17)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def _json(content: bytes, rng: random.Random, mutate: Change) -> bytes:
    """One of the values changed, or the text."""
    if rng.random() < 0.1:
        return mutate(content, 2 * len(content))
    value = json.loads(content)
    places = list(_places(value))
    holder, key = rng.choice(places)
    match rng.randrange(5):
        case 0:
            del holder[key]
        case 1:
            other, place = rng.choice(places)
            holder[key] = other[place]
        case 2 if isinstance(holder[key], int | float):
            holder[key] *= rng.choice([-1, 0, 2, 0.1, 1e3, 1e10, 1e300])
        case 3 if isinstance(holder, list):
            holder.insert(key, rng.choice(_STRANGE))
        case _:
            holder[key] = rng.choice(_STRANGE)
    return json.dumps(value).encode()


def _places(value: Any) -> Any:
    """Whatever holds a value, and where."""
    found = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(found):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)
