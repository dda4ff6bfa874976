"""The nightly round: looks for ways around the approval that somebody has opened in Jira since the last one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from adapter.doctor.diagnose import doors_of
from adapter.doctor.doors import is_unjudged
from adapter.doctor.finding import Finding, Level
from adapter.errors import AdapterError, OutOfReach
from adapter.gateway.examine.examiner import Examiner
from adapter.settings import SiteSettings
from adapter.site import Site
from adapter.store.store import Store

_log = structlog.get_logger()


@dataclass
class NightRound:
    """Makes one site's rounds, once a night whoever asks and however often."""

    site: Site
    settings: SiteSettings
    store: Store
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def make(self) -> None:
        """Makes tonight's round unless it was made, and raises what was not there before; an outage puts it off."""
        name, now = self.site.name, self.clock()
        catalogue = self.site.open().catalogue
        night = night_of(now, catalogue.jira.pace.night_hour, catalogue.calendar.timezone)
        if not self.store.claim_night(name, night, now):
            return
        try:
            seen = Examiner(self.settings, catalogue).doors()
            if seen.found is None:
                raise OutOfReach("Jira does not let the adapter in")
            found = doors_of(catalogue, seen)
            fresh = self.store.stand(name, night, found, partial(is_unjudged, catalogue, seen), now)
        except AdapterError as error:
            _log.warning("the nightly round is put off", site=name, error=type(error).__name__)
            self.store.give_back_night(name)
            return
        for finding in fresh:
            _raise(name, finding)
        _log.info("nightly round made", site=name, standing=len(found), new=len(fresh))


def night_of(now: datetime, hour: int, timezone: str) -> date:
    """The day on which the night began to which a moment belongs: a night lasts until the same hour of the next day."""
    return (now.astimezone(ZoneInfo(timezone)) - timedelta(hours=hour)).date()


def _raise(site: str, finding: Finding) -> None:
    tell = _log.info if finding.level is Level.NOTE else _log.error
    tell("new finding on the site", site=site, code=finding.code.value, finding=finding.told)
