"""A letter as the bytes of a mail: what is sent is what is attached, and the same letter is always the same bytes."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from adapter.catalogue.addresses import mail_address
from adapter.errors import Refused
from adapter.ticket.letter import Letter


def compose(letter: Letter) -> bytes:
    """The letter as a mail file with CRLF, plain text and nothing of its own making.

    Raises:
        Refused: an address, a name or the subject cannot stand in a mail's head.
    """
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = Address(letter.sender_name, addr_spec=address_on_wire(letter.sender))
        mail["To"] = [Address(addr_spec=address_on_wire(to)) for to in letter.to]
        mail["Subject"] = letter.subject
        mail["Date"] = format_datetime(letter.written_at)
        mail["Message-ID"] = f"<{letter.message_id}>"
        if letter.automatic:
            mail["Auto-Submitted"] = "auto-generated"
            mail["X-Auto-Response-Suppress"] = "All"  # Exchange's own
        mail.set_content(letter.body, cte="quoted-printable")
    except (ValueError, MessageError):  # names nothing of it: it may hold text of a ticket
        raise Refused("A letter has a name, a subject or a text that no mail can have", 422) from None
    return mail.as_bytes()


def address_on_wire(text: str) -> str:
    """An address as the mail server is told it; Refused where no server could reach it."""
    address = mail_address(text)
    if address is None:  # names nothing of it
        raise Refused("A letter has a sender or a recipient whose address no mail can have", 422)
    return address
