"""Whether the adapter can surely take a transition, by what stands in the workflow alone."""

from __future__ import annotations

from adapter.provision.document import RESTRICT, Group, Rule, Transition


def is_passable(transition: Transition, held: frozenset[str]) -> bool:
    """Whether nothing stops somebody who holds some project roles: a rule that is not understood may stop anybody."""
    return not transition.get("validators") and _holds(transition.get("conditions"), held)


def _holds(tree: Group | None, held: frozenset[str]) -> bool:
    if not tree:
        return True
    found = [_lets(rule, held) for rule in tree.get("conditions") or []]
    found += [_holds(group, held) for group in tree.get("conditionGroups") or []]
    return not found or (any(found) if tree.get("operation") == "ANY" else all(found))


def _lets(rule: Rule, held: frozenset[str]) -> bool:
    roles = {role.strip() for role in ((rule.get("parameters") or {}).get("roleIds") or "").split(",")}
    return rule.get("ruleKey") == RESTRICT and not roles.isdisjoint(held)
