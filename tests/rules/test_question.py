"""Who creates (K1), who made the error (K3): what an answer makes of a ticket, and what the ticket says of it."""

from __future__ import annotations

import pytest

from adapter.catalogue.model import Category
from adapter.catalogue.texts import SENTENCES
from adapter.catalogue.words import AnswerOutcome, CategoryId
from adapter.rules.question import Answered, answer_of, answer_sentence
from tests.builders import a_ticket, catalogue

QUESTIONS = {"K1": "Hvem opretter", "K3": "Hvem lavede fejlen"}


def row_of(category: str) -> Category:
    return catalogue().services.categories[CategoryId(category)]


def answered(category: str, said: str | None) -> Answered:
    answers = {} if said is None else {QUESTIONS[category]: said}
    return answer_of(a_ticket(form_answers=answers), row_of(category))


def told(category: str, said: str | None) -> str:
    sentence = answer_sentence(row_of(category), answered(category, said))
    assert sentence is not None
    code, names = sentence
    assert set(names) == set(SENTENCES[code])
    return catalogue().texts.say(code, **names)


def test_only_k1_and_k3_ask() -> None:
    asking = [key for key, row in catalogue().services.categories.items() if row.question]
    assert asking == ["K1", "K3"]


def test_a_row_without_a_question_is_payable_whatever_the_ticket_says() -> None:
    ticket = a_ticket(form_answers={"Hvem opretter": "Kommunen selv"})
    found = answer_of(ticket, row_of("K2"))
    assert found == Answered(None)
    assert found.is_payable
    assert answer_sentence(row_of("K2"), found) is None


@pytest.mark.parametrize(
    ("category", "said", "outcome"),
    [
        ("K1", "Leverandøren", AnswerOutcome.PAYABLE),
        ("K1", "Kommunen selv", AnswerOutcome.ORDINARY),
        ("K3", "Kommunen", AnswerOutcome.PAYABLE),
        ("K3", "Leverandøren", AnswerOutcome.PERSON),
        ("K3", "Ukendt", AnswerOutcome.PERSON),
    ],
)
def test_an_answer_means_what_the_catalogue_says(category: str, said: str, outcome: AnswerOutcome) -> None:
    """K1: the municipality's own creation is ordinary support; K3: payable only where it made the error itself."""
    found = answered(category, said)
    assert found == Answered(outcome, said)
    assert found.is_payable == (outcome is AnswerOutcome.PAYABLE)


@pytest.mark.parametrize("said", ["kommunen selv", "  KOMMUNEN   SELV\n", "Kommunen\u00a0selv"])
def test_case_and_space_make_no_other_answer(said: str) -> None:
    assert answered("K1", said).outcome is AnswerOutcome.ORDINARY


@pytest.mark.parametrize("said", [None, "", "  \n"])
@pytest.mark.parametrize("category", QUESTIONS)
def test_without_an_answer_the_question_is_open_and_its_choices_are_told(category: str, said: str | None) -> None:
    """K1, K3: unanswered is not payable yet."""
    found = answered(category, said)
    assert found == Answered(None, None, is_open=True)
    assert not found.is_payable
    line = told(category, said)
    assert line.startswith(f"Udfyld feltet {QUESTIONS[category]}: ")
    question = row_of(category).question
    assert question is not None
    assert all(answer in line for answer in question.answers)


@pytest.mark.parametrize("said", ["Kommunen selv, tror jeg", "Kommune", "ukendt?", "betalbar"])
@pytest.mark.parametrize("category", QUESTIONS)
def test_an_answer_the_mapping_does_not_know_leaves_the_question_open_and_is_quoted(category: str, said: str) -> None:
    found = answered(category, said)
    assert found == Answered(None, said, is_open=True)
    assert not found.is_payable
    assert f"siger “{said}”, som ikke er et af svarene: " in told(category, said)


def test_an_answer_that_keeps_work_from_starting_says_so_and_no_other() -> None:
    assert "En person skal afgøre" in told("K3", "Leverandøren")
    assert answer_sentence(row_of("K3"), answered("K3", "Kommunen")) is None
    assert answer_sentence(row_of("K1"), answered("K1", "Kommunen selv")) is None
