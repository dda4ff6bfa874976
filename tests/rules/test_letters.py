"""What the letters say, and that an offer is no yes; the record of KOMBIT's transition (R7, R9, R17, R18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import ApprovalState, FieldName
from adapter.mails.facts import facts_of
from adapter.mails.reading import Reading
from adapter.post.compose import compose
from adapter.rules.decide import decide
from adapter.rules.offer import Offering
from adapter.rules.plan import AttachLetter, SendLetter
from adapter.rules.view import view_of
from adapter.ticket.evidence import MailFacts, Memory, Says
from adapter.ticket.letter import Letter
from adapter.ticket.snapshot import StatusChange, Ticket
from tests.builders import (
    ADAPTER,
    APPROVED,
    CUSTOMER,
    HOLDER,
    HOURS,
    KOMBITS,
    LATER_SETUP,
    NOW,
    a_setup,
    asked,
    at,
    attached,
    catalogue,
    changed,
    kombits_setup,
    letters_of,
    moved,
    of_solution,
    ready,
    remembering,
    sending,
    with_solution,
)

ASKED = NOW + timedelta(minutes=2)
LATER = NOW + timedelta(minutes=5)
KOMBITS_SETUP = Memory(setup_holder=HOLDER, setups_held=frozenset({"x"}))


def offering(ticket: Ticket, known: Catalogue | None = None, memory: Memory | None = None) -> Offering:
    decided = view_of(ticket, known or catalogue(), memory or Memory(), LATER).decided
    assert decided is not None
    return decided.offering


def letter(ticket: Ticket, known: Catalogue | None = None, memory: Memory | None = None) -> str:
    """The offer's text; fails where something is missing."""
    return offering(ticket, known, memory).drafts[0].body


def sent(ticket: Ticket, known: Catalogue | None = None, memory: Memory | None = None) -> list[SendLetter]:
    return letters_of(decide(ticket, known or sending(), memory or Memory(), LATER))


# What it says


def test_an_offer_says_that_it_is_payable_its_price_and_when_they_hear_if_it_cannot_hold() -> None:
    """R7."""
    text = letter(ready())
    assert "Opgaven er en betalbar ydelse." in text
    assert "Prisen er: 34.000 kr., som er en fast pris." in text
    assert "Hvis prisen ikke kan holde, får I besked senest 01-12-2026." in text
    assert text.startswith("Hej Ballerup Kommune\n")
    assert "3.400 kr., som er en fast pris" in letter(ready("K11"))


def test_a_price_agreed_for_the_task_stands_for_the_catalogues() -> None:
    """R4, R7."""
    assert "Prisen er: 30.000 kr., som er en fast pris." in letter(
        ready(fields={FieldName.OFFERED_PRICE: Decimal("3e4")})
    )


def test_hours_are_offered_with_their_ceiling() -> None:
    """R7: what is paid by time has a highest price too."""
    assert "Prisen er: op til 10 timer, i alt højst 9.389,80 kroner.\n" in letter(ready("K2"))
    by_rate = ready("K8", fields={FieldName.OFFERED_PRICE: None})
    assert "Prisen er: op til 10 timer à 938,98 kr., i alt højst 9.389,80 kroner.\n" in letter(by_rate)


def test_moms_is_mentioned_only_by_setting() -> None:
    known = catalogue()
    with_vat = replace(known, services=known.services.model_copy(update={"prices_are_ex_vat": True}))
    assert "moms" not in letter(ready()) + letter(ready("K2"))
    assert "34.000 kr. ekskl. moms, som er en fast pris" in letter(ready(), with_vat)
    assert "9.389,80 kroner ekskl. moms.\n" in letter(ready("K2"), with_vat)


def test_a_later_setup_is_offered_at_the_catalogues_hours_rate_and_cap() -> None:
    """R17, R19: what is included and what is not, and when it can be carried out."""
    nothing = dict.fromkeys(HOURS)
    text = letter(ready("K9", fields=nothing), with_solution(), LATER_SETUP)
    assert "op til 30 timer à 938,98 kr., i alt højst 28.169,40 kroner" in text
    assert "Bestillingen kan udføres 08-12-2026." in text
    included, _, excluded = text.partition("Ydelsen omfatter ikke:")
    assert "- Oprettelse af kommunens serviceaftaler" in included
    assert "- Opsætning af brugere og rettigheder på en IdP" in excluded
    assert "løsningen Fagsystem X" in text


def test_the_first_setup_asks_kombit_and_tells_the_orderer_that_they_pay_nothing() -> None:
    """R17, R18."""
    to_kombit, answer = offering(ready("K9"), with_solution(), KOMBITS_SETUP).drafts
    assert to_kombit.body.startswith("Hej KOMBIT\n")
    assert answer.to == CUSTOMER.email
    assert "ikke en betalbar ydelse for jer: KOMBIT betaler den første opsætning" in answer.body
    assert "Bestillingen kan udføres 08-12-2026." in answer.body
    assert "kr." not in answer.body


def test_kombits_one_setup_is_not_offered_at_the_later_ones_cap() -> None:
    """R16, R19: nobody has said what the first one costs until an agent writes it."""
    found = offering(ready("K9", fields=dict.fromkeys(HOURS)), with_solution(), KOMBITS_SETUP)
    assert {code for code, _ in found.missing} == {"mangler_timer_i_tilbud", "mangler_pris_i_tilbud"}


def test_words_of_the_ticket_are_plain_in_the_letter() -> None:
    text = letter(of_solution("[~x] 010203-1234 https://evil.test"), with_solution())
    assert "xxxxxx-xxxx" in text
    assert not [banned for banned in ("[~", "010203", "://") if banned in text]


@pytest.mark.parametrize("sends", [True, False])
def test_the_offer_repeats_what_the_orderer_told_by_the_fields_of_the_order(sends: bool) -> None:
    """R7: K4's reference, what K3's and K1's question was answered with, and K8's certificate."""
    known = sending() if sends else catalogue()

    def told(category: str, **answers: str) -> str:
        return letter(ready(category, form_answers={name.replace("_", " "): said for name, said in answers.items()}))

    of_k4 = {"Ydelse fra": "Praktisk hjælp", "Ydelse til": "Personlig\n  støtte"}
    assert "\n- Ydelse fra: Praktisk hjælp\n- Ydelse til: Personlig støtte\n" in letter(
        ready("K4", form_answers=of_k4), known, Memory()
    )
    assert "- Hvem lavede fejlen: Kommunen\n" in told("K3", Hvem_lavede_fejlen="Kommunen")
    assert "- Certifikat Subject: C=DK, CN=x\n" in told("K8", Certifikat_Subject="C=DK, CN=x")
    assert "\n- " not in letter(ready("K4"))


def test_what_the_orderer_told_is_plain_in_the_offer_and_not_long() -> None:
    hostile = "[~x] *010203-1234* https://evil.test " + "x" * 5000
    text = letter(ready("K4", form_answers={"Ydelse fra": hostile}))
    (line,) = [line for line in text.splitlines() if line.startswith("- Ydelse fra: ")]
    assert "xxxxxx-xxxx" in line
    assert len(line) <= 320
    assert not [banned for banned in ("[~", "010203", "://", "*") if banned in text]


@pytest.mark.parametrize("said", ["Godkendt", "vi GODKENDER hermed", "afslag på ydelsen", "nej"])
def test_no_word_of_an_answer_gets_into_the_offer_by_what_the_orderer_told(said: str) -> None:
    """R7, R9: an answer that quotes the offer would say it too."""
    text = letter(ready("K4", form_answers={"Ydelse fra": said, "Ydelse til": "Aflastning"}))
    assert "- Ydelse fra: som skrevet på sagen\n- Ydelse til: Aflastning\n" in text
    assert said not in text


# That it is no yes


def read(action: SendLetter, known: Catalogue) -> MailFacts:
    """What the reader of mails makes of a letter as it is sent and attached."""
    facts = facts_of(compose(action.letter), action.filename, Reading.of(known, None), None)
    assert isinstance(facts, MailFacts)
    return facts


def sendable(category: str) -> tuple[Ticket, Memory]:
    """A ticket of a category whose offer is asked for, and what is known of it."""
    answers = {"Hvem opretter": "Leverandøren", "Hvem lavede fejlen": "Kommunen", "Ydelse til": "Ja, godkendt"}
    return asked(ready(category, form_answers=answers)), LATER_SETUP if category == "K9" else Memory()


@pytest.mark.parametrize("category", [f"K{n}" for n in range(1, 12)])
def test_the_offer_never_counts_as_the_approval_whatever_is_ordered(category: str) -> None:
    """R7, R9: the mail reader finds nothing of a yes in it, and knows it for an offer."""
    ticket, memory = sendable(category)
    (action,) = sent(ticket, memory=memory)
    facts = read(action, sending())
    assert (facts.says, facts.yes_words) == (Says.NOTHING, ())
    assert "betalbar ydelse" in facts.offer_words
    file = attached("1", action.filename, ASKED, ADAPTER)
    attached_to = replace(ticket, attachments=(file,))
    evidence = remembering(a1=facts).evidence
    view = view_of(attached_to, sending(), memory.model_copy(update={"evidence": evidence}), LATER)
    assert view.gate.state is ApprovalState.AWAITING
    assert view.evidence.offer is not None
    assert view.evidence.offer.attachment == file


@pytest.mark.parametrize("category", ["K10", "K8"])
def test_an_answer_that_only_repeats_the_offer_says_nothing(category: str) -> None:
    """R7, R9: also where a mail program sets no marks before what it quotes."""
    (action,) = sent(sendable(category)[0])
    back = replace(action.letter, sender="karl@ballerup.example", to=("desk@netcompany.example",))
    assert read(replace(action, letter=back), sending()).says is Says.NOTHING


# The record of KOMBIT's transition


def test_the_record_says_who_accepted_what_and_when_and_goes_to_nobody() -> None:
    """R18."""
    letter = record(a_setup(fields=HOURS))
    for line in (
        "Sag: DUBU-1",
        "Hvem: Kirsten Kombit (kombit-1), KOMBIT",
        "Hvornår: 23-11-2026 kl. 11:00:00",
        "Overgang til: KOMBIT-accept modtaget",
        "løsningen Fagsystem X",
        "Pris: op til 10 timer à 938,98 kr., i alt højst 9.389,80 kroner",
        "Tilbud: tilbud.eml (nr. 1)",
    ):
        assert line in letter.body
    assert letter.to == (sending().offers.sender,)  # a mail must have a receiver; nothing sends it
    assert letter.automatic
    assert "Pris: som i tilbuddet" in record(a_setup()).body


def test_a_record_that_is_put_back_later_says_what_the_first_one_said() -> None:
    """R12, R18: the price as it was accepted, whatever it is now."""
    raised = changed(FieldName.OFFERED_PRICE, HOURS[FieldName.OFFERED_PRICE], Decimal(99_999), at("2026-11-23 14:00"))
    later = a_setup(fields={**HOURS, FieldName.OFFERED_PRICE: Decimal(99_999)}, field_history=(raised,))
    put_back = moved("KOMBIT-accept modtaget", "Ny", at("2026-11-23 14:01"), ADAPTER)
    assert compose(record(later, put_back)) == compose(record(a_setup(fields=HOURS)))


def record(ticket: Ticket, *steps: StatusChange) -> Letter:
    """The record of KOMBIT's transition on a ticket that has taken these steps since."""
    accepted = moved("Afventer Kunde", "KOMBIT-accept modtaget", APPROVED, KOMBITS)
    history = (*ticket.history, accepted, *steps)
    plan = decide(
        replace(ticket, status=history[-1].after, history=history), sending(), kombits_setup(), at("2026-11-23 15:00")
    )
    return next(action.letter for action in plan.actions if isinstance(action, AttachLetter))
