"""What people decide about evidence that no machine can (R11): the commands on files, the newest on each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adapter.catalogue.words import AttachmentId
from adapter.rules.commands import Asks, Commands
from adapter.ticket.snapshot import Person


class Verdict(StrEnum):
    """What a person says a file on the ticket is."""

    APPROVAL = "godkendelse"
    OFFER = "tilbud"
    NEITHER = "ingen"


_WORDS = {"godkendt": Verdict.APPROVAL, "godkend": Verdict.APPROVAL, **{v.value: v for v in Verdict}}


@dataclass(frozen=True)
class PersonsVerdict:
    """A person's decision on one file, with who, when and why."""

    verdict: Verdict
    attachment: AttachmentId
    by: Person
    at: datetime
    reason: str


def verdicts(commands: Commands) -> dict[AttachmentId, PersonsVerdict]:
    """The standing decisions by file: the newest command on a file counts."""
    found = (
        PersonsVerdict(_WORDS[c.says], AttachmentId(c.target), c.by, c.at, c.reason) for c in commands.of(Asks.VERDICT)
    )
    return {verdict.attachment: verdict for verdict in found}
