"""How long Jira is waited for, in both forms that it asks for patience, and what is never repeated."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import requests
import responses
from hypothesis import given
from hypothesis import strategies as st

from adapter.catalogue.words import IssueId
from adapter.errors import ConfigurationError, OutOfReach, Refused
from adapter.gateway.guard import Origin
from adapter.gateway.retry import Patience, Transient, seconds_asked
from adapter.gateway.session import JiraSession, log_in
from tests.gateway.loopback import Answer
from tests.gateway.site import API, Site

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ISSUE = IssueId("5001")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        (format_datetime(NOW + timedelta(seconds=42), usegmt=True), 42.0),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), 0.0),
        ("Mon, 23 Nov 2026 10:00:30 -0000", 30.0),
        ("99999999999999999999", 86_400.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
        (None, None),
        ("Mon, 99 Nov 2026 10:00:30 GMT", None),
    ],
)
def test_retry_after_is_understood_in_seconds_and_as_a_date(header: str | None, seconds: float | None) -> None:
    assert seconds_asked(header, NOW) == seconds


@given(st.text(max_size=120))
def test_no_retry_after_header_breaks_anything(header: str) -> None:
    asked = seconds_asked(header, NOW)
    assert asked is None or 0 <= asked <= 86_400


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_read_is_repeated_until_it_is_answered(site: Site, status: int) -> None:
    gateway = site.connect()
    site.server.first("GET", f"{API}/issue/5001", [Answer({}, status), Answer(b"null", status)])
    site.waits.clear()
    assert gateway.read(ISSUE).key == "DUBU-1"
    assert len(site.server.asked) == 3
    assert len(site.waits) == 2
    assert 0 < site.waits[0] < site.waits[1]


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_honoured(site: Site, as_date: bool) -> None:
    gateway = site.connect(patience=site.patience(now=lambda: NOW))
    header = format_datetime(NOW + timedelta(seconds=12), usegmt=True) if as_date else "12"
    site.server.first("GET", f"{API}/issue/5001", [Answer({}, 429, {"Retry-After": header})])
    site.waits.clear()
    gateway.read(ISSUE)
    assert site.waits == [12.0]


def test_a_longer_wait_than_the_budget_is_left_to_the_queue(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", f"{API}/issue/5001", Answer({}, 429, {"Retry-After": "300"}))
    site.waits.clear()
    with pytest.raises(OutOfReach) as caught:
        gateway.read(ISSUE)
    assert caught.value.retry_after == 300
    assert site.waits == []
    assert len(site.server.asked) == 1


def test_a_site_that_stays_broken_is_given_up_within_the_budget(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", f"{API}/issue/5001", Answer({}, 503))
    site.waits.clear()
    with pytest.raises(OutOfReach, match="Jira answers 503") as caught:
        gateway.read(ISSUE)
    assert caught.value.retry_after is None
    assert 3 <= len(site.waits) <= 8
    assert sum(site.waits) <= 30


def test_a_zero_retry_after_does_not_make_a_tight_loop(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", f"{API}/issue/5001", Answer({}, 429, {"Retry-After": "0"}))
    site.waits.clear()
    with pytest.raises(OutOfReach):
        gateway.read(ISSUE)
    assert min(site.waits) > 0
    assert len(site.server.asked) <= 8


def test_a_dropped_connection_is_repeated_for_a_read(site: Site) -> None:
    gateway = site.connect()
    cut = Answer(site.issue, cut_after=40)
    site.server.first("GET", f"{API}/issue/5001", [Answer(dropped=True), cut])
    assert gateway.read(ISSUE).key == "DUBU-1"
    assert len(site.server.asked) == 3


def test_a_dead_host_is_out_of_reach_and_does_not_hang(site: Site) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.monotonic()
    with pytest.raises(OutOfReach, match="no connection"):
        site.connect(settings=site.settings(url=f"http://127.0.0.1:{port}"))
    assert time.monotonic() - began < 20


def test_silence_is_a_timeout(site: Site) -> None:
    gateway = site.connect()
    gateway._wire.session.timeout = (5.0, 0.05)
    release = threading.Event()

    def silent(_: object) -> Answer:
        release.wait(20)
        return Answer({})

    site.server.on("GET", f"{API}/issue/5001", silent)
    with pytest.raises(OutOfReach, match="no answer in time"):
        gateway.read(ISSUE)
    release.set()


def test_a_refusal_is_not_repeated(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", f"{API}/issue/5001", Answer({}, 400))
    with pytest.raises(Refused):
        gateway.read(ISSUE)
    assert len(site.server.asked) == 1


def test_every_request_is_told_to_the_metrics(site: Site) -> None:
    gateway = site.connect()
    site.requests.clear()
    site.server.first("GET", f"{API}/issue/5001", [Answer(dropped=True), Answer({}, 503)])
    gateway.read(ISSUE)
    assert site.requests == [("GET", 0), ("GET", 503), ("GET", 200)]


# the session by itself, as python-jira's own methods use it -----------------------------------------------------------


def _session(**changes: object) -> JiraSession:
    patience = replace(Patience(sleep=lambda _: None, clock=lambda: 0.0), **changes)  # type: ignore[arg-type]  # fields
    return JiraSession(Origin("https", "jira.example.dk", 443), patience)


@responses.activate
def test_python_jiras_own_methods_are_retried_by_us() -> None:
    url = "https://jira.example.dk/rest/api/2/myself"
    responses.get(url, status=503)
    responses.get(url, json={"accountId": "a"})
    jira = log_in("https://jira.example.dk", _session(), "me@firma.dk", "t", cloud=True)
    assert jira.myself() == {"accountId": "a"}
    assert jira._is_cloud
    assert responses.calls[0].request.headers["Authorization"].startswith("Basic ")


@responses.activate
def test_a_post_is_never_repeated_when_nothing_can_check_it() -> None:
    url = "https://jira.example.dk/rest/api/2/issue/DUBU-1/comment"
    responses.post(url, body=requests.ConnectionError("dropped"))
    jira = log_in("https://jira.example.dk", _session(), None, "t", cloud=False)
    with pytest.raises(OutOfReach, match=r"POST /rest/api/2/issue/\{id\}/comment: .* may have been done"):
        jira.add_comment("DUBU-1", "hemmelig")
    assert len(responses.calls) == 1


@responses.activate
@pytest.mark.parametrize(
    ("error", "message"),
    [
        (requests.exceptions.SSLError("bad"), "certificate"),
        (requests.exceptions.InvalidURL("bad"), "could not be made"),
        (requests.exceptions.ContentDecodingError("bad"), "cut off"),
        (requests.exceptions.ConnectTimeout("bad"), "no connection in time"),
        (ValueError("bad"), "could not be made"),
    ],
)
def test_whatever_goes_wrong_below_is_one_of_our_errors(error: Exception, message: str) -> None:
    responses.get("https://jira.example.dk/rest/api/2/myself", body=error)
    jira = log_in("https://jira.example.dk", _session(), None, "t", cloud=False)
    with pytest.raises(OutOfReach, match=message) as caught:
        jira.myself()
    assert "bad" not in str(caught.value)


@responses.activate
def test_a_redirect_to_nonsense_is_no_answer() -> None:
    responses.get("https://jira.example.dk/rest/api/2/myself", status=302, headers={"Location": "http://[bad"})
    with pytest.raises(OutOfReach):
        log_in("https://jira.example.dk", _session(), None, "t", cloud=False).myself()


def test_the_certificates_to_trust_can_be_given(site: Site, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    with pytest.raises(ConfigurationError, match=r"ca\.pem is not there"):
        site.connect(ca_bundle=str(bundle))
    bundle.touch()
    assert site.connect(ca_bundle=str(bundle))._wire.session.verify == str(bundle)


def test_patience_ends_with_the_attempts_even_if_the_clock_stands_still() -> None:
    tried: list[int] = []

    def attempt(number: int) -> None:
        tried.append(number)
        raise Transient("no", may_have_arrived=False)

    with pytest.raises(OutOfReach, match="GET /x: no"):
        Patience(sleep=lambda _: None, clock=lambda: 0.0).persist(attempt, "GET /x")
    assert tried == list(range(1, 9))


def test_each_call_has_a_budget_of_its_own(site: Site) -> None:
    gateway = site.connect()
    for _ in range(5):
        site.server.first("GET", f"{API}/issue/5001", [Answer({}, 503, {"Retry-After": "20"})])
        assert gateway.read(ISSUE).id == ISSUE


def test_the_service_desks_people_stay_known_while_a_group_cannot_be_read(site: Site) -> None:
    group = {"type": "atlassian-group-role-actor", "name": "support", "actorGroup": {"name": "support"}}
    site.server.on("GET", f"{API}/project/[A-Z]+/role/10360", Answer({"actors": [group]}))
    site.server.on("GET", f"{API}/group/member", Answer({"values": [site.customer], "isLast": True}))
    gateway = site.connect()
    site.server.on("GET", f"{API}/group/member", Answer({}, 502))
    site.waits.append(601.0)
    reporter = gateway.read(ISSUE).reporter
    assert reporter is not None
    assert reporter.is_agent
