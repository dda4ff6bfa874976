"""`dubu-adapter explain`: what was done on a ticket, readable in any window (R24)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from adapter.catalogue.words import FieldName, IssueId, IssueKey
from adapter.rules.decide import decide
from adapter.scribe import facts_of
from adapter.store.facts import Fact
from adapter.store.store import Store
from adapter.ticket.evidence import Memory, Says
from tests.builders import (
    AGENT,
    APPROVED,
    HOLDER,
    NOW,
    a_ticket,
    a_yes,
    an_offer,
    answered,
    catalogue,
    remembering,
    said,
    with_solution,
)
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


def test_what_a_person_decided_is_told_by_the_comment_that_decided_it(shell: Shell, store: Store) -> None:
    """R24: the files on which the gate opened, the comment without which it had not, and where values came from."""
    verdict = said("#dubu godkendelse 2 fordi der er ringet", AGENT, APPROVED + timedelta(hours=1), False, "10201")
    laid_aside = said("#dubu ingen 2 fordi jeg tog fejl", AGENT, APPROVED + timedelta(minutes=30), False, "10200")
    doubtful = a_yes(says=Says.CONDITIONAL, condition_words=("men",))
    ticket = answered(comments=(laid_aside, verdict))
    plan = decide(ticket, catalogue(), remembering(a1=an_offer(), a2=doubtful), APPROVED + timedelta(hours=2))
    for action in plan.actions:
        name, facts = type(action).__name__, facts_of(action)
        store.record(DUBU, ticket.id, ticket.key, APPROVED, name, action.rules, "abc", facts)
    told = {entry["action"]: entry["facts"] for entry in json.loads(shell.run("explain", "DUBU-1", "--json").stdout)}
    assert (told["MoveTo"]["to"], told["MoveTo"]["evidence"]) == ("godkendt", ["1", "2", "kommentar:10201"])
    assert "kommentar:10201" in told["ClaimApproval"]["evidence"]
    assert {"betaler_fra_katalog", "part_fra_bestiller"} <= set(told["SetFields"]["sources"])


def test_who_said_that_kombit_pays_a_setup_is_told_with_the_right_and_the_payer(shell: Shell, store: Store) -> None:
    """R16, R24."""
    words = said("#dubu opsætning kombit fordi det er aftalt", AGENT, NOW, public=False, number="10200")
    ticket = a_ticket(category="K9", fields={FieldName.SOLUTION: "Fagsystem X"}, comments=(words,))
    held = Memory(setup_holder=HOLDER, setups_held=frozenset({"x"}))
    for memory in (Memory(), held):
        for action in decide(ticket, with_solution(), memory, NOW).actions:
            name, facts = type(action).__name__, facts_of(action)
            store.record(DUBU, ticket.id, ticket.key, NOW, name, action.rules, "abc", facts)
    told = {entry["action"]: entry["facts"] for entry in json.loads(shell.run("explain", "DUBU-1", "--json").stdout)}
    assert told["ClaimSetup"] == {"solution": "x", "evidence": ["kommentar:10200"]}
    assert {"betaler_sf1475_person", "kommentar:10200"} <= set(told["SetFields"]["sources"])
