"""Who set a field, and what it was: read from the changelog, so that a lost database changes nothing (R2, R4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from adapter.catalogue.words import FieldName
from adapter.ticket.snapshot import FieldChange, Person, Ticket, Value


def changes_of(ticket: Ticket, field: FieldName) -> tuple[FieldChange, ...]:
    """The changes of one field, oldest first."""
    return tuple(change for change in ticket.field_history if change.field == field)


@dataclass(frozen=True)
class Choice:
    """What a person chose for a field, never empty; who, and when."""

    value: Value
    by: Person | None
    at: datetime


def choice_of(ticket: Ticket, field: FieldName) -> Choice | None:
    """What a person chose last; None where nobody did, or emptied the field again.

    What the adapter wrote since does not undo it: it was decided from a reading in which the choice was not there yet.
    Jira logs no change for what was set when the ticket was made: what stood before the first one is a person's.
    """
    changes = changes_of(ticket, field)
    last = next((change for change in reversed(changes) if not change.by.is_adapter), None)
    is_last = not changes or last is changes[-1]
    made = changes[0].before if changes else None
    said = ticket.fields.get(field) if is_last else last.after if last is not None else made
    by, at = (last.by, last.at) if last is not None else (ticket.creator, ticket.created)
    return Choice(said, by, at) if said is not None else None


def persons_value(ticket: Ticket, field: FieldName) -> Value:
    """What a person chose last for a field, else None."""
    choice = choice_of(ticket, field)
    return choice.value if choice is not None else None


def stands_as_chosen(ticket: Ticket, field: FieldName) -> bool:
    """Whether the field holds what a person put there, and not what the adapter wrote since."""
    changes = changes_of(ticket, field)
    return ticket.fields.get(field) is not None and not (changes and changes[-1].by.is_adapter)


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
