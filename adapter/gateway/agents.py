"""Who the service desk's people are: the actors of its project role, groups included."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from adapter.errors import AdapterError, Refused
from adapter.gateway.findings import Findings
from adapter.gateway.session import API, Wire
from adapter.gateway.shapes import Json, objects, part, text

log = structlog.get_logger()

KEEP = 600.0  # seconds
PLACE = ("roller", "servicedesk")
TO_READ_GROUPS = {
    True: 'giv adapterens konto rettigheden "Browse users and groups"',
    False: "gør adapterens konto til administrator i Jira",
}


@dataclass
class Agents:
    """The service desk's people, read again when older than ten minutes; what was known stays if that fails.

    It stays for each group by itself: one that may not be read (any more) keeps the members it had.
    """

    wire: Wire
    project: str
    role_id: str
    cloud: bool
    clock: Callable[[], float] = time.monotonic
    _known: frozenset[str] = field(default=frozenset(), init=False)
    _groups: dict[str, frozenset[str]] = field(default_factory=dict, init=False)  # members by group
    _read_at: float | None = field(default=None, init=False)

    def meet(self, findings: Findings, role: str, own: str) -> None:
        """Reads the people at the start; a finding for what hides them, as no offer of theirs could count (R9).

        `own` is the adapter's identity, whose word is nobody's. OutOfReach where Jira does not answer.
        """
        try:
            hidden = self.refresh()
        except Refused as refusal:
            findings.stop(
                f'adapterens konto må ikke læse projektrollen "{role}" (Jira svarer {refusal.status}), og så tæller '
                "ingen tilbud eller svar fra servicedesken; gør kontoen til projektadministrator",
                *PLACE,
            )
            return
        for group in hidden:
            findings.stop(
                f'medlemmerne af gruppen "{group}" i projektrollen "{role}" kan ikke læses, og så tæller ingen tilbud '
                f"eller svar fra dem; {TO_READ_GROUPS[self.cloud]}, eller sæt medlemmerne direkte i rollen",
                *PLACE,
            )
        if not self._known - {own} and not hidden:
            findings.stop(
                f'der er ingen medarbejdere i projektrollen "{role}", og så tæller ingen tilbud eller svar; sæt '
                "servicedeskens medarbejdere i rollen, eller ret navnet",
                *PLACE,
            )

    def refresh(self) -> tuple[str, ...]:
        """Reads the role's actors now; the names of groups whose members Jira does not show and never did."""
        people: set[str] = set()
        groups: dict[str, frozenset[str]] = {}
        hidden: list[str] = []
        role = self.wire.get(f"{API}/project/{{project}}/role/{{role}}", project=self.project, role=self.role_id)
        for actor in objects(part(role, "actors")):
            if "group" not in text(actor.get("type")):
                people.add(self._actor(actor))
                continue
            name = text(part(actor, "actorGroup", "name")) or text(actor.get("name"))
            members = self._members(actor, name)
            if members is None:
                hidden.append(text(actor.get("displayName")) or name)
            else:
                groups[name] = members
        self._groups = groups
        self._known = frozenset(people.union(*groups.values()) - {""})
        self._read_at = self.clock()
        return tuple(hidden)

    def known(self) -> frozenset[str]:
        """Identities as `identity` gives them, at most ten minutes old where Jira allows."""
        if self._read_at is None or self.clock() - self._read_at > KEEP:
            self._read_at = self.clock()  # a failure is not tried again at every read
            try:
                self.refresh()
            except AdapterError as error:
                log.warning("the service desk's people could not be read again", error=type(error).__name__)
        return self._known

    def _actor(self, actor: Json) -> str:
        account = text(part(actor, "actorUser", "accountId"))
        return account if self.cloud else (text(actor.get("name")) or text(part(actor, "actorUser", "name"))).casefold()

    def _members(self, actor: Json, name: str) -> frozenset[str] | None:
        """The members of a group, those it had where they may not be read, None where it never had any."""
        group_id = text(part(actor, "actorGroup", "groupId"))
        asked = {"groupId": group_id} if group_id and self.cloud else {"groupname": name}
        try:
            members = self.wire.pages(f"{API}/group/member", ("values",), asked)
            return frozenset(identity(user, self.cloud) for user in members)
        except Refused as refusal:
            log.warning("a group's members may not be read", status=refusal.status)
            return self._groups.get(name)


def identity(user: object, cloud: bool) -> str:
    """What a role's actors and a ticket's users have in common: accountId, or on Data Center the user name."""
    if cloud:
        return text(part(user, "accountId"))
    return (text(part(user, "name")) or text(part(user, "key"))).casefold()
