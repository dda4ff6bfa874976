"""KOMBIT's approval by a transition (R18): who made it, whether it counts, and the record of it that is attached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from adapter.catalogue.words import AttachmentId, Payer, StatusRole
from adapter.rules.accepted import approved_offer, approved_what_is_gone
from adapter.rules.payer import PayerDecision
from adapter.ticket.evidence import Memory
from adapter.ticket.snapshot import Attachment, Person, StatusChange, Ticket

NOT_YET_ATTACHED = AttachmentId("")
RECORD_TYPE = "message/rfc822"


@dataclass(frozen=True)
class Acceptance:
    """KOMBIT's transition on a ticket, and the file that records it; without a number while it is not attached yet."""

    by: Person
    at: datetime
    status: str
    record: Attachment

    @property
    def is_recorded(self) -> bool:
        return self.record.id != NOT_YET_ATTACHED


@dataclass(frozen=True)
class Declined:
    """A transition into KOMBIT's status that is no approval, and why, as a sentence's code."""

    change: StatusChange
    why: str


def record_name(at: datetime) -> str:
    """The name of the record of a transition made at this moment."""
    return f"KOMBIT-accept-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.eml"


def acceptance_of(
    ticket: Ticket, payer: PayerDecision, memory: Memory, offer: Attachment | None, since: datetime | None
) -> Acceptance | None:
    """KOMBIT's newest transition after the offer came to count (`since`), if it is KOMBIT who pays.

    One that once opened the gate counts although its maker has left KOMBIT (R12 alone undoes it).
    """
    if payer.payer is not Payer.KOMBIT or offer is None or since is None:
        return None
    for change in reversed(_transitions(ticket)):
        record = _record(ticket, change)
        remembered = approved_offer(memory, record.id) == offer.id
        if approved_what_is_gone(memory, record.id, ticket):
            continue
        if change.at > since and (_is_kombits(change.by) or remembered):
            return Acceptance(change.by, change.at, change.after.name, record)
    return None


def declined(ticket: Ticket, payer: PayerDecision | None, since: datetime | None, standing: bool) -> Declined | None:
    """The newest transition into KOMBIT's status if it is no approval, for the ticket to say why it was put back.

    With `standing`, there is one that counts, as `acceptance_of` finds it.
    """
    transitions = _transitions(ticket)
    if not transitions or standing:
        return None
    change = transitions[-1]
    if not _is_kombits(change.by):
        return Declined(change, _why_not_kombits(change.by))
    if payer is None or payer.payer is not Payer.KOMBIT:
        return Declined(change, "kombit_betaler_ikke")
    if since is None or change.at <= since:
        return Declined(change, "kombit_før_tilbud")
    return Declined(change, "kombit_tilbud_slettet")


def _transitions(ticket: Ticket) -> list[StatusChange]:
    return [change for change in ticket.history if change.after.role is StatusRole.KOMBIT_ACCEPTED]


def _is_kombits(person: Person) -> bool:
    return person.is_kombit and not (person.is_agent or person.is_app or person.is_adapter)


def _why_not_kombits(person: Person) -> str:
    if person.is_app or person.is_adapter:
        return "kombit_automatik"
    return "kombit_servicedesk" if person.is_agent else "kombit_ikke_kombits"


def _record(ticket: Ticket, change: StatusChange) -> Attachment:
    """The record of a transition as it is on the ticket, or as it will be."""
    name = record_name(change.at)
    found = (a for a in ticket.attachments if a.filename == name and a.author.is_adapter)
    planned = Attachment(NOT_YET_ATTACHED, name, change.by, change.at, 0, RECORD_TYPE, "")
    return min(found, key=lambda a: (a.created, a.id), default=planned)
