"""When a ticket was last written and last seen in order, and who is at it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from adapter.catalogue.words import IssueId, SiteName
from adapter.database import connected
from adapter.store.rows import Rows

SETTLE = timedelta(seconds=2)
"""How long after a write the webhooks that it causes are expected, where the writer does not say."""


class Tickets(Rows):
    """The adapter's own times with each ticket."""

    def wrote(self, site: SiteName, issue: IssueId, at: datetime, settles_at: datetime | None = None) -> None:
        """Notes that the adapter wrote on a ticket, and until when its own webhooks may come of it."""
        self._do(
            "INSERT INTO dubu.written (site, issue, at, settles_at) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (site, issue) DO UPDATE SET at = GREATEST(written.at, EXCLUDED.at), "
            "settles_at = GREATEST(written.settles_at, EXCLUDED.settles_at)",
            (site, issue, at, settles_at or at + SETTLE),
        )

    def settles_at(self, site: SiteName, issue: IssueId) -> datetime | None:
        """Until when a webhook may well be the adapter's own echo; None where it has not written."""
        rows = self._rows("SELECT settles_at FROM dubu.written WHERE site = %s AND issue = %s", (site, issue))
        return next((moment for (moment,) in rows), None)

    def tickets_written_since(self, site: SiteName, at: datetime) -> int:
        """How many tickets the adapter has written on from then on: what the brake counts."""
        ((count,),) = self._rows("SELECT count(*) FROM dubu.written WHERE site = %s AND at >= %s", (site, at))
        return int(count)

    def saw(self, site: SiteName, issue: IssueId, updated: datetime) -> None:
        """Notes that a ticket, as it was updated then, is as it should be."""
        self._do(
            "INSERT INTO dubu.seen (site, issue, updated) VALUES (%s, %s, %s) "
            "ON CONFLICT (site, issue) DO UPDATE SET updated = EXCLUDED.updated",
            (site, issue, updated),
        )

    def unseen(self, site: SiteName, tickets: Mapping[IssueId, datetime | None]) -> tuple[IssueId, ...]:
        """Those of the tickets that changed since they were last seen; one with no time of change always counts."""
        rows = self._rows(
            "SELECT issue, updated FROM dubu.seen WHERE site = %s AND issue = ANY(%s)", (site, list(tickets))
        )
        seen = {IssueId(issue): updated for issue, updated in rows}
        return tuple(issue for issue, updated in tickets.items() if updated is None or seen.get(issue) != updated)

    @contextmanager
    def holding(self, site: SiteName, issue: IssueId) -> Iterator[bool]:
        """Keeps every other process off a ticket; False where another one is at it."""
        with connected(self._pool) as connection:
            row = connection.execute(
                "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 1))", (f"{site}:{issue}",)
            ).fetchone()
            yield bool(row and row[0])
