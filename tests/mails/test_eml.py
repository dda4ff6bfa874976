"""What is read of a mail's parts, and what is not."""

from __future__ import annotations

import base64

import pytest

from adapter.ticket.evidence import Says, Unread, UnreadFile
from tests.mails.made import attachment, facts, headers, mail, multipart, read

YES = b"Content-Type: text/plain; charset=utf-8\r\n\r\nGodkendt.\r\n"
TALK = b"Content-Type: text/plain\r\n\r\nSe vedh\xc3\xa6ftede.\r\n"


def test_attachments_are_counted_and_not_read() -> None:
    data = headers() + multipart("mixed", TALK, attachment(), attachment(b"Godkendt", "svar.txt", "text/plain"))
    found = facts(data)
    assert found.attachments == 2
    assert found.says is Says.NOTHING


def test_an_attached_mail_is_not_the_senders_own_words() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\n" + mail("Godkendt", changed={"From": "chef@andet.example"})
    found = facts(headers() + multipart("mixed", TALK, inner))
    assert found.says is Says.NOTHING
    assert found.attachments == 1
    assert [sender.domain for sender in found.senders] == ["kommune.example"]


def test_a_mail_that_is_only_an_attached_mail_says_nothing() -> None:
    found = facts(headers() + b"Content-Type: message/rfc822\r\n\r\n" + mail("Godkendt"))
    assert found.says is Says.NOTHING


def test_several_plain_texts_are_read_as_one() -> None:
    no = b"Content-Type: text/plain\r\n\r\nNej.\r\n"
    assert facts(headers() + multipart("mixed", YES, attachment(), no)).says is Says.BOTH


def test_pictures_in_the_text_are_attachments_too() -> None:
    picture = b"Content-Type: image/png\r\nContent-ID: <logo>\r\nContent-Disposition: inline\r\n\r\nPNG\r\n"
    related = multipart("related", b"Content-Type: text/html\r\n\r\n<p>Godkendt</p>\r\n", picture, boundary="inner")
    found = facts(headers() + multipart("mixed", related))
    assert found.says is Says.YES
    assert found.attachments == 1


def test_a_signed_mail_is_read() -> None:
    signature = b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nAAAA\r\n"
    assert facts(headers() + multipart("signed", YES, signature)).says is Says.YES


def test_a_meetings_answer_and_a_delivery_report_are_automatic() -> None:
    calendar = b"Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\n"
    assert facts(headers() + multipart("alternative", YES, calendar)).automatic
    assert facts(headers() + multipart("report", YES)).automatic
    invitation = b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n"
    assert not facts(headers() + multipart("alternative", YES, invitation)).automatic


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Godkendt på vores side".encode()),
        ("iso-8859-1", "Godkendt på vores side".encode("iso-8859-1")),
        ("windows-1252", "Ja – godkendt".encode("cp1252")),
        ("utf-16", "Godkendt på vores side".encode("utf-16")),
        ("us-ascii", "Godkendt på vores side".encode()),
        ("x-ukendt", "Godkendt på vores side".encode()),
        ("x-ukendt", "Godkendt på vores side".encode("cp1252")),
        ("utf-8", "Godkendt på vores side".encode("cp1252")),
        ("", b"godkendt"),
        ("rot13", b"godkendt"),
    ],
)
def test_charsets_known_wrong_or_unknown_are_read(charset: str, text: bytes) -> None:
    part = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    assert facts(headers() + part + base64.encodebytes(text)).says is Says.YES


def test_a_charset_that_spells_words_in_disguise_is_not_followed() -> None:
    assert facts(headers() + b"Content-Type: text/plain; charset=utf-7\r\n\r\n+AEc-odkendt\r\n").says is Says.NOTHING
    assert facts(headers() + b"Content-Type: text/plain; charset=rot13\r\n\r\nTbqxraqg\r\n").says is Says.NOTHING


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("quoted-printable", b"Godkendt=2E"),
        ("base64", b"R29ka2VuZHQ="),
        ("base64", b"R29ka2VuZHQ"),
        ("x-ukendt", b"Godkendt"),
        ("7bit", b"Godkendt\x00"),
        ("8bit", "Godkendt på gensyn".encode()),
    ],
)
def test_broken_encodings_are_read_as_far_as_they_go(encoding: str, body: bytes) -> None:
    part = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    assert facts(headers() + part + body).says is Says.YES


def test_broken_base64_is_no_yes() -> None:
    part = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!R2!9k\x00\xff=\r\n"
    assert facts(headers() + part).says is Says.NOTHING


def test_a_byte_order_mark_before_the_headers_is_forgiven() -> None:
    assert facts(b"\xef\xbb\xbf" + mail("Godkendt")).says is Says.YES


def test_a_missing_boundary_is_no_yes() -> None:
    assert facts(headers() + b"Content-Type: multipart/mixed\r\n\r\nGodkendt\r\n").says is Says.NOTHING


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"Godkendt", b"%PDF-1.4\n%\xff", b"\x89PNG\r\n\x1a\n", b"Godkendt: ja\r\n\r\nx"]
)
def test_what_has_no_headers_of_a_mail_is_none(data: bytes) -> None:
    found = read(data)
    assert isinstance(found, UnreadFile)
    assert found.reason is Unread.NOT_A_MAIL


@pytest.mark.parametrize(
    "data",
    [
        headers() + multipart("mixed", *[YES] * 201),
        headers({f"X-{number}": "x" for number in range(1_001)}) + YES,
        headers() + multipart("mixed", "".join(f"X-{number}: x\r\n" for number in range(1_001)).encode() + YES),
        headers() + b"Content-Type: text/plain\r\n\r\n" + b"x" * (2**20 + 1),
        headers() + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 2_001,
    ],
    ids=["parts", "headers", "headers of parts", "text", "tags"],
)
def test_more_than_is_read_of_a_mail_is_for_a_person(data: bytes) -> None:
    found = read(data)
    assert isinstance(found, UnreadFile)
    assert found.reason is Unread.TOO_COMPLEX


def test_parts_within_parts_within_parts_are_for_a_person() -> None:
    inner = YES
    for depth in range(25):
        inner = multipart("mixed", inner, boundary=f"b{depth}")
    found = read(headers() + inner)
    assert isinstance(found, UnreadFile)
    assert found.reason is Unread.TOO_COMPLEX
