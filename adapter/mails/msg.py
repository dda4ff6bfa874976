"""An Outlook .msg file as a Letter. It holds headers at best, never the bytes that were signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.parser import HeaderParser
from email.policy import compat32

from olefile.olefile import DEFECT_INCORRECT, OleFileIO  # type: ignore[import-untyped]  # no types shipped
from oxmsg import Message
from oxmsg.domain import constants as c
from oxmsg.properties import Properties

from adapter.mails.addresses import addresses_in
from adapter.mails.eml import decode, letter
from adapter.mails.headers import Headers, message_ids, plausible
from adapter.mails.letter import Letter
from adapter.mails.limits import MAX_ADDRESSES, MAX_HEADER_BYTES, MAX_HEADERS, MAX_TEXT, NotAMail, TooComplex

_SENT_REPRESENTING_SMTP = 0x5D02  # PidTagSentRepresentingSmtpAddress; the library has no name for it
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PERSONS_CLASSES = ("ipm.note", "ipm", "")
"""What a person sends. IPM.Note.Rules.OofTemplate, REPORT.…, IPM.Schedule.… and other special classes are automatic."""


def read_msg(data: bytes) -> Letter:
    """Reads the message; NotAMail for other files of the same container format, such as .doc."""
    if not data.startswith(OLE_MAGIC):
        raise NotAMail
    OleFileIO(data, raise_defects=DEFECT_INCORRECT).close()  # else a truncated file is read as far as it goes
    message = Message.load(data)
    try:
        properties = message.properties
        kind = (properties.str_prop_value(c.PID_MESSAGE_CLASS) or "").strip("\x00 ").lower()
    except KeyError:
        raise NotAMail from None  # an OLE file without properties: .doc, .xls
    if kind not in _PERSONS_CLASSES and not kind.startswith(("ipm.note", "ipm.schedule", "report")):
        raise NotAMail  # a contact, a task
    headers = _headers(_text(properties, c.PID_TRANSPORT_MESSAGE_HEADERS) or "")
    attachments = sum(1 for _ in message.attachments)
    found = letter(
        headers,
        plain=_body(_text(properties, c.PID_BODY)),
        html=_body(_html(properties)),
        attachments=attachments,
        is_automatic_kind=not _is_by_a_person(kind),
    )
    return _completed(found, message, properties)


def _is_by_a_person(kind: str) -> bool:
    return kind in _PERSONS_CLASSES or (kind.startswith("ipm.note.") and not kind.startswith("ipm.note.rules."))


def _headers(text: str) -> Headers:
    message = HeaderParser(policy=compat32).parsestr(text)
    headers = [(name, str(value)) for name, value in message.raw_items()]
    if len(headers) > MAX_HEADERS or any(len(value) > MAX_HEADER_BYTES for _, value in headers):
        raise TooComplex
    return headers


def _completed(found: Letter, message: Message, properties: Properties) -> Letter:
    """Takes from Outlook's properties what no transport header says; sent items have no such headers."""
    recipients = found.recipients or addresses_in(_recipients(message))
    ids = (
        (properties, c.PID_INTERNET_MESSAGE_ID),
        (properties, c.PID_IN_REPLY_TO_ID),
        (properties, c.PID_INTERNET_REFERENCES),
    )
    message_id, in_reply_to, references = (_text(*each) or "" for each in ids)
    return Letter(
        senders=found.senders or addresses_in(_senders(properties)),
        recipients=recipients,
        message_ids=found.message_ids or message_ids([message_id]),
        references=found.references or message_ids([in_reply_to, references]),
        sent_at=found.sent_at or (None if found.senders else _sent_at(properties)),
        subject=found.subject or (_text(properties, c.PID_SUBJECT) or "")[:MAX_HEADER_BYTES],
        is_automatic=found.is_automatic,
        plain=found.plain,
        html=found.html,
        attachments=found.attachments,
    )


def _senders(properties: Properties) -> Iterator[str]:
    """The SMTP addresses of who sent it and for whom: two where they differ.

    An Exchange name (`/O=ORG/CN=…`) has no domain and so matches nobody.
    """
    for smtp, kind, address in (
        (c.PID_SENDER_SMTP_ADDRESS, c.PID_SENDER_ADDRESS_TYPE, c.PID_SENDER_EMAIL_ADDRESS),
        (
            _SENT_REPRESENTING_SMTP,
            c.PID_SENT_REPRESENTING_ADDRESS_TYPE,
            c.PID_SENT_REPRESENTING_EMAIL_ADDRESS,
        ),
    ):
        named = _text(properties, smtp)
        other = _text(properties, address)
        if named:
            yield named
        elif other:
            is_smtp = (_text(properties, kind) or "").upper() == "SMTP"
            yield other if is_smtp else other.replace("@", " ")


def _recipients(message: Message) -> Iterator[str]:
    for number, recipient in enumerate(message.recipients):
        if number > MAX_ADDRESSES:
            raise TooComplex
        address = recipient.email_address
        if "@" in address:
            yield address


def _sent_at(properties: Properties) -> datetime | None:
    for pid in (c.PID_CLIENT_SUBMIT_TIME, c.PID_MESSAGE_DELIVERY_TIME):
        moment = plausible(properties.date_prop_value(pid))
        if moment is not None:
            return moment
    return None


def _text(properties: Properties, pid: int) -> str | None:
    try:
        value = properties.str_prop_value(pid)
    except (UnicodeDecodeError, LookupError):  # a stream that is missing, or not in the charset that it names
        return None
    return None if value is None else value.replace("\x00", "")


def _html(properties: Properties) -> str | None:
    """The HTML body, which Outlook keeps as bytes in the mail's own charset, or as text."""
    try:
        data = properties.binary_prop_value(c.PID_HTML)
    except LookupError:
        data = None
    if data is None:
        return _text(properties, c.PID_BODY_HTML)
    return decode(data, properties.body_encoding)


def _body(text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    if len(text) > MAX_TEXT:
        raise TooComplex
    return text
