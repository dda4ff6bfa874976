"""`dubu-adapter explain`: what was done on a ticket, readable in any window (R24)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from adapter.catalogue.words import IssueId, IssueKey
from adapter.store.facts import Fact
from adapter.store.store import Store
from tests.commands.conftest import DUBU, Shell

FACTS: dict[str, Fact] = {
    "fields": ["kategori", "underkategori", "pris", "timer", "betalende-part", "bestilles-af", "godkendelsesfrist"],
    "evidence": ["10501", "10502"],
}


@pytest.fixture
def told_of(store: Store) -> None:
    store.record(
        DUBU, IssueId("10001"), IssueKey("DUBU-1"), datetime(2026, 11, 23, 9, 5, 7, tzinfo=UTC),
        "WriteStatusComment", ["R1", "R2", "R4", "R5", "R10", "R12", "R24"], "0a1b2c3d4e5f", FACTS,
    )  # fmt: skip


@pytest.mark.usefixtures("told_of")
def test_nothing_is_cut_off_in_a_window_of_eighty_columns(shell: Shell) -> None:
    told = shell.run("explain", "dubu-1", COLUMNS="80", TZ="Europe/Copenhagen")
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "…" not in told.stdout
    starts = [lines[0].index(heading) for heading in ("when", "action", "rules", "mapping", "facts")]
    ends = [*starts[1:], 80]
    columns = [" ".join(line[a:b].strip() for line in lines[1:]) for a, b in zip(starts, ends, strict=True)]
    assert columns[0].strip() == "2026-11-23 10:05:07"
    assert columns[1].strip() == "WriteStatusComment"
    assert columns[2].split() == ["R1", "R2", "R4", "R5", "R10", "R12", "R24"]
    assert columns[3].strip() == "0a1b2c3d4e5f"
    facts = columns[4].replace(" ", "")
    assert (
        facts
        == "fields=kategori,underkategori,pris,timer,betalende-part,bestilles-af,godkendelsesfristevidence=10501,10502"
    )


@pytest.mark.usefixtures("told_of")
def test_scripts_get_it_as_json(shell: Shell) -> None:
    (entry,) = json.loads(shell.run("explain", "10001", "--json").stdout)
    assert entry["facts"]["evidence"] == ["10501", "10502"]
    assert entry["rules"][0] == "R1"


def test_a_ticket_on_which_nothing_was_done_is_a_finding(shell: Shell) -> None:
    told = shell.run("explain", "DUBU-2")
    assert (told.returncode, told.stdout) == (1, "nothing was done on DUBU-2\n")
