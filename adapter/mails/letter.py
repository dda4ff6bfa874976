"""A mail as both formats give it, before anything is judged. It lives in the child only: it holds the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Letter:
    """One mail, the outermost: what is attached to it is counted and never read."""

    senders: tuple[str, ...]  # every address of every From
    recipients: tuple[str, ...]
    message_ids: tuple[str, ...]
    references: tuple[str, ...]  # In-Reply-To and References
    sent_at: datetime | None
    subject: str
    is_automatic: bool  # by its headers or class; subjects are judged against the lexicon
    plain: str | None
    html: str | None
    attachments: int
    names: frozenset[str] = frozenset()  # the words of the sender's name and address, in folded case
    odd: tuple[str, ...] = ()  # codes of MailFacts.odd

    @property
    def odd_ids(self) -> bool:
        """True unless the mail has exactly one Message-ID (RFC 5322, 3.6.4)."""
        return not {"ingen_message_id", "flere_message_id"}.isdisjoint(self.odd)
