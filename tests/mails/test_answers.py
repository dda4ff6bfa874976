"""What a mail says (R11): strict for a yes, alert for a no."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adapter.catalogue.word_lists import Lexicon
from adapter.ticket.evidence import Says
from tests.mails.made import (
    OFFER,
    apple,
    apple_html,
    facts,
    gmail,
    gmail_html,
    mail,
    outlook,
    outlook_html,
    outlook_web_html,
    quoted,
)

PLAIN = {"outlook": outlook, "gmail": gmail, "apple": apple}
HTML = {"outlook": outlook_html, "outlook-web": outlook_web_html, "gmail": gmail_html, "apple": apple_html}
Shape = Callable[[str], str]

ANSWERS = [
    ("Godkendt.", Says.YES),
    ("GODKENDT", Says.YES),
    ("Hej\n\nTak for tilbuddet. Det er hermed godkendt.", Says.YES),
    ("Tak\n\nVi godkender prisen.", Says.YES),
    ("Vi har ingen indvendinger.", Says.YES),
    ("I må gå i gang med det samme", Says.YES),
    ("Go\u00addkendt", Says.YES),  # a soft hyphen, as Outlook sets them
    ("G\u200bodkendt.", Says.YES),
    ("Ｇodkendt", Says.YES),  # a full-width letter means the same
    ("Godkendt. Ring hvis du har spørgsmål.", Says.YES),
    ("Nej.", Says.NO),
    ("Nej tak, det er for dyrt", Says.NO),
    ("Det er ikke godkendt.", Says.NO),
    ("Vi kan ikke godkende tilbuddet", Says.NO),
    ("Tilbuddet kan desværre ikke umiddelbart godkendes.", Says.NO),
    ("Tilbuddet godkendes\nikke", Says.NO),
    ("Vi godkender pr. 1. december\nikke noget", Says.NO),
    ("Det bliver aldrig godkendt", Says.NO),
    ("This is not yet approved.", Says.NO),
    ("We haven't approved it.", Says.NO),
    ("Uden godkendelse. Hverken prisen eller timerne er godkendt", Says.CONDITIONAL),
    ("Godkendt. Nej, vent.", Says.BOTH),
    ("Pris A: godkendt. Pris B: afvist.", Says.BOTH),
    ("Godkendt, men kun op til 20 timer", Says.CONDITIONAL),
    ("Vi godkender, når chefen er tilbage", Says.CONDITIONAL),
    ("Under forudsætning af at prisen holder er det godkendt", Says.CONDITIONAL),
    ("Godkendt. Det er dog første gang.", Says.CONDITIONAL),
    ("Det er ikke mig, der sidder med det her til daglig, men det er vist godkendt", Says.CONDITIONAL),
    ("Kan I godkende?", Says.NOTHING),
    ("Er det godkendt?", Says.NOTHING),
    ("Hvornår skal det være godkendt", Says.CONDITIONAL),  # a question without its mark may be none
    ("Er det godkendt af jer", Says.CONDITIONAL),
    ("Skal vi svare? Godkendt.", Says.CONDITIONAL),
    ("Godkendt, se https://kommune.example/sag?nr=7 for kontonummer", Says.CONDITIONAL),
    ("Kan I bekræfte, at det er godkendt?!", Says.NOTHING),
    ("Er det ikke godkendt?", Says.NO),
    ("Vi vender tilbage i næste uge.", Says.NOTHING),
    ("Hvis prisen holder, hører I fra os.", Says.NOTHING),
    ("Ugodkendte bilag vedlægges", Says.NOTHING),  # whole words only
    ("G\u043edkendt", Says.NOTHING),  # Cyrillic о
    ("Godkendt, n\u0435j", Says.CONDITIONAL),  # a no in two alphabets is not read, but seen
    ("Godkendt \u202ejen", Says.CONDITIONAL),  # "nej", written backwards
    ("", Says.NOTHING),
]


@pytest.mark.parametrize(("answer", "says"), ANSWERS)
@pytest.mark.parametrize("shape", PLAIN.values(), ids=PLAIN)
def test_the_answer_above_a_quoted_offer_is_what_counts(shape: Shape, answer: str, says: Says) -> None:
    assert facts(mail(shape(answer))).says is says


@pytest.mark.parametrize(("answer", "says"), [(a, s) for a, s in ANSWERS if "\n" not in a])
@pytest.mark.parametrize("shape", HTML.values(), ids=HTML)
def test_the_answer_in_html_is_the_same(shape: Shape, answer: str, says: Says) -> None:
    assert facts(mail(html=shape(answer))).says is says


@pytest.mark.parametrize("shape", [*PLAIN.values()], ids=PLAIN)
def test_a_quoted_yes_is_not_the_senders(shape: Callable[[str, str], str]) -> None:
    assert facts(mail(shape("Tak, vi kigger på det.", "Godkendt\n\nVi godkender."))).says is Says.NOTHING


@pytest.mark.parametrize("shape", [*HTML.values()], ids=HTML)
def test_a_quoted_yes_in_html_is_not_the_senders(shape: Callable[[str, str], str]) -> None:
    assert facts(mail(html=shape("Tak, vi kigger på det.", "Godkendt\nVi godkender."))).says is Says.NOTHING


@pytest.mark.parametrize(
    ("plain", "html"), [(outlook, outlook_html), (gmail, gmail_html), (apple, apple_html)], ids=list(PLAIN)
)
def test_a_mail_that_says_yes_in_both_its_texts_says_yes(plain: Shape, html: Shape) -> None:
    assert facts(mail(plain("Godkendt."), html("Godkendt."))).says is Says.YES


@pytest.mark.parametrize(
    ("plain", "html", "says"),
    [
        ("Godkendt", "<p>Nej</p>", Says.BOTH),
        ("Nej", "<p>Godkendt</p>", Says.BOTH),
        ("Godkendt", "<p>Tak for mailen</p>", Says.CONDITIONAL),
        ("Se mailen i en browser", "<p>Godkendt</p>", Says.CONDITIONAL),
        ("Godkendt", "<p>Godkendt, hvis det haster</p>", Says.CONDITIONAL),
        ("Tak", "<p>Nej</p>", Says.NO),
        ("Godkendt, men nej", "<p>Godkendt</p>", Says.BOTH),
        (" \n ", "<p>Godkendt</p>", Says.YES),  # some programs leave the plain text empty
    ],
)
def test_texts_that_disagree_are_no_yes(plain: str, html: str, says: Says) -> None:
    assert facts(mail(plain, html)).says is says


def test_the_subject_alone_is_never_a_yes() -> None:
    assert facts(mail("Hilsen Anders", changed={"Subject": "Godkendt DUBU-12"})).says is Says.NOTHING


def test_a_no_between_quoted_lines_counts() -> None:
    assert (
        facts(mail(f"Godkendt.\n\n> Prisen er 34.000 kr.\n\nNej, det er for dyrt\n\n{quoted(OFFER)}\n")).says
        is Says.BOTH
    )
    assert facts(mail(f"Hej\n\n> Prisen er 34.000 kr.\n\nNej\n\n{quoted(OFFER)}\n")).says is Says.NO


def test_a_yes_only_between_or_below_quoted_lines_is_for_a_person() -> None:
    attribution = "Den 12. nov. 2026 kl. 10.12 skrev Service Desk <dubu@leverandoer.example>:"
    assert facts(mail(f"{attribution}\n> Prisen er 34.000 kr.\n\nGodkendt\n\n> Hilsen\n")).says is Says.CONDITIONAL
    assert facts(mail(f"{quoted(OFFER)}\n\nGodkendt\n")).says is Says.CONDITIONAL


def test_a_postscript_below_the_signature_counts_against_a_yes() -> None:
    assert facts(mail(outlook("Godkendt\n\nMvh Anders\n\nPS: forudsat at det er i år"))).says is Says.CONDITIONAL
    assert facts(mail("Godkendt\n\n-- \nAnders\n\nPS. Nej, vent")).says is Says.BOTH


def test_a_yes_only_in_the_signature_is_for_a_person() -> None:
    assert facts(mail("Tak.\n\nMed venlig hilsen\nAnders, godkendt revisor")).says is Says.CONDITIONAL


def test_a_disclaimer_is_no_condition() -> None:
    disclaimer = "Denne mail er fortrolig. Hvis du ikke er rette modtager, bedes du slette den, men ikke læse den."
    assert facts(mail(f"Godkendt.\n\nMvh\nAnders\n\n{disclaimer}")).says is Says.YES
    assert facts(mail(f"Godkendt.\n\n{disclaimer}")).says is Says.YES
    banner = "Ekstern e-mail: klik ikke på links, hvis du ikke kender afsenderen."
    assert facts(mail(f"{banner}\n\nGodkendt.")).says is Says.YES
    assert facts(mail("Fortroligt. Det er godkendt. Hvis prisen holder.")).says is Says.CONDITIONAL
    assert facts(mail(f"Fortroligt: godkendt, hvis det bliver mellem os.\n\n{disclaimer}")).says is Says.CONDITIONAL


def test_only_entries_of_the_lexicon_are_told() -> None:
    found = facts(mail("Det er ikke GODKENDT af os, og ansvaret er hverken vores eller jeres. Godkendt? Hvis bare."))
    assert found.no_words == ("ikke godkendt",)
    assert found.yes_words == ()
    assert found.condition_words == ("ikke", "hvis")


def test_a_negated_yes_is_told_among_the_noes() -> None:
    assert facts(mail("Det er aldrig blevet godkendt")).no_words == ("godkendt",)


def test_the_words_of_an_offer_are_told_unless_quoted() -> None:
    assert facts(mail(OFFER)).offer_words == ("betalbar ydelse", "fast pris")
    assert facts(mail(outlook("Godkendt"))).offer_words == ()


def test_long_text_is_read_to_its_end_for_a_no() -> None:
    talk = "Vi har talt om sagen hele dagen og er enige om det meste.\n" * 2_000
    assert facts(mail(f"Godkendt.\n{talk}")).says is Says.CONDITIONAL
    assert facts(mail(f"Godkendt.\n{talk}Nej.\n")).says is Says.BOTH
    assert facts(mail(f"Hej.\n{talk}Godkendt.\n")).says is Says.CONDITIONAL


@pytest.mark.parametrize(
    "header",
    [
        "-----Oprindelig meddelelse-----",
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "---------- Videresendt meddelelse ---------",
        "Startet videresendt besked:",
        "Den torsdag den 12. november 2026 kl. 10.12.33 CET skrev Service Desk <d@leverandoer.example>:",
        "Den tor. 12. nov. 2026 kl. 10.12 skrev Service Desk <d@leverandoer.example>:",
        "tor. 12. nov. 2026 kl. 10.12 skrev Service Desk <d@leverandoer.example>:",
        "12. nov. 2026 kl. 10.12 skrev Service Desk <d@leverandoer.example>:",
        "d@leverandoer.example skrev den 12. nov. 2026:",
        "Service Desk <d@leverandoer.example> skrev:",
        "Dato: 12. november 2026\nFra: Service Desk\nTil: Anders",
        "On Thu, Nov 12, 2026 at 10:12 AM Service Desk <d@leverandoer.example>\nwrote:",
        "Fra: Service Desk\nSendt: 12. november 2026 10:12\nTil: Anders\nEmne: Tilbud",
        "*Fra:* Service Desk\n*Sendt:* 12. november 2026 10:12\n*Til:* Anders\n*Emne:* Tilbud",
        "From: Service Desk\nSent: Thursday, November 12, 2026 10:12 AM\nTo: Anders\nSubject: Offer",
        "From: Service Desk\nDate: Thursday, 12 November 2026\nTo: Anders",
        "Fra: Service Desk <d@leverandoer.example> Sendt: 12. november 2026 10:12 Til: Anders Emne: Tilbud",
        "Fra:\nService Desk\nSendt:\n12. november 2026\nTil:\nAnders",
        "________________________________\nFra: Service Desk\nSendt: 12. november 2026\nTil: Anders\nEmne: Tilbud",
        "________________________________________\nFrom: Service Desk\nSent: 12. november 2026\nTo: Anders",
    ],
)
def test_below_the_header_of_an_earlier_mail_nothing_counts(header: str) -> None:
    assert facts(mail(f"Tak, vi ser på det.\n\n{header}\n\nGodkendt. {OFFER}\n")).says is Says.NOTHING
    assert facts(mail(f"Godkendt.\n\n{header}\n\n{OFFER}\n")).says is Says.YES


def test_an_entry_without_letters_is_found_nowhere() -> None:
    assert Lexicon(["!!!", "godkendt"]).entries_in("Godkendt!!!") == ("godkendt",)
