"""A case put before the real judge: its mails read, its ticket judged."""

from __future__ import annotations

from functools import cache

from adapter.catalogue.words import AttachmentId, Digest, IssueKey
from adapter.mails.facts import facts_of
from adapter.mails.reader import is_mail
from adapter.mails.reading import Reading
from adapter.mails.signature import resolver_at
from adapter.rules.accepted import accepted_as
from adapter.rules.commands import Commands
from adapter.rules.evidence import EvidenceView, Piece
from adapter.rules.view import view_of
from adapter.ticket.evidence import MailFacts, Memory, UnreadFile
from adapter.ticket.snapshot import Ticket
from tests.builders import at, catalogue
from tests.mails.corpus.case import ANSWER, Case

NOW = at("2026-11-23 15:00")


def read(case: Case, reading: Reading) -> MailFacts | UnreadFile:
    """The facts of the case's mail, read in this process; each mail is read once."""
    return _read(case.data, case.filename, reading)


@cache
def _read(data: bytes, filename: str, reading: Reading) -> MailFacts | UnreadFile:
    resolver = resolver_at(reading.dns_server) if reading.verify_dkim else None
    return facts_of(data, filename, reading, resolver)


def remembered(case: Case, reading: Reading) -> tuple[Ticket, Memory]:
    """The ticket of a case, and what is known of its files once they have been read."""
    ticket = case.scene.ticket(case.filename)
    offers = zip(case.scene.offer_files(), case.scene.offers, strict=True)
    evidence = {file.id: _read(data, file.filename, reading) for file, data in offers}
    used: dict[Digest, IssueKey] = {}
    if is_mail(ticket.attachments[-1]):
        found = read(case, reading)
        evidence[AttachmentId(ANSWER)] = found
        if case.scene.used_on and isinstance(found, MailFacts) and found.message_id:
            used = {found.message_id: case.scene.used_on}
    offer = case.scene.opened_on
    accepted = accepted_as(AttachmentId(ANSWER), offer, Commands((), ())) if offer is not None else {}
    return ticket, Memory(evidence=evidence, used_elsewhere=used, accepted=accepted)


def view(ticket: Ticket, memory: Memory) -> EvidenceView:
    """All evidence on a ticket, judged by the rules that are in force."""
    return view_of(ticket, catalogue(), memory, NOW).evidence


def judged(case: Case, reading: Reading) -> Piece:
    """What the case's mail is worth on its ticket."""
    return next(piece for piece in view(*remembered(case, reading)).pieces if piece.attachment.id == ANSWER)
