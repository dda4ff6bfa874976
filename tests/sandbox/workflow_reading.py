"""A workflow as an update gives it, read into records; what is wrong with its form is found before (workflow_check)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from tests.sandbox.records import Json
from tests.sandbox.workflow_records import Conditions, Link, Placed, Rule, Status, Transition, Way


def read_rule(given: Json) -> Rule:
    """A rule; one that is new gets its id."""
    parameters = {str(name): str(value) for name, value in (given.get("parameters") or {}).items()}
    return Rule(given["ruleKey"], parameters, given.get("id") or str(uuid.uuid4()))


def read_conditions(given: Json | None) -> Conditions:
    """A tree of conditions."""
    if not given:
        return Conditions()
    rules = tuple(read_rule(rule) for rule in given.get("conditions") or ())
    groups = tuple(read_conditions(group) for group in given.get("conditionGroups") or ())
    return Conditions(given["operation"], rules, groups)


def read_placed(given: Json, statuses: Mapping[str, Status]) -> Placed:
    """A status in the workflow."""
    return Placed(
        statuses[given["statusReference"]],
        given.get("layout"),
        dict(given.get("properties") or {}),
        given.get("approvalConfiguration"),
    )


def read_transition(given: Json, statuses: Mapping[str, Status]) -> Transition:
    """A step."""
    screen: Any = given.get("transitionScreen")
    return Transition(
        id=str(given["id"]),
        name=given["name"],
        way=Way(given["type"]),
        target=statuses[given["toStatusReference"]],
        links=tuple(
            Link(statuses[link["fromStatusReference"]].id, link.get("fromPort"), link.get("toPort"))
            for link in given.get("links") or ()
        ),
        conditions=read_conditions(given.get("conditions")),
        validators=_rules(given, "validators"),
        actions=_rules(given, "actions"),
        triggers=_rules(given, "triggers"),
        screen=read_rule(screen) if screen else None,
        properties=dict(given.get("properties") or {}),
        description=given.get("description") or "",
        event_id=given.get("customIssueEventId"),
    )


def _rules(given: Json, name: str) -> tuple[Rule, ...]:
    return tuple(read_rule(rule) for rule in given.get(name) or ())
