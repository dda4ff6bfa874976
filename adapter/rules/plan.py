"""The Plan: what should be done to a ticket, as frozen actions that each cite their rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from adapter.catalogue.words import AttachmentId, CommentId, Digest, FieldName, StatusRole
from adapter.ticket.letter import Letter
from adapter.ticket.snapshot import Value


@dataclass(frozen=True)
class Setting:
    """One field and the value it should have."""

    field: FieldName
    value: Value
    rule: str


@dataclass(frozen=True)
class SetFields:
    """Fill or correct fields, all in one write."""

    settings: tuple[Setting, ...]
    sources: tuple[str, ...] = ()  # codes of where the values came from (R24)

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.rule for s in self.settings))


@dataclass(frozen=True)
class MoveTo:
    """Take the ticket to a status of this role; `reason` is a code, never text of the ticket."""

    role: StatusRole
    rule: str
    reason: str
    evidence: tuple[AttachmentId, ...] = ()  # the files and comments it rests on (R24)

    @property
    def rules(self) -> tuple[str, ...]:
        return (self.rule,)


@dataclass(frozen=True)
class WriteStatusComment:
    """Write the ticket's one internal status comment, anew or over the existing one."""

    body: str
    existing: CommentId | None
    rules: tuple[str, ...] = ("R1",)


@dataclass(frozen=True)
class ClaimApproval:
    """Tie an approval to this ticket: no other can rest on the same mail (R11), and only R12 undoes it here.

    `accepted` names the offer and the approval that opened the gate, as adapter.rules.accepted.accepted_as tells.
    """

    digests: tuple[Digest, ...]
    accepted: tuple[tuple[AttachmentId, str], ...] = ()
    rule: str = "R11"

    @property
    def rules(self) -> tuple[str, ...]:
        return (self.rule,)


@dataclass(frozen=True)
class ReleaseApproval:
    """Let go of an approval whose file is no longer on the ticket, so that it may be used where it belongs (R11)."""

    digests: tuple[Digest, ...]
    rule: str = "R11"

    @property
    def rules(self) -> tuple[str, ...]:
        return (self.rule,)


@dataclass(frozen=True)
class ClaimSetup:
    """Take the right to have KOMBIT pay a solution's setup, if no other ticket has it (R16)."""

    solution: str  # its key in register.yaml
    rule: str = "R16"
    evidence: tuple[AttachmentId, ...] = ()  # the files and comments it rests on (R24)

    @property
    def rules(self) -> tuple[str, ...]:
        return (self.rule,)


@dataclass(frozen=True)
class ReleaseSetup:
    """Give the right back: refused, cancelled before work began, or no longer this ticket's to have (R16)."""

    solution: str
    rule: str = "R16"
    evidence: tuple[AttachmentId, ...] = ()  # the same

    @property
    def rules(self) -> tuple[str, ...]:
        return (self.rule,)


@dataclass(frozen=True)
class AttachLetter:
    """Put a letter on the ticket as a file, unless one of that name by the adapter is there (R18)."""

    letter: Letter
    filename: str
    rule: str

    @property
    def rules(self) -> tuple[str, ...]:
        return (self.rule,)


@dataclass(frozen=True)
class SendLetter:
    """Send a letter by mail just once and attach what was sent (R7, R8); `dispatch` names this one sending for ever."""

    letter: Letter
    dispatch: str
    rule: str

    @property
    def filename(self) -> str:
        return f"{self.dispatch}.eml"

    @property
    def rules(self) -> tuple[str, ...]:
        return (self.rule,)


@dataclass(frozen=True)
class AttachSent:
    """Put a letter on the ticket that was sent, or may have been, by a worker that died before it could (R7, R8)."""

    dispatch: str
    rule: str = "R7"

    @property
    def filename(self) -> str:
        return f"{self.dispatch}.eml"

    @property
    def rules(self) -> tuple[str, ...]:
        return (self.rule,)


@dataclass(frozen=True)
class AddPeople:
    """Bring people onto the ticket, as participants of the request or as watchers (R14), or share it with all of an
    organisation (R18).
    """

    accounts: tuple[str, ...]
    added_as: Literal["deltagere", "overvågere"]
    rule: str = "R14"
    organisation: str | None = None  # the service desk's name of it

    @property
    def rules(self) -> tuple[str, ...]:
        return (self.rule,)


@dataclass(frozen=True)
class WriteNotice:
    """Say something once, in an internal comment of its own that begins with `mark`, so that people are told of it."""

    mark: str
    body: str  # the whole comment, the mark included
    rule: str
    code: str = ""  # the sentence's code, for the journal
    tells_of: AddPeople | None = None  # what must have been done, or it would not be true

    @property
    def rules(self) -> tuple[str, ...]:
        return (self.rule,)


Kept = ClaimApproval | ReleaseApproval | ClaimSetup | ReleaseSetup
"""What is written down in the adapter's own store."""
Written = SetFields | MoveTo | WriteStatusComment | WriteNotice | AttachLetter | SendLetter | AttachSent | AddPeople
"""What is done to the ticket in Jira."""
Action = Kept | Written


@dataclass(frozen=True)
class Plan:
    """What to do now, in order, and when to look again although nothing happens."""

    actions: tuple[Action, ...] = ()
    wake_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not self.actions
