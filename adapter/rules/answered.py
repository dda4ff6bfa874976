"""Whether whoever ordered a setup at KOMBIT's expense has been answered (R17)."""

from __future__ import annotations

from datetime import UTC, datetime

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName
from adapter.rules.checks import from_supplier
from adapter.rules.choices import changes_of, is_of_desk
from adapter.rules.payer import is_from
from adapter.ticket.evidence import Dispatch, MailFacts, Memory
from adapter.ticket.snapshot import Ticket

ANSWER_FILE = "Svar-til-bestiller-"
"""How the names of the adapter's own answers begin."""


def stamp_of(moment: datetime) -> str:
    """A moment as the names of letters hold it: the later one is the greater one."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S}{moment.microsecond // 1000:03}"


def is_answered(ticket: Ticket, catalogue: Catalogue, memory: Memory) -> bool:
    """True once they were told: in public on the ticket, by a mail that is attached, or by the adapter's letter.

    Only what came after the day was written down by which it can be carried out can have told it.
    """
    changes = changes_of(ticket, FieldName.FEASIBLE_FROM)
    since = changes[-1].at if changes else ticket.created
    said = any(
        comment.is_public is True and is_of_desk(comment.author) and not comment.author.is_adapter
        for comment in ticket.comments
        if comment.created > since
    )
    return said or _by_mail(ticket, catalogue, memory, since) or _by_letter(ticket, memory, since)


def _by_mail(ticket: Ticket, catalogue: Catalogue, memory: Memory, since: datetime) -> bool:
    """A mail of the supplier's to somebody who is neither KOMBIT nor the supplier."""
    parties = catalogue.parties.supplier, catalogue.parties.kombit
    mails = (
        memory.evidence.get(file.id) for file in ticket.attachments if file.created > since and is_of_desk(file.author)
    )
    return any(
        not any(is_from(to, party, subdomains_count=True) for party in parties)
        for mail in mails
        if isinstance(mail, MailFacts) and from_supplier(mail, catalogue)
        for to in mail.recipients
    )


def _by_letter(ticket: Ticket, memory: Memory, since: datetime) -> bool:
    """A letter that is not in doubt."""
    files = {a.filename.removesuffix(".eml"): Dispatch.ATTACHED for a in ticket.attachments if a.author.is_adapter}
    certain = (name for name, state in {**files, **memory.dispatches}.items() if state in _CERTAIN)
    first = f"{ANSWER_FILE}{stamp_of(since)}"
    return any(name.startswith(ANSWER_FILE) and name >= first for name in certain)


_CERTAIN = frozenset({Dispatch.SENT, Dispatch.ATTACHED})
