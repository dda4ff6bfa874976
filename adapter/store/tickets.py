"""When a ticket was last written and last seen in order, and who is at it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapter.catalogue.words import IssueId, SiteName
from adapter.database import connected
from adapter.store.rows import Rows

SETTLE = timedelta(seconds=2)
"""How long after a write the webhooks that it causes are expected, where the writer does not say."""


@dataclass(frozen=True)
class Settling:
    """Until when a webhook may well be the adapter's own echo, and until when it waits for what fights it."""

    echo_until: datetime
    pause_until: datetime


class Tickets(Rows):
    """The adapter's own times with each ticket."""

    def wrote(
        self,
        site: SiteName,
        issue: IssueId,
        at: datetime,
        settles_at: datetime | None = None,
        *,
        unasked: bool = False,
    ) -> None:
        """Notes that the adapter wrote on a ticket, how long what fights it then waits, and if nothing asked for it."""
        self._do(
            "INSERT INTO dubu.written (site, issue, at, settles_at, unasked_at) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (site, issue) DO UPDATE SET at = GREATEST(written.at, EXCLUDED.at), "
            "settles_at = GREATEST(written.settles_at, EXCLUDED.settles_at), "
            "unasked_at = GREATEST(written.unasked_at, EXCLUDED.unasked_at)",
            (site, issue, at, settles_at or at + SETTLE, at if unasked else None),
        )

    def settling(self, site: SiteName, issue: IssueId) -> Settling | None:
        """How long the adapter's last write is to be left alone; None where it has not written."""
        rows = self._rows("SELECT at, settles_at FROM dubu.written WHERE site = %s AND issue = %s", (site, issue))
        return next((Settling(min(at + SETTLE, settles_at), settles_at) for at, settles_at in rows), None)

    def tickets_changed_unasked_since(self, site: SiteName, at: datetime) -> int:
        """How many tickets the adapter has changed from then on of its own accord: what the brake counts."""
        query = "SELECT count(*) FROM dubu.written WHERE site = %s AND unasked_at >= %s"
        ((count,),) = self._rows(query, (site, at))
        return int(count)

    def saw(self, site: SiteName, issue: IssueId, updated: datetime, until: datetime | None = None) -> None:
        """Notes that a ticket, as it was updated then, is as it should be, and `until` when if nobody touches it."""
        self._do(
            "INSERT INTO dubu.seen (site, issue, updated, until) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (site, issue) DO UPDATE SET updated = EXCLUDED.updated, until = EXCLUDED.until",
            (site, issue, updated, until),
        )

    def should_rest(self, site: SiteName, issue: IssueId, updated: datetime, now: datetime) -> bool | None:
        """Whether a ticket was in order as it is, and nothing was due since; None where it never was."""
        query = "SELECT updated = %s AND COALESCE(until > %s, true) FROM dubu.seen WHERE site = %s AND issue = %s"
        return next((bool(rests) for (rests,) in self._rows(query, (updated, now, site, issue))), None)

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
