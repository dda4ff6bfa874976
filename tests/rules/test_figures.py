"""The figures a ticket was offered or closed by stand, whatever the catalogue says afterwards (R4, R12, R23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from adapter.catalogue.model import Catalogue, Category
from adapter.catalogue.values import BY_AGREEMENT
from adapter.catalogue.words import ApprovalState, CategoryId, FieldName, PaymentModel
from adapter.rules.decide import decide
from adapter.rules.figures import row_in_force
from adapter.rules.view import View, view_of
from adapter.ticket.evidence import Memory
from adapter.ticket.snapshot import FieldChange, Ticket
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    CREATED,
    LATER_SETUP,
    OFFERED,
    STATUSES,
    a_setup,
    a_yes,
    an_offer,
    answered,
    at,
    catalogue,
    changed,
    comment_of,
    offered,
    remembering,
    row,
    said,
    settings_of,
    with_solution,
)

HOUR = 3600
BOTH = remembering(a1=an_offer(), a2=a_yes())
LATER = at("2026-12-01 09:00")
FILLED = CREATED + timedelta(minutes=1)


def edited(category: str, known: Catalogue | None = None, **figures: Any) -> Catalogue:  # noqa: ANN401 - any figure
    """A catalogue in which a row has other figures."""
    known = known or catalogue()
    rows = dict(known.services.categories)
    rows[CategoryId(category)] = rows[CategoryId(category)].model_copy(update=figures)
    return replace(known, services=known.services.model_copy(update={"categories": rows}))


def carried_out(ticket: Ticket, known: Catalogue, memory: Memory) -> Ticket:
    """The ticket once the adapter has filled it in, just after it was created."""
    settings = settings_of(decide(ticket, known, memory, LATER))
    history = tuple(changed(f, ticket.fields.get(f), value, FILLED, ADAPTER) for f, value in settings.items())
    return replace(ticket, fields={**ticket.fields, **settings}, field_history=(*ticket.field_history, *history))


def in_force(ticket: Ticket, category: str, known: Catalogue | None = None) -> Category:
    known = known or catalogue()
    return row_in_force(ticket, known, known.services.categories[CategoryId(category)])


def seen(ticket: Ticket, known: Catalogue, memory: Memory = BOTH) -> View:
    return view_of(ticket, known, memory, LATER)


def api(**known: Any) -> Ticket:  # noqa: ANN401 - any of the ticket's own fields
    """An approved connection to the API, ten hours at the catalogue's rate, filled in by the adapter."""
    form = {
        "Certifikat Subject": "C=DK, organizationIdentifier=NTRDK-19552101, O=B, serialNumber=UI:DK-O:G:1, CN=x",
        "Mail til driftsinformation": "drift@ballerup.example",
    }
    asked = said("#dubu krav kombit_kontaktet fordi det er set", AGENT, OFFERED, public=False)
    ticket = answered(
        category="K8", fields={FieldName.OFFERED_HOURS: Decimal(10)}, form_answers=form, comments=(asked,)
    )
    return replace(carried_out(ticket, catalogue(), BOTH), **known)


def test_a_rate_that_is_edited_after_the_yes_makes_nothing_dearer() -> None:
    """R12, R19: never above what the payer said yes to, on the ticket as on the bill."""
    dearer = edited("K8", hourly_rate=Decimal(1500))
    ticket = api(seconds_spent=9 * HOUR)
    view = seen(ticket, dearer)
    assert view.gate.state is ApprovalState.APPROVED
    assert view.decided is not None
    assert view.decided.hours is not None
    assert view.decided.hours.amount == Decimal("8450.82")
    plan = decide(ticket, dearer, BOTH, LATER)
    assert not {FieldName.HOURLY_RATE, FieldName.PRICE} & set(settings_of(plan))
    told = comment_of(plan)
    assert "938,98 kr./time" in told
    assert "1.500" not in told
    assert "Loftet nærmer sig" in told
    assert "(R19) (R19)" not in told


def test_the_next_ticket_is_offered_by_the_edited_rate() -> None:
    dearer = edited("K8", hourly_rate=Decimal(1500))
    unoffered = replace(api(), attachments=(), history=(), status=STATUSES["Ny"])
    assert settings_of(decide(unoffered, dearer, Memory(), LATER))[FieldName.HOURLY_RATE] == Decimal(1500)


def test_a_rate_that_the_row_did_not_have_is_none_of_what_was_offered() -> None:
    """R12: the offered price over the offered hours stays the rate."""
    fields = {FieldName.OFFERED_HOURS: Decimal(10), FieldName.OFFERED_PRICE: Decimal(9000)}
    ticket = carried_out(answered(category="K2", fields=fields), catalogue(), BOTH)
    view = seen(replace(ticket, seconds_spent=HOUR), edited("K2", hourly_rate=Decimal(1500)))
    assert view.decided is not None
    assert view.decided.hours is not None
    assert (view.decided.hours.rate, view.decided.hours.amount) == (Decimal(900), Decimal("900.00"))


def test_a_cap_that_is_edited_after_the_offer_is_for_the_next_setups() -> None:
    """R12, R19"""
    memory = BOTH.model_copy(update={"setup_holder": LATER_SETUP.setup_holder})
    ticket = carried_out(a_setup(attachments=answered().attachments), with_solution(), memory)
    view = seen(ticket, edited("K9", with_solution(), cap_hours=Decimal(50)), memory)
    assert view.gate.state is ApprovalState.APPROVED
    assert view.decided is not None
    assert view.decided.hours is not None
    assert view.decided.hours.cap == Decimal(30)


def own(field: FieldName, value: Any, minutes: int = 1) -> FieldChange:  # noqa: ANN401 - any field's value
    return changed(field, None, value, CREATED + timedelta(minutes=minutes), ADAPTER)


def test_the_cap_of_other_hours_that_were_offered_is_not_the_rows() -> None:
    """R19"""
    hours = changed(FieldName.OFFERED_HOURS, None, Decimal(40), CREATED + timedelta(minutes=2))
    caps = own(FieldName.HOURS_CAP, Decimal(30)), own(FieldName.HOURS_CAP, Decimal(40), 3)
    ticket = a_setup(fields={FieldName.OFFERED_HOURS: Decimal(40)}, field_history=(hours, *caps))
    assert in_force(ticket, "K9", edited("K9", cap_hours=Decimal(20))).cap_hours == Decimal(30)


@pytest.mark.parametrize(
    ("written", "payment", "price"),
    [
        ({"pris": "32.000 kr."}, PaymentModel.FIXED, Decimal(32000)),
        ({"pris": "32.000 kr. ekskl. moms", "betalingsmodel": "Fastpris"}, PaymentModel.FIXED, Decimal(32000)),
        ({"pris": "Efter aftale", "betalingsmodel": "Timebaseret ydelse"}, PaymentModel.HOURLY, BY_AGREEMENT),
        ({"betalingsmodel": "et ord, som mappingen ikke har"}, PaymentModel.FIXED, Decimal(34000)),
    ],
)
def test_payment_and_price_are_read_from_what_was_written(written: dict[str, str], payment: str, price: object) -> None:
    """R12, R23"""
    ticket = offered(field_history=tuple(own(FieldName(name), value) for name, value in written.items()))
    found = in_force(ticket, "K10")
    assert (found.payment, found.price) == (payment, price)


def test_a_detour_by_another_answer_takes_no_figure_from_an_offered_ticket() -> None:
    """K3, R12: what the adapter emptied itself is not what was offered."""
    ticket = offered(category="K3", form_answers={"Hvem lavede fejlen": "Kommunen"})
    memory = remembering(a1=an_offer())
    for answer in ("Kommunen", "Ukendt", "Kommunen"):
        ticket = carried_out(replace(ticket, form_answers={"Hvem lavede fejlen": answer}), catalogue(), memory)
        emptied = ticket.fields[FieldName.PAYMENT_MODEL] is None
        assert emptied is (answer == "Ukendt")
    assert ticket.fields[FieldName.PRICE] == "Efter aftale"
    assert ticket.fields[FieldName.PROCESS] is not None


def test_the_catalogues_own_figure_may_be_written_down_after_the_yes() -> None:
    """R12, R19: thirty hours were offered and approved, whether or not the field says so."""
    memory = BOTH.model_copy(update={"setup_holder": LATER_SETUP.setup_holder})
    after = APPROVED + timedelta(hours=1)
    for hours, state in ((30, ApprovalState.APPROVED), (31, ApprovalState.LAPSED)):
        typed = changed(FieldName.OFFERED_HOURS, None, Decimal(hours), after)
        ticket = a_setup(
            attachments=answered().attachments,
            fields={FieldName.OFFERED_HOURS: Decimal(hours)},
            field_history=(typed,),
        )
        assert seen(ticket, with_solution(), memory).gate.state is state


def test_a_closed_ticket_keeps_the_category_it_was_closed_by() -> None:
    """R23"""
    history = (changed(FieldName.CATEGORY, None, row("K10"), FILLED, ADAPTER),)
    closed = offered(status="Løst", history=(), attachments=(), field_history=history)
    found = view_of(closed, catalogue(), Memory(), LATER)
    assert found.kept
    assert found.decided is not None
