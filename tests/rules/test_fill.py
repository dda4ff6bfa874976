"""What the fields of a ticket hold: the catalogue's figures, a person's choices, the clocks (R1–R6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import CategoryId, FieldName
from adapter.rules.decide import decide
from adapter.ticket.evidence import Memory
from adapter.ticket.snapshot import Person, Ticket, Value
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    AUTOMATION,
    CREATED,
    CUSTOMER,
    NOW,
    OFFERED,
    STATUSES,
    a_ticket,
    a_yes,
    an_offer,
    answered,
    at,
    attached,
    catalogue,
    changed,
    digest,
    moved,
    offered,
    remembering,
    row,
    said,
    settings_of,
)


def filled(
    ticket: Ticket, memory: Memory | None = None, now: datetime = NOW, known: Catalogue | None = None
) -> dict[FieldName, Value]:
    """The ticket's fields once the plan is carried out."""
    settings = settings_of(decide(ticket, known or catalogue(), memory or Memory(), now))
    return {**ticket.fields, **settings}


@pytest.mark.parametrize(
    ("category", "hours", "days", "model", "price", "rate", "service_request"),
    [
        ("K1", 3, "Efter aftale", "Timebaseret ydelse", "Efter aftale", None, "Ja"),
        ("K2", 3, "Efter aftale", "Timebaseret ydelse", "Efter aftale", None, "Nej"),
        ("K3", 3, "Efter aftale", "Timebaseret ydelse", "Efter aftale", None, "Nej"),
        ("K4", 5, "5 arbejdsdage", "Timebaseret ydelse", "Efter aftale", None, "Nej"),
        ("K5", 3, "5 arbejdsdage", "Timebaseret ydelse", "Efter aftale", None, "Nej"),
        ("K6", 3, "Efter aftale", "Timebaseret ydelse", "Efter aftale", None, "Ja"),
        ("K7", 3, "Efter aftale", "Timebaseret ydelse", "Efter aftale", None, "Nej"),
        ("K8", 10, "Efter aftale", "Timebaseret ydelse", "Efter aftale (938,98 kr./time)", "938.98", "Ja"),
        (
            "K9",
            10,
            "Efter aftale",
            "Timebaseret ydelse",
            "Første opsætning: KOMBIT; derefter op til 30 timer à 938,98 kr./time (højst 28.169,40 kr.)",
            "938.98",
            "Nej",
        ),
        ("K10", 3, "Efter aftale", "Fastpris", "34.000 kr.", None, "Nej"),
        ("K11", 3, "Efter aftale", "Fastpris", "3.400 kr.", None, "Nej"),
    ],
)
def test_every_row_of_the_catalogue_fills_its_ticket(
    category: str, hours: int, days: str, model: str, price: str, rate: str | None, service_request: str
) -> None:
    fields = filled(a_ticket(category=category))
    assert fields[FieldName.CATEGORY] == row(category)
    assert fields[FieldName.REACTION_HOURS] == hours
    assert fields[FieldName.RESOLUTION_TIME] == days
    assert fields[FieldName.PAYMENT_MODEL] == model
    assert fields[FieldName.PRICE] == price
    assert fields.get(FieldName.HOURLY_RATE) == (Decimal(rate) if rate else None)
    assert fields[FieldName.SERVICE_REQUEST] == service_request
    assert fields[FieldName.PROCESS] == ("*** SF1475-adgang" if category == "K9" else "** Tilbud og godkendelse")


def test_by_agreement_is_never_zero_or_empty() -> None:
    fields = filled(a_ticket(category="K1"))
    assert (fields[FieldName.PRICE], fields[FieldName.RESOLUTION_TIME]) == ("Efter aftale", "Efter aftale")


def test_a_setup_that_kombit_pays_says_so_instead_of_a_price() -> None:
    assert (
        filled(a_ticket(category="K9", fields={FieldName.PAYER: "KOMBIT"}))[FieldName.PRICE]
        == "KOMBIT betaler én opsætning"
    )


def test_a_later_setup_costs_hours_up_to_the_cap() -> None:
    fields = filled(a_ticket(category="K9", fields={FieldName.PAYER: "Kommune"}))
    assert fields[FieldName.PRICE] == "Op til 30 timer à 938,98 kr./time (højst 28.169,40 kr.)"


def test_moms_is_mentioned_only_by_setting() -> None:
    known = catalogue()
    with_vat = replace(known, services=known.services.model_copy(update={"prices_are_ex_vat": True}))
    assert filled(a_ticket(category="K10"), known=with_vat)[FieldName.PRICE] == "34.000 kr. ekskl. moms"


def test_what_the_catalogue_fixes_is_put_back() -> None:
    history = (changed(FieldName.PRICE, "34.000 kr.", "1 kr.", NOW),)
    assert (
        filled(a_ticket(category="K10", fields={FieldName.PRICE: "1 kr."}, field_history=history))[FieldName.PRICE]
        == "34.000 kr."
    )


@pytest.mark.parametrize("status", ["Afventer Kunde", "Løst"])
def test_an_edited_catalogue_is_for_the_tickets_not_yet_offered_or_closed(status: str) -> None:
    own = (
        changed(FieldName.CATEGORY, None, row("K10"), NOW, ADAPTER),
        changed(FieldName.PRICE, None, "32.000 kr.", NOW, ADAPTER),
    )
    fields = {FieldName.CATEGORY: row("K10"), FieldName.PRICE: "32.000 kr."}
    history = (moved("Ny", status, NOW),)
    ticket = a_ticket(fields=fields, field_history=own, status=status, history=history)
    assert filled(ticket)[FieldName.PRICE] == "32.000 kr."
    by_person = (*own, changed(FieldName.PRICE, "32.000 kr.", "1 kr.", NOW))
    put_back = replace(ticket, fields={**fields, FieldName.PRICE: "1 kr."}, field_history=by_person)
    assert filled(put_back)[FieldName.PRICE] == "32.000 kr."
    recategorised = (*own, changed(FieldName.CATEGORY, row("K10"), row("K11"), NOW + timedelta(minutes=1)))
    other = replace(ticket, fields={**fields, FieldName.CATEGORY: row("K11")}, field_history=recategorised)
    assert filled(other)[FieldName.PRICE] == "3.400 kr."


def test_by_setting_a_persons_figure_is_left_and_only_empty_ones_are_filled() -> None:
    known = catalogue()
    left = replace(known, services=known.services.model_copy(update={"puts_back_figures": False}))
    fields = filled(a_ticket(category="K10", fields={FieldName.PRICE: "1 kr."}), known=left)
    assert (fields[FieldName.PRICE], fields[FieldName.PAYMENT_MODEL]) == ("1 kr.", "Fastpris")


def test_what_a_person_agrees_is_theirs() -> None:
    theirs = {
        FieldName.PAYER: "3. part",
        FieldName.PAYING_PARTY: "Datafirma A/S",
        FieldName.OFFERED_PRICE: Decimal(5),
        FieldName.AGREED_DATE: date(2026, 12, 1),
    }
    settings = settings_of(decide(a_ticket(category="K6", fields=theirs), catalogue(), Memory(), NOW))
    assert not set(theirs) & set(settings)


def test_a_persons_category_is_never_overwritten_outside_the_catalogue_included() -> None:
    for label in (row("K1"), "Ikke omfattet af kataloget", "Afklares", "Noget helt andet"):
        fields = {FieldName.CATEGORY: label}
        ticket = a_ticket(summary="arkivering", creator=AGENT, request_type="Bestil arkivering", fields=fields)
        assert filled(ticket)[FieldName.CATEGORY] == label


@pytest.mark.parametrize("by", [CUSTOMER, AUTOMATION, replace(AGENT, is_app=True), None])
def test_only_the_service_desk_takes_a_ticket_out_of_the_catalogue(by: Person | None) -> None:
    outside = {FieldName.CATEGORY: "Ikke omfattet af kataloget"}
    made = a_ticket(request_type="Bestil arkivering", fields=outside, creator=by)
    assert filled(made)[FieldName.CATEGORY] == row("K10")
    if by is not None:
        history = (changed(FieldName.CATEGORY, row("K10"), "Ikke omfattet af kataloget", NOW, by),)
        edited = a_ticket(request_type="Bestil arkivering", fields=outside, field_history=history)
        assert filled(edited)[FieldName.CATEGORY] == row("K10")


def test_a_date_that_is_a_slip_of_the_pen_gives_no_deadline() -> None:
    slip = a_ticket(category="K1", fields={FieldName.AGREED_DATE: date(1, 1, 1)})
    assert filled(slip).get(FieldName.RESOLUTION_DUE) is None


def test_the_adapters_own_category_follows_the_ticket_until_it_is_offered() -> None:
    history = (changed(FieldName.CATEGORY, None, row("K1"), NOW, ADAPTER),)
    own = {FieldName.CATEGORY: row("K1")}
    fresh = a_ticket(request_type="Bestil arkivering", fields=own, field_history=history)
    assert filled(fresh)[FieldName.CATEGORY] == row("K10")
    waiting = replace(fresh, history=offered().history, status=STATUSES["Afventer Kunde"])
    assert filled(waiting)[FieldName.CATEGORY] == row("K1")


def test_a_ticket_that_leaves_the_catalogue_loses_its_figures() -> None:
    fields = {
        FieldName.CATEGORY: "Ikke omfattet af kataloget",
        FieldName.PRICE: "34.000 kr.",
        FieldName.PAYER: "Kommune",
    }
    history = (changed(FieldName.PAYER, None, "Kommune", NOW, ADAPTER),)
    after = filled(a_ticket(fields=fields, field_history=history, creator=AGENT))
    assert (after[FieldName.PRICE], after[FieldName.PAYER]) == (None, None)
    assert after[FieldName.APPROVAL] == "Ikke påkrævet"


def test_the_reaction_deadline_counts_opening_hours_from_creation() -> None:
    assert filled(a_ticket(category="K1"))[FieldName.REACTION_DUE] == at("2026-11-23 12:00")
    friday = a_ticket(category="K1", created=at("2026-11-20 15:00"))
    assert filled(friday)[FieldName.REACTION_DUE] == at("2026-11-23 10:00")


def test_only_a_person_of_the_desk_speaking_publicly_stops_the_reaction_clock() -> None:
    machines = (
        said("auto", AUTOMATION),
        said("status", ADAPTER),
        said("er der nogen?", CUSTOMER),
        said("internt", AGENT, public=False),
        said("ukendt", AGENT, public=None),
        said("robot", replace(AGENT, is_app=True)),
    )
    assert filled(a_ticket(category="K1", comments=machines)).get(FieldName.REACTED_AT) is None
    answer = said("Hej Karl", AGENT, at("2026-11-23 10:00"))
    fields = filled(a_ticket(category="K1", comments=(*machines, answer)))
    assert (fields[FieldName.REACTED_AT], fields[FieldName.REACTED_IN_TIME]) == (at("2026-11-23 10:00"), "Ja")


def test_an_agent_who_reported_the_ticket_does_not_answer_themselves() -> None:
    own = a_ticket(category="K1", reporter=AGENT, comments=(said("husk", AGENT),))
    assert filled(own).get(FieldName.REACTED_AT) is None


def test_a_reaction_that_is_late_or_missing_is_shown_as_such() -> None:
    late = said("Hej", AGENT, at("2026-11-23 12:01"))
    assert filled(a_ticket(category="K1", comments=(late,)))[FieldName.REACTED_IN_TIME] == "Nej"
    assert filled(a_ticket(category="K1")).get(FieldName.REACTED_IN_TIME) is None
    assert filled(a_ticket(category="K1"), now=at("2026-11-23 12:01"))[FieldName.REACTED_IN_TIME] == "Nej"


def test_the_offer_mail_is_a_personal_message() -> None:
    fields = filled(offered(), remembering(a1=an_offer()), at("2026-11-23 15:00"))
    assert (fields[FieldName.REACTED_AT], fields[FieldName.REACTED_IN_TIME]) == (OFFERED, "Ja")


def test_a_new_offer_does_not_make_a_reaction_in_time_late() -> None:
    second = an_offer(digest=digest("2"), message_id=digest("2 id"), sent_at=at("2026-11-25 10:00"))
    ticket = answered(attachments=(*offered().attachments, attached("3", "nyt.eml", at("2026-11-25 10:01"))))
    fields = filled(ticket, remembering(a1=an_offer(), a3=second), at("2026-11-25 11:00"))
    assert (fields[FieldName.REACTED_AT], fields[FieldName.REACTED_IN_TIME]) == (OFFERED, "Ja")


def test_a_look_is_due_when_the_reaction_deadline_passes() -> None:
    plan = decide(a_ticket(category="K1"), catalogue(), Memory(), NOW)
    assert plan.wake_at == at("2026-11-23 12:00") + timedelta(seconds=1)
    assert decide(a_ticket(category="K1"), catalogue(), Memory(), at("2026-11-23 13:00")).wake_at is None


BOTH = remembering(a1=an_offer(), a2=a_yes())
LATER = at("2026-11-30 15:00")
APPROVED_HISTORY = (
    *offered().history,
    moved("Afventer Kunde", "Godkendt", APPROVED + timedelta(minutes=2), ADAPTER),
    moved("Godkendt", "I gang", APPROVED + timedelta(hours=1)),
)


def test_working_days_count_from_the_approval_and_end_at_closing_time() -> None:
    ticket = answered(category="K4", status="I gang", history=APPROVED_HISTORY)
    assert filled(ticket, BOTH, LATER)[FieldName.RESOLUTION_DUE] == at("2026-11-30 16:00")
    unapproved = offered(category="K4")
    assert filled(unapproved, remembering(a1=an_offer()), LATER).get(FieldName.RESOLUTION_DUE) is None


def test_waiting_after_the_approval_moves_the_deadline_and_an_unfinished_wait_does_not_yet() -> None:
    waited = (
        *APPROVED_HISTORY,
        moved("I gang", "Afventer Kunde", at("2026-11-24 08:00")),
        moved("Afventer Kunde", "I gang", at("2026-11-25 08:00")),
    )
    ticket = answered(category="K4", status="I gang", history=waited)
    assert filled(ticket, BOTH, LATER)[FieldName.RESOLUTION_DUE] == at("2026-12-01 16:00")
    waiting = answered(category="K4", status="Afventer Kunde", history=waited[:-1])
    assert filled(waiting, BOTH, LATER)[FieldName.RESOLUTION_DUE] == at("2026-11-30 16:00")


def test_the_clock_may_run_from_creation_and_through_waits_by_setting() -> None:
    known = catalogue()
    clock = known.calendar.resolution.model_copy(
        update={"counts_from": "oprettelse", "stands_still_while_waiting": False}
    )
    plain = replace(known, calendar=known.calendar.model_copy(update={"resolution": clock}))
    assert filled(offered(category="K4"), known=plain)[FieldName.RESOLUTION_DUE] == at("2026-11-30 16:00")


def test_a_ticket_born_waiting_waits_from_its_creation() -> None:
    known = catalogue()
    clock = known.calendar.resolution.model_copy(update={"counts_from": "oprettelse"})
    from_creation = replace(known, calendar=known.calendar.model_copy(update={"resolution": clock}))
    moves = (moved("Afventer Kunde", "Ny", CREATED + timedelta(days=1)),)
    assert filled(a_ticket(category="K4", history=moves), known=from_creation)[FieldName.RESOLUTION_DUE] == at(
        "2026-12-01 16:00"
    )


def test_an_agreed_date_is_met_at_closing_time_or_on_the_last_open_day_before() -> None:
    def due(day: date) -> Value:
        return filled(a_ticket(category="K1", fields={FieldName.AGREED_DATE: day}))[FieldName.RESOLUTION_DUE]

    assert due(date(2026, 12, 1)) == at("2026-12-01 16:00")
    assert due(date(2026, 12, 26)) == at("2026-12-23 16:00")


def test_a_deadlines_last_day_may_end_at_midnight_by_setting() -> None:
    known = catalogue()
    clock = known.calendar.resolution.model_copy(update={"ends_at": "midnat"})
    late = replace(known, calendar=known.calendar.model_copy(update={"resolution": clock}))
    agreed = a_ticket(category="K1", fields={FieldName.AGREED_DATE: date(2026, 12, 1)})
    assert filled(agreed, known=late)[FieldName.RESOLUTION_DUE] == at("2026-12-02 00:00")


def test_a_subtype_is_filled_from_words_and_a_persons_stays() -> None:
    words = a_ticket(category="K3", summary="Personer skal lægges sammen")
    assert filled(words)[FieldName.SUBTYPE] == "Personer skal lægges sammen"
    chosen = {FieldName.CATEGORY: row("K3"), FieldName.SUBTYPE: "Slettet dokument skal genskabes"}
    assert filled(replace(words, fields=chosen))[FieldName.SUBTYPE] == "Slettet dokument skal genskabes"


def test_a_field_the_mapping_leaves_out_is_not_written() -> None:
    known = catalogue()
    fields = {name: site for name, site in known.jira.fields.items() if name is not FieldName.REACTED_AT}
    without = replace(known, jira=known.jira.model_copy(update={"fields": fields}))
    comments = (said("Hej", AGENT, at("2026-11-23 10:00")),)
    assert FieldName.REACTED_AT not in settings_of(
        decide(a_ticket(category="K1", comments=comments), without, Memory(), NOW)
    )


def test_every_category_of_the_mapping_can_be_filled() -> None:
    for number in catalogue().services.categories:
        assert filled(a_ticket(category=CategoryId(number)))[FieldName.CATEGORY] == row(number)


def test_one_working_day_is_said_in_the_singular() -> None:
    known = catalogue()
    one = known.services.categories[CategoryId("K4")].model_copy(update={"resolution_days": 1})
    services = known.services.model_copy(update={"categories": {**known.services.categories, CategoryId("K4"): one}})
    assert (
        filled(a_ticket(category="K4"), known=replace(known, services=services))[FieldName.RESOLUTION_TIME]
        == "1 arbejdsdag"
    )
