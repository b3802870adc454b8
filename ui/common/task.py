"""Work of some seconds, in a thread of its own, so that the page stays alive meanwhile."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from model.data.pictures import OnProgress
from model.language import kept

T = TypeVar("T")


class _Cancelled(Exception):  # noqa: N818 (nothing went wrong)
    """The visitor wants something else now."""


class Task(Generic[T]):
    """`work` is done from now on; it tells the share of it that is done, if it can."""

    def __init__(self, title: str, work: Callable[[OnProgress], T]) -> None:
        self.title = title
        self.share: float | None = None
        self._wanted = True
        executor = ThreadPoolExecutor(1, thread_name_prefix="task")
        self._future: Future[T] = executor.submit(kept(work), self._report)
        executor.shutdown(wait=False)

    @property
    def is_done(self) -> bool:
        return self._future.done()

    def result(self) -> T:
        """What came of it; waits for it, and raises what it raised."""
        return self._future.result()

    def cancel(self) -> None:
        """Let it end at the next word about its progress."""
        self._wanted = False

    def _report(self, share: float) -> None:
        if not self._wanted:
            raise _Cancelled
        self.share = share
