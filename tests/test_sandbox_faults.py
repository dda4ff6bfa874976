"""The sandbox fails as Jira and the network between fail, when a test asks it to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
import requests

from tests.sandbox import Fault, Sandbox, Trouble
from tests.sandbox.client import Rest


@pytest.fixture
def site() -> Iterator[Sandbox]:
    with Sandbox.start() as running:
        yield running


@pytest.fixture
def rest(site: Sandbox) -> Iterator[Rest]:
    with Rest(site) as client:
        yield client


@pytest.fixture
def key(site: Sandbox) -> str:
    return site.as_user("agent.anna").create("Sag")


def test_a_line_cut_after_the_write_leaves_the_write_done(site: Sandbox, rest: Rest, key: str) -> None:
    site.faults.add(Fault(Trouble.CUT_AFTER, "POST", "/comment$", times=1))
    with pytest.raises(requests.ConnectionError):
        rest.post(f"issue/{key}/comment", json={"body": "nåede frem"})
    assert [c.body for c in site.comments(key)] == ["nåede frem"]
    assert rest.post(f"issue/{key}/comment", json={"body": "igen"}).status_code == 201
    assert [asked.status for asked in site.requests.by("adapter")] == [0, 201]


def test_a_line_cut_before_the_write_leaves_nothing_done(site: Sandbox, rest: Rest, key: str) -> None:
    site.faults.add(Fault(Trouble.CUT_BEFORE, "POST", "/comment$", times=2))
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            rest.post(f"issue/{key}/comment", json={"body": "forgæves"})
    assert site.comments(key) == []
    assert rest.get(f"issue/{key}").status_code == 200


def test_a_line_is_cut_on_a_connection_that_was_used_before(site: Sandbox, rest: Rest, key: str) -> None:
    assert rest.get(f"issue/{key}").status_code == 200
    site.faults.add(Fault(Trouble.CUT_AFTER, "PUT", times=1))
    with pytest.raises(requests.ConnectionError):
        rest.put(f"issue/{key}", json={"fields": {"summary": "ændret"}})
    assert site.issue(key).summary == "ændret"
    assert rest.get(f"issue/{key}").json()["fields"]["summary"] == "ændret"


def test_patience_is_asked_for_in_seconds_or_as_a_date(site: Sandbox, rest: Rest, key: str) -> None:
    site.faults.add(Fault(Trouble.BUSY, times=1, retry_after=7))
    site.faults.add(Fault(Trouble.BUSY, times=1, retry_after=60, as_date=True))
    site.faults.add(Fault(Trouble.BUSY, times=1, retry_after=None))
    seconds, date, silent, fine = (rest.get(f"issue/{key}") for _ in range(4))
    assert [a.status_code for a in (seconds, date, silent, fine)] == [429, 429, 429, 200]
    assert seconds.headers["Retry-After"] == "7"
    assert seconds.headers["RateLimit-Reason"] == "jira-burst-based"
    until = parsedate_to_datetime(date.headers["Retry-After"])
    assert 0 < (until - datetime.now(UTC)).total_seconds() <= 61
    assert "Retry-After" not in silent.headers


def test_server_errors_come_instead_of_the_answer_or_after_the_write(site: Sandbox, rest: Rest, key: str) -> None:
    site.faults.add(Fault(Trouble.BROKEN, "POST", times=1, status=502, retry_after=None))
    site.faults.add(Fault(Trouble.BROKEN_AFTER, "POST", times=1, status=504))
    url = f"issue/{key}/comment"
    assert rest.post(url, json={"body": "et"}).status_code == 502
    assert site.comments(key) == []
    assert rest.post(url, json={"body": "to"}).status_code == 504
    assert [c.body for c in site.comments(key)] == ["to"]


def test_an_issue_can_be_missing_for_a_moment(site: Sandbox, rest: Rest, key: str) -> None:
    site.faults.add(Fault(Trouble.MISSING, "GET", f"/issue/{key}", times=1))
    assert [rest.get(f"issue/{key}").status_code for _ in range(2)] == [404, 200]


def test_a_slow_site_answers_late_but_right(site: Sandbox, rest: Rest, key: str) -> None:
    site.faults.add(Fault(Trouble.SLOW, seconds=0.2, times=1))
    began = time.monotonic()
    assert rest.get(f"issue/{key}").status_code == 200
    assert time.monotonic() - began >= 0.2
    site.faults.clear()
    site.faults.add(Fault(Trouble.SLOW, seconds=5, times=1))
    with pytest.raises(requests.Timeout):
        rest.get(f"issue/{key}", timeout=0.1)


def test_a_fault_meets_only_what_it_names(site: Sandbox, rest: Rest, key: str) -> None:
    fault = site.faults.add(Fault(Trouble.BROKEN, "GET|PUT", r"/issue/"))
    assert rest.get("myself").status_code == 200
    assert rest.post(f"issue/{key}/comment", json={"body": "x"}).status_code == 201
    assert rest.get(f"issue/{key}").status_code == 503
    assert fault.met == 1
    assert rest.get("/").status_code == 200  # pages have no faults
    site.faults.clear()
    assert rest.get(f"issue/{key}").status_code == 200


def test_a_fault_for_a_while_ends_by_itself(site: Sandbox, rest: Rest, key: str) -> None:
    site.faults.add(Fault(Trouble.BROKEN, for_seconds=0.3))
    assert rest.get(f"issue/{key}").status_code == 503
    deadline = time.monotonic() + 10
    while rest.get(f"issue/{key}").status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_faults_and_webhooks_are_steered_over_http(site: Sandbox, rest: Rest, key: str) -> None:
    given = {"trouble": "busy", "path": "/issue/", "times": 1, "retry_after": 3}
    assert rest.post("/sandbox/faults", json=given).status_code == 201
    assert rest.get(f"issue/{key}").headers["Retry-After"] == "3"
    assert rest.get("/sandbox/faults").json()[0]["met"] == 1
    assert rest.delete("/sandbox/faults").status_code == 204
    assert rest.get("/sandbox/faults").json() == []
    assert rest.post("/sandbox/faults", json={"trouble": "jordskælv"}).status_code == 400
    steer = {"drop": 1, "drop_all": False, "delay": 0, "twice": 1, "hold": True, "release": None}
    assert rest.post("/sandbox/webhooks", json=steer).status_code == 200
    assert rest.post("/sandbox/webhooks", json={"eksplodér": 1}).status_code == 400
    assert rest.post("/sandbox/hooks", json={"url": "http://127.0.0.1:9/"}).status_code == 201
    site.as_user("agent.anna").comment(key, "tabt")
    assert rest.get("/sandbox/settled").json() == {"settled": True}
    assert [d["outcome"] for d in rest.get("/sandbox/deliveries").json()] == ["dropped"]
    rest.post("/sandbox/webhooks", json={"delay": 30})
    site.as_user("agent.anna").comment(key, "forsinket")
    assert rest.get("/sandbox/settled?timeout=0.05").status_code == 503


def test_requests_are_counted_by_actor_without_their_bodies(site: Sandbox, rest: Rest, key: str) -> None:
    rest.get(f"issue/{key}")
    rest.post("search/jql", json={"jql": "project = DUBU"})
    rest.put(f"issue/{key}", json={"fields": {"summary": "hemmelig tekst"}})
    with Rest(site, "agent.anna") as anna:
        anna.get("myself")
    assert len(site.requests.reads("adapter")) == 2
    assert [(w.method, w.path, w.status) for w in site.requests.writes("adapter")] == [
        ("PUT", f"/rest/api/2/issue/{key}", 204)
    ]
    listed = rest.get("/sandbox/requests")
    assert len(listed.json()) == len(site.requests) == 4
    assert "hemmelig" not in listed.text
    rest.delete("/sandbox/requests")
    assert len(site.requests) == 0


def test_the_clock_is_set_over_http(site: Sandbox, rest: Rest) -> None:
    set_ = rest.post("/sandbox/clock", json={"set": "2026-11-02T09:00:00+01:00", "advance": 3600})
    assert set_.json() == {"now": "2026-11-02T09:00:00+00:00"}
    assert rest.post("/sandbox/clock", json={"run": True}).json()["now"].startswith("2026-11-02T09:00")
    people = rest.get("/sandbox/people").json()
    assert {"agent.anna", "adapter", "kombit.karen"} <= {person["handle"] for person in people}
