"""`provision` as an administrator has it: a diff, a question, exit statuses, and no secret anywhere."""

from __future__ import annotations

import json
import os
import pty
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands.conftest import Shell
from tests.provision.site import BARE_TYPES, HOOK, SECRET
from tests.sandbox import Fault, Sandbox, Seed, SeedField, Trouble, bare_seed
from tests.sandbox.dubu import Plan
from tests.sandbox.records import Kind
from tests.system.mapping import say, write_mapping


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[tuple[Shell, Sandbox]]:
    """A shell with an administrator's settings beside a plain site."""
    with Sandbox.start(bare_seed()) as site:
        yield shell_for(site, tmp_path), site


def shell_for(site: Sandbox, folder: Path, admin: str = "admin", edition: str = "cloud") -> Shell:
    mappings = write_mapping(folder / "mappings")
    say(mappings, "jira.yaml", BARE_TYPES, ("udgave: cloud", f"udgave: {edition}"))
    user, token = site.login("adapter")
    name, admins_token = site.login(admin)
    return Shell(
        {
            "DUBU_MAPPINGS": str(mappings),
            "DUBU_DUBU_JIRA_URL": site.url,
            "DUBU_DUBU_JIRA_USER": user or "",
            "DUBU_DUBU_JIRA_TOKEN": token,
            "DUBU_DUBU_ADMIN_USER": name or "",
            "DUBU_DUBU_ADMIN_TOKEN": admins_token,
            "DUBU_DUBU_WEBHOOK_SECRETS": f"{SECRET},den-gamle",
        }
    )


def test_a_plan_is_shown_then_made_then_empty(admin: tuple[Shell, Sandbox]) -> None:
    shell, site = admin
    shown = shell.run("provision", "--webhook-url", HOOK)
    assert shown.returncode == 1, shown.stderr
    assert '+ felt "Kategori" (valgliste)' in shown.stdout
    assert "jira.yaml:" in shown.stdout
    assert '    + overgang "Godkend" fra' in shown.stdout
    assert site.requests.writes("admin") == []

    asked = shell.run("provision", "--webhook-url", HOOK, "--apply")
    assert asked.returncode == 2
    assert "add --yes" in asked.stderr
    assert site.requests.writes("admin") == []

    made = shell.run("provision", "--webhook-url", HOOK, "--apply", "--yes")
    assert made.returncode == 0, made.stderr
    assert "udført og efterset: intet mangler" in made.stdout
    assert "indtast ellers den første fra DUBU_DUBU_WEBHOOK_SECRETS" in made.stderr

    again = shell.run("provision", DUBU_DUBU_WEBHOOK_URL=HOOK)
    assert again.returncode == 0
    assert "intet at gøre" in again.stdout
    secrets = (SECRET, "den-gamle", shell.environment["DUBU_DUBU_ADMIN_TOKEN"])
    everything = "".join(run.stdout + run.stderr for run in (shown, asked, made, again))
    assert not any(secret in everything for secret in secrets)


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 1), ("", 1)])
def test_somebody_at_the_keyboard_is_asked_once_more(admin: tuple[Shell, Sandbox], answer: str, status: int) -> None:
    shell, site = admin
    keyboard, stdin = pty.openpty()
    try:
        os.write(keyboard, f"{answer}\n".encode())
        run = replace(shell, stdin=stdin).run("provision", "--webhook-url", HOOK, "--apply")
    finally:
        os.close(keyboard)
        os.close(stdin)
    assert "Skal det udføres? [y/N]" in run.stderr
    assert (run.returncode, bool(site.requests.writes("admin"))) == (status, status == 0)


def test_on_data_center_it_does_what_it_can_and_does_not_say_that_nothing_lacks(tmp_path: Path) -> None:
    with Sandbox.start(bare_seed(deployment="datacenter")) as site:
        shell = shell_for(site, tmp_path, edition="datacenter")
        made = shell.run("provision", "--webhook-url", HOOK, "--apply", "--yes")
    assert made.returncode == 1, made.stderr
    assert "udført og efterset: nu trinene i hånden" in made.stdout
    assert "udgiv workflowet" in made.stdout


def test_scripts_get_one_json_object(admin: tuple[Shell, Sandbox]) -> None:
    told = json.loads(admin[0].run("provision", "--json").stdout)
    assert {"steps", "by_hand", "obstacles", "notes", "afterwards"} == set(told)
    assert told["steps"][0] | {"place": ""} == {
        "step": "CreateField",
        "line": '+ felt "Kategori" (valgliste)',
        "place": "",
    }


@pytest.mark.parametrize("variable", ["DUBU_DUBU_ADMIN_TOKEN", "DUBU_DUBU_ADMIN_USER"])
def test_without_an_administrators_login_it_says_what_to_set(admin: tuple[Shell, Sandbox], variable: str) -> None:
    run = admin[0].run("provision", **{variable: ""})
    assert run.returncode == 2
    assert f"{variable} is not set" in run.stderr


def test_a_wrong_token_is_told_by_its_variable_and_never_shown(admin: tuple[Shell, Sandbox]) -> None:
    run = admin[0].run("provision", DUBU_DUBU_ADMIN_TOKEN="hemmelig-og-forkert")
    assert run.returncode == 2
    assert "does not let the administrator in" in run.stderr
    assert "DUBU_DUBU_ADMIN_USER and DUBU_DUBU_ADMIN_TOKEN" in run.stderr
    assert "hemmelig-og-forkert" not in run.stdout + run.stderr


@pytest.mark.parametrize("url", ["http://adapter.example/webhooks/dubu", "https://u:p@adapter.example/", "adapter"])
def test_a_webhook_in_the_clear_is_refused(admin: tuple[Shell, Sandbox], url: str) -> None:
    run = admin[0].run("provision", "--webhook-url", url)
    assert run.returncode == 2
    assert "must begin with https://" in run.stderr


def test_a_webhook_without_a_secret_is_refused(admin: tuple[Shell, Sandbox]) -> None:
    run = admin[0].run("provision", "--webhook-url", HOOK, DUBU_DUBU_WEBHOOK_SECRETS="")
    assert run.returncode == 2
    assert "DUBU_DUBU_WEBHOOK_SECRETS is not set" in run.stderr


def test_an_account_that_may_not_administer_is_told_so_and_changes_nothing(tmp_path: Path) -> None:
    with Sandbox.start(bare_seed()) as site:
        run = shell_for(site, tmp_path, admin="agent.anna").run("provision", "--apply", "--yes")
        assert run.returncode == 1
        assert "har ikke rettigheden Administer Jira" in run.stdout
        assert site.requests.writes("agent.anna") == []


def clashing(seed: Seed) -> Seed:
    return seed.with_field(SeedField("Betaler", Kind.NUMBER, everywhere=True))


def twins(seed: Seed) -> Seed:
    return seed.with_field(SeedField("Betaler", Kind.SELECT, everywhere=True)).with_twin("Betaler")


@pytest.mark.parametrize(("make", "told"), [(clashing, "anden type (number)"), (twins, "der er 2 felter")])
def test_a_name_clash_stops_everything_and_names_the_field(make: object, told: str, tmp_path: Path) -> None:
    with Sandbox.start(make(bare_seed())) as site:  # type: ignore[operator]  # one of the two above
        run = shell_for(site, tmp_path).run("provision", "--apply", "--yes")
        assert run.returncode == 1
        assert told in run.stdout
        assert "intet ændres" in run.stdout
        assert site.requests.writes("admin") == []


def test_a_busy_or_slow_site_is_waited_for(admin: tuple[Shell, Sandbox]) -> None:
    shell, site = admin
    site.faults.add(Fault(Trouble.BUSY, times=3, retry_after=0.2))
    site.faults.add(Fault(Trouble.SLOW, times=5, seconds=0.3))
    run = shell.run("provision")
    assert run.returncode == 1, run.stderr
    assert '+ felt "Kategori"' in run.stdout


def test_a_site_that_is_away_is_exit_3(admin: tuple[Shell, Sandbox]) -> None:
    shell, site = admin
    site.faults.add(Fault(Trouble.BROKEN, retry_after=60.0))  # for longer than anybody waits
    run = shell.run("provision")
    assert run.returncode == 3
    assert "tried again later" in run.stderr
    assert Plan().project == "DUBU"
