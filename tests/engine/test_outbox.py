"""How far the sending of a letter has come: handed over once, however many try and whatever dies (R7, R8)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.catalogue.words import IssueId, SiteName
from adapter.database import Database, open_pool
from adapter.store.store import Store
from adapter.ticket.evidence import Dispatch
from tests.engine.test_setups import at_once

DUBU, OTHER_SITE = SiteName("dubu"), SiteName("other")
ONE, TWO = IssueId("10001"), IssueId("10002")
NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
LETTER, CHANGED = b"Subject: Tilbud\r\n\r\n\x00\xff", b"Subject: Et andet\r\n\r\n"
_numbers = itertools.count()


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database.pool)


@pytest.fixture
def stores(database: Database) -> Iterator[tuple[Store, Store]]:
    """Two workers' stores, each with connections of its own."""
    with ExitStack() as stack:
        pools = [stack.enter_context(open_pool(database.url, size=2)) for _ in range(2)]
        yield Store(pools[0]), Store(pools[1])


def test_a_letter_goes_from_prepared_to_attached_and_its_bytes_are_forgotten(store: Store, database: Database) -> None:
    assert store.prepare(DUBU, ONE, "tilbud-1", LETTER, NOON) == (None, LETTER)
    assert store.dispatches(DUBU, ONE) == {}
    assert store.handing_over(DUBU, ONE, "tilbud-1")
    assert store.dispatches(DUBU, ONE) == {"tilbud-1": Dispatch.HANDING_OVER}
    assert store.sent(DUBU, ONE, "tilbud-1")
    assert store.dispatches(DUBU, ONE) == {"tilbud-1": Dispatch.SENT}
    assert store.bytes_of(DUBU, ONE, "tilbud-1") == LETTER
    assert store.attached(DUBU, ONE, "tilbud-1")
    assert store.dispatches(DUBU, ONE) == {"tilbud-1": Dispatch.ATTACHED}
    assert store.bytes_of(DUBU, ONE, "tilbud-1") is None
    with database.pool.connection() as connection:
        assert connection.execute("SELECT data FROM dubu.letter").fetchall() == [(None,)]


def test_what_is_sent_and_attached_after_a_restart_is_the_letter_as_first_prepared(store: Store) -> None:
    store.prepare(DUBU, ONE, "tilbud-1", LETTER, NOON)
    assert store.prepare(DUBU, ONE, "tilbud-1", CHANGED, NOON) == (None, LETTER)
    store.handing_over(DUBU, ONE, "tilbud-1")
    assert store.prepare(DUBU, ONE, "tilbud-1", CHANGED, NOON) == (Dispatch.HANDING_OVER, LETTER)
    store.sent(DUBU, ONE, "tilbud-1")
    assert store.prepare(DUBU, ONE, "tilbud-1", CHANGED, NOON) == (Dispatch.SENT, LETTER)
    store.attached(DUBU, ONE, "tilbud-1")
    assert store.prepare(DUBU, ONE, "tilbud-1", CHANGED, NOON) == (Dispatch.ATTACHED, b"")


def test_a_letter_that_was_handed_over_is_not_handed_over_again(store: Store) -> None:
    """R8: a worker that died in between may have sent it."""
    store.prepare(DUBU, ONE, "tilbud-1", LETTER, NOON)
    assert store.handing_over(DUBU, ONE, "tilbud-1")
    assert not store.handing_over(DUBU, ONE, "tilbud-1")


def test_a_letter_that_certainly_was_not_sent_is_handed_over_again(store: Store) -> None:
    store.prepare(DUBU, ONE, "tilbud-1", LETTER, NOON)
    store.handing_over(DUBU, ONE, "tilbud-1")
    assert store.not_sent(DUBU, ONE, "tilbud-1")
    assert store.dispatches(DUBU, ONE) == {}
    assert store.handing_over(DUBU, ONE, "tilbud-1")


def test_a_letter_that_was_sent_never_goes_back(store: Store) -> None:
    store.prepare(DUBU, ONE, "tilbud-1", LETTER, NOON)
    store.handing_over(DUBU, ONE, "tilbud-1")
    store.sent(DUBU, ONE, "tilbud-1")
    assert not store.not_sent(DUBU, ONE, "tilbud-1")
    assert not store.handing_over(DUBU, ONE, "tilbud-1")
    assert not store.sent(DUBU, ONE, "tilbud-1")
    store.forget_unsent(DUBU, ONE)
    assert store.dispatches(DUBU, ONE) == {"tilbud-1": Dispatch.SENT}


def test_an_unknown_letter_takes_no_step(store: Store) -> None:
    steps = (store.handing_over, store.not_sent, store.sent, store.attached)
    assert not any(step(DUBU, ONE, "tilbud-1") for step in steps)
    assert store.bytes_of(DUBU, ONE, "tilbud-1") is None


def test_letters_of_other_tickets_and_sites_go_their_own_way(store: Store) -> None:
    for site, issue in ((DUBU, ONE), (DUBU, TWO), (OTHER_SITE, ONE)):
        store.prepare(site, issue, "tilbud-1", LETTER, NOON)
    store.handing_over(DUBU, ONE, "tilbud-1")
    assert store.dispatches(DUBU, TWO) == store.dispatches(OTHER_SITE, ONE) == {}
    store.forget_letters(DUBU, ONE)
    assert store.bytes_of(DUBU, ONE, "tilbud-1") is None
    assert store.bytes_of(DUBU, TWO, "tilbud-1") == store.bytes_of(OTHER_SITE, ONE, "tilbud-1") == LETTER


def test_a_letter_nobody_wants_any_more_is_forgotten_before_it_is_sent(store: Store) -> None:
    store.prepare(DUBU, ONE, "tilbud-1", LETTER, NOON)
    store.prepare(DUBU, ONE, "tilbud-2", LETTER, NOON)
    store.handing_over(DUBU, ONE, "tilbud-2")
    store.forget_unsent(DUBU, ONE)
    assert store.bytes_of(DUBU, ONE, "tilbud-1") is None
    assert not store.handing_over(DUBU, ONE, "tilbud-1")
    assert store.dispatches(DUBU, ONE) == {"tilbud-2": Dispatch.HANDING_OVER}


def test_of_two_workers_with_the_same_letter_exactly_one_hands_it_over(stores: tuple[Store, Store]) -> None:
    """R7, R8: both prepare it, both would send the same bytes, and only one may."""
    for number in range(100):
        dispatch, got = f"tilbud-{number}", dict[Store, bytes]()

        def send(store: Store, own: bytes, dispatch: str = dispatch, got: dict[Store, bytes] = got) -> bool:
            _, got[store] = store.prepare(DUBU, ONE, dispatch, own, NOON)
            return store.handing_over(DUBU, ONE, dispatch)

        one, two = stores
        may = at_once(lambda: send(one, LETTER), lambda: send(two, CHANGED))  # noqa: B023 - called within the round
        assert sorted(may) == [False, True], f"round {number}"
        assert got[one] == got[two] == one.bytes_of(DUBU, ONE, dispatch)
        assert one.dispatches(DUBU, ONE)[dispatch] is Dispatch.HANDING_OVER


_STEPS: dict[str, dict[Dispatch | None, Dispatch | None]] = {
    "handing_over": {None: Dispatch.HANDING_OVER},
    "not_sent": {Dispatch.HANDING_OVER: None},
    "sent": {Dispatch.HANDING_OVER: Dispatch.SENT},
    "attached": {Dispatch.SENT: Dispatch.ATTACHED},
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from([*_STEPS, "prepare"]), max_size=12))
def test_whatever_is_asked_in_whatever_order_a_letter_only_takes_the_steps_it_may(
    store: Store, steps: list[str]
) -> None:
    dispatch, state = f"tilbud-{next(_numbers)}", None
    store.prepare(DUBU, ONE, dispatch, LETTER, NOON)
    for step in steps:
        if step == "prepare":
            kept = b"" if state is Dispatch.ATTACHED else LETTER
            assert store.prepare(DUBU, ONE, dispatch, CHANGED, NOON) == (state, kept)
            continue
        allowed = _STEPS[step]
        assert getattr(store, step)(DUBU, ONE, dispatch) is (state in allowed)
        state = allowed.get(state, state)
        assert store.dispatches(DUBU, ONE).get(dispatch) is state
