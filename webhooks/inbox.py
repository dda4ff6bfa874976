"""What the door writes: tickets into the queue, and into the store when somebody last knocked."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from adapter.catalogue.words import IssueId, SiteName
from adapter.errors import OutOfReach
from adapter.queue import Queue
from adapter.store.store import Store

SPARE = 60.0
"""Seconds between two notes of a kind by one process: whoever knocks often, or floods the door, costs no more."""


@dataclass
class NotingInbox:
    """The queue, with a note of the last delivery and of the last that was turned away."""

    queue: Queue
    store: Store
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _noted: dict[tuple[SiteName, bool], float] = field(default_factory=dict, init=False)

    def put(self, site: SiteName, issue: IssueId) -> None:
        """Stores durably that a ticket is to be looked at; OutOfReach if that cannot be done."""
        self.queue.put(site, issue)
        if self._is_due(site, genuine=True):
            with suppress(OutOfReach):  # the delivery itself is stored
                self.store.delivered(site, self.now())

    def turned_away(self, site: SiteName) -> None:
        """Notes that something came that was not signed as it should be."""
        if self._is_due(site, genuine=False):
            self.store.turned_away(site, self.now())

    def _is_due(self, site: SiteName, *, genuine: bool) -> bool:
        last, now = self._noted.get((site, genuine)), self.clock()
        if last is not None and now - last < SPARE:
            return False
        self._noted[site, genuine] = now
        return True
