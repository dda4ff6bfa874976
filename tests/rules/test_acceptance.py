"""KOMBIT's approval by a transition: whose counts, when, and how it is kept (R18, R20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import ApprovalState, AttachmentId, FieldName, IssueKey, Payer, StatusRole
from adapter.rules.acceptance import acceptance_of, declined, record_name
from adapter.rules.decide import decide
from adapter.rules.evidence import Kind
from adapter.rules.payer import PartySource, PayerDecision, PayerSource
from adapter.rules.plan import AttachLetter, ClaimApproval, MoveTo, Plan, WriteNotice
from adapter.rules.view import View, view_of
from adapter.ticket.evidence import Memory, Says, SetupHolder
from adapter.ticket.snapshot import Attachment, Person, StatusChange, Ticket
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    AUTOMATION,
    CREATED,
    CUSTOMER,
    KOMBITS,
    OFFERED,
    STATUSES,
    STRANGER,
    a_setup,
    a_ticket,
    a_yes,
    an_offer,
    at,
    attached,
    catalogue,
    changed,
    comment_of,
    digest,
    kombits_setup,
    moved,
    offered,
    recorded,
    remembering,
    sender,
    with_solution,
)

LATER = at("2026-11-23 15:00")
RECORD = record_name(APPROVED)
ON_TICKET = attached("7", RECORD, APPROVED + timedelta(minutes=1), ADAPTER)
KOMBITS_YES = a_yes(senders=(sender("kirsten@kombit.example"),))


def stepped(by: Person = KOMBITS, when: datetime = APPROVED) -> StatusChange:
    return moved("Afventer Kunde", "KOMBIT-accept modtaget", when, by)


def accepted(
    by: Person = KOMBITS, when: datetime = APPROVED, files: tuple[Attachment, ...] = (), mail: bool = False
) -> Ticket:
    """The setup after somebody took the transition that KOMBIT approves by; with `mail`, a yes by mail as well."""
    answer = (attached("2", "svar.eml", APPROVED + timedelta(minutes=30)),) if mail else ()
    return a_setup(
        status="KOMBIT-accept modtaget",
        attachments=(*offered().attachments, *answer, *files),
        history=(*offered().history, stepped(by, when)),
    )


CANNOT_RECORD = kombits_setup().model_copy(update={"cannot_record": True})


def seen(ticket: Ticket, memory: Memory | None = None, known: Catalogue | None = None) -> View:
    return view_of(ticket, known or with_solution(), memory or kombits_setup(), LATER)


def plan(ticket: Ticket, memory: Memory | None = None, known: Catalogue | None = None) -> Plan:
    return decide(ticket, known or with_solution(), memory or kombits_setup(), LATER)


def move(wanted: Plan) -> tuple[StatusRole, str] | None:
    return next(((a.role, a.rule) for a in wanted.actions if isinstance(a, MoveTo)), None)


def records(wanted: Plan) -> list[str]:
    return [action.filename for action in wanted.actions if isinstance(action, AttachLetter)]


def test_kombits_transition_is_recorded_before_anything_else_and_opens_the_gate_then() -> None:
    """R9, R18: who, when and what as a mail file; until it is attached, no approval mail is."""
    (record,) = plan(accepted()).actions
    assert isinstance(record, AttachLetter)
    assert (record.filename, record.rules) == ("KOMBIT-accept-20261123T100000Z.eml", ("R18",))
    assert seen(accepted()).gate.state is ApprovalState.AWAITING
    wanted = plan(recorded(accepted()))
    assert move(wanted) == (StatusRole.APPROVED, "R9")
    assert isinstance(wanted.actions[-1], MoveTo)
    gate = seen(recorded(accepted())).gate
    assert (gate.state, gate.approved_at) == (ApprovalState.APPROVED, APPROVED)


def test_a_transition_whose_record_jira_refuses_does_not_count_and_the_ticket_says_why() -> None:
    """R9, R18."""
    wanted = plan(accepted(), CANNOT_RECORD)
    assert (move(wanted), records(wanted)) == ((StatusRole.WAITING_CUSTOMER, "R18"), [])
    assert "det tæller først, når optegnelsen om det er vedhæftet" in comment_of(wanted)
    at_work = replace(accepted(), status=STATUSES["I gang"])
    assert move(plan(at_work, CANNOT_RECORD)) == (StatusRole.WAITING_CUSTOMER, "R10")
    assert not [a for a in wanted.actions if isinstance(a, ClaimApproval)]
    mail_too = CANNOT_RECORD.model_copy(update={"evidence": kombits_setup(a2=KOMBITS_YES).evidence})
    assert seen(accepted(mail=True), mail_too).gate.is_open  # by the mail alone
    assert not seen(accepted(mail=True), mail_too, demanding()).gate.is_open


def test_kombit_is_not_reminded_of_an_answer_that_only_lacks_its_record() -> None:
    """R18."""
    found = decide(accepted(), with_solution(), CANNOT_RECORD, LATER + timedelta(days=30))
    assert "varsel_påmindelse" not in [a.code for a in found.actions if isinstance(a, WriteNotice)]


def test_the_record_is_attached_just_once_and_then_the_approval_rests_on_it() -> None:
    wanted = plan(accepted(files=(ON_TICKET,)))
    assert records(wanted) == []
    claim = next(a for a in wanted.actions if isinstance(a, ClaimApproval))
    assert dict(claim.accepted) == {AttachmentId("1"): "tilbud", AttachmentId("7"): "godkendelse:1"}
    again = seen(accepted(files=(ON_TICKET, attached("8", RECORD, LATER, ADAPTER))))
    assert again.evidence.approval is not None
    assert again.evidence.approval.attachment is ON_TICKET  # the oldest, should there be two
    assert [p.kind for p in again.evidence.pieces if p.attachment.id == "8"] == [Kind.OWN_LETTER]


def test_a_deleted_record_is_attached_again_before_anything_is_put_back() -> None:
    """Its truth is the changelog: the record is a copy."""
    memory = kombits_setup().model_copy(update={"accepted": {AttachmentId("7"): "godkendelse:1"}})
    at_work = replace(accepted(), status=STATUSES["I gang"])
    assert [type(action) for action in plan(at_work, memory).actions] == [AttachLetter]
    assert seen(recorded(at_work), memory).gate.is_open


def test_a_file_of_that_name_by_somebody_else_is_no_record() -> None:
    """R18: whoever attaches a letter that looks like KOMBIT's has approved nothing and replaced nothing."""
    forged = attached("7", RECORD, LATER, CUSTOMER)
    assert records(plan(accepted(files=(forged,)))) == [RECORD]
    alone = a_setup(attachments=(*offered().attachments, forged, attached("8", RECORD, LATER, ADAPTER)))
    assert seen(alone).gate.state is ApprovalState.AWAITING


_DESK, _APP, _ELSE = "servicedesken kan ikke svare for KOMBIT", "en app eller en automatik", "ikke en af KOMBITs"
OTHERS = {
    "an agent": (AGENT, _DESK),
    "an agent among KOMBIT's": (replace(AGENT, is_kombit=True), _DESK),
    "an app": (AUTOMATION, _APP),
    "an app among KOMBIT's": (replace(AUTOMATION, is_kombit=True), _APP),
    "the adapter's account": (ADAPTER, _APP),
    "the adapter's account among KOMBIT's": (replace(ADAPTER, is_kombit=True), _APP),
    "a customer of another organisation": (CUSTOMER, _ELSE),
    "a stranger": (STRANGER, _ELSE),
}


@pytest.mark.parametrize(("by", "why"), OTHERS.values(), ids=OTHERS)
def test_anybody_elses_transition_is_put_back_with_the_reason(by: Person, why: str) -> None:
    """R18: the adapter checks that the actor is KOMBIT's."""
    wanted = plan(accepted(by))
    assert records(wanted) == []
    assert move(wanted) == (StatusRole.WAITING_CUSTOMER, "R18")
    assert isinstance(wanted.actions[0], MoveTo)
    told = comment_of(wanted)
    (line,) = (line for line in told.splitlines() if f"af {by.name} tæller ikke: " in line)
    assert why in line
    back = (*accepted(by).history, moved("KOMBIT-accept modtaget", "Afventer Kunde", LATER, ADAPTER))
    assert comment_of(plan(replace(accepted(by), status=STATUSES["Afventer Kunde"], history=back))) == told


def test_where_kombit_does_not_pay_their_transition_is_none() -> None:
    """R20: the approver must be the one who pays."""
    other = SetupHolder(issue=HOLDER_OF_X, key=IssueKey("DUBU-9"))
    memory = remembering(a1=an_offer()).model_copy(update={"setup_holder": other})
    wanted = plan(accepted(), memory)
    assert (move(wanted), records(wanted)) == ((StatusRole.WAITING_CUSTOMER, "R18"), [])
    assert "det er ikke KOMBIT, der betaler" in comment_of(wanted)


HOLDER_OF_X = a_ticket(id="10009").id


def test_where_nobody_knows_what_is_ordered_there_is_nothing_to_accept() -> None:
    ticket = a_ticket(summary="xyz", status="KOMBIT-accept modtaget", history=(stepped(),))
    wanted = plan(ticket, Memory())
    assert move(wanted) == (StatusRole.NEW, "R18")
    assert "det er ikke KOMBIT, der betaler" in comment_of(wanted)


def test_what_needs_no_approval_does_not_rest_in_kombits_status() -> None:
    fields = {FieldName.CATEGORY: catalogue().services.outside_name}
    outside = a_ticket(fields=fields, creator=AGENT, status="KOMBIT-accept modtaget")
    assert move(plan(outside, Memory())) == (StatusRole.NEW, "R18")


# When


@pytest.mark.parametrize("when", [CREATED, OFFERED, OFFERED + timedelta(minutes=1)])
def test_a_transition_before_the_offer_or_with_it_approves_nothing(when: datetime) -> None:
    """R11, R18."""
    wanted = plan(accepted(when=when))
    assert (move(wanted), records(wanted)) == ((StatusRole.WAITING_CUSTOMER, "R18"), [])
    assert "KOMBIT har ikke fået tilbuddet endnu" in comment_of(wanted)
    none = replace(accepted(when=when), attachments=())
    assert move(plan(none)) == (StatusRole.NEW, "R18")
    assert "KOMBIT har ikke fået tilbuddet endnu" in comment_of(plan(none))


def test_a_new_offer_needs_a_new_transition() -> None:
    """R13."""
    second = an_offer(
        digest=digest("offer 2"),
        message_id=digest("offer 2 id"),
        recipients=(sender("kirsten@kombit.example"),),
        sent_at=APPROVED + timedelta(hours=1),
    )
    again = accepted(files=(ON_TICKET, attached("3", "tilbud2.eml", APPROVED + timedelta(hours=1))))
    memory = kombits_setup(a3=second).model_copy(
        update={"accepted": {AttachmentId("1"): "tilbud", AttachmentId("7"): "godkendelse:1"}}
    )
    assert seen(again, memory).gate.state is ApprovalState.AWAITING
    after = stepped(when=APPROVED + timedelta(hours=2))
    assert seen(recorded(replace(again, history=(*again.history, after))), memory).gate.is_open


@pytest.mark.parametrize("seconds", [0.5, 1, 3600])
@pytest.mark.parametrize("before", [None, Decimal(1)])
def test_a_transition_before_the_price_was_changed_does_not_approve_it(seconds: float, before: Decimal | None) -> None:
    """R12: the changelog knows the transition's very moment, so that nothing written after it is covered."""
    price = changed(FieldName.OFFERED_PRICE, before, Decimal(2), APPROVED + timedelta(seconds=seconds))
    ticket = replace(
        accepted(files=(ON_TICKET,)),
        fields={**accepted().fields, FieldName.OFFERED_PRICE: Decimal(2)},
        field_history=(price,),
    )
    found = seen(ticket).gate
    assert (found.state, found.changed) == (ApprovalState.LAPSED, (FieldName.OFFERED_PRICE,))
    assert move(plan(ticket)) == (StatusRole.NEW, "R18")
    first = replace(price, at=APPROVED - timedelta(seconds=seconds), before=None)
    assert seen(replace(ticket, field_history=(first,))).gate.is_open


@given(st.integers(0, 2000))
def test_silence_is_never_a_yes(days: int) -> None:
    """R18."""
    later = view_of(a_setup(), with_solution(), kombits_setup(), LATER + timedelta(days=days))
    assert later.gate.state is ApprovalState.AWAITING


def test_what_once_opened_the_gate_counts_although_its_maker_has_left_kombit() -> None:
    left = replace(KOMBITS, is_kombit=False)
    ticket = replace(accepted(left, files=(ON_TICKET,)), status=STATUSES["I gang"])
    assert not seen(ticket).gate.is_open
    memory = kombits_setup().model_copy(
        update={"accepted": {AttachmentId("1"): "tilbud", AttachmentId("7"): "godkendelse:1"}}
    )
    assert seen(ticket, memory).gate.is_open
    assert move(plan(ticket, memory)) is None


# And by mail


def demanding() -> Catalogue:
    known = with_solution()
    return replace(known, offers=known.offers.model_copy(update={"kombit_mail_required": True}))


def test_the_setting_demands_a_mail_as_well_and_the_ticket_says_which_is_missing() -> None:
    """R18."""
    memory = kombits_setup(a2=KOMBITS_YES)
    only_step = plan(recorded(accepted()), memory, demanding())
    assert move(only_step) == (StatusRole.WAITING_CUSTOMER, "R18")
    back = (*accepted().history, moved("KOMBIT-accept modtaget", "Afventer Kunde", LATER, ADAPTER))
    waiting = replace(accepted(), status=STATUSES["Afventer Kunde"], history=back)
    assert records(plan(waiting, memory, demanding())) == [RECORD]
    lacking = plan(waiting, memory.model_copy(update={"cannot_record": True}), demanding())
    assert "de skal også bruge overgangen" not in comment_of(lacking)
    assert "vedhæft også deres mail" in comment_of(only_step)
    assert "tæller ikke" not in comment_of(only_step)
    only_mail = replace(accepted(mail=True), status=STATUSES["Afventer Kunde"], history=offered().history)
    assert seen(only_mail, memory, demanding()).gate.state is ApprovalState.AWAITING
    assert "de skal også bruge overgangen" in comment_of(plan(only_mail, memory, demanding()))
    both = seen(recorded(accepted(mail=True)), memory, demanding())
    assert both.gate.is_open
    assert both.evidence.approval is not None
    assert both.evidence.approval.attachment.id == "2"  # the later of the two
    assert move(plan(recorded(accepted(mail=True)), memory, demanding())) == (StatusRole.APPROVED, "R9")


def test_without_that_setting_a_mail_or_a_transition_is_enough_and_the_first_counts() -> None:
    memory = kombits_setup(a2=KOMBITS_YES)
    only_mail = replace(accepted(mail=True), status=STATUSES["Afventer Kunde"], history=offered().history)
    assert seen(only_mail, memory).gate.is_open
    both = seen(recorded(accepted(when=APPROVED - timedelta(minutes=1), mail=True)), memory)
    assert both.evidence.approval is not None
    assert both.evidence.approval.acceptance is not None


def test_the_setting_asks_nothing_of_other_payers() -> None:
    ticket = offered(attachments=(*offered().attachments, attached("2", "svar.eml", APPROVED + timedelta(minutes=1))))
    assert seen(ticket, remembering(a1=an_offer(), a2=a_yes()), demanding()).gate.is_open


def test_a_no_by_mail_after_the_transition_closes_the_gate_and_one_before_it_does_not() -> None:
    """R14."""
    no = kombits_setup(a2=KOMBITS_YES.model_copy(update={"says": Says.NO, "no_words": ("nej",)}))
    assert (
        seen(recorded(accepted(when=APPROVED - timedelta(minutes=5), mail=True)), no).gate.state
        is ApprovalState.REFUSED
    )
    assert seen(recorded(accepted(when=APPROVED + timedelta(hours=1), mail=True)), no).gate.is_open


# In any order

_PEOPLE = st.sampled_from([AGENT, AUTOMATION, ADAPTER, CUSTOMER, STRANGER, KOMBITS, replace(KOMBITS, is_agent=True)])
_PAYERS = st.sampled_from(list(Payer))


@given(st.lists(st.tuples(st.integers(-60, 60), _PEOPLE), max_size=6), _PAYERS, st.booleans())
def test_only_kombits_own_newest_after_the_offer_counts_and_every_other_is_told(
    steps: list[tuple[int, Person]], payer: Payer, is_offered: bool
) -> None:
    """R18, R20."""
    history = tuple(
        stepped(by, OFFERED + timedelta(minutes=minute)) for minute, by in sorted(steps, key=lambda s: s[0])
    )
    ticket, since = a_setup(history=history), OFFERED if is_offered else None
    decision = PayerDecision(payer, PayerSource.PERSON, None, PartySource.UNKNOWN)
    offer = attached("1", "tilbud.eml", OFFERED) if is_offered else None
    found = acceptance_of(ticket, decision, Memory(), offer, since)
    counting = [c for c in history if c.by is KOMBITS and c.at > OFFERED and payer is Payer.KOMBIT and is_offered]
    assert (found and (found.at, found.by)) == (counting[-1].at, KOMBITS) if counting else found is None
    no = declined(ticket, decision, since, standing=found is not None)
    assert (no is not None) == bool(history and found is None)


def test_a_transition_that_counts_has_no_reason_against_it() -> None:
    decision = PayerDecision(Payer.KOMBIT, PayerSource.PERSON, None, PartySource.KOMBIT)
    assert declined(accepted(), decision, OFFERED, standing=True) is None


def test_a_transition_approves_no_older_offer_once_the_one_it_approved_is_deleted() -> None:
    """R12: the second offer is gone, and the first one was never answered."""
    decision = PayerDecision(Payer.KOMBIT, PayerSource.PERSON, None, PartySource.KOMBIT)
    first = attached("1", "tilbud.eml", OFFERED)
    ticket = accepted()
    ticket = replace(ticket, attachments=(first, ON_TICKET))
    memory = Memory(accepted={AttachmentId("2"): "tilbud", AttachmentId("7"): "godkendelse:2"})
    assert acceptance_of(ticket, decision, memory, first, OFFERED) is None
    no = declined(ticket, decision, OFFERED, standing=False)
    assert no is not None
    assert no.why == "kombit_tilbud_slettet"
    second = attached("2", "tilbud2.eml", OFFERED + timedelta(minutes=1))
    ticket = replace(ticket, attachments=(first, second, ON_TICKET))
    assert acceptance_of(ticket, decision, memory, second, OFFERED) is not None
