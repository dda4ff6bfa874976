"""The report as a file for Danish spreadsheets: semicolons, comma in numbers, one row a ticket."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from adapter.billing.columns import TICKETS, Cell, Kind, text_of
from adapter.billing.report import Report
from adapter.billing.safe import for_csv


def to_csv(report: Report) -> bytes:
    """The tickets of a report as UTF-8 with a mark in front, by which Excel knows it.

    Tickets without a line follow, with nothing but what is the matter with them.
    """
    file = io.StringIO(newline="")
    rows = csv.writer(file, delimiter=";", lineterminator="\r\n")
    rows.writerow([column.heading for column in TICKETS])
    for line in report.lines:
        rows.writerow([_shown(column.cell(line), column.kind, report.zone) for column in TICKETS])
    for apart in report.apart:
        told = {"Sag": apart.ticket, "Undtagelser": apart.deviation.what}
        rows.writerow([for_csv(told.get(column.heading, "")) for column in TICKETS])
    return file.getvalue().encode("utf-8-sig")


def _shown(cell: Cell, kind: Kind, zone: ZoneInfo) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell.astimezone(zone):%Y-%m-%d %H:%M}"
        case Decimal():
            return _danish(cell, kind)
        case _:
            return for_csv(text_of(str(cell), kind))


def _danish(number: Decimal, kind: Kind) -> str:
    """`1234,50`; hours with more decimals where they have them, and no points at thousands, which scripts mistake."""
    places = 2 if kind is Kind.MONEY else 4
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, decimals = f"{rounded:f}".partition(".")
    return f"{whole},{decimals[:2]}{decimals[2:].rstrip('0')}"
