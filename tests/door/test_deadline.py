"""An answer in time."""

from __future__ import annotations

from threading import Event

import pytest

from adapter.errors import OutOfReach
from webhooks.deadline import Deadline


def test_what_is_done_in_time_is_handed_on() -> None:
    assert Deadline(30)(lambda: 42) == 42
    with pytest.raises(ZeroDivisionError):
        Deadline(30)(lambda: 1 // 0)


def test_what_takes_too_long_is_out_of_reach_and_what_waits_behind_it_never_begins() -> None:
    deadline, gate, begun = Deadline(0.05, threads=1), Event(), Event()
    for work in (gate.wait, begun.set):
        with pytest.raises(OutOfReach, match="within"):
            deadline(work)
    gate.set()
    assert Deadline(30)(lambda: None) is None
    assert not begun.is_set()


def test_a_timeout_of_the_works_own_is_not_mistaken_for_ours() -> None:
    def work() -> None:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        Deadline(30)(work)
