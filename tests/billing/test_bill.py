"""What is billed of hours: only what was approved, up to the approved price or cap, and what is left out is told."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from adapter.billing.bill import bill
from adapter.billing.deviations import TEXTS, Code, Deviation
from adapter.billing.judged import Scope
from adapter.catalogue.words import ApprovalState, FieldName, Payer, StatusRole
from adapter.ticket.snapshot import Status
from tests.billing.made import (
    APPROVED_AT,
    DECEMBER,
    NOVEMBER,
    RATE,
    billed,
    codes,
    fixed,
    seen,
    these,
    unapproved,
    work,
)
from tests.builders import a_ticket, catalogue


def test_hours_times_rate_is_billed() -> None:
    """R23"""
    line = billed(seen(), work("2026-11-04 09:00", 2), work("2026-11-30 23:59", 0.5))
    assert these(line.hours, line.billed, line.unapproved, line.over) == (Fraction(5, 2), Fraction(5, 2), 0, 0)
    assert these(line.rate, line.amount) == (Fraction(RATE), Decimal("2347.45"))
    assert these(line.cap_hours, line.cap_amount) == (30, Decimal("28169.40"))
    assert these(line.category, line.payer_label, line.seen.party, line.model) == (
        "K9 Test af SF1475",
        "Kommune",
        "Ballerup",
        "Timebaseret ydelse",
    )
    assert codes(line) == []


def test_a_ticket_without_work_in_the_month_has_no_line() -> None:
    """R23"""
    logs = [work("2026-10-31 23:59"), work("2026-12-01 00:00")]
    assert bill(a_ticket(), seen(), logs, NOVEMBER, catalogue()) is None


@pytest.mark.parametrize("scope", [Scope.ORDINARY, Scope.UNSEEN])
def test_what_is_not_payable_has_no_line(scope: Scope) -> None:
    """R2, K1"""
    assert bill(a_ticket(), seen(scope=scope), [work("2026-11-05 09:00")], NOVEMBER, catalogue()) is None


def test_work_that_began_before_the_approval_is_told_and_not_billed() -> None:
    """R9, R23"""
    line = billed(seen(), work("2026-11-03 11:59", 2), work(APPROVED_AT, 1))
    assert these(line.hours, line.unapproved, line.billed, line.amount) == (3, 2, 1, RATE)
    assert line.deviations == (Deviation(Code.BEFORE_APPROVAL, Fraction(2), 2 * RATE),)


def test_unapproved_hours_use_up_the_cap_as_they_do_on_the_ticket() -> None:
    """R19: at the cap the gate is closed, whatever the hours were for."""
    logs = (work("2026-10-02 09:00", 4), work("2026-11-02 09:00", 6), work("2026-11-04 09:00", 30))
    line = billed(seen(), *logs)
    assert these(line.unapproved, line.billed, line.over, line.amount) == (6, 20, 10, 20 * RATE)
    assert billed(seen(), work("2026-11-02 09:00", 40), work("2026-11-04 09:00", 1)).billed == 0


@pytest.mark.parametrize(
    "state",
    [ApprovalState.OFFER_MISSING, ApprovalState.AWAITING, ApprovalState.REFUSED, ApprovalState.LAPSED],
)
def test_without_a_standing_approval_nothing_is_billed(state: ApprovalState) -> None:
    """R9, R12, R23"""
    line = billed(seen(**unapproved(state=state)), work("2026-11-04 09:00", 2))
    assert these(line.unapproved, line.billed, line.amount) == (2, 0, 0)
    assert line.deviations == (Deviation(Code.NO_APPROVAL, Fraction(2), 2 * RATE),)
    assert line.state == catalogue().label(FieldName.APPROVAL, state)


def test_the_hours_of_earlier_months_count_against_the_cap_first() -> None:
    """R19, R23"""
    logs = (work("2026-11-05 09:00", 28), work("2026-12-01 00:00", 5))
    november, december = billed(seen(), *logs), billed(seen(), *logs, month=DECEMBER)
    assert these(november.billed, november.over) == (28, 0)
    assert these(december.billed, december.over, december.amount) == (2, 3, 2 * RATE)
    assert december.deviations == (Deviation(Code.OVER_CAP, Fraction(3), 3 * RATE),)
    assert november.amount + december.amount == Decimal("28169.40")


def test_without_a_rate_of_the_row_the_offer_gives_it_and_is_never_exceeded() -> None:
    """R23: a third of an hour's øre is lost in no month and won in none."""
    judged = seen(hourly_rate=None, cap_hours=None, offered_price=Decimal(1000), offered_hours=Decimal(3))
    logs = (work("2026-11-04 09:00", 1), work("2026-12-04 09:00", 1), work("2027-01-04 09:00", 4))
    months = [billed(judged, *logs, month=month) for month in (NOVEMBER, DECEMBER, type(NOVEMBER)(2027, 1))]
    assert [line.amount for line in months] == [Decimal("333.33"), Decimal("333.34"), Decimal("333.33")]
    assert these(months[-1].billed, months[-1].over) == (1, 3)


def test_an_offered_price_is_a_ceiling_beside_the_row_s_rate() -> None:
    """R12, R23"""
    line = billed(seen(cap_hours=None, offered_price=Decimal(1000)), work("2026-11-04 09:00", 2))
    assert these(line.amount, line.cap_amount) == (1000, 1000)
    assert line.billed == Fraction(1000) / Fraction(RATE)
    assert codes(line) == [Code.OVER_CAP]


@pytest.mark.parametrize(("offered", "covered"), [(2, 2), (40, 35)])
def test_offered_hours_are_the_cap_in_the_row_s_place(offered: int, covered: int) -> None:
    """R12, R13, R23: once the cap is reached, a new offer may be approved."""
    line = billed(seen(offered_hours=Decimal(offered)), work("2026-11-04 09:00", 35))
    assert these(line.billed, line.over, line.cap_hours) == (covered, 35 - covered, offered)


@pytest.mark.parametrize("offered", [{}, {"offered_price": Decimal(1000)}, {"offered_hours": Decimal(3)}])
def test_where_no_rate_is_known_the_hours_are_told_and_not_billed(offered: dict[str, Decimal]) -> None:
    """R23"""
    line = billed(seen(hourly_rate=None, cap_hours=None, **offered), work("2026-11-04 09:00", 2))
    assert these(line.hours, line.billed, line.amount, line.rate) == (2, 0, 0, None)
    assert line.deviations == (Deviation(Code.NO_RATE, Fraction(2)),)


def test_offered_hours_of_nothing_give_no_rate() -> None:
    """R23"""
    judged = seen(hourly_rate=None, cap_hours=None, offered_price=Decimal(1000), offered_hours=Decimal(0))
    line = billed(judged, work("2026-11-04 09:00", 2))
    assert these(line.amount, codes(line)) == (0, [Code.OVER_CAP])


@pytest.mark.parametrize(
    "unknown",
    [unapproved(payer=Payer.UNRESOLVED, party=None, state=ApprovalState.UNRESOLVED), {"party": None}],
)
def test_without_a_payer_the_amount_is_told_and_billed_to_nobody(unknown: dict[str, object]) -> None:
    """R3, R23"""
    line = billed(seen(**unknown), work("2026-11-04 09:00", 2))
    assert these(line.billed, line.amount) == (0, 0)
    assert line.deviations == (Deviation(Code.NO_PAYER, Fraction(2), 2 * RATE),)


def test_a_ticket_in_triage_is_told_with_its_hours() -> None:
    """R2, R23"""
    judged = seen(
        **unapproved(scope=Scope.TRIAGE, category=None, payment=None, hourly_rate=None, cap_hours=None, party=None),
        payer=Payer.UNRESOLVED,
    )
    line = billed(judged, work("2026-11-04 09:00", 2))
    assert line.deviations == (Deviation(Code.TRIAGE, Fraction(2)),)
    assert these(line.category, line.model, line.amount) == ("Test af SF1475", "", 0)


def test_a_cancelled_ticket_with_hours_is_billed_and_told() -> None:
    """R16, R23"""
    cancelled = a_ticket(status=Status("9", "Annulleret", StatusRole.CANCELLED))
    line = billed(seen(), work("2026-11-04 09:00", 2), ticket=cancelled)
    assert line.deviations == (Deviation(Code.CANCELLED, Fraction(2), 2 * RATE),)
    assert line.amount == 2 * RATE


@pytest.mark.parametrize("mail", ["offer", "approval"])
def test_a_bill_without_both_mails_is_told(mail: str) -> None:
    """R9, R23"""
    assert codes(billed(seen(**{mail: None}), work("2026-11-04 09:00"))) == [Code.MAIL_MISSING]
    assert codes(billed(fixed(**{mail: None}), work("2026-11-04 09:00"))) == [Code.NOT_DONE]


def test_a_mail_that_could_not_be_fetched_is_told() -> None:
    """R11"""
    assert codes(billed(seen(mails_unread=1), work("2026-11-04 09:00"))) == [Code.MAIL_UNREAD]


def test_every_exception_says_what_it_is_and_what_to_do() -> None:
    assert set(TEXTS) == set(Code)
    assert all(Deviation(code).what and Deviation(code).to_do.endswith(".") for code in Code)
