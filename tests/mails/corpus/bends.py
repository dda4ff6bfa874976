"""Mails bent without a word of their own being changed: marks, folds, tags, dresses, quotations and headers."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from random import Random

from adapter.mails.eml import decode
from tests.mails import made
from tests.mails.corpus.clients import part

_DRESSES = [
    ("utf-8", "base64"),
    ("utf-8", "8bit"),
    ("utf-8", "quoted-printable"),
    ("iso-8859-1", "quoted-printable"),
    ("windows-1252", "8bit"),
    ("utf-16", "base64"),
]
_CLAIMED = ["utf-8", "iso-8859-1", "windows-1252", "us-ascii", "utf-7", "dansk-1"]
_INVISIBLE = ["\u200b", "\u200d", "\u00ad", "\ufeff", "\u2060", "\u00a0", "\u2009", "\t", "  "]
_TAGS = [
    ("<b>", "</b>"),
    ("<i>", "</i>"),
    ("<span>", "</span>"),
    ('<font color="#1F497D">', "</font>"),
    ('<a href="https://ballerup.example">', "</a>"),
    ('<span style="display:none">', "</span>"),
    ('<span style="color:#ffffff">', "</span>"),
    ('<span style="font-size:1px">', "</span>"),
    ("<s>", "</s>"),
    ("<small>", "</small>"),
    ("<div>", "</div>"),
    ("<p>", "</p>"),
    ("<!--", "-->"),
    ("<!--[if mso]>", "<![endif]-->"),
]
YES = "Godkendt. I må gå i gang."
_ABOVE = [
    "Den man. 23. nov. 2026 kl. 10.40 skrev Karl Chef <chef@ballerup.example>:",
    "Den mandag den 23. november 2026 kl. 10.40.12 CET skrev Karl Chef <chef@ballerup.example>:",
    "On Mon, Nov 23, 2026 at 10:40 AM Karl Chef <chef@ballerup.example> wrote:",
    "-----Oprindelig meddelelse-----",
    "---------- Forwarded message ---------",
    "Fra: Karl Chef\nSendt: 23. november 2026 10:40\nTil: Karl\nEmne: SV: Tilbud",
    "From: Karl Chef\nSent: Monday, November 23, 2026 10:40 AM\nTo: Karl\nSubject: Re: Tilbud",
]
_SIGNATURES = [
    "Med venlig hilsen\nKarl Kunde\nBallerup Kommune",
    "-- \nKarl",
    "Sendt fra min iPhone",
    "Mvh Karl\n\nTænk på miljøet, før du printer denne mail.",
    "Best regards\nKarl Kunde\nCertified and approved accountant",
    "Mvh Karl\n\nDenne mail er scannet og godkendt af MailScanner",
]


@dataclass
class Draft:
    """A mail taken apart: its header lines, its plain and its HTML text, and the dress they are to wear."""

    headers: list[tuple[str, str]]
    plain: str | None
    html: str | None
    dress: tuple[str, str] = ("utf-8", "quoted-printable")
    claimed: str | None = None
    kind: str = "alternative"
    is_html_first: bool = False
    beside: list[bytes] = field(default_factory=list)

    def render(self) -> bytes:
        """The whole mail as bytes."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        texts = [
            self._part(text, kind) for text, kind in ((self.plain, "plain"), (self.html, "html")) if text is not None
        ]
        parts = [*(reversed(texts) if self.is_html_first else texts)]
        body = parts[0] if len(parts) == 1 else made.multipart(self.kind, *parts)
        if self.beside:
            body = made.multipart("mixed", body, *self.beside, boundary="udenom")
        return lines.encode("utf-8", "surrogateescape") + body

    def _part(self, text: str, kind: str) -> bytes:
        charset, encoding = self.dress
        done = part(text, kind, charset, encoding)
        return (
            done.replace(f"charset={charset}".encode(), f"charset={self.claimed}".encode(), 1) if self.claimed else done
        )


def taken_apart(data: bytes) -> Draft | None:
    """The draft of a mail; None of one that is more than a plain text, an HTML text, or both."""
    mail = message_from_bytes(data, policy=default)
    leaves = [each for each in mail.walk() if not each.is_multipart()]
    kinds = [each.get_content_type() for each in leaves]
    is_bare = all(each.get_content_disposition() is None and each.get_filename() is None for each in leaves)
    if not is_bare or sorted(kinds) not in (["text/plain"], ["text/html"], ["text/html", "text/plain"]):
        return None
    if mail.is_multipart() and mail.get_content_type() != "multipart/alternative":
        return None
    texts = dict(zip(kinds, map(_text, leaves), strict=True))
    own = [(name, str(value)) for name, value in mail.raw_items() if not name.lower().startswith("content-t")]
    return Draft(own, texts.get("text/plain"), texts.get("text/html"))


def _text(leaf: Message) -> str:
    payload = leaf.get_payload(decode=True)
    return decode(payload if isinstance(payload, bytes) else b"", leaf.get_content_charset()).replace("\r\n", "\n")


Bend = Callable[[Draft, Random], None]


def _in_html(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")


def wrap_lines(draft: Draft, chance: Random) -> None:
    """Breaks lines at spaces, here and there with a gap."""
    if draft.plain:
        draft.plain = re.sub(r"(?<=\S) (?=\S)", lambda _: chance.choice((" ", " ", "\n", "\n\n")), draft.plain)


def mark_everything(draft: Draft, chance: Random) -> None:
    """Marks every line as quoted, once or twice."""
    mark = chance.choice(("> ", ">", ">> ", "| ", "> > "))
    if draft.plain is not None:
        draft.plain = "\n".join(mark + line for line in draft.plain.split("\n"))
    if draft.html is not None:
        draft.html = f"<blockquote>{draft.html}</blockquote>"


def unmark_history(draft: Draft, chance: Random) -> None:
    """Takes the marks from what stands below the header of an earlier mail, as Outlook does."""
    if draft.plain and (start := re.search(r"(?m)^(?!>).*(?:(?:skrev|wrote).*:$|^(?:Fra|From):)", draft.plain)):
        top, rest = draft.plain[: start.end()], draft.plain[start.end() :]
        draft.plain = top + re.sub(r"(?m)^> ?", "", rest)


def insert_invisibles(draft: Draft, chance: Random) -> None:
    """Puts zero widths, soft hyphens and odd spaces between letters and words."""
    if draft.plain:
        places = sorted(chance.randrange(len(draft.plain) + 1) for _ in range(chance.randint(1, 12)))
        for at in reversed(places):
            draft.plain = draft.plain[:at] + chance.choice(_INVISIBLE) + draft.plain[at:]


def add_tags(draft: Draft, chance: Random) -> None:
    """Sets words of the HTML in tags, hiding ones among them; a mail without HTML gets one that says the same."""
    if draft.html is None:
        draft.html = f"<html><body><div>{_in_html(draft.plain or '')}</div></body></html>"
    words = [(m.start(), m.end()) for m in re.finditer(r"(?<=[>\s])[\wæøå]+(?=[\s<.,])", draft.html)]
    for start, end in sorted(chance.sample(words, min(len(words), chance.randint(1, 4))), reverse=True):
        before, after = chance.choice(_TAGS)
        draft.html = draft.html[:start] + before + draft.html[start:end] + after + draft.html[end:]


def change_dress(draft: Draft, chance: Random) -> None:
    """Writes it in another charset and transfer encoding; now and then the charset that is named is another one."""
    draft.dress = chance.choice(_DRESSES)
    draft.claimed = chance.choice((None, None, *_CLAIMED)) if draft.dress[0] != "utf-16" else None


def shuffle_headers(draft: Draft, chance: Random) -> None:
    """Puts the header lines in another order, repeats one, and folds another."""
    chance.shuffle(draft.headers)
    if chance.random() < 0.5:
        draft.headers.append(chance.choice(draft.headers))
    at = chance.randrange(len(draft.headers))
    name, value = draft.headers[at]
    draft.headers[at] = (name, value.replace(" ", "\r\n ", 1))


def append_history(draft: Draft, chance: Random) -> None:
    """Adds a yes by somebody else below, as every program quotes."""
    above = chance.choice(_ABOVE)
    quote = made.quoted(YES) if chance.random() < 0.5 else YES
    if draft.plain is not None:
        draft.plain = f"{draft.plain}\n\n{above}\n\n{quote}\n"
    if draft.html is not None:
        draft.html += f'<div class="gmail_quote"><div>{_in_html(above)}</div><blockquote>{YES}</blockquote></div>'


def prepend_history(draft: Draft, chance: Random) -> None:
    """Adds a yes by somebody else above, in marked lines."""
    who = chance.choice((_ABOVE[0], _ABOVE[2], ""))
    if draft.plain is not None:
        draft.plain = f"{who}\n{made.quoted(YES)}\n\n{draft.plain}"
    if draft.html is not None:
        draft.html = f'<blockquote type="cite">{_in_html(who)}<br>{YES}</blockquote>{draft.html}'


def add_signature(draft: Draft, chance: Random) -> None:
    """Signs it at the very end."""
    signature = chance.choice(_SIGNATURES)
    if draft.plain is not None:
        draft.plain = f"{draft.plain}\n\n{signature}\n"
    if draft.html is not None:
        draft.html += f"<div>{_in_html(signature)}</div>"


def approve_in_subject(draft: Draft, chance: Random) -> None:
    """Says yes in the subject."""
    more = chance.choice((" Godkendt", ": Godkendt. I må gå i gang", " (approved)"))
    draft.headers = [(name, value + more if name.lower() == "subject" else value) for name, value in draft.headers]


def reorder_parts(draft: Draft, chance: Random) -> None:
    """Puts the HTML first, or calls the container something else."""
    draft.is_html_first = not draft.is_html_first
    draft.kind = chance.choice(("alternative", "mixed", "related"))


def approve_in_one_part(draft: Draft, chance: Random) -> None:
    """Says yes in a second text, where the first one says something else."""
    shown = f"<p>{YES}</p>"
    if draft.html is None and draft.plain and draft.plain.strip():
        draft.html = shown
    elif draft.plain is None and re.sub(r"<[^>]*>|&nbsp;|\s", "", draft.html or ""):
        draft.plain = YES
    draft.kind = "alternative"


def change_case(draft: Draft, chance: Random) -> None:
    """Shouts, whispers, or writes every word with a capital."""
    change = chance.choice((str.upper, str.lower, str.swapcase, str.title))
    if draft.plain is not None:
        draft.plain = change(draft.plain)


def forward(draft: Draft, chance: Random) -> None:
    """Sends it on: as a text below its headers, or as an attached mail."""
    if chance.random() < 0.3:
        draft.beside.append(
            b"Content-Type: message/rfc822\r\n\r\nFrom: x@ballerup.example\r\nSubject: x\r\n\r\nGodkendt.\r\n"
        )
        return
    above = chance.choice(_ABOVE[3:])
    if draft.plain is not None:
        draft.plain = f"{chance.choice(('Se nedenfor.', '', 'Til orientering'))}\n\n{above}\n\n{draft.plain}"
    if draft.html is not None:
        draft.html = f'<div>Se nedenfor.</div><div class="gmail_quote">{_in_html(above)}<br>{draft.html}</div>'


BENDS: tuple[Bend, ...] = (
    wrap_lines,
    mark_everything,
    unmark_history,
    insert_invisibles,
    add_tags,
    change_dress,
    shuffle_headers,
    append_history,
    prepend_history,
    add_signature,
    approve_in_subject,
    reorder_parts,
    approve_in_one_part,
    change_case,
    forward,
)
HARMLESS_BENDS: tuple[Bend, ...] = (
    insert_invisibles,
    change_dress,
    shuffle_headers,
    append_history,
    add_signature,
    approve_in_subject,
    reorder_parts,
    change_case,
)
"""Bends that leave all own words where a reader sees them."""
