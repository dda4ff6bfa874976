"""A month is gathered from the tickets as they stand; what cannot be read is told and never left out (R23)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from adapter.billing.deviations import Code, Deviation
from adapter.billing.gather import gather
from adapter.billing.judged import UNSEEN, Judged
from adapter.billing.report import Report
from adapter.catalogue.words import IssueId, IssueKey
from adapter.errors import AdapterError, Gone, OutOfReach, Refused
from adapter.ticket.snapshot import Ticket, Worklog
from tests.billing.made import NOVEMBER, seen, work
from tests.builders import a_ticket, at, catalogue

AWAY = OutOfReach("Jira does not answer")
MADE_AT = at("2026-12-01 08:00")


@dataclass
class Tickets:
    """Tickets by number, each with an hour of approved work; `trouble` comes as often as it is listed."""

    numbers: Sequence[int] = (1, 2, 3)
    trouble: dict[int, list[AdapterError]] = field(default_factory=dict)
    log_trouble: dict[int, AdapterError] = field(default_factory=dict)
    judged: dict[int, Judged | None] = field(default_factory=dict)
    tracked: Sequence[int] = (1, 2, 3)
    asked_since: datetime | None = None

    def changed_since(self, moment: datetime) -> Iterator[IssueId]:
        self.asked_since = moment
        yield from (IssueId(str(number)) for number in self.numbers)

    def judge(self, issue: IssueId) -> tuple[Ticket, Judged] | None:
        number = int(issue)
        if self.trouble.get(number):
            raise self.trouble[number].pop(0)
        judged = self.judged.get(number, seen())
        spent = 3600 if number in self.tracked else 0
        return None if judged is None else (a_ticket(key=IssueKey(f"DUBU-{number}"), seconds_spent=spent), judged)

    def worklogs(self, issue: IssueId) -> Sequence[Worklog]:
        if int(issue) in self.log_trouble:
            raise self.log_trouble[int(issue)]
        return [work("2026-11-05 09:00")]


def made(tickets: Tickets) -> Report:
    return gather(tickets, catalogue(), NOVEMBER, MADE_AT)


def keys(report: Report) -> list[str]:
    return [line.key for line in report.lines]


def test_every_ticket_that_was_touched_since_the_month_began_is_billed() -> None:
    tickets = Tickets()
    report = made(tickets)
    assert tickets.asked_since == datetime(2026, 9, 30, 22, tzinfo=UTC)  # a month earlier: work may be dated ahead
    assert (keys(report), report.looked_at) == (["DUBU-1", "DUBU-2", "DUBU-3"], 3)
    assert (report.mapping_version, report.month, report.exceptions) == (catalogue().version, NOVEMBER, ())


def test_tickets_that_are_not_the_adapters_have_no_line() -> None:
    report = made(Tickets(judged={2: None}))
    assert (keys(report), report.apart, report.looked_at) == (["DUBU-1", "DUBU-3"], (), 3)


@pytest.mark.parametrize("error", [Gone("deleted"), Refused("forbidden", 403)])
def test_a_ticket_that_cannot_be_read_is_an_exception(error: AdapterError) -> None:
    report = made(Tickets(trouble={2: [error]}))
    assert keys(report) == ["DUBU-1", "DUBU-3"]
    assert [(one.ticket, one.deviation.code) for one in report.exceptions] == [("nr. 2", Code.TICKET_UNREAD)]


def test_one_whose_work_cannot_be_read_is_named_by_its_key() -> None:
    report = made(Tickets(log_trouble={2: Refused("forbidden", 403)}))
    assert [(one.ticket, one.deviation.code) for one in report.exceptions] == [("DUBU-2", Code.TICKET_UNREAD)]


def test_where_time_is_not_tracked_only_a_ticket_with_time_on_it_is_an_exception() -> None:
    untracked: dict[int, AdapterError] = dict.fromkeys((1, 2, 3), Gone("time is not tracked"))
    report = made(Tickets(log_trouble=untracked, tracked=(3,)))
    assert [(one.ticket, one.deviation.code) for one in report.exceptions] == [("DUBU-3", Code.TICKET_UNREAD)]
    assert report.lines == ()


def test_a_ticket_without_an_answer_is_asked_once_more() -> None:
    report = made(Tickets(trouble={1: [AWAY], 3: [AWAY]}))
    assert (keys(report), report.apart) == (["DUBU-1", "DUBU-2", "DUBU-3"], ())


def test_one_that_never_answers_is_an_exception() -> None:
    report = made(Tickets(trouble={3: [AWAY, AWAY]}))
    assert keys(report) == ["DUBU-1", "DUBU-2"]
    assert [one.ticket for one in report.exceptions] == ["nr. 3"]


def test_where_ticket_after_ticket_gives_no_answer_it_is_jira_that_is_away() -> None:
    with pytest.raises(OutOfReach):
        made(Tickets(trouble={1: [AWAY], 2: [AWAY], 3: [AWAY]}))


def test_single_silences_do_not_add_up_to_an_outage() -> None:
    tickets = Tickets(range(1, 8), trouble={number: [AWAY] for number in (1, 2, 4, 5, 7)})
    assert len(keys(made(tickets))) == 7


def test_work_on_a_ticket_that_was_closed_before_the_adapter_came_is_told() -> None:
    report = made(Tickets(judged={2: UNSEEN}))
    (one,) = report.exceptions
    assert (one.ticket, one.deviation) == ("DUBU-2", Deviation(Code.CLOSED_UNSEEN, Fraction(1)))


def test_one_without_work_in_the_month_is_not_worth_a_word() -> None:
    tickets = Tickets(judged={2: UNSEEN})
    report = gather(tickets, catalogue(), type(NOVEMBER)(2026, 10), MADE_AT)
    assert (report.lines, report.apart, report.exceptions) == ((), (), ())


def test_progress_is_told_ticket_by_ticket() -> None:
    told: list[tuple[int, int]] = []
    gather(Tickets(), catalogue(), NOVEMBER, MADE_AT, lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
