"""The nightly round: once a night and site, whoever asks; what is new is raised, what is gone is closed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from adapter import metrics
from adapter.catalogue.words import SiteName
from adapter.database import Database
from adapter.doctor.finding import Code, Finding, Level
from adapter.logs import configure
from adapter.night import NightRound, night_of
from adapter.queue import Queue
from adapter.settings import Settings, read_settings
from adapter.site import Site
from adapter.store.standing import LEASE
from adapter.store.store import Store
from adapter.worker import _Served
from tests.doctor.site import DESK, Ward, opened
from tests.sandbox.faults import Fault, Trouble
from webhooks.overview import Overview

DUBU = SiteName("dubu")
EVENING = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
NIGHT = timedelta(days=1)


@dataclass
class Watch:
    """A ward, the store, and the rounds that are made of it."""

    ward: Ward
    store: Store
    settings: Settings
    now: datetime = EVENING

    def round(self) -> NightRound:
        """As a worker makes it that has just started."""
        return NightRound(Site(DUBU, self.settings), self.settings.site(DUBU), self.store, lambda: self.now)

    def make(self) -> None:
        self.round().make()

    def forget_administrator(self) -> None:
        known = self.settings.environment
        self.settings = read_settings({name: value for name, value in known.items() if "_ADMIN_" not in name})

    def codes(self) -> list[str]:
        return [finding.code for finding in self.store.standing(DUBU)]

    def doors(self) -> list[str]:
        """What stands open, without the notes of what could not be read."""
        return [code for code in self.codes() if code != Code.UNREAD]

    def reads(self) -> int:
        return len(self.ward.site.requests.by("admin"))


@pytest.fixture
def watch(database: Database, tmp_path: Path) -> Iterator[Watch]:
    with watched(database, tmp_path) as found:
        yield found


@pytest.fixture
def center(database: Database, tmp_path: Path) -> Iterator[Watch]:
    """On Data Center, whose workflows show in what tickets offer."""
    with watched(database, tmp_path, "datacenter") as found:
        found.ward.admin.join("admin", DESK)
        yield found


@contextmanager
def watched(database: Database, tmp_path: Path, deployment: str = "cloud") -> Iterator[Watch]:
    with opened(tmp_path, deployment) as ward:
        settings = ward.settings
        environment = {
            "DUBU_MAPPINGS": str(tmp_path / "mappings"),
            "DUBU_DUBU_JIRA_URL": ward.site.url,
            "DUBU_DUBU_JIRA_USER": settings.user or "",
            "DUBU_DUBU_JIRA_TOKEN": settings.token or "",
            "DUBU_DUBU_ADMIN_USER": settings.admin_user or "",
            "DUBU_DUBU_ADMIN_TOKEN": settings.admin_token or "",
            "DATABASE_URL": database.url,
        }
        yield Watch(ward, Store(database.pool), read_settings(environment))


@contextmanager
def logged() -> Iterator[list[dict[str, object]]]:
    """The log's lines, once the block has ended."""
    out, lines = StringIO(), list[dict[str, object]]()
    configure("json", out)
    try:
        yield lines
    finally:
        lines += [json.loads(line) for line in out.getvalue().splitlines()]
        configure("text")


def nothing_unseen(_code: str, _status: str) -> bool:
    return False


def unlock(watch: Watch) -> None:
    watch.ward.admin.unlock_step(watch.ward.admin.workflow_of(), "Godkend")


def test_a_site_in_order_has_nothing_standing(watch: Watch) -> None:
    watch.make()
    assert watch.codes() == []
    assert watch.store.site_state(DUBU).night_done == date(2026, 11, 27)


def test_a_hole_that_was_not_there_before_is_raised_once_and_stands_with_since_when(watch: Watch) -> None:
    watch.make()
    unlock(watch)
    watch.now += NIGHT
    with logged() as lines:
        watch.make()
    (raised,) = [line for line in lines if line["event"] == "new finding on the site"]
    assert (raised["level"], raised["code"]) == ("error", "open_approval")
    assert '"Godkend"' in str(raised["finding"])
    (stands,) = watch.store.standing(DUBU)
    assert (stands.code, stands.since) == ("open_approval", watch.now)
    watch.now += NIGHT
    with logged() as lines:
        watch.make()
    assert not [line for line in lines if line["event"] == "new finding on the site"]
    (still,) = watch.store.standing(DUBU)
    assert still.since == watch.now - NIGHT


def test_what_is_gone_is_closed_and_new_again_when_it_comes_back(watch: Watch) -> None:
    watch.ward.admin.join("agent.bo", "DUBU-adapter")
    watch.make()
    assert watch.codes() == ["role_holds_others"]
    watch.ward.admin.leave("agent.bo", "DUBU-adapter")
    watch.now += NIGHT
    watch.make()
    assert watch.codes() == []
    watch.ward.admin.join("agent.bo", "DUBU-adapter")
    watch.now += NIGHT
    with logged() as lines:
        watch.make()
    assert [line["code"] for line in lines if line["event"] == "new finding on the site"] == ["role_holds_others"]
    assert watch.store.standing(DUBU)[0].since == watch.now


def test_a_night_has_one_round_also_after_a_restart(watch: Watch) -> None:
    watch.make()
    before = watch.reads()
    watch.make()
    watch.now += timedelta(hours=5)  # 02:00 in Copenhagen: still the same night
    watch.make()
    assert watch.reads() == before
    watch.now += timedelta(hours=1)
    watch.make()
    assert watch.reads() > before


def test_of_many_workers_one_makes_the_round(watch: Watch) -> None:
    rounds = [watch.round() for _ in range(4)]
    for one in rounds:
        one.site.open()
    watch.ward.site.requests.clear()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(NightRound.make, rounds))
    asked = [asked.path for asked in watch.ward.site.requests.by("admin")]
    assert asked.count("/rest/api/2/myself") == 1


def test_a_site_that_is_away_puts_the_round_off_to_the_next_sweep(watch: Watch) -> None:
    one = watch.round()
    one.site.open()
    watch.ward.site.faults.add(Fault(Trouble.BROKEN, retry_after=60.0))
    with logged() as lines:
        one.make()
    assert [line["event"] for line in lines if line["level"] == "warning"][-1] == "the nightly round is put off"
    assert watch.store.site_state(DUBU).night_done is None
    watch.ward.site.faults.clear()
    one.make()
    assert watch.store.site_state(DUBU).night_done == date(2026, 11, 27)


def test_a_worker_that_died_on_its_round_is_followed_by_another(watch: Watch) -> None:
    assert watch.store.claim_night(DUBU, date(2026, 11, 27), watch.now)
    watch.make()
    assert watch.store.site_state(DUBU).night_done is None
    watch.now += LEASE
    watch.make()
    assert watch.store.site_state(DUBU).night_done == date(2026, 11, 27)


def test_what_could_not_be_looked_at_is_not_said_to_be_gone(watch: Watch) -> None:
    unlock(watch)
    watch.make()
    assert watch.codes() == ["open_approval"]
    watch.forget_administrator()
    watch.now += NIGHT
    watch.make()
    stands = watch.codes()
    assert "open_approval" in stands
    assert "unread" in stands


def test_a_round_without_an_administrator_says_what_it_cannot_see(watch: Watch) -> None:
    watch.forget_administrator()
    watch.make()
    told = [finding for finding in watch.store.standing(DUBU) if "workflows" in finding.what]
    assert [finding.level for finding in told] == ["oplysning"]
    assert "DUBU_DUBU_ADMIN_TOKEN" in told[0].next_step


def new_ticket(watch: Watch, at: str = "Ny") -> str:
    """A ticket in a status; one that was made elsewhere than in Ny is not the newest."""
    agent = watch.ward.site.as_user("agent.anna")
    key = agent.create("Noget")
    if at != "Ny":
        agent.create("Noget nyere")
    watch.ward.site.issue(key).status = next(s for s in watch.ward.site.world.statuses.values() if s.name == at)
    return key


def test_what_shows_on_tickets_stands_once_whichever_ticket_shows_it_and_is_closed_when_it_is_gone(
    center: Watch,
) -> None:
    flow = center.ward.admin.workflow_of()
    center.ward.admin.add_step(flow, "Genvej", ("Ny",), "I gang")
    center.make()
    assert center.doors() == ["early_start"]
    newest = new_ticket(center)
    center.now += NIGHT
    with logged() as lines:
        center.make()
    assert not [line for line in lines if line.get("code") == "early_start"]
    (stands,) = [stands for stands in center.store.standing(DUBU) if stands.code == "early_start"]
    assert stands.since == EVENING
    center.ward.admin.remove_step(flow, "Genvej")
    center.now += NIGHT
    center.make()
    assert center.doors() == []
    center.ward.admin.add_step(flow, "Genvej", ("Ny",), "I gang")
    center.now += NIGHT
    with logged() as lines:
        center.make()
    (raised,) = [line for line in lines if line.get("code") == "early_start"]
    assert newest in str(raised["finding"])


def test_what_showed_on_a_ticket_stands_while_no_ticket_can_show_it(center: Watch) -> None:
    flow = center.ward.admin.workflow_of()
    key = new_ticket(center, "I gang")
    center.ward.admin.remove_step(flow, "Læg tilbage til ny")
    center.make()
    assert center.doors() == ["no_way_back"]
    center.ward.site.as_user("admin").delete(key)
    center.now += NIGHT
    center.make()
    assert center.doors() == ["no_way_back"]
    new_ticket(center, "I gang")
    center.forget_administrator()  # who sees the shortcuts; the way back is the adapter's own
    center.ward.admin.add_step(flow, "Læg tilbage til ny", ("I gang",), "Ny")
    center.now += NIGHT
    center.make()
    assert "no_way_back" not in center.doors()


def test_the_sweep_makes_the_round(watch: Watch) -> None:
    unlock(watch)
    served = _Served(watch.settings, watch.store, Queue(watch.store._pool, watch.store))
    try:
        served.sweep(DUBU)
    finally:
        served.stop()
    assert watch.codes() == ["open_approval"]


def test_the_figures_and_the_admins_page_show_what_stands(watch: Watch) -> None:
    unlock(watch)
    watch.make()
    overview = Overview([DUBU], watch.settings.mappings, watch.store, Queue(watch.store._pool, watch.store))
    overview.measure()
    told = metrics.exposition().decode()
    assert 'dubu_findings{code="open_approval",site="dubu"} 1.0' in told
    assert 'dubu_findings{code="early_start",site="dubu"} 0.0' in told
    (view,) = overview.sites()
    (finding,) = view.findings
    assert (finding.code, finding.is_amiss, finding.since) == ("open_approval", True, watch.now)
    assert view.last_night == date(2026, 11, 27)


def test_a_long_finding_is_kept_cut_and_still_known_again(watch: Watch) -> None:
    long = Finding(Level.WARNING, Code.RISKY_RIGHT, "æ" * 5000, "se efter")
    night = date(2026, 11, 27)
    assert watch.store.stand(DUBU, night, [long], nothing_unseen, watch.now) == (long,)
    assert watch.store.stand(DUBU, night, [long], nothing_unseen, watch.now + NIGHT) == ()
    assert len(watch.store.standing(DUBU)[0].what) == 600


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        (datetime(2026, 11, 27, 1, 59, tzinfo=UTC), date(2026, 11, 26)),
        (datetime(2026, 11, 27, 2, 0, tzinfo=UTC), date(2026, 11, 27)),  # 03:00 in Copenhagen
        (datetime(2026, 7, 27, 1, 0, tzinfo=UTC), date(2026, 7, 27)),  # summer time
        (datetime(2026, 11, 28, 1, 0, tzinfo=UTC), date(2026, 11, 27)),
    ],
)
def test_a_night_begins_at_its_hour_in_the_desks_time_zone(moment: datetime, night: date) -> None:
    assert night_of(moment, 3, "Europe/Copenhagen") == night
