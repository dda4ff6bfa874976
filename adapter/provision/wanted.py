"""What a site must have for a mapping to work on it, each thing with the mapping's line that asks for it."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.catalogue.answers import answer_fields
from adapter.catalogue.labels import labels_of
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import CLOSED, FieldType, StatusRole

KINDS = {
    FieldType.SELECT: "option",
    FieldType.TEXT: "string",
    FieldType.NUMBER: "number",
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime",
}
"""Jira's words for the data types of fields."""
EVENTS = frozenset(
    f"{thing}_{what}"
    for thing, whats in {
        "jira:issue": ("created", "updated", "deleted"),
        "comment": ("created", "updated", "deleted"),
        "attachment": ("created", "deleted"),
        "worklog": ("created", "updated", "deleted"),
    }.items()
    for what in whats
)
"""What the door can tell a ticket from, or what makes a sweep worth while."""


@dataclass(frozen=True)
class WantedField:
    """A custom field; where its kind is free, one that is there is taken as it is."""

    name: str
    type: FieldType
    labels: tuple[str, ...]
    place: str
    is_fixed: bool = True

    @property
    def kind(self) -> str:
        """Jira's word for its data type."""
        return KINDS[self.type]


@dataclass(frozen=True)
class WantedStatus:
    """A status by name, and what it means."""

    name: str
    role: StatusRole
    place: str

    @property
    def category(self) -> str:
        """Jira's word for how far work is."""
        if self.role in CLOSED:
            return "DONE"
        return "TODO" if self.role is StatusRole.NEW else "IN_PROGRESS"


@dataclass(frozen=True)
class WantedWebhook:
    """Where Jira is to tell of the project's tickets."""

    url: str
    jql: str
    name: str
    events: frozenset[str] = EVENTS


@dataclass(frozen=True)
class Wanted:
    """Everything; `webhook` is None where no address was given."""

    catalogue: Catalogue
    fields: tuple[WantedField, ...]
    statuses: tuple[WantedStatus, ...]
    request_types: tuple[tuple[str, str], ...]  # name and place
    webhook: WantedWebhook | None

    @property
    def role(self) -> str:
        """The name of the adapter's project role."""
        return self.catalogue.jira.roles.adapter

    def at(self, *path: str) -> str:
        """The place of a value in jira.yaml."""
        return self.catalogue.positions.of("jira.yaml", *path)


def wanted_of(catalogue: Catalogue, webhook_url: str | None) -> Wanted:
    """What the mapping needs on the site."""
    jira = catalogue.jira
    jql, called = f"project = {jira.project}", f"DUBU-adapter {jira.project}"
    return Wanted(
        catalogue=catalogue,
        fields=_fields(catalogue),
        statuses=tuple(
            WantedStatus(name, role, catalogue.positions.of("jira.yaml", "statusser", role.value, str(i)))
            for role, names in jira.statuses.items()
            for i, name in enumerate(names)
        ),
        request_types=tuple(
            (name, catalogue.positions.of("jira.yaml", "anmodningstyper", name)) for name in jira.request_types
        ),
        webhook=WantedWebhook(webhook_url, jql, called) if webhook_url else None,
    )


def _fields(catalogue: Catalogue) -> tuple[WantedField, ...]:
    """Those of `felter`, and those that answers and checklists name beside them."""
    found: dict[str, WantedField] = {}
    for name, field in catalogue.jira.fields.items():
        labels = tuple(label for label, _, _ in labels_of(catalogue, name)) if field.type is FieldType.SELECT else ()
        place = catalogue.positions.of("jira.yaml", "felter", name.value, "navn")
        found[field.name] = WantedField(field.name, field.type, tuple(dict.fromkeys(labels)), place)
    for asked in answer_fields(catalogue):
        known = found.get(asked.name)
        if known is None:
            kind = FieldType.SELECT if asked.answers else FieldType.TEXT
            place = catalogue.positions.of(asked.file, *asked.named_at)
            found[asked.name] = WantedField(asked.name, kind, asked.answers, place, is_fixed=False)
        elif known.type is FieldType.SELECT:
            labels = tuple(dict.fromkeys((*known.labels, *asked.answers)))
            found[asked.name] = WantedField(known.name, known.type, labels, known.place, known.is_fixed)
    return tuple(found.values())
