"""One kind of file, changed again and again: the process that `tests.fuzz` starts.

    python -m tests.fuzz.worker KIND FOLDER [LIBFUZZER OPTION…] SEEDS

Atheris, that is libFuzzer guided by the branches that the readers and Pillow take, chooses what
to change. FOLDER gets figures.json, and for each kind of failure the first input that makes it,
with its traceback.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
import time
import traceback
import warnings
import zlib
from pathlib import Path
from typing import Any

import atheris

from model.files import write_json
from tests.fuzz import mutations

# Not where arrays are compared, of which Atheris lets none go.
with atheris.instrument_imports(include=["PIL", "model.data", "model.inference.model_file"]):
    from model.errors import InklingError
    from tests.fuzz.corpus import SEEDS
    from tests.fuzz.readers import READERS, Reader

SLOW = 5.0  # seconds of the processor
LARGE = 2**30  # bytes of memory
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_EVERY = 100  # inputs between two times that the figures are written


class FileWritten(Exception):  # noqa: N818
    """A reader opened a file to write into it."""


class Worker:
    def __init__(self, kind: str, folder: Path) -> None:
        self._folder = folder
        self._readers = READERS[kind]
        self._reading = False
        self._inputs = self._refused = 0
        self._slowest, self._largest = 0.0, 0
        self._failures: dict[str, int] = {}
        for reader in self._readers:  # what they import is no part of reading
            self._attempt(reader, next(SEEDS[kind]()))
        sys.addaudithook(self._audit)

    def run(self, content: bytes) -> None:
        """What a visitor or a user of the command line would do with it."""
        reader = self._readers[zlib.crc32(content) % len(self._readers)]
        Path("/proc/self/clear_refs").write_text("5")  # the peak is from now on
        before, began = _held("VmRSS"), time.process_time()
        error = self._attempt(reader, content)
        seconds, memory = time.process_time() - began, _held("VmHWM") - before
        if isinstance(error, InklingError):
            if "\n" in str(error) or "wanted" not in str(error):
                self._fail(content, "Sentence", str(error))
        elif error:
            self._fail(content, _where(error), "".join(traceback.format_exception(error)))
        if seconds > SLOW:
            self._fail(content, "Slow", f"{seconds:.1f} s")
        if memory > LARGE:
            self._fail(content, "Large", f"{memory / 2**20:.0f} MB")
        self._count(error is not None, seconds, memory)

    def _attempt(self, reader: Reader, content: bytes) -> Exception | None:
        try:
            self._reading = True
            reader(content)
        except Exception as error:
            return error
        finally:
            self._reading = False
        return None

    def _count(self, refused: bool, seconds: float, memory: int) -> None:
        self._inputs += 1
        self._refused += refused
        self._slowest = max(self._slowest, seconds)
        self._largest = max(self._largest, memory)
        if self._inputs % _EVERY == 0:
            figures = {
                "inputs": self._inputs,
                "refused": self._refused,
                "slowest": round(self._slowest, 3),
                "memory": self._largest,
                "failures": self._failures,
            }
            write_json(self._folder / "figures.json", figures, durable=False)

    def _fail(self, content: bytes, kind: str, told: str) -> None:
        self._failures[kind] = self._failures.get(kind, 0) + 1
        if self._failures[kind] == 1:
            name = hashlib.sha256(kind.encode()).hexdigest()[:8]
            (self._folder / name).write_bytes(content)
            (self._folder / f"{name}.txt").write_text(f"{kind}\n{told}", errors="replace")

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._reading and event == "open" and arguments[2] & _WRITING:
            raise FileWritten(str(arguments[0]))


def _where(error: BaseException) -> str:
    """A failure's kind: the error, and the last line of Inkling's that it came through."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/model/" in f.filename]
    last = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, {last.name}"


def _held(which: str) -> int:
    """The bytes of memory that this process holds (VmRSS), or held at most (VmHWM)."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition(f"{which}:")[2].split(maxsplit=1)[0])


def main() -> None:
    kind, folder = sys.argv[1], Path(sys.argv[2])
    warnings.simplefilter("ignore")  # Pillow's about damaged files, which are meant for a log
    worker = Worker(kind, folder)

    def mutate(content: bytes, most: int, seed: int) -> bytes:
        return mutations.change(kind, content, most, random.Random(seed), atheris.Mutate)[:most]

    atheris.Setup([sys.argv[0], *sys.argv[3:]], worker.run, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
