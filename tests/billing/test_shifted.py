"""Work that is written or changed once its month is over is told, for a report may have been made (R23)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from adapter.billing.bill import bill
from adapter.billing.deviations import Code, Deviation
from adapter.billing.month import Month
from adapter.ticket.snapshot import Worklog
from tests.billing.made import DECEMBER, NOVEMBER, RATE, billed, codes, fixed, seen, these, work
from tests.builders import a_ticket, catalogue

INTO_DECEMBER = work("2026-12-02 09:00", 5, created="2026-11-20 09:00", updated="2026-12-02 10:00")
BACK_TO_NOVEMBER = work("2026-11-20 09:00", 5, created="2026-12-02 09:00", updated="2026-12-02 10:00")
LENGTHENED = work("2026-11-20 09:00", 5, created="2026-11-20 10:00", updated="2026-12-02 10:00")
AHEAD = work("2026-12-02 09:00", 5, created="2026-11-30 09:00")
IN_NOVEMBER = work("2026-11-20 09:00", 5, created="2026-11-30 23:59", updated="2026-11-30 23:59")


@pytest.mark.parametrize(
    ("log", "month", "told"),
    [
        (INTO_DECEMBER, DECEMBER, Code.MOVED_IN),  # November's report may hold it
        (AHEAD, DECEMBER, Code.MOVED_IN),
        (BACK_TO_NOVEMBER, NOVEMBER, Code.MOVED_IN),
        (LENGTHENED, NOVEMBER, Code.MOVED_IN),
        (BACK_TO_NOVEMBER, DECEMBER, Code.LEFT_BEHIND),  # November's report may be without it
        (LENGTHENED, DECEMBER, Code.LEFT_BEHIND),
    ],
)
def test_hours_whose_month_another_report_may_have_counted_otherwise_are_told(
    log: Worklog, month: Month, told: Code
) -> None:
    """R23"""
    line = billed(seen(), log, month=month)
    assert line.deviations == (Deviation(told, Fraction(5), 5 * RATE),)
    assert these(line.billed, line.amount) == ((5, 5 * RATE) if told is Code.MOVED_IN else (0, Decimal("0.00")))


def test_hours_that_are_written_and_changed_in_their_own_month_are_nothing_out_of_the_ordinary() -> None:
    """R23"""
    assert codes(billed(seen(), IN_NOVEMBER)) == []


@pytest.mark.parametrize("log", [IN_NOVEMBER, INTO_DECEMBER, LENGTHENED])
def test_a_month_says_nothing_of_what_was_moved_between_others(log: Worklog) -> None:
    """R23"""
    assert bill(a_ticket(), seen(), [log], DECEMBER.previous.previous, catalogue()) is None
    assert bill(a_ticket(), seen(), [log], Month(2027, 1), catalogue()) is None


def test_a_fixed_price_asks_nothing_of_hours() -> None:
    """R23"""
    assert bill(a_ticket(), fixed(), [LENGTHENED], DECEMBER, catalogue()) is None
