"""Which category a ticket is, and from what we know it (R2).

A person's own choice, else the request type, else a form answer, else the words of summary and description; where
these are not sure enough, nothing is guessed and the candidates are named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeVar

from adapter.catalogue.model import Catalogue, Words
from adapter.catalogue.words import CategoryId, FieldName
from adapter.rules.danish import customers_own
from adapter.rules.lexicon import Score, lexicon_of
from adapter.ticket.snapshot import Ticket

OUTSIDE: Literal["uden_for_kataloget"] = "uden_for_kataloget"
"""The category of a ticket that the catalogue does not cover: ordinary support."""
TRIAGE = "til_afklaring"
MOST_CANDIDATES = 4
CLEARLY_MORE = 1.5
"""Long texts have many points: two orders in one ticket can both be strong, and the margin alone would choose one."""

Choice = CategoryId | Literal["uden_for_kataloget"]
_Ranked = TypeVar("_Ranked")


class Source(StrEnum):
    """What a category or subtype was taken from."""

    PERSON = "kategori_fra_person"
    REQUEST_TYPE = "kategori_fra_anmodningstype"
    FORM = "kategori_fra_formular"
    WORDS = "kategori_fra_ord"
    TRIAGE = "kategori_afklares"
    UNKNOWN_CHOICE = "kategori_kendes_ikke"  # a person chose an option that the catalogue does not have: triage
    CONTRADICTION = "kategori_modsiges"  # form answers name different categories: triage


@dataclass(frozen=True)
class Candidate:
    """A category that words speak for, with the entries of ord.yaml that spoke; never the ticket's own text."""

    category: Choice
    score: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Classification:
    """A ticket's category, or None for triage.

    `evidence` is the person's unknown option, the request type, the form fields, or the entries of ord.yaml.
    `candidates` are what the words speak for, best first, whatever decided. With a subtype's source PERSON and no
    subtype, the person chose one that the catalogue does not have: it stays.
    """

    category: Choice | None
    source: Source
    candidates: tuple[Candidate, ...] = ()
    subtype: str | None = None
    subtype_source: Source | None = None
    evidence: tuple[str, ...] = ()

    @property
    def is_outside(self) -> bool:
        """Whether the ticket is known to be outside the catalogue."""
        return self.category == OUTSIDE


def classify(
    ticket: Ticket, catalogue: Catalogue, persons_choice: str | None, persons_subtype: str | None
) -> Classification:
    """Says which category and subtype a ticket is.

    Args:
        persons_choice: the option that a person chose in the category field, as shown on the site; else None.
        persons_subtype: the same for the subtype field.
    """
    summary, description = ticket.summary, customers_own(ticket.description)
    candidates = _candidates(catalogue, summary, description)
    category, source, evidence = (
        _persons(catalogue, persons_choice)
        or _request_types(catalogue, ticket)
        or _forms(catalogue, ticket)
        or _words(catalogue, candidates)
    )
    subtype, subtype_source = _subtype(catalogue, category, persons_subtype, summary, description)
    return Classification(category, source, candidates[:MOST_CANDIDATES], subtype, subtype_source, evidence)


_Found = tuple[Choice | None, Source, tuple[str, ...]]


def _persons(catalogue: Catalogue, label: str | None) -> _Found | None:
    if label is None:
        return None
    services = catalogue.services
    names = {category.name: str(number) for number, category in services.categories.items()}
    names |= {services.outside_name: OUTSIDE, services.triage_name: TRIAGE}
    site = catalogue.jira.fields.get(FieldName.CATEGORY)
    names |= {option: meaning for meaning, option in (site.options if site else {}).items()}
    meaning = _same(names, label)
    if meaning == OUTSIDE:
        return OUTSIDE, Source.PERSON, ()
    if meaning == TRIAGE:
        return None, Source.PERSON, ()
    if meaning is None or meaning not in services.categories:
        return None, Source.UNKNOWN_CHOICE, (label,)
    return CategoryId(meaning), Source.PERSON, ()


def _request_types(catalogue: Catalogue, ticket: Ticket) -> _Found | None:
    if ticket.request_type is None:
        return None
    category = _same(catalogue.jira.request_types, ticket.request_type)
    return (category, Source.REQUEST_TYPE, (ticket.request_type,)) if category else None


def _forms(catalogue: Catalogue, ticket: Ticket) -> _Found | None:
    named: dict[str, Choice] = {}
    for form in catalogue.jira.form_answers:
        answer = _same(ticket.form_answers, form.field)
        category = _same(form.answers, answer) if answer else None
        if category:
            named[form.field] = category
    if not named:
        return None
    if len(set(named.values())) > 1:
        return None, Source.CONTRADICTION, tuple(named)
    return next(iter(named.values())), Source.FORM, tuple(named)


def _words(catalogue: Catalogue, candidates: tuple[Candidate, ...]) -> _Found:
    best = _decided(catalogue, [(candidate.score, candidate) for candidate in candidates])
    return (best.category, Source.WORDS, best.words) if best else (None, Source.TRIAGE, ())


def _subtype(
    catalogue: Catalogue, category: Choice | None, chosen: str | None, summary: str, description: str
) -> tuple[str | None, Source | None]:
    row = catalogue.services.categories.get(CategoryId(category)) if category else None
    if row is None or not row.subtypes:
        return None, None
    if chosen is not None:
        site = catalogue.jira.fields.get(FieldName.SUBTYPE)
        names = {name: name for name in row.subtypes}
        names |= {option: meaning for meaning, option in (site.options if site else {}).items() if meaning in names}
        return _same(names, chosen), Source.PERSON
    words = {name: words for name, words in catalogue.words.subtypes.items() if name in row.subtypes}
    scores = _scores(catalogue, words, summary, description)
    best = _decided(catalogue, [(score.points, score) for score in scores])
    return (best.owner, Source.WORDS) if best else (None, None)


def _candidates(catalogue: Catalogue, summary: str, description: str) -> tuple[Candidate, ...]:
    owners: dict[str, Words] = {
        number: words for number, words in catalogue.words.categories.items() if number in catalogue.services.categories
    }
    scores = _scores(catalogue, owners | {OUTSIDE: catalogue.words.outside}, summary, description)
    return tuple(
        Candidate(OUTSIDE if score.owner == OUTSIDE else CategoryId(score.owner), score.points, score.entries)
        for score in scores
    )


def _scores(catalogue: Catalogue, owners: Mapping[str, Words], summary: str, description: str) -> list[Score]:
    return lexicon_of(owners, catalogue.words.confidence.spelling).scores(summary, description)


def _decided(catalogue: Catalogue, ranked: list[tuple[int, _Ranked]]) -> _Ranked | None:
    """The best, if it has the least points wanted and is clearly ahead of the second."""
    confidence = catalogue.words.confidence
    if not ranked:
        return None
    (best, found), second = ranked[0], ranked[1][0] if len(ranked) > 1 else 0
    is_clear = best - second >= confidence.margin and best >= second * CLEARLY_MORE
    return found if best >= confidence.least and is_clear else None


def _same(names: Mapping[str, _Ranked], name: str) -> _Ranked | None:
    """What stands under a name, whatever its case and the space around it."""
    wanted = name.strip().casefold()
    return next((found for known, found in names.items() if known.strip().casefold() == wanted), None)
