"""What waits, what is put off, what is told of it, and what happens while the database is away."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapter.catalogue.words import IssueId, IssueKey, SiteName
from adapter.database import open_pool, prepare
from adapter.database.embedded import EmbeddedServer, ensure_database
from adapter.errors import OutOfReach
from adapter.queue import Figures, Queue
from adapter.store.store import Store
from tests.engine.processes import DUBU, House, until

ONE, TWO, THREE = IssueId("1"), IssueId("2"), IssueId("3")
OTHER = SiteName("other")


def scheduled(house: House) -> list[object]:
    return [at for (at,) in house.rows("SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'wake'")]


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_a_ticket_waits_once_however_often_it_is_told(house: House) -> None:
    for _ in range(5):
        house.queue.put(DUBU, ONE)
    house.queue.defer_looks(DUBU, [ONE, TWO, TWO])
    house.queue.put(OTHER, ONE)
    assert house.queue.figures(DUBU) == Figures(waiting=2, running=0, scheduled=0, set_aside=0)
    assert house.queue.figures(OTHER).waiting == 1


def test_many_doors_and_sweeps_at_once_get_in_each_other_s_way_nowhere(house: House) -> None:
    issues = [IssueId(str(number)) for number in range(30)]

    def tell(way: int) -> None:
        house.queue.defer_looks(DUBU, issues if way % 2 else issues[::-1])
        for issue in issues:
            house.queue.put(DUBU, issue)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(tell, range(6)))
    assert house.queue.figures(DUBU).waiting == len(issues)


def test_an_earlier_wake_is_not_lost_behind_a_later_one_nor_the_other_way_round(house: House) -> None:
    tomorrow, now = soon(86_400), soon(5)
    house.queue.defer_wake(DUBU, ONE, tomorrow)
    house.queue.defer_wake(DUBU, ONE, now)
    assert scheduled(house) == [now]
    house.queue.defer_wake(DUBU, ONE, tomorrow)
    assert scheduled(house) == [now]


def test_of_wakes_wished_for_at_once_the_earliest_holds(house: House) -> None:
    moments = [soon(number) for number in range(10, 30)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda at: house.queue.defer_wake(DUBU, ONE, at), moments))
    assert scheduled(house) == [min(moments)]


def test_a_wake_for_tomorrow_does_not_hold_back_a_look_now(house: House) -> None:
    """A job put off holds back every newer one with its lock (procrastinate #1599): so a wake has none."""
    house.queue.defer_wake(DUBU, ONE, soon(86_400))
    house.event("1")
    with house.worker():
        until(lambda: house.behind() == 0)
    assert house.queue.figures(DUBU).scheduled == 1


def test_a_webhook_s_ticket_passes_those_of_a_sweep(house: House) -> None:
    house.queue.defer_looks(DUBU, [ONE, TWO, THREE])
    house.queue.put(DUBU, THREE)
    assert [entry.issue for entry in house.queue.waiting(DUBU)] == ["3", "1", "2"]


def test_the_list_tells_what_waits_and_what_is_put_off_until_when(house: House) -> None:
    at = soon(60)
    house.queue.defer_wake(DUBU, TWO, at)
    house.queue.put(DUBU, ONE)
    first, second = house.queue.waiting(DUBU)
    assert (first.issue, first.state) == ("1", "waiting")
    assert first.at is not None
    assert first.at <= datetime.now(UTC)
    assert (second.issue, second.state, second.at) == ("2", "scheduled", at)
    assert len(house.queue.waiting(DUBU, limit=1)) == 1


def test_a_person_takes_up_tickets_by_key_or_id_and_hears_which_were_not_there(house: House) -> None:
    now = soon(0)
    for issue, key in ((ONE, "DUBU-1"), (TWO, "DUBU-2"), (THREE, None)):
        house.store.set_aside(DUBU, issue, IssueKey(key) if key else None, "ValueError", now)
    assert house.queue.figures(DUBU).set_aside == 3
    assert house.queue.retry(DUBU, ["dubu-1", "3", "DUBU-99"]) == ("DUBU-99",)
    assert house.queue.figures(DUBU) == Figures(waiting=2, running=0, scheduled=0, set_aside=1)


def test_a_sweep_waits_once(house: House) -> None:
    house.queue.defer_sweep(DUBU)
    house.queue.defer_sweep(DUBU)
    assert len(house.rows("SELECT 1 FROM procrastinate_jobs WHERE task_name = 'sweep'")) == 1


@pytest.fixture
def own_server(data_dir: Path) -> EmbeddedServer:
    server = EmbeddedServer(data_dir)
    server.start()
    ensure_database(server, "dubu")
    return server


def test_a_database_away_is_said_within_seconds_and_its_return_is_noticed(own_server: EmbeddedServer) -> None:
    prepare(own_server.url("dubu"))
    pool = open_pool(own_server.url("dubu"))
    queue = Queue(pool, Store(pool))

    def works(act: Callable[[], None]) -> bool:
        try:
            act()
        except OutOfReach:
            return False
        return True

    with ThreadPoolExecutor(6) as many:  # so that the pool holds several connections which all break
        list(many.map(lambda number: queue.put(DUBU, IssueId(str(number))), range(60)))
    own_server._run("pg_ctl", "restart", "-D", "postgres", "-m", "immediate", "-w")
    assert works(queue.ping)  # a restart between two requests costs none of them
    own_server._run("pg_ctl", "stop", "-D", "postgres", "-m", "immediate", "-w")
    for act in (queue.ping, lambda: queue.put(DUBU, ONE)):
        began = time.monotonic()
        with pytest.raises(OutOfReach, match="PostgreSQL"):
            act()
        assert time.monotonic() - began < 20  # 2 s measured
    time.sleep(4)  # long enough for a pool that doubles its pauses to be late
    own_server.keep_up()
    assert until(lambda: works(queue.ping)) < 20  # 1 s measured
    assert queue.figures(DUBU).waiting == 60
    pool.close()


def test_a_database_that_nobody_has_set_up_is_out_of_reach_not_a_crash(own_server: EmbeddedServer) -> None:
    pool = open_pool(own_server.url("dubu"))
    with pytest.raises(OutOfReach):
        Queue(pool, Store(pool)).put(DUBU, ONE)
    pool.close()


def test_a_standby_says_that_it_takes_nothing(own_server: EmbeddedServer) -> None:
    prepare(own_server.url("dubu"))
    own_server._run("pg_ctl", "stop", "-D", "postgres", "-m", "fast", "-w")
    (own_server.data_dir / "postgres" / "standby.signal").touch()
    own_server.keep_up()
    pool = open_pool(own_server.url("dubu"))
    with pytest.raises(OutOfReach, match="standby"):
        Queue(pool, Store(pool)).ping()
    pool.close()
