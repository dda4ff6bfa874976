"""A month's billing basis as a whole: lines, what stands apart from them, and totals for each payer (R23)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from zoneinfo import ZoneInfo

from adapter.billing.bill import Line
from adapter.billing.charge import NO_HOURS, NOTHING
from adapter.billing.deviations import Deviation
from adapter.billing.month import Month
from adapter.catalogue.words import Payer, SiteName

_KINDS = (Payer.MUNICIPALITY, Payer.THIRD_PARTY, Payer.KOMBIT)


@dataclass(frozen=True)
class Total:
    """What one payer owes for a month."""

    payer: Payer
    payer_label: str
    party: str
    tickets: int
    billed_tickets: int
    hours: Fraction
    amount: Decimal


@dataclass(frozen=True)
class Apart:
    """A ticket that has no line, and why; named by its key, or by Jira's number where the key is not known."""

    ticket: str
    deviation: Deviation


@dataclass(frozen=True)
class Exceptional:
    """One exception of one ticket, as it is listed."""

    ticket: str
    payer: str
    state: str
    deviation: Deviation


@dataclass(frozen=True)
class Report:
    """The billing basis of one site and month."""

    site: SiteName
    project: str
    mapping_version: str
    month: Month
    made_at: datetime  # aware
    zone: ZoneInfo
    is_ex_vat: bool
    looked_at: int  # tickets that Jira named, with or without a line
    lines: tuple[Line, ...]
    apart: tuple[Apart, ...] = ()

    @property
    def totals(self) -> tuple[Total, ...]:
        """What each payer owes, municipalities first, by name; tickets without a known payer are in none."""
        return totals(self.lines)

    @property
    def exceptions(self) -> tuple[Exceptional, ...]:
        """Every exception, those of tickets without a line last."""
        of_lines = (
            Exceptional(line.key, line.seen.party or line.payer_label, line.state, deviation)
            for line in self.lines
            for deviation in line.deviations
        )
        return (*of_lines, *(Exceptional(apart.ticket, "", "", apart.deviation) for apart in self.apart))

    @property
    def amount(self) -> Decimal:
        """All that is billed."""
        return sum((line.amount for line in self.lines), NOTHING)

    @property
    def hours(self) -> Fraction:
        """All hours that are billed."""
        return sum((line.billed for line in self.lines), NO_HOURS)

    @property
    def is_month_over(self) -> bool:
        return Month.of(self.made_at, self.zone) > self.month


def totals(lines: Iterable[Line]) -> tuple[Total, ...]:
    """What each payer owes; parties of the same name but another kind of payer stand apart."""
    known = [line for line in lines if line.seen.has_payer]
    found: list[Total] = []
    for (kind, party), group in groupby(sorted(known, key=_payer), key=_payer):
        theirs = tuple(group)
        found.append(
            Total(
                payer=_KINDS[kind],
                payer_label=theirs[0].payer_label,
                party=party,
                tickets=len(theirs),
                billed_tickets=sum(line.amount > 0 for line in theirs),
                hours=sum((line.billed for line in theirs), NO_HOURS),
                amount=sum((line.amount for line in theirs), NOTHING),
            )
        )
    return tuple(found)


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines by payer, those without one last, and then by the number in the ticket's key."""
    return tuple(sorted(lines, key=lambda line: (line.seen.party is None, *_payer(line), _number(line))))


def _payer(line: Line) -> tuple[int, str]:
    payer = line.seen.payer
    return (_KINDS.index(payer) if payer in _KINDS else len(_KINDS)), line.seen.party or ""


def _number(line: Line) -> tuple[int, str]:
    digits = line.key.rpartition("-")[2]
    return (int(digits) if digits.isdecimal() else 0), line.key
