"""Workflows, their statuses and the rules there are, as REST v3 writes them."""

from __future__ import annotations

from collections.abc import Iterable

from tests.sandbox.clock import stamp
from tests.sandbox.records import Json
from tests.sandbox.rule_kinds import DEVELOPMENT_TRIGGERS, RULES
from tests.sandbox.workflow_records import Conditions, Placed, Rule, Status, Transition, Workflow
from tests.sandbox.world import World

CATEGORIES = {"new": "TODO", "indeterminate": "IN_PROGRESS", "done": "DONE"}


def scope(project_id: str | None) -> Json:
    """Whether something is the whole site's or a team-managed project's."""
    return {"type": "PROJECT", "project": {"id": project_id}} if project_id else {"type": "GLOBAL"}


def status(found: Status) -> Json:
    """A status."""
    return {
        "id": found.id,
        "name": found.name,
        "statusCategory": CATEGORIES[found.category],
        "scope": scope(found.project_id),
        "description": found.description,
    }


def documents(found: Iterable[Workflow]) -> Json:
    """Whole workflows, and the statuses that they refer to."""
    flows = list(found)
    statuses = dict.fromkeys(placed.status for flow in flows for placed in flow.statuses)
    return {
        "statuses": [status(s) | {"statusReference": s.id} for s in statuses],
        "workflows": [workflow(flow) for flow in flows],
    }


def workflow(found: Workflow) -> Json:
    """A workflow."""
    written: Json = {
        "id": found.id,
        "name": found.name,
        "description": found.description,
        "isEditable": found.editable,
        "scope": scope(found.project_id),
        "statuses": [_placed(placed) for placed in found.statuses],
        "transitions": [_transition(step) for step in found.transitions],
        "version": {"id": found.version_id, "versionNumber": found.version},
        "taskId": None,
        "created": stamp(found.created) if found.created else None,
        "updated": stamp(found.updated) if found.updated else None,
    }
    if found.start_place:
        written["startPointLayout"] = dict(found.start_place)
    if found.loop_place:
        written["loopedTransitionContainerLayout"] = dict(found.loop_place)
    return written


def _placed(placed: Placed) -> Json:
    written: Json = {"statusReference": placed.status.id, "deprecated": False, "properties": dict(placed.properties)}
    if placed.place:
        written["layout"] = dict(placed.place)
    if placed.approval:
        written["approvalConfiguration"] = dict(placed.approval)
    return written


def _transition(step: Transition) -> Json:
    written: Json = {
        "id": step.id,
        "name": step.name,
        "description": step.description,
        "type": step.way.value,
        "toStatusReference": step.target.id,
        "links": [
            {"fromStatusReference": link.source, "fromPort": link.from_port, "toPort": link.to_port}
            for link in step.links
        ],
        "actions": [rule(r) for r in step.actions],
        "validators": [rule(r) for r in step.validators],
        "triggers": [rule(r) for r in step.triggers],
        "properties": dict(step.properties),
    }
    if step.conditions.every():
        written["conditions"] = _conditions(step.conditions)
    if step.screen:
        written["transitionScreen"] = rule(step.screen)
    if step.event_id:
        written["customIssueEventId"] = step.event_id
    return written


def _conditions(group: Conditions) -> Json:
    return {
        "operation": group.operation,
        "conditions": [rule(r) for r in group.rules],
        "conditionGroups": [_conditions(inner) for inner in group.groups],
    }


def rule(found: Rule) -> Json:
    """A configured rule."""
    written: Json = {"ruleKey": found.key, "parameters": dict(found.parameters)}
    return written | ({"id": found.id} if found.id else {})


def capabilities(world: World, project_id: str | None) -> Json:
    """The rules that workflows may hold."""
    kinds = [(key, RULES[key]) for key in RULES if key in world.rule_keys]
    return {
        "editorScope": "PROJECT" if project_id else "GLOBAL",
        "projectTypes": ["software", "service_desk", "business"],
        "systemRules": [
            {
                "ruleKey": key,
                "ruleType": kind.type,
                "name": kind.name,
                "description": kind.name,
                "isAvailableForInitialTransition": kind.on_initial,
                "isVisible": True,
                "incompatibleRuleKeys": [],
            }
            for key, kind in kinds
        ],
        "connectRules": [],
        "forgeRules": [],
        "triggerRules": [{"ruleKey": DEVELOPMENT_TRIGGERS, "availableTypes": []}],
    }
