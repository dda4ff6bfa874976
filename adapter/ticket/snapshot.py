"""A ticket as it stood in Jira at one moment: frozen, typed, and free of Jira's own shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from adapter.catalogue.words import (
    AccountId,
    AttachmentId,
    CommentId,
    FieldName,
    IssueId,
    IssueKey,
    StatusRole,
)

Value = str | Decimal | datetime | date | None
"""A field's value: an option's label or a text (str), a number, a moment (aware) or a day."""


@dataclass(frozen=True)
class Person:
    """Somebody who acted on a ticket."""

    account: AccountId
    name: str = ""
    is_adapter: bool = False
    is_agent: bool = False  # holds the service desk's role (`roller.servicedesk` in jira.yaml)
    is_app: bool = False  # an app, or one of `roller.automatik`: never a person (R5)
    is_kombit: bool = False  # by account, organisation or group of parter.yaml (R18)
    email: str | None = None  # often hidden on Cloud
    user_name: str = ""  # on Data Center, where mapping files name people by it and the account is a key

    def is_one_of(self, accounts: Iterable[str]) -> bool:
        """Whether a mapping file's accounts name this person."""
        own = {self.account.casefold(), self.user_name.casefold()} - {""}
        return any(account.casefold() in own for account in accounts)


@dataclass(frozen=True)
class Status:
    """A status of the site; `role` is OTHER where the mapping does not name it."""

    id: str
    name: str
    role: StatusRole


@dataclass(frozen=True)
class Comment:
    """A comment; `is_public` is None where Jira does not say."""

    id: CommentId
    author: Person
    body: str
    created: datetime
    is_public: bool | None
    edited_by: AccountId | None = None
    updated: datetime | None = None


@dataclass(frozen=True)
class Attachment:
    """A file on the ticket; its bytes stay in Jira."""

    id: AttachmentId
    filename: str
    author: Person
    created: datetime
    size: int
    mime_type: str
    url: str


@dataclass(frozen=True)
class StatusChange:
    """The ticket moved from one status to another."""

    at: datetime
    by: Person
    before: Status
    after: Status


@dataclass(frozen=True)
class FieldChange:
    """One of the mapping's fields changed; values as in `Ticket.fields`."""

    at: datetime
    by: Person
    field: FieldName
    before: Value
    after: Value


@dataclass(frozen=True)
class Worklog:
    """Work that somebody logged: when it began, how long it took, when that was written down and when last changed."""

    id: str
    started: datetime
    seconds: int
    created: datetime
    updated: datetime


@dataclass(frozen=True)
class Move:
    """A transition that the adapter may make from where the ticket stands."""

    transition_id: str
    to_status_id: str


@dataclass(frozen=True)
class Ticket:
    """What one read of an issue tells.

    `fields` holds every FieldName that the site has, with None for an empty one; a field on the ticket with a
    value that the type does not allow reads as None. `history` and `field_history` are oldest first.
    `request_type` and `form_answers` are names as shown on the site; `organisations` likewise. `form_answers` also
    holds the fields that questions and checklists of the mapping name, as texts, without those that are empty.
    """

    id: IssueId
    key: IssueKey
    project: str
    issue_type: str
    summary: str
    description: str
    status: Status
    created: datetime
    updated: datetime
    reporter: Person | None
    creator: Person | None = None
    is_subtask: bool = False  # its issue type is one for parts of other tickets
    fields: Mapping[FieldName, Value] = field(default_factory=dict)
    request_type: str | None = None
    form_answers: Mapping[str, str] = field(default_factory=dict)
    organisations: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    history: tuple[StatusChange, ...] = ()
    field_history: tuple[FieldChange, ...] = ()
    moves: tuple[Move, ...] = ()
    seconds_spent: int = 0  # by all worklogs together (R19)
    joined: datetime | None = None  # when it was moved here from another project
