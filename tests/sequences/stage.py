"""Where the sequences are played: a desk whose two clocks go together, and a worker that never waits for real."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

import adapter.evidence
from adapter.catalogue.words import Digest, SiteName
from adapter.database import Database
from adapter.errors import AdapterError
from adapter.look import Looker
from adapter.mails.facts import facts_of
from adapter.mails.reading import Reading
from adapter.queue.retries import Failure
from adapter.ticket.evidence import EVIDENCE, MailFacts, UnreadFile
from tests.loop.conftest import Desk, Job, open_desk
from tests.post.server import MailServer
from tests.sandbox import Sandbox
from tests.sandbox.plant import made_up_id
from tests.sequences.cases import Case
from tests.system.mapping import OWNERS, say

SENDS = (("værdi: kladde", "værdi: send"), ("KOMBIT.DUBU@netcompany.com", "servicedesk@leverandoer.example"))
NEVER_BRAKED = ("bremse_sager_i_timen: 200", "bremse_sager_i_timen: 100000")
_MOST_LOOKS = 25


class Restless(AssertionError):
    """A ticket on which the adapter always finds something more to do."""


@dataclass
class Stage:
    """A site, its adapter, its mail server where the adapter sends offers itself, and what was done there."""

    desk: Desk
    post: MailServer | None
    cases: list[Case] = field(default_factory=list)
    paid: dict[str, set[str]] = field(default_factory=dict)  # by solution: the tickets worked on at KOMBIT's cost
    unrested: set[str] = field(default_factory=set)  # keys of tickets on which something happened
    worked: set[str] = field(default_factory=set)  # rested in a work status, payable and approved
    put_back: set[str] = field(default_factory=set)
    story: list[str] = field(default_factory=list)  # what was done, in words

    @property
    def site(self) -> Sandbox:
        return self.desk.site

    @property
    def deployment(self) -> str:
        return "cloud" if self.site.world.cloud else "datacenter"

    def now(self) -> datetime:
        return self.site.clock.now()

    def pass_time(self, **span: float) -> None:
        """Moves Jira's clock and the adapter's together."""
        self.desk.pass_time(**span)
        self.site.clock.advance(timedelta(**span))

    def look(self, key: str) -> bool:
        """One look as the queue's worker takes it; whether it left anything to come back for at once."""
        desk, name, number = self.desk, SiteName("dubu"), self.desk.number(key)
        self.site.requests.clear()
        before = self.site.status(key)
        try:
            following = desk.looker.look(number, Job())
        except AdapterError as error:
            desk.store.count_trouble(name, number, Failure.of(error).kind, desk.now())
            return True
        finally:
            if before in {"I gang", "I produktion"} and self.site.status(key) != before:
                self.put_back.add(key)
        if following.trouble is not None:
            desk.store.count_trouble(name, number, following.trouble, desk.now())
        elif not following.put_off:
            desk.store.clear_trouble(name, number)
        at_once = following.wake_at is not None and following.wake_at <= desk.now()
        if following.put_off and following.wake_at is not None:
            self.pass_time(seconds=max(0.1, (following.wake_at - desk.now()).total_seconds()))
        has_written = bool(self.site.requests.writes("adapter"))
        return at_once or following.put_off or following.trouble is not None or has_written

    def settle(self, key: str) -> None:
        """Looks until a look leaves nothing; Restless where that never comes."""
        for _ in range(_MOST_LOOKS):
            self.pass_time(seconds=3)
            if not self.look(key):
                self.unrested.discard(key)
                return
        raise Restless(f"{key} never comes to rest: the last look asked {self.site.requests.writes('adapter')}")

    def heal(self) -> None:
        """Jira and the mail server are well again."""
        self.site.faults.clear()
        if self.post is not None:
            self.post.answers.clear()
            self.post.hangs_up_after_data = False

    def calm(self) -> None:
        """Looks at every ticket again and again until a whole round writes nothing; Restless where none ever does."""
        self.heal()
        for case in self.cases:
            self.settle(case.key)
        for _ in range(_MOST_LOOKS):
            self.pass_time(seconds=3)
            left = [case.key for case in self.cases if self.look(case.key)]
            if not left:
                return
        raise Restless("the tickets never come to rest together")

    def reset(self) -> None:
        """An empty site and an empty database."""
        self.heal()
        with self.site.world.lock:
            self.site.world.issues.clear()
        forget(self.desk)
        if self.post is not None:
            self.post.received.clear()
        self.cases, self.paid, self.story = [], {}, []
        self.unrested = set()

    def restart(self) -> None:
        """Another worker with the same database: what the last one had in mind is gone."""
        looker = Looker(self.desk.looker.site, self.desk.store, self.desk.queue.defer_looks)
        looker.clock = self.desk.now
        self.desk.looker = looker


def forget(desk: Desk) -> None:
    """Empties every table of the adapter's own."""
    with desk.store._pool.connection() as connection:
        found = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'dubu' "
            "AND tablename NOT LIKE 'procrastinate%%' AND tablename <> 'version'"
        ).fetchall()
        tables = psycopg.sql.SQL(", ").join(psycopg.sql.Identifier("dubu", str(name)) for (name,) in found)
        connection.execute(psycopg.sql.SQL("TRUNCATE {}").format(tables))


@contextmanager
def open_stage(database: Database, folder: Path, deployment: str) -> Iterator[Stage]:
    """A stage on Cloud, where the adapter sends offers itself, or on Data Center, where it drafts them."""

    def edit(mappings: Path) -> None:
        say(mappings, "jira.yaml", NEVER_BRAKED)
        if deployment == "datacenter":
            say(mappings, "parter.yaml", *((f"712020:{made_up_id(handle)}", handle) for handle in OWNERS.values()))
        else:
            say(mappings, "tilbud.yaml", *SENDS)

    with MailServer() as post, pytest.MonkeyPatch.context() as patch:
        # A process for each mail costs half a second, and tests/mails holds it to what it promises.
        patch.setattr(adapter.evidence, "read_evidence", _read_here)
        environment = {"DUBU_SMTP_URL": post.url} if deployment == "cloud" else {}
        with open_desk(database, folder, deployment, environment, edit) as desk:
            yield Stage(desk, post if deployment == "cloud" else None)


def _read_here(data: bytes, filename: str, reading: Reading) -> MailFacts | UnreadFile:
    """Reads a mail as the confined process does, and takes the facts through the same JSON."""
    found = EVIDENCE.validate_json(EVIDENCE.dump_json(facts_of(data, filename, reading, None)))
    return found.model_copy(update={"digest": Digest(hashlib.sha256(data).hexdigest())})
