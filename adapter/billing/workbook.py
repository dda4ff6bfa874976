"""The report as an Excel workbook of four sheets; nothing in it is a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from adapter.billing.columns import EXCEPTIONS, PAYERS, TICKETS, Cell, Column, Kind, Row, hours, text_of
from adapter.billing.report import Report
from adapter.billing.safe import could_run, for_workbook

_FORMATS = {
    Kind.TEXT: "@",
    Kind.CODE: "@",
    Kind.COUNT: "0",
    Kind.HOURS: "#,##0.00",
    Kind.MONEY: '#,##0.00" kr."',
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
}
_BOLD = Font(bold=True)
_SHADE = PatternFill("solid", fgColor="DDE6EE")
_HEAD = Alignment(wrap_text=True, vertical="top")
_TEXT = Alignment(wrap_text=True, vertical="top")
_NUMBER = Alignment(vertical="top")


def to_workbook(report: Report) -> bytes:
    """A report as an .xlsx file."""
    book = Workbook()
    book.properties.creator = "dubu-adapter"
    book.properties.created = book.properties.modified = report.made_at.astimezone(UTC).replace(tzinfo=None)
    first = book.worksheets[0]
    first.title = "Oversigt"
    _overview(first, report)
    _table(book.create_sheet("Sager"), TICKETS, report.lines, report.zone)
    _table(book.create_sheet("Undtagelser"), EXCEPTIONS, report.exceptions, report.zone)
    _table(book.create_sheet("Pr. betaler"), PAYERS, report.totals, report.zone)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _overview(sheet: Worksheet, report: Report) -> None:
    """What the report is of, and its figures."""
    unfinished = "" if report.is_month_over else " (måneden er ikke slut)"
    facts: tuple[tuple[str, Cell, Kind], ...] = (
        ("Faktureringsgrundlag", report.month.in_danish + unfinished, Kind.TEXT),
        ("Site", report.site, Kind.TEXT),
        ("Jira-projekt", report.project, Kind.TEXT),
        ("Mappingens version", report.mapping_version, Kind.CODE),
        ("Lavet", report.made_at, Kind.MOMENT),
        ("Sager set igennem", report.looked_at, Kind.COUNT),
        ("Sager i grundlaget", len(report.lines), Kind.COUNT),
        ("Sager med beløb", sum(line.amount > 0 for line in report.lines), Kind.COUNT),
        ("Fakturerede timer", hours(report.hours), Kind.HOURS),
        ("Beløb i alt" + (" ekskl. moms" if report.is_ex_vat else ""), report.amount, Kind.MONEY),
        ("Undtagelser", len(report.exceptions), Kind.COUNT),
    )
    for number, (name, value, kind) in enumerate(facts, start=1):
        heading = sheet.cell(number, 1)
        _put(heading, name, Kind.TEXT, report.zone)
        heading.font = _BOLD
        cell = sheet.cell(number, 2)
        _put(cell, value, kind, report.zone)
        cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 48
    _print_wide(sheet)


def _table(sheet: Worksheet, columns: Sequence[Column[Row]], rows: Iterable[Row], zone: ZoneInfo) -> None:
    """A sheet with one heading row that stays in sight."""
    for number, column in enumerate(columns, start=1):
        cell = sheet.cell(1, number)
        _put(cell, column.heading, Kind.TEXT, zone)
        cell.font, cell.fill, cell.alignment = _BOLD, _SHADE, _HEAD
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    for at, row in enumerate(rows, start=2):
        for number, column in enumerate(columns, start=1):
            _put(sheet.cell(at, number), column.cell(row), column.kind, zone)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(sheet.max_row, 1)}"
    sheet.print_title_rows = "1:1"
    _print_wide(sheet)


def _print_wide(sheet: Worksheet) -> None:
    """Prints as wide as a landscape page, and as many pages long as it takes."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(cell: SheetCell | MergedCell, value: Cell, kind: Kind, zone: ZoneInfo) -> None:
    """Writes a value as what it is: a number, a moment in Danish time, or a text that is never run."""
    if value is None or value == "" or isinstance(cell, MergedCell):
        return
    cell.alignment = _TEXT if isinstance(value, str) else _NUMBER
    if isinstance(value, str):
        text = for_workbook(text_of(value, kind))
        cell.value = text
        cell.data_type = "s"  # whatever it looks like
        cell.quotePrefix = could_run(text)  # and still a text once somebody has edited it
    elif isinstance(value, datetime):
        cell.value = value.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    else:
        cell.value = value
    cell.number_format = _FORMATS[kind]
