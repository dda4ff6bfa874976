"""What a mail on a ticket says, as facts that can be kept: no text, no addresses, no names.

A mail is read and judged in a process of its own (adapter/mails); only these facts leave it. Addresses and
Message-IDs leave as SHA-256 digests, the sender as a domain, the answer as the catalogue's own words that were found.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from adapter.catalogue.words import AttachmentId, Digest, IssueId, IssueKey


class Dkim(StrEnum):
    """What the signature of the sender's domain says; a proof strengthens, nothing weakens."""

    ANSWERING = "answering"  # ALIGNED, and which mail it answers is signed too
    ALIGNED = "aligned"  # who sent it, when, its subject and its words
    INCONCLUSIVE = "inconclusive"
    ABSENT = "absent"

    @property
    def is_proof(self) -> bool:
        return self in {Dkim.ANSWERING, Dkim.ALIGNED}


class Says(StrEnum):
    """The answer in the sender's own words, quoted text aside (R11)."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"  # "godkendt, men …": a person decides
    BOTH = "both"
    NOTHING = "nothing"


class Unread(StrEnum):
    """Why a file could not be read as a mail."""

    TOO_LARGE = "too_large"
    TOO_COMPLEX = "too_complex"
    TOO_SLOW = "too_slow"
    BROKEN = "broken"
    NOT_A_MAIL = "not_a_mail"
    UNREACHABLE = "unreachable"  # Jira did not hand it out; never kept, always tried again


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sender(_Fact):
    """Who a mail says it is from."""

    domain: str  # lower case, IDNA A-labels
    address: Digest  # of the whole address in lower case


class MailFacts(_Fact):
    """What one readable mail says."""

    kind: Literal["mail"] = "mail"
    digest: Digest  # of the file's bytes
    message_id: Digest | None
    references: frozenset[Digest] = frozenset()  # In-Reply-To and References
    senders: tuple[Sender, ...]  # every address of every From; exactly one is wanted
    recipients: tuple[Sender, ...] = ()  # To and Cc
    sent_at: datetime | None  # aware; None where Date is missing, broken or repeated
    ticket_keys: frozenset[str] = frozenset()  # keys such as DUBU-12 in the subject, upper case
    automatic: bool = False  # Auto-Submitted, X-Auto-Response-Suppress, out-of-office …
    says: Says
    yes_words: tuple[str, ...] = ()  # entries of beviser.yaml that were found, never the mail's own text
    no_words: tuple[str, ...] = ()
    condition_words: tuple[str, ...] = ()
    offer_words: tuple[str, ...] = ()  # entries of `tilbudsord` found anywhere in the sender's own words
    dkim: Dkim = Dkim.ABSENT
    odd: tuple[str, ...] = ()  # codes of what is unusual about the mail, such as two Message-IDs: a person decides
    attachments: int = 0


class UnreadFile(_Fact):
    """A file that looked like a mail and could not be read as one."""

    kind: Literal["unread"] = "unread"
    digest: Digest | None = None
    reason: Unread


Evidence = Annotated[MailFacts | UnreadFile, Field(discriminator="kind")]
EVIDENCE: TypeAdapter[MailFacts | UnreadFile] = TypeAdapter(Evidence)
"""Reads and writes evidence as JSON, for the store and between processes."""


class Trouble(_Fact):
    """What keeps failing on a ticket: kinds and counts, never texts."""

    kind: str
    attempts: int
    since: datetime


class SetupHolder(_Fact):
    """The ticket whose setup of a solution KOMBIT pays (R16)."""

    issue: IssueId
    key: IssueKey


class Dispatch(StrEnum):
    """How far the sending of a letter has come; a letter in any of these is never handed over again."""

    HANDING_OVER = "handing_over"  # the mail server may have it, and may not
    SENT = "sent"  # the mail server has taken it
    ATTACHED = "attached"  # and its bytes are forgotten
    DOUBTFUL = "doubtful"  # attached or lost, and nobody knows whether it was sent or has arrived


class Memory(_Fact):
    """What is known of a ticket beside what Jira tells now."""

    evidence: Mapping[AttachmentId, MailFacts | UnreadFile] = {}
    used_elsewhere: Mapping[Digest, IssueKey] = {}  # digests of approvals that other tickets rest on
    claimed: frozenset[Digest] = frozenset()  # digests of approvals that this ticket rests on
    accepted: Mapping[AttachmentId, str] = {}  # offers and approvals that have opened this ticket's gate
    trouble: Trouble | None = None
    setup_holder: SetupHolder | None = None  # of the solution that this ticket orders
    setups_held: frozenset[str] = frozenset()  # keys in register.yaml of the setups that this ticket holds
    cannot_record: bool = False  # the record of KOMBIT's transition is missing, and cannot be attached now (R18)
    dispatches: Mapping[str, Dispatch] = {}  # of this ticket's letters, by SendLetter.dispatch
