"""The site's time: real unless a test sets or moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


class Clock:
    """Tells the time that all of the site's timestamps come from."""

    def __init__(self) -> None:
        self._offset = timedelta(0)
        self._stopped: datetime | None = None

    def now(self) -> datetime:
        """The site's time, in UTC."""
        return self._stopped if self._stopped is not None else datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Stops the clock at a moment; it stands there until it is set, advanced or started."""
        self._stopped = moment.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Moves the clock ahead, running or stopped."""
        if self._stopped is not None:
            self._stopped += by
        else:
            self._offset += by

    def run(self) -> None:
        """Lets the clock run on from where it stands."""
        if self._stopped is not None:
            self._offset = self._stopped - datetime.now(UTC)
            self._stopped = None


def stamp(moment: datetime, zone: str = "UTC") -> str:
    """A moment as Jira writes it: milliseconds, and an offset without a colon."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"
