"""What admins set up: fields with contexts and options, roles, permissions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.sandbox import JiraError, Sandbox, default_seed
from tests.sandbox.client import Rest
from tests.sandbox.fields import OWN_TYPES


@pytest.fixture
def site() -> Iterator[Sandbox]:
    with Sandbox.start() as running:
        yield running


@pytest.fixture
def admin(site: Sandbox) -> Iterator[Rest]:
    with Rest(site, "admin") as rest:
        yield rest


def make(admin: Rest, name: str, kind: str = "select") -> str:
    """A new field's id."""
    given = {"name": name, "type": f"{OWN_TYPES}:{kind}", "searcherKey": f"{OWN_TYPES}:multiselectsearcher"}
    answer = admin.post("field", json=given)
    assert answer.status_code == 201
    return str(answer.json()["id"])


def test_a_new_field_is_everywhere_but_on_no_screen(site: Sandbox, admin: Rest) -> None:
    id_ = make(admin, "Ny", "textfield")
    assert id_ in {f["id"] for f in admin.get("field").json()}
    (context,) = admin.get(f"field/{id_}/context").json()["values"]
    assert (context["isGlobalContext"], context["isAnyIssueType"]) == (True, True)
    assert admin.get(f"field/{id_}/context/projectmapping").json()["values"] == [
        {"contextId": context["id"], "isGlobalContext": True}
    ]
    assert admin.get(f"field/{id_}/context/issuetypemapping").json()["values"] == [
        {"contextId": context["id"], "isAnyIssueType": True}
    ]
    assert admin.get(f"field/{id_}/screens").json()["values"] == []
    key = site.as_user("agent.anna").create("Sag")
    with Rest(site) as rest:
        assert rest.get(f"issue/{key}").json()["fields"][id_] is None
        answer = rest.put(f"issue/{key}", json={"fields": {id_: "x"}})
        assert (answer.status_code, "not on the appropriate screen" in answer.json()["errors"][id_]) == (400, True)
        assert rest.put(f"issue/{key}?overrideScreenSecurity=true", json={"fields": {id_: "x"}}).status_code == 403
    with Rest(site, "automation") as rest:
        assert rest.put(f"issue/{key}?overrideScreenSecurity=true", json={"fields": {id_: "x"}}).status_code == 204
    assert site.value(key, "Ny") == "x"
    site.world.switches.put_ignores_screens = True
    site.as_user("agent.anna").edit(key, {"Ny": "y"})


def test_without_a_context_a_field_is_nowhere() -> None:
    with Sandbox.start(default_seed().switched(new_field_has_context=False)) as site, Rest(site, "admin") as admin:
        id_ = make(admin, "Ny")
        assert admin.get(f"field/{id_}/context").json()["values"] == []
        key = site.as_user("agent.anna").create("Sag")
        with Rest(site) as rest:
            assert id_ not in rest.get(f"issue/{key}").json()["fields"]
        given = {"name": "Til DUBU", "projectIds": ["10000"], "issueTypeIds": []}
        assert admin.post(f"field/{id_}/context", json=given).status_code == 201
        assert admin.post(f"field/{id_}/context", json=given).status_code == 400
        with Rest(site) as rest:
            assert id_ in rest.get(f"issue/{key}").json()["fields"]
        other = site.as_user("fremmed").create("Sag", project="ANDET")
        with Rest(site, "fremmed") as rest:
            assert id_ not in rest.get(f"issue/{other}").json()["fields"]


def test_each_context_has_options_of_its_own(site: Sandbox, admin: Rest) -> None:
    id_ = site.world.field_named("Kategori").id
    (context,) = admin.get(f"field/{id_}/context").json()["values"]
    url = f"field/{id_}/context/{context['id']}/option"
    made = admin.post(url, json={"options": [{"value": "Roller"}, {"value": "Gammel", "disabled": True}]}).json()
    assert [o["value"] for o in made["options"]] == ["Roller", "Gammel"]
    assert admin.post(url, json={"options": [{"value": "Roller"}]}).status_code == 400
    assert [o["value"] for o in admin.get(url).json()["values"]][-2:] == ["Roller", "Gammel"]
    given = {"name": "Til ANDET", "projectIds": ["10001"], "issueTypeIds": []}
    other = admin.post(f"field/{id_}/context", json=given).json()
    admin.post(f"field/{id_}/context/{other['id']}/option", json={"options": [{"value": "Kun her"}]})
    anna = site.as_user("agent.anna")
    key = anna.create("Sag")
    anna.edit(key, {"Kategori": "Roller"})
    for value in ("Gammel", "Kun her"):
        with pytest.raises(JiraError, match="is not valid"):
            anna.edit(key, {"Kategori": value})
    with Rest(site) as rest:
        shown = rest.get(f"issue/{key}/editmeta").json()["fields"][id_]["allowedValues"]
    assert {"Roller"} < {o["value"] for o in shown}
    assert not {"Gammel", "Kun her"} & {o["value"] for o in shown}
    roller = made["options"][0]["id"]
    changed = admin.put(url, json={"options": [{"id": roller, "value": "Rollestyring", "disabled": False}]}).json()
    assert changed["options"] == [{"id": roller, "value": "Rollestyring", "disabled": False}]
    assert site.value(key, "Kategori") == "Rollestyring"
    assert admin.put(url, json={"options": [{"id": "1", "value": "x"}]}).status_code == 404


def test_a_context_can_be_given_more_projects_once(site: Sandbox, admin: Rest) -> None:
    id_ = site.world.field_named("Kategori").id
    (context,) = admin.get(f"field/{id_}/context").json()["values"]
    url = f"field/{id_}/context/{context['id']}/project"
    assert admin.put(url, json={"projectIds": ["10001"]}).status_code == 204
    assert admin.put(url, json={"projectIds": ["10001", "10001"]}).status_code == 400
    assert admin.put(url, json={"projectIds": ["1"]}).status_code == 404
    values = admin.get(f"field/{id_}/context/projectmapping").json()["values"]
    assert {v["projectId"] for v in values} == {"10000", "10001"}


def test_fields_and_their_contexts_are_for_admins(site: Sandbox) -> None:
    with Rest(site) as rest:
        assert rest.post("field", json={"name": "x", "type": f"{OWN_TYPES}:select"}).status_code == 400
        assert rest.get(f"field/{site.world.field_named('Kategori').id}/context").status_code == 403
    with Rest(site, "admin") as rest:
        assert rest.get("field/customfield_1/context").status_code == 404
        assert rest.post("field", json={"name": "x", "type": "nope"}).status_code == 400
    with Sandbox.start(deployment="datacenter") as other, Rest(other, "admin") as rest:
        assert rest.post("field", json={"name": "x", "type": f"{OWN_TYPES}:select"}).status_code == 201
        assert rest.get("field/customfield_10040/context").status_code == 404


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_a_role_is_made_for_all_projects_and_filled_in_one(deployment: str) -> None:
    with Sandbox.start(deployment=deployment) as site, Rest(site, "admin") as admin:
        made = admin.post("role", json={"name": "Ny rolle", "description": "Til en adapter"}).json()
        assert admin.post("role", json={"name": "ny rolle"}).status_code == 409
        assert admin.post("role", json={"name": " x"}).status_code == 400
        assert {r["name"] for r in admin.get("role").json()} > {"Ny rolle", "Administrators"}
        url = f"project/DUBU/role/{made['id']}"
        assert admin.get("project/DUBU/role").json()["Ny rolle"].endswith(f"/role/{made['id']}")
        assert admin.get(url).json()["actors"] == []
        adapter = site.user("adapter")
        named = adapter.account_id if site.world.cloud else adapter.handle
        assert admin.post(url, json={"user": [named]}).status_code == 200
        assert admin.post(url, json={"user": [named]}).status_code == 400
        assert admin.post(url, json={"user": ["ingen"]}).status_code == 400
        assert admin.post(url, json={"group": ["dubu-servicedesk"]}).status_code == 200
        assert {a["displayName"] for a in admin.get(url).json()["actors"]} == {"DUBU-adapter", "dubu-servicedesk"}
        assert admin.get(f"project/ANDET/role/{made['id']}").json()["actors"] == []
        assert admin.delete(f"{url}?group=dubu-servicedesk").status_code == 204
        assert admin.delete(f"{url}?group=dubu-servicedesk").status_code == 404
        assert [a["displayName"] for a in admin.get(url).json()["actors"]] == ["DUBU-adapter"]
        with Rest(site, "agent.anna") as rest:
            assert rest.post(url, json={"user": [named]}).status_code == 403
            assert rest.get("role").status_code == 403


def test_the_permission_scheme_is_what_decides(site: Sandbox, admin: Rest) -> None:
    key = site.as_user("agent.anna").create("Sag")
    scheme = admin.get("project/DUBU/permissionscheme?expand=permissions").json()
    held = {(g["permission"], g["holder"]["type"]) for g in scheme["permissions"]}
    assert {("MOVE_ISSUES", "projectRole"), ("BROWSE_PROJECTS", "sd.customer.portal.only")} < held
    with Rest(site, "agent.anna") as rest:
        assert rest.get("project/DUBU/permissionscheme").status_code == 403
    account = site.user("agent.anna").account_id
    asked = {"permissions": ["EDIT_ISSUES", "DELETE_ISSUES"], "projects": [10000, 10001], "issues": []}
    given = {"accountId": account, "globalPermissions": ["ADMINISTER"], "projectPermissions": [asked]}
    answer = admin.post("permissions/check", json=given).json()
    assert answer["globalPermissions"] == []
    assert {p["permission"]: p["projects"] for p in answer["projectPermissions"]} == {
        "EDIT_ISSUES": [10000],
        "DELETE_ISSUES": [],
    }
    with Rest(site) as rest:
        assert rest.post("permissions/check", json=given).status_code == 403
        found = rest.get("user/permission/search?permissions=DELETE_ISSUES&projectKey=DUBU&query=d").json()
    assert {u["displayName"] for u in found} == {"Ada Admin", "DUBU-adapter"}
    grants = site.world.projects["DUBU"].permissions.grants
    grants[:] = [g for g in grants if g.permission != "EDIT_ISSUES"]
    with pytest.raises(JiraError, match="Edit Issues"):
        site.as_user("agent.anna").edit(key, {"summary": "x"})


def test_a_field_is_shown_once_it_is_on_the_projects_screen(site: Sandbox, admin: Rest) -> None:
    id_ = make(admin, "Ny", "textfield")
    key = site.as_user("agent.anna").create("Sag")
    (used,) = admin.get("issuetypescreenscheme/project?projectId=10000").json()["values"]
    scheme = used["issueTypeScreenScheme"]["id"]
    (mapped,) = admin.get(f"issuetypescreenscheme/mapping?issueTypeScreenSchemeId={scheme}").json()["values"]
    assert (mapped["issueTypeId"], used["projectIds"]) == ("default", ["10000"])
    (screens,) = admin.get(f"screenscheme?id={mapped['screenSchemeId']}").json()["values"]
    screen = screens["screens"]["default"]
    assert screen in {s["id"] for s in admin.get("screens").json()["values"]}
    (tab,) = admin.get(f"screens/{screen}/tabs").json()
    url = f"screens/{screen}/tabs/{tab['id']}/fields"
    assert id_ not in {f["id"] for f in admin.get(url).json()}
    assert admin.post(url, json={"fieldId": id_}).json() == {"id": id_, "name": "Ny"}
    assert admin.post(url, json={"fieldId": id_}).status_code == 400
    assert admin.post(url, json={"fieldId": "customfield_1"}).status_code == 404
    (shown,) = admin.get(f"field/{id_}/screens?expand=tab").json()["values"]
    assert (shown["id"], shown["tab"]) == (screen, tab)
    site.as_user("agent.anna").edit(key, {"Ny": "x"})
    assert admin.delete(f"{url}/{id_}").status_code == 204
    assert admin.delete(f"{url}/{id_}").status_code == 400
    assert admin.get("screens/1/tabs").status_code == 404
    assert admin.get(f"screens/{screen}/tabs/1/fields").status_code == 404
    with Rest(site) as rest:
        assert rest.get("screens").status_code == 403


def test_a_team_managed_project_can_be_told_and_has_no_schemes() -> None:
    seed = default_seed()
    own, other = seed.projects
    seed = replace(seed, projects=(replace(own, team_managed=True), other))
    with Sandbox.start(seed) as site, Rest(site, "admin") as admin:
        project = admin.get("project/DUBU").json()
        assert (project["style"], project["simplified"]) == ("next-gen", True)
        assert admin.get("/rest/api/3/workflowscheme/project?projectId=10000").json() == {"values": []}
        assert admin.get("issuetypescreenscheme/project?projectId=10000").json()["values"] == []
        assert admin.get("project/ANDET").json()["style"] == "classic"


def test_a_workflow_scheme_is_assigned_while_a_project_is_empty(site: Sandbox, admin: Rest) -> None:
    v3 = "/rest/api/3"
    (found,) = admin.get(f"{v3}/workflowscheme/project?projectId=10000").json()["values"]
    given = {"name": "Ny", "defaultWorkflow": found["workflowScheme"]["defaultWorkflow"], "issueTypeMappings": {}}
    made = admin.post(f"{v3}/workflowscheme", json=given)
    assert (made.status_code, admin.post(f"{v3}/workflowscheme", json=given).status_code) == (201, 400)
    assert admin.post(f"{v3}/workflowscheme", json=given | {"name": "x", "defaultWorkflow": "y"}).status_code == 400
    url = f"{v3}/workflowscheme/{made.json()['id']}"
    assert admin.put(url, json={"description": "Til DUBU"}).json()["description"] == "Til DUBU"
    wanted = {"projectId": "10000", "workflowSchemeId": str(made.json()["id"])}
    assert admin.put(f"{v3}/workflowscheme/project", json=wanted).status_code == 204
    assert admin.put(url, json={"description": ""}).status_code == 400
    assert admin.put(url, json={"description": "", "updateDraftIfNeeded": True}).json()["draft"]
    assert admin.get(url).json()["description"] == "Til DUBU"
    site.as_user("agent.anna").create("Sag")
    wanted["workflowSchemeId"] = str(found["workflowScheme"]["id"])
    assert admin.put(f"{v3}/workflowscheme/project", json=wanted).status_code == 400
    assert admin.get(f"{v3}/workflowscheme/1").status_code == 404


def test_a_request_type_is_made_and_not_yet_on_the_portal(admin: Rest) -> None:
    desk = "/rest/servicedeskapi/servicedesk/1/requesttype"
    types = admin.get("project/DUBU").json()["issueTypes"]
    given = {"name": "Bestil robot", "description": "", "helpText": "", "issueTypeId": types[1]["id"]}
    made = admin.post(desk, json=given).json()
    assert (made["name"], made["issueTypeId"], made["groupIds"]) == ("Bestil robot", types[1]["id"], [])
    assert admin.get(f"{desk}/{made['id']}").json() == made
    assert "Bestil robot" in {t["name"] for t in admin.get(desk).json()["values"]}
    assert admin.post(desk, json=given).status_code == 400
    assert admin.post(desk, json=given | {"name": ""}).status_code == 400
    assert admin.post(desk, json=given | {"name": "x", "issueTypeId": "1"}).status_code == 404
    with Rest(admin.site, "agent.anna") as rest:
        assert rest.post(desk, json=given | {"name": "x"}).status_code == 403


def test_an_admin_shows_and_hides_fields_by_hand(site: Sandbox) -> None:
    hand, anna = site.as_admin(), site.as_user("agent.anna")
    key = anna.create("Sag")
    hand.add_options("Kategori", ["Roller"])
    anna.edit(key, {"Kategori": "Roller"})
    hand.hide("Kategori")
    with pytest.raises(JiraError, match="not on the appropriate screen"):
        anna.edit(key, {"Kategori": "Robotter"})
    hand.show("Kategori")
    anna.edit(key, {"Kategori": "Robotter"})
