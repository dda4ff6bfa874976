"""A circle of people that a ticket's people are held against: by account, by group, or by organisation of the desk."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import structlog

from adapter.errors import AdapterError, Refused
from adapter.gateway.session import API, Wire
from adapter.gateway.shapes import Json, part, text

log = structlog.get_logger()

MISSING = 0  # in place of Jira's status, where the site has none, or more than one, of that name
TO_READ_GROUPS = {
    True: 'giv adapterens konto rettigheden "Browse users and groups"',
    False: "gør adapterens konto til administrator i Jira",
}
_KEEP = 600.0  # seconds
_KEEP_HIDDEN = 24 * 3600.0
"""For how long a source that may not be read any more keeps its members: a day is enough to give a right back that was
taken by mistake, and nobody who has left decides for longer."""
_NOT_FOUND = 404


@dataclass(frozen=True)
class Source:
    """Where people of a circle are listed."""

    kind: Literal["gruppe", "organisation"]
    name: str
    group_id: str = ""  # on Cloud, where Jira has told it
    title: str = field(default="", compare=False)  # as the site shows it


@dataclass
class Circle(ABC):
    """People read again when older than ten minutes; what was known of each source stays a day if it can't be read."""

    wire: Wire
    cloud: bool
    clock: Callable[[], float]
    _known: frozenset[str] = field(default=frozenset(), init=False)
    _members: dict[Source, tuple[frozenset[str], float]] = field(default_factory=dict, init=False)  # and when read
    _read_at: float | None = field(default=None, init=False)
    keeps_missing: ClassVar[bool]
    """Whether a source that Jira does not know keeps its members, too."""

    @abstractmethod
    def _listed(self) -> tuple[set[str], list[Source]]:
        """The people who are named one by one, and the sources of the others."""

    def refresh(self) -> dict[Source, int]:
        """Reads all sources now; those that Jira does not show, each with its status or MISSING."""
        people, sources = self._listed()
        members: dict[Source, tuple[frozenset[str], float]] = {}
        hidden: dict[Source, int] = {}
        for source in sources:
            found = self._read(source)
            if not isinstance(found, int):
                members[source] = found, self.clock()
                continue
            hidden[source] = found
            kept = self._members.get(source)
            if kept and self.clock() - kept[1] <= _KEEP_HIDDEN and (found != MISSING or self.keeps_missing):
                members[source] = kept
        self._members = members
        self._known = frozenset(people.union(*(who for who, _ in members.values())) - {""})
        self._read_at = self.clock()
        return hidden

    def known(self) -> frozenset[str]:
        """Identities as `identity` gives them, at most ten minutes old where Jira allows."""
        if self._read_at is None or self.clock() - self._read_at > _KEEP:
            self._read_at = self.clock()  # a failure is not tried again at every read
            try:
                self.refresh()
            except AdapterError as error:
                log.warning("people could not be read again", who=type(self).__name__, error=type(error).__name__)
        return self._known

    def _read(self, source: Source) -> frozenset[str] | int:
        """The members of one source, or why Jira does not show them: its status, or MISSING."""
        try:
            users = self._users(source)
            return MISSING if users is None else frozenset(identity(user, self.cloud) for user in users)
        except Refused as refusal:
            log.warning("people may not be read", source=source.kind, status=refusal.status)
            return MISSING if source.kind == "gruppe" and refusal.status == _NOT_FOUND else refusal.status

    def _users(self, source: Source) -> Iterator[Json] | None:
        if source.kind == "gruppe":
            asked = {"groupId": source.group_id} if source.group_id else {"groupname": source.name}
            return self.wire.pages(f"{API}/group/member", ("values",), asked)
        organisation = organisation_named(self.wire, source.name)
        if organisation is None:
            return None
        return self.wire.desk_pages("/organization/{organisation}/user", organisation=organisation)


def identity(user: object, cloud: bool) -> str:
    """What people are known by wherever Jira names them, in lower case: accountId, or on Data Center the user name."""
    name = text(part(user, "accountId")) if cloud else (text(part(user, "name")) or text(part(user, "key")))
    return name.casefold()


def organisation_named(wire: Wire, name: str) -> str | None:
    """The id of the service desk's organisation of this name; None where there is none, or more than one."""
    ids = [text(o.get("id")) for o in wire.desk_pages("/organization") if text(o.get("name")) == name]
    return ids[0] if len(ids) == 1 else None
