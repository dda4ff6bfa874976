"""What is amiss on each site, from the night it was found to the night it was gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from psycopg.rows import class_row

from adapter.catalogue.words import SiteName
from adapter.database import connected
from adapter.doctor.finding import Finding
from adapter.store.rows import Rows

LEASE = timedelta(minutes=10)
"""How long a worker may take for its round, before another may think that it died on it."""
LONGEST = 600  # characters of a finding: a key of the table
IsUnjudged = Callable[[str, str], bool]
"""Told a finding's code and the status of the tickets it showed on, whether it may be there unseen."""


@dataclass(frozen=True)
class Standing:
    """A finding that stands; `code` and `level` as the doctor names them."""

    code: str
    level: str
    what: str
    next_step: str
    since: datetime


class Standings(Rows):
    """Findings of the nightly rounds, and whose turn it is to make one."""

    def claim_night(self, site: SiteName, night: date, at: datetime) -> bool:
        """Whether the round of a night is to be made; True is said to one asker, until it is done or has lapsed."""
        return bool(
            self._rows(
                "INSERT INTO dubu.site AS known (site, night_claimed) VALUES (%s, %s) ON CONFLICT (site) DO UPDATE "
                "SET night_claimed = EXCLUDED.night_claimed "
                "WHERE (known.night_done IS NULL OR known.night_done < %s) "
                "AND (known.night_claimed IS NULL OR known.night_claimed <= EXCLUDED.night_claimed - %s::interval) "
                "RETURNING 1",
                (site, at, night, LEASE),
            )
        )

    def give_back_night(self, site: SiteName) -> None:
        """Lets the next asker make the round: it could not be made."""
        self._do("UPDATE dubu.site SET night_claimed = NULL WHERE site = %s", (site,))

    def stand(
        self, site: SiteName, night: date, found: Iterable[Finding], is_unjudged: IsUnjudged, at: datetime
    ) -> tuple[Finding, ...]:
        """Notes what a night's round found, closes what is gone, and returns what did not stand before.

        What was not found and could not be seen either stays as it is: nobody looked.
        """
        fresh: list[Finding] = []
        seen = set[tuple[str, str]]()
        with connected(self._pool) as connection, connection.transaction():
            for finding in {finding.identity: finding for finding in found}.values():
                what = finding.what[:LONGEST]
                seen.add((finding.code.value, what))
                row = connection.execute(
                    "INSERT INTO dubu.standing AS known (site, code, what, status, level, next_step, since) "
                    "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (site, code, what) DO UPDATE SET "
                    "level = EXCLUDED.level, next_step = EXCLUDED.next_step, closed = NULL, "
                    "since = CASE WHEN known.closed IS NULL THEN known.since ELSE EXCLUDED.since END "
                    "RETURNING since",
                    (site, finding.code.value, what, finding.status, finding.level.value, finding.next_step, at),
                ).fetchone()
                if row is not None and row[0] == at:
                    fresh.append(finding)
            stood = connection.execute(
                "SELECT code, what, status FROM dubu.standing WHERE site = %s AND closed IS NULL", (site,)
            ).fetchall()
            for code, what, status in stood:
                if (code, what) not in seen and not is_unjudged(code, status):
                    connection.execute(
                        "UPDATE dubu.standing SET closed = %s WHERE site = %s AND code = %s AND what = %s",
                        (at, site, code, what),
                    )
            connection.execute(
                "INSERT INTO dubu.site (site, night_done) VALUES (%s, %s) "
                "ON CONFLICT (site) DO UPDATE SET night_done = EXCLUDED.night_done, night_claimed = NULL",
                (site, night),
            )
        return tuple(fresh)

    def standing(self, site: SiteName) -> tuple[Standing, ...]:
        """What stands, the oldest first."""
        with connected(self._pool) as connection, connection.cursor(row_factory=class_row(Standing)) as cursor:
            cursor.execute(
                "SELECT code, level, what, next_step, since FROM dubu.standing "
                "WHERE site = %s AND closed IS NULL ORDER BY since, code, what",
                (site,),
            )
            return tuple(cursor.fetchall())
