"""What may be written in the journal: ids, codes, hashes, dates and amounts, and nothing that could be text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from adapter.masking import holds_cpr_shape

Fact = str | int | bool | Decimal | datetime | date | None | Sequence[str]
WITHHELD = "withheld"
_CODE = re.compile(r"[\w.:,+/#%-]{0,80}")
_DIGEST = re.compile(r"[0-9a-f]{64}")  # of a mail: ten digits in a row come about in it by chance


def plain(facts: Mapping[str, Fact]) -> dict[str, str | int | bool | list[str] | None]:
    """Facts as JSON takes them; a value with a space, a long one or one shaped like a CPR number is withheld."""
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: Fact) -> str | int | bool | list[str] | None:
    match value:
        case None | bool() | int():
            return value
        case Decimal():
            return f"{value:f}"
        case datetime() | date():
            return value.isoformat()
        case str():
            return value if _DIGEST.fullmatch(value) or _is_code(value) else WITHHELD
        case _:
            return [str(_plain(str(item))) for item in value]


def _is_code(value: str) -> bool:
    return _CODE.fullmatch(value) is not None and not holds_cpr_shape(value)
