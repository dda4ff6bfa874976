"""The view of a ticket: everything that follows from it, before any action is drawn up (R1–R22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adapter.catalogue.model import Catalogue, Category
from adapter.catalogue.words import (
    CLOSED,
    AnswerOutcome,
    ApprovalState,
    CategoryId,
    FieldName,
    Payer,
    Process,
    Stage,
)
from adapter.rules.accepted import approved_offer, was_offer
from adapter.rules.choices import persons_value, standing_value
from adapter.rules.classify import Classification, classify
from adapter.rules.commands import Asks, Commands, read_commands
from adapter.rules.disagreement import disagreement_of, is_refused
from adapter.rules.evidence import EvidenceView, judge
from adapter.rules.figures import are_settled, has_waited, row_in_force
from adapter.rules.fill import Decided, chosen_category
from adapter.rules.gate import Gate, Holds, stand_at_gate
from adapter.rules.hours import Hours, hours_of
from adapter.rules.offer import Offering, Order, offering_of, terms_of
from adapter.rules.payer import PayerDecision, decide_payer
from adapter.rules.plan import ClaimSetup, MoveTo, ReleaseSetup
from adapter.rules.prerequisites import Tick, checklist, missing_at
from adapter.rules.question import Answered, answer_of
from adapter.rules.readiness import unready_move
from adapter.rules.setup import SetupDecision, decide_setup, setup_action
from adapter.rules.solution import SolutionFound, solution_of
from adapter.rules.times import tell_times
from adapter.rules.told_by_orderer import told_by_orderer
from adapter.ticket.evidence import Memory
from adapter.ticket.snapshot import Ticket, Value

CLOSING_RULES = frozenset({"R10", "R12", "R14", "R18", "R19", "R21", "R22"})
"""The rules by which a ticket is put back."""


@dataclass(frozen=True)
class View:
    """What follows from a ticket; `decided` is None where the catalogue has no row for it, or none is known yet."""

    found: Classification
    kept: bool  # the category is the adapter's own, kept because the ticket was offered or closed (R12)
    gate: Gate
    commands: Commands
    evidence: EvidenceView
    decided: Decided | None = None
    setup: ClaimSetup | ReleaseSetup | None = None
    unready: MoveTo | None = None  # back to work, for the checklist asks for more (R21, R22)
    wakes: tuple[datetime, ...] = ()

    @property
    def payer(self) -> PayerDecision | None:
        """Who pays, where the catalogue has a row and the ticket is payable."""
        return self.decided.payer if self.decided is not None else None


def view_of(ticket: Ticket, catalogue: Catalogue, memory: Memory, now: datetime) -> View:
    """Works out everything that follows from a ticket as it stands."""
    found, kept = _classified(ticket, catalogue)
    commands = read_commands(ticket, catalogue, found.category, memory.accepted)
    row = _row(catalogue, found)
    if row is None:
        return _without_row(ticket, catalogue, memory, found, commands)
    return _with_row(ticket, catalogue, memory, now, View(found, kept, Gate(_UNRESOLVED), commands, _NOTHING), row)


def orders_setup(ticket: Ticket, catalogue: Catalogue) -> bool:
    """Whether the ticket's category is one by which setups are ordered (R16)."""
    row = _row(catalogue, _classified(ticket, catalogue)[0])
    return row is not None and row.process is Process.SF1475


def _classified(ticket: Ticket, catalogue: Catalogue) -> tuple[Classification, bool]:
    """The ticket's category, and whether it is the adapter's own that is kept (R12)."""
    subtype = _text(persons_value(ticket, FieldName.SUBTYPE))
    found = classify(ticket, catalogue, chosen_category(ticket, catalogue), subtype)
    kept = _kept_category(ticket, catalogue, found)
    return (found, False) if kept is None else (classify(ticket, catalogue, kept, subtype), True)


def _row(catalogue: Catalogue, found: Classification) -> Category | None:
    return next((row for row_id, row in catalogue.services.categories.items() if row_id == found.category), None)


_UNRESOLVED = ApprovalState.UNRESOLVED
_NOTHING = EvidenceView((), None, None, None)


def _without_row(
    ticket: Ticket, catalogue: Catalogue, memory: Memory, found: Classification, commands: Commands
) -> View:
    may_start = found.is_outside or not catalogue.services.gate_closed_in_triage
    gate = Gate(ApprovalState.NOT_REQUIRED if may_start else _UNRESOLVED)
    # A ticket in doubt keeps the right it may have.
    given_back = None
    if found.is_outside:
        given_back = setup_action(ticket, catalogue, None, memory, choice=None, refused=False)
    return View(found, kept=False, gate=gate, commands=commands, evidence=_NOTHING, setup=given_back)


def _with_row(ticket: Ticket, catalogue: Catalogue, memory: Memory, now: datetime, seen: View, row: Category) -> View:
    row = row_in_force(ticket, catalogue, row)
    commands, category = seen.commands, CategoryId(seen.found.category or "")
    solution, setup = _setup(ticket, catalogue, memory, row)
    payer = decide_payer(
        ticket, catalogue, row, setup=setup, command=commands.newest(Asks.SETUP), keep=has_waited(ticket, catalogue)
    )
    evidence = judge(ticket, catalogue, payer, memory, commands, now)
    answered = _answered(ticket, catalogue, row, memory, evidence)
    items = checklist(ticket, catalogue, category, _ticks(commands))
    disagreement = disagreement_of(ticket, catalogue, evidence, commands)
    hours = _hours(ticket, catalogue, row, payer)
    holds = Holds(
        disagreement,
        is_at_cap=hours.is_at_cap and catalogue.services.hours.at_cap == "luk",
        lacks_prerequisites=bool(missing_at(items, Stage.START)),
    )
    gate = _gate(ticket, catalogue, row, payer, evidence, holds, answered)
    is_open = gate.state is not ApprovalState.NOT_REQUIRED and ticket.status.role not in CLOSED
    named = (solution.name or solution.written) if solution else None
    order = Order(row.name, seen.found.subtype, named, told_by_orderer(catalogue, row, answered, items))
    # Nothing is offered as payable that is not, or of which a person has yet to say why KOMBIT pays (K1, K3, R16).
    may_offer = answered.is_payable and not payer.needs_reason
    offering = offering_of(ticket, catalogue, row, payer, memory, now, order) if may_offer else Offering()
    times = tell_times(ticket, catalogue, row, evidence, gate.approved_at, now)
    decided = Decided(
        category_id=category,
        category=row,
        order=order,
        payer=payer,
        times=times,
        gate=gate,
        answered=answered,
        hours=hours if is_open or hours.used else None,
        items=items,
        disagreement=disagreement,
        offering=offering,
        solution_found=solution,
        setup=setup,
        commands=commands,
        is_refused=is_refused(evidence, commands),
    )
    action = setup_action(ticket, catalogue, setup, memory, choice=payer.choice, refused=decided.is_refused)
    if isinstance(action, ClaimSetup) and payer.payer is not Payer.KOMBIT:
        action = None  # it was offered to another payer before the right came free
    wake = times.reaction_due + timedelta(seconds=1) if times.reacted_at is None and times.in_time is None else None
    return replace(
        seen,
        gate=gate,
        evidence=evidence,
        decided=decided,
        setup=action,
        unready=unready_move(ticket, catalogue, category, gate, items, now),
        wakes=(wake,) if wake is not None else (),
    )


def _gate(
    ticket: Ticket,
    catalogue: Catalogue,
    row: Category,
    payer: PayerDecision,
    evidence: EvidenceView,
    holds: Holds,
    answered: Answered,
) -> Gate:
    """Open without an approval for ordinary support only; closed while a question stands open (K1, K3)."""
    if answered.outcome is AnswerOutcome.ORDINARY:
        return Gate(ApprovalState.NOT_REQUIRED)
    if answered.is_open or answered.outcome is AnswerOutcome.PERSON:
        return Gate(_UNRESOLVED)
    return stand_at_gate(ticket, catalogue, row, payer, evidence, holds)


def _answered(ticket: Ticket, catalogue: Catalogue, row: Category, memory: Memory, evidence: EvidenceView) -> Answered:
    """The answer to the row's question, as far as it still decides anything.

    Nobody can turn what was offered into support that needs no approval (R10), and no question is asked of a ticket
    that was accepted: it may be newer than the ticket (R12).
    """
    answered = answer_of(ticket, row)
    if answered.is_open and is_accepted(memory, evidence):
        return Answered(None)
    if answered.outcome is AnswerOutcome.ORDINARY and has_been_offered(ticket, catalogue, memory, evidence):
        return replace(answered, outcome=AnswerOutcome.PERSON, is_too_late=True)
    return answered


def is_accepted(memory: Memory, evidence: EvidenceView) -> bool:
    """True where the approval that stands has opened the gate before, on the offer that stands."""
    offer, approval = evidence.offer, evidence.approval
    return bool(offer and approval and approved_offer(memory, approval.attachment.id) == offer.attachment.id)


def has_been_offered(ticket: Ticket, catalogue: Catalogue, memory: Memory, evidence: EvidenceView) -> bool:
    """True once there was an offer: it stands, opened the gate, or made the adapter move the ticket on (R8, R9).

    A ticket that waits because a person asked its customer something has not been offered.
    """
    opened = any(was_offer(memory, file) for file in memory.accepted)
    return evidence.offer is not None or opened or has_waited(ticket, catalogue, by_adapter=True)


def _setup(
    ticket: Ticket, catalogue: Catalogue, memory: Memory, row: Category
) -> tuple[SolutionFound | None, SetupDecision | None]:
    if row.process is not Process.SF1475:
        return None, None
    found = solution_of(ticket, catalogue)
    return found, decide_setup(ticket, catalogue, found, memory)


def _ticks(commands: Commands) -> Mapping[str, Tick]:
    """What people have said of the items of a checklist, the newest of each."""
    return {c.target: Tick(c.by, c.at, c.reason, is_met=c.says == "krav") for c in commands.of(Asks.PREREQUISITE)}


def _hours(ticket: Ticket, catalogue: Catalogue, row: Category, payer: PayerDecision) -> Hours:
    """Hours against what is offered; what was approved is the same, or the gate has closed again (R12, R19)."""
    terms = terms_of(ticket, catalogue, row, payer)
    return hours_of(ticket, catalogue, row, payer.payer, terms.hours, terms.price)


def _kept_category(ticket: Ticket, catalogue: Catalogue, found: Classification) -> str | None:
    """The adapter's own category where it would now say otherwise of a ticket that was offered or closed (R12)."""
    current = standing_value(ticket, FieldName.CATEGORY)
    is_own = chosen_category(ticket, catalogue) is None
    own = next((row_id for row_id, row in catalogue.services.categories.items() if row.name == current), None)
    differs = own is not None and own != found.category
    return _text(current) if are_settled(ticket, catalogue) and is_own and differs else None


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None
