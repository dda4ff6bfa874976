"""What a worker makes of a look: well, failed, cut short, for ever failing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from adapter.catalogue.words import IssueId, SiteName
from adapter.database import Database
from adapter.errors import ConfigurationError, OutOfReach, Refused
from adapter.queue import Figures, Handlers, Job, Next, Worker
from adapter.queue.retries import ATTEMPTS
from tests.engine.processes import DUBU, House, until

ONE, TWO = IssueId("1"), IssueId("2")
Look = Callable[[SiteName, IssueId, Job], Next]


@contextmanager
def working(
    house: House,
    look: Look,
    sweep: Callable[[SiteName], None] = lambda _: None,
    every: Mapping[SiteName, timedelta] | None = None,
    sites: Collection[SiteName] | None = None,
    **options: float,
) -> Iterator[Worker]:
    """A worker in a thread while the block lasts."""
    worker = Worker(
        house.database.url,
        house.database.pool,
        house.queue,
        house.store,
        Handlers(look, sweep, lambda: every or {}, sites),
        concurrency=3,
        **options,
    )
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(30)
        assert not thread.is_alive()


def idle(house: House) -> bool:
    figures = house.queue.figures(DUBU)
    return figures.waiting == figures.running == 0


def due_now(house: House) -> None:
    """Lets the time of all that is put off come."""
    with house.database.pool.connection() as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
        connection.execute('NOTIFY procrastinate_any_queue_v1, \'{"type": "job_inserted", "job_id": 0}\'')


def test_a_ticket_is_looked_at_soon_and_never_twice_at_a_time(house: House) -> None:
    looks: dict[str, list[int]] = {}
    inside: set[str] = set()
    twice: list[str] = []

    def look(site: SiteName, issue: IssueId, job: Job) -> Next:
        assert site == DUBU
        assert job.is_still_mine()
        if issue in inside:
            twice.append(issue)
        inside.add(issue)
        time.sleep(0.01)
        inside.discard(issue)
        looks.setdefault(issue, []).append(1)
        return Next()

    with working(house, look):
        for number in range(120):
            house.queue.put(DUBU, IssueId(str(number % 12)))
        until(lambda: len(looks) == 12 and idle(house))
    assert not twice
    assert house.rows("SELECT 1 FROM procrastinate_jobs") == []  # what went well leaves nothing behind


def test_what_is_told_during_a_look_is_looked_at_afterwards(house: House) -> None:
    looks: list[float] = []
    going, go_on = threading.Event(), threading.Event()

    def look(_site: SiteName, _issue: IssueId, _job: Job) -> Next:
        looks.append(time.monotonic())
        going.set()
        assert go_on.wait(20)
        return Next()

    with working(house, look):
        house.queue.put(DUBU, ONE)
        assert going.wait(20)
        for _ in range(3):
            house.queue.put(DUBU, ONE)
        assert house.queue.figures(DUBU) == Figures(waiting=1, running=1, scheduled=0, set_aside=0)
        assert [entry.state for entry in house.queue.waiting(DUBU)] == ["running", "waiting"]
        go_on.set()
        until(lambda: len(looks) == 2 and idle(house))


def test_a_worker_of_one_site_leaves_the_other_sites_to_others(house: House) -> None:
    other = SiteName("other")
    looks: list[tuple[str, str]] = []

    def look(site: SiteName, issue: IssueId, _job: Job) -> Next:
        looks.append((site, issue))
        return Next()

    house.queue.put(other, ONE)
    with working(house, look, sites=[DUBU]):
        house.queue.put(DUBU, ONE)
        house.queue.put(DUBU, TWO)
        until(lambda: len(looks) == 2 and idle(house))
    assert looks == [("dubu", "1"), ("dubu", "2")]
    assert house.queue.figures(other).waiting == 1
    with working(house, look, sites=[other]):
        until(lambda: looks[2:] == [("other", "1")])


def test_a_look_says_when_to_look_again(house: House) -> None:
    looks: list[Job] = []

    def look(_site: SiteName, _issue: IssueId, job: Job) -> Next:
        looks.append(job)
        asked = job.asked_at()
        assert asked is not None
        assert asked <= datetime.now(UTC)
        return Next(wake_at=datetime.now(UTC)) if len(looks) < 3 else Next()

    with working(house, look):
        house.queue.put(DUBU, ONE)
        until(lambda: len(looks) == 3 and idle(house))
    assert house.queue.figures(DUBU).scheduled == 0


def test_a_failed_look_comes_back_by_itself_and_success_forgets_the_trouble(house: House) -> None:
    """A job put back by the engine blocks its ticket when a successor waits (procrastinate #1543)."""
    fails = [True, True]
    started = threading.Event()

    def look(_site: SiteName, issue: IssueId, _job: Job) -> Next:
        started.set()
        if fails:
            house.queue.put(DUBU, issue)  # the successor that would be in the way
            fails.pop()
            raise Refused("no", 409)
        return Next()

    with working(house, look):
        house.queue.put(DUBU, ONE)
        assert started.wait(20)
        until(lambda: not fails and idle(house))
        until(lambda: house.store.trouble_of(DUBU, ONE) is None)
        assert house.queue.figures(DUBU).scheduled == 1  # the retry that the successor made needless
        due_now(house)
        until(lambda: house.queue.figures(DUBU) == Figures(0, 0, 0, 0))


def test_a_ticket_that_fails_for_ever_is_set_aside_with_a_code_and_any_success_takes_it_up(house: House) -> None:
    fails = threading.Event()
    fails.set()
    looks: list[str] = []

    def look(_site: SiteName, issue: IssueId, _job: Job) -> Next:
        looks.append(issue)
        if fails.is_set() and issue == ONE:
            raise ValueError("Fortroligt-om-barnet")
        return Next()

    with working(house, look):
        house.queue.put(DUBU, ONE)
        for number in range(1, ATTEMPTS):
            until(lambda number=number: len(looks) == number and house.queue.figures(DUBU).scheduled == 1)  # type: ignore[misc]  # a lambda's default
            due_now(house)
        until(lambda: house.queue.figures(DUBU) == Figures(0, 0, 0, set_aside=1))
        (aside,) = house.store.set_aside_list(DUBU)
        assert aside.reason == "ValueError"
        house.queue.put(DUBU, TWO)  # the others go on
        until(lambda: TWO in looks)
        fails.clear()
        house.queue.put(DUBU, ONE)  # a new webhook
        until(lambda: house.queue.figures(DUBU) == Figures(0, 0, 0, 0))
    assert house.store.trouble_of(DUBU, ONE) is None


def test_an_outage_is_outlasted(house: House) -> None:
    away = threading.Event()
    away.set()

    def look(_site: SiteName, _issue: IssueId, _job: Job) -> Next:
        if away.is_set():
            raise OutOfReach("away", retry_after=1000)
        return Next()

    with working(house, look):
        house.queue.put(DUBU, ONE)
        for number in range(1, ATTEMPTS + 3):
            until(lambda number=number: (house.store.trouble_of(DUBU, ONE) or _none).attempts == number)  # type: ignore[misc]  # the same
            until(lambda: idle(house) and house.queue.figures(DUBU).scheduled == 1)
            (waits,) = house.queue.waiting(DUBU)
            assert waits.at is not None
            assert waits.at > datetime.now(UTC) + timedelta(seconds=900)
            due_now(house)
        assert house.queue.figures(DUBU).set_aside == 0
        away.clear()
        due_now(house)
        until(lambda: house.store.trouble_of(DUBU, ONE) is None)


class _none:  # noqa: N801 - stands in where there is no trouble
    attempts = 0


def test_trouble_that_a_look_reports_counts_like_one_it_raises_and_a_look_put_off_forgets_none(house: House) -> None:
    following = [Next(trouble="CannotMove"), Next(put_off=True), Next()]
    with working(house, lambda _site, _issue, _job: following.pop(0)):
        house.queue.put(DUBU, ONE)
        until(lambda: len(following) == 2 and house.queue.figures(DUBU).scheduled == 1)
        trouble = house.store.trouble_of(DUBU, ONE)
        assert trouble is not None
        assert trouble.kind == "CannotMove"
        due_now(house)
        until(lambda: len(following) == 1 and idle(house))
        assert house.store.trouble_of(DUBU, ONE) == trouble
        house.queue.put(DUBU, ONE)
        until(lambda: house.store.trouble_of(DUBU, ONE) is None)


def test_a_look_that_reports_trouble_and_wants_to_come_back_soon_is_tried_ever_more_rarely_and_then_left(
    house: House,
) -> None:
    looks: list[datetime] = []

    def look(_site: SiteName, _issue: IssueId, _job: Job) -> Next:
        looks.append(datetime.now(UTC))
        return Next(wake_at=datetime.now(UTC), trouble="CannotMove")

    with working(house, look):
        house.queue.put(DUBU, ONE)
        for number in range(1, ATTEMPTS):
            until(lambda number=number: len(looks) >= number and idle(house))  # type: ignore[misc]  # a lambda's default
            (waits,) = house.queue.waiting(DUBU)
            assert len(looks) == number
            assert waits.at is not None
            assert waits.at - looks[-1] > timedelta(seconds=2.5 * min(2 ** (number - 1), 60))
            due_now(house)
        until(lambda: house.queue.figures(DUBU) == Figures(0, 0, 0, set_aside=1))
        assert house.rows("SELECT 1 FROM procrastinate_jobs WHERE status = 'todo'") == []  # nothing wakes it by itself
        assert len(looks) == ATTEMPTS
        house.queue.put(DUBU, ONE)  # a new delivery: once more, and aside again
        until(lambda: len(looks) == ATTEMPTS + 1 and house.queue.figures(DUBU) == Figures(0, 0, 0, set_aside=1))
        assert house.queue.retry(DUBU, [ONE]) == ()
        until(lambda: len(looks) >= ATTEMPTS + 2 and house.queue.figures(DUBU) == Figures(0, 0, 1, set_aside=0))
        trouble = house.store.trouble_of(DUBU, ONE)
        assert trouble is not None
        assert trouble.attempts <= 2


def test_a_worker_told_to_stop_ends_its_looks_and_cuts_long_ones_short_without_losing_them(house: House) -> None:
    inside, ended = threading.Event(), []

    def look(_site: SiteName, issue: IssueId, job: Job) -> Next:
        inside.set()
        deadline = time.monotonic() + (0.5 if issue == ONE else 20)
        while time.monotonic() < deadline:
            if not job.is_still_mine():
                return Next()
            time.sleep(0.05)
        ended.append(issue)
        return Next()

    for issue in (ONE, TWO):
        inside.clear()
        with working(house, look, grace=2.0):
            house.queue.put(DUBU, issue)
            assert inside.wait(20)
    assert ended == [ONE]
    assert [(entry.issue, entry.state) for entry in house.queue.waiting(DUBU)] == [("2", "waiting")]


def test_a_job_that_got_lost_on_the_way_between_database_and_worker_is_put_in_anew(house: House) -> None:
    """Fetched, or done, and the answer lost: the worker lives, so no missing heartbeat will ever tell."""
    looks: list[str] = []

    def look(_site: SiteName, issue: IssueId, _job: Job) -> Next:
        looks.append(issue)
        return Next()

    with working(house, look):
        until(lambda: house.rows("SELECT 1 FROM procrastinate_workers") != [])
        with house.database.pool.connection() as connection:
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id) "
                "SELECT 'dubu', 'look', 'dubu:1', 'dubu:1', '{\"site\": \"dubu\", \"issue\": \"1\"}', 'doing', id "
                "FROM procrastinate_workers"
            )
        until(lambda: looks == ["1"] and idle(house), 60)


def test_a_job_that_ended_badly_is_not_forgotten(house: House) -> None:
    looks: list[str] = []

    def look(_site: SiteName, issue: IssueId, _job: Job) -> Next:
        looks.append(issue)
        return Next()

    with house.database.pool.connection() as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) "
            "VALUES ('dubu', 'wake', '{\"site\": \"dubu\", \"issue\": \"1\"}', 'failed')"
        )
    with working(house, look):
        until(lambda: house.queue.figures(DUBU).scheduled == 1)
        assert looks == []
        due_now(house)
        until(lambda: looks == ["1"] and idle(house))


def test_sweeps_come_by_the_clock_and_a_failing_one_harms_nobody(house: House) -> None:
    swept: list[datetime] = []

    def sweep(site: SiteName) -> None:
        assert site == DUBU
        swept.append(datetime.now(UTC))
        if len(swept) == 1:
            raise OutOfReach("away")

    with working(house, lambda *_: Next(), sweep, {DUBU: timedelta(seconds=1)}):
        until(lambda: len(swept) == 2)
    assert swept[1] - swept[0] >= timedelta(seconds=1)
    with working(house, lambda *_: Next(), sweep, {DUBU: timedelta(minutes=5)}):
        house.queue.defer_sweep(DUBU)  # a person may ask in between
        until(lambda: len(swept) == 3)


def test_sweeps_do_not_wait_behind_slow_looks(house: House) -> None:
    busy, release = threading.Barrier(4), threading.Event()

    def look(_site: SiteName, _issue: IssueId, _job: Job) -> Next:
        busy.wait(20)
        release.wait(30)
        return Next()

    with working(house, look, every={DUBU: timedelta(minutes=5)}):
        for number in range(3):
            house.queue.put(DUBU, IssueId(str(number)))
        busy.wait(20)
        until(lambda: house.rows("SELECT 1 FROM procrastinate_jobs WHERE task_name = 'sweep'") != [])
        release.set()


def test_no_task_is_timed_by_a_cron_with_seconds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """With six fields the seconds come last, and a stall check meant for every five seconds ran every five minutes."""
    seen: list[str] = []
    import procrastinate  # noqa: PLC0415 - looked at here only

    real = procrastinate.App.periodic

    def periodic(self: procrastinate.App, *, cron: str, **rest: str) -> object:
        seen.append(cron)
        return real(self, cron=cron, **rest)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(procrastinate.App, "periodic", periodic)
    with working(house, lambda *_: Next()):
        until(lambda: house.rows("SELECT 1 FROM procrastinate_workers") != [])
    assert [len(cron.split()) for cron in seen] == [5]


def test_a_worker_can_be_stopped_while_its_database_is_away(house: House) -> None:
    nowhere = House(Database("postgresql://u@127.0.0.1:1/d"), house.queue, house.store)
    with working(nowhere, lambda *_: Next()):
        time.sleep(0.3)
    nowhere.database.close()


def test_a_worker_does_not_try_for_ever_what_somebody_must_mend(house: House) -> None:
    with house.database.pool.connection() as connection:
        connection.execute("INSERT INTO dubu.version (part, step) VALUES ('adapter', '999_from_the_future.sql')")
    handlers = Handlers(lambda *_: Next(), lambda _: None, dict)
    with pytest.raises(ConfigurationError):
        Worker(house.database.url, house.database.pool, house.queue, house.store, handlers).run()
    stopped = Worker(house.database.url, house.database.pool, house.queue, house.store, handlers)
    stopped.stop()
    stopped.run()  # nothing to do any more
