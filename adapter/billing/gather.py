"""Gathers a month's billing basis ticket by ticket; one that cannot be read is told of, never left out (R23)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from adapter.billing.bill import Line, bill, hours_of
from adapter.billing.deviations import Code, Deviation
from adapter.billing.judged import Judged, Scope
from adapter.billing.month import Month
from adapter.billing.report import Apart, Report, in_order
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import IssueId
from adapter.errors import Gone, OutOfReach, Refused
from adapter.ticket.snapshot import Ticket, Worklog

_IN_A_ROW = 3  # tickets without an answer, after which it is Jira that is away and not the tickets


class Source(Protocol):
    """Where tickets come from, as they stand now."""

    def changed_since(self, moment: datetime) -> Iterator[IssueId]:
        """All tickets that changed at or after a moment, those without a category too; work logged is a change."""

    def judge(self, issue: IssueId) -> tuple[Ticket, Judged] | None:
        """A ticket and what the decision knows of it; None for one that is not the adapter's."""

    def worklogs(self, issue: IssueId) -> Sequence[Worklog]:
        """All work logged on a ticket."""


def gather(
    source: Source,
    catalogue: Catalogue,
    month: Month,
    made_at: datetime,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Report:
    """The billing basis of a month by the tickets' present state; `tell` hears how far it has come.

    OutOfReach where Jira does not answer for several tickets in a row; a ticket that alone gives no answer is tried
    once more at the end, and then told of as one that could not be read.
    """
    zone = ZoneInfo(catalogue.calendar.timezone)
    # From the month before: work may be dated later than it was written. All at once: pages of a search do not wait.
    issues = list(source.changed_since(month.previous.begins(zone)))
    found: list[Line | Apart | None] = []
    unanswered: list[IssueId] = []
    in_a_row = 0
    for done, issue in enumerate(issues, start=1):
        try:
            found.append(_one(source, catalogue, month, issue))
            in_a_row = 0
        except OutOfReach:
            in_a_row += 1
            if in_a_row == _IN_A_ROW:
                raise
            unanswered.append(issue)
        tell(done, len(issues))
    found += [_once_more(source, catalogue, month, issue) for issue in unanswered]
    return Report(
        site=catalogue.site,
        project=catalogue.jira.project,
        mapping_version=catalogue.version,
        month=month,
        made_at=made_at,
        zone=zone,
        is_ex_vat=catalogue.services.prices_are_ex_vat,
        looked_at=len(issues),
        lines=in_order(line for line in found if isinstance(line, Line)),
        apart=tuple(apart for apart in found if isinstance(apart, Apart)),
    )


def _one(source: Source, catalogue: Catalogue, month: Month, issue: IssueId) -> Line | Apart | None:
    name = f"nr. {issue}"
    try:
        known = source.judge(issue)
        if known is None:
            return None
        ticket, seen = known
        name = ticket.key
        worklogs = _worklogs(source, ticket, issue)
    except (Gone, Refused):
        return Apart(name, Deviation(Code.TICKET_UNREAD))
    if seen.scope is Scope.UNSEEN:
        hours = hours_of(worklogs, month, ZoneInfo(catalogue.calendar.timezone))
        return Apart(ticket.key, Deviation(Code.CLOSED_UNSEEN, hours)) if hours else None
    return bill(ticket, seen, worklogs, month, catalogue)


def _worklogs(source: Source, ticket: Ticket, issue: IssueId) -> Sequence[Worklog]:
    """The work on a ticket; none where Jira has no time on it, as where time is not tracked at all."""
    try:
        return source.worklogs(issue)
    except Gone:
        if ticket.seconds_spent:
            raise
        return ()


def _once_more(source: Source, catalogue: Catalogue, month: Month, issue: IssueId) -> Line | Apart | None:
    try:
        return _one(source, catalogue, month, issue)
    except OutOfReach:
        return Apart(f"nr. {issue}", Deviation(Code.TICKET_UNREAD))
