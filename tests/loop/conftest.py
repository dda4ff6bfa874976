"""A looker with a real database and a sandbox site in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapter.catalogue.load import load_site
from adapter.catalogue.words import IssueId, IssueKey, SiteName
from adapter.database import Database
from adapter.gateway.retry import Patience
from adapter.look import Looker
from adapter.queue import Next, Queue
from adapter.settings import Settings, read_settings
from adapter.site import Site
from adapter.store.store import Store
from tests.sandbox import Sandbox
from tests.system.letters import answer, offer
from tests.system.mapping import write_mapping

MAIL = "mette@aarhus.example"


@dataclass
class Job:
    """A job that is ours until a test takes it away."""

    mine: bool = True
    asked: datetime | None = None

    def is_still_mine(self) -> bool:
        return self.mine

    def asked_at(self) -> datetime | None:
        return self.asked


@dataclass
class Desk:
    """The site, the looker, and the words a test says to them."""

    site: Sandbox
    store: Store
    queue: Queue
    settings: Settings
    mappings: Path
    looker: Looker
    ahead: timedelta = field(default=timedelta())

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def pass_time(self, **span: float) -> None:
        self.ahead += timedelta(**span)

    def order(self, request_type: str = "Bestil arkivering", summary: str = "Noget") -> str:
        return self.site.as_user("kunde.aarhus").create(summary, request_type=request_type)

    def number(self, key: str) -> IssueId:
        return IssueId(self.site.issue(key).id)

    def look(self, key: str, job: Job | None = None) -> Next:
        """One look, as soon as the adapter's own echo has died away."""
        self.pass_time(seconds=3)
        return self.looker.look(self.number(key), job or Job())

    def settle(self, key: str) -> int:
        """Looks until nothing is left to do, and tells how many looks that took; a loop that never rests fails."""
        for looks in range(1, 8):
            self.look(key)
            _, plan = self.looker.plan(IssueKey(key))
            if plan.is_empty:
                return looks
        raise AssertionError(f"{key} never comes to rest")

    def offer(self, key: str) -> str:
        number, letter = offer(key, MAIL)
        self.site.as_user("agent.anna").attach(key, "tilbud.eml", letter)
        return number

    def yes(self, key: str, to: str | None, words: str = "Godkendt.", sender: str = MAIL) -> str:
        return self.site.as_user("agent.anna").attach(key, "svar.eml", answer(key, sender, words, to))


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Iterator[Desk]:
    """A desk on Jira Cloud."""
    with open_desk(database, tmp_path, "cloud") as made:
        yield made


RESTLESS = Patience(sleep=lambda _: None)
"""Jira's failures are met with all the retries there are, but without the pauses between them."""


@contextmanager
def open_desk(
    database: Database,
    folder: Path,
    deployment: str,
    environment: Mapping[str, str] | None = None,
    edit: Callable[[Path], None] = lambda _: None,
) -> Iterator[Desk]:
    """A desk on Jira Cloud or Data Center, with more of an environment and an edited mapping where a test asks."""
    mappings = write_mapping(folder / "mappings")
    edit(mappings)
    jira = mappings / "dubu" / "jira.yaml"
    jira.write_text(
        jira.read_text(encoding="utf-8").replace("udgave: cloud", f"udgave: {deployment}"), encoding="utf-8"
    )
    with Sandbox.start(load_site(mappings / "dubu")) as site:
        user, token = site.login("adapter")
        settings_of_site = {
            **(environment or {}),
            "DUBU_MAPPINGS": str(mappings),
            "DUBU_DUBU_JIRA_URL": site.url,
            "DUBU_DUBU_JIRA_USER": user or "",
            "DUBU_DUBU_JIRA_TOKEN": token,
        }
        settings = read_settings(settings_of_site)
        store = Store(database.pool)
        queue = Queue(database.pool, store)
        looker = Looker(Site(SiteName("dubu"), settings, patience=RESTLESS), store, queue.defer_looks)
        made = Desk(site, store, queue, settings, mappings, looker)
        looker.clock = made.now
        try:
            yield made
        finally:
            looker.site.stop()
