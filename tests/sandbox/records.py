"""What a site holds: people, projects, fields, statuses, issues and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class AccountKind(StrEnum):
    """Cloud's account types."""

    ATLASSIAN = "atlassian"
    APP = "app"
    CUSTOMER = "customer"


class Kind(StrEnum):
    """Kinds of custom fields."""

    SELECT = "select"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    REQUEST_TYPE = "request type"
    ORGANIZATIONS = "organizations"
    PARTICIPANTS = "participants"


@dataclass(eq=False)
class User:
    """Somebody who can log in, or an app that acts."""

    handle: str  # the name on Data Center, and what tests call them
    account_id: str  # the key on Data Center
    display_name: str
    email: str
    token: str
    kind: AccountKind = AccountKind.ATLASSIAN
    email_visible: bool = True
    time_zone: str = "Europe/Copenhagen"
    groups: frozenset[str] = frozenset()
    site_admin: bool = False
    active: bool = True


@dataclass(eq=False)
class Group:
    """A user group."""

    id: str
    name: str


@dataclass(eq=False)
class Organisation:
    """A JSM organisation with its customers' account ids."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Role:
    """A project role; its actors are users (account ids) and groups (names)."""

    id: str
    name: str
    users: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Status:
    """A status; category is `new`, `indeterminate` or `done`."""

    id: str
    name: str
    category: str


@dataclass(eq=False)
class Transition:
    """A step of the workflow; a `role` that is set must be held, `portal` shows it to customers."""

    id: str
    name: str
    sources: frozenset[str]  # status ids
    target: Status
    roles: frozenset[str] = frozenset()
    portal: bool = False
    screen: tuple[str, ...] = ()  # field ids


@dataclass(eq=False)
class Option:
    """An option of a select field."""

    id: str
    value: str


@dataclass(eq=False)
class CustomField:
    """A custom field of the site."""

    number: int
    name: str
    kind: Kind
    options: list[Option] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Such as `customfield_10010`."""
        return f"customfield_{self.number}"


@dataclass(eq=False)
class IssueType:
    """An issue type."""

    id: str
    name: str
    subtask: bool = False


@dataclass(eq=False)
class RequestType:
    """A JSM request type: an issue type as customers see it."""

    id: str
    name: str
    issue_type: IssueType
    key: str


Kept = Option | RequestType | str | float | date | datetime | list[Organisation] | list[User] | None
"""A custom field's value, by its kind."""


@dataclass(eq=False)
class Project:
    """A project; with a service desk if it has a desk id."""

    id: str
    key: str
    name: str
    desk_id: str | None
    agent_role: str
    roles: dict[str, Role]
    issue_types: list[IssueType]
    request_types: list[RequestType]
    statuses: list[Status]
    transitions: list[Transition]
    fields: list[CustomField]
    form: list[CustomField] = field(default_factory=list)  # of the portal
    last_number: int = 0


@dataclass(frozen=True)
class Item:
    """One field's change in the changelog."""

    field: str
    field_id: str
    custom: bool
    before: str | None
    before_text: str | None
    after: str | None
    after_text: str | None


@dataclass(frozen=True)
class History:
    """One entry of the changelog."""

    id: str
    author: User
    created: datetime
    items: tuple[Item, ...]


@dataclass(eq=False)
class Comment:
    """A comment; internal ones are for agents only."""

    id: str
    author: User
    update_author: User
    body: str
    created: datetime
    updated: datetime
    internal: bool
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Attachment:
    """A file, byte for byte."""

    id: str
    media_id: str
    filename: str
    author: User
    created: datetime
    data: bytes
    mime_type: str


@dataclass(eq=False)
class Worklog:
    """Time that somebody logged."""

    id: str
    author: User
    update_author: User
    created: datetime
    updated: datetime
    started: datetime
    seconds: int
    comment: str


@dataclass(eq=False)
class Issue:
    """An issue, and as `request_type` says perhaps a customer's request."""

    id: str
    key: str
    project: Project
    issue_type: IssueType
    status: Status
    summary: str
    description: str | None
    creator: User
    reporter: User | None
    created: datetime
    updated: datetime
    status_since: datetime
    category_since: datetime
    assignee: User | None = None
    priority: str = "Medium"
    labels: list[str] = field(default_factory=list)
    resolution: str | None = None
    resolved: datetime | None = None
    values: dict[str, Kept] = field(default_factory=dict)  # by custom field id; see fields.py
    comments: list[Comment] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    worklogs: list[Worklog] = field(default_factory=list)
    history: list[History] = field(default_factory=list)
    old_keys: list[str] = field(default_factory=list)
    watchers: list[User] = field(default_factory=list)
