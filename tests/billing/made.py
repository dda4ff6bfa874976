"""What a test of billing says of a ticket; the rest is an approved one of Ballerup's by the hour."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from adapter.billing.bill import Line, bill
from adapter.billing.deviations import Code
from adapter.billing.judged import Judged, Proof, Scope
from adapter.billing.month import Month
from adapter.billing.report import Report, in_order
from adapter.billing.spells import Spell
from adapter.catalogue.words import ApprovalState, AttachmentId, CategoryId, Payer, PaymentModel, SiteName
from adapter.ticket.snapshot import Ticket, Worklog
from tests.builders import DENMARK, a_ticket, at, catalogue

NOVEMBER = Month(2026, 11)
DECEMBER = Month(2026, 12)
APPROVED_AT = at("2026-11-03 12:00")
RATE = Decimal("938.98")


def seen(**known: Any) -> Judged:  # noqa: ANN401 - any of the value's own fields
    """A ticket of K9 that a municipality pays, approved on 3 November 2026; `approved_at` says otherwise."""
    defaults: dict[str, Any] = {
        "scope": Scope.PAYABLE,
        "category": CategoryId("K9"),
        "category_name": "Test af SF1475",
        "state": ApprovalState.APPROVED,
        "payer": Payer.MUNICIPALITY,
        "party": "Ballerup",
        "payment": PaymentModel.HOURLY,
        "hourly_rate": RATE,
        "cap_hours": Decimal(30),
        "offer": Proof(AttachmentId("101"), "tilbud.eml", at("2026-11-02 10:00")),
        "approval": Proof(AttachmentId("102"), "svar.eml", APPROVED_AT),
        "approved": since(known.pop("approved_at", APPROVED_AT)),
        "solution": "Borgerportal",
    }
    return Judged(**{**defaults, **known})


def since(moment: datetime | None) -> tuple[Spell, ...]:
    """Approved from a moment on, or never."""
    return () if moment is None else (Spell(moment),)


def fixed(**known: Any) -> Judged:  # noqa: ANN401 - any of the value's own fields
    """The same of K10."""
    defaults: dict[str, Any] = {
        "category": CategoryId("K10"),
        "category_name": "Arkivering – Bestilling",
        "payment": PaymentModel.FIXED,
        "hourly_rate": None,
        "cap_hours": None,
        "fixed_price": Decimal(34000),
        "solution": None,
    }
    return seen(**{**defaults, **known})


def unapproved(**known: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the value's own fields
    """What is different where nobody has approved."""
    return {"approval": None, "approved_at": None, "state": ApprovalState.AWAITING, **known}


def work(
    started: str | datetime, hours: float = 1, number: int = 1, created: str | None = None, updated: str | None = None
) -> Worklog:
    """Work that began at a moment in Danish time, written down then unless `created` or `updated` say otherwise."""
    moment = at(started) if isinstance(started, str) else started
    written = moment if created is None else at(created)
    return Worklog(str(number), moment, round(hours * 3600), written, written if updated is None else at(updated))


def billed(judged: Judged, *worklogs: Worklog, ticket: Ticket | None = None, month: Month = NOVEMBER) -> Line:
    """The line of a ticket that has one."""
    line = bill(ticket or a_ticket(status="I gang"), judged, worklogs, month, catalogue())
    assert line is not None
    return line


def codes(line: Line) -> list[Code]:
    """What is out of the ordinary about a line."""
    return [deviation.code for deviation in line.deviations]


def these(*values: object) -> tuple[object, ...]:
    """Values of whatever kind, to be held against plain numbers."""
    return values


def report(*lines: Line, **known: Any) -> Report:  # noqa: ANN401 - any of the report's own fields
    """A report of these lines, made on 1 December."""
    defaults: dict[str, Any] = {
        "site": SiteName("dubu"),
        "project": "DUBU",
        "mapping_version": "a1b2c3d4e5f6",
        "month": NOVEMBER,
        "made_at": at("2026-12-01 08:30"),
        "zone": DENMARK,
        "is_ex_vat": False,
        "looked_at": 7,
        "lines": in_order(lines),
    }
    return Report(**{**defaults, **known})
