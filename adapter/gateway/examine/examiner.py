"""A whole live site as the doctor wants to see it, read by the adapter's account and an administrator's if there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from adapter.catalogue.model import Catalogue
from adapter.doctor.permissions import needed
from adapter.doctor.seen import Administrator, Deliveries, Front, Seen
from adapter.errors import Refused
from adapter.gateway.admin.lists import issue_type_of
from adapter.gateway.admin.read import SiteReader
from adapter.gateway.circle import identity
from adapter.gateway.examine.front import Let, Reception
from adapter.gateway.examine.tickets import Tickets
from adapter.gateway.findings import Findings
from adapter.gateway.login import variable
from adapter.gateway.meet import meet
from adapter.gateway.resolve import Unresolvable
from adapter.gateway.retry import Patience
from adapter.gateway.session import API, OnRequest, Unauthorised, Wire
from adapter.gateway.shapes import objects, part, text
from adapter.provision.found import IssueType
from adapter.provision.wanted import wanted_of
from adapter.settings import SiteSettings

Tell = Callable[[str], None]
"""Told the name of each part before it is read."""


class Examiner:
    """Looks at one site; writes nothing."""

    def __init__(
        self,
        settings: SiteSettings,
        catalogue: Catalogue,
        *,
        patience: Patience | None = None,
        on_request: OnRequest | None = None,
        tell: Tell = lambda _: None,
    ) -> None:
        """ConfigurationError where the address is none that a token may be sent to."""
        self._settings, self._catalogue, self._tell = settings, catalogue, tell
        self._patience = patience or Patience()
        self._cloud = catalogue.jira.deployment == "cloud"
        self._reception = Reception(settings, catalogue, self._patience, on_request)

    def whole(self, deliveries: Deliveries | None) -> Seen:
        """Everything; only the front where the site does not let the adapter in. OutOfReach where it is away."""
        self._tell("adresse og login")
        front, adapter = self._reception.adapter()
        seen = self._seen(front, deliveries)
        if adapter is None:
            return seen
        findings = Findings(self._catalogue.positions)
        self._tell("navne")
        try:
            names, _, _ = meet(adapter.wire, self._catalogue, adapter.me, findings, self._patience)
        except Unresolvable:
            return replace(seen, resolved=tuple(findings.all))
        self._tell("rettigheder")
        held, unknown = self._permissions(adapter.wire)
        seen = replace(
            seen,
            resolved=tuple(dict.fromkeys(findings.all)),
            field_ids={field.name: field.id for field in names.fields.values()} | dict(names.form_fields),
            held=held,
            unknown=unknown,
        )
        seen = self._inside(seen, adapter, {i: status.name for i, status in names.statuses.items()})
        self._tell("sager")
        tickets = Tickets(adapter.wire, self._cloud, self._catalogue.jira.project)
        if seen.found is not None and seen.found.screens is None:
            types = seen.found.project.types_among(self._catalogue.jira.issue_types)
            seen = replace(seen, editable=tickets.editable(types))
        return replace(seen, changed=tickets.changed())

    def doors(self) -> Seen:
        """As much as side doors show in; only the front where the site does not let the adapter in."""
        front, adapter = self._reception.adapter()
        seen = self._seen(front, None)
        return seen if adapter is None else self._inside(seen, adapter, self._statuses(adapter.wire))

    def _seen(self, front: Front, deliveries: Deliveries | None) -> Seen:
        settings = self._settings
        administrator = Administrator(token_variable=variable(settings, "ADMIN_TOKEN"))
        return Seen(
            site=settings.site,
            is_cloud=self._cloud,
            front=front,
            administrator=administrator,
            deliveries=deliveries,
            secrets_variable=variable(settings, "WEBHOOK_SECRETS"),
            webhook_url=settings.webhook_url,
        )

    def _inside(self, seen: Seen, adapter: Let, statuses: dict[str, str]) -> Seen:
        """The site itself, and what tickets offer where the workflows may not be read."""
        jira = self._catalogue.jira
        administrator, admin = self._reception.administrator()
        reader = SiteReader((admin or adapter).wire, self._cloud, jira.project)
        names = [field.name for field in wanted_of(self._catalogue, None).fields]
        found = reader.read(identity(adapter.me, self._cloud), names, jira.issue_types, tell=self._tell)
        role = found.role(jira.roles.adapter)
        if admin is not None and role is not None and role.is_held_by(identity(admin.me, self._cloud)):
            administrator = replace(administrator, holds_role=True)
        desk = found.role(jira.roles.agent)
        if admin is not None and desk is not None:
            administrator = replace(administrator, is_agent=desk.is_held_by(identity(admin.me, self._cloud)))
        seen = replace(seen, found=found, statuses=statuses, administrator=administrator)
        if found.workflows is not None:
            return seen
        self._tell("overgange på sager")
        types = found.project.types_among(jira.issue_types)
        tickets = Tickets(adapter.wire, self._cloud, jira.project)
        foreign = {
            issue_type.name: tuple(there.values())
            for issue_type, there in self._statuses_of_types(adapter.wire)
            if not issue_type.is_among(jira.issue_types)
        }
        seen = replace(seen, offered=tickets.offered(statuses, types), begun=tickets.begun(types), foreign=foreign)
        if admin is None:
            return seen
        offered = replace(tickets, wire=admin.wire).offered(statuses, types)
        return replace(seen, offered_to_admin=offered)

    def _statuses(self, wire: Wire) -> dict[str, str]:
        """The statuses of the workflows of the issue types that are the adapter's."""
        jira = self._catalogue.jira
        ours = (there for issue_type, there in self._statuses_of_types(wire) if issue_type.is_among(jira.issue_types))
        return {status: name for there in ours for status, name in there.items()}

    def _statuses_of_types(self, wire: Wire) -> Iterator[tuple[IssueType, dict[str, str]]]:
        """Each issue type of the project with the statuses of its workflow, names by id."""
        answer = wire.get(f"{API}/project/{{project}}/statuses", project=self._catalogue.jira.project)
        for told in objects(answer):
            there = {text(s.get("id")): text(s.get("name")) for s in objects(told.get("statuses"))}
            yield issue_type_of(told), there

    def _permissions(self, wire: Wire) -> tuple[frozenset[str] | None, frozenset[str]]:
        """The permissions that the adapter has of those it needs, and those that this Jira does not know."""
        keys = [permission.key for permission in needed(self._catalogue)]
        try:
            return self._held(wire, keys)
        except (Refused, Unauthorised):
            pass  # one that is not known spoils the whole question: each is asked by itself
        held: set[str] = set()
        unknown: set[str] = set()
        for key in keys:
            try:
                one, strange = self._held(wire, [key])
            except (Refused, Unauthorised):
                unknown.add(key)
            else:
                held |= one
                unknown |= strange
        return (frozenset(held) if held else None), frozenset(unknown)

    def _held(self, wire: Wire, keys: list[str]) -> tuple[frozenset[str], frozenset[str]]:
        asked = {"permissions": ",".join(keys), "projectKey": self._catalogue.jira.project}
        told = part(wire.get(f"{API}/mypermissions", asked), "permissions")
        held = frozenset(key for key in keys if part(told, key, "havePermission") is True)
        return held, frozenset(key for key in keys if part(told, key) is None)
