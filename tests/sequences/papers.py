"""The mails of the sequences, honest and forged, each dated by the stage's clock."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

DESK = "Service Desk <servicedesk@leverandoer.example>"
YES = ("Godkendt.", "Vi godkender hermed tilbuddet.", "Approved.", "Ja tak til tilbuddet.")
NO = ("Nej tak.", "Vi kan ikke godkende tilbuddet.", "Afvist.")


def offer(key: str, to: str, at: datetime, figures: str) -> tuple[str, bytes]:
    """An offer to the payer: its Message-ID, and the file."""
    body = (
        f"Hej\n\nOpgaven er en betalbar ydelse. Prisen er {figures}.\n"
        "Hvis prisen ikke kan holde, hører I fra os senest om to uger.\n\nVenlig hilsen\nService Desk\n"
    )
    return mail(DESK, to, f"{key}: tilbud", body, at)


def answer(
    key: str, sender: str, words: str, at: datetime, to_offer: str | None, *, subject: str | None = None, **headers: str
) -> tuple[str, bytes]:
    """An answer in the sender's own words, above what it quotes of the offer."""
    quoted = (
        f"{words}\n\nVenlig hilsen\nMette Madsen\n\n-----Oprindelig meddelelse-----\n"
        f"Fra: {DESK}\nSendt: 23. november 2026 09:00\nTil: {sender}\nEmne: {key}: tilbud\n\n"
        "> Opgaven er en betalbar ydelse.\n"
    )
    return mail(sender, DESK, f"SV: {key}: tilbud" if subject is None else subject, quoted, at, to_offer, **headers)


def mail(
    sender: str, to: str, subject: str, body: str, at: datetime, reply_to: str | None = None, **headers: str
) -> tuple[str, bytes]:
    """Any mail: its Message-ID, and the file; headers with `_` for `-`."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = make_msgid(domain="example.org")
    if reply_to is not None:
        made["In-Reply-To"] = made["References"] = reply_to
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(body)
    return str(made["Message-ID"]), made.as_bytes()
