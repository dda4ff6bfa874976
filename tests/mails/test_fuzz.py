"""Chance as the adversary: bytes, headers and texts that nobody thought of."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.mails.own_words import own_words
from adapter.mails.reader import read_evidence
from adapter.mails.signature import check_signature, resolver_at
from adapter.ticket.evidence import EVIDENCE, MailFacts, Says, UnreadFile
from tests.mails import made_msg as m
from tests.mails.made import (
    OFFER,
    READING,
    apple,
    apple_html,
    attachment,
    gmail,
    gmail_html,
    headers,
    mail,
    multipart,
    outlook,
    outlook_html,
    read,
)

GOOD_MAILS = [
    mail(outlook("Godkendt"), outlook_html("Godkendt")),
    mail(html=gmail_html("Godkendt")),
    headers() + multipart("mixed", b"Content-Type: text/plain\r\n\r\nGodkendt\r\n", attachment()),
    m.msg({m.SENDER_SMTP: "a@kommune.example", m.BODY: "Godkendt", m.HTML: b"<p>Godkendt</p>"}, ("b@c.example",), 1),
]
NAMES = st.sampled_from(
    ["From", "To", "Subject", "Date", "Message-ID", "References", "Content-Type", "Content-Transfer-Encoding", "X-A"]
)
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "Godkendt",
            "text/html",
            'multipart/mixed; boundary="a"',
            "message/rfc822",
            "base64",
            "quoted-printable",
            "text/plain; charset=utf-7",
            "=?utf-8?q?Godkendt?=",
            "Anders <anders@kommune.example>",
        ]
    ),
)
SILENCE = [
    "Hej",
    "Tak for mailen.",
    "",
    "Vi ses",
    "Med venlig hilsen",
    "Mvh",
    "-- ",
    "Anders",
    "> x",
    "Fra: mig",
    "Emne:",
]


@given(st.binary(max_size=2_000), st.sampled_from(["a.eml", "a.msg", ""]))
@settings(max_examples=200, deadline=None)
def test_no_bytes_make_the_reader_raise(data: bytes, name: str) -> None:
    assert isinstance(read(data, filename=name), UnreadFile | MailFacts)


@given(st.sampled_from(GOOD_MAILS), st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=8)), max_size=20))
@settings(max_examples=200, deadline=None)
def test_no_damage_to_a_mail_makes_the_reader_raise(data: bytes, damage: list[tuple[int, bytes]]) -> None:
    for place, replacement in damage:
        at = place % len(data)
        data = data[:at] + replacement + data[at + len(replacement) :]
    found = read(data, filename="a.msg" if data.startswith(b"\xd0\xcf") else "a.eml")
    assert EVIDENCE.validate_json(EVIDENCE.dump_json(found)) == found


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8), st.sampled_from(["Nej tak", "Vi vender tilbage", OFFER]))
@settings(max_examples=300, deadline=None)
def test_no_headers_make_a_yes_of_a_mail_that_says_none(added: list[tuple[str, str]], text: str) -> None:
    values = {name: [" ".join(re.split("[\r\n]+", v)) for n, v in added if n == name] for name, _ in added}
    found = read(mail(outlook(text), changed=values))
    assert not (isinstance(found, MailFacts) and found.says is Says.YES)


@given(
    st.lists(st.sampled_from(SILENCE), max_size=6),
    st.sampled_from([outlook, gmail, apple]),
    st.sampled_from([outlook_html, gmail_html, apple_html]),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_quoted_yes_is_no_yes_whatever_silence_stands_above_it(lines: list[str], plain: object, html: object) -> None:
    assert callable(plain)
    assert callable(html)
    quote = "Godkendt. I må gå i gang."
    for data in (
        mail(plain("\n".join(lines), quote)),
        mail(html=html("<br>".join(line.replace(">", "&gt;") for line in lines), quote)),
    ):
        found = read(data)
        assert isinstance(found, MailFacts)
        assert found.says is Says.NOTHING


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_own_words_are_lines_of_the_mail(text: str) -> None:
    words = own_words(text)
    letters = "".join(text.split())
    assert all("".join(part.split())[:1] in letters for part in (words.sure, words.doubtful))


@given(st.text(max_size=200), st.text(max_size=100))
@settings(max_examples=100, deadline=None)
def test_no_signature_header_makes_the_check_raise(value: str, selector: str) -> None:
    signature = f"DKIM-Signature: v=1; a=rsa-sha256; d=kommune.example; s={selector}; {value}\r\n"
    data = signature.encode("utf-8", "replace") + mail("Nej")
    assert check_signature(data, "kommune.example", (), resolver_at("127.0.0.1:1")) is not None


@given(st.binary(max_size=500))
@settings(max_examples=10, deadline=None)
def test_no_bytes_harm_the_caller(data: bytes) -> None:
    assert isinstance(read_evidence(data, "a.eml", READING), UnreadFile | MailFacts)
