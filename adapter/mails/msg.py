"""An Outlook .msg file as a Letter. It holds headers at best, never the bytes that were signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.parser import HeaderParser
from email.policy import compat32

from olefile.olefile import DEFECT_INCORRECT, OleFileIO  # type: ignore[import-untyped]  # no types shipped
from oxmsg import Message
from oxmsg.domain import constants as c
from oxmsg.properties import Properties

from adapter.mails.addresses import addresses_in, words_of
from adapter.mails.eml import SUBJECTS, UNREAD_PART, decode, letter, odd_ids
from adapter.mails.headers import Headers, message_ids, plausible, values
from adapter.mails.letter import Letter
from adapter.mails.limits import MAX_ADDRESSES, MAX_HEADER_BYTES, MAX_HEADERS, MAX_TEXT, NotAMail, TooComplex

_SENT_REPRESENTING_SMTP = 0x5D02  # PidTagSentRepresentingSmtpAddress; the library has no name for it
_SENDER_NAME, _RTF_COMPRESSED = 0x0C1A, 0x1009  # PidTagSenderName, PidTagRtfCompressed
_CLOCKS_DIFFER = timedelta(minutes=10)  # the date in the headers is written seconds after the mail was submitted
MAX_NAME = 200
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
    return _completed(found, message, properties, len(values(headers, "Message-ID")))


def _is_by_a_person(kind: str) -> bool:
    return kind in _PERSONS_CLASSES or (kind.startswith("ipm.note.") and not kind.startswith("ipm.note.rules."))


def _headers(text: str) -> Headers:
    message = HeaderParser(policy=compat32).parsestr(text)
    headers = [(name, str(value)) for name, value in message.raw_items()]
    if len(headers) > MAX_HEADERS or any(len(value) > MAX_HEADER_BYTES for _, value in headers):
        raise TooComplex
    return headers


def _completed(found: Letter, message: Message, properties: Properties, id_headers: int) -> Letter:
    """Adds what Outlook's own properties say; sent items have no transport headers.

    Where both are there they must agree: whoever edits a file edits one of them. All senders count; an Exchange name
    (`/O=ORG/CN=…`) only where no SMTP address is known.

    Outlook keeps a compressed RTF body beside nearly every plain text and shows that one. It is not read here and an
    RTF beside a plain text is not called odd: it is the ordinary case, and who can forge it can forge the file, which
    nothing vouches for anyway. RTF without any plain text is a part that is not read.
    """
    named = (c.PID_INTERNET_MESSAGE_ID, c.PID_IN_REPLY_TO_ID, c.PID_INTERNET_REFERENCES)
    own_id, in_reply_to, references = (_text(properties, pid) or "" for pid in named)
    ids = tuple(dict.fromkeys((*found.message_ids, *message_ids([own_id]))))
    senders = tuple(dict.fromkeys((*found.senders, *addresses_in(_senders(properties, is_known=bool(found.senders))))))
    submitted = plausible(properties.date_prop_value(c.PID_CLIENT_SUBMIT_TIME))
    subject = (_text(properties, c.PID_SUBJECT) or "")[:MAX_HEADER_BYTES]
    odd = {
        **dict.fromkeys(odd_ids(ids, max(id_headers, 1 if own_id else 0))),
        "msg_afsendere_uenige": len(senders) > max(1, len(found.senders)),
        "msg_datoer_uenige": bool(found.sent_at and submitted and abs(found.sent_at - submitted) > _CLOCKS_DIFFER),
        "msg_emner_uenige": bool(found.subject and subject) and _bare(found.subject) != _bare(subject),
        SUBJECTS: SUBJECTS in found.odd,
        UNREAD_PART: found.plain is None and _has_rtf(properties),
    }
    return replace(
        found,
        senders=senders,
        recipients=found.recipients or addresses_in(_recipients(message)),
        message_ids=ids,
        references=found.references or message_ids([in_reply_to, references]),
        sent_at=found.sent_at or (None if found.senders else _sent_at(properties)),
        subject=found.subject or subject,
        names=found.names | words_of(_names(properties)),
        odd=tuple(code for code, is_so in odd.items() if is_so is not False),
    )


def _bare(subject: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f]", " ", subject).split()).casefold()


def _names(properties: Properties) -> Iterator[str]:
    for pid in (_SENDER_NAME, c.PID_SENDER_SMTP_ADDRESS):
        text = _text(properties, pid)
        if text and len(text) < MAX_NAME:
            yield text if "@" in text else f'"{text.replace(chr(34), " ")}" <>'


def _has_rtf(properties: Properties) -> bool:
    try:
        return bool(properties.binary_prop_value(_RTF_COMPRESSED))
    except LookupError:
        return False


def _senders(properties: Properties, *, is_known: bool) -> Iterator[str]:
    """The SMTP addresses of who sent it and for whom: two where they differ.

    An Exchange name has no domain and so matches nobody; it is left out where the headers name a sender.
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
        elif other and (_text(properties, kind) or "").upper() == "SMTP":
            yield other
        elif other and not is_known:
            yield other.replace("@", " ")


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
