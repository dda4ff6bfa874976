"""The bare site is a plain service project in use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox import JiraError, Sandbox, SeedField, bare_seed
from tests.sandbox.bare import INCIDENT, OWN_PROPERTY, OWN_RULE, REQUEST, TASK
from tests.sandbox.client import Rest
from tests.sandbox.records import Kind
from tests.sandbox.site import load

MAPPINGS = Path(__file__).resolve().parents[1] / "mappings"


@pytest.fixture
def site() -> Iterator[Sandbox]:
    with Sandbox.start(bare_seed()) as running:
        yield running


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_it_knows_nothing_of_the_mapping(deployment: str) -> None:
    catalogue = load(MAPPINGS, "dubu")
    with Sandbox.start(bare_seed(catalogue, deployment)) as site:
        project = site.world.projects[catalogue.jira.project]
        assert not {f.name for f in catalogue.jira.fields.values()} & {f.name for f in site.world.fields.values()}
        named = {name for names in catalogue.jira.statuses.values() for name in names}
        assert not named & {status.name for status in site.world.statuses.values()}
        assert "DUBU-adapter" not in project.roles
        assert catalogue.jira.roles.agent in project.roles


def test_each_issue_type_has_its_workflow_and_incidents_share_theirs(site: Sandbox) -> None:
    with Rest(site, "admin") as rest:
        (found,) = rest.get("/rest/api/3/workflowscheme/project?projectId=10000").json()["values"]
        flows = found["workflowScheme"]["issueTypeMappings"]
        types = {t["id"]: t["name"] for t in rest.get("project/DUBU").json()["issueTypes"]}
        assert {types[id_] for id_ in flows} == {INCIDENT, TASK}
        shared = next(name for id_, name in flows.items() if types[id_] == INCIDENT)
        (flow,) = rest.post("/rest/api/3/workflows", json={"workflowNames": [shared]}).json()["workflows"]
        used = rest.get(f"/rest/api/3/workflow/{flow['id']}/projectUsages").json()["projects"]["values"]
        assert used == [{"id": "10000"}, {"id": "10001"}]
        statuses = {t["name"]: {s["name"] for s in t["statuses"]} for t in rest.get("project/DUBU/statuses").json()}
    assert {"Waiting for support", "In progress"} < statuses[REQUEST]
    assert statuses[TASK] == {"To Do", "In progress", "Done"}


def test_tickets_stand_in_all_kinds_of_statuses(site: Sandbox) -> None:
    standing = [issue.status.name for issue in site.world.issues.values()]
    assert len(standing) == 10
    assert len(set(standing)) == 9
    assert site.status("DUBU-4") == "Pending"


def test_a_persons_own_rule_and_property_are_on_a_step(site: Sandbox) -> None:
    flow = site.as_admin().workflow_of(REQUEST)
    step = next(s for s in flow.steps if s.name == "Escalate this issue")
    assert (step.conditions.every(), dict(step.properties)) == ([OWN_RULE], OWN_PROPERTY)
    anna = site.as_user("agent.anna")
    assert "Escalate this issue" not in anna.steps("DUBU-1")
    anna.set("DUBU-1", "assignee", "agent.anna")
    anna.take("DUBU-1", "Escalate this issue")
    assert (site.status("DUBU-1"), site.issue("DUBU-1").assignee) == ("Escalated", None)


def test_an_incident_is_resolved_by_whoever_it_is_assigned_to(site: Sandbox) -> None:
    anna = site.as_user("agent.anna")
    with pytest.raises(JiraError, match="assignee is required"):
        anna.take("DUBU-9", "Resolve")
    anna.set("DUBU-9", "assignee", "agent.bo")
    anna.take("DUBU-9", "Resolve")
    assert site.issue("DUBU-9").resolution == "Done"


def test_customers_order_and_answer_on_the_portal(site: Sandbox) -> None:
    customer = site.as_user("kunde.aarhus")
    key = customer.create("Hjælp", request_type="Get IT help")
    incident = customer.create("Nede", request_type="Report a system problem")
    assert (site.status(key), site.status(incident)) == ("Waiting for support", "Open")
    site.as_user("agent.anna").take(key, "Respond to customer")
    assert set(customer.steps(key)) == {"Respond to support", "Cancel request"}
    assert site.as_user("adapter").steps(incident) == {
        "Investigate": "Work in progress",
        "Pending": "Pending",
        "Cancel": "Canceled",
    }


def test_a_field_of_the_same_name_and_another_type_can_be_there() -> None:
    with Sandbox.start(bare_seed().with_field(SeedField("Kategori", Kind.TEXT))) as site:
        site.as_user("agent.anna").edit("DUBU-1", {"Kategori": "fri tekst"})
        assert site.value("DUBU-1", "Kategori") == "fri tekst"
    with Sandbox.start(bare_seed().with_twin("Impact")) as site:
        assert [f.kind for f in site.world.fields.values() if f.name == "Impact"] == [Kind.SELECT, Kind.TEXT]


def test_a_copy_of_a_shared_workflow_is_the_projects_alone(site: Sandbox) -> None:
    hand = site.as_admin()
    shared = hand.workflow_of(INCIDENT)
    own = hand.copy_for(shared, "DUBU: hændelser", INCIDENT)
    hand.remove_step(own, "Investigate")
    assert "Investigate" in {step.name for step in hand.workflow_of(INCIDENT, "ITS").steps}
    assert "Investigate" not in {step.name for step in hand.workflow_of(INCIDENT).steps}
