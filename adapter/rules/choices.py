"""Who set a field, and what it was: read from the changelog, so that a lost database changes nothing (R2, R4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adapter.catalogue.words import FieldName
from adapter.ticket.snapshot import FieldChange, Person, Ticket, Value


def changes_of(ticket: Ticket, field: FieldName) -> tuple[FieldChange, ...]:
    """The changes of one field, oldest first."""
    return tuple(change for change in ticket.field_history if change.field == field)


_DESKS = frozenset({FieldName.CATEGORY, FieldName.PAYER, FieldName.PAYING_PARTY})
"""What only the service desk may change once the ticket is made: what it says then counts, whoever made it (R2, R3)."""


def is_of_desk(person: Person) -> bool:
    """Whether somebody acts for the service desk: its own people and the adapter, not an app in their role."""
    return person.is_adapter or (person.is_agent and not person.is_app)


@dataclass(frozen=True)
class Choice:
    """What a person chose for a field, never empty; who, and when."""

    value: Value
    by: Person | None
    at: datetime
    at_creation: bool = False


def choice_of(ticket: Ticket, field: FieldName) -> Choice | None:
    """What a person chose last; None where nobody did, or emptied the field again.

    What the adapter wrote since does not undo it: it was decided from a reading in which the choice was not there yet.
    Nor does what an app wrote, or somebody who may not choose. Jira logs no change for what was set when the ticket was
    made: what stood before the first one is a person's.
    """

    def is_choice(by: Person) -> bool:
        return not (by.is_adapter or by.is_app) and (field not in _DESKS or by.is_agent)

    said, last = _last(ticket, field, is_choice)
    if said is None:
        return None
    return Choice(said, ticket.creator, ticket.created, True) if last is None else Choice(said, last.by, last.at)


def standing_value(ticket: Ticket, field: FieldName) -> Value:
    """What the field holds, but for a change by somebody who may not choose: the adapter puts that back."""
    return _last(ticket, field, lambda by: _may_fill(by, field))[0]


def _may_fill(by: Person, field: FieldName) -> bool:
    return field not in _DESKS or is_of_desk(by)


def _last(ticket: Ticket, field: FieldName, counts: Callable[[Person], bool]) -> tuple[Value, FieldChange | None]:
    """What the last change that counts left in a field, and that change; what it held first where none counts."""
    changes = changes_of(ticket, field)
    last = next((change for change in reversed(changes) if counts(change.by)), None)
    if not changes or last is changes[-1]:
        return ticket.fields.get(field), last
    return changes[0].before if last is None else last.after, last


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
    """What the field held at a moment: by the last change up to it that counts, or what the first change replaced."""
    changes = changes_of(ticket, field)
    until = [change for change in changes if change.at <= moment and _may_fill(change.by, field)]
    if until:
        return until[-1].after
    return changes[0].before if changes else ticket.fields.get(field)


def same_value(one: Value, other: Value) -> bool:
    """True where two values read the same on a ticket: texts without surrounding space, empty text as nothing."""
    left, right = (v.strip() or None if isinstance(v, str) else v for v in (one, other))
    return left == right
