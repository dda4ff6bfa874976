"""The sandbox tells of events as Jira does: signed, with one identifier a delivery, retried, and sometimes not."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox import Sandbox, default_seed
from tests.sandbox.receiver import Receiver
from tests.sandbox.webhooks import sign

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "jira" / "webhooks" / "mattermost-plugin-jira"
SECRET = "hemmelig"
SOON = (0.01, 0.01, 0.01)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver.start() as running:
        yield running


@pytest.fixture
def site(receiver: Receiver) -> Iterator[Sandbox]:
    with Sandbox.start(webhook=receiver.url, secret=SECRET, retry_delays=SOON) as running:
        yield running


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(received.body) for received in receiver.received]


def named(receiver: Receiver, event: str) -> dict[str, Any]:
    return next(body for body in bodies(receiver) if body["webhookEvent"] == event)


def test_the_signature_is_atlassians_own_example() -> None:
    expected = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    assert sign("It's a Secret to Everybody", b"Hello World!") == expected


def test_a_delivery_is_signed_over_its_raw_bytes(site: Sandbox, receiver: Receiver) -> None:
    site.as_user("kunde.aarhus").create("Øvelse med æøå")
    site.settled()
    (received,) = receiver.received
    digest = hmac.new(SECRET.encode(), received.body, hashlib.sha256).hexdigest()
    assert received.headers["X-Hub-Signature"] == f"sha256={digest}"
    assert received.headers["X-Atlassian-Webhook-Identifier"]
    assert received.headers["X-Atlassian-Webhook-Flow"] == "Primary"
    assert received.headers["X-Atlassian-Webhook-Retry"] is None
    assert "æøå".encode() in received.body


def test_no_secret_no_signature(receiver: Receiver) -> None:
    with Sandbox.start(webhook=receiver.url) as site:
        site.as_user("agent.anna").create("Sag")
        site.settled()
    assert receiver.received[0].headers["X-Hub-Signature"] is None


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503])
def test_a_delivery_that_could_not_be_taken_comes_again_under_the_same_identifier(
    site: Sandbox, receiver: Receiver, status: int
) -> None:
    receiver.answers = [status, status]
    site.as_user("agent.anna").create("Sag")
    site.settled()
    assert len({r.headers["X-Atlassian-Webhook-Identifier"] for r in receiver.received}) == 1
    assert [r.headers["X-Atlassian-Webhook-Retry"] for r in receiver.received] == [None, "1", "2"]
    assert len({r.body for r in receiver.received}) == 1
    (delivery,) = site.webhooks.deliveries
    assert (delivery.answers, delivery.arrived) == ([status, status, 202], True)


@pytest.mark.parametrize("status", [301, 400, 401, 404, 413])
def test_other_refusals_are_final(site: Sandbox, receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    site.as_user("agent.anna").create("Sag")
    site.settled()
    assert len(receiver.received) == 1
    assert site.webhooks.deliveries[0].outcome == "given up"


def test_a_receiver_that_is_away_is_tried_a_few_times(receiver: Receiver) -> None:
    with Sandbox.start(webhook="http://127.0.0.1:9/webhooks/dubu", retry_delays=(0.01, 0.01)) as site:
        site.as_user("agent.anna").create("Sag")
        site.settled()
        assert site.webhooks.deliveries[0].answers == [0, 0, 0]
        assert site.webhooks.deliveries[0].outcome == "given up"


def test_data_center_does_not_try_again(receiver: Receiver) -> None:
    receiver.answers = [503]
    with Sandbox.start(default_seed("datacenter"), webhook=receiver.url) as site:
        site.as_user("agent.anna").create("Sag")
        site.settled()
    assert len(receiver.received) == 1


def test_deliveries_are_lost_on_demand(site: Sandbox, receiver: Receiver) -> None:
    anna = site.as_user("agent.anna")
    site.webhooks.drop(2)
    keys = [anna.create(f"Sag {n}") for n in range(3)]
    site.settled()
    assert [body["issue"]["key"] for body in bodies(receiver)] == keys[2:]
    site.webhooks.drop_all()
    anna.create("Sag")
    site.webhooks.drop_all(False)
    last = anna.create("Sag")
    site.settled()
    assert [body["issue"]["key"] for body in bodies(receiver)] == [keys[2], last]


def test_deliveries_come_twice_on_demand(site: Sandbox, receiver: Receiver) -> None:
    site.webhooks.twice(1)
    site.as_user("agent.anna").create("Sag")
    site.settled()
    first, second = receiver.received
    assert first.headers["X-Atlassian-Webhook-Identifier"] == second.headers["X-Atlassian-Webhook-Identifier"]
    assert second.headers["X-Atlassian-Webhook-Retry"] is None


def test_deliveries_are_held_back_and_released_in_any_order(site: Sandbox, receiver: Receiver) -> None:
    site.webhooks.hold()
    for number in range(3):
        site.as_user("agent.anna").create(f"Sag {number}")
    site.settled()
    assert receiver.received == []
    site.webhooks.release([1])
    site.settled()
    assert [body["issue"]["fields"]["summary"] for body in bodies(receiver)] == ["Sag 1"]
    site.webhooks.hold()
    site.as_user("agent.anna").create("Sag 3")
    site.webhooks.release()
    site.settled()
    assert bodies(receiver)[-1]["issue"]["fields"]["summary"] == "Sag 3"


def test_waiting_for_a_delivery_that_takes_too_long_says_so(site: Sandbox) -> None:
    site.webhooks.delay = 30
    site.as_user("agent.anna").create("Sag")
    with pytest.raises(TimeoutError, match="1 webhook deliveries"):
        site.settled(timeout=0.05)


def test_a_hook_hears_only_what_it_asked_for(receiver: Receiver) -> None:
    with Sandbox.start() as site:
        site.tell(receiver.url, None, "jira:issue_deleted", project="ANDET")
        site.as_user("agent.anna").create("Sag")
        key = site.as_user("fremmed").create("Sag", project="ANDET")
        site.as_user("admin").delete(key)
        site.settled()
    (body,) = bodies(receiver)
    assert (body["webhookEvent"], body["issue"]["key"]) == ("jira:issue_deleted", "ANDET-1")
    assert "issue_event_type_name" not in body


def everything(site: Sandbox) -> str:
    anna = site.as_user("agent.anna")
    key = anna.create("Sag", "tekst")
    comment = anna.comment(key, "hej", internal=True)
    anna.edit_comment(key, comment, "hej igen")
    site.as_user("admin").delete_comment(key, comment)
    anna.edit(key, {"Kategori": "Robotter"})
    anna.move(key, "I gang")
    anna.attach(key, "a.eml", b"x")
    anna.log_work(key, 60)
    site.settled()
    return key


def test_cloud_events_have_the_shapes_that_were_recorded(site: Sandbox, receiver: Receiver) -> None:
    key = everything(site)
    issue = site.issue(key)
    assert "issue" not in named(receiver, "attachment_created")
    assert named(receiver, "worklog_created")["worklog"]["issueId"] == issue.id
    assert "issue" not in named(receiver, "worklog_created")
    comment = named(receiver, "comment_created")
    assert "user" not in comment
    assert (comment["issue"]["id"], comment["comment"]["jsdPublic"]) == (issue.id, False)
    moved = [b for b in bodies(receiver) if b.get("issue_event_type_name") == "issue_generic"]
    assert [item["field"] for item in moved[0]["changelog"]["items"]] == ["status"]
    assert moved[0]["user"]["displayName"] == "Anna Agent"


@pytest.mark.skipif(not RECORDED.is_dir(), reason="../shared/jira/webhooks is not there")
@pytest.mark.parametrize(
    ("event", "file"),
    [
        ("comment_created", "webhook-cloud-comment-created.json"),
        ("comment_updated", "webhook-cloud-comment-updated.json"),
        ("comment_deleted", "webhook-cloud-comment-deleted.json"),
        ("jira:issue_created", "webhook-cloud-issue-created-many-fields.json"),
        ("jira:issue_updated", "webhook-cloud-issue-updated-custom-field.json"),
    ],
)
def test_cloud_events_have_the_parts_of_recorded_ones(site: Sandbox, receiver: Receiver, event: str, file: str) -> None:
    recorded = json.loads((RECORDED / file).read_text(encoding="utf-8"))
    everything(site)
    ours = named(receiver, event)
    assert set(ours) >= set(recorded) - {"issue_event_type_name"}
    assert set(ours["issue"]) == set(recorded["issue"])
    if event.startswith("comment_"):
        assert set(ours["issue"]["fields"]) == set(recorded["issue"]["fields"])
    if "changelog" in recorded:
        wanted = {"field", "fieldtype", "fieldId", "from", "fromString", "to", "toString"}
        assert all(set(item) == wanted for item in ours["changelog"]["items"])


def test_data_center_events_have_their_own_shapes(receiver: Receiver) -> None:
    with Sandbox.start(default_seed("datacenter"), webhook=receiver.url, secret=SECRET) as site:
        key = everything(site)
        issue = site.issue(key)
    comment = named(receiver, "comment_created")
    assert "issue" not in comment
    assert f"/issue/{issue.id}/comment/" in comment["comment"]["self"]
    kinds = [body.get("issue_event_type_name") for body in bodies(receiver)]
    assert {"issue_commented", "issue_comment_edited", "issue_comment_deleted", "issue_work_started"} <= set(kinds)
    updated = next(b for b in bodies(receiver) if b.get("issue_event_type_name") == "issue_updated")
    assert all("fieldId" not in item for item in updated["changelog"]["items"])
    assert set(updated["user"]) >= {"name", "key"}
    assert "accountId" not in updated["user"]
