"""The sweep finds what no webhook told of, and costs pages, not tickets."""

from __future__ import annotations

from datetime import timedelta

from adapter.catalogue.words import SiteName
from adapter.sweep import Sweeper
from tests.loop.conftest import Desk

DUBU = SiteName("dubu")


def swept(desk: Desk, *, everything: bool = False) -> int:
    sweeper = Sweeper(desk.looker.site, desk.store, desk.queue, desk.now)
    return max(sweeper.sweep(everything=everything), default=0)


def test_the_first_sweep_takes_every_open_ticket(desk: Desk) -> None:
    keys = [desk.order() for _ in range(3)]
    done = desk.order()
    desk.site.as_user("agent.anna").move(done, "Løst")
    assert swept(desk) == len(keys)
    assert desk.queue.figures(DUBU).waiting == len(keys)


def test_a_later_sweep_takes_only_what_changed_and_was_not_seen_so(desk: Desk) -> None:
    seen, changed = desk.order(), desk.order()
    swept(desk)
    for key in (seen, changed):
        desk.settle(key)
        desk.look(key)
    desk.site.as_user("kunde.aarhus").comment(changed, "er der nyt?")
    desk.site.requests.clear()
    assert swept(desk) == 1
    assert [w.issue for w in desk.queue.waiting(DUBU)].count(desk.number(changed)) == 1
    assert len(desk.site.requests.reads("adapter")) == 1


def test_a_sweep_of_everything_takes_what_was_seen_too(desk: Desk) -> None:
    key = desk.order()
    swept(desk)
    desk.settle(key)
    assert swept(desk, everything=True) == 1


def test_a_sweep_that_breaks_off_is_made_up_for_by_the_next(desk: Desk) -> None:
    desk.order()
    swept(desk)
    began = desk.store.site_state(DUBU).swept_to
    late = desk.order()
    desk.pass_time(minutes=5)
    sweeper = Sweeper(desk.looker.site, desk.store, desk.queue, desk.now)
    iterator = sweeper.sweep()
    del iterator
    assert desk.store.site_state(DUBU).swept_to == began
    swept(desk)
    assert desk.number(late) in {w.issue for w in desk.queue.waiting(DUBU)}
    assert (desk.store.site_state(DUBU).swept_to or desk.now()) > desk.now() - timedelta(minutes=1)
