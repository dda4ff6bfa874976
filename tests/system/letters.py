"""The mails of the story: an offer and the answers to it, made up, as files that people drag onto a ticket."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

DESK = "Service Desk <servicedesk@leverandoer.example>"


def offer(key: str, to: str, price: str = "34.000 kr.") -> tuple[str, bytes]:
    """An offer to the payer; its Message-ID, and the file."""
    body = (
        f"Hej\n\nOpgaven er en betalbar ydelse. Prisen er {price}, som er en fast pris.\n"
        "Hvis prisen ikke kan holde, hører I fra os senest om to uger.\n\n"
        "Skriv til os, om arbejdet må begynde.\n\nVenlig hilsen\nService Desk\n"
    )
    return _mail(DESK, to, f"{key}: tilbud", body)


def answer(key: str, sender: str, words: str, to_offer: str | None) -> bytes:
    """An answer in the sender's own words, above what it quotes of the offer."""
    quoted = (
        f"{words}\n\nVenlig hilsen\nMette Madsen\n\n"
        "-----Oprindelig meddelelse-----\n"
        f"Fra: {DESK}\nSendt: 23. november 2026 09:00\nTil: {sender}\nEmne: {key}: tilbud\n\n"
        "> Opgaven er en betalbar ydelse.\n"
    )
    return _mail(sender, DESK, f"SV: {key}: tilbud", quoted, reply_to=to_offer)[1]


def _mail(sender: str, to: str, subject: str, body: str, *, reply_to: str | None = None) -> tuple[str, bytes]:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain="example.org")
    if reply_to is not None:
        mail["In-Reply-To"] = mail["References"] = reply_to
    mail.set_content(body)
    return str(mail["Message-ID"]), mail.as_bytes()
