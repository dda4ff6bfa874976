"""The gate in the whole process: hours, setups, checklists, and to the second what an approval covers (R10–R22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import (
    CLOSED,
    WORKING,
    ApprovalState,
    CategoryId,
    FieldName,
    IssueId,
    IssueKey,
    Payer,
    StatusRole,
)
from adapter.rules.decide import decide
from adapter.rules.disagreement import Disagreement, Source
from adapter.rules.gate import Gate, Holds, stand_at_gate, wanted_move
from adapter.rules.payer import PayerSource
from adapter.rules.plan import MoveTo
from adapter.rules.view import View, view_of
from adapter.ticket.evidence import Memory, SetupHolder
from adapter.ticket.snapshot import Comment, FieldChange, Person, StatusChange, Ticket
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    CUSTOMER,
    KOMBITS,
    OFFERED,
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
    recorded,
    remembering,
    said,
    sender,
    with_solution,
)

LATER = at("2026-11-23 15:00")
HOUR = 3600
BOTH = remembering(a1=an_offer(), a2=a_yes())
ONLY_OFFER = remembering(a1=an_offer())
ANOTHERS = SetupHolder(issue=IssueId("10009"), key=IssueKey("DUBU-9"))


def seen(ticket: Ticket, memory: Memory = BOTH, known: Catalogue | None = None) -> View:
    return view_of(ticket, known or with_solution(), memory, LATER)


def state(ticket: Ticket, memory: Memory = BOTH, known: Catalogue | None = None) -> ApprovalState:
    return seen(ticket, memory, known).gate.state


def move(ticket: Ticket, memory: Memory = BOTH, known: Catalogue | None = None) -> MoveTo | None:
    actions = decide(ticket, known or with_solution(), memory, LATER).actions
    return next((action for action in actions if isinstance(action, MoveTo)), None)


def put_back(ticket: Ticket, memory: Memory = BOTH, known: Catalogue | None = None) -> tuple[StatusRole, str] | None:
    found = move(ticket, memory, known)
    return (found.role, found.rule) if found else None


def in_status(ticket: Ticket, status: str, *steps: StatusChange) -> Ticket:
    return replace(ticket, status=STATUSES[status], history=(*ticket.history, *steps))


def told(body: str, by: Person = AGENT, number: str = "1") -> Comment:
    return said(body, by, LATER, public=False, number=number)


# Hours against the cap

LATER_SETUP = BOTH.model_copy(update={"setup_holder": ANOTHERS})


def later_setup(hours: float, **known: Any) -> Ticket:  # noqa: ANN401 - any of the ticket's own fields
    """A setup that Ballerup pays and has approved, with so many hours of work on it."""
    return a_setup(attachments=answered().attachments, seconds_spent=int(hours * HOUR), **known)


@pytest.mark.parametrize(("hours", "is_open"), [(0, True), (24, True), (29.9, True), (30, False), (45, False)])
def test_at_the_cap_the_approval_no_longer_covers_the_work(hours: float, is_open: bool) -> None:
    """R12, R19."""
    ticket = in_status(later_setup(hours), "I gang")
    assert state(ticket, LATER_SETUP) is (ApprovalState.APPROVED if is_open else ApprovalState.CAP_REACHED)
    assert put_back(ticket, LATER_SETUP) == (None if is_open else (StatusRole.NEW, "R19"))


def test_by_setting_the_cap_only_warns() -> None:
    """R19."""
    known = with_solution()
    hours = known.services.hours.model_copy(update={"at_cap": "advar"})
    warning = replace(known, services=known.services.model_copy(update={"hours": hours}))
    ticket = in_status(later_setup(31), "I gang")
    assert state(ticket, LATER_SETUP, warning) is ApprovalState.APPROVED
    assert put_back(ticket, LATER_SETUP, warning) is None


def test_more_hours_take_a_new_offer_and_a_new_yes() -> None:
    """R12, R13, R19: a number that somebody raises approves nothing."""
    more = changed(FieldName.OFFERED_HOURS, None, Decimal(40), APPROVED + timedelta(hours=1))
    raised = later_setup(31, fields={FieldName.OFFERED_HOURS: Decimal(40)}, field_history=(more,))
    assert state(raised, LATER_SETUP) is ApprovalState.LAPSED
    second = {"digest": digest("offer 2"), "message_id": digest("offer 2 id"), "sent_at": APPROVED + timedelta(hours=2)}
    files = (*raised.attachments, attached("3", "tilbud2.eml", APPROVED + timedelta(hours=2)))
    memory = remembering(a1=an_offer(), a2=a_yes(), a3=an_offer(**second)).model_copy(update={"setup_holder": ANOTHERS})
    assert state(replace(raised, attachments=files), memory) is ApprovalState.AWAITING
    yes = a_yes(
        digest=digest("yes 2"),
        message_id=digest("yes 2 id"),
        references=frozenset({digest("offer 2 id")}),
        sent_at=APPROVED + timedelta(hours=3),
    )
    files = (*files, attached("4", "svar2.eml", APPROVED + timedelta(hours=3)))
    memory = memory.model_copy(update={"evidence": {**memory.evidence, **remembering(a4=yes).evidence}})
    assert state(replace(raised, attachments=files), memory) is ApprovalState.APPROVED
    assert state(replace(raised, attachments=files, seconds_spent=40 * HOUR), memory) is ApprovalState.CAP_REACHED


def test_kombits_setup_has_no_cap() -> None:
    """R16: the thirty hours are for later setups."""
    steps = moved("Afventer Kunde", "KOMBIT-accept modtaget", APPROVED, KOMBITS)
    ticket = in_status(a_setup(seconds_spent=100 * HOUR), "KOMBIT-accept modtaget", steps)
    assert state(recorded(ticket), kombits_setup()) is ApprovalState.APPROVED


# Who pays a setup, and so who approves it (R16, R20)


def test_the_municipalitys_yes_to_kombits_setup_approves_nothing_and_the_other_way_round() -> None:
    """R20: the approver must be the one who pays."""
    kombits_yes = a_yes(senders=(sender("kirsten@kombit.example"),))
    assert state(later_setup(0), kombits_setup(a2=a_yes())) is ApprovalState.AWAITING
    assert state(later_setup(0), kombits_setup(a2=kombits_yes)) is ApprovalState.APPROVED
    other = LATER_SETUP.model_copy(update={"evidence": remembering(a1=an_offer(), a2=kombits_yes).evidence})
    assert state(later_setup(0), other) is ApprovalState.AWAITING


def test_kombit_chosen_for_anothers_setup_needs_a_reason_before_anything_starts() -> None:
    """R16: a person can override, with a reason."""
    chosen = a_setup(status="I gang", fields={FieldName.PAYER: "KOMBIT"})
    memory = kombits_setup().model_copy(update={"setup_holder": ANOTHERS, "setups_held": frozenset()})
    assert state(chosen, memory) is ApprovalState.UNRESOLVED
    assert put_back(chosen, memory) == (StatusRole.NEW, "R10")
    with_reason = replace(chosen, comments=(told("#dubu opsætning kombit fordi den første aldrig kom i drift"),))
    assert state(with_reason, memory) is ApprovalState.AWAITING
    by_customer = replace(chosen, comments=(told("#dubu opsætning kombit fordi vi vil ikke betale", CUSTOMER),))
    assert state(by_customer, memory) is ApprovalState.UNRESOLVED


def test_the_newest_reason_says_who_pays_a_setup() -> None:
    """R16."""
    words = ("#dubu opsætning kombit fordi de har lovet det", "#dubu opsætning betaler fordi de trak det tilbage")
    for order, payer in ((words, Payer.MUNICIPALITY), (words[::-1], Payer.KOMBIT)):
        comments = tuple(
            replace(told(text, number=str(n)), created=APPROVED + timedelta(hours=n)) for n, text in enumerate(order)
        )
        found = seen(a_setup(history=(), comments=comments), LATER_SETUP).payer
        assert found is not None
        assert (found.payer, found.source) == (payer, PayerSource.SETUP_PERSON)


# What must be in place

SUBJECT = "C=DK, O=Ballerup Kommune, organizationIdentifier=NTRDK-58271713, CN=Fagsystem X"
TO_START = {"Certifikat Subject": SUBJECT, "Mail til driftsinformation": "drift@ballerup.example"}


def ticked(*keys: str, word: str = "krav") -> tuple[Comment, ...]:
    return tuple(told(f"#dubu {word} {key} fordi det er set", number=key) for key in keys)


def to_api(*keys: str, answers: Mapping[str, str] = TO_START, **known: Any) -> Ticket:  # noqa: ANN401 - ticket's fields
    """An approved K8 with these answers on the form, and these items ticked off."""
    return answered(category="K8", form_answers=answers, comments=ticked(*keys), **known)


@pytest.mark.parametrize(
    "ticket",
    [
        to_api(),
        to_api("kombit_kontaktet", answers={}),
        to_api("kombit_kontaktet", answers=dict([*TO_START.items()][1:])),
    ],
    ids=["not ticked", "nothing filled in", "no certificate"],
)
def test_an_approved_ticket_does_not_start_before_what_the_start_needs(ticket: Ticket) -> None:
    """R22."""
    assert state(ticket) is ApprovalState.PREREQUISITES
    assert put_back(in_status(ticket, "I gang")) == (StatusRole.WAITING_CUSTOMER, "R22")
    assert put_back(in_status(ticket, "Godkendt")) == (StatusRole.WAITING_CUSTOMER, "R22")


def test_with_them_in_place_it_starts_whatever_production_needs_later() -> None:
    assert put_back(to_api("kombit_kontaktet")) == (StatusRole.APPROVED, "R9")
    refused = to_api("kombit_kontaktet")
    refused = replace(refused, comments=(*refused.comments, *ticked("certifikat", word="ikke-krav")))
    assert state(refused) is ApprovalState.PREREQUISITES


def test_a_checklist_opens_nothing_by_itself() -> None:
    ticket = replace(to_api("kombit_kontaktet"), attachments=offered().attachments)
    assert state(ticket, ONLY_OFFER) is ApprovalState.AWAITING
    assert put_back(in_status(ticket, "I gang"), ONLY_OFFER) == (StatusRole.WAITING_CUSTOMER, "R10")


def test_nothing_goes_to_production_before_its_test() -> None:
    """R21, R22: back to work, for only production is not ready."""
    began = moved("Godkendt", "I gang", LATER), moved("I gang", "I produktion", LATER)
    early = in_status(to_api("kombit_kontaktet"), "I produktion", *began)
    found = move(early)
    assert found is not None
    assert (found.role, found.rule, found.reason) == (StatusRole.WORK, "R22", "mangler_før_produktion")
    assert found.evidence == ("1", "2", "kommentar:kombit_kontaktet")
    ready = to_api("kombit_kontaktet", "mailliste", "integrationstest")
    assert put_back(in_status(ready, "I produktion", *began)) is None


def test_a_robot_goes_live_only_after_a_monitored_and_agreed_test() -> None:
    """R21."""
    began = moved("Godkendt", "I gang", LATER), moved("I gang", "I produktion", LATER)
    for keys in ((), ("test_aftalt",), ("test_overvåget",)):
        robot = in_status(answered(category="K7", comments=ticked(*keys)), "I produktion", *began)
        assert put_back(robot) == (StatusRole.WORK, "R21")
    agreed = answered(category="K7", comments=ticked("test_aftalt", "test_overvåget"))
    assert put_back(in_status(agreed, "I produktion", *began)) is None


def test_production_without_an_approval_is_no_place_to_work_on() -> None:
    robot = offered(category="K7", status="I produktion", comments=ticked("test_aftalt", "test_overvåget"))
    assert put_back(robot, ONLY_OFFER) == (StatusRole.WAITING_CUSTOMER, "R10")


@pytest.mark.parametrize(
    ("status", "steps", "expected"),
    [
        ("Løst", (moved("I gang", "Løst", LATER),), (StatusRole.WORK, "R22")),
        ("Løst", (moved("I produktion", "Løst", LATER, CUSTOMER),), (StatusRole.WORK, "R22")),
        ("Løst", (moved("I gang", "Løst", LATER, ADAPTER),), None),
        ("Løst", (moved("Afventer Kunde", "Løst", LATER),), None),
        ("Løst", (), None),
        ("Annulleret", (moved("I gang", "Annulleret", LATER),), None),
        ("I gang", (moved("Godkendt", "I gang", LATER),), None),
    ],
)
def test_only_a_persons_step_from_work_to_done_is_taken_back(
    status: str, steps: tuple[StatusChange, ...], expected: tuple[StatusRole, str] | None
) -> None:
    """K4: from which ydelse to which is recorded before the ticket is closed."""
    ticket = in_status(answered(category="K4"), status, *steps)
    assert put_back(ticket) == expected
    assert put_back(replace(ticket, history=steps)) == expected
    recorded = replace(ticket, form_answers={"Ydelse fra": "A", "Ydelse til": "B"})
    assert put_back(recorded) is None


def without_production() -> Catalogue:
    """A site that has no status for production."""
    known = with_solution()
    statuses = {role: names for role, names in known.jira.statuses.items() if role is not StatusRole.PRODUCTION}
    return replace(known, jira=known.jira.model_copy(update={"statuses": statuses}))


@pytest.mark.parametrize(
    ("last", "known", "is_taken_back"),
    [
        ("I gang", with_solution(), False),  # help with the test, and never live (K8 h)
        ("I produktion", with_solution(), True),
        ("I gang", without_production(), True),  # where closing is all that can be held back
    ],
)
def test_what_production_needs_is_needed_at_the_end_of_what_was_live(
    last: str, known: Catalogue, is_taken_back: bool
) -> None:
    """R21, R22."""
    for ticket in (to_api("kombit_kontaktet"), answered(category="K7")):
        found = move(in_status(ticket, "Løst", moved(last, "Løst", LATER)), BOTH, known)
        assert (found and found.reason) == ("mangler_før_afslutning" if is_taken_back else None)


def test_a_ticket_that_was_closed_before_yesterday_is_left_closed() -> None:
    """R22: neither an edited checklist nor a thank-you a year later opens it again."""
    for closed, expected in (
        (LATER - timedelta(hours=24), (StatusRole.WORK, "R22")),
        (OFFERED - timedelta(days=2), None),
    ):
        ticket = in_status(answered(category="K4"), "Løst", moved("I gang", "Løst", closed))
        assert put_back(ticket) == expected


@pytest.mark.parametrize(
    ("category", "status", "says"),
    [("K7", "I produktion", "kræver før produktion"), ("K4", "Løst", "kræver før afslutning")],
)
def test_a_step_that_is_taken_back_is_told_alike_before_and_after(category: str, status: str, says: str) -> None:
    """R21, R22, R24."""
    early = in_status(answered(category=category), status, moved("I gang", status, LATER))
    after = in_status(early, "I gang", moved(status, "I gang", LATER, ADAPTER))
    told = [
        next(line for line in comment_of(decide(ticket, with_solution(), BOTH, LATER)).splitlines() if says in line)
        for ticket in (early, after)
    ]
    assert told[0] == told[1]
    assert f"flyttede Agnete Agent sagen til “{status}”" in told[0]


# To the second (R12)


def priced(before: Decimal | None, when: datetime) -> Ticket:
    """An approved ticket whose price was written down at a moment."""
    price: FieldChange = changed(FieldName.OFFERED_PRICE, before, Decimal(2), when)
    return answered(fields={FieldName.OFFERED_PRICE: Decimal(2)}, field_history=(price,))


@pytest.mark.parametrize(("milliseconds", "is_open"), [(-1, True), (0, True), (999, True), (1000, False)])
def test_a_price_written_within_the_second_of_the_offers_date_came_before_it(milliseconds: int, is_open: bool) -> None:
    """A mail's date is a whole second, and Jira counts in thousandths."""
    ticket = priced(Decimal(1), OFFERED + timedelta(milliseconds=milliseconds))
    assert state(ticket) is (ApprovalState.APPROVED if is_open else ApprovalState.LAPSED)


@pytest.mark.parametrize(("milliseconds", "is_open"), [(-1, True), (999, True), (1000, False), (60_000, False)])
def test_a_price_first_written_a_second_after_the_approval_is_not_covered(milliseconds: int, is_open: bool) -> None:
    ticket = priced(None, APPROVED + timedelta(milliseconds=milliseconds))
    assert state(ticket) is (ApprovalState.APPROVED if is_open else ApprovalState.LAPSED)


def test_what_was_written_after_the_mail_was_attached_came_after_it_in_the_same_second_too() -> None:
    files = (*offered().attachments, attached("2", "svar.eml", APPROVED + timedelta(milliseconds=200)))
    for milliseconds, expected in ((200, ApprovalState.APPROVED), (201, ApprovalState.LAPSED)):
        ticket = priced(None, APPROVED + timedelta(milliseconds=milliseconds))
        assert state(replace(ticket, attachments=files)) is expected


# What keeps it closed, and where it rests

_HOLDS = ("payer", "disagreement", "offer", "refused", "changed", "second thoughts", "approval", "cap", "checklist")
_STATES = dict(
    zip(
        _HOLDS,
        (
            ApprovalState.UNRESOLVED,
            ApprovalState.DISAGREEMENT,
            ApprovalState.OFFER_MISSING,
            ApprovalState.REFUSED,
            ApprovalState.LAPSED,
            ApprovalState.PERSON,
            ApprovalState.AWAITING,
            ApprovalState.CAP_REACHED,
            ApprovalState.PREREQUISITES,
        ),
        strict=True,
    )
)


@given(st.sets(st.sampled_from(_HOLDS)))
def test_the_gate_is_open_only_when_nothing_holds_it_and_says_the_first_that_does(holding: set[str]) -> None:
    """R9–R14, R19, R22: in this order, for what comes later can't be judged before what comes first is settled."""
    ticket = priced(Decimal(1), LATER if "changed" in holding else OFFERED - timedelta(minutes=5))
    view = seen(answered())
    assert view.payer is not None
    payer = replace(view.payer, payer=Payer.UNRESOLVED) if "payer" in holding else view.payer
    evidence = replace(
        view.evidence,
        offer=None if "offer" in holding else view.evidence.offer,
        approval=None if "approval" in holding else view.evidence.approval,
        second_thoughts=view.evidence.pieces[1] if "second thoughts" in holding else None,
    )
    sources = {"disagreement": Source.FIELD, "refused": Source.MAIL}
    source = next((sources[name] for name in sources if name in holding), None)
    disagreement = Disagreement(source, APPROVED, None, None, APPROVED) if source else None
    holds = Holds(disagreement, is_at_cap="cap" in holding, lacks_prerequisites="checklist" in holding)
    row = with_solution().services.categories[CategoryId("K10")]
    gate = stand_at_gate(ticket, with_solution(), row, payer, evidence, holds)
    assert gate.state is next((_STATES[name] for name in _HOLDS if name in holding), ApprovalState.APPROVED)
    assert gate.is_open is not bool(holding)


def test_no_ticket_rests_where_work_may_be_done_while_its_gate_is_closed() -> None:
    """R10, R18: whatever keeps it closed, and wherever it stands."""
    view, names = seen(answered()), {status.role: name for name, status in STATUSES.items()}
    for role, closed in product(StatusRole, set(ApprovalState) - {ApprovalState.APPROVED, ApprovalState.NOT_REQUIRED}):
        ticket = answered(status=names[role])
        found = wanted_move(ticket, with_solution(), Gate(closed), view.payer, view.evidence)
        held = {*WORKING, StatusRole.APPROVED, StatusRole.KOMBIT_ACCEPTED}
        assert (found.role if found else role) not in held
        assert found is None or role not in {*CLOSED, StatusRole.OTHER}
