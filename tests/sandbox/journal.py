"""Who asked what of the site: counts for budgets, never bodies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

READS = frozenset({"GET", "HEAD"})
ASKED_BY_POST = ("/search", "/search/jql", "/rest/api/3/workflows", "/update/validation", "/permissions/check")


def reads(method: str, path: str) -> bool:
    """Whether a request only reads: some questions are sent as POST."""
    return method in READS or path.endswith(ASKED_BY_POST)


@dataclass(frozen=True)
class Asked:
    """One request; status 0 where the line was cut."""

    method: str
    path: str
    status: int
    actor: str | None
    ms: float

    @property
    def is_read(self) -> bool:
        """Whether it only reads."""
        return reads(self.method, self.path)


class Journal:
    """The requests to the REST API in the order they were answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: list[Asked] = []

    def __iter__(self) -> Iterator[Asked]:
        with self._lock:
            return iter(tuple(self._asked))

    def __len__(self) -> int:
        return len(self._asked)

    def add(self, asked: Asked) -> None:
        """Notes a request."""
        with self._lock:
            self._asked.append(asked)

    def clear(self) -> None:
        """Starts counting anew."""
        with self._lock:
            self._asked.clear()

    def by(self, actor: str) -> list[Asked]:
        """What one user asked."""
        return [asked for asked in self if asked.actor == actor]

    def reads(self, actor: str) -> list[Asked]:
        """What one user read."""
        return [asked for asked in self.by(actor) if asked.is_read]

    def writes(self, actor: str) -> list[Asked]:
        """What one user wrote."""
        return [asked for asked in self.by(actor) if not asked.is_read]
