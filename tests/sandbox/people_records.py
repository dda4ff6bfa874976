"""Who is on a site: people, the groups and organisations they are in, and the roles they have in a project."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class AccountKind(StrEnum):
    """Cloud's account types."""

    ATLASSIAN = "atlassian"
    APP = "app"
    CUSTOMER = "customer"


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
    """A role of the site as one project has it; its actors are users (account ids) and groups (names)."""

    id: str
    name: str
    users: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
