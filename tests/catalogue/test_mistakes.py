"""What an admin gets wrong is named by file, line and column, each mistake once, with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from adapter.catalogue.load import load_site
from adapter.catalogue.problems import MappingError, Problem
from adapter.errors import ConfigurationError
from tests.catalogue.folders import HERE, copy_of_shipped, edit


@dataclass(frozen=True)
class Mistake:
    """An edit of a shipped file, with HERE where the problem must be named, and what must be said there."""

    name: str
    file: str
    edits: tuple[tuple[str, str], ...]
    says: tuple[str, ...]


def wrong(name: str, file: str, old: str, new: str, *says: str, also: tuple[str, str] | None = None) -> Mistake:
    return Mistake(name, file, ((old, new), *((also,) if also else ())), says)


MISTAKES = [
    # Keys
    wrong("misspelt key", "katalog.yaml", "    pris: 34.000", "    ⟦prsi: 34.000", "'prsi'", "mente du 'pris'?"),
    wrong("misspelt optional key", "katalog.yaml", "    timepris: 938,98", "    ⟦timpris: 938,98", "'timepris'?"),
    wrong(
        "unknown key", "kalender.yaml", "tidszone:", "⟦frokost: 12:00\ntidszone:", "ukendt nøgle 'frokost'", "tidszone"
    ),
    wrong(
        "missing key",
        "katalog.yaml",
        "  K2:\n    navn: Hjælp til konfiguration af IdP\n    reaktion_timer: 3\n",
        "  ⟦K2:\n    navn: Hjælp til konfiguration af IdP\n",
        "'reaktion_timer' mangler i kategorier.K2",
    ),
    wrong("key without value", "katalog.yaml", "    pris: 34.000", "    ⟦pris:", "'pris' står uden værdi"),
    wrong(
        "key twice", "katalog.yaml", "    pris: 34.000", "    pris: 34.000\n    ⟦pris: 3.400", "'pris'", "slet den ene"
    ),
    wrong("unknown field", "jira.yaml", "  betalende_part: {", "  ⟦betalede_part: {", "mente du 'betalende_part'?"),
    wrong("unknown status role", "jira.yaml", "  arbejde: [I gang]", "  ⟦arbjde: [I gang]", "mente du 'arbejde'?"),
    wrong("unknown weekday", "kalender.yaml", "    mandag:", "    ⟦mondag:", "'mondag'", "mente du 'mandag'?"),
    wrong("municipality code", "parter.yaml", '"0101"', '⟦"101"', "fire cifre"),
    # Values
    wrong("english decimals", "katalog.yaml", "timepris: 938,98", "timepris: ⟦938.98", "punktum ved tusinder og komma"),
    wrong("currency", "katalog.yaml", "pris: 34.000", "pris: ⟦kr. 34.000", "'pris'", "34.000", "efter aftale"),
    wrong("by agreement misspelt", "katalog.yaml", "pris: efter aftale", "pris: ⟦efteraftale", "efter aftale"),
    wrong("hours with a comma", "katalog.yaml", "reaktion_timer: 3", "reaktion_timer: ⟦3,5", "skriv et helt tal"),
    wrong("hours with a point", "katalog.yaml", "reaktion_timer: 3", "reaktion_timer: ⟦3.0", "skriv et helt tal"),
    wrong("a thousand hours", "katalog.yaml", "reaktion_timer: 3", "reaktion_timer: ⟦1.001", "højst være 1000"),
    wrong("no hours", "katalog.yaml", "reaktion_timer: 3", "reaktion_timer: ⟦0", "mindst 1"),
    wrong(
        "days in words",
        "katalog.yaml",
        "løsning_arbejdsdage: 5",
        "løsning_arbejdsdage: ⟦fem",
        "helt tal",
        "efter aftale",
    ),
    wrong("payer in plural", "katalog.yaml", "betalere: [kommune]", "betalere: [⟦kommuner]", "mente du 'kommune'?"),
    wrong("payer without list", "katalog.yaml", "betalere: [kommune]", "betalere: ⟦kommune", "her skal stå en liste"),
    wrong("no payers", "katalog.yaml", "betalere: [kommune]", "⟦betalere: []", "må ikke være tom"),
    wrong("payment", "katalog.yaml", "betaling: fastpris", "betaling: ⟦fast pris", "mente du 'fastpris'?"),
    wrong("yes in english", "katalog.yaml", "service_request: ja", "service_request: ⟦true", "skriv ja eller nej"),
    wrong("a table where a text is", "jira.yaml", "projekt: DUBU", "⟦projekt: {navn: DUBU}", "skal stå en tekst"),
    wrong("project in small letters", "jira.yaml", "projekt: DUBU", "projekt: ⟦dubu", "store bogstaver"),
    wrong("role twice", "jira.yaml", "adapter: DUBU-adapter", "adapter: ⟦Service Desk Team", "står to gange"),
    wrong("step twice", "jira.yaml", "  luk: Luk", "  luk: ⟦løs", "overgangen 'løs' står to gange"),
    wrong("step misspelt", "jira.yaml", "  luk: Luk", "  ⟦luuk: Luk", "mente du 'luk'?"),
    wrong("edition", "jira.yaml", "udgave: cloud", "udgave: ⟦server", "cloud, datacenter"),
    wrong("clock", "kalender.yaml", 'fra: "08:00"', 'fra: ⟦"8"', "skriv klokkeslæt som 08:00"),
    wrong("date the danish way", "kalender.yaml", "lukket_den: []", "lukket_den: [⟦24-12-2026]", "skriv en dato som"),
    wrong("date that is none", "kalender.yaml", "lukket_den: []", "lukket_den: [⟦2026-02-30]", "findes ikke"),
    wrong("date as a number", "kalender.yaml", "lukket_den: []", "lukket_den: [⟦20261224]", "skriv en dato som"),
    wrong("day of every year", "kalender.yaml", '"12-24"', '⟦"24-12"', "måned-dag"),
    wrong("day that no year has", "kalender.yaml", '"12-24"', '⟦"02-30"', "findes ikke"),
    wrong("address as domain", "parter.yaml", "domæner: [netcompany.com]", "domæner: [⟦x@netcompany.com]", "uden @"),
    wrong("contact", "parter.yaml", "[KOMBIT.DUBU@netcompany.com]", "[⟦KOMBIT.DUBU]", "skriv en mailadresse"),
    wrong("a text too long", "jira.yaml", "navn: Betaler\n", f"navn: ⟦{'x' * 256}\n", "højst være 255 tegn"),
    wrong("an empty text", "jira.yaml", "navn: Betaler\n", 'navn: ⟦""\n', "ikke være tom"),
    wrong(
        "a list where keys are",
        "jira.yaml",
        "pris: {navn: Pris, type: tekst}",
        "⟦pris: [a]",
        "nøgler med værdier",
    ),
    wrong(
        "a text where keys are",
        "jira.yaml",
        "pris: {navn: Pris, type: tekst}",
        "pris: ⟦x",
        "nøgler med værdier",
    ),
    # Values that don't agree
    wrong("hours closed", "kalender.yaml", 'til: "16:00"', 'til: "07:00"', "mandag", "før", also=("mandag", "⟦mandag")),
    wrong("time zone", "kalender.yaml", "værdi: Europe/Copenhagen", "værdi: ⟦Europe/Kobenhavn", "ukendt tidszone"),
    wrong("fixed price open", "katalog.yaml", "pris: 34.000", "pris: ⟦efter aftale", "K10", "skal være et beløb"),
    wrong("price of zero", "katalog.yaml", "pris: 34.000", "pris: ⟦0", "må ikke være 0"),
    wrong("hourly with a price", "katalog.yaml", "pris: efter aftale", "pris: ⟦500", "K1", "betaling: fastpris"),
    wrong("fixed with a rate", "katalog.yaml", "pris: 34.000", "pris: 34.000\n    timepris: ⟦900", "timebaserede"),
    wrong(
        "cap without rate",
        "katalog.yaml",
        "timepris: 938,98\n    loft_timer: 30",
        "loft_timer: ⟦30",
        "kræver en timepris",
    ),
    wrong("payer twice", "katalog.yaml", "betalere: [kommune]", "⟦betalere: [kommune, kommune]", "to gange"),
    wrong("KOMBIT pays", "katalog.yaml", "betalere: [kommune]", "⟦betalere: [kombit]", "sf1475"),
    wrong("two names alike", "katalog.yaml", "navn: Robotter", "navn: ⟦hjælp til  konfiguration af IDP", "to gange"),
    wrong(
        "option left out",
        "jira.yaml",
        "      kombit: KOMBIT\n",
        "",
        "mangler valget 'kombit'",
        also=("valg:\n      kommune", "⟦valg:\n      kommune"),
    ),
    wrong(
        "option unknown",
        "jira.yaml",
        "      kombit: KOMBIT\n",
        "      kombit: KOMBIT\n      ⟦staten: Staten\n",
        "'staten'",
    ),
    wrong("two options alike", "jira.yaml", "tredjepart: 3. part", "tredjepart: ⟦kommune", "står to gange"),
    wrong(
        "options of a category",
        "jira.yaml",
        "{navn: Kategori, type: valgliste}",
        "{navn: Kategori, type: valgliste, ⟦valg: {K1: x}}",
        "katalog.yaml",
    ),
    wrong(
        "options of a number",
        "jira.yaml",
        "{navn: Timepris, type: tal}",
        "{navn: Timepris, type: tal, ⟦valg: {a: x}}",
        "slet 'valg'",
    ),
    wrong(
        "type", "jira.yaml", "{navn: Timepris, type: tal}", "{navn: Timepris, type: ⟦tekst}", "skal være af typen tal"
    ),
    wrong("two fields alike", "jira.yaml", "{navn: Timepris,", "{navn: ⟦Pris,", "feltnavnet 'Pris'"),
    wrong(
        "field left out",
        "jira.yaml",
        "  timepris: {navn: Timepris, type: tal}\n",
        "",
        "'timepris' mangler",
        also=("felter:", "⟦felter:"),
    ),
    wrong("status in two roles", "jira.yaml", "arbejde: [I gang]", "arbejde: [⟦Godkendt]", "statussen 'Godkendt'"),
    wrong(
        "role without status", "jira.yaml", "  arbejde: [I gang]\n", "  ⟦arbejde: []\n", "ingen status for 'arbejde'"
    ),
    wrong("request type to nowhere", "jira.yaml", "  Robotter: K7", "  Robotter: ⟦K77", "ukendt kategori 'K77'"),
    wrong(
        "form answer to nowhere",
        "jira.yaml",
        "formularsvar: []",
        "formularsvar:\n  - felt: Ydelse\n    svar: {Robot: ⟦K0}",
        "K0",
    ),
    wrong("address without https", "jira.yaml", "https://dubu", "⟦http://dubu", "med https"),
    wrong("address with a user", "jira.yaml", "https://dubu", "⟦https://a:b@dubu", "uden bruger"),
    wrong("public provider", "parter.yaml", "domæner: []", "domæner: [⟦Gmail.com]", "gmail.com", "kontakter"),
    wrong(
        "a payer with the supplier's domain",
        "parter.yaml",
        "domæner: []",
        "domæner: [⟦dk.netcompany.com]",
        "leverandørens",
    ),
    wrong("domain that can't be", "parter.yaml", "domæner: []", "domæner: [⟦-x-.dk]", "ikke et gyldigt domæne"),
    wrong("a number as domain", "parter.yaml", "domæner: []", "domæner: [⟦10.0.0.1]", "ikke et gyldigt domæne"),
    wrong(
        "contact with another's domain",
        "parter.yaml",
        "kontakter: []\n  # De",
        "kontakter: [⟦a@netcompany.com]\n  # De",
        "Netcompanys domæne",
    ),
    wrong(
        "alias of two", "parter.yaml", "også_kaldet: [Frederiksberg]", "også_kaldet: [⟦københavn]", "Københavns Kommune"
    ),
    wrong("organisation of two", "parter.yaml", "  organisation:\n", "  organisation: ⟦Netcompany\n", "Netcompany"),
    wrong(
        "a word that says yes and no",
        "beviser.yaml",
        "    - nej\n",
        "    - nej\n    - ⟦Godkendt\n",
        "står også i ja_ord",
    ),
    wrong("file ending with a point", "beviser.yaml", "[pdf,", "[⟦.pdf,", "uden punktum"),
    wrong("file ending that is read", "beviser.yaml", "[pdf,", "[⟦eml, pdf,", "læser adapteren selv"),
    # Assumptions
    wrong(
        "assumption without a reason",
        "kalender.yaml",
        '\n  antagelse: "R5: dansk tid"',
        "",
        "'antagelse' mangler",
        also=("tidszone:", "⟦tidszone:"),
    ),
    wrong(
        "assumption without a rule",
        "kalender.yaml",
        'antagelse: "R5: dansk tid"',
        '⟦antagelse: "dansk tid"',
        "skriv reglen først",
    ),
    wrong(
        "assumption misspelt",
        "kalender.yaml",
        'antagelse: "R5: dansk tid"',
        '⟦antagelsse: "R5: dansk tid"',
        "ukendt nøgle 'antagelsse'",
    ),
    wrong(
        "assumption without value",
        "kalender.yaml",
        "tidszone:\n  værdi: Europe/Copenhagen\n",
        "⟦tidszone:\n",
        "ingen værdi",
    ),
    wrong(
        "confirmed by nobody",
        "kalender.yaml",
        'antagelse: "R5: dansk tid"',
        'antagelse: "R5: dansk tid"\n  ⟦bekræftet:',
        "hvem og hvornår",
    ),
    # YAML
    wrong("tab", "kalender.yaml", "  værdi: Europe/Copenhagen", "⟦\tværdi: Europe/Copenhagen", "tabulatortegn"),
    wrong("unclosed quote", "jira.yaml", "formularsvar: []", 'formularsvar: ⟦"', "anførselstegn er ikke lukket"),
    wrong("unclosed list", "jira.yaml", "sagstyper: []", "sagstyper: ⟦[", "listen er ikke lukket"),
    wrong("colon in a text", "jira.yaml", "navn: Betaler\n", "navn: Betaler⟦: hvem\n", "kolon"),
    wrong(
        "indentation",
        "jira.yaml",
        "    type: valgliste\n    valg:\n      kommune",
        "   ⟦type: valgliste\n    valg:\n      kommune",
        "indrykning",
    ),
    wrong("anchor", "katalog.yaml", "betalere: [kommune]", "betalere: ⟦&b [kommune]", "ankre"),
    wrong("alias", "katalog.yaml", "betalere: [kommune]", "betalere: ⟦*b", "ankre"),
    wrong("merge", "katalog.yaml", "    pris: 34.000", "    ⟦<<: {pris: 34.000}", "<<"),
    wrong("tag", "katalog.yaml", "pris: 34.000", "pris: ⟦!!str 34.000", "!"),
    wrong("two documents", "jira.yaml", "projekt: DUBU", "⟦---\nprojekt: DUBU", "ét dokument"),
    wrong("list as key", "jira.yaml", "projekt: DUBU", "? ⟦[a]\n: b\nprojekt: DUBU", "en nøgle skal være en tekst"),
    wrong("a colon with no key", "jira.yaml", "projekt: DUBU", "⟦: DUBU", "mangler en nøgle"),
    wrong("a key with an anchor", "jira.yaml", "projekt: DUBU", "⟦&p projekt: DUBU", "en nøgle kan ikke begynde"),
    wrong("an odd escape", "jira.yaml", "projekt: DUBU", 'projekt: "\\⟦q"', "ukendt tegn efter"),
    wrong("invisible character", "jira.yaml", "projekt: DUBU", "projekt: ⟦\x07DUBU", "styretegn"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_named_once_where_it_stands_with_what_to_do(mistake: Mistake, tmp_path: Path) -> None:
    folder = copy_of_shipped(tmp_path)
    place = edit(folder, mistake.file, *mistake.edits)
    problem = the_only_problem(folder)
    assert place is not None, f"put {HERE} into the edit"
    assert (problem.file, problem.line, problem.column) == (f"{folder.as_posix()}/{mistake.file}", *place), problem
    for words in mistake.says:
        assert words in problem.message
    assert str(problem) == f"{problem.file}:{problem.line}:{problem.column}: {problem.message}"


def the_only_problem(folder: Path) -> Problem:
    with pytest.raises(MappingError) as caught:
        load_site(folder)
    assert isinstance(caught.value, ConfigurationError)
    assert len(caught.value.problems) == 1, str(caught.value)
    assert str(caught.value) == str(caught.value.problems[0])
    return caught.value.problems[0]
