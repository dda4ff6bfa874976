"""The journal: what was done on a ticket, by which rule and mapping, on what evidence (R24)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from adapter.catalogue.model import Catalogue
from adapter.rules.plan import (
    Action,
    AddPeople,
    AttachLetter,
    AttachSent,
    ClaimApproval,
    ClaimSetup,
    MoveTo,
    ReleaseApproval,
    ReleaseSetup,
    SendLetter,
    SetFields,
    WriteNotice,
    WriteStatusComment,
)
from adapter.store.facts import Fact
from adapter.store.store import Store
from adapter.ticket.snapshot import Ticket

_log = structlog.get_logger()


@dataclass(frozen=True)
class Scribe:
    """Writes the journal of one site."""

    store: Store
    clock: Callable[[], datetime]

    def done(self, catalogue: Catalogue, ticket: Ticket, action: Action, step: str | None = None) -> None:
        """Writes down that an action was carried out, or a `step` of it."""
        name = step or type(action).__name__
        _log.info("carried out", action=name, rules=list(action.rules), mapping=catalogue.version)
        self._write(catalogue, ticket, action, name)

    def refused(self, catalogue: Catalogue, ticket: Ticket, action: Action, kind: str, why: str) -> None:
        """Writes down that an action was not carried out; what goes on failing in one way is written once."""
        _log.warning("refused", action=type(action).__name__, rules=list(action.rules), why=why)
        known = self.store.trouble_of(catalogue.site, ticket.id)
        if known is None or known.kind != kind:
            self._write(catalogue, ticket, action, kind)

    def _write(self, catalogue: Catalogue, ticket: Ticket, action: Action, name: str) -> None:
        site, rules, facts = catalogue.site, action.rules, facts_of(action)
        self.store.record(site, ticket.id, ticket.key, self.clock(), name, rules, catalogue.version, facts)


def facts_of(action: Action) -> dict[str, Fact]:  # noqa: C901, PLR0911 - one for each kind of action
    """What the journal keeps of an action: codes and ids, never a text (R24)."""
    match action:
        case SetFields():
            return {"fields": [s.field.value for s in action.settings], "sources": list(action.sources)}
        case MoveTo():
            return {"to": action.role.value, "reason": action.reason, "evidence": list(action.evidence)}
        case WriteStatusComment():
            return {"comment": action.existing}
        case ClaimApproval():
            return {"digests": list(action.digests), "evidence": [number for number, _ in action.accepted]}
        case ReleaseApproval():
            return {"digests": list(action.digests)}
        case ClaimSetup() | ReleaseSetup():
            return {"solution": action.solution, "evidence": list(action.evidence)}
        case AttachLetter():
            return {"file": action.filename}
        case SendLetter() | AttachSent():
            return {"file": action.filename, "dispatch": action.dispatch}
        case WriteNotice():
            return {"notice": action.code}
        case AddPeople():
            return {"people": len(action.accounts), "as": action.added_as}
