"""An .eml file as a Letter: the standard library's parser, counted while it works."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from email.errors import InvalidBase64CharactersDefect, InvalidBase64LengthDefect
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default

from adapter.mails.addresses import addresses_in, words_of
from adapter.mails.headers import Headers, is_automatic, message_ids, sent_at, subject_of, values
from adapter.mails.letter import Letter
from adapter.mails.limits import MAX_DEPTH, MAX_HEADER_BYTES, MAX_HEADERS, MAX_PARTS, MAX_TEXT, NotAMail, TooComplex

UNREAD_PART = "ulæst_del"
"""The code of a mail that may show a reader other words than those that are read."""
SUBJECTS = "flere_emner"
"""The code of a mail with two subjects: none of them is read, so an automatic reply can't be told by it."""
_BENT_HEADER = re.compile(rb"(?m)^([!-9;-~]+)[ \t]+:[ \t]*(.*)$")
_TORN = (InvalidBase64CharactersDefect, InvalidBase64LengthDefect)
_SIGNS_OF_A_MAIL = {"from", "to", "date", "subject", "message-id", "received", "mime-version"}
_CHARSETS = re.compile(
    r"(utf-?8|us-ascii|ascii|iso-8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|utf-16(le|be)?|macintosh)"
)


def read_eml(data: bytes) -> Letter:
    """Reads the outermost mail; TooComplex and NotAMail say why not."""
    message = _parse(data)
    bent = _bent_headers(data)
    headers = [(name, str(value)) for name, value in message.raw_items()]
    headers += [(name, value) for name, value in bent if name.lower() == "from"]
    if len(_SIGNS_OF_A_MAIL & {name.lower() for name, _ in headers}) < 2:
        raise NotAMail
    bodies = _bodies(message)
    plain, html = ([text for text in texts if text.strip()] for texts in (bodies.plain, bodies.html))
    found = letter(
        headers,
        plain="\n\n".join(plain) or None,
        html="\n".join(html) or None,
        attachments=bodies.attachments,
        is_automatic_kind=bodies.is_reply_of_a_calendar or message.get_content_type() == "multipart/report",
    )
    is_unread = bodies.is_unread or len(plain) > 1 or len(html) > 1
    return replace(found, odd=(*found.odd, *(["skæve_hoveder"] if bent else []), *([UNREAD_PART] if is_unread else [])))


def letter(
    headers: Headers, *, plain: str | None, html: str | None, attachments: int, is_automatic_kind: bool
) -> Letter:
    """Puts headers and bodies together."""
    ids = message_ids(values(headers, "Message-ID"))
    subjects = len(values(headers, "Subject"))
    return Letter(
        senders=addresses_in(values(headers, "From")),
        recipients=addresses_in(values(headers, "To", "Cc")),
        message_ids=ids,
        references=message_ids(values(headers, "In-Reply-To", "References")),
        sent_at=sent_at(headers),
        subject=subject_of(headers),
        is_automatic=is_automatic_kind or is_automatic(headers),
        plain=plain,
        html=html,
        attachments=attachments,
        names=words_of(values(headers, "From")),
        odd=(*odd_ids(ids, len(values(headers, "Message-ID"))), *([SUBJECTS] if subjects > 1 else [])),
    )


def odd_ids(found: tuple[str, ...], headers: int) -> tuple[str, ...]:
    """A mail has exactly one Message-ID (RFC 5322, 3.6.4); with none or several it can't be known again."""
    if len(found) == 1 and headers == 1:
        return ()
    return ("flere_message_id" if headers > 1 or len(found) > 1 else "ingen_message_id",)


def _bent_headers(data: bytes) -> list[tuple[str, str]]:
    """Headers with white space before the colon: some programs read them, the parser here does not."""
    top = re.split(rb"\r?\n\r?\n|\r\r", data[: MAX_HEADER_BYTES * 8], maxsplit=1)[0]
    top = re.sub(rb"\r\n?", b"\n", top)
    return [(name.decode("ascii"), value.decode("utf-8", "replace")) for name, value in _BENT_HEADER.findall(top)]


def _parse(data: bytes) -> EmailMessage:
    parts = headers = 0

    class Counted(EmailMessage):
        """A part that counts itself and its headers, so that a bomb is noticed while it is built."""

        def __init__(self, policy: object = default) -> None:  # noqa: ARG002  # the parser names it
            nonlocal parts
            parts += 1
            if parts > MAX_PARTS:
                raise TooComplex
            super().__init__(default)

        def set_raw(self, name: str, value: str) -> None:
            nonlocal headers
            headers += 1
            if headers > MAX_HEADERS or len(value) > MAX_HEADER_BYTES:
                raise TooComplex
            super().set_raw(name, value)

    return BytesParser(Counted, policy=default).parsebytes(data.removeprefix(b"\xef\xbb\xbf"))


@dataclass
class _Bodies:
    """What a mail is made of: its texts, how many other parts, and what kind of mail they make it."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: int = 0
    is_reply_of_a_calendar: bool = False
    is_unread: bool = False  # a part that a mail program may show as the text is not read here


def _bodies(message: EmailMessage) -> _Bodies:
    found = _Bodies()
    rest: list[tuple[Message, int, bool]] = [(message, 0, False)]
    while rest:
        part, depth, is_alternative = rest.pop()
        if depth > MAX_DEPTH:
            raise TooComplex
        kind = part.get_content_type()
        if part.is_multipart() and not kind.startswith("message/"):
            below = kind == "multipart/alternative"
            rest.extend((child, depth + 1, below) for child in reversed(_children(part)))
            continue
        is_set_apart = part.get_content_disposition() == "attachment"
        is_text = not part.is_multipart() and kind in {"text/plain", "text/html"}
        if is_text and not is_set_apart and part.get_filename() is None:
            (found.plain if kind == "text/plain" else found.html).append(_text(part))
            # Other programs may read on where this decoder stops, or the other way round.
            found.is_unread |= any(isinstance(each, _TORN) for each in part.defects)
            continue
        is_shown = kind.startswith("text/") and kind != "text/calendar" and not is_set_apart
        found.is_unread |= is_alternative or is_shown
        if part is not message:
            found.attachments += 1
            is_reply = str(part.get_param("method", "")).lower() == "reply"
            found.is_reply_of_a_calendar |= kind == "text/calendar" and is_reply
    return found


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    return decode(payload, part.get_content_charset())


def decode(data: bytes, charset: str | None) -> str:
    """Bytes as text: by their charset if it is an ordinary one, else as UTF-8, else as Windows-1252.

    Only ordinary charsets: some of Python's codecs are slow on purpose-made input, and UTF-7 spells words that a
    mail program shows as something else.
    """
    for name in (charset, "utf-8", "cp1252"):
        if name is not None and _CHARSETS.fullmatch(name):
            try:
                text = data.decode(name)
                break
            except (UnicodeDecodeError, LookupError):
                continue
    else:
        text = data.decode("cp1252", "replace")
    if len(text) > MAX_TEXT:
        raise TooComplex
    return text.replace("\x00", "")


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []
