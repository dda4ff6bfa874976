"""The columns of the report: headings in Danish, and what stands below them, as real numbers and moments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from fractions import Fraction
from typing import Generic, TypeVar

from adapter.billing.bill import Line
from adapter.billing.charge import to_the_ore
from adapter.billing.judged import Proof
from adapter.billing.report import Exceptional, Total
from adapter.billing.safe import clean, visible

Row = TypeVar("Row")
Cell = str | int | Decimal | datetime | None

_TEN_THOUSANDTH = Decimal("0.0001")  # of an hour: a third of a second


class Kind(Enum):
    """How a cell is shown."""

    TEXT = "text"
    CODE = "code"  # a key or number of Jira's, or the mapping's version
    COUNT = "count"
    HOURS = "hours"
    MONEY = "money"
    MOMENT = "moment"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column of a sheet."""

    heading: str
    width: int  # characters
    kind: Kind
    cell: Callable[[Row], Cell]


def text_of(value: str, kind: Kind) -> str:
    """A text as it may be shown."""
    return visible(value) if kind is Kind.CODE else clean(value)


def hours(value: Fraction | None) -> Decimal | None:
    """Hours as a number that can be written down."""
    if value is None:
        return None
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_TEN_THOUSANDTH, ROUND_HALF_UP)


def _rate(value: Fraction | None) -> Decimal | None:
    return None if value is None else to_the_ore(value)


def _number(proof: Proof | None) -> Cell:
    return proof.attachment if proof else None


def _file(proof: Proof | None) -> Cell:
    return proof.filename if proof else None


def _at(proof: Proof | None) -> Cell:
    return proof.at if proof else None


def _told(line: Line) -> str:
    """The exceptions of a line in one cell."""
    return " | ".join(deviation.what for deviation in line.deviations)


TICKETS: tuple[Column[Line], ...] = (
    Column("Sag", 12, Kind.CODE, lambda line: line.key),
    Column("Oprettet", 17, Kind.MOMENT, lambda line: line.created),
    Column("Status", 16, Kind.TEXT, lambda line: line.status),
    Column("Kategori", 36, Kind.TEXT, lambda line: line.category),
    Column("Løsning", 20, Kind.TEXT, lambda line: line.seen.solution),
    Column("Betaler", 12, Kind.TEXT, lambda line: line.payer_label),
    Column("Betalende part", 26, Kind.TEXT, lambda line: line.seen.party),
    Column("Prismodel", 14, Kind.TEXT, lambda line: line.model),
    Column("Timer i måneden", 12, Kind.HOURS, lambda line: hours(line.hours)),
    Column("Timer uden godkendelse", 13, Kind.HOURS, lambda line: hours(line.unapproved)),
    Column("Timer over loft", 12, Kind.HOURS, lambda line: hours(line.over)),
    Column("Fakturerede timer", 13, Kind.HOURS, lambda line: hours(line.billed)),
    Column("Timepris", 14, Kind.MONEY, lambda line: _rate(line.rate)),
    Column("Beløb", 16, Kind.MONEY, lambda line: line.amount),
    Column("Loft i timer", 12, Kind.HOURS, lambda line: hours(line.cap_hours)),
    Column("Loft i kroner", 16, Kind.MONEY, lambda line: line.cap_amount),
    Column("Katalogets faste pris", 16, Kind.MONEY, lambda line: line.seen.fixed_price),
    Column("Tilbudt pris", 16, Kind.MONEY, lambda line: line.seen.offered_price),
    Column("Tilbudte timer", 12, Kind.HOURS, lambda line: line.seen.offered_hours),
    Column("Godkendelse", 20, Kind.TEXT, lambda line: line.state),
    Column("Godkendt fra", 17, Kind.MOMENT, lambda line: line.seen.approved_at),
    Column("Tilbudsmail nr.", 12, Kind.CODE, lambda line: _number(line.seen.offer)),
    Column("Tilbudsmail", 28, Kind.TEXT, lambda line: _file(line.seen.offer)),
    Column("Tilbudsmail dato", 17, Kind.MOMENT, lambda line: _at(line.seen.offer)),
    Column("Godkendelsesmail nr.", 12, Kind.CODE, lambda line: _number(line.seen.approval)),
    Column("Godkendelsesmail", 28, Kind.TEXT, lambda line: _file(line.seen.approval)),
    Column("Godkendelsesmail dato", 17, Kind.MOMENT, lambda line: _at(line.seen.approval)),
    Column("Undtagelser", 40, Kind.TEXT, _told),
)
"""One row a ticket; the file of commas holds the same."""

EXCEPTIONS: tuple[Column[Exceptional], ...] = (
    Column("Sag", 14, Kind.CODE, lambda one: one.ticket),
    Column("Betaler", 26, Kind.TEXT, lambda one: one.payer),
    Column("Godkendelse", 20, Kind.TEXT, lambda one: one.state),
    Column("Undtagelse", 38, Kind.TEXT, lambda one: one.deviation.what),
    Column("Timer", 12, Kind.HOURS, lambda one: hours(one.deviation.hours or None)),
    Column("Beløb", 16, Kind.MONEY, lambda one: one.deviation.amount),
    Column("Hvad skal der gøres", 80, Kind.TEXT, lambda one: one.deviation.to_do),
)

PAYERS: tuple[Column[Total], ...] = (
    Column("Betaler", 14, Kind.TEXT, lambda total: total.payer_label),
    Column("Betalende part", 40, Kind.TEXT, lambda total: total.party),
    Column("Sager", 10, Kind.COUNT, lambda total: total.tickets),
    Column("Sager med beløb", 12, Kind.COUNT, lambda total: total.billed_tickets),
    Column("Fakturerede timer", 14, Kind.HOURS, lambda total: hours(total.hours)),
    Column("Beløb", 18, Kind.MONEY, lambda total: total.amount),
)
