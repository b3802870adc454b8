"""Which files this process opens."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_listening: list[tuple[Path, list[str]]] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event != "open" or not isinstance(arguments[0], str | bytes):
        return
    path = Path(arguments[0] if isinstance(arguments[0], str) else arguments[0].decode())
    for folder, names in _listening:
        if path.is_relative_to(folder):
            names.append(path.name)


sys.addaudithook(_hear)  # for good: there is no way to take it away


@contextmanager
def opened_in(folder: Path) -> Iterator[list[str]]:
    """The names of the files in `folder` that are opened meanwhile, each as often as it is."""
    names: list[str] = []
    _listening.append((folder, names))
    try:
        yield names
    finally:
        _listening.remove((folder, names))
