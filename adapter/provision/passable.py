"""Whether the adapter can surely take a transition, by what stands in the workflow alone."""

from __future__ import annotations

from adapter.provision.conditions import holds
from adapter.provision.document import RESTRICT, Rule, Transition


def is_passable(transition: Transition, held: frozenset[str]) -> bool:
    """Whether nothing stops somebody who holds some project roles: a rule that is not understood may stop anybody."""
    return not transition.get("validators") and holds(transition.get("conditions"), lambda rule: _lets(rule, held))


def _lets(rule: Rule, held: frozenset[str]) -> bool:
    parameters = rule.get("parameters") or {}
    roles = {role.strip() for role in (parameters.get("roleIds") or "").split(",")}
    may_be_denied = bool(parameters.get("denyUserCustomFields"))
    return rule.get("ruleKey") == RESTRICT and not roles.isdisjoint(held) and not may_be_denied
