"""What a file on a ticket is worth (R8, R9, R11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapter.catalogue.words import AttachmentId, CategoryId, ChecklistOutcome, FieldName, IssueKey
from adapter.rules.commands import read_commands
from adapter.rules.evidence import EvidenceView, Kind, Piece, judge
from adapter.rules.payer import decide_payer
from adapter.ticket.evidence import Dkim, MailFacts, Memory, Says, Unread, UnreadFile
from adapter.ticket.snapshot import Person, Ticket
from tests.builders import (
    ADAPTER,
    AGENT,
    APPROVED,
    CUSTOMER,
    OFFERED,
    STRANGER,
    a_ticket,
    a_yes,
    an_offer,
    answered,
    at,
    attached,
    catalogue,
    digest,
    offered,
    remembering,
    said,
    sender,
)

LATER = at("2026-11-23 15:00")


def judged(ticket: Ticket, memory: Memory, category: str = "K10") -> EvidenceView:
    known = catalogue()
    payer = decide_payer(ticket, known, known.services.categories[CategoryId(category)])
    commands = read_commands(ticket, known, category, memory.accepted)
    return judge(ticket, known, payer, memory, commands, LATER)


def answer(**facts: Any) -> Piece:  # noqa: ANN401 - any fact of the answer
    """What an answer with these facts amounts to, with the offer on the ticket."""
    view = judged(answered(), remembering(a1=an_offer(), a2=a_yes(**facts)))
    return next(piece for piece in view.pieces if piece.attachment.id == "2")


def outcome(piece: Piece, code: str) -> ChecklistOutcome:
    return next(check.outcome for check in piece.checks if check.code == code)


def test_the_payers_yes_to_the_offer_is_an_approval() -> None:
    view = judged(answered(), remembering(a1=an_offer(), a2=a_yes()))
    assert view.offer is not None
    assert view.offer.attachment.id == "1"
    assert view.approval is not None
    assert view.approval.attachment.id == "2"
    assert all(c.outcome is ChecklistOutcome.PASSED for c in view.approval.checks if c.counts)


def test_the_offer_never_counts_as_the_approval() -> None:
    approving_words = an_offer(says=Says.YES, yes_words=("godkendt",))
    view = judged(answered(), remembering(a1=approving_words, a2=approving_words))
    assert view.approval is None
    assert [piece.kind for piece in view.pieces] == [Kind.OFFER, Kind.OFFER]


def test_the_offer_attached_twice_is_one_offer_as_old_as_its_first_file() -> None:
    view = judged(answered(), remembering(a1=an_offer(), a2=an_offer(digest=digest("saved again"))))
    offers = [piece for piece in view.pieces if piece.kind is Kind.OFFER]
    assert [piece.attached_at for piece in offers] == [OFFERED + timedelta(minutes=1)] * 2
    assert [piece.copy_of for piece in offers] == [None, offers[0].attachment]


@pytest.mark.parametrize(
    "facts",
    [
        {"offer_words": ()},
        {"automatic": True},
        {"senders": ()},
        {"senders": (sender("desk@netcompany.example"), sender("x@evil.example"))},
        {"recipients": (sender("someone@elsewhere.example"),)},
    ],
)
def test_a_suppliers_mail_that_offers_the_payer_nothing_is_no_offer(facts: dict[str, Any]) -> None:
    view = judged(offered(), remembering(a1=an_offer(**facts)))
    assert view.offer is None


def test_an_offer_put_on_the_ticket_by_a_customer_does_not_count() -> None:
    files = (attached("1", "tilbud.eml", OFFERED, CUSTOMER),)
    view = judged(offered(attachments=files), remembering(a1=an_offer()))
    assert view.offer is None
    assert [c.code for c in view.pieces[0].checks] == ["vedhæftet_af_servicedesk"]
    assert view.pieces[0].kind is Kind.SUPPLIERS


def test_where_the_party_is_unknown_any_recipient_but_the_supplier_makes_an_offer() -> None:
    nobody = offered(reporter=None)
    assert judged(nobody, remembering(a1=an_offer())).offer is not None
    assert judged(nobody, remembering(a1=an_offer(recipients=(sender("desk@netcompany.example"),)))).offer is None


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"senders": (sender("x@ballerup.example"), sender("y@ballerup.example"))}, "en_afsender"),
        ({"senders": ()}, "en_afsender"),
        ({"senders": (sender("karl@elsewhere.test"),)}, "fra_betaler"),
        ({"senders": (sender("karl@ballerup.examp1e"),)}, "ligner_betaler"),
        ({"senders": (sender("karl@xn--ballrup-cya.example"),)}, "ligner_betaler"),
        ({"senders": (sender("karl@ballerup.example.evil.test"),)}, "ligner_betaler"),
        ({"senders": (sender("karl@xn--99999999.test"),)}, "fra_betaler"),
        ({"automatic": True}, "ikke_autosvar"),
        ({"sent_at": OFFERED - timedelta(hours=1)}, "efter_tilbud"),
        ({"references": frozenset(), "ticket_keys": frozenset({"DUBU-7"})}, "anden_sag"),
    ],
)
def test_a_yes_that_fails_one_check_is_refused_for_that_reason(facts: dict[str, Any], code: str) -> None:
    piece = answer(**facts)
    assert piece.kind is Kind.NOT_COUNTED
    assert outcome(piece, code) is ChecklistOutcome.FAILED


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"sent_at": None}, "har_dato"),
        ({"sent_at": LATER + timedelta(days=1)}, "ikke_fremtid"),
        ({"references": frozenset()}, "hører_til"),
        ({"ticket_keys": frozenset({"DUBU-7"})}, "anden_sag"),
        ({"odd": ("flere_message_id",)}, "usædvanlig"),
        ({"says": Says.CONDITIONAL, "condition_words": ("men",)}, "forbehold"),
        ({"says": Says.CONDITIONAL}, "ja_og_andet"),
        ({"says": Says.BOTH, "no_words": ("nej",)}, "ja_og_nej"),
        ({"says": Says.NOTHING, "yes_words": ()}, "intet_svar"),
    ],
)
def test_a_doubt_is_left_to_a_person(facts: dict[str, Any], code: str) -> None:
    piece = answer(**facts)
    assert piece.kind is Kind.DOUBTFUL
    assert outcome(piece, code) is ChecklistOutcome.UNSURE


def test_an_answer_whose_subject_names_its_ticket_beside_another_belongs_to_it() -> None:
    assert answer(ticket_keys=frozenset({"DUBU-1", "DUBU-7"})).kind is Kind.APPROVAL


def test_the_ticket_key_in_the_subject_ties_an_answer_to_the_ticket() -> None:
    assert answer(references=frozenset(), ticket_keys=frozenset({"DUBU-1"})).kind is Kind.APPROVAL


def test_a_signature_strengthens_and_its_absence_weakens_nothing() -> None:
    for proof in (Dkim.ALIGNED, Dkim.ANSWERING):
        assert outcome(answer(dkim=proof), "dkim") is ChecklistOutcome.PASSED
    for dkim in (Dkim.ABSENT, Dkim.INCONCLUSIVE):
        assert answer(dkim=dkim).kind is Kind.APPROVAL


def test_a_mail_that_another_ticket_rests_on_is_refused_by_file_or_message() -> None:
    for known in ("yes file", "yes id"):
        memory = remembering(a1=an_offer(), a2=a_yes()).model_copy(
            update={"used_elsewhere": {digest(known): IssueKey("DUBU-9")}}
        )
        view = judged(answered(), memory)
        assert view.approval is None
        check = next(c for c in view.pieces[1].checks if c.code == "ikke_brugt")
        assert (check.outcome, check.detail) == (ChecklistOutcome.FAILED, {"sag": "DUBU-9"})


def test_without_an_offer_there_is_nothing_to_approve() -> None:
    files = (attached("2", "svar.eml", APPROVED),)
    view = judged(offered(attachments=files), remembering(a2=a_yes()))
    assert view.approval is None
    assert outcome(view.pieces[0], "tilbud_findes") is ChecklistOutcome.FAILED


def test_an_unknown_party_or_one_without_domains_needs_a_person() -> None:
    unknown = judged(answered(reporter=None), remembering(a1=an_offer(), a2=a_yes()))
    assert outcome(unknown.pieces[1], "betaler_kendt") is ChecklistOutcome.UNSURE
    gotham = answered(fields={FieldName.PAYING_PARTY: "Odense"})
    without = judged(gotham, remembering(a1=an_offer(), a2=a_yes()))
    assert outcome(without.pieces[1], "betaler_har_domæner") is ChecklistOutcome.UNSURE


def test_the_suppliers_mail_is_never_an_approval_even_beside_the_payers_address() -> None:
    both = a_yes(senders=(sender("karl@ballerup.example"), sender("x@sub.netcompany.example")))
    view = judged(answered(), remembering(a1=an_offer(), a2=both))
    assert view.approval is None
    assert view.pieces[1].kind is Kind.SUPPLIERS


def test_a_no_from_the_payer_is_a_refusal() -> None:
    view = judged(answered(), remembering(a1=an_offer(), a2=a_yes(says=Says.NO, yes_words=(), no_words=("afvist",))))
    assert view.refusal is not None
    assert view.refusal.attachment.id == "2"


def test_a_no_from_a_stranger_is_no_refusal() -> None:
    forged = a_yes(says=Says.NO, no_words=("nej",), senders=(sender("x@elsewhere.test"),))
    assert judged(answered(), remembering(a1=an_offer(), a2=forged)).refusal is None


def with_third(facts_2: Any, facts_3: Any) -> EvidenceView:  # noqa: ANN401 - mail facts
    files = (*answered().attachments, attached("3", "svar2.eml", APPROVED + timedelta(hours=2)))
    return judged(answered(attachments=files), remembering(a1=an_offer(), a2=facts_2, a3=facts_3))


def test_the_payers_latest_answer_counts() -> None:
    no = a_yes(digest=digest("no"), message_id=digest("no id"), says=Says.NO, no_words=("nej",))
    yes_after = a_yes(sent_at=APPROVED + timedelta(hours=1))
    assert with_third(no, yes_after).refusal is None
    no_after = no.model_copy(update={"sent_at": APPROVED + timedelta(hours=1)})
    assert with_third(a_yes(), no_after).refusal is not None


def test_a_yes_whose_offer_was_deleted_is_no_yes_to_an_older_one() -> None:
    """R12: what it approved is no longer on the ticket, so a person must say what it is worth."""
    to_the_second = a_yes(references=frozenset({digest("offer 2 id")}), ticket_keys=frozenset({"DUBU-1"}))
    memory = remembering(a1=an_offer(), a2=to_the_second)
    assert judged(answered(), memory).approval is not None
    known = {AttachmentId("2"): "godkendelse:3", AttachmentId("3"): "tilbud"}
    view = judged(answered(), memory.model_copy(update={"accepted": known}))
    assert view.approval is None
    assert outcome(view.pieces[1], "tilbud_slettet") is ChecklistOutcome.UNSURE


SECOND = an_offer(digest=digest("offer 2"), message_id=digest("offer 2 id"), sent_at=APPROVED + timedelta(hours=1))
OPENED_BEFORE = {AttachmentId("1"): "tilbud", AttachmentId("2"): "godkendelse:1"}


def with_a_second_offer(answer: str = "svar.eml", by: Person = AGENT, **facts: MailFacts) -> EvidenceView:
    """What a ticket holds whose gate the answer (2) opened, and whose second offer (3) came later."""
    first = answered()
    files = (
        first.attachments[0],
        attached("2", answer, APPROVED + timedelta(minutes=1), by),
        attached("3", "nyt tilbud.eml", APPROVED + timedelta(hours=2)),
    )
    memory = remembering(a1=an_offer(), a3=SECOND, **facts)
    return judged(answered(attachments=files), memory.model_copy(update={"accepted": OPENED_BEFORE}))


def test_what_once_opened_the_gate_is_told_as_an_earlier_approval_once_another_offer_stands() -> None:
    """R12: it is neither a yes to the new offer nor a mail that never counted."""
    for view in (
        with_a_second_offer(a2=a_yes()),
        with_a_second_offer("svar.pdf"),
        with_a_second_offer("KOMBIT-accept-20261123T100000Z.eml", ADAPTER),
    ):
        assert view.approval is None
        earlier = [p for p in view.pieces if p.kind is Kind.EARLIER_APPROVAL]
        assert [(p.attachment.id, p.approved) for p in earlier] == [("2", "1")]


def test_a_file_that_approved_what_was_deleted_is_for_a_person() -> None:
    """R12"""
    pdf = answered(attachments=(answered().attachments[0], attached("2", "svar.pdf", APPROVED)))
    memory = remembering(a1=an_offer()).model_copy(update={"accepted": {AttachmentId("2"): "godkendelse:3"}})
    assert judged(pdf, memory).pieces[1].kind is Kind.FOR_A_PERSON


def test_a_yes_to_an_older_offer_is_left_to_a_person() -> None:
    second = an_offer(digest=digest("offer 2"), message_id=digest("offer 2 id"), sent_at=APPROVED - timedelta(hours=1))
    to_the_first = a_yes(ticket_keys=frozenset({"DUBU-1"}))
    view = with_third(to_the_first, second)
    assert view.approval is None
    assert outcome(view.pieces[1], "ældre_tilbud") is ChecklistOutcome.UNSURE
    thread = frozenset({digest("offer id"), digest("offer 2 id")})
    assert with_third(a_yes(references=thread), second).approval is not None


def test_a_verdict_does_not_outlive_the_offer_it_was_about() -> None:
    second = an_offer(digest=digest("offer 2"), message_id=digest("offer 2 id"), sent_at=at("2026-11-23 14:00"))
    files = (
        attached("1", "tilbud.eml", OFFERED),
        attached("4", "svar.pdf", APPROVED),
        attached("3", "tilbud2.eml", at("2026-11-23 14:01")),
    )
    command = said("#dubu godkendelse 4 fordi chefen har skrevet under", public=False, when=at("2026-11-23 12:00"))
    ticket = offered(attachments=files, comments=(command,))
    assert judged(ticket, remembering(a1=an_offer(), a3=second)).approval is None
    again = said("#dubu godkendelse 4 fordi den gælder også det nye", public=False, when=LATER, number="2")
    after = replace(ticket, comments=(command, again))
    assert judged(after, remembering(a1=an_offer(), a3=second)).approval is not None


def test_a_mail_cannot_have_been_sent_after_it_was_attached() -> None:
    from_the_future = an_offer(sent_at=at("2099-01-01 00:00"))
    view = judged(answered(), remembering(a1=from_the_future, a2=a_yes()))
    assert view.offer is not None
    assert view.offer.said_at == OFFERED + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("by", "known", "counts"),
    [
        (AGENT, {}, True),
        (CUSTOMER, {}, True),
        (STRANGER, {}, False),
        (replace(AGENT, is_app=True), {}, False),
        (STRANGER, {"dkim": Dkim.ANSWERING}, True),
        (STRANGER, {"dkim": Dkim.ALIGNED, "ticket_keys": frozenset({"DUBU-1"})}, True),
        (STRANGER, {"dkim": Dkim.ALIGNED}, False),
        (STRANGER, {"dkim": Dkim.ANSWERING, "references": frozenset({digest("another mail")})}, False),
    ],
)
def test_a_yes_brought_by_a_stranger_needs_a_person_or_a_signature(
    by: Person, known: dict[str, Any], counts: bool
) -> None:
    files = (answered().attachments[0], attached("2", "svar.eml", APPROVED + timedelta(minutes=1), by))
    view = judged(answered(attachments=files), remembering(a1=an_offer(), a2=a_yes(**known)))
    assert (view.approval is not None) is counts


@pytest.mark.parametrize(
    ("orderer", "counts"),
    [
        (CUSTOMER, True),
        (replace(CUSTOMER, email="karl@BALLERUP.example"), True),
        (STRANGER, False),
        (replace(CUSTOMER, email=None), False),
    ],
)
def test_an_orderer_on_a_ticket_of_the_payers_organisation_is_trusted_only_as_the_payers_own_person(
    orderer: Person, counts: bool
) -> None:
    """R11: an agent may share a stranger's ticket with the payer's organisation."""
    files = (answered().attachments[0], attached("2", "svar.eml", APPROVED + timedelta(minutes=1), orderer))
    ticket = answered(attachments=files, reporter=orderer, organisations=("Ballerup Kommune",))
    assert (judged(ticket, remembering(a1=an_offer(), a2=a_yes())).approval is not None) is counts


def test_an_orderer_who_wrote_another_party_on_the_ticket_brings_no_yes_of_that_party() -> None:
    files = (answered().attachments[0], attached("2", "svar.eml", APPROVED + timedelta(minutes=1), CUSTOMER))
    ticket = answered(attachments=files, fields={FieldName.PAYING_PARTY: "Aarhus"})
    forged = a_yes(senders=(sender("chef@aarhus.example"),))
    offer = an_offer(recipients=(sender("chef@aarhus.example"),))
    assert judged(ticket, remembering(a1=offer, a2=forged)).approval is None


def test_a_later_mail_of_the_payer_with_a_no_in_it_closes_until_a_person_has_read_it() -> None:
    doubts = a_yes(
        digest=digest("doubt"),
        message_id=digest("doubt id"),
        says=Says.BOTH,
        no_words=("fortrudt",),
        sent_at=APPROVED + timedelta(hours=1),
    )
    assert with_third(a_yes(), doubts).second_thoughts is not None
    assert with_third(a_yes(), doubts.model_copy(update={"no_words": ()})).second_thoughts is None


@pytest.mark.parametrize("mark", ["{quote}", "{code:title=x}", "{noformat}", "{panel:title=Mail}"])
def test_a_command_that_is_quoted_is_not_the_agents_own(mark: str) -> None:
    end = mark.split(":", maxsplit=1)[0].rstrip("}") + "}"
    text = f"Kunden skriver:\n{mark}\n#dubu godkendelse 4 fordi chefen siger ja\n{end}"
    assert decided_by(text).approval is None
    assert decided_by(f"{mark}\n#dubu godkendelse 4 fordi chefen siger ja").approval is None


def test_the_comments_own_hint_pasted_back_decides_nothing() -> None:
    assert decided_by("#dubu godkendelse 4 fordi … – eller: #dubu ingen 4 fordi …").approval is None
    assert decided_by("#dubu godkendelse 4 fordi ...").approval is None


def test_a_command_counts_as_of_its_last_edit() -> None:
    files = (attached("1", "tilbud.eml", OFFERED), attached("4", "svar.pdf", APPROVED))
    command = said("#dubu godkendelse 4 fordi chefen har skrevet under", public=False, when=APPROVED)
    edited = replace(command, updated=LATER, edited_by=AGENT.account)
    view = judged(offered(attachments=files, comments=(edited,)), remembering(a1=an_offer()))
    assert view.approval is not None
    assert view.approval.stands_since == LATER


def test_a_new_offer_needs_a_new_approval() -> None:
    second = an_offer(digest=digest("offer 2"), message_id=digest("offer 2 id"), sent_at=APPROVED + timedelta(hours=1))
    view = with_third(a_yes(), second)
    assert view.offer is not None
    assert view.offer.attachment.id == "3"
    assert view.approval is None


def test_a_thank_you_for_the_yes_is_no_new_offer_but_a_person_may_say_that_it_is() -> None:
    thanks = an_offer(
        digest=digest("thanks"),
        message_id=digest("thanks id"),
        references=frozenset({digest("yes id"), digest("offer id")}),
        sent_at=APPROVED + timedelta(hours=1),
        offer_words=("tilbud",),
    )
    view = with_third(a_yes(), thanks)
    assert view.approval is not None
    assert [check.code for check in view.pieces[2].checks] == ["nyt_tilbud"]
    before_the_yes = with_third(a_yes(), thanks.model_copy(update={"sent_at": APPROVED - timedelta(minutes=30)}))
    assert before_the_yes.offer is not None
    assert before_the_yes.offer.attachment.id == "3"
    files = (*answered().attachments, attached("3", "nyt.eml", APPROVED + timedelta(hours=2)))
    command = said("#dubu tilbud 3 fordi prisen er ny", public=False, when=LATER)
    said_so = judged(
        answered(attachments=files, comments=(command,)), remembering(a1=an_offer(), a2=a_yes(), a3=thanks)
    )
    assert said_so.offer is not None
    assert said_so.offer.attachment.id == "3"
    assert said_so.approval is None


ACCEPTED = {AttachmentId("1"): "tilbud", AttachmentId("2"): "godkendelse:1"}


def test_what_once_opened_the_gate_stands_when_roles_and_files_change() -> None:
    left_the_desk = replace(AGENT, is_agent=False)
    files = (
        attached("1", "tilbud.eml", OFFERED + timedelta(minutes=1), left_the_desk),
        attached("2", "svar.eml", APPROVED + timedelta(minutes=1), left_the_desk),
    )
    stricter = a_yes(says=Says.CONDITIONAL, condition_words=("ikke",))
    memory = remembering(a1=an_offer(), a2=stricter)
    assert judged(answered(attachments=files), memory).approval is None
    accepted = memory.model_copy(update={"accepted": ACCEPTED})
    view = judged(answered(attachments=files), accepted)
    assert view.approval is not None
    assert all(check.outcome is ChecklistOutcome.PASSED for check in view.approval.checks if check.counts)


def test_an_accepted_verdict_stands_when_its_author_leaves_the_desk() -> None:
    files = (attached("1", "tilbud.eml", OFFERED), attached("4", "svar.pdf", APPROVED))
    command = said(
        "#dubu godkendelse 4 fordi chefen har skrevet under", replace(AGENT, is_agent=False), LATER, public=False
    )
    ticket = offered(attachments=files, comments=(command,))
    assert judged(ticket, remembering(a1=an_offer())).approval is None
    accepted = {AttachmentId("1"): "tilbud", AttachmentId("4"): "godkendelse:1"}
    assert judged(ticket, remembering(a1=an_offer()).model_copy(update={"accepted": accepted})).approval is not None


def test_an_accepted_approval_answers_its_own_offer_only() -> None:
    second = an_offer(digest=digest("offer 2"), message_id=digest("offer 2 id"), sent_at=APPROVED + timedelta(hours=1))
    files = (*answered().attachments, attached("3", "tilbud2.eml", APPROVED + timedelta(hours=2)))
    memory = remembering(a1=an_offer(), a2=a_yes(), a3=second)
    for accepted in (ACCEPTED, {**ACCEPTED, AttachmentId("3"): "tilbud"}):
        view = judged(answered(attachments=files), memory.model_copy(update={"accepted": accepted}))
        assert view.approval is None


def test_the_desk_may_lay_an_accepted_approval_aside() -> None:
    command = said("#dubu ingen 2 fordi den hører til en anden sag", public=False, when=LATER)
    memory = remembering(a1=an_offer(), a2=a_yes()).model_copy(update={"accepted": ACCEPTED})
    assert judged(answered(comments=(command,)), memory).approval is None


def test_a_no_that_may_be_anybodys_is_left_to_a_person() -> None:
    no = a_yes(says=Says.NO, no_words=("nej",))
    view = judged(answered(reporter=None), remembering(a1=an_offer(), a2=no))
    assert view.refusal is None
    assert view.pieces[1].kind is Kind.DOUBTFUL


def test_nothing_is_claimed_of_a_file_that_was_never_compared() -> None:
    view = decided_by("#dubu godkendelse 4 fordi chefen har skrevet under")
    assert view.approval is not None
    assert view.approval.checks == ()


def test_a_pdf_is_known_by_its_type_too() -> None:
    files = (replace(attached("4", "scan"), mime_type="application/pdf; name=scan"),)
    assert judged(offered(attachments=files), Memory()).pieces[0].kind is Kind.FOR_A_PERSON


def test_a_picture_or_an_unreadable_mail_is_named_for_a_person() -> None:
    files = (
        attached("1", "tilbud.eml", OFFERED),
        attached("4", "Godkendelse.PDF", APPROVED),
        attached("5", "svar.msg", APPROVED),
        attached("6", "data.csv", APPROVED),
    )
    memory = remembering(a1=an_offer(), a5=UnreadFile(reason=Unread.BROKEN, digest=digest("broken")))
    view = judged(offered(attachments=files), memory)
    assert {p.attachment.id: p.kind for p in view.pieces} == {
        "1": Kind.OFFER,
        "4": Kind.FOR_A_PERSON,
        "5": Kind.FOR_A_PERSON,
    }


def decided_by(text: str, **comment: Any) -> EvidenceView:  # noqa: ANN401 - any of the comment's own fields
    files = (attached("1", "tilbud.eml", OFFERED), attached("4", "svar.pdf", APPROVED))
    command = said(text, **{"public": False, "when": LATER, **comment})
    return judged(offered(attachments=files, comments=(command,)), remembering(a1=an_offer()))


def test_a_person_of_the_desk_may_judge_a_picture_with_name_and_reason() -> None:
    view = decided_by("#dubu godkendelse 4 fordi kommunens chef har skrevet under")
    assert view.approval is not None
    assert view.approval.verdict is not None
    assert (view.approval.verdict.by, view.approval.verdict.reason) == (AGENT, "kommunens chef har skrevet under")
    assert view.approval.stands_since == LATER


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("> #dubu godkendelse 4 fordi ja tak", {}),
        ("#dubu godkendelse 4", {}),
        ("#dubu godkendelse 4 fordi", {}),
        ("jeg ville skrive #dubu godkendelse 4 fordi ja ja", {}),
        ("#dubu godkendelse 4 fordi ja tak", {"public": True}),
        ("#dubu godkendelse 4 fordi ja tak", {"public": None}),
        ("#dubu godkendelse 4 fordi ja tak", {"by": CUSTOMER}),
        ("#dubu godkendelse 4 fordi ja tak", {"by": replace(AGENT, is_app=True)}),
        ("#dubu godkendelse 4 fordi ja tak", {"by": replace(AGENT, is_adapter=True)}),
    ],
)
def test_nothing_less_than_an_internal_command_with_a_reason_by_the_desk_counts(
    text: str, comment: dict[str, Any]
) -> None:
    assert decided_by(text, **comment).approval is None


@pytest.mark.parametrize(
    "text",
    [
        "#dubu godkendt 4 fordi chefen har skrevet under",
        "  *#DUBU godkendelse nr. 4 fordi chefen har skrevet under*",
        "\\#dubu godkend #4, fordi chefen har skrevet under",
        "\r\n#dubu godkendelse 4 fordi " + "grunden er lang " * 60,
    ],
)
def test_small_slips_in_a_command_are_understood(text: str) -> None:
    assert decided_by(text).approval is not None


def test_a_command_that_somebody_else_edited_does_not_count() -> None:
    files = (attached("1", "tilbud.eml", OFFERED), attached("4", "svar.pdf", APPROVED))
    command = replace(said("#dubu godkendelse 4 fordi ja tak", public=False), edited_by=CUSTOMER.account)
    assert judged(offered(attachments=files, comments=(command,)), remembering(a1=an_offer())).approval is None


def test_the_newest_command_on_a_file_counts() -> None:
    files = (attached("1", "tilbud.eml", OFFERED), attached("4", "svar.pdf", APPROVED))
    first = said("#dubu godkendelse 4 fordi det ligner", public=False, when=APPROVED)
    second = said("#dubu ingen 4 fordi det er en anden sag", public=False, when=LATER, number="2")
    view = judged(offered(attachments=files, comments=(second, first)), remembering(a1=an_offer()))
    assert view.approval is None
    assert view.pieces[1].kind is Kind.SET_ASIDE


def test_a_person_may_settle_a_doubt_but_not_make_the_suppliers_or_a_used_mail_count() -> None:
    command = said("#dubu godkendelse 2 fordi jeg har ringet", public=False, when=LATER)
    ticket = answered(comments=(command,))
    doubtful = a_yes(says=Says.NOTHING)
    assert judged(ticket, remembering(a1=an_offer(), a2=doubtful)).approval is not None
    suppliers = a_yes(senders=(sender("desk@netcompany.example"),))
    assert judged(ticket, remembering(a1=an_offer(), a2=suppliers)).approval is None
    used = remembering(a1=an_offer(), a2=doubtful).model_copy(
        update={"used_elsewhere": {digest("yes id"): IssueKey("DUBU-9")}}
    )
    assert judged(ticket, used).approval is None


def test_a_used_unreadable_file_cannot_be_made_to_count_either() -> None:
    command = said("#dubu godkendelse 2 fordi jeg har ringet", public=False, when=LATER)
    broken = UnreadFile(reason=Unread.BROKEN, digest=digest("broken"))
    memory = remembering(a1=an_offer(), a2=broken)
    assert judged(answered(comments=(command,)), memory).approval is not None
    used = memory.model_copy(update={"used_elsewhere": {digest("broken"): IssueKey("DUBU-9")}})
    assert judged(answered(comments=(command,)), used).approval is None


def test_a_person_may_say_that_a_picture_is_the_offer() -> None:
    files = (attached("4", "tilbud.pdf", OFFERED), attached("2", "svar.eml", APPROVED))
    command = said("#dubu tilbud 4 fordi det er vores tilbud som pdf", public=False, when=LATER)
    ticket = offered(attachments=files, comments=(command,))
    view = judged(ticket, remembering(a2=a_yes(references=frozenset(), ticket_keys=frozenset({"DUBU-1"}))))
    assert view.offer is not None
    assert view.offer.attachment.id == AttachmentId("4")
    assert view.approval is not None
    early = a_yes(sent_at=OFFERED - timedelta(hours=1), references=frozenset(), ticket_keys=frozenset({"DUBU-1"}))
    doubt = judged(ticket, remembering(a2=early))
    assert outcome(doubt.pieces[1], "efter_tilbud") is ChecklistOutcome.UNSURE


def test_an_approval_by_command_still_needs_an_offer() -> None:
    command = said("#dubu godkendelse 4 fordi de har sagt ja", public=False)
    ticket = a_ticket(category="K10", attachments=(attached("4", "ja.pdf"),), comments=(command,))
    view = judged(ticket, Memory())
    assert view.approval is None
    assert view.pieces[0].kind is Kind.FOR_A_PERSON
