"""Lists are read to their end, whatever Jira leaves out about it, and never for ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adapter.errors import OutOfReach
from adapter.gateway.admin.keys import ProjectKeys
from adapter.gateway.admin.workflows import Workflows
from adapter.gateway.session import DESK, MOST_PAGES, PAGE, Wire
from adapter.provision.found import IssueType, Project
from tests.gateway.loopback import Answer, Asked, Loopback

PROJECT = Project("10000", "DUBU", "DUBU", False, (IssueType("1", "Serviceanmodning"),))
LIST = "/rest/api/2/list"


def serve(server: Loopback, said: Callable[[int, int], dict[str, object]], many: int = 120, size: int = 50) -> None:
    def page(asked: Asked) -> Answer:
        start = int(asked.query["startAt"])
        shown = [{"id": str(i)} for i in range(start, min(start + size, many))]
        return Answer({"values": shown} | said(start + len(shown), many))

    server.on("GET", LIST, page)


@pytest.mark.parametrize(
    "said",
    [
        lambda end, many: {"isLast": end >= many},
        lambda _, many: {"total": many},
        lambda end, many: {"total": many, "isLast": end >= many},
        lambda end, many: {"total": 0, "isLast": end >= many},
    ],
)
def test_a_server_that_caps_its_pages_is_read_to_the_end(
    wire: Wire, server: Loopback, said: Callable[[int, int], dict[str, object]]
) -> None:
    serve(server, said)
    assert [one["id"] for one in wire.pages(LIST, ("values",))] == [str(i) for i in range(120)]


def test_one_that_says_nothing_of_the_end_is_read_until_a_page_is_short(wire: Wire, server: Loopback) -> None:
    serve(server, lambda *_: {}, size=PAGE)
    assert len(list(wire.pages(LIST, ("values",)))) == 120
    assert len(server.asked) == 2


def test_pages_that_do_not_end_are_given_up(wire: Wire, server: Loopback) -> None:
    server.on("GET", LIST, lambda _: Answer({"values": [{"id": "1"}], "isLast": False}))
    server.on("GET", f"{DESK}/organization", lambda _: Answer({"values": [{"id": "1"}], "isLastPage": False}))
    usages = {"projects": {"values": [{"id": "10000"}], "nextPageToken": "same"}}
    server.on("GET", "/rest/api/3/workflow/w/projectUsages", lambda _: Answer(usages))
    for read in (
        lambda: list(wire.pages(LIST, ("values",))),
        lambda: list(wire.desk_pages("/organization")),
        lambda: list(Workflows(wire, ProjectKeys(wire))._projects("w", PROJECT)),
    ):
        server.asked.clear()
        with pytest.raises(OutOfReach, match="do not end"):
            read()
        assert len(server.asked) == MOST_PAGES
