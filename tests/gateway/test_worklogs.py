"""Logged work is read whole, oldest first (R19, R23)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapter.catalogue.words import IssueId
from adapter.errors import Gone, OutOfReach, Refused
from adapter.ticket.snapshot import Worklog
from tests.gateway.loopback import Answer, Asked
from tests.gateway.site import API, Json, Site

ISSUE = IssueId("5001")
PATH = f"{API}/issue/5001/worklog"
WRITTEN = (datetime(2026, 11, 24, 8, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=UTC))  # and changed


def _log(number: int, hour: int, seconds: object = 3600) -> Json:
    at = f"2026-11-23T{hour:02d}:00:00.000+0000"
    written = {"created": "2026-11-24T08:00:00.000+0000", "updated": "2026-11-25T08:00:00.000+0000"}
    return {"id": str(number), "started": at, "timeSpentSeconds": seconds, "comment": "hemmelig", **written}


def _serve(site: Site, logs: list[Json], size: int) -> None:
    def page(asked: Asked) -> Answer:
        start = int(asked.query["startAt"])
        return Answer({"worklogs": logs[start : start + size], "startAt": start, "total": len(logs)})

    site.server.on("GET", PATH, page)


def test_all_pages_are_read_oldest_first_and_nothing_but_when_and_how_long(site: Site) -> None:
    gateway = site.connect()
    _serve(site, [_log(1, 12), _log(2, 9, 1800), _log(3, 10, 60)], size=2)
    assert gateway.worklogs(ISSUE) == (
        Worklog("2", datetime(2026, 11, 23, 9, tzinfo=UTC), 1800, *WRITTEN),
        Worklog("3", datetime(2026, 11, 23, 10, tzinfo=UTC), 60, *WRITTEN),
        Worklog("1", datetime(2026, 11, 23, 12, tzinfo=UTC), 3600, *WRITTEN),
    )
    assert len(site.server.asked) == 2


def test_a_worklog_that_moved_from_page_to_page_counts_once(site: Site) -> None:
    gateway = site.connect()
    _serve(site, [_log(1, 9), _log(1, 9), _log(2, 10)], size=1)
    assert [w.id for w in gateway.worklogs(ISSUE)] == ["1", "2"]


def test_what_is_no_worklog_is_left_out(site: Site) -> None:
    gateway = site.connect()
    _serve(site, [{}, {"id": "1"}, _log(2, 9) | {"started": "i går"}, _log(3, 9, -5), _log(4, 9, "lang tid")], size=9)
    assert [(w.id, w.seconds) for w in gateway.worklogs(ISSUE)] == [("3", 0), ("4", 0)]


def test_work_of_which_jira_does_not_say_when_it_was_written_was_written_when_it_began(site: Site) -> None:
    gateway = site.connect()
    _serve(site, [{key: value for key, value in _log(1, 9).items() if key not in {"created", "updated"}}], size=9)
    began = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert gateway.worklogs(ISSUE) == (Worklog("1", began, 3600, began, began),)


def test_no_work_is_no_worklogs(site: Site) -> None:
    gateway = site.connect()
    _serve(site, [], size=9)
    assert gateway.worklogs(ISSUE) == ()


@pytest.mark.parametrize(("status", "error"), [(404, Gone), (403, Refused), (503, OutOfReach)])
def test_work_that_may_not_be_read_is_never_taken_for_no_work(site: Site, status: int, error: type[Exception]) -> None:
    gateway = site.connect()
    site.server.on("GET", PATH, Answer({"errorMessages": ["hemmelig"]}, status))
    with pytest.raises(error) as caught:
        gateway.worklogs(ISSUE)
    assert "hemmelig" not in str(caught.value)
