"""No bending of a mail makes a yes of what was none, and no yes survives a no or a condition beside it (R11)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.mails.reading import Reading
from adapter.rules.evidence import Kind
from adapter.ticket.evidence import MailFacts, Says
from tests.builders import catalogue
from tests.mails.corpus import CORPUS, Case
from tests.mails.corpus import bends as b
from tests.mails.corpus.clients import SIGNED, apple_mail, gmail, iphone, outlook, outlook_on_the_web, text, thunderbird
from tests.mails.corpus.verdict import judged, read

Program = Callable[[str], bytes]
READING = replace(Reading.of(catalogue(), None), verify_dkim=False)
SOME = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def _drafts(kinds: set[Kind]) -> Iterator[tuple[Case, b.Draft]]:
    for case in CORPUS:
        draft = b.taken_apart(case.data) if case.kind in kinds and case.filename.endswith(".eml") else None
        if draft is not None and _is_the_same(case, draft):
            yield case, draft


def _is_the_same(case: Case, draft: b.Draft) -> bool:
    """Whether the draft holds all that the mail was judged by; headers that the parser drops are none of it."""
    return judged(replace(case, data=draft.render()), READING).checks == judged(case, READING).checks


def _says(case: Case) -> Says:
    facts = read(case, READING)
    assert isinstance(facts, MailFacts)
    return facts.says


NOT_ACCEPTED = list(_drafts({Kind.REFUSAL, Kind.DOUBTFUL, Kind.NOT_COUNTED}))
SILENT = [(case, draft) for case, draft in NOT_ACCEPTED if _says(case) in {Says.NO, Says.NOTHING}]
ACCEPTED = list(_drafts({Kind.APPROVAL}))


def bent(case: Case, draft: b.Draft, how: list[b.Bend], chance: Random) -> Case:
    draft = deepcopy(draft)
    for bend in how:
        bend(draft, chance)
    return replace(case, data=draft.render())


def test_there_is_enough_to_bend() -> None:
    assert len(NOT_ACCEPTED) >= 90
    assert len(SILENT) >= 30
    assert len(ACCEPTED) >= 30


@pytest.mark.parametrize("bend", b.BENDS, ids=lambda bend: bend.__name__)
def test_no_mail_that_was_not_accepted_is_accepted_bent_once(bend: b.Bend) -> None:
    for number, (case, draft) in enumerate(NOT_ACCEPTED):
        found = bent(case, draft, [bend], Random(number))
        assert judged(found, READING).kind is not Kind.APPROVAL, case.name


@given(st.sampled_from(NOT_ACCEPTED), st.lists(st.sampled_from(b.BENDS), min_size=2, max_size=5), st.randoms())
@settings(SOME, max_examples=700)
def test_no_mail_that_was_not_accepted_is_accepted_bent_in_many_ways(
    mail: tuple[Case, b.Draft], how: list[b.Bend], chance: Random
) -> None:
    assert judged(bent(*mail, how, chance), READING).kind is not Kind.APPROVAL


NOES = [
    "Nej tak.",
    "Det kan vi alligevel ikke godkende.",
    "Vi må desværre afslå.",
    "Tilbuddet afvises.",
    "Stop venligst alt arbejde.",
    "Vi fortryder.",
    "Not approved.",
    "Please cancel.",
]
CONDITIONS = [
    "Forudsat, at det sker inden jul.",
    "Dog kun op til 20 timer.",
    "Men vent lige til januar.",
    "Hvis prisen er inkl. moms.",
    "Medmindre I hører andet.",
    "Med forbehold for udvalgets beslutning.",
    "Forudsat at personoplysningerne slettes.",
    "I skal først slette alle persondata.",
    "Send det med sikker mail, før I begynder.",
    "Dette er fortroligt, til budgettet er på plads.",
    "Tænk på miljøet: kør kun den første del.",
    "Ekstern afsender skal levere først.",
    "Denne mail er kun et udkast.",
    "Denne besked er scannet, men ikke læst af chefen.",
    "Prisen må højst være 20.000 kr.",
    "Gælder kun den første leverance.",
    "Det afventer direktionen.",
    "Provided that the price holds.",
    "But only the first part.",
    "Subject to our board.",
    "Unless you hear otherwise.",
]
PLACES = {
    "in front": "{added} {words}",
    "in the same line": "{words} {added}",
    "in brackets": "{words} ({added})",
    "in the next line": "{words}\n{added}",
    "as a point": "{words}\n- {added}",
    "in the next paragraph": "{words}\n\n{added}",
    "in the paragraph before": "{added}\n\n{words}",
    "below a greeting": "Hej Anna\n\n{added}\n\n{words}",
    "below the name": "{words}\n\nMvh Karl\n{added}",
    "below the signature": f"{{words}}\n\n{SIGNED}\n\n{{added}}",
    "as a postscript": "{words}\n\nMvh Karl\n\nPS. {added}",
}
"""Where people add a word; `words` are an approval."""
PROGRAMS = (outlook, outlook_on_the_web, gmail, iphone, apple_mail, thunderbird, text)
YESES = ("Godkendt.", "Vi godkender hermed tilbuddet.", "I må gerne gå i gang.", "Approved.")
ORDINARY = next(case for case, _ in ACCEPTED)


@pytest.mark.parametrize("place", PLACES.values(), ids=list(PLACES))
def test_a_yes_with_a_no_or_a_condition_anywhere_beside_it_is_not_accepted(place: str) -> None:
    for added in [*NOES, *CONDITIONS]:
        case = replace(ORDINARY, data=text(place.format(words="Godkendt.", added=added)))
        assert judged(case, READING).kind is Kind.DOUBTFUL, added


@given(
    st.sampled_from(YESES),
    st.sampled_from([*NOES, *CONDITIONS]),
    st.sampled_from(list(PLACES.values())),
    st.sampled_from(PROGRAMS),
    st.lists(st.sampled_from(b.HARMLESS_BENDS), max_size=3),
    st.randoms(),
)
@settings(SOME, max_examples=400)
def test_nor_in_any_mail_program_or_dress(
    words: str, added: str, place: str, program: Program, how: list[b.Bend], chance: Random
) -> None:
    case = replace(ORDINARY, data=program(place.format(words=words, added=added)))
    draft = b.taken_apart(case.data)
    assert draft is not None
    assert judged(bent(case, draft, how, chance), READING).kind is not Kind.APPROVAL


@given(st.sampled_from(ACCEPTED), st.sampled_from([*NOES, *CONDITIONS]), st.booleans(), st.randoms())
@settings(SOME, max_examples=300)
def test_an_accepted_mail_with_a_no_or_a_condition_on_top_of_one_of_its_texts_is_not_accepted_any_more(
    mail: tuple[Case, b.Draft], added: str, in_html: bool, chance: Random
) -> None:
    case, draft = mail[0], deepcopy(mail[1])
    if draft.html is not None and (in_html or draft.plain is None):
        draft.html = re.sub(r"(?i)(<body[^>]*>|^)", lambda found: f"{found[0]}<div>{added}</div>", draft.html, count=1)
    else:
        draft.plain = f"{added}{chance.choice((' ', chr(10), chr(10) * 2))}{draft.plain}"
    assert judged(replace(case, data=draft.render()), READING).kind is not Kind.APPROVAL
