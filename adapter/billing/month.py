"""A month as it is billed: a calendar month in the site's own time zone, summer time and year ends included."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
_NAMES = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Reads `2026-11`; ValueError for anything else."""
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise ValueError(f"{text!r} is no month: write it as 2026-11")
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def of(cls, moment: datetime, zone: ZoneInfo) -> Month:
        """The month that a moment (aware) lies in."""
        local = moment.astimezone(zone)
        return cls(local.year, local.month)

    def begins(self, zone: ZoneInfo) -> datetime:
        """Its first moment."""
        return datetime(self.year, self.number, 1, tzinfo=zone)

    @property
    def previous(self) -> Month:
        """The month before it."""
        return Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, 12)

    @property
    def in_danish(self) -> str:
        """Its name as people say it: `november 2026`."""
        return f"{_NAMES[self.number - 1]} {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"
