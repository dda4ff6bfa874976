"""What people decide where no field exists: a short command in an internal comment, with a reason.

`#dubu godkendelse 10023 fordi kommunen har skrevet under`, by somebody of the service desk, never by a customer. Only
the end of a disagreement may also be said by a project owner, who can be a customer of the portal (R14).

A comment that decides holds commands and nothing else: in one with more words, a command may be a customer's that the
desk's own people have copied, and no mark of quotation tells it for sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import AttachmentId, Process
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

    @property
    def in_force(self) -> tuple[Command, ...]:
        """The newest command about each thing."""
        return tuple({(command.asks, command.target): command for command in self.counting}.values())


SETTLED = "løst"
RAISED = ""

MOST = 4_000  # characters of a comment that decides
_MARK = re.compile(r"#dubu\b", re.IGNORECASE)
_LINE = re.compile(  # behind the mark of a list, if any
    r"(?:(?:[-–•*#]{1,8}|\d{1,2}[.)])[ \t]+)?[*_\\]{0,3}#dubu\b[*_]*(?P<words>.*)", re.IGNORECASE
)
_REASON = r" ?[,:]? fordi (?P<reason>.{3,})"
_GRAMMAR: dict[Asks, re.Pattern[str]] = {
    asks: re.compile(rf"{form}{_REASON}", re.IGNORECASE)
    for asks, form in {
        Asks.VERDICT: r"(?P<says>godkendelse|godkendt|godkend|tilbud|ingen) (?:nr\.? ?|#)?(?P<target>\d{1,19})",
        Asks.SETUP: r"ops(?:æ|ae)tning (?P<says>kombit|betaler)(?P<target>)",
        Asks.DISAGREEMENT: r"uenighed(?: (?P<says>løst))?(?P<target>)",
        Asks.PREREQUISITE: r"(?P<says>krav|ikke-krav) (?P<target>[\wæøå-]{1,40})",
    }.items()
}
_IS_A_HINT = re.compile(r"…|\.\.\.|.*#dubu", re.IGNORECASE)  # the status comment's own suggestion, pasted back


def remembered(commands: Commands) -> dict[AttachmentId, str]:
    """How the comments that helped to open the gate are remembered beside the files: each as it stood then."""
    stood: dict[AttachmentId, list[str]] = {}
    for command in commands.counting:
        stood.setdefault(comment_number(command.comment), []).append(_as_it_stood(command))
    return {comment: " ".join(dict.fromkeys(words)) for comment, words in stood.items()}


def _as_it_stood(command: Command) -> str:
    return f"{command.asks.value}:{command.at.isoformat()}"


def comment_number(comment: str) -> AttachmentId:
    """A comment as it stands beside the files that a decision rests on."""
    return AttachmentId(f"kommentar:{comment}")


def read_commands(
    ticket: Ticket, catalogue: Catalogue, category: str | None, accepted: Mapping[AttachmentId, str]
) -> Commands:
    """Reads all commands on a ticket.

    One that once helped to open the gate (`accepted`) stands although its author has left the service desk since.
    """
    counting: list[Command] = []
    unusable: list[Unusable] = []
    for comment in sorted(ticket.comments, key=lambda c: (_said_at(c), c.created, c.id)):
        if comment.author.is_adapter or not _MARK.search(comment.body):
            continue
        for found in _said(comment, catalogue, accepted):
            if isinstance(found, str):
                unusable.append(Unusable(comment.author, comment.created, found))
            elif (why := _pointless(ticket, catalogue, category, found)) is not None:
                unusable.append(Unusable(comment.author, comment.created, why))
            else:
                counting.append(found)
    return Commands(tuple(counting), tuple(unusable))


def _said(comment: Comment, catalogue: Catalogue, accepted: Mapping[AttachmentId, str]) -> Iterator[Command | str]:
    """What a comment decides, or why it decides nothing: only the desk's own people do, internally, and by themselves.

    The words of all others are not read, however many they write; only that they begin with a command is told. A
    comment that was edited is as new as its last edit, for that is when it came to say what it says.
    """
    author = comment.author
    may_settle = not author.is_app and author.is_one_of(owner_accounts(catalogue))
    stood = accepted.get(comment_number(comment.id), "").split()
    barred: str | None = None
    if comment.is_public is not False and not may_settle:
        barred = "kommando_offentlig"
    elif author.is_app or not (author.is_agent or may_settle or stood):
        barred = "kommando_ikke_servicedesk"
    elif comment.edited_by is not None and comment.edited_by != author.account:
        barred = "kommando_rettet_af_anden"
    if barred is not None:
        yield from [barred] if _LINE.match(comment.body.strip()) else []
        return
    for command in _commands(comment):
        if not isinstance(command, Command) or (may_settle and _settles(command)):
            yield command
        elif comment.is_public is not False:
            yield "kommando_offentlig"
        elif author.is_agent or _as_it_stood(command) in stood:
            yield command
        else:
            yield "kommando_ikke_servicedesk"


def _settles(command: Command) -> bool:
    return (command.asks, command.says) == (Asks.DISAGREEMENT, SETTLED)


def _commands(comment: Comment) -> tuple[Command | str, ...]:
    """The commands that a comment is made of, each as it can be understood."""
    lines = [line.strip() for line in comment.body[:MOST].splitlines()]
    read = [_LINE.fullmatch(line) for line in lines if line]
    if len(comment.body) > MOST or not all(read):
        return ("kommando_ikke_for_sig",)
    return tuple(_command(comment, line["words"]) or "kommando_uforståelig" for line in read if line)


def _command(comment: Comment, words: str) -> Command | None:
    """What a line says, read with single spaces and no closing marks: no pattern then tries a hostile line for long."""
    words = " ".join(words.split()).rstrip("*_ ")
    found = ((asks, form.fullmatch(words)) for asks, form in _GRAMMAR.items())
    asks, match = next(((asks, match) for asks, match in found if match), (None, None))
    if asks is None or match is None or _IS_A_HINT.match(match["reason"]):
        return None
    target, says = match["target"].casefold(), (match["says"] or RAISED).lower()
    return Command(asks, target, says, comment.author, _said_at(comment), match["reason"], comment.id)


def _said_at(comment: Comment) -> datetime:
    return max(comment.created, comment.updated or comment.created)


def owner_accounts(catalogue: Catalogue) -> frozenset[str]:
    """The accounts of the project owners on both sides (R14)."""
    owners = catalogue.parties.owners
    return frozenset((*owners.supplier.accounts, *owners.kombit.accounts))


def _pointless(ticket: Ticket, catalogue: Catalogue, category: str | None, command: Command) -> str | None:
    """Why a command that may be said names nothing that is there."""
    if command.asks is Asks.VERDICT:
        known = any(attachment.id == command.target for attachment in ticket.attachments)
        return None if known else "kommando_ukendt_fil"
    if command.asks is Asks.SETUP:
        rows = catalogue.services.categories.items()
        orders = any(row_id == category and row.process is Process.SF1475 for row_id, row in rows)
        return None if orders else "kommando_uden_opsætning"
    if command.asks is Asks.PREREQUISITE:
        lists = catalogue.prerequisites.checklists
        items = next((items for row, items in lists.items() if row == category), {})
        return None if command.target in items else "kommando_ukendt_krav"
    return None
