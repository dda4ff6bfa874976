"""Hours against their cap, and what they come to: in Decimal, to the øre, never above what was approved (R19, R23)."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.catalogue.model import Catalogue, Category
from adapter.catalogue.texts import SENTENCES
from adapter.catalogue.words import CategoryId, Payer
from adapter.rules.hours import Hours, hours_of, hours_sentences
from tests.builders import a_ticket, catalogue

RATE = Decimal("938.98")
HOUR = 3600


def row_of(category: str) -> Category:
    return catalogue().services.categories[CategoryId(category)]


def spent(
    seconds: int,
    category: str = "K9",
    payer: Payer = Payer.MUNICIPALITY,
    hours: str | None = None,
    price: str | None = None,
) -> Hours:
    offered = (None if text is None else Decimal(text) for text in (hours, price))
    return hours_of(a_ticket(seconds_spent=seconds), catalogue(), row_of(category), payer, *offered)


def with_settings(**settings: object) -> Catalogue:
    known = catalogue()
    hours = known.services.hours.model_copy(update=settings)
    return replace(known, services=known.services.model_copy(update={"hours": hours}))


# The cap


def test_a_later_setup_has_thirty_hours_at_the_catalogues_rate() -> None:
    """R19: 30 hours at 938,98 are 28.169,40."""
    found = spent(30 * HOUR)
    assert found == Hours(Decimal(30), Decimal(30), RATE, Decimal("28169.40"), percent=100, warns=True, is_at_cap=True)
    assert spent(31 * HOUR).amount == Decimal("28169.40")


@pytest.mark.parametrize(
    ("seconds", "percent", "warns", "is_at_cap"),
    [
        (0, 0, False, False),
        (12 * HOUR, 40, False, False),
        (24 * HOUR - 36, 79, False, False),
        (24 * HOUR, 80, True, False),
        (30 * HOUR - 36, 99, True, False),
        (30 * HOUR - 18, 100, True, True),  # shown as 30,00
        (30 * HOUR, 100, True, True),
        (45 * HOUR, 150, True, True),
    ],
)
def test_it_warns_at_eighty_percent_and_stops_at_the_cap(
    seconds: int, percent: int, warns: bool, is_at_cap: bool
) -> None:
    """R19."""
    found = spent(seconds)
    assert (found.percent, found.warns, found.is_at_cap) == (percent, warns, is_at_cap)


def test_the_warning_follows_the_setting() -> None:
    """R19."""
    ticket = a_ticket(seconds_spent=15 * HOUR)
    for percent, warns in ((50, True), (51, False)):
        found = hours_of(ticket, with_settings(warn_percent=percent), row_of("K9"), Payer.MUNICIPALITY, None, None)
        assert found.warns is warns


def test_the_hours_that_were_offered_are_the_cap_whoever_pays() -> None:
    """R12, R19."""
    for payer in Payer:
        assert spent(HOUR, payer=payer, hours="10").cap == 10
    assert spent(HOUR, "K6", hours="7.5").cap == Decimal("7.5")


def test_kombits_setup_has_no_cap_unless_hours_were_offered() -> None:
    """R16, R19: the thirty hours are for later setups."""
    found = spent(40 * HOUR, payer=Payer.KOMBIT)
    assert found == Hours(Decimal(40), rate=RATE, amount=Decimal("37559.20"))
    assert spent(40 * HOUR, payer=Payer.KOMBIT, hours="40").is_at_cap


@pytest.mark.parametrize("payer", [Payer.MUNICIPALITY, Payer.THIRD_PARTY, Payer.UNRESOLVED])
def test_everybody_elses_has_the_catalogues_cap(payer: Payer) -> None:
    assert spent(HOUR, payer=payer).cap == 30


@pytest.mark.parametrize("odd", ["0", "-5", "0.001", "1E+9", "1E+300", "NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_number_that_offers_nothing_is_as_good_as_none(odd: str) -> None:
    assert spent(31 * HOUR, hours=odd, price=odd) == spent(31 * HOUR)
    assert spent(HOUR, "K10", price=odd).amount == 34_000


# The amount


def test_hours_come_at_the_rows_rate_and_are_rounded_half_up() -> None:
    """K8, K9."""
    assert spent(90 * 60, "K8").amount == Decimal("1408.47")
    assert spent(27 * 60, "K8").amount == Decimal("422.54")  # 0,45 hours: 422,541
    assert spent(9 * 60, "K8").amount == Decimal("140.85")  # 0,15 hours: 140,847
    assert spent(HOUR, "K8").cap is None


def test_hours_are_rounded_half_up_to_two_decimals() -> None:
    assert [spent(s).used for s in (17, 18, 53, 54, 90)] == [
        Decimal(n) for n in ("0.00", "0.01", "0.01", "0.02", "0.03")
    ]
    assert spent(-HOUR).used == 0


def test_without_a_rate_in_the_row_the_offer_gives_it() -> None:
    """R7: a price for so many hours."""
    found = spent(5 * HOUR, "K1", hours="10", price="9000")
    assert (found.rate, found.amount) == (Decimal(900), Decimal("4500.00"))
    assert spent(12 * HOUR, "K1", hours="10", price="9000").amount == 9000


def test_a_rate_that_is_not_whole_is_not_rounded_before_it_is_used() -> None:
    assert spent(3 * HOUR, "K1", hours="3", price="100").amount == Decimal("100.00")
    assert spent(1 * HOUR, "K1", hours="3", price="100").amount == Decimal("33.33")
    assert spent(2 * HOUR, "K1", hours="3", price="100").amount == Decimal("66.67")
    assert spent(300 * HOUR, "K1", hours="300", price="1").amount == Decimal("1.00")


@pytest.mark.parametrize(("hours", "price"), [(None, None), ("10", None), (None, "9000")])
def test_without_price_or_hours_no_amount_is_known(hours: str | None, price: str | None) -> None:
    found = spent(5 * HOUR, "K1", hours=hours, price=price)
    assert found.rate is None
    assert found.amount is None


def test_an_offered_price_is_a_limit_also_where_the_row_has_a_rate() -> None:
    """R12: the payer said yes to that price."""
    assert spent(20 * HOUR, price="10000").amount == Decimal("10000.00")
    assert spent(20 * HOUR, "K8", price="10000").amount == Decimal("10000.00")
    assert spent(10 * HOUR, price="10000").amount == Decimal("9389.80")


@pytest.mark.parametrize(("category", "price"), [("K10", "34000.00"), ("K11", "3400.00")])
def test_a_fixed_price_is_the_amount_however_long_it_took(category: str, price: str) -> None:
    """K10, K11."""
    for seconds in (0, HOUR, 500 * HOUR):
        found = spent(seconds, category, hours="10")
        assert found == Hours(Decimal(seconds) / HOUR, amount=Decimal(price))


def test_another_price_that_a_person_agreed_stands_for_the_fixed_one() -> None:
    """R4."""
    assert spent(HOUR, "K10", price="30000").amount == 30_000


def test_a_fixed_row_without_a_price_has_no_amount() -> None:
    row = row_of("K10").model_copy(update={"price": row_of("K1").price})
    assert hours_of(a_ticket(), catalogue(), row, Payer.MUNICIPALITY, None, None).amount is None


_SECONDS = st.integers(-10, 10**7) | st.integers(10**7, 2**63)
_NUMBERS = st.none() | st.decimals(allow_nan=True, allow_infinity=True) | st.decimals(1, 100_000, places=2)
_CATEGORIES = st.sampled_from(["K1", "K6", "K8", "K9", "K10", "K11"])


@given(_SECONDS, _CATEGORIES, st.sampled_from(Payer), _NUMBERS, _NUMBERS)
def test_an_amount_is_exact_and_never_above_the_cap_at_its_rate_or_the_price(
    seconds: int, category: str, payer: Payer, hours: Decimal | None, price: Decimal | None
) -> None:
    """R19, R23."""
    row = row_of(category)
    found = hours_of(a_ticket(seconds_spent=seconds), catalogue(), row, payer, hours, price)
    for known in fields(found):
        assert not isinstance(getattr(found, known.name), float)
    if found.amount is None:
        return
    assert found.amount == found.amount.quantize(Decimal("0.01"))
    assert found.amount >= 0
    if found.cap is not None and row.hourly_rate is not None:
        assert Fraction(found.amount) <= Fraction(found.cap) * Fraction(row.hourly_rate)
    if price is not None and price.is_finite() and Decimal("0.01") <= price < 10**9 and category not in {"K10", "K11"}:
        assert found.amount <= price


@given(_SECONDS, _SECONDS, _CATEGORIES, st.sampled_from(Payer), _NUMBERS, _NUMBERS)
def test_more_hours_never_come_to_less(
    one: int, other: int, category: str, payer: Payer, hours: Decimal | None, price: Decimal | None
) -> None:
    """R19."""
    less, more = (
        hours_of(a_ticket(seconds_spent=seconds), catalogue(), row_of(category), payer, hours, price)
        for seconds in sorted((one, other))
    )
    assert less.used <= more.used
    assert (less.amount or 0) <= (more.amount or 0)
    assert (less.percent or 0) <= (more.percent or 0)
    assert less.warns <= more.warns
    assert less.is_at_cap <= more.is_at_cap
    assert more.warns or not more.is_at_cap


# What the ticket says


def lines(hours: Hours, known: Catalogue | None = None) -> list[str]:
    texts = (known or catalogue()).texts
    sentences = hours_sentences(hours, known or catalogue())
    for code, names in sentences:
        assert set(names) == set(SENTENCES[code])
    return [texts.say(code, **names) for code, names in sentences]


def test_before_any_work_nothing_is_said() -> None:
    assert hours_sentences(spent(0), catalogue()) == ()


def test_hours_are_told_with_cap_share_and_amount_in_danish_figures() -> None:
    """R19."""
    assert lines(spent(12 * HOUR + 1800)) == ["12,50 timer brugt af 30 (41 %), i alt 11.737,25 kr."]
    assert lines(spent(HOUR, "K8")) == ["1 timer brugt, i alt 938,98 kr."]
    assert lines(spent(HOUR, "K1")) == ["1 timer brugt"]


def test_moms_is_told_where_the_setting_says_so() -> None:
    known = catalogue()
    known = replace(known, services=known.services.model_copy(update={"prices_are_ex_vat": True}))
    assert lines(spent(HOUR, "K8"), known) == ["1 timer brugt, i alt 938,98 kr. ekskl. moms"]


def test_near_the_cap_a_new_offer_is_advised_and_at_the_cap_it_is_asked_for() -> None:
    """R19."""
    assert "Loftet nærmer sig" in lines(spent(25 * HOUR))[1]
    at_cap = lines(spent(30 * HOUR))
    assert at_cap[0] == "30 timer brugt af 30 (100 %), i alt 28.169,40 kr."
    assert "Loftet på 30 timer er nået, og der er ikke sagt ja til mere" in at_cap[1]
    only_told = lines(spent(30 * HOUR), with_settings(at_cap="advar"))
    assert "er ikke dækket, før betaleren har svaret" in only_told[1]
