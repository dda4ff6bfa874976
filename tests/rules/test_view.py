"""What follows from a ticket as a whole, in which order it is done, and that each step cites its rule (R1–R24)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from adapter.catalogue.model import Catalogue, Solution
from adapter.catalogue.words import ApprovalState, AttachmentId, Digest, FieldName, Payer, StatusRole
from adapter.rules.decide import decide
from adapter.rules.payer import PayerSource
from adapter.rules.plan import (
    Action,
    AddPeople,
    AttachLetter,
    AttachSent,
    ClaimApproval,
    ClaimSetup,
    Kept,
    MoveTo,
    Plan,
    ReleaseApproval,
    ReleaseSetup,
    SendLetter,
    SetFields,
    WriteNotice,
    WriteStatusComment,
    Written,
)
from adapter.rules.view import View, view_of
from adapter.ticket.evidence import Dispatch, Memory
from adapter.ticket.snapshot import FieldChange, StatusChange, Ticket, Value
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    KOMBITS,
    LATER_SETUP,
    NOW,
    OFFERED,
    STATUSES,
    a_setup,
    a_ticket,
    a_yes,
    an_offer,
    answered,
    asked,
    at,
    catalogue,
    changed,
    comment_of,
    digest,
    kombits_setup,
    moved,
    offered,
    ready,
    remembering,
    row,
    said,
    sender,
    sending,
    settings_of,
    with_solution,
)

LATER = at("2026-11-23 15:00")
ONLY_OFFER = remembering(a1=an_offer())
BOTH = remembering(a1=an_offer(), a2=a_yes())
FREE = Memory()
ACCEPTED = moved("Afventer Kunde", "KOMBIT-accept modtaget", APPROVED, KOMBITS)


def seen(ticket: Ticket, memory: Memory = FREE) -> View:
    return view_of(ticket, with_solution(), memory, LATER)


def plan(ticket: Ticket, memory: Memory = FREE) -> Plan:
    return decide(ticket, with_solution(), memory, LATER)


def kinds(found: Plan) -> list[type[Action]]:
    return [type(action) for action in found.actions]


def in_status(ticket: Ticket, status: str, *steps: StatusChange) -> Ticket:
    return replace(ticket, status=STATUSES[status], history=(*ticket.history, *steps))


# What is ordinary support


def question(answer: str, category: str = "K1", **known: Any) -> Ticket:  # noqa: ANN401 - any of the ticket's own fields
    field = {"K1": "Hvem opretter", "K3": "Hvem lavede fejlen"}[category]
    return a_ticket(category=category, form_answers={field: answer}, **known)


def test_what_the_municipality_creates_itself_is_ordinary_support_with_no_price_and_no_gate() -> None:
    """K1."""
    found = seen(question("Kommunen selv"))
    assert found.gate.state is ApprovalState.NOT_REQUIRED
    assert found.decided is not None
    assert found.decided.is_ordinary
    fields = settings_of(plan(question("Kommunen selv")))
    assert not {FieldName.PAYER, FieldName.PRICE, FieldName.PAYMENT_MODEL} & set(fields)
    working = in_status(question("Kommunen selv"), "I gang", moved("Ny", "I gang", NOW))
    assert MoveTo not in kinds(plan(working))
    payable = seen(question("Leverandøren"))
    assert payable.decided is not None
    assert not payable.decided.is_ordinary


def test_what_was_offered_is_not_turned_into_support_that_needs_no_approval() -> None:
    """R10: by nobody but a person of the desk, who takes it out of the catalogue."""
    waiting = question("Kommunen selv", history=(moved("Ny", "Afventer Kunde", OFFERED, ADAPTER),))
    started = in_status(waiting, "I gang", moved("Afventer Kunde", "I gang", LATER))
    assert seen(started).gate.state is ApprovalState.UNRESOLVED
    move = next(action for action in plan(started).actions if isinstance(action, MoveTo))
    assert (move.role, move.rule) == (StatusRole.NEW, "R10")


def test_a_question_to_the_customer_is_no_offer_and_kommunen_selv_is_ordinary_support() -> None:
    """K1: a ticket that waits for an answer has not been offered."""
    waiting = question("Kommunen selv", history=(moved("Ny", "Afventer Kunde", OFFERED, AGENT),))
    started = in_status(waiting, "I gang", moved("Afventer Kunde", "I gang", LATER))
    assert seen(started).gate.state is ApprovalState.NOT_REQUIRED
    assert MoveTo not in kinds(plan(started))


def test_an_offer_that_stands_or_stood_makes_kommunen_selv_a_persons_to_decide() -> None:
    """K1, R10: told in a sentence of its own."""
    by_hand = (moved("Ny", "Afventer Kunde", OFFERED, AGENT),)
    stands = offered(category="K1", form_answers={"Hvem opretter": "Kommunen selv"}, history=by_hand)
    told = comment_of(plan(stands, ONLY_OFFER))
    assert "siger “Kommunen selv”, men betaleren har fået et tilbud." in told
    assert "(K3)" not in told
    stood = replace(stands, attachments=())
    opened = Memory(accepted={AttachmentId("1"): "tilbud"})
    assert [seen(stood, memory).gate.state for memory in (opened, FREE)] == [
        ApprovalState.UNRESOLVED,
        ApprovalState.NOT_REQUIRED,
    ]


@pytest.mark.parametrize("answer", [None, "Som det hed før"])
def test_a_question_that_is_newer_than_the_approval_closes_nothing(answer: str | None) -> None:
    """K3, R12: an edited mapping is for the next tickets; an answer that says otherwise still counts."""
    said = {} if answer is None else {"Hvem lavede fejlen": answer}
    ticket = answered(category="K3", status="I gang", form_answers=said)
    accepted = {AttachmentId("1"): "tilbud", AttachmentId("2"): "godkendelse:1"}
    assert seen(ticket, BOTH).gate.state is ApprovalState.UNRESOLVED
    assert seen(ticket, BOTH.model_copy(update={"accepted": accepted})).gate.state is ApprovalState.APPROVED
    other = replace(ticket, form_answers={"Hvem lavede fejlen": "Leverandøren"})
    assert seen(other, BOTH.model_copy(update={"accepted": accepted})).gate.state is ApprovalState.UNRESOLVED


@pytest.mark.parametrize("answer", ["Leverandøren", "Ukendt", "", "Måske"])
def test_an_error_that_is_not_known_to_be_the_municipalitys_keeps_the_gate_closed(answer: str) -> None:
    """K3: it is not payable and needs a person, whatever mails there are."""
    ticket = answered(category="K3", form_answers={"Hvem lavede fejlen": answer})
    assert seen(ticket, BOTH).gate.state is ApprovalState.UNRESOLVED
    theirs = replace(ticket, form_answers={"Hvem lavede fejlen": "Kommunen"})
    assert seen(theirs, BOTH).gate.state is ApprovalState.APPROVED


# Whose setup it is


def test_the_right_to_a_setup_is_taken_before_anything_is_said_of_who_pays() -> None:
    """R16: another ticket may be faster."""
    found = plan(a_setup(history=(), status="Ny"))
    assert found.actions == (ClaimSetup("x"),)
    assert found.actions[0].rules == ("R16",)


def test_a_setup_offered_to_another_payer_takes_no_right_that_comes_free_later() -> None:
    """R12, R16: who was offered it has it as it was offered."""
    by_adapter = changed(FieldName.PAYER, None, "Kommune", OFFERED, ADAPTER)
    ticket = a_setup(fields={FieldName.PAYER: "Kommune"}, field_history=(by_adapter,))
    found = seen(ticket)
    assert found.setup is None
    assert found.payer is not None
    assert (found.payer.payer, found.payer.source) == (Payer.MUNICIPALITY, PayerSource.KEPT)


# What was offered stays


def renamed(**solution: Any) -> Catalogue:  # noqa: ANN401 - any of a solution's own fields
    """The register with its one solution under another name."""
    known = with_solution()
    return replace(known, solutions=known.solutions.model_copy(update={"solutions": {"x": Solution(**solution)}}))


def kombits_in_work(*changes: FieldChange, **fields: Value) -> tuple[Ticket, Memory]:
    """A setup that KOMBIT pays and has approved, filled in by the adapter and begun."""
    own = {FieldName.PAYER: "KOMBIT", FieldName.PAYING_PARTY: "KOMBIT", FieldName.SOLUTION: "Fagsystem X"}
    before = OFFERED - timedelta(minutes=10)
    history = tuple(changed(field, None, value, before, ADAPTER) for field, value in own.items())
    standing = own | {FieldName(name): value for name, value in fields.items()}
    ticket = a_setup(attachments=answered().attachments, fields=standing, field_history=(*history, *changes))
    by_kombit = a_yes(senders=(sender("kirsten@kombit.example"),))
    steps = (
        moved("Afventer Kunde", "Godkendt", APPROVED + timedelta(minutes=2), ADAPTER),
        moved("Godkendt", "I gang", LATER),
    )
    return in_status(ticket, "I gang", *steps), kombits_setup(a2=by_kombit)


@pytest.mark.parametrize(
    "register", [renamed(navn="Noget andet"), renamed(navn="Fagsystem X Barn", også_kaldet=["Fagsystem X"])]
)
def test_an_edited_register_takes_nothing_back_of_what_kombit_approved(register: Catalogue) -> None:
    """R12, R16: nor does the adapter rewrite the solution that was offered."""
    ticket, memory = kombits_in_work()
    found = view_of(ticket, register, memory, LATER)
    assert (found.gate.state, found.payer and found.payer.payer) == (ApprovalState.APPROVED, Payer.KOMBIT)
    plan = decide(ticket, register, memory, LATER)
    assert MoveTo not in kinds(plan)
    assert FieldName.SOLUTION not in settings_of(plan)


def test_another_solution_that_nobody_knows_is_not_kombits_because_the_first_one_was() -> None:
    """R16"""
    other = changed(FieldName.SOLUTION, "Fagsystem X", "Et nyt system", LATER)
    ticket, memory = kombits_in_work(other, løsning="Et nyt system")
    found = seen(ticket, memory.model_copy(update={"setup_holder": None}))
    assert found.payer is not None
    assert found.payer.payer is Payer.UNRESOLVED


def test_the_adapters_own_category_stays_once_it_was_offered_and_a_persons_counts() -> None:
    """R12."""
    by_adapter = changed(FieldName.CATEGORY, None, row("K10"), OFFERED - timedelta(minutes=5), ADAPTER)
    ticket = offered(summary="Ny robot skal testes i DUBU test", field_history=(by_adapter,))
    assert (seen(ticket, ONLY_OFFER).kept, seen(ticket, ONLY_OFFER).found.category) == (True, "K10")
    fresh = replace(ticket, status=STATUSES["Ny"], history=())
    assert (seen(fresh).kept, seen(fresh).found.category) == (False, "K7")
    by_person = changed(FieldName.CATEGORY, row("K7"), row("K11"), LATER, AGENT)
    chosen = {FieldName.CATEGORY: row("K11")}
    moved_on = replace(ticket, fields=chosen, field_history=(*ticket.field_history, by_person))
    assert (seen(moved_on, ONLY_OFFER).kept, seen(moved_on, ONLY_OFFER).found.category) == (False, "K11")


# In which order


def test_closing_comes_first_and_opening_last_when_the_ticket_already_says_why() -> None:
    """R10, R24."""
    early = kinds(plan(in_status(a_ticket(category="K10"), "I gang", moved("Ny", "I gang", NOW))))
    assert early[0] is MoveTo
    opening = kinds(plan(answered(), BOTH))
    assert opening[0] is ClaimApproval
    assert opening[-1] is MoveTo
    assert opening.index(WriteStatusComment) < opening.index(MoveTo)


def test_the_record_of_kombits_transition_comes_before_the_gate_opens() -> None:
    """R18: approval mail attached."""
    found = plan(in_status(a_setup(), "KOMBIT-accept modtaget", ACCEPTED), kombits_setup())
    assert kinds(found) == [AttachLetter]  # all else is decided once it is attached


def test_a_ticket_that_was_closed_before_the_adapter_came_is_left_as_it_is() -> None:
    old = a_ticket(status="Løst", summary="Bestil arkivering")
    assert plan(old).is_empty
    assert not plan(replace(old, fields={FieldName.CATEGORY: row("K10")})).is_empty


def test_a_look_is_due_when_the_first_of_what_comes_is() -> None:
    """R5, R13, R18."""
    assert plan(offered(), ONLY_OFFER).wake_at is None  # the offer mail was the personal message
    assert decide(a_ticket(category="K10"), catalogue(), FREE, NOW).wake_at == at("2026-11-23 12:00:01")
    waiting = a_setup(fields={FieldName.PRICE_NOTICE_BY: at("2026-11-26 00:00").date()})
    assert plan(waiting, kombits_setup()).wake_at == at("2026-11-25 00:00")
    assert plan(a_setup(), kombits_setup()).wake_at == at("2026-11-26 16:00")


# By which rule


def every_kind_of_plan() -> list[Plan]:
    """Plans that do all there is to do, between them."""
    gone = Memory(claimed=frozenset({Digest(digest("gone"))}), dispatches={"Tilbud-1": Dispatch.SENT})
    freed = a_ticket(category="K10", fields={FieldName.PAYER: "Kommune"})
    quarrel = said("#dubu uenighed fordi prisen er for høj", AGENT, LATER, public=False)
    return [
        plan(a_setup(history=(), status="Ny")),
        plan(freed, kombits_setup()),
        plan(in_status(a_setup(), "KOMBIT-accept modtaget", ACCEPTED), kombits_setup()),
        plan(answered(), BOTH),
        plan(a_ticket(category="K10"), gone),
        plan(offered(comments=(quarrel,)), ONLY_OFFER),
        decide(asked(ready("K9")), sending(), LATER_SETUP, LATER),
    ]


def test_every_action_cites_the_rules_it_follows() -> None:
    """R24: so that each can be explained afterwards."""
    actions = [action for found in every_kind_of_plan() for action in found.actions]
    assert {type(action) for action in actions} == {*get_args(Kept), *get_args(Written)}
    assert all(action.rules and all(re.fullmatch(r"R\d{1,2}", rule) for rule in action.rules) for action in actions)
    by_kind = {type(action): action.rules for action in actions}
    assert by_kind[ReleaseApproval] == ("R11",)
    assert by_kind[ReleaseSetup] == ("R16",)
    assert by_kind[AttachSent] == ("R7",)
    assert by_kind[AddPeople] == by_kind[WriteNotice] == ("R14",)
    assert {"R3", "R4", "R5", "R10"} <= {
        rule for action in actions if isinstance(action, SetFields) for rule in action.rules
    }


def test_what_a_worker_that_died_had_sent_is_attached_under_the_name_it_would_have_had() -> None:
    """R7, R8: so that it is found again, and attached once."""
    (letter,) = (a for a in decide(asked(ready()), sending(), FREE, LATER).actions if isinstance(a, SendLetter))
    memory = Memory(dispatches={letter.dispatch: Dispatch.SENT})
    (sent,) = (a for a in decide(asked(ready()), sending(), memory, LATER).actions if isinstance(a, AttachSent))
    assert sent.filename == letter.filename == f"{letter.dispatch}.eml"
    done = Memory(dispatches={letter.dispatch: Dispatch.ATTACHED})
    assert AttachSent not in kinds(decide(asked(ready()), sending(), done, LATER))


@pytest.mark.parametrize("status", ["Løst", "Annulleret"])
def test_a_closed_ticket_sends_records_and_tells_nothing_more(status: str) -> None:
    ticket = asked(ready(status=status))
    assert not {SendLetter, WriteNotice, AddPeople} & set(kinds(decide(ticket, sending(), FREE, LATER)))
    closed = in_status(a_setup(), status, ACCEPTED)
    assert not {AttachLetter, MoveTo} & set(kinds(plan(closed, kombits_setup())))
