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


def hand_over(store: Store, dispatch: str = "tilbud-1", data: bytes = LETTER) -> bool:
    return store.handing_over(DUBU, ONE, dispatch, data, NOON)


def test_a_letter_goes_from_handing_over_to_attached_and_its_bytes_are_forgotten(
    store: Store, database: Database
) -> None:
    assert store.dispatches(DUBU, ONE) == {}
    assert hand_over(store)
    assert store.dispatches(DUBU, ONE) == {"tilbud-1": Dispatch.HANDING_OVER}
    assert store.sent(DUBU, ONE, "tilbud-1")
    assert store.dispatches(DUBU, ONE) == {"tilbud-1": Dispatch.SENT}
    assert store.bytes_of(DUBU, ONE, "tilbud-1") == LETTER
    assert store.attached(DUBU, ONE, "tilbud-1")
    assert store.dispatches(DUBU, ONE) == {"tilbud-1": Dispatch.ATTACHED}
    assert store.bytes_of(DUBU, ONE, "tilbud-1") is None
    with database.pool.connection() as connection:
        assert connection.execute("SELECT data FROM dubu.letter").fetchall() == [(None,)]


def test_a_letter_that_was_handed_over_is_not_handed_over_again_nor_changed(store: Store) -> None:
    """R8: a worker that died in between may have sent it."""
    assert hand_over(store)
    assert not hand_over(store, data=CHANGED)
    assert store.bytes_of(DUBU, ONE, "tilbud-1") == LETTER


def test_a_letter_that_may_have_been_sent_is_attached_as_a_doubtful_one_and_forgotten(store: Store) -> None:
    hand_over(store)
    assert store.attached(DUBU, ONE, "tilbud-1")
    assert store.dispatches(DUBU, ONE) == {"tilbud-1": Dispatch.DOUBTFUL}
    assert store.bytes_of(DUBU, ONE, "tilbud-1") is None
    assert not hand_over(store)


def test_a_letter_that_certainly_was_not_sent_is_forgotten_and_may_be_handed_over_changed(store: Store) -> None:
    hand_over(store)
    assert store.not_sent(DUBU, ONE, "tilbud-1")
    assert store.dispatches(DUBU, ONE) == {}
    assert hand_over(store, data=CHANGED)
    assert store.bytes_of(DUBU, ONE, "tilbud-1") == CHANGED


def test_a_letter_that_was_sent_never_goes_back(store: Store) -> None:
    hand_over(store)
    store.sent(DUBU, ONE, "tilbud-1")
    assert not store.not_sent(DUBU, ONE, "tilbud-1")
    assert not hand_over(store)
    assert not store.sent(DUBU, ONE, "tilbud-1")
    assert store.dispatches(DUBU, ONE) == {"tilbud-1": Dispatch.SENT}


def test_of_a_ticket_that_is_gone_what_was_sent_is_remembered_and_what_it_said_forgotten(store: Store) -> None:
    """R7: it may only be out of sight, and nothing is sent again when it comes back."""
    for dispatch in ("handing", "sent", "attached"):
        hand_over(store, dispatch)
    for dispatch in ("sent", "attached"):
        store.sent(DUBU, ONE, dispatch)
    store.attached(DUBU, ONE, "attached")
    store.forget_bytes(DUBU, ONE)
    assert store.dispatches(DUBU, ONE) == {
        "handing": Dispatch.DOUBTFUL,
        "sent": Dispatch.DOUBTFUL,
        "attached": Dispatch.ATTACHED,
    }
    assert {store.bytes_of(DUBU, ONE, dispatch) for dispatch in ("handing", "sent", "attached")} == {None}
    assert not any(hand_over(store, dispatch) for dispatch in ("handing", "sent", "attached"))


def test_an_unknown_letter_takes_no_step(store: Store) -> None:
    steps = (store.not_sent, store.sent, store.attached)
    assert not any(step(DUBU, ONE, "tilbud-1") for step in steps)
    assert store.bytes_of(DUBU, ONE, "tilbud-1") is None


def test_letters_of_other_tickets_and_sites_go_their_own_way(store: Store) -> None:
    for site, issue in ((DUBU, ONE), (DUBU, TWO), (OTHER_SITE, ONE)):
        assert store.handing_over(site, issue, "tilbud-1", LETTER, NOON)
    store.sent(DUBU, ONE, "tilbud-1")
    assert store.dispatches(DUBU, TWO) == store.dispatches(OTHER_SITE, ONE) == {"tilbud-1": Dispatch.HANDING_OVER}
    store.forget_bytes(DUBU, ONE)
    assert store.bytes_of(DUBU, ONE, "tilbud-1") is None
    assert store.bytes_of(DUBU, TWO, "tilbud-1") == store.bytes_of(OTHER_SITE, ONE, "tilbud-1") == LETTER


def test_of_two_workers_with_the_same_letter_exactly_one_hands_it_over(stores: tuple[Store, Store]) -> None:
    """R7, R8: both would send it, and only one may; what is kept is what that one sends."""
    one, two = stores
    for number in range(100):
        dispatch = f"tilbud-{number}"
        may = at_once(
            lambda: hand_over(one, dispatch, LETTER),  # noqa: B023 - called within the round
            lambda: hand_over(two, dispatch, CHANGED),  # noqa: B023 - as above
        )
        assert sorted(may) == [False, True], f"round {number}"
        assert one.bytes_of(DUBU, ONE, dispatch) == (LETTER if may[0] else CHANGED)


_STEPS: dict[str, dict[Dispatch | None, Dispatch | None]] = {
    "not_sent": {Dispatch.HANDING_OVER: None},
    "sent": {Dispatch.HANDING_OVER: Dispatch.SENT},
    "attached": {Dispatch.SENT: Dispatch.ATTACHED, Dispatch.HANDING_OVER: Dispatch.DOUBTFUL},
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from([*_STEPS, "handing_over"]), max_size=12))
def test_whatever_is_asked_in_whatever_order_a_letter_only_takes_the_steps_it_may(
    store: Store, steps: list[str]
) -> None:
    dispatch = f"tilbud-{next(_numbers)}"
    state: Dispatch | None = None
    for step in steps:
        if step == "handing_over":
            assert hand_over(store, dispatch) is (state is None)
            state = state or Dispatch.HANDING_OVER
            continue
        allowed = _STEPS[step]
        assert getattr(store, step)(DUBU, ONE, dispatch) is (state in allowed)
        state = allowed.get(state, state)
        assert store.dispatches(DUBU, ONE).get(dispatch) is state
        has_bytes = state in {Dispatch.HANDING_OVER, Dispatch.SENT}
        assert (store.bytes_of(DUBU, ONE, dispatch) is not None) is has_bytes
