"""The report as files: real numbers and moments, Danish ways of writing, and no text that anything runs (R23)."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from adapter.billing.bill import Line
from adapter.billing.columns import TICKETS, Kind
from adapter.billing.csv_file import to_csv
from adapter.billing.deviations import Code, Deviation
from adapter.billing.judged import Judged, Proof
from adapter.billing.report import Apart, Report
from adapter.billing.safe import clean, could_run, for_workbook
from adapter.billing.workbook import to_workbook
from adapter.catalogue.words import AttachmentId, IssueKey, Payer
from adapter.masking import MASK, holds_cpr_shape
from tests.billing.made import billed, fixed, report, seen, unapproved, work
from tests.builders import CREATED, a_ticket, at, moved

CPR = "010190-1234"
HOSTILE = (
    "=HYPERLINK(\"http://evil.example\";\"klik\")",
    "+45 12 34",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1+1",
    "\r\n=1+1",
    "＝1+1",
    "\u200b=1+1",
    "\u202e=1+1",
    " \x00\x1f=1+1",
    f"{CPR}.eml",
    "0101\u200b901234.eml",
    'a";=1+1;"b',
    "_x003D_1+1",
    "#N/A",
)  # fmt: skip


def a_report() -> Report:
    """One ticket by the hour, one at a fixed price, one without a payer, and one that was not read."""
    lines = (
        billed(seen(), work("2026-11-04 09:00", 2.5), work("2026-11-02 09:00", 1)),
        billed(
            fixed(party="Aarhus"),
            ticket=a_ticket(
                key=IssueKey("DUBU-2"), status="Løst", history=(moved("I gang", "Løst", at("2026-11-20 09:00")),)
            ),
        ),
        billed(
            seen(**unapproved(payer=Payer.UNRESOLVED, party=None)),
            work("2026-11-04 09:00", 1 / 3),
            ticket=a_ticket(key=IssueKey("DUBU-3")),
        ),
    )
    return report(*lines, apart=(Apart("nr. 10009", Deviation(Code.TICKET_UNREAD)),))


def hostile(text: str) -> Line:
    """A ticket that has one text wherever a ticket's text may stand."""
    proof = Proof(AttachmentId("101"), text, CREATED)
    judged: Judged = seen(party=text, solution=text, offer=proof, approval=proof, category_name=text, category=None)
    return billed(judged, work("2026-11-04 09:00"))


def opened(made: Report) -> Workbook:
    return load_workbook(io.BytesIO(to_workbook(made)))


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows below the headings."""
    headings = [str(cell.value) for cell in sheet[1]]
    return [dict(zip(headings, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]


def csv_rows(made: Report) -> list[dict[str, str]]:
    text = to_csv(made).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_workbook_has_its_four_sheets() -> None:
    assert opened(a_report()).sheetnames == ["Oversigt", "Sager", "Undtagelser", "Pr. betaler"]


def test_the_overview_says_what_the_report_is_of() -> None:
    sheet = opened(replace(a_report(), mapping_version="0123456789ab"))["Oversigt"]  # digits, but nobody's number
    facts = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert facts["Faktureringsgrundlag"] == "november 2026"
    assert (facts["Site"], facts["Jira-projekt"], facts["Mappingens version"]) == ("dubu", "DUBU", "0123456789ab")
    assert facts["Lavet"] == datetime(2026, 12, 1, 8, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
    assert (facts["Sager set igennem"], facts["Sager i grundlaget"], facts["Sager med beløb"]) == (7, 3, 2)
    assert (facts["Fakturerede timer"], facts["Beløb i alt"]) == (2.5, 36347.45)
    assert facts["Undtagelser"] == 3


def test_vat_is_named_only_where_the_setting_says_so() -> None:
    names = {cell.value for cell in opened(report(is_ex_vat=True))["Oversigt"]["A"]}
    assert "Beløb i alt ekskl. moms" in names
    assert not any("moms" in str(cell.value) for cell in opened(report())["Oversigt"]["A"])


def test_a_month_that_is_not_over_is_told() -> None:
    sheet = opened(report(made_at=at("2026-11-30 23:59")))["Oversigt"]
    assert sheet["B1"].value == "november 2026 (måneden er ikke slut)"


def test_a_ticket_is_a_row_of_real_numbers_and_moments() -> None:
    aarhus, ballerup, nobody = rows(opened(a_report())["Sager"])
    assert [row["Sag"] for row in (aarhus, ballerup, nobody)] == ["DUBU-2", "DUBU-1", "DUBU-3"]
    assert (aarhus["Prismodel"], aarhus["Beløb"], aarhus["Katalogets faste pris"]) == ("Fastpris", 34000, 34000)
    assert (ballerup["Timer i måneden"], ballerup["Timer uden godkendelse"], ballerup["Fakturerede timer"]) == (
        3.5,
        1,
        2.5,
    )
    assert (ballerup["Timepris"], ballerup["Beløb"], ballerup["Loft i kroner"]) == (938.98, 2347.45, 28169.4)
    assert ballerup["Oprettet"] == datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - a spreadsheet knows no zones
    assert (ballerup["Tilbudsmail nr."], ballerup["Tilbudsmail"]) == ("101", "tilbud.eml")
    assert (ballerup["Godkendelsesmail nr."], ballerup["Godkendelsesmail"]) == ("102", "svar.eml")
    assert ballerup["Godkendelsesmail dato"] == datetime(2026, 11, 3, 12, 0)  # noqa: DTZ001 - a spreadsheet knows no zones
    assert ballerup["Undtagelser"] == "Arbejde før den gældende godkendelse"
    assert (nobody["Betaler"], nobody["Betalende part"], nobody["Beløb"]) == ("Afklares", None, 0)


def test_exceptions_are_rows_with_what_to_do() -> None:
    found = rows(opened(a_report())["Undtagelser"])
    assert [(row["Sag"], row["Undtagelse"], row["Timer"]) for row in found] == [
        ("DUBU-1", "Arbejde før den gældende godkendelse", 1),
        ("DUBU-3", "Betaler er ikke afklaret", 0.3333),
        ("nr. 10009", "Sagen kunne ikke læses", None),
    ]
    assert [row["Beløb"] for row in found] == [938.98, 312.99, None]
    assert all(row["Hvad skal der gøres"] for row in found)


def test_payers_are_rows_with_totals() -> None:
    found = rows(opened(a_report())["Pr. betaler"])
    assert [tuple(row.values()) for row in found] == [
        ("Kommune", "Aarhus", 1, 1, 0, 34000),
        ("Kommune", "Ballerup", 1, 1, 2.5, 2347.45),
    ]


def test_sheets_can_be_read_and_printed() -> None:
    book = opened(a_report())
    for name in ("Sager", "Undtagelser", "Pr. betaler"):
        sheet = book[name]
        assert sheet.freeze_panes == "B2"
        assert str(sheet.auto_filter.ref).startswith("A1:")
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows in {"1:1", "$1:$1"}
    for column in TICKETS:
        cell = next(c for c in book["Sager"][1] if c.value == column.heading)
        assert book["Sager"].column_dimensions[cell.column_letter].width == column.width
    formats = {head.value: cell.number_format for head, cell in zip(*book["Sager"]["A1:AB2"], strict=True)}
    assert (formats["Beløb"], formats["Fakturerede timer"]) == ('#,##0.00" kr."', "#,##0.00")
    assert formats["Oprettet"] == "yyyy-mm-dd hh:mm"


def test_a_month_of_nothing_is_a_workbook_all_the_same() -> None:
    book = opened(report())
    assert rows(book["Sager"]) == rows(book["Undtagelser"]) == rows(book["Pr. betaler"]) == []
    assert csv_rows(report()) == []


def test_the_csv_is_as_danish_excel_reads_it() -> None:
    data = to_csv(a_report())
    assert data.startswith(b"\xef\xbb\xbfSag;Oprettet;")
    assert data.count(b"\r\n") == data.count(b"\n") == 5
    aarhus, ballerup, nobody, unread = csv_rows(a_report())
    assert list(ballerup) == [column.heading for column in TICKETS]
    assert (ballerup["Oprettet"], ballerup["Beløb"], ballerup["Timer i måneden"]) == (
        "2026-11-23 09:00",
        "2347,45",
        "3,50",
    )
    assert (aarhus["Beløb"], aarhus["Fakturerede timer"], aarhus["Løsning"]) == ("34000,00", "0,00", "")
    assert nobody["Timer i måneden"] == "0,3333"
    assert {k: v for k, v in unread.items() if v} == {"Sag": "nr. 10009", "Undtagelser": "Sagen kunne ikke læses"}


def test_exceptions_stand_in_one_column_of_the_csv() -> None:
    line = billed(seen(offer=None, mails_unread=1), work("2026-11-04 09:00", 40))
    (row,) = csv_rows(report(line))
    assert row["Undtagelser"] == (
        "Over det godkendte loft | Tilbudsmail eller godkendelsesmail mangler | En mail på sagen kunne ikke hentes"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_ticket_is_a_formula_or_an_error_in_the_workbook(text: str) -> None:
    made = report(hostile(text))
    for sheet in opened(made):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n", "d"}, cell.coordinate
                assert not could_run(str(cell.value or "")) or cell.quotePrefix, cell.coordinate
    with zipfile.ZipFile(io.BytesIO(to_workbook(made))) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_the_csv_begins_a_formula(text: str) -> None:
    data = to_csv(report(hostile(text)))
    (row,) = csv_rows(report(hostile(text)))
    assert not any(could_run(value) or value[:1] in {"\t", "\r", "\n"} for value in row.values())
    assert data.count(b"\n") == 2
    assert set(row) == {column.heading for column in TICKETS}  # and none has run over into a cell too many


@pytest.mark.parametrize(
    "text",
    [
        f"svar {CPR}.eml",
        "0101\u200b901234.eml",
        "0101\u00ad90-1234",
        "０１０１９０１２３４",
        "\u200b".join("0101901234"),
    ],
)
def test_a_cpr_number_is_in_neither_file(text: str) -> None:
    made = report(hostile(text))
    told = [str(c.value) for sheet in opened(made) for row in sheet.iter_rows() for c in row if c.value is not None]
    told += [value for row in csv_rows(made) for value in row.values()]
    assert not any(holds_cpr_shape(value) for value in told)
    assert sum(MASK in value for value in told) >= 8


def test_nothing_of_summary_description_or_comments_is_in_the_files() -> None:
    ticket = a_ticket(summary="Fortroligt-om-barnet", description="Fortroligt-om-barnet")
    made = report(billed(seen(), work("2026-11-04 09:00"), ticket=ticket))
    with zipfile.ZipFile(io.BytesIO(to_workbook(made))) as parts:
        assert not any(b"Fortroligt" in parts.read(name) for name in parts.namelist())
    assert b"Fortroligt" not in to_csv(made)


def test_what_a_workbook_would_take_for_an_escape_is_written_as_it_is() -> None:
    assert for_workbook("_x003D_1") == "_x005F_x003D_1"
    assert for_workbook("_x_y_x12_") == "_x_y_x12_"


def test_a_long_text_is_cut() -> None:
    assert len(clean("a" * 40_000)) == 1000


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_any_text_survives_both_files_as_one_harmless_text(text: str) -> None:
    made = report(hostile(text))
    (row,) = csv_rows(made)
    cells = [cell for sheet in opened(made) for line in sheet.iter_rows() for cell in line]
    assert not any(could_run(value) for value in row.values())
    assert all(cell.data_type != "f" for cell in cells)
    expected = for_workbook(clean(text))
    shown = [cell.value for cell in cells if cell.row == 2 and cell.parent.title == "Sager"]
    heading = [column.heading for column in TICKETS].index("Tilbudsmail")
    assert (shown[heading] or "") == expected


def test_every_kind_of_cell_has_a_format() -> None:
    made = opened(a_report())["Sager"]
    for number, column in enumerate(TICKETS, start=1):
        if column.kind is Kind.MONEY and made.cell(3, number).value is not None:
            assert isinstance(made.cell(3, number).value, int | float | Decimal)
