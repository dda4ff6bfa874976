"""Admins register webhooks by REST, and what they register is what is delivered to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox import Sandbox, default_seed
from tests.sandbox.client import Rest
from tests.sandbox.receiver import Receiver
from tests.sandbox.webhooks import sign

Json = dict[str, Any]
OLD, NEW = "/rest/webhooks/1.0/webhook", "/rest/jira-webhook/1.0/webhooks"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver.start() as running:
        yield running


def given(receiver: Receiver, **more: object) -> Json:
    """The old JSON of a webhook."""
    return {
        "name": "DUBU",
        "url": receiver.url,
        "events": ["jira:issue_created"],
        "filters": {"issue-related-events-section": "project = DUBU"},
        "excludeBody": False,
        "secret": "hemmelig",
    } | more


def tell(site: Sandbox) -> None:
    """Makes one event in each project."""
    site.as_user("fremmed").create("Sag", project="ANDET")
    site.as_user("agent.anna").create("Sag")
    site.settled()


def test_a_webhook_is_signed_and_delivers_what_its_events_and_query_say(receiver: Receiver) -> None:
    with Sandbox.start() as site, Rest(site, "admin") as admin:
        made = admin.post(OLD, json=given(receiver))
        assert made.status_code == 201
        assert "hemmelig" not in made.text
        assert (made.json()["enabled"], made.json()["isSigned"]) == (True, True)
        tell(site)
        site.as_user("agent.anna").comment("DUBU-1", "hej")
        site.settled()
        (received,) = receiver.received
        assert json.loads(received.body)["issue"]["key"] == "DUBU-1"
        assert received.headers["X-Hub-Signature"] == sign("hemmelig", received.body)
        listed = admin.get(OLD).json()
        assert listed == [made.json()]
        assert admin.get(listed[0]["self"]).json() == listed[0]


def test_a_webhook_is_changed_disabled_and_removed(receiver: Receiver) -> None:
    with Sandbox.start() as site, Rest(site, "admin") as admin:
        url = admin.post(OLD, json=given(receiver)).json()["self"]
        assert admin.put(url, json={"enabled": False}).json()["filters"] == {
            "issue-related-events-section": "project = DUBU"
        }
        tell(site)
        assert receiver.received == []
        changed = admin.put(url, json={"enabled": True, "filters": {"issue-related-events-section": ""}, "secret": ""})
        assert (changed.json()["enabled"], changed.json()["isSigned"]) == (True, False)
        tell(site)
        assert [r.headers["X-Hub-Signature"] for r in receiver.received] == [None, None]
        assert admin.put(url, json={"excludeBody": True}).status_code == 200
        site.as_user("agent.anna").create("Sag")
        site.settled()
        assert receiver.received[-1].body == b""
        assert admin.delete(url).status_code == 204
        assert (admin.delete(url).status_code, admin.get(OLD).json()) == (404, [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"url": "dubu.example"},
        {"events": ["jira:issue_vanished"]},
        {"filters": {"issue-related-events-section": "project ="}},
    ],
)
def test_what_makes_no_webhook_is_refused(receiver: Receiver, wrong: Json) -> None:
    with Sandbox.start() as site, Rest(site, "admin") as admin:
        assert admin.post(OLD, json=given(receiver, **wrong)).status_code == 400
        assert admin.get(OLD).json() == []


def test_webhooks_are_for_admins(receiver: Receiver) -> None:
    with Sandbox.start() as site, Rest(site) as rest:
        assert rest.get(OLD).status_code == 403
        assert rest.post(OLD, json=given(receiver)).status_code == 403


def test_where_the_api_takes_no_secret_it_is_lost_without_a_word(receiver: Receiver) -> None:
    with (
        Sandbox.start(default_seed().switched(api_takes_secret=False, api_tells_signed=False)) as site,
        Rest(site, "admin") as admin,
    ):
        made = admin.post(OLD, json=given(receiver))
        assert (made.status_code, "isSigned" in made.json()) == (201, False)
        tell(site)
        assert receiver.received[0].headers["X-Hub-Signature"] is None


@pytest.mark.parametrize(("version", "there", "gone"), [("9.12.5", OLD, NEW), ("10.3.2", NEW, OLD)])
def test_data_center_has_the_address_of_its_version(version: str, there: str, gone: str) -> None:
    seed = default_seed("datacenter").switched(data_center_version=version)
    with Sandbox.start(seed) as site, Rest(site, "admin") as admin:
        assert admin.get(there).json() == []
        assert admin.get(gone).status_code == 404
        assert admin.get("serverInfo").json()["versionNumbers"][0] == int(version.split(".", maxsplit=1)[0])


def test_the_old_json_loses_its_query_at_the_new_address(receiver: Receiver) -> None:
    with Sandbox.start(deployment="datacenter") as site, Rest(site, "admin") as admin:
        made = admin.post(NEW, json=given(receiver)).json()
        assert made["configuration"]["FILTERS"] == ""
        tell(site)
        assert len(receiver.received) == 2


@pytest.mark.parametrize("filters", ["project = DUBU", '{"issue-related-events-section": "project = DUBU"}'])
def test_the_new_json_has_its_query_in_a_configuration(receiver: Receiver, filters: str) -> None:
    with Sandbox.start(deployment="datacenter") as site, Rest(site, "admin") as admin:
        new = {"name": "DUBU", "url": receiver.url, "events": ["jira:issue_created"], "active": True}
        new["configuration"] = {"FILTERS": filters, "EXCLUDE_BODY": "false", "secret": "hemmelig"}
        made = admin.post(NEW, json=new)
        assert "hemmelig" not in made.text
        tell(site)
        (received,) = receiver.received
        assert received.headers["X-Hub-Signature"] == sign("hemmelig", received.body)
        url = f"{NEW}/{made.json()['id']}"
        assert admin.put(url, json={"active": False}).json()["configuration"] == made.json()["configuration"]
        assert [hook["active"] for hook in admin.get(NEW).json()] == [False]
        assert admin.delete(url).status_code == 204
