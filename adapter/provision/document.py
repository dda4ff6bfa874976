"""A workflow as Jira hands it out: typed where it is looked at, and kept word for word where it is not.

An update replaces the whole workflow, so what is read is sent back: every change makes a copy by `{**before, …}`,
which keeps keys that nobody here has heard of.
"""

from __future__ import annotations

from typing import Literal, TypedDict

RESTRICT = "system:restrict-issue-transition"
CHECK_FIELD = "system:check-field-value"
PORTAL = "servicedesk.customer.transition.active"
"""The property that shows a transition to customers; its name stands in no description of the API."""


class Rule(TypedDict, total=False):
    """A condition, validator or post function."""

    id: str | None
    ruleKey: str
    parameters: dict[str, str]


class Group(TypedDict, total=False):
    """Conditions that must hold, all of them or any of them."""

    operation: Literal["ALL", "ANY"]
    conditions: list[Rule]
    conditionGroups: list[Group]


class Link(TypedDict, total=False):
    """A status that a transition starts from; none means any."""

    fromStatusReference: str | None
    fromPort: int | None
    toPort: int | None


class Transition(TypedDict, total=False):
    """A step of a workflow."""

    id: str
    name: str
    description: str
    type: Literal["INITIAL", "GLOBAL", "DIRECTED"]
    toStatusReference: str
    links: list[Link]
    conditions: Group | None
    validators: list[Rule]
    actions: list[Rule]
    triggers: list[Rule]
    properties: dict[str, str]


class Layout(TypedDict, total=False):
    """Where a status stands in the picture."""

    x: float | None
    y: float | None


class Approval(TypedDict, total=False):
    """JSM's approval step of a status: the answers of its approvers take the two transitions."""

    active: Literal["true", "false"]
    transitionApproved: str
    transitionRejected: str


class StatusOfWorkflow(TypedDict, total=False):
    """A status in a workflow."""

    statusReference: str
    layout: Layout | None
    approvalConfiguration: Approval | None
    properties: dict[str, str]


class Version(TypedDict, total=False):
    """The lock: an update that names another version than the site's is refused."""

    id: str
    versionNumber: int


class Document(TypedDict, total=False):
    """A whole workflow."""

    id: str
    name: str
    description: str
    isEditable: bool
    statuses: list[StatusOfWorkflow]
    transitions: list[Transition]
    version: Version


def sources(transition: Transition) -> frozenset[str] | None:
    """The references of the statuses that a transition starts from; None where it starts from any."""
    links = [link.get("fromStatusReference") for link in transition.get("links") or []]
    if transition.get("type") == "GLOBAL" or (transition.get("type") == "DIRECTED" and not all(links)):
        return None
    return frozenset(link for link in links if link)


def leads(transition: Transition, source: str, target: str) -> bool:
    """Whether a transition leads from one status to another; the one that creates tickets leads from none."""
    if transition.get("type") == "INITIAL" or transition.get("toStatusReference") != target:
        return False
    known = sources(transition)
    return known is None or source in known
