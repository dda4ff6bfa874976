"""`check` from the command line: what it prints, its list for scripts, and its exit status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapter.store.store import Store
from tests.commands.conftest import DUBU, Shell
from tests.doctor.site import Ward, opened
from tests.provision.site import HOOK
from tests.sandbox.faults import Fault, Trouble

KEYS = ["level", "code", "place", "what", "why", "next_step"]


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    with opened(tmp_path) as found:
        yield found


@pytest.fixture
def at_site(shell: Shell, ward: Ward, tmp_path: Path) -> Shell:
    """A shell whose environment knows the site, both logins, and the webhook's address."""
    settings = ward.settings
    return Shell(
        shell.environment
        | {
            "DUBU_MAPPINGS": str(tmp_path / "mappings"),
            "DUBU_DUBU_JIRA_URL": ward.site.url,
            "DUBU_DUBU_JIRA_USER": settings.user or "",
            "DUBU_DUBU_JIRA_TOKEN": settings.token or "",
            "DUBU_DUBU_ADMIN_USER": settings.admin_user or "",
            "DUBU_DUBU_ADMIN_TOKEN": settings.admin_token or "",
            "DUBU_DUBU_WEBHOOK_SECRETS": "hemmelig-i-sandkassen",
            "DUBU_DUBU_WEBHOOK_URL": HOOK,
        }
    )


def test_a_site_in_order_ends_with_zero_and_a_script_gets_only_what_is_assumed(at_site: Shell, store: Store) -> None:
    store.delivered(DUBU, datetime.now(UTC))
    told = at_site.run("check", "--json")
    assert told.returncode == 0, told.stderr
    findings = json.loads(told.stdout)
    assert {finding["code"] for finding in findings} == {"assumption"}
    assert {finding["level"] for finding in findings} == {"oplysning"}
    assert all(list(finding) == KEYS for finding in findings)
    read = at_site.run("check")
    assert read.returncode == 0
    assert "seneste levering for under et minut siden" in read.stdout
    assert "0 fejl, 0 advarsler" in read.stdout
    assert "intet at rette" in read.stdout


def test_the_native_lock_that_is_gone_ends_with_one_and_says_what_why_and_what_to_do(
    at_site: Shell, ward: Ward, store: Store
) -> None:
    store.delivered(DUBU, datetime.now(UTC))
    ward.admin.unlock_step(ward.admin.workflow_of(), "Godkend")
    told = at_site.run("check")
    assert told.returncode == 1
    assert 'FEJL  overgangen "Godkend"' in told.stdout
    assert "hvorfor: " in told.stdout
    assert "gør:     kør dubu-adapter provision" in told.stdout
    errors = [f for f in json.loads(at_site.run("check", "--json").stdout) if f["level"] != "oplysning"]
    assert [f["code"] for f in errors] == ["open_approval"]


def test_a_site_that_never_told_the_door_anything_is_told_so(at_site: Shell) -> None:
    told = at_site.run("check", "--json")
    assert told.returncode == 1
    assert "delivery" in {finding["code"] for finding in json.loads(told.stdout)}


def test_a_database_that_is_away_is_a_note_and_no_reason_to_see_nothing(at_site: Shell) -> None:
    told = at_site.run("check", "--json", DATABASE_URL="", DUBU_DATA_DIR="/nowhere/at/all")
    assert told.returncode == 0
    notes = [f for f in json.loads(told.stdout) if f["code"] == "unread"]
    assert ["leveringer fra webhooken" in f["what"] for f in notes] == [True]


def test_a_wrong_token_ends_with_two_and_is_told_as_a_finding_without_the_token(at_site: Shell) -> None:
    told = at_site.run("check", "--json", DUBU_DUBU_JIRA_TOKEN="forkert-token")
    assert told.returncode == 2
    assert [f["code"] for f in json.loads(told.stdout) if f["level"] == "fejl"] == ["login"]
    assert "forkert-token" not in told.stdout + told.stderr


def test_settings_that_lack_end_with_two_and_name_the_variable(at_site: Shell) -> None:
    told = at_site.run("check", DUBU_DUBU_JIRA_TOKEN="")
    assert (told.returncode, told.stdout) == (2, "")
    assert "DUBU_DUBU_JIRA_TOKEN is not set" in told.stderr


def test_a_site_that_is_away_ends_with_three(at_site: Shell, ward: Ward) -> None:
    ward.site.faults.add(Fault(Trouble.BROKEN, retry_after=60.0))
    told = at_site.run("check", "--json")
    assert told.returncode == 3
    assert "Jira answers 503" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_help_has_an_example_and_the_exit_statuses(shell: Shell) -> None:
    told = shell.run("check", "--help")
    assert "Example: " in told.stdout
    assert "Exit status: 0" in told.stdout
