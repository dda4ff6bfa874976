"""The sandbox lets people in, shows them what is theirs, and keeps them from the rest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox import JiraError, Sandbox, SeedUser, default_seed
from tests.sandbox.client import Rest


@pytest.fixture(params=["cloud", "datacenter"])
def site(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox.start(default_seed(request.param)) as running:
        yield running


def statuses(site: Sandbox, handle: str, *paths: str) -> list[int]:
    with Rest(site, handle) as rest:
        return [rest.get(path).status_code for path in paths]


def test_wrong_credentials_are_401(site: Sandbox) -> None:
    with Rest(site, None) as rest:
        assert rest.get("serverInfo").status_code == 200  # open to all
        assert rest.get("myself").status_code == 401
        for header in ("Basic Zm9vOmJhcg==", "Basic %%%", "Basic /w==", "Bearer forkert", "Digest x"):
            refused = rest.get("myself", headers={"Authorization": header})
            assert refused.status_code == 401
            assert refused.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    other = ("Bearer", "token-of-adapter") if site.world.cloud else ("Basic", "YWRhcHRlcjp0b2tlbi1vZi1hZGFwdGVy")
    with Rest(site, None) as rest:
        assert rest.get("myself", headers={"Authorization": " ".join(other)}).status_code == 401


def test_myself_is_who_is_asking(site: Sandbox) -> None:
    with Rest(site, "agent.bo") as rest:
        me = rest.get("myself").json()
        assert me["displayName"] == "Bo Berg"
        key = {"accountId": me["accountId"]} if site.world.cloud else {"username": me["name"]}
        assert rest.get("user", params=key).json()["displayName"] == "Bo Berg"
        assert rest.get("user", params={"accountId": "ingen", "username": "ingen"}).status_code == 404


def test_a_hidden_mail_address_is_seen_by_its_owner_and_admins_only(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    seen = {}
    for handle in ("adapter", "agent.anna", "admin"):
        with Rest(site, handle) as rest:
            reporter = rest.get(f"issue/{key}").json()["fields"]["reporter"]
            seen[handle] = reporter.get("emailAddress") or None
    own = site.user("agent.anna").email
    assert seen == {"adapter": None, "agent.anna": own, "admin": own}


def test_cloud_tells_the_type_of_an_account() -> None:
    with Sandbox.start() as site, Rest(site) as rest:
        kinds = {}
        for handle in ("agent.anna", "kunde.aarhus", "automation"):
            answer = rest.get("user", params={"accountId": site.user(handle).account_id})
            kinds[handle] = answer.json()["accountType"]
        assert kinds == {"agent.anna": "atlassian", "kunde.aarhus": "customer", "automation": "app"}


def test_customers_see_their_own_and_their_organisations_requests_on_the_portal_only(site: Sandbox) -> None:
    key = site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")
    portal, platform = f"/rest/servicedeskapi/request/{key}", f"issue/{key}"
    assert statuses(site, "kunde.aarhus", portal, platform) == [200, 404]
    assert statuses(site, "kunde.odense", portal, platform) == [404, 404]
    site.as_user("agent.anna").edit(key, {"Organizations": ["Odense Kommune"]})
    assert statuses(site, "kunde.odense", portal) == [200]
    with Rest(site, "kunde.odense") as rest:
        assert [r["issueKey"] for r in rest.get("/rest/servicedeskapi/request").json()["values"]] == [key]


def test_the_other_project_is_not_the_adapters(site: Sandbox) -> None:
    key = site.as_user("fremmed").create("Sag", project="ANDET")
    assert statuses(site, "adapter", f"issue/{key}", "project/ANDET", "project/FINDESIKKE") == [404, 404, 404]
    assert statuses(site, "fremmed", f"issue/{key}", "project/ANDET", "project/DUBU") == [200, 200, 404]
    own = site.as_user("agent.anna").create("Sag")
    with pytest.raises(JiraError, match="does not exist"):
        site.as_user("fremmed").edit(own, {"Timepris": 1})
    assert statuses(site, "fremmed", f"/rest/servicedeskapi/request/{key}") == [404]


def test_what_may_not_be_done_is_403(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    with Rest(site, "agent.anna") as rest:
        assert rest.delete(f"issue/{key}").status_code == 403
    with Rest(site, "kunde.aarhus") as rest:
        given = {"project": {"key": "DUBU"}, "issuetype": {"name": "Hændelse"}, "summary": "x"}
        assert rest.post("issue", json={"fields": given}).status_code == 403
        assert rest.get("group/member?groupname=dubu-servicedesk").status_code == 403
        assert rest.get("issue/createmeta/DUBU/issuetypes").status_code == 403
    with Rest(site, "admin") as rest:
        assert rest.delete(f"issue/{key}").status_code == 204
        assert rest.get(f"issue/{key}").status_code == 404


def test_roles_hold_users_and_groups(site: Sandbox) -> None:
    with Rest(site) as rest:
        roles = rest.get("project/DUBU/role").json()
        actors = rest.get(roles["Service Desk Team"]).json()["actors"]
        assert rest.get("project/DUBU/role/1").status_code == 404
        group = next(a for a in actors if a["type"] == "atlassian-group-role-actor")["actorGroup"]
        wanted = {"groupId": group["groupId"]} if site.world.cloud else {"groupname": group["name"]}
        members = rest.get("group/member", params=wanted).json()
        assert rest.get("group/member?groupname=ingen").status_code == 404
    names = {a["displayName"] for a in actors}
    assert names == {"dubu-servicedesk", "Anna Agent", "DUBU-adapter"}
    assert [m["displayName"] for m in members["values"]] == ["Bo Berg"]


def test_permissions_are_told_one_by_one(site: Sandbox) -> None:
    wanted = "permissions=EDIT_ISSUES,ADMINISTER"
    key = site.as_user("agent.anna").create("Sag")
    held = {}
    for handle in ("adapter", "agent.anna", "admin", "kunde.aarhus"):
        with Rest(site, handle) as rest:
            answer = rest.get(f"mypermissions?projectKey=DUBU&{wanted}").json()["permissions"]
            held[handle] = [answer[name]["havePermission"] for name in ("EDIT_ISSUES", "ADMINISTER")]
    assert held == {
        "adapter": [True, False],
        "agent.anna": [True, False],
        "admin": [True, True],
        "kunde.aarhus": [False, False],
    }
    with Rest(site) as rest:
        assert rest.get(f"mypermissions?issueKey={key}&{wanted}").status_code == 200
        assert rest.get("mypermissions?permissions=FLYVE").status_code == 400
        assert rest.get("mypermissions").status_code == (400 if site.world.cloud else 200)


def test_cloud_lists_fields_page_by_page() -> None:
    with Sandbox.start() as site, Rest(site, "admin") as rest:
        page = rest.get("field/search?query=dato&maxResults=1").json()
        assert ([f["name"] for f in page["values"]], page["isLast"]) == (["Aftalt dato"], True)
        assert not rest.get("field/search?maxResults=5").json()["isLast"]
    with Sandbox.start() as site, Rest(site) as rest:
        assert rest.get("field/search").status_code == 403
    with Sandbox.start(default_seed("datacenter")) as site, Rest(site, "admin") as rest:
        assert rest.get("field/search").status_code == 404


def test_agents_see_all_organisations_and_customers_their_own(site: Sandbox) -> None:
    with Rest(site) as rest:
        assert len(rest.get("/rest/servicedeskapi/organization").json()["values"]) == 5
    with Rest(site, "kunde.aarhus") as rest:
        mine = rest.get("/rest/servicedeskapi/organization").json()["values"]
        assert [o["name"] for o in mine] == ["Aarhus Kommune"]


def test_the_portal_raises_requests_for_oneself_and_agents_for_others(site: Sandbox) -> None:
    customer = site.user("kunde.odense")
    behalf = customer.account_id if site.world.cloud else customer.handle
    with Rest(site, "agent.anna") as rest:
        desk = rest.get("/rest/servicedeskapi/servicedesk").json()["values"][0]
        assert rest.get(f"/rest/servicedeskapi/servicedesk/{desk['id']}").json() == desk
        assert rest.get("/rest/servicedeskapi/servicedesk/9").status_code == 404
        types = rest.get(f"/rest/servicedeskapi/servicedesk/{desk['id']}/requesttype").json()["values"]
        given = {"serviceDeskId": desk["id"], "requestTypeId": types[0]["id"], "raiseOnBehalfOf": behalf}
        given["requestFieldValues"] = {"summary": "Til Odense"}
        made = rest.post("/rest/servicedeskapi/request", json=given)
        assert (made.status_code, made.json()["reporter"]["displayName"]) == (201, "Ole Olsen")
        wrong = rest.post("/rest/servicedeskapi/request", json=given | {"requestTypeId": "999"})
        assert wrong.status_code == 400
        assert set(wrong.json()) == {"errorMessage", "i18nErrorMessage"}
    key = made.json()["issueKey"]
    assert site.values(key) == {"Request Type": "Genopret data", "Organizations": ["Odense Kommune"]}
    with Rest(site, "kunde.aarhus") as rest:
        assert rest.post("/rest/servicedeskapi/request", json=given).status_code == 403
        del given["raiseOnBehalfOf"]
        own = rest.post("/rest/servicedeskapi/request", json=given).json()
    assert own["reporter"]["displayName"] == "Mette Madsen"


def test_customers_take_only_the_steps_the_portal_shows(site: Sandbox) -> None:
    key = site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")
    url = f"/rest/servicedeskapi/request/{key}/transition"
    with Rest(site, "kunde.aarhus") as rest:
        shown = {step["name"]: step["id"] for step in rest.get(url).json()["values"]}
        assert set(shown) == {"KOMBIT accepterer", "Meld uenighed", "Annuller"}
        start = next(t.id for t in site.issue(key).project.transitions if t.name == "Start arbejde")
        assert rest.post(url, json={"id": start}).status_code == 400
        comment = {"additionalComment": {"body": "vi dropper den"}}
        assert rest.post(url, json={"id": shown["Annuller"], **comment}).status_code == 204
    assert site.status(key) == "Annulleret"
    assert site.issue(key).history[0].author is site.user("kunde.aarhus")
    assert [c.body for c in site.comments(key)] == ["vi dropper den"]


def test_the_first_answer_ends_the_sla_cycle_and_only_agents_see_it(site: Sandbox) -> None:
    key = site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")
    url = f"/rest/servicedeskapi/request/{key}/sla"
    with Rest(site) as rest:
        assert "ongoingCycle" in rest.get(url).json()["values"][0]
        site.as_user("agent.anna").comment(key, "intern", internal=True)
        assert "ongoingCycle" in rest.get(url).json()["values"][0]
        site.as_user("agent.anna").comment(key, "svar")
        assert len(rest.get(url).json()["values"][0]["completedCycles"]) == 1
        assert rest.get("/rest/servicedeskapi/info").json()["isLicensedForUse"]
    assert statuses(site, "kunde.aarhus", url) == [403]


def test_automation_works_as_an_app(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    robot = site.as_user("automation")
    robot.comment(key, "Tak for din henvendelse")
    robot.edit(key, {"Timepris": 1})
    assert site.issue(key).history[0].author.kind.value == "app"


def test_somebody_new_can_be_seeded_into_a_role() -> None:
    seed = default_seed().with_user(SeedUser("agent.ny", "Ny", "ny@leverandoer.example"), "Service Desk Team")
    with Sandbox.start(seed) as site:
        assert site.as_user("agent.ny").create("Sag") == "DUBU-1"


def test_scoped_tokens_count_at_their_own_address_alone() -> None:
    with Sandbox.start() as site, Rest(site, None) as rest:
        usual, scoped = site.login(), site.login(scoped=True)
        assert rest.get("/_edge/tenant_info").json() == {"cloudId": site.world.cloud_id}
        answers = {
            (url is site.url, token): rest.get(f"{url}/rest/api/2/myself", auth=(str(name), token)).status_code
            for url in (site.url, site.scoped_url)
            for name, token in (usual, scoped)
        }
        assert rest.get(f"{site.url}/rest/api/2/serverInfo").status_code == 200
        assert rest.get(f"{site.scoped_url}/rest/api/2/serverInfo").status_code == 401
        assert rest.get(f"{site.url}/ex/jira/en-anden/rest/api/2/myself").status_code == 404
    assert answers == {(True, usual[1]): 200, (True, scoped[1]): 401, (False, usual[1]): 401, (False, scoped[1]): 200}
