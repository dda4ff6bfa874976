"""What people are told of once, in a comment of its own or by mail, and what wakes the adapter to do it (R13–R19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName, OfferWay, StatusRole
from adapter.mails.facts import facts_of
from adapter.mails.reading import Reading
from adapter.post.compose import compose
from adapter.rules.decide import decide
from adapter.rules.once import has_notice, mark
from adapter.rules.plan import AddPeople, Plan, SendLetter, WriteNotice
from adapter.ticket.evidence import Dispatch, MailFacts, Memory, Says
from adapter.ticket.snapshot import Comment, Person, Ticket
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    CUSTOMER,
    KOMBITS,
    LATER_SETUP,
    OFFERED,
    OWNER,
    a_setup,
    a_ticket,
    a_yes,
    an_offer,
    answered,
    at,
    attached,
    catalogue,
    changed,
    comment_of,
    digest,
    kombits_setup,
    letters_of,
    moved,
    offered,
    ready,
    recorded,
    remembering,
    said,
    sender,
    sending,
    with_solution,
)

ONLY_OFFER = remembering(a1=an_offer())
BOTH = remembering(a1=an_offer(), a2=a_yes())
HOUR = 3600


def plan(
    ticket: Ticket, memory: Memory = ONLY_OFFER, now: str = "2026-11-23 15:00", known: Catalogue | None = None
) -> Plan:
    return decide(ticket, known or with_solution(), memory, at(now))


def notes(found: Plan) -> list[WriteNotice]:
    return [action for action in found.actions if isinstance(action, WriteNotice)]


def codes(found: Plan) -> list[str]:
    return [note.code for note in notes(found)]


def carried_out(ticket: Ticket, found: Plan) -> Ticket:
    """The ticket once a plan's notices and people are on it, in marks and spaces as Jira may give them back."""
    bodies = (note.body.replace("*", "").replace(" ", "\u00a0").replace("\n\n", "\r\n") for note in notes(found))
    written = tuple(said(body, ADAPTER, public=False, number=f"9{n}") for n, body in enumerate(bodies))
    return replace(ticket, comments=(*ticket.comments, *written))


def with_offers(known: Catalogue, **changes: object) -> Catalogue:
    return replace(known, offers=known.offers.model_copy(update=changes))


# KOMBIT is asked


def test_kombit_is_let_in_and_told_once_that_the_answer_is_theirs() -> None:
    """R18."""
    people, note = (a for a in plan(a_setup(), kombits_setup()).actions if isinstance(a, AddPeople | WriteNotice))
    assert isinstance(people, AddPeople)
    assert (people.organisation, people.added_as, people.rules) == ("KOMBIT", "deltagere", ("R18",))
    assert isinstance(note, WriteNotice)
    assert (note.code, note.rules) == ("varsel_spurgt", ("R18",))
    assert "overgangen på sagen" in note.body
    again = carried_out(a_setup(), plan(a_setup(), kombits_setup()))
    assert not [a for a in plan(again, kombits_setup()).actions if isinstance(a, AddPeople | WriteNotice)]


def test_a_ticket_that_is_shared_with_them_is_not_shared_again() -> None:
    shared = a_setup(organisations=("Ballerup Kommune", "KOMBIT"))
    (people,) = (a for a in plan(shared, kombits_setup()).actions if isinstance(a, AddPeople))
    assert people.organisation is None


def test_they_are_asked_of_an_offer_to_them_only_and_where_the_site_has_their_status() -> None:
    assert "varsel_spurgt" not in codes(plan(a_setup(attachments=()), kombits_setup()))
    assert "varsel_spurgt" not in codes(plan(a_setup(), ONLY_OFFER.model_copy(update={"setup_holder": None})))
    assert codes(plan(offered())) == []
    known = with_solution()
    statuses = {role: names for role, names in known.jira.statuses.items() if role is not StatusRole.KOMBIT_ACCEPTED}
    without = replace(known, jira=known.jira.model_copy(update={"statuses": statuses}))
    assert "varsel_spurgt" not in codes(plan(a_setup(), kombits_setup(), known=without))


# Reminders until they answer

FIRST, SECOND = "2026-11-26 16:00", "2026-12-01 16:00"  # three and six working days after the offer


def reminders(ticket: Ticket, now: str, memory: Memory | None = None, known: Catalogue | None = None) -> list[str]:
    """The reminders that are due, by notice or by mail."""
    found = plan(ticket, memory or kombits_setup(), now, known)
    mails = [action.dispatch for action in letters_of(found) if action.dispatch.startswith("Rykker-")]
    return [note.mark for note in notes(found) if note.code == "varsel_påmindelse"] + mails


def test_kombit_is_reminded_on_the_days_of_the_mapping_and_once_each() -> None:
    """R18."""
    assert reminders(a_setup(), "2026-11-26 15:59") == []
    assert plan(a_setup(), kombits_setup(), "2026-11-26 15:59").wake_at == at(FIRST)
    (first,) = reminders(a_setup(), FIRST)
    assert "påmindelse 1 om tilbuddet af 23-11-2026 kl. 09:30" in first
    told = carried_out(a_setup(), plan(a_setup(), kombits_setup(), FIRST))
    assert reminders(told, "2026-12-01 15:59") == []
    assert plan(told, kombits_setup(), FIRST).wake_at == at(SECOND)
    (second,) = reminders(told, SECOND)
    assert "påmindelse 2" in second
    known = with_offers(with_solution(), kombit_reminder_days=1)
    assert len(reminders(a_setup(), "2026-11-24 16:00", known=known)) == 1


BOTH_DEMANDED = with_offers(with_solution(), kombit_mail_required=True)


def test_where_both_are_demanded_nobody_is_told_that_one_is_enough() -> None:
    """R18."""
    (one,) = (note for note in notes(plan(a_setup(), kombits_setup())) if note.code == "varsel_spurgt")
    (both,) = (note for note in notes(plan(a_setup(), kombits_setup(), known=BOTH_DEMANDED)) if note.code == one.code)
    assert "et ja ved mail tæller også" in one.body
    assert "tæller også" not in both.body
    assert "De skal også svare ved mail" in both.body


def test_whoever_has_given_half_an_answer_is_reminded_of_the_other_half() -> None:
    """R18: it is not said that they have not answered."""
    step = moved("Afventer Kunde", "KOMBIT-accept modtaget", APPROVED, KOMBITS)
    by_step = recorded(a_setup(history=(*a_setup().history, step), status="KOMBIT-accept modtaget"))
    by_mail = a_setup(attachments=answered().attachments)
    memory = kombits_setup(a2=KOMBITS_YES)
    (first,) = (n for n in notes(plan(by_step, kombits_setup(), FIRST, BOTH_DEMANDED)) if n.code == "varsel_påmindelse")
    (second,) = (n for n in notes(plan(by_mail, memory, FIRST, BOTH_DEMANDED)) if n.code == "varsel_påmindelse")
    assert "KOMBIT har svaret på sagen, men ikke på mailen" in first.body
    assert "KOMBIT har svaret på mailen af 23-11-2026 kl. 09:30, men ikke med overgangen" in second.body
    mails = with_offers(sending(), kombit_mail_required=True)
    to = {FieldName.OFFER_TO: KOMBITS.email}
    (letter,) = letters_of(plan(replace(by_step, fields={**by_step.fields, **to}), kombits_setup(), FIRST, mails))
    assert "I har svaret på sagen; vi mangler også jeres svar ved mail." in letter.letter.body
    assert "både på sagen og ved mail" in letter.letter.body
    assert_harmless(letter)


def test_where_the_desk_is_to_remind_them_the_letter_is_there_to_copy() -> None:
    """R18: once, in the comment that asks for it, and nothing in it ends the block in which it stands."""
    ticket = a_setup(fields={FieldName.OFFER_TO: KOMBITS.email, FieldName.SOLUTION: "Fagsystem X"})
    (note,) = (n for n in notes(plan(ticket, kombits_setup(), FIRST)) if n.code == "varsel_påmindelse")
    says, letter, rest = note.body.split("{noformat}")
    assert "Mind dem om det (påmindelse 1)" in says
    assert says.endswith("\n\nKladde til kirsten@kombit.example: DUBU-1: Påmindelse 1 – afventer jeres svar\n")
    assert letter.startswith("\nHej KOMBIT\n\nVi mangler jeres svar.\n")
    assert "løsningen Fagsystem X" in letter
    assert rest == ""
    (warned,) = (n for n in notes(plan(a_setup(), kombits_setup())) if n.code == "varsel_spurgt")
    assert "{noformat}" not in warned.body


def test_after_a_long_silence_they_are_reminded_once_and_not_of_every_day_that_passed() -> None:
    (only,) = reminders(a_setup(), "2027-02-01 12:00")
    assert "påmindelse 15 om" in only


def test_reminders_come_to_an_end() -> None:
    """R18: sixty at most; and silence has approved nothing."""
    late = plan(a_setup(), kombits_setup(), "2030-01-01 12:00")
    told = carried_out(a_setup(), late)
    after = plan(told, kombits_setup(), "2036-01-01 12:00")
    assert "påmindelse 60" in notes(late)[-1].mark
    assert notes(after) == []
    assert after.wake_at is None


KOMBITS_YES = a_yes(senders=(sender("kirsten@kombit.example"),))


@pytest.mark.parametrize(
    ("answer", "is_reminded"),
    [
        (KOMBITS_YES, False),
        (KOMBITS_YES.model_copy(update={"says": Says.NO, "no_words": ("nej",)}), False),
        (KOMBITS_YES.model_copy(update={"says": Says.CONDITIONAL, "condition_words": ("men",)}), False),
        (KOMBITS_YES.model_copy(update={"automatic": True}), True),
        (a_yes(), True),
        (a_yes(odd=("two_ids",)), True),
    ],
    ids=["yes", "no", "yes but", "out of office", "another's yes", "another's odd mail"],
)
def test_whoever_has_answered_is_not_reminded_and_others_cannot_answer_for_them(
    answer: MailFacts, is_reminded: bool
) -> None:
    """R18: until they answer."""
    ticket = a_setup(attachments=answered().attachments)
    assert bool(reminders(ticket, FIRST, kombits_setup(a2=answer))) is is_reminded


def test_a_picture_that_somebody_attaches_does_not_stop_the_reminders() -> None:
    picture = attached("2", "skærmbillede.png", APPROVED, CUSTOMER)
    assert len(reminders(a_setup(attachments=(*a_setup().attachments, picture)), FIRST)) == 1


def test_who_has_second_thoughts_has_answered() -> None:
    files = (*answered().attachments, attached("3", "forbehold.eml", APPROVED + timedelta(hours=2)))
    doubt = KOMBITS_YES.model_copy(
        update={"digest": digest("3"), "message_id": digest("id 3"), "says": Says.BOTH, "no_words": ("nej",)}
        | {"sent_at": APPROVED + timedelta(hours=1)}
    )
    assert reminders(a_setup(attachments=files), FIRST, kombits_setup(a2=KOMBITS_YES, a3=doubt)) == []


def test_their_transition_is_an_answer_and_half_an_answer_is_none() -> None:
    """R18: the setting that demands a mail too."""
    step = moved("Afventer Kunde", "KOMBIT-accept modtaget", APPROVED, KOMBITS)
    ticket = recorded(a_setup(history=(*a_setup().history, step), status="KOMBIT-accept modtaget"))
    both = with_offers(with_solution(), kombit_mail_required=True)
    assert reminders(ticket, FIRST) == []
    assert len(reminders(ticket, FIRST, known=both)) == 1


def test_by_setting_the_reminder_is_a_mail_that_is_neither_yes_nor_offer_and_goes_out_once() -> None:
    """R18."""
    ticket = a_setup(fields={FieldName.OFFER_TO: KOMBITS.email})
    (action,) = letters_of(plan(ticket, kombits_setup(), FIRST, sending()))
    assert (action.letter.to, action.rules) == ((KOMBITS.email,), ("R18",))
    assert "Vi mangler jeres svar.\nDet gælder sag DUBU-1" in action.letter.body
    assert "23-11-2026 kl. 09:30" in action.letter.body
    assert_harmless(action)
    done = kombits_setup().model_copy(update={"dispatches": {action.dispatch: Dispatch.ATTACHED}})
    assert letters_of(plan(ticket, done, FIRST, sending())) == []
    zone = timezone(timedelta(hours=-5))  # as Jira tells the time to a user who moved
    files = tuple(replace(file, created=file.created.astimezone(zone)) for file in ticket.attachments)
    (same,) = letters_of(plan(replace(ticket, attachments=files), kombits_setup(), FIRST, sending()))
    assert same.dispatch == action.dispatch


def assert_harmless(action: SendLetter) -> None:
    facts = facts_of(compose(action.letter), action.filename, Reading.of(sending(), None), None)
    assert isinstance(facts, MailFacts)
    assert (facts.says, facts.yes_words, facts.automatic) == (Says.NOTHING, (), True)
    letter = replace(a_setup(), attachments=(attached("1", action.filename, OFFERED, ADAPTER),))
    view = decide(letter, sending(), kombits_setup(a1=facts), at(FIRST))
    assert not [note for note in notes(view) if note.code == "varsel_spurgt"]


def test_without_an_address_of_theirs_the_ticket_is_reminded_instead() -> None:
    (note,) = reminders(a_setup(), FIRST, known=sending())
    assert "påmindelse 1" in note


# The day by which they hear if the price can't hold


def priced(day: date, **known: Any) -> Ticket:  # noqa: ANN401 - any of the ticket's own fields
    return offered(**known, fields={FieldName.PRICE_NOTICE_BY: day})


MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("now", "warns"),
    [
        ("2026-11-26 23:59", False),
        ("2026-11-27 00:00", True),  # the Friday before
        ("2026-11-30 23:59", True),
        ("2026-12-01 00:00", False),  # too late to warn
    ],
)
def test_the_ticket_warns_before_the_day_passes(now: str, warns: bool) -> None:
    """R13."""
    assert ("varsel_prisvarsel" in codes(plan(priced(MONDAY), now=now))) is warns


def test_it_warns_once_for_each_day_that_was_promised() -> None:
    """R13."""
    before = plan(priced(MONDAY), now="2026-11-24 10:00")
    assert before.wake_at == at("2026-11-27 00:00")
    warning = plan(priced(MONDAY), now="2026-11-27 08:00")
    assert "30-11-2026" in notes(warning)[0].body
    assert notes(warning)[0].rules == ("R13",)
    told = carried_out(priced(MONDAY), warning)
    assert codes(plan(told, now="2026-11-30 08:00")) == []
    later = replace(told, fields={**told.fields, FieldName.PRICE_NOTICE_BY: date(2026, 12, 4)})
    assert codes(plan(later, now="2026-12-03 08:00")) == ["varsel_prisvarsel"]


def test_the_warning_comes_as_many_working_days_before_as_the_mapping_says() -> None:
    for days, first in ((0, "2026-11-30 00:00"), (1, "2026-11-27 00:00"), (5, "2026-11-23 00:00")):
        known = with_offers(with_solution(), warn_days=days)
        before = at(first) - timedelta(minutes=1)
        assert codes(decide(priced(MONDAY), known, ONLY_OFFER, before)) == []
        assert "varsel_prisvarsel" in codes(decide(priced(MONDAY), known, ONLY_OFFER, at(first)))


def test_work_that_goes_on_is_warned_too_but_not_what_was_never_offered_or_is_done() -> None:
    """R13."""
    steps = (moved("Afventer Kunde", "Godkendt", APPROVED, ADAPTER), moved("Godkendt", "I gang", APPROVED, AGENT))
    files = answered().attachments
    working = priced(MONDAY, attachments=files, status="I gang", history=(*offered().history, *steps))
    assert codes(plan(working, BOTH, "2026-11-27 08:00")) == ["varsel_prisvarsel"]
    assert codes(plan(priced(MONDAY, attachments=()), Memory(), "2026-11-27 08:00")) == []
    done = replace(working, status=a_ticket(status="Løst").status)
    assert codes(plan(done, BOTH, "2026-11-27 08:00")) == []


def test_a_draft_that_promises_a_day_that_has_passed_does_not_stand() -> None:
    """R7: nobody copies it the day after."""
    after = "2026-12-02 00:00"  # the day is 1 December
    before = plan(ready(comments=(said("Hej", AGENT),)), Memory())
    assert before.wake_at == at(after)
    assert "senest 01-12-2026" in comment_of(before)
    assert "er passeret; skriv en ny" in comment_of(plan(ready(), Memory(), after))
    assert "{noformat}" not in comment_of(plan(ready(), Memory(), after))


@given(st.dates())
def test_no_day_that_somebody_writes_breaks_the_warning(day: date) -> None:
    decide(priced(day), with_solution(), ONLY_OFFER, at("2026-11-23 15:00"))


# Hours


def setup_at(hours: float, **fields: Any) -> Ticket:  # noqa: ANN401 - values of fields by name
    known = {FieldName(name): value for name, value in fields.items()}
    return a_setup(attachments=answered().attachments, seconds_spent=int(hours * HOUR), fields=known)


PAID = BOTH.model_copy(update={"setup_holder": LATER_SETUP.setup_holder})


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (23.9, []),
        (24, ["varsel_timer"]),
        (29.9, ["varsel_timer"]),
        (30, ["varsel_timeloft"]),
        (45, ["varsel_timeloft"]),
    ],
)
def test_the_ticket_warns_at_eighty_percent_and_tells_of_the_cap(hours: float, told: list[str]) -> None:
    """R19."""
    assert codes(plan(setup_at(hours), PAID)) == told


def test_each_is_told_once_whatever_more_is_logged() -> None:
    """R19."""
    warned = plan(setup_at(24), PAID)
    assert "24 af 30 timer er brugt (80 %)" in notes(warned)[0].body
    told = carried_out(setup_at(24), warned)
    assert codes(plan(replace(told, seconds_spent=29 * HOUR), PAID)) == []
    full = replace(told, seconds_spent=30 * HOUR)
    assert codes(plan(full, PAID)) == ["varsel_timeloft"]
    assert codes(plan(carried_out(full, plan(full, PAID)), PAID)) == []


def test_another_cap_is_warned_of_anew_though_its_figures_are_the_same() -> None:
    """R13, R19: 3,50 hours are not 350."""
    small = setup_at(3, tilbudte_timer=Decimal("3.5"))
    told = carried_out(small, plan(small, PAID))
    assert len(told.comments) == 1
    assert codes(plan(replace(told, seconds_spent=int(3.4 * HOUR)), PAID)) == []
    raised = replace(setup_at(300, tilbudte_timer=Decimal(350)), comments=told.comments)
    assert codes(plan(raised, PAID)) == ["varsel_timer"]


def test_before_an_approval_there_is_no_cap_to_tell_of() -> None:
    paid = ONLY_OFFER.model_copy(update={"setup_holder": LATER_SETUP.setup_holder})
    assert codes(plan(setup_at(31), paid)) == []
    assert codes(plan(answered(seconds_spent=500 * HOUR), BOTH)) == []  # a fixed price has none


# Disagreement


def quarrel(body: str = "#dubu uenighed fordi prisen er for høj", by: Person = AGENT) -> Comment:
    return said(body, by, at("2026-11-23 12:00"), public=False, number="20")


def test_on_disagreement_both_owners_are_added_and_told_once() -> None:
    """R14."""
    ticket = offered(comments=(quarrel(),))
    found = plan(ticket)
    (people,) = (action for action in found.actions if isinstance(action, AddPeople))
    assert (people.accounts, people.added_as, people.rules) == ((str(OWNER.account),), "deltagere", ("R14",))
    reason, added = notes(found)
    assert "“prisen er for høj”" in reason.body
    assert "Projektejer hos Netcompany kan ikke inddrages af adapteren" in reason.body
    assert reason.tells_of is None
    assert "Projektejer hos KOMBIT er inddraget" in added.body
    assert added.tells_of == people
    assert not {AddPeople, WriteNotice} & {type(action) for action in plan(carried_out(ticket, found)).actions}


def test_owners_are_said_to_be_brought_in_once_they_are_and_not_before() -> None:
    """R14: those who could not be added are added at the next look, and the ticket asks for them until then."""
    ticket = offered(comments=(quarrel(),))
    found = plan(ticket)
    assert "Projektejerne skal inddrages" in comment_of(found)
    assert "er inddraget" not in comment_of(found)
    only_reason = Plan(tuple(note for note in notes(found) if note.tells_of is None))
    again = plan(carried_out(ticket, only_reason))
    assert [type(a) for a in again.actions if isinstance(a, AddPeople | WriteNotice)] == [AddPeople, WriteNotice]
    assert "Projektejer hos KOMBIT er inddraget. (R14)" in comment_of(plan(carried_out(ticket, found)))


def test_where_no_owner_can_be_reached_a_person_is_asked_to_bring_them_in() -> None:
    """R14: as the mapping is shipped."""
    found = plan(offered(comments=(quarrel(),)), known=catalogue())
    assert not [action for action in found.actions if isinstance(action, AddPeople)]
    (note,) = notes(found)
    both = "Projektejer hos Netcompany og Projektejer hos KOMBIT kan ikke inddrages af adapteren"
    assert both in note.body
    assert "Projektejerne skal inddrages" in comment_of(found)


def test_where_the_adapter_sends_nothing_the_letter_to_the_owners_is_a_draft_while_they_disagree() -> None:
    """R14: they hear the reason."""
    known = with_offers(sending(), way=OfferWay.DRAFT)
    text = comment_of(plan(offered(comments=(quarrel(),)), known=known))
    assert "*Kladde* til ejer@netcompany.example, erik@kombit.example: DUBU-1: Uenighed" in text
    assert "Årsag: “prisen er for høj”" in text
    assert "Kladde" not in comment_of(plan(offered(comments=(quarrel(),)), known=sending()))
    end = said("#dubu uenighed løst fordi vi blev enige", AGENT, at("2026-11-23 13:00"), public=False, number="21")
    assert "Kladde" not in comment_of(plan(offered(comments=(quarrel(), end)), known=known))
    nobody = comment_of(plan(offered(comments=(quarrel(),)), known=catalogue()))
    assert "*Kladde*: DUBU-1: Uenighed" in nobody


def test_a_disagreement_without_words_says_who_raised_it_and_one_that_ended_is_not_told() -> None:
    """R14."""
    yes = changed(FieldName.DISAGREEMENT, None, "Ja", at("2026-11-23 12:00"), AGENT)
    note, _ = notes(plan(offered(field_history=(yes,), fields={FieldName.DISAGREEMENT: "Ja"})))
    assert "Agnete Agent meldte uenighed i feltet 23-11-2026 kl. 12:00" in note.body
    refusal = a_yes(says=Says.NO, yes_words=(), no_words=("nej",))
    by_mail, _ = notes(plan(answered(), remembering(a1=an_offer(), a2=refusal)))
    assert "Betaleren sagde nej 23-11-2026 kl. 11:01" in by_mail.body
    end = said("#dubu uenighed løst fordi vi blev enige", AGENT, at("2026-11-23 13:00"), public=False, number="21")
    assert codes(plan(offered(comments=(quarrel(), end)))) == []


def test_by_setting_each_owner_gets_one_mail_whatever_zone_jira_tells_the_time_in() -> None:
    """R14."""
    ticket = offered(comments=(quarrel(),))
    letters = letters_of(plan(ticket, known=sending()))
    assert [action.letter.to for action in letters] == [("ejer@netcompany.example",), ("erik@kombit.example",)]
    assert {action.rule for action in letters} == {"R14"}
    assert all("“prisen er for høj”" in action.letter.body for action in letters)
    for action in letters:
        assert_harmless(action)
    elsewhere = datetime.fromisoformat("2026-11-23T06:00:00-05:00")
    same = offered(comments=(replace(quarrel(), created=elsewhere),))
    assert [a.dispatch for a in letters_of(plan(same, known=sending()))] == [a.dispatch for a in letters]
    done = ONLY_OFFER.model_copy(update={"dispatches": {a.dispatch: Dispatch.DOUBTFUL for a in letters}})
    assert letters_of(plan(ticket, done, known=sending())) == []
    both = "Projektejer hos Netcompany og Projektejer hos KOMBIT er inddraget. (R14)"
    assert both in comment_of(plan(ticket, done, known=sending()))


def refused_with(*times: str, author: Person = AGENT) -> tuple[Ticket, Memory]:
    """A ticket to which one no after another was attached, at these times of the day after its offer."""
    files = tuple(attached(f"3{n}", "nej.eml", at(f"2026-11-23 {time}"), author) for n, time in enumerate(times))
    mails = {
        f"a3{n}": a_yes(
            digest=digest(f"no {n}"), message_id=digest(f"no {n} id"), says=Says.NO, yes_words=(), no_words=("nej",)
        )
        for n, _ in enumerate(times)
    }
    return offered(attachments=(*offered().attachments, *files)), remembering(a1=an_offer(), **mails)


def test_a_payer_that_says_no_again_and_again_has_one_disagreement_and_the_owners_hear_of_it_once() -> None:
    """R14: else anybody who can mail the ticket could flood them."""
    ticket, memory = refused_with("12:00")
    first = plan(ticket, memory, known=sending())
    letters = letters_of(first)
    assert len(letters) == 2
    again, known = refused_with("12:00", "12:10", "12:20")
    told = carried_out(again, first)
    known = known.model_copy(update={"dispatches": {a.dispatch: Dispatch.ATTACHED for a in letters}})
    later = plan(told, known, known=sending())
    assert [a for a in later.actions if isinstance(a, SendLetter | WriteNotice | AddPeople)] == []
    assert "Betaleren sagde nej 23-11-2026 kl. 12:20" in comment_of(later)
    end = said("#dubu uenighed løst fordi vi blev enige", AGENT, at("2026-11-23 12:05"), public=False, number="21")
    anew = plan(replace(told, comments=(*told.comments, end)), known, known=sending())
    assert len(letters_of(anew)) == 2  # once it was settled, the next one is another disagreement


def test_a_no_that_anybody_may_have_put_there_closes_the_gate_and_only_the_desk_is_told() -> None:
    """R14: it may bring the owners in; R11 asks the same of a yes."""
    stranger, memory = refused_with("12:00", author=KOMBITS)
    found = plan(stranger, memory, known=sending())
    assert not [a for a in found.actions if isinstance(a, SendLetter | AddPeople)]
    assert codes(found) == ["varsel_uenighed"]
    assert "#dubu uenighed fordi …, og projektejerne bliver inddraget" in notes(found)[0].body
    assert "Det er ikke bevist, hvem nej'et kommer fra" in comment_of(found)
    draft = with_offers(sending(), way=OfferWay.DRAFT)
    assert "*Kladde* til ejer@" not in comment_of(plan(stranger, memory, known=draft))
    asked = replace(stranger, comments=(quarrel(),))
    brought = plan(asked, memory, known=sending())
    assert len(letters_of(brought)) == 2
    assert "Det er ikke bevist" not in comment_of(brought)


def test_an_owner_that_is_added_while_they_disagree_gets_the_one_letter_that_is_missing() -> None:
    """R14: a letter is known by whom it is to, and not by the place in a list."""
    ticket, known = offered(comments=(quarrel(),)), sending()
    first = letters_of(plan(ticket, known=known))
    assert all("@" not in a.dispatch for a in first)
    owners = known.parties.owners
    more = owners.supplier.model_copy(update={"mails": ("ny@netcompany.example", *owners.supplier.mails)})
    update = {"owners": owners.model_copy(update={"supplier": more})}
    changed_list = replace(known, parties=known.parties.model_copy(update=update))
    memory = ONLY_OFFER.model_copy(update={"dispatches": {a.dispatch: Dispatch.ATTACHED for a in first}})
    (missing,) = letters_of(plan(ticket, memory, known=changed_list))
    assert missing.letter.to == ("ny@netcompany.example",)


# Letters that may have gone out


def test_a_letter_that_may_have_gone_out_is_for_a_person_and_told_once() -> None:
    """R7."""
    memory = Memory(
        dispatches={"Tilbud-1": Dispatch.DOUBTFUL, "Tilbud-2": Dispatch.ATTACHED, "Tilbud-3": Dispatch.SENT}
    )
    found = plan(a_ticket(category="K10"), memory)
    assert codes(found) == ["varsel_usikker"]
    assert "Tilbud-1" in notes(found)[0].body
    assert codes(plan(carried_out(a_ticket(category="K10"), found), memory)) == []


def test_only_the_adapters_own_words_are_a_notice() -> None:
    first = mark("prisvarsel 30-11-2026", "R13")
    assert not has_notice(a_ticket(comments=(said(first, AGENT), said(f"Se: {first}", ADAPTER))), first)
    assert has_notice(a_ticket(comments=(said(f"*{first}*\r\n\r\nTekst", ADAPTER),)), first)
