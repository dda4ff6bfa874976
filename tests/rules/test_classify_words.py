"""What the words of a ticket say: figures on made-up tickets, Danish spelling, quoted mails, hostile text (R2)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from time import process_time

import pytest

from adapter.catalogue.model import Words
from adapter.rules.classify import OUTSIDE
from adapter.rules.danish import customers_own, sentences, stem, words_of
from adapter.rules.lexicon import Lexicon, lexicon_of
from tests.builders import shipped
from tests.rules.tickets import Told, by_words, figures, tickets


def test_the_held_out_tickets_are_decided_as_well_as_when_they_were_measured() -> None:
    """Measured on 134 clear tickets: 121 right, 2 wrong, 11 to triage; of 28 unclear ones 27 to triage."""
    got = figures("held_out")
    assert got.right >= 118
    assert got.wrong <= 3
    assert got.unclear_decided <= 1
    assert got.precision >= 0.965


def test_the_tuned_tickets_are_decided_as_well_as_when_they_were_measured() -> None:
    """Measured on 130 clear tickets: 121 right, none wrong, 9 to triage; all of 33 unclear ones to triage."""
    got = figures("tuned")
    assert got.right >= 118
    assert got.wrong == 0
    assert got.unclear_decided == 0


def test_a_payable_ticket_is_never_taken_for_ordinary_support() -> None:
    """The dearest mistake: ordinary support needs no approval, so such a ticket would start without one."""
    for table in ("tuned", "held_out"):
        for told in tickets(table):
            if told.expected != OUTSIDE:
                assert by_words(told, shipped()).category != OUTSIDE, told.summary


def test_the_tables_hold_every_category_and_enough_of_what_is_none() -> None:
    for table in ("tuned", "held_out"):
        expected = Counter(told.expected for told in tickets(table))
        assert all(expected[category] >= 4 for category in shipped().services.categories)
        assert expected[OUTSIDE] >= 10
        assert expected[None] >= 10


SEPARATED = [
    ("K1", "Oprettelse af brugersystemroller", "K2", "Roller kommer ikke med fra vores IdP, hjælp til konfiguration"),
    (
        "K2",
        "Hjælp til brugere på IdP i eksternt testmiljø",
        "K9",
        "Bestilling af adgang til eksternt testmiljø, SF1475",
    ),
    ("K8", "Tilslutning til API i produktion", "K9", "Adgang til API på ekstern test, SF1475"),
    ("K4", "Skift reference på opfølgningsaktivitet", "K5", "Udførsel af aktivitet, rådgiver er blokeret"),
    ("K6", "Bestilling af dataudtræk", "K10", "Arkiveringsbestilling"),
    ("K10", "Bestilling af arkivering", "K11", "Bestilling af sletning af arkiverede data"),
    ("K3", "Genskab slettet aktivitet", "K5", "Udfør blokeret aktivitet efter brugerfejl"),
    ("K7", "Test af ny robotfunktion", OUTSIDE, "Robot melder fejl, kan ikke logge ind"),
]


@pytest.mark.parametrize(("one", "text", "other", "alike"), SEPARATED)
def test_neighbours_in_the_catalogue_are_told_apart(one: str, text: str, other: str, alike: str) -> None:
    assert by_words(Told(None, text, ""), shipped()).category == one
    assert by_words(Told(None, alike, ""), shipped()).category == other


SUBTYPES = [
    ("Slettet aktivitet skal genskabes", "Genskab aktivitet", "Vi kom til at slette den."),
    ("Slettet dokument skal genskabes", "Gendan journalnotat", "Det blev slettet ved en fejl."),
    ("Personer skal lægges sammen", "Genoprettelse", "Barnet er oprettet dobbelt, de to personer skal lægges sammen."),
    ("Ændring af sagstype til/fra Ufødt barn", "Forkert sagstype", "Sagen skal ændres til Ufødt barn."),
    ("Genoprettelse af en manuelt annulleret indberetning", "Annulleret indberetning", "Den skal genoprettes."),
    (None, "Genoprettelse af data", "Vi har slettet data ved en fejl og vil gerne have dem gendannet."),
    (None, "Genskab aktivitet og dokument", "En slettet aktivitet og et slettet dokument skal genskabes."),
]


@pytest.mark.parametrize(("subtype", "summary", "description"), SUBTYPES)
def test_the_subtype_of_restored_data_follows_from_the_words_or_stays_open(
    subtype: str | None, summary: str, description: str
) -> None:
    found = by_words(Told(None, summary, description), shipped())
    assert (found.category, found.subtype) == ("K3", subtype)


@pytest.mark.parametrize(
    "spelt",
    [
        "Bestilling af dataudtræk",
        "bestilling af dataudtraek",
        "BESTILLING AF DATAUDTRÆKKET",
        "bestiling af udtrak",
        "Bestilling: data-udtræk!",
        "Bestilling af data udtræk",
    ],
)
def test_spelling_habits_do_not_matter(spelt: str) -> None:
    assert by_words(Told(None, spelt, ""), shipped()).category == "K6"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("slette", "slettede"),
        ("aktivitet", "aktiviteterne"),
        ("rolle", "rollerne"),
        ("genskabe", "genskabes"),
        ("ydelse", "ydelser"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_a_word_made_of_endings_loses_three_of_them_at_most() -> None:
    assert stem("arkiv" + "erne" * 10) == "arkiv" + "erne" * 7


def test_threads_that_stem_at_once_do_not_disturb_each_other() -> None:
    words = ["slettede", "aktiviteterne", "brugersystemrollerne", "genskabes"] * 500
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(stem, words)) == [stem(word) for word in words]


def test_letters_are_compared_in_one_spelling() -> None:
    assert words_of("Ærø på A\u030arhus, KØGE idé") == ["aeroe", "paa", "aarhus", "koege", "ide"]


def small(**kinds: dict[str, int]) -> Lexicon:
    return lexicon_of({"K1": Words().model_copy(update=kinds)}, 86)


def test_parts_of_a_compound_speak_but_not_other_forms_of_a_word() -> None:
    lexicon = small(phrases={"rapport": 4, "arkivering": 4, "bestille": 4})
    assert lexicon.scores("", "ledelsesrapporten og arkiveringsopgaven")[0].points == 8
    assert lexicon.scores("", "bestillingen") == []


def test_the_words_of_a_phrase_must_stand_near_each_other_in_one_sentence() -> None:
    lexicon = small(phrases={"slettet dokument": 4})
    assert lexicon.scores("", "et dokument, som vi har slettet")
    assert not lexicon.scores("", "Et dokument er vigtigt. Vi har slettet noget.")
    assert not lexicon.scores("", "et dokument om en sag som vi to år senere har slettet")


def test_an_action_counts_only_beside_its_thing_and_a_thing_alone_counts_half() -> None:
    lexicon = small(things={"robot": 4}, actions={"teste": 3}, against={"fejler": 2})
    assert lexicon.scores("", "test") == []
    assert lexicon.scores("", "robot")[0].points == 2
    assert lexicon.scores("", "test af robot")[0].points == 7
    assert lexicon.scores("robot", "test")[0].points == 11, "the summary counts double"
    assert lexicon.scores("", "test af robot, der fejler")[0].points == 5
    assert lexicon.scores("", "robot fejler") == []


def test_forms_of_one_word_count_once_however_often_the_admin_wrote_them() -> None:
    assert small(phrases={"slette": 3, "slettet": 4}).scores("", "slettes slettet")[0].points == 4


def test_an_entry_without_letters_never_speaks() -> None:
    assert small(phrases={"?!": 9}).scores("?!", "?! hvad") == []


def test_numbers_speak_only_as_they_stand() -> None:
    lexicon = small(phrases={"sf 1475": 4})
    assert lexicon.scores("", "SF 1475")
    assert not lexicon.scores("", "SF 14751")


QUOTED = [
    "Hej\nVi skal bruge et udtræk.\n\nMed venlig hilsen\nRobotteamet, API",
    "Hej\nVi skal bruge et udtræk.\nMvh Robotteamet",
    "Vi skal bruge et udtræk.\n\nFra: Desk\nSendt: 3. marts 2026\nTil: Os\nEmne: Robot\n\nJeres robot er klar.",
    "Vi skal bruge et udtræk.\n\nDen 3. marts 2026 kl. 10.12 skrev Desk <desk@example.dk>:\n> Jeres robot er klar.",
    "Vi skal bruge et udtræk.\n-----Oprindelig meddelelse-----\nJeres robot er klar.",
    "Vi skal bruge et udtræk.\n> Jeres robot er klar.",
    "Vi skal bruge et udtræk. {quote}Jeres robot er klar.{quote}",
    "Vi skal bruge et udtræk. !robot.png|thumbnail! robot@example.dk https://robot.example/api",
    "Fra: Kollega\nSendt: 3. marts 2026\nEmne: VS\n\nVi skal bruge et udtræk.\n\nFra: Desk\nSendt: 1. marts\nRobot",
]


@pytest.mark.parametrize("description", QUOTED)
def test_quoted_mails_signatures_links_and_pictures_do_not_speak(description: str) -> None:
    own = words_of(customers_own(description.replace("\n", "\r\n")))
    assert "udtraek" in own
    assert not {"robot", "robotteamet", "api"} & set(own)


def test_a_period_in_the_order_is_no_quoted_mail() -> None:
    assert "robot" in words_of(customers_own("Udtræk\nFra: 01.01.2024\nTil: 31.12.2024\nmed alt om vores robot"))


def test_a_description_of_quotes_alone_says_nothing() -> None:
    assert customers_own("> robot\n> api") == ""


def test_only_so_many_words_are_read() -> None:
    assert sum(len(words) for words in sentences("ord " * 4000)) == 1500
    assert max(len(words) for words in sentences("ord " * 4000)) == 60


HOSTILE = {
    "a megabyte of one letter": "a" * 1_000_000,
    "combining marks": "a" + "\u0301\u0323" * 500_000,
    "characters that grow": "\ufdfa" * 500_000,
    "control characters": "\x00\x01\u202e" * 300_000,
    "a hundred thousand words": " ".join(f"ord{number:x}" for number in range(100_000)),
    "compounds without end": " ".join(f"aktivitetdokumentarkivtestrobot{number:x}" for number in range(20_000)),
    "mail headers without end": "fra: x\ntil: " * 100_000,
    "someone wrote": "den aaaa skrev bbbb " * 50_000,
    "open markup": "{quote}{a:" * 100_000,
    "pictures": "!" * 1_000_000,
    "addresses": ("a" * 64 + "@") * 20_000,
    "spaces after a greeting": "\nmed" + " \n" * 500_000,
    "the catalogue's words": "slettet dokument genskabe rolle oprette reference ydelse pege robot test api " * 10_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_judged_in_no_time(text: str) -> None:
    before = process_time()
    by_words(Told(None, text[:32_000], text), shipped())
    assert process_time() - before < 2  # 0.05 s at most when measured, several times that with coverage counted
