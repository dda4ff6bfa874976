"""A live site as the doctor saw it: what Jira says, what the accounts may, and what lies in the adapter's own store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from adapter.doctor.finding import Finding
from adapter.provision.found import Found

ELSEWHERE = 302
"""In place of Jira's status: the address redirects, as to a login page."""


@dataclass(frozen=True)
class Server:
    """What Jira says of itself; `asked` is this machine's clock at that moment."""

    deployment: str  # Cloud, Server or Data Center
    base_url: str
    now: datetime | None
    asked: datetime


@dataclass(frozen=True)
class Account:
    """The adapter's account; `id` is an account id, or a user name on Data Center."""

    id: str
    time_zone: str = ""


@dataclass(frozen=True)
class Front:
    """How the site meets the adapter; where it does not tell or let in, with which status."""

    url: str
    user_variable: str
    token_variable: str
    server: Server | None = None
    account: Account | None = None
    refused: int = 0

    @property
    def is_scoped(self) -> bool:
        """Whether the address is the one that scoped tokens are for."""
        return "/ex/jira/" in self.url


@dataclass(frozen=True)
class Step:
    """A transition that an account is offered on a ticket."""

    id: str
    name: str
    target: str  # id of a status


@dataclass(frozen=True)
class Offered:
    """The transitions that an account is offered on the newest ticket of an issue type in a status."""

    status: str  # id
    ticket: str
    steps: tuple[Step, ...]
    issue_type: str = ""  # its name


@dataclass(frozen=True)
class Begun:
    """The status in which the newest ticket of an issue type was made."""

    status: str  # id
    ticket: str
    issue_type: str = ""  # its name


@dataclass(frozen=True)
class Administrator:
    """Who looked with an administrator's rights; `holds_role` where they are in the adapter's own project role."""

    name: str = ""
    token_variable: str = ""
    is_set: bool = False
    refused: int = 0
    holds_role: bool = False
    is_agent: bool = True  # whether they are in the service desk's role, as far as can be told

    @property
    def looked(self) -> bool:
        """Whether the site was read with these rights."""
        return self.is_set and not self.refused


@dataclass(frozen=True)
class Deliveries:
    """When webhooks last came: signed with a secret of ours, and turned away for want of one."""

    genuine: datetime | None = None
    turned_away: datetime | None = None


@dataclass(frozen=True)
class Seen:
    """Everything that was seen of a site that lets the adapter in; None where it could not be."""

    site: str
    is_cloud: bool
    front: Front
    resolved: tuple[Finding, ...] = ()  # what the start would say
    field_ids: Mapping[str, str] = field(default_factory=dict)  # by name
    statuses: Mapping[str, str] = field(default_factory=dict)  # of the project's workflows: names by id
    held: frozenset[str] | None = None  # keys of the permissions that the adapter has in the project
    unknown: frozenset[str] = frozenset()  # of those that Jira does not know
    editable: Mapping[str, frozenset[str]] = field(default_factory=dict)  # ids of fields, by issue type with a ticket
    offered: tuple[Offered, ...] | None = None  # to the adapter; None where the workflows themselves were read
    offered_to_admin: tuple[Offered, ...] | None = None
    begun: tuple[Begun, ...] = ()  # the same
    changed: tuple[str, datetime] | None = None  # the ticket that was changed last, and when
    found: Found | None = None
    administrator: Administrator = Administrator()
    deliveries: Deliveries | None = None
    secrets_variable: str = ""
    webhook_url: str | None = None
    foreign: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # other issue types' statuses, by names

    def place(self, one: Offered | Begun) -> str:
        """Where something showed on a ticket: only another ticket there can show that it is gone."""
        status = self.statuses.get(one.status, one.status)
        return f"{one.issue_type}: {status}" if one.issue_type else status
