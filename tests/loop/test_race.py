"""Two orders for one solution, looked at by two workers at the same moment: KOMBIT pays exactly one (R16)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

from adapter.catalogue.words import SiteName
from adapter.database import Database, open_pool
from adapter.look import Looker
from adapter.site import Site
from adapter.store.store import Store
from tests.loop.conftest import Desk, Job, open_desk

ROUNDS, LOOKS = 12, 6


def race(desk: Desk, runners: tuple[tuple[Looker, str], ...]) -> None:
    """Lets every looker look at its ticket until it rests, all beginning at the same moment."""
    start = Barrier(len(runners))

    def run(runner: tuple[Looker, str]) -> None:
        looker, key = runner
        number = desk.number(key)
        start.wait(20)
        for _ in range(LOOKS):
            looker.look(number, Job())

    with ThreadPoolExecutor(len(runners)) as threads:
        list(threads.map(run, runners))


def test_of_two_orders_that_two_workers_look_at_at_the_same_moment_kombit_pays_exactly_one(
    database: Database, tmp_path: Path
) -> None:
    """R16: two lookers with connections of their own, as two workers have; the right is given back after each round."""
    with open_desk(database, tmp_path, "cloud") as desk, open_pool(database.url, size=4) as pool:
        other = Looker(Site(SiteName("dubu"), desk.settings), Store(pool), desk.queue.defer_looks)
        began, steps = desk.now(), iter(range(1_000_000))

        def later() -> datetime:  # every asking is three seconds later, so that no look waits for an echo
            return began + timedelta(seconds=3 * next(steps))

        desk.looker.clock = other.clock = later
        try:
            for _ in range(ROUNDS):
                words = "Test af SF1475 med Fagsystem X"
                people = [desk.site.as_user(handle) for handle in ("kunde.aarhus", "kunde.odense")]
                first, second = (person.create(words, request_type="Test af SF1475") for person in people)
                race(desk, ((desk.looker, first), (other, second)))
                assert sorted(str(desk.site.value(key, "Betaler")) for key in (first, second)) == ["KOMBIT", "Kommune"]
                for key in (first, second):
                    desk.site.as_user("agent.anna").move(key, "Annulleret")
                    desk.settle(key)
        finally:
            other.site.stop()
