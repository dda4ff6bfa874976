"""Workflows are read, checked and replaced whole, and their rules bind everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.sandbox import JiraError, Sandbox
from tests.sandbox.client import Rest

Json = dict[str, Any]
V3 = "/rest/api/3"


@pytest.fixture
def site() -> Iterator[Sandbox]:
    with Sandbox.start() as running:
        yield running


@pytest.fixture
def admin(site: Sandbox) -> Iterator[Rest]:
    with Rest(site, "admin") as rest:
        yield rest


@pytest.fixture
def key(site: Sandbox) -> str:
    return site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")


def read(admin: Rest) -> Json:
    """DUBU's workflow with its statuses."""
    project = admin.get("project/DUBU").json()
    pair = {"projectId": project["id"], "issueTypeId": project["issueTypes"][0]["id"]}
    answer = admin.post(f"{V3}/workflows", json={"projectAndIssueTypes": [pair]})
    assert answer.status_code == 200
    found: Json = answer.json()
    return found


def update(found: Json) -> Json:
    """What is sent back of what was read."""
    statuses = [
        {k: s[k] for k in ("id", "name", "statusCategory", "statusReference", "description")} for s in found["statuses"]
    ]
    kept = ("id", "version", "description", "statuses", "transitions", "startPointLayout")
    flows = [{k: w[k] for k in kept if k in w} for w in found["workflows"]]
    return {"statuses": statuses, "workflows": flows}


def step(found: Json, name: str) -> Json:
    """A transition of the workflow."""
    transition: Json = next(t for t in found["workflows"][0]["transitions"] if t["name"] == name)
    return transition


def errors(admin: Rest, payload: Json) -> list[Json]:
    """What the validation says."""
    answer = admin.post(f"{V3}/workflows/update/validation", json={"payload": payload})
    assert answer.status_code == 200
    found: list[Json] = answer.json()["errors"]
    return found


def test_what_was_read_can_be_sent_back_and_changes_nothing_but_the_version(admin: Rest) -> None:
    before = read(admin)
    payload = update(before)
    assert errors(admin, payload) == []
    assert admin.post(f"{V3}/workflows/update", json=payload).status_code == 200
    after = read(admin)
    (old,), (new,) = before["workflows"], after["workflows"]
    assert new["version"]["versionNumber"] == old["version"]["versionNumber"] + 1
    changed = {"version", "updated"}
    assert {k: v for k, v in new.items() if k not in changed} == {k: v for k, v in old.items() if k not in changed}
    assert after["statuses"] == before["statuses"]


def test_an_older_version_is_refused(admin: Rest) -> None:
    payload = update(read(admin))
    assert admin.post(f"{V3}/workflows/update", json=payload).status_code == 200
    assert admin.post(f"{V3}/workflows/update", json=payload).status_code == 409


def test_workflows_are_for_admins_and_for_cloud(site: Sandbox) -> None:
    with Rest(site) as rest:
        assert rest.post(f"{V3}/workflows", json={"workflowNames": ["x"]}).status_code == 401
    with Sandbox.start(deployment="datacenter") as other, Rest(other, "admin") as rest:
        answer = rest.post(f"{V3}/workflows", json={"workflowNames": ["x"]})
        assert (answer.status_code, answer.json()["errorMessages"]) == (404, [f"null for uri: {V3}/workflows"])


def test_a_reserved_transition_is_the_roles_alone_by_every_route(site: Sandbox, admin: Rest, key: str) -> None:
    found = read(admin)
    roles = {r["name"]: r["id"] for r in admin.get("role").json()}
    restrict = {"ruleKey": "system:restrict-issue-transition", "parameters": {"roleIds": str(roles["DUBU-adapter"])}}
    approve = step(found, "Godkend")
    approve["conditions"] = {"operation": "ALL", "conditions": [restrict], "conditionGroups": []}
    assert admin.post(f"{V3}/workflows/update", json=update(found)).status_code == 200
    for handle in ("agent.anna", "admin", "automation"):
        assert "Godkend" not in site.as_user(handle).steps(key)
        with Rest(site, handle) as rest:
            answer = rest.post(f"issue/{key}/transitions", json={"transition": {"id": approve["id"]}})
            assert answer.status_code == 400
    with Rest(site, "kunde.aarhus") as rest:
        url = f"/rest/servicedeskapi/request/{key}/transition"
        assert rest.post(url, json={"id": approve["id"]}).status_code == 400
    assert site.status(key) == "Ny"
    site.as_user("adapter").take(key, "Godkend")


def test_a_field_can_be_demanded_of_whoever_takes_a_step(site: Sandbox, admin: Rest, key: str) -> None:
    field = site.world.field_named("Betalende part")
    demand = {
        "ruleKey": "system:validate-field-value",
        "parameters": {
            "ruleType": "fieldRequired",
            "fieldsRequired": field.id,
            "ignoreContext": "false",
            "errorMessage": "Betaleren mangler.",
        },
    }
    found = read(admin)
    step(found, "Start arbejde")["validators"] = [demand]
    assert admin.post(f"{V3}/workflows/update", json=update(found)).status_code == 200
    with pytest.raises(JiraError, match=r"Betaleren mangler\."):
        site.as_user("adapter").move(key, "I gang")
    assert (site.status(key), site.issue(key).history) == ("Ny", [])
    site.as_user("agent.anna").edit(key, {"Betalende part": "Aarhus"})
    site.as_user("agent.anna").move(key, "I gang")


def test_an_option_can_be_a_condition(site: Sandbox, admin: Rest, key: str) -> None:
    field = site.world.field_named("Kategori")
    robots = next(o for o in field.options if o.value == "Robotter")
    check = {"fieldId": field.id, "fieldValue": f'["{robots.id}"]', "comparator": "=", "comparisonType": "OPTIONID"}
    rule = {"ruleKey": "system:check-field-value", "parameters": check}
    found = read(admin)
    approve = step(found, "Godkend")
    approve["conditions"]["conditionGroups"] = [{"operation": "ANY", "conditions": [rule], "conditionGroups": []}]
    assert admin.post(f"{V3}/workflows/update", json=update(found)).status_code == 200
    anna = site.as_user("agent.anna")
    assert "Godkend" not in anna.steps(key)
    anna.edit(key, {"Kategori": "Robotter"})
    assert "Godkend" in anna.steps(key)


def test_statuses_come_with_the_workflow_and_removed_ones_are_mapped(site: Sandbox, admin: Rest, key: str) -> None:
    found = read(admin)
    site.as_user("agent.anna").move(key, "Afventer Kunde")
    gone = next(s["id"] for s in found["statuses"] if s["name"] == "Afventer Kunde")
    payload = update(found)
    (flow,) = payload["workflows"]
    payload["statuses"] = [s for s in payload["statuses"] if s["id"] != gone]
    payload["statuses"].append({"statusReference": "ny-1", "name": "Hos kunden", "statusCategory": "IN_PROGRESS"})
    flow["statuses"] = [s for s in flow["statuses"] if s["statusReference"] != gone]
    flow["statuses"].append({"statusReference": "ny-1", "properties": {}})
    flow["transitions"] = [t for t in flow["transitions"] if t["toStatusReference"] != gone]
    for transition in flow["transitions"]:
        transition["links"] = [x for x in transition["links"] if x["fromStatusReference"] != gone]
    assert {e["type"] for e in errors(admin, payload)} == {"STATUS_MAPPING"}
    assert admin.post(f"{V3}/workflows/update", json=payload).status_code == 400
    flow["defaultStatusMappings"] = [{"oldStatusReference": gone, "newStatusReference": "ny-1"}]
    assert errors(admin, payload) == []
    assert admin.post(f"{V3}/workflows/update", json=payload).status_code == 200
    assert site.status(key) == "Hos kunden"
    assert site.issue(key).history[-1].items[-1].after_text == "Hos kunden"


@pytest.mark.parametrize(
    ("change", "type_"),
    [
        (lambda flow: flow["transitions"].append(dict(flow["transitions"][1])), "TRANSITION"),
        (lambda flow: flow["transitions"][1].update(type="GLOBAL"), "TRANSITION"),
        (lambda flow: flow["transitions"][1].update(links=[]), "TRANSITION"),
        (lambda flow: flow["transitions"][1].update(toStatusReference="99"), "TRANSITION"),
        (lambda flow: flow["transitions"].pop(0), "WORKFLOW"),
        (lambda flow: flow["statuses"].append({"statusReference": "99", "properties": {}}), "STATUS_LAYOUT"),
    ],
)
def test_a_workflow_that_does_not_hold_together_is_told(
    admin: Rest, change: Callable[[Json], object], type_: str
) -> None:
    payload = update(read(admin))
    change(payload["workflows"][0])
    assert type_ in {e["type"] for e in errors(admin, payload)}
    assert admin.post(f"{V3}/workflows/update", json=payload).status_code == 400


@pytest.mark.parametrize(
    ("key_", "parameters", "said"),
    [
        ("system:restrict-issue-transition", {"roleIds": "1"}, "project role '1'"),
        ("system:restrict-issue-transition", {"accountIds": "5e68"}, "team-managed"),
        ("system:restrict-issue-transition", {"hvem": "1"}, "Unknown parameter"),
        ("system:findes-ikke", {}, "not available"),
        ("system:validate-field-value", {"ruleType": "fieldRequired"}, "is a Validator"),
        (
            "system:check-field-value",
            {"fieldId": "customfield_1", "fieldValue": "[]", "comparator": "=", "comparisonType": "STRING"},
            "field 'customfield_1'",
        ),
    ],
)
def test_a_rule_that_names_nothing_is_told(admin: Rest, key_: str, parameters: dict[str, str], said: str) -> None:
    found = read(admin)
    rule = {"ruleKey": key_, "parameters": parameters}
    step(found, "Godkend")["conditions"] = {"operation": "ALL", "conditions": [rule], "conditionGroups": []}
    (wrong,) = errors(admin, update(found))
    assert (wrong["type"], said in wrong["message"]) == ("RULE", True)


def test_a_rule_key_that_the_site_lacks_is_not_among_its_capabilities(site: Sandbox, admin: Rest) -> None:
    flow = read(admin)["workflows"][0]["id"]
    url = f"{V3}/workflows/capabilities?workflowId={flow}"
    keys = {r["ruleKey"] for r in admin.get(url).json()["systemRules"]}
    assert "system:restrict-issue-transition" in keys
    site.world.rule_keys.remove("system:restrict-issue-transition")
    assert {r["ruleKey"] for r in admin.get(url).json()["systemRules"]} == keys - {"system:restrict-issue-transition"}
    assert "not available" in errors(admin, update(read(admin)))[0]["message"]


def test_a_project_has_a_scheme_and_workflows_tell_who_has_them(admin: Rest) -> None:
    (found,) = admin.get(f"{V3}/workflowscheme/project?projectId=10000").json()["values"]
    scheme = found["workflowScheme"]
    assert found["projectIds"] == ["10000"]
    assert admin.get(f"{V3}/workflowscheme/{scheme['id']}").json() == scheme
    (flow,) = admin.post(f"{V3}/workflows", json={"workflowNames": [scheme["defaultWorkflow"]]}).json()["workflows"]
    used = admin.get(f"{V3}/workflow/{flow['id']}/projectUsages").json()
    assert used["projects"]["values"] == [{"id": "10000"}]
    types = admin.get(f"{V3}/workflow/{flow['id']}/project/10000/issueTypeUsages").json()
    assert len(types["issueTypes"]["values"]) == 2
    schemes = admin.get(f"{V3}/workflow/{flow['id']}/workflowSchemes").json()["workflowSchemes"]
    assert schemes["values"] == [{"id": str(scheme["id"])}]
    names = {w["name"] for w in admin.get(f"{V3}/workflows/search").json()["values"]}
    assert scheme["defaultWorkflow"] in names


def test_statuses_are_found_and_made(admin: Rest) -> None:
    new = {"name": "Godkendt af KOMBIT", "statusCategory": "IN_PROGRESS", "description": ""}
    given = {"scope": {"type": "GLOBAL"}, "statuses": [new]}
    (made,) = admin.post(f"{V3}/statuses", json=given).json()
    assert admin.post(f"{V3}/statuses", json=given).status_code == 400
    found = admin.get(f"{V3}/statuses/search?searchString=kombit").json()["values"]
    assert made in found
    assert {s["name"] for s in found} == {"KOMBIT-accept modtaget", "Godkendt af KOMBIT"}
