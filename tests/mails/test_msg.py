"""Outlook's own files: real ones, and made-up ones for what the real ones do not show."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapter.catalogue.addresses import digest_of_text
from adapter.ticket.evidence import Dkim, MailFacts, Says, Unread, UnreadFile
from adapter.ticket.senders import UNMATCHABLE
from tests.mails import made_msg as m
from tests.mails.made import OFFER, facts, outlook, outlook_html, read

REAL = Path(__file__).parents[2].parent / "shared" / "mail"
TRANSPORT = (
    "Received: from x by y; Thu, 12 Nov 2026 13:30:01 +0100\r\nFrom: Anders <anders@kommune.example>\r\n"
    "To: dubu@leverandoer.example\r\nSubject: SV: [DUBU-12] Tilbud\r\nDate: Thu, 12 Nov 2026 13:30:00 +0100\r\n"
    "Message-ID: <answer@kommune.example>\r\nIn-Reply-To: <offer@leverandoer.example>\r\n"
    "DKIM-Signature: v=1; d=kommune.example\r\n\r\n"
)
NOON = datetime(2026, 11, 12, 12, 30, tzinfo=UTC)


def read_msg(properties: m.Properties, recipients: tuple[str, ...] = (), attachments: int = 0) -> MailFacts:
    return facts(m.msg(properties, recipients, attachments), filename="svar.msg")


def test_transport_headers_are_read_as_those_of_a_mail() -> None:
    found = read_msg({m.MESSAGE_CLASS: "IPM.Note", m.HEADERS: TRANSPORT, m.BODY: outlook("Godkendt")}, attachments=2)
    assert found.says is Says.YES
    assert [sender.domain for sender in found.senders] == ["kommune.example"]
    assert [sender.domain for sender in found.recipients] == ["leverandoer.example"]
    assert found.message_id == digest_of_text("answer@kommune.example")
    assert found.references == {digest_of_text("offer@leverandoer.example")}
    assert found.sent_at == NOON
    assert found.ticket_keys == {"DUBU-12"}
    assert found.attachments == 2
    assert not found.automatic


def test_transport_headers_may_hold_any_letters() -> None:
    headers = "From: Åse – æ <anders@kommune.example>\r\nSubject: Æblegrød DUBU-12\r\n\r\n"
    found = read_msg({m.HEADERS: headers, m.BODY: "Godkendt"})
    assert [sender.domain for sender in found.senders] == ["kommune.example"]
    assert found.ticket_keys == {"DUBU-12"}


def test_a_stream_that_is_named_and_missing_is_no_text() -> None:
    whole = m.msg({m.HEADERS: TRANSPORT, m.BODY: "Godkendt", m.HTML: b"<p>Nej</p>"})
    for stream, says in (("1000001F", Says.NO), ("10130102", Says.YES)):
        name = f"__substg1.0_{stream}".encode("utf-16-le")
        without = whole.replace(name, name.replace(b".\x000\x00_", b".\x009\x00_"))
        assert without != whole
        assert facts(without, filename="svar.msg").says is says


def test_text_in_a_charset_that_it_is_not_in_is_no_text() -> None:
    data = m.msg({m.HEADERS: TRANSPORT, m.BODY: "Godkendt"})
    broken = data.replace("Godkendt".encode("utf-16-le"), b"\x00\xd8" * 8)  # half a pair, over and over
    assert facts(broken, filename="svar.msg").says is Says.NOTHING


def test_too_many_recipients_are_for_a_person() -> None:
    found = read(m.msg({m.BODY: "Godkendt"}, ("a@b.example",) * 502), filename="svar.msg")
    assert isinstance(found, UnreadFile)


def test_a_msg_is_never_vouched_for() -> None:
    assert read_msg({m.HEADERS: TRANSPORT, m.BODY: "Godkendt"}).dkim is Dkim.ABSENT


def test_without_transport_headers_outlooks_properties_tell() -> None:
    found = read_msg(
        {
            m.MESSAGE_CLASS: "IPM.Note",
            m.SUBJECT: "SV: [DUBU-12] Tilbud",
            m.SENDER_KIND: "EX",
            m.SENDER_ADDRESS: "/O=KOMMUNEN/CN=ANDERS",
            m.SENDER_SMTP: "anders@kommune.example",
            m.SUBMITTED: NOON,
            m.MESSAGE_ID: "<answer@kommune.example>",
            m.IN_REPLY_TO: "<offer@leverandoer.example>",
            m.BODY: "Godkendt",
        },
        recipients=("dubu@leverandoer.example", "/O=KOMMUNEN/CN=BENTE"),
    )
    assert [sender.domain for sender in found.senders] == ["kommune.example"]
    assert [sender.domain for sender in found.recipients] == ["leverandoer.example"]
    assert found.message_id == digest_of_text("answer@kommune.example")
    assert found.references == {digest_of_text("offer@leverandoer.example")}
    assert found.sent_at == NOON
    assert found.ticket_keys == {"DUBU-12"}
    assert found.says is Says.YES


def test_an_exchange_name_is_nobodys_domain() -> None:
    for address in ("/O=KOMMUNEN/CN=ANDERS", "/O=KOMMUNEN/CN=anders@kommune.example"):
        found = read_msg({m.SENDER_KIND: "EX", m.SENDER_ADDRESS: address, m.BODY: "Godkendt"})
        assert {sender.domain for sender in found.senders} == {UNMATCHABLE}


def test_an_smtp_address_counts_where_no_better_one_is_kept() -> None:
    found = read_msg({m.SENDER_KIND: "SMTP", m.SENDER_ADDRESS: "anders@kommune.example", m.BODY: "Godkendt"})
    assert [sender.domain for sender in found.senders] == ["kommune.example"]


def test_who_writes_for_another_is_two_senders() -> None:
    found = read_msg(
        {m.SENDER_SMTP: "x@ondt.example", m.REPRESENTED_SMTP: "anders@kommune.example", m.BODY: "Godkendt"}
    )
    assert sorted(sender.domain for sender in found.senders) == ["kommune.example", "ondt.example"]


def test_what_was_never_sent_has_no_date() -> None:
    assert read_msg({m.SUBMITTED: datetime(1601, 1, 1, tzinfo=UTC), m.BODY: "x"}).sent_at is None
    assert read_msg({m.DELIVERED: NOON, m.BODY: "x"}).sent_at == NOON


def test_a_broken_date_in_the_headers_is_not_replaced_by_another() -> None:
    assert read_msg({m.HEADERS: "From: a@kommune.example\r\nDate: i går\r\n\r\n", m.SUBMITTED: NOON}).sent_at is None


def test_an_html_body_stands_in_for_a_missing_plain_one() -> None:
    html = outlook_html("Godkendt på gensyn")
    assert read_msg({m.CODEPAGE: 65001, m.HTML: html.encode()}).says is Says.YES
    assert read_msg({m.CODEPAGE: 1252, m.HTML: html.encode("cp1252")}).says is Says.YES
    assert read_msg({m.HTML: html}).says is Says.YES


def test_a_code_page_that_nobody_knows_is_for_a_person() -> None:
    found = read(m.msg({m.CODEPAGE: 12345, m.BODY: "Godkendt"}), filename="svar.msg")
    assert found == UnreadFile(digest=found.digest, reason=Unread.BROKEN)


def test_rtf_alone_says_nothing() -> None:
    assert read_msg({m.MESSAGE_CLASS: "IPM.Note", 0x1009: b"LZFu Godkendt"}).says is Says.NOTHING


@pytest.mark.parametrize(
    ("kind", "is_automatic"),
    [
        ("IPM.Note", False),
        ("IPM.Note.SMIME.MultipartSigned", False),
        ("", False),
        ("IPM.Note.Rules.OofTemplate.Microsoft", True),
        ("IPM.Note.Rules.ReplyTemplate.Microsoft", True),
        ("REPORT.IPM.Note.NDR", True),
        ("REPORT.IPM.Note.IPNRN", True),
        ("IPM.Schedule.Meeting.Resp.Pos", True),
    ],
)
def test_the_message_class_tells_who_wrote(kind: str, is_automatic: bool) -> None:
    assert read_msg({m.MESSAGE_CLASS: kind, m.HEADERS: TRANSPORT, m.BODY: "Godkendt"}).automatic is is_automatic


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n",
        b"From: a@kommune.example\r\nDate: x\r\n\r\nGodkendt",
        m.compound({"WordDocument": b"x" * 5000}),
        m.msg({m.MESSAGE_CLASS: "IPM.Contact"}),
    ],
)
def test_other_files_are_no_message(data: bytes) -> None:
    found = read(data, filename="svar.MSG ")
    assert isinstance(found, UnreadFile)
    assert found.reason is Unread.NOT_A_MAIL


def test_a_message_under_another_name_is_read_as_one() -> None:
    assert facts(m.msg({m.HEADERS: TRANSPORT, m.BODY: "Godkendt"}), filename="svar.eml").says is Says.YES


def test_a_truncated_message_is_refused() -> None:
    whole = m.msg({m.HEADERS: TRANSPORT, m.BODY: f"Godkendt{' og mere' * 2_000}", m.SUBJECT: "x"}, ("a@b.example",), 3)
    for size in range(8, len(whole), 997):
        found = read(whole[:size], filename="svar.msg")
        assert isinstance(found, UnreadFile), size


def test_more_than_is_read_of_a_message_is_for_a_person() -> None:
    for properties in (
        {m.BODY: "x" * (2**20 + 1)},
        {m.HEADERS: f"From: {'x' * 70_000}\r\n"},
        {m.HEADERS: "X-A: b\r\n" * 1_001},
    ):
        found = read(m.msg(properties), filename="svar.msg")
        assert isinstance(found, UnreadFile)
        assert found.reason is Unread.TOO_COMPLEX


def test_an_offer_sent_from_outlook_is_known_by_its_words() -> None:
    assert read_msg({m.SENDER_SMTP: "dubu@leverandoer.example", m.BODY: OFFER}).offer_words == (
        "betalbar ydelse",
        "fast pris",
    )


@pytest.mark.parametrize("name", ["message.msg", "no-attachments.msg", "not-a-MSG-file.msg"])
def test_real_files(name: str) -> None:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"{path} is not here: real Outlook files are test data beside the checkout")
    found = read(path.read_bytes(), filename=name)
    if name == "not-a-MSG-file.msg":
        assert isinstance(found, UnreadFile)
        assert found.reason is Unread.NOT_A_MAIL
        return
    assert isinstance(found, MailFacts)
    assert len(found.senders) == 1
    assert found.senders[0].domain.count(".") == 1
    assert found.says is Says.NOTHING
    assert found.attachments == (1 if name == "message.msg" else 0)
    assert (found.sent_at is not None) is (name == "message.msg")
