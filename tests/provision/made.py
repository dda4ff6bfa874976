"""Workflows and sites as a test wants them: small, in Jira's own shapes."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

from adapter.catalogue.load import load_site
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import ApprovalState, FieldName
from adapter.provision.conditions import reserved_for
from adapter.provision.document import Document, Group, Rule, Transition
from adapter.provision.found import (
    Actor,
    ActorKind,
    Context,
    CustomField,
    Found,
    IssueType,
    Option,
    Project,
    RequestType,
    Role,
    Status,
    Workflow,
)

CATALOGUE = load_site(Path(__file__).parents[2] / "mappings" / "dubu")
ADAPTER = "712020:adapter"
ROLE = "10100"
PROJECT = Project("10000", "DUBU", "DUBU servicedesk", False, (IssueType("1", "Serviceanmodning"),))
STATUSES = tuple(name for names in CATALOGUE.jira.statuses.values() for name in names)
KEYS = frozenset({"system:restrict-issue-transition", "system:check-field-value"})


def status_id(name: str) -> str:
    """The id of a status, which its workflow uses as reference too."""
    return str(20000 + zlib.crc32(name.encode()) % 10**6)


def step(
    number: int, name: str, to: str, *sources: str, only: str | None = None, conditions: Group | None = None
) -> Transition:
    """A transition; from anywhere where no source is named, and reserved for a role where `only` names one."""
    tree: Group | None = (
        {"operation": "ALL", "conditions": [reserved_for(only)], "conditionGroups": []} if only else None
    )
    return {
        "id": str(number),
        "name": name,
        "type": "DIRECTED" if sources else "GLOBAL",
        "toStatusReference": status_id(to),
        "links": [{"fromStatusReference": status_id(source), "fromPort": 0, "toPort": 1} for source in sources],
        "conditions": conditions or tree,
        "validators": [],
        "actions": [],
        "triggers": [],
        "properties": {},
    }


def creation(to: str) -> Transition:
    """The transition that creates tickets."""
    return {"id": "1", "name": "Create", "type": "INITIAL", "toStatusReference": status_id(to), "links": []}


def workflow(*steps: Transition, names: tuple[str, ...] = STATUSES, name: str = "Arbejdsgang") -> Workflow:
    """A workflow with some statuses and the steps between them."""
    document: Document = {
        "id": f"w-{name}",
        "name": name,
        "description": "",
        "isEditable": True,
        "statuses": [
            {"statusReference": status_id(n), "layout": {"x": 0.0, "y": 0.0}, "properties": {}} for n in names
        ],
        "transitions": list(steps),
        "version": {"id": "v", "versionNumber": 3},
    }
    known = {status_id(n): Status(status_id(n), n, "IN_PROGRESS") for n in names}
    return Workflow(document, known, PROJECT.issue_types, rule_keys=KEYS)


def gate_field(catalogue: Catalogue = CATALOGUE) -> CustomField:
    """The gate's field with all its options."""
    wanted = catalogue.jira.fields[FieldName.APPROVAL]
    options = tuple(Option(str(500 + i), label) for i, label in enumerate(wanted.options.values()))
    return CustomField(
        "customfield_10042",
        wanted.name,
        "option",
        (Context("7", "DUBU", False, frozenset({PROJECT.id}), options=options),),
    )


def lock(state: ApprovalState = ApprovalState.APPROVED) -> Rule:
    """The condition that the gate's field says something."""
    label = CATALOGUE.jira.fields[FieldName.APPROVAL].options[state]
    option = next(o.id for c in gate_field().contexts or () for o in c.options if o.label == label)
    return {
        "ruleKey": "system:check-field-value",
        "parameters": {
            "fieldId": "customfield_10042",
            "fieldValue": f'["{option}"]',
            "comparator": "=",
            "comparisonType": "OPTIONID",
        },
    }


def site(*workflows: Workflow, **more: object) -> Found:
    """A site whose role and gate field are as they should be."""
    role = Role(ROLE, CATALOGUE.jira.roles.adapter, (Actor(ActorKind.USER, ADAPTER, "DUBU-adapter"),))
    found = Found(
        is_cloud=True,
        project=PROJECT,
        account=ADAPTER,
        roles=(role,),
        fields=(gate_field(),),
        statuses=tuple(Status(status_id(n), n, "IN_PROGRESS") for n in STATUSES),
        workflows=workflows,
        request_types=tuple(RequestType(name) for name in CATALOGUE.jira.request_types),
    )
    return replace(found, **more)  # type: ignore[arg-type]  # whatever parts a test exchanges
