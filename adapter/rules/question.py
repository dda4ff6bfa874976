"""What a ticket must say before it is known to be payable: who creates (K1), who made the error (K3)."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.catalogue.model import Category
from adapter.catalogue.words import AnswerOutcome
from adapter.ticket.snapshot import Ticket


@dataclass(frozen=True)
class Answered:
    """What a row's question was answered with; no outcome where it has none, or where it is still open."""

    outcome: AnswerOutcome | None
    said: str | None = None  # as it stands on the ticket
    is_open: bool = False  # unanswered, or with an answer that the mapping does not know
    is_too_late: bool = False  # it says ordinary support of what was offered: a person decides

    @property
    def is_payable(self) -> bool:
        """True where the ticket is the payer's: there is no question, or its answer says so."""
        return not self.is_open and self.outcome in {None, AnswerOutcome.PAYABLE}


def answer_of(ticket: Ticket, row: Category) -> Answered:
    """The answer on the ticket, compared without case and surplus space."""
    if row.question is None:
        return Answered(None)
    said = ticket.form_answers.get(row.question.field, "").strip() or None
    if said is None:
        return Answered(None, is_open=True)
    outcome = next(
        (outcome for answer, outcome in row.question.answers.items() if _plain(answer) == _plain(said)), None
    )
    return Answered(outcome, said, is_open=outcome is None)


def answer_sentence(row: Category, answered: Answered) -> tuple[str, dict[str, str]] | None:
    """What the ticket says where the answer keeps its work from starting; `svar` holds text of the ticket."""
    if row.question is None or answered.is_payable or answered.outcome is AnswerOutcome.ORDINARY:
        return None
    told = {"felt": row.question.field}
    choices = ", ".join(row.question.answers)
    if answered.said is None:
        return "mangler_svar", {**told, "valgmuligheder": choices}
    told["svar"] = answered.said
    if answered.outcome is None:
        return "mangler_kendt_svar", {**told, "valgmuligheder": choices}
    return "svar_efter_tilbud" if answered.is_too_late else "svar_person", told


def _plain(answer: str) -> str:
    return " ".join(answer.casefold().split())
