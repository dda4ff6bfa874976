"""The decision: from a ticket as it stands to what should be done with it, purely (R1–R22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import CLOSED, ApprovalState, FieldName, StatusRole
from adapter.rules.acceptance import record_name
from adapter.rules.accepted import accepted_as
from adapter.rules.comment import Telling, existing_status_comment, status_comment
from adapter.rules.evidence import Kind
from adapter.rules.figures import are_settled
from adapter.rules.fill import fields_of_row, fields_without_row, fill
from adapter.rules.gate import wanted_move
from adapter.rules.grounds import grounds_of, sources_of
from adapter.rules.letters import record_letter
from adapter.rules.notices import Notices, notices
from adapter.rules.plan import (
    Action,
    AttachLetter,
    AttachSent,
    ClaimApproval,
    ClaimSetup,
    Plan,
    ReleaseApproval,
)
from adapter.rules.view import View, view_of
from adapter.ticket.evidence import Dispatch, Memory
from adapter.ticket.snapshot import Ticket, Value


def decide(ticket: Ticket, catalogue: Catalogue, memory: Memory, now: datetime) -> Plan:
    """Says what should be done with a ticket now; an empty Plan where everything already is as it should be."""
    if ticket.status.role in CLOSED and _is_untouched(ticket):
        return Plan()  # closed before the adapter came: history is left as it is
    view = view_of(ticket, catalogue, memory, now)
    grounds = grounds_of(view)
    setup = replace(view.setup, evidence=grounds) if view.setup is not None else None
    if isinstance(setup, ClaimSetup):
        return Plan((setup,))  # who pays depends on whether it succeeds: everything else is decided after it
    record = _record(ticket, catalogue, view)
    if record is not None and not memory.cannot_record:
        return Plan((record,))  # and so does whether the gate is open (R9)
    move = wanted_move(ticket, catalogue, view.gate, view.payer, view.evidence) or view.unready
    move = replace(move, evidence=grounds) if move is not None else None
    is_priced = view.decided is None or view.decided.is_priced
    filled = fill(
        ticket,
        catalogue,
        _fields(catalogue, view),
        keep=are_settled(ticket, catalogue) and is_priced,
        overruled=_overruled(view),
    )
    filled = replace(filled, sources=sources_of(view, filled)) if filled is not None else None
    told = status_comment(ticket, _comment(ticket, catalogue, memory, view))
    claims = _claims(view, memory)
    more = _more(ticket, catalogue, memory, view, now)
    letters = view.decided.offering.sending if view.decided is not None and ticket.status.role not in CLOSED else ()
    sent = tuple(
        AttachSent(dispatch)
        for dispatch, state in sorted(memory.dispatches.items())
        if state in {Dispatch.HANDING_OVER, Dispatch.SENT}
    )
    # Closing comes first, so that nothing delays it; opening comes last, when the ticket already says why.
    steps: tuple[Action | None, ...] = (
        (*claims, move, setup, told, filled, *sent, *more.steps, *letters)
        if move is not None and move.role is not StatusRole.APPROVED
        else (*claims, setup, filled, told, *sent, *more.steps, *letters, move)
    )
    wake_at = min((*view.wakes, *more.wakes), default=None)
    return Plan(tuple(step for step in steps if step is not None), wake_at)


def _is_untouched(ticket: Ticket) -> bool:
    return ticket.fields.get(FieldName.CATEGORY) is None and existing_status_comment(ticket) is None


def _fields(catalogue: Catalogue, view: View) -> dict[FieldName, tuple[Value, str]]:
    if view.decided is not None:
        return fields_of_row(catalogue, view.decided)
    outside, services = view.found.is_outside, catalogue.services
    state = ApprovalState.NOT_REQUIRED if outside else ApprovalState.UNRESOLVED
    return fields_without_row(catalogue, services.outside_name if outside else services.triage_name, state)


def _overruled(view: View) -> frozenset[FieldName]:
    """What a person chose in a field, and a person's newer command says otherwise (R16)."""
    choice = view.payer.choice if view.payer is not None else None
    return frozenset({FieldName.PAYER}) if choice is not None and not choice.is_in_field else frozenset()


def _comment(ticket: Ticket, catalogue: Catalogue, memory: Memory, view: View) -> str:
    telling = Telling(ticket, catalogue, memory)
    return telling.with_row(view, view.decided) if view.decided is not None else telling.without_row(view)


def _more(ticket: Ticket, catalogue: Catalogue, memory: Memory, view: View, now: datetime) -> Notices:
    """What people are told of beside the status comment, while the ticket is open and payable."""
    decided = view.decided
    away = ticket.status.role in {*CLOSED, StatusRole.OTHER}
    if decided is None or away or view.gate.state is ApprovalState.NOT_REQUIRED:
        return Notices()
    return notices(ticket, catalogue, decided, view.evidence, memory, now)


def _record(ticket: Ticket, catalogue: Catalogue, view: View) -> AttachLetter | None:
    """The record of KOMBIT's transition, where it is not on the ticket yet or any more (R18)."""
    acceptance = view.evidence.acceptance
    if acceptance is None or acceptance.is_recorded or view.decided is None or ticket.status.role in CLOSED:
        return None
    letter = record_letter(ticket, catalogue, view.decided, view.evidence, acceptance)
    return AttachLetter(letter, record_name(acceptance.at), "R18")


def _claims(view: View, memory: Memory) -> tuple[Action, ...]:
    """Ties the approval to this ticket, and lets go of one that is gone or was laid aside (R11)."""
    evidence, actions = view.evidence, list[Action]()
    if view.gate.state is ApprovalState.APPROVED and evidence.approval and evidence.offer:
        accepted = accepted_as(evidence.approval.attachment.id, evidence.offer.attachment.id, view.commands)
        digests = evidence.approval.digests - memory.claimed
        if digests or any(memory.accepted.get(file) != role for file, role in accepted.items()):
            actions.append(ClaimApproval(tuple(sorted(digests)), tuple(sorted(accepted.items()))))
    held = {d for piece in evidence.pieces if piece.kind is not Kind.SET_ASIDE for d in piece.digests}
    if gone := memory.claimed - held:
        actions.append(ReleaseApproval(tuple(sorted(gone))))
    return tuple(actions)
