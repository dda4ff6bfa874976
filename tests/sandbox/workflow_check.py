"""What is wrong with an update of workflows, as /workflows/update/validation tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from tests.sandbox import rule_check
from tests.sandbox import rule_kinds as kinds
from tests.sandbox.records import Json
from tests.sandbox.workflow_reading import read_conditions, read_rule
from tests.sandbox.workflow_records import Rule, Status, Way, Workflow
from tests.sandbox.world import World


@dataclass(frozen=True)
class Wrong:
    """A complaint and where it belongs."""

    type: str
    code: str
    message: str
    reference: Json = field(default_factory=dict)

    def written(self) -> Json:
        """As the API tells it."""
        answer: Json = {"code": self.code, "level": "ERROR", "message": self.message, "type": self.type}
        return answer | ({"elementReference": self.reference} if self.reference else {})


def check(world: World, payload: Json) -> list[Wrong]:
    """Every complaint about an update."""
    found = list(_check_statuses(world, payload))
    existing = {str(s["statusReference"]): world.statuses.get(str(s.get("id"))) for s in payload.get("statuses") or ()}
    for given in payload.get("workflows") or ():
        flow = world.workflows.get(given["id"])
        if flow is None:
            found.append(Wrong("WORKFLOW", "WORKFLOW_NOT_FOUND", f"The workflow '{given['id']}' does not exist."))
        elif not flow.editable:
            found.append(Wrong("WORKFLOW", "WORKFLOW_NOT_EDITABLE", f"The workflow '{flow.name}' can't be edited."))
        else:
            found += [*_check_layout(given, set(existing)), *_check_steps(world, flow, given)]
            found += _check_mappings(world, flow, given, existing)
    return found


def _check_statuses(world: World, payload: Json) -> Iterator[Wrong]:
    given = payload.get("statuses") or []
    for reference, count in Counter(s["statusReference"] for s in given).items():
        if count > 1:
            where = {"statusReference": reference}
            yield Wrong("STATUS", "NON_UNIQUE_STATUS_REFERENCE", "You must use a unique status reference.", where)
    for status in given:
        where = {"statusReference": status["statusReference"]}
        id_ = status.get("id")
        if id_ is not None and id_ not in world.statuses:
            yield Wrong("STATUS", "STATUS_NOT_FOUND", f"The status '{id_}' does not exist.", where)
        others = [s.name.lower() for s in world.statuses.values() if s.id != id_]
        others += [s["name"].lower() for s in given if s is not status]
        if status["name"].lower() in others:
            yield Wrong("STATUS", "NON_UNIQUE_STATUS_NAME", "You must use a unique status name.", where)


def _check_layout(given: Json, known: set[str]) -> Iterator[Wrong]:
    """A workflow's statuses are told of in the payload, each once."""
    for reference, count in Counter(s["statusReference"] for s in given["statuses"]).items():
        where = {"statusReference": reference}
        if reference not in known:
            yield Wrong("STATUS_LAYOUT", "STATUS_REFERENCE_NOT_FOUND", "The status is not in the request.", where)
        if count > 1:
            yield Wrong("STATUS_LAYOUT", "DUPLICATE_STATUS", "The status is in the workflow twice.", where)


def _check_steps(world: World, flow: Workflow, given: Json) -> Iterator[Wrong]:
    placed = {s["statusReference"] for s in given["statuses"]}
    ids = Counter(str(step.get("id") or "") for step in given["transitions"])
    names = _ambiguous(given["transitions"])
    initial = [step for step in given["transitions"] if step.get("type") == Way.INITIAL]
    if len(initial) != 1:
        yield Wrong("WORKFLOW", "INITIAL_TRANSITION", "A workflow must have exactly one initial transition.")
    for step in given["transitions"]:
        id_ = str(step.get("id") or "")
        where = {"transitionId": id_}
        if not id_.isdigit():
            yield Wrong("TRANSITION", "INVALID_TRANSITION_ID", "A transition must have a numeric ID.", where)
        if ids[id_] > 1:
            yield Wrong("TRANSITION", "NON_UNIQUE_TRANSITION_ID", "You must use a unique transition ID.", where)
        if not str(step.get("name") or "").strip():
            yield Wrong("TRANSITION", "MISSING_TRANSITION_NAME", "A transition must have a name.", where)
        if id_ in names:
            message = "From a status, transitions must have unique names, and none that a global one has."
            yield Wrong("TRANSITION", "NON_UNIQUE_TRANSITION_NAME", message, where)
        if step.get("type") not in set(Way):
            yield Wrong("TRANSITION", "INVALID_TRANSITION_TYPE", "A transition must have a type.", where)
            continue
        if step.get("toStatusReference") not in placed:
            yield Wrong("TRANSITION", "INVALID_TO_STATUS", "The transition leads to no status of the workflow.", where)
        yield from _check_links(step, placed, where)
        yield from _check_rules(world, flow, step)


def _ambiguous(steps: list[Json]) -> set[str]:
    """The ids of transitions that share their name with another one from the same status, or with a global one.

    The description says so of creating a workflow (POST /rest/api/3/workflow), not of updating one: the harder case.
    """
    found: set[str] = set()
    for one, other in combinations([s for s in steps if s.get("type") != Way.INITIAL], 2):
        from_one, from_other = (
            {link.get("fromStatusReference") for link in s.get("links") or []} for s in (one, other)
        )
        is_global = Way.GLOBAL in {one.get("type"), other.get("type")}
        if one.get("name") == other.get("name") and (is_global or from_one & from_other):
            found |= {str(one.get("id")), str(other.get("id"))}
    return found


def _check_links(step: Json, placed: set[str], where: Json) -> Iterator[Wrong]:
    links = step.get("links") or []
    if step["type"] == Way.DIRECTED and not links:
        yield Wrong("TRANSITION", "MISSING_LINKS", "A directed transition must start from a status.", where)
    if step["type"] != Way.DIRECTED and links:
        yield Wrong("TRANSITION", "UNEXPECTED_LINKS", "Only directed transitions start from statuses.", where)
    if any(link.get("fromStatusReference") not in placed for link in links):
        yield Wrong("TRANSITION", "INVALID_FROM_STATUS", "The transition starts from no status of the workflow.", where)


def _check_rules(world: World, flow: Workflow, step: Json) -> Iterator[Wrong]:
    initial = step["type"] == Way.INITIAL
    found: list[tuple[Rule, str]] = [(r, kinds.CONDITION) for r in read_conditions(step.get("conditions")).every()]
    found += [(read_rule(r), kinds.VALIDATOR) for r in step.get("validators") or ()]
    found += [(read_rule(r), kinds.FUNCTION) for r in step.get("actions") or ()]
    found += [(read_rule(step["transitionScreen"]), kinds.SCREEN)] if step.get("transitionScreen") else []
    for rule, type_ in found:
        where = {"transitionId": str(step.get("id")), "ruleId": rule.id}
        complaints = rule_check.wrong_with(
            world, rule, type_, team_managed=flow.project_id is not None, initial=initial
        )
        yield from (Wrong("RULE", "INVALID_RULE", message, where) for message in complaints)


def _check_mappings(world: World, flow: Workflow, given: Json, existing: dict[str, Status | None]) -> Iterator[Wrong]:
    """Every status that is taken away is mapped, for each issue type that has the workflow."""
    references = {str(s["statusReference"]) for s in given["statuses"]}
    kept = [existing.get(reference) for reference in references]
    users = [(p, t) for p in world.projects.values() for t in p.issue_types if p.workflows.of(t.id) is flow]
    for placed in flow.statuses:
        if placed.status in kept:
            continue
        for project, type_ in users:
            if mapped(given, placed.status.id, project.id, type_.id) not in references:
                pair = {"projectId": project.id, "issueTypeId": type_.id}
                where = {"statusReference": placed.status.id, "statusMappingReference": pair}
                message = f"The status '{placed.status.name}' is removed and must be mapped to another."
                yield Wrong("STATUS_MAPPING", "MISSING_STATUS_MAPPING", message, where)


def mapped(given: Json, status_id: str, project_id: str, issue_type_id: str) -> str | None:
    """The reference of the status that a removed one's issues go to."""
    for mapping in given.get("statusMappings") or ():
        if (mapping["projectId"], mapping["issueTypeId"]) == (project_id, issue_type_id):
            for move in mapping["statusMigrations"]:
                if move["oldStatusReference"] == status_id:
                    return str(move["newStatusReference"])
    for move in given.get("defaultStatusMappings") or ():
        if move["oldStatusReference"] == status_id:
            return str(move["newStatusReference"])
    return None
