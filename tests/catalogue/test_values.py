"""Numbers, days, times and yes/no are read as a Dane writes them, and nothing else is guessed."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from adapter.catalogue.load import load_site
from adapter.catalogue.notes import notes
from adapter.catalogue.values import Amount, ByAgreement, ClockTime, Day, Open, Whole, YesNo, format_danish
from adapter.catalogue.values import parse_danish_number as parse
from tests.catalogue.folders import copy_of_shipped, edit


@given(st.decimals(min_value=0, max_value=99_999_999, places=2))
def test_an_amount_that_is_written_is_read_as_the_same(amount: Decimal) -> None:
    assert parse(format_danish(amount)) == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("34.000", "34000"),
        ("3.400", "3400"),
        ("938,98", "938.98"),
        ("28.169,40", "28169.4"),
        ("5", "5"),
        (" 0,5 ", "0.5"),
    ],
)
def test_danish_numbers_are_read(text: str, amount: str) -> None:
    assert parse(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["938.98", "34,000", "34.00", "1e3", "-5", "+5", "", "٣", "3.4000", "34 000", "kr. 5", "9" * 40, "5,123"]
)
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="skriv tal på dansk"):
        parse(text)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Whole, "1.000", 1000),
        (Whole, "5", 5),
        (Day, "2026-12-24", date(2026, 12, 24)),
        (ClockTime, "08:00", time(8)),
        (YesNo, "Ja", True),
        (YesNo, "nej", False),
        (ByAgreement, "Efter aftale", Open.BY_AGREEMENT),
        (Amount, "34.000", Decimal(34000)),
    ],
)
def test_a_text_or_the_value_itself_is_taken(kind: type[object], text: str, value: object) -> None:
    adapter: TypeAdapter[object] = TypeAdapter(kind)
    assert adapter.validate_python(text) == value
    assert adapter.validate_python(value) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Whole, "1_000"),
        (Whole, "3.0"),
        (Whole, "٣"),
        (Day, "20261224"),
        (Day, "2026-13-01"),
        (ClockTime, "24:00"),
        (ClockTime, "8:00"),
        (YesNo, "true"),
        (YesNo, "0"),
        (ByAgreement, "aftale"),
    ],
)
def test_what_only_looks_like_it_is_refused(kind: type[object], text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


def test_what_a_mapping_leaves_undone_is_noted(tmp_path: Path) -> None:
    folder = copy_of_shipped(tmp_path)
    edit(folder, "parter.yaml", ("tredjeparter: {}", "tredjeparter:\n  a: {navn: A}\n  b: {navn: B, domæner: [b.dk]}"))
    text = (folder / "jira.yaml").read_text(encoding="utf-8")
    start, end = text.index("anmodningstyper:"), text.index("# Et formularfelt")
    (folder / "jira.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
    found = list(notes(load_site(folder)))[1:]
    assert [note.split(" ")[0:2] for note in found] == [
        ["94", "kommuner"],
        ["tredjeparten", "a"],
        ["ingen", "anmodningstyper"],
        ["ingen", "løsninger"],
        ["projektejeren", "for"],
        ["projektejeren", "for"],
    ]


def test_a_site_without_the_statuses_of_the_process_is_told_what_it_does_without(tmp_path: Path) -> None:
    """R14, R16, R18, R21."""
    folder = copy_of_shipped(tmp_path)
    lines = (folder / "jira.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    roles = ("produktion:", "kombit_accept:", "uenighed: [", "annulleret:")
    kept = [line for line in lines if not line.strip().startswith(roles)]
    (folder / "jira.yaml").write_text("".join(kept), encoding="utf-8")
    told = "\n".join(notes(load_site(folder)))
    for rule in ("(R21, R22)", "(R18)", "(R14)", "(R16)"):
        assert rule in told
