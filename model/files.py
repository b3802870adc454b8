"""Files are written whole or not at all."""

import io
import json
import os
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

if TYPE_CHECKING:
    from numpy.typing import NDArray


def write_whole(path: Path, content: bytes | str, durable: bool = True) -> None:
    """Write `content` to `path` so that a reader sees the old file or the new one, never a part.

    The bytes go to a temporary file in the same folder, reach the disk, and take the name in
    one step. Raises OSError (a full disk, say), and then leaves what was there before. What need
    not outlive a power cut, not `durable`, is left to reach the disk in its time.
    """
    data = content.encode() if isinstance(content, str) else content
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def write_json(path: Path, value: Any, durable: bool = True) -> None:
    """Write `value` as indented JSON, whole or not at all."""
    write_whole(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n", durable)


def read_json(path: Path) -> dict[str, Any] | None:
    """The JSON object in `path`; None where there is no such file, or something else in it."""
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def npz(arrays: Mapping[str, "NDArray[Any]"], compressed: bool = True) -> bytes:
    """An .npz file of some arrays."""
    import numpy as np  # which the supervisor of a training does without

    content = io.BytesIO()
    save = np.savez_compressed if compressed else np.savez
    save(content, allow_pickle=False, **arrays)
    return content.getvalue()


def arrays(content: bytes) -> "dict[str, NDArray[Any]]":
    """The arrays of an .npz file; none where something else is in it."""
    import numpy as np

    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            return dict(found)
    except (OSError, ValueError, EOFError, TypeError, AttributeError, BadZipFile, zlib.error):
        return {}
