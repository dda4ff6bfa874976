"""Where each site stands: sweeps, contact, mapping, brake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import psycopg
from psycopg.rows import class_row

from adapter.catalogue.words import SiteName
from adapter.database import connected
from adapter.store.rows import Rows

BRAKED = timedelta(minutes=15)
"""How long the brake is shown after it last held a look back; such a look comes again after ten minutes."""


@dataclass(frozen=True)
class SiteState:
    """Where a site stands; `swept_to` is the start of the last sweep that came to its end, `swept_mapping` what it
    was made with, `mapping_version` what the worker took up last, and `night_done` the last night whose round was made.
    """

    sweep_started: datetime | None = None
    sweep_finished: datetime | None = None
    swept_to: datetime | None = None
    swept_mapping: str | None = None
    last_contact: datetime | None = None
    mapping_version: str | None = None
    braked_at: datetime | None = None
    delivered_at: datetime | None = None
    turned_away_at: datetime | None = None
    night_done: date | None = None

    def is_braked(self, now: datetime) -> bool:
        """Whether a look was held back by the brake not long ago; each look held back says so anew."""
        return self.braked_at is not None and now - self.braked_at < BRAKED


class Sites(Rows):
    """The state of each site."""

    def site_state(self, site: SiteName) -> SiteState:
        """Where the site stands; all None for one never seen."""
        with connected(self._pool) as connection, connection.cursor(row_factory=class_row(SiteState)) as cursor:
            cursor.execute(
                "SELECT sweep_started, sweep_finished, swept_to, swept_mapping, last_contact, mapping_version, "
                "braked_at, delivered_at, turned_away_at, night_done FROM dubu.site WHERE site = %s",
                (site,),
            )
            return cursor.fetchone() or SiteState()

    def claim_sweep(self, site: SiteName, at: datetime, every: timedelta) -> bool:
        """Whether a sweep is due; True is said to one asker only, until the period has passed again."""
        return bool(
            self._rows(
                "INSERT INTO dubu.site AS known (site, sweep_claimed) VALUES (%s, %s) ON CONFLICT (site) DO UPDATE "
                "SET sweep_claimed = EXCLUDED.sweep_claimed "
                "WHERE known.sweep_claimed IS NULL OR known.sweep_claimed <= EXCLUDED.sweep_claimed - %s::interval "
                "RETURNING 1",
                (site, at, every),
            )
        )

    def sweep_started(self, site: SiteName, at: datetime) -> None:
        """Notes that a sweep is on its way."""
        self._site(site, "sweep_started", at)

    def sweep_finished(self, site: SiteName, at: datetime, swept_to: datetime, mapping_version: str) -> None:
        """Notes that a sweep came to its end, from when on the next one has to look, and the mapping it was for."""
        self._site(site, "sweep_finished", at)
        self._site(site, "swept_mapping", mapping_version)
        self._site(site, "swept_to", swept_to)

    def in_contact(self, site: SiteName, at: datetime) -> None:
        """Notes that Jira answered."""
        self._site(site, "last_contact", at)

    def uses_mapping(self, site: SiteName, version: str) -> None:
        """Notes the mapping that the site is worked with."""
        self._site(site, "mapping_version", version)

    def braked(self, site: SiteName, at: datetime) -> None:
        """Notes that the brake held a look back: too many tickets changed within the hour."""
        self._site(site, "braked_at", at)

    def delivered(self, site: SiteName, at: datetime) -> None:
        """Notes that a webhook came, signed as it should be."""
        self._site(site, "delivered_at", at)

    def turned_away(self, site: SiteName, at: datetime) -> None:
        """Notes that something came that was not signed as it should be."""
        self._site(site, "turned_away_at", at)

    def _site(self, site: SiteName, column: str, value: datetime | str) -> None:
        self._do(
            psycopg.sql.SQL(
                "INSERT INTO dubu.site (site, {column}) VALUES (%s, %s) "
                "ON CONFLICT (site) DO UPDATE SET {column} = EXCLUDED.{column}"
            ).format(column=psycopg.sql.Identifier(column)),
            (site, value),
        )
