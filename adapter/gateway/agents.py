"""Who the service desk's people are: the actors of its project role, groups included."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from adapter.errors import AdapterError, Refused
from adapter.gateway.session import API, Wire
from adapter.gateway.shapes import Json, objects, part, text

log = structlog.get_logger()

KEEP = 600.0  # seconds


@dataclass
class Agents:
    """The service desk's people, read again when older than ten minutes; what was known stays if that fails."""

    wire: Wire
    project: str
    role_id: str
    cloud: bool
    clock: Callable[[], float] = time.monotonic
    _known: frozenset[str] = field(default=frozenset(), init=False)
    _read_at: float | None = field(default=None, init=False)

    def refresh(self) -> tuple[str, ...]:
        """Reads the role's actors now; the names of groups whose members Jira does not show."""
        people: set[str] = set()
        hidden: list[str] = []
        role = self.wire.get(f"{API}/project/{{project}}/role/{{role}}", project=self.project, role=self.role_id)
        for actor in objects(part(role, "actors")):
            if "group" in text(actor.get("type")):
                members = self._members(actor)
                people |= members or set()
                if members is None:
                    hidden.append(text(actor.get("displayName")) or text(actor.get("name")))
            else:
                people.add(self._actor(actor))
        self._known = frozenset(people - {""})
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

    def _members(self, actor: Json) -> set[str] | None:
        group_id = text(part(actor, "actorGroup", "groupId"))
        name = text(part(actor, "actorGroup", "name")) or text(actor.get("name"))
        asked = {"groupId": group_id} if group_id and self.cloud else {"groupname": name}
        try:
            return {identity(user, self.cloud) for user in self.wire.pages(f"{API}/group/member", ("values",), asked)}
        except Refused as refusal:
            log.warning("a group's members may not be read", status=refusal.status)
            return None


def identity(user: object, cloud: bool) -> str:
    """What a role's actors and a ticket's users have in common: accountId, or on Data Center the user name."""
    if cloud:
        return text(part(user, "accountId"))
    return (text(part(user, "name")) or text(part(user, "key"))).casefold()
