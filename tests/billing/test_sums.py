"""Whatever is logged and however it is spread over months: nothing too much, nothing too early, and the sums agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from adapter.billing.bill import Line, bill, total_hours
from adapter.billing.charge import most_hours, rate_of, to_the_ore
from adapter.billing.judged import Judged
from adapter.billing.month import Month
from adapter.billing.report import in_order, totals
from adapter.catalogue.words import IssueKey, Payer
from adapter.ticket.snapshot import Worklog
from tests.billing.made import billed, seen, these, work
from tests.builders import DENMARK, a_ticket, catalogue

STARTS = datetime(2026, 1, 1, tzinfo=UTC)
MONTHS = tuple(Month(year, number) for year in (2025, 2026, 2027) for number in range(1, 13))
WORKLOGS = st.lists(
    st.builds(
        lambda minutes, seconds: work(STARTS + timedelta(minutes=minutes), seconds / 3600),
        st.integers(0, 365 * 24 * 60),
        st.integers(1, 40 * 3600),
    ),
    max_size=12,
)
KRONER = st.decimals(0, 40_000, places=2)
HOURS = st.decimals(Decimal("0.25"), 200, places=2)
JUDGED = st.builds(
    lambda rate, cap, price, hours, day: seen(
        hourly_rate=rate,
        cap_hours=cap,
        offered_price=price,
        offered_hours=hours,
        approved_at=None if day is None else STARTS + timedelta(days=day),
    ),
    st.none() | KRONER,
    st.none() | HOURS,
    st.none() | KRONER,
    st.none() | HOURS,
    st.none() | st.integers(0, 300),
)


def year_of(judged: Judged, worklogs: list[Worklog]) -> list[Line]:
    """The ticket's lines of all months."""
    lines = (bill(a_ticket(), judged, worklogs, month, catalogue()) for month in MONTHS)
    return [line for line in lines if line is not None]


@given(JUDGED, WORKLOGS)
def test_over_all_months_no_more_is_billed_than_was_approved(judged: Judged, worklogs: list[Worklog]) -> None:
    """R12, R19, R23"""
    lines = year_of(judged, worklogs)
    hours, amount = sum((line.billed for line in lines), Fraction(0)), sum((line.amount for line in lines), Decimal(0))
    most, rate = most_hours(judged), rate_of(judged)
    assert most is None or hours <= most
    assert judged.offered_price is None or amount <= judged.offered_price
    assert most is None or rate is None or amount <= to_the_ore(most * rate)


@given(JUDGED, WORKLOGS)
def test_together_the_months_cost_what_the_approved_work_costs(judged: Judged, worklogs: list[Worklog]) -> None:
    """R23: however the work is spread."""
    since, rate, most = judged.approved_at, rate_of(judged), most_hours(judged)
    approved = total_hours(w for w in worklogs if since is not None and w.started >= since)
    left = None if most is None else max(most - (total_hours(worklogs) - approved), Fraction(0))
    hours = Fraction(0) if rate is None else approved if left is None else min(approved, left)
    lines = year_of(judged, worklogs)
    assert sum(line.billed for line in lines) == hours
    assert sum((line.amount for line in lines), Decimal(0)) == to_the_ore(hours * (rate or 0))


@given(JUDGED, WORKLOGS)
def test_every_hour_of_a_month_is_billed_or_told(judged: Judged, worklogs: list[Worklog]) -> None:
    """R23"""
    lines = year_of(judged, worklogs)
    assert sum(line.hours for line in lines) == total_hours(worklogs)
    for line in lines:
        told = {deviation.code.value: deviation.hours for deviation in line.deviations}
        left = line.hours - line.billed - line.over - line.unapproved
        assert left == told.get("ingen_timepris", 0)
        assert line.over == told.get("over_loft", 0)
        assert line.unapproved == told.get("før_godkendelse", told.get("ingen_godkendelse", 0))
        assert min(line.billed, line.over, line.unapproved) >= 0
        assert line.amount >= 0
        assert line.amount == line.amount.quantize(Decimal("0.01"))


@given(JUDGED, WORKLOGS)
def test_nothing_is_billed_before_the_approval(judged: Judged, worklogs: list[Worklog]) -> None:
    """R9"""
    since = judged.approved_at
    for line, month in ((bill(a_ticket(), judged, worklogs, m, catalogue()), m) for m in MONTHS):
        if line is not None and (since is None or month < Month.of(since, DENMARK)):
            assert these(line.billed, line.amount) == (0, 0)


PARTIES = st.sampled_from([None, "Ballerup", "Aarhus", "KOMBIT"])
PAYERS = st.sampled_from(list(Payer))


@given(st.lists(st.tuples(PARTIES, PAYERS, WORKLOGS), max_size=8))
def test_the_lines_add_up_to_the_totals(tickets: list[tuple[str | None, Payer, list[Worklog]]]) -> None:
    """R23"""
    lines = [
        line
        for number, (party, payer, worklogs) in enumerate(tickets)
        for month in MONTHS
        if (
            line := bill(
                a_ticket(key=IssueKey(f"DUBU-{number}")), seen(party=party, payer=payer), worklogs, month, catalogue()
            )
        )
    ]
    found = totals(lines)
    assert sum(total.amount for total in found) == sum(line.amount for line in lines)
    assert sum(total.hours for total in found) == sum(line.billed for line in lines)
    assert len({(total.payer, total.party) for total in found}) == len(found)
    assert all(total.payer is not Payer.UNRESOLVED for total in found)
    for total in found:
        theirs = [line for line in lines if (line.seen.payer, line.seen.party) == (total.payer, total.party)]
        assert (total.tickets, total.amount) == (len(theirs), sum(line.amount for line in theirs))


@given(st.fractions(0, 10**9))
def test_amounts_are_rounded_half_up_to_the_ore(amount: Fraction) -> None:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    assert abs(to_the_ore(amount) - exact) <= Decimal("0.005")
    assert to_the_ore(Fraction(to_the_ore(amount)) + Fraction(1, 200)) == to_the_ore(amount) + Decimal("0.01")
    assert to_the_ore(Fraction(exact.quantize(Decimal("0.001"), ROUND_HALF_UP))).as_tuple().exponent == -2


def test_lines_stand_by_payer_and_number_and_those_without_a_payer_last() -> None:
    def line(key: str, **known: object) -> Line:
        return billed(seen(**known), work("2026-11-05 09:00"), ticket=a_ticket(key=IssueKey(key)))

    shuffled = [
        line("DUBU-3", party=None),
        line("DUBU-2", payer=Payer.KOMBIT, party="KOMBIT"),
        line("DUBU-10"),
        line("DUBU-9"),
        line("DUBU-1", payer=Payer.THIRD_PARTY, party="Datafirma A/S"),
        line("DUBU-11", party="Aarhus"),
    ]
    assert [one.key for one in in_order(shuffled)] == ["DUBU-11", "DUBU-9", "DUBU-10", "DUBU-1", "DUBU-2", "DUBU-3"]
