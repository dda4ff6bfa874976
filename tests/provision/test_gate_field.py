"""The start asks for the gate's field as it is now: a lock on values that are gone is replaced, not joined (R10)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapter.catalogue.words import ApprovalState, FieldName
from adapter.provision.conditions import any_of, has_option
from adapter.provision.document import Group, Rule
from adapter.provision.door import DoorKind
from adapter.provision.edit import editor_of
from adapter.provision.found import Found
from adapter.provision.gate_field import lets, lock_rules, without_dead
from adapter.provision.plan import plan_of
from adapter.provision.side_doors import side_doors
from adapter.provision.wanted import wanted_of
from tests.provision.made import CATALOGUE, gate_field, site, step, workflow

FIELD = gate_field()
LABELS = CATALOGUE.jira.fields[FieldName.APPROVAL].options
THEIRS: Rule = {"ruleKey": "forge:expression-condition", "parameters": {"key": "ari:their-app"}}


def option(state: ApprovalState) -> str:
    (context,) = FIELD.contexts or ()
    return context.option_id(LABELS[state]) or ""


def asks(*ids: str, comparator: str = "=") -> Rule:
    rule = has_option(FIELD.id, ids[0])
    return {**rule, "parameters": {**rule["parameters"], "fieldValue": json.dumps(ids), "comparator": comparator}}


def every(*parts: Rule, groups: tuple[Group, ...] = ()) -> Group:
    return {"operation": "ALL", "conditions": list(parts), "conditionGroups": list(groups)}


APPROVED, FREE = option(ApprovalState.APPROVED), option(ApprovalState.NOT_REQUIRED)
AWAITING = option(ApprovalState.AWAITING)
STALE = any_of([asks("90001"), asks("90002")])
RIGHT = any_of([asks(APPROVED), asks(FREE)])
RIGHT_NOW = any_of([has_option(FIELD.id, APPROVED), has_option(FIELD.id, FREE)])


def started_by(tree: Group | None) -> Found:
    return site(workflow(step(51, "Begynd", "I gang", "Godkendt", conditions=tree)))


def edited(tree: Group | None) -> Group | None:
    found = started_by(tree)
    (flow,) = found.workflows or ()
    draft = editor_of(CATALOGUE, found, (flow,)).edited(flow)
    (start,) = [s for s in draft.steps if s["name"] == "Begynd"]
    return start["conditions"]


def shut(tree: Group | None) -> set[str]:
    return {door.target for door in side_doors(CATALOGUE, started_by(tree)) if door.kind is DoorKind.NO_START}


@pytest.mark.parametrize(
    "tree",
    [
        every(groups=(STALE,)),
        every(asks("90001")),
        STALE,
        every(groups=(STALE, RIGHT)),
        every(groups=(any_of([asks("90001"), asks(FREE)]),)),
        every(groups=({**every(groups=(STALE,))},)),
    ],
)
def test_a_lock_on_options_that_are_gone_gives_way_to_one_that_work_can_start_by(tree: Group) -> None:
    assert LABELS[ApprovalState.APPROVED] in shut(tree)
    mended = edited(tree)
    assert shut(mended) == set()
    assert not lets(mended, FIELD.id, AWAITING)
    assert edited(mended) == mended


def test_nothing_is_left_of_groups_that_held_nothing_else() -> None:
    assert edited(every(groups=(every(groups=(STALE,)), every(asks("90001"))))) == every(groups=(RIGHT_NOW,))


def test_a_choice_among_other_groups_is_no_lock_and_stays() -> None:
    theirs: Group = {**any_of([asks("90001")]), "conditionGroups": [every(THEIRS)]}
    assert edited(theirs) == every(groups=({**any_of([]), "conditionGroups": [every(THEIRS)]}, RIGHT_NOW))


def test_with_it_goes_nothing_that_somebody_else_asks_for() -> None:
    mended = edited(every(THEIRS, groups=(STALE,)))
    assert mended is not None
    assert mended["conditions"] == [THEIRS]
    assert mended["conditionGroups"] == [any_of(lock_rules(CATALOGUE, started_by(None)))]


MANAGERS: Rule = {"ruleKey": "system:restrict-issue-transition", "parameters": {"groupIds": "managers"}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (any_of([MANAGERS, asks("90001")]), any_of([MANAGERS])),
        ({**any_of([MANAGERS]), "conditionGroups": [every(asks("90001"), THEIRS)]}, any_of([MANAGERS])),
        ({**any_of([MANAGERS]), "conditionGroups": [every(THEIRS, groups=(STALE,))]}, any_of([MANAGERS])),
        (any_of([asks("90001"), asks(AWAITING)]), any_of([asks(AWAITING)])),
        (every(groups=({**any_of([MANAGERS]), "conditionGroups": [STALE]},)), every(groups=(any_of([MANAGERS]),))),
    ],
)
def test_of_what_somebody_may_choose_only_what_nobody_could_choose_goes(before: Group, after: Group) -> None:
    """Else it would let through whom a person's own rule kept out, as soon as the gate opens."""
    assert without_dead(CATALOGUE, started_by(before), before) == (after, True)


@pytest.mark.parametrize(
    "tree",
    [
        {**any_of([]), "conditionGroups": [every(THEIRS, asks("90001")), every(asks("90002"))]},
        {**any_of([MANAGERS]), "conditionGroups": [any_of([THEIRS, asks(AWAITING)])]},
    ],
)
def test_a_choice_that_nobody_has_at_all_or_that_holds_no_dead_lock_is_kept(tree: Group) -> None:
    assert without_dead(CATALOGUE, started_by(tree), tree) == (tree, False)


@pytest.mark.parametrize(
    ("tree", "labels"),
    [
        (every(asks(AWAITING), groups=(RIGHT,)), {ApprovalState.APPROVED, ApprovalState.NOT_REQUIRED}),
        (every(asks(APPROVED, comparator="!="), groups=(RIGHT,)), {ApprovalState.APPROVED}),
        (every(asks(APPROVED)), {ApprovalState.NOT_REQUIRED}),
        (every(asks(APPROVED, FREE)), set()),
        (any_of([asks(AWAITING), THEIRS]), set()),
        (None, set()),
    ],
)
def test_a_persons_own_condition_that_shuts_out_what_may_start_is_kept_and_named(
    tree: Group | None, labels: set[ApprovalState]
) -> None:
    assert shut(tree) == {LABELS[state] for state in labels}
    assert shut(edited(tree)) == {LABELS[state] for state in labels}


@pytest.mark.parametrize(
    "change",
    [
        {"fieldId": "customfield_1"},
        {"comparisonType": "STRING"},
        {"fieldValue": "no json"},
        {"fieldValue": "null"},
        {"fieldValue": "[]"},
        {"fieldValue": "[1.5]"},
        {"fieldValue": "[" * 100_000},
        {"fieldValue": None},
        {"comparator": "!="},
        {"comparator": ">"},
    ],
)
def test_a_condition_that_is_another_or_not_understood_is_no_dead_lock(change: dict[str, Any]) -> None:
    rule = asks("90001")
    tree = every({**rule, "parameters": {**rule["parameters"], **change}})
    assert without_dead(CATALOGUE, started_by(tree), tree) == (tree, False)
    assert lets(tree, FIELD.id, APPROVED)


def test_where_another_way_into_work_lets_it_through_nothing_is_shut_out() -> None:
    found = site(
        workflow(
            step(51, "Begynd", "I gang", "Godkendt", conditions=every(asks(APPROVED))),
            step(61, "Begynd frit", "I gang", "Godkendt", conditions=every(asks(FREE))),
        )
    )
    assert DoorKind.NO_START not in {door.kind for door in side_doors(CATALOGUE, found)}


def test_a_start_that_still_asks_a_gate_field_from_before_is_told_of_by_plan_and_doors() -> None:
    """Renamed on the site, or made anew: the adapter writes another one now, and the old one never opens."""
    old: Rule = {**asks("90001"), "parameters": {**asks("90001")["parameters"], "fieldId": "customfield_9"}}
    found = started_by(every(groups=(any_of([old]), RIGHT)))
    (door,) = [one for one in side_doors(CATALOGUE, found) if one.kind is DoorKind.OTHER_FIELD]
    assert (door.transition, door.who) == ("Begynd", "customfield_9")
    assert [note for note in plan_of(wanted_of(CATALOGUE, None), found).notes if "customfield_9" in note]
    kept = edited(every(groups=(any_of([old]), RIGHT)))
    assert kept == every(groups=(any_of([old]), RIGHT))
    assert DoorKind.OTHER_FIELD not in {one.kind for one in side_doors(CATALOGUE, started_by(every(groups=(RIGHT,))))}
