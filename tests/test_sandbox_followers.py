"""Who follows a ticket on the sandbox: participants, watchers, and the customers of organisations (R14, R18)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.sandbox import JiraError, Sandbox, default_seed
from tests.sandbox.client import Rest
from tests.sandbox.receiver import Receiver


@pytest.fixture(params=["cloud", "datacenter"])
def site(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox.start(default_seed(request.param)) as running:
        yield running


@pytest.fixture
def key(site: Sandbox) -> str:
    return site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")


def named(site: Sandbox, *handles: str) -> dict[str, list[str]]:
    """The body that names participants."""
    if site.world.cloud:
        return {"accountIds": [site.user(handle).account_id for handle in handles]}
    return {"usernames": list(handles)}


def account(site: Sandbox, handle: str) -> str:
    return site.user(handle).account_id if site.world.cloud else handle


def watched_by(site: Sandbox, rest: Rest, key: str) -> tuple[int, bool, list[str]]:
    answer = rest.get(f"issue/{key}/watchers").json()
    assert answer["self"] == site.world.link("issue", key, "watchers")
    return answer["watchCount"], answer["isWatching"], [u["displayName"] for u in answer["watchers"]]


def test_a_participant_sees_the_request_comments_it_and_answers_for_kombit(site: Sandbox, key: str) -> None:
    gerda = site.as_user("kombit.gerda")
    with pytest.raises(JiraError, match="does not exist or you do not have permission"):
        gerda.comment(key, "Må jeg se?")
    url = f"/rest/servicedeskapi/request/{key}/participant"
    with Rest(site) as rest:
        added = rest.post(url, json=named(site, "kombit.gerda", "kombit.kim"))
        again = rest.post(url, json=named(site, "kombit.gerda", "kunde.aarhus"))
        page = rest.get(f"{url}?limit=1").json()
        field = rest.get(f"issue/{key}").json()["fields"][site.world.field_named("Request participants").id]
    assert added.status_code == again.status_code == 200
    assert [u["displayName"] for u in again.json()["values"]] == ["Gerda Gram", "Kim Lund"]  # the reporter is none
    assert (page["size"], page["isLastPage"]) == (1, False)
    assert [u["displayName"] for u in field] == ["Gerda Gram", "Kim Lund"]
    assert site.participants(key) == gerda.participants(key) == ["kombit.gerda", "kombit.kim"]
    gerda.comment(key, "Nu kan jeg")
    gerda.move(key, "KOMBIT-accept modtaget")
    with pytest.raises(JiraError, match="permission"):
        gerda.edit(key, {"Betalende part": "KOMBIT"})
    with Rest(site, "kombit.gerda") as rest:
        assert [i["issueKey"] for i in rest.get("/rest/servicedeskapi/request").json()["values"]] == [key]


def test_the_changelog_and_the_webhook_tell_of_participants(site: Sandbox, key: str) -> None:
    with Receiver.start() as receiver:
        site.tell(receiver.url)
        site.as_user("agent.anna").add_participants(key, "kombit.gerda")
        site.as_user("agent.anna").add_participants(key, "kombit.gerda")
        site.settled()
    (told,) = (json.loads(received.body) for received in receiver.received)
    (item,) = told["changelog"]["items"]
    assert told["webhookEvent"] == "jira:issue_updated"
    assert (item["field"], item["from"], item["toString"]) == ("Request participants", None, "Gerda Gram")
    assert item["to"] == f"[{site.user('kombit.gerda').account_id}]"


def test_a_participant_who_leaves_sees_nothing_any_more(site: Sandbox, key: str) -> None:
    site.as_user("agent.anna").edit(key, {"Request participants": ["kombit.gerda", "3part"]})
    url = f"/rest/servicedeskapi/request/{key}/participant"
    with Rest(site) as rest:
        left = rest.delete(url, json=named(site, "kombit.gerda"))
        assert [u["displayName"] for u in left.json()["values"]] == ["Troels Toft"]
        assert rest.delete(url, json=named(site, "kombit.gerda")).status_code == 400
    site.as_user("kunde.aarhus").remove_participants(key, "3part")
    assert "Request participants" not in site.values(key)
    with Rest(site, "kombit.gerda") as rest:
        assert rest.get(url).status_code == 404


def test_participants_that_jira_refuses(site: Sandbox, key: str) -> None:
    url = f"/rest/servicedeskapi/request/{key}/participant"
    with Rest(site) as rest:
        unknown = {next(iter(named(site))): ["findes-ikke"]}
        wrong: list[dict[str, Any]] = [unknown, {next(iter(named(site))): []}, {}]
        wrong.append({"usernames": ["kombit.gerda"]} if site.world.cloud else {"accountIds": ["JIRAUSER10110"]})
        for body in wrong:
            assert rest.post(url, json=body).status_code == 400
        field = site.world.field_named("Request participants").id
        nobody = [{"accountId": "findes-ikke"}]
        assert rest.put(f"issue/{key}", json={"fields": {field: nobody}}).status_code == 400
    site.as_user("agent.anna").add_participants(key, "kombit.gerda")
    with Rest(site, "kombit.gerda") as rest:  # takes part, but is neither the reporter nor an agent
        assert rest.post(url, json=named(site, "3part")).status_code == 403
    assert site.participants(key) == ["kombit.gerda"]


def test_watchers_come_and_go_without_a_trace_in_the_ticket(site: Sandbox, key: str) -> None:
    before = (site.issue(key).updated, list(site.issue(key).history))
    with Rest(site) as rest:
        url = f"issue/{key}/watchers"
        assert rest.post(url, json=account(site, "agent.anna")).status_code == 204
        assert rest.post(url, json=account(site, "agent.anna")).status_code == 204
        assert rest.post(url).status_code == 204  # oneself
        assert watched_by(site, rest, key) == (2, True, ["Anna Agent", "DUBU-adapter"])
        assert site.watchers(key) == site.as_user("agent.bo").watchers(key) == ["agent.anna", "adapter"]
        field = rest.get(f"issue/{key}?fields=watches").json()["fields"]["watches"]
        assert (field["watchCount"], field["isWatching"]) == (2, True)
        named_ = {"accountId" if site.world.cloud else "username": account(site, "agent.anna")}
        assert rest.delete(url, params=named_).status_code == 204
        assert watched_by(site, rest, key) == (1, True, ["DUBU-adapter"])
    site.as_user("adapter").unwatch(key)
    site.as_user("agent.bo").watch(key)
    assert site.watchers(key) == ["agent.bo"]
    assert (site.issue(key).updated, site.issue(key).history) == before


def test_watchers_that_jira_refuses(site: Sandbox, key: str) -> None:
    url = f"issue/{key}/watchers"
    site.as_user("agent.anna").add_participants(key, "kombit.gerda")
    with Rest(site) as rest:
        assert rest.post(url, json="findes-ikke").status_code == 404
        for handle in ("kombit.gerda", "kunde.aarhus", "fremmed"):  # none of them may browse the project
            refused = rest.post(url, json=account(site, handle))
            assert refused.status_code == 400
            assert "will not be added to the watch list" in refused.json()["errorMessages"][0]
        assert rest.post(url, json={"accountId": account(site, "agent.anna")}).status_code == 400
        assert rest.delete(url).status_code == 400
    site.forgive()
    with Rest(site, "kunde.aarhus") as rest:
        assert rest.get(url).status_code == 404
        assert rest.post(url).status_code == 404
    assert site.watchers(key) == []


def test_agents_alone_see_who_is_in_an_organisation(site: Sandbox) -> None:
    (kombit,) = (o for o in site.world.organisations.values() if o.name == "KOMBIT")
    url = f"/rest/servicedeskapi/organization/{kombit.id}/user"
    with Rest(site, "agent.anna") as rest:
        first, second = (rest.get(f"{url}?start={start}&limit=1").json() for start in (0, 1))
        assert rest.get("/rest/servicedeskapi/organization/99/user").status_code == 404
        assert rest.get(f"/rest/servicedeskapi/organization/{kombit.id}").json()["name"] == "KOMBIT"
    assert (first["isLastPage"], second["isLastPage"]) == (False, True)
    accounts = [page["values"][0]["_links"]["jiraRest"] for page in (first, second)]
    names = {page["values"][0]["displayName"] for page in (first, second)}
    assert names == {"Karen Holm", "Kim Lund"}
    assert len(set(accounts)) == 2
    for handle, others in (("kombit.karen", 403), ("kombit.kim", 403), ("fremmed", 403), ("admin", 200)):
        with Rest(site, handle) as rest:
            assert rest.get(url).status_code == others
    with Rest(site, "kunde.aarhus") as rest:
        assert rest.get(f"/rest/servicedeskapi/organization/{kombit.id}").status_code == 404


def test_organisations_of_an_account_are_cloud_s_and_for_agents(site: Sandbox) -> None:
    asked = {"accountId": site.user("kombit.karen").account_id}
    url = "/rest/servicedeskapi/organization"
    with Rest(site) as rest:
        found = rest.get(url, params=asked).json()["values"]
        unknown = rest.get(url, params={"accountId": "findes-ikke"}).status_code
    with Rest(site, "kombit.karen") as rest:
        own = rest.get(url, params=asked).status_code
    if site.world.cloud:
        assert ([o["name"] for o in found], unknown, own) == (["KOMBIT"], 404, 403)
    else:  # it knows no such parameter, and gives all that the asker may see
        assert (len(found), unknown, own) == (5, 200, 200)


def test_the_tickets_page_names_participants_and_to_agents_the_watchers(site: Sandbox, key: str) -> None:
    site.as_user("agent.anna").add_participants(key, "kombit.gerda")
    site.as_user("agent.bo").watch(key)
    with requests.Session() as browser:
        browser.trust_env = False
        agents = browser.get(f"{site.url}/browse/{key}", timeout=10).text
        browser.post(f"{site.url}/who", data={"who": "kombit.gerda"}, timeout=10)
        customers = browser.get(f"{site.url}/browse/{key}", timeout=10).text
    assert "<td>Gerda Gram</td>" in agents
    assert "<td>Bo Berg</td>" in agents
    assert "<td>Gerda Gram</td>" in customers
    assert "Overvågere" not in customers


def test_gerda_is_kombit_s_by_her_group_alone(site: Sandbox) -> None:
    gerda = site.user("kombit.gerda")
    assert site.world.organisations_of(gerda) == []
    with Rest(site) as rest:
        members = rest.get("group/member", params={"groupname": "kombit-godkendere"}).json()["values"]
        seen = rest.get("user", params={"accountId": gerda.account_id, "username": gerda.handle}).json()
    assert [u["displayName"] for u in members] == ["Gerda Gram"]
    assert not seen.get("emailAddress")
    assert "kombit" not in gerda.email
