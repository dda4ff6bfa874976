"""Opening time: deadlines in opening hours (R5) and in working days (R6).

The service desk is open from `opens` up to, but not at, `closes`: a ticket that is created exactly at closing time is
created for the next opening. A deadline may fall exactly *at* closing time, and then it is that day's, not the next
morning's. All moments go in aware and come out in UTC; the calendar's own days and hours are those of its time zone,
so an opening day of 08–16 has eight hours whether or not the clocks change that week, and a day that is open through
the change has an hour more or less. An opening or closing time inside the hour that occurs twice is its first
occurrence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from holidays import country_holidays

from adapter.catalogue.model import CalendarFile, Weekday
from adapter.errors import ConfigurationError

NOTHING = timedelta(0)
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)  # mandag is 0, as in date.weekday()
YEARS_AHEAD = 100  # a calendar that is hardly ever open ends the search here instead of at the end of time


class Year(NamedTuple):
    """One year's opening windows, oldest first, in UTC; `passed[i]` is the year's opening time up to closes[i]."""

    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    passed: tuple[timedelta, ...]

    @property
    def total(self) -> timedelta:
        return self.passed[-1] if self.passed else NOTHING

    def passed_at(self, at: datetime) -> timedelta:
        """This year's opening time before a moment."""
        window = bisect_right(self.closes, at)
        if window == len(self.closes):
            return self.total
        left = self.closes[window] - max(at, self.opens[window])
        return self.passed[window] - left


@dataclass(frozen=True)
class _Settings:
    """A calendar as a value that can be hashed."""

    timezone: str
    hours: tuple[tuple[time, time] | None, ...]  # by weekday
    public_holidays_closed: bool
    closed_every_year: frozenset[str]
    closed_on: frozenset[date]


class OpeningTimes:
    """When the service desk is open, with each year's windows worked out once."""

    def __init__(self, settings: _Settings) -> None:
        try:
            self._zone = ZoneInfo(settings.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
            raise ConfigurationError(
                f"kalender.yaml: tidszonen {settings.timezone!r} findes ikke; skriv fx Europe/Copenhagen"
            ) from unknown
        if not any(hours and hours[0] < hours[1] for hours in settings.hours):
            raise ConfigurationError("kalender.yaml: ingen ugedag har en åbningstid, hvor `fra` ligger før `til`")
        self._settings = settings
        self._years: dict[int, Year] = {}

    @classmethod
    def of(cls, calendar: CalendarFile) -> OpeningTimes:
        """The opening times of a calendar, the same object for equal calendars.

        Raises ConfigurationError for a time zone that does not exist, or where no day is ever open.
        """
        hours = (calendar.opening_hours.get(day) for day in WEEKDAYS)
        return _opening_times(
            _Settings(
                timezone=calendar.timezone,
                hours=tuple((day.opens, day.closes) if day else None for day in hours),
                public_holidays_closed=calendar.public_holidays_closed,
                closed_every_year=frozenset(calendar.closed_every_year),
                closed_on=frozenset(calendar.closed_on),
            )
        )

    def is_open(self, at: datetime) -> bool:
        """Whether the service desk is open at a moment; at closing time it is not."""
        at = _utc(at)
        year = self._year(self._day(at).year)
        window = bisect_right(year.closes, at)
        return window < len(year.closes) and year.opens[window] <= at

    def add_hours(self, start: datetime, hours: Decimal | int) -> datetime:
        """The moment when so many opening hours have passed since `start`.

        Zero hours is `start` itself, or the next opening where the desk is closed then.
        """
        return self.add_time(start, timedelta(microseconds=round(hours * 3_600_000_000)))

    def add_time(self, start: datetime, opening_time: timedelta) -> datetime:
        """As add_hours, for any length of opening time."""
        if opening_time < NOTHING:
            raise ValueError("opening time is added, never taken away")
        start = _utc(start)
        wanted = opening_time
        for number in self._years_from(start):
            year = self._year(number)
            wanted += year.passed_at(start)
            if opening_time == NOTHING and (window := bisect_right(year.closes, start)) < len(year.closes):
                return max(start, year.opens[window])
            if opening_time > NOTHING and wanted <= year.total:
                window = bisect_left(year.passed, wanted)
                return year.closes[window] - (year.passed[window] - wanted)
            wanted -= year.total
        raise self._hardly_open()

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """How long the service desk is open between two moments; nothing if `end` is not after `start`."""
        start, end = _utc(start), _utc(end)
        if end <= start:
            return NOTHING
        first, last = self._day(start).year, self._day(end).year
        whole_years = sum((self._year(number).total for number in range(first, last)), NOTHING)
        return whole_years + self._year(last).passed_at(end) - self._year(first).passed_at(start)

    def closing_on(self, day: date) -> datetime | None:
        """When the service desk closes on a day; None on a day that it is closed."""
        window = self._window(day)
        return window[1] if window else None

    def closing_after_days(self, start: datetime, days: int) -> datetime:
        """Closing time on the n-th working day after the day of `start`.

        A start at or after closing time, or on a closed day, counts as one on the next working day; so a yes on
        Friday evening and one on Sunday give the same deadline as one on Monday morning.
        """
        if days < 0:
            raise ValueError("working days are counted forwards")
        at = self.add_time(start, NOTHING)
        for number in self._years_from(at):
            year = self._year(number)
            wanted = bisect_right(year.closes, at) + days
            if wanted < len(year.closes):
                return year.closes[wanted]
            days = wanted - len(year.closes)
        raise self._hardly_open()

    def _years_from(self, at: datetime) -> Iterator[int]:
        first = self._day(at).year
        yield from range(first, min(first + YEARS_AHEAD, date.max.year))

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _year(self, number: int) -> Year:
        if number not in self._years:
            first, length = date(number, 1, 1), date(number, 12, 31).timetuple().tm_yday
            windows = [w for n in range(length) if (w := self._window(first + timedelta(days=n)))]
            passed, lengths = NOTHING, []
            for opens, closes in windows:
                passed += closes - opens
                lengths.append(passed)
            self._years[number] = Year(tuple(o for o, _ in windows), tuple(c for _, c in windows), tuple(lengths))
        return self._years[number]

    def _window(self, day: date) -> tuple[datetime, datetime] | None:
        settings = self._settings
        hours = settings.hours[day.weekday()]
        if hours is None or day in settings.closed_on or f"{day:%m-%d}" in settings.closed_every_year:
            return None
        if settings.public_holidays_closed and day in _holidays(day.year):
            return None
        opens, closes = (datetime.combine(day, at, self._zone).astimezone(UTC) for at in hours)
        return (opens, closes) if opens < closes else None

    def _hardly_open(self) -> ConfigurationError:
        return ConfigurationError(f"kalender.yaml: åbningstiden slår ikke til inden for {YEARS_AHEAD} år; se lukkedage")


def reaction_due(created: datetime, hours: int, times: OpeningTimes) -> datetime:
    """When the user must have had a personal message (R5): so many opening hours after the ticket was created."""
    return times.add_hours(created, hours)


def resolution_due(
    start: datetime, days: int, waits: Sequence[tuple[datetime, datetime | None]], times: OpeningTimes
) -> datetime:
    """When the ticket must be solved (R6): closing time, so many working days after `start`.

    Each finished wait since `start` moves the deadline by the opening time it took, and the result is the closing time
    of the day that this leads to. A wait that still lasts (no end) moves nothing until it ends, so that the value on
    the ticket stands still meanwhile. A wait that begins after the deadline has passed does not move it: late is late.
    Where the calendar says that waiting does not count, pass no waits.
    """
    due = times.closing_after_days(start, days)
    counted_to = _utc(start)  # waits that overlap count once
    for begin, end in sorted((_utc(begin), _utc(end)) for begin, end in waits if end is not None):
        if begin >= times.closing_after_days(due - timedelta.resolution, 0):
            break
        if pause := times.open_time(max(begin, counted_to), end):
            due = times.add_time(due, pause)
        counted_to = max(counted_to, end)
    return times.closing_after_days(due - timedelta.resolution, 0)


@lru_cache(maxsize=32)
def _opening_times(settings: _Settings) -> OpeningTimes:
    return OpeningTimes(settings)


@lru_cache(maxsize=256)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("DK", years=year))


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone can't be placed on the calendar")
    return at.astimezone(UTC)
