"""What a month's work on one ticket costs: hours against the approved price or cap, or a fixed price once (R19, R23).

Hours are exact fractions. Amounts are rounded over all months together, half up to the øre, and a month gets the
difference: so what all months cost together is what the work costs, and never more than was approved.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from adapter.billing.deviations import Code, Deviation
from adapter.billing.judged import Judged
from adapter.billing.month import Month
from adapter.billing.spells import Spell, stood_approved
from adapter.catalogue.words import StatusRole
from adapter.ticket.snapshot import StatusChange

NOTHING = Decimal("0.00")
NO_HOURS = Fraction(0)


@dataclass(frozen=True)
class Charge:
    """What is billed of a month's approved work, and what is not."""

    billed: Fraction = NO_HOURS
    amount: Decimal = NOTHING
    over: Fraction = NO_HOURS  # hours beyond the approved price or cap
    deviations: tuple[Deviation, ...] = ()


def to_the_ore(amount: Fraction) -> Decimal:
    """An amount in kroner rounded half up to the øre; never negative."""
    ore = Decimal((amount * 200 + 1).__floor__() // 2)
    return (ore / 100).quantize(NOTHING, ROUND_HALF_UP)


def rate_of(seen: Judged) -> Fraction | None:
    """Kroner an hour: the row's own, else what the offer comes to an hour; None where the ticket tells neither."""
    if seen.hourly_rate is not None:
        return Fraction(seen.hourly_rate)
    if seen.offered_price is None or not seen.offered_hours:
        return None
    return Fraction(seen.offered_price) / Fraction(seen.offered_hours)


def most_hours(seen: Judged) -> Fraction | None:
    """How many hours the approval covers: the offered hours or else the row's cap, and no more than the offered price.

    That is all work on the ticket together, as on the ticket itself, whenever it was done.
    """
    hours = seen.cap_hours if seen.offered_hours is None else seen.offered_hours
    limits = [] if hours is None else [Fraction(hours)]
    rate = rate_of(seen)
    if seen.offered_price is not None and rate:
        limits.append(Fraction(seen.offered_price) / rate)
    return min(limits, default=None)


def by_the_hour(seen: Judged, unapproved: Fraction, before: Fraction, now: Fraction) -> Charge:
    """Bills the hours of a month that were approved (`now`), as far as the approval covers them.

    What it covers is used up first by hours that were not (`unapproved`, those of later months apart) and then by those
    of earlier months (`before`). Where no rate is known nothing is billed, but what is over the cap is told all the
    same.
    """
    rate, all_hours = rate_of(seen), most_hours(seen)
    most = None if all_hours is None else max(all_hours - unapproved, NO_HOURS)
    until_then, until_now = (hours if most is None else min(hours, most) for hours in (before, before + now))
    covered = until_now - until_then
    over = now - covered
    deviations = [Deviation(Code.OVER_CAP, over, None if rate is None else to_the_ore(over * rate))] if over else []
    if rate is None:
        deviations += [Deviation(Code.NO_RATE, covered)] if covered else []
        return Charge(over=over, deviations=tuple(deviations))
    amount = to_the_ore(until_now * rate) - to_the_ore(until_then * rate)
    return Charge(covered, amount, over, tuple(deviations))


def once(seen: Judged, history: Sequence[StatusChange], status: StatusRole, month: Month, zone: ZoneInfo) -> Charge:
    """Bills a fixed price in the month in which the ticket first stood both closed and approved.

    A ticket that is opened again and closed in a later month is not billed again; one that was closed in an earlier
    month, too, is told, for another approval may have stood then.
    """
    price = seen.fixed_price if seen.offered_price is None else seen.offered_price
    settled_at = first_settled(history, seen.approved)
    settled = None if settled_at is None else Month.of(settled_at, zone)
    shown = None if price is None else to_the_ore(Fraction(price))
    if settled == month:
        if shown is None:
            return Charge(deviations=(Deviation(Code.NO_PRICE),))
        was_closed = any(Month.of(moment, zone) < month for moment in closings(history))
        return Charge(amount=shown, deviations=(Deviation(Code.CLOSED_BEFORE, amount=shown),) if was_closed else ())
    if settled is not None and settled < month:
        return Charge(deviations=(Deviation(Code.BILLED_BEFORE, amount=shown),))
    if status is StatusRole.CANCELLED or not seen.approved:
        return Charge()
    return Charge(deviations=(Deviation(Code.NOT_DONE, amount=shown),))


def first_settled(history: Sequence[StatusChange], approved: Sequence[Spell]) -> datetime | None:
    """The first moment at which a ticket stood both closed as done and approved; None where it never did."""
    moments = sorted({*(change.at for change in history), *(spell.begins for spell in approved)})
    return next((m for m in moments if stood_approved(approved, m) and _stood_done(history, m)), None)


def _stood_done(history: Sequence[StatusChange], moment: datetime) -> bool:
    changes = bisect_right(history, moment, key=lambda change: change.at)
    return changes > 0 and history[changes - 1].after.role is StatusRole.DONE


def closings(history: Sequence[StatusChange]) -> tuple[datetime, ...]:
    """When a ticket was closed as done; a move from one such status to another is none."""
    done = StatusRole.DONE
    return tuple(change.at for change in history if change.after.role is done and change.before.role is not done)
