"""The catalogue's figures as a ticket was offered or closed by them, whatever the catalogue says now (R4, R12, R23).

What they were is read from the adapter's own writing: an edited catalogue is for the next tickets.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from adapter.catalogue.model import Catalogue, Category
from adapter.catalogue.values import BY_AGREEMENT, parse_danish_number
from adapter.catalogue.words import CLOSED, ApprovalState, FieldName, PaymentModel, StatusRole
from adapter.rules.choices import changes_of, value_at
from adapter.ticket.snapshot import FieldChange, StatusChange, Ticket, Value

_WAITED = frozenset({StatusRole.WAITING_CUSTOMER, StatusRole.WAITING_THIRD_PARTY, StatusRole.APPROVED})
_LEAST, _MOST = (
    Decimal("0.01"),
    Decimal(10) ** 9,
)  # what is outside is a slip of the keyboard: no such price, no such hours


def sensible(value: Value) -> Decimal | None:
    """A field's number where it can be a price or hours; None for any other."""
    is_one = isinstance(value, Decimal) and value.is_finite() and _LEAST <= value < _MOST
    return value if isinstance(value, Decimal) and is_one else None


def has_waited(ticket: Ticket, catalogue: Catalogue, *, by_adapter: bool = False) -> bool:
    """True once the ticket has waited for its payer or gone further: what the adapter filled in then stands (R12).

    One that was led to Godkendt because it needed no approval has not: nobody was offered anything.
    """
    steps = (change for change in ticket.history if change.after.role in _WAITED)
    return any(
        (change.by.is_adapter or not by_adapter) and not _was_let_through(ticket, catalogue, change) for change in steps
    )


def _was_let_through(ticket: Ticket, catalogue: Catalogue, step: StatusChange) -> bool:
    """Whether the adapter made a step to Godkendt while its own word was that no approval was needed."""
    if step.after.role is not StatusRole.APPROVED or not step.by.is_adapter:
        return False
    told = [c.after for c in changes_of(ticket, FieldName.APPROVAL) if c.by.is_adapter and c.at <= step.at]
    return bool(told) and catalogue.meaning(FieldName.APPROVAL, told[-1]) == ApprovalState.NOT_REQUIRED


def are_settled(ticket: Ticket, catalogue: Catalogue) -> bool:
    """True for a ticket whose figures stand: it was offered or closed by them."""
    return has_waited(ticket, catalogue) or ticket.status.role in CLOSED


def last_written(ticket: Ticket, field: FieldName) -> Value:
    """What the adapter last wrote into a field since the category was last changed; emptying it counts for nothing."""
    return next((change.after for change in _own_changes(ticket, field)), None)


def row_in_force(ticket: Ticket, catalogue: Catalogue, row: Category) -> Category:
    """The row with the payment, price, rate and cap by which the ticket was offered or closed."""
    if not are_settled(ticket, catalogue):
        return row
    model = catalogue.meaning(FieldName.PAYMENT_MODEL, last_written(ticket, FieldName.PAYMENT_MODEL))
    price = _fixed_price(last_written(ticket, FieldName.PRICE)) or row.price
    is_fixed = isinstance(price, Decimal) and (model or row.payment) == PaymentModel.FIXED
    return row.model_copy(
        update={
            "payment": PaymentModel.FIXED if is_fixed else PaymentModel.HOURLY,
            "price": price if is_fixed else BY_AGREEMENT,
            "hourly_rate": _rate(ticket, row),
            "cap_hours": _cap(ticket) or row.cap_hours,
        }
    )


def _rate(ticket: Ticket, row: Category) -> Decimal | None:
    """The rate that was written; none where the price was written without one, though the row has one now."""
    rate = sensible(last_written(ticket, FieldName.HOURLY_RATE))
    had_none = last_written(ticket, FieldName.PRICE) == by_agreement()
    return rate if rate is not None or had_none else row.hourly_rate


def _cap(ticket: Ticket) -> Decimal | None:
    """The row's cap as it was written: what the ticket showed while nobody had offered other hours (R19)."""
    changes = _own_changes(ticket, FieldName.HOURS_CAP)
    unasked = (c for c in changes if sensible(value_at(ticket, FieldName.OFFERED_HOURS, c.at)) is None)
    return next((sensible(change.after) for change in unasked), None)


def by_agreement() -> str:
    """What the fields say of a price or a time that is agreed with the payer."""
    return BY_AGREEMENT.value.capitalize()


def _fixed_price(text: Value) -> Decimal | None:
    """The price in what the adapter writes of a fixed one, such as `34.000 kr. ekskl. moms`."""
    if not isinstance(text, str):
        return None
    try:
        return parse_danish_number(text.partition(" kr.")[0])
    except ValueError:
        return None  # the price was by agreement then


def _own_changes(ticket: Ticket, field: FieldName) -> Iterator[FieldChange]:
    """The adapter's own writing of a field for this category, newest first."""
    since = max((change.at for change in changes_of(ticket, FieldName.CATEGORY)), default=ticket.created)
    own = (change for change in reversed(changes_of(ticket, field)) if change.by.is_adapter and change.at >= since)
    return (change for change in own if change.after is not None)
