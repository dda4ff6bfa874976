"""Conditions and validators judge as Atlassian describes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from tests.sandbox import JiraError, Sandbox
from tests.sandbox import rule_kinds as kinds
from tests.sandbox.conditions import hold
from tests.sandbox.records import Context, CustomField, Issue, Kind
from tests.sandbox.validators import validate
from tests.sandbox.workflow_records import Conditions, Rule


@pytest.fixture(scope="module")
def site() -> Iterator[Sandbox]:
    with Sandbox.start() as running:
        elsewhere = Context("19999", "Andet", {running.world.projects["ANDET"].id})
        field = CustomField(19999, "Kun et andet sted", Kind.TEXT, [elsewhere])
        running.world.fields[field.id] = field
        yield running


@pytest.fixture
def issue(site: Sandbox) -> Issue:
    """Anna's ticket, assigned to Bo, for robots at 938,98 by 3 November; it has been in Afventer Kunde."""
    anna = site.as_user("agent.anna")
    key = anna.create("Sag")
    given = {"Kategori": "Robotter", "Timepris": 938.98, "Aftalt dato": date(2026, 11, 3), "Betalende part": "Aarhus"}
    anna.edit(key, given)
    anna.set(key, "assignee", "agent.bo")
    anna.edit(key, {"Reaktionsfrist": datetime(2026, 11, 3, 12, tzinfo=UTC)})
    anna.move(key, "Afventer Kunde")
    site.as_user("agent.bo").move(key, "I gang")
    return site.issue(key)


def named(site: Sandbox, rule: Rule) -> Rule:
    """A rule whose parameters name fields, statuses, roles and groups by name: `field:`, `status:` and so on."""
    world = site.world
    known = {f"status:{s.name}": s.id for s in world.statuses.values()}
    known |= {f"field:{f.name}": f.id for f in world.fields.values()}
    known |= {f"role:{name}": id_ for id_, name in world.roles.items()}
    known |= {f"group:{g.name}": g.id for g in world.groups.values()}
    known |= {f"option:{o.value}": f'["{o.id}"]' for f in world.fields.values() for o in f.options}
    return Rule(rule.key, {name: known.get(value, value) for name, value in rule.parameters.items()})


def check(field: str, comparator: str, value: str, kind: str) -> Rule:
    parameters = {"fieldId": field, "comparator": comparator, "fieldValue": value, "comparisonType": kind}
    return Rule(kinds.CHECK_VALUE, parameters)


def restrict(**parameters: str) -> Rule:
    return Rule(kinds.RESTRICT, parameters)


def passed(status: str, **parameters: str) -> Rule:
    return Rule(kinds.PREVIOUS, {"previousStatusIds": f"status:{status}", **parameters})


@pytest.mark.parametrize(
    ("rule", "handle", "holds"),
    [
        (restrict(roleIds="role:Service Desk Team"), "agent.anna", True),
        (restrict(roleIds="role:DUBU-adapter"), "agent.anna", False),
        (restrict(roleIds="role:DUBU-adapter"), "admin", False),
        (restrict(groupIds="group:dubu-servicedesk"), "agent.bo", True),
        (restrict(groupIds="group:dubu-servicedesk"), "agent.anna", False),
        (restrict(accountIds="allow-assignee"), "agent.bo", True),
        (restrict(accountIds="allow-assignee"), "agent.anna", False),
        (restrict(accountIds="allow-reporter"), "agent.anna", True),
        (restrict(permissionKeys="ADMINISTER_PROJECTS"), "adapter", True),
        (restrict(permissionKeys="ADMINISTER_PROJECTS"), "agent.anna", False),
        (restrict(roleIds="role:DUBU-adapter", accountIds="allow-reporter"), "agent.anna", True),
        (check("field:Kategori", "=", "option:Robotter", "OPTIONID"), "agent.anna", True),
        (check("field:Kategori", "=", "option:Genoprettelse af data", "OPTIONID"), "agent.anna", False),
        (check("field:Kategori", "!=", "option:Genoprettelse af data", "OPTIONID"), "agent.anna", True),
        (check("field:Betalende part", "=", '["Aarhus"]', "STRING"), "agent.anna", True),
        (check("field:Betalende part", "=", "[]", "STRING"), "agent.anna", False),
        (check("summary", "=", '["Sag"]', "STRING"), "agent.anna", True),
        (check("field:Timepris", ">=", '["938.98"]', "NUMBER"), "agent.anna", True),
        (check("field:Timepris", ">", '["938.98"]', "NUMBER"), "agent.anna", False),
        (check("field:Timepris", "<", '["x"]', "NUMBER"), "agent.anna", False),
        (check("field:Aftalt dato", "<", '["2026-11-04"]', "DATE_WITHOUT_TIME"), "agent.anna", True),
        (check("field:Aftalt dato", "=", '["2026-11-04"]', "DATE_WITHOUT_TIME"), "agent.anna", False),
        (check("field:Reaktionsfrist", ">", '["2026-11-03T11:00:00+00:00"]', "DATE"), "agent.anna", True),
        (check("field:Reaktionsfrist", "=", '["2026-11-03"]', "DATE_WITHOUT_TIME"), "agent.anna", True),
        (passed("Afventer Kunde"), "agent.anna", True),
        (passed("I gang"), "agent.anna", False),
        (passed("I gang", includeCurrentStatus="true"), "agent.anna", True),
        (passed("Ny", mostRecentStatusOnly="true"), "agent.anna", False),
        (passed("Afventer Kunde", **{"not": "true"}), "agent.anna", False),
        (Rule(kinds.SEPARATE, {"fromStatusId": "status:Ny", "toStatusId": "status:Afventer Kunde"}), "agent.bo", True),
        (
            Rule(kinds.SEPARATE, {"fromStatusId": "status:Ny", "toStatusId": "status:Afventer Kunde"}),
            "agent.anna",
            False,
        ),
        (Rule(kinds.RESTRICT_ALL, {"restrictMode": "users"}), "agent.anna", True),
        (Rule(kinds.RESTRICT_ALL, {"restrictMode": "usersAndAPI"}), "agent.anna", False),
        (Rule("connect:expression-condition", {}), "agent.anna", True),
    ],
)
def test_a_condition_holds_or_not(site: Sandbox, issue: Issue, rule: Rule, handle: str, *, holds: bool) -> None:
    group = Conditions("ALL", (named(site, rule),))
    assert hold(site.world, site.user(handle), issue, group) is holds


YES, NO = restrict(accountIds="allow-reporter"), restrict(accountIds="5e68")


@pytest.mark.parametrize(
    ("group", "holds"),
    [
        (Conditions(), True),
        (Conditions("ANY"), True),
        (Conditions("ALL", (YES, NO)), False),
        (Conditions("ANY", (YES, NO)), True),
        (Conditions("ANY", (NO, NO)), False),
        (Conditions("ALL", (YES,), (Conditions("ANY", (NO, YES)),)), True),
        (Conditions("ALL", (YES,), (Conditions("ALL", (NO, YES)),)), False),
        (Conditions("ANY", (NO,), (Conditions("ALL", (YES,)),)), True),
    ],
)
def test_groups_of_conditions_hold_by_any_or_by_all(
    site: Sandbox, issue: Issue, group: Conditions, *, holds: bool
) -> None:
    assert hold(site.world, site.user("agent.anna"), issue, group) is holds


def value(rule_type: str, **parameters: str) -> Rule:
    return Rule(kinds.VALIDATE_VALUE, {"ruleType": rule_type, **parameters})


@pytest.mark.parametrize(
    ("rule", "passes"),
    [
        (value("fieldRequired", fieldsRequired="field:Kategori"), True),
        (value("fieldRequired", fieldsRequired="description"), False),
        (value("fieldRequired", fieldsRequired="assignee"), True),
        (value("fieldRequired", fieldsRequired="field:Kun et andet sted", ignoreContext="true"), True),
        (value("fieldRequired", fieldsRequired="field:Kun et andet sted", ignoreContext="false"), False),
        (value("fieldChanged", fieldKey="summary"), True),
        (value("fieldChanged", fieldKey="labels"), False),
        (value("fieldChanged", fieldKey="labels", groupsExemptFromValidation="group:dubu-servicedesk"), True),
        (value("fieldHasSingleValue", fieldKey="field:Kategori"), True),
        (value("fieldMatchesRegularExpression", fieldKey="summary", regexp="^S.g$"), True),
        (value("fieldMatchesRegularExpression", fieldKey="summary", regexp="^x"), False),
        (value("fieldMatchesRegularExpression", fieldKey="description", regexp="x"), False),
        (
            value(
                "dateFieldComparison",
                date1FieldKey="field:Aftalt dato",
                date2FieldKey="field:Reaktionsfrist",
                conditionSelected="=",
            ),
            True,
        ),
        (
            value(
                "dateFieldComparison",
                date1FieldKey="created",
                date2FieldKey="updated",
                conditionSelected=">",
                includeTime="true",
            ),
            False,
        ),
        (
            value(
                "windowDateComparison",
                date1FieldKey="created",
                date2FieldKey="field:Aftalt dato",
                numberOfDays="-100000",
            ),
            False,
        ),
        (value("dateFieldComparison", date1FieldKey="resolved", date2FieldKey="created", conditionSelected=">"), True),
        (Rule(kinds.CHECK_PERMISSION, {"permissionKey": "EDIT_ISSUES"}), True),
        (Rule(kinds.CHECK_PERMISSION, {"permissionKey": "DELETE_ISSUES"}), False),
        (Rule(kinds.PREVIOUS_VALIDATOR, {"previousStatusIds": "status:Afventer Kunde"}), True),
        (Rule(kinds.PREVIOUS_VALIDATOR, {"previousStatusIds": "status:Lukket"}), False),
        (Rule("system:proforma-forms-submitted", {}), True),
    ],
)
def test_a_validator_lets_through_or_not(site: Sandbox, issue: Issue, rule: Rule, *, passes: bool) -> None:
    refusal = refused(site, issue, named(site, rule))
    assert (refusal is None) is passes
    if refusal is not None:  # a field of the screen is named
        assert bool(refusal.errors) is ("description" in rule.parameters.values())


def refused(site: Sandbox, issue: Issue, rule: Rule) -> JiraError | None:
    """What Bo is told who changed the summary on a screen that has the description; None where he may go on."""
    try:
        validate(site.world, site.user("agent.bo"), issue, [rule], {"summary"}, {"description"})
    except JiraError as error:
        return error
    return None
