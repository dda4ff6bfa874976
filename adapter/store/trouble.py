"""What keeps failing, and which tickets were set aside for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from adapter.catalogue.words import IssueId, IssueKey, SiteName
from adapter.database import connected
from adapter.store.rows import Rows
from adapter.ticket.evidence import Trouble


@dataclass(frozen=True)
class SetAside:
    """A ticket that failed too often; the next look that succeeds, or a person, takes it up again."""

    issue: IssueId
    key: IssueKey | None
    reason: str
    at: datetime


class Troubles(Rows):
    """Failures by ticket."""

    def trouble_of(self, site: SiteName, issue: IssueId) -> Trouble | None:
        """What keeps failing on a ticket."""
        rows = self._rows(
            "SELECT kind, attempts, since FROM dubu.trouble WHERE site = %s AND issue = %s", (site, issue)
        )
        return next((Trouble(kind=kind, attempts=attempts, since=since) for kind, attempts, since in rows), None)

    def count_trouble(self, site: SiteName, issue: IssueId, kind: str, at: datetime) -> Trouble:
        """Counts one more failure; another kind of failure starts its own count."""
        ((attempts, since),) = self._rows(
            "INSERT INTO dubu.trouble AS known (site, issue, kind, attempts, since) VALUES (%s, %s, %s, 1, %s) "
            "ON CONFLICT (site, issue) DO UPDATE SET kind = EXCLUDED.kind, "
            "attempts = CASE WHEN known.kind = EXCLUDED.kind THEN known.attempts + 1 ELSE 1 END, "
            "since = CASE WHEN known.kind = EXCLUDED.kind THEN known.since ELSE EXCLUDED.since END "
            "RETURNING attempts, since",
            (site, issue, kind, at),
        )
        return Trouble(kind=kind, attempts=attempts, since=since)

    def clear_trouble(self, site: SiteName, issue: IssueId) -> None:
        """Forgets what failed, and takes the ticket up where it was set aside: a look has succeeded."""
        self.take_up(site, issue)

    def set_aside(self, site: SiteName, issue: IssueId, key: IssueKey | None, reason: str, at: datetime) -> None:
        """Puts a ticket where people see that it fails for ever; a known key is kept where none is given."""
        self._do(
            "INSERT INTO dubu.set_aside AS known (site, issue, key, reason, at) VALUES (%s, %s, COALESCE(%s, "
            "(SELECT key FROM dubu.journal WHERE site = %s AND issue = %s ORDER BY id DESC LIMIT 1)), %s, %s) "
            "ON CONFLICT (site, issue) DO UPDATE SET key = COALESCE(EXCLUDED.key, known.key), "
            "reason = EXCLUDED.reason, at = EXCLUDED.at",
            (site, issue, key, site, issue, reason, at),
        )

    def set_aside_list(self, site: SiteName) -> tuple[SetAside, ...]:
        """The tickets set aside, oldest first."""
        with connected(self._pool) as connection, connection.cursor(row_factory=class_row(SetAside)) as cursor:
            cursor.execute(
                "SELECT issue, key, reason, at FROM dubu.set_aside WHERE site = %s ORDER BY at, issue", (site,)
            )
            return tuple(cursor.fetchall())

    def take_up(self, site: SiteName, issue: IssueId) -> bool:
        """Takes a ticket back among the living, its failures forgotten; False where it was not set aside."""
        rows = self._rows(
            "WITH calm AS (DELETE FROM dubu.trouble WHERE site = %s AND issue = %s) "
            "DELETE FROM dubu.set_aside WHERE site = %s AND issue = %s RETURNING 1",
            (site, issue, site, issue),
        )
        return bool(rows)
