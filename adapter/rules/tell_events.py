"""What the status comment tells of what happened: steps taken back, disagreement, trouble, commands without effect."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.catalogue.model import Catalogue
from adapter.rules.acceptance import declined
from adapter.rules.disagreement import Source
from adapter.rules.gate import early_start
from adapter.rules.owners import Owners
from adapter.rules.plain import named, plain
from adapter.rules.readiness import unready_step
from adapter.rules.tell_files import told_time
from adapter.rules.view import View
from adapter.ticket.evidence import Memory
from adapter.ticket.snapshot import StatusChange, Ticket

_MOST_COMMANDS = 5
_TROUBLES = {
    "CannotMove": ("kan_ikke_flytte", 3),
    "CannotSend": ("kan_ikke_sende", 1),
    "CannotAttach": ("kan_ikke_vedhæfte", 3),
    "CannotAddPeople": ("kan_ikke_tilføje_ejere", 1),
}
"""What is told of trouble that goes on, and after how many attempts."""


def tell_events(ticket: Ticket, catalogue: Catalogue, view: View, memory: Memory) -> list[str]:
    """What happened on a ticket that a person should know, in the order of how near it is to the work."""
    say = catalogue.texts.say
    told = list(_taken_back(ticket, catalogue, view))
    decided = view.decided
    disagreement = decided.disagreement if decided is not None else None
    # How a refusal by mail was settled by a yes, the mails themselves tell.
    by_mails = disagreement is not None and disagreement.source is Source.MAIL and disagreement.approved_at is not None
    if decided is not None and disagreement is not None and not by_mails:
        told.append(_about_disagreement(Owners(ticket, catalogue, decided, memory, disagreement)))
    if memory.cannot_record:
        told.append(say("kan_ikke_optegne"))
    trouble = memory.trouble
    if trouble is not None and trouble.kind in _TROUBLES:
        code, attempts = _TROUBLES[trouble.kind]
        told += [say(code, forsøg=str(attempts))] if trouble.attempts >= attempts else []
    for command in view.commands.unusable[-_MOST_COMMANDS:]:
        when = told_time(command.at, catalogue)
        told.append(say("kommando_ubrugelig", tid=when, person=named(command.by), grund=say(command.why)))
    return told


def _taken_back(ticket: Ticket, catalogue: Catalogue, view: View) -> Iterator[str]:
    """Steps that people made too early: into work, into production or done, and to KOMBIT's acceptance."""
    say = catalogue.texts.say

    def step(code: str, change: StatusChange) -> str:
        when = told_time(change.at, catalogue)
        return say(code, tid=when, status=plain(change.after.name), person=named(change.by))

    if (start := early_start(ticket, catalogue, view.gate, view.evidence.approval)) is not None:
        yield step("sat_tilbage", start)
    if (unready := unready_step(ticket, view.unready)) is not None:
        change, code = unready
        yield step(code, change)
    offer, stands = view.evidence.offer, view.evidence.acceptance is not None
    no = declined(ticket, view.payer, offer.stands_since if offer else None, stands)
    if no is not None:
        when = told_time(no.change.at, catalogue)
        yield say("kombit_afvist", grund=say(no.why), tid=when, person=named(no.change.by))


def _about_disagreement(owners: Owners) -> str:
    """Who raised it, when and why, and how it ended (R14)."""
    found, catalogue = owners.found, owners.catalogue
    say = catalogue.texts.say
    who = named(found.by) if found.by is not None else ""
    raised = say(found.source.value, tid=told_time(found.since, catalogue), person=who)
    reason = f" “{plain(found.reason, 300)}”" if found.reason else ""
    if (decision := found.decision) is not None:
        by, when = named(decision.by), told_time(decision.at, catalogue)
        end = say("uenighed_afgjort", person=by, tid=when, begrundelse=plain(decision.reason, 300))
    elif found.approved_at is not None:
        end = say("uenighed_løst_ved_godkendelse", tid=told_time(found.approved_at, catalogue))
    else:
        end = say("uenighed_står", ejere=owners.brought_in(), usikker=owners.uncertain)
    return f"{raised}{reason} {end}"
