"""Whether KOMBIT pays the setup that a ticket orders: one setup for each solution (R16)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import CLOSED, ApprovalState, FieldName, Payer, Process
from adapter.rules.choices import changes_of, value_at
from adapter.rules.payer_choice import PayerChoice
from adapter.rules.plan import ClaimSetup, ReleaseSetup
from adapter.rules.solution import SolutionFound, SolutionSource, solution_of
from adapter.rules.starts import work_began
from adapter.ticket.evidence import Memory, SetupHolder
from adapter.ticket.snapshot import Ticket

Sentence = tuple[str, dict[str, str]]
"""A code of SENTENCES and what its names stand for."""


class SetupTurn(StrEnum):
    """Whose setup an order is."""

    FIRST = "first"  # nobody has the right yet
    HELD = "held"  # this ticket has it
    LATER = "later"  # another ticket has it, or it was set up before the adapter came
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SetupDecision:
    """Whose setup a ticket's order is; `holder` is another ticket, or this one where the turn is HELD."""

    turn: SetupTurn
    solution: str | None = None  # its key in register.yaml
    holder: SetupHolder | None = None
    before: str | None = None  # `sat_op_før` of the register


# Whose setup ----------------------------------------------------------------------------------------------------


def decide_setup(ticket: Ticket, catalogue: Catalogue, found: SolutionFound, memory: Memory) -> SetupDecision:
    """Says whose setup the order of a ticket of the process `sf1475` is.

    What the register says of a setup before the adapter came takes the right even from the ticket that holds it, but
    not once its work has begun.
    """
    if found.key is None:
        return SetupDecision(SetupTurn.UNKNOWN)
    holder, before = memory.setup_holder, catalogue.solutions.solutions[found.key].set_up_before
    if holder is not None and holder.issue == ticket.id:
        if before is None or work_began(ticket, catalogue):
            return SetupDecision(SetupTurn.HELD, found.key, holder, before)
        holder = None
    if holder is None and before is None:
        return SetupDecision(SetupTurn.FIRST, found.key)
    return SetupDecision(SetupTurn.LATER, found.key, holder, before)


def setup_action(
    ticket: Ticket,
    catalogue: Catalogue,
    decision: SetupDecision | None,
    memory: Memory,
    *,
    choice: PayerChoice | None,
    refused: bool,
) -> ClaimSetup | ReleaseSetup | None:
    """Says what to do about the right now: one step a look, giving back before taking.

    Args:
        decision: of the setup; None where the ticket is known to be of a category that orders none. While the category
            is in doubt this should not be asked at all, for it would give the right back.
        choice: what a person has said of who pays.
        refused: whether KOMBIT has said no, and nothing since has undone that.
    """
    kept = _may_have(ticket, choice, refused)
    if work_began(ticket, catalogue) is None:
        for solution in sorted(memory.setups_held):
            if decision is None or not kept or _is_anothers(decision, solution):
                return ReleaseSetup(solution)
    if decision is None or decision.solution is None or decision.turn is not SetupTurn.FIRST:
        return None
    undecided = choice is not None and choice.payer is Payer.UNRESOLVED  # a person is at it: hold, but do not take
    return ClaimSetup(decision.solution) if kept and not undecided else None


def _may_have(ticket: Ticket, choice: PayerChoice | None, refused: bool) -> bool:
    """Whether a ticket may have the right as it stands: alive, not refused, and no person says that another pays."""
    against = choice is not None and choice.is_against_kombit
    return ticket.status.role not in CLOSED and not refused and not against


def _is_anothers(decision: SetupDecision, solution: str) -> bool:
    """Whether a right that a ticket holds is not the one it should have; where the solution is in doubt, it stays."""
    if decision.turn is SetupTurn.UNKNOWN:
        return False
    return solution != decision.solution or decision.turn is SetupTurn.LATER


# What Jira remembers ---------------------------------------------------------------------------------------------


def setups_in_jira(ticket: Ticket, catalogue: Catalogue) -> dict[str, datetime]:
    """The solutions whose setup is KOMBIT's on this ticket, by Jira alone, each with since when KOMBIT was to pay it.

    It says what a database would hold that had known the ticket from the start: once work began with KOMBIT as payer,
    nothing frees the right; before, the ticket must be one that may have it still.
    """
    found: dict[str, datetime] = {}
    fields, payers, began = ticket.fields, _payers(ticket, catalogue), work_began(ticket, catalogue)
    if began is not None:
        then = {field: value_at(ticket, field, began) or fields.get(field) for field in _ORDER}
        standing = [said for said in payers if said[0] <= began][-1:]
        paid = [at for at, payer in (*standing, *(said for said in payers if said[0] > began)) if payer is Payer.KOMBIT]
        key = solution_of(replace(ticket, fields={**fields, **then}), catalogue).key
        if paid and key is not None and then[FieldName.CATEGORY] in _categories(catalogue):
            found[key] = paid[0]
    may_order = fields.get(FieldName.CATEGORY) in {*_categories(catalogue), catalogue.services.triage_name}
    since = next((at for at, payer in payers[-1:] if payer is Payer.KOMBIT), None)
    key = solution_of(ticket, catalogue).key
    if since is not None and key is not None and may_order and _may_have(ticket, None, _was_refused(ticket, catalogue)):
        found.setdefault(key, since)
    return found


_ORDER = (FieldName.CATEGORY, FieldName.SOLUTION)


def _categories(catalogue: Catalogue) -> frozenset[str]:
    """The names of the categories by which setups are ordered."""
    return frozenset(c.name for c in catalogue.services.categories.values() if c.process is Process.SF1475)


def _payers(ticket: Ticket, catalogue: Catalogue) -> list[tuple[datetime, Payer]]:
    """Who was to pay, and since when; while nobody knew, the one before stands."""
    field = FieldName.PAYER
    shown = [(ticket.created, value_at(ticket, field, ticket.created))]
    shown += [(change.at, change.after) for change in changes_of(ticket, field)]
    found: list[tuple[datetime, Payer]] = []
    for at, label in shown:
        meaning = catalogue.meaning(field, label)
        payer = Payer(meaning) if meaning is not None else Payer.UNRESOLVED
        if payer not in {Payer.UNRESOLVED, *(before for _, before in found[-1:])}:
            found.append((at, payer))
    return found


def _was_refused(ticket: Ticket, catalogue: Catalogue) -> bool:
    """Whether KOMBIT's no stands, as the ticket showed it last; a disagreement on top of it undoes nothing."""
    field = FieldName.APPROVAL
    shown = (catalogue.meaning(field, change.after) for change in reversed(changes_of(ticket, field)))
    return next((state for state in shown if state != ApprovalState.DISAGREEMENT), None) == ApprovalState.REFUSED


# What the ticket says -------------------------------------------------------------------------------------------


def setup_sentences(
    ticket: Ticket,
    catalogue: Catalogue,
    found: SolutionFound,
    decision: SetupDecision,
    *,
    choice: PayerChoice | None,
    refused: bool,
) -> tuple[Sentence, ...]:
    """What to say of solution and setup: how the solution is known, then who pays and why, or what to do.

    `skrevet` is text of the ticket and must be made plain; `sag` is a key, and all other names are the mapping's.
    """
    candidates = ", ".join(found.candidates)
    if found.name is None:
        names = {
            SolutionSource.UNKNOWN: {"skrevet": found.written or "", "kandidater": candidates},
            SolutionSource.AMBIGUOUS: {"kandidater": candidates},
            SolutionSource.DOUBTFUL: {"kandidater": candidates},
        }
        return ((found.source.value, names.get(found.source, {})),)
    known: Sentence = (found.source.value, {"løsning": found.name})
    began = decision.turn is SetupTurn.HELD and work_began(ticket, catalogue) is not None
    return known, _whose(decision, found.name, began or _may_have(ticket, choice, refused))


def _whose(decision: SetupDecision, solution: str, may_have: bool) -> Sentence:
    names = {"løsning": solution}
    if decision.turn is SetupTurn.LATER:
        if decision.holder is None:
            return "opsætning_før_adapteren", {**names, "sted": decision.before or ""}
        return "opsætning_har_anden_sag", {**names, "sag": decision.holder.key}
    if not may_have:
        return "opsætning_givet_tilbage", names
    return "opsætning_er_sagens" if decision.turn is SetupTurn.HELD else "opsætning_er_fri", names
