"""What a live site has of what the mapping needs, as read; None where the site does not tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from adapter.provision.document import Document


@dataclass(frozen=True)
class IssueType:
    """An issue type of the project."""

    id: str
    name: str
    is_subtask: bool = False

    def is_among(self, names: Collection[str]) -> bool:
        """Whether tickets of it are the adapter's: those of `sagstyper`, or all but subtasks where it names none."""
        return self.name in names if names else not self.is_subtask


@dataclass(frozen=True)
class Project:
    """The mapping's project; a team-managed one has workflows and fields of its own, which no site admin shares."""

    id: str
    key: str
    name: str
    is_team_managed: bool
    issue_types: tuple[IssueType, ...]

    def types_among(self, names: Collection[str]) -> tuple[IssueType, ...]:
        """The issue types whose tickets are the adapter's, as `IssueType.is_among` takes the names."""
        return tuple(t for t in self.issue_types if t.is_among(names))


@dataclass(frozen=True)
class Option:
    """An option of a select field in a context."""

    id: str
    label: str
    is_disabled: bool = False


@dataclass(frozen=True)
class Context:
    """Where a field exists; a context without projects is every project's, one without types is every type's."""

    id: str
    name: str
    is_global: bool
    project_ids: frozenset[str] = frozenset()
    type_ids: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    others: tuple[str, ...] = ()  # keys of other projects that it is for; some of them where they are many

    @property
    def is_blank(self) -> bool:
        """Whether it is everybody's and nobody has ever used it, as of a field that has just been made."""
        return self.is_global and not self.options

    def is_shared(self, project_id: str) -> bool:
        """Whether it is for other projects than one, too."""
        return self.is_global or bool(self.project_ids - {project_id})

    def lacks(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """The labels that it does not offer, in their order."""
        return tuple(label for label in labels if self.option_id(label) is None)

    def disables(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """The labels that it has and does not offer, in their order: they can be enabled, and not be added again."""
        there = {option.label for option in self.options}
        return tuple(label for label in self.lacks(labels) if label in there)

    def option_id(self, label: str) -> str | None:
        """The id of an option that may be chosen."""
        return next((o.id for o in self.options if o.label == label and not o.is_disabled), None)


@dataclass(frozen=True)
class CustomField:
    """A custom field; `kind` is its data type in Jira's words, such as `option`."""

    id: str
    name: str
    kind: str
    contexts: tuple[Context, ...] | None = None

    def contexts_for(self, project_id: str) -> tuple[Context, ...]:
        """The contexts that apply in a project: its own, which replace the global one for all of its issue types."""
        known = self.contexts or ()
        own = tuple(c for c in known if project_id in c.project_ids)
        return own or tuple(c for c in known if c.is_global)

    def types_without(self, project_id: str, types: Iterable[IssueType]) -> tuple[IssueType, ...]:
        """The issue types of a project that no context which applies there is for."""
        contexts = self.contexts_for(project_id)
        return tuple(t for t in types if not any(not c.type_ids or t.id in c.type_ids for c in contexts))


@dataclass(frozen=True)
class RequestType:
    """What customers choose on the portal; their ticket gets its issue type."""

    name: str
    type_id: str = ""  # empty where Jira does not tell


@dataclass(frozen=True)
class Screen:
    """A screen of the project's tickets, and the tab that new fields join: its first."""

    id: str
    name: str
    tab_id: str
    field_ids: frozenset[str]  # on any of its tabs
    others: tuple[str, ...] = ()  # keys of the other projects whose tickets have it


@dataclass(frozen=True)
class Status:
    """A status of the site; `category` is TODO, IN_PROGRESS or DONE."""

    id: str
    name: str
    category: str
    description: str | None = None


class ActorKind(StrEnum):
    """Who can hold a project role."""

    USER = "bruger"
    GROUP = "gruppe"


@dataclass(frozen=True)
class Actor:
    """A holder of a project role; `id` is an account's or a group's id (on Data Center their names)."""

    kind: ActorKind
    id: str
    name: str


@dataclass(frozen=True)
class Role:
    """A project role, with who holds it in the project."""

    id: str
    name: str
    actors: tuple[Actor, ...] = ()

    def others(self, account: str) -> tuple[Actor, ...]:
        """Who holds it beside one account: people first, by name."""
        there = (a for a in self.actors if a.kind is ActorKind.GROUP or a.id != account)
        return tuple(sorted(there, key=lambda a: (a.kind, a.name, a.id)))

    def is_held_by(self, account: str) -> bool:
        """Whether an account is named in it; through a group does not count."""
        return any(a.kind is ActorKind.USER and a.id == account for a in self.actors)


@dataclass(frozen=True)
class Workflow:
    """A workflow of the project, whole, and who uses it."""

    document: Document = field(repr=False)
    statuses: Mapping[str, Status]  # by the reference that the document uses
    issue_types: tuple[IssueType, ...]  # of the project
    other_projects: tuple[str, ...] = ()  # keys of others that use it
    rule_keys: frozenset[str] | None = None  # what may be used in it

    @property
    def id(self) -> str:
        return self.document.get("id", "")

    @property
    def name(self) -> str:
        return self.document.get("name", "")

    def references(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The references of the statuses with these names that are in it, in the names' order."""
        inside = {status.get("statusReference", "") for status in self.document.get("statuses") or []}
        by_name = {status.name: ref for ref, status in self.statuses.items() if ref in inside}
        return tuple(by_name[name] for name in names if name in by_name)

    def status_name(self, reference: str) -> str:
        """What people call a status."""
        known = self.statuses.get(reference)
        return known.name if known else reference


@dataclass(frozen=True)
class Webhook:
    """A webhook of the site; its secret is never told."""

    id: str
    name: str
    url: str
    events: frozenset[str]
    jql: str
    is_enabled: bool
    leaves_body_out: bool = False
    is_signed: bool | None = None  # None where the site does not tell


@dataclass(frozen=True)
class Grant:
    """Who is given a permission in the project: a kind of holder, such as `projectRole`, and which."""

    permission: str
    holder: str
    parameter: str


@dataclass(frozen=True)
class Found:
    """A site, as far as it was read; a part that is None could not be."""

    is_cloud: bool
    project: Project
    account: str  # the adapter's: an account id, or a user name on Data Center
    roles: tuple[Role, ...] | None = None
    fields: tuple[CustomField, ...] | None = None
    screens: tuple[Screen, ...] | None = None
    statuses: tuple[Status, ...] | None = None
    workflows: tuple[Workflow, ...] | None = None
    webhooks: tuple[Webhook, ...] | None = None
    request_types: tuple[RequestType, ...] | None = None
    grants: tuple[Grant, ...] | None = None
    unread: Mapping[str, str] = field(default_factory=dict)  # parts that Jira refused to tell, with why, in Danish

    def role(self, name: str) -> Role | None:
        """The project role of a name."""
        return next((role for role in self.roles or () if role.name == name), None)

    def named(self, name: str) -> tuple[CustomField, ...]:
        """The custom fields of a name; Jira allows several."""
        return tuple(f for f in self.fields or () if f.name == name)

    def has_request_type(self, name: str) -> bool:
        """Whether the portal offers a request type of a name."""
        return any(known.name == name for known in self.request_types or ())

    def status(self, name: str) -> Status | None:
        """The status of a name."""
        return next((status for status in self.statuses or () if status.name == name), None)
