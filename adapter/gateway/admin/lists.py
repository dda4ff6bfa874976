"""Reading the parts of a site that have no options, contexts or rules of their own: roles, statuses …"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from adapter.gateway.circle import identity
from adapter.gateway.session import API, Wire
from adapter.gateway.shapes import Json, objects, part, text
from adapter.provision.found import Actor, ActorKind, Grant, IssueType, RequestType, Role, Status

V3 = "/rest/api/3"
CATEGORIES = {"new": "TODO", "indeterminate": "IN_PROGRESS", "done": "DONE"}


@dataclass(frozen=True)
class Lists:
    """Reads as Jira pages it; what a deployment does not have is None."""

    wire: Wire
    cloud: bool

    def statuses(self) -> tuple[Status, ...]:
        """The statuses that company-managed workflows may use."""
        if self.cloud:
            found = self.wire.pages(f"{V3}/statuses/search", ("values",))
            return tuple(status_of(s) for s in found if text(part(s, "scope", "type")) in {"", "GLOBAL"})
        answer = self.wire.get(f"{API}/status")
        return tuple(
            Status(text(s.get("id")), text(s.get("name")), CATEGORIES.get(text(part(s, "statusCategory", "key")), ""))
            for s in objects(answer)
        )

    def roles(self, project: str) -> tuple[Role, ...]:
        """The site's project roles, each with who holds it in a project."""
        there = self.wire.get(f"{API}/project/{{project}}/role", project=project)
        addresses = there.items() if isinstance(there, dict) else ()
        found = []
        for name, address in addresses:
            # Only the number at the end of the address is taken; nothing is ever sent to an address from an answer.
            number = re.search(r"/(\d+)$", text(address))
            if number:
                found.append(self.role(project, text(name), number[1]))
        return tuple(found)

    def role(self, project: str, name: str, role_id: str) -> Role:
        """One role as it stands now."""
        answer = self.wire.get(f"{API}/project/{{project}}/role/{{role}}", project=project, role=role_id)
        return Role(role_id, name, tuple(self._actors(answer)))

    def _actors(self, role: object) -> Iterator[Actor]:
        for actor in objects(part(role, "actors")):
            name = text(actor.get("displayName")) or text(actor.get("name"))
            if "group" in text(actor.get("type")):
                group = text(part(actor, "actorGroup", "groupId")) if self.cloud else ""
                called = text(part(actor, "actorGroup", "name")) or text(actor.get("name"))
                yield Actor(ActorKind.GROUP, group or called, called or name)
            else:
                known = part(actor, "actorUser")
                named = text(actor.get("name")).casefold() or identity(known, False)
                account = text(part(known, "accountId")) if self.cloud else named
                yield Actor(ActorKind.USER, account, name)

    def grants(self, project: str) -> tuple[Grant, ...]:
        """Who is given which permission in a project."""
        path = f"{API}/project/{{project}}/permissionscheme"
        answer = self.wire.get(path, {"expand": "permissions"}, project=project)
        return tuple(
            Grant(
                text(g.get("permission")),
                text(part(g, "holder", "type")),
                text(part(g, "holder", "value")) or text(part(g, "holder", "parameter")),
            )
            for g in objects(part(answer, "permissions"))
        )

    def request_types(self, project: str) -> tuple[RequestType, ...] | None:
        """The request types of the project's portal; None where it has no portal."""
        desk = self.desk(project)
        if desk is None:
            return None
        there = self.wire.desk_pages("/servicedesk/{desk}/requesttype", desk=desk)
        return tuple(RequestType(text(t.get("name")), text(t.get("issueTypeId"))) for t in there)

    def desk(self, project: str) -> str | None:
        """The id of the project's service desk."""
        desks = self.wire.desk_pages("/servicedesk")
        return next((text(d.get("id")) for d in desks if text(d.get("projectKey")) == project), None)


def status_of(status: Json) -> Status:
    """A status as v3 writes it."""
    described = text(status.get("description")) if "description" in status else None
    return Status(text(status.get("id")), text(status.get("name")), text(status.get("statusCategory")), described)


def issue_type_of(found: Json) -> IssueType:
    """An issue type as a project tells it."""
    return IssueType(text(found.get("id")), text(found.get("name")), found.get("subtask") is True)
