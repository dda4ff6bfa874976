"""What keeps an offer from being sent, when the adapter sends it, and to whom (R7, R8, R13, R17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName
from adapter.post.compose import compose
from adapter.rules.decide import decide
from adapter.rules.offer import Offering
from adapter.rules.plan import SendLetter
from adapter.rules.view import view_of
from adapter.ticket.evidence import Dispatch, Memory
from adapter.ticket.snapshot import Ticket
from tests.builders import (
    ADAPTER,
    AGENT,
    AUTOMATION,
    CUSTOMER,
    HOLDER,
    KOMBITS,
    LATER_SETUP,
    NOW,
    STRANGER,
    a_ticket,
    asked,
    attached,
    catalogue,
    comment_of,
    letters_of,
    of_solution,
    ready,
    said,
    sending,
    settings_of,
    with_solution,
)

ASKED = NOW + timedelta(minutes=2)
LATER = NOW + timedelta(minutes=5)
KOMBITS_SETUP = Memory(setup_holder=HOLDER, setups_held=frozenset({"x"}))
DISPATCH = "Tilbud-20261123T080700000"


def offering(ticket: Ticket, known: Catalogue | None = None, memory: Memory | None = None) -> Offering:
    decided = view_of(ticket, known or catalogue(), memory or Memory(), LATER).decided
    assert decided is not None
    return decided.offering


def lacks(ticket: Ticket, known: Catalogue | None = None) -> set[str]:
    found = offering(ticket, known)
    assert not (found.missing and found.drafts)
    return {code for code, _ in found.missing}


def sent(ticket: Ticket, known: Catalogue | None = None, memory: Memory | None = None) -> list[SendLetter]:
    return letters_of(decide(ticket, known or sending(), memory or Memory(), LATER))


# What it lacks


@pytest.mark.parametrize(
    ("ticket", "missing", "told"),
    [
        (
            ready(fields={FieldName.PRICE_NOTICE_BY: None}),
            "mangler_prisvarsel",
            "udfyld feltet Prisvarsel senest. (R7)",
        ),
        (
            ready(fields={FieldName.PRICE_NOTICE_BY: date(2026, 11, 22)}),
            "prisvarsel_passeret",
            "er passeret; skriv en ny",
        ),
        (ready("K2", fields={FieldName.OFFERED_PRICE: None}), "mangler_pris_i_tilbud", "udfyld feltet Tilbudt pris"),
        (ready("K2", fields={FieldName.OFFERED_HOURS: None}), "mangler_timer_i_tilbud", "udfyld feltet Tilbudte timer"),
        (ready("K2", fields={FieldName.OFFERED_HOURS: Decimal(0)}), "mangler_timer_i_tilbud", "feltet Tilbudte timer"),
        (ready("K8", fields={FieldName.OFFERED_HOURS: Decimal("1E+30")}), "mangler_timer_i_tilbud", "Tilbudte timer"),
        (ready("K2", fields={FieldName.OFFERED_PRICE: Decimal("0.001")}), "mangler_pris_i_tilbud", "Tilbudt pris"),
        (ready(fields={FieldName.OFFER_TO: "chef@elsewhere.example"}), "mangler_modtager", "mangler en modtager"),
        (ready(fields={FieldName.PAYING_PARTY: "Gotham"}), "mangler_part", "Skriv feltet Betalende part"),
    ],
)
def test_a_missing_piece_is_named_on_the_ticket_and_nothing_is_sent(ticket: Ticket, missing: str, told: str) -> None:
    """R7, R8."""
    ticket = asked(ticket)
    assert missing in lacks(ticket, sending())
    assert sent(ticket) == []
    assert told in comment_of(decide(ticket, sending(), Memory(), LATER))


def over_the_cap(hours_used: int) -> Ticket:
    """A later setup for which forty hours are written down."""
    fields = {FieldName.OFFERED_HOURS: Decimal(40), FieldName.OFFERED_PRICE: None}
    return ready("K9", fields=fields, seconds_spent=hours_used * 3600)


def test_no_more_hours_than_the_cap_are_offered_before_it_is_near() -> None:
    """R19: at the warning one may ask for more; a first offer above the cap is a slip or no later setup."""
    early = offering(over_the_cap(0), with_solution(), LATER_SETUP)
    cap = {"timer": "40", "loft": "30", "felt": "Tilbudte timer"}
    assert (early.missing, early.drafts) == ((("tilbud_over_loft", cap),), ())
    assert sent(asked(over_the_cap(23)), memory=LATER_SETUP) == []
    assert sent(asked(over_the_cap(24)), memory=LATER_SETUP)
    assert offering(over_the_cap(0), with_solution(), KOMBITS_SETUP).drafts  # KOMBIT's one setup has no cap


def test_an_offer_is_no_dearer_than_its_hours_at_the_catalogues_rate() -> None:
    """R4, R7: ten hours at a rate, "i alt højst" twice as much, says two things."""
    dear = ready("K8", fields={FieldName.OFFERED_HOURS: Decimal(10), FieldName.OFFERED_PRICE: Decimal("9389.81")})
    assert lacks(dear) == {"tilbud_over_timepris"}
    assert "9.389,81 kr., er højere end 10 timer à 938,98 kr. (9.389,80 kr.)" in comment_of(
        decide(dear, catalogue(), Memory(), LATER)
    )
    cheap = ready("K8", fields={FieldName.OFFERED_HOURS: Decimal(10), FieldName.OFFERED_PRICE: Decimal(9000)})
    assert not lacks(cheap)


def test_all_that_is_missing_is_named_at_once() -> None:
    """R7, R17."""
    bare = a_ticket(category="K9", fields={FieldName.SOLUTION: "Fagsystem X"})
    text = comment_of(decide(bare, with_solution(), KOMBITS_SETUP, LATER))
    for field in ("Tilbudte timer", "Tilbudt pris", "Prisvarsel senest", "Kan udføres"):
        assert f"udfyld feltet {field}" in text


def test_the_day_itself_is_not_too_late_to_offer() -> None:
    assert lacks(ready(fields={FieldName.PRICE_NOTICE_BY: NOW.date()})) == set()


@pytest.mark.parametrize("answer", ["Kommunen selv", "", "Ved ikke"])
def test_what_is_not_payable_is_not_offered_though_somebody_asks_for_it(answer: str) -> None:
    """K1: where the municipality creates, it is ordinary support; until it is answered, nobody knows."""
    ticket = asked(ready("K1", form_answers={"Hvem opretter": answer}))
    assert sent(ticket) == []
    assert len(sent(asked(ready("K1", form_answers={"Hvem opretter": "Leverandøren"})))) == 1


@pytest.mark.parametrize(("answer", "letters"), [("Ukendt", 0), ("Leverandøren", 0), ("Kommunen", 1)])
def test_only_the_municipalitys_own_error_is_offered(answer: str, letters: int) -> None:
    """K3."""
    assert len(sent(asked(ready("K3", form_answers={"Hvem lavede fejlen": answer})))) == letters


def test_kombit_is_not_asked_to_pay_anothers_setup_before_there_is_a_reason() -> None:
    """R16."""
    fields = {FieldName.PAYER: "KOMBIT", FieldName.OFFER_TO: KOMBITS.email}
    ticket = asked(ready("K9", fields=fields))
    assert sent(ticket, memory=LATER_SETUP) == []
    reason = said("#dubu opsætning kombit fordi den første aldrig kom i drift", AGENT, ASKED, public=False)
    (action, _) = sent(replace(ticket, comments=(reason,)), memory=LATER_SETUP)
    assert action.letter.to == (KOMBITS.email,)


@pytest.mark.parametrize("words", ["Godkendt A/S", "I må gå i gang", "Accepteret"])
def test_an_offer_that_would_say_yes_in_the_tickets_own_words_is_not_sent_and_the_ticket_says_why(words: str) -> None:
    """R7: an answer quotes it."""
    ticket = asked(of_solution(words))
    assert lacks(ticket, sending()) == {"tilbud_siger_ja"}
    assert sent(ticket) == []
    assert "som tæller som godkendelse" in comment_of(decide(ticket, sending(), Memory(), LATER))
    assert len(sent(asked(of_solution("Fagsystem Y")))) == 2


# When it is sent, and to whom


def test_nothing_is_sent_before_somebody_of_the_desk_asks_for_it() -> None:
    """R7, R8."""
    assert sent(ready()) == []
    assert "vælg “Send nu” i feltet Send tilbud" in comment_of(decide(ready(), sending(), Memory(), LATER))
    for nobody in (CUSTOMER, STRANGER, AUTOMATION, ADAPTER, KOMBITS):
        assert sent(asked(ready(), nobody)) == []


def test_at_creation_only_the_desk_can_ask() -> None:
    born = {FieldName.OFFER_DISPATCH: "Send nu"}
    assert sent(ready(fields=born)) == []
    assert len(sent(ready(fields=born, creator=AGENT))) == 1
    assert sent(ready(fields=born, creator=None)) == []


def test_where_the_desk_sends_itself_the_adapter_never_does_and_says_so() -> None:
    """R8: the setting."""
    ticket = asked(ready())
    assert sent(ticket, catalogue()) == []
    assert "Adapteren sender ikke selv tilbud her" in comment_of(decide(ticket, catalogue(), Memory(), LATER))


def test_the_same_asking_is_one_mail_and_another_asking_is_another() -> None:
    """R13: a new offer is asked for anew."""
    (first,) = sent(asked(ready()))
    (same,) = sent(asked(ready()), memory=Memory())
    (again,) = sent(asked(ready(), when=ASKED + timedelta(minutes=1)))
    assert (first.dispatch, first.rule) == (DISPATCH, "R7")
    assert compose(first.letter) == compose(same.letter)
    assert again.dispatch != first.dispatch
    assert again.letter.message_id != first.letter.message_id


@pytest.mark.parametrize("state", list(Dispatch))
def test_a_letter_that_may_have_gone_out_is_never_written_again_and_the_field_says_so(state: Dispatch) -> None:
    """R7, R8."""
    plan = decide(asked(ready()), sending(), Memory(dispatches={DISPATCH: state}), LATER)
    assert letters_of(plan) == []
    assert settings_of(plan)[FieldName.OFFER_DISPATCH] == "Sendt"


def test_with_a_new_database_the_file_on_the_ticket_shows_that_it_was_sent() -> None:
    file = attached("1", f"{DISPATCH}.eml", ASKED, ADAPTER)
    assert sent(replace(asked(ready()), attachments=(file,))) == []
    forged = replace(file, author=CUSTOMER)
    assert len(sent(replace(asked(ready()), attachments=(forged,)))) == 1


def test_kombit_and_the_orderer_each_get_their_own_letter() -> None:
    """R17, R18: the answer is marked so that no program answers it."""
    ticket = asked(ready("K9", fields={FieldName.OFFER_TO: KOMBITS.email}))
    offer, answer = sent(ticket, memory=KOMBITS_SETUP)
    assert (offer.letter.to, offer.rule, offer.letter.automatic) == ((KOMBITS.email,), "R7", False)
    assert (answer.letter.to, answer.rule, answer.letter.automatic) == ((CUSTOMER.email,), "R17", True)
    hidden = replace(ticket, reporter=replace(CUSTOMER, email=None), organisations=("Ballerup Kommune",))
    assert [action.rule for action in sent(hidden, memory=KOMBITS_SETUP)] == ["R7"]


ADDRESSES = [
    ("chef@ballerup.example", True),
    ("[chef@ballerup.example", False),
    ("chef@ballerup.example.", False),
    ("søren@ballerup.example", False),
    (" chef@ballerup.example ", True),
    ("chef@elsewhere.example", False),
    ("chef@ballerup.example, x@elsewhere.example", False),
    ("x@elsewhere.example,chef@ballerup.example", False),
    ("x\r\nBcc:y@ballerup.example", False),
    ("chef@ballerup.example@elsewhere.example", False),
    ("Chef <chef@ballerup.example>", False),
    ("chef@ballerup.example\r\nBcc: x@elsewhere.example", False),
    ("chef", False),
]


@pytest.mark.parametrize(("written", "is_theirs"), ADDRESSES)
def test_an_offer_goes_to_an_address_of_the_payers_or_to_nobody(written: str, is_theirs: bool) -> None:
    """R8: an offer to anybody else is no offer."""
    letters = sent(asked(ready(fields={FieldName.OFFER_TO: written})))
    assert [action.letter.to for action in letters] == ([("chef@ballerup.example",)] if is_theirs else [])


def with_contacts(*contacts: str) -> Catalogue:
    known = sending()
    towns = dict(known.parties.municipalities)
    towns["0151"] = towns["0151"].model_copy(update={"contacts": contacts})
    return replace(known, parties=known.parties.model_copy(update={"municipalities": towns}))


def test_without_an_address_in_the_field_it_goes_to_the_orderer_if_they_pay_else_to_the_only_contact() -> None:
    assert [action.letter.to for action in sent(asked(ready()))] == [(CUSTOMER.email,)]
    others = asked(ready(reporter=STRANGER, organisations=("Ballerup Kommune",)))
    assert sent(others) == []
    one, two = with_contacts("a@it.example"), with_contacts("a@it.example", "b@it.example")
    assert [action.letter.to for action in sent(others, one)] == [("a@it.example",)]
    assert sent(others, two) == []
    nobody = asked(ready(reporter=None, organisations=("Ballerup Kommune",)))
    assert [action.letter.to for action in sent(nobody, one)] == [("a@it.example",)]


@given(
    st.none() | st.decimals(allow_nan=True, allow_infinity=True), st.none() | st.decimals(allow_nan=True), st.dates()
)
def test_no_number_and_no_date_breaks_the_offer_nor_gets_into_it_unseen(
    price: Decimal | None, hours: Decimal | None, day: date
) -> None:
    """R7: there is a letter, with all three in it, or something is missing."""
    fields = {FieldName.OFFERED_PRICE: price, FieldName.OFFERED_HOURS: hours, FieldName.PRICE_NOTICE_BY: day}
    for category in ("K2", "K8", "K10"):
        found = offering(ready(category, fields=fields))
        assert bool(found.missing) != bool(found.drafts)
        assert all("Prisen er: " in draft.body and f"{day:%d-%m-%Y}" in draft.body for draft in found.drafts)
