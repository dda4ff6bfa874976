"""What people decide about evidence that no machine can: a short command in an internal comment (R11).

`#dubu godkendelse 10023 fordi kommunen har skrevet under` — by somebody of the service desk, never by a customer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adapter.catalogue.words import AttachmentId
from adapter.ticket.snapshot import Comment, Person, Ticket

_COMMAND = re.compile(
    r"^\s*#dubu\s+(?P<verdict>godkendelse|tilbud|ingen)\s+(?P<attachment>\d{1,19})\s+fordi\s+(?P<reason>\S.{2,400}?)\s*$",
    re.IGNORECASE | re.MULTILINE,
)


class Verdict(StrEnum):
    """What a person says a file on the ticket is."""

    APPROVAL = "godkendelse"
    OFFER = "tilbud"
    NEITHER = "ingen"


@dataclass(frozen=True)
class PersonsVerdict:
    """A person's decision on one file, with who, when and why."""

    verdict: Verdict
    attachment: AttachmentId
    by: Person
    at: datetime
    reason: str


def verdicts(ticket: Ticket) -> dict[AttachmentId, PersonsVerdict]:
    """The standing decisions by file: the newest comment on a file counts."""
    found: dict[AttachmentId, PersonsVerdict] = {}
    for comment in sorted(ticket.comments, key=lambda c: c.created):
        if not _may_decide(comment):
            continue
        for match in _COMMAND.finditer(comment.body.replace("\r\n", "\n")):
            attachment = AttachmentId(match["attachment"])
            verdict = Verdict(match["verdict"].lower())
            found[attachment] = PersonsVerdict(verdict, attachment, comment.author, comment.created, match["reason"])
    return found


def _may_decide(comment: Comment) -> bool:
    """Only the service desk's own people, in an internal comment that nobody else has edited."""
    author = comment.author
    edited_by_another = comment.edited_by is not None and comment.edited_by != author.account
    return (
        comment.is_public is False
        and author.is_agent
        and not author.is_adapter
        and not author.is_app
        and not edited_by_another
    )
