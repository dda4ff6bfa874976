"""What an admin gets wrong in offers, solutions, checklists and questions is named where it stands (R7, R16, R22)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.catalogue.letters import LETTER_NAMES, letter_text, letters
from adapter.catalogue.load import load_site
from adapter.catalogue.patterns import LONGEST, matches, pattern_fault
from tests.builders import catalogue, shipped
from tests.catalogue.folders import HERE, copy_of_shipped, edit
from tests.catalogue.test_mistakes import Mistake, the_only_problem, wrong

OFFER_IF = "    {% if kan_udføres %}\n    Bestillingen kan udføres"
NO_SOLUTIONS = "løsninger: {}"
TWO_SOLUTIONS = "løsninger:\n  fagsystem-x: {navn: Fagsystem X}\n  "
PERSON_ITEM = '      mangler: "Aftal testen i DUBU test med Netcompany."\n      person: ja\n'
MAIL_FORM = "      felt: Mail til driftsinformation\n      form: mailadresse\n"

MISTAKES = [
    # tilbud.yaml
    wrong(
        "letter of a name unknown", "tilbud.yaml", "{{ prisvarsel }}.", "{{ prisvarselet }}.", "prisvarselet", "løsning"
    ),
    wrong(
        "subject that can't be read", "tilbud.yaml", '"{{ sag }}: Uenighed', '"{{ sag }: Uenighed', "kan ikke bruges"
    ),
    wrong(
        "letter that says yes", "tilbud.yaml", "Skriv blot, om", "I kan gå i gang, når", "'I kan gå i gang'", "ja_ord"
    ),
    wrong("subject that says yes", "tilbud.yaml", "Påmindelse {{ nummer }}", "Godkendt {{ nummer }}", "'godkendt'"),
    wrong("offer without its price", "tilbud.yaml", "    Prisen er: {{ pris }}.\n", "", "{{ pris }}", "R7"),
    wrong("offer without the day", "tilbud.yaml", "senest {{ prisvarsel }}", "i god tid", "{{ prisvarsel }}", "R7"),
    wrong("offer that is free", "tilbud.yaml", "er en betalbar ydelse", "er en ydelse med pris på", "betalbar", "R7"),
    wrong(
        "price for some only", "tilbud.yaml", "{{ pris }}", "{% if løsning %}{{ pris }}{% endif %}", "{{ pris }}", "R7"
    ),
    wrong(
        "a yes that is said to some only",
        "tilbud.yaml",
        OFFER_IF,
        "    {% if not kan_udføres %}\n    Godkendt\n    {% endif %}\n" + OFFER_IF,
        "'godkendt'",
    ),
    wrong(
        "a name unknown in a part that few get",
        "tilbud.yaml",
        OFFER_IF,
        "    {% if not omfatter %}{{ omfang }}{% endif %}\n" + OFFER_IF,
        "omfang",
    ),
    wrong(
        "sender of another",
        "tilbud.yaml",
        "værdi: KOMBIT.DUBU@netcompany.com",
        "værdi: ⟦dubu@kombit.dk",
        "leverandørens adresser",
    ),
    wrong("sender's name that says yes", "tilbud.yaml", "DUBU Service Desk", "⟦Go ahead", "'go ahead'"),
    # register.yaml
    wrong(
        "key of a solution",
        "register.yaml",
        NO_SOLUTIONS,
        "løsninger:\n  ⟦Fagsystem X: {navn: Fagsystem X}",
        "små bogstaver",
        "fagsystem-x",
    ),
    wrong(
        "a solution called by its company form",
        "register.yaml",
        NO_SOLUTIONS,
        "løsninger:\n  x: {navn: ⟦A/S}",
        "intet navn",
    ),
    wrong(
        "an alias that is a company form",
        "register.yaml",
        NO_SOLUTIONS,
        "løsninger:\n  x: {navn: X, også_kaldet: [Y, ⟦ApS]}",
        "intet navn",
    ),
    wrong(
        "a solution twice",
        "register.yaml",
        NO_SOLUTIONS,
        TWO_SOLUTIONS + "y: {navn: ⟦FAGSYSTEM-X A/S}",
        "fagsystem-x",
        "kun betyde én løsning",
    ),
    wrong(
        "an alias of another solution",
        "register.yaml",
        NO_SOLUTIONS,
        TWO_SOLUTIONS + "y: {navn: Y, også_kaldet: [⟦Fagsystemx]}",
        "fagsystem-x",
    ),
    wrong(
        "a solution's name that says yes",
        "register.yaml",
        NO_SOLUTIONS,
        "løsninger:\n  x: {navn: ⟦I accept}",
        "'I accept'",
    ),
    # krav.yaml
    wrong("key of an item", "krav.yaml", "    test_aftalt:", "    ⟦Test aftalt:", "små bogstaver", "test_aftalt"),
    wrong("item of no category", "krav.yaml", "  K7:\n", "  ⟦K77:\n", "ukendt kategori 'K77'"),
    wrong(
        "item without a proof",
        "krav.yaml",
        "    test_aftalt:",
        "    ⟦test_aftalt:",
        "ét bevis",
        also=(PERSON_ITEM, PERSON_ITEM.replace("      person: ja\n", "")),
    ),
    wrong(
        "item with two proofs",
        "krav.yaml",
        "    test_aftalt:",
        "    ⟦test_aftalt:",
        "ét bevis",
        also=(PERSON_ITEM, PERSON_ITEM + '      vedhæftning: "test*.pdf"\n'),
    ),
    wrong(
        "a form without a field",
        "krav.yaml",
        PERSON_ITEM,
        PERSON_ITEM + "      form: ⟦mailadresse\n",
        "form hører til et felt",
    ),
    wrong("a pattern that is missing", "krav.yaml", "form: mailadresse", "form: ⟦mønster", "form: mønster"),
    wrong("a form misspelt", "krav.yaml", "form: mailadresse", "form: ⟦mailadrese", "mente du 'mailadresse'?"),
    wrong("a stage misspelt", "krav.yaml", "trin: produktion", "trin: ⟦production", "mente du 'produktion'?"),
    wrong("a pattern without its form", "krav.yaml", MAIL_FORM, MAIL_FORM + "      mønster: ⟦.+@.+\n", "form: mønster"),
    wrong(
        "a pattern that can't be read",
        "krav.yaml",
        "form: mailadresse",
        'form: mønster\n      mønster: ⟦"("',
        "kan ikke læses",
    ),
    wrong(
        "a pattern that never ends",
        "krav.yaml",
        "form: mailadresse",
        'form: mønster\n      mønster: ⟦"(a+)+"',
        "for lang tid",
    ),
    # katalog.yaml
    wrong(
        "a question nobody can pay by",
        "katalog.yaml",
        "svar: {Leverandøren: betalbar, Kommunen selv: almindelig}",
        "⟦svar: {Leverandøren: person, Kommunen selv: almindelig}",
        "K1",
        "aldrig kunne betales",
    ),
    wrong(
        "an answer twice",
        "katalog.yaml",
        "{Leverandøren: betalbar, Kommunen selv: almindelig}",
        "{Leverandøren: betalbar, ⟦leverandøren: almindelig}",
        "'leverandøren' står to gange",
    ),
    wrong("an outcome misspelt", "katalog.yaml", "Kommunen: betalbar", "Kommunen: ⟦betalbart", "mente du 'betalbar'?"),
    wrong(
        "what is included says yes",
        "katalog.yaml",
        "omfatter: [Sletning af arkiveret data]",
        "omfatter: [⟦Sletning af godkendt data]",
        "'godkendt'",
        "omformulér",
    ),
    wrong(
        "a field of a checklist says yes",
        "krav.yaml",
        "felt: Ydelse fra",
        "felt: ⟦Godkendt ydelse",
        "'godkendt'",
    ),
    wrong(
        "a question's field says yes",
        "katalog.yaml",
        "felt: Hvem opretter",
        "felt: ⟦Hvem har godkendt",
        "'godkendt'",
    ),
    wrong(
        "what is left out says yes",
        "katalog.yaml",
        "    omfatter_ikke:\n      - Opsætning af",
        "    omfatter_ikke:\n      - ⟦Opsætning af godkendt",
        "'godkendt'",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_named_once_where_it_stands_with_what_to_do(mistake: Mistake, tmp_path: Path) -> None:
    folder = copy_of_shipped(tmp_path)
    place = edit(folder, mistake.file, *mistake.edits)
    problem = the_only_problem(folder)
    assert problem.file == f"{folder.as_posix()}/{mistake.file}"
    if place is None:
        assert mistake.file == "tilbud.yaml", f"put {HERE} into the edit"  # letters: see the next test
    else:
        assert (problem.line, problem.column) == place, problem
    for words in mistake.says:
        assert words in problem.message


@pytest.mark.parametrize(("key", "template"), letters(shipped().offers).items())
@pytest.mark.parametrize("part", ["emne", "brev"])
def test_a_letters_mistake_is_named_at_the_letter_and_its_part(
    key: str, template: object, part: str, tmp_path: Path
) -> None:
    """R7."""
    folder = copy_of_shipped(tmp_path)
    text = (folder / "tilbud.yaml").read_text(encoding="utf-8")
    start = text.index(f"\n{key}:\n")
    value = text.index(f"  {part}: ", start) + len(f"  {part}: ")
    end = text.index("\n", value)
    broken = '"{{ findes_ikke }}"' if part == "emne" else "|\n    {{ findes_ikke }}"
    (folder / "tilbud.yaml").write_text(text[:value] + broken + text[end:], encoding="utf-8")
    problem = the_only_problem(folder)
    assert problem.line == text[:value].count("\n") + 1
    assert "findes_ikke" in problem.message
    assert "den kan bruge: sag, betaler" in problem.message


def test_an_offer_without_the_words_an_offer_is_known_by_would_not_count(tmp_path: Path) -> None:
    """R9."""
    folder = copy_of_shipped(tmp_path)
    text = (folder / "beviser.yaml").read_text(encoding="utf-8")
    start = text.index("    - tilbud\n")
    end = text.index("\n\n", start)
    (folder / "beviser.yaml").write_text(text[:start] + "    - prisoverslag" + text[end:], encoding="utf-8")
    problem = the_only_problem(folder)
    assert problem.file.endswith("/tilbud.yaml")
    assert "tilbudsord" in problem.message


def test_the_record_of_kombits_acceptance_may_say_that_it_was_accepted(tmp_path: Path) -> None:
    """R18: it is a record by the adapter and answers nothing."""
    folder = copy_of_shipped(tmp_path)
    edit(folder, "tilbud.yaml", ("Optegnelse om KOMBITs svar på sagen.", "Godkendt af KOMBIT."))
    assert "Godkendt" in load_site(folder).offers.kombit_record.body


@pytest.mark.parametrize(
    "sender", ["dubu@netcompany.com", "kombit.dubu@netcompany.com", "DUBU@Netcompany.com", "x@sub.netcompany.com"]
)
def test_an_offer_is_sent_from_the_suppliers_domain_its_contact_or_a_subdomain_that_counts(
    sender: str, tmp_path: Path
) -> None:
    """R9, R15."""
    folder = copy_of_shipped(tmp_path)
    edit(folder, "tilbud.yaml", ("KOMBIT.DUBU@netcompany.com", sender))
    edit(folder, "beviser.yaml", ("underdomæner_tæller:\n  værdi: nej", "underdomæner_tæller:\n  værdi: ja"))
    assert load_site(folder).offers.sender == sender.lower()
    edit(folder, "beviser.yaml", ("underdomæner_tæller:\n  værdi: ja", "underdomæner_tæller:\n  værdi: nej"))
    if sender == "x@sub.netcompany.com":
        assert "leverandørens adresser" in the_only_problem(folder).message
    else:
        load_site(folder)


def test_a_solution_may_be_written_in_two_ways_of_its_own(tmp_path: Path) -> None:
    """R16."""
    folder = copy_of_shipped(tmp_path)
    edit(folder, "register.yaml", (NO_SOLUTIONS, "løsninger:\n  x: {navn: Fagsystem X, også_kaldet: [FagsystemX A/S]}"))
    assert load_site(folder).solutions.solutions["x"].aliases == ("FagsystemX A/S",)


def test_a_site_may_have_no_checklist_and_no_question(tmp_path: Path) -> None:
    folder = copy_of_shipped(tmp_path)
    text = (folder / "krav.yaml").read_text(encoding="utf-8")
    (folder / "krav.yaml").write_text(text[: text.index("tjeklister:")] + "tjeklister: {}\n", encoding="utf-8")
    assert load_site(folder).prerequisites.checklists == {}


@pytest.mark.parametrize(
    "broken", ["tilbud.yaml", "register.yaml", "krav.yaml", "katalog.yaml", "parter.yaml", "beviser.yaml"]
)
def test_a_file_that_cant_be_read_keeps_no_other_check_from_speaking(broken: str, tmp_path: Path) -> None:
    folder = copy_of_shipped(tmp_path)
    (folder / broken).write_text("x: [", encoding="utf-8")
    assert the_only_problem(folder).file.endswith(broken)


def test_a_letter_is_one_line_of_subject_and_a_text_that_ends_in_one_line_break() -> None:
    template = catalogue().offers.offer
    subject, body = letter_text(template, {**LETTER_NAMES["tilbud"], "kategori": "en\nkategori"})
    assert "\n" not in subject
    assert "en kategori" in subject
    assert body.endswith(" hilsen\nService Desk\n")
    assert "34.000 kr." in body


SLOW = [
    "(a+)+",
    "(a|a)*",
    "(a|b){2,}",
    "(?:a?){30}",
    "((a+)b)+",
    "(?P<x>a*){2}",
    ".*.*.*x",
    "[a-z]+[0-9]+.+",
    "a{0,100}b{1,}c{5,90}d",
    "a?" * 9,
    "(?x) a # )",
]
FAST = [
    "SF-[0-9]+",
    ".+@.+",
    r"\(a+\)+",
    "[)(+*]+",
    "[]|a]{2,4}",
    r"[\]|]+",
    "(?:ab){3}",
    "(ab)+",
    "(a|b)?c",
    "(K1|K2)-[0-9]{4,8}",
    "a{x}b{",
    "a{,3}",
    "x{3}?",
    "(?i)[a-z]{2}",
    r"\d++",
]


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_that_could_take_for_ever_is_refused(pattern: str) -> None:
    assert "for lang tid" in (pattern_fault(pattern) or "")


@pytest.mark.parametrize("pattern", FAST)
def test_a_plain_pattern_is_taken(pattern: str) -> None:
    assert pattern_fault(pattern) is None


@pytest.mark.parametrize("pattern", ["(", "[a", "[[a]", "a**", "(?P<a>x)(?P<a>y)", "x{9999999999999}"])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    assert "kan ikke læses" in (pattern_fault(pattern) or "")


def test_only_the_whole_text_matches_and_never_a_longer_one_than_is_tried() -> None:
    assert matches("SF-[0-9]+", "SF-1475")
    assert not matches("SF-[0-9]+", "SF-1475 ")
    assert not matches("SF-[0-9]+", "SF-1475\n")
    assert matches("a+", "a" * LONGEST)
    assert not matches("a+", "a" * (LONGEST + 1))


@given(st.text(alphabet=r"()[]{}|?*+\ab0,", max_size=40))
def test_any_text_can_be_asked_whether_it_is_a_pattern(text: str) -> None:
    assert pattern_fault(text) is None or "mønsteret" in (pattern_fault(text) or "")
