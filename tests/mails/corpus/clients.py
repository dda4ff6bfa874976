"""Answers as mail programs write them, bytes and all: header lines, encodings, signatures, and how each one quotes."""

from __future__ import annotations

import base64
import html
import quopri
from collections.abc import Mapping, Sequence

from tests.mails import made
from tests.mails.corpus.case import KEY, OFFER_ID, OFFER_TEXT

Changed = Mapping[str, str | Sequence[str] | None]

KARL: Changed = {
    "From": "Karl Kunde <karl@ballerup.example>",
    "To": "Service Desk <desk@netcompany.example>",
    "Subject": f"SV: {KEY}: Tilbud på arkivering",
    "Date": "Mon, 23 Nov 2026 11:00:00 +0100",
    "Message-ID": "<svar-1@ballerup.example>",
    "In-Reply-To": OFFER_ID,
    "References": OFFER_ID,
}
"""What the answers' headers say unless a case says otherwise."""

EXCHANGE: Changed = {
    "Received": "from AM0PR01.prod.exchange.example (2603:10a6::8) by AM9PR01.prod.exchange.example with HTTPS",
    "Thread-Topic": f"{KEY}: Tilbud",
    "Thread-Index": "AdyZ3b7aT1mWq2b0R8mJ0oYb2m8wzQ==",
    "Accept-Language": "da-DK, en-US",
    "Content-Language": "da-DK",
    "X-MS-Has-Attach": "",
    "X-MS-TNEF-Correlator": "",
    "X-MS-Exchange-Organization-AuthAs": "Internal",
}
SIGNED = (
    "Med venlig hilsen\n\nKarl Kunde\nSpecialkonsulent, Center for Børn og Unge\nBallerup Kommune\nTlf. 44 77 20 00"
)


def part(
    text: str, kind: str = "plain", charset: str = "utf-8", encoding: str = "quoted-printable", more: str = ""
) -> bytes:
    """A text with its own header lines; `more` is what else its Content-Type says."""
    data = text.replace("\n", "\r\n").encode(charset, "replace")
    body = {
        "quoted-printable": quopri.encodestring,
        "base64": base64.encodebytes,
    }.get(encoding, bytes)(data)
    start = f"Content-Type: text/{kind}; charset={charset}{more}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return start.encode("ascii") + body + b"\r\n"


def letter(body: bytes, changed: Changed | None = None) -> bytes:
    """Karl's headers, some changed, above a body that brings its own Content-Type."""
    return made.headers({**KARL, **(changed or {})}) + body


def text(words: str, changed: Changed | None = None) -> bytes:
    """A plain text and nothing else, as ticket systems and web mails send it."""
    return letter(part(words, encoding="8bit"), changed)


def both(plain: bytes, rich: bytes) -> bytes:
    """A plain text with its HTML twin."""
    return made.multipart("alternative", plain, rich)


def _html(words: str, tag: str = "p", css: str = "") -> str:
    lines = [html.escape(line, quote=False) or "&nbsp;" for line in words.split("\n")]
    return "".join(f"<{tag}{css}>{line}</{tag}>" for line in lines)


def _block(danish: bool) -> str:
    if danish:
        return (
            "Fra: Service Desk <desk@netcompany.example>\nSendt: 23. november 2026 09:30\n"
            f"Til: Karl Kunde <karl@ballerup.example>\nEmne: {KEY}: Tilbud på arkivering"
        )
    return (
        "From: Service Desk <desk@netcompany.example>\nSent: Monday, November 23, 2026 9:30 AM\n"
        f"To: Karl Kunde <karl@ballerup.example>\nSubject: {KEY}: Tilbud på arkivering"
    )


def outlook_text(words: str, offer: str = OFFER_TEXT, *, danish: bool = True) -> str:
    """The plain half of an answer from Outlook."""
    return f"{words}\n\n{SIGNED}\n\n\n{_block(danish)}\n\n{offer}\n"


def outlook_html(words: str, offer: str = OFFER_TEXT, *, danish: bool = True) -> str:
    """The HTML half of an answer from Outlook."""
    block = "<br>".join(
        f"<b>{name}:</b>{html.escape(rest)}" for name, _, rest in (x.partition(":") for x in _block(danish).split("\n"))
    )
    css = ' class="MsoNormal"'
    return (
        '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        '<meta name="Generator" content="Microsoft Word 15 (filtered medium)"><style><!--\n'
        "@font-face {font-family:Calibri; panose-1:2 15 5 2 2 2 4 3 2 4;}\np.MsoNormal {margin:0cm; font-size:11.0pt;"
        ' font-family:"Calibri",sans-serif; mso-ligatures:standardcontextual;}\nspan.EmailStyle17 {color:windowtext;}\n'
        '--></style></head><body lang="DA" link="#0563C1" vlink="#954F72"><div class="WordSection1">'
        f"{_html(words, css=css)}{_html(SIGNED, css=css)}"
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal">{block}<o:p></o:p></p></div>{_html(offer, css=css)}</div></body></html>'
    )


def outlook(words: str, changed: Changed | None = None, *, danish: bool = True, offer: str = OFFER_TEXT) -> bytes:
    """Outlook for Windows: Latin-1 twice, quoted-printable."""
    body = both(
        part(outlook_text(words, offer, danish=danish), charset="iso-8859-1"),
        part(outlook_html(words, offer, danish=danish), "html", "iso-8859-1"),
    )
    return letter(body, {**EXCHANGE, **(changed or {})})


def outlook_on_the_web(words: str, changed: Changed | None = None) -> bytes:
    """Outlook on the web and the new Outlook: UTF-8, HTML with `divRplyFwdMsg`."""
    shown = (
        '<html><head><style type="text/css" style="display:none;"> P {margin-top:0;margin-bottom:0;} </style></head>'
        f'<body dir="ltr">{_html(words, "div", chr(32) + "class=" + chr(34) + "elementToProof" + chr(34))}'
        '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">'
        "<b>Fra:</b> Service Desk &lt;desk@netcompany.example&gt;<br><b>Sendt:</b> 23. november 2026 09:30<br>"
        f"<b>Til:</b> Karl Kunde<br><b>Emne:</b> {KEY}</font></div>{_html(OFFER_TEXT, 'div')}</body></html>"
    )
    plain = f"{words}\n\n________________________________\n{_block(danish=True)}\n\n{OFFER_TEXT}\n"
    return letter(both(part(plain), part(shown, "html")), {**EXCHANGE, **(changed or {})})


def outlook_on_a_phone(words: str, changed: Changed | None = None) -> bytes:
    """Outlook for iOS, HTML and its plain twin, with its own advertisement."""
    plain = (
        f"{words}\n\nHent Outlook til iOS<https://aka.ms/o0ukef>\n________________________________\n{_block(True)}\n\n"
    )
    shown = (
        f'<html><body><div dir="ltr">{_html(words, "div")}</div><div id="ms-outlook-mobile-signature"><div><br></div>'
        'Hent <a href="https://aka.ms/o0ukef">Outlook til iOS</a></div><hr style="display:inline-block;width:98%">'
        f'<div id="divRplyFwdMsg" dir="ltr"><b>Fra:</b> Service Desk</div>{_html(OFFER_TEXT, "div")}</body></html>'
    )
    return letter(both(part(plain + OFFER_TEXT), part(shown, "html")), changed)


def gmail(words: str, changed: Changed | None = None, *, danish: bool = True, offer: str = OFFER_TEXT) -> bytes:
    """Gmail in a browser: marked lines, and a `gmail_quote`."""
    who = "Service Desk <desk@netcompany.example>"
    wrote = (
        f"Den man. 23. nov. 2026 kl. 09.30 skrev Service Desk <\n{who[14:-1]}>:"
        if danish
        else f"On Mon, Nov 23, 2026 at 9:30 AM {who}\nwrote:"
    )
    shown = (
        f'<div dir="ltr">{_html(words, "div")}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr"'
        f' class="gmail_attr">{html.escape(wrote)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px'
        f' 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">{_html(offer, "div")}</blockquote></div>'
    )
    plain = f"{words}\n\n{wrote}\n\n{made.quoted(offer)}\n"
    return letter(both(part(plain, encoding="base64"), part(shown, "html")), changed)


def iphone(words: str, changed: Changed | None = None, *, danish: bool = True) -> bytes:
    """An iPhone: `Sendt fra min iPhone`, the attribution inside the marked lines."""
    sent = "Sendt fra min iPhone" if danish else "Sent from my iPhone"
    who = "Service Desk <desk@netcompany.example>"
    wrote = f"Den 23. nov. 2026 kl. 09.30 skrev {who}:" if danish else f"On 23 Nov 2026, at 09.30, {who} wrote:"
    plain = f"{words}\n\n{sent}\n\n{made.quoted(f'{wrote}{chr(10)}{chr(10)}{chr(0xFEFF)}{OFFER_TEXT}')}\n"
    shown = (
        f'<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">'
        f'{_html(words, "div")}<br><div dir="ltr">{sent}</div><div dir="ltr"><br><blockquote type="cite">'
        f'{html.escape(wrote)}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">'
        f"{_html(OFFER_TEXT, 'div')}</div></blockquote></body></html>"
    )
    changed = {"X-Mailer": "iPhone Mail (23B85)", **(changed or {})}
    return letter(both(part(plain), part(shown, "html", encoding="base64")), changed)


def apple_mail(words: str, changed: Changed | None = None, *, marked: bool = True) -> bytes:
    """Apple Mail on a Mac: plain text, format=flowed; from there Outlook strips the marks."""
    wrote = "Den mandag den 23. november 2026 kl. 09.30.12 CET skrev Service Desk <desk@netcompany.example>:"
    quote = made.quoted(OFFER_TEXT) if marked else OFFER_TEXT
    return letter(part(f"{words}\n\n{wrote}\n\n{quote}\n", more="; format=flowed; delsp=yes"), changed)


def exchange(words: str, changed: Changed | None = None) -> bytes:
    """Rewritten on its way: a banner on top, safe links, one HTML text only, and a signature that no longer holds."""
    banner = (
        '<table border="0" cellspacing="0" cellpadding="0" width="100%"><tbody><tr><td style="background:#FFEB9C;'
        'padding:5.0pt 2.0pt 5.0pt 2.0pt"></td><td width="100%"><div>Ekstern e-mail: Klik ikke på links, hvis du ikke'
        " kender afsenderen.</div></td></tr></tbody></table><br>"
    )
    shown = outlook_html(words).replace('<div class="WordSection1">', f'{banner}<div class="WordSection1">')
    signature = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=ballerup.example; s=gone; h=From:Date:Subject; bh=AAAA; b=AAAA"
    return letter(part(shown, "html"), {"DKIM-Signature": signature, **EXCHANGE, **(changed or {})})


def thunderbird(words: str, changed: Changed | None = None, *, below: bool = False) -> bytes:
    """Thunderbird: flowed text, the answer above or below what is quoted."""
    wrote = "Den 23.11.2026 kl. 09.30 skrev Service Desk:"
    quote = f"{wrote}\n{made.quoted(OFFER_TEXT)}"
    whole = f"{quote}\n\n{words}\n" if below else f"{words}\n\n{quote}\n"
    return letter(
        part(whole, encoding="8bit", more="; format=flowed"), {"User-Agent": "Mozilla Thunderbird", **(changed or {})}
    )


def notes(words: str, changed: Changed | None = None) -> bytes:
    """An old groupware: Latin-1, header block with tabs."""
    block = f"Fra:\tService Desk\nTil:\tKarl Kunde/Ballerup\nDato:\t23-11-2026 09:30\nEmne:\t{KEY}: Tilbud"
    return letter(part(f"{words}\n\n\n\n{block}\n\n\n\n{OFFER_TEXT}\n", charset="iso-8859-1", encoding="8bit"), changed)


def forwarded(words: str, chain: str, changed: Changed | None = None, *, client: str = "gmail") -> bytes:
    """A forwarded chain below the sender's own words."""
    above = {
        "gmail": "---------- Forwarded message ---------\nFra: Karl Chef <chef@ballerup.example>\n"
        f"Date: man. 23. nov. 2026 kl. 10.40\nSubject: Re: {KEY}\nTo: Karl Kunde <karl@ballerup.example>",
        "apple": "Startet videresendt besked:\n\nFra: Karl Chef <chef@ballerup.example>\nEmne: Vs.: Tilbud\n"
        "Dato: 23. november 2026 kl. 10.40.02 CET\nTil: Karl Kunde <karl@ballerup.example>",
        "outlook": "Fra: Karl Chef <chef@ballerup.example>\nSendt: 23. november 2026 10:40\n"
        "Til: Karl Kunde <karl@ballerup.example>\nEmne: SV: Tilbud",
    }[client]
    return letter(part(f"{words}\n\n{above}\n\n{chain}\n"), {"Subject": f"VS: {KEY}: Tilbud", **(changed or {})})
