"""Whether the conditions on a transition hold: for whom, and with what the issue holds."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tests.sandbox import rule_kinds as rules
from tests.sandbox.people_records import User
from tests.sandbox.permissions import holds, may
from tests.sandbox.records import Issue, Option
from tests.sandbox.workflow_records import Conditions, Rule
from tests.sandbox.world import World

ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip


def hold(world: World, by: User, issue: Issue, group: Conditions) -> bool:
    """Whether a group of conditions lets somebody take a step."""
    found = [_holds(world, by, issue, rule) for rule in group.rules]
    found += [hold(world, by, issue, inner) for inner in group.groups]
    return any(found) or not found if group.operation == "ANY" else all(found)


def _holds(world: World, by: User, issue: Issue, rule: Rule) -> bool:
    match rule.key:
        case rules.RESTRICT:
            return _allows(world, by, issue, rule)
        case rules.CHECK_VALUE:
            return _compares(world, issue, rule)
        case rules.PREVIOUS:
            return _has_been(issue, rule)
        case rules.SEPARATE:
            return not _has_done(by, issue, rule)
        case rules.RESTRICT_ALL:
            return rule.parameters["restrictMode"] != "usersAndAPI"
        case _:  # forms, subtasks and approvals: there are none here, and an app's own rule lets pass
            return True


def _allows(world: World, by: User, issue: Issue, rule: Rule) -> bool:
    """Whether somebody is one of those that a step is restricted to, in any of the ways."""
    denied = (world.fields[id_] for id_ in rule.listed("denyUserCustomFields") if id_ in world.fields)
    if any(by in _people(issue, field.id) for field in denied):
        return False
    accounts = rule.listed("accountIds")
    roles = [role for role in issue.project.roles.values() if role.id in rule.listed("roleIds")]
    groups = {g.name for g in world.groups.values() if g.id in rule.listed("groupIds")}
    return (
        (by is issue.assignee and "allow-assignee" in accounts)
        or (by is issue.reporter and "allow-reporter" in accounts)
        or (issue.project.team_managed and by.account_id in accounts)
        or any(holds(by, role) for role in roles)
        or bool(groups & by.groups)
        or any(may(by, key, issue.project, issue) for key in rule.listed("permissionKeys"))
        or any(by in _people(issue, id_) for id_ in rule.listed("allowUserCustomFields"))
    )


def _people(issue: Issue, field_id: str) -> list[object]:
    value = issue.values.get(field_id)
    return list(value) if isinstance(value, list) else []


def _compares(world: World, issue: Issue, rule: Rule) -> bool:
    """Whether a field compares as it should: an empty one is like nothing, and unlike everything."""
    wanted = [str(v) for v in json.loads(rule.parameters["fieldValue"])]
    comparator, kind = rule.parameters["comparator"], rule.parameters["comparisonType"]
    held = [_as(kind, value) for value in _values(issue, rule.parameters["fieldId"], kind)]
    held = [value for value in held if value is not None]
    others = [_as(kind, value) for value in wanted]
    if comparator == "=":
        return any(value in others for value in held)
    if comparator == "!=":
        return not any(value in others for value in held)
    order = ORDER[comparator]
    return any(order(value, other) for value in held for other in others if other is not None)


def _values(issue: Issue, field_id: str, kind: str) -> list[object]:
    value = issue.values.get(field_id) if field_id.startswith("customfield_") else getattr(issue, field_id, None)
    if isinstance(value, Option):
        return [value.id if kind == "OPTIONID" else value.value]
    return list(value) if isinstance(value, list) else [value]


def _as(kind: str, value: object) -> Any:  # noqa: ANN401, PLR0911 # whatever its kind compares by, one return a kind
    """A value as its comparison takes it; None where it has no such form."""
    try:
        match kind, value:
            case _, None:
                return None
            case "NUMBER", _:
                return float(str(value))
            case "DATE_WITHOUT_TIME", datetime():
                return value.date()
            case "DATE_WITHOUT_TIME", date():
                return value
            case "DATE_WITHOUT_TIME", _:
                return date.fromisoformat(str(value)[:10])
            case "DATE", datetime():
                return value
            case "DATE", date():
                return datetime.fromisoformat(f"{value}T00:00:00+00:00")
            case "DATE", _:
                return datetime.fromisoformat(str(value))
            case _:
                return str(getattr(value, "name", value))
    except ValueError:
        return None


def moves(issue: Issue) -> list[tuple[User, str, str]]:
    """Who moved an issue from which status to which, oldest first."""
    return [
        (entry.author, str(item.before), str(item.after))
        for entry in issue.history
        for item in entry.items
        if item.field_id == "status"
    ]


def has_passed(issue: Issue, rule: Rule, *, including: bool = False) -> bool:
    """Whether an issue has been in the status that a rule names, or came from it last."""
    before = [source for _, source, _ in moves(issue)]
    if rule.says("mostRecentStatusOnly"):
        before = before[-1:]
    if including:
        before.append(issue.status.id)
    return any(id_ in before for id_ in rule.listed("previousStatusIds"))


def _has_been(issue: Issue, rule: Rule) -> bool:
    return has_passed(issue, rule, including=rule.says("includeCurrentStatus")) is not rule.says("not")


def _has_done(by: User, issue: Issue, rule: Rule) -> bool:
    step = (rule.parameters["fromStatusId"], rule.parameters["toStatusId"])
    return any(who is by and (source, target) == step for who, source, target in moves(issue))
