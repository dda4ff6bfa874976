"""What may be expected of Jira's JSON: nothing; each part is asked for by its shape and may be missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from requests import Response

from adapter.errors import OutOfReach

Json = Mapping[str, object]


def parse(response: Response) -> object:
    """The JSON of an answer; OutOfReach where a login or maintenance page stands in Jira's place."""
    if not response.content:
        return None
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        raise OutOfReach(
            "Jira's address answers with something that is not JSON, such as a login or maintenance page; "
            "it is tried again later"
        ) from None


def part(value: object, *keys: str) -> object:
    """The value at the end of the keys, or None where an object on the way is missing."""
    for key in keys:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def objects(value: object) -> list[Json]:
    """The objects of a list, anything else left out."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def text(value: object) -> str:
    """A text, or an id that came as a number; empty for all else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18 else ""


def whole(value: object) -> int:
    """A whole number of sane size, 0 for all else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**15 else 0


def moment(value: object) -> datetime | None:
    """An aware moment from `2026-11-23T10:12:33.000+0100`, with Z or a colon in the offset too; None for all else."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        if found.tzinfo is None:
            return None
        found.astimezone(UTC)  # an offset can carry the calendar's first and last day out of it
        return found  # noqa: TRY300 -- what is guarded is the conversion above
    except (ValueError, OverflowError):
        return None


def day(value: object) -> date | None:
    """A day from `2026-11-23`."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


def number(value: object) -> Decimal | None:
    """A finite number as it was written; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        found = Decimal(value.strip()) if isinstance(value, str) else Decimal(repr(value))
    except (InvalidOperation, ValueError):
        return None
    return found if found.is_finite() and abs(found.adjusted()) < 400 else None
