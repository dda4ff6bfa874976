"""The words of beviser.yaml on the mails that municipalities, suppliers and KOMBIT write, all made up here."""

from __future__ import annotations

import pytest

from adapter.mails.reading import Reading
from adapter.ticket.evidence import Says
from tests.builders import shipped
from tests.mails.made import apple, facts, gmail, mail, outlook

READING = Reading.of(shipped(), None)

YES = [
    "Godkendt",
    "Hej\n\nTilbuddet er godkendt.",
    "Hermed godkendt :-)",
    "Prisen godkendes.",
    "Kommunen kan hermed godkende tilbuddet.",
    "Jeg kan godkende tilbuddet.",
    "Vi accepterer tilbuddet. I må gerne gå i gang.",
    "I kan gå i gang.",
    "Tilbuddet er accepteret.",
    "Jeg siger ja tak til tilbuddet.",
    "Det er OK med os, I må gå i gang.",
    "Jeg siger ja til tilbuddet. Giv besked, når I er færdige.",
    "Vi tiltræder tilbuddet.",
    "Vi bestiller hermed opgaven.",
    "Approved. Please proceed.",
    "We accept the offer.",
    "Godkendt. Skriv endelig, hvis I har spørgsmål.",
    "Det er godkendt på vores side. God weekend!",
]
NO = [
    "Nej tak.",
    "Vi kan ikke godkende prisen.",
    "Tilbuddet godkendes ikke.",
    "Tilbuddet er ikke blevet godkendt af chefen.",
    "Vi afviser tilbuddet.",
    "Tak for tilbuddet, som vi ikke kan godkende.",
    "Vi kan desværre ikke på det foreliggende grundlag og uden flere oplysninger godkende det.",
    "Det må vi desværre afslå.",
    "Vi ønsker ikke opgaven udført.",
    "Vi takker nej.",
    "Vi siger nej tak til tilbuddet.",
    "Det bliver ikke til noget.",
    "Vi trækker bestillingen tilbage.",
    "I må ikke gå i gang.",
    "Det kan vi ikke acceptere.",
    "Not approved.",
    "We cannot approve this.",
    "We don't accept the price.",
    "Rejected",
    "Vi er uenige i, at opgaven er betalbar.",
]
PERSON = [
    "Godkendt, men kun op til 10 timer.",
    "Godkendt under forudsætning af, at det sker inden jul.",
    "Vi godkender, hvis prisen er inkl. moms.",
    "Godkendt. Dog skal prisen være inkl. moms.",
    "Vi godkender, når budgettet er på plads.",
    "Vi forventer, at det bliver godkendt i næste uge.",
    "Det afventer, at chefen godkender.",
    "Det skal først godkendes af direktionen.",
    "Vi mangler stadig, at det bliver godkendt.",
    "Godkendt med forbehold for økonomiudvalgets beslutning.",
    "Godkendt med undtagelse af punkt 2.",
    "Delvist godkendt.",
    "Kun første del er godkendt.",
    "Godkendt indtil videre.",
    "Jeg tror, at det er godkendt.",
    "Approved, provided that the price holds.",
    "Godkendt såfremt det kan nås.",
    "Godkendt, medmindre I hører andet.",
    "Vi godkender hermed jeres tilbud på 34.000 kr. ekskl. moms.",
    "Det kan vi godkende. Fakturaen skal sendes til Børn og Unge.",
    "Godkendt af Jens Jensen, afdelingsleder. EAN 0000000000000, att. Børn og Unge",
]
UNCLEAR = [
    "Ja",
    "Ok, jeg ser på det.",
    "Bare gå i gang :)",
    "Det er fint, kør på.",
    "Ja tak, det vil vi gerne høre mere om.",
    "Ordren bekræftes modtaget.",
]
"""May be meant as a yes or not: none of them is believed, and a person can still say so."""
NOTHING = [
    "Tak for jeres mail.",
    "Vi vender tilbage.",
    "Hvad indeholder prisen?",
    "Kan I godkende det fra jeres side?",
    "Er det godkendt?",
    "Sagen er sendt til godkendelse.",
    "Jeg afventer godkendelse fra min chef.",
    "Har I modtaget vores godkendelse?",
    "Vi ser på det og giver besked.",
    "Vi forventer at godkende i næste uge.",
    "Modtaget, tak.",
    "Ok, jeg spørger min chef.",
    "",
]


@pytest.mark.parametrize("shape", [outlook, gmail, apple])
@pytest.mark.parametrize("answer", YES)
def test_a_yes_as_people_write_it(answer: str, shape: object) -> None:
    assert callable(shape)
    assert facts(mail(shape(answer)), READING).says is Says.YES


@pytest.mark.parametrize("answer", NO)
def test_a_no_as_people_write_it(answer: str) -> None:
    assert facts(mail(outlook(answer)), READING).says in {Says.NO, Says.BOTH}


@pytest.mark.parametrize("answer", PERSON)
def test_a_yes_with_a_hook_is_for_a_person(answer: str) -> None:
    assert facts(mail(outlook(answer)), READING).says is Says.CONDITIONAL


@pytest.mark.parametrize("answer", [*UNCLEAR, *NOTHING])
def test_talk_is_no_answer(answer: str) -> None:
    assert facts(mail(outlook(answer)), READING).says is Says.NOTHING


OFFERS = [
    "Opgaven er en betalbar ydelse. Prisen er 34.000 kr. I hører fra os senest den 1. december, hvis den ikke holder.",
    "Hermed tilbud: fast pris 12.000 kr.",
    "Vi kan tilbyde at løse opgaven til 938,98 kr. i timen.",
    "Estimat: 10 timer.",
    "Here is our quote.",
]


@pytest.mark.parametrize("text", OFFERS)
def test_an_offer_is_known_by_its_words_and_says_no_yes(text: str) -> None:
    found = facts(mail(text), READING)
    assert found.offer_words
    assert found.says is not Says.YES
