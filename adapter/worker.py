"""The working half: takes tickets from the queue and looks at them, sweeps, and follows the mapping files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import IssueId, SiteName
from adapter.database import Database
from adapter.errors import OutOfReach
from adapter.look import Looker
from adapter.night import NightRound
from adapter.queue import Handlers, Job, Next, Queue, Worker
from adapter.settings import Settings, served_sites
from adapter.site import Site
from adapter.store.store import Store
from adapter.sweep import Sweeper

_log = structlog.get_logger()


def work(settings: Settings, database: Database) -> None:
    """Works until SIGTERM or SIGINT.

    Raises:
        ConfigurationError: a mapping cannot be used, or does not fit its site; nothing has been written then.
    """
    store = Store(database.pool)
    queue = Queue(database.pool, store)
    served = _Served(settings, store, queue)
    served.open()
    served.follow()
    try:
        handlers = Handlers(served.look, served.sweep, served.sweep_every, served.names)
        Worker(database.url, database.pool, queue, store, handlers).run()
    finally:
        served.stop()


class _Served:
    """The sites that this worker serves."""

    def __init__(self, settings: Settings, store: Store, queue: Queue) -> None:
        self._settings = settings
        self._store = store
        self._queue = queue
        self.names = served_sites(settings)
        self._lookers = {
            name: Looker(Site(name, settings, self._take_up), store, queue.defer_looks) for name in self.names
        }

    def open(self) -> None:
        """Fails loud on a site that does not fit its mapping; a Jira that is away is asked again by every look."""
        for name, looker in self._lookers.items():
            try:
                self._take_up(looker.site.open().catalogue)
            except OutOfReach as error:
                _log.warning("jira or the database is out of reach at start", site=name, error=str(error))

    def follow(self) -> None:
        """Begins to take up edited mappings."""
        for looker in self._lookers.values():
            looker.site.follow()

    def stop(self) -> None:
        """Stops following."""
        for looker in self._lookers.values():
            looker.site.stop()

    def look(self, site: SiteName, issue: IssueId, job: Job) -> Next:
        """Looks at a ticket."""
        return self._lookers[site].look(issue, job)

    def sweep(self, site: SiteName) -> None:
        """Puts in the queue what no webhook told of, and once a night looks for ways around the approval.

        With another mapping than the last sweep's, every open ticket is put in.
        """
        here = self._lookers[site].site
        self._store.uses_mapping(site, here.open().catalogue.version)  # it may not have been known at start
        for found in Sweeper(here, self._store, self._queue).sweep():
            _log.info("sweeping", found=found)
        NightRound(here, self._settings.site(site), self._store).make()

    def sweep_every(self) -> Mapping[SiteName, timedelta]:
        """How often each site is swept, by the mapping in force."""
        return {
            name: timedelta(minutes=looker.site.catalogue.jira.pace.sweep_minutes)
            for name, looker in self._lookers.items()
        }

    def _take_up(self, catalogue: Catalogue) -> None:
        self._store.uses_mapping(catalogue.site, catalogue.version)
        if self._store.site_state(catalogue.site).swept_mapping != catalogue.version:
            self._queue.defer_sweep(catalogue.site)  # should it fail, the next one makes up for it
