"""What once opened a ticket's gate, as it is remembered: only what R12 names closes it again."""

from __future__ import annotations

from adapter.catalogue.words import AttachmentId
from adapter.rules.commands import Commands, remembered
from adapter.ticket.evidence import Memory
from adapter.ticket.snapshot import Ticket

_OFFER = "tilbud"
_APPROVAL = "godkendelse"


def accepted_as(approval: AttachmentId, offer: AttachmentId, commands: Commands) -> dict[AttachmentId, str]:
    """How an approval, its offer and the commands beside them are remembered once they have opened the gate.

    From then on neither a colleague who leaves nor an edited word list closes it again.
    """
    return {offer: _OFFER, approval: f"{_APPROVAL}:{offer}", **remembered(commands)}


def was_offer(memory: Memory, attachment: AttachmentId) -> bool:
    """Whether this file has opened the gate as the offer."""
    return memory.accepted.get(attachment) == _OFFER


def approved_offer(memory: Memory, attachment: AttachmentId) -> AttachmentId | None:
    """The offer that this file has opened the gate as an approval of, if it has."""
    role, _, offer = memory.accepted.get(attachment, "").partition(":")
    return AttachmentId(offer) if role == _APPROVAL else None


def approved_what_is_gone(memory: Memory, attachment: AttachmentId, ticket: Ticket) -> bool:
    """Whether the offer that this file approved is no longer on the ticket: it is no approval of another one (R12)."""
    offer = approved_offer(memory, attachment)
    return offer is not None and offer not in {file.id for file in ticket.attachments}
