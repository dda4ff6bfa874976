"""What a workflow is made of: statuses, the transitions between them, and the rules that stand on those."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Place = Mapping[str, float]
"""Where the editor draws something."""


@dataclass(eq=False)
class Status:
    """A status; category is `new`, `indeterminate` or `done`."""

    id: str
    name: str
    category: str
    description: str = ""
    project_id: str | None = None  # of a team-managed project; None: the whole site's


@dataclass(frozen=True)
class Rule:
    """A rule as an admin configured it; all parameters are texts."""

    key: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    id: str | None = None

    def listed(self, name: str) -> list[str]:
        """A parameter that holds ids with commas between."""
        return [part.strip() for part in self.parameters.get(name, "").split(",") if part.strip()]

    def says(self, name: str) -> bool:
        """A parameter that is `true` or `false`."""
        return self.parameters.get(name, "").lower() == "true"


@dataclass(frozen=True)
class Conditions:
    """A group of conditions, of which ALL or ANY must hold; an empty one always does."""

    operation: str = "ALL"
    rules: tuple[Rule, ...] = ()
    groups: tuple[Conditions, ...] = ()

    def every(self) -> list[Rule]:
        """All rules in the tree."""
        return [*self.rules, *(rule for group in self.groups for rule in group.every())]


class Way(StrEnum):
    """Where a transition starts: at creation, from anywhere, or from the statuses it is linked to."""

    INITIAL = "INITIAL"
    GLOBAL = "GLOBAL"
    DIRECTED = "DIRECTED"


@dataclass(frozen=True)
class Link:
    """An arrow of the editor from a status."""

    source: str  # status id
    from_port: int | None = None
    to_port: int | None = None


@dataclass(eq=False)
class Transition:
    """A step of a workflow."""

    id: str
    name: str
    way: Way
    target: Status
    links: tuple[Link, ...] = ()
    conditions: Conditions = Conditions()
    validators: tuple[Rule, ...] = ()
    actions: tuple[Rule, ...] = ()
    triggers: tuple[Rule, ...] = ()
    screen: Rule | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    event_id: str | None = None

    @property
    def sources(self) -> frozenset[str]:
        """The ids of the statuses that it is linked to; none for a global one."""
        return frozenset(link.source for link in self.links)

    def leaves(self, status: Status) -> bool:
        """Whether it starts in a status."""
        return self.way is Way.GLOBAL or (self.way is Way.DIRECTED and status.id in self.sources)


@dataclass(eq=False)
class Placed:
    """A status in a workflow."""

    status: Status
    place: Place | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    approval: Mapping[str, object] | None = None


@dataclass(eq=False)
class Workflow:
    """A workflow; each change gives it the next version."""

    id: str
    name: str
    statuses: list[Placed]
    transitions: list[Transition]
    version_id: str
    version: int = 1
    description: str = ""
    project_id: str | None = None  # of a team-managed project
    editable: bool = True
    created: datetime | None = None
    updated: datetime | None = None
    start_place: Place | None = None
    loop_place: Place | None = None

    @property
    def initial(self) -> Transition:
        """The step that makes an issue."""
        return next(step for step in self.transitions if step.way is Way.INITIAL)

    @property
    def steps(self) -> list[Transition]:
        """The steps that an issue may take."""
        return [step for step in self.transitions if step.way is not Way.INITIAL]

    def has(self, status: Status) -> bool:
        """Whether an issue may stand in a status."""
        return any(placed.status is status for placed in self.statuses)


@dataclass(eq=False)
class WorkflowScheme:
    """Which workflow each issue type of a project has."""

    id: str
    name: str
    default: Workflow
    by_type: dict[str, Workflow] = field(default_factory=dict)  # by issue type id
    description: str = ""

    def of(self, issue_type_id: str) -> Workflow:
        """The workflow of an issue type."""
        return self.by_type.get(issue_type_id, self.default)

    def all(self) -> list[Workflow]:
        """Its workflows, each once."""
        return list(dict.fromkeys((self.default, *self.by_type.values())))
