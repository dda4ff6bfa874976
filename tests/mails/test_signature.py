"""DKIM: a signature of the sender's own domain strengthens a mail, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import dkim  # type: ignore[import-untyped]  # the library ships no types
import pytest

from adapter.mails.facts import facts_of
from adapter.mails.reader import read_evidence
from adapter.mails.signature import resolver_at
from adapter.ticket.evidence import Dkim, MailFacts, Says
from tests.mails.made import READING, mail
from tests.mails.made_dns import Names, SigningKey, dns_server, signing_key

KEY = signing_key(12)
SELECTOR = "valg._domainkey."
HEADERS = ("from", "to", "date", "subject", "message-id", "content-type")


@pytest.fixture(scope="module")
def names() -> Iterator[Names]:
    records = {
        f"{SELECTOR}kommune.example": KEY.record,
        f"{SELECTOR}mail.kommune.example": KEY.record,
        f"{SELECTOR}ondt.example": KEY.record,
        f"{SELECTOR}leverandoer.example": KEY.record,
        "test._domainkey.kommune.example": KEY.record.replace("k=rsa", "k=rsa; t=s:y"),
        "withdrawn._domainkey.kommune.example": "v=DKIM1; k=rsa; p=",
    }
    with dns_server(records) as served:
        yield served


def signed(
    data: bytes,
    domain: str = "kommune.example",
    key: SigningKey = KEY,
    selector: str = "valg",
    *,
    headers: Sequence[str] = HEADERS,
    length: bool = False,
) -> bytes:
    signature: bytes = dkim.sign(
        data,
        selector.encode(),
        domain.encode(),
        key.pem,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[name.encode() for name in headers],
        length=length,
    )
    return signature + data


def checked(data: bytes, names: Names, domains: tuple[str, ...] = READING.domains) -> Dkim:
    reading = replace(READING, verify_dkim=True, domains=domains)
    found = facts_of(data, "mail.eml", reading, resolver_at(names.address))
    assert isinstance(found, MailFacts)
    return found.dkim


def test_a_mail_signed_by_the_senders_domain_is_aligned(names: Names) -> None:
    assert checked(signed(mail("Godkendt")), names) is Dkim.ALIGNED


def test_a_mail_without_signature_has_none(names: Names) -> None:
    assert checked(mail("Godkendt"), names) is Dkim.ABSENT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"anders@kommune.example", b"bente@kommune.example"),
        (b"DUBU-12", b"DUBU-13"),
        (b"13:30:00", b"14:30:00"),
        (b"R29ka2VuZHQ", b"SGFhYWFhbGc"),
    ],
)
def test_a_changed_mail_proves_nothing(names: Names, old: bytes, new: bytes) -> None:
    whole = signed(mail("Godkendt"))
    assert old in whole
    assert checked(whole.replace(old, new), names) is Dkim.INCONCLUSIVE


@pytest.mark.parametrize(
    "header",
    [
        "Subject: [DUBU-99] Tilbud",
        "From: chef@kommune.example",
        "Date: Thu, 12 Nov 2027 13:30:00 +0100",
        "Content-Type: text/html",
        "Content-Transfer-Encoding: 7bit",
        "In-Reply-To: <offer-2@leverandoer.example>",
        "References: <offer-2@leverandoer.example>",
        "X-Odd: \rSubject: DUBU-99",
    ],
)
def test_a_header_added_to_a_signed_mail_undoes_the_proof(names: Names, header: str) -> None:
    assert checked(header.encode() + b"\r\n" + signed(mail("Godkendt")), names) is Dkim.INCONCLUSIVE


def test_a_mail_is_proved_to_answer_another_only_where_that_is_signed_too(names: Names) -> None:
    replies = ("in-reply-to", "references")
    assert checked(signed(mail("Godkendt"), headers=(*HEADERS, *replies)), names) is Dkim.ANSWERING
    for one in replies:
        assert checked(signed(mail("Godkendt"), headers=(*HEADERS, one)), names) is Dkim.ALIGNED


def test_a_reply_header_added_to_a_mail_that_answered_nothing_is_not_proved(names: Names) -> None:
    whole = signed(mail("Godkendt", changed={"In-Reply-To": None, "References": None}))
    added = b"In-Reply-To: <offer-1@leverandoer.example>\r\n"
    assert (checked(whole, names), checked(added + whole, names)) == (Dkim.ANSWERING, Dkim.ALIGNED)


def test_of_several_signatures_the_one_that_proves_most_counts(names: Names) -> None:
    whole = signed(mail("Godkendt"), headers=(*HEADERS, "in-reply-to", "references"))
    assert checked(signed(whole), names) is Dkim.ANSWERING


@pytest.mark.parametrize("missing", ["date", "subject", "content-type"])
def test_a_signature_must_cover_what_the_approval_rests_on(names: Names, missing: str) -> None:
    headers = [name for name in HEADERS if name != missing]
    assert checked(signed(mail("Godkendt"), headers=headers), names) is Dkim.INCONCLUSIVE


def test_a_signature_over_the_beginning_of_the_text_proves_nothing(names: Names) -> None:
    assert checked(signed(mail("Godkendt"), length=True), names) is Dkim.INCONCLUSIVE


def test_another_domains_signature_proves_nothing_and_its_server_is_not_asked(names: Names) -> None:
    names.asked.clear()
    assert checked(signed(mail("Godkendt"), "ondt.example"), names) is Dkim.INCONCLUSIVE
    assert names.asked == []


def test_a_known_partys_signature_on_anothers_mail_proves_nothing(names: Names) -> None:
    assert checked(signed(mail("Godkendt"), "leverandoer.example"), names) is Dkim.INCONCLUSIVE


def test_a_known_domain_signs_for_the_domains_below_it(names: Names) -> None:
    data = mail("Godkendt", changed={"From": "anders@mail.kommune.example"})
    assert checked(signed(data), names) is Dkim.ALIGNED
    assert checked(signed(data, "mail.kommune.example"), names) is Dkim.ALIGNED
    above = mail("Godkendt")
    assert checked(signed(above, "mail.kommune.example"), names) is Dkim.INCONCLUSIVE


def test_one_of_several_signatures_is_enough(names: Names) -> None:
    data = signed(mail("Godkendt"))
    assert checked(signed(data, "ondt.example"), names) is Dkim.ALIGNED


def test_the_fourth_signature_is_not_looked_at(names: Names) -> None:
    data = signed(mail("Godkendt"))
    for _ in range(3):
        data = signed(data, "ondt.example")
    assert checked(data, names) is Dkim.INCONCLUSIVE


@pytest.mark.parametrize("selector", ["test", "withdrawn", "unknown"])
def test_a_key_in_test_withdrawn_or_missing_proves_nothing(names: Names, selector: str) -> None:
    assert checked(signed(mail("Godkendt"), selector=selector), names) is Dkim.INCONCLUSIVE


def test_another_key_proves_nothing(names: Names) -> None:
    assert checked(signed(mail("Godkendt"), key=signing_key(13)), names) is Dkim.INCONCLUSIVE


@pytest.mark.parametrize(
    "signature",
    ["", "v=1", "v=1; a=rsa-sha256; d=kommune.example; s=valg; h=from; bh=; b=", "v=1; a=rsa-sha1; d=\xff; s=æ; b=?"],
)
def test_a_broken_signature_proves_nothing(names: Names, signature: str) -> None:
    assert checked(f"DKIM-Signature: {signature}\r\n".encode() + mail("Godkendt"), names) is Dkim.INCONCLUSIVE


def test_two_senders_are_nobodys_proof(names: Names) -> None:
    data = mail("Godkendt", changed={"From": "anders@kommune.example, x@ondt.example"})
    assert checked(signed(data), names) is Dkim.INCONCLUSIVE


def test_nobody_is_asked_unless_the_mapping_says_so(names: Names) -> None:
    names.asked.clear()
    found = facts_of(
        signed(mail("Godkendt")), "mail.eml", replace(READING, verify_dkim=False), resolver_at(names.address)
    )
    assert isinstance(found, MailFacts)
    assert found.dkim is Dkim.ABSENT
    assert names.asked == []


def test_the_confined_child_may_ask_for_keys(names: Names) -> None:
    reading = replace(READING, verify_dkim=True, dns_server=names.address)
    found = read_evidence(signed(mail("Godkendt")), "mail.eml", reading)
    assert isinstance(found, MailFacts)
    assert (found.dkim, found.says) == (Dkim.ALIGNED, Says.YES)


def test_a_silent_dns_server_only_leaves_the_question_open() -> None:
    with dns_server({}, is_silent=True) as silent:
        reading = replace(READING, verify_dkim=True, dns_server=silent.address)
        found = read_evidence(signed(mail("Godkendt")), "mail.eml", reading)
    assert isinstance(found, MailFacts)
    assert (found.dkim, found.says) == (Dkim.INCONCLUSIVE, Says.YES)
    assert silent.asked


def test_a_dns_server_is_named_by_host_and_port() -> None:
    resolver = resolver_at("[::1]:5353")
    assert (list(resolver.nameservers), resolver.port) == (["::1"], 5353)
    assert resolver_at(None).nameservers
