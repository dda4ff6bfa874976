"""The values an admin writes: Danish numbers, ja/nej, "efter aftale", times of day.

Mapping files are read without YAML's own guesses (34.000 is not 34.0, nej is not False), so every value arrives as
the text that stands in the file and is understood here.
"""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema

WHOLE_NUMBER = r"[0-9]{1,3}(\.[0-9]{3}){1,2}|[0-9]{1,9}"
DANISH_NUMBER = r"([0-9]{1,3}(\.[0-9]{3}){1,3}|[0-9]{1,9})(,[0-9]{1,2})?"


class Open(StrEnum):
    """The value that is none yet, and never 0 or empty: by agreement."""

    BY_AGREEMENT = "efter aftale"


BY_AGREEMENT = Open.BY_AGREEMENT


class Closed(BaseModel):
    """Base of all mapping types: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=False, validate_by_alias=True)


def parse_danish_number(text: str) -> Decimal:
    """Reads `34.000`, `938,98` or `5` as a Decimal; ValueError for anything else, `938.98` included."""
    text = text.strip()
    if not re.fullmatch(DANISH_NUMBER, text):
        raise ValueError("skriv tal på dansk: punktum ved tusinder og komma før ører, fx 34.000 eller 938,98")
    return Decimal(text.replace(".", "").replace(",", "."))


def format_danish(amount: Decimal) -> str:
    """Writes an amount as in the catalogue: `34.000`, `938,98`; øre only where there are any."""
    whole = amount == amount.to_integral_value()
    text = f"{amount:,.0f}" if whole else f"{amount:,.2f}"
    return text.translate(str.maketrans(",.", ".,"))


def _amount(value: object) -> object:
    return parse_danish_number(value) if isinstance(value, str) else value


def _yes_no(value: object) -> object:
    if isinstance(value, str):
        answers = {"ja": True, "nej": False}
        if value.strip().lower() not in answers:
            raise ValueError("skriv ja eller nej")
        return answers[value.strip().lower()]
    return value


def _clock(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value.strip()):
            raise ValueError("skriv klokkeslæt som 08:00")
        return time.fromisoformat(value.strip())
    return value


def _whole(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(WHOLE_NUMBER, value.strip()):
            raise ValueError("skriv et helt tal, fx 5")
        return int(value.strip().replace(".", ""))
    return value


def _day(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
            raise ValueError("skriv en dato som 2026-12-24")
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(f"datoen {value.strip()} findes ikke") from None
    return value


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


_NUMBER_SCHEMA = {"type": ["string", "number"], "pattern": f"^{DANISH_NUMBER}$"}

Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    PlainSerializer(format_danish, return_type=str),
    WithJsonSchema(_NUMBER_SCHEMA),
]
"""An amount in kroner or hours, written the Danish way."""

YesNo = Annotated[
    bool, BeforeValidator(_yes_no), WithJsonSchema({"type": ["string", "boolean"], "enum": ["ja", "nej"]})
]
ClockTime = Annotated[time, BeforeValidator(_clock), WithJsonSchema({"type": "string", "pattern": "^\\d\\d:\\d\\d$"})]
Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number; `1.000` is a thousand, never one."""

Day = Annotated[date, BeforeValidator(_day)]
ByAgreement = Annotated[Literal[Open.BY_AGREEMENT], BeforeValidator(_lower)]
