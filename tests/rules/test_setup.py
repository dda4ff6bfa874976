"""Which solution is ordered and whose setup KOMBIT pays (R16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.catalogue.model import Catalogue, Solution, SolutionsFile
from adapter.catalogue.texts import SENTENCES
from adapter.catalogue.words import CLOSED, ApprovalState, FieldName, IssueId, IssueKey, Payer, StatusRole
from adapter.rules.decide import decide
from adapter.rules.payer_choice import payer_choice
from adapter.rules.plan import Action, ClaimSetup, ReleaseSetup
from adapter.rules.setup import (
    SetupDecision,
    SetupTurn,
    decide_setup,
    setup_action,
    setup_sentences,
    setups_in_jira,
)
from adapter.rules.solution import SolutionFound, SolutionSource, solution_of
from adapter.rules.starts import work_began
from adapter.rules.view import orders_setup
from adapter.ticket.evidence import Memory, Says, SetupHolder
from adapter.ticket.snapshot import FieldChange, Person, Status, StatusChange, Ticket, Value
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    CREATED,
    OFFERED,
    STATUSES,
    STRANGER,
    a_setup,
    a_ticket,
    a_yes,
    attached,
    catalogue,
    changed,
    kombits_setup,
    moved,
    ready,
    row,
    said,
    sender,
    settings_of,
    with_solution,
)

REGISTER = {
    "x": Solution(navn="Fagsystem X", også_kaldet=("FagX",)),
    "x-barn": Solution(navn="Fagsystem X Barn"),
    "nexus": Solution(navn="KMD A/S Nexus"),
    "ab": Solution(navn="AB Data"),
    "ky": Solution(navn="Kommunernes Ydelsessystem", også_kaldet=("KY",)),
    "gammel": Solution(navn="Gammelt System", sat_op_før="Ballerup Kommune"),
}
ONE, TWO = IssueId("10001"), IssueId("10002")
SELF, OTHER = SetupHolder(issue=ONE, key=IssueKey("DUBU-1")), SetupHolder(issue=TWO, key=IssueKey("DUBU-2"))


def registered(**solutions: Solution) -> Catalogue:
    """The mapping with these solutions in its register, or with those of REGISTER."""
    known = catalogue()
    kept = SolutionsFile(løsninger=solutions or REGISTER, selskabsformer=known.solutions.suffixes)
    return replace(known, solutions=kept)


MAPPING = registered()


def ordering(field: Value = None, summary: str = "Adgang", description: str = "") -> Ticket:
    return a_ticket(category="K9", summary=summary, description=description, fields={FieldName.SOLUTION: field})


# Which solution -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["Fagsystem X", " fagsystem-x a / s ", "FAGX", "Fagsystem\u200b X ApS."])
def test_the_field_names_the_solution_however_it_is_written(written: str) -> None:
    assert solution_of(ordering(written), MAPPING) == SolutionFound(SolutionSource.FIELD, "x", "Fagsystem X")


def test_the_field_counts_before_the_words() -> None:
    assert solution_of(ordering("Fagsystem X", summary="KMD Nexus"), MAPPING).key == "x"


@pytest.mark.parametrize(
    ("written", "candidates"),
    [
        ("Fagsystm X", ("Fagsystem X", "Fagsystem X Barn")),
        ("Fagsystem X Voksen", ("Fagsystem X", "Fagsystem X Barn")),
        ("Fag X2", ("Fagsystem X",)),  # close to the alias FagX
        ("NEXUS", ("KMD A/S Nexus",)),
        ("Noget helt andet", ()),
        ("A/S", ()),
        ("?", ()),
        ("Fagsystem Х", ("Fagsystem X", "Fagsystem X Barn")),  # a Cyrillic letter
    ],
)
def test_a_name_that_is_only_close_is_proposed_and_never_taken(written: str, candidates: tuple[str, ...]) -> None:
    """R16: a wrong solution would give KOMBIT's money, or its refusal, to the wrong order; a person decides."""
    found = solution_of(ordering(written, summary="Fagsystem X"), MAPPING)
    assert found == SolutionFound(SolutionSource.UNKNOWN, written=written, candidates=candidates)


def test_no_more_than_four_are_proposed_best_first() -> None:
    many = {f"x{n}": Solution(navn=f"Fagsystem Nummer {n}") for n in range(6)}
    many["b"] = Solution(navn="Fagsystem Nummers")
    found = solution_of(ordering("Fagsystem Nummer"), registered(**many))
    assert len(found.candidates) == 4
    assert found.candidates[0] == "Fagsystem Nummer 0"


def test_a_long_text_in_the_field_is_no_name_and_is_cut() -> None:
    found = solution_of(ordering("Fagsystem X " + "x" * 40_000), MAPPING)
    assert found.source is SolutionSource.UNKNOWN
    assert len(found.written or "") == 255


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Adgang for Fagsystem X til test", "x"),
        ("vi skal bruge fagsystem-x.", "x"),
        ("FAGSYSTEMX A/S", "x"),
        ("Fagsystem\nX er klar", "x"),
        ("Fagsystem X Barn skal testes", "x-barn"),  # the longer name, not the shorter one within it
        ("KMD Nexus", "nexus"),
        ("KMD A/S Nexus", "nexus"),
        ("AB Data", "ab"),
        ("hos AB Data Danmark", "ab"),
        ("A/S Fagsystem X", "x"),
        ("Test af KY", "ky"),
        ("Fagsystem (X)", "x"),
        ("FagX og Fagsystem X", "x"),  # two names of one
    ],
)
def test_without_the_field_the_words_name_the_solution(text: str, key: str) -> None:
    name = REGISTER[key].name
    expected = SolutionFound(SolutionSource.WORDS, key, name)
    assert solution_of(ordering(summary=text), MAPPING) == expected
    assert solution_of(ordering(description=text), MAPPING) == expected
    assert solution_of(ordering("  ", summary=text), MAPPING) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Adgang til test",
        "Fagsystemer XL",
        "Fagsystem Xyz",
        "XFagsystem X2",
        "Vi har et fagsystem. X er en anden",  # not one name: a sentence ends between
        "- Fagsystem\n- X",  # a list
        "Fagsystem\n\nX",
        "Fagsystm X",  # only close
        "ky og kysystem",  # a short name is a word of prose too
        "Data",
        "A/S " * 200,
    ],
)
def test_words_that_name_no_solution_leave_it_missing(text: str) -> None:
    assert solution_of(ordering(summary=text), MAPPING) == SolutionFound(SolutionSource.MISSING)


@pytest.mark.parametrize(
    "text",
    [
        "Det er ikke Fagsystem X.",
        "Testadgang, men ikke længere for Fagsystem X",
        "Nyt System i stedet for Fagsystem X",
        "Vi skifter fra Fagsystem X til Nyt System",
        "fra vores Fagsystem X",
    ],
)
def test_a_solution_that_may_be_the_one_not_ordered_is_only_proposed(text: str) -> None:
    """R16: a mere mention takes no right; the field decides."""
    doubtful = SolutionFound(SolutionSource.DOUBTFUL, candidates=("Fagsystem X",))
    assert solution_of(ordering(summary=text), MAPPING) == doubtful
    assert solution_of(ordering(description=text), MAPPING) == doubtful
    assert solution_of(ordering("Fagsystem X", summary=text), MAPPING).key == "x"


@pytest.mark.parametrize(
    "text",
    [
        "Vi kan ikke logge ind. Fagsystem X skal testes",
        "Vi har ikke adgang med Fagsystem X",
        "Fra KMD Nexus til Fagsystem X",
        "Ikke Fagsystem X Barn, men Fagsystem X",
        "for Fagsystem X",
        "Skift fra Fagsystem X: adgang for Fagsystem X 2",
    ],
)
def test_a_solution_that_is_named_beside_what_is_not_ordered_is_found(text: str) -> None:
    assert solution_of(ordering(summary=text), MAPPING).key == "x"


def test_several_solutions_that_may_not_be_ordered_are_all_proposed() -> None:
    found = solution_of(ordering(summary="hverken fra Fagsystem X eller fra KMD Nexus"), MAPPING)
    assert found == SolutionFound(SolutionSource.AMBIGUOUS, candidates=("Fagsystem X", "KMD A/S Nexus"))


def test_several_solutions_in_the_words_are_ambiguous() -> None:
    found = solution_of(ordering(summary="Fagsystem X", description="eller KMD Nexus?"), MAPPING)
    assert found == SolutionFound(SolutionSource.AMBIGUOUS, candidates=("Fagsystem X", "KMD A/S Nexus"))
    overlapping = registered(a=Solution(navn="Alfa Beta"), b=Solution(navn="Beta Gamma"))
    assert solution_of(ordering(summary="Alfa Beta Gamma"), overlapping).source is SolutionSource.AMBIGUOUS


def test_a_name_within_a_longer_name_is_not_meant_but_one_beside_it_is() -> None:
    within = registered(long=Solution(navn="Alfa Beta"), short=Solution(navn="Beta"))
    assert solution_of(ordering(summary="Alfa Beta"), within).key == "long"
    assert solution_of(ordering(summary="Alfa Beta, Beta"), within).source is SolutionSource.AMBIGUOUS


def test_a_signature_or_quoted_mail_names_no_solution() -> None:
    mail = "Vi vil gerne i gang.\n\nVenlig hilsen\nKarl, KMD Nexus\n\nFra: a\nSendt: b\nEmne: Fagsystem X"
    assert solution_of(ordering(description=mail), MAPPING).source is SolutionSource.MISSING


def test_an_empty_register_knows_no_solution() -> None:
    empty = replace(MAPPING, solutions=SolutionsFile(løsninger={}, selskabsformer=("A/S",)))
    assert solution_of(ordering(summary="Fagsystem X"), empty).source is SolutionSource.MISSING
    unknown = SolutionFound(SolutionSource.UNKNOWN, written="Fagsystem X")
    assert solution_of(ordering("Fagsystem X"), empty) == unknown


@given(
    before=st.text(" ,.-\nabqæ", max_size=20),
    after=st.text(" ,.-\nabqæ", max_size=20),
    order=st.permutations(list(REGISTER)),
)
def test_the_order_of_the_register_and_the_text_around_make_no_difference(
    before: str, after: str, order: list[str]
) -> None:
    shuffled = registered(**{key: REGISTER[key] for key in order})
    for field in (None, "Fagsystem X"):
        ticket = ordering(field, summary=f"{before} Fagsystem X. {after}")
        assert solution_of(ticket, shuffled).key == "x"


@given(text=st.text(max_size=200), field=st.text(max_size=40))
def test_no_text_breaks_the_search(text: str, field: str) -> None:
    found = solution_of(ordering(field, summary=text, description=text), MAPPING)
    assert (found.key is None) == (found.name is None) == (found.source not in {"løsning_fra_felt", "løsning_fra_ord"})


# Whose setup --------------------------------------------------------------------------------------------------------

X = SolutionFound(SolutionSource.FIELD, "x", "Fagsystem X")
OLD = SolutionFound(SolutionSource.FIELD, "gammel", "Gammelt System")
UNKNOWN = SolutionFound(SolutionSource.UNKNOWN, written="Noget", candidates=("Fagsystem X",))


def decided(ticket: Ticket, memory: Memory, found: SolutionFound = X) -> SetupDecision:
    return decide_setup(ticket, MAPPING, found, memory)


def done_about(
    ticket: Ticket, memory: Memory, found: SolutionFound = X, refused: bool = False
) -> ClaimSetup | ReleaseSetup | None:
    choice = payer_choice(ticket, MAPPING, None)
    return setup_action(ticket, MAPPING, decided(ticket, memory, found), memory, choice=choice, refused=refused)


HOLDING = Memory(setup_holder=SELF, setups_held=frozenset({"x"}))
FREE = Memory()
TAKEN = Memory(setup_holder=OTHER)
ORDER = a_ticket(category="K9", fields={FieldName.SOLUTION: "Fagsystem X"})


def paid_by(payer: Payer, **known: object) -> Ticket:
    label = catalogue().label(FieldName.PAYER, payer)
    return a_ticket(category="K9", fields={FieldName.SOLUTION: "Fagsystem X", FieldName.PAYER: label}, **known)


def test_the_first_order_of_a_solution_is_to_have_the_right() -> None:
    """R16: KOMBIT pays one setup a solution."""
    assert decided(ORDER, FREE) == SetupDecision(SetupTurn.FIRST, "x")
    assert done_about(ORDER, FREE) == ClaimSetup("x")


def test_the_order_that_has_the_right_keeps_it() -> None:
    assert decided(ORDER, HOLDING) == SetupDecision(SetupTurn.HELD, "x", SELF)
    assert done_about(ORDER, HOLDING) is None


def test_a_later_order_takes_nothing() -> None:
    """R16: solution X with another municipality is paid by that one."""
    assert decided(ORDER, TAKEN) == SetupDecision(SetupTurn.LATER, "x", OTHER)
    assert done_about(ORDER, TAKEN) is None


def test_a_setup_before_the_adapter_counts_as_the_first() -> None:
    assert decided(ORDER, FREE, OLD) == SetupDecision(SetupTurn.LATER, "gammel", None, "Ballerup Kommune")
    assert done_about(ORDER, FREE, OLD) is None
    held = Memory(setup_holder=OTHER)
    assert decided(ORDER, held, OLD) == SetupDecision(SetupTurn.LATER, "gammel", OTHER, "Ballerup Kommune")


@pytest.mark.parametrize("source", [SolutionSource.UNKNOWN, SolutionSource.MISSING, SolutionSource.AMBIGUOUS])
def test_a_solution_in_doubt_takes_no_right_and_gives_none_back(source: SolutionSource) -> None:
    found = SolutionFound(source)
    assert decided(ORDER, FREE, found) == SetupDecision(SetupTurn.UNKNOWN)
    assert done_about(ORDER, FREE, found) is None
    assert done_about(ORDER, HOLDING, found) is None


@pytest.mark.parametrize("payer", [Payer.MUNICIPALITY, Payer.THIRD_PARTY])
def test_a_person_who_says_that_another_pays_frees_the_right(payer: Payer) -> None:
    """R16: a person can override."""
    assert done_about(paid_by(payer), FREE) is None
    assert done_about(paid_by(payer), HOLDING) == ReleaseSetup("x")


def test_a_person_who_says_that_kombit_pays_leaves_the_right_where_it_belongs() -> None:
    assert done_about(paid_by(Payer.KOMBIT), FREE) == ClaimSetup("x")
    assert done_about(paid_by(Payer.KOMBIT), HOLDING) is None
    assert done_about(paid_by(Payer.KOMBIT), TAKEN) is None


def test_while_a_person_finds_out_who_pays_the_right_neither_comes_nor_goes() -> None:
    assert done_about(paid_by(Payer.UNRESOLVED), FREE) is None
    assert done_about(paid_by(Payer.UNRESOLVED), HOLDING) is None


def test_a_payer_that_the_adapter_filled_in_is_no_persons_choice() -> None:
    label = catalogue().label(FieldName.PAYER, Payer.MUNICIPALITY)
    change = changed(FieldName.PAYER, None, label, CREATED, ADAPTER)
    assert done_about(paid_by(Payer.MUNICIPALITY, field_history=(change,)), FREE) == ClaimSetup("x")


def test_a_refused_order_takes_no_right_and_frees_the_one_it_has() -> None:
    """R16: a setup that was refused frees the right."""
    assert done_about(ORDER, FREE, refused=True) is None
    assert done_about(ORDER, HOLDING, refused=True) == ReleaseSetup("x")


@pytest.mark.parametrize("role", sorted(CLOSED))
def test_an_order_closed_before_work_began_frees_the_right(role: StatusRole) -> None:
    """R16: so does one that was cancelled."""
    closed = replace(ORDER, status=Status("9", "Lukket", role))
    assert done_about(closed, FREE) is None
    assert done_about(closed, HOLDING) == ReleaseSetup("x")


def test_an_order_of_another_solution_frees_the_first_before_it_takes_the_other() -> None:
    other = SolutionFound(SolutionSource.FIELD, "nexus", "KMD A/S Nexus")
    still = Memory(setups_held=frozenset({"x", "ky"}))
    assert done_about(ORDER, still, other) == ReleaseSetup("ky")
    assert done_about(ORDER, Memory(setups_held=frozenset({"x"})), other) == ReleaseSetup("x")
    assert done_about(ORDER, FREE, other) == ClaimSetup("nexus")


def test_a_ticket_of_another_category_frees_the_right() -> None:
    assert setup_action(ORDER, MAPPING, None, HOLDING, choice=None, refused=False) == ReleaseSetup("x")
    assert setup_action(ORDER, MAPPING, None, FREE, choice=None, refused=False) is None


def test_a_setup_that_turns_out_to_be_older_than_the_adapter_frees_the_right_before_work_began_only() -> None:
    self_holding = Memory(setup_holder=SELF, setups_held=frozenset({"gammel"}))
    assert decided(ORDER, self_holding, OLD) == SetupDecision(SetupTurn.LATER, "gammel", None, "Ballerup Kommune")
    assert done_about(ORDER, self_holding, OLD) == ReleaseSetup("gammel")
    begun = replace(ORDER, history=APPROVED_START)
    assert decided(begun, self_holding, OLD) == SetupDecision(SetupTurn.HELD, "gammel", SELF, "Ballerup Kommune")
    assert done_about(begun, self_holding, OLD) is None


def by_the_whole_decision(ticket: Ticket, memory: Memory) -> tuple[list[Action], Value]:
    """What is done about the right, and what is written into the payer's field."""
    plan = decide(ticket, with_solution(), memory, CREATED + timedelta(days=1))
    setups: list[Action] = [replace(a, evidence=()) for a in plan.actions if isinstance(a, ClaimSetup | ReleaseSetup)]
    return setups, settings_of(plan).get(FieldName.PAYER)


def test_a_persons_word_that_the_orderer_pays_frees_the_right_though_nobody_knows_who_that_is() -> None:
    """R16."""
    word = said("#dubu opsætning betaler fordi de selv vil betale", public=False)
    order = ready("K9", reporter=STRANGER, comments=(word,))
    assert by_the_whole_decision(order, HOLDING) == ([ReleaseSetup("x")], "Afklares")
    waiting = moved("Ny", "Afventer Kunde", CREATED + timedelta(minutes=1), ADAPTER)
    paid = changed(FieldName.PAYER, None, "KOMBIT", CREATED, ADAPTER)
    offered = replace(
        order, fields={**order.fields, FieldName.PAYER: "KOMBIT"}, field_history=(paid,), history=(waiting,)
    )
    assert by_the_whole_decision(offered, HOLDING) == ([ReleaseSetup("x")], "Afklares")


def test_the_newest_word_is_what_the_field_says_afterwards_and_gives_the_right_back_or_takes_it() -> None:
    """R16: a person's choice is overwritten by a newer one of a person, and by nothing else."""
    kombit = said("#dubu opsætning kombit fordi det er aftalt", when=CREATED + timedelta(minutes=5), public=False)
    betaler = replace(kombit, body="#dubu opsætning betaler fordi det er aftalt")
    for label, word, action, written in (
        ("KOMBIT", betaler, [ReleaseSetup("x")], "Kommune"),
        ("Kommune", betaler, [ReleaseSetup("x")], None),
        ("Kommune", kombit, [], "KOMBIT"),
    ):
        order = ready("K9", fields={FieldName.PAYER: label}, comments=(word,))
        assert by_the_whole_decision(order, HOLDING) == (action, written)
    newer = changed(FieldName.PAYER, "KOMBIT", "Kommune", kombit.created + timedelta(minutes=1))
    order = ready("K9", fields={FieldName.PAYER: "Kommune"}, comments=(kombit,), field_history=(newer,))
    assert by_the_whole_decision(order, HOLDING) == ([ReleaseSetup("x")], None)


def test_a_disagreement_on_top_of_kombits_no_does_not_take_the_right_back() -> None:
    """R14, R16: only a decision or a yes undoes a no."""
    no = a_yes(says=Says.NO, no_words=("nej",), yes_words=(), senders=(sender("kirsten@kombit.example"),))
    files = (attached("1", "tilbud.eml", OFFERED), attached("2", "svar.eml", APPROVED))
    memory = kombits_setup(a2=no).model_copy(update={"setup_holder": None, "setups_held": frozenset()})
    later = APPROVED + timedelta(minutes=5)
    quarrel = said("#dubu uenighed fordi KOMBIT ikke vil betale", when=later, public=False)
    settled = said(
        "#dubu uenighed løst fordi KOMBIT alligevel betaler", when=later + timedelta(minutes=5), public=False
    )
    refused = a_setup(attachments=files)
    disputed = replace(refused, comments=(quarrel,))
    moved_there = replace(
        refused, status=STATUSES["Uenighed"], history=(*refused.history, moved("Afventer Kunde", "Uenighed", later))
    )
    for ticket in (refused, disputed, moved_there):
        assert by_the_whole_decision(ticket, memory)[0] == []
    assert by_the_whole_decision(replace(refused, comments=(quarrel, settled)), memory)[0] == [ClaimSetup("x")]


@pytest.mark.parametrize(("category", "orders"), [("K9", True), ("K6", False), (None, False)])
def test_only_a_ticket_of_sf1475_orders_a_setup(category: str | None, orders: bool) -> None:
    assert orders_setup(a_ticket(category=category, summary="hjælp"), MAPPING) is orders


# When work began ----------------------------------------------------------------------------------------------------


def after(minutes: float, before: str, to: str, by: Person = AGENT) -> StatusChange:
    return moved(before, to, CREATED + timedelta(minutes=minutes), by)


APPROVED_START = (after(1, "Ny", "Godkendt", ADAPTER), after(2, "Godkendt", "I gang"))
PUT_BACK = (after(1, "Ny", "I gang"), after(2, "I gang", "Ny", ADAPTER))
PRODUCTION = Status("8", "I produktion", StatusRole.PRODUCTION)


@pytest.mark.parametrize(
    ("history", "began"),
    [
        ((), False),
        ((after(1, "Ny", "Afventer Kunde", ADAPTER),), False),
        ((after(1, "Ny", "Løst"),), False),
        ((after(1, "Ny", "I gang"),), True),  # it stands: if it is put back, the next look will know
        (PUT_BACK, False),
        ((after(1, "Ny", "I gang"), after(2, "I gang", "Ny")), True),  # a person took it back: worked on meanwhile
        ((after(1, "Ny", "I gang"), after(2, "I gang", "Løst")), True),
        ((after(0, "Ny", "I gang"), after(60 * 24 + 1, "I gang", "Ny", ADAPTER)), True),  # a day is no oversight
        ((*PUT_BACK, after(3, "Ny", "I gang"), after(4, "I gang", "Ny", ADAPTER)), False),
        (APPROVED_START, True),
        ((*APPROVED_START, after(3, "I gang", "Ny", ADAPTER)), True),  # R12: approved once, lapsed at once
        ((after(0, "Ny", "Godkendt", ADAPTER), after(0.5, "Godkendt", "Ny", ADAPTER), *PUT_BACK), False),
        ((after(1, "Ny", "Godkendt"), after(2, "Godkendt", "I gang"), after(3, "I gang", "Ny", ADAPTER)), False),
        ((after(1, "Ny", "Godkendt", ADAPTER), after(2, "Godkendt", "Løst")), True),
        ((after(1, "Ny", "Godkendt"), after(2, "Godkendt", "Løst")), False),  # nobody approved it
        ((after(1, "Ny", "Godkendt", ADAPTER), after(2, "Godkendt", "Afventer Kunde")), False),
        (
            (
                after(1, "Ny", "I gang"),
                StatusChange(CREATED + timedelta(minutes=2), AGENT, STATUSES["I gang"], PRODUCTION),
                StatusChange(CREATED + timedelta(minutes=3), ADAPTER, PRODUCTION, STATUSES["Ny"]),
            ),
            False,
        ),
        ((StatusChange(CREATED, AGENT, STATUSES["Ny"], PRODUCTION),), True),
    ],
)
def test_work_began_with_a_start_that_was_not_put_back_at_once(history: tuple[StatusChange, ...], began: bool) -> None:
    assert (work_began(replace(ORDER, history=history), MAPPING) is not None) is began


@pytest.mark.parametrize("refused", [True, False])
@pytest.mark.parametrize("status", ["I gang", "Løst", "Ny"])
def test_once_work_began_nothing_frees_the_right(status: str, refused: bool) -> None:
    """R16: what was begun is paid for; a second setup would be KOMBIT's second."""
    for ticket in (ORDER, paid_by(Payer.MUNICIPALITY)):
        begun = replace(ticket, history=APPROVED_START, status=STATUSES[status])
        other = SolutionFound(SolutionSource.FIELD, "nexus", "KMD A/S Nexus")
        assert done_about(begun, HOLDING, refused=refused) is None
        assert not isinstance(done_about(begun, HOLDING, other, refused=refused), ReleaseSetup)
        assert setup_action(begun, MAPPING, None, HOLDING, choice=None, refused=refused) is None


def test_an_early_start_that_was_put_back_keeps_no_right() -> None:
    """R10, R16."""
    assert done_about(replace(ORDER, history=PUT_BACK), HOLDING, refused=True) == ReleaseSetup("x")


# What Jira remembers ------------------------------------------------------------------------------------------------


def paid(*payers: tuple[float, str], field_history: Iterable[FieldChange] = (), **known: object) -> Ticket:
    """An order whose payer the adapter wrote so, by minutes after it was made."""
    shown = [changed(FieldName.PAYER, None, label, CREATED + timedelta(minutes=m), ADAPTER) for m, label in payers]
    fields = {FieldName.SOLUTION: "Fagsystem X", FieldName.PAYER: payers[-1][1]}
    return a_ticket(category="K9", fields=fields, field_history=(*shown, *field_history), **known)


SINCE = {"x": CREATED}


@pytest.mark.parametrize(
    ("payers", "known", "has_right"),
    [
        (("KOMBIT",), {}, True),
        (("Kommune",), {}, False),
        (("KOMBIT", "Kommune"), {}, False),
        (("Kommune",), {"history": APPROVED_START, "status": "Løst"}, False),
        (("KOMBIT", "Afklares"), {}, True),  # a person is finding out: what is held is not let go
        (("Afklares",), {}, False),
        (("KOMBIT",), {"status": "Annulleret"}, False),
        (("KOMBIT",), {"history": APPROVED_START, "status": "Løst"}, True),
        (("KOMBIT", "Kommune"), {"history": APPROVED_START, "status": "Løst"}, True),
        (("KOMBIT", "Afklares"), {"history": APPROVED_START, "status": "Løst"}, True),
        (("KOMBIT",), {"history": PUT_BACK, "status": "Annulleret"}, False),
    ],
)
def test_what_jira_tells_of_a_right_is_what_a_database_would_have_held(
    payers: tuple[str, ...], known: dict[str, Any], has_right: bool
) -> None:
    """R16: KOMBIT pays no second setup because a database was lost; what was begun at its cost is paid."""
    times = (0, *range(10, 100, 10))
    ticket = paid(*zip(times, payers, strict=False), **known)
    assert setups_in_jira(ticket, MAPPING) == (SINCE if has_right else {})


def test_a_setup_that_became_kombits_while_it_was_worked_on_is_kombits_since_then() -> None:
    ticket = paid((0, "Kommune"), (10, "KOMBIT"), history=APPROVED_START, status="Løst")
    assert setups_in_jira(ticket, MAPPING) == {"x": CREATED + timedelta(minutes=10)}


def test_what_was_begun_at_kombits_cost_is_the_solution_of_then_and_one_that_is_open_is_that_of_now() -> None:
    renamed = changed(FieldName.SOLUTION, "Fagsystem X", "KMD Nexus", CREATED + timedelta(minutes=30))
    begun = replace(
        paid((0, "KOMBIT"), history=APPROVED_START, status="Løst"),
        field_history=(changed(FieldName.PAYER, None, "KOMBIT", CREATED, ADAPTER), renamed),
    )
    begun = replace(begun, fields={**begun.fields, FieldName.SOLUTION: "KMD Nexus"})
    assert setups_in_jira(begun, MAPPING) == SINCE
    assert setups_in_jira(replace(begun, status=STATUSES["I gang"]), MAPPING) == {**SINCE, "nexus": CREATED}


@pytest.mark.parametrize(
    ("states", "has_right"),
    [
        ((ApprovalState.REFUSED,), False),
        ((ApprovalState.REFUSED, ApprovalState.DISAGREEMENT), False),
        ((ApprovalState.REFUSED, ApprovalState.AWAITING), True),
        ((ApprovalState.AWAITING, ApprovalState.DISAGREEMENT), True),
    ],
)
def test_a_refusal_that_the_ticket_showed_freed_the_right_until_it_was_undone(
    states: tuple[ApprovalState, ...], has_right: bool
) -> None:
    """R14, R16."""
    labels = [MAPPING.label(FieldName.APPROVAL, state) for state in states]
    history = [changed(FieldName.APPROVAL, None, label, CREATED, ADAPTER) for label in labels]
    assert (setups_in_jira(paid((0, "KOMBIT"), field_history=history), MAPPING) == SINCE) is has_right


def test_only_what_orders_setups_holds_a_right_and_what_is_in_doubt_keeps_it() -> None:
    ticket = paid((0, "KOMBIT"))
    triage = MAPPING.services.triage_name
    for category, has_right in ((row("K6"), False), (MAPPING.services.outside_name, False), (triage, True)):
        other = replace(ticket, fields={**ticket.fields, FieldName.CATEGORY: category})
        assert (setups_in_jira(other, MAPPING) == SINCE) is has_right
    unknown = replace(ticket, fields={**ticket.fields, FieldName.SOLUTION: "Noget"})
    assert setups_in_jira(unknown, MAPPING) == {}


# What the ticket says -----------------------------------------------------------------------------------------------


def told(ticket: Ticket, memory: Memory, found: SolutionFound = X, refused: bool = False) -> list[str]:
    decision, choice = decided(ticket, memory, found), payer_choice(ticket, MAPPING, None)
    sentences = setup_sentences(ticket, MAPPING, found, decision, choice=choice, refused=refused)
    for code, names in sentences:
        assert set(names) == set(SENTENCES[code])
    return [MAPPING.texts.say(code, **names) for code, names in sentences]


def test_the_ticket_says_who_pays_and_names_the_earlier_ticket() -> None:
    """R16, R17."""
    first, held, later = told(ORDER, FREE), told(ORDER, HOLDING), told(ORDER, TAKEN)
    assert "den første" in first[1]
    assert "denne sag" in held[1]
    assert "DUBU-2" in later[1]
    assert "3. part" in later[1]
    assert all("Fagsystem X" in line for line in (*first, *held, *later))


def test_the_ticket_says_where_it_was_set_up_before() -> None:
    assert "Ballerup Kommune" in told(ORDER, FREE, OLD)[1]


def test_the_ticket_says_what_to_do_about_an_unknown_solution() -> None:
    (line,) = told(ORDER, FREE, UNKNOWN)
    assert "“Noget”" in line
    assert "måske er det Fagsystem X" in line
    (line,) = told(ORDER, FREE, SolutionFound(SolutionSource.UNKNOWN, written="Noget"))
    assert "måske" not in line
    (line,) = told(ORDER, FREE, SolutionFound(SolutionSource.AMBIGUOUS, candidates=("Fagsystem X", "AB Data")))
    assert "Fagsystem X, AB Data" in line
    (line,) = told(ORDER, FREE, SolutionFound(SolutionSource.MISSING))
    assert "feltet Løsning" in line


@pytest.mark.parametrize("memory", [FREE, HOLDING])
def test_the_ticket_says_that_it_gives_the_right_back_before_and_after_it_does(memory: Memory) -> None:
    """So that the comment need not be written twice."""
    closed = replace(ORDER, status=STATUSES["Løst"])
    for line in (told(ORDER, memory, refused=True)[1], told(closed, memory)[1]):
        assert "har ikke retten" in line


def test_the_ticket_that_began_work_goes_on_saying_that_kombit_pays() -> None:
    begun = replace(ORDER, history=APPROVED_START, status=STATUSES["Løst"])
    assert "denne sag" in told(begun, HOLDING, refused=True)[1]


# All together -------------------------------------------------------------------------------------------------------

EVENTS = ("refuse", "accept", "cancel", "reopen", "start", "early", "other", "same", "doubt", "municipality", "nobody")


class Order:
    """One ticket's life, as far as the right to a setup depends on it."""

    def __init__(self, number: int) -> None:
        self.refused = False
        self.ticket = replace(ORDER, id=IssueId(str(number)), key=IssueKey(f"DUBU-{number}"))

    def _moves(self, *changes: tuple[str, Person]) -> None:
        history = list(self.ticket.history)
        for to, by in changes:
            history.append(after(len(history), self.ticket.status.name, to, by))
            self.ticket = replace(self.ticket, status=STATUSES[to], history=tuple(history))

    def _says(self, field: FieldName, value: Value) -> None:
        self.ticket = replace(self.ticket, fields={**self.ticket.fields, field: value})

    def meets(self, event: str) -> None:
        match event:
            case "refuse" | "accept":
                self.refused = event == "refuse"
            case "cancel":
                self._moves(("Løst", AGENT))
            case "reopen":
                self._moves(("Ny", AGENT))
            case "start":
                self._moves(("Godkendt", ADAPTER), ("I gang", AGENT))
            case "early":
                self._moves(("Ny", AGENT), ("I gang", AGENT), ("Ny", ADAPTER))
            case "other" | "same" | "doubt":
                names = {"other": "KMD Nexus", "same": "Fagsystem X", "doubt": "Fagsystm X"}
                self._says(FieldName.SOLUTION, names[event])
            case _:
                payer = catalogue().label(FieldName.PAYER, Payer.MUNICIPALITY) if event == "municipality" else None
                self._says(FieldName.PAYER, payer)

    @property
    def is_waiting(self) -> bool:
        """Whether this order should have a right if one is free."""
        is_alive = self.ticket.status.role not in CLOSED and not self.refused
        return is_alive and self.ticket.fields.get(FieldName.PAYER) is None


@settings(max_examples=150, deadline=None)
@given(
    life=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(EVENTS)), max_size=25),
    order=st.permutations([0, 1, 2]),
)
def test_however_orders_live_the_right_comes_to_rest_with_one_that_may_have_it(
    life: list[tuple[int, str]], order: list[int]
) -> None:
    """R16: one holder, never taken from work that began, never with one that may not have it while another waits."""
    orders, rights = [Order(number) for number in range(3)], dict[str, Order]()

    def look(one: Order) -> bool:
        found = solution_of(one.ticket, MAPPING)
        holder = rights.get(found.key or "")
        held = frozenset(key for key, owner in rights.items() if owner is one)
        known = SetupHolder(issue=holder.ticket.id, key=holder.ticket.key) if holder else None
        memory = Memory(setup_holder=known, setups_held=held)
        decision = decide_setup(one.ticket, MAPPING, found, memory)
        choice = payer_choice(one.ticket, MAPPING, None)
        match setup_action(one.ticket, MAPPING, decision, memory, choice=choice, refused=one.refused):
            case ClaimSetup(solution):
                assert solution not in rights
                rights[solution] = one
            case ReleaseSetup(solution):
                assert rights.pop(solution) is one
                assert work_began(one.ticket, MAPPING) is None
            case None:
                return False
        return True

    for number, event in [*life, (0, "same")]:
        orders[number].meets(event)
        for _ in range(20):
            if not sum(look(orders[number]) for number in order):
                break
        else:
            raise AssertionError("the right never comes to rest")
        for one in orders:
            key = solution_of(one.ticket, MAPPING).key
            assert key is None or key in rights or not one.is_waiting, "a free right that nobody takes"
        for key, owner in rights.items():
            named = solution_of(owner.ticket, MAPPING).key
            assert work_began(owner.ticket, MAPPING) or (owner.is_waiting and named in {key, None})
