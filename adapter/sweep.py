"""The sweep: finds what no webhook told of, and puts it in the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from adapter import metrics
from adapter.catalogue.words import IssueId
from adapter.queue import Queue
from adapter.site import Site
from adapter.store.store import Store

OVERLAP = timedelta(minutes=10)
"""Jira's search lags behind what it finds, and clocks differ: each sweep looks this far back before the last one."""
PAGE = 500


@dataclass
class Sweeper:
    """Sweeps one site."""

    site: Site
    store: Store
    queue: Queue
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def sweep(self, *, everything: bool = False) -> Iterator[int]:
        """Puts tickets in the queue by pages, yielding how many so far.

        The first sweep ever takes all open ones, and so does the first one with another mapping: what it says of a
        ticket may have changed although the ticket has not.
        """
        name = self.site.name
        began = self.clock()
        here = self.site.open()
        gateway, version = here.gateway, here.catalogue.version
        state = self.store.site_state(name)
        swept_to = state.swept_to
        self.store.sweep_started(name, began)
        found = 0
        if everything or swept_to is None or state.swept_mapping != version:
            changed: Iterable[tuple[IssueId, datetime | None]] = ((issue, None) for issue in gateway.open_tickets())
        else:
            changed = gateway.changed_since(swept_to - OVERLAP)
        rest = iter(changed)
        while page := dict(islice(rest, PAGE)):
            fresh = self.store.unseen(name, page)
            self.queue.defer_looks(name, fresh)
            found += len(fresh)
            yield found
        now = self.clock()
        self.store.in_contact(name, now)
        self.store.sweep_finished(name, now, began, version)
        metrics.swept(name, now)
