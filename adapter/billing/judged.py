"""What the decision knows of a ticket, as far as its billing rests on it (R23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from adapter.catalogue.words import ApprovalState, AttachmentId, CategoryId, Payer, PaymentModel


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
    """A ticket as it stands: who pays, by which figures, and since when it is approved.

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
    approved_at: datetime | None = None  # since when an approval covers the work; None where none stands
    solution: str | None = None  # K9
    mails_unread: int = 0  # mails that Jira did not hand out now
