"""The sandbox searches hours, moments and custom fields as Jira Cloud does, each kind with its own operators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.sandbox import JiraError, Sandbox, default_seed
from tests.sandbox.client import Rest
from tests.sandbox.records import Kind
from tests.sandbox.search import find

FIRST = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)  # in Copenhagen it is the second of November


@pytest.fixture
def site() -> Iterator[Sandbox]:
    """DUBU-1 with hours, DUBU-2 solved and DUBU-3 empty; two fields are called Betalende part."""
    with Sandbox.start(default_seed().with_twin("Betalende part", Kind.NUMBER)) as running:
        anna = running.as_user("agent.anna")
        running.clock.set(FIRST)
        fields = {"Kategori": "Robotter", "Betalende part": "Aarhus Kommune", "Timepris": 938.98}
        moments = {"Aftalt dato": date(2026, 12, 1), "Reaktionsfrist": FIRST + timedelta(hours=3)}
        anna.create("Et", fields=fields | moments)
        anna.create("To", fields={"Kategori": "Genoprettelse af data", "Timepris": 4})
        anna.create("Tre")
        anna.log_work("DUBU-1", 1, FIRST)
        running.as_user("agent.bo").log_work("DUBU-1", 2, FIRST + timedelta(days=30))
        running.clock.advance(timedelta(hours=1))
        anna.move("DUBU-2", "I gang")
        anna.move("DUBU-2", "Løst")
        yield running


def keys(site: Sandbox, jql: str, handle: str = "adapter") -> list[str]:
    return [issue.key for issue in find(site.world, site.user(handle), f"{jql} ORDER BY key")]


def number(site: Sandbox, name: str) -> int:
    return site.world.field_named(name).number


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ('worklogDate >= "2026-11-01"', [1]),
        ('worklogDate = "2026-11-01"', [1]),  # the adapter's time zone is UTC
        ('worklogDate > "2026-12-01"', []),
        ('worklogDate >= "2026-11-02" and worklogDate < "2026-12-02"', [1]),
        ("worklogDate is EMPTY", [2, 3]),
        ("worklogAuthor = currentUser()", []),
        ("resolved >= -1h", [2]),
        ("resolved is EMPTY", [1, 3]),
        ("resolutiondate is not EMPTY", [2]),
        ("statusCategoryChangedDate >= 2026-11-02", [2]),
        ("Kategori = Robotter", [1]),
        ('"Kategori" in ("robotter", "Genoprettelse af data")', [1, 2]),
        ('"Kategori[Dropdown]" = "Robotter"', [1]),
        ("Kategori != Robotter", [2]),  # an empty field is not unequal
        ("Kategori not in (Robotter)", [2]),
        ("Kategori is not EMPTY", [1, 2]),
        ("Kategori is EMPTY", [3]),
        ('"Betalende part" ~ "aarhus"', [1]),
        ("Timepris > 4", [1]),
        ("Timepris in (4, 5)", [2]),
        ("Timepris not in (4)", [1]),
        ("Timepris != 4", [1]),
        ("Timepris <= 938.98", [1, 2]),
        ('"Aftalt dato" = "2026-12-01"', [1]),
        ('"Aftalt dato" < "2026-12-01"', []),
        ('Reaktionsfrist <= "2026-11-02 02:30"', [1]),
        ("Reaktionsfrist is EMPTY", [2, 3]),
    ],
)
def test_a_query_finds_what_it_says(site: Sandbox, jql: str, found: list[int]) -> None:
    part = number(site, "Betalende part")
    asked = jql.replace('"Betalende part"', f"cf[{part}]")
    assert keys(site, asked) == [f"DUBU-{key}" for key in found]


def test_a_field_is_found_by_its_number(site: Sandbox) -> None:
    category = number(site, "Kategori")
    option = next(o.id for o in site.world.field_named("Kategori").options if o.value == "Robotter")
    for clause in ('= "Robotter"', "in (Robotter)", f"= {option}", "is not EMPTY and Timepris > 5"):
        assert keys(site, f"cf[{category}] {clause}") == ["DUBU-1"]
    with Rest(site) as rest:
        found = rest.get("search/jql", params={"jql": f'cf[{category}] = "Robotter"', "fields": "key"}).json()
    assert [issue["key"] for issue in found["issues"]] == ["DUBU-1"]


def test_a_name_that_two_fields_have_searches_both(site: Sandbox) -> None:
    assert keys(site, '"Betalende part" is not EMPTY') == ["DUBU-1"]
    with pytest.raises(JiraError, match="not a valid number"):
        keys(site, '"Betalende part" ~ Aarhus and "Betalende part" = Aarhus')


def test_a_day_of_work_is_a_day_of_the_askers_calendar(site: Sandbox) -> None:
    assert keys(site, 'worklogDate = "2026-11-01"', "agent.anna") == []
    assert keys(site, 'worklogDate = "2026-11-02"', "agent.anna") == ["DUBU-1"]
    assert keys(site, "worklogAuthor = currentUser()", "agent.bo") == ["DUBU-1"]


@pytest.mark.parametrize(
    ("jql", "words"),
    [
        ("Kategori = Findesikke", "The option 'Findesikke' for field 'Kategori' does not exist"),
        ("Kategori > Robotter", "'>' is not supported by the 'Kategori' field"),
        ("Kategori ~ Robotter", "'~' is not supported"),
        ("cf[10044] = Aarhus", "'=' is not supported"),
        ("Timepris = dyr", "is not a valid number"),
        ("Timepris ~ 4", "'~' is not supported"),
        ('"Aftalt dato" = snart', "Date value 'snart'"),
        ("worklogDate ~ 2026", "'~' is not supported"),
        ("worklogDate >= snart", "Date value 'snart'"),
        ("summary = Et", "'=' is not supported by the 'summary' field"),
        ("status ~ Løst", "'~' is not supported by the 'status' field"),
        ("cf[99999] is EMPTY", "Field 'cf[99999]' does not exist"),
    ],
)
def test_a_query_that_jira_does_not_know_is_400(site: Sandbox, jql: str, words: str) -> None:
    assert number(site, "Betalende part") == 10044
    with Rest(site) as rest:
        answer = rest.get("search/jql", params={"jql": jql})
    assert answer.status_code == 400
    assert words in answer.json()["errorMessages"][0]


def test_a_reopened_ticket_is_resolved_no_more(site: Sandbox) -> None:
    anna = site.as_user("agent.anna")
    with Rest(site) as rest:
        fields = "fields=resolution,resolutiondate,statuscategorychangedate"
        solved = rest.get(f"issue/DUBU-2?{fields}").json()["fields"]
        assert solved["resolutiondate"] == solved["statuscategorychangedate"] == "2026-11-02T00:30:00.000+0000"
        site.clock.advance(timedelta(hours=1))
        anna.move("DUBU-2", "Lukket")
        assert rest.get(f"issue/DUBU-2?{fields}").json()["fields"] == solved  # from done to done nothing is told
        anna.move("DUBU-2", "I gang")
        opened = rest.get(f"issue/DUBU-2?{fields}").json()["fields"]
    assert (opened["resolution"], opened["resolutiondate"]) == (None, None)
    assert opened["statuscategorychangedate"] == "2026-11-02T01:30:00.000+0000"
    assert keys(site, "resolved is not EMPTY") == []
    told = [
        (i.before_text, i.after_text) for h in site.issue("DUBU-2").history for i in h.items if i.field == "resolution"
    ]
    assert told == [(None, "Done"), ("Done", None)]
