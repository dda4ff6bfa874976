"""Who sent a mail, when, and what it belongs to, however its headers are bent."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from adapter.ticket.evidence import Sender, Unread, UnreadFile
from adapter.ticket.senders import UNMATCHABLE
from tests.mails.made import READING, encoded, facts, mail, read

Value = str | list[str] | None


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def domains(value: Value) -> list[str]:
    return [sender.domain for sender in facts(mail("Godkendt", changed={"From": value})).senders]


def test_a_sender_is_a_domain_and_a_digest_of_the_address_in_lower_case() -> None:
    found = facts(mail("Godkendt", changed={"From": "Anders <Anders.And@KOMMUNE.example>"}))
    assert found.senders == (Sender(domain="kommune.example", address=digest("anders.and@kommune.example")),)
    assert found.recipients == (Sender(domain="leverandoer.example", address=digest("dubu@leverandoer.example")),)


@pytest.mark.parametrize(
    "value",
    [
        "anders@kommune.example",
        "<anders@kommune.example>",
        '"Andersen, Anders" <anders@kommune.example>',
        "anders@kommune.example (chef@andet.example)",
        '"chef@andet.example" <anders@kommune.example>',
        "=?utf-8?q?chef=40andet=2Eexample?= <anders@kommune.example>",
        "=?utf-8?b?PGNoZWZAYW5kZXQuZXhhbXBsZT4=?= <anders@kommune.example>",
        "Åse Ærø <anders@kommune.example>",
        encoded("Åse Ærø") + " <anders@kommune.example>",
        "Anders\r\n Andersen\r\n <anders@kommune.example>",
        "Kommunen: anders@kommune.example;",
        " Anders <anders@Kommune.Example> ",
    ],
)
def test_one_address_is_one_sender_whatever_the_name_beside_it_says(value: str) -> None:
    assert domains(value) == ["kommune.example"]


@pytest.mark.parametrize(
    "value",
    [
        "anders@kommune.example, x@ondt.example",
        ["anders@kommune.example", "x@ondt.example"],
        ["x@ondt.example", "Anders <anders@kommune.example>"],
        "Gruppe: anders@kommune.example, x@ondt.example;",
        "Gruppe: anders@kommune.example;, x@ondt.example",
    ],
)
def test_every_address_of_every_from_is_a_sender(value: Value) -> None:
    assert sorted(domains(value)) == ["kommune.example", "ondt.example"]


@pytest.mark.parametrize(
    "value",
    [
        "<x@ondt.example> <anders@kommune.example>",
        "anders@kommune.example <x@ondt.example>",
        "x@ondt.example<anders@kommune.example>",
        "<anders@kommune.example>x@ondt.example",
        "anders@kommune.example@ondt.example",
        "<@kommune.example:x@ondt.example>",
        '"anders@kommune.example"@ondt.example',
        "anders@kommune.example\x00@ondt.example",
        "anders@kommune.example\x00.ondt.example",
        "anders@ondt.example (@kommune.example",
        "(anders@ondt.example",
        "anders@[kommune.example]",
        "anders@kommune.example.",
        "anders@.kommune.example",
        "anders@kommune..example",
        "anders@ｋommune.example",
        "anders@kommune\u3002example",
        "anders@komm\u00adune.example",
        "anders@kommune.example\u200b",
        "anders@k\u043emmune.example",  # Cyrillic о
        "anders@-kommune.example",
        "kommune.example",
        "@kommune.example",
        "anders@",
        "=?utf-8?q?anders=40kommune=2Eexample?=",
        "=?utf-8?q?=3Canders=40kommune=2Eexample=3E?=",
        "=?utf-8?q?anders=40kommune=2Eexample=2C?= x@ondt.example",
        "((((((((((x",
        '"',
        "<",
        ",,,",
        "",
    ],
)
def test_a_bent_from_is_never_one_sender_of_the_domain_it_imitates(value: str) -> None:
    """Read two ways, unreadable, or nobody: all of them are somebody else than the payer."""
    try:
        found = domains(value)
    except AssertionError:  # not readable at all is as good
        return
    assert found != ["kommune.example"]


def test_a_domain_is_compared_by_its_a_labels() -> None:
    assert domains("anders@brøndby-kommune.example") == ["xn--brndby-kommune-rqb.example"]
    assert domains("anders@BRØNDBY-kommune.example") == ["xn--brndby-kommune-rqb.example"]
    assert domains("anders@xn--brndby-kommune-rqb.example") == ["xn--brndby-kommune-rqb.example"]


def test_what_is_no_domain_matches_none() -> None:
    assert domains("anders@localhost") == [UNMATCHABLE]
    assert "." not in UNMATCHABLE


def test_no_from_is_no_sender() -> None:
    assert facts(mail("Godkendt", changed={"From": None})).senders == ()


def test_a_from_behind_a_bare_carriage_return_is_a_from_too() -> None:
    assert "ondt.example" in domains("anders@kommune.example\rFrom: x@ondt.example")


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Thu, 12 Nov 2026 13:30:00 +0100", datetime(2026, 11, 12, 12, 30, tzinfo=UTC)),
        ("12 Nov 2026 12:30 GMT", datetime(2026, 11, 12, 12, 30, tzinfo=UTC)),
        ("Thu, 12 Nov 2026 12:30:00 -0000", datetime(2026, 11, 12, 12, 30, tzinfo=UTC)),
        ("Thu, 12 Nov 2026 13:30:00 +0100 (CET)", datetime(2026, 11, 12, 12, 30, tzinfo=UTC)),
        ("Thu, 12 Nov 2026 13:30:00", None),
        ("i går", None),
        ("", None),
        ("Thu, 32 Nov 2026 13:30:00 +0100", None),
        ("Thu, 12 Nov 2026 13:30:00 +9999999999", None),
        ("Thu, 12 Nov 99999 13:30:00 +0100", None),
        ("Mon, 01 Jan 1601 00:00:00 +0000", None),
        (["Thu, 12 Nov 2026 13:30:00 +0100", "Thu, 12 Nov 2026 14:30:00 +0100"], None),
        (None, None),
    ],
)
def test_a_mail_was_sent_when_exactly_one_date_says_so_with_its_zone(value: Value, moment: datetime | None) -> None:
    assert facts(mail("Godkendt", changed={"Date": value})).sent_at == moment


def test_ids_are_digests_without_brackets_and_white_space() -> None:
    found = facts(
        mail(
            "Godkendt",
            changed={
                "Message-ID": " <answer@kommune.example> ",
                "In-Reply-To": "<offer@leverandoer.\r\n example>",
                "References": "<first@kommune.example>\r\n <offer@leverandoer.example> <æ@x>",
            },
        )
    )
    assert found.message_id == digest("answer@kommune.example")
    assert found.references == {digest("first@kommune.example"), digest("offer@leverandoer.example"), digest("æ@x")}


def test_a_bare_message_id_counts() -> None:
    assert facts(mail("x", changed={"In-Reply-To": "offer@leverandoer.example", "References": None})).references == {
        digest("offer@leverandoer.example")
    }


def test_two_message_ids_are_none() -> None:
    assert facts(mail("x", changed={"Message-ID": ["<a@b>", "<c@d>"]})).message_id is None
    assert facts(mail("x", changed={"Message-ID": None})).message_id is None


def test_a_thousand_references_are_enough() -> None:
    many = "\r\n ".join(f"<{number}@kommune.example>" for number in range(2_000))
    assert len(facts(mail("x", changed={"References": many})).references) == 1_000


@pytest.mark.parametrize(
    ("subject", "keys"),
    [
        ("SV: [DUBU-12] Tilbud", {"DUBU-12"}),
        ("dubu-12 og DUBU-13", {"DUBU-12", "DUBU-13"}),
        (encoded("Tilbud på æblegrød DUBU-12"), {"DUBU-12"}),
        ("=?utf-8?q?DUBU=2D12?=", {"DUBU-12"}),
        ("Tilbud på æblegrød DUBU-12", {"DUBU-12"}),  # raw UTF-8
        ("DUBU\u201012", set()),  # another hyphen is folded to none of ours
        ("XDUBU-12x", set()),
        ("DUBU-123", {"DUBU-123"}),
        ("Tilbud", set()),
        (["DUBU-12", "DUBU-13"], set()),
        (None, set()),
    ],
)
def test_keys_are_found_in_the_one_decoded_subject(subject: Value, keys: set[str]) -> None:
    assert facts(mail("Godkendt", changed={"Subject": subject})).ticket_keys == keys


@pytest.mark.parametrize(
    "changed",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; owner-email=x"},
        {"Auto-Submitted": ["no", "auto-notified"]},
        {"Precedence": "auto_reply"},
        {"Precedence": "Bulk"},
        {"X-Autoreply": "yes"},
        {"X-Autorespond": "x"},
        {"X-MS-Exchange-Inbox-Rules-Loop": "anders@kommune.example"},
        {"Return-Path": "<>"},
        {"Subject": "Automatisk svar: [DUBU-12] Tilbud"},
        {"Subject": encoded("Automatisk svar: på ferie")},
        {"Subject": "Ikke til stede"},
        {"Subject": "OUT OF OFFICE"},
    ],
)
def test_automatic_replies_are_known(changed: dict[str, Value]) -> None:
    assert facts(mail("Godkendt", changed=changed)).automatic


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"Auto-Submitted": "No"},
        {"X-Auto-Response-Suppress": "All"},  # asks others not to answer; stamped on people's mails too
        {"Precedence": "list"},
        {"X-Autoreply": "no"},
        {"Return-Path": "<anders@kommune.example>"},
        {"Subject": "SV: Automatisk svar: Tilbud"},
        {"Subject": "Automatisk svarmulighed"},
    ],
)
def test_a_persons_mail_is_not_automatic(changed: dict[str, Value]) -> None:
    assert not facts(mail("Godkendt", changed=changed)).automatic


def test_a_header_beyond_the_cap_is_for_a_person() -> None:
    found = read(mail("Godkendt", changed={"Subject": "x" * 70_000}))
    assert isinstance(found, UnreadFile)
    assert found.reason is Unread.TOO_COMPLEX


def test_too_many_addresses_are_for_a_person() -> None:
    found = read(mail("Godkendt", changed={"To": ", ".join(f"a{number}@x.example" for number in range(600))}))
    assert isinstance(found, UnreadFile)
    assert found.reason is Unread.TOO_COMPLEX


def test_nothing_of_a_mail_but_the_domain_is_in_its_facts() -> None:
    found = facts(
        mail("Godkendt, siger Hemmelig", changed={"Subject": "Hemmelig", "From": "Hemmelig <hemmelig@kommune.example>"})
    )
    assert "emmelig" not in found.model_dump_json()
    assert READING.yes[0] in found.model_dump_json()
