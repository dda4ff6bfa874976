"""What a failed look leads to: a pure decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.errors import ConfigurationError, Gone, OutOfReach, Refused
from adapter.queue.retries import ATTEMPTS, Failure, pause

CHANCE = st.floats(0, 1)
ATTEMPT = st.integers(1, 10_000)


@given(attempts=ATTEMPT, chance=CHANCE, asked=st.none() | st.floats(0, 10**9))
def test_an_outage_never_sets_a_ticket_aside(attempts: int, chance: float, asked: float | None) -> None:
    assert pause(Failure.of(OutOfReach("away", asked)), attempts, chance) is not None
    assert pause(Failure.of(ConfigurationError("wrong")), attempts, chance) is not None


@given(attempts=ATTEMPT, chance=CHANCE)
def test_what_fails_by_itself_is_set_aside_after_its_attempts_and_not_before(attempts: int, chance: float) -> None:
    for error in (ValueError("x"), Refused("no", 400), Gone("gone")):
        assert (pause(Failure.of(error), attempts, chance) is None) == (attempts >= ATTEMPTS)


@given(attempts=ATTEMPT, chance=CHANCE, asked=st.floats(0, 3600))
def test_the_patience_that_jira_asks_for_is_never_undercut_and_not_much_exceeded(
    attempts: int, chance: float, asked: float
) -> None:
    wait = pause(Failure.of(OutOfReach("busy", asked)), attempts, chance)
    assert wait is not None
    assert timedelta(seconds=asked) <= wait <= timedelta(seconds=asked + max(asked, 1))


@given(chance=CHANCE)
def test_the_pause_grows_from_seconds_to_minutes_and_no_further(chance: float) -> None:
    waits = [pause(Failure.of(OutOfReach("away")), attempts, chance) for attempts in range(1, 100)]
    known = [wait for wait in waits if wait is not None]
    assert timedelta(seconds=2) < known[0] < timedelta(seconds=8)
    assert known == sorted(known)
    assert known[-1] <= timedelta(seconds=450)


def test_tickets_that_failed_together_come_back_apart() -> None:
    waits = {pause(Failure("OutOfReach", will_pass=True), 3, chance / 10) for chance in range(10)}
    assert len(waits) == 10


def test_an_absurd_wish_for_patience_is_not_believed() -> None:
    wait = pause(Failure.of(OutOfReach("busy", 10**12)), 1, 1.0)
    assert wait is not None
    assert wait < timedelta(hours=2)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Refused("no: fortroligt", 403), "Refused-403"),
        (ValueError("fortroligt"), "ValueError"),
        (OutOfReach("x"), "OutOfReach"),
    ],
)
def test_a_failure_is_named_by_a_code_and_never_by_its_words(error: Exception, kind: str) -> None:
    assert Failure.of(error).kind == kind
