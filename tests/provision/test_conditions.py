"""A lock holds only where nothing beside it opens what it closes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.provision.conditions import any_of, has_option, is_reserved, must_hold, reserved_for, reserves, with_all
from adapter.provision.document import Group, Rule
from adapter.provision.passable import is_passable
from tests.provision.made import step

THEIRS: Rule = {"ruleKey": "system:separation-of-duties", "parameters": {"fromStatusId": "1", "toStatusId": "2"}}


def is_ours(rule: Rule) -> bool:
    return reserves(rule, "7")


rules = st.sampled_from([reserved_for("7"), reserved_for("8"), THEIRS, has_option("customfield_1", "9")])


def groups(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A group of some rules, and of some groups within."""
    operation = st.sampled_from(["ALL", "ANY"])
    within = {"conditions": st.lists(rules, max_size=2), "conditionGroups": st.lists(inner, max_size=2)}
    return st.fixed_dictionaries({"operation": operation, **within})


trees: st.SearchStrategy[Group] = groups(groups(groups(st.just({}))))


def opens(tree: Group, granted: tuple[Rule, ...]) -> bool:
    """What the platform does: a tree lets through where its conditions hold; an empty one always does."""
    parts = [rule in granted for rule in tree.get("conditions") or []]
    parts += [opens(group, granted) for group in tree.get("conditionGroups") or []]
    return not parts or (any(parts) if tree.get("operation") == "ANY" else all(parts))


@given(trees)
def test_a_rule_that_must_hold_lets_nobody_through_without_it(tree: Group) -> None:
    others = (reserved_for("8"), THEIRS, has_option("customfield_1", "9"))
    if must_hold(tree, is_ours):
        assert not opens(tree, others)


@given(trees)
def test_what_is_added_must_hold_beside_all_that_had_to(tree: Group) -> None:
    locked = with_all(tree, reserved_for("7"))
    everything = (reserved_for("7"), reserved_for("8"), THEIRS, has_option("customfield_1", "9"))
    assert must_hold(locked, is_ours)
    assert not opens(locked, everything[1:])
    assert opens(locked, everything) == opens(tree, everything)
    for granted in ((reserved_for("7"),), (reserved_for("7"), THEIRS), (reserved_for("7"), reserved_for("8"))):
        assert opens(locked, granted) == opens(tree, granted)


@pytest.mark.parametrize(
    "key", ["accountIds", "groupIds", "permissionKeys", "allowUserCustomFields", "denyUserCustomFields"]
)
def test_a_restriction_that_also_lets_others_through_reserves_nothing(key: str) -> None:
    assert not reserves({"ruleKey": "system:restrict-issue-transition", "parameters": {"roleIds": "7", key: "x"}}, "7")


def test_a_restriction_to_two_roles_reserves_for_neither() -> None:
    assert not reserves(reserved_for("7,8"), "7")


def test_what_the_site_left_empty_changes_nothing() -> None:
    assert reserves(
        {"id": "4f", "ruleKey": "system:restrict-issue-transition", "parameters": {"roleIds": " 7 ", "groupIds": ""}},
        "7",
    )


def test_without_a_role_nothing_is_reserved() -> None:
    assert not is_reserved(step(11, "Godkend", "Godkendt", only=""), "")


def test_a_step_with_a_validator_or_a_foreign_condition_is_not_surely_open() -> None:
    free = step(11, "Tilbage", "Ny", "I gang")
    assert is_passable(free, frozenset())
    assert not is_passable({**free, "validators": [THEIRS]}, frozenset({"7"}))
    assert not is_passable({**free, "conditions": any_of([THEIRS])}, frozenset({"7"}))
    assert is_passable({**free, "conditions": any_of([THEIRS, reserved_for("7")])}, frozenset({"7"}))
    assert not is_passable({**free, "conditions": with_all(any_of([reserved_for("7")]), THEIRS)}, frozenset({"7"}))
