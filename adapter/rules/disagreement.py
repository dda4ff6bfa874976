"""Disagreement (R14): what raises it, what settles it, and who is brought in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import Answer, ChecklistOutcome, FieldName, StatusRole
from adapter.rules.checks import BROUGHT_BY
from adapter.rules.choices import changes_of, value_at
from adapter.rules.commands import RAISED, SETTLED, Asks, Command, Commands
from adapter.rules.evidence import EvidenceView, Kind, Piece
from adapter.ticket.snapshot import Person, Ticket


class Source(StrEnum):
    """What raised a disagreement; each is a sentence's code."""

    MAIL = "uenighed_fra_mail"
    TRANSITION = "uenighed_fra_overgang"
    FIELD = "uenighed_fra_felt"
    COMMAND = "uenighed_fra_kommando"


@dataclass(frozen=True)
class Disagreement:
    """A disagreement as it was raised last; it is one until a new approval or a decision comes after that."""

    source: Source
    since: datetime
    by: Person | None
    reason: str | None  # text of the ticket
    began: datetime  # when it was raised first
    is_certain: bool = True  # False: a no by mail that anybody may have put there
    owners_since: datetime | None = None  # when it was first certain: since then the owners are brought in
    decision: Command | None = None  # settled by a person
    approved_at: datetime | None = None  # settled by a new approval
    in_field: bool = False  # the field says so still

    @property
    def stands(self) -> bool:
        return self.decision is None and self.approved_at is None


def disagreement_of(
    ticket: Ticket, catalogue: Catalogue, evidence: EvidenceView, commands: Commands
) -> Disagreement | None:
    """The newest disagreement of a ticket, settled or not; None where there never was one.

    Whoever says no again and again has one disagreement: its owners hear of it once.
    """
    raised = sorted(_raised(ticket, catalogue, evidence, commands), key=lambda d: d.since)
    if not raised:
        return None
    newest = _ended(raised[-1], evidence, commands)
    standing = [d for d in raised if _ended(d, evidence, commands).stands] or [newest]
    return replace(
        newest,
        began=standing[0].since,
        owners_since=next((d.since for d in standing if d.is_certain), None),
        in_field=ticket.fields.get(FieldName.DISAGREEMENT) == catalogue.label(FieldName.DISAGREEMENT, Answer.YES),
    )


def _ended(raised: Disagreement, evidence: EvidenceView, commands: Commands) -> Disagreement:
    """The same with what came after it and ends it, if anything has."""
    told = [c for c in commands.of(Asks.DISAGREEMENT) if c.says == SETTLED and c.at > raised.since]
    return replace(raised, decision=told[-1] if told else None, approved_at=_approved_after(evidence, raised.since))


def is_refused(evidence: EvidenceView, commands: Commands) -> bool:
    """Whether the payer's no stands, whatever disagreement came on top of it: only a decision or a yes undoes it."""
    no, settled = evidence.refusal, (c.at for c in commands.of(Asks.DISAGREEMENT) if c.says == SETTLED)
    return no is not None and not any(at > _refused_at(no) for at in settled)


def _refused_at(refusal: Piece) -> datetime:
    return max(refusal.said_at, refusal.stands_since)


def _approved_after(evidence: EvidenceView, moment: datetime) -> datetime | None:
    """When the first approval came to count that was said after a moment; one from before it settles nothing.

    Nor does a person's verdict on it: how a disagreement ended is said by a command of its own, with a reason.
    """
    if evidence.approval is None:
        return None
    approvals = [*(piece for piece in evidence.pieces if piece.kind is Kind.APPROVAL), evidence.approval]
    return min((piece.stands_since for piece in approvals if piece.said_at > moment), default=None)


def _raised(ticket: Ticket, catalogue: Catalogue, evidence: EvidenceView, commands: Commands) -> Iterator[Disagreement]:
    for command in commands.of(Asks.DISAGREEMENT):
        if command.says == RAISED:
            yield _new(Source.COMMAND, command.at, command.by, command.reason)
    for change in ticket.history:
        if change.after.role is StatusRole.DISAGREEMENT and not change.by.is_adapter:
            yield _new(Source.TRANSITION, change.at, change.by)
    yield from _by_field(ticket, catalogue)
    if evidence.refusal is not None:
        yield from (_by_mail(piece) for piece in evidence.pieces if piece.kind is Kind.REFUSAL)


def _by_mail(refusal: Piece) -> Disagreement:
    """A no closes the gate whoever brought it; the owners hear of one only from somebody with no reason to forge it."""
    is_certain = all(c.outcome is ChecklistOutcome.PASSED for c in refusal.checks if c.code == BROUGHT_BY)
    return replace(_new(Source.MAIL, _refused_at(refusal)), is_certain=is_certain)


def _by_field(ticket: Ticket, catalogue: Catalogue) -> Iterator[Disagreement]:
    """Every yes that the field has held: emptying it again ends nothing, for nobody has said how it ended."""
    field = FieldName.DISAGREEMENT
    yes = catalogue.label(field, Answer.YES)
    if value_at(ticket, field, ticket.created) == yes:
        yield _new(Source.FIELD, ticket.created, ticket.creator)
    for change in changes_of(ticket, field):
        if change.after == yes:
            yield _new(Source.FIELD, change.at, change.by)


def _new(source: Source, at: datetime, by: Person | None = None, reason: str | None = None) -> Disagreement:
    return Disagreement(source, at, by, reason, began=at)
