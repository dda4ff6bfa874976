"""How names of solutions are compared (R16): two spellings of one name are one, two names never are."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.catalogue.solution_names import plain_name
from tests.builders import shipped

SUFFIXES = shipped().solutions.suffixes
WORD = st.text("abcdexyzæøå0123", min_size=2, max_size=8).map(lambda word: f"q{word}")  # no company form begins with q


@pytest.mark.parametrize(
    "spelling",
    [
        "Løsning X",
        "løsning x",
        "  LØSNING   X ",
        "LøsningX",
        "Løsning-X",
        "Løsning–X",
        "Løsning_X",
        "Løsning, X.",
        "“Løsning X”",
        "Løsning\tX\n",
        "Løsning\u00a0X",
        "Løs\u00adning X",  # a soft hyphen
        "Løs\u200bning\u2060 X\ufeff",  # spaces without width
        "Løsning \u115fX\u3164",  # letters that show nothing
        "Løsning X\u0338\u20dd",  # loose marks over and around
        "Ｌøsning Ｘ",  # full width
        "Løsning X A/S",
        "Løsning X, a/s",
        "Løsning X A / S",
        "Løsning X A/S.",
        "Løsning X A.S.",
        "Løsning X A\u2044S",  # a fraction's slash
        "Løsning X A\u200b/S",
        "Løsning X (A/S)",
        "Løsning-X-A/S",
        "Løsning X_ApS",
        "Løsning X ApS.",
        "Løsning X APS",
        "Løsning A/S X",
        "A/S Løsning X",
        "Løsning X Holding ApS",
        "Løsning X Danmark A/S",
        "Løsning X Inc.",
    ],
)
def test_case_space_marks_and_company_forms_make_no_other_name(spelling: str) -> None:
    assert plain_name(spelling, SUFFIXES) == "løsningx"


@pytest.mark.parametrize(
    "other",
    [
        "Løsning Y",
        "Løsning X2",
        "Løsning",
        "Losning X",
        "Løsning Χ",  # a Greek letter
        "Løsning Х",  # a Cyrillic letter
        "Løsning Xapsen",
        "Løsning XA/S Plus",
        "Løsning Xab",
    ],
)
def test_another_name_stays_another_however_alike_it_looks(other: str) -> None:
    assert plain_name(other, SUFFIXES) != plain_name("Løsning X", SUFFIXES)


def test_a_loose_accent_and_a_letter_with_one_are_the_same() -> None:
    assert plain_name("Cafe\u0301 A\u030a", SUFFIXES) == plain_name("Café Å", SUFFIXES) == "caféå"


@pytest.mark.parametrize("name", ["A/S", "ApS", " a / s. ", "Holding Danmark A/S", "AB", "–", "", " \u200b"])
def test_a_name_of_nothing_but_company_forms_is_none(name: str) -> None:
    assert plain_name(name, SUFFIXES) == ""


@pytest.mark.parametrize(
    ("name", "plain"), [("AB Data", "abdata"), ("Danmark Data A/S", "danmarkdata"), ("Data AB", "data")]
)
def test_a_word_that_opens_a_name_belongs_to_it(name: str, plain: str) -> None:
    """`AB Data` and `Data` are two, or the one would take the other's setup."""
    assert plain_name(name, SUFFIXES) == plain


@pytest.mark.parametrize("suffix", ["og Sønner", "S.M.B.A.", "(under stiftelse)"])
def test_a_company_form_may_be_several_words(suffix: str) -> None:
    assert plain_name(f"Løsning X {suffix.upper()}", [suffix]) == "løsningx"
    assert plain_name(suffix, [suffix]) == ""


@pytest.mark.parametrize("suffixes", [[], [".", ""], ["–"]])
def test_a_form_without_letters_leaves_nothing_out(suffixes: list[str]) -> None:
    assert plain_name("Løsning X A/S", suffixes) == "løsningxas"


@given(
    words=st.lists(WORD, min_size=1, max_size=4),
    between=st.sampled_from(["", " ", "  ", "-", " – ", "_", "\u200b", "\u00ad", "\n"]),
    form=st.sampled_from(["", *(f" {suffix}" for suffix in SUFFIXES), ", A / S", " ApS.", " (GmbH)"]),
    case=st.sampled_from([str.lower, str.upper, str.title]),
    shape=st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
)
def test_no_way_of_writing_a_name_makes_it_another(
    words: list[str], between: str, form: str, case: Callable[[str], str], shape: Literal["NFC", "NFD", "NFKC", "NFKD"]
) -> None:
    written = unicodedata.normalize(shape, case(between.join(words) + form))
    assert plain_name(written, SUFFIXES) == "".join(words)


@given(name=st.text(max_size=80))
def test_any_text_becomes_letters_and_digits_or_nothing(name: str) -> None:
    plain = plain_name(name, SUFFIXES)
    assert plain == "" or plain.isalnum()
