"""Values of custom fields: from Jira's JSON, from the changelog's texts, and back into JSON for a write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from adapter.catalogue.words import FieldType
from adapter.errors import Refused
from adapter.gateway.names import FieldId
from adapter.gateway.shapes import day, moment, number, part, text
from adapter.ticket.snapshot import Value


def value_of(kind: FieldType, raw: object) -> Value:
    """A field's value on a ticket; None where it is empty or not what its type allows."""
    match kind:
        case FieldType.SELECT:
            return text(part(raw, "value")) or text(part(raw, "name")) or None
        case FieldType.TEXT:
            return raw or None if isinstance(raw, str) else None
        case FieldType.NUMBER:
            return None if isinstance(raw, str) else number(raw)
        case FieldType.DATE:
            return day(raw)
        case FieldType.DATETIME:
            return moment(raw)
        case _:
            assert_never(kind)


def value_said(kind: FieldType, raw: object, shown: object, labels: Mapping[str, str]) -> Value:
    """A value as the changelog says it: `raw` is from/to, `shown` is fromString/toString in the site's language.

    Options stand by id in `raw`, and in `shown` as they were called then: `labels` says by id how they are called now,
    or a renamed option would look like a change. Days and moments stand readable in `raw`, numbers in `shown`; what
    cannot be read stays the text it is.
    """
    said = shown if isinstance(shown, str) else ""
    plain = raw if isinstance(raw, str) else ""
    match kind:
        case FieldType.SELECT:
            return labels.get(text(raw)) or said or None
        case FieldType.TEXT:
            return said or None
        case FieldType.NUMBER:
            found: Value = number(said) if said else number(plain)
        case FieldType.DATE:
            found = day(plain) or day(said)
        case FieldType.DATETIME:
            found = moment(plain) or moment(said)
        case _:
            assert_never(kind)
    return (said or plain or None) if found is None else found


def json_of(field: FieldId, value: Value, issue_type: str) -> object:
    """A value as JSON for a write: None empties; Refused, naming the mapping line, for what the field cannot hold."""
    if value is None:
        return None
    match field.type, value:
        case FieldType.SELECT, str():
            option_id = field.option_id(value, issue_type)
            return {"value": value} if option_id is None else {"id": option_id}
        case FieldType.TEXT, str():
            return value
        case FieldType.NUMBER, Decimal():
            return _exact(field, value)
        case FieldType.DATETIME, datetime() if value.tzinfo is not None:
            return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}" + value.strftime("%z")[:5]
        case FieldType.DATE, date() if not isinstance(value, datetime):
            return value.isoformat()
        case _:
            kind = type(value).__name__
            raise Refused(
                f"{field.place}: a {kind} does not fit the field's type {field.type}; nothing was written", 400
            )


def _exact(field: FieldId, value: Decimal) -> int | float:
    """A JSON number that reads as exactly this Decimal; Jira itself keeps doubles."""
    if value.is_finite():
        if value == value.to_integral_value() and abs(value) < 2**53:
            return int(value)
        as_float = float(value)
        if Decimal(repr(as_float)) == value:
            return as_float
    raise Refused(f"{field.place}: a number that Jira cannot hold exactly; nothing was written", 400)


def answer_of(raw: object) -> str:
    """A form answer as people see it: an option's name, a text, or several joined with commas."""
    if isinstance(raw, Mapping):
        own = text(raw.get("value")) or text(raw.get("name"))
        child = answer_of(raw.get("child")) if isinstance(raw.get("child"), Mapping) else ""
        return f"{own} - {child}" if own and child else own
    if isinstance(raw, list | tuple):
        return ", ".join(answer for item in raw if not isinstance(item, list | tuple) and (answer := answer_of(item)))
    if isinstance(raw, float):
        found = number(raw)
        return "" if found is None else f"{found:f}".removesuffix(".0")  # a number field gives 30 as 30.0
    return text(raw)
