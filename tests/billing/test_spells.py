"""When a ticket stood approved: a mail that is attached or judged anew undoes nothing that stood on it (R12, R23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from adapter.billing.bill import bill
from adapter.billing.charge import first_settled
from adapter.billing.deviations import Code, Deviation
from adapter.billing.judged import Judged, judged
from adapter.billing.spells import Spell, stood_open
from adapter.catalogue.words import AttachmentId
from adapter.rules.view import view_of
from adapter.ticket.evidence import Memory
from adapter.ticket.snapshot import StatusChange, Ticket
from tests.billing.made import DECEMBER, NOVEMBER, RATE, billed, codes, fixed, seen, these, unapproved, work
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    KOMBITS,
    a_setup,
    a_yes,
    an_offer,
    answered,
    at,
    attached,
    catalogue,
    kombits_setup,
    moved,
    recorded,
    remembering,
    said,
    with_solution,
)

LATER = at("2026-12-10 09:00")
OPENED = APPROVED + timedelta(minutes=2)
OPENING = (
    moved("Ny", "Afventer Kunde", at("2026-11-23 09:32"), ADAPTER),
    moved("Afventer Kunde", "Godkendt", OPENED, ADAPTER),
    moved("Godkendt", "I gang", at("2026-11-24 12:00")),
)
DONE = (*OPENING, moved("I gang", "Løst", at("2026-11-25 12:00")))
TAKEN_BACK = (
    *OPENING,
    moved("I gang", "Afventer Kunde", at("2026-11-26 08:00"), ADAPTER),
    moved("Afventer Kunde", "Godkendt", at("2026-12-04 09:01"), ADAPTER),
)
ANEW = at("2026-12-04 09:00")
BOTH = remembering(a1=an_offer(), a3=a_yes())


def attached_anew(*history: StatusChange) -> Ticket:
    """An approved ticket of K10 whose approval mail was deleted, and attached anew on 4 December."""
    first = answered()
    files = (first.attachments[0], attached("3", "svar.eml", ANEW))
    return replace(first, attachments=files, history=history, status=history[-1].after)


def judge(ticket: Ticket, memory: Memory = BOTH) -> Judged:
    return judged(view_of(ticket, catalogue(), memory, LATER), ticket, catalogue())


def amounts(ticket: Ticket, found: Judged) -> list[Decimal | None]:
    """What November and December bill, None where they have no line."""
    lines = [bill(ticket, found, [], month, catalogue()) for month in (NOVEMBER, DECEMBER)]
    return [None if line is None else line.amount for line in lines]


def test_a_fixed_price_is_not_billed_again_for_a_mail_that_is_attached_anew() -> None:
    """R23"""
    ticket = attached_anew(*DONE)
    assert judge(ticket).approved == (Spell(OPENED),)
    assert amounts(ticket, judge(ticket)) == [34000, None]


def test_a_fixed_price_is_not_billed_again_for_a_later_verdict() -> None:
    """R11, R23"""
    verdict = said("#dubu godkend #2, fordi Mette ringede og sagde ja", AGENT, ANEW, public=False)
    ticket = answered(history=DONE, status=DONE[-1].after, comments=(verdict,))
    found = judge(ticket, remembering(a1=an_offer(), a2=a_yes()))
    assert found.approval is not None
    assert (found.approval.attachment, found.approved) == (AttachmentId("2"), (Spell(OPENED),))
    assert amounts(ticket, found) == [34000, None]


def test_work_while_the_approval_was_not_on_the_ticket_is_told_and_the_earlier_work_stays_billed() -> None:
    """R12, R23"""
    ticket = attached_anew(*TAKEN_BACK)
    found = judge(ticket)
    assert found.approved == (Spell(OPENED, at("2026-11-26 08:00")), Spell(ANEW))
    hourly = seen(approved=found.approved)
    work_logs = (work("2026-11-24 13:00", 2), work("2026-11-30 13:00", 3), work("2026-12-04 13:00", 5))
    november, december = (billed(hourly, *work_logs, ticket=ticket, month=month) for month in (NOVEMBER, DECEMBER))
    assert these(november.billed, november.unapproved, codes(november)) == (2, 3, [Code.BEFORE_APPROVAL])
    assert these(december.billed, december.unapproved, codes(december)) == (5, 0, [])


def test_unapproved_work_uses_up_nothing_of_what_earlier_months_have_billed() -> None:
    """R19, R23: what November was billed stays what it was."""
    hourly = seen(approved=(Spell(at("2026-11-03 12:00"), at("2026-12-01 12:00")), Spell(at("2026-12-20 12:00"))))
    work_logs = (work("2026-11-10 09:00", 25), work("2026-12-10 09:00", 10), work("2026-12-21 09:00", 5))
    november, december = (billed(hourly, *work_logs, month=month) for month in (NOVEMBER, DECEMBER))
    assert these(november.billed, november.over) == (25, 0)
    assert these(december.billed, december.over, december.unapproved) == (0, 5, 10)


@pytest.mark.parametrize(
    "opening",
    [
        moved("Afventer Kunde", "Godkendt", OPENED, AGENT),  # a person opens no gate
        moved("Afventer Kunde", "Godkendt", APPROVED - timedelta(minutes=1), ADAPTER),  # it was on another yes
        moved("Afventer Kunde", "Godkendt", at("2026-11-23 09:30"), ADAPTER),  # and on another offer
    ],
)
def test_only_a_gate_that_the_adapter_opened_on_this_yes_tells_of_an_earlier_approval(opening: StatusChange) -> None:
    """R9, R11"""
    history = (OPENING[0], opening, OPENING[2], DONE[-1])
    assert judge(attached_anew(*history)).approved == (Spell(ANEW),)


def test_work_under_an_earlier_approval_is_told_as_that_and_not_as_work_nobody_approved() -> None:
    """R12, R23: it is settled by the offer that stood then."""
    logs = (
        work("2026-11-23 09:40", 1, 1),  # before any approval
        work("2026-11-24 13:00", 2, 2),  # under the first
        work("2026-11-27 09:00", 4, 3),  # under none
        work("2026-12-04 10:00", 8, 4),  # under the one that stands
    )
    opened = stood_open(TAKEN_BACK)
    assert opened == (Spell(OPENED, at("2026-11-26 08:00")), Spell(at("2026-12-04 09:01")))
    line = billed(seen(approved_at=at("2026-12-04 09:01"), opened=opened), *logs)
    assert line.deviations == (
        Deviation(Code.BEFORE_APPROVAL, Fraction(5), 5 * RATE),
        Deviation(Code.EARLIER_APPROVAL, Fraction(2)),
    )
    never = billed(seen(**unapproved(opened=opened[:1])), *logs)
    assert never.deviations == (
        Deviation(Code.NO_APPROVAL, Fraction(5), 5 * RATE),
        Deviation(Code.EARLIER_APPROVAL, Fraction(2)),
    )


def test_a_gate_that_was_never_opened_stood_never_open() -> None:
    """R23"""
    assert stood_open(OPENING[:1]) == ()
    assert judge(attached_anew(*TAKEN_BACK)).opened == stood_open(TAKEN_BACK)


def test_a_ticket_billed_after_it_was_closed_in_an_earlier_month_is_told() -> None:
    """R23: where nothing shows that an earlier approval was this one, a person looks before it is billed twice."""
    ticket = attached_anew(OPENING[0], OPENING[2], DONE[-1])
    line = billed(judge(ticket), ticket=ticket, month=DECEMBER)
    assert these(line.amount, codes(line)) == (34000, [Code.CLOSED_BEFORE])


def test_work_that_the_adapter_took_back_from_production_was_approved_all_the_time() -> None:
    """R21"""
    back = moved("I produktion", "I gang", at("2026-11-25 08:00"), ADAPTER)
    started = moved("I gang", "I produktion", at("2026-11-25 07:59"))
    assert judge(attached_anew(*OPENING, started, back)).approved == (Spell(OPENED),)


def test_a_second_press_of_kombits_button_undoes_nothing_that_the_first_one_opened() -> None:
    """R18, R23"""
    offer_at = at("2026-11-23 09:32")
    first, second = at("2026-11-24 09:00"), at("2026-12-04 09:00")
    history = (
        moved("Ny", "Afventer Kunde", offer_at, ADAPTER),
        moved("Afventer Kunde", "KOMBIT-accept modtaget", first, KOMBITS),
        moved("KOMBIT-accept modtaget", "Godkendt", first + timedelta(minutes=1), ADAPTER),
        moved("Godkendt", "Afventer Kunde", at("2026-12-03 09:00")),
        moved("Afventer Kunde", "KOMBIT-accept modtaget", second, KOMBITS),
    )
    ticket = recorded(a_setup(history=history, status=history[-1].after))
    rows = with_solution()
    found = judged(view_of(ticket, rows, kombits_setup(), LATER), ticket, rows)
    assert found.approved == (Spell(first + timedelta(minutes=1)),)


def test_a_ticket_is_settled_only_while_an_approval_stands() -> None:
    """R9, R12, R23"""
    history = (*TAKEN_BACK[:4], moved("Afventer Kunde", "Løst", at("2026-11-27 12:00")))

    def settled(*spells: tuple[str, str | None]) -> datetime | None:
        return first_settled(history, [Spell(at(begins), at(ends) if ends else None) for begins, ends in spells])

    assert settled(("2026-11-24 09:00", "2026-11-26 08:00")) is None
    assert settled(("2026-11-24 09:00", "2026-11-26 08:00"), ("2026-12-04 09:00", None)) == ANEW
    assert settled(("2026-11-24 09:00", None)) == at("2026-11-27 12:00")
    assert first_settled((), fixed().approved) is None
