"""Disagreement (R14): what raises it, what settles it, and who is brought in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import Answer, FieldName, StatusRole
from adapter.rules.choices import changes_of, chooser
from adapter.rules.commands import RAISED, SETTLED, Asks, Command, Commands
from adapter.rules.evidence import EvidenceView
from adapter.ticket.snapshot import Person, Ticket


class Source(StrEnum):
    """What raised a disagreement; each is a sentence's code."""

    MAIL = "uenighed_fra_mail"
    TRANSITION = "uenighed_fra_overgang"
    FIELD = "uenighed_fra_felt"
    COMMAND = "uenighed_fra_kommando"


@dataclass(frozen=True)
class Disagreement:
    """The newest disagreement; it stands until a new approval or a decision comes after it."""

    source: Source
    since: datetime
    by: Person | None
    reason: str | None  # text of the ticket
    decision: Command | None = None  # settled by a person
    approved_at: datetime | None = None  # settled by a new approval

    @property
    def stands(self) -> bool:
        return self.decision is None and self.approved_at is None


def disagreement_of(
    ticket: Ticket, catalogue: Catalogue, evidence: EvidenceView, commands: Commands
) -> Disagreement | None:
    """The newest disagreement of a ticket, settled or not; None where there never was one."""
    raised = max(_raised(ticket, catalogue, evidence, commands), key=lambda d: d.since, default=None)
    if raised is None:
        return None
    told = (c for c in commands.of(Asks.DISAGREEMENT) if c.says == SETTLED and c.at > raised.since)
    decision = next(reversed(list(told)), None)
    approved_at = evidence.approval.stands_since if evidence.approval is not None else None
    is_new = approved_at is not None and approved_at > raised.since
    return Disagreement(
        raised.source, raised.since, raised.by, raised.reason, decision, approved_at if is_new else None
    )


def _raised(ticket: Ticket, catalogue: Catalogue, evidence: EvidenceView, commands: Commands) -> Iterator[Disagreement]:
    for command in commands.of(Asks.DISAGREEMENT):
        if command.says == RAISED:
            yield Disagreement(Source.COMMAND, command.at, command.by, command.reason)
    for change in ticket.history:
        if change.after.role is StatusRole.DISAGREEMENT and not change.by.is_adapter:
            yield Disagreement(Source.TRANSITION, change.at, change.by, None)
    meaning = catalogue.meaning(FieldName.DISAGREEMENT, ticket.fields.get(FieldName.DISAGREEMENT))
    if meaning == Answer.YES:
        changes = changes_of(ticket, FieldName.DISAGREEMENT)
        since = changes[-1].at if changes else ticket.created
        yield Disagreement(Source.FIELD, since, chooser(ticket, FieldName.DISAGREEMENT), None)
    if evidence.refusal is not None:
        refusal = evidence.refusal
        yield Disagreement(Source.MAIL, max(refusal.said_at, refusal.stands_since), None, None)
