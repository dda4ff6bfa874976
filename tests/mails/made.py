"""Mails made up for these tests: Outlook, Gmail and iPhone in Danish, as their programs shape them. No real mail."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from email.header import Header

from adapter.mails.facts import facts_of
from adapter.mails.reading import Reading
from adapter.ticket.evidence import MailFacts, UnreadFile

READING = Reading(
    yes=("godkendt", "godkendes", "godkender", "accepterer", "I må gå i gang", "approved", "ingen indvendinger"),
    no=(
        "nej",
        "ikke godkendt",
        "godkendes ikke",
        "kan ikke godkende",
        "afvist",
        "afslår",
        "ønsker ikke",
        "not approved",
        "rejected",
    ),
    conditions=("ikke", "men", "hvis", "forudsat", "under forudsætning af", "dog", "når", "afventer", "if", "but"),
    offer=("tilbud", "fast pris", "betalbar ydelse"),
    automatic_subjects=("Automatisk svar", "Ikke til stede", "Out of office"),
    projects=("DUBU",),
    domains=("kommune.example", "leverandoer.example"),
)
"""A lexicon of the tests' own, so that a change of the mapping changes no claim here."""

OFFER = """Hej Anders

Opgaven er en betalbar ydelse. Vi tilbyder den til fast pris: 34.000 kr.
Hvis prisen ikke kan holde, hører I fra os senest den 1. december.
Kan I godkende tilbuddet? Svar ja eller nej.

Med venlig hilsen
Leverandøren"""
"""The offer that the made-up answers quote: its words of yes, no and condition are all the supplier's."""

OUTLOOK_BLOCK = """Fra: Service Desk <dubu@leverandoer.example>
Sendt: 12. november 2026 10:12
Til: Anders Andersen <anders@kommune.example>
Emne: [DUBU-12] Tilbud

{offer}"""


def quoted(text: str) -> str:
    """Lines marked with `>`."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def outlook(answer: str, offer: str = OFFER) -> str:
    """A plain answer above Outlook's header block."""
    return f"{answer}\n\nMed venlig hilsen\n\nAnders Andersen\nKommunen\n\n\n{OUTLOOK_BLOCK.format(offer=offer)}\n"


def gmail(answer: str, offer: str = OFFER) -> str:
    """A plain answer above Gmail's attribution and marked lines."""
    attribution = "Den tor. 12. nov. 2026 kl. 10.12 skrev Service Desk <\ndubu@leverandoer.example>:"
    return f"{answer}\n\n{attribution}\n\n{quoted(offer)}\n"


def apple(answer: str, offer: str = OFFER) -> str:
    """A plain answer above the attribution that macOS and Outlook for Mac write, with unmarked lines below."""
    return (
        f"{answer}\n\nSendt fra min iPhone\n\n"
        "Den torsdag den 12. november 2026 kl. 10.12.33 CET skrev Service Desk <dubu@leverandoer.example>:\n\n"
        f"{offer}\n"
    )


def outlook_html(answer: str, offer: str = OFFER) -> str:
    """The same from Outlook, as HTML."""
    paragraphs = "".join(f'<p class="MsoNormal">{line}<o:p></o:p></p>' for line in offer.splitlines())
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm;'
        "font-size:11.0pt;} .MsoChpDefault {mso-style-type:export-only;} --></style></head>"
        f'<body lang="DA" link="#0563C1"><div class="WordSection1"><p class="MsoNormal">{answer}<o:p></o:p></p>'
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Med venlig hilsen<o:p></o:p></p>'
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        '<p class="MsoNormal"><b>Fra:</b> Service Desk &lt;dubu@leverandoer.example&gt; <br><b>Sendt:</b> 12. november'
        " 2026 10:12<br><b>Til:</b> Anders Andersen<br><b>Emne:</b> [DUBU-12] Tilbud<o:p></o:p></p></div></div>"
        f"{paragraphs}</div></body></html>"
    )


def outlook_web_html(answer: str, offer: str = OFFER) -> str:
    """The same from Outlook on the web and on phones."""
    return (
        f'<html><body dir="ltr"><div class="elementToProof">{answer}</div><div id="appendonsend"></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
        '<font face="Calibri"><b>Fra:</b> Service Desk<br><b>Sendt:</b> 12. november 2026 10:12<br></font></div>'
        f"<div>{offer.replace(chr(10), '<br>')}</div></body></html>"
    )


def gmail_html(answer: str, offer: str = OFFER) -> str:
    """The same from Gmail, as HTML."""
    return (
        f'<div dir="ltr">{answer}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr"'
        ' class="gmail_attr">Den tor. 12. nov. 2026 kl. 10.12 skrev Service Desk &lt;<a'
        ' href="mailto:dubu@leverandoer.example">dubu@leverandoer.example</a>&gt;:<br></div><blockquote'
        f' class="gmail_quote" style="margin:0 0 0 .8ex">{offer.replace(chr(10), "<br>")}</blockquote></div>'
    )


def apple_html(answer: str, offer: str = OFFER) -> str:
    """The same from an iPhone, as HTML."""
    return (
        f'<html><body dir="auto">{answer}<div><br><div dir="ltr">Sendt fra min iPhone</div><div dir="ltr"><br>'
        '<blockquote type="cite">Den 12. nov. 2026 kl. 10.12 skrev Service Desk'
        f' &lt;dubu@leverandoer.example&gt;:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">'
        f"{offer.replace(chr(10), '<br>')}</div></blockquote></div></body></html>"
    )


ORDINARY: Mapping[str, str] = {
    "From": "Anders Andersen <anders@kommune.example>",
    "To": "Service Desk <dubu@leverandoer.example>",
    "Subject": "SV: [DUBU-12] Tilbud",
    "Date": "Thu, 12 Nov 2026 13:30:00 +0100",
    "Message-ID": "<answer-1@kommune.example>",
    "In-Reply-To": "<offer-1@leverandoer.example>",
    "References": "<offer-1@leverandoer.example>",
    "MIME-Version": "1.0",
}


def headers(changed: Mapping[str, str | Sequence[str] | None] | None = None) -> bytes:
    """Ordinary headers with some changed: None leaves one out, a list repeats it. Values stand as they are given."""
    lines: list[str] = []
    for name, value in {**ORDINARY, **(changed or {})}.items():
        values = [value] if isinstance(value, str) else list(value or ())
        lines += [f"{name}: {each}" for each in values]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")


def _part(text: str, kind: str) -> bytes:
    body = base64.encodebytes(text.encode()).decode("ascii").replace("\n", "\r\n")
    return f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}".encode(
        "ascii"
    )


def mail(
    plain: str | None = None, html: str | None = None, changed: Mapping[str, str | Sequence[str] | None] | None = None
) -> bytes:
    """A whole mail with a plain text, an HTML text or both."""
    bodies = [_part(text, kind) for text, kind in ((plain, "plain"), (html, "html")) if text is not None]
    if len(bodies) == 1:
        return headers(changed) + bodies[0]
    return headers(changed) + multipart("alternative", *bodies)


def multipart(subtype: str, *parts: bytes, boundary: str = "grænse".encode().hex()) -> bytes:
    """Parts in one container; each brings its own headers."""
    mark = b"--" + boundary.encode("ascii")
    start = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode("ascii")
    return start + b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def attachment(content: bytes = b"%PDF-1.4", name: str = "bilag.pdf", kind: str = "application/pdf") -> bytes:
    """An attached file."""
    return (
        f'Content-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n".encode("ascii")
        + base64.encodebytes(content)
    )


def encoded(text: str, charset: str = "utf-8") -> str:
    """A header value in encoded words."""
    return Header(text, charset).encode()


def read(data: bytes, reading: Reading = READING, filename: str = "mail.eml") -> MailFacts | UnreadFile:
    """Reads in this process, without limits: quick, for mails that are not hostile."""
    return facts_of(data, filename, reading, None)


def facts(data: bytes, reading: Reading = READING, filename: str = "mail.eml") -> MailFacts:
    """The same, where the mail is known to be readable."""
    found = read(data, reading, filename)
    assert isinstance(found, MailFacts), found
    return found
