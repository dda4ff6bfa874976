"""The gate: where a ticket stands on its way to an approval, and which status follows from that (R8–R12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import CLOSED, ApprovalState, FieldName, Payer, StatusRole
from adapter.rules.choices import same_value, value_at
from adapter.rules.evidence import EvidenceView, Kind, Piece, is_signature_picture
from adapter.rules.payer import PayerDecision
from adapter.rules.plan import MoveTo
from adapter.rules.times import WAITING
from adapter.ticket.snapshot import StatusChange, Ticket, Value

_AGREED = frozenset({FieldName.OFFERED_PRICE, FieldName.OFFERED_HOURS})


@dataclass(frozen=True)
class Gate:
    """Whether work may start, and why not; `changed` names what an approval no longer covers."""

    state: ApprovalState
    changed: tuple[FieldName, ...] = ()
    approved_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in {ApprovalState.APPROVED, ApprovalState.NOT_REQUIRED}


def stand_at_gate(ticket: Ticket, catalogue: Catalogue, payer: PayerDecision, evidence: EvidenceView) -> Gate:
    """Says where a payable ticket stands: the gate is open only on an approval of what is offered now (R9–R12)."""
    offer, approval = evidence.offer, evidence.approval
    if not payer.is_known:
        return Gate(ApprovalState.UNRESOLVED)
    if offer is None:
        return Gate(ApprovalState.OFFER_MISSING)
    changed = changed_since_offer(ticket, catalogue, offer, approval)
    if evidence.refusal is not None:
        gate = Gate(ApprovalState.REFUSED)
    elif changed:
        gate = Gate(ApprovalState.LAPSED, changed)
    elif evidence.second_thoughts is not None:
        gate = Gate(ApprovalState.PERSON)
    elif approval is not None:
        gate = Gate(ApprovalState.APPROVED, approved_at=approval.stands_since)
    elif any(_needs_a_person(piece, offer) for piece in evidence.pieces):
        gate = Gate(ApprovalState.PERSON)
    else:
        gate = Gate(ApprovalState.AWAITING)
    return gate


def _needs_a_person(piece: Piece, offer: Piece) -> bool:
    """A doubtful mail always; a picture or PDF only if it came after the offer, else it is just the order's own."""
    if piece.kind is Kind.DOUBTFUL:
        return True
    came_after = piece.attachment.created > offer.attached_at
    return piece.kind is Kind.FOR_A_PERSON and came_after and not is_signature_picture(piece.attachment)


def changed_since_offer(
    ticket: Ticket, catalogue: Catalogue, offer: Piece, approval: Piece | None
) -> tuple[FieldName, ...]:
    """What was changed after it was offered or approved (R12).

    What was undecided (category, payer, party) may be decided at any time: only then is the approval judged. An offered
    price or hours that were empty may be written down until the approval stands; afterwards any change counts.
    """
    undecided = {catalogue.label(FieldName.PAYER, Payer.UNRESOLVED), catalogue.services.triage_name}

    def settled(value: Value) -> Value:
        return None if value in undecided else value

    found: list[FieldName] = []
    for field in catalogue.evidence.covered:
        now = settled(ticket.fields.get(field))
        before = [settled(value_at(ticket, field, moment)) for moment in _moments(ticket, offer, approval)]
        differs = any(value is not None and not same_value(value, now) for value in before)
        if approval is not None and field in _AGREED:
            differs = differs or not same_value(settled(value_at(ticket, field, _said(approval, ticket))), now)
        if differs:
            found.append(field)
    return tuple(found)


def _moments(ticket: Ticket, offer: Piece, approval: Piece | None) -> tuple[datetime, ...]:
    """When what is offered and approved was settled: as each was written, and as each came to count on the ticket.

    Both, since either alone can be chosen: a mail's date by its writer, the time of attaching by whoever attaches it.
    """
    pieces = (offer, *((approval,) if approval is not None else ()))
    return tuple(moment for piece in pieces for moment in (_said(piece, ticket), piece.stands_since))


def _said(piece: Piece, ticket: Ticket) -> datetime:
    """As of when a piece speaks: a person's verdict, else the mail itself, however late it was put on the ticket."""
    return piece.verdict.at if piece.verdict else max(piece.said_at, ticket.created)


def waiting_role(payer: Payer, catalogue: Catalogue) -> StatusRole:
    """Which status waits for this payer (R8)."""
    if payer is Payer.KOMBIT:
        return StatusRole(catalogue.jira.kombit_waits_as)
    return StatusRole.WAITING_THIRD_PARTY if payer is Payer.THIRD_PARTY else StatusRole.WAITING_CUSTOMER


def wanted_move(
    ticket: Ticket, catalogue: Catalogue, gate: Gate, payer: PayerDecision | None, evidence: EvidenceView
) -> MoveTo | None:
    """The one status change that follows from the gate, or None.

    A ticket that is done is left alone, and so is a person's move between statuses that mean no work, but for one: with
    a standing approval a ticket in Ny goes on to Godkendt, from where alone work may start.
    """
    role = ticket.status.role
    if gate.state is ApprovalState.NOT_REQUIRED or role in {*CLOSED, StatusRole.OTHER}:
        return None
    if gate.state is ApprovalState.APPROVED and evidence.approval is not None:
        return _forward(ticket, evidence.approval)
    offered = gate.state in {ApprovalState.AWAITING, ApprovalState.PERSON} and evidence.offer is not None
    rest = waiting_role(payer.payer, catalogue) if payer is not None and offered else StatusRole.NEW
    if role in {StatusRole.WORK, StatusRole.APPROVED}:
        return MoveTo(rest, "R12" if gate.state is ApprovalState.LAPSED else "R10", gate.state.value)
    if not offered or evidence.offer is None or role == rest:
        return None
    untouched = role is StatusRole.NEW and not _been_in(ticket, WAITING, evidence.offer.stands_since)
    # Where the payer changed, the adapter corrects its own move and no one else's.
    misplaced = role in WAITING and bool(ticket.history) and ticket.history[-1].by.is_adapter
    return MoveTo(rest, "R8", gate.state.value) if untouched or misplaced else None


def _forward(ticket: Ticket, approval: Piece) -> MoveTo | None:
    """On to Godkendt; not out of a waiting status that a person chose after work could begin."""
    role = ticket.status.role
    begun = frozenset({StatusRole.APPROVED, StatusRole.WORK})
    fresh = not _been_in(ticket, begun, approval.stands_since)
    if role is StatusRole.NEW or (role in WAITING and fresh):
        return MoveTo(StatusRole.APPROVED, "R9", ApprovalState.APPROVED.value)
    return None


def _been_in(ticket: Ticket, roles: frozenset[StatusRole], since: datetime) -> bool:
    return any(change.after.role in roles and change.at >= since for change in ticket.history)


def early_start(ticket: Ticket, gate: Gate) -> StatusChange | None:
    """The latest attempt to start without an approval that was, or is about to be, put back (R10).

    A start from an open gate is none, though the gate may have closed since. It reads the same before and after the
    adapter's own move, so that the ticket is told once.
    """
    latest: StatusChange | None = None
    is_open = False
    for change, following in zip_longest(ticket.history, ticket.history[1:]):
        if change.by.is_adapter:
            is_open = change.after.role is StatusRole.APPROVED
        elif change.after.role is StatusRole.WORK and not is_open:
            put_back = following is not None and following.by.is_adapter and following.after.role is not StatusRole.WORK
            about_to_be = following is None and not gate.is_open
            latest = change if put_back or about_to_be else latest
    return latest
