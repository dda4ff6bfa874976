"""A letter as the bytes of a mail: what is sent is what is attached, and the same letter is always the same bytes."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import idna

from adapter.errors import Refused
from adapter.ticket.letter import Letter


def compose(letter: Letter) -> bytes:
    """The letter as a mail file with CRLF, plain text and nothing of its own making.

    Raises:
        Refused: an address, a name or the subject cannot stand in a mail's head.
    """
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = Address(letter.sender_name, addr_spec=mail_address(letter.sender))
        mail["To"] = [Address(addr_spec=mail_address(to)) for to in letter.to]
        mail["Subject"] = letter.subject
        mail["Date"] = format_datetime(letter.written_at)
        mail["Message-ID"] = f"<{letter.message_id}>"
        if letter.automatic:
            mail["Auto-Submitted"] = "auto-generated"
            mail["X-Auto-Response-Suppress"] = "All"  # Exchange's own
        mail.set_content(letter.body, cte="quoted-printable")
    except ValueError:  # names nothing of it: it may hold text of a ticket
        raise Refused("A letter has an address, a name or a subject that no mail can have", 422) from None
    return mail.as_bytes()


def mail_address(text: str) -> str:
    """An address as mail servers know it, its domain in ASCII; ValueError where no server could."""
    local, _, domain = text.rpartition("@")
    if not (local and local.isascii() and local.isprintable()):
        raise ValueError("no mailbox name, or one with other letters than ASCII")
    return f"{local}@{idna.encode(domain, uts46=True).decode()}"
