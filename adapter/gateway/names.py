"""What the mapping's names are on the site: ids, resolved once, and the way back from ids to meanings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from adapter.catalogue.words import AccountId, FieldName, FieldType, StatusRole
from adapter.errors import Refused


@dataclass(frozen=True)
class FieldId:
    """A field of the mapping on the site; `options` maps issue type → label → option id, None where unknown."""

    id: str
    name: str
    type: FieldType
    place: str = ""  # the mapping line that names it
    options: Mapping[str, Mapping[str, str]] | None = None

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What the options are called now, by option id; empty where the site does not tell them."""
        return {i: label for known in (self.options or {}).values() for label, i in known.items() if i}

    def option_id(self, label: str, issue_type: str) -> str | None:
        """The id of an option for tickets of a type; None where the site does not tell options before writing.

        Refused when the site has options and this is not among them, or is several that only a type could tell apart.
        """
        if self.options is None:
            return None
        if issue_type in self.options:
            found = {i for i in [self.options[issue_type].get(label)] if i}
        else:
            found = {known[label] for known in self.options.values() if label in known}
        if len(found) != 1:
            raise Refused(
                f'{self.place}: feltet "{self.name}" har på sitet ikke det valg, der skulle skrives for sagstypen '
                f'"{issue_type}"; intet er skrevet. Sammenlign feltets valg med mappingen',
                400,
            )
        return found.pop()


@dataclass(frozen=True)
class KnownStatus:
    """A status of the project's workflows."""

    id: str
    name: str
    role: StatusRole


@dataclass(frozen=True)
class Names:
    """Everything of one site that is found by name, by its id."""

    account: AccountId
    agent_role_id: str
    fields: Mapping[FieldName, FieldId]
    statuses: Mapping[str, KnownStatus]  # by id
    by_role: Mapping[StatusRole, tuple[str, ...]]  # ids, in the mapping's order
    issue_type_ids: tuple[str, ...] = ()  # empty: all of the project's
    request_type_field: str | None = None
    organisations_field: str | None = None
    form_fields: Mapping[str, str] = field(default_factory=dict)  # name → id, of questions and checklists too
    automation: frozenset[str] = frozenset()  # account ids or user names, case folded

    @property
    def wanted(self) -> str:
        """The `fields` of a read: what a Ticket holds, and nothing else."""
        system = (
            *("summary", "description", "status", "issuetype", "project", "created", "updated"),
            *("reporter", "creator", "comment", "attachment", "timespent"),
        )
        custom = [f.id for f in self.fields.values()] + list(self.form_fields.values())
        own = [f for f in (self.request_type_field, self.organisations_field) if f]
        return ",".join(dict.fromkeys([*system, *custom, *own]))

    def named(self, field_ids: tuple[str, ...]) -> str:
        """The mapping's names of fields that Jira complained about, for an error message."""
        known = {f.id: str(name) for name, f in self.fields.items()}
        return ", ".join(known.get(field_id, field_id) for field_id in field_ids)
