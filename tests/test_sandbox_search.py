"""The sandbox finds issues by JQL as Jira does, a page at a time, and refuses what Jira refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox import Sandbox, default_seed
from tests.sandbox.client import Rest
from tests.sandbox.search import find

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Sandbox]:
    """DUBU-1 to DUBU-4, an hour apart until noon, and ANDET-1."""
    with Sandbox.start() as running:
        anna = running.as_user("agent.anna")
        running.clock.set(NOON - timedelta(hours=4))
        for number in range(1, 5):
            running.clock.advance(timedelta(hours=1))
            anna.create(f"Sag {number}", "Robotten driller", fields={"labels": [f"L{number}"]})
        anna.move("DUBU-1", "Løst")
        anna.edit("DUBU-2", {"Kategori": "Robotter", "Organizations": ["Odense Kommune"]})
        anna.edit("DUBU-3", {"Timepris": 938.98})
        anna.edit("DUBU-4", {"Timepris": 4})
        running.clock.set(NOON)
        running.as_user("fremmed").create("Fremmed", project="ANDET")
        yield running


def keys(site: Sandbox, jql: str, handle: str = "adapter") -> list[str]:
    return [issue.key for issue in find(site.world, site.user(handle), jql)]


def millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ("project = DUBU ORDER BY key ASC", [1, 2, 3, 4]),
        ('project in (DUBU, "10000") AND statusCategory != Done ORDER BY created', [2, 3, 4]),
        ("status = Løst", [1]),
        ("status not in (Løst, Lukket) order by id desc", [4, 3, 2]),
        (f"updated >= {millis(NOON)} ORDER BY key", [1, 2, 3, 4]),
        (f"created > {millis(NOON - timedelta(hours=1))}", [4]),
        (f"created <= {millis(NOON - timedelta(hours=3))}", [1]),
        (f"created = {millis(NOON)} OR created < {millis(NOON - timedelta(hours=2))} order by key", [1, 4]),
        (f"project = DUBU and created != {millis(NOON)} order by key", [1, 2, 3]),
        ("created >= -90m order by key", [3, 4]),
        ('created >= "2026-11-03 10:30" order by key', [3, 4]),  # the adapter's own time zone: UTC
        ("created >= 2026-11-04", []),
        ("key in (DUBU-1, DUBU-3) order by key", [1, 3]),
        ("issuekey = dubu-2", [2]),
        ("NOT status = Løst AND NOT (key = DUBU-2 OR key = DUBU-3)", [4]),
        ("summary ~ 'sag 3'", [3]),
        ("project = DUBU AND text !~ driller", []),
        ("labels = L4", [4]),
        ("labels is not EMPTY and resolution is EMPTY order by key", [2, 3, 4]),
        ("Kategori = Robotter", [2]),
        ("cf[10043] is not empty", [2]),
        ("Timepris = 938.98 or Timepris = 4 order by key", [3, 4]),
        ("id > 10003 and id <= 10005", [3]),
        ("Organizations = 'Odense Kommune'", [2]),
        ("assignee is null and reporter = currentUser() order by key", []),
        ("issuetype = Serviceanmodning and key = DUBU-1", [1]),
    ],
)
def test_a_query_finds_what_it_says(site: Sandbox, jql: str, found: list[int]) -> None:
    assert keys(site, jql) == [f"DUBU-{number}" for number in found]


def test_a_reporter_finds_their_own(site: Sandbox) -> None:
    assert len(keys(site, "reporter = currentUser()", "agent.anna")) == 4
    assert keys(site, f'reporter = "{site.user("agent.anna").account_id}" and key = DUBU-1') == ["DUBU-1"]


@pytest.mark.parametrize(
    ("jql", "words"),
    [
        ("project DUBU", "Expecting operator"),
        ("project", "the end of the query"),
        ("project = ", "the query ended"),
        ("project = DUBU status = Ny", "either 'OR' or 'AND'"),
        ("project in DUBU", "Expecting '('"),
        ("project in (DUBU", "Expecting ')'"),
        ("(project = DUBU", "Expecting ')'"),
        ("project is DUBU", "Expecting 'EMPTY'"),
        ("project not DUBU", "Expecting operator"),
        ("project = DUBU ORDER created", "Expecting 'by'"),
        ("project = DUBU ORDER BY findesikke", "does not exist"),
        ('project = "DUBU', "is not valid"),
        ("project = and", "a value or field name"),
        ("findesikke = 1", "Field 'findesikke' does not exist"),
        ("project = FINDESIKKE", "does not exist for the field 'project'"),
        ("status = Findesikke", "does not exist for the field 'status'"),
        ("key = DUBU-99", "An issue with key 'DUBU-99' does not exist"),
        ("id in (99)", "A value with ID '99' does not exist"),
        ("updated >= igår", "Date value 'igår'"),
        ("updated in (1)", "is not supported"),
        ("summary > 3", "is not supported"),
        ("id > abc", "is not valid"),
    ],
)
def test_a_bad_query_is_400_in_jiras_words(site: Sandbox, jql: str, words: str) -> None:
    with Rest(site) as rest:
        answer = rest.get("search/jql", params={"jql": jql})
    assert answer.status_code == 400
    assert words in answer.json()["errorMessages"][0]


def test_nobody_finds_what_they_may_not_see(site: Sandbox) -> None:
    assert "ANDET-1" not in keys(site, "created >= -30d")
    assert keys(site, "project = ANDET") == []
    assert keys(site, "project = ANDET", "fremmed") == ["ANDET-1"]
    assert keys(site, "created >= -30d", "kunde.aarhus") == []


def test_cloud_gives_ids_alone_unless_fields_are_asked_for(site: Sandbox) -> None:
    with Rest(site) as rest:
        bare = rest.get("search/jql?jql=key=DUBU-1").json()
        keyed = rest.get("search/jql?jql=key=DUBU-1&fields=key").json()
        full = rest.get("search/jql?jql=key=DUBU-1&fields=summary&expand=changelog").json()
    assert bare == {"issues": [{"id": site.issue("DUBU-1").id}], "isLast": True}
    assert set(keyed["issues"][0]) == {"expand", "id", "self", "key"}
    assert set(full["issues"][0]["fields"]) == {"summary"}
    assert full["issues"][0]["changelog"]["total"] == 1


def test_cloud_pages_by_token_and_nothing_is_skipped_when_the_list_shrinks(site: Sandbox) -> None:
    with Rest(site) as rest:
        asked: dict[str, Any] = {"jql": "project = DUBU ORDER BY key", "maxResults": 2, "fields": ["status"]}
        first = rest.post("search/jql", json=asked).json()
        assert ([i["key"] for i in first["issues"]], first["isLast"]) == (["DUBU-1", "DUBU-2"], False)
        site.as_user("admin").delete("DUBU-1")
        second = rest.post("search/jql", json=asked | {"nextPageToken": first["nextPageToken"]}).json()
        assert ([i["key"] for i in second["issues"]], second["isLast"]) == (["DUBU-3", "DUBU-4"], True)
        assert rest.post("search/jql", json=asked | {"nextPageToken": "%%%"}).status_code == 400


def test_cloud_refuses_a_query_without_restriction_and_has_lost_the_old_search(site: Sandbox) -> None:
    with Rest(site) as rest:
        assert "Unbounded" in rest.get("search/jql?jql=order by created").json()["errorMessages"][0]
        assert rest.get("search?jql=project=DUBU").status_code == 410
        many: dict[str, Any] = {"jql": "project = DUBU", "reconcileIssues": list(range(51))}
        assert rest.get("search/jql", params=many).status_code == 400


def test_the_index_lags_on_demand_but_not_for_ids_that_are_reconciled(site: Sandbox) -> None:
    site.world.search_lag = 60
    late = site.issue("DUBU-4").id
    with Rest(site) as rest:
        assert rest.get("search/jql?jql=key=DUBU-4").json()["issues"] == []
        fresh = rest.get(f"search/jql?jql=key=DUBU-4&reconcileIssues={late}").json()["issues"]
        assert fresh == [{"id": late}]
        assert rest.get("issue/DUBU-4").status_code == 200
        site.clock.advance(timedelta(minutes=2))
        assert rest.get("search/jql?jql=key=DUBU-4").json()["issues"] == [{"id": late}]


def test_data_center_pages_by_position() -> None:
    with Sandbox.start(default_seed("datacenter")) as site, Rest(site) as rest:
        for number in range(3):
            site.as_user("agent.anna").create(f"Sag {number}")
        page = rest.get("search?jql=project=DUBU order by key&startAt=1&maxResults=1&fields=summary").json()
        assert (page["total"], page["startAt"], [i["key"] for i in page["issues"]]) == (3, 1, ["DUBU-2"])
        assert rest.get("search?jql=project DUBU").status_code == 400
        assert rest.get("search").json()["total"] == 3
        assert rest.get("search/jql?jql=project=DUBU").status_code == 404
