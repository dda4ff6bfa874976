"""An .eml file as a Letter: the standard library's parser, counted while it works."""

from __future__ import annotations

import re
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default

from adapter.mails.addresses import addresses_in
from adapter.mails.headers import Headers, is_automatic, message_ids, sent_at, subject_of, values
from adapter.mails.letter import Letter
from adapter.mails.limits import MAX_DEPTH, MAX_HEADER_BYTES, MAX_HEADERS, MAX_PARTS, MAX_TEXT, NotAMail, TooComplex

_SIGNS_OF_A_MAIL = {"from", "to", "date", "subject", "message-id", "received", "mime-version"}
_CHARSETS = re.compile(
    r"(utf-?8|us-ascii|ascii|iso-8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|utf-16(le|be)?|macintosh)"
)


def read_eml(data: bytes) -> Letter:
    """Reads the outermost mail; TooComplex and NotAMail say why not."""
    message = _parse(data)
    headers = [(name, str(value)) for name, value in message.raw_items()]
    if len(_SIGNS_OF_A_MAIL & {name.lower() for name, _ in headers}) < 2:
        raise NotAMail
    plain, html, attachments, is_reply_of_a_calendar = _bodies(message)
    return letter(
        headers,
        plain="\n\n".join(plain) or None,
        html="\n".join(html) or None,
        attachments=attachments,
        is_automatic_kind=is_reply_of_a_calendar or message.get_content_type() == "multipart/report",
    )


def letter(
    headers: Headers, *, plain: str | None, html: str | None, attachments: int, is_automatic_kind: bool
) -> Letter:
    """Puts headers and bodies together."""
    return Letter(
        senders=addresses_in(values(headers, "From")),
        recipients=addresses_in(values(headers, "To", "Cc")),
        message_ids=message_ids(values(headers, "Message-ID")),
        references=message_ids(values(headers, "In-Reply-To", "References")),
        sent_at=sent_at(headers),
        subject=subject_of(headers),
        is_automatic=is_automatic_kind or is_automatic(headers),
        plain=plain,
        html=html,
        attachments=attachments,
    )


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


def _bodies(message: EmailMessage) -> tuple[list[str], list[str], int, bool]:
    """Plain texts, HTML texts, number of other parts, and whether a calendar answered instead of a person."""
    plain: list[str] = []
    html: list[str] = []
    attachments = 0
    calendar = False
    rest: list[tuple[Message, int]] = [(message, 0)]
    while rest:
        part, depth = rest.pop()
        if depth > MAX_DEPTH:
            raise TooComplex
        kind = part.get_content_type()
        if part.is_multipart() and not kind.startswith("message/"):
            rest.extend((child, depth + 1) for child in reversed(_children(part)))
            continue
        is_text = not part.is_multipart() and kind in {"text/plain", "text/html"}
        if is_text and part.get_content_disposition() != "attachment" and part.get_filename() is None:
            (plain if kind == "text/plain" else html).append(_text(part))
        elif part is not message:
            attachments += 1
            calendar |= kind == "text/calendar" and str(part.get_param("method", "")).lower() == "reply"
    return [text for text in plain if text.strip()], [text for text in html if text.strip()], attachments, calendar


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
