"""Whether a transition's validators let it through, with the fields that came along already set."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tests.sandbox import rule_kinds as rules
from tests.sandbox.conditions import ORDER, has_passed
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import User
from tests.sandbox.permissions import may
from tests.sandbox.records import Issue
from tests.sandbox.workflow_records import Rule
from tests.sandbox.world import World


def validate(world: World, by: User, issue: Issue, found: Iterable[Rule], changed: set[str], screen: set[str]) -> None:
    """Answers 400 for the first validator that a step does not pass; errors of fields on its screen name the field."""
    for rule in found:
        wrong = _wrong(world, by, issue, rule, changed)
        if wrong is None:
            continue
        field, message = wrong
        if field in screen:
            raise JiraError(400, errors={field: message})
        raise JiraError(400, message)


def _wrong(world: World, by: User, issue: Issue, rule: Rule, changed: set[str]) -> tuple[str, str] | None:
    """The field and the message where a validator says no."""
    match rule.key:
        case rules.VALIDATE_VALUE:
            return _wrong_value(world, by, issue, rule, changed)
        case rules.CHECK_PERMISSION:
            key = rule.parameters["permissionKey"]
            return None if may(by, key, issue.project, issue) else ("", f"You need the permission {key} for this.")
        case rules.PREVIOUS_VALIDATOR:
            return None if has_passed(issue, rule) else ("", "The work item has not been in the status it must pass.")
        case _:  # forms, subtasks and apps: there are none here
            return None


def _wrong_value(world: World, by: User, issue: Issue, rule: Rule, changed: set[str]) -> tuple[str, str] | None:
    said = rule.parameters.get("errorMessage")
    field = rule.parameters.get("fieldKey", "")
    match rule.parameters["ruleType"]:
        case "fieldRequired":
            missing = next((id_ for id_ in rule.listed("fieldsRequired") if _is_missing(world, issue, id_, rule)), None)
            return missing and (missing, said or f"{_name(world, missing)} is required.")  # type: ignore[return-value]  # "" is no field
        case "fieldChanged":
            exempt = {g.name for g in world.groups.values() if g.id in rule.listed("groupsExemptFromValidation")}
            changes = field in changed or bool(exempt & by.groups)
            return None if changes else (field, said or f"{_name(world, field)} must be changed.")
        case "fieldHasSingleValue":
            value = _value(issue, field)
            single = not isinstance(value, list) or len(value) <= 1
            return None if single else (field, f"{_name(world, field)} must hold one value.")
        case "fieldMatchesRegularExpression":
            matches = re.search(rule.parameters["regexp"], str(_value(issue, field) or ""))
            return None if matches else (field, f"{_name(world, field)} does not match.")
        case _:
            return None if _dates_fit(issue, rule) else (rule.parameters["date1FieldKey"], "The dates do not fit.")


def _name(world: World, field_id: str) -> str:
    return world.fields[field_id].name if field_id in world.fields else field_id


def _value(issue: Issue, field_id: str) -> object:
    return issue.values.get(field_id) if field_id.startswith("customfield_") else getattr(issue, field_id, None)


def _is_missing(world: World, issue: Issue, field_id: str, rule: Rule) -> bool:
    """Whether a field holds nothing; where it has no context it may, if the rule says so."""
    field = world.fields.get(field_id)
    if field is not None and rule.says("ignoreContext") and not field.context(issue.project.id, issue.issue_type.id):
        return False
    return _value(issue, field_id) in (None, "", [])


def _dates_fit(issue: Issue, rule: Rule) -> bool:
    """Whether two dates compare as they should; one that is empty fits, as in Jira."""
    first, second = (_value(issue, rule.parameters[f"date{n}FieldKey"]) for n in (1, 2))
    if not isinstance(first, date) or not isinstance(second, date):
        return True
    days = [v.date() if isinstance(v, datetime) else v for v in (first, second)]
    if rule.parameters["ruleType"] == "windowDateComparison":
        return days[0] <= days[1] + timedelta(days=int(rule.parameters["numberOfDays"]))
    if rule.says("includeTime") and isinstance(first, datetime) and isinstance(second, datetime):
        return ORDER[rule.parameters["conditionSelected"]](first, second)
    return ORDER[rule.parameters["conditionSelected"]](days[0], days[1])
