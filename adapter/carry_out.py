"""Carrying out a plan: each action once, written down as it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from adapter.catalogue.model import Catalogue
from adapter.errors import NotSent, Refused
from adapter.post.compose import compose
from adapter.rules.plan import (
    Action,
    AddPeople,
    AttachLetter,
    AttachSent,
    ClaimApproval,
    ClaimSetup,
    MoveTo,
    Plan,
    ReleaseApproval,
    ReleaseSetup,
    SendLetter,
    SetFields,
    WriteNotice,
    WriteStatusComment,
    Written,
)
from adapter.rules.view import CLOSING_RULES
from adapter.send import Sender
from adapter.site import InForce
from adapter.store.facts import Fact
from adapter.store.store import Store
from adapter.ticket.snapshot import Ticket

CANNOT_MOVE = "CannotMove"
CANNOT_SEND = "CannotSend"
CANNOT_ATTACH = "CannotAttach"
CANNOT_ADD_PEOPLE = "CannotAddPeople"

_log = structlog.get_logger()


@dataclass(frozen=True)
class Done:
    """What came of a plan; `outrun` where another ticket was faster, and everything is to be decided anew.

    `will_pass` where the trouble is not the ticket's own.
    """

    written: tuple[Action, ...] = ()
    trouble: str | None = None
    will_pass: bool = False
    outrun: bool = False


@dataclass(frozen=True)
class Carrier:
    """Carries out plans on one site's tickets."""

    store: Store
    sender: Sender
    clock: Callable[[], datetime]

    def carry_out(self, here: InForce, ticket: Ticket, actions: tuple[Action, ...]) -> Done:
        """Does the actions in order; what is refused of a move, a mail or an invitation is trouble, all else raises."""
        came = Done()
        for action in actions:
            try:
                done = self._do(here, ticket, action)
            except (Refused, NotSent) as refusal:
                kind = CANNOT_SEND if isinstance(refusal, NotSent) else _TROUBLE.get(type(action))
                if kind is None:
                    raise
                will_pass = isinstance(refusal, NotSent) and refusal.will_pass
                if came.trouble is None or came.will_pass:
                    came = replace(came, trouble=kind, will_pass=will_pass)
                _log.warning("refused", action=type(action).__name__, rules=list(action.rules), why=str(refusal))
                self.write_down(here.catalogue, ticket, action, kind)
                continue
            if done:
                self.write_down(here.catalogue, ticket, action)
                came = replace(came, written=(*came.written, action)) if isinstance(action, Written) else came
            elif isinstance(action, ClaimApproval | ClaimSetup):
                return replace(came, outrun=True)
        return came

    def _do(self, here: InForce, ticket: Ticket, action: Action) -> bool:
        """Does one action; False where there was nothing to do, or another ticket holds what was claimed."""
        name, store = here.catalogue.site, self.store
        match action:
            case ClaimApproval():
                if action.digests and not store.claim(name, ticket.id, ticket.key, action.digests):
                    return False
                store.accept(name, ticket.id, dict(action.accepted))
            case ReleaseApproval():
                store.release(name, ticket.id, action.digests)
            case ClaimSetup():
                return store.claim_setup(name, action.solution, ticket.id, ticket.key)
            case ReleaseSetup():
                store.release_setup(name, action.solution, ticket.id)
            case AttachLetter():
                return here.gateway.attach(ticket, action.filename, compose(action.letter)) is not None
            case SendLetter():
                return self.sender.send(here, ticket, action)
            case AttachSent():
                return self.sender.attach(here, ticket, action)
            case SetFields() | MoveTo() | WriteStatusComment() | WriteNotice() | AddPeople():
                here.gateway.carry_out(ticket, action)
        return True

    def write_down(self, catalogue: Catalogue, ticket: Ticket, action: Action, name: str | None = None) -> None:
        """Notes in the journal what was done, by which rule and mapping, on what evidence (R24)."""
        name = name or type(action).__name__
        _log.info("carried out", action=name, rules=list(action.rules), mapping=catalogue.version)
        self.store.record(
            catalogue.site,
            ticket.id,
            ticket.key,
            self.clock(),
            name,
            action.rules,
            catalogue.version,
            facts_of(action),
        )


_TROUBLE: dict[type, str] = {
    MoveTo: CANNOT_MOVE,
    SendLetter: CANNOT_ATTACH,  # what is not sent raises NotSent
    AttachSent: CANNOT_ATTACH,
    AddPeople: CANNOT_ADD_PEOPLE,
}


def closing(plan: Plan) -> tuple[Action, ...]:
    """What of a plan closes the gate: the one thing that never waits."""
    return tuple(a for a in plan.actions if isinstance(a, MoveTo) and a.rule in CLOSING_RULES)


def facts_of(action: Action) -> dict[str, Fact]:  # noqa: PLR0911 - one for each kind of action
    """What the journal keeps of an action: codes and ids, never a text (R24)."""
    match action:
        case SetFields():
            return {"fields": [setting.field.value for setting in action.settings]}
        case MoveTo():
            return {"to": action.role.value, "reason": action.reason, "evidence": list(action.evidence)}
        case WriteStatusComment():
            return {"comment": action.existing}
        case ClaimApproval() | ReleaseApproval():
            return {"digests": list(action.digests)}
        case ClaimSetup() | ReleaseSetup():
            return {"solution": action.solution}
        case AttachLetter():
            return {"file": action.filename}
        case SendLetter() | AttachSent():
            return {"file": action.filename, "dispatch": action.dispatch}
        case WriteNotice():
            return {"notice": action.code}
        case AddPeople():
            return {"people": len(action.accounts), "as": action.added_as}
