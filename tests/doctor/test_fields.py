"""Where the fields are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapter.catalogue.answers import AnswerField, answer_fields
from adapter.catalogue.words import ApprovalState, FieldName
from adapter.doctor.fields import PEOPLES
from adapter.doctor.finding import Code, Finding, Level
from adapter.provision.found import Context, Found, IssueType, Screen
from adapter.rules.fill import fields_without_row
from tests.doctor.made import CATALOGUE, FIELD_IDS, PROJECT, codes, found, only, seen

PRICE = FIELD_IDS[CATALOGUE.jira.fields[FieldName.PRICE].name]


def with_contexts(*contexts: Context) -> Found:
    fields = found().fields or ()
    return found(fields=tuple(replace(f, contexts=contexts) if f.id == PRICE else f for f in fields))


def without_on_screen(name: str) -> Found:
    rest = frozenset(FIELD_IDS.values()) - {FIELD_IDS[name]}
    return found(screens=(Screen("1", "Redigér", "1", rest),))


def test_a_field_without_a_context_in_the_project_is_an_error_at_its_line() -> None:
    finding = only(seen(found=with_contexts(Context("1", "Andet", False, frozenset({"99"})))))
    assert (finding.code, finding.level) == (Code.CONTEXT, Level.ERROR)
    assert finding.place == CATALOGUE.positions.of("jira.yaml", "felter", "pris", "navn")


def test_a_global_context_is_the_projects_too() -> None:
    assert codes(seen(found=with_contexts(Context("1", "Alle", True)))) == []


def test_an_issue_type_that_the_context_leaves_out_is_named() -> None:
    types = (IssueType("1", "Serviceanmodning"), IssueType("2", "Hændelse"))
    some = with_contexts(Context("1", "Nogle", False, frozenset({PROJECT.id}), frozenset({"1"})))
    finding = only(seen(found=replace(some, project=replace(PROJECT, issue_types=types))))
    assert '"Hændelse"' in finding.what
    assert "Serviceanmodning" not in finding.what


def test_contexts_count_together_and_everybodys_does_not_help_out_where_the_project_has_its_own() -> None:
    types = (IssueType("1", "Serviceanmodning"), IssueType("2", "Hændelse"))
    own = Context("1", "En", False, frozenset({PROJECT.id}), frozenset({"1"}))
    other = Context("2", "To", False, frozenset({PROJECT.id}), frozenset({"2"}))
    project = replace(PROJECT, issue_types=types)
    assert codes(seen(found=replace(with_contexts(own, other), project=project))) == []
    assert codes(seen(found=replace(with_contexts(own, Context("3", "Alle", True)), project=project))) == [Code.CONTEXT]


def test_a_screen_without_a_field_is_an_error_where_the_adapter_writes_it_and_a_warning_where_people_do() -> None:
    for name, level in ((FieldName.PRICE, Level.ERROR), (FieldName.OFFERED_PRICE, Level.WARNING)):
        finding = only(seen(found=without_on_screen(CATALOGUE.jira.fields[name].name)))
        assert (finding.code, finding.level) == (Code.SCREEN, level)
        assert '"Redigér"' in finding.what


@pytest.mark.parametrize("asked", [a for a in answer_fields(CATALOGUE) if a.name in ("Hvem opretter", "Ydelse til")])
def test_the_fields_of_questions_and_checklists_are_looked_for_as_well(asked: AnswerField) -> None:
    finding = only(seen(found=without_on_screen(asked.name)))
    place = CATALOGUE.positions.of(asked.file, *asked.named_at)
    assert (finding.code, finding.level, finding.place) == (Code.SCREEN, Level.WARNING, place)
    fields = tuple(replace(f, contexts=()) if f.name == asked.name else f for f in found().fields or ())
    assert (only(seen(found=found(fields=fields))).code, asked.name) == (Code.CONTEXT, asked.name)


def test_without_screens_the_newest_tickets_tell_by_issue_type() -> None:
    rest = frozenset(FIELD_IDS.values()) - {PRICE}
    lacking = {"Hændelse": rest, "Serviceanmodning": frozenset(FIELD_IDS.values())}
    finding = only(seen(found=found(screens=None), editable=lacking))
    assert finding.code is Code.SCREEN
    assert 'redigeringsbilledet for sagstypen "Hændelse"' in finding.what


def test_a_field_without_context_is_not_also_told_of_its_options() -> None:
    place = CATALOGUE.positions.of("jira.yaml", "felter", "pris", "navn")
    unreadable = Finding(Level.WARNING, Code.OPTION, "valgene kan ikke læses", "vent", place)
    ill = seen(found=with_contexts(Context("1", "Andet", False, frozenset({"99"}))), resolved=(unreadable,))
    assert codes(ill) == [Code.CONTEXT]


def test_the_fields_of_people_are_those_that_the_rules_do_not_write() -> None:
    written = set(fields_without_row(CATALOGUE, "x", ApprovalState.UNRESOLVED))
    written |= {FieldName.SOLUTION, FieldName.OFFER_DISPATCH}  # of some rows alone: R16, R8
    assert set(FieldName) - written == PEOPLES
