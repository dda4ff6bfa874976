"""What an admin sets up around projects: screens, permission schemes, and what is not certain of Jira."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(eq=False)
class Tab:
    """A tab of a screen with its fields' ids in order."""

    id: int
    name: str
    fields: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Screen:
    """A screen."""

    id: int
    name: str
    tabs: list[Tab]
    description: str = ""

    @property
    def fields(self) -> list[str]:
        """The ids of its fields, tab by tab."""
        return [id_ for tab in self.tabs for id_ in tab.fields]


@dataclass(eq=False)
class ScreenScheme:
    """Which screen each operation (create, edit, view) has; the default for the rest."""

    id: int
    name: str
    default: Screen
    by_operation: dict[str, Screen] = field(default_factory=dict)
    description: str = ""

    def of(self, operation: str) -> Screen:
        """The screen of an operation."""
        return self.by_operation.get(operation, self.default)


@dataclass(eq=False)
class TypeScreens:
    """An issue type screen scheme: which screen scheme each issue type of a project has."""

    id: str
    name: str
    default: ScreenScheme
    by_type: dict[str, ScreenScheme] = field(default_factory=dict)  # by issue type id
    description: str = ""

    def of(self, issue_type_id: str) -> ScreenScheme:
        """The screen scheme of an issue type."""
        return self.by_type.get(issue_type_id, self.default)


@dataclass(frozen=True)
class Grant:
    """A permission and who holds it: a type such as `projectRole`, and which one where the type needs that."""

    id: int
    permission: str
    holder: str
    parameter: str | None = None


@dataclass(eq=False)
class PermissionScheme:
    """The permissions of the projects that use it."""

    id: int
    name: str
    grants: list[Grant] = field(default_factory=list)


@dataclass
class Switches:
    """How this Jira behaves where nobody knows for certain (marked [U] in jira-facts.md)."""

    portal_property: str = "servicedesk.customer.transition.active"  # what shows a transition on the portal
    api_takes_secret: bool = True  # whether a webhook's secret can be set through the API
    api_tells_signed: bool = True  # and whether the API tells that there is one
    new_field_has_context: bool = True  # whether POST /field makes a global context with it
    put_ignores_screens: bool = False  # whether PUT issue sets fields that are on no screen
    data_center_version: str = "10.3.2"  # before 10 the webhooks' old address is served, after that the new one
