"""What the decision knows of a ticket, as far as its billing rests on it (R23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from adapter.billing.spells import Spell, spells_of, stood_open
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import (
    CLOSED,
    ApprovalState,
    AttachmentId,
    CategoryId,
    FieldName,
    Payer,
    PaymentModel,
)
from adapter.rules.choices import value_at
from adapter.rules.comment import existing_status_comment
from adapter.rules.evidence import Piece
from adapter.rules.figures import sensible
from adapter.rules.view import View
from adapter.ticket.evidence import Unread, UnreadFile
from adapter.ticket.snapshot import Ticket


class Scope(StrEnum):
    """Whether a ticket can be billed at all."""

    PAYABLE = "payable"
    ORDINARY = "ordinary"  # outside the catalogue, or a row's unpriced support (K1 "kommunen selv")
    TRIAGE = "triage"  # a person has yet to choose the category
    UNSEEN = "unseen"  # closed before the adapter came: nothing was judged


@dataclass(frozen=True)
class Proof:
    """A piece of evidence by name: the file, and when it was said."""

    attachment: AttachmentId | None  # None for a transition whose record is not attached yet
    filename: str
    at: datetime


@dataclass(frozen=True)
class Judged:
    """A ticket as it stands: who pays, by which figures, and when it stood approved.

    The figures are those the ticket was offered by, not what an edited catalogue says now (R12).
    """

    scope: Scope
    category: CategoryId | None
    category_name: str
    state: ApprovalState
    payer: Payer = Payer.UNRESOLVED
    party: str | None = None
    payment: PaymentModel | None = None
    hourly_rate: Decimal | None = None
    fixed_price: Decimal | None = None
    cap_hours: Decimal | None = None  # of the row, where it binds this payer (R19)
    offered_price: Decimal | None = None
    offered_hours: Decimal | None = None
    offer: Proof | None = None
    approval: Proof | None = None
    approved: tuple[Spell, ...] = ()  # when the approval that stands now covered the work; empty where none stands
    opened: tuple[Spell, ...] = ()  # when the gate stood open by any approval, earlier ones too
    solution: str | None = None  # K9
    mails_unread: int = 0  # mails that Jira did not hand out now

    @property
    def has_payer(self) -> bool:
        """Whether it is known who is billed (R3)."""
        return self.payer is not Payer.UNRESOLVED and self.party is not None

    @property
    def approved_at(self) -> datetime | None:
        """When the work was first approved."""
        return self.approved[0].begins if self.approved else None


def judged(view: View, ticket: Ticket, catalogue: Catalogue) -> Judged:
    """What a ticket's view says of its billing."""
    decided = view.decided
    if decided is None:
        if view.found.is_outside:
            return Judged(Scope.ORDINARY, None, catalogue.services.outside_name, ApprovalState.NOT_REQUIRED)
        return Judged(Scope.TRIAGE, None, catalogue.services.triage_name, ApprovalState.UNRESOLVED)
    row, evidence, approval = decided.category, view.evidence, _standing(view)
    stands_since = approval.stands_since if approval is not None else None
    approved = spells_of(ticket.history, evidence.offer, approval) if evidence.offer and approval else ()
    is_kombits = decided.payer.payer is Payer.KOMBIT
    return Judged(
        scope=Scope.ORDINARY if decided.is_ordinary else Scope.PAYABLE,
        category=decided.category_id,
        category_name=row.name,
        state=view.gate.state,
        payer=decided.payer.payer,
        party=decided.payer.party_name,
        payment=row.payment,
        hourly_rate=row.hourly_rate if row.payment is PaymentModel.HOURLY else None,
        fixed_price=row.price if isinstance(row.price, Decimal) else None,
        cap_hours=None if is_kombits else row.cap_hours,  # KOMBIT's one setup has no cap (R16, R19)
        offered_price=_agreed(ticket, FieldName.OFFERED_PRICE, stands_since),
        offered_hours=_agreed(ticket, FieldName.OFFERED_HOURS, stands_since),
        offer=_proof(evidence.offer),
        approval=_proof(evidence.approval),
        approved=approved,
        opened=stood_open(ticket.history),
        solution=decided.order.solution,
        mails_unread=sum(_is_unreached(piece) for piece in evidence.pieces),
    )


UNSEEN = Judged(Scope.UNSEEN, None, "", ApprovalState.NOT_REQUIRED)


def is_unseen(ticket: Ticket) -> bool:
    """True for a ticket that was closed before the adapter came: nothing was ever decided of it."""
    is_empty = ticket.fields.get(FieldName.CATEGORY) is None and existing_status_comment(ticket) is None
    return ticket.status.role in CLOSED and is_empty


_COVERS_WORK = frozenset({ApprovalState.APPROVED, ApprovalState.CAP_REACHED, ApprovalState.PREREQUISITES})
"""Where the payer's yes stands; in the last two something else keeps the gate closed from now on (R19, R22)."""


def _standing(view: View) -> Piece | None:
    """The approval, if it covers the work as it is offered now."""
    return view.evidence.approval if view.gate.state in _COVERS_WORK else None


def _agreed(ticket: Ticket, field: FieldName, stands_since: datetime | None) -> Decimal | None:
    """An offered price or hours as they were approved, or as they stand now where nothing is approved."""
    number = ticket.fields.get(field) if stands_since is None else value_at(ticket, field, stands_since)
    return sensible(number)


def _proof(piece: Piece | None) -> Proof | None:
    if piece is None:
        return None
    return Proof(piece.attachment.id or None, piece.attachment.filename, piece.said_at)


def _is_unreached(piece: Piece) -> bool:
    return isinstance(piece.facts, UnreadFile) and piece.facts.reason is Unread.UNREACHABLE
