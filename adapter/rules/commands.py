"""What people decide where no field exists: a short command in an internal comment, with a reason.

`#dubu godkendelse 10023 fordi kommunen har skrevet under`, by somebody of the service desk, never by a customer. Only
the end of a disagreement may also be said by a project owner, who can be a customer of the portal (R14).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import AttachmentId
from adapter.ticket.snapshot import Comment, Person, Ticket


class Asks(StrEnum):
    """What a command is about."""

    VERDICT = "vurdering"  # what a file is (R11)
    SETUP = "opsætning"  # who pays an SF1475 setup (R16)
    DISAGREEMENT = "uenighed"  # there is one, or it is settled (R14)
    PREREQUISITE = "krav"  # an item of a checklist (R21, R22)


@dataclass(frozen=True)
class Command:
    """One command that counts: what about, which, what is said of it, and who, when and why."""

    asks: Asks
    target: str  # the file's number, the item's key; empty where there is only one thing to decide
    says: str  # the command's own word, in lower case
    by: Person
    at: datetime
    reason: str
    comment: str  # the comment's id


@dataclass(frozen=True)
class Unusable:
    """A command that changes nothing, and why, as a sentence's code."""

    by: Person
    at: datetime
    why: str


@dataclass(frozen=True)
class Commands:
    """All commands on a ticket, oldest first."""

    counting: tuple[Command, ...]
    unusable: tuple[Unusable, ...]

    def of(self, asks: Asks) -> tuple[Command, ...]:
        """The commands about one thing, oldest first."""
        return tuple(command for command in self.counting if command.asks is asks)

    def newest(self, asks: Asks) -> Command | None:
        """The command that stands where only the newest counts."""
        return next(reversed(self.of(asks)), None)


SETTLED = "løst"
RAISED = ""

_LINE = re.compile(r"^[ \t]*[*_\\]*#dubu\b[*_]*(?P<rest>.*)$", re.IGNORECASE | re.MULTILINE)
_REASON = r"\s*[,:]?\s+fordi\s+(?P<reason>\S.{2,}?)[\s*_]*"
_GRAMMAR: dict[Asks, re.Pattern[str]] = {
    asks: re.compile(rf"\s+{form}{_REASON}", re.IGNORECASE)
    for asks, form in {
        Asks.VERDICT: r"(?P<says>godkendelse|godkendt|godkend|tilbud|ingen)\s+(?:nr\.?\s*|#)?(?P<target>\d{1,19})",
        Asks.SETUP: r"ops(?:æ|ae)tning\s+(?P<says>kombit|betaler)(?P<target>)",
        Asks.DISAGREEMENT: r"uenighed(?:\s+(?P<says>løst))?(?P<target>)",
        Asks.PREREQUISITE: r"(?P<says>krav|ikke-krav)\s+(?P<target>[\wæøå-]{1,40})",
    }.items()
}
_IS_A_HINT = re.compile(r"…|\.\.\.|.*#dubu", re.IGNORECASE)  # the status comment's own suggestion, pasted back


def remembered(commands: Commands) -> dict[AttachmentId, str]:
    """How the comments that helped to open the gate are remembered beside the files: each as it stood then."""
    return {_number(c.comment): f"{c.asks.value}:{c.at.isoformat()}" for c in commands.counting}


def _number(comment: str) -> AttachmentId:
    return AttachmentId(f"kommentar:{comment}")


def read_commands(
    ticket: Ticket, catalogue: Catalogue, category: str | None, accepted: Mapping[AttachmentId, str]
) -> Commands:
    """Reads all commands on a ticket.

    One that once helped to open the gate (`accepted`) stands although its author has left the service desk since.
    """
    counting: list[Command] = []
    unusable: list[Unusable] = []
    for comment, asks, match in _lines(ticket):
        why = _why_not(comment, asks, match, catalogue, accepted)
        if why is None and (match is None or asks is None):
            why = "kommando_uforståelig"
        elif why is None and asks is not None and match is not None:
            why = _pointless(ticket, catalogue, category, asks, match["target"])
        if why is not None or match is None or asks is None:
            unusable.append(Unusable(comment.author, comment.created, why or "kommando_uforståelig"))
            continue
        at = _said_at(comment)
        says = (match["says"] or RAISED).lower()
        target = match["target"].casefold()
        counting.append(Command(asks, target, says, comment.author, at, match["reason"], comment.id))
    return Commands(tuple(counting), tuple(unusable))


def _lines(ticket: Ticket) -> Iterator[tuple[Comment, Asks | None, re.Match[str] | None]]:
    """Every line that begins with #dubu, oldest comment first, with what it says where that can be understood."""
    for comment in sorted(ticket.comments, key=lambda c: (c.created, c.id)):
        if comment.author.is_adapter:
            continue
        for line in _LINE.finditer(_own_words(comment.body.replace("\r\n", "\n"))):
            found = ((asks, form.fullmatch(line["rest"])) for asks, form in _GRAMMAR.items())
            asks, match = next(((a, m) for a, m in found if m), (None, None))
            yield (comment, None, None) if match and _IS_A_HINT.match(match["reason"]) else (comment, asks, match)


def _own_words(body: str) -> str:
    """A comment without what it quotes: a command in there is somebody else's."""
    for mark in ("quote", "code", "noformat", "panel"):
        body = re.sub(rf"\{{{mark}(?::[^}}]*)?\}}.*?(?:\{{{mark}\}}|\Z)", "", body, flags=re.DOTALL | re.IGNORECASE)
    return body


def _why_not(
    comment: Comment,
    asks: Asks | None,
    match: re.Match[str] | None,
    catalogue: Catalogue,
    accepted: Mapping[AttachmentId, str],
) -> str | None:
    """Why a comment may decide nothing: only the desk's own people do, internally, in a comment of their own."""
    author = comment.author
    settles = asks is Asks.DISAGREEMENT and match is not None and (match["says"] or "").lower() == SETTLED
    by_owner = settles and not author.is_app and author.is_one_of(owner_accounts(catalogue))
    if comment.is_public is not False and not by_owner:
        return "kommando_offentlig"
    once_counted = asks and accepted.get(_number(comment.id)) == f"{asks.value}:{_said_at(comment).isoformat()}"
    if author.is_app or not (author.is_agent or once_counted or by_owner):
        return "kommando_ikke_servicedesk"
    if comment.edited_by is not None and comment.edited_by != author.account:
        return "kommando_rettet_af_anden"
    return None


def _said_at(comment: Comment) -> datetime:
    return max(comment.created, comment.updated or comment.created)


def owner_accounts(catalogue: Catalogue) -> frozenset[str]:
    """The accounts of the project owners on both sides (R14)."""
    owners = catalogue.parties.owners
    return frozenset((*owners.supplier.accounts, *owners.kombit.accounts))


def _pointless(ticket: Ticket, catalogue: Catalogue, category: str | None, asks: Asks, target: str) -> str | None:
    """Why a command that may be said names nothing that is there."""
    if asks is Asks.VERDICT:
        known = any(attachment.id == target for attachment in ticket.attachments)
        return None if known else "kommando_ukendt_fil"
    if asks is Asks.PREREQUISITE:
        lists = catalogue.prerequisites.checklists
        items = next((items for row, items in lists.items() if row == category), {})
        return None if target.casefold() in items else "kommando_ukendt_krav"
    return None
