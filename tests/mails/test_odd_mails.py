"""What may be read in two ways is told, and is never a yes that needs no person."""

from __future__ import annotations

import contextlib
import time
from datetime import timedelta

import pytest

from adapter.mails.addresses import addresses_in
from adapter.mails.limits import MAX_ADDRESS_BYTES, TooComplex
from adapter.ticket.evidence import Says, UnreadFile
from tests.mails import made_msg as m
from tests.mails.made import facts, headers, mail, multipart, read
from tests.mails.test_msg import NOON, TRANSPORT, read_msg

PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\nGodkendt.\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Godkendt.</p>\r\n"


def test_an_ordinary_mail_is_not_odd() -> None:
    assert facts(mail("Godkendt", "<p>Godkendt</p>")).odd == ()
    assert read_msg({m.HEADERS: TRANSPORT, m.BODY: "Godkendt"}).odd == ()


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "ingen_message_id"),
        ("", "ingen_message_id"),
        (["<a@b>", "<c@d>"], "flere_message_id"),
        (["<a@b>", "<a@b>"], "flere_message_id"),
        ("<a@b> <c@d>", "flere_message_id"),
    ],
)
def test_a_mail_without_exactly_one_message_id_is_odd(value: str | list[str] | None, code: str) -> None:
    found = facts(mail("Godkendt", changed={"Message-ID": value}))
    assert (found.message_id, found.odd) == (None, (code,))


def test_a_from_with_space_before_its_colon_is_a_sender_too() -> None:
    found = facts(b"From : chef@ondt.example\r\n" + mail("Godkendt"))
    assert "ondt.example" in {sender.domain for sender in found.senders}
    assert "skæve_hoveder" in found.odd


@pytest.mark.parametrize("name", ["From ", "from\t", "FROM  ", "Reply "])
def test_a_bent_header_is_odd_or_makes_the_mail_unreadable(name: str) -> None:
    line = f"{name}: chef@ondt.example\r\n".encode()
    for data in (line + mail("Godkendt"), mail("Godkendt").replace(b"To: ", line + b"To: ", 1)):
        found = read(data)
        assert isinstance(found, UnreadFile) or "skæve_hoveder" in found.odd


def test_another_bent_header_is_odd() -> None:
    assert "skæve_hoveder" in facts(mail("Godkendt").replace(b"Date: ", b"Date : ", 1)).odd


@pytest.mark.parametrize(
    "html",
    [
        '<p style="disp\\6cay:none">Godkendt</p>',
        '<head><link rel="stylesheet" href="x"></head><p>Godkendt</p>',
        "<style>[data-x]{letter-spacing:-9px}</style><p data-x=1>Godkendt</p>",
        "<style>p[lang='da']{color:#eee}</style><p lang=da>Godkendt</p>",
        "<style>:not(b){color:#eee}</style><p>Godkendt</p>",
        "<style>div > p{scale:0}</style><div><p>Godkendt</p></div>",
        "<style>p:after{content:' ikke'}</style><p>Godkendt</p>",
        "<style>@import 'x';</style><p>Godkendt</p>",
        "<style>p{d\\69splay:none}</style><p>Godkendt</p>",
        "<style>*{letter-spacing:-10px}</style><p>Godkendt</p>",
        "<details><summary>x</summary><p>Godkendt</p></details>",
        "<dialog>Godkendt</dialog>",
        "<![if !mso]><p>Godkendt</p><![endif]>",
        "<!--[if !mso]><!--><p>Godkendt</p><!--<![endif]-->",
        "<p>Godkendt<!--[if mso]> for 20.000<![endif]--></p>",
        '<p>Godkendt</p><p style="display:none">til foråret</p>',
        '<p style="color:#eeeeee">Godkendt</p>',
        '<p style="color:var(--x)">Godkendt</p>',
        '<p style="color:#000;background:#000">Godkendt</p>',
        '<p style="background:url(x)">Godkendt</p>',
        '<p style="scale:0">Godkendt</p>',
        '<p style="filter:opacity(0)">Godkendt</p>',
        '<p style="zoom:1%">Godkendt</p>',
        '<p style="position:absolute">Godkendt</p>',
        '<p style="font:0px Arial">Godkendt</p>',
        '<p style="font-size:4px">Godkendt</p>',
        '<p style="font-family:Wingdings">Godkendt</p>',
        '<p style="text-indent:9999px">Godkendt</p>',
        '<p style="margin-left:99999px">Godkendt</p>',
        '<p style="color">Godkendt</p>',
        '<font face="Webdings">Godkendt</font>',
        '<font size="1">Godkendt</font>',
        "<bdo dir=rtl>Godkendt</bdo>",
        "<p dir=rtl>Godkendt</p>",
        "<p aria-hidden=true>Godkendt</p>",
        '<body text="#eeeeee">Godkendt</body>',
        "<td bgcolor=black>Godkendt</td>",
        "<ukendt>Godkendt</ukendt>",
    ],
)
def test_html_that_may_not_be_plain_to_everybody_is_no_yes(html: str) -> None:
    assert facts(mail(html=html)).says in {Says.CONDITIONAL, Says.NOTHING}


@pytest.mark.parametrize(
    "html",
    [
        '<input value="Ikke"> Godkendt',
        '<p><input placeholder="Ikke"></p><p>Godkendt</p>',
        "<input type=checkbox> Godkendt",
        "<svg><text>Ikke</text></svg><p>Godkendt</p>",
        '<iframe srcdoc="Ikke"></iframe><p>Godkendt</p>',
        '<object data="https://x.example"></object><p>Godkendt</p>',
        "<progress>Ikke</progress>Godkendt",
        "<noscript>Ikke</noscript><p>Godkendt</p>",
        "<select><option>Ikke</option></select> Godkendt",
        '<p>Godkendt <img alt="IKKE" src="cid:1"></p>',
        '<p><img alt="IKKE" src="cid:1"></p><p>Godkendt</p>',
        '<p>Godkendt</p><p></p><div><img src="cid:1"></div>',
    ],
)
def test_what_some_programs_show_beside_a_yes_is_for_a_person(html: str) -> None:
    assert facts(mail(html=html)).says is Says.CONDITIONAL


@pytest.mark.parametrize(
    "around",
    [
        "{}<p>Med venlig hilsen</p><p>Mette Madsen<br><img alt='Et billede, der indeholder tekst' src='cid:1'></p>",
        "{}<blockquote><button>Svar</button><p><img src='cid:1'></p></blockquote>",
        "<head><title>SV: Tilbud</title></head>{}",
        "{}<div style='display:none'><input></div>",
    ],
)
def test_a_picture_below_the_closing_and_what_is_quoted_or_hidden_leave_a_yes_plain(around: str) -> None:
    assert facts(mail(html=around.format("<p>Godkendt</p>"))).says is Says.YES


OUTLOOK = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv="Content-Type" content="text/html"><!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}
</style><![endif]--><style><!--
/* Font Definitions */
@font-face {font-family:Wingdings; panose-1:5 0 0 0 0 0 0 0 0 0;}
/* Style Definitions */
p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif; mso-ligatures:none;}
a:link, span.MsoHyperlink {mso-style-priority:99; color:#0563C1; text-decoration:underline;}
span.EmailStyle17 {mso-style-type:personal-compose; font-family:"Calibri",sans-serif; color:windowtext;}
@page WordSection1 {size:612.0pt 792.0pt; margin:3.0cm 2.0cm 3.0cm 2.0cm;}
div.WordSection1 {page:WordSection1;}
--></style><!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit" spidmax="1026" /></xml><![endif]--></head>
<body lang="DA" link="#0563C1" vlink="#954F72" style="word-wrap:break-word"><div class="WordSection1">
<p class="MsoNormal"><span style='font-size:11.0pt;font-family:"Calibri",sans-serif;color:#1F497D'>Godkendt.<o:p></o:p>
</span></p></div></body></html>"""


OUTLOOK_ON_THE_WEB = (
    '<div class="elementToProof" style="font-family: Aptos, Calibri, sans-serif; font-size: 12pt; '
    'color: rgb(0, 0, 0); background-color: rgb(255, 255, 255);">Godkendt</div>'
)
GMAIL = '<div dir="auto" class="gmail_default" style="font-family:arial,sans-serif;font-size:small">Godkendt</div>'
IPHONE = (
    '<body dir="auto" style="word-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;"><span'
    ' style="caret-color: rgb(0, 0, 0); font-size: 17px; -webkit-text-size-adjust: auto;">Godkendt</span></body>'
)


@pytest.mark.parametrize(
    "html",
    [
        OUTLOOK,
        OUTLOOK_ON_THE_WEB,
        GMAIL,
        IPHONE,
        "<font size=2 face=sans-serif>Godkendt</font>",
        '<p style="color:#333">Godkendt</p>',
        '<table bgcolor="#ffffff"><tr><td bgcolor="">Godkendt</td></tr></table>',
    ],
)
def test_html_as_mail_programs_write_it_is_plain(html: str) -> None:
    assert facts(mail(html=html)).says is Says.YES


@pytest.mark.parametrize(
    "whole",
    [
        multipart("related", HTML, b"Content-Type: text/html\r\n\r\n<p>Godkendt</p>\r\n"),
        multipart("mixed", PLAIN, b"Content-Type: text/plain\r\n\r\nTak\r\n"),
        multipart("alternative", PLAIN, b"Content-Type: text/enriched\r\n\r\nNej\r\n"),
        multipart("alternative", PLAIN, b"Content-Type: application/xhtml+xml\r\n\r\n<p>Nej</p>\r\n"),
        multipart("alternative", PLAIN, b"Content-Type: image/png\r\n\r\nPNG\r\n"),
        multipart("mixed", PLAIN, b"Content-Type: text/rtf\r\n\r\nNej\r\n"),
        multipart(
            "mixed", PLAIN, b'Content-Type: text/plain\r\nContent-Disposition: inline; filename="a.txt"\r\n\r\nNej\r\n'
        ),
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nR29ka2VuZHQ=\r\nIG5lag==\r\n",
    ],
)
def test_a_yes_beside_a_text_that_is_not_read_is_for_a_person(whole: bytes) -> None:
    found = facts(headers() + whole)
    assert (found.odd, found.says) == (("ulæst_del",), Says.CONDITIONAL)


def test_a_picture_instead_of_html_does_not_agree() -> None:
    assert facts(mail("Godkendt", '<img src="cid:1">')).says is Says.CONDITIONAL


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({m.SENDER_SMTP: "x@ondt.example"}, "msg_afsendere_uenige"),
        ({m.REPRESENTED_SMTP: "x@ondt.example"}, "msg_afsendere_uenige"),
        ({m.SENDER_KIND: "SMTP", m.SENDER_ADDRESS: "x@ondt.example"}, "msg_afsendere_uenige"),
        ({m.SUBMITTED: NOON + timedelta(hours=1)}, "msg_datoer_uenige"),
        ({m.SUBJECT: "SV: [DUBU-13] Tilbud"}, "msg_emner_uenige"),
        ({m.MESSAGE_ID: "<another@kommune.example>"}, "flere_message_id"),
    ],
)
def test_a_message_whose_headers_and_properties_differ_is_odd(properties: m.Properties, code: str) -> None:
    found = read_msg({m.HEADERS: TRANSPORT, m.BODY: "Godkendt", **properties})
    assert found.odd == (code,)
    assert (len(found.senders) > 1) is (code == "msg_afsendere_uenige")
    assert (found.message_id is None) is (code == "flere_message_id")


def test_a_message_whose_headers_and_properties_agree_is_not_odd() -> None:
    same: m.Properties = {
        m.SENDER_KIND: "EX",
        m.SENDER_ADDRESS: "/O=KOMMUNEN/CN=ANDERS",
        m.REPRESENTED_SMTP: "Anders@Kommune.example",
        m.SUBMITTED: NOON - timedelta(seconds=9),
        m.SUBJECT: "SV:  [DUBU-12] Tilbud",
        m.MESSAGE_ID: "<answer@kommune.example>",
        0x0C1A: "Mette Madsen",
        0x1009: b"LZFu",
    }
    found = read_msg({m.HEADERS: TRANSPORT, m.BODY: "Godkendt\n\nMette Madsen", **same})
    assert (found.odd, len(found.senders), found.says) == ((), 1, Says.YES)


def test_rtf_is_odd_only_where_it_is_the_only_text() -> None:
    assert read_msg({m.HEADERS: TRANSPORT, 0x1009: b"LZFu", m.HTML: b"<p>Godkendt</p>"}).says is Says.CONDITIONAL
    assert read_msg({m.HEADERS: TRANSPORT, 0x1009: b"LZFu"}).odd == ("ulæst_del",)


@pytest.mark.parametrize(
    "subject",
    [
        "CPR010190-3123",
        "CPR 010190-3123",
        "cpr-0101903123",
        "DUBU-0101903123",
        "DUBU-010190-3123",
        "DUBU-110190-3123",
        "Sag A-12",
        "XDUBU-12",
        "DUBU-0",
    ],
)
def test_what_only_looks_like_a_key_stays_in_the_mail(subject: str) -> None:
    found = facts(mail("Godkendt", changed={"Subject": subject}))
    assert found.ticket_keys == frozenset()
    assert "010190" not in found.model_dump_json()


@pytest.mark.parametrize("sign", ['"', "(a)", ",", "\\", ". ", "<", "@.", "a ", "a@b.c,", "=?utf-8?q?a?= ", "[1] "])
def test_no_address_header_takes_long(sign: str) -> None:
    for length in (MAX_ADDRESS_BYTES - 100, 60_000):
        started = time.monotonic()
        with contextlib.suppress(TooComplex, RecursionError):
            addresses_in([sign * (length // len(sign))])
        assert time.monotonic() - started < 15  # at most one second where nothing else runs


def test_many_address_headers_are_for_a_person() -> None:
    found = read(mail("Godkendt", changed={"To": ["a@b.example"] * 900, "Cc": ["x" * 100] * 90}))
    assert isinstance(found, UnreadFile)
