"""Every mail of the corpus, read and judged for real, is worth what the corpus says (R9–R12, R20)."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from adapter.catalogue.texts import SENTENCES
from adapter.catalogue.words import AttachmentId, ChecklistOutcome, IssueKey, StatusRole
from adapter.mails.reader import read_evidence
from adapter.mails.reading import Reading
from adapter.rules import checks
from adapter.rules.decide import decide
from adapter.rules.evidence import Kind
from adapter.rules.plan import ClaimApproval, MoveTo
from adapter.ticket.evidence import Memory, UnreadFile
from adapter.ticket.snapshot import Ticket
from tests.builders import AGENT, STATUSES, attached, catalogue, comment_of
from tests.mails.corpus import CORPUS, RECORDS, Case
from tests.mails.corpus.case import ANSWER, ORDINARY, TO_DATAFIRMA, TO_KOMBIT, Scene
from tests.mails.corpus.clients import outlook
from tests.mails.corpus.verdict import NOW, judged, read, remembered, view
from tests.mails.made_dns import Names, dns_server

BY_NAME = {case.name: case for case in CORPUS}
IN_THE_CHILD = (
    "outlook_danish",
    "gmail_english",
    "iphone_danish",
    "exchange_rewritten",
    "a_no_in_base64",
    "somebody_elses_yes_forwarded",
    "two_froms",
    "a_read_receipt",
    "torn_base64",
    "signed_and_opaque",
    "no_mail_at_all",
    "dkim_holds_whoever_brings_it",
    "dkim_broken_on_the_way",
    "msg_as_received",
    "msg_cut_short",
)
"""Read by the confined process too; one process for each mail would make the test slow."""
PAYERS = {
    "kommune": (ORDINARY, "karl@ballerup.example"),
    "3. part": (TO_DATAFIRMA, "pia@datafirma.example"),
    "KOMBIT": (TO_KOMBIT, "kim@kombit.example"),
}


@pytest.fixture(scope="module")
def names() -> Iterator[Names]:
    with dns_server(RECORDS) as served:
        yield served


@pytest.fixture(scope="module")
def reading(names: Names) -> Reading:
    return Reading.of(catalogue(), names.address)


@pytest.mark.parametrize("case", CORPUS, ids=str)
def test_a_mail_is_worth_what_the_corpus_says(case: Case, reading: Reading) -> None:
    piece = judged(case, reading)
    approval = view(*remembered(case, reading)).approval
    assert (approval is not None and approval.attachment.id == ANSWER) is (piece.kind is Kind.APPROVAL)
    told = {check.code: check.outcome for check in piece.checks if check.counts}
    failed = {code for code, outcome in told.items() if outcome is ChecklistOutcome.FAILED}
    unsure = {code for code, outcome in told.items() if outcome is ChecklistOutcome.UNSURE}
    assert piece.kind is case.kind
    assert failed == case.failed
    assert unsure == case.unsure
    signature = [check.outcome for check in piece.checks if check.code == "dkim"]
    assert (ChecklistOutcome.PASSED in signature) is case.vouched_for


@pytest.mark.parametrize("case", CORPUS, ids=str)
def test_the_ticket_tells_every_check_with_its_outcome(case: Case, reading: Reading) -> None:
    """R11: in the one status comment, in Danish."""
    say = catalogue().texts.say
    ticket, memory = remembered(case, reading)
    body = comment_of(decide(ticket, catalogue(), memory, NOW))
    piece = judged(case, reading)
    for check in piece.checks:
        assert say(f"{check.code}_{check.outcome.value}", **(check.detail or {})) in body
    if isinstance(piece.facts, UnreadFile):
        assert say(f"fil_ulæselig_{piece.facts.reason.value}") in body


def test_the_confined_process_reads_what_is_read_here(names: Names, reading: Reading) -> None:
    """The worker reads each mail in a process of its own (R11); a sample shows that it is the same."""
    cases = [BY_NAME[name] for name in IN_THE_CHILD]
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda case: read_evidence(case.data, case.filename, reading), cases)
    assert list(found) == [read(case, reading) for case in cases]


def test_the_corpus_is_large_and_says_something_of_everything(reading: Reading) -> None:
    """At least 120 mails; every kind of piece, and every way in which a check of an answer can fail or be unsure."""
    assert len(CORPUS) >= 120
    assert len(BY_NAME) == len(CORPUS)
    assert len({case.client for case in CORPUS}) >= 15
    assert {case.kind for case in CORPUS} == set(Kind) - {Kind.EARLIER_APPROVAL}  # one mail alone opened no gate before
    told = {
        f"{check.code}_{check.outcome.value}"
        for case in CORPUS
        for check in judged(case, reading).checks
        if check.outcome is not ChecklistOutcome.PASSED
    }
    assert told >= _can_be_told() - AFTER_A_YES


AFTER_A_YES = frozenset({"nyt_tilbud_usikkert"})
"""Of a supplier's mail behind the payer's yes: it takes two answers (tests/rules/test_evidence.py)."""


def _can_be_told() -> set[str]:
    """The sentences for every failed or unsure check that checks.py names."""
    named = (node.value for node in ast.walk(ast.parse(inspect.getsource(checks))) if isinstance(node, ast.Constant))
    outcomes = (ChecklistOutcome.FAILED, ChecklistOutcome.UNSURE)
    texts = [name for name in named if isinstance(name, str)]
    return {f"{name}_{outcome.value}" for name in texts for outcome in outcomes} & SENTENCES.keys()


def opens(ticket: Ticket, memory: Memory) -> bool:
    actions = decide(ticket, catalogue(), memory, NOW).actions
    return any(isinstance(action, MoveTo) and action.role is StatusRole.APPROVED for action in actions)


@pytest.mark.parametrize("case", [case for case in CORPUS if case.scene is not TO_KOMBIT], ids=str)
def test_only_an_approval_opens_the_gate(case: Case, reading: Reading) -> None:
    """R10: the ticket goes on to Godkendt for an approval only; where KOMBIT pays, R18 asks for its transition too."""
    assert opens(*remembered(case, reading)) is (case.kind is Kind.APPROVAL)


def closes(ticket: Ticket, memory: Memory) -> bool:
    first = decide(ticket, catalogue(), memory, NOW).actions[:2]
    return any(isinstance(action, MoveTo) and action.role is not StatusRole.APPROVED for action in first)


def claim_of(ticket: Ticket, memory: Memory) -> ClaimApproval:
    actions = decide(ticket, catalogue(), memory, NOW).actions
    return next(action for action in actions if isinstance(action, ClaimApproval))


def begun(case: Case, reading: Reading) -> tuple[Ticket, Memory]:
    """The ticket of an approval that has opened the gate: it is remembered, and work has begun."""
    ticket, memory = remembered(case, reading)
    claim = claim_of(ticket, memory)
    known = memory.model_copy(update={"claimed": frozenset(claim.digests), "accepted": dict(claim.accepted)})
    return replace(ticket, status=STATUSES["I gang"]), known


def test_an_approval_that_was_deleted_closes_the_gate_again(reading: Reading) -> None:
    """R12: although it was accepted, and its facts are still remembered."""
    ticket, memory = begun(BY_NAME["outlook_danish"], reading)
    assert not closes(ticket, memory)
    assert closes(replace(ticket, attachments=ticket.attachments[:1]), memory)


@pytest.mark.parametrize("other", ["yes_and_no", "but_only_so_many_hours", "a_stranger", "nothing_at_all", "no_thanks"])
def test_an_approval_that_was_replaced_closes_the_gate_again(other: str, reading: Reading) -> None:
    """R12: another file under the same name is another mail, however the first one was judged."""
    ticket, memory = begun(BY_NAME["outlook_danish"], reading)
    number = AttachmentId("10")
    exchanged = (ticket.attachments[0], attached(number, ticket.attachments[1].filename, NOW, AGENT))
    facts = {AttachmentId("1"): memory.evidence[AttachmentId("1")], number: read(BY_NAME[other], reading)}
    assert closes(replace(ticket, attachments=exchanged), memory.model_copy(update={"evidence": facts}))


def test_an_offer_that_was_deleted_closes_the_gate_again(reading: Reading) -> None:
    """R9: two mails, so an approval alone is not enough."""
    ticket, memory = begun(BY_NAME["outlook_danish"], reading)
    assert closes(replace(ticket, attachments=ticket.attachments[1:]), memory)


@pytest.mark.parametrize(
    "again",
    [
        "outlook_danish",
        "msg_as_received",  # the same mail, saved by Outlook in its own format
        "gmail_danish",  # the same Message-ID on other words
    ],
)
def test_what_one_ticket_rests_on_opens_no_other(again: str, reading: Reading) -> None:
    """R11: by what the first ticket claims, whatever file the mail comes in."""
    claim = claim_of(*remembered(BY_NAME["outlook_danish"], reading))
    ticket, memory = remembered(BY_NAME[again], reading)
    assert opens(ticket, memory)
    used = memory.model_copy(update={"used_elsewhere": dict.fromkeys(claim.digests, IssueKey("DUBU-7"))})
    assert not opens(ticket, used)
    assert "DUBU-7" in comment_of(decide(ticket, catalogue(), used, NOW))


@pytest.mark.parametrize("payer", list(PAYERS), ids=list(PAYERS))
@pytest.mark.parametrize("sender", list(PAYERS), ids=list(PAYERS))
def test_only_who_pays_can_approve(payer: str, sender: str, reading: Reading) -> None:
    """R20: the municipality, a third party or KOMBIT, each where it pays and nowhere else; never the Leverandør."""
    scene = PAYERS[payer][0]
    case = replace(BY_NAME["outlook_danish"], data=outlook("Godkendt.", {"From": PAYERS[sender][1]}), scene=scene)
    assert (judged(case, reading).kind is Kind.APPROVAL) is (payer == sender)


@pytest.mark.parametrize("scene", [scene for scene, _ in PAYERS.values()], ids=list(PAYERS))
def test_the_supplier_can_approve_for_nobody(scene: Scene, reading: Reading) -> None:
    """R11."""
    mail = outlook("Godkendt.", {"From": "desk@netcompany.example", "To": "karl@ballerup.example"})
    piece = judged(replace(BY_NAME["outlook_danish"], data=mail, scene=scene), reading)
    assert piece.kind is Kind.SUPPLIERS


@pytest.mark.parametrize(
    "name", ["dkim_broken_on_the_way", "dkim_of_a_key_that_is_gone", "dkim_of_another_domain", "dkim_with_another_key"]
)
def test_a_signature_that_does_not_hold_neither_closes_nor_opens(name: str, reading: Reading) -> None:
    """R11: Exchange rewrites bodies, so failure is inconclusive: the mail is worth what it is without a signature."""
    with_signature = judged(BY_NAME[name], reading)
    unsigned = BY_NAME[name].data.split(b"From:", 1)[1]
    without = judged(replace(BY_NAME[name], data=b"From:" + unsigned), reading)
    assert with_signature.checks == without.checks
