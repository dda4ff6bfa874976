"""What happened to a ticket: Jira's changelog as status changes and changes of the mapping's fields, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from adapter.catalogue.words import FieldName, FieldType, StatusRole
from adapter.gateway.fields import value_said
from adapter.gateway.names import Names
from adapter.gateway.people import People
from adapter.gateway.shapes import Json, moment, objects, part, text
from adapter.ticket.snapshot import FieldChange, Status, StatusChange


@dataclass(frozen=True)
class Past:
    """The two histories of a ticket, and when it was moved to its project, if it was."""

    statuses: tuple[StatusChange, ...]
    fields: tuple[FieldChange, ...]
    joined: datetime | None = None


def past(entries: Iterable[Json], present: Json, names: Names, people: People) -> Past:
    """The changelog's entries as changes, options as they are called now; entries without a readable time are left out.

    `present` is the issue's `fields`.
    """
    labels = _labels(present, names)
    statuses: list[StatusChange] = []
    fields: list[FieldChange] = []
    joined: datetime | None = None
    dated = [(at, entry) for entry in entries if (at := moment(entry.get("created")))]
    for at, entry in sorted(dated, key=lambda pair: (pair[0], _order(pair[1]))):
        by = people.person(entry.get("author"))
        for item in objects(entry.get("items")):
            if _is_status(item, names):
                before = status_named(names, text(item.get("from")), text(item.get("fromString")))
                after = status_named(names, text(item.get("to")), text(item.get("toString")))
                if before.id and after.id:  # the item of a ticket's creation has no status before
                    statuses.append(StatusChange(at, by, before, after))
            elif (text(item.get("field")), text(item.get("fieldtype"))) == ("project", "jira"):  # no field of that name
                joined = at
            elif name := _field(item, names):
                kind = names.fields[name].type
                old = value_said(kind, item.get("from"), item.get("fromString"), labels.get(name, {}))
                new = value_said(kind, item.get("to"), item.get("toString"), labels.get(name, {}))
                fields.append(FieldChange(at, by, name, old, new))
    return Past(tuple(statuses), tuple(fields), joined)


def status_named(names: Names, status_id: str, name: str) -> Status:
    """A status by its id; one that the project does not have, as of a ticket that was moved, is OTHER."""
    known = names.statuses.get(status_id)
    return Status(known.id, known.name, known.role) if known else Status(status_id, name, StatusRole.OTHER)


def _labels(present: Json, names: Names) -> dict[FieldName, Mapping[str, str]]:
    """What options are called now, by field and option id; the ticket's own goes before those read at the start."""
    found: dict[FieldName, Mapping[str, str]] = {}
    for name, known in names.fields.items():
        if known.type is FieldType.SELECT:
            own = present.get(known.id)
            option_id, label = text(part(own, "id")), text(part(own, "value"))
            found[name] = {**known.labels, option_id: label} if option_id and label else known.labels
    return found


def _order(entry: Json) -> int:
    number = text(entry.get("id"))
    return int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0


def _is_status(item: Json, names: Names) -> bool:
    if text(item.get("fieldtype")) != "jira":
        return False
    if field_id := text(item.get("fieldId")):
        return field_id == "status"
    if text(item.get("field")).casefold() == "status":
        return True
    # Data Center has no fieldId, and a site may have translated the name: both ends are statuses, by id and by name.
    ends = [(text(item.get(k)), text(item.get(f"{k}String"))) for k in ("from", "to")]
    return all(i in names.statuses and names.statuses[i].name == said for i, said in ends)


def _field(item: Json, names: Names) -> FieldName | None:
    field_id = text(item.get("fieldId"))
    for name, known in names.fields.items():
        if field_id == known.id or (
            not field_id and text(item.get("fieldtype")) == "custom" and text(item.get("field")) == known.name
        ):
            return name
    return None
