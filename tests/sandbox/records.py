"""What a site holds: projects, fields, issues and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tests.sandbox.people_records import Organisation, Role, User
from tests.sandbox.site_records import PermissionScheme, TypeScreens
from tests.sandbox.workflow_records import Status, Transition, WorkflowScheme

Json = dict[str, Any]


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
class Option:
    """An option of a select field."""

    id: str
    value: str
    disabled: bool = False


@dataclass(eq=False)
class Context:
    """Where a custom field is, and its options there; no projects or issue types: all of them."""

    id: str
    name: str
    projects: set[str] = field(default_factory=set)  # ids
    issue_types: set[str] = field(default_factory=set)  # ids
    options: list[Option] = field(default_factory=list)
    description: str = ""


@dataclass(eq=False)
class CustomField:
    """A custom field of the site."""

    number: int
    name: str
    kind: Kind
    contexts: list[Context] = field(default_factory=list)
    description: str = ""
    searcher: str = ""

    @property
    def id(self) -> str:
        """Such as `customfield_10010`."""
        return f"customfield_{self.number}"

    @property
    def options(self) -> list[Option]:
        """The options of all its contexts."""
        return [option for context in self.contexts for option in context.options]

    def context(self, project_id: str, issue_type_id: str | None = None) -> Context | None:
        """The context that it has in a project, for an issue type or for any: its own, else the global one."""
        own = [c for c in self.contexts if project_id in c.projects] or [c for c in self.contexts if not c.projects]
        fits = (c for c in own if issue_type_id is None or not c.issue_types or issue_type_id in c.issue_types)
        return next(fits, None)


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
    description: str = ""
    help: str = ""
    groups: tuple[str, ...] = ("1",)  # of the portal; in none it is not shown there


Kept = Option | RequestType | str | float | date | datetime | list[Organisation] | list[User] | None
"""A custom field's value, by its kind."""


@dataclass(eq=False)
class Project:
    """A project; with a service desk if it has a desk id."""

    id: str
    key: str
    name: str
    desk_id: str | None
    roles: dict[str, Role]
    issue_types: list[IssueType]
    request_types: list[RequestType]
    workflows: WorkflowScheme
    screens: TypeScreens
    permissions: PermissionScheme
    form: list[CustomField] = field(default_factory=list)  # of the portal
    team_managed: bool = False
    last_number: int = 0

    @property
    def statuses(self) -> list[Status]:
        """The statuses of all its workflows."""
        flows = dict.fromkeys(self.workflows.of(t.id) for t in self.issue_types)
        return list(dict.fromkeys(placed.status for flow in flows for placed in flow.statuses))

    @property
    def transitions(self) -> list[Transition]:
        """The steps of all its workflows."""
        flows = dict.fromkeys(self.workflows.of(t.id) for t in self.issue_types)
        return [step for flow in flows for step in flow.steps]


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
