"""What billing takes from the decision: who pays, by the figures that were offered, and since when (R12, R23)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from adapter.billing.judged import Judged, Proof, Scope, is_unseen, judged
from adapter.catalogue.words import ApprovalState, AttachmentId, CategoryId, FieldName, Payer, PaymentModel
from adapter.rules.view import view_of
from adapter.ticket.evidence import Memory, Unread, UnreadFile
from adapter.ticket.snapshot import Ticket
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    OFFERED,
    a_ticket,
    a_yes,
    an_offer,
    answered,
    at,
    catalogue,
    changed,
    offered,
    remembering,
    row,
)

BOTH = remembering(a1=an_offer(), a2=a_yes())
LATER = at("2026-12-01 09:00")


def judge(ticket: Ticket, memory: Memory = BOTH) -> Judged:
    return judged(view_of(ticket, catalogue(), memory, LATER), ticket, catalogue())


def test_an_approved_ticket_is_billed_from_its_approval_on() -> None:
    """R9"""
    found = judge(answered())
    assert (found.scope, found.category, found.state) == (Scope.PAYABLE, CategoryId("K10"), ApprovalState.APPROVED)
    assert (found.payer, found.party, found.payment) == (Payer.MUNICIPALITY, "Ballerup Kommune", PaymentModel.FIXED)
    assert (found.fixed_price, found.hourly_rate, found.cap_hours) == (Decimal(34000), None, None)
    assert found.approved_at == answered().attachments[1].created
    assert found.offer == Proof(AttachmentId("1"), "tilbud.eml", OFFERED)
    assert found.approval == Proof(AttachmentId("2"), "svar.eml", APPROVED)


def test_the_offer_alone_approves_nothing() -> None:
    """R9"""
    found = judge(offered(), remembering(a1=an_offer()))
    assert (found.state, found.approval, found.approved_at) == (ApprovalState.AWAITING, None, None)
    assert found.offer is not None


def test_an_approval_that_has_lapsed_bills_nothing() -> None:
    """R12"""
    raised = changed(FieldName.OFFERED_PRICE, Decimal(1000), Decimal(2000), at("2026-11-24 09:00"))
    found = judge(answered(fields={FieldName.OFFERED_PRICE: Decimal(2000)}, field_history=(raised,)))
    assert (found.state, found.approved_at) == (ApprovalState.LAPSED, None)


def test_at_the_cap_the_approval_still_covers_what_was_done() -> None:
    """R19: the gate is closed, and the hours up to the cap are billed."""
    ticket = answered(category="K8", fields={FieldName.OFFERED_HOURS: Decimal(2)}, seconds_spent=3 * 3600)
    found = judge(ticket)
    assert found.state is ApprovalState.CAP_REACHED
    assert found.approved_at is not None
    assert (found.hourly_rate, found.offered_hours) == (Decimal("938.98"), Decimal(2))


@pytest.mark.parametrize(("payer", "cap"), [(Payer.MUNICIPALITY, Decimal(30)), (Payer.KOMBIT, None)])
def test_the_cap_of_later_setups_does_not_bind_kombit_s_one(payer: Payer, cap: Decimal | None) -> None:
    """R16, R19"""
    paid = {FieldName.PAYER: catalogue().label(FieldName.PAYER, payer)}
    found = judge(a_ticket(category="K9", fields={**paid, FieldName.SOLUTION: "Borgerportal"}), Memory())
    assert (found.payer, found.cap_hours) == (payer, cap)
    assert (found.hourly_rate, found.solution) == (Decimal("938.98"), "Borgerportal")


def figures(**written: Any) -> Ticket:  # noqa: ANN401 - any field's value
    """An approved ticket that the adapter filled in by an older catalogue."""
    history = tuple(
        changed(FieldName(name), None, value, at("2026-11-23 09:01"), ADAPTER) for name, value in written.items()
    )
    return answered(field_history=history)


def test_what_was_offered_by_an_older_catalogue_is_billed_by_it() -> None:
    """R12, R23"""
    assert judge(figures(pris="32.000 kr. ekskl. moms")).fixed_price == Decimal(32000)
    assert judge(figures(pris="Efter aftale")).fixed_price == Decimal(34000)
    by_the_hour = answered(
        category="K8",
        field_history=(changed(FieldName.HOURLY_RATE, None, Decimal("900.00"), at("2026-11-23 09:01"), ADAPTER),),
    )
    assert judge(by_the_hour).hourly_rate == Decimal("900.00")


def test_a_figure_of_another_category_is_no_figure_of_this_one() -> None:
    """R12"""
    history = (
        changed(FieldName.PRICE, None, "3.400 kr.", at("2026-11-23 09:01"), ADAPTER),
        changed(FieldName.CATEGORY, row("K11"), row("K10"), at("2026-11-23 09:05")),
    )
    assert judge(answered(field_history=history)).fixed_price == Decimal(34000)


@pytest.mark.parametrize("number", [Decimal(0), Decimal(-5), Decimal("1e12"), None, "5"])
def test_a_slip_of_the_keyboard_is_no_offered_price(number: Any) -> None:  # noqa: ANN401 - any field's value
    """R7"""
    assert judge(offered(fields={FieldName.OFFERED_PRICE: number})).offered_price is None


def test_what_has_no_row_is_ordinary_or_in_triage() -> None:
    """R2"""
    outside = a_ticket(fields={FieldName.CATEGORY: catalogue().services.outside_name}, creator=AGENT)
    assert judge(outside, Memory()).scope is Scope.ORDINARY
    found = judge(a_ticket(summary="Hej"), Memory())
    assert (found.scope, found.category_name) == (Scope.TRIAGE, catalogue().services.triage_name)


def test_support_that_the_municipality_does_itself_is_ordinary() -> None:
    """K1"""
    ticket = a_ticket(category="K1", form_answers={"Hvem opretter": "Kommunen selv"})
    assert judge(ticket, Memory()).scope is Scope.ORDINARY


def test_a_mail_that_jira_did_not_hand_out_is_counted() -> None:
    """R11"""
    unread = remembering(a1=an_offer(), a2=UnreadFile(reason=Unread.UNREACHABLE))
    assert judge(answered(), unread).mails_unread == 1


def test_only_what_was_closed_untouched_was_never_seen() -> None:
    assert is_unseen(a_ticket(status="Løst"))
    assert not is_unseen(a_ticket())
    assert not is_unseen(a_ticket(status="Løst", category="K1"))
