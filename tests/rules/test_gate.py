"""When work may start, and which status follows (R8–R10, R12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from adapter.catalogue.words import ApprovalState, AttachmentId, FieldName, StatusRole
from adapter.rules.decide import decide
from adapter.rules.plan import ClaimApproval, MoveTo, Plan, ReleaseApproval
from adapter.ticket.evidence import Memory, Says
from adapter.ticket.snapshot import Ticket
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    AUTOMATION,
    CUSTOMER,
    OFFERED,
    a_ticket,
    a_yes,
    an_offer,
    answered,
    at,
    attached,
    catalogue,
    changed,
    comment_of,
    digest,
    moved,
    offered,
    remembering,
    row,
    said,
    sender,
    settings_of,
)

LATER = at("2026-11-23 15:00")
BOTH = remembering(a1=an_offer(), a2=a_yes())
ONLY_OFFER = remembering(a1=an_offer())


def plan(ticket: Ticket, memory: Memory = BOTH) -> Plan:
    return decide(ticket, catalogue(), memory, LATER)


def move(ticket: Ticket, memory: Memory = BOTH) -> StatusRole | None:
    return next((a.role for a in plan(ticket, memory).actions if isinstance(a, MoveTo)), None)


def state(ticket: Ticket, memory: Memory = BOTH) -> str:
    label = settings_of(plan(ticket, memory))[FieldName.APPROVAL]
    return str(catalogue().meaning(FieldName.APPROVAL, label))


def test_work_that_starts_before_an_offer_goes_back_to_new_first_of_all() -> None:
    early = a_ticket(category="K10", status="I gang", history=(moved("Ny", "I gang", LATER),))
    first = plan(early, Memory()).actions[0]
    assert isinstance(first, MoveTo)
    assert (first.role, first.rule) == (StatusRole.NEW, "R10")
    assert "Agnete Agent" in comment_of(plan(early, Memory()))


def test_work_that_starts_before_the_approval_goes_back_to_waiting() -> None:
    history = (*offered().history, moved("Afventer Kunde", "I gang", LATER))
    assert move(offered(status="I gang", history=history), ONLY_OFFER) is StatusRole.WAITING_CUSTOMER


def test_godkendt_set_by_hand_without_an_approval_goes_back_too() -> None:
    assert move(a_ticket(category="K10", status="Godkendt"), Memory()) is StatusRole.NEW


def test_a_ticket_whose_category_is_not_known_may_not_start() -> None:
    assert move(a_ticket(summary="xyz", status="I gang"), Memory()) is StatusRole.NEW


def test_a_ticket_whose_payer_is_not_known_may_not_start_even_with_mails() -> None:
    ticket = answered(category="K6", reporter=None, status="I gang")
    assert move(ticket) is StatusRole.NEW
    assert state(ticket) == ApprovalState.UNRESOLVED


def test_a_ticket_outside_the_catalogue_is_free_to_start() -> None:
    by_desk = {FieldName.CATEGORY: catalogue().services.outside_name}
    outside = a_ticket(fields=by_desk, status="I gang", creator=AGENT)
    assert move(outside, Memory()) is None
    assert state(outside, Memory()) == ApprovalState.NOT_REQUIRED


@pytest.mark.parametrize(("status", "to"), [("Ny", StatusRole.APPROVED), ("Afventer Kunde", None), ("Godkendt", None)])
def test_what_needs_no_approval_goes_to_godkendt_at_once_because_work_starts_from_there_alone(
    status: str, to: StatusRole | None
) -> None:
    by_desk = {FieldName.CATEGORY: catalogue().services.outside_name}
    assert move(a_ticket(fields=by_desk, status=status, creator=AGENT), Memory()) is to


@pytest.mark.parametrize("status", ["Afventer Kunde", "Uenighed"])
def test_what_turned_out_to_need_no_approval_waits_on_only_where_a_person_put_it(status: str) -> None:
    by_desk = {FieldName.CATEGORY: catalogue().services.outside_name}
    for who, to in ((ADAPTER, StatusRole.APPROVED), (AGENT, None)):
        history = (moved("Ny", status, LATER, who),)
        ticket = a_ticket(fields=by_desk, status=status, creator=AGENT, history=history)
        assert move(ticket, Memory()) is to


@pytest.mark.parametrize(
    ("payer", "to"),
    [
        ("Kommune", StatusRole.WAITING_CUSTOMER),
        ("3. part", StatusRole.WAITING_THIRD_PARTY),
        ("KOMBIT", StatusRole.WAITING_CUSTOMER),
    ],
)
def test_an_offered_ticket_waits_for_its_payer(payer: str, to: StatusRole) -> None:
    everyone = tuple(sender(f"x@{d}.example") for d in ("ballerup", "datafirma", "kombit"))
    fresh = offered(status="Ny", history=(), fields={FieldName.PAYER: payer})
    assert move(fresh, remembering(a1=an_offer(recipients=everyone))) is to


def test_which_status_waits_for_kombit_is_a_setting() -> None:
    known = catalogue()
    jira = known.jira.model_copy(update={"kombit_waits_as": StatusRole.WAITING_THIRD_PARTY})
    ticket = offered(status="Ny", history=(), fields={FieldName.PAYER: "KOMBIT"})
    memory = remembering(a1=an_offer(recipients=(sender("x@kombit.example"),)))
    actions = decide(ticket, replace(known, jira=jira), memory, LATER).actions
    assert next(a.role for a in actions if isinstance(a, MoveTo)) is StatusRole.WAITING_THIRD_PARTY


def test_what_an_approval_covers_is_a_setting() -> None:
    known = catalogue()
    evidence = known.evidence.model_copy(update={"covered": (FieldName.PAYER,)})
    later = (changed(FieldName.OFFERED_PRICE, Decimal(1), Decimal(2), AFTER_YES),)
    ticket = answered(fields={FieldName.OFFERED_PRICE: Decimal(2)}, field_history=later)
    assert state(ticket) == ApprovalState.LAPSED
    label = settings_of(decide(ticket, replace(known, evidence=evidence), BOTH, LATER))[FieldName.APPROVAL]
    assert label == "Godkendt"


def test_a_person_who_takes_the_ticket_out_of_waiting_is_not_fought_over_it() -> None:
    history = (*offered().history, moved("Afventer Kunde", "Ny", LATER, AUTOMATION))
    assert move(offered(status="Ny", history=history), ONLY_OFFER) is None


def test_only_the_adapters_own_wrong_waiting_status_is_corrected() -> None:
    by_adapter = offered(status="Afventer 3.part", history=(moved("Ny", "Afventer 3.part", LATER, ADAPTER),))
    assert move(by_adapter, ONLY_OFFER) is StatusRole.WAITING_CUSTOMER
    by_person = offered(status="Afventer 3.part", history=(moved("Ny", "Afventer 3.part", LATER),))
    assert move(by_person, ONLY_OFFER) is None


def test_the_payers_yes_opens_the_gate_last_of_all() -> None:
    actions = plan(answered()).actions
    assert isinstance(actions[-1], MoveTo)
    assert (actions[-1].role, actions[-1].rule) == (StatusRole.APPROVED, "R9")
    assert isinstance(actions[0], ClaimApproval)
    assert state(answered()) == ApprovalState.APPROVED


def test_approved_work_runs_and_may_wait_for_the_customer_again() -> None:
    begun = (
        *offered().history,
        moved("Afventer Kunde", "Godkendt", APPROVED + timedelta(minutes=2), ADAPTER),
        moved("Godkendt", "I gang", APPROVED + timedelta(hours=1)),
    )
    assert move(answered(status="I gang", history=begun)) is None
    waiting = (*begun, moved("I gang", "Afventer Kunde", APPROVED + timedelta(hours=2)))
    assert move(answered(status="Afventer Kunde", history=waiting)) is None
    back = (*waiting, moved("Afventer Kunde", "Ny", APPROVED + timedelta(hours=3), CUSTOMER))
    assert move(answered(status="Ny", history=back)) is StatusRole.APPROVED


@pytest.mark.parametrize("status", ["Løst", "Eskaleret"])
def test_a_ticket_that_is_done_or_elsewhere_is_not_moved(status: str) -> None:
    assert move(offered(status=status), ONLY_OFFER) is None


def test_what_was_closed_before_the_adapter_came_is_left_alone() -> None:
    assert plan(a_ticket(status="Løst"), Memory()).is_empty


def test_a_doubtful_answer_waits_for_a_person_and_a_picture_only_after_the_offer() -> None:
    doubtful = remembering(a1=an_offer(), a2=a_yes(says=Says.NOTHING))
    assert state(answered(), doubtful) == ApprovalState.PERSON
    assert move(answered(status="I gang"), doubtful) is StatusRole.WAITING_CUSTOMER
    for when, expected in ((APPROVED, ApprovalState.PERSON), (OFFERED - timedelta(minutes=20), ApprovalState.AWAITING)):
        files = (*offered().attachments, attached("4", "skærm.png", when, CUSTOMER))
        assert state(offered(attachments=files), ONLY_OFFER) == expected


def test_a_refusal_closes_the_gate() -> None:
    no = remembering(a1=an_offer(), a2=a_yes(says=Says.NO, no_words=("nej",)))
    assert state(answered(), no) == ApprovalState.REFUSED
    assert move(answered(), no) is None
    assert move(answered(status="Godkendt"), no) is StatusRole.NEW


def test_deleting_the_approval_mail_closes_the_gate_again() -> None:
    history = (
        *offered().history,
        moved("Afventer Kunde", "Godkendt", APPROVED, ADAPTER),
        moved("Godkendt", "I gang", LATER),
    )
    assert move(offered(status="I gang", history=history), BOTH) is StatusRole.WAITING_CUSTOMER


AFTER_YES = APPROVED + timedelta(hours=1)


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        (FieldName.OFFERED_PRICE, Decimal(34000), Decimal(40000)),
        (FieldName.OFFERED_PRICE, None, Decimal(40000)),
        (FieldName.OFFERED_PRICE, Decimal(30000), None),
        (FieldName.OFFERED_HOURS, Decimal(5), Decimal(6)),
        (FieldName.PAYING_PARTY, "Ballerup", "Ballerup Kommune"),
    ],
)
def test_what_changes_after_the_approval_closes_the_gate(field: FieldName, before: Any, after: Any) -> None:  # noqa: ANN401
    fields = {FieldName.CATEGORY: row("K10"), field: after}
    ticket = answered(
        category=None, status="I gang", fields=fields, field_history=(changed(field, before, after, AFTER_YES),)
    )
    assert state(ticket) == ApprovalState.LAPSED
    assert move(ticket) is StatusRole.NEW
    undone = answered(
        category=None,
        status="I gang",
        fields={FieldName.CATEGORY: row("K10"), field: before},
        field_history=(changed(field, before, after, AFTER_YES), changed(field, after, before, AFTER_YES)),
    )
    assert state(undone) == ApprovalState.APPROVED


def test_a_new_category_after_the_approval_closes_the_gate() -> None:
    history = (changed(FieldName.CATEGORY, row("K11"), row("K10"), AFTER_YES),)
    assert state(answered(field_history=history)) == ApprovalState.LAPSED


def test_a_price_changed_between_offer_and_answer_needs_a_new_offer() -> None:
    between = OFFERED + timedelta(minutes=30)
    changes = (changed(FieldName.OFFERED_PRICE, Decimal(1), Decimal(2), between),)
    ticket = answered(fields={FieldName.OFFERED_PRICE: Decimal(2)}, field_history=changes)
    assert state(ticket) == ApprovalState.LAPSED
    assert (
        state(offered(fields={FieldName.OFFERED_PRICE: Decimal(2)}, field_history=changes), ONLY_OFFER)
        == ApprovalState.LAPSED
    )


def test_writing_the_offered_price_down_before_the_answer_changes_nothing() -> None:
    changes = (changed(FieldName.OFFERED_PRICE, None, Decimal(2), OFFERED + timedelta(minutes=30)),)
    ticket = answered(fields={FieldName.OFFERED_PRICE: Decimal(2)}, field_history=changes)
    assert state(ticket) == ApprovalState.APPROVED


def test_deciding_what_was_undecided_after_the_yes_is_no_change() -> None:
    changes = (changed(FieldName.CATEGORY, "Afklares", row("K10"), AFTER_YES),)
    assert state(answered(field_history=changes)) == ApprovalState.APPROVED


def test_a_person_may_confirm_that_a_price_filled_in_later_is_what_was_approved() -> None:
    changes = (changed(FieldName.OFFERED_PRICE, None, Decimal(2), AFTER_YES),)
    ticket = answered(fields={FieldName.OFFERED_PRICE: Decimal(2)}, field_history=changes)
    assert state(ticket) == ApprovalState.LAPSED
    assert "#dubu godkendelse 2 fordi …" in comment_of(plan(ticket))
    command = said("#dubu godkendelse 2 fordi prisen stod i tilbudsmailen", public=False, when=LATER)
    assert state(replace(ticket, comments=(command,))) == ApprovalState.APPROVED


@pytest.mark.parametrize(
    ("field", "filled", "later"),
    [
        (FieldName.PAYER, "Kommune", "KOMBIT"),
        (FieldName.PAYING_PARTY, "Ballerup Kommune", "Aarhus"),
        (FieldName.CATEGORY, row("K10"), row("K11")),
    ],
)
def test_a_mail_dated_before_the_ticket_was_filled_covers_no_later_change(
    field: FieldName, filled: str, later: str
) -> None:
    history = (
        changed(field, None, filled, at("2026-11-23 09:01"), ADAPTER),
        changed(field, filled, later, AFTER_YES),
    )
    old = remembering(a1=an_offer(sent_at=at("2026-11-23 08:00")), a2=a_yes(sent_at=at("2026-11-23 08:30")))
    before = answered(category=None, fields={FieldName.CATEGORY: row("K10"), field: filled}, field_history=history[:1])
    assert state(before, old) == ApprovalState.APPROVED
    everyone = an_offer(
        sent_at=at("2026-11-23 08:00"),
        recipients=tuple(sender(f"x@{d}.example") for d in ("ballerup", "aarhus", "kombit")),
    )
    fields = {FieldName.CATEGORY: row("K10"), field: later}
    after = answered(category=None, fields=fields, field_history=history)
    accepted = {AttachmentId("1"): "tilbud", AttachmentId("2"): "godkendelse:1"}
    memory = remembering(a1=everyone, a2=a_yes(sent_at=at("2026-11-23 08:30"))).model_copy(
        update={"accepted": accepted}
    )
    assert state(after, memory) == ApprovalState.LAPSED


def test_second_thoughts_of_the_payer_close_the_gate() -> None:
    files = (*answered().attachments, attached("3", "svar2.eml", AFTER_YES))
    doubt = a_yes(
        digest=digest("doubt"),
        message_id=digest("doubt id"),
        says=Says.BOTH,
        no_words=("fortrudt",),
        sent_at=AFTER_YES - timedelta(minutes=1),
    )
    memory = remembering(a1=an_offer(), a2=a_yes(), a3=doubt)
    assert state(answered(attachments=files), memory) == ApprovalState.PERSON
    assert move(answered(attachments=files, status="I gang"), memory) is StatusRole.WAITING_CUSTOMER


def test_old_mails_attached_again_cover_no_new_price() -> None:
    later = (changed(FieldName.OFFERED_PRICE, Decimal(10000), Decimal(90000), AFTER_YES),)
    again = (
        attached("5", "tilbud.eml", AFTER_YES + timedelta(hours=1)),
        attached("6", "svar.eml", AFTER_YES + timedelta(hours=1)),
    )
    ticket = answered(attachments=again, fields={FieldName.OFFERED_PRICE: Decimal(90000)}, field_history=later)
    assert state(ticket, remembering(a5=an_offer(), a6=a_yes())) == ApprovalState.LAPSED


def test_a_logo_from_a_signature_asks_nobody() -> None:
    files = (*offered().attachments, attached("4", "image001.png", APPROVED, CUSTOMER))
    assert state(offered(attachments=files), ONLY_OFFER) == ApprovalState.AWAITING


def test_a_start_from_an_open_gate_is_not_called_early_when_it_closes_later() -> None:
    history = (
        *offered().history,
        moved("Afventer Kunde", "Godkendt", APPROVED, ADAPTER),
        moved("Godkendt", "I gang", AFTER_YES),
    )
    closed = plan(offered(status="I gang", history=history), ONLY_OFFER)
    assert "før arbejdet måtte starte" not in comment_of(closed)
    again = (*history, moved("I gang", "Afventer Kunde", AFTER_YES, ADAPTER), moved("Afventer Kunde", "I gang", LATER))
    assert "før arbejdet måtte starte" in comment_of(plan(offered(status="I gang", history=again), ONLY_OFFER))


def test_laying_an_approval_aside_frees_its_mail_for_the_ticket_it_belongs_to() -> None:
    digests = frozenset({digest("yes file"), digest("yes id")})
    command = said("#dubu ingen 2 fordi den hører til en anden sag", public=False, when=LATER)
    actions = plan(answered(comments=(command,)), BOTH.model_copy(update={"claimed": digests})).actions
    assert set(next(a.digests for a in actions if isinstance(a, ReleaseApproval))) == digests


def test_what_the_adapter_fills_in_after_the_approval_is_no_change() -> None:
    changes = (changed(FieldName.PAYER, None, "Kommune", AFTER_YES, ADAPTER),)
    assert state(answered(fields={FieldName.PAYER: "Kommune"}, field_history=changes)) == ApprovalState.APPROVED


def test_clarifying_the_payer_after_the_offer_is_no_change() -> None:
    changes = (changed(FieldName.PAYER, "Afklares", "Kommune", OFFERED + timedelta(minutes=30)),)
    assert state(answered(fields={FieldName.PAYER: "Kommune"}, field_history=changes)) == ApprovalState.APPROVED


def test_an_approval_is_claimed_once_and_let_go_with_its_file() -> None:
    digests = frozenset({digest("yes file"), digest("yes id")})
    accepted = {AttachmentId("1"): "tilbud", AttachmentId("2"): "godkendelse:1"}
    claim = next(a for a in plan(answered()).actions if isinstance(a, ClaimApproval))
    assert frozenset(claim.digests) == digests
    assert dict(claim.accepted) == accepted
    claimed = BOTH.model_copy(update={"claimed": digests, "accepted": accepted})
    assert not [a for a in plan(answered(), claimed).actions if isinstance(a, (ClaimApproval, ReleaseApproval))]
    gone = plan(offered(), ONLY_OFFER.model_copy(update={"claimed": digests})).actions
    released = next(a for a in gone if isinstance(a, ReleaseApproval))
    assert set(released.digests) == digests
    assert released.rules == ("R11",)


def test_every_action_names_its_rule() -> None:
    assert all(action.rules for action in plan(answered()).actions)


def carried_out(ticket: Ticket, memory: Memory) -> Ticket:
    """The ticket as it stands once the adapter has written what its plan says (without moving it)."""
    wanted = plan(ticket, memory)
    history = tuple(
        changed(field, ticket.fields.get(field), value, LATER, ADAPTER) for field, value in settings_of(wanted).items()
    )
    body = comment_of(wanted)
    return replace(
        ticket,
        fields={**ticket.fields, **settings_of(wanted)},
        field_history=(*ticket.field_history, *history),
        comments=(*ticket.comments, said(body, ADAPTER, LATER, public=False, number="99")),
    )


@pytest.mark.parametrize(
    ("ticket", "memory"),
    [
        (a_ticket(category="K4"), Memory()),
        (a_ticket(summary="xyz"), Memory()),
        (
            a_ticket(fields={FieldName.CATEGORY: "Ikke omfattet af kataloget"}, creator=AGENT, status="Godkendt"),
            Memory(),
        ),
        (offered(), ONLY_OFFER),
        (
            answered(status="Godkendt"),
            BOTH.model_copy(
                update={
                    "claimed": frozenset({digest("yes file"), digest("yes id")}),
                    "accepted": {AttachmentId("1"): "tilbud", AttachmentId("2"): "godkendelse:1"},
                }
            ),
        ),
    ],
)
def test_once_carried_out_nothing_is_left_to_do(ticket: Ticket, memory: Memory) -> None:
    assert plan(carried_out(ticket, memory), memory).is_empty
