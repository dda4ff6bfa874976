"""What a workflow's statuses mean to the mapping, and which of its steps begin work."""

from __future__ import annotations

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import WORKING, StatusRole
from adapter.provision.document import Transition, leads
from adapter.provision.found import Workflow


def references(workflow: Workflow, catalogue: Catalogue, *roles: StatusRole) -> tuple[str, ...]:
    """The workflow's statuses that mean one of some roles."""
    return tuple(ref for role in roles for ref in workflow.references(catalogue.jira.statuses.get(role, ())))


def begins(transition: Transition, workflow: Workflow, catalogue: Catalogue) -> bool:
    """Whether a transition leads from Godkendt into work."""
    approved = references(workflow, catalogue, StatusRole.APPROVED)
    working = references(workflow, catalogue, *sorted(WORKING))
    return any(leads(transition, start, target) for start in approved for target in working)
