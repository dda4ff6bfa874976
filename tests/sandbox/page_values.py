"""Values as people read and type them on the pages, the Danish way."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from adapter.catalogue.values import parse_danish_number
from tests.sandbox.people_records import User
from tests.sandbox.records import CustomField, Kind

ZONE = ZoneInfo("Europe/Copenhagen")


def seen(value: object) -> str:
    """A field's value as the page shows it."""
    match value:
        case datetime():
            return f"{value.astimezone(ZONE):%d.%m.%Y %H:%M}"
        case date():
            return f"{value:%d.%m.%Y}"
        case float():
            return f"{value:.2f}".replace(".", ",").removesuffix(",00")
        case list():
            return ", ".join(seen(v) for v in value)
        case User():
            return value.display_name
        case _:
            return "" if value is None else str(getattr(value, "value", None) or getattr(value, "name", value))


def as_input(value: object) -> str:
    """A field's value as an input holds it."""
    match value:
        case datetime():
            return f"{value.astimezone(ZONE):%Y-%m-%dT%H:%M}"
        case date():
            return value.isoformat()
        case _:
            return seen(value)


def given(field: CustomField, text: str) -> object:
    """What somebody typed, as the REST API would get it."""
    if not text.strip():
        return None
    match field.kind:
        case Kind.SELECT:
            return {"id": text}
        case Kind.NUMBER:
            return number(text)
        case Kind.DATETIME:
            return moment(text)
        case _:
            return text


def number(text: str) -> float | str:
    """A number as the catalogue writes it, such as 938,98; any other text as it is, for Jira to refuse."""
    try:
        return float(parse_danish_number(text))
    except ValueError:
        return text


def moment(text: str) -> str:
    """A moment of a datetime-local input as REST takes it."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE).isoformat(timespec="milliseconds")
    except ValueError:
        return text


def noon(text: str) -> datetime | None:
    """The middle of a day of a date input; None where it holds none."""
    try:
        return datetime.combine(date.fromisoformat(text), time(12), ZONE)
    except ValueError:
        return None
