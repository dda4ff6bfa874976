"""TEMPORARY until the room is written."""

from adapter.ticket.letter import Letter


def compose(letter: Letter) -> bytes:
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime, formataddr

    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = (
        formataddr((letter.sender_name, letter.sender)),
        ", ".join(letter.to),
        letter.subject,
    )
    mail["Date"], mail["Message-ID"] = format_datetime(letter.written_at), f"<{letter.message_id}>"
    if letter.automatic:
        mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body)
    return mail.as_bytes()
