"""What the door notes of deliveries: seldom, and never at their cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapter.catalogue.words import IssueId, SiteName
from adapter.database import Database
from adapter.queue import Queue
from adapter.settings import read_settings
from adapter.store.store import Store
from tests.door.stand import SECRET, Stand
from tests.door.test_door import BODY, sign
from webhooks.app import create_app
from webhooks.inbox import SPARE, NotingInbox

DUBU, NORD = SiteName("dubu"), SiteName("nord")
BEGAN = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.passed = 0.0

    def clock(self) -> float:
        return self.passed

    def now(self) -> datetime:
        return BEGAN + timedelta(seconds=self.passed)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database.pool)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def inbox(database: Database, store: Store, time: Time) -> NotingInbox:
    return NotingInbox(Queue(database.pool, store), store, time.clock, time.now)


def test_of_many_deliveries_within_a_minute_one_is_noted(inbox: NotingInbox, store: Store, time: Time) -> None:
    for _ in range(3):
        inbox.put(DUBU, IssueId("1"))
        time.passed += SPARE / 4
    assert store.site_state(DUBU).delivered_at == BEGAN
    time.passed = SPARE
    inbox.put(DUBU, IssueId("1"))
    assert store.site_state(DUBU).delivered_at == BEGAN + timedelta(seconds=SPARE)


def test_what_is_turned_away_hides_no_delivery_and_no_other_site(inbox: NotingInbox, store: Store, time: Time) -> None:
    inbox.turned_away(DUBU)
    time.passed += 1
    inbox.put(DUBU, IssueId("1"))
    inbox.put(NORD, IssueId("1"))
    state = store.site_state(DUBU)
    assert (state.turned_away_at, state.delivered_at) == (BEGAN, BEGAN + timedelta(seconds=1))
    assert store.site_state(NORD).turned_away_at is None


def test_a_delivery_that_is_stored_is_taken_although_it_cannot_be_noted(
    inbox: NotingInbox, database: Database, store: Store
) -> None:
    with database.pool.connection() as connection:
        connection.execute("ALTER TABLE dubu.site RENAME TO site_away")
    inbox.put(DUBU, IssueId("1"))
    assert Queue(database.pool, store).figures(DUBU).waiting == 1


def test_the_door_tells_apart_what_it_takes_and_what_it_turns_away(
    inbox: NotingInbox, store: Store, time: Time, tmp_path: Path
) -> None:
    settings = read_settings({"DUBU_DUBU_WEBHOOK_SECRETS": SECRET})
    client = create_app(settings, inbox, sites=[DUBU], view=Stand(tmp_path)).test_client()
    assert client.post("/webhooks/dubu", data=BODY, headers=sign(BODY)).status_code == 202
    assert store.site_state(DUBU).turned_away_at is None
    time.passed += 5
    assert client.post("/webhooks/dubu", data=BODY, headers=sign(BODY, "en anden")).status_code == 401
    assert client.post("/webhooks/syd", data=BODY).status_code == 404
    state = store.site_state(DUBU)
    assert (state.delivered_at, state.turned_away_at) == (BEGAN, BEGAN + timedelta(seconds=5))
    assert store.site_state(SiteName("syd")).turned_away_at is None
