"""`dubu-adapter queue`: how much waits, and whether anything waits for a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from adapter.catalogue.words import IssueId, IssueKey
from adapter.queue import Queue
from adapter.store.store import Store
from tests.commands.conftest import DUBU, Shell


def test_an_empty_queue_is_in_order(shell: Shell) -> None:
    told = shell.run("queue")
    assert told.returncode == 0, told.stderr
    assert told.stdout == "dubu: 0 waiting, 0 running, 0 put off, 0 set aside\n"


def test_what_waits_for_a_person_is_a_finding_until_it_is_taken_up(shell: Shell, store: Store, queue: Queue) -> None:
    queue.put(DUBU, IssueId("10001"))
    store.set_aside(DUBU, IssueId("10002"), IssueKey("DUBU-2"), "Refused-403", datetime.now(UTC))
    told = shell.run("queue")
    assert told.returncode == 1
    assert "1 waiting" in told.stdout
    assert "DUBU-2" in told.stdout
    assert "Refused-403" in told.stdout
    assert shell.run("queue", "retry", "dubu-2").returncode == 0
    again = shell.run("queue", "retry", "DUBU-2")
    assert again.returncode == 1
    assert "DUBU-2 is not set aside" in again.stdout
    told = shell.run("queue", "--json")
    assert told.returncode == 0
    assert [ticket["issue"] for ticket in json.loads(told.stdout)["tickets"]] == ["10001", "10002"]


def test_the_brake_is_a_finding_while_it_is_on(shell: Shell, store: Store) -> None:
    now = datetime.now(UTC)
    store.braked(DUBU, now)
    told, as_json = shell.run("queue"), shell.run("queue", "--json")
    assert (told.returncode, as_json.returncode) == (1, 1)
    assert "braked" in told.stdout
    assert "bremse_sager_i_timen" in told.stdout
    assert json.loads(as_json.stdout)["is_braked"] is True
    store.braked(DUBU, now - timedelta(minutes=16))
    told = shell.run("queue")
    assert told.returncode == 0
    assert "braked" not in told.stdout
