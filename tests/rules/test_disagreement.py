"""Disagreement: what raises it, what it stops, and what alone ends it (R14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import ApprovalState, FieldName, StatusRole
from adapter.rules.acceptance import record_name
from adapter.rules.decide import decide
from adapter.rules.disagreement import Disagreement, Source
from adapter.rules.plan import MoveTo
from adapter.rules.view import View, view_of
from adapter.ticket.evidence import MailFacts, Memory, Says
from adapter.ticket.snapshot import Attachment, Comment, FieldChange, Person, StatusChange, Ticket, Value
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    CREATED,
    CUSTOMER,
    KOMBITS,
    OWNER,
    STATUSES,
    a_setup,
    a_yes,
    an_offer,
    answered,
    at,
    attached,
    changed,
    comment_of,
    digest,
    kombits_setup,
    moved,
    offered,
    ready,
    remembering,
    said,
    settings_of,
    with_solution,
)

BOTH = remembering(a1=an_offer(), a2=a_yes())
ONLY_OFFER = remembering(a1=an_offer())
RAISED = at("2026-11-23 12:00")  # after the yes of `answered`
LATER = at("2026-11-23 15:00")
HOUR = timedelta(hours=1)


def seen(ticket: Ticket, memory: Memory = BOTH, known: Catalogue | None = None) -> View:
    return view_of(ticket, known or with_solution(), memory, LATER)


def found(ticket: Ticket, memory: Memory = BOTH) -> Disagreement:
    decided = seen(ticket, memory).decided
    assert decided is not None
    assert decided.disagreement is not None
    return decided.disagreement


def move(ticket: Ticket, memory: Memory = BOTH, known: Catalogue | None = None) -> tuple[StatusRole, str] | None:
    actions = decide(ticket, known or with_solution(), memory, LATER).actions
    return next(((a.role, a.rule) for a in actions if isinstance(a, MoveTo)), None)


def wrote(body: str, when: datetime = RAISED, by: Person = AGENT, number: str = "1") -> Comment:
    return said(body, by, when, public=False, number=number)


def into(when: datetime = RAISED, by: Person = CUSTOMER) -> StatusChange:
    return moved("Afventer Kunde", "Uenighed", when, by)


def said_yes(value: Value = "Ja", when: datetime = RAISED, by: Person = AGENT, before: Value = None) -> FieldChange:
    return changed(FieldName.DISAGREEMENT, before, value, when, by)


def in_field(value: Value, *changes: FieldChange, **known: Any) -> Ticket:  # noqa: ANN401 - any of the ticket's own fields
    return answered(fields={FieldName.DISAGREEMENT: value}, field_history=changes, **known)


def a_no(sent_at: datetime = RAISED) -> MailFacts:
    return a_yes(
        digest=digest("no"), message_id=digest("no id"), says=Says.NO, no_words=("nej",), yes_words=(), sent_at=sent_at
    )


BY_COMMAND = answered(comments=(wrote("#dubu uenighed fordi prisen er for høj"),))
BY_TRANSITION = answered(history=(*offered().history, into()), status="Uenighed")
BY_FIELD = in_field("Ja", said_yes())
REFUSED = answered(attachments=(*answered().attachments, attached("3", "nej.eml", RAISED)))
BY_MAIL = (REFUSED, remembering(a1=an_offer(), a2=a_yes(), a3=a_no()))
SETTLES = "#dubu uenighed løst fordi projektejerne er enige"


@pytest.mark.parametrize(
    ("ticket", "memory", "source", "by", "reason"),
    [
        (BY_COMMAND, BOTH, Source.COMMAND, AGENT, "prisen er for høj"),
        (BY_TRANSITION, BOTH, Source.TRANSITION, CUSTOMER, None),
        (BY_FIELD, BOTH, Source.FIELD, AGENT, None),
        (*BY_MAIL, Source.MAIL, None, None),
    ],
    ids=["command", "transition", "field", "mail"],
)
def test_each_way_to_disagree_closes_the_gate_though_there_was_a_yes(
    ticket: Ticket, memory: Memory, source: Source, by: Person | None, reason: str | None
) -> None:
    raised = found(ticket, memory)
    assert (raised.source, raised.since, raised.by, raised.reason) == (source, RAISED, by, reason)
    assert raised.stands
    gate = seen(ticket, memory).gate
    assert gate.state is (ApprovalState.REFUSED if source is Source.MAIL else ApprovalState.DISAGREEMENT)
    at_work = replace(ticket, status=STATUSES["I gang"])
    rest = StatusRole.NEW if source is Source.MAIL else StatusRole.DISAGREEMENT
    assert move(at_work, memory) == (rest, "R10" if source is Source.MAIL else "R14")
    assert move(ticket, memory) is None


def test_without_a_status_for_it_a_ticket_in_disagreement_goes_back_to_new() -> None:
    known = with_solution()
    statuses = {role: names for role, names in known.jira.statuses.items() if role is not StatusRole.DISAGREEMENT}
    bare = replace(known, jira=known.jira.model_copy(update={"statuses": statuses}))
    assert move(replace(BY_FIELD, status=STATUSES["I gang"]), known=bare) == (StatusRole.NEW, "R14")


def test_the_adapters_own_move_raises_nothing() -> None:
    decided = seen(answered(history=(*offered().history, into(by=ADAPTER)))).decided
    assert decided is not None
    assert decided.disagreement is None


def test_a_disagreement_before_any_offer_stands_as_well() -> None:
    bare = replace(BY_COMMAND, attachments=(), history=())
    assert seen(bare, Memory()).gate.state is ApprovalState.DISAGREEMENT


def test_while_it_is_not_known_who_pays_a_ticket_in_uenighed_is_left_there() -> None:
    ticket = replace(BY_TRANSITION, fields={**BY_TRANSITION.fields, FieldName.PAYER: "Afklares"})
    assert seen(ticket).gate.state is ApprovalState.UNRESOLVED
    assert move(ticket) is None


def test_a_no_by_mail_leaves_a_ticket_in_uenighed_where_it_is() -> None:
    both = replace(REFUSED, history=(*offered().history, into(RAISED - HOUR)), status=STATUSES["Uenighed"])
    assert found(both, BY_MAIL[1]).source is Source.MAIL
    assert move(both, BY_MAIL[1]) is None


# What ends it


@pytest.mark.parametrize(
    "ticket",
    [
        answered(history=(*offered().history, into(), moved("Uenighed", "Afventer Kunde", RAISED + HOUR))),
        in_field("Nej", said_yes(), said_yes("Nej", RAISED + HOUR, before="Ja")),
        in_field(None, said_yes(), said_yes(None, RAISED + HOUR, before="Ja")),
        answered(comments=(*BY_COMMAND.comments, wrote(SETTLES, RAISED + HOUR, CUSTOMER, "2"))),
        answered(comments=(*BY_COMMAND.comments, wrote(SETTLES, RAISED - HOUR, number="2"))),
        answered(comments=(*BY_COMMAND.comments, wrote("#dubu uenighed løst", RAISED + HOUR, number="2"))),
    ],
    ids=["moved on", "nej", "emptied", "a customer's word", "an older decision", "no reason"],
)
def test_nothing_less_than_a_decision_with_a_reason_ends_it(ticket: Ticket) -> None:
    assert found(ticket).stands
    assert seen(ticket).gate.state is ApprovalState.DISAGREEMENT


@pytest.mark.parametrize("by", [AGENT, OWNER])
@pytest.mark.parametrize(
    ("ticket", "memory"),
    [(BY_COMMAND, BOTH), (BY_TRANSITION, BOTH), (BY_FIELD, BOTH), BY_MAIL],
    ids=["command", "transition", "field", "mail"],
)
def test_the_owners_recorded_decision_ends_it_and_who_and_why_are_kept(
    ticket: Ticket, memory: Memory, by: Person
) -> None:
    decision = said(SETTLES, by, RAISED + HOUR, public=by is OWNER, number="7")
    settled = replace(ticket, comments=(*ticket.comments, decision))
    ended = found(settled, memory)
    assert not ended.stands
    assert ended.decision is not None
    assert (ended.decision.by, ended.decision.reason) == (by, "projektejerne er enige")
    assert seen(settled, memory).gate.state is ApprovalState.APPROVED
    assert move(settled, memory) == (StatusRole.APPROVED, "R9")


def test_a_decision_ends_the_disagreement_and_not_the_need_for_an_approval() -> None:
    ticket = offered(history=(*offered().history, into()), status="Uenighed", comments=(wrote(SETTLES, RAISED + HOUR),))
    assert seen(ticket, ONLY_OFFER).gate.state is ApprovalState.AWAITING
    assert move(ticket, ONLY_OFFER) == (StatusRole.WAITING_CUSTOMER, "R14")


def test_a_new_disagreement_after_the_decision_stands() -> None:
    again = in_field("Ja", said_yes(when=RAISED + 2 * HOUR), comments=(wrote(SETTLES, RAISED + HOUR),))
    assert found(again).stands
    assert found(again).since == RAISED + 2 * HOUR


def test_what_was_chosen_when_the_ticket_was_made_is_its_makers_word() -> None:
    ticket = in_field("Ja", creator=CUSTOMER)
    raised = found(ticket)
    assert (raised.source, raised.since, raised.by) == (Source.FIELD, CREATED, CUSTOMER)
    emptied = in_field(None, said_yes(None, APPROVED - HOUR, before="Ja"))
    assert found(emptied, ONLY_OFFER).stands


# A new approval

SECOND_YES = a_yes(digest=digest("yes 2"), message_id=digest("yes 2 id"), sent_at=RAISED + HOUR)


def with_file(ticket: Ticket, when: datetime) -> Ticket:
    return replace(ticket, attachments=(*ticket.attachments, attached("5", "ja.eml", when)))


@pytest.mark.parametrize("ticket", [BY_COMMAND, BY_TRANSITION, BY_FIELD], ids=["command", "transition", "field"])
def test_a_new_yes_ends_it_though_there_was_one_before(ticket: Ticket) -> None:
    memory = remembering(a1=an_offer(), a2=a_yes(), a5=SECOND_YES)
    ended = found(with_file(ticket, RAISED + 2 * HOUR), memory)
    assert (ended.stands, ended.approved_at) == (False, RAISED + 2 * HOUR)
    assert seen(with_file(ticket, RAISED + 2 * HOUR), memory).gate.is_open


def test_a_yes_after_the_no_ends_it() -> None:
    memory = BY_MAIL[1].model_copy(update={"evidence": {**BY_MAIL[1].evidence, **remembering(a5=SECOND_YES).evidence}})
    assert seen(with_file(REFUSED, RAISED + 2 * HOUR), memory).gate.is_open


@pytest.mark.parametrize("when", [APPROVED + timedelta(minutes=1), RAISED + HOUR])
def test_an_old_yes_is_no_new_one_whenever_it_is_attached_and_whoever_says_that_it_counts(when: datetime) -> None:
    """R14: it was said before they disagreed; that they stand by it is a decision about the disagreement."""
    ticket = replace(BY_COMMAND, attachments=(*offered().attachments, attached("2", "svar.eml", when)))
    verdict = wrote("#dubu godkendelse 2 fordi den ligger der jo", RAISED + 2 * HOUR, number="2")
    for comments in (ticket.comments, (*ticket.comments, verdict)):
        assert found(replace(ticket, comments=comments)).stands
    ended = replace(ticket, comments=(*ticket.comments, verdict, wrote(SETTLES, RAISED + 3 * HOUR, number="3")))
    assert not found(ended).stands


def test_a_picture_that_a_person_takes_for_a_yes_is_a_new_one_if_it_came_after() -> None:
    """R11, R14"""
    verdict = wrote("#dubu godkendelse 5 fordi chefen har skrevet under", RAISED + 2 * HOUR, number="5")
    for when, ends in ((RAISED - timedelta(minutes=1), False), (RAISED + timedelta(minutes=1), True)):
        files = (*offered().attachments, attached("5", "underskrift.pdf", when))
        ticket = replace(BY_COMMAND, attachments=files, comments=(*BY_COMMAND.comments, verdict))
        assert found(ticket, ONLY_OFFER).stands is not ends


# The field, once it is settled


def field_after(ticket: Ticket, memory: Memory = BOTH) -> Value:
    settings = settings_of(decide(ticket, with_solution(), memory, LATER))
    return {**ticket.fields, **settings}.get(FieldName.DISAGREEMENT)


def test_a_yes_in_the_field_stays_until_it_is_settled_and_then_makes_room_for_a_new_one() -> None:
    """R14: a person's word is not overwritten while it stands."""
    assert field_after(BY_FIELD) == "Ja"
    settled = replace(BY_FIELD, comments=(wrote(SETTLES, RAISED + HOUR),))
    assert field_after(settled) == "Nej"
    cleared = said_yes("Nej", RAISED + HOUR, ADAPTER, before="Ja")
    over = replace(
        settled, fields={**settled.fields, FieldName.DISAGREEMENT: "Nej"}, field_history=(said_yes(), cleared)
    )
    assert not found(over).stands
    again = said_yes(when=RAISED + 2 * HOUR, before="Nej")
    anew = replace(over, fields=BY_FIELD.fields, field_history=(*over.field_history, again))
    assert found(anew).stands
    assert field_after(anew) == "Ja"


def test_what_was_raised_and_settled_by_other_means_fills_in_no_field() -> None:
    settled = replace(BY_COMMAND, comments=(*BY_COMMAND.comments, wrote(SETTLES, RAISED + HOUR, number="2")))
    assert field_after(settled) is None


def test_a_ticket_in_disagreement_shows_the_offer_that_could_end_it_or_what_that_lacks() -> None:
    """R7, R14"""
    told = comment_of(decide(ready("K10", comments=BY_COMMAND.comments), with_solution(), Memory(), LATER))
    assert "*Kladde*" in told
    told = comment_of(decide(BY_COMMAND, with_solution(), BOTH, LATER))
    assert "Prisvarsel senest" in told


def test_kombits_new_transition_ends_it_once_its_record_is_attached() -> None:
    """R9, R14, R18."""
    steps = (into(), moved("Uenighed", "KOMBIT-accept modtaget", RAISED + HOUR, KOMBITS))
    bare = a_setup(status="KOMBIT-accept modtaget", history=(*offered().history, *steps))
    assert found(bare, kombits_setup()).stands
    records = [attached(f"7{n}", record_name(when), LATER, ADAPTER) for n, when in enumerate((RAISED, RAISED + HOUR))]
    ticket = replace(bare, attachments=(*bare.attachments, *records))
    assert found(ticket, kombits_setup()).approved_at == RAISED + HOUR
    assert move(ticket, kombits_setup()) == (StatusRole.APPROVED, "R9")
    accepted = moved("Afventer Kunde", "KOMBIT-accept modtaget", RAISED, KOMBITS)
    early = replace(ticket, history=(*offered().history, accepted, into(RAISED + HOUR)), status=STATUSES["Uenighed"])
    assert found(early, kombits_setup()).stands


_RAISES, _ENDS = ("command", "transition", "field"), ("decision", "yes")
_EVENTS = st.lists(st.sampled_from([*_RAISES, *_ENDS, "emptied", "moved on", "word"]), max_size=8)


def happened(events: list[str]) -> tuple[Ticket, Memory]:
    """A ticket on which all this has happened, ten minutes apart, after its first yes."""
    comments: list[Comment] = []
    history, changes, files = list(offered().history), list[FieldChange](), list[Attachment](answered().attachments)
    mails = {"a1": an_offer(), "a2": a_yes()}
    field: Value = None
    for n, event in enumerate(events):
        when, number = APPROVED + timedelta(minutes=10 * (n + 1)), str(20 + n)
        if event in {"command", "decision", "word"}:
            body = "#dubu uenighed fordi prisen er høj" if event == "command" else SETTLES
            comments.append(wrote(body, when, CUSTOMER if event == "word" else AGENT, number))
        elif event in {"field", "emptied"}:
            after = "Ja" if event == "field" else None
            changes.append(said_yes(after, when, before=field))
            field = after
        elif event == "yes":
            files.append(attached(number, "ja.eml", when + timedelta(minutes=1)))
            known = {"digest": digest(number), "message_id": digest(f"{number} id")}
            mails[f"a{number}"] = a_yes(**known, sent_at=when)
        else:
            names = ("Afventer Kunde", "Uenighed") if event == "transition" else ("Uenighed", "Afventer Kunde")
            history.append(moved(*names, when))
    ticket = in_field(field, *changes, comments=tuple(comments), history=tuple(history), attachments=tuple(files))
    return ticket, remembering(**mails)


@given(_EVENTS)
def test_in_whatever_order_things_happen_it_stands_until_a_decision_or_a_new_yes(events: list[str]) -> None:
    ticket, memory = happened(events)
    last = max((n for n, event in enumerate(events) if event in _RAISES), default=None)
    stands = last is not None and not set(events[last + 1 :]) & set(_ENDS)
    gate = seen(ticket, memory).gate
    assert gate.state is (ApprovalState.DISAGREEMENT if stands else ApprovalState.APPROVED)


def test_a_disagreement_without_a_reason_asks_for_one() -> None:
    """R14: a field and a transition tell none; a mail tells it itself."""
    asks = "Årsagen til uenigheden er ikke skrevet"
    chosen = (changed(FieldName.DISAGREEMENT, None, "Ja", RAISED),)
    by_field = answered(fields={FieldName.DISAGREEMENT: "Ja"}, field_history=chosen)
    moved_there = (*answered().history, moved("Afventer Kunde", "Uenighed", RAISED))
    by_transition = answered(status="Uenighed", history=moved_there)
    for ticket in (by_field, by_transition):
        assert asks in comment_of(decide(ticket, with_solution(), BOTH, LATER))
        told = replace(ticket, comments=(wrote("#dubu uenighed fordi prisen er for høj", RAISED + HOUR),))
        text = comment_of(decide(told, with_solution(), BOTH, LATER))
        assert asks not in text
        assert "“prisen er for høj”" in text
    no = a_yes(says=Says.NO, no_words=("nej",), yes_words=())
    assert asks not in comment_of(decide(answered(), with_solution(), remembering(a1=an_offer(), a2=no), LATER))
