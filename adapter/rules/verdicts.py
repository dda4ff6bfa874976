"""What people decide about evidence that no machine can: a short command in an internal comment (R11).

`#dubu godkendelse 10023 fordi kommunen har skrevet under` — by somebody of the service desk, never by a customer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adapter.catalogue.words import AttachmentId
from adapter.ticket.snapshot import Comment, Person, Ticket

_LINE = re.compile(r"^[ \t]*[*_\\]*#dubu\b[*_]*(?P<rest>.*)$", re.IGNORECASE | re.MULTILINE)
_COMMAND = re.compile(
    r"\s+(?P<verdict>godkendelse|godkendt|godkend|tilbud|ingen)\s+(?:nr\.?\s*|#)?(?P<attachment>\d{1,19})"
    r"\s*[,:]?\s+fordi\s+(?P<reason>\S.{2,}?)[\s*_]*",
    re.IGNORECASE,
)


_IS_A_HINT = re.compile(r"…|\.\.\.|.*#dubu", re.IGNORECASE)  # the status comment's own suggestion, pasted back


class Verdict(StrEnum):
    """What a person says a file on the ticket is."""

    APPROVAL = "godkendelse"
    OFFER = "tilbud"
    NEITHER = "ingen"


_WORDS = {"godkendt": Verdict.APPROVAL, "godkend": Verdict.APPROVAL, **{v.value: v for v in Verdict}}


@dataclass(frozen=True)
class PersonsVerdict:
    """A person's decision on one file, with who, when and why."""

    verdict: Verdict
    attachment: AttachmentId
    by: Person
    at: datetime
    reason: str


@dataclass(frozen=True)
class Unusable:
    """A command that changes nothing, and why, as a sentence's code."""

    by: Person
    at: datetime
    why: str


def verdicts(ticket: Ticket, accepted: frozenset[AttachmentId] = frozenset()) -> dict[AttachmentId, PersonsVerdict]:
    """The standing decisions by file: the newest comment on a file counts.

    A decision that once opened the gate (`accepted`) stands although its author has left the service desk since.
    """
    found: dict[AttachmentId, PersonsVerdict] = {}
    for comment, match in _commands(ticket):
        attachment = AttachmentId(match["attachment"]) if match else None
        if match is None or attachment is None or _why_not(comment, attachment in accepted) is not None:
            continue
        verdict = _WORDS[match["verdict"].lower()]
        at = max(comment.created, comment.updated or comment.created)
        found[attachment] = PersonsVerdict(verdict, attachment, comment.author, at, match["reason"])
    return found


def unusable(ticket: Ticket, accepted: frozenset[AttachmentId] = frozenset()) -> tuple[Unusable, ...]:
    """The commands that changed nothing, oldest first: whoever wrote them believes otherwise."""
    files = {attachment.id for attachment in ticket.attachments}
    found: list[Unusable] = []
    for comment, match in _commands(ticket):
        attachment = AttachmentId(match["attachment"]) if match else None
        why = _why_not(comment, attachment in accepted)
        if why is None and match is None:
            why = "kommando_uforståelig"
        elif why is None and attachment not in files:
            why = "kommando_ukendt_fil"
        if why is not None:
            found.append(Unusable(comment.author, comment.created, why))
    return tuple(found)


def _commands(ticket: Ticket) -> Iterator[tuple[Comment, re.Match[str] | None]]:
    """Every line that begins with #dubu, oldest comment first, with what it says where that can be understood."""
    for comment in sorted(ticket.comments, key=lambda c: (c.created, c.id)):
        if comment.author.is_adapter:
            continue
        for line in _LINE.finditer(_own_words(comment.body.replace("\r\n", "\n"))):
            match = _COMMAND.fullmatch(line["rest"])
            yield comment, None if match and _IS_A_HINT.match(match["reason"]) else match


def _own_words(body: str) -> str:
    """A comment without what it quotes: a command in there is somebody else's."""
    for mark in ("quote", "code", "noformat", "panel"):
        body = re.sub(rf"\{{{mark}(?::[^}}]*)?\}}.*?(?:\{{{mark}\}}|\Z)", "", body, flags=re.DOTALL | re.IGNORECASE)
    return body


def _why_not(comment: Comment, is_accepted: bool) -> str | None:
    """Why a comment may decide nothing: only the desk's own people do, internally, in a comment of their own."""
    author = comment.author
    if comment.is_public is not False:
        return "kommando_offentlig"
    if author.is_app or not (author.is_agent or is_accepted):
        return "kommando_ikke_servicedesk"
    if comment.edited_by is not None and comment.edited_by != author.account:
        return "kommando_rettet_af_anden"
    return None
