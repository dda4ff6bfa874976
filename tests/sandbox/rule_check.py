"""What is wrong with a rule: a key that there is not, and parameters that name what is not on the site."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.sandbox import rule_kinds as kinds
from tests.sandbox.permission_keys import KEYS
from tests.sandbox.shapes import SYSTEM_FIELDS
from tests.sandbox.workflow_records import Rule
from tests.sandbox.world import World

FIELDS = (
    "fieldId", "fieldsRequired", "fieldKey", "date1FieldKey", "date2FieldKey", "sourceFieldKey", "targetFieldKey",
    "field", "groupCustomFields", "allowUserCustomFields", "denyUserCustomFields", "remindingFieldIds",
)  # fmt: skip
TRUTHS = ("ignoreContext", "not", "mostRecentStatusOnly", "includeCurrentStatus", "ignoreLoopTransitions")
APPS = ("connect:", "forge:")


def wrong_with(world: World, rule: Rule, type_: str, *, team_managed: bool, initial: bool) -> list[str]:
    """Every complaint about a rule that stands where rules of a type do."""
    if rule.key.startswith(APPS):
        return []
    kind = kinds.RULES.get(rule.key)
    if kind is None or rule.key not in world.rule_keys:
        return [f"The rule key '{rule.key}' is not available."]
    if kind.type != type_:
        return [f"The rule '{rule.key}' is a {kind.type} and can't be used as a {type_}."]
    found = [f"Unknown parameter '{name}'." for name in rule.parameters if name not in kind.parameters]
    found += [f"The parameter '{name}' is required." for name in sorted(kind.needed) if not rule.parameters.get(name)]
    if initial and not kind.on_initial:
        found.append(f"The rule '{rule.key}' is not available for the initial transition.")
    if found:
        return found
    return [*_names_nothing(world, rule), *_wrong_values(world, rule, team_managed)]


def _names_nothing(world: World, rule: Rule) -> Iterator[str]:
    """What parameters name that the site has not."""
    groups = {group.id for group in world.groups.values()}
    screens = {str(id_) for id_ in world.screens}
    for what, names, known in (
        ("field", FIELDS, {*SYSTEM_FIELDS, *world.fields}),
        ("project role", ("roleIds",), set(world.roles)),
        ("group", ("groupIds", "groupsExemptFromValidation"), groups),
        ("permission", ("permissionKeys", "permissionKey"), set(KEYS)),
        ("status", ("previousStatusIds", "fromStatusId", "toStatusId", "statusIds"), set(world.statuses)),
        ("screen", ("screenId",), screens),
    ):
        for name in names:
            for wanted in rule.listed(name):
                if wanted not in known:
                    yield f"The {what} '{wanted}' does not exist."


def _wrong_values(world: World, rule: Rule, team_managed: bool) -> Iterator[str]:
    given = rule.parameters
    for name in TRUTHS:
        if name in given and given[name] not in {"true", "false"}:
            yield f"The parameter '{name}' must be true or false."
    match rule.key:
        case kinds.RESTRICT:
            named = [a for a in rule.listed("accountIds") if not a.startswith("allow-")]
            if named and not team_managed:
                yield "Account IDs are only supported in team-managed projects."
            if not any(given.values()):
                yield "At least one criterion is required."
        case kinds.CHECK_VALUE:
            yield from _wrong_comparison(world, rule)
        case kinds.VALIDATE_VALUE:
            needed = kinds.CHECKED_AS.get(given["ruleType"])
            if needed is None:
                yield f"The rule type '{given['ruleType']}' is not valid."
            yield from (f"The parameter '{name}' is required." for name in needed or () if not given.get(name))
        case kinds.RESTRICT_ALL if given["restrictMode"] not in {"users", "usersAndAPI"}:
            yield "The restrict mode must be users or usersAndAPI."


def _wrong_comparison(world: World, rule: Rule) -> Iterator[str]:
    given = rule.parameters
    if given["comparator"] not in kinds.COMPARATORS:
        yield f"The comparator '{given['comparator']}' is not valid."
    if given["comparisonType"] not in kinds.COMPARISON_TYPES:
        yield f"The comparison type '{given['comparisonType']}' is not valid."
    try:
        wanted = json.loads(given["fieldValue"])
    except ValueError:
        wanted = None
    if not isinstance(wanted, list) or any(not isinstance(v, str) for v in wanted):
        yield "The field value must be a JSON list of texts."
    elif given["comparisonType"] == "OPTIONID":
        field = world.fields.get(given["fieldId"])
        known = {option.id for option in field.options} if field else set()
        yield from (f"The option '{id_}' does not exist in the field." for id_ in wanted if id_ not in known)
