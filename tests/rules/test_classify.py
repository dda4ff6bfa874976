"""Which source decides a ticket's category: a person, the request type, a form answer, the words (R2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.catalogue.model import Catalogue, FormAnswers, SiteField
from adapter.catalogue.words import CategoryId, FieldName
from adapter.rules.classify import OUTSIDE, Choice, Classification, Source, classify
from adapter.rules.danish import words_of
from adapter.rules.lexicon import lexicon_of
from adapter.ticket.snapshot import Ticket
from tests.builders import a_ticket, row, shipped

K1, K3, K6, K7 = CategoryId("K1"), CategoryId("K3"), CategoryId("K6"), CategoryId("K7")
ROBOT = "Test af ny robotfunktion"


def site(**jira: Any) -> Catalogue:  # noqa: ANN401 - any of jira.yaml's own keys
    """The shipped mapping with other words in jira.yaml."""
    known = shipped()
    plain: dict[str, Any] = {"request_types": {}, "form_answers": ()}
    return replace(known, jira=known.jira.model_copy(update=plain | jira))


def form(field: str, **answers: Choice) -> FormAnswers:
    return FormAnswers.model_validate({"felt": field, "svar": answers})


ASKING = site(
    request_types={"Bestil udtræk": K6, "Fejl i DUBU": OUTSIDE},
    form_answers=(form("Hvad drejer det sig om?", Roller=K1, Data=K3), form("Område", Robot=K7, Data=K3)),
)


def decided(
    ticket: Ticket, catalogue: Catalogue = ASKING, choice: str | None = None, subtype: str | None = None
) -> Classification:
    return classify(ticket, catalogue, choice, subtype)


def test_a_persons_choice_comes_before_request_type_form_and_words() -> None:
    ticket = a_ticket(summary=ROBOT, request_type="Bestil udtræk", form_answers={"Hvad drejer det sig om?": "Roller"})
    found = decided(ticket, choice=row("K10"))
    assert (found.category, found.source, found.evidence) == ("K10", Source.PERSON, ())


def test_the_request_type_comes_before_form_and_words() -> None:
    ticket = a_ticket(summary=ROBOT, request_type="bestil udtræk ", form_answers={"Hvad drejer det sig om?": "Roller"})
    found = decided(ticket)
    assert (found.category, found.source, found.evidence) == ("K6", Source.REQUEST_TYPE, ("bestil udtræk ",))


def test_a_form_answer_comes_before_the_words() -> None:
    found = decided(a_ticket(summary=ROBOT, form_answers={"Hvad drejer det sig om?": "roller"}))
    assert (found.category, found.source, found.evidence) == ("K1", Source.FORM, ("Hvad drejer det sig om?",))


def test_the_words_decide_where_request_type_and_form_say_nothing_known() -> None:
    ticket = a_ticket(summary=ROBOT, request_type="Andet", form_answers={"Hvad drejer det sig om?": "Andet"})
    found = decided(ticket)
    assert (found.category, found.source) == ("K7", Source.WORDS)
    assert found.evidence == ("robot", "teste")


def test_what_the_words_speak_for_is_told_whatever_decided() -> None:
    found = decided(a_ticket(summary=ROBOT), choice=row("K10"))
    assert found.candidates[0].category == "K7"


def test_form_answers_that_contradict_each_other_leave_it_to_a_person() -> None:
    answers = {"Hvad drejer det sig om?": "Roller", "Område": "Robot"}
    found = decided(a_ticket(summary=ROBOT, form_answers=answers))
    assert (found.category, found.source, set(found.evidence)) == (None, Source.CONTRADICTION, set(answers))


def test_form_answers_that_agree_decide() -> None:
    answers = {"Hvad drejer det sig om?": "Data", "Område": "Data"}
    assert decided(a_ticket(form_answers=answers)).category == "K3"


def test_a_ticket_that_says_nothing_goes_to_triage_without_candidates() -> None:
    assert decided(a_ticket(summary="", description="")) == Classification(None, Source.TRIAGE)


def test_a_ticket_with_two_orders_goes_to_triage_with_both() -> None:
    found = decided(a_ticket(summary="Bestilling af udtræk og bestilling af arkiveringsversion"))
    assert (found.category, found.source, found.evidence) == (None, Source.TRIAGE, ())
    assert {candidate.category for candidate in found.candidates[:2]} == {"K6", "K10"}
    assert all(candidate.words and candidate.score > 0 for candidate in found.candidates)


def test_candidates_are_named_by_the_entries_of_the_mapping_never_by_the_tickets_own_words() -> None:
    entries = {
        text
        for words in (*shipped().words.categories.values(), shipped().words.outside)
        for kind in (words.phrases, words.things, words.actions)
        for text in kind
    }
    found = decided(a_ticket(summary="Robottfunktionen for 010190-1234", description="Sletet dokumnet i API-adgangen"))
    assert found.candidates
    assert {word for candidate in found.candidates for word in candidate.words} <= entries


def test_a_person_may_say_that_the_catalogue_does_not_cover_a_ticket() -> None:
    found = decided(a_ticket(summary=ROBOT), choice=shipped().services.outside_name)
    assert (found.category, found.source) == (OUTSIDE, Source.PERSON)
    assert found.is_outside


def test_a_person_may_put_a_ticket_back_to_triage() -> None:
    found = decided(a_ticket(summary=ROBOT), choice=shipped().services.triage_name)
    assert (found.category, found.source) == (None, Source.PERSON)
    assert not found.is_outside


def test_a_chosen_option_that_the_catalogue_does_not_have_is_triage_that_names_it() -> None:
    found = decided(a_ticket(summary=ROBOT, request_type="Bestil udtræk"), choice="Gammel kategori")
    assert (found.category, found.source, found.evidence) == (None, Source.UNKNOWN_CHOICE, ("Gammel kategori",))


def test_an_option_that_the_site_calls_otherwise_is_understood() -> None:
    fields = dict(shipped().jira.fields)
    known = fields[FieldName.CATEGORY]
    fields[FieldName.CATEGORY] = SiteField(navn=known.name, type=known.type, valg={"K7": "RPA", "K99": "Udgået"})
    renamed = site(fields=fields)
    assert decided(a_ticket(), renamed, choice="RPA").category == "K7"
    assert decided(a_ticket(), renamed, choice="Udgået").source is Source.UNKNOWN_CHOICE


def test_a_site_without_category_fields_is_no_obstacle() -> None:
    bare = site(fields={})
    subtype = shipped().services.categories[K3].subtypes[0]
    found = decided(a_ticket(), bare, choice=row("K3"), subtype=subtype)
    assert (found.category, found.subtype) == ("K3", subtype)


def test_a_persons_subtype_comes_before_the_words() -> None:
    activity, document = shipped().services.categories[K3].subtypes[:2]
    ticket = a_ticket(summary=activity)
    assert decided(ticket).subtype == activity
    assert decided(ticket).subtype_source is Source.WORDS
    found = decided(ticket, subtype=document)
    assert (found.subtype, found.subtype_source) == (document, Source.PERSON)


def test_a_persons_subtype_that_the_catalogue_does_not_have_is_not_replaced_by_words() -> None:
    activity = shipped().services.categories[K3].subtypes[0]
    found = decided(a_ticket(summary=activity), subtype="Andet")
    assert (found.subtype, found.subtype_source) == (None, Source.PERSON)


def test_only_a_category_with_subtypes_has_one() -> None:
    activity = shipped().services.categories[K3].subtypes[0]
    found = decided(a_ticket(summary=ROBOT), subtype=activity)
    assert (found.category, found.subtype, found.subtype_source) == ("K7", None, None)


@pytest.mark.parametrize("choice", [OUTSIDE, "K3"])
def test_request_types_and_answers_may_name_the_outside_or_a_category_with_subtypes(choice: Choice) -> None:
    asking = site(request_types={"Sag": choice})
    found = decided(a_ticket(summary="Slettet dokument skal genskabes", request_type="Sag"), asking)
    assert found.category == choice
    assert found.subtype == (None if choice == OUTSIDE else "Slettet dokument skal genskabes")


texts = st.text(max_size=300) | st.lists(
    st.sampled_from(
        ["robot", "slettet dokument", "udtræk", "API", "\n", "> ", "Fra: x\nSendt: y\n", "{quote}", "æ\u030a"]
    )
).map(" ".join)
labels = st.none() | st.text(max_size=20) | st.sampled_from([row("K3"), row("K10"), shipped().services.outside_name])
answers = st.dictionaries(st.text(max_size=10) | st.just("Område"), st.text(max_size=10) | st.just("Robot"), max_size=3)


@given(texts, texts, labels, labels, labels | st.just("Bestil udtræk"), answers)
@settings(max_examples=200, deadline=None)
def test_classifying_never_fails_and_a_persons_choice_always_wins(
    summary: str,
    description: str,
    choice: str | None,
    subtype: str | None,
    request_type: str | None,
    form_answers: dict[str, str],
) -> None:
    ticket = a_ticket(summary=summary, description=description, request_type=request_type, form_answers=form_answers)
    found = decided(ticket, choice=choice, subtype=subtype)
    if choice is not None:
        assert found.source in {Source.PERSON, Source.UNKNOWN_CHOICE}
        assert found.category == decided(a_ticket(), choice=choice).category
    elif request_type == "Bestil udtræk":
        assert (found.category, found.source) == ("K6", Source.REQUEST_TYPE)
    elif form_answers.get("Område") == "Robot":
        assert (found.category, found.source) == ("K7", Source.FORM)
    else:
        assert found.source in {Source.WORDS, Source.TRIAGE}
        assert (found.category is None) == (found.source is Source.TRIAGE)


OWNERS = {str(category): words for category, words in shipped().words.categories.items()}
LEXICON = lexicon_of(OWNERS | {OUTSIDE: shipped().words.outside}, shipped().words.confidence.spelling)
silent = st.text("abdefghiklmnoprstuvyæøå", min_size=1, max_size=12).filter(
    lambda text: not any(list(LEXICON._means(word)) for word in words_of(text))
)
tickets = st.sampled_from(
    ["Test af robot", "Slettet dokument skal genskabes", "Bestilling af udtræk", "Kan ikke logge ind", "Se vedhæftet"]
)


@given(tickets, st.lists(silent, max_size=30), st.lists(silent, max_size=30))
@settings(max_examples=100, deadline=None)
def test_words_that_speak_for_nothing_never_change_the_decision(
    summary: str, before: list[str], after: list[str]
) -> None:
    told = a_ticket(summary=summary, description=f"{summary}, tak.")
    padded = f"{' '.join(before)}\n{summary}, tak.\n{' '.join(after)}"
    assert decided(replace(told, description=padded)) == decided(told)
