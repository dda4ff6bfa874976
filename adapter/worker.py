"""The working half: takes tickets from the queue and looks at them, sweeps, and follows the mapping files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from adapter.catalogue.load import sites
from adapter.catalogue.words import IssueId, SiteName
from adapter.database import Database
from adapter.errors import OutOfReach
from adapter.look import Looker
from adapter.queue import Handlers, Job, Next, Queue, Worker
from adapter.settings import Settings
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
    lookers = {name: Looker(Site(name, settings), store) for name in sites(settings.mappings)}
    for looker in lookers.values():
        _open(looker.site, store)
    sweepers = {name: Sweeper(looker.site, store, queue) for name, looker in lookers.items()}

    def look(site: SiteName, issue: IssueId, job: Job) -> Next:
        if site not in lookers:
            _log.error("no such site any more", site=site)
            return Next()
        return lookers[site].look(issue, job)

    def sweep(site: SiteName) -> None:
        for found in sweepers[site].sweep() if site in sweepers else ():
            _log.info("sweeping", found=found)

    def sweep_every() -> Mapping[SiteName, timedelta]:
        return {
            name: timedelta(minutes=looker.site.catalogue.jira.pace.sweep_minutes) for name, looker in lookers.items()
        }

    for looker in lookers.values():
        looker.site.follow()
    try:
        Worker(database.url, database.pool, queue, store, Handlers(look, sweep, sweep_every)).run()
    finally:
        for looker in lookers.values():
            looker.site.stop()


def _open(site: Site, store: Store) -> None:
    """Fails loud on a site that does not fit its mapping; a Jira that is away is asked again by every look."""
    try:
        site.open()
        store.uses_mapping(site.name, site.catalogue.version)
    except OutOfReach as error:
        _log.warning("jira or the database is out of reach at start", site=site.name, error=str(error))
