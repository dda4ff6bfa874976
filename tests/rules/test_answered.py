"""Whoever orders a setup at KOMBIT's expense is told so, and the ticket asks for it until somebody has (R17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName
from adapter.rules.decide import decide
from adapter.ticket.evidence import Dispatch, Memory
from adapter.ticket.snapshot import Comment, Person, Ticket
from tests.builders import (
    ADAPTER,
    AGENT,
    AUTOMATION,
    CUSTOMER,
    HOLDER,
    KOMBITS,
    OFFERED,
    START,
    a_setup,
    an_offer,
    asked,
    attached,
    changed,
    comment_of,
    digest,
    kombits_setup,
    letters_of,
    ready,
    said,
    sender,
    sending,
    with_solution,
)

NOW_LATER = OFFERED + timedelta(hours=3)
AFTER, EARLY = OFFERED + timedelta(hours=1), OFFERED - timedelta(hours=2)


def waiting_for_kombit(**known: Any) -> Ticket:  # noqa: ANN401 - any of the ticket's own fields
    """A first setup, offered to KOMBIT; when it can be carried out was written down before that."""
    written = changed(FieldName.FEASIBLE_FROM, None, START, OFFERED - timedelta(hours=1), AGENT)
    base = ready("K9", field_history=(written,)).fields
    return a_setup(**{"field_history": (written,), "fields": base, **known})


def owes_answer(ticket: Ticket, memory: Memory | None = None, known: Catalogue | None = None) -> bool:
    """Whether the ticket says that the orderer has no answer yet, and shows what to send."""
    text = comment_of(decide(ticket, known or with_solution(), memory or kombits_setup(), NOW_LATER))
    says = "Svar til bestilleren: er ikke sendt" in text
    assert ("Opsætningen er ikke en betalbar ydelse for jer" in text) is says
    return says


def test_the_answer_to_the_orderer_stays_a_draft_until_somebody_has_given_it() -> None:
    """R17: also once the offer is sent, and where the orderer's address is hidden."""
    assert owes_answer(waiting_for_kombit())
    hidden = waiting_for_kombit(reporter=replace(CUSTOMER, email=None), organisations=("Ballerup Kommune",))
    assert owes_answer(hidden, known=sending())
    assert not owes_answer(waiting_for_kombit(comments=(said("I betaler ikke", AGENT, AFTER),)))


@pytest.mark.parametrize(
    "comment",
    [
        said("I betaler ikke", AGENT, EARLY),  # before it was known when it can be carried out
        said("I betaler ikke", AGENT, AFTER, public=False),
        said("Hvad sker der?", CUSTOMER, AFTER),
        said("Sagen er modtaget", AUTOMATION, AFTER),
        said("Sagen er modtaget", ADAPTER, AFTER),
    ],
    ids=["too early", "internal", "the orderer's own", "an app's", "the adapter's"],
)
def test_what_does_not_tell_the_orderer_is_no_answer(comment: Comment) -> None:
    """R17."""
    assert owes_answer(waiting_for_kombit(comments=(comment,)))


@pytest.mark.parametrize(
    ("to", "by", "is_answer"),
    [
        ("karl@ballerup.example", AGENT, True),
        ("kirsten@kombit.example", AGENT, False),
        ("chef@netcompany.example", AGENT, False),
        ("karl@ballerup.example", CUSTOMER, False),
    ],
)
def test_a_mail_of_the_desks_to_the_orderer_is_an_answer_once_it_is_attached(
    to: str, by: Person, is_answer: bool
) -> None:
    """R17."""
    mail = an_offer(digest=digest("7"), message_id=digest("id 7"), offer_words=(), recipients=(sender(to),))
    ticket = waiting_for_kombit(attachments=(*a_setup().attachments, attached("7", "svar.eml", AFTER, by)))
    assert owes_answer(ticket, kombits_setup(a7=mail)) is not is_answer


@pytest.mark.parametrize(
    ("state", "is_answer"),
    [(Dispatch.SENT, True), (Dispatch.ATTACHED, True), (Dispatch.HANDING_OVER, False), (Dispatch.DOUBTFUL, False)],
)
def test_the_adapters_letter_is_an_answer_unless_nobody_knows_whether_it_arrived(
    state: Dispatch, is_answer: bool
) -> None:
    """R17."""
    ticket = asked(ready("K9", fields={FieldName.OFFER_TO: KOMBITS.email}))
    before = Memory(setup_holder=HOLDER, setups_held=frozenset({"x"}))
    _, answer = letters_of(decide(ticket, sending(), before, NOW_LATER))
    memory = kombits_setup().model_copy(update={"dispatches": {answer.dispatch: state}})
    assert owes_answer(waiting_for_kombit(), memory, sending()) is not is_answer
    file = attached("8", answer.filename, AFTER, ADAPTER)
    of_new_database = waiting_for_kombit(attachments=(*a_setup().attachments, file))
    assert not owes_answer(of_new_database, kombits_setup(), sending())
    later = changed(FieldName.FEASIBLE_FROM, START, START + timedelta(days=7), AFTER, AGENT)
    history = (*of_new_database.field_history, later)
    assert owes_answer(replace(of_new_database, field_history=history), kombits_setup(), sending())
