"""The state of a site, in memory, behind one lock; everything that happens on it is told to its listeners."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.sandbox.clock import Clock
from tests.sandbox.errors import JiraError, no_issue
from tests.sandbox.people_records import Group, Organisation, Role, User
from tests.sandbox.records import (
    Attachment,
    Comment,
    CustomField,
    History,
    Issue,
    IssueType,
    Kind,
    Project,
    RequestType,
    Worklog,
)
from tests.sandbox.rule_kinds import RULES
from tests.sandbox.site_records import Screen, ScreenScheme, Switches, TypeScreens
from tests.sandbox.workflow_records import Status, Workflow, WorkflowScheme

ANONYMOUS = User("anonymous", "", "Anonym", "", "")


@dataclass(frozen=True)
class Event:
    """Something that happened to an issue, such as `jira:issue_updated`, and by whom."""

    name: str
    kind: str  # issue_event_type_name, such as issue_generic
    issue: Issue
    by: User
    change: History | None = None
    comment: Comment | None = None
    attachment: Attachment | None = None
    worklog: Worklog | None = None


class World:
    """All records of a site, with lookups; seeded by seed.py."""

    def __init__(self, deployment: str, switches: Switches | None = None) -> None:
        self.cloud = deployment == "cloud"
        self.lock = threading.RLock()
        self.clock = Clock()
        self.url = "http://127.0.0.1"  # set when the server has its port
        self.cloud_id = str(uuid.uuid4())
        self.users: dict[str, User] = {}  # by handle
        self.groups: dict[str, Group] = {}
        self.organisations: dict[str, Organisation] = {}
        self.projects: dict[str, Project] = {}  # by key
        self.issue_types: dict[str, IssueType] = {}  # by id
        self.statuses: dict[str, Status] = {}  # by id
        self.workflows: dict[str, Workflow] = {}  # by id
        self.workflow_schemes: dict[str, WorkflowScheme] = {}  # by id
        self.screens: dict[int, Screen] = {}
        self.screen_schemes: dict[int, ScreenScheme] = {}
        self.type_screens: dict[str, TypeScreens] = {}  # by id
        self.roles: dict[str, str] = {}  # names by id; who is in them is the projects' own
        self.role_descriptions: dict[str, str] = {}  # by id
        self.switches = switches or Switches()
        self.rule_keys = set(RULES)  # what workflows may hold; a test may take one away
        self.fields: dict[str, CustomField] = {}  # by id
        self.issues: dict[str, Issue] = {}  # by id
        self.media_url: str | None = None  # where Cloud sends for files; None: to this site itself
        self.rewrites_comments = False  # gives them back as Cloud's API 2 does; see adf.py
        self.search_lag = 0.0  # seconds that the search index is behind (Cloud)
        self.tasks: dict[str, dict[str, Any]] = {}  # bulk changes, by id
        self.listeners: list[Callable[[Event], None]] = []
        self._ids = count(10001)
        self._setup_ids = count(20001)

    def new_id(self) -> str:
        """A number that nothing on the site has yet."""
        return str(next(self._ids))

    def new_setup_id(self) -> str:
        """A number for something that admins make: a status, a screen, a role, a context or an option."""
        return str(next(self._setup_ids))

    def new_media_id(self) -> str:
        """The id of a file's content on Cloud."""
        return str(uuid.uuid4())

    def link(self, *parts: str) -> str:
        """A `self` link of the platform API."""
        return "/".join((self.url, "rest/api/2", *parts))

    def desk_link(self, *parts: str) -> str:
        """A `self` link of the service desk API."""
        return "/".join((self.url, "rest/servicedeskapi", *parts))

    def tell(self, event: Event) -> None:
        """Passes an event on to whoever listens."""
        for listener in self.listeners:
            listener(event)

    def find_issue(self, id_or_key: str) -> Issue:
        """The issue by id, key or a key that it had before it moved; 404 as Jira says it."""
        found = self.issues.get(id_or_key)
        wanted = id_or_key.upper()
        found = found or next((i for i in self.issues.values() if wanted == i.key or wanted in i.old_keys), None)
        if found is None:
            raise no_issue()
        return found

    def find_project(self, id_or_key: str) -> Project:
        """The project by id or key."""
        for project in self.projects.values():
            if id_or_key in {project.id, project.key}:
                return project
        raise JiraError(404, f"No project could be found with key '{id_or_key}'.")

    def user_by_account(self, account_id: str) -> User | None:
        """The user with an accountId, or on Data Center with a key."""
        return next((u for u in self.users.values() if u.account_id == account_id), None)

    def user_by_token(self, name: str | None, token: str) -> User | None:
        """Who logs in: by mail address and token on Cloud, by PAT alone on Data Center."""
        for user in self.users.values():
            if user.token == token and user.active and (name is None or user.email.lower() == name.lower()):
                return user
        return None

    def organisations_of(self, user: User) -> list[Organisation]:
        """The organisations that a customer is in."""
        return [o for o in self.organisations.values() if user.account_id in o.members]

    def request_type_of(self, issue: Issue) -> RequestType | None:
        """The request type of a customer's request."""
        field = self.field_of_kind(Kind.REQUEST_TYPE)
        value = issue.values.get(field.id) if field else None
        return value if isinstance(value, RequestType) else None

    def shared_with(self, issue: Issue) -> list[Organisation]:
        """The organisations that may see a request."""
        field = self.field_of_kind(Kind.ORGANIZATIONS)
        value = issue.values.get(field.id) if field else None
        return [o for o in value if isinstance(o, Organisation)] if isinstance(value, list) else []

    def participants_of(self, issue: Issue) -> list[User]:
        """Who takes part in a request beside its reporter."""
        field = self.field_of_kind(Kind.PARTICIPANTS)
        value = issue.values.get(field.id) if field else None
        return [u for u in value if isinstance(u, User)] if isinstance(value, list) else []

    def field_of_kind(self, kind: Kind) -> CustomField | None:
        """The first field of a kind: JSM's own exist once."""
        return next((f for f in self.fields.values() if f.kind is kind), None)

    def fields_in(self, project: Project, issue_type: IssueType | None = None) -> list[CustomField]:
        """The custom fields that are there in a project, for an issue type or for any, as their contexts say."""
        return [f for f in self.fields.values() if f.context(project.id, issue_type.id if issue_type else None)]

    def add_role(self, name: str, description: str = "") -> str:
        """A new role, empty in every project; its id."""
        role_id = self.new_setup_id()
        self.roles[role_id] = name
        self.role_descriptions[role_id] = description
        for project in self.projects.values():
            project.roles[name] = Role(role_id, name)
        return role_id

    def field_named(self, name: str) -> CustomField:
        """A custom field by its name; KeyError names what there is."""
        for field in self.fields.values():
            if field.name == name:
                return field
        raise KeyError(f"no field {name!r}; there are {sorted(f.name for f in self.fields.values())}")
