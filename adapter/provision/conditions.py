"""What a tree of conditions lets through: whether a rule must hold in it, and the tree in which it does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from adapter.provision.document import CHECK_FIELD, RESTRICT, Group, Rule, Transition

_OPENS = (
    "accountIds",
    "groupIds",
    "permissionKeys",
    "groupCustomFields",
    "allowUserCustomFields",
    "denyUserCustomFields",
)
"""Other parameters of a restriction: one that is met is enough, so any of them opens what the role closes."""


def reserved_for(role_id: str) -> Rule:
    """The condition that only the holders of a project role may take a transition."""
    return {"ruleKey": RESTRICT, "parameters": {"roleIds": role_id}}


def has_option(field_id: str, option_id: str) -> Rule:
    """The condition that a select field has an option."""
    return {
        "ruleKey": CHECK_FIELD,
        "parameters": {
            "fieldId": field_id,
            "fieldValue": json.dumps([option_id]),
            "comparator": "=",
            "comparisonType": "OPTIONID",
        },
    }


def reserves(rule: Rule, role_id: str) -> bool:
    """Whether a condition lets nobody through but the holders of one role."""
    parameters = rule.get("parameters") or {}
    roles = {role.strip() for role in (parameters.get("roleIds") or "").split(",")} - {""}
    return rule.get("ruleKey") == RESTRICT and roles == {role_id} and not any(parameters.get(key) for key in _OPENS)


def is_reserved(transition: Transition, role_id: str) -> bool:
    """Whether nobody but the holders of a role may take a transition."""
    return bool(role_id) and must_hold(transition.get("conditions"), lambda rule: reserves(rule, role_id))


def must_hold(tree: Group | None, wanted: Callable[[Rule], bool]) -> bool:
    """Whether a tree holds only where a condition of a kind does: one of all, or each of any."""
    if not tree:
        return False
    found = [wanted(rule) for rule in tree.get("conditions") or []]
    found += [must_hold(group, wanted) for group in tree.get("conditionGroups") or []]
    return bool(found) and (all(found) if tree.get("operation") == "ANY" else any(found))


def holds(tree: Group | None, meets: Callable[[Rule], bool]) -> bool:
    """Whether a tree lets somebody through who meets some of its conditions; an empty one lets everybody."""
    if not tree:
        return True
    found = [meets(rule) for rule in tree.get("conditions") or []]
    found += [holds(group, meets) for group in tree.get("conditionGroups") or []]
    return not found or (any(found) if tree.get("operation") == "ANY" else all(found))


def rules_in(tree: Group | None) -> Iterator[Rule]:
    """Every condition of a tree."""
    if tree:
        yield from tree.get("conditions") or []
        for group in tree.get("conditionGroups") or []:
            yield from rules_in(group)


def with_all(tree: Group | None, *added: Rule | Group) -> Group:
    """The tree in which what is added must hold beside all that had to hold before."""
    rules: list[Rule] = [part for part in added if "ruleKey" in part]  # type: ignore[misc]  # a Group has no rule key
    groups: list[Group] = [part for part in added if "ruleKey" not in part]  # type: ignore[misc]  # and a Rule has one
    if not tree or not (tree.get("conditions") or tree.get("conditionGroups")):
        return {"operation": "ALL", "conditions": rules, "conditionGroups": groups}
    if tree.get("operation") != "ALL":
        return {"operation": "ALL", "conditions": rules, "conditionGroups": [tree, *groups]}
    return {
        **tree,
        "conditions": [*(tree.get("conditions") or []), *rules],
        "conditionGroups": [*(tree.get("conditionGroups") or []), *groups],
    }


def any_of(rules: Iterable[Rule]) -> Group:
    """A group that holds where one of the rules does."""
    return {"operation": "ANY", "conditions": list(rules), "conditionGroups": []}
