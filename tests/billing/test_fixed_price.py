"""A fixed price is billed once: in the month in which the ticket first stood closed and approved (R23, K10, K11)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.billing.bill import bill
from adapter.billing.deviations import Code, Deviation
from adapter.billing.month import Month
from adapter.catalogue.words import StatusRole
from adapter.ticket.snapshot import Status, StatusChange, Ticket
from tests.billing.made import DECEMBER, billed, codes, fixed, these, unapproved, work
from tests.builders import AGENT, STATUSES, a_ticket, at, catalogue, moved

PRICE = Decimal(34000)


def closed(*moments: str) -> Ticket:
    """A ticket closed at these moments, and opened again five minutes after each but the last."""
    history: list[StatusChange] = []
    for number, moment in enumerate(moments, start=1):
        history.append(moved("I gang", "Løst", at(moment)))
        if number < len(moments):
            history.append(moved("Løst", "I gang", at(moment).replace(minute=55)))
    return a_ticket(status="Løst", history=tuple(history))


def test_it_is_billed_in_the_month_it_was_closed_without_any_hours() -> None:
    line = billed(fixed(), ticket=closed("2026-11-30 23:00"))
    assert these(line.amount, line.hours, line.billed, codes(line)) == (PRICE, 0, 0, [])
    assert bill(closed("2026-11-30 23:00"), fixed(), [], DECEMBER, catalogue()) is None


def test_a_price_that_a_person_agreed_goes_before_the_catalogue_s() -> None:
    """R4, R7"""
    line = billed(fixed(offered_price=Decimal("12345.678")), ticket=closed("2026-11-20 09:00"))
    assert line.amount == Decimal("12345.68")


def test_work_on_a_ticket_that_is_not_closed_is_told_and_bills_nothing_yet() -> None:
    line = billed(fixed(), work("2026-11-10 09:00", 4))
    assert these(line.hours, line.billed, line.amount) == (4, 0, 0)
    assert line.deviations == (Deviation(Code.NOT_DONE, amount=PRICE),)


def test_it_is_billed_once_however_often_it_is_closed() -> None:
    twice = closed("2026-11-20 09:00", "2026-12-10 09:00")
    assert billed(fixed(), ticket=twice).amount == PRICE
    again = billed(fixed(), ticket=twice, month=DECEMBER)
    assert these(again.amount, again.deviations) == (0, (Deviation(Code.BILLED_BEFORE, amount=PRICE),))


def test_without_an_approval_nothing_is_billed() -> None:
    """R9"""
    line = billed(fixed(**unapproved()), ticket=closed("2026-11-20 09:00"))
    assert these(line.amount, line.deviations) == (0, (Deviation(Code.NO_APPROVAL, amount=PRICE),))


def test_one_closed_before_its_approval_is_billed_when_both_hold() -> None:
    """R9: and the work before the approval is told."""
    late = fixed(approved_at=at("2026-12-02 10:00"))
    ticket = closed("2026-11-20 09:00")
    november = billed(late, work("2026-11-19 09:00", 4), ticket=ticket)
    assert these(november.amount, codes(november)) == (0, [Code.BEFORE_APPROVAL, Code.NOT_DONE])
    assert november.deviations[0] == Deviation(Code.BEFORE_APPROVAL, Fraction(4))
    assert billed(late, ticket=ticket, month=DECEMBER).amount == PRICE


def test_one_that_stood_closed_when_it_was_approved_is_billed_then_though_it_is_opened_again() -> None:
    ticket = a_ticket(
        status="Løst",
        history=(
            moved("I gang", "Løst", at("2026-11-20 09:00")),
            moved("Løst", "I gang", at("2026-12-05 09:00")),
            moved("I gang", "Løst", at("2026-12-10 09:00")),
        ),
    )
    judged = fixed(approved_at=at("2026-11-25 09:00"))
    assert billed(judged, ticket=ticket).amount == PRICE
    assert codes(billed(judged, ticket=ticket, month=DECEMBER)) == [Code.BILLED_BEFORE]


def test_one_that_was_opened_again_before_its_approval_waits_for_the_next_closing() -> None:
    ticket = closed("2026-10-20 09:00", "2026-12-10 09:00")
    assert billed(fixed(), ticket=ticket, month=DECEMBER).amount == PRICE


def test_moving_between_two_closed_statuses_closes_nothing_anew() -> None:
    shut = Status("8", "Lukket", StatusRole.DONE)
    history = (
        moved("I gang", "Løst", at("2026-11-20 09:00")),
        StatusChange(at("2026-12-20 09:00"), AGENT, STATUSES["Løst"], shut),
    )
    ticket = a_ticket(status=shut, history=history)
    assert billed(fixed(), ticket=ticket).amount == PRICE
    assert bill(ticket, fixed(), [], DECEMBER, catalogue()) is None
    late = fixed(approved_at=at("2026-12-02 10:00"))
    assert billed(late, ticket=ticket, month=DECEMBER).amount == PRICE


def test_a_cancelled_one_bills_nothing_and_its_hours_are_told() -> None:
    ticket = a_ticket(status=Status("9", "Annulleret", StatusRole.CANCELLED))
    line = billed(fixed(), work("2026-11-10 09:00", 4), ticket=ticket)
    assert these(line.amount, line.deviations) == (0, (Deviation(Code.CANCELLED, Fraction(4)),))


def test_without_a_price_nothing_is_billed() -> None:
    line = billed(fixed(fixed_price=None), ticket=closed("2026-11-20 09:00"))
    assert these(line.amount, codes(line)) == (0, [Code.NO_PRICE])


def test_without_a_payer_the_price_is_told() -> None:
    """R3"""
    line = billed(fixed(party=None), ticket=closed("2026-11-20 09:00"))
    assert these(line.amount, line.deviations) == (0, (Deviation(Code.NO_PAYER, amount=PRICE),))


DAYS = st.integers(1, 28).flatmap(lambda day: st.integers(9, 12).map(lambda month: f"2026-{month:02}-{day:02} 09:00"))


@pytest.mark.parametrize("is_approved", [True, False])
@given(days=st.lists(DAYS, min_size=1, max_size=6, unique=True), approved=DAYS)
def test_over_all_months_the_price_is_billed_once_or_never(is_approved: bool, days: list[str], approved: str) -> None:
    """R9, R23"""
    ticket = closed(*sorted(days))
    judged = fixed(approved_at=at(approved)) if is_approved else fixed(**unapproved())
    months = [Month(2026, number) for number in range(8, 13)] + [Month(2027, 1)]
    lines = [line for month in months if (line := bill(ticket, judged, [], month, catalogue()))]
    amounts = [line.amount for line in lines if line.amount]
    assert amounts == ([PRICE] if is_approved else [])
