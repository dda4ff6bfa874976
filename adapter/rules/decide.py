"""The decision: from a ticket as it stands to what should be done with it, purely (R1–R12)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import CLOSED, ApprovalState, CategoryId, FieldName, StatusRole
from adapter.rules.checks import is_of_desk
from adapter.rules.choices import chooser, persons_value
from adapter.rules.classify import Classification, classify
from adapter.rules.comment import Telling, existing_status_comment, status_comment
from adapter.rules.evidence import EvidenceView, Kind, accepted_as, judge
from adapter.rules.fill import Decided, fields_of_row, fields_without_row, fill
from adapter.rules.gate import Gate, stand_at_gate, wanted_move
from adapter.rules.payer import PayerDecision, decide_payer
from adapter.rules.plan import Action, ClaimApproval, Plan, ReleaseApproval
from adapter.rules.times import tell_times
from adapter.ticket.evidence import Memory
from adapter.ticket.snapshot import Ticket, Value

_SETTLED = frozenset({StatusRole.WAITING_CUSTOMER, StatusRole.WAITING_THIRD_PARTY, StatusRole.APPROVED})


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
    if ticket.status.role in CLOSED and _is_untouched(ticket):
        return Plan()  # closed before the adapter came: history is left as it is
    view = _view(ticket, catalogue, memory, now)
    move = wanted_move(ticket, catalogue, view.gate, view.payer, view.evidence)
    if move is not None:
        known = (view.evidence.offer, view.evidence.approval, view.evidence.refusal)
        move = replace(move, evidence=tuple(piece.attachment.id for piece in known if piece is not None))
    closing = move is not None and not view.gate.is_open
    filled = fill(ticket, catalogue, view.fields, keep=has_been_offered(ticket) or ticket.status.role in CLOSED)
    told = status_comment(ticket, view.comment)
    claims = _claims(view, memory)
    # Closing comes first, so that nothing delays it; opening comes last, when the ticket already says why.
    steps: tuple[Action | None, ...] = (*claims, move, told, filled) if closing else (*claims, filled, told, move)
    return Plan(tuple(step for step in steps if step is not None), view.wake_at)


def _is_untouched(ticket: Ticket) -> bool:
    return ticket.fields.get(FieldName.CATEGORY) is None and existing_status_comment(ticket) is None


def _view(ticket: Ticket, catalogue: Catalogue, memory: Memory, now: datetime) -> _View:
    subtype = _text(persons_value(ticket, FieldName.SUBTYPE))
    found = classify(ticket, catalogue, _chosen_category(ticket, catalogue), subtype)
    kept = _kept_category(ticket, catalogue, found)
    if kept is not None:
        found = classify(ticket, catalogue, kept, subtype)
    telling = Telling(ticket, catalogue, memory)
    row = next((row for row_id, row in catalogue.services.categories.items() if row_id == found.category), None)
    if row is None or found.category is None:
        return _without_row(catalogue, found, telling)
    payer = decide_payer(ticket, catalogue, row, keep=has_been_offered(ticket))
    evidence = judge(ticket, catalogue, payer, memory, now)
    gate = stand_at_gate(ticket, catalogue, payer, evidence)
    times = tell_times(ticket, catalogue, row, evidence, gate.approved_at, now)
    decided = Decided(CategoryId(found.category), row, found.subtype, payer, times, gate)
    wake_at = times.reaction_due + timedelta(seconds=1) if times.reacted_at is None and times.in_time is None else None
    comment = telling.with_row(found, kept is not None, decided, evidence)
    return _View(fields_of_row(catalogue, decided), comment, gate, payer, evidence, wake_at)


def _without_row(catalogue: Catalogue, found: Classification, telling: Telling) -> _View:
    outside = found.is_outside
    services = catalogue.services
    label = services.outside_name if outside else services.triage_name
    state = ApprovalState.NOT_REQUIRED if outside else ApprovalState.UNRESOLVED
    fields = fields_without_row(catalogue, label, state)
    comment = telling.without_row(found, Gate(state), label)
    may_start = outside or not services.gate_closed_in_triage
    gate = Gate(ApprovalState.NOT_REQUIRED if may_start else ApprovalState.UNRESOLVED)
    return _View(fields, comment, gate, None, EvidenceView((), None, None, None))


def has_been_offered(ticket: Ticket) -> bool:
    """True once the ticket has waited for its payer or gone further: what it was offered by is settled (R12)."""
    return any(change.after.role in _SETTLED for change in ticket.history)


def _chosen_category(ticket: Ticket, catalogue: Catalogue) -> str | None:
    """The category a person chose; out of the catalogue, and so past the gate, only the service desk may take it."""
    label = _text(persons_value(ticket, FieldName.CATEGORY))
    by = chooser(ticket, FieldName.CATEGORY)
    is_desks = by is not None and is_of_desk(by)
    return None if label == catalogue.services.outside_name and not is_desks else label


def _kept_category(ticket: Ticket, catalogue: Catalogue, found: Classification) -> str | None:
    """The adapter's own category where it would now say otherwise of a ticket that has been offered (R12)."""
    current = ticket.fields.get(FieldName.CATEGORY)
    is_own = persons_value(ticket, FieldName.CATEGORY) is None
    own = next((row_id for row_id, row in catalogue.services.categories.items() if row.name == current), None)
    differs = own is not None and own != found.category
    return _text(current) if has_been_offered(ticket) and is_own and differs else None


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _claims(view: _View, memory: Memory) -> tuple[Action, ...]:
    """Ties the approval to this ticket, and lets go of one that is gone or was laid aside (R11)."""
    evidence, actions = view.evidence, list[Action]()
    if evidence.approval is not None and evidence.offer is not None and view.gate.state is ApprovalState.APPROVED:
        accepted = accepted_as(evidence.approval, evidence.offer)
        digests = evidence.approval.digests - memory.claimed
        if digests or any(memory.accepted.get(file) != role for file, role in accepted.items()):
            actions.append(ClaimApproval(tuple(sorted(digests)), tuple(sorted(accepted.items()))))
    held = {d for piece in evidence.pieces if piece.kind is not Kind.SET_ASIDE for d in piece.digests}
    if gone := memory.claimed - held:
        actions.append(ReleaseApproval(tuple(sorted(gone))))
    return tuple(actions)
