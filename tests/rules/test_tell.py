"""What the ticket says is missing, the draft to copy, and what each file is worth (R7, R8, R10, R11, R17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import ApprovalState, FieldName
from adapter.rules.decide import decide
from adapter.rules.plan import Plan, WriteStatusComment
from adapter.rules.view import view_of
from adapter.ticket.evidence import Memory, Says
from adapter.ticket.snapshot import Comment, StatusChange, Ticket
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    CUSTOMER,
    KOMBITS,
    LATER_SETUP,
    NOW,
    OFFERED,
    STATUSES,
    a_setup,
    a_ticket,
    a_yes,
    an_offer,
    answered,
    asked,
    at,
    attached,
    catalogue,
    changed,
    comment_of,
    digest,
    kombits_setup,
    moved,
    of_solution,
    offered,
    ready,
    recorded,
    remembering,
    row,
    said,
    sender,
    sending,
    with_solution,
)

LATER = at("2026-11-23 15:00")
ONLY_OFFER = remembering(a1=an_offer())
BOTH = remembering(a1=an_offer(), a2=a_yes())
PAID = BOTH.model_copy(update={"setup_holder": LATER_SETUP.setup_holder})


def plan(ticket: Ticket, memory: Memory | None = None, known: Catalogue | None = None, now: datetime = LATER) -> Plan:
    return decide(ticket, known or with_solution(), memory or Memory(), now)


def told(ticket: Ticket, memory: Memory | None = None, known: Catalogue | None = None) -> str:
    return comment_of(plan(ticket, memory, known))


def in_status(ticket: Ticket, status: str, *steps: StatusChange) -> Ticket:
    return replace(ticket, status=STATUSES[status], history=(*ticket.history, *steps))


def internally(body: str) -> Comment:
    return said(body, AGENT, LATER, public=False)


# What is missing

REFUSAL = a_yes(says=Says.NO, yes_words=(), no_words=("nej",))
DOUBT = a_yes(says=Says.CONDITIONAL, condition_words=("men",))
RECATEGORISED = changed(FieldName.CATEGORY, row("K11"), row("K10"), LATER)
IN_NEED: dict[ApprovalState, tuple[Ticket, Memory, str]] = {
    ApprovalState.UNRESOLVED: (a_ticket(category="K6", reporter=None), Memory(), "feltet Betaler"),
    ApprovalState.OFFER_MISSING: (a_ticket(category="K10"), Memory(), "Send betaleren et tilbud"),
    ApprovalState.AWAITING: (offered(), ONLY_OFFER, "Vedhæft mailen med ja fra Ballerup Kommune"),
    ApprovalState.PERSON: (answered(), remembering(a1=an_offer(), a2=DOUBT), "vurder dem med en kommando"),
    ApprovalState.REFUSED: (answered(), remembering(a1=an_offer(), a2=REFUSAL), "Betaleren har svaret nej"),
    ApprovalState.LAPSED: (answered(field_history=(RECATEGORISED,)), BOTH, "Kategori er ændret"),
    ApprovalState.CAP_REACHED: (a_setup(attachments=answered().attachments, seconds_spent=10**6), PAID, "(R19)"),
    ApprovalState.DISAGREEMENT: (
        offered(comments=(internally("#dubu uenighed fordi prisen er for høj"),)),
        ONLY_OFFER,
        "Arbejdet er standset",
    ),
    ApprovalState.PREREQUISITES: (answered(category="K8"), BOTH, "Se tjeklisten nedenfor"),
}


@pytest.mark.parametrize("state", list(IN_NEED))
def test_a_closed_gate_always_says_what_would_open_it(state: ApprovalState) -> None:
    """R10."""
    ticket, memory, sentence = IN_NEED[state]
    assert view_of(ticket, with_solution(), memory, LATER).gate.state is state
    assert sentence in told(ticket, memory)


def test_every_state_of_a_closed_gate_is_told_of() -> None:
    assert set(IN_NEED) == set(ApprovalState) - {ApprovalState.APPROVED, ApprovalState.NOT_REQUIRED}


def test_an_open_gate_lacks_nothing_until_somebody_asks_for_another_offer() -> None:
    """R7, R13."""
    approved = in_status(answered(), "Godkendt", moved("Afventer Kunde", "Godkendt", APPROVED, ADAPTER))
    assert "Prisvarsel senest" not in told(approved, BOTH)
    assert "udfyld feltet Prisvarsel senest. (R7)" in told(asked(approved, when=LATER), BOTH, sending())
    support = a_ticket(category="K1", form_answers={"Hvem opretter": "Kommunen selv"})
    assert "Prisvarsel senest" not in told(asked(support), known=sending())


def test_hours_that_were_offered_in_the_mail_only_are_asked_for_in_the_fields() -> None:
    """R12, R19: what the approval covers is read from there."""
    waiting = offered(category="K2")
    assert "Tilbudt pris" in told(waiting, ONLY_OFFER)
    priced = replace(waiting, fields={**waiting.fields, FieldName.OFFERED_PRICE: Decimal(5000)})
    assert "Tilbudt pris" not in told(priced, ONLY_OFFER)
    assert "Tilbudt pris" not in told(offered(), ONLY_OFFER)  # a fixed price is the catalogue's


def test_an_offer_that_another_has_followed_and_the_yes_to_it_are_told_as_what_they_were() -> None:
    """R12, R13: no command makes the old yes one to the new offer."""
    second = an_offer(digest=digest("2"), message_id=digest("2 id"), sent_at=APPROVED + timedelta(minutes=10))
    files = (*answered().attachments, attached("3", "nyt.eml", APPROVED + timedelta(minutes=11)))
    known = remembering(a1=an_offer(), a2=a_yes(), a3=second)
    text = told(
        answered(attachments=files), known.model_copy(update={"accepted": {"1": "tilbud", "2": "godkendelse:1"}})
    )
    assert "“tilbud.eml” (nr. 1): et tidligere tilbud, sendt" in text
    assert "“nyt.eml” (nr. 3): tilbuddet, sendt" in text
    assert "“svar.eml” (nr. 2): tidligere godkendelse af tilbuddet nr. 1; den gælder ikke mere" in text
    assert "#dubu godkendelse 2" not in text


def test_the_day_that_was_promised_in_the_mail_only_is_asked_for_in_the_field() -> None:
    """R7, R13: from the field alone does anybody hear that it nears."""
    asks = "Udfyld også feltet Prisvarsel senest"
    for waiting in (offered(), offered(category="K2")):
        assert asks in told(waiting, ONLY_OFFER)
        dated = replace(waiting, fields={**waiting.fields, FieldName.PRICE_NOTICE_BY: date(2026, 12, 1)})
        assert asks not in told(dated, ONLY_OFFER)
    assert asks not in told(asked(offered(), when=LATER), ONLY_OFFER, sending())  # the next offer lacks it, and says so
    assert asks not in told(ready())  # no offer is out


def test_an_offer_that_lacks_a_party_says_so_also_where_the_mapping_no_longer_has_its_name() -> None:
    """R7: nothing is left unsent without a word."""
    old = {FieldName.PAYER: "Kommune", FieldName.PAYING_PARTY: "Gammelby Kommune"}
    by_adapter = tuple(changed(field, None, value, OFFERED, ADAPTER) for field, value in old.items())
    ticket = asked(ready(fields=old, history=offered().history, field_history=by_adapter))
    assert told(ticket, known=sending()).count("Skriv feltet Betalende part") == 1
    approved = in_status(answered(fields=old, field_history=by_adapter), "Godkendt")
    accepted = BOTH.model_copy(update={"accepted": {"1": "tilbud", "2": "godkendelse:1"}})
    assert "Skriv feltet Betalende part" not in told(approved, accepted, sending())
    assert "Skriv feltet Betalende part" in told(asked(approved), accepted, sending())
    assert told(asked(ready(fields={FieldName.PAYING_PARTY: "Gotham"}))).count("Skriv feltet Betalende part") == 1


def test_half_of_kombits_answer_names_the_other_half() -> None:
    """R18: the setting that demands both."""
    known = with_solution()
    both = replace(known, offers=known.offers.model_copy(update={"kombit_mail_required": True}))
    step = moved("Afventer Kunde", "KOMBIT-accept modtaget", APPROVED, KOMBITS)
    stepped = recorded(in_status(a_setup(), "KOMBIT-accept modtaget", step))
    assert "vedhæft også deres mail" in told(stepped, kombits_setup(), both)
    mailed = a_setup(attachments=answered().attachments)
    yes = a_yes(senders=(sender("kirsten@kombit.example"),))
    assert "de skal også bruge overgangen" in told(mailed, kombits_setup(a2=yes), both)


def test_kombit_for_anothers_setup_asks_for_the_reason_and_then_tells_it_with_its_author() -> None:
    """R16, R24."""
    chosen = a_setup(fields={FieldName.PAYER: "KOMBIT"})
    memory = kombits_setup().model_copy(update={"setup_holder": LATER_SETUP.setup_holder, "setups_held": frozenset()})
    assert "#dubu opsætning kombit fordi …" in told(chosen, memory)
    with_reason = replace(chosen, comments=(internally("#dubu opsætning kombit fordi den første aldrig kom i drift"),))
    text = told(with_reason, memory)
    assert "Agnete Agent besluttede 23-11-2026 kl. 15:00, at KOMBIT betaler: “den første aldrig kom i drift”" in text


# The draft


def test_kombit_for_a_solution_that_the_register_lacks_is_not_said_to_be_set_up_before() -> None:
    """R16: nobody knows; and the rule is cited once."""
    text = told(ready("K9", fields={FieldName.SOLUTION: "Helt Nyt System", FieldName.PAYER: "KOMBIT"}))
    assert "det vides ikke, om løsningen har været sat op før" in text
    assert "men løsningen er sat op før" not in text
    assert "(R16) (R16)" not in text
    assert "(R16) (R16)" not in told(ready("K9", fields={FieldName.SOLUTION: "Helt Nyt System"}))


def test_a_command_that_a_newer_choice_overrules_is_not_told_as_in_force() -> None:
    """R16, R24."""
    command = internally("#dubu opsætning kombit fordi det er aftalt")
    newer = changed(FieldName.PAYER, "KOMBIT", "Kommune", command.created + timedelta(minutes=1))
    ticket = ready("K9", fields={FieldName.PAYER: "Kommune"}, field_history=(newer,), comments=(command,))
    assert "besluttede" not in told(ticket, LATER_SETUP, with_solution())
    older = replace(ticket, field_history=(replace(newer, at=command.created - timedelta(minutes=1)),))
    assert "at KOMBIT betaler: “det er aftalt”" in told(older, LATER_SETUP, with_solution())
    betaler = internally("#dubu opsætning betaler fordi det er aftalt")
    assert "at den, der bestiller, betaler:" in told(ready("K9", comments=(betaler,)), LATER_SETUP, with_solution())


def writes(found: Plan) -> list[WriteStatusComment]:
    return [action for action in found.actions if isinstance(action, WriteStatusComment)]


def with_its_comment(ticket: Ticket, memory: Memory | None = None) -> Ticket:
    """The ticket once its status comment is written."""
    return replace(ticket, comments=(said(told(ticket, memory, catalogue()), ADAPTER, NOW, public=False, number="77"),))


def test_the_draft_stands_ready_to_copy_with_its_receiver_and_subject() -> None:
    """R7, R8."""
    text = told(ready(), known=catalogue())
    assert "Prisen er: 34.000 kr., som er en fast pris." in text
    assert "karl@ballerup.example" in text
    assert "DUBU-1: Tilbud – Arkivering – Bestilling" in text
    draft = text.partition("{noformat}")[2].partition("{noformat}")[0]
    assert draft.strip().startswith("Hej Ballerup Kommune")
    assert draft.strip().endswith("DUBU Service Desk")


def test_the_draft_is_written_once_and_again_only_when_its_terms_change() -> None:
    """R7, R13."""
    written = with_its_comment(ready())
    assert writes(plan(written, known=catalogue())) == []
    assert writes(plan(written, known=catalogue(), now=LATER + timedelta(hours=2))) == []
    unrelated = replace(written, summary="En anden overskrift", updated=LATER)
    assert writes(plan(unrelated, known=catalogue())) == []
    for field, value, sentence in (
        (FieldName.PRICE_NOTICE_BY, date(2026, 12, 3), "senest 03-12-2026."),
        (FieldName.OFFERED_PRICE, Decimal(30_000), "Prisen er: 30.000 kr."),
    ):
        (again,) = writes(plan(replace(written, fields={**written.fields, field: value}), known=catalogue()))
        assert again.existing == "77"  # over the old one, so that there is one draft only
        assert sentence in again.body


def test_there_is_a_draft_only_while_an_offer_is_what_is_missing() -> None:
    """R7: what was sent is not to be sent again by mistake."""
    fields = {FieldName.PRICE_NOTICE_BY: date(2026, 12, 1)}
    assert "{noformat}" in told(ready())
    assert "{noformat}" not in told(offered(fields=fields), ONLY_OFFER)
    assert "{noformat}" not in told(a_ticket(category="K10"))  # the day is missing
    lapsed = answered(fields=fields, field_history=(RECATEGORISED,))
    assert "{noformat}" in told(lapsed, BOTH)
    support = ready("K1", form_answers={"Hvem opretter": "Kommunen selv"})
    assert "{noformat}" not in told(support)


def test_a_first_setup_has_a_letter_for_kombit_and_one_for_the_orderer() -> None:
    """R17, R18."""
    memory = kombits_setup().model_copy(update={"evidence": {}})
    text = told(ready("K9"), memory)
    assert text.count("{noformat}") == 4
    assert "ikke en betalbar ydelse for jer" in text


def test_nothing_in_a_draft_ends_its_block() -> None:
    text = told(of_solution("X {noformat} {color:red}"))
    assert text.count("{noformat}") == 4
    assert "{color" not in text
    known = catalogue()
    marked = known.offers.offer.model_copy(update={"body": f"{known.offers.offer.body}\n{{noformat}} h1. Slut"})
    edited = replace(known, offers=known.offers.model_copy(update={"offer": marked}))
    assert told(ready(), known=edited).count("{noformat}") == 2


# The files


def test_a_letter_of_the_adapters_own_is_told_as_neither_offer_nor_approval() -> None:
    """R9."""
    reminder = attached("5", "Rykker-20261126T150000-1.eml", LATER, ADAPTER)
    text = told(offered(attachments=(*offered().attachments, reminder)), ONLY_OFFER)
    assert "“Rykker-20261126T150000-1.eml” (nr. 5): adapterens eget brev" in text
    assert "#dubu godkendelse 5" not in text


def test_kombits_transition_is_told_at_its_record_with_who_and_when() -> None:
    """R18."""
    step = moved("Afventer Kunde", "KOMBIT-accept modtaget", APPROVED, KOMBITS)
    record = attached("6", "KOMBIT-accept-20261123T100000Z.eml", APPROVED, ADAPTER)
    ticket = in_status(a_setup(attachments=(*a_setup().attachments, record)), "KOMBIT-accept modtaget", step)
    text = told(ticket, kombits_setup())
    assert "KOMBITs godkendelse: Kirsten Kombit brugte overgangen 23-11-2026 kl. 11:00" in text


def test_the_suppliers_own_mail_may_be_called_an_offer_and_a_lapsed_approval_confirmed() -> None:
    """R11, R12."""
    bare = remembering(a1=an_offer(offer_words=()))
    assert "*** #dubu tilbud 1 fordi …" in told(offered(), bare)
    assert "*** #dubu godkendelse 2 fordi …" in told(answered(field_history=(RECATEGORISED,)), BOTH)
    assert "*** #dubu godkendelse 2 fordi …" not in told(answered(), BOTH)


def test_nobody_is_offered_a_command_that_could_not_change_anything() -> None:
    """R11: no person overrules that a mail is another ticket's."""
    used = BOTH.model_copy(update={"used_elsewhere": {digest("yes file"): "DUBU-7"}})
    text = told(answered(), used)
    assert "allerede brugt som godkendelse på DUBU-7" in text
    assert "*** #dubu godkendelse 2" not in text


def test_fifteen_files_that_ask_for_something_leave_no_room_for_others() -> None:
    pictures = tuple(attached(str(n), f"billede{n}.png", OFFERED + timedelta(hours=1), CUSTOMER) for n in range(30, 50))
    aside = attached("60", "kvittering.eml", OFFERED, CUSTOMER)
    memory = remembering(a1=an_offer(), a60=an_offer(digest=digest("60"), message_id=None, offer_words=()))
    text = told(offered(attachments=(*offered().attachments, aside, *pictures)), memory)
    assert text.count("“billede") == 15
    assert "kvittering.eml" not in text
    assert "og 7 ældre filer" in text
