"""`dubu-adapter report`: the billing basis of a month from a living site, and what each mistake says (R23)."""

from __future__ import annotations

import csv
import io
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from adapter.billing.month import Month
from adapter.database import Database
from tests.builders import DENMARK
from tests.commands.conftest import Shell
from tests.loop.conftest import Desk, open_desk
from tests.sandbox.faults import Fault, Trouble
from tests.system.letters import answer, offer

AGENT = "agent.anna"
MAIL = "mette@aarhus.example"


@pytest.fixture(params=["cloud", "datacenter"])
def desk(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Desk]:
    """A desk on each kind of Jira."""
    with open_desk(database, tmp_path, str(request.param)) as made:
        yield made


@pytest.fixture
def report(desk: Desk, database: Database) -> Shell:
    """A shell that knows the desk's site."""
    user, token = desk.site.login("adapter")
    return Shell(
        {
            "DATABASE_URL": database.url,
            "DUBU_MAPPINGS": str(desk.mappings),
            "DUBU_DUBU_JIRA_URL": desk.site.url,
            "DUBU_DUBU_JIRA_TOKEN": token,
            **({"DUBU_DUBU_JIRA_USER": user} if user else {}),
        }
    )


def approved(desk: Desk, request_type: str, price: str, **fields: float) -> str:
    """A ticket of Aarhus that was offered, approved and begun."""
    key = desk.order(request_type)
    desk.settle(key)
    agent = desk.site.as_user(AGENT)
    if fields:
        agent.edit(key, {name.replace("_", " ").capitalize(): value for name, value in fields.items()})
    number, letter = offer(key, MAIL, price)
    agent.attach(key, "tilbud.eml", letter)
    desk.settle(key)
    agent.attach(key, "svar.eml", answer(key, MAIL, "Godkendt.", number))
    desk.settle(key)
    agent.move(key, "I gang")
    return key


def test_a_month_is_billed_from_the_tickets_as_they_stand(desk: Desk, report: Shell, tmp_path: Path) -> None:
    """R9, R19, R23: a fixed price once, hours up to what was approved, and the rest as exceptions."""
    now = datetime.now(UTC)
    month = Month.of(now, DENMARK)
    agent = desk.site.as_user(AGENT)
    archive = approved(desk, "Bestil arkivering", "34.000 kr.")
    agent.move(archive, "Løst")
    place = tmp_path / "grundlag.xlsx"
    told = report.run("report", "--month", str(month), "--out", str(place))
    assert told.returncode == 0, told.stderr
    assert "reading tickets" not in told.stderr  # the bar is for people
    assert f"written to {place}" in told.stdout
    assert "34000.00" in told.stdout
    assert stat.S_IMODE(place.stat().st_mode) == 0o600

    by_the_hour = approved(desk, "Hjælp til IdP", "3.000 kr.", tilbudt_pris=3000, tilbudte_timer=3)
    agent.log_work(by_the_hour, 4)
    unclear = desk.order("Generel henvendelse", "Noget ganske andet")
    desk.settle(unclear)
    agent.log_work(unclear, 1)
    again = report.run("report", "--month", str(month), "--out", str(place))
    assert (again.returncode, again.stdout) == (2, "")
    assert "already there: write over it with --force" in again.stderr
    desk.site.requests.clear()
    forced = report.run("report", "--month", str(month), "--out", str(place), "--force")
    assert forced.returncode == 1, forced.stderr
    assert desk.site.requests.reads("adapter")
    assert not desk.site.requests.writes("adapter")
    assert "2 exceptions" in forced.stdout
    book = load_workbook(place)
    heads = [cell.value for cell in book["Sager"][1]]
    rows = {row[0]: dict(zip(heads, row, strict=True)) for row in book["Sager"].iter_rows(min_row=2, values_only=True)}
    assert list(rows) == [archive, by_the_hour, unclear]
    assert (rows[archive]["Beløb"], rows[archive]["Betalende part"]) == (34000, "Aarhus Kommune")
    assert (rows[archive]["Tilbudsmail"], rows[archive]["Godkendelsesmail"]) == ("tilbud.eml", "svar.eml")
    hourly = rows[by_the_hour]
    assert (hourly["Fakturerede timer"], hourly["Timepris"], hourly["Beløb"], hourly["Timer over loft"]) == (
        3,
        1000,
        3000,
        1,
    )
    assert rows[unclear]["Undtagelser"] == "Kategori er ikke afklaret"
    exceptions = [row[:4] for row in book["Undtagelser"].iter_rows(min_row=2, values_only=True)]
    assert [(row[0], row[3]) for row in exceptions] == [
        (by_the_hour, "Over det godkendte loft"),
        (unclear, "Kategori er ikke afklaret"),
    ]
    piped = report.run("report", "--month", str(month), "--out", "-")
    assert piped.returncode == 1
    table = list(csv.DictReader(io.StringIO(piped.stdout.removeprefix("\ufeff")), delimiter=";"))
    assert [(row["Sag"], row["Beløb"]) for row in table] == [
        (archive, "34000,00"),
        (by_the_hour, "3000,00"),
        (unclear, "0,00"),
    ]
    assert "2 exceptions" in piped.stderr


def test_a_report_that_could_not_be_made_is_none_with_exceptions(desk: Desk, report: Shell, tmp_path: Path) -> None:
    """R23: or a script would take it for one, and send last month's file once more."""
    desk.site.faults.add(Fault(Trouble.BROKEN, method="GET", path="search", status=403))
    place = tmp_path / "grundlag.xlsx"
    for out in (str(place), "-"):
        told = report.run("report", "--month", str(Month.of(datetime.now(UTC), DENMARK)), "--out", out)
        assert (told.returncode, told.stdout, place.exists()) == (2, "", False)
        assert "no report was made, and nothing is written" in told.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--month", "2026-13"), "'2026-13' is no month: write it as 2026-11"),
        ((), "Missing option '--month'"),
        (("--month", "2026-01", "--out", "basis.pdf"), "must end in .xlsx or .csv"),
        (("--month", "2098-01"), "has not begun: choose this month or an earlier one"),
        (("--month", "2026-01", "--out", "nowhere/at/all.csv"), "is no folder: make it"),
    ],
)
def test_a_mistake_is_a_usage_error_before_jira_is_asked(shell: Shell, words: tuple[str, ...], why: str) -> None:
    told = shell.run("report", *words)
    assert (told.returncode, told.stdout) == (2, "")
    assert why in " ".join(told.stderr.split())
