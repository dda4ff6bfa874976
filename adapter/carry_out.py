"""Carrying out a plan: each action once, written down as it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from adapter.catalogue.words import IssueId, SiteName
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
from adapter.scribe import Scribe
from adapter.send import Sender
from adapter.site import InForce
from adapter.store.store import Store
from adapter.ticket.snapshot import Ticket

AskFor = Callable[[SiteName, Iterable[IssueId]], None]
"""Asks for looks at tickets of a site: the queue."""

CANNOT_MOVE = "CannotMove"
CANNOT_SEND = "CannotSend"
CANNOT_ATTACH = "CannotAttach"
CANNOT_RECORD = "CannotRecord"
CANNOT_ADD_PEOPLE = "CannotAddPeople"


@dataclass(frozen=True)
class Done:
    """What came of a plan; `outrun` where another ticket was faster, and everything is to be decided anew.

    `will_pass` where the trouble is not the ticket's own.
    """

    written: tuple[Action, ...] = ()
    trouble: str | None = None
    will_pass: bool = False
    outrun: bool = False


_NOTHING_YET = Done()


@dataclass(frozen=True)
class Carrier:
    """Carries out plans on one site's tickets."""

    store: Store
    sender: Sender
    scribe: Scribe
    ask_for: AskFor

    def carry_out(self, here: InForce, ticket: Ticket, actions: tuple[Action, ...], came: Done = _NOTHING_YET) -> Done:
        """Does the actions in order; a move, file, mail or invitation that is refused is trouble, all else raises.

        What `came` of earlier ones in the same look is told with them.
        """
        refused = list[Action]()
        for action in actions:
            if isinstance(action, WriteNotice) and action.tells_of in refused:
                continue  # the next look tries again
            try:
                done = self._do(here, ticket, action)
            except (Refused, NotSent) as refusal:
                kind = CANNOT_SEND if isinstance(refusal, NotSent) else _TROUBLE.get(type(action))
                if kind is None:
                    raise
                # Nothing else on the ticket waits for people or a mail server that somebody has yet to set up.
                will_pass = refusal.will_pass if isinstance(refusal, NotSent) else isinstance(action, AddPeople)
                refused.append(action)
                if came.trouble is None or came.will_pass:
                    came = replace(came, trouble=kind, will_pass=will_pass)
                self.scribe.refused(here.catalogue, ticket, action, kind, str(refusal))
                continue
            if done:
                self.scribe.done(here.catalogue, ticket, action)
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
                self._give_back(here, ticket, action.solution)
            case AttachLetter():
                return here.gateway.attach(ticket, action.filename, compose(action.letter)) is not None
            case SendLetter():
                return self.sender.send(here, ticket, action)
            case AttachSent():
                return self.sender.attach(here, ticket, action)
            case SetFields() | MoveTo() | WriteStatusComment() | WriteNotice() | AddPeople():
                here.gateway.carry_out(ticket, action)
        return True

    def _give_back(self, here: InForce, ticket: Ticket, solution: str) -> None:
        """Gives a right back, and asks for a look at each open order: nothing else tells the one that waits for it.

        Who that may be is asked first, for a right is given back only once.
        """
        site = here.catalogue.site
        others = [issue for issue in here.gateway.open_orders() if issue != ticket.id]
        self.store.release_setup(site, solution, ticket.id)
        self.ask_for(site, others)


_TROUBLE: dict[type, str] = {
    MoveTo: CANNOT_MOVE,
    AttachLetter: CANNOT_RECORD,
    SendLetter: CANNOT_ATTACH,  # what is not sent raises NotSent
    AttachSent: CANNOT_ATTACH,
    AddPeople: CANNOT_ADD_PEOPLE,
}


def closing(plan: Plan) -> tuple[Action, ...]:
    """What of a plan closes the gate: the one thing that never waits."""
    return tuple(a for a in plan.actions if isinstance(a, MoveTo) and a.rule in CLOSING_RULES)
