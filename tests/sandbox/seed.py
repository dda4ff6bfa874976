"""What a site starts with, as a plain description that a test can change before the site starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.sandbox.people_records import AccountKind
from tests.sandbox.records import Kind
from tests.sandbox.site_records import Switches
from tests.sandbox.workflow_records import Rule

EVERYBODY: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeedUser:
    """Somebody; `organisation` makes them one of its customers."""

    handle: str
    name: str
    email: str
    kind: AccountKind = AccountKind.ATLASSIAN
    email_visible: bool = True
    groups: tuple[str, ...] = ()
    organisation: str | None = None
    account_id: str | None = None  # one is made up where none is given
    time_zone: str = "Europe/Copenhagen"
    site_admin: bool = False

    @property
    def token(self) -> str:
        """Their API token, or PAT."""
        return f"token-of-{self.handle}"


@dataclass(frozen=True)
class SeedField:
    """A custom field; it is where projects list it, or everywhere."""

    name: str
    kind: Kind
    options: tuple[str, ...] = ()
    everywhere: bool = False


@dataclass(frozen=True)
class SeedTransition:
    """A step of the workflow by the names of its statuses; `roles` that may take it (none: everybody)."""

    name: str
    sources: tuple[str, ...]  # none: from anywhere
    target: str
    roles: tuple[str, ...] = EVERYBODY
    portal: bool = False  # customers may take it too
    screen: tuple[str, ...] = ()  # names of fields
    conditions: tuple[Rule, ...] = ()
    validators: tuple[Rule, ...] = ()
    actions: tuple[Rule, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SeedWorkflow:
    """A workflow of some issue types; projects that name the same one share it."""

    name: str
    issue_types: tuple[str, ...]
    statuses: tuple[tuple[str, str], ...]  # name and category; new issues get the first
    transitions: tuple[SeedTransition, ...]


@dataclass(frozen=True)
class SeedProject:
    """A project; `roles` holds handles, and groups as `group:name`."""

    key: str
    name: str
    desk: bool
    agent_role: str
    roles: dict[str, tuple[str, ...]]
    issue_types: tuple[str, ...]
    request_types: tuple[str, ...]
    statuses: tuple[tuple[str, str], ...]  # name and category; new issues get the first
    transitions: tuple[SeedTransition, ...]
    fields: tuple[str, ...]
    form: tuple[str, ...] = ()  # the fields that customers fill in on the portal, beside summary and description
    workflow: str = ""  # its name; the issue types without one of their own have it
    workflows: tuple[SeedWorkflow, ...] = ()
    types_of_requests: Mapping[str, str] = field(default_factory=dict)  # issue types by request type; else the first
    revoked: tuple[tuple[str, str], ...] = ()  # permissions and the roles that they are taken from
    team_managed: bool = False


@dataclass(frozen=True)
class SeedTicket:
    """A ticket that is there from the start, in whatever status."""

    project: str
    issue_type: str
    status: str
    by: str = "agent.anna"


@dataclass(frozen=True)
class Seed:
    """A whole site."""

    deployment: str  # cloud or datacenter
    users: tuple[SeedUser, ...]
    organisations: tuple[str, ...]
    fields: tuple[SeedField, ...]
    projects: tuple[SeedProject, ...]
    switches: Switches = field(default_factory=Switches)
    tickets: tuple[SeedTicket, ...] = ()

    def on(self, deployment: str) -> Seed:
        """The same site on the other deployment."""
        return replace(self, deployment=deployment)

    def switched(self, **switches: Any) -> Seed:  # noqa: ANN401 # whatever the switches are
        """The same site where some of what is not certain of Jira is otherwise."""
        return replace(self, switches=replace(self.switches, **switches))

    def revoke(self, permission: str, role: str) -> Seed:
        """With a permission taken from a role of the first project."""
        first, *others = self.projects
        return replace(self, projects=(replace(first, revoked=(*first.revoked, (permission, role))), *others))

    def with_user(self, user: SeedUser, *roles: str) -> Seed:
        """With one more user, in the roles of the first project that are named."""
        first, *others = self.projects
        held = {n: (*a, user.handle) if n in roles else a for n, a in first.roles.items()}
        return replace(self, users=(*self.users, user), projects=(replace(first, roles=held), *others))

    def without_user(self, handle: str) -> Seed:
        """Without a user, in roles too."""
        projects = tuple(
            replace(p, roles={n: tuple(a for a in actors if a != handle) for n, actors in p.roles.items()})
            for p in self.projects
        )
        return replace(self, users=tuple(u for u in self.users if u.handle != handle), projects=projects)

    def without_role(self, handle: str, *roles: str) -> Seed:
        """With a user out of the named roles of every project, such as the adapter out of `Administrators`."""
        projects = tuple(
            replace(p, roles={n: tuple(x for x in a if x != handle or n not in roles) for n, a in p.roles.items()})
            for p in self.projects
        )
        return replace(self, projects=projects)

    def with_field(self, added: SeedField) -> Seed:
        """With a field on all projects' screens, in place of one of the same name if there is one."""
        rest = tuple(f for f in self.fields if f.name != added.name)
        projects = tuple(
            replace(p, fields=(*(f for f in p.fields if f != added.name), added.name)) for p in self.projects
        )
        return replace(self, fields=(*rest, added), projects=projects)

    def with_twin(self, name: str, kind: Kind = Kind.TEXT) -> Seed:
        """With a second field of the same name, as Jira allows."""
        return replace(self, fields=(*self.fields, SeedField(name, kind)))

    def without_field(self, name: str) -> Seed:
        """Without a field anywhere."""
        projects = tuple(
            replace(
                p,
                fields=tuple(f for f in p.fields if f != name),
                transitions=tuple(replace(t, screen=tuple(f for f in t.screen if f != name)) for t in p.transitions),
            )
            for p in self.projects
        )
        return replace(self, fields=tuple(f for f in self.fields if f.name != name), projects=projects)

    def off_screen(self, name: str) -> Seed:
        """With a field that exists but is on no screen of the first project."""
        first, *others = self.projects
        return replace(self, projects=(replace(first, fields=tuple(f for f in first.fields if f != name)), *others))

    def without_option(self, field_name: str, option: str) -> Seed:
        """Without one option of a field."""
        fields = tuple(
            replace(f, options=tuple(o for o in f.options if o != option)) if f.name == field_name else f
            for f in self.fields
        )
        return replace(self, fields=fields)

    def without_status(self, name: str) -> Seed:
        """Without a status and the transitions that touch it."""
        projects = tuple(
            replace(
                p,
                statuses=tuple(s for s in p.statuses if s[0] != name),
                transitions=tuple(
                    replace(t, sources=tuple(s for s in t.sources if s != name))
                    for t in p.transitions
                    if t.target != name and t.sources != (name,)
                ),
            )
            for p in self.projects
        )
        return replace(self, projects=projects)

    def without_transitions_to(self, status: str) -> Seed:
        """Without any way into a status, such as the adapter's way back."""
        projects = tuple(
            replace(p, transitions=tuple(t for t in p.transitions if t.target != status)) for p in self.projects
        )
        return replace(self, projects=projects)
