"""An answer in time: what lies behind the door may hang, the door may not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from adapter.errors import OutOfReach

T = TypeVar("T")


class Deadline:
    """Calls in threads of their own, and does not wait for them longer than some seconds.

    A database that is paused, or holds a lock, answers no timeout of its own; without this it would take one of the
    server's few threads after the other, and the health check with them.
    """

    def __init__(self, seconds: float = 3.0, threads: int = 8) -> None:
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(threads, "behind-the-door")

    def __call__(self, work: Callable[[], T]) -> T:
        """What the work returns or raises; OutOfReach if it takes too long, though it may still come to its end."""
        future = self._threads.submit(work)
        try:
            return future.result(self._seconds)
        except TimeoutError:
            if future.done():  # in the last moment, or a timeout of the work's own
                return future.result()
            future.cancel()  # has an effect only on what had to wait for a thread
            raise OutOfReach(f"no answer within {self._seconds:g} seconds: see that PostgreSQL runs") from None
