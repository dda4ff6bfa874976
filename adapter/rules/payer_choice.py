"""What a person has said of who pays: in the field, or of a setup by a command; the newest word counts (R3, R16)."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName, Payer
from adapter.rules.choices import choice_of
from adapter.rules.commands import Command
from adapter.ticket.snapshot import Ticket


@dataclass(frozen=True)
class PayerChoice:
    """A person's word on who pays; `command` is the one it was said by, or that gives the reason for the field's."""

    payer: Payer | None  # None: whoever orders
    command: Command | None = None
    is_in_field: bool = True

    @property
    def is_against_kombit(self) -> bool:
        """Whether somebody else is to pay; while "Afklares" is said, nobody knows."""
        return self.payer not in {Payer.KOMBIT, Payer.UNRESOLVED}


def payer_choice(ticket: Ticket, catalogue: Catalogue, command: Command | None) -> PayerChoice | None:
    """The newest of the field, if a person set it ("Afklares" included), and a command; None where there is neither."""
    chosen = choice_of(ticket, FieldName.PAYER)
    meaning = catalogue.meaning(FieldName.PAYER, chosen.value) if chosen is not None else None
    if command is not None and (chosen is None or meaning is None or command.at >= chosen.at):
        return PayerChoice(Payer.KOMBIT if command.says == Payer.KOMBIT else None, command, is_in_field=False)
    if meaning is None:
        return None
    agrees = command is not None and command.says == meaning
    return PayerChoice(Payer(meaning), command if agrees else None)
