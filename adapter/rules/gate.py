"""The gate: where a ticket stands on its way to an approval, and which status follows from that (R8–R12)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adapter.catalogue.model import Catalogue, Category
from adapter.catalogue.words import CLOSED, WORKING, ApprovalState, FieldName, Payer, StatusRole
from adapter.rules.choices import same_value, standing_value, value_at
from adapter.rules.disagreement import Disagreement, Source
from adapter.rules.evidence import EvidenceView, Kind, Piece, is_signature_picture
from adapter.rules.offer import terms_of
from adapter.rules.payer import PayerDecision
from adapter.rules.plan import MoveTo
from adapter.rules.starts import starts_of
from adapter.rules.times import WAITING
from adapter.ticket.snapshot import StatusChange, Ticket, Value

_AGREED = frozenset({FieldName.OFFERED_PRICE, FieldName.OFFERED_HOURS})
_WITHIN = timedelta(milliseconds=999)


@dataclass(frozen=True)
class Gate:
    """Whether work may start, and why not; `changed` names what an approval no longer covers."""

    state: ApprovalState
    changed: tuple[FieldName, ...] = ()
    approved_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in {ApprovalState.APPROVED, ApprovalState.NOT_REQUIRED}


@dataclass(frozen=True)
class Holds:
    """What keeps a gate closed beside the evidence of offer and approval."""

    disagreement: Disagreement | None = None  # the newest one, settled or not (R14)
    is_at_cap: bool = False  # the approved hours are used (R19)
    lacks_prerequisites: bool = False  # of those needed before the start (R22)


def stand_at_gate(
    ticket: Ticket, catalogue: Catalogue, row: Category, payer: PayerDecision, evidence: EvidenceView, holds: Holds
) -> Gate:
    """Says where a payable ticket stands: the gate is open only on an approval of what is offered now (R9–R14)."""
    offer = evidence.offer
    disagreement = holds.disagreement if holds.disagreement is not None and holds.disagreement.stands else None
    if not payer.is_known or payer.needs_reason:
        return Gate(ApprovalState.UNRESOLVED)
    if disagreement is not None and disagreement.source is not Source.MAIL:
        return Gate(ApprovalState.DISAGREEMENT)
    if offer is None:
        return Gate(ApprovalState.OFFER_MISSING)
    if disagreement is not None:
        return Gate(ApprovalState.REFUSED)
    changed = changed_since_offer(ticket, catalogue, row, payer, offer, evidence.approval)
    if changed:
        return Gate(ApprovalState.LAPSED, changed)
    return _on_evidence(evidence, offer, holds)


def _on_evidence(evidence: EvidenceView, offer: Piece, holds: Holds) -> Gate:
    approval = evidence.approval
    if evidence.second_thoughts is not None:
        return Gate(ApprovalState.PERSON)
    if approval is None:
        in_doubt = any(_needs_a_person(piece, offer) for piece in evidence.pieces)
        return Gate(ApprovalState.PERSON if in_doubt else ApprovalState.AWAITING)
    if holds.is_at_cap:
        return Gate(ApprovalState.CAP_REACHED)
    if holds.lacks_prerequisites:
        return Gate(ApprovalState.PREREQUISITES)
    return Gate(ApprovalState.APPROVED, approved_at=approval.stands_since)


def _needs_a_person(piece: Piece, offer: Piece) -> bool:
    """A doubtful mail always; a picture or PDF only if it came after the offer, else it is just the order's own."""
    if piece.kind is Kind.DOUBTFUL:
        return True
    came_after = piece.attachment.created > offer.attached_at
    return piece.kind is Kind.FOR_A_PERSON and came_after and not is_signature_picture(piece.attachment)


def changed_since_offer(
    ticket: Ticket, catalogue: Catalogue, row: Category, payer: PayerDecision, offer: Piece, approval: Piece | None
) -> tuple[FieldName, ...]:
    """What was changed after it was offered or approved (R12).

    What was undecided (category, payer, party) may be decided at any time: only then is the approval judged. An offered
    price or hours that were empty may be written down until the approval stands; afterwards any change counts, unless
    it comes to the same: the figures of the row in force are offered where the field is empty.
    """
    undecided = {catalogue.label(FieldName.PAYER, Payer.UNRESOLVED), catalogue.services.triage_name}

    def settled(value: Value) -> Value:
        return None if value in undecided else value

    def differs(field: FieldName, moment: datetime) -> bool:
        if same_value(settled(value_at(ticket, field, moment)), settled(standing_value(ticket, field))):
            return False
        before = {f: value_at(ticket, f, moment) for f in _AGREED}
        then, now = (terms_of(replace(ticket, fields=f), catalogue, row, payer) for f in (before, ticket.fields))
        known = {FieldName.OFFERED_PRICE: (then.price, now.price), FieldName.OFFERED_HOURS: (then.hours, now.hours)}
        was, stands = known.get(field, (None, None))
        return was is None or was != stands

    def counts(field: FieldName, moment: datetime) -> bool:
        return (field in _AGREED and moment == approved) or settled(value_at(ticket, field, moment)) is not None

    moments = _moments(ticket, offer, approval)
    approved = _said(approval, ticket) if approval is not None else None
    fields = catalogue.evidence.covered
    return tuple(field for field in fields if any(counts(field, m) and differs(field, m) for m in moments))


def _moments(ticket: Ticket, offer: Piece, approval: Piece | None) -> tuple[datetime, ...]:
    """When what is offered and approved was settled: as each was written, and as each came to count on the ticket.

    Both, since either alone can be chosen: a mail's date by its writer, the time of attaching by whoever attaches it.
    """
    pieces = (offer, *((approval,) if approval is not None else ()))
    return tuple(moment for piece in pieces for moment in (_said(piece, ticket), piece.stands_since))


def _said(piece: Piece, ticket: Ticket) -> datetime:
    """As of when a piece speaks: a person's verdict, else the mail itself, however late it was put on the ticket.

    KOMBIT's transition speaks at its own moment, whether or not its record is attached yet (R18).

    A mail's date is a whole second, and Jira counts in thousandths: what was written within that second came before it.
    """
    if piece.verdict is not None:
        return piece.verdict.at
    if piece.acceptance is not None:
        return piece.acceptance.at
    return max(min(piece.said_at + _WITHIN, piece.attached_at), ticket.created)


def waiting_role(payer: Payer, catalogue: Catalogue) -> StatusRole:
    """Which status waits for this payer (R8)."""
    if payer is Payer.KOMBIT:
        return StatusRole(catalogue.jira.kombit_waits_as)
    return StatusRole.WAITING_THIRD_PARTY if payer is Payer.THIRD_PARTY else StatusRole.WAITING_CUSTOMER


_HELD = frozenset({*WORKING, StatusRole.APPROVED, StatusRole.KOMBIT_ACCEPTED})
"""Where no ticket rests while its gate is closed."""
_MAY_DISAGREE = frozenset({ApprovalState.DISAGREEMENT, ApprovalState.REFUSED, ApprovalState.UNRESOLVED})
"""Where a ticket may rest in Uenighed: who disagrees is not asked before it is known who pays (R14)."""
_OFFERED = frozenset({ApprovalState.AWAITING, ApprovalState.PERSON, ApprovalState.PREREQUISITES})


def wanted_move(
    ticket: Ticket, catalogue: Catalogue, gate: Gate, payer: PayerDecision | None, evidence: EvidenceView
) -> MoveTo | None:
    """The one status change that follows from the gate, or None.

    A ticket that is done is left alone, and so is a person's move between statuses that mean no work, but for one: with
    a standing approval a ticket in Ny goes on to Godkendt, from where alone work may start.
    """
    role = ticket.status.role
    if role in {*CLOSED, StatusRole.OTHER}:
        return None
    if gate.state is ApprovalState.NOT_REQUIRED:
        return _let_through(ticket)
    if gate.state is ApprovalState.APPROVED and evidence.approval is not None:
        return _forward(ticket, evidence.approval)
    offered = gate.state in _OFFERED and evidence.offer is not None
    rest = waiting_role(payer.payer, catalogue) if payer is not None and offered else StatusRole.NEW
    if gate.state is ApprovalState.DISAGREEMENT and catalogue.jira.statuses.get(StatusRole.DISAGREEMENT):
        rest = StatusRole.DISAGREEMENT
    settled = role is StatusRole.DISAGREEMENT and gate.state not in _MAY_DISAGREE
    if role in _HELD or settled:
        return MoveTo(rest, _rule_of_return(gate, role), gate.state.value)
    if offered and evidence.offer is not None and role != rest:
        return _to_waiting(ticket, gate, evidence.offer, rest)
    return None


def _let_through(ticket: Ticket) -> MoveTo | None:
    """What needs no approval goes to Godkendt at once: from there alone can work start, and nobody else leads there.

    A field that says so would be no lock, for people write fields too. Where it waits because a person put it there, it
    goes on waiting; where the adapter did, while it was thought to be payable, there is nothing to wait for any more.
    """
    role = ticket.status.role
    is_stranded = role in {*WAITING, StatusRole.DISAGREEMENT} and _put_there_by_adapter(ticket)
    if role is StatusRole.KOMBIT_ACCEPTED:  # there is nothing for KOMBIT to accept
        return MoveTo(StatusRole.NEW, "R18", ApprovalState.NOT_REQUIRED.value)
    is_due = role is StatusRole.NEW or is_stranded
    return MoveTo(StatusRole.APPROVED, "R9", ApprovalState.NOT_REQUIRED.value) if is_due else None


def _to_waiting(ticket: Ticket, gate: Gate, offer: Piece, rest: StatusRole) -> MoveTo | None:
    """Into the status that waits for the payer, once the mail has been sent (R8)."""
    role = ticket.status.role
    untouched = role is StatusRole.NEW and not _been_in(ticket, WAITING, offer.stands_since)
    # Where the payer changed, the adapter corrects its own move and no one else's.
    misplaced = role in WAITING and _put_there_by_adapter(ticket)
    return MoveTo(rest, "R8", gate.state.value) if untouched or misplaced else None


def _put_there_by_adapter(ticket: Ticket) -> bool:
    return bool(ticket.history) and ticket.history[-1].by.is_adapter


def _rule_of_return(gate: Gate, role: StatusRole) -> str:
    if role in {StatusRole.KOMBIT_ACCEPTED, StatusRole.DISAGREEMENT}:
        return "R18" if role is StatusRole.KOMBIT_ACCEPTED else "R14"
    rules = {
        ApprovalState.LAPSED: "R12",
        ApprovalState.CAP_REACHED: "R19",
        ApprovalState.DISAGREEMENT: "R14",
        ApprovalState.PREREQUISITES: "R22",
    }
    return rules.get(gate.state, "R10")


def _forward(ticket: Ticket, approval: Piece) -> MoveTo | None:
    """On to Godkendt; not out of a waiting status that a person chose after work could begin."""
    role = ticket.status.role
    begun = frozenset({StatusRole.APPROVED, *WORKING})
    fresh = not _been_in(ticket, begun, approval.stands_since)
    passing = role in {StatusRole.NEW, StatusRole.KOMBIT_ACCEPTED, StatusRole.DISAGREEMENT}
    if passing or (role in WAITING and fresh):
        return MoveTo(StatusRole.APPROVED, "R9", ApprovalState.APPROVED.value)
    return None


def _been_in(ticket: Ticket, roles: frozenset[StatusRole], since: datetime) -> bool:
    return any(change.after.role in roles and change.at >= since for change in ticket.history)


def early_start(ticket: Ticket, catalogue: Catalogue, gate: Gate, approval: Piece | None) -> StatusChange | None:
    """The latest attempt to start without an approval that was, or is about to be, put back (R10).

    A start from an open gate is none, though the gate may have closed since. It reads the same before and after the
    adapter's own move, so that the ticket is told once.
    """
    approved_at = approval.stands_since if approval is not None else None
    early = (s for s in starts_of(ticket, catalogue, approved_at) if not s.was_allowed and not s.change.by.is_adapter)
    told = [s.change for s in early if s.was_put_back or (s.end is None and not gate.is_open)]
    return told[-1] if told else None
