"""The bill of one ticket for one month (R23): what was done, what of it is billed, to whom, and on which mails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from adapter.billing.charge import (
    NO_HOURS,
    NOTHING,
    Charge,
    by_the_hour,
    closings,
    first_settled,
    most_hours,
    once,
    rate_of,
    to_the_ore,
)
from adapter.billing.deviations import Code, Deviation
from adapter.billing.judged import Judged, Scope
from adapter.billing.month import Month
from adapter.billing.shifted import left_behind, moved_in
from adapter.billing.spells import stood_approved
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName, IssueKey, PaymentModel, StatusRole
from adapter.ticket.snapshot import Ticket, Worklog


@dataclass(frozen=True)
class Line:
    """One ticket in a month's billing basis.

    Of the month's hours some are `billed`, some `unapproved`, some `over` the approved price or cap; those for which no
    payer or rate is known, and those that a fixed price pays, are none of these. `amount` is what is billed, no more.
    """

    key: IssueKey
    created: datetime
    status: str
    seen: Judged
    category: str  # id and name
    payer_label: str
    model: str
    state: str  # where the ticket stands at the gate, as the site calls it
    hours: Fraction
    unapproved: Fraction
    over: Fraction
    billed: Fraction
    amount: Decimal
    rate: Fraction | None
    cap_hours: Fraction | None
    cap_amount: Decimal | None
    deviations: tuple[Deviation, ...] = ()


def bill(ticket: Ticket, seen: Judged, worklogs: Sequence[Worklog], month: Month, catalogue: Catalogue) -> Line | None:
    """Bills one ticket for one month, or None where it has nothing to do with that month's billing.

    It has where work was logged that began in the month, in Danish time, or in the month for an earlier one; and for a
    fixed price where the ticket was closed in it, or first stood both closed and approved. Only work that began while
    it stood approved is billed: all other hours until then use up the approved price or cap first, and a fixed price is
    billed once.
    """
    if seen.scope in {Scope.ORDINARY, Scope.UNSEEN}:
        return None
    zone = ZoneInfo(catalogue.calendar.timezone)
    hours = hours_of(worklogs, month, zone)
    is_fixed = seen.payment is PaymentModel.FIXED
    shifted = () if is_fixed else _shifted(seen, worklogs, month, zone)
    if not (hours or shifted or (is_fixed and _was_settled_in(ticket, seen, month, zone))):
        return None
    approved = [w for w in worklogs if stood_approved(seen.approved, w.started)]
    now = hours_of(approved, month, zone)
    if is_fixed:
        charge = once(seen, ticket.history, ticket.status.role, month, zone)
    else:
        before, all_before = hours_before(approved, month, zone), hours_before(worklogs, month, zone)
        charge = by_the_hour(seen, all_before - before + hours - now, before, now)
    charge = replace(charge, deviations=(*charge.deviations, *shifted))
    earlier = [
        w for w in worklogs if not stood_approved(seen.approved, w.started) and stood_approved(seen.opened, w.started)
    ]
    return _line(ticket, seen, catalogue, charge, hours, hours - now, hours_of(earlier, month, zone))


def _shifted(seen: Judged, worklogs: Sequence[Worklog], month: Month, zone: ZoneInfo) -> tuple[Deviation, ...]:
    """The hours that this month's report or an earlier one may hold wrongly."""
    found = (
        (Code.MOVED_IN, total_hours(moved_in(worklogs, month, zone))),
        (Code.LEFT_BEHIND, total_hours(left_behind(worklogs, month, zone))),
    )
    return tuple(Deviation(code, hours, _worth(seen, hours)) for code, hours in found if hours)


def hours_of(worklogs: Iterable[Worklog], month: Month, zone: ZoneInfo) -> Fraction:
    """The hours of the work that began in a month."""
    return total_hours(w for w in worklogs if Month.of(w.started, zone) == month)


def hours_before(worklogs: Iterable[Worklog], month: Month, zone: ZoneInfo) -> Fraction:
    """The hours of the work that began in an earlier month."""
    return total_hours(w for w in worklogs if Month.of(w.started, zone) < month)


def total_hours(worklogs: Iterable[Worklog]) -> Fraction:
    """The hours of all the work."""
    return Fraction(sum(w.seconds for w in worklogs), 3600)


def _was_settled_in(ticket: Ticket, seen: Judged, month: Month, zone: ZoneInfo) -> bool:
    settled = first_settled(ticket.history, seen.approved)
    moments = (*closings(ticket.history), *(() if settled is None else (settled,)))
    return any(Month.of(moment, zone) == month for moment in moments)


def _line(  # `earlier` are those of the unapproved hours that another approval covered
    ticket: Ticket,
    seen: Judged,
    catalogue: Catalogue,
    charge: Charge,
    hours: Fraction,
    unapproved: Fraction,
    earlier: Fraction,
) -> Line:
    is_fixed = seen.payment is PaymentModel.FIXED
    rate, most = (None, None) if is_fixed else (rate_of(seen), most_hours(seen))
    return Line(
        key=ticket.key,
        created=ticket.created,
        status=ticket.status.name,
        seen=seen,
        category=" ".join(part for part in (seen.category, seen.category_name) if part),
        payer_label=catalogue.label(FieldName.PAYER, seen.payer),
        model="" if seen.payment is None else catalogue.label(FieldName.PAYMENT_MODEL, seen.payment),
        state=catalogue.label(FieldName.APPROVAL, seen.state),
        hours=hours,
        unapproved=unapproved,
        over=charge.over,
        billed=charge.billed if seen.has_payer else NO_HOURS,
        amount=charge.amount if seen.has_payer else NOTHING,
        rate=rate,
        cap_hours=most,
        cap_amount=None if most is None or rate is None else to_the_ore(most * rate),
        deviations=_deviations(ticket, seen, charge, hours, unapproved, earlier),
    )


def _deviations(
    ticket: Ticket, seen: Judged, charge: Charge, hours: Fraction, unapproved: Fraction, earlier: Fraction
) -> tuple[Deviation, ...]:
    """Everything about a line that a person should see, the gravest first."""
    found: list[Deviation] = []
    if seen.scope is Scope.TRIAGE:
        found.append(Deviation(Code.TRIAGE, hours))
    elif not seen.has_payer:
        found.append(Deviation(Code.NO_PAYER, hours, charge.amount or _worth(seen, unapproved)))
    elif not seen.approved:
        found.append(Deviation(Code.NO_APPROVAL, hours - earlier, _worth(seen, unapproved - earlier)))
    if unapproved > earlier and seen.approved:
        before = unapproved - earlier
        found.append(Deviation(Code.BEFORE_APPROVAL, before, _worth(seen, before, even_fixed=False)))
    if earlier and seen.has_payer:  # what it is worth, that offer tells
        found.append(Deviation(Code.EARLIER_APPROVAL, earlier))
    found += charge.deviations
    if ticket.status.role is StatusRole.CANCELLED and hours:
        found.append(Deviation(Code.CANCELLED, hours, charge.amount or None))
    if charge.amount and (seen.offer is None or seen.approval is None):
        found.append(Deviation(Code.MAIL_MISSING, amount=charge.amount))
    if seen.mails_unread:
        found.append(Deviation(Code.MAIL_UNREAD))
    return tuple(found)


def _worth(seen: Judged, hours: Fraction, *, even_fixed: bool = True) -> Decimal | None:
    """What hours that are not billed would cost, or the fixed price; None where nobody can say."""
    if seen.payment is PaymentModel.FIXED:
        price = seen.fixed_price if seen.offered_price is None else seen.offered_price
        return to_the_ore(Fraction(price)) if price is not None and even_fixed else None
    rate = rate_of(seen)
    return None if rate is None else to_the_ore(hours * rate)
