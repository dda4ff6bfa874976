"""The options of the site's select fields, by issue type, and whether the mapping's are among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from adapter.catalogue.answers import AnswerField
from adapter.catalogue.labels import labels_of
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName, FieldType
from adapter.doctor.finding import Code, Finding, Level
from adapter.errors import Refused
from adapter.gateway.findings import Findings, by_provision
from adapter.gateway.names import FieldId
from adapter.gateway.session import API, Wire
from adapter.gateway.shapes import Json, objects, part, text

Options = dict[str, dict[str, dict[str, str]]]
"""Field id → issue type → label → option id."""


@dataclass(frozen=True)
class OptionLists:
    """Reads and compares options; only what may be shown to anyone who creates or edits tickets is asked for."""

    wire: Wire
    catalogue: Catalogue
    findings: Findings

    def read(self, types: list[Json], wanted: set[str]) -> Options:
        """The options of fields on the create screens, then of those on the newest ticket's edit screen."""
        found: Options = {}
        for issue_type in types:
            for site_field in self._create_screen(text(issue_type.get("id"))):
                field_id = text(site_field.get("fieldId")) or text(site_field.get("key"))
                if field_id in wanted:
                    found.setdefault(field_id, {})[text(issue_type.get("name"))] = _labels(site_field)
        if wanted - found.keys():
            self._edit_screen(found, wanted - found.keys())
        return found

    def _create_screen(self, type_id: str) -> list[Json]:
        path = f"{API}/issue/createmeta/{{project}}/issuetypes/{{type}}"
        try:
            return list(self.wire.pages(path, ("fields", "values"), project=self.catalogue.jira.project, type=type_id))
        except Refused:
            return []  # the account may not create tickets: the newest ticket's edit screen tells then

    def _edit_screen(self, found: Options, wanted: Iterable[str]) -> None:
        search = "search/jql" if self.catalogue.jira.deployment == "cloud" else "search"
        jql = f'project = "{self.catalogue.jira.project}" ORDER BY created DESC'
        try:
            answer = self.wire.get(f"{API}/{search}", {"jql": jql, "fields": "issuetype", "maxResults": 1})
            newest = next(iter(objects(part(answer, "issues"))), {})
            screen = part(self.wire.jira.editmeta(text(newest.get("id"))), "fields") if newest else None
        except Refused:
            return
        of_type = text(part(newest, "fields", "issuetype", "name"))
        for field_id in wanted:
            site_field = part(screen, field_id)
            if isinstance(site_field, Mapping):
                found.setdefault(field_id, {})[of_type] = _labels(site_field)

    def checked(self, name: FieldName, found: FieldId, options: Options) -> FieldId:
        """The field with its options; every option of the mapping that the site lacks is a finding."""
        if found.type is not FieldType.SELECT:
            return found
        known = options.get(found.id)
        if not known:
            what = f'valgene i feltet "{found.name}" kan ikke læses, før der er en sag i projektet'
            until = "de skrives ved navn, indtil adapteren startes igen"
            self.findings.all.append(Finding(Level.WARNING, Code.OPTION, what, until, found.place))
            return found
        for label, file, path in labels_of(self.catalogue, name):
            lacking = sorted(issue_type for issue_type, labels in known.items() if label not in labels)
            if lacking:
                of_type = "" if len(lacking) == len(known) else f" for sagstypen {', '.join(lacking)}"
                self.findings.stop(
                    Code.OPTION,
                    f'feltet "{found.name}" har ikke valget "{label}" på sitet{of_type}',
                    by_provision("opret det, eller ret navnet", can=self.catalogue.jira.deployment == "cloud"),
                    *path,
                    file=file,
                )
        return replace(found, options=known)

    def check_answers(self, asked: Iterable[AnswerField], form: Mapping[str, str], options: Options) -> None:
        """Every answer of the mapping that its field, where it is a list, does not offer is a finding or a warning."""
        for wanted in asked:
            known = options.get(form.get(wanted.name, ""), {})
            there = {label for labels in known.values() for label in labels}
            tell = self.findings.stop if wanted.must_offer else self.findings.warn
            for answer in wanted.answers:
                if there and answer not in there:
                    tell(
                        Code.OPTION,
                        f'formularfeltet "{wanted.name}" har ikke svaret "{answer}" på sitet',
                        "ret navnet",
                        *wanted.answer_at(answer),
                        file=wanted.file,
                    )


def _labels(site_field: Json) -> dict[str, str]:
    values = objects(site_field.get("allowedValues"))
    return {text(v.get("value")): text(v.get("id")) for v in values if v.get("disabled") is not True}
