"""A yes is believed only where somebody's own words are an approval and nothing else (R11)."""

from __future__ import annotations

import time

import pytest

from adapter.mails.approval import Approval, Known
from adapter.mails.reading import Reading
from adapter.ticket.evidence import Says
from tests.builders import shipped
from tests.mails.made import facts, gmail, gmail_html, mail, outlook, outlook_html
from tests.system.letters import answer

READING = Reading.of(shipped(), None)
CLOSED = "\n\nMed venlig hilsen\nMette Madsen\nAfdelingsleder\nAarhus Kommune\nRådhuspladsen 2\n8000 Aarhus C\n"

NATURAL = [
    "Godkendt.",
    "godkendt",
    "Godkendt!",
    "Godkendt 👍",
    "Ja, godkendt.",
    "Ja tak, godkendt.",
    "OK, godkendt.",
    "Fint. Godkendt.",
    "Godkendes.",
    "Godkendes hermed.",
    "Hermed godkendt.",
    "Hermed godkendt :-)",
    "Er hermed godkendt.",
    "Det er godkendt.",
    "Det er hermed godkendt.",
    "Den er godkendt.",
    "Tilbuddet er godkendt.",
    "Tilbuddet er hermed godkendt. Tak.",
    "Prisen er godkendt.",
    "Opgaven er godkendt.",
    "Opgaven godkendes.",
    "Prisen godkendes hermed.",
    "Bestillingen er hermed godkendt.",
    "Jeres tilbud er godkendt.",
    "Vi godkender.",
    "Vi godkender tilbuddet.",
    "Vi godkender hermed tilbuddet.",
    "Jeg godkender hermed prisen.",
    "Kommunen godkender tilbuddet.",
    "Kommunen godkender hermed tilbuddet på sag DUBU-12.",
    "Vi godkender opgaven i DUBU-12.",
    "Tilbuddet i sag DUBU-12 er godkendt.",
    "DUBU-12 er godkendt.",
    "Hermed godkendelse af tilbuddet.",
    "Hermed godkendes tilbuddet.",
    "Hermed godkender vi tilbuddet.",
    "Tilbuddet godkender vi hermed.",
    "Det kan vi godkende.",
    "Vi kan hermed godkende tilbuddet.",
    "Jeg kan godkende prisen.",
    "Vi accepterer tilbuddet.",
    "Jeg accepterer hermed tilbuddet.",
    "Accepteret.",
    "Tilbuddet er accepteret.",
    "Tilbuddet accepteres.",
    "I må gå i gang.",
    "I må gerne gå i gang.",
    "I må godt gå i gang med opgaven.",
    "I kan gå i gang med arbejdet.",
    "I kan bare gå i gang.",
    "I må gerne gå i gang med det samme.",
    "I kan gå i gang hurtigst muligt.",
    "Sæt i gang.",
    "Sæt bare i gang!",
    "Godkendt, I må gerne gå i gang.",
    "Godkendt. I må gå i gang.",
    "Godkendt og I må gerne gå i gang.",
    "Det er godkendt, så I kan bare gå i gang.",
    "Tak for tilbuddet. Det er hermed godkendt.",
    "Tak for jeres tilbud, som hermed er godkendt.",
    "Vi har modtaget tilbuddet. Det er godkendt.",
    "Vi har læst tilbuddet og godkender det.",
    "Det lyder godt. Godkendt.",
    "Det ser fint ud, godkendt herfra.",
    "Godkendt herfra.",
    "Godkendt fra vores side.",
    "Godkendt på vegne af kommunen.",
    "Vi bestiller hermed opgaven.",
    "Vi siger ja tak til tilbuddet.",
    "Ja tak til tilbuddet.",
    "Vi tiltræder tilbuddet.",
    "Approved.",
    "Approved, please go ahead.",
    "We approve the offer.",
    "I approve.",
    "I hereby approve the offer.",
    "We accept the offer.",
    "The offer is accepted, thanks.",
    "Hereby accepted.",
    "Go ahead.",
    "Please proceed.",
    "Godkendt. God weekend!",
    "Godkendt. Ring endelig, hvis I har spørgsmål.",
    "Godkendt. Tak for hjælpen.",
    "Godkendt til 34.000 kr. som aftalt.",
    "Godkendt. Send fakturaen til EAN 5798000000000.",
    "Vi godkender hermed jeres tilbud af 12. november.",
    "Det er fint med os, det er godkendt, og vi ser frem til at høre fra jer.",
    "Vi godkender timerne.",
    "Estimatet er godkendt.",
    "Godkendt af mig.",
    "Godkendt d.d.",
]
"""As people write; what goes to a person is counted below."""

TO_A_PERSON = {
    "Tak for jeres tilbud, som hermed er godkendt.",
    "Godkendt på vegne af kommunen.",
    "Godkendt til 34.000 kr. som aftalt.",
    "Godkendt. Send fakturaen til EAN 5798000000000.",
    "Vi godkender hermed jeres tilbud af 12. november.",
    "Det er fint med os, det er godkendt, og vi ser frem til at høre fra jer.",
    "Vi godkender timerne.",
    "Estimatet er godkendt.",
    "Godkendt af mig.",
    "Godkendt d.d.",
}
"""Natural approvals that are not believed: the price of believing nothing else."""


@pytest.mark.parametrize("words", ["Accepted", "Accepted.", "Accepted, thanks."])
def test_the_word_of_a_calendars_answer_alone_approves_no_offer(words: str) -> None:
    assert facts(mail(words, changed={"Subject": "Accepted: DUBU-12"}), READING).says is not Says.YES


@pytest.mark.parametrize("words", NATURAL)
@pytest.mark.parametrize("greeting", ["", "Hej Anna\n\n", "Kære alle,\n"])
def test_an_approval_as_people_write_it(words: str, greeting: str) -> None:
    wanted = Says.CONDITIONAL if words in TO_A_PERSON else Says.YES
    assert facts(mail(gmail(f"{greeting}{words}{CLOSED}")), READING).says is wanted


@pytest.mark.parametrize("words", [words for words in NATURAL if words not in TO_A_PERSON])
def test_the_same_in_both_texts_of_outlook(words: str) -> None:
    assert facts(mail(outlook(words), outlook_html(words)), READING).says is Says.YES


@pytest.mark.parametrize(
    "text",
    [
        "Hej Anna\n\nGodkendt, I må gerne gå i gang.\n\nMed venlig hilsen\nMette Madsen\nAarhus Kommune\nTlf. 12 34",
        "Hej\nVi godkender hermed tilbuddet.\nVh Mette",
        "Godkendes\n/Mette",
        "Godkendt\n\nAnders",
        "Godkendt.\n\nAnders Andersen\nAfdelingsleder, Kommunen\nTlf.: 12 34 56 78 | www.kommune.example",
        "Hej Anna, det er godkendt.\n\nMvh. Mette",
        "24. november 2026\n\nGodkendt.\n\n/MM",
        "Vedr. DUBU-12:\nTilbuddet er godkendt.",
        "Godkendt.\n\nDe bedste hilsner\nMette\n\nTænk på miljøet, før du printer denne mail.",
        "Vi godkender\nhermed tilbuddet\n\nHilsen Mette",
        "Godkendt.\n\nMvh Mette\n\nDenne mail er scannet og godkendt af MailScanner",
        "Godkendt.\n\nMvh Mette\n\nThis message has been scanned for viruses and dangerous content by\nMailScanner",
    ],
)
def test_greeting_name_and_what_stands_below_a_closing_do_not_spoil_it(text: str) -> None:
    assert facts(mail(text), READING).says is Says.YES


@pytest.mark.parametrize("words", ["Godkendt.", "Godkendt. I må gå i gang."])
def test_the_answers_of_the_story_are_approvals(words: str) -> None:
    assert facts(answer("DUBU-12", "mette@aarhus.example", words, "<a@b.example>"), READING).says is Says.YES


OTHER = [
    "Tilbuddet skal forbi min chef, der godkender alle indkøb.",
    "Jeg får det godkendt i udvalget på torsdag.",
    "Det bliver godkendt på mandag.",
    "Lad mig lige få det godkendt.",
    "Efter byrådets møde er det godkendt.",
    "Tilbuddet er sendt til Mette, som godkender",
    "sendt til Mette, som godkender",
    "Odense Kommune godkender.",
    "Min chef godkender det",
    "Referatet er godkendt. Vedr. tilbuddet vender jeg tilbage.",
    "Referatet er godkendt.",
    "Databehandleraftalen er godkendt.",
    "Tidsregistreringen for oktober er hermed godkendt.",
    "Vi har tidligere godkendt et lignende tilbud",
    "I må gerne gå i gang med estimatet.",
    "I må gerne gå i gang med tilbuddet.",
    "Please proceed with the offer.",
    "vi har godkendt et billigere tilbud fra anden side",
    "Denne mail er scannet og godkendt af MailScanner",
    "Tak for mailen.\n\nMvh Mette\n\nDenne mail er scannet og godkendt af MailScanner",
    "Godkendt for 20.000 kr.",
    "Godkendt op til 5 timer",
    "Godkendt bortset fra punkt 3",
    "Godkendt så længe prisen holder sig under 20.000",
    "I princippet godkendt",
    "Foreløbigt godkendt",
    "Godkendt\nForeløbigt",
    "Godkendt med den ændring, at prisen er 20.000",
    "alt for dyrt til at blive godkendt",
    "Godkendt var en fejl, stop arbejdet.",
    "Vi fortryder, at vi har godkendt.",
    "Det er umuligt at få godkendt",
    "det er ik godkendt",
    "Det är inte godkendt",
    "Prisen skal ned, så godkender vi.",
    "Giv os 10 % rabat og vi accepterer.",
    "Godkendes tilbuddet, hører I fra os.",
    "Godkendes tilbuddet",
    "Godkender vi tilbuddet",
    "Godkendes snarest",
    "Tilbuddet godkendes snarest muligt.",
    "Tilbuddet kan godkendes.",
    "Vi har godkendt snarest",
    "Godkendt.\n\nMvh Mette\nPunkt 1 alene",
    "Godkendt.\n\nMvh Mette\n\n5 timer",
    "Godkendt.\n/Delvist",
    "Godkendt\n- Punkt 1",
    "Tak for referatet. Godkendt.",
    "Godkendt?",
    "☐ Godkendt / ☒ Send nyt overslag",
    "☐ Godkendt",
    "[ ] Godkendt",
    'Chefen skriver: "Godkendt".',
    '"Godkendt"',
    "«Godkendt»",
    "~~Godkendt~~",
    "Godkendt (af chefen)",
    "Vi godkender tilbuddet i sag DUBU-13",
    "DUBU-13 er godkendt",
    "Godkendt.\n\nMvh Mette\n\nPrisen må højst være 20.000",
    "Godkendt.\n\nMvh Mette\nVi afventer udvalget",
    "Godkendt.\n\nMvh Mette\n\nPS. Vi ses",
    "Godkendt.\n\nAnders\nVi venter på udvalget",
    "Dette er fortroligt, til prisen er sat ned til 20.000. Slet det, hvis du ikke er rette modtager.\n\nGodkendt.",
    "Chef skrev:\nGodkendt.",
    "Chef skrev den 24-11-2026\nGodkendt.",
    "---23-11-2026 10:12:31---\nGodkendt.",
    "Hej\nKC> Godkendt",
    "Hej\n: Godkendt\n: I må gå i gang",
    "Hej\n│ Godkendt",
    "Hej\n\n    Godkendt.\n    I må gå i gang.",
    "Hej\n\tGodkendt.",
    "[24-11-2026 10.12] Karl Chef\nGodkendt",
    "Karl Chef 10.12\nGodkendt",
    "Karl Chef\n24-11-2026\nGodkendt",
    "Videresendt fra Karl:\nGodkendt.\nMvh Karl",
    "Karl Chef kirjoitti 24.11.2026 klo 10.12:\nGodkendt.",
    "Le 24 nov. 2026 à 10:12, Karl Chef a écrit :\nGodkendt.",
    "Op 24 nov. 2026 om 10:12 schreef Karl Chef:\nGodkendt.",
    "W dniu 24.11.2026 o 10:12, Karl Chef pisze:\nGodkendt.",
    "Den 24 nov. 2026 kl. 10:12 skrev Karl Chef:\nGodkendt.",
    "tir. 24. nov. 2026 kl. 10:12 skrev Karl Chef <karl@kommune.example>:\nGodkendt.",
    "Am 24.11.2026 um 10:12 schrieb Karl Chef:\nGodkendt.",
    "Van: Karl\nVerzonden: 24-11-2026\nAan: Mette\nOnderwerp: Tilbud\n\nGodkendt.",
    "Från: Karl\nSkickat: den 24 november 2026\nTill: Mette\nÄmne: Tilbud\n\nGodkendt.",
    "Von: Karl\nGesendet: 24.11.2026\nAn: Mette\nBetreff: Tilbud\n\nGodkendt.",
    "De : Karl\nEnvoyé : 24.11.2026\nÀ : Mette\nObjet : Tilbud\n\nGodkendt.",
    "Lähettäjä: Karl\nLähetetty: 24.11.2026\nVastaanottaja: Mette\nAihe: Tilbud\n\nGodkendt.",
    "Od: Karl\nWysłano: 24.11.2026\nDo: Mette\nTemat: Tilbud\n\nGodkendt.",
]


@pytest.mark.parametrize("words", OTHER)
@pytest.mark.parametrize("greeting", ["", "Hej Anna\n\n"])
def test_a_yes_among_other_words_is_never_believed(words: str, greeting: str) -> None:
    assert facts(mail(f"{greeting}{words}"), READING).says is not Says.YES
    assert facts(mail(outlook(f"{greeting}{words}")), READING).says is not Says.YES
    if "   " not in words and "\t" not in words:
        html = f"{greeting}{words}".replace("<", "&lt;").replace("\n", "<br>")
        assert facts(mail(html=gmail_html(html)), READING).says is not Says.YES


BACK = [
    "Vi trækker vores godkendelse tilbage. Stop arbejdet!",
    "Vi har desværre fortrudt. Stands venligst alt arbejde.",
    "Vi må desværre trække vores godkendelse tilbage.",
    "Vi annullerer bestillingen.",
    "Jeg fortryder mit ja.",
    "Vi tilbagekalder vores accept.",
    "Stop venligst alt arbejde på sagen.",
    "Vent med arbejdet.",
    "We withdraw our approval.",
]


@pytest.mark.parametrize("words", BACK)
def test_an_approval_taken_back_is_a_no(words: str) -> None:
    assert facts(mail(outlook(words)), READING).says is Says.NO


@pytest.mark.parametrize(
    "html",
    [
        "<p><s>Godkendt</s></p>",
        "<p><strike>Godkendt</strike></p>",
        "<p><del>Godkendt</del></p>",
        "<p><del>Godkendt</del> <ins>Send nyt overslag</ins></p>",
        '<p style="text-decoration:line-through">Godkendt</p>',
        '<p style="text-decoration:underline line-through">Godkendt</p>',
        '<p><span style="text-decoration-line: line-through">Godkendt</span></p>',
        "<style>.x{text-decoration:line-through}</style><p class=x>Godkendt</p>",
        "<style>p{text-decoration:line-through}</style><p>Godkendt</p>",
        "<q>Godkendt</q>",
    ],
)
def test_a_yes_struck_out_or_quoted_by_a_tag_is_for_a_person(html: str) -> None:
    assert facts(mail(html=html), READING).says is Says.CONDITIONAL


def test_an_entry_of_the_mappings_own_is_an_approval_in_the_same_shapes() -> None:
    approval = Approval(("kør på", "!!!"))
    assert approval.entries("Hej\n\nTak for tilbuddet. Kør bare på!", Known()) == ("kør på",)
    assert approval.entries("Kør på en dag", Known()) == ()
    assert approval.entries("", Known()) == ()


def test_words_without_end_are_soon_left_over() -> None:
    approval = Approval(READING.yes)
    started = time.monotonic()
    for words in ("ja ", "det er ", "vi ", "hermed ", "godkendt ", "og ", "tilbuddet og ", "tak for "):
        approval.entries(words * (1_900 // len(words)) + "x", Known())
        approval.entries(words * 100_000, Known())
    assert time.monotonic() - started < 30
