"""Every way to another status: bulk changes and moves go by the same rules, and what an admin changes counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from tests.sandbox import JiraError, Sandbox, Trouble, default_seed
from tests.sandbox.client import Rest
from tests.sandbox.dubu import Plan, sow

Json = dict[str, Any]
BULK = "/rest/api/3/bulk"


@pytest.fixture
def site() -> Iterator[Sandbox]:
    with Sandbox.start(sow(Plan(), locked=True)) as running:
        yield running


def task(rest: Rest, path: str, given: Json) -> Json:
    """What became of a bulk change."""
    answer = rest.post(f"{BULK}/issues/{path}", json=given)
    assert answer.status_code == 201
    found: Json = rest.get(f"{BULK}/queue/{answer.json()['taskId']}").json()
    return found


def step(site: Sandbox, name: str) -> str:
    """A transition's id."""
    return next(t.id for t in site.world.projects["DUBU"].transitions if t.name == name)


def test_a_bulk_transition_takes_only_the_steps_that_are_open_to_the_asker(site: Sandbox) -> None:
    anna = site.as_user("agent.anna")
    first, second = anna.create("Sag"), anna.create("Sag")
    site.as_user("adapter").move(first, "Godkendt")
    other = site.as_user("fremmed").create("Sag", project="ANDET")
    given = {"selectedIssueIdsOrKeys": [first, second, other], "transitionId": step(site, "Start arbejde")}
    with Rest(site, "agent.anna") as rest:
        found = task(rest, "transition", {"bulkTransitionInputs": [given], "sendBulkNotification": False})
        assert found["processedAccessibleIssues"] == [int(site.issue(first).id)]
        assert list(found["failedAccessibleIssues"]) == [site.issue(second).id]
        assert found["invalidOrInaccessibleIssueCount"] == 1
        listed = rest.get(f"{BULK}/issues/transition?issueIdsOrKeys={second}").json()["availableTransitions"]
        (flow,) = listed
        assert "Start arbejde" not in {t["transitionName"] for t in flow["transitions"]}
        assert flow["isTransitionsFiltered"]
    assert (site.status(first), site.status(second)) == ("I gang", "Ny")
    with Rest(site, "kunde.aarhus") as rest:
        assert rest.post(f"{BULK}/issues/transition", json={"bulkTransitionInputs": [given]}).status_code == 403


def test_a_move_maps_the_status_that_is_not_there(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    site.as_user("agent.anna").move(key, "Afventer Kunde")
    target = site.world.projects["ANDET"]
    work = next(s for s in target.statuses if s.name == "I gang")
    waiting = site.issue(key).status.id
    given: Json = {"issueIdsOrKeys": [key], "inferStatusDefaults": False}
    given |= dict.fromkeys(("inferFieldDefaults", "inferSubtaskTypeDefault", "inferClassificationDefaults"), True)
    payload = {"targetToSourcesMapping": {f"ANDET,{target.issue_types[0].id}": given}}
    with Rest(site, "admin") as rest:
        site.as_admin().join("admin", "Administrators", "ANDET")
        assert task(rest, "move", payload)["failedAccessibleIssues"]
        given["targetStatus"] = [{"statuses": {work.id: [waiting]}}]
        assert task(rest, "move", payload)["processedAccessibleIssues"] == [int(site.issue(key).id)]
    assert (site.status(key), site.issue(key).key) == ("I gang", "ANDET-1")


def test_changing_the_issue_type_keeps_a_status_that_both_workflows_have(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    type_ = site.world.projects["DUBU"].issue_types[1]
    given: Json = {"issueIdsOrKeys": [key]}
    given |= dict.fromkeys(
        ("inferFieldDefaults", "inferSubtaskTypeDefault", "inferClassificationDefaults", "inferStatusDefaults"), True
    )
    with Rest(site, "agent.anna") as rest:
        task(rest, "move", {"targetToSourcesMapping": {f"DUBU,{type_.id}": given}})
    assert (site.issue(key).issue_type, site.status(key), site.issue(key).key) == (type_, "Ny", key)
    assert [i.field for i in site.issue(key).history[-1].items] == ["issuetype"]
    site.as_admin().revoke("MOVE_ISSUES", "Service Desk Team")
    with Rest(site, "agent.anna") as rest:
        assert task(rest, "move", {"targetToSourcesMapping": {f"DUBU,{type_.id}": given}})["failedAccessibleIssues"]


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_an_admin_opens_and_closes_doors_by_hand(deployment: str) -> None:
    with Sandbox.start(sow(Plan(), locked=True), deployment=deployment) as site:
        admin, anna = site.as_admin(), site.as_user("agent.anna")
        key, other = (site.as_user("agent.bo").create("Sag") for _ in range(2))
        flow = admin.workflow_of()
        with pytest.raises(JiraError, match="can't move"):
            anna.move(key, "I gang")
        admin.add_step(flow, "Bagdør", (), "I gang", roles=("Service Desk Team",))
        anna.take(key, "Bagdør")
        anna.take(key, "Bagdør")
        assert [len(h.items) for h in site.issue(key).history] == [1]
        admin.remove_step(flow, "Bagdør")
        with pytest.raises(JiraError, match="can't move"):
            anna.move(other, "I gang")
        with pytest.raises(JiraError, match="can't move"):
            anna.move(other, "Godkendt")
        admin.unlock_step(flow, "Godkend")
        anna.move(other, "Godkendt")
        admin.leave("agent.anna", "Service Desk Team")
        with pytest.raises(JiraError):
            anna.move(other, "I gang")
        admin.grant("BROWSE_PROJECTS", admin.world.roles[admin.make_role("Læsere")])
        admin.join("agent.anna", "Læsere")
        assert anna.steps(other) == {}


def test_the_seconds_in_each_status_are_told_from_the_changelog(site: Sandbox) -> None:
    start = site.clock.now()
    site.clock.set(start)
    key = site.as_user("agent.anna").create("Sag")
    site.clock.advance(timedelta(seconds=10))
    site.as_user("adapter").move(key, "Godkendt")
    site.clock.advance(timedelta(seconds=5))
    assert site.seconds_in(key) == {"Ny": 10.0, "Godkendt": 5.0}


@pytest.mark.parametrize(("trouble", "made"), [(Trouble.CUT_BEFORE, 1), (Trouble.CUT_AFTER, 2)])
def test_after_so_many_writes_nothing_is_written(site: Sandbox, trouble: Trouble, made: int) -> None:
    before = len(site.world.roles)
    site.interrupt_after(1, trouble)
    with Rest(site, "admin") as rest:
        assert rest.get("role").status_code == 200
        assert rest.post("role", json={"name": "en"}).status_code == 200
        with pytest.raises(requests.ConnectionError):
            rest.post("role", json={"name": "to"})
    with Rest(site, "admin") as rest:
        assert rest.get("role").status_code == 200
        assert rest.post("/rest/api/3/workflows", json={"workflowNames": ["x"]}).status_code == 200
    assert len(site.world.roles) == before + made
    assert len(site.requests.writes("admin")) == 2


def test_what_shows_a_step_on_the_portal_can_be_another_property() -> None:
    with Sandbox.start(default_seed().switched(portal_property="noget.andet")) as site:
        key = site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")
        assert "Annuller" in site.as_user("kunde.aarhus").steps(key)
        properties = next(t.properties for t in site.world.projects["DUBU"].transitions if t.name == "Annuller")
        assert properties == {"noget.andet": "true"}
