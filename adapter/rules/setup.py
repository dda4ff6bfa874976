"""Which solution a ticket orders, and whether KOMBIT pays its setup: one setup for each solution (R16)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from rapidfuzz import fuzz

from adapter.catalogue.model import Catalogue
from adapter.catalogue.solution_names import joined, legible, name_parts, plain_name
from adapter.catalogue.words import CLOSED, WORKING, FieldName, Payer, StatusRole
from adapter.rules.choices import persons_value
from adapter.rules.danish import customers_own
from adapter.rules.plan import ClaimSetup, ReleaseSetup
from adapter.ticket.evidence import Memory, SetupHolder
from adapter.ticket.snapshot import StatusChange, Ticket

MOST_CANDIDATES = 4
_LONGEST_NAME = 255  # characters; whatever is longer is no name
_CLOSE = 70  # of 100
_SHORT = 4  # a name of fewer letters is a word of prose too, unless it is written just as in the register
_PUT_BACK_WITHIN = timedelta(hours=24)  # an early start that stood longer is work that began
_TOGETHER = re.compile(r"[^\S\n]*(?:(?:[^\w\s.!?;:]|_)[^\S\n]*|[.!?;:]|\n[^\S\n]*)?")
"""What may stand between two words of one name: a mark or a line break, but no end of a sentence and no bullet."""

Sentence = tuple[str, dict[str, str]]
"""A code of SENTENCES and what its names stand for."""


class SolutionSource(StrEnum):
    """What a solution was recognised by, or why it was not."""

    FIELD = "løsning_fra_felt"
    WORDS = "løsning_fra_ord"
    MISSING = "løsning_mangler"
    UNKNOWN = "løsning_ukendt"  # the field names one that the register does not have
    AMBIGUOUS = "løsning_flertydig"


@dataclass(frozen=True)
class SolutionFound:
    """The solution of a ticket; `written` is the ticket's own text, all other names are the register's."""

    source: SolutionSource
    key: str | None = None  # in register.yaml
    name: str | None = None
    written: str | None = None
    candidates: tuple[str, ...] = ()


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


# Which solution -------------------------------------------------------------------------------------------------


def solution_of(ticket: Ticket, catalogue: Catalogue) -> SolutionFound:
    """Says which solution of the register a ticket orders: by its field, else by the names in its words.

    A name that is only close to one of the register's is never taken, only proposed.
    """
    spellings = _spellings(catalogue)
    written = ticket.fields.get(FieldName.SOLUTION)
    if isinstance(written, str) and written.strip():
        written = written.strip()[:_LONGEST_NAME]
        key = spellings.get(plain_name(written, catalogue.solutions.suffixes))
        if key is None:
            return SolutionFound(SolutionSource.UNKNOWN, written=written, candidates=_close(written, catalogue))
        return SolutionFound(SolutionSource.FIELD, key, catalogue.solutions.solutions[key].name)
    found = {
        key
        for text in (ticket.summary, customers_own(ticket.description))
        for key in _named_in(legible(text), catalogue, spellings)
    }
    named = [(key, solution.name) for key, solution in catalogue.solutions.solutions.items() if key in found]
    if len(named) > 1:
        names = tuple(name for _, name in named[:MOST_CANDIDATES])
        return SolutionFound(SolutionSource.AMBIGUOUS, candidates=names)
    return SolutionFound(SolutionSource.WORDS, *named[0]) if named else SolutionFound(SolutionSource.MISSING)


def _names(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Every solution's key with each of its names."""
    for key, solution in catalogue.solutions.solutions.items():
        for name in (solution.name, *solution.aliases):
            yield key, name


def _spellings(catalogue: Catalogue) -> dict[str, str]:
    """The key behind each name as names are compared."""
    suffixes = catalogue.solutions.suffixes
    return {plain: key for key, name in _names(catalogue) if (plain := plain_name(name, suffixes))}


def _named_in(text: str, catalogue: Catalogue, spellings: dict[str, str]) -> Iterator[str]:
    """The keys of the solutions whose names stand in a text as whole words; within a longer name, only the longer."""
    beginnings = {name[:length] for name in spellings for length in range(len(name) + 1)}
    as_written = {legible(name) for _, name in _names(catalogue)}
    suffixes = catalogue.solutions.suffixes
    parts, most = name_parts(text, suffixes), 1 + max((len(name_parts(n, suffixes)) for n in as_written), default=0)
    behind = 0  # where the longest name so far ends: what began earlier and ends later covers what is within
    for start in range(len(parts)):
        longest: tuple[int, str] | None = None
        for end in range(start + 1, min(start + most, len(parts)) + 1):
            name = joined(parts[start:end])
            apart = end - start > 1 and not _TOGETHER.fullmatch(text[parts[end - 2].end : parts[end - 1].start])
            if apart or name not in beginnings:
                break
            is_name = len(name) >= _SHORT or text[parts[start].start : parts[end - 1].end] in as_written
            if name in spellings and is_name:
                longest = end, spellings[name]
        if longest is not None and longest[0] > behind:
            behind = longest[0]
            yield longest[1]


def _close(written: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The names of the solutions that may be meant, best first."""
    suffixes = catalogue.solutions.suffixes
    words, plain = _words(written, catalogue), plain_name(written, suffixes)
    scores: dict[str, float] = {}
    for key, name in _names(catalogue):
        letters = fuzz.ratio(plain, plain_name(name, suffixes))
        score = max(letters, fuzz.token_set_ratio(words, _words(name, catalogue)))
        scores[key] = max(score, scores.get(key, 0))
    best = sorted((key for key in scores if scores[key] >= _CLOSE), key=lambda key: -scores[key])
    return tuple(catalogue.solutions.solutions[key].name for key in best[:MOST_CANDIDATES])


def _words(name: str, catalogue: Catalogue) -> str:
    parts = name_parts(legible(name), catalogue.solutions.suffixes)
    return " ".join(part.text for part in parts if not part.is_form)


# Whose setup ----------------------------------------------------------------------------------------------------


def decide_setup(ticket: Ticket, catalogue: Catalogue, found: SolutionFound, memory: Memory) -> SetupDecision:
    """Says whose setup the order of a ticket of the process `sf1475` is.

    What the register says of a setup before the adapter came takes the right even from the ticket that holds it, but
    not once its work has begun.
    """
    if found.key is None or not memory.setups_known:
        return SetupDecision(SetupTurn.UNKNOWN, found.key)
    holder, before = memory.setup_holder, catalogue.solutions.solutions[found.key].set_up_before
    if holder is not None and holder.issue == ticket.id:
        if before is None or work_began(ticket):
            return SetupDecision(SetupTurn.HELD, found.key, holder, before)
        holder = None
    if holder is None and before is None:
        return SetupDecision(SetupTurn.FIRST, found.key)
    return SetupDecision(SetupTurn.LATER, found.key, holder, before)


def setup_action(
    ticket: Ticket, catalogue: Catalogue, decision: SetupDecision | None, memory: Memory, *, refused: bool
) -> ClaimSetup | ReleaseSetup | None:
    """Says what to do about the right now: one step a look, giving back before taking.

    Args:
        decision: of the setup; None where the ticket is known to be of a category that orders none. While the category
            is in doubt this should not be asked at all, for it would give the right back.
        refused: whether the payer has said no, and nothing since has undone that.
    """
    kept = _may_have(ticket, catalogue, refused)
    if not work_began(ticket):
        for solution in sorted(memory.setups_held):
            if decision is None or not kept or _is_anothers(decision, solution):
                return ReleaseSetup(solution)
    if decision is None or decision.solution is None or decision.turn is not SetupTurn.FIRST:
        return None
    undecided = _chosen_payer(ticket, catalogue) is Payer.UNRESOLVED  # a person is at it: hold, but do not take
    return ClaimSetup(decision.solution) if kept and not undecided else None


def work_began(ticket: Ticket) -> bool:
    """True once work began: a start that the adapter put back at once is none (R10).

    A ticket that was done straight out of Godkendt was worked on too, whatever statuses its people leave out.
    """
    is_open = False
    for number, change in enumerate(ticket.history):
        before, after = change.before.role, change.after.role
        if after in WORKING:
            if is_open or not _was_put_back(change, ticket.history[number + 1 :]):
                return True
        elif is_open and before is StatusRole.APPROVED and after is StatusRole.DONE:
            return True
        is_open = after is StatusRole.APPROVED if change.by.is_adapter else is_open
    return False


def _was_put_back(start: StatusChange, later: tuple[StatusChange, ...]) -> bool:
    end = next((change for change in later if change.after.role not in WORKING), None)
    return end is not None and end.by.is_adapter and end.at - start.at <= _PUT_BACK_WITHIN


def _may_have(ticket: Ticket, catalogue: Catalogue, refused: bool) -> bool:
    """Whether a ticket may have the right as it stands: alive, not refused, and no person says that another pays."""
    others = {Payer.MUNICIPALITY, Payer.THIRD_PARTY}
    return ticket.status.role not in CLOSED and not refused and _chosen_payer(ticket, catalogue) not in others


def _is_anothers(decision: SetupDecision, solution: str) -> bool:
    """Whether a right that a ticket holds is not the one it should have; where the solution is in doubt, it stays."""
    if decision.turn is SetupTurn.UNKNOWN:
        return False
    return solution != decision.solution or decision.turn is SetupTurn.LATER


def _chosen_payer(ticket: Ticket, catalogue: Catalogue) -> Payer | None:
    chosen = catalogue.meaning(FieldName.PAYER, persons_value(ticket, FieldName.PAYER))
    return None if chosen is None else Payer(chosen)


# What the ticket says -------------------------------------------------------------------------------------------


def setup_sentences(
    ticket: Ticket, catalogue: Catalogue, found: SolutionFound, decision: SetupDecision, *, refused: bool
) -> tuple[Sentence, ...]:
    """What to say of solution and setup: how the solution is known, then who pays and why, or what to do.

    `skrevet` is text of the ticket and must be made plain; `sag` is a key, and all other names are the mapping's.
    """
    candidates = ", ".join(found.candidates)
    if found.name is None:
        names = {
            SolutionSource.UNKNOWN: {"skrevet": found.written or "", "kandidater": candidates},
            SolutionSource.AMBIGUOUS: {"kandidater": candidates},
        }
        return ((found.source.value, names.get(found.source, {})),)
    known: Sentence = (found.source.value, {"løsning": found.name})
    may_have = _may_have(ticket, catalogue, refused) or (decision.turn is SetupTurn.HELD and work_began(ticket))
    return known, _whose(decision, found.name, may_have)


def _whose(decision: SetupDecision, solution: str, may_have: bool) -> Sentence:
    code, names = _CODES[decision.turn], {"løsning": solution}
    if decision.turn in {SetupTurn.FIRST, SetupTurn.HELD} and not may_have:
        code = "opsætning_givet_tilbage"
    if decision.turn is SetupTurn.LATER:
        if decision.holder is None:
            return "opsætning_før_adapteren", {**names, "sted": decision.before or ""}
        names["sag"] = decision.holder.key
    return code, names


_CODES = {
    SetupTurn.FIRST: "opsætning_er_fri",
    SetupTurn.HELD: "opsætning_er_sagens",
    SetupTurn.LATER: "opsætning_har_anden_sag",
    SetupTurn.UNKNOWN: "opsætning_afventer_gennemgang",
}
