"""Months are those of Danish calendars, whatever the clock does (R23)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.billing.month import Month
from tests.billing.made import NOVEMBER
from tests.builders import DENMARK

MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2098, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given a zone


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "26-11", "november", "", "2026-11-01", "٢٠٢٦-١١"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it as 2026-11"):
        Month.parse(text)


def test_a_month_reads_as_it_is_written() -> None:
    assert Month.parse(" 2026-11 ") == NOVEMBER
    assert str(NOVEMBER) == "2026-11"
    assert NOVEMBER.in_danish == "november 2026"


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        ("2026-10-31T22:59:59", "2026-10"),  # winter time since 25 October: one hour ahead
        ("2026-10-31T23:00:00", "2026-11"),
        ("2026-03-31T21:59:59", "2026-03"),  # summer time since 29 March: two hours ahead
        ("2026-03-31T22:00:00", "2026-04"),
        ("2026-12-31T22:59:59", "2026-12"),
        ("2026-12-31T23:00:00", "2027-01"),
    ],
)
def test_a_moment_belongs_to_the_month_of_the_danish_day(moment: str, month: str) -> None:
    assert str(Month.of(datetime.fromisoformat(moment).replace(tzinfo=UTC), DENMARK)) == month


@given(MOMENTS)
def test_the_month_before_ends_where_a_month_begins(moment: datetime) -> None:
    month = Month.of(moment, DENMARK)
    assert Month.of(month.begins(DENMARK).astimezone(UTC) - timedelta(microseconds=1), DENMARK) == month.previous


@given(MOMENTS)
def test_a_month_holds_just_what_follows_its_first_moment(moment: datetime) -> None:
    month = Month.of(moment, DENMARK)
    assert month.begins(DENMARK) <= moment
    assert Month.of(month.begins(DENMARK), DENMARK) == month
    assert Month.of(month.begins(DENMARK).astimezone(UTC) - timedelta(microseconds=1), DENMARK) < month
