"""Who set a field, and what it was: read from the changelog, so that a lost database changes nothing (R2, R4)."""

from __future__ import annotations

from datetime import datetime

from adapter.catalogue.words import FieldName
from adapter.ticket.snapshot import FieldChange, Person, Ticket, Value


def changes_of(ticket: Ticket, field: FieldName) -> tuple[FieldChange, ...]:
    """The changes of one field, oldest first."""
    return tuple(change for change in ticket.field_history if change.field == field)


def persons_value(ticket: Ticket, field: FieldName) -> Value:
    """The field's value if a person chose it, else None.

    Jira logs no change for what was set when the ticket was made: a value without history is a person's.
    """
    value = ticket.fields.get(field)
    if value is None:
        return None
    changes = changes_of(ticket, field)
    if changes and changes[-1].by.is_adapter:
        return None
    return value


def chooser(ticket: Ticket, field: FieldName) -> Person | None:
    """Who set the field as it stands: the last to change it, or whoever made the ticket."""
    changes = changes_of(ticket, field)
    return changes[-1].by if changes else ticket.creator


def value_at(ticket: Ticket, field: FieldName, moment: datetime) -> Value:
    """What the field held at a moment: the last change up to it, or what the first change after it replaced."""
    changes = changes_of(ticket, field)
    until = [change for change in changes if change.at <= moment]
    if until:
        return until[-1].after
    return changes[0].before if changes else ticket.fields.get(field)


def same_value(one: Value, other: Value) -> bool:
    """True where two values read the same on a ticket: texts without surrounding space, empty text as nothing."""
    left, right = (v.strip() or None if isinstance(v, str) else v for v in (one, other))
    return left == right
