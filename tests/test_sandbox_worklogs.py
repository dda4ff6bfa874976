"""Hours on the sandbox: logged, changed and deleted by agents, and told as Jira tells it (R19)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests

from tests.sandbox import JiraError, Sandbox, default_seed
from tests.sandbox.client import Rest
from tests.sandbox.receiver import Receiver
from tests.sandbox.worklogs import time_spent

STARTED = "2026-11-02T09:00:00.000+0100"


@pytest.fixture(params=["cloud", "datacenter"])
def site(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox.start(default_seed(request.param)) as running:
        yield running


@pytest.fixture
def key(site: Sandbox) -> str:
    return site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")


def changes(site: Sandbox, key: str) -> list[dict[str, tuple[str | None, str | None]]]:
    return [{i.field: (i.before, i.after) for i in entry.items} for entry in site.issue(key).history]


def test_worklogs_add_up(site: Sandbox, key: str) -> None:
    with Rest(site, "agent.anna") as rest:
        made = rest.post(f"issue/{key}/worklog", json={"timeSpent": "1h 30m", "started": STARTED, "comment": "test"})
        assert (made.status_code, made.json()["timeSpentSeconds"]) == (201, 5400)
        assert made.json()["started"] == STARTED
        assert made.json()["issueId"] == site.issue(key).id
        rest.post(f"issue/{key}/worklog", json={"timeSpentSeconds": 30})
        listed = rest.get(f"issue/{key}/worklog").json()
        fields = rest.get(f"issue/{key}?fields=timespent,worklog").json()["fields"]
        assert rest.get(f"issue/{key}/worklog/{made.json()['id']}").json() == made.json() == listed["worklogs"][0]
    assert fields["timespent"] == 5430
    assert fields["worklog"] == {**listed, "maxResults": 20}
    assert [w["timeSpent"] for w in listed["worklogs"]] == ["1h 30m", "1m"]
    assert [change["timespent"] for change in changes(site, key)] == [(None, "5400"), ("5400", "5430")]
    assert [change["timeestimate"] for change in changes(site, key)] == [(None, "0"), ("0", "0")]
    first = (None, made.json()["id"]) if site.world.cloud else (made.json()["id"], None)
    assert changes(site, key)[0]["WorklogId"] == first


def test_a_page_holds_what_was_asked_for_and_says_how_many_there_are(site: Sandbox, key: str) -> None:
    anna = site.as_user("agent.anna")
    ids = [anna.log_work(key, 1, datetime(2026, 11, day, tzinfo=UTC)) for day in range(1, 26)]
    with Rest(site) as rest:
        page = rest.get(f"issue/{key}/worklog?startAt=20&maxResults=3").json()
        inside = rest.get(f"issue/{key}?fields=worklog").json()["fields"]["worklog"]
        since = int(datetime(2026, 11, 24, tzinfo=UTC).timestamp() * 1000)
        late = rest.get(f"issue/{key}/worklog?startedAfter={since}").json()
        early = rest.get(f"issue/{key}/worklog?startedBefore={since}").json()
    if site.world.cloud:
        assert (page["startAt"], page["maxResults"], page["total"]) == (20, 3, 25)
        assert [w["id"] for w in page["worklogs"]] == ids[20:23]
    else:
        assert (page["startAt"], page["maxResults"], page["total"]) == (0, 25, 25)
    assert (len(inside["worklogs"]), inside["maxResults"], inside["total"]) == (20, 20, 25)
    assert ([w["id"] for w in late["worklogs"]], early["total"]) == (ids[23:], 23)


def test_changing_a_worklog_keeps_its_author_and_says_who_changed_it(site: Sandbox, key: str) -> None:
    made = site.as_user("agent.anna").log_work(key, 2, text="før")
    with Rest(site, "admin") as rest:
        later = {"timeSpentSeconds": 3600, "started": STARTED, "comment": "efter"}
        changed = rest.put(f"issue/{key}/worklog/{made}", json=later).json()
        assert rest.put(f"issue/{key}/worklog/{made}", json={"comment": "rettet"}).json()["timeSpentSeconds"] == 3600
        assert rest.put(f"issue/{key}/worklog/7", json=later).status_code == 404
    assert (changed["author"]["displayName"], changed["updateAuthor"]["displayName"]) == ("Anna Agent", "Ada Admin")
    assert (changed["timeSpent"], changed["comment"], changed["started"]) == ("1h", "efter", STARTED)
    assert [change["timespent"] for change in changes(site, key)] == [
        (None, "7200"),
        ("7200", "3600"),
        ("3600", "3600"),
    ]


def test_a_deleted_worklog_takes_its_time_with_it(site: Sandbox, key: str) -> None:
    made = site.as_user("agent.anna").log_work(key, 1.5)
    with Rest(site, "agent.anna") as rest:
        assert rest.delete(f"issue/{key}/worklog/{made}").status_code == 204
        assert rest.get(f"issue/{key}/worklog/{made}").status_code == 404
        assert rest.get(f"issue/{key}?fields=timespent").json()["fields"]["timespent"] is None
    gone = changes(site, key)[-1]
    assert gone == {"WorklogId": (made, None), "WorklogTimeSpent": (None, None), "timespent": ("5400", "0")}
    (said,) = [i.before_text for i in site.issue(key).history[-1].items if i.field == "WorklogTimeSpent"]
    assert said == "1h 30m"


def test_every_change_of_hours_changes_the_tickets_time_by_the_sites_clock(site: Sandbox, key: str) -> None:
    anna, now = site.as_user("agent.anna"), datetime(2026, 12, 1, 9, tzinfo=UTC)
    site.clock.set(now)
    made = anna.log_work(key, 1)
    (log,) = site.issue(key).worklogs
    assert log.started == log.created == log.updated == site.issue(key).updated == now
    site.clock.advance(timedelta(hours=1))
    anna.edit_worklog(key, made, Decimal("0.25"))
    assert (log.seconds, log.created, log.updated) == (900, now, site.clock.now())
    assert site.issue(key).updated == site.clock.now()
    site.clock.advance(timedelta(hours=1))
    anna.delete_worklog(key, made)
    assert site.issue(key).updated == site.clock.now()


def test_hours_are_for_agents_and_only_admins_touch_others(site: Sandbox, key: str) -> None:
    made = site.as_user("agent.anna").log_work(key, 1)
    for handle in ("kunde.aarhus", "agent.bo"):
        actor = site.as_user(handle)
        if handle == "kunde.aarhus":
            with pytest.raises(JiraError, match="permission"):
                actor.log_work(key, 1)
        with pytest.raises(JiraError, match="permission"):
            actor.edit_worklog(key, made, 2)
        with pytest.raises(JiraError, match="permission"):
            actor.delete_worklog(key, made)
    with Rest(site, "kunde.aarhus") as rest:
        assert rest.get(f"issue/{key}/worklog").status_code == 404
        assert rest.post(f"issue/{key}/worklog", json={"timeSpentSeconds": 60}).status_code == 404
    site.as_user("admin").edit_worklog(key, made, 2)
    site.as_user("admin").delete_worklog(key, made)


@pytest.mark.parametrize(
    "body",
    [
        {"timeSpent": "ingen"},
        {"timeSpentSeconds": 0},
        {"timeSpentSeconds": -60},
        {"comment": "uden tid"},
        {"timeSpent": "1h", "timeSpentSeconds": 3600},
        {"timeSpentSeconds": 60, "comment": "x" * 32768},
        {"timeSpentSeconds": 60, "started": "2026-11-02"},
    ],
)
def test_worklogs_that_jira_refuses(site: Sandbox, key: str, body: dict[str, Any]) -> None:
    with Rest(site) as rest:
        assert rest.post(f"issue/{key}/worklog", json=body).status_code == 400
    site.forgive()
    assert site.issue(key).worklogs == []


def test_worklog_events_carry_no_more_of_the_ticket_than_its_id(site: Sandbox, key: str) -> None:
    with Receiver.start() as receiver:
        site.tell(receiver.url)
        anna = site.as_user("agent.anna")
        made = anna.log_work(key, 1)
        anna.edit_worklog(key, made, 2)
        anna.delete_worklog(key, made)
        site.settled()
    bodies = [json.loads(received.body) for received in receiver.received]
    told = {body["webhookEvent"]: body for body in bodies if body["webhookEvent"].startswith("worklog_")}
    assert set(told) == {"worklog_created", "worklog_updated", "worklog_deleted"}
    for body in told.values():
        assert set(body) == {"timestamp", "webhookEvent", "worklog"}
        assert (body["worklog"]["id"], body["worklog"]["issueId"]) == (made, site.issue(key).id)
        assert key not in json.dumps(body)
    updated = [body for body in bodies if body["webhookEvent"] == "jira:issue_updated"]
    kinds = {"issue_work_logged", "issue_worklog_updated", "issue_worklog_deleted"}
    assert {body["issue_event_type_name"] for body in updated} == kinds
    assert all("timespent" in {i["field"] for i in body["changelog"]["items"]} for body in updated)


def test_hours_are_seen_and_logged_on_the_tickets_page(site: Sandbox, key: str) -> None:
    with requests.Session() as browser:
        browser.trust_env = False
        url = f"{site.url}/browse/{key}"
        page = browser.post(
            f"{url}/hours", data={"hours": "1,5", "day": "2026-11-02", "comment": "<b>møde</b>"}, timeout=10
        )
        assert "1h 30m" in page.text
        assert "&lt;b&gt;møde" in page.text
        assert "1,50 timer" in page.text
        assert "Skriv timer" in browser.post(f"{url}/hours", data={"hours": "mange"}, timeout=10).text
        browser.post(f"{site.url}/who", data={"who": "kunde.aarhus"}, timeout=10)
        assert "1h 30m" not in browser.get(url, timeout=10).text
        browser.post(f"{url}/hours", data={"hours": "1"}, timeout=10)
    (made,) = site.issue(key).worklogs
    assert (made.seconds, made.started.astimezone(UTC).day) == (5400, 2)


@pytest.mark.parametrize(
    ("seconds", "text"), [(1, "1m"), (60, "1m"), (5400, "1h 30m"), (8 * 3600, "1d"), (41 * 3600, "1w 1h")]
)
def test_times_are_written_as_jira_does(seconds: int, text: str) -> None:
    assert time_spent(seconds) == text
