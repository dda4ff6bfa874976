"""What lies behind the door, for the admins' page and the readiness check: store, queue and mapping files together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapter import metrics
from adapter.catalogue.files import FILES
from adapter.catalogue.folder import Contents, read_folder
from adapter.catalogue.load import MappingError, load_site
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import IssueId, SiteName
from adapter.doctor.doors import DOORS
from adapter.doctor.finding import Code
from adapter.errors import OutOfReach
from adapter.queue import Queue
from adapter.store.store import SiteState, Store
from webhooks.admin import SetAside, SiteView, Standing
from webhooks.health import Part, jira_part

_LEAST_SILENCE = timedelta(minutes=15)
"""How long Jira may be silent at least before that counts as not ready; else three sweeps."""


@dataclass(frozen=True)
class Overview:
    """How the sites are doing; implements the page's AdminView, and the probe of /health/ready."""

    names: Sequence[SiteName]
    mappings: Path
    store: Store
    queue: Queue
    _read: dict[SiteName, tuple[Contents, Catalogue | MappingError]] = field(default_factory=dict, repr=False)

    def sites(self) -> Sequence[SiteView]:
        """All sites as they are now; OutOfReach where the database is away."""
        return [self._site(site) for site in self.names]

    def retry(self, site: SiteName, issue: IssueId) -> bool:
        """Takes a ticket up again; False if it is not set aside."""
        return not self.queue.retry(site, [issue])

    def parts(self) -> Iterator[Part]:
        """What readiness depends on: a Probe."""
        try:
            self.queue.ping()
            waiting = sum(self.queue.figures(site).waiting for site in self.names)
            states = {site: self.store.site_state(site) for site in self.names}
        except OutOfReach as error:
            yield Part("database", is_ready=False, says=str(error))
            states = None
        else:
            yield Part("database", is_ready=True, says="answers")
            yield Part("queue", is_ready=True, says=f"takes deliveries, {waiting} waiting")
        for site in self.names:
            mapping, state = self._mapping(site), states[site] if states else SiteState()
            yield _mapping_part(site, mapping, state)
            if states:
                yield _jira_part(site, mapping, state)

    def measure(self) -> None:
        """Brings the figures up to date that stand in the database; OutOfReach where it is away."""
        for site in self.names:
            metrics.set_aside(site, len(self.store.set_aside_list(site)))
            stands = Counter(finding.code for finding in self.store.standing(site))
            metrics.standing(site, {code: stands[code] for code in sorted(DOORS | {Code.UNREAD})})
            metrics.braked(site, is_on=self.store.site_state(site).is_braked(datetime.now(UTC)))

    def _site(self, site: SiteName) -> SiteView:
        state, figures, mapping = self.store.site_state(site), self.queue.figures(site), self._mapping(site)
        return SiteView(
            site=site,
            mapping_version=state.mapping_version,
            last_contact=state.last_contact,
            last_sweep=state.sweep_finished,
            waiting=figures.waiting,
            scheduled=figures.scheduled,
            running=figures.running,
            set_aside=[
                SetAside(t.issue, t.key, t.reason, t.at, trouble.attempts if trouble else 0)
                for t in self.store.set_aside_list(site)
                for trouble in [self.store.trouble_of(site, t.issue)]
            ],
            assumptions=[a for a in mapping.assumptions if a.confirmed is None]
            if isinstance(mapping, Catalogue)
            else [],
            mapping_problems=[str(p) for p in mapping.problems] if isinstance(mapping, MappingError) else [],
            findings=[Standing(f.code, f.level, f.what, f.next_step, f.since) for f in self.store.standing(site)],
            last_night=state.night_done,
            last_delivery=state.delivered_at,
            is_braked=state.is_braked(datetime.now(UTC)),
            is_silent=not _jira_part(site, mapping, state).is_ready,
        )

    def _mapping(self, site: SiteName) -> Catalogue | MappingError:
        """What the site's files say at this moment, read anew only when they have changed."""
        contents = read_folder(self.mappings / site, tuple(FILES))
        known = self._read.get(site)
        if known is not None and known[0] == contents:
            return known[1]
        found: Catalogue | MappingError
        try:
            found = load_site(self.mappings / site)
        except MappingError as error:
            found = error
        self._read[site] = (contents, found)
        return found


def _mapping_part(site: SiteName, mapping: Catalogue | MappingError, state: SiteState) -> Part:
    """A broken edit alone is no reason to close the door: the last good mapping stays in force."""
    name, in_force = f"mappings/{site}", state.mapping_version
    if isinstance(mapping, Catalogue):
        return Part(name, is_ready=True, says=f"version {mapping.version}")
    says = f"{len(mapping.problems)} problems in the files: run `dubu-adapter mappings check --site {site}`"
    if in_force is None:
        return Part(name, is_ready=False, says=says)
    return Part(name, is_ready=True, says=f"{says}; version {in_force} stays in force")


def _jira_part(site: SiteName, mapping: Catalogue | MappingError, state: SiteState) -> Part:
    pace = mapping.jira.pace.sweep_minutes if isinstance(mapping, Catalogue) else 0
    limit = max(_LEAST_SILENCE, timedelta(minutes=3 * pace))
    return jira_part(site, state.last_contact, datetime.now(UTC), limit)
