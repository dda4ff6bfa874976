"""Finding tickets: by pages, each once, with nothing but its id and when it changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapter.catalogue.words import CategoryId, FieldName, StatusRole
from adapter.errors import Refused
from tests.gateway.loopback import Answer, Asked
from tests.gateway.site import API, TYPES, Site

SINCE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
UPDATED = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
CHANGED = {"fields": {"updated": "2026-11-23T11:30:00.000+0100"}}


def _pages(site: Site, *pages: list[str]) -> None:
    def cloud(asked: Asked) -> Answer:
        number = int(asked.query.get("nextPageToken", "0"))
        token = {"nextPageToken": str(number + 1)} if number + 1 < len(pages) else {}
        return Answer({"issues": [{"id": i, **CHANGED} for i in pages[number]], **token})

    def datacenter(asked: Asked) -> Answer:
        start = int(asked.query["startAt"])
        every = [i for page in pages for i in page]
        found = every[start : start + len(pages[0])]
        return Answer({"issues": [{"id": i, **CHANGED} for i in found], "total": len(every)})

    site.server.on("GET", f"{API}/search/jql" if site.cloud else f"{API}/search", cloud if site.cloud else datacenter)


def test_changed_tickets_are_found_by_milliseconds_with_the_time_of_their_change(site: Site) -> None:
    gateway = site.connect()
    _pages(site, ["1", "2"], ["3"])
    assert list(gateway.changed_since(SINCE)) == [("1", UPDATED), ("2", UPDATED), ("3", UPDATED)]
    first, second = site.server.asked
    assert first.query["jql"] == 'project = "DUBU" AND updated >= 1795428000000 ORDER BY key ASC'
    assert first.query["fields"] == "updated"
    assert second.query["nextPageToken" if site.cloud else "startAt"] == ("1" if site.cloud else "2")


def test_open_tickets_are_those_in_no_closed_status(site: Site) -> None:
    gateway = site.connect()
    _pages(site, ["1"])
    assert list(gateway.open_tickets()) == ["1"]
    assert site.server.asked[0].query["fields"] == "id"
    names = (n for role in (StatusRole.DONE, StatusRole.CANCELLED) for n in site.catalogue.jira.statuses[role])
    closed = ", ".join(site.statuses[name] for name in names)
    assert site.server.asked[0].query["jql"] == f'project = "DUBU" AND status not in ({closed}) ORDER BY key ASC'


def test_without_a_closed_status_jiras_own_category_decides(make_site: Callable[..., Site]) -> None:
    statuses = {StatusRole.NEW: ("Ny",), StatusRole.WAITING_CUSTOMER: ("Afventer Kunde",)}
    site = make_site("cloud", statuses=statuses)
    gateway = site.connect()
    _pages(site, ["1"])
    assert list(gateway.open_tickets()) == ["1"]
    assert "statusCategory != Done" in site.server.asked[0].query["jql"]


def test_only_the_mappings_issue_types_are_looked_for(make_site: Callable[..., Site]) -> None:
    site = make_site("datacenter", issue_types=(TYPES["10002"],))
    gateway = site.connect()
    _pages(site, ["1"])
    assert [issue for issue, _ in gateway.changed_since(SINCE)] == ["1"]
    assert "AND issuetype in (10002)" in site.server.asked[0].query["jql"]


def test_setups_are_looked_for_whoever_pays_now_and_where_a_solution_was_once_named(site: Site) -> None:
    """R16: closed ones too, as a setup that KOMBIT once paid is what counts, and only the changelog tells of it."""
    gateway = site.connect()
    _pages(site, ["7", "3"], ["9"])
    assert list(gateway.setups()) == ["7", "3", "9"]
    solution, category = (site.ids[n].removeprefix("customfield_") for n in (FieldName.SOLUTION, FieldName.CATEGORY))
    name = site.catalogue.services.categories[CategoryId("K9")].name
    assert site.server.asked[0].query["jql"] == (
        f'project = "DUBU" AND (cf[{category}] = "{name}" OR cf[{solution}] is not EMPTY) ORDER BY key ASC'
    )


def test_orders_that_wait_are_sf1475_tickets_in_any_status_that_is_not_closed(site: Site) -> None:
    """R16."""
    gateway = site.connect()
    _pages(site, ["7"], ["9"])
    assert list(gateway.open_orders()) == ["7", "9"]
    jql = site.server.asked[0].query["jql"]
    name = site.catalogue.services.categories[CategoryId("K9")].name
    assert f'cf[{site.ids[FieldName.CATEGORY].removeprefix("customfield_")}] = "{name}" AND status not in (' in jql


def test_a_name_with_quotes_ends_no_query(site: Site) -> None:
    gateway = site.connect()
    rows = site.catalogue.services.categories
    odd = {**rows, CategoryId("K9"): rows[CategoryId("K9")].model_copy(update={"name": 'X" OR project = "Y\\'})}
    services = site.catalogue.services.model_copy(update={"categories": odd})
    search = replace(gateway._search, catalogue=replace(site.catalogue, services=services))
    _pages(site, ["1"])
    assert list(search.setups()) == ["1"]
    assert r'= "X\" OR project = \"Y\\" OR cf[' in site.server.asked[0].query["jql"]


def test_a_catalogue_without_sf1475_has_no_setups_and_asks_for_none(site: Site) -> None:
    rows = {k: c for k, c in site.catalogue.services.categories.items() if k != "K9"}
    services = site.catalogue.services.model_copy(update={"categories": rows})
    site.catalogue = replace(site.catalogue, services=services)
    gateway = site.connect()
    assert list(gateway.setups()) == []
    assert list(gateway.open_orders()) == []
    assert site.server.asked == []


def test_an_id_that_moved_from_page_to_page_comes_once(site: Site) -> None:
    gateway = site.connect()
    _pages(site, ["1", "2"], ["2", "3"])
    assert [issue for issue, _ in gateway.changed_since(SINCE)] == ["1", "2", "3"]


@pytest.mark.parametrize("answer", [{"issues": [{"id": "1"}], "nextPageToken": "0", "total": 9}, {}, [], None])
def test_a_search_that_goes_round_in_circles_or_says_nothing_ends(site: Site, answer: object) -> None:
    gateway = site.connect()
    site.server.on("GET", f"{API}/search(/jql)?", Answer(answer))
    assert len(list(gateway.changed_since(SINCE))) <= 1  # and without a time, it has none
    assert len(site.server.asked) <= 2


def test_nothing_is_asked_before_the_first_id_is_wanted(site: Site) -> None:
    gateway = site.connect()
    gateway.changed_since(SINCE)
    assert site.server.asked == []


def test_a_query_that_jira_refuses_is_a_refusal_without_its_text(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", f"{API}/search(/jql)?", Answer({"errorMessages": ["hemmelig"]}, 400))
    with pytest.raises(Refused) as caught:
        list(gateway.changed_since(SINCE))
    assert "hemmelig" not in str(caught.value)
