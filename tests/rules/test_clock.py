"""Deadlines in opening hours and working days, by dates that a reader can check in a calendar (R5, R6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.catalogue.model import CalendarFile
from adapter.errors import ConfigurationError
from adapter.rules.clock import OpeningTimes, reaction_due, resolution_due

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
OFFICE = dict.fromkeys(("mandag", "tirsdag", "onsdag", "torsdag", "fredag"), ("08:00", "16:00"))
ALWAYS = dict.fromkeys((*OFFICE, "lørdag", "søndag"), ("00:00", "23:59"))
UNEVEN = {"mandag": ("09:00", "17:30"), "onsdag": ("08:15", "12:00"), "fredag": ("08:00", "14:00")}


def calendar(
    hours: Mapping[str, tuple[str, str]] = OFFICE,
    *,
    holidays: str = "ja",
    every_year: tuple[str, ...] = ("06-05", "12-24", "12-31"),
    closed_on: tuple[str, ...] = (),
    timezone: str = "Europe/Copenhagen",
) -> CalendarFile:
    return CalendarFile.model_validate(
        {
            "tidszone": timezone,
            "åbningstider": {day: {"fra": opens, "til": closes} for day, (opens, closes) in hours.items()},
            "lukket_på_helligdage": holidays,
            "lukket_hvert_år": every_year,
            "lukket_den": closed_on,
            "løsningstid": {"regnes_fra": "godkendelse", "står_stille_i_ventestatus": "ja", "slutter_ved": "lukketid"},
        }
    )


TIMES = OpeningTimes.of(calendar())


def at(text: str) -> datetime:
    """A Danish wall clock moment."""
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


def shown(moment: datetime) -> str:
    """A moment as a Danish wall clock shows it."""
    assert moment.tzinfo is UTC
    return f"{moment.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}"


REACTIONS = [
    # created, hours, due
    ("2026-11-23 09:00", 3, "2026-11-23 12:00", "inside a day"),
    ("2026-11-23 13:00", 3, "2026-11-23 16:00", "exactly at closing is still that day"),
    ("2026-11-23 13:01", 3, "2026-11-24 08:01", "a minute over goes into the next morning"),
    ("2026-11-23 06:30", 3, "2026-11-23 11:00", "before opening counts from opening"),
    ("2026-11-23 08:00", 3, "2026-11-23 11:00", "exactly at opening"),
    ("2026-11-23 16:00", 3, "2026-11-24 11:00", "exactly at closing counts from the next opening"),
    ("2026-11-23 15:59", 3, "2026-11-24 10:59", "a minute before closing"),
    ("2026-11-20 15:00", 3, "2026-11-23 10:00", "Friday afternoon over a weekend"),
    ("2026-11-21 12:00", 3, "2026-11-23 11:00", "Saturday counts from Monday"),
    ("2026-11-23 08:00", 10, "2026-11-24 10:00", "ten hours are more than a day (K8, K9)"),
    ("2026-11-20 14:00", 10, "2026-11-23 16:00", "ten hours that end at closing"),
    ("2026-12-23 15:00", 3, "2026-12-28 10:00", "Christmas 2026: 24 closed, 25 Friday, 26–27 weekend"),
    ("2025-12-23 15:00", 3, "2025-12-29 10:00", "Christmas 2025: 24–26 closed, 27–28 weekend"),
    ("2026-12-30 15:00", 3, "2027-01-04 10:00", "New Year 2026/27: 31 closed, 1 January Friday, then a weekend"),
    ("2024-12-30 14:00", 3, "2025-01-02 09:00", "New Year 2024/25: 31 December and 1 January"),
    ("2026-12-24 10:00", 3, "2026-12-28 11:00", "created on Christmas Eve"),
    ("2026-06-04 15:00", 3, "2026-06-08 10:00", "5 June 2026 is a Friday"),
    ("2023-05-04 15:00", 3, "2023-05-08 10:00", "Store Bededag was a holiday in 2023 (5 May, Friday)"),
    ("2024-04-25 15:00", 3, "2024-04-26 10:00", "and is an ordinary Friday since 2024 (26 April)"),
    ("2027-04-22 15:00", 3, "2027-04-23 10:00", "also in 2027 (23 April)"),
    ("2026-04-01 15:00", 3, "2026-04-07 10:00", "Easter 2026: Thursday 2 April to Monday 6 April"),
    ("2024-03-27 15:00", 3, "2024-04-02 10:00", "Easter 2024 with the change to summer time inside it"),
    ("2027-05-05 15:00", 3, "2027-05-07 10:00", "Ascension Day, Thursday 6 May 2027"),
    ("2025-06-06 15:00", 3, "2025-06-10 10:00", "Whit Monday, 9 June 2025"),
    ("2026-03-27 15:00", 3, "2026-03-30 10:00", "clocks go forward on Sunday 29 March 2026"),
    ("2026-10-23 15:00", 3, "2026-10-26 10:00", "clocks go back on Sunday 25 October 2026"),
]


@pytest.mark.parametrize(("created", "hours", "due", "why"), REACTIONS, ids=[why for *_, why in REACTIONS])
def test_the_reaction_deadline_is_what_a_calendar_says(created: str, hours: int, due: str, why: str) -> None:
    assert shown(reaction_due(at(created), hours, TIMES)) == due, why


def test_a_day_that_is_open_through_the_change_of_clocks_has_an_hour_more_or_less() -> None:
    night = OpeningTimes.of(calendar(ALWAYS, holidays="nej", every_year=()))
    assert night.open_time(at("2026-03-29 00:00"), at("2026-03-30 00:00")) == timedelta(hours=23, minutes=-1)
    assert night.open_time(at("2026-10-25 00:00"), at("2026-10-26 00:00")) == timedelta(hours=25, minutes=-1)
    assert night.open_time(at("2026-10-24 00:00"), at("2026-10-25 00:00")) == timedelta(hours=24, minutes=-1)
    assert shown(night.add_hours(at("2026-03-29 01:30"), 1)) == "2026-03-29 03:30"
    first_half_past_two = at("2026-10-25 02:30")
    assert night.add_hours(first_half_past_two, 1) == first_half_past_two.replace(fold=1).astimezone(UTC)


def test_hours_that_the_change_of_clocks_swallows_are_no_opening_hours() -> None:
    early = OpeningTimes.of(calendar({"søndag": ("02:59", "03:00")}, holidays="nej", every_year=()))
    assert early.closing_on(date(2026, 3, 29)) is None
    assert early.closing_on(date(2026, 3, 22)) is not None


def test_each_weekday_has_its_own_hours() -> None:
    uneven = OpeningTimes.of(calendar(UNEVEN))
    assert shown(uneven.add_hours(at("2026-11-23 16:30"), 3)) == "2026-11-25 10:15"
    assert shown(uneven.add_hours(at("2026-11-25 11:00"), 3)) == "2026-11-27 10:00"
    assert shown(uneven.closing_after_days(at("2026-11-23 16:30"), 2)) == "2026-11-27 14:00"
    week = uneven.open_time(at("2026-11-23 00:00"), at("2026-11-30 00:00"))
    assert week == timedelta(hours=8 + 3 + 6, minutes=30 + 45)


def test_single_closed_days_and_holidays_follow_the_setting() -> None:
    moved = OpeningTimes.of(calendar(closed_on=("2026-11-23",)))
    assert shown(moved.add_hours(at("2026-11-20 15:00"), 3)) == "2026-11-24 10:00"
    all_in = OpeningTimes.of(calendar(holidays="nej", every_year=()))
    assert shown(all_in.add_hours(at("2026-12-24 15:00"), 3)) == "2026-12-25 10:00"


def test_parts_of_an_hour_and_zero_hours_count() -> None:
    assert shown(TIMES.add_hours(at("2026-11-23 15:50"), Decimal("0.5"))) == "2026-11-24 08:20"
    assert shown(TIMES.add_hours(at("2026-11-23 10:00"), 0)) == "2026-11-23 10:00"
    assert shown(TIMES.add_hours(at("2026-11-23 16:00"), 0)) == "2026-11-24 08:00"
    assert shown(TIMES.add_hours(at("2026-12-31 10:00"), 0)) == "2027-01-04 08:00"


def test_the_desk_is_open_from_opening_up_to_but_not_at_closing() -> None:
    states = {"07:59": False, "08:00": True, "15:59": True, "16:00": False}
    assert {clock: TIMES.is_open(at(f"2026-11-23 {clock}")) for clock in states} == states
    assert not TIMES.is_open(at("2026-11-22 10:00"))
    assert not TIMES.is_open(at("2026-12-31 23:59"))


def test_closing_time_of_a_day_is_none_where_it_is_closed() -> None:
    closing = TIMES.closing_on(date(2026, 7, 1))
    assert closing is not None
    assert shown(closing) == "2026-07-01 16:00"
    assert TIMES.closing_on(date(2026, 12, 24)) is None
    assert TIMES.closing_on(date(2026, 7, 4)) is None
    assert TIMES.closing_on(date(9999, 12, 31)) is None  # a slip of the finger in a date field
    assert TIMES.closing_on(date(2202, 7, 1)) is not None


RESOLUTIONS = [
    # approved, days, waits, due
    ("2026-11-23 10:00", 5, (), "2026-11-30 16:00", "five working days from a Monday"),
    ("2026-11-23 15:59", 5, (), "2026-11-30 16:00", "the minute of the day does not matter"),
    ("2026-11-23 16:00", 5, (), "2026-12-01 16:00", "at closing counts as the next working day"),
    ("2026-11-27 18:00", 5, (), "2026-12-07 16:00", "Friday evening counts as Monday"),
    ("2026-11-28 11:00", 5, (), "2026-12-07 16:00", "Saturday counts as Monday"),
    ("2026-11-30 07:00", 5, (), "2026-12-07 16:00", "Monday before opening is Monday"),
    ("2026-12-18 10:00", 5, (), "2026-12-29 16:00", "over Christmas: 21, 22, 23, 28, 29 December"),
    ("2026-12-28 10:00", 5, (), "2027-01-06 16:00", "over New Year: 29, 30 December, 4, 5, 6 January"),
    ("2026-03-26 10:00", 5, (), "2026-04-07 16:00", "over Easter and the clocks: 27, 30, 31 March, 1, 7 April"),
    ("2023-04-28 10:00", 5, (), "2023-05-08 16:00", "Store Bededag 2023: 1, 2, 3, 4, 8 May"),
    (
        "2026-11-23 10:00",
        5,
        [("2026-11-24 10:00", "2026-11-24 12:00")],
        "2026-12-01 16:00",
        "a wait of two hours moves it a day: it ends at closing time",
    ),
    (
        "2026-11-23 10:00",
        5,
        [("2026-11-24 10:00", "2026-11-26 10:00")],
        "2026-12-02 16:00",
        "two whole days of waiting are two days",
    ),
    (
        "2026-11-23 10:00",
        5,
        [("2026-11-24 10:00", "2026-11-24 12:00"), ("2026-11-25 10:00", "2026-11-25 12:00")],
        "2026-12-01 16:00",
        "two short waits together are still one day",
    ),
    (
        "2026-11-23 10:00",
        5,
        [("2026-11-27 17:00", "2026-11-29 22:00")],
        "2026-11-30 16:00",
        "a wait while the desk is closed costs nothing",
    ),
    (
        "2026-11-23 10:00",
        5,
        [("2026-11-20 10:00", "2026-11-23 12:00")],
        "2026-12-01 16:00",
        "of a wait that began before the approval only the rest counts",
    ),
    ("2026-11-23 10:00", 5, [("2026-11-19 10:00", "2026-11-20 12:00")], "2026-11-30 16:00", "a wait before the start"),
    ("2026-11-23 10:00", 5, [("2026-11-24 10:00", None)], "2026-11-30 16:00", "a wait that lasts moves nothing yet"),
    ("2026-11-23 10:00", 5, [("2026-12-01 10:00", "2026-12-03 10:00")], "2026-11-30 16:00", "late is late"),
    (
        "2026-11-23 10:00",
        5,
        [("2026-11-24 10:00", "2026-11-25 10:00"), ("2026-11-24 12:00", "2026-11-25 10:00")],
        "2026-12-01 16:00",
        "waits that overlap count once",
    ),
    (
        "2026-11-23 10:00",
        5,
        [("2026-11-25 10:00", "2026-11-24 10:00")],
        "2026-11-30 16:00",
        "a wait that runs backwards",
    ),
]


@pytest.mark.parametrize(("start", "days", "waits", "due", "why"), RESOLUTIONS, ids=[why for *_, why in RESOLUTIONS])
def test_the_resolution_deadline_is_what_a_calendar_says(
    start: str, days: int, waits: list[tuple[str, str | None]], due: str, why: str
) -> None:
    told = [(at(begin), at(end) if end else None) for begin, end in waits]
    assert shown(resolution_due(at(start), days, told, TIMES)) == due, why
    assert shown(resolution_due(at(start), days, told[::-1], TIMES)) == due, "the order of the waits does not matter"


moments = st.datetimes(datetime(2023, 1, 1), datetime(2027, 12, 31), timezones=st.just(COPENHAGEN))  # noqa: DTZ001 -- hypothesis wants naive bounds and adds the zone
lengths = st.decimals(min_value=0, max_value=200, places=2)
calendars = st.sampled_from([TIMES, OpeningTimes.of(calendar(UNEVEN)), OpeningTimes.of(calendar(ALWAYS))])


@given(calendars, moments, lengths)
def test_what_was_added_can_be_counted_again(times: OpeningTimes, start: datetime, hours: Decimal) -> None:
    due = times.add_hours(start, hours)
    assert times.open_time(start, due) == timedelta(hours=float(hours))


@given(calendars, moments, lengths)
def test_a_deadline_is_never_outside_opening_time(times: OpeningTimes, start: datetime, hours: Decimal) -> None:
    due = times.add_hours(start, hours)
    assert due >= start
    assert times.is_open(due) or due == times.closing_on(due.astimezone(COPENHAGEN).date())


@given(calendars, moments, moments, lengths, lengths)
def test_later_starts_and_more_hours_never_end_earlier(
    times: OpeningTimes, one: datetime, other: datetime, few: Decimal, many: Decimal
) -> None:
    one, other = sorted((one, other), key=datetime.timestamp)
    few, many = sorted((few, many))
    assert times.add_hours(one, few) <= times.add_hours(other, few)
    assert times.add_hours(one, few) <= times.add_hours(one, many)
    assert times.closing_after_days(one, 5) <= times.closing_after_days(other, 5)
    assert times.closing_after_days(one, int(few)) <= times.closing_after_days(one, int(many))


@given(calendars, moments, st.integers(0, 20), st.lists(st.tuples(moments, st.none() | moments), max_size=4))
def test_a_resolution_deadline_is_a_closing_time_that_waits_only_move_on(
    times: OpeningTimes, start: datetime, days: int, waits: list[tuple[datetime, datetime | None]]
) -> None:
    without = resolution_due(start, days, (), times)
    due = resolution_due(start, days, waits, times)
    assert due == times.closing_on(due.astimezone(COPENHAGEN).date())
    assert without <= due
    assert without == times.closing_after_days(start, days)


def test_a_moment_without_a_time_zone_and_time_taken_away_are_refused() -> None:
    naive = datetime(2026, 11, 23, 9)  # noqa: DTZ001 -- the very thing that is refused
    with pytest.raises(ValueError, match="time zone"):
        TIMES.add_hours(naive, 3)
    with pytest.raises(ValueError, match="never taken away"):
        TIMES.add_hours(at("2026-11-23 09:00"), -1)
    with pytest.raises(ValueError, match="forwards"):
        TIMES.closing_after_days(at("2026-11-23 09:00"), -1)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (calendar(timezone="Europe/Copenhaven"), "Europe/Copenhaven"),
        (calendar(timezone="../../etc/passwd"), "tidszonen"),
        (calendar({"mandag": ("16:00", "08:00")}), "ingen ugedag"),
    ],
)
def test_a_calendar_that_can_never_be_open_is_refused_with_what_to_do(settings: CalendarFile, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        OpeningTimes.of(settings)


def test_a_calendar_that_is_hardly_ever_open_says_so_instead_of_searching_for_ever() -> None:
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
    shut = OpeningTimes.of(calendar(every_year=tuple(f"{day:%m-%d}" for day in days)))
    assert not shut.is_open(at("2026-11-23 09:00"))
    with pytest.raises(ConfigurationError, match="100 år"):
        shut.add_hours(at("2026-11-23 09:00"), 3)
    once_a_year = OpeningTimes.of(calendar(every_year=tuple(f"{day:%m-%d}" for day in days if day.month != 7)))
    with pytest.raises(ConfigurationError, match="100 år"):
        once_a_year.closing_after_days(at("2026-11-23 09:00"), 5000)


def test_equal_calendars_share_their_worked_out_years() -> None:
    assert OpeningTimes.of(calendar()) is TIMES


def test_a_hundred_thousand_deadlines_take_seconds_not_minutes() -> None:
    start = at("2023-01-02 08:00").astimezone(UTC)
    before = process_time()
    for minute in range(0, 100_000 * 13, 13):
        TIMES.add_hours(start + timedelta(minutes=minute), 10)
    assert process_time() - before < 10  # about 0.6 s when measured
