"""From the mapping's names to the site's ids, once at the start: every finding at once, each with its mapping line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from adapter.catalogue.answers import AnswerField, answer_fields, with_answers
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import AccountId, FieldName, StatusRole
from adapter.doctor.finding import Code
from adapter.errors import ConfigurationError, Refused
from adapter.gateway.findings import Findings, by_provision
from adapter.gateway.names import FieldId, KnownStatus, Names
from adapter.gateway.options import OptionLists
from adapter.gateway.session import API, Wire
from adapter.gateway.shapes import Json, objects, part, text
from adapter.provision.wanted import KINDS

REQUEST_TYPE = "com.atlassian.servicedesk:vp-origin"
ORGANISATIONS = "com.atlassian.servicedesk:sd-customer-organizations"


class Unresolvable(ConfigurationError):
    """Not even the project is there: nothing else can be looked up, and the finding says so."""


@dataclass(frozen=True)
class Resolution:
    """One pass over the mapping against the site; what is wrong ends in `findings`."""

    wire: Wire
    catalogue: Catalogue
    findings: Findings

    @property
    def _is_cloud(self) -> bool:
        return self.catalogue.jira.deployment == "cloud"

    def names(self, account: AccountId) -> Names:
        """The site's ids, as many as there are; Unresolvable where not even the project is there."""
        jira = self.catalogue.jira
        project = self._project()
        types = self._issue_types(project)
        site_fields = [f for f in objects(self.wire.jira.fields()) if self._is_ours(f, text(part(project, "id")))]
        found = {name: self._field(site_fields, name) for name in jira.fields}
        asked = tuple(answer_fields(self.catalogue))
        form = self._answer_fields(site_fields, asked)
        lists = OptionLists(self.wire, self.catalogue, self.findings)
        listed = {form[name] for name in with_answers(asked) if name in form}
        options = lists.read(types, {f.id for f in found.values() if f} | listed)
        fields = {name: lists.checked(name, f, options) for name, f in found.items() if f}
        lists.check_answers(asked, form, options)
        statuses, by_role = self._statuses({text(t.get("id")) for t in types})
        self._request_types(text(part(project, "key")))
        role = self._role(project)
        self._accounts(jira.roles.automation, "jira.yaml", "roller", "automatik")
        self._accounts(self.catalogue.parties.kombit.accounts, "parter.yaml", "kombit", "konti")
        return Names(
            account=account,
            agent_role_id=role,
            fields=fields,
            statuses=statuses,
            by_role=by_role,
            issue_type_ids=tuple(text(t.get("id")) for t in types) if jira.issue_types else (),
            request_type_field=self._own_field(site_fields, REQUEST_TYPE),
            organisations_field=self._own_field(site_fields, ORGANISATIONS),
            form_fields=form,
            automation=frozenset(account.casefold() for account in jira.roles.automation),
        )

    def _project(self) -> Json:
        key = self.catalogue.jira.project
        try:
            found = self.wire.get(f"{API}/project/{{project}}", project=key)
        except Refused as refusal:
            if refusal.status not in {403, 404}:
                raise
            found = None
        if not isinstance(found, Mapping):
            self.findings.stop(
                Code.PROJECT,
                f'projektet "{key}" findes ikke på sitet, eller adapterens konto må ikke se det',
                "ret nøglen, eller giv kontoen adgang",
                "projekt",
            )
            raise Unresolvable(str(self.findings.all[-1]))
        return found

    def _issue_types(self, project: Json) -> list[Json]:
        there = objects(project.get("issueTypes"))
        wanted = self.catalogue.jira.issue_types
        for i, name in enumerate(wanted):
            if not any(text(t.get("name")) == name for t in there):
                self.findings.stop(
                    Code.ISSUE_TYPE,
                    f'sagstypen "{name}" findes ikke i projektet',
                    "opret den, eller ret navnet",
                    *("sagstyper", str(i)),
                )
        return [t for t in there if text(t.get("name")) in wanted] if wanted else there

    # fields ---------------------------------------------------------------------------------------------------------

    @staticmethod
    def _is_ours(site_field: Json, project_id: str) -> bool:
        scope = text(part(site_field, "scope", "project", "id"))  # a team-managed project's own field
        return not scope or scope == project_id

    def _by_name(self, site_fields: list[Json], name: str, *path: str, file: str = "jira.yaml") -> Json | None:
        named = [f for f in site_fields if name in {text(f.get("name")), text(f.get("untranslatedName"))}]
        if len(named) > 1:
            ids = ", ".join(text(f.get("id")) for f in named)
            self.findings.stop(
                Code.FIELD,
                f'der er {len(named)} felter med navnet "{name}" på sitet ({ids})',
                "omdøb de andre",
                *path,
                file=file,
            )
        if not named:
            return None
        return named[0]

    def _field(self, site_fields: list[Json], name: FieldName) -> FieldId | None:
        wanted = self.catalogue.jira.fields[name]
        path = ("felter", name.value, "navn")
        there = self._by_name(site_fields, wanted.name, *path)
        if there is None:
            self.findings.stop(
                Code.FIELD,
                f'feltet "{wanted.name}" findes ikke på sitet',
                by_provision(f"opret det som {wanted.type.value}, eller ret navnet"),
                *path,
            )
            return None
        kind = text(part(there, "schema", "type"))
        if kind != KINDS[wanted.type]:
            self.findings.stop(
                Code.FIELD,
                f'feltet "{wanted.name}" er af typen "{kind}" på sitet og skal være {wanted.type.value}',
                "opret et felt af den rigtige type, eller ret navnet",
                *path,
            )
            return None
        return FieldId(text(there.get("id")), wanted.name, wanted.type, self.findings.at(*path))

    def _answer_fields(self, site_fields: list[Json], asked: Iterable[AnswerField]) -> dict[str, str]:
        """Ids by name; a field that the site lacks is a finding where the mapping first names it."""
        found: dict[str, str | None] = {}
        for wanted in asked:
            if wanted.name in found:
                continue
            path, file = wanted.named_at, wanted.file
            there = self._by_name(site_fields, wanted.name, *path, file=file)
            if there is None:
                self.findings.stop(
                    Code.FIELD,
                    f'formularfeltet "{wanted.name}" findes ikke på sitet',
                    by_provision("opret det, eller ret navnet"),
                    *path,
                    file=file,
                )
            found[wanted.name] = text(there.get("id")) if there else None
        return {name: field_id for name, field_id in found.items() if field_id}

    @staticmethod
    def _own_field(site_fields: list[Json], custom: str) -> str | None:
        return next((text(f.get("id")) for f in site_fields if part(f, "schema", "custom") == custom), None)

    # statuses, roles, request types ---------------------------------------------------------------------------------

    def _statuses(self, type_ids: set[str]) -> tuple[dict[str, KnownStatus], dict[StatusRole, tuple[str, ...]]]:
        answer = self.wire.get(f"{API}/project/{{project}}/statuses", project=self.catalogue.jira.project)
        there: dict[str, str] = {}
        for issue_type in objects(answer):
            if not type_ids or text(issue_type.get("id")) in type_ids:
                there |= {text(s.get("id")): text(s.get("name")) for s in objects(issue_type.get("statuses"))}
        by_role: dict[StatusRole, tuple[str, ...]] = {}
        for role, wanted in self.catalogue.jira.statuses.items():
            for i, name in enumerate(wanted):
                if name not in there.values():
                    self.findings.stop(
                        Code.STATUS,
                        f'statussen "{name}" findes ikke i projektets workflows',
                        by_provision("opret den, eller ret navnet", can=self._is_cloud),
                        *("statusser", role.value, str(i)),
                    )
            by_role[role] = tuple(i for name in wanted for i, known in there.items() if known == name)
        roles = {i: role for role, ids in by_role.items() for i in ids}
        for status_id, name in there.items():
            if status_id not in roles:
                self.findings.tell(
                    Code.UNNAMED_STATUS,
                    f'statussen "{name}" nævnes ikke og regnes for "andre"',
                    "skriv, hvad den betyder, hvis det er forkert",
                    "statusser",
                )
        known = {i: KnownStatus(i, name, roles.get(i, StatusRole.OTHER)) for i, name in there.items()}
        return known, by_role

    def _role(self, project: Json) -> str:
        name = self.catalogue.jira.roles.agent
        roles = project.get("roles")
        if not isinstance(roles, Mapping):
            roles = self.wire.get(f"{API}/project/{{project}}/role", project=self.catalogue.jira.project)
        # Only the number at the end of the address is taken; nothing is ever sent to an address from an answer.
        number = re.search(r"/(\d+)$", text(part(roles, name)))
        if number is None:
            self.findings.stop(
                Code.ROLE,
                f'projektrollen "{name}" findes ikke i projektet',
                "opret den, eller ret navnet",
                *("roller", "servicedesk"),
            )
        return number[1] if number else ""

    def _accounts(self, accounts: tuple[str, ...], file: str, *path: str) -> None:
        cloud = self._is_cloud
        for i, account in enumerate(accounts):
            at = (*path, str(i))
            try:
                if not any(self._is_user(by, account) for by in (("accountId",) if cloud else ("username", "key"))):
                    kind = "konto-id'et" if cloud else "brugernavnet"
                    what = f'kontoen "{account}" findes ikke på sitet'
                    self.findings.stop(Code.ACCOUNT, what, f"skriv {kind}", *at, file=file)
            except Refused as refusal:
                what = f'kontoen "{account}" kan ikke efterses (Jira svarer {refusal.status})'
                mend = 'giv adapterens konto rettigheden "Browse users and groups"'
                self.findings.warn(Code.ACCOUNT, what, mend, *at, file=file)

    def _is_user(self, by: str, account: str) -> bool:
        try:
            return self.wire.get(f"{API}/user", {by: account}) is not None
        except Refused as refusal:
            if refusal.status in {400, 404}:
                return False
            raise

    def _request_types(self, project: str) -> None:
        if not self.catalogue.jira.request_types:
            return
        try:
            desks = self.wire.desk_pages("/servicedesk")
            desk = next((text(d.get("id")) for d in desks if text(d.get("projectKey")) == project), None)
            types = self.wire.desk_pages("/servicedesk/{desk}/requesttype", desk=desk) if desk else iter(())
            there = {text(t.get("name")) for t in types}
        except Refused as refusal:
            self.findings.warn(
                Code.REQUEST_TYPE,
                f"anmodningstyperne kan ikke efterses (Jira svarer {refusal.status})",
                "gør adapterens konto til agent",
                "anmodningstyper",
            )
            return
        for name in self.catalogue.jira.request_types:
            if name not in there:
                self.findings.stop(
                    Code.REQUEST_TYPE,
                    f'anmodningstypen "{name}" findes ikke i projektet',
                    by_provision("opret den, eller ret navnet", can=self._is_cloud),
                    *("anmodningstyper", name),
                )
