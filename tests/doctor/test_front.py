"""Address, deployment, login and clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapter.doctor.diagnose import bars_all
from adapter.doctor.finding import Code, Level
from adapter.doctor.front import front_findings
from adapter.doctor.seen import ELSEWHERE, Account
from tests.doctor.made import CATALOGUE, NOW, URL, codes, front, only, seen, server

SCOPED = "https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555"


def test_an_address_that_redirects_is_named_with_the_next_step() -> None:
    looked_at = seen(front=front(server=None, account=None, refused=ELSEWHERE), found=None)
    finding = only(looked_at)
    assert (finding.code, finding.level) == (Code.ADDRESS, Level.ERROR)
    assert "viderestiller" in finding.what
    assert bars_all(CATALOGUE, looked_at.front)


def test_an_address_without_a_jira_says_what_it_answers() -> None:
    finding = only(seen(front=front(server=None, account=None, refused=404), found=None))
    assert "404" in finding.what
    assert "jira.yaml:" in finding.place


def test_a_wrong_cloud_id_is_told_where_to_find_the_right_one() -> None:
    finding = only(seen(front=front(url=SCOPED, server=None, account=None, refused=404), found=None))
    assert "_edge/tenant_info" in finding.next_step


@pytest.mark.parametrize("deployment", ["Server", "Data Center"])
def test_another_deployment_than_the_mappings_is_the_one_thing_said(deployment: str) -> None:
    looked_at = seen(front=front(server=server(deployment=deployment), account=None), found=None)
    finding = only(looked_at)
    assert finding.code is Code.DEPLOYMENT
    assert "udgave: datacenter" in finding.next_step
    assert bars_all(CATALOGUE, looked_at.front)


def test_a_refused_login_on_cloud_names_both_variables_and_where_scoped_tokens_count() -> None:
    finding = only(seen(front=front(account=None, refused=401), found=None))
    assert finding.code is Code.LOGIN
    assert "DUBU_DUBU_JIRA_USER" in finding.next_step
    assert "DUBU_DUBU_JIRA_TOKEN" in finding.next_step
    assert "api.atlassian.com/ex/jira/" in finding.next_step


def test_a_refused_scoped_token_is_told_its_scopes() -> None:
    finding = only(seen(front=front(url=SCOPED, account=None, refused=401), found=None))
    assert "write:jira-work" in finding.next_step


def test_a_refused_login_on_data_center_names_the_token_alone() -> None:
    there = replace(CATALOGUE, jira=CATALOGUE.jira.model_copy(update={"deployment": "datacenter"}))
    (finding,) = front_findings(there, front(server=server(deployment="Server"), account=None, refused=401))
    assert finding.code is Code.LOGIN
    assert "PAT" in finding.next_step
    assert "USER" not in finding.next_step


@pytest.mark.parametrize(
    ("ahead", "level"),
    [(59, None), (61, Level.WARNING), (-61, Level.WARNING), (600, Level.ERROR), (-3600, Level.ERROR)],
)
def test_a_clock_counts_as_wrong_beyond_a_minute_and_as_an_error_beyond_what_sweeps_look_back(
    ahead: int, level: Level | None
) -> None:
    looked_at = seen(front=front(server=server(now=NOW + timedelta(seconds=ahead))))
    assert codes(looked_at) == ([] if level is None else [Code.CLOCK])
    if level is not None:
        finding = only(looked_at)
        assert finding.level is level
        assert ("bag efter" if ahead > 0 else "foran") in finding.what


def test_a_jira_that_tells_no_time_has_no_wrong_clock() -> None:
    assert codes(seen(front=front(server=server(now=None)))) == []


@pytest.mark.parametrize(
    ("zone", "is_told"),
    [("Europe/Copenhagen", False), ("Europe/Stockholm", False), ("", False), ("UTC", True), ("Mars/Base", True)],
)
def test_another_time_zone_than_the_opening_hours_is_worth_knowing_and_no_error(zone: str, is_told: bool) -> None:
    looked_at = seen(front=front(account=Account("a", zone)))
    assert codes(looked_at) == ([Code.TIME_ZONE] if is_told else [])
    if is_told:
        assert only(looked_at).level is Level.NOTE


def test_a_jira_that_calls_itself_otherwise_is_a_warning_on_cloud() -> None:
    finding = only(seen(front=front(server=server(base_url="https://gammelt.atlassian.net"))))
    assert (finding.code, finding.level) == (Code.ADDRESS, Level.WARNING)


def test_on_data_center_it_is_an_error_because_attachments_lie_there() -> None:
    finding = only(seen(front=front(server=server(deployment="", base_url="https://jira.intern:8443"))))
    assert finding.level is Level.ERROR
    assert "bilag" in finding.next_step


@pytest.mark.parametrize("same", [URL, f"{URL}/", f"{URL}:443/jira", "https://FIRMA.atlassian.net"])
def test_the_same_origin_written_otherwise_is_the_same(same: str) -> None:
    assert codes(seen(front=front(server=server(base_url=same)))) == []


def test_a_scoped_address_is_not_expected_to_be_what_jira_calls_itself() -> None:
    assert codes(seen(front=front(url=SCOPED))) == []
