"""What is promised of the whole system, from outside: processes, webhooks and REST only."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import requests

from adapter.database import open_database
from adapter.settings import read_settings
from tests.conftest import CONFIDENTIAL
from tests.system.letters import answer, offer
from tests.system.people import Person, people_of
from tests.system.processes import ADMIN_TOKEN, ROOT, SECRET, Running, wait_until


def adapter(system: Running, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs a command as an operator would, beside the running system."""
    return subprocess.run(
        [sys.executable, "-m", "adapter", *words],
        env=system.environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def is_filled(agent: Person, key: str) -> bool:
    return agent.status_comment(key) is not None


def test_a_ticket_that_no_webhook_told_of_is_found_by_the_sweep(
    system: Running, customer: Person, agent: Person
) -> None:
    requests.post(f"{system.jira}/sandbox/webhooks", json={"drop_all": True}, timeout=10)
    key = customer.order("Bestil arkivering", "Uden webhook")
    requests.post(f"{system.jira}/sandbox/webhooks", json={"drop_all": False}, timeout=10)
    swept = adapter(system, "sweep")
    assert swept.returncode == 0, swept.stderr
    wait_until(lambda: is_filled(agent, key), "the sweep found it")


def test_a_ticket_made_while_jira_is_down_is_filled_when_it_is_back(
    system: Running, customer: Person, agent: Person
) -> None:
    down = {"trouble": "broken", "path": r"^/rest/api/2/issue/\d+", "retry_after": None}
    requests.post(f"{system.jira}/sandbox/faults", json=down, timeout=10).raise_for_status()
    key = customer.order("Bestil arkivering", "Under nedbrud")
    faults = f"{system.jira}/sandbox/faults"
    wait_until(lambda: requests.get(faults, timeout=10).json()[0]["met"] >= 2, "the look has met the outage")
    requests.delete(faults, timeout=10)
    wait_until(lambda: is_filled(agent, key), f"{key} is filled", 90)


def test_the_commands_tell_what_was_done_and_what_is_to_do(system: Running, customer: Person, agent: Person) -> None:
    key = customer.order("Skift ydelsesreference", "Forklar dig")
    wait_until(lambda: is_filled(agent, key), "filled")
    wait_until(lambda: adapter(system, "look", key).returncode == 0, "nothing left to do")
    told = adapter(system, "explain", key, "--json")
    actions = [entry["action"] for entry in json.loads(told.stdout)]
    assert actions[:2] == ["SetFields", "WriteStatusComment"]
    agent.edit(key, Pris="1 kr.")
    wait_until(lambda: agent.value(key, "Pris") == "Efter aftale", "R4: the catalogue's price is put back")
    unknown = adapter(system, "look", "DUBU-99999")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "DUBU-99999" in unknown.stderr
    nothing = adapter(system, "explain", "DUBU-99999")
    assert (nothing.returncode, nothing.stdout) == (1, "nothing was done on DUBU-99999\n")
    queue = adapter(system, "queue", "--json")
    assert queue.returncode == 0, queue.stderr
    assert json.loads(queue.stdout)["set_aside"] == 0


def test_look_shows_a_plan_and_changes_nothing_until_told_to(system: Running, customer: Person, agent: Person) -> None:
    requests.post(f"{system.jira}/sandbox/webhooks", json={"drop_all": True}, timeout=10)
    key = customer.order("Bestil arkivering", "Kun kig")
    shown = adapter(system, "look", key, "--json")
    assert shown.returncode == 1, shown.stderr
    plan = json.loads(shown.stdout)
    assert [action["action"] for action in plan["actions"]] == ["SetFields", "WriteStatusComment"]
    assert plan["actions"][0]["values"]["pris"] == "34.000 kr."
    assert not is_filled(agent, key)
    applied = adapter(system, "look", key, "--apply")
    requests.post(f"{system.jira}/sandbox/webhooks", json={"drop_all": False}, timeout=10)
    assert applied.returncode == 0, applied.stderr
    assert is_filled(agent, key)


def test_the_same_approval_opens_one_ticket_only(system: Running, customer: Person, agent: Person) -> None:
    keys = [customer.order("Bestil arkivering", f"Genbrug {n}") for n in (1, 2)]
    mail = "mette@aarhus.example"
    number, letter = offer(f"{keys[0]} {keys[1]}", mail)
    yes = answer(f"{keys[0]} {keys[1]}", mail, "Godkendt.", number)
    for key in keys:
        agent.attach(key, "tilbud.eml", letter)
        wait_until(lambda key=key: agent.status(key) == "Afventer Kunde", "waits")  # type: ignore[misc]
    agent.attach(keys[0], "ja.eml", yes)
    wait_until(lambda: agent.status(keys[0]) == "Godkendt", "approved")
    agent.attach(keys[1], "ja.eml", yes)
    wait_until(
        lambda: f"allerede brugt som godkendelse på {keys[0]}" in (agent.status_comment(keys[1]) or ""), "refused"
    )
    assert agent.status(keys[1]) == "Afventer Kunde"


def test_a_hostile_mail_is_named_and_the_gate_stays_closed(system: Running, customer: Person, agent: Person) -> None:
    key = customer.order("Bestil arkivering", "Fjendtlig mail")
    number, letter = offer(key, "mette@aarhus.example")
    del number
    agent.attach(key, "tilbud.eml", letter)
    wait_until(lambda: agent.status(key) == "Afventer Kunde", "waits")
    agent.attach(key, "bombe.eml", b"Subject: " + b"=?utf-8?q?" + b"=41" * 400_000 + b"?=\n\nGodkendt")
    agent.attach(key, "falsk.msg", b"ikke en msg")
    wait_until(lambda: "falsk.msg" in (agent.status_comment(key) or ""), "both are named", 60)
    assert "bombe.eml" in (agent.status_comment(key) or "")
    assert agent.status(key) == "Afventer Kunde"


def test_a_ticket_that_the_account_cannot_see_is_counted_and_left(system: Running) -> None:
    stranger = people_of(system.jira)["fremmed"]
    made = stranger._call(
        "POST",
        "/rest/api/2/issue",
        json={"fields": {"project": {"key": "ANDET"}, "issuetype": {"name": "Opgave"}, "summary": "Fremmed"}},
    )
    wait_until(lambda: 'dubu_looks_total{outcome="gone",site="dubu"}' in metrics(system), "counted")
    assert stranger.issue(made["key"])["fields"]["comment"]["comments"] == []


def metrics(system: Running) -> str:
    return requests.get(f"{system.adapter}/metrics", timeout=10).text


def test_nothing_is_stored_of_a_delivery_that_is_not_signed(system: Running) -> None:
    for headers in ({}, {"X-Hub-Signature": "sha256=00"}, {"X-Webhook-Secret": "forkert"}):
        refused = requests.post(
            f"{system.adapter}/webhooks/dubu", json={"issue": {"id": "1"}}, headers=headers, timeout=10
        )
        assert refused.status_code == 401
    shared = {"X-Webhook-Secret": SECRET}
    assert requests.post(f"{system.adapter}/webhooks/dubu", json={}, headers=shared, timeout=10).status_code == 400
    assert requests.post(f"{system.adapter}/webhooks/andet", json={}, headers=shared, timeout=10).status_code == 404


def test_the_admins_page_asks_for_the_token(system: Running) -> None:
    assert requests.get(f"{system.adapter}/admin/", timeout=10).status_code == 401
    page = requests.get(f"{system.adapter}/admin/", auth=("x", ADMIN_TOKEN), timeout=10)
    assert page.status_code == 200
    assert "dubu" in page.text
    wait_until(lambda: requests.get(f"{system.adapter}/health/ready", timeout=10).status_code == 200, "ready")


def test_an_edited_mapping_is_taken_up_and_a_broken_one_is_not(
    system: Running, customer: Person, agent: Person
) -> None:
    folder = Path(system.environment["DUBU_MAPPINGS"]) / "dubu"
    catalogue = folder / "katalog.yaml"
    untouched = customer.order("Bestil arkivering", "Fra før ændringen")
    wait_until(lambda: is_filled(agent, untouched), "filled before the edit")
    good = catalogue.read_text(encoding="utf-8")
    before = metrics(system)
    catalogue.write_text(good.replace("pris: 34.000", "prsi: 34.000"), encoding="utf-8")
    wait_until(
        lambda: 'dubu_mapping_reload_failures_total{site="dubu"}' in metrics(system) and metrics(system) != before,
        "counted",
    )
    key = customer.order("Bestil arkivering", "Med den sidste gode")
    wait_until(lambda: is_filled(agent, key), "filled by the last good mapping")
    assert agent.value(key, "Pris") == "34.000 kr."
    catalogue.write_text(good.replace("34.000", "35.000"), encoding="utf-8")
    new = re.compile(r'dubu_mapping_info\{[^}]*version="([a-p]{12})"\} 1\.0')
    versions = set(new.findall(before))
    wait_until(lambda: bool(set(new.findall(metrics(system))) - versions), "the new mapping is in force")
    key = customer.order("Bestil arkivering", "Med den nye")
    wait_until(lambda: is_filled(agent, key), "filled by the new mapping")
    assert agent.value(key, "Pris") == "35.000 kr."
    wait_until(lambda: agent.value(untouched, "Pris") == "35.000 kr.", "looked at again without any webhook")
    catalogue.write_text(good, encoding="utf-8")


def test_nothing_of_a_ticket_or_a_mail_is_kept_or_logged(system: Running, customer: Person, agent: Person) -> None:
    cpr = "0101" + "903" + "123"
    key = customer.order("Bestil arkivering", f"{CONFIDENTIAL} {cpr}", f"{CONFIDENTIAL}: {cpr[:6]}-{cpr[6:]}")
    mail = "mette@aarhus.example"
    number, letter = offer(key, mail)
    agent.attach(key, f"{CONFIDENTIAL} {cpr}.eml", letter)
    agent.attach(key, "svar.eml", answer(key, mail, f"Godkendt.\n\nVenlig hilsen\n{CONFIDENTIAL} {cpr}", number))
    wait_until(lambda: agent.status(key) == "Godkendt", "approved")
    agent.move(key, "Afventer Kunde")
    agent.comment(key, f"{CONFIDENTIAL} {cpr}")
    wait_until(lambda: adapter(system, "look", key).returncode == 0, "at rest")
    comment = agent.status_comment(key) or ""
    assert cpr not in comment
    kept = {
        "log": system.log.read_text(encoding="utf-8"),
        "metrics": metrics(system),
        "explain": adapter(system, "explain", key).stdout,
        "admin": requests.get(f"{system.adapter}/admin/", auth=("x", ADMIN_TOKEN), timeout=10).text,
        "database": everything_in_the_database(system),
    }
    for where, text in kept.items():
        for banned in (CONFIDENTIAL, cpr, f"{cpr[:6]}-{cpr[6:]}", "mette@", "Karl", "token-of-adapter", SECRET):
            assert banned not in text, f"{where} holds what it must not"


def everything_in_the_database(system: Running) -> str:
    """Every row of every table, as text."""
    with open_database(read_settings(system.environment)) as database, psycopg.connect(database.url) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        rows = [row for (table,) in tables for row in connection.execute(f"SELECT t::text FROM {table} t").fetchall()]  # noqa: S608 - names from the catalogue
    assert len(rows) > 10
    return "\n".join(text for (text,) in rows)
