"""What the one status comment says, and what never gets into it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from adapter.catalogue.words import AccountId, CommentId, FieldName
from adapter.rules.comment import MARKER, existing_status_comment
from adapter.rules.decide import decide
from adapter.rules.plain import plain
from adapter.rules.plan import Plan, WriteStatusComment
from adapter.ticket.evidence import Memory, Says, Trouble, Unread, UnreadFile
from adapter.ticket.snapshot import Person, Ticket, Value
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    CUSTOMER,
    NOW,
    OFFERED,
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
    moved,
    offered,
    remembering,
    row,
    said,
    sender,
)

LATER = at("2026-11-23 15:00")


def told(ticket: Ticket, memory: Memory | None = None, now: datetime = LATER) -> str:
    return comment_of(decide(ticket, catalogue(), memory or Memory(), now))


def test_it_says_what_was_decided_from_what_and_by_which_rule() -> None:
    text = told(a_ticket(request_type="Bestil arkivering"), now=NOW)
    assert MARKER in text.splitlines()[0]
    assert "K10 Arkivering – Bestilling – fra anmodningstypen “Bestil arkivering” (R2)" in text
    assert "Ballerup" in text
    assert "34.000 kr." in text
    assert "senest 23-11-2026 kl. 12:00" in text
    assert "(R7, R8)" in text


def test_words_that_decided_are_told_as_the_mapping_has_them() -> None:
    assert "Robotter – fra ordene “robot" in told(a_ticket(summary="Ny robot skal testes i DUBU test"), now=NOW)


def test_triage_names_the_candidates_and_the_words_that_spoke() -> None:
    text = told(a_ticket(summary="arkivering"))
    assert "kategorien skal vælges af en person" in text
    assert text.count("Kunne være") >= 2
    assert "“arkiver" in text


def test_it_is_written_once_and_then_only_when_it_would_say_something_else() -> None:
    ticket = a_ticket(category="K10")
    text = told(ticket, now=NOW)
    stored = text.replace("\n", "\r\n") + "  "  # as Jira may give it back
    same = replace(ticket, comments=(said(stored, ADAPTER, public=False, number="7"),))
    assert not _writes(decide(same, catalogue(), Memory(), NOW))
    rewritten = text.replace("23-11", "23\\-11").replace("* ", " - ").replace(" – ", "\u00a0–\u00a0")
    by_jira = replace(ticket, comments=(said(rewritten, ADAPTER, public=False, number="7"),))
    assert not _writes(decide(by_jira, catalogue(), Memory(), NOW))
    by_person = replace(same.comments[0], edited_by=AGENT.account)
    assert _writes(decide(replace(ticket, comments=(by_person,)), catalogue(), Memory(), NOW)) == [CommentId("7")]
    other = replace(ticket, comments=(said(told(a_ticket(category="K11"), now=NOW), ADAPTER, number="7"),))
    assert _writes(decide(other, catalogue(), Memory(), NOW)) == [CommentId("7")]


def _writes(plan: Plan) -> list[CommentId | None]:
    return [a.existing for a in plan.actions if isinstance(a, WriteStatusComment)]


def test_it_is_found_by_author_and_marker_the_oldest_first() -> None:
    mine = said(f"*{MARKER}*", ADAPTER, LATER, number="9")
    older = said(f"*{MARKER}*", ADAPTER, NOW, number="8")
    forged = said(f"*{MARKER}*", CUSTOMER, NOW, number="1")
    assert existing_status_comment(a_ticket(comments=(forged, mine, older))) == older
    assert existing_status_comment(a_ticket(comments=(forged, said("andet", ADAPTER)))) is None


def test_an_unchanged_ticket_reads_the_same_an_hour_later() -> None:
    memory = remembering(a1=an_offer())
    assert told(offered(), memory, LATER) == told(offered(), memory, LATER + timedelta(hours=1))


def test_a_second_copy_of_the_offer_is_told_as_such() -> None:
    text = told(answered(), remembering(a1=an_offer(), a2=an_offer(digest=digest("saved again"))))
    assert "“svar.eml” (nr. 2): det samme tilbud som tilbud.eml; det tæller aldrig som godkendelse" in text


def test_every_check_of_an_answer_is_listed_with_its_outcome() -> None:
    text = told(answered(), remembering(a1=an_offer(), a2=a_yes(senders=(sender("x@elsewhere.test"),))))
    assert "afsenderens domæne elsewhere.test hører ikke til Ballerup" in text
    assert "Opfyldt: én afsender, ikke fra Leverandøren, ikke selve tilbuddet" in text
    assert "Ikke opfyldt: afsenderens domæne" in text
    assert "tæller ikke som godkendelse" in text


@pytest.mark.parametrize("reason", list(Unread))
def test_a_file_that_cannot_be_read_is_named_with_the_reason_and_what_to_do(reason: Unread) -> None:
    text = told(answered(), remembering(a1=an_offer(), a2=UnreadFile(reason=reason)))
    assert "“svar.eml” (nr. 2)" in text
    assert "#dubu godkendelse 2 fordi" in text


@pytest.mark.parametrize("says", list(Says))
def test_whatever_an_answer_says_can_be_told(says: Says) -> None:
    facts = a_yes(says=says, no_words=("nej",), condition_words=("men",))
    assert "svar.eml" in told(answered(), remembering(a1=an_offer(), a2=facts))


def test_a_persons_verdict_is_told_with_name_and_reason() -> None:
    files = (*offered().attachments, attached("4", "svar.pdf", APPROVED))
    for verdict, words in (
        ("godkendelse", "godkendelse efter vurdering"),
        ("ingen", "lagt til side"),
        ("tilbud", "tilbuddet efter"),
    ):
        command = said(f"#dubu {verdict} 4 fordi chefen har sagt det", public=False, when=LATER)
        text = told(offered(attachments=files, comments=(command,)), remembering(a1=an_offer()))
        assert f"{words}" in text
        assert "Agnete Agent" in text
        assert "chefen har sagt det" in text


def test_a_put_back_is_told_the_same_before_and_after_it_was_done() -> None:
    early = moved("Ny", "I gang", NOW)
    before = told(a_ticket(category="K10", status="I gang", history=(early,)), now=NOW)
    after = told(a_ticket(category="K10", history=(early, moved("I gang", "Ny", NOW, ADAPTER))), now=NOW)
    assert before == after
    assert "flyttede Agnete Agent sagen til “I gang”" in before


def test_a_move_that_keeps_failing_is_raised_to_a_person() -> None:
    trouble = Trouble(kind="CannotMove", attempts=3, since=NOW)
    text = told(a_ticket(category="K10"), Memory(trouble=trouble))
    assert "En person skal flytte den" in text
    once = Trouble(kind="CannotMove", attempts=2, since=NOW)
    assert "En person skal flytte den" not in told(a_ticket(category="K10"), Memory(trouble=once))


def test_nothing_shaped_like_a_cpr_number_and_no_markup_gets_in() -> None:
    hostile = attached("2", "(/) [~agent-1] !http://evil.test/x.png! 010203-1234 {code}0102031234{code}.pdf", OFFERED)
    who = Person(AccountId("x"), "*{panel}* 0102031234", is_agent=True)
    history = (moved("Ny", "I gang", NOW, who),)
    text = told(a_ticket(category="K10", attachments=(hostile,), history=history, status="I gang"))
    for banned in ("010203", "[~", "{code}", "{panel}", "!http", "://", "(/)"):
        assert banned not in text
    assert "xxxxxx-xxxx" in text


@pytest.mark.parametrize(
    "written",
    [
        "010290-3123",
        "0102903123",
        "010290 - 3123",
        "01.02.90-3123",
        "01 02 90 3123",
        "01-02-1990-3123",
        "010290–3123",
        "010290_3123",
        "010290/3123",
        "010290(3123)",
        "０１０２９０-３１２３",
        "010290\u20113123",
        "010290*-*3123",
    ],
)
def test_a_cpr_number_is_masked_however_it_is_written(written: str) -> None:
    assert plain(f"skema {written}.pdf").endswith("xxxxxx-xxxx.pdf") or "xxxxxx-xxxx" in plain(f"skema {written}.pdf")
    assert "3123" not in plain(f"skema {written}.pdf")


def test_what_is_no_cpr_number_is_left_as_it_is() -> None:
    for text in ("bilag 10051", "DUBU-1234", "faktura 99123456789", "24-11-2026 kl. 10"):
        assert plain(text) == text


def test_plain_text_is_short_printable_and_on_one_line() -> None:
    assert plain("a\n\tb\x00\u202ec") == "a bc"
    assert plain("x" * 200) == "x" * 119 + "…"


def test_many_files_do_not_make_an_endless_comment_nor_hide_what_counts() -> None:
    noise = tuple(attached(str(n), f"kvittering{n}.eml", OFFERED) for n in range(100, 160))
    files = (*answered().attachments, *noise)
    facts = {f"a{n}": an_offer(digest=digest(str(n)), message_id=None, offer_words=()) for n in range(100, 160)}
    text = told(answered(attachments=files), remembering(a1=an_offer(), a2=a_yes(), **facts))
    assert "tilbud.eml" in text
    assert "svar.eml" in text
    assert text.count("kvittering") == 13
    assert "og 47 ældre filer" in text


def test_a_command_that_changes_nothing_is_named_with_the_reason() -> None:
    cases = {
        "#dubu godkend det nu": "den kan ikke forstås",
        "#dubu godkendelse 77 fordi de ringede": "der er ingen fil med det nummer",
    }
    for body, why in cases.items():
        comment = said(body, public=False)
        assert why in told(answered(comments=(comment,)), remembering(a1=an_offer()))
    public = said("#dubu godkendelse 2 fordi de ringede")
    assert "intern kommentar" in told(answered(comments=(public,)), remembering(a1=an_offer()))
    customers = said("#dubu godkendelse 2 fordi de ringede", CUSTOMER, public=False)
    assert "medarbejder i servicedesken" in told(answered(comments=(customers,)), remembering(a1=an_offer()))
    edited = replace(said("#dubu godkendelse 2 fordi de ringede", public=False), edited_by=CUSTOMER.account)
    assert "rettet af en anden" in told(answered(comments=(edited,)), remembering(a1=an_offer()))


def test_each_file_shows_the_commands_that_would_change_something() -> None:
    refused = told(answered(), remembering(a1=an_offer(), a2=a_yes(senders=(sender("x@elsewhere.test"),))))
    assert "*** #dubu godkendelse 2 fordi …" in refused
    assert "#dubu tilbud 2" not in refused
    to_another = told(offered(), remembering(a1=an_offer(recipients=(sender("it@elsewhere.test"),))))
    assert "den er ikke sendt til betaleren" in to_another
    assert "*** #dubu tilbud 1 fordi …" in to_another
    copied = answered(attachments=(attached("2", "svar.eml", APPROVED), *offered().attachments))
    assert "*** #dubu" not in told(copied, remembering(a1=an_offer(), a2=a_yes(digest=digest("offer file"))))


def test_what_stood_on_the_ticket_from_the_beginning_is_no_persons_choice_in_words() -> None:
    assert "stod på sagen, da den blev oprettet" in told(a_ticket(category="K10"))
    fields = {FieldName.PAYER: "Kommune", FieldName.PAYING_PARTY: "Aarhus Kommune"}
    text = told(a_ticket(category="K6", fields=fields))
    assert "stod på sagen, da den blev oprettet; parten stod på sagen, da den blev oprettet (R3)" in text


def test_what_a_person_chose_is_told_with_who_and_when_and_where_to_choose_otherwise() -> None:
    """R2, R3, R24"""
    fields: dict[FieldName, Value] = {FieldName.PAYER: "Kommune", FieldName.PAYING_PARTY: "Aarhus Kommune"}
    chosen = [changed(FieldName.CATEGORY, None, row("K6"), NOW), *(changed(f, None, v, NOW) for f, v in fields.items())]
    text = told(a_ticket(category="K6", fields=fields, field_history=tuple(chosen)))
    at_nine = "Agnete Agent 23-11-2026 kl. 09:05"
    assert f"opgaver bestilt af Kommune/3. part – valgt af {at_nine} (R2)" in text
    assert f"valgt af {at_nine}; parten er skrevet af {at_nine} (R3)" in text
    assert "ret felterne Kategori, Betaler og Betalende part" in text


def test_payment_process_and_service_request_are_told() -> None:
    assert "Fastpris, proces Tilbud og godkendelse, Service Request: Nej" in told(a_ticket(category="K10"))


def test_a_party_without_domains_and_one_that_is_unknown_are_named_as_missing() -> None:
    odense = a_ticket(category="K1", fields={FieldName.PAYING_PARTY: "Odense"})
    assert "Odense Kommune har ingen maildomæner i parter.yaml" in told(odense)
    assert "Skriv feltet Betalende part" in told(a_ticket(category="K1", reporter=None))


def test_what_was_changed_after_the_approval_is_named() -> None:
    history = (changed(FieldName.CATEGORY, row("K11"), row("K10"), LATER),)
    text = told(answered(field_history=history), remembering(a1=an_offer(), a2=a_yes()))
    assert "Kategori er ændret, efter det blev tilbudt eller godkendt" in text


def test_the_clocks_are_told_in_every_state() -> None:
    both = remembering(a1=an_offer(), a2=a_yes())
    late = said("Hej", AGENT, at("2026-11-23 14:01"))
    assert "for sent" in told(a_ticket(category="K4", comments=(late,)))
    assert "er overskredet uden personlig besked" in told(a_ticket(category="K4", created=at("2026-11-20 08:00")))
    assert "regnes fra betalerens ja" in told(a_ticket(category="K4"))
    waiting = answered(category="K4", status="Afventer Kunde")
    assert "Uret står stille" in told(waiting, both)
    agreed = a_ticket(category="K1", fields={FieldName.AGREED_DATE: at("2026-12-01 00:00").date()})
    assert "aftalt til 01-12-2026 kl. 16:00" in told(agreed)
    assert "K3" in told(a_ticket(category="K3", summary="Personer skal lægges sammen"))
