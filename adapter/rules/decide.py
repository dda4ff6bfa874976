"""The decision: from a ticket as it stands to what should be done with it, purely (R1–R12)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import ApprovalState, CategoryId, FieldName, StatusRole
from adapter.rules.choices import persons_value
from adapter.rules.classify import Classification, classify
from adapter.rules.comment import Telling, existing_status_comment, status_comment
from adapter.rules.evidence import EvidenceView, digests_of, judge
from adapter.rules.fill import Decided, fields_of_row, fields_without_row, fill
from adapter.rules.gate import Gate, stand_at_gate, wanted_move
from adapter.rules.payer import PayerDecision, decide_payer
from adapter.rules.plan import Action, ClaimApproval, Plan, ReleaseApproval
from adapter.rules.times import tell_times
from adapter.ticket.evidence import Memory
from adapter.ticket.snapshot import Ticket, Value

_SETTLED = frozenset(
    {StatusRole.WAITING_CUSTOMER, StatusRole.WAITING_THIRD_PARTY, StatusRole.APPROVED, StatusRole.WORK}
)


@dataclass(frozen=True)
class _View:
    """What follows from a ticket before the actions are drawn up."""

    fields: dict[FieldName, tuple[Value, str]]
    comment: str
    gate: Gate
    payer: PayerDecision | None
    evidence: EvidenceView
    wake_at: datetime | None = None


def decide(ticket: Ticket, catalogue: Catalogue, memory: Memory, now: datetime) -> Plan:
    """Says what should be done with a ticket now; an empty Plan where everything already is as it should be."""
    if ticket.status.role is StatusRole.DONE and _is_untouched(ticket):
        return Plan()  # closed before the adapter came: history is left as it is
    view = _view(ticket, catalogue, memory, now)
    move = wanted_move(ticket, catalogue, view.gate, view.payer, view.evidence)
    if move is not None:
        known = (view.evidence.offer, view.evidence.approval, view.evidence.refusal)
        move = replace(move, evidence=tuple(piece.attachment.id for piece in known if piece is not None))
    closing = move is not None and not view.gate.is_open
    filled = fill(ticket, catalogue, view.fields)
    told = status_comment(ticket, view.comment)
    claims = _claims(view, memory, ticket)
    # Closing comes first, so that nothing delays it; opening comes last, when the ticket already says why.
    steps: tuple[Action | None, ...] = (*claims, move, told, filled) if closing else (*claims, filled, told, move)
    return Plan(tuple(step for step in steps if step is not None), view.wake_at)


def _is_untouched(ticket: Ticket) -> bool:
    return ticket.fields.get(FieldName.CATEGORY) is None and existing_status_comment(ticket) is None


def _view(ticket: Ticket, catalogue: Catalogue, memory: Memory, now: datetime) -> _View:
    kept = _kept_category(ticket, catalogue)
    chosen = kept or _text(persons_value(ticket, FieldName.CATEGORY))
    found = classify(ticket, catalogue, chosen, _text(persons_value(ticket, FieldName.SUBTYPE)))
    telling = Telling(ticket, catalogue)
    row = next((row for row_id, row in catalogue.services.categories.items() if row_id == found.category), None)
    if row is None or found.category is None:
        return _without_row(catalogue, memory, found, telling)
    payer = decide_payer(ticket, catalogue, row)
    evidence = judge(ticket, catalogue, payer, memory, now)
    gate = stand_at_gate(ticket, catalogue, payer, evidence)
    times = tell_times(ticket, catalogue, row, evidence, gate.approved_at, now)
    decided = Decided(CategoryId(found.category), row, found.subtype, payer, times, gate)
    wake_at = times.reaction_due + timedelta(seconds=1) if times.reacted_at is None and times.in_time is None else None
    comment = telling.with_row(found, kept is not None, decided, evidence, memory.trouble)
    return _View(fields_of_row(catalogue, decided), comment, gate, payer, evidence, wake_at)


def _without_row(catalogue: Catalogue, memory: Memory, found: Classification, telling: Telling) -> _View:
    outside = found.is_outside
    services = catalogue.services
    label = services.outside_name if outside else services.triage_name
    state = ApprovalState.NOT_REQUIRED if outside else ApprovalState.UNRESOLVED
    fields = fields_without_row(catalogue, label, state)
    comment = telling.without_row(found, Gate(state), memory.trouble, label)
    may_start = outside or not services.gate_closed_in_triage
    gate = Gate(ApprovalState.NOT_REQUIRED if may_start else ApprovalState.UNRESOLVED)
    return _View(fields, comment, gate, None, EvidenceView((), None, None, None))


def _kept_category(ticket: Ticket, catalogue: Catalogue) -> str | None:
    """The adapter's own category once the ticket has been offered: from then on only a person changes it (R12)."""
    current = ticket.fields.get(FieldName.CATEGORY)
    offered = any(change.after.role in _SETTLED and change.by.is_adapter for change in ticket.history)
    is_own = persons_value(ticket, FieldName.CATEGORY) is None
    labels = {row.name for row in catalogue.services.categories.values()}
    return str(current) if offered and is_own and current in labels else None


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _claims(view: _View, memory: Memory, ticket: Ticket) -> tuple[Action, ...]:
    """Ties the approval's mail to this ticket, and lets go of one whose file is gone (R11)."""
    approval = view.evidence.approval
    actions: list[Action] = []
    if approval is not None and (fresh := approval.digests - memory.claimed):
        actions.append(ClaimApproval(tuple(sorted(fresh))))
    present = {d for a in ticket.attachments for d in digests_of(memory.evidence.get(a.id))}
    if gone := memory.claimed - present:
        actions.append(ReleaseApproval(tuple(sorted(gone))))
    return tuple(actions)
