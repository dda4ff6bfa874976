"""Reads the mails on a ticket and remembers what they say: a few a look, never one twice, never in the gate's way."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapter.catalogue.words import AttachmentId
from adapter.errors import Gone, OutOfReach, Refused
from adapter.gateway.gateway import Gateway
from adapter.mails.reader import MAX_BYTES, Reading, is_mail, read_evidence
from adapter.rules.choices import is_of_desk
from adapter.site import InForce
from adapter.store.store import Store
from adapter.ticket.evidence import MailFacts, Unread, UnreadFile
from adapter.ticket.snapshot import Attachment, Ticket

READER = "4"
"""Raised when adapter/mails reads differently, so that mails are read again."""
AT_ONCE = 3
"""How many new mails one look reads: a heap of them must not delay the closing of a gate."""
_TRIES = 3  # until a mail that takes too long is remembered as such

Evidence = Mapping[AttachmentId, MailFacts | UnreadFile]


@dataclass(frozen=True)
class Found:
    """What is known of a ticket's mails; `is_whole` is False while some are still to be read."""

    evidence: Evidence
    unreached: tuple[AttachmentId, ...] = ()  # Jira did not hand them out now
    left: int = 0

    @property
    def is_whole(self) -> bool:
        return self.left == 0


@dataclass
class Evidences:
    """The mails of one site's tickets, read at most once each."""

    store: Store
    _slow: dict[AttachmentId, int] = field(default_factory=dict)
    _unreached: set[AttachmentId] = field(default_factory=set)  # tried last: they must not keep others from being read

    def of(self, here: InForce, ticket: Ticket) -> Found:
        """What the ticket's mails say; new ones are fetched and read, those of the service desk first.

        A mail that cannot be fetched or read again now keeps what was known of it; else it counts as unreadable for
        this once. OutOfReach is raised only for the database, or where no process can be started at all.
        """
        site = here.catalogue.site
        mails = [attachment for attachment in ticket.attachments if is_mail(attachment)]
        version = reading_version(here.reading)
        ids = [mail.id for mail in mails]
        known = dict(self.store.evidence_of(site, ticket.id, ids, version))
        before = self.store.evidence_of(site, ticket.id, ids, None) if len(known) < len(mails) else {}
        new = sorted(
            (mail for mail in mails if mail.id not in known),
            key=lambda mail: (mail.id in self._unreached, not is_of_desk(mail.author), mail.created),
        )
        for mail in new[:AT_ONCE]:
            found = self._read(here, mail)
            if found is None or (isinstance(found, UnreadFile) and found.reason is Unread.UNREACHABLE):
                self._unreached.add(mail.id)
            else:
                self._unreached.discard(mail.id)
                self.store.remember_evidence(site, ticket.id, mail.id, version, found)
                known[mail.id] = found
        unreached = tuple(mail.id for mail in new if mail.id in self._unreached)
        left = sum(mail.id not in self._unreached for mail in new[AT_ONCE:])
        # What an older reading said stands until the new one is there.
        return Found({**dict.fromkeys(unreached, _UNREACHABLE), **before, **known}, unreached, left)

    def _read(self, here: InForce, mail: Attachment) -> MailFacts | UnreadFile | None:
        """What a mail says; None where the machine was too slow to tell, and it should be tried again."""
        return self.judge_slow(mail.id, read(here.gateway, here.reading, mail))

    def judge_slow(self, mail: AttachmentId, found: MailFacts | UnreadFile) -> MailFacts | UnreadFile | None:
        """What was found, but None where a mail took too long and it may have been the machine's fault."""
        if not isinstance(found, UnreadFile) or found.reason is not Unread.TOO_SLOW:
            self._slow.pop(mail, None)
            return found
        self._slow[mail] = self._slow.get(mail, 0) + 1
        return found if self._slow[mail] >= _TRIES else None


_UNREACHABLE = UnreadFile(reason=Unread.UNREACHABLE)


def read(gateway: Gateway, reading: Reading, mail: Attachment) -> MailFacts | UnreadFile:
    """Fetches and reads one mail; one that is too large is never fetched."""
    if mail.size > MAX_BYTES:
        return UnreadFile(reason=Unread.TOO_LARGE)
    try:
        data = gateway.download(mail, MAX_BYTES)
    except (Gone, Refused, OutOfReach):
        return _UNREACHABLE
    return read_evidence(data, mail.filename, reading)


def reading_version(reading: Reading) -> str:
    """Names what mails are read by, so that a changed word list reads them again."""
    return hashlib.sha256(f"{READER}\n{reading.to_json()}".encode()).hexdigest()[:12]
