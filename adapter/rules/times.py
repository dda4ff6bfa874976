"""What the two clocks of the catalogue show on a ticket: reaction (R5) and resolution (R6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from adapter.catalogue.model import Catalogue, Category
from adapter.catalogue.values import BY_AGREEMENT
from adapter.catalogue.words import FieldName, StatusRole
from adapter.rules.clock import OpeningTimes, reaction_due, resolution_due
from adapter.rules.evidence import EvidenceView, Kind
from adapter.ticket.snapshot import Comment, Ticket

WAITING = frozenset({StatusRole.WAITING_CUSTOMER, StatusRole.WAITING_THIRD_PARTY})


@dataclass(frozen=True)
class Times:
    """Deadlines of a ticket; `in_time` is None while the reaction is still possible in time."""

    reaction_due: datetime
    reacted_at: datetime | None
    in_time: bool | None
    resolution_due: datetime | None
    stands_still: bool


def tell_times(
    ticket: Ticket,
    catalogue: Catalogue,
    category: Category,
    evidence: EvidenceView,
    approved_at: datetime | None,
    now: datetime,
) -> Times:
    """Computes both clocks from the ticket's history; `approved_at` is None as long as the gate is closed."""
    opening = OpeningTimes.of(catalogue.calendar)
    due = reaction_due(ticket.created, category.reaction_hours, opening)
    reacted = first_personal_message(ticket, evidence)
    in_time = reacted <= due if reacted is not None else (False if now > due else None)
    return Times(
        reaction_due=due,
        reacted_at=reacted,
        in_time=in_time,
        resolution_due=_resolution(ticket, catalogue, category, approved_at, opening),
        stands_still=ticket.status.role in WAITING and catalogue.calendar.resolution.stands_still_while_waiting,
    )


def first_personal_message(ticket: Ticket, evidence: EvidenceView) -> datetime | None:
    """When the user first heard from a person: a public comment by the service desk, or the offer mail (R5)."""
    spoken = [comment.created for comment in ticket.comments if _is_personal(comment, ticket)]
    # What the adapter sent itself stops nothing, though somebody told it to: R5 asks for a person's own message.
    offers = (p.said_at for p in evidence.pieces if p.kind is Kind.OFFER and not p.attachment.author.is_adapter)
    mailed = [said_at for said_at in offers if said_at >= ticket.created]
    return min(spoken + mailed, default=None)


def _is_personal(comment: Comment, ticket: Ticket) -> bool:
    author = comment.author
    by_reporter = ticket.reporter is not None and author.account == ticket.reporter.account
    machine = author.is_adapter or author.is_app
    return comment.is_public is True and author.is_agent and not machine and not by_reporter


def _resolution(
    ticket: Ticket, catalogue: Catalogue, category: Category, approved_at: datetime | None, opening: OpeningTimes
) -> datetime | None:
    if category.resolution_days == BY_AGREEMENT:
        agreed = ticket.fields.get(FieldName.AGREED_DATE)
        if not isinstance(agreed, date) or isinstance(agreed, datetime) or not 2000 <= agreed.year <= 2200:
            return None  # none, or a slip of the pen
        return _end_of_day(_closing_by(agreed, opening), catalogue)
    clock = catalogue.calendar.resolution
    start = ticket.created if clock.counts_from == "oprettelse" else approved_at
    if start is None:
        return None
    # A wait that the start itself ended (the approval was what the ticket waited for) is over, whenever it is moved on.
    pauses = tuple(wait for wait in waits(ticket) if wait[0] >= start) if clock.stands_still_while_waiting else ()
    return _end_of_day(resolution_due(start, int(category.resolution_days), pauses, opening), catalogue)


def _end_of_day(closing: datetime | None, catalogue: Catalogue) -> datetime | None:
    """The deadline of a day: its closing time, or midnight by setting."""
    if closing is None or catalogue.calendar.resolution.ends_at == "lukketid":
        return closing
    day = closing.astimezone(ZoneInfo(catalogue.calendar.timezone)) + timedelta(days=1)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


def _closing_by(agreed: date, opening: OpeningTimes) -> datetime | None:
    """Closing time on the agreed day, or on the last open day before it."""
    days = (agreed - timedelta(days=back) for back in range(31))
    return next((closing for day in days if (closing := opening.closing_on(day)) is not None), None)


def waits(ticket: Ticket) -> tuple[tuple[datetime, datetime | None], ...]:
    """The spans a ticket spent in a waiting status, oldest first; the last one may not have ended."""
    spans: list[tuple[datetime, datetime | None]] = []
    began = ticket.created if _first_role(ticket) in WAITING else None
    for change in ticket.history:
        waiting = change.after.role in WAITING
        if began is not None and not waiting:
            spans.append((began, change.at))
            began = None
        elif began is None and waiting:
            began = change.at
    return (*spans, *([(began, None)] if began is not None else []))


def _first_role(ticket: Ticket) -> StatusRole:
    return ticket.history[0].before.role if ticket.history else ticket.status.role
