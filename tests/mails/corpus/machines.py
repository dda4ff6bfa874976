"""What no person wrote: absence notes, receipts, bounces, and answers to meetings, with or without a telling header."""

from __future__ import annotations

from tests.mails import made
from tests.mails.corpus import clients as c
from tests.mails.corpus.case import KEY, Case, doubtful, fails

_AWAY = (
    "Tak for din mail. Jeg er på ferie til den 1. december. Haster det, så kontakt Mette, der godkender i mit fravær."
)
_AUTO = "ikke_autosvar"


def _report(kind: str, notice: str) -> bytes:
    status = b"Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action; displayed\r\n"
    body = made.multipart("report", c.part(notice), status)
    return body.replace(b"multipart/report;", f"multipart/report; report-type={kind};".encode(), 1)


_CALENDAR = (
    b"Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
    b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:karl@ballerup.example\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)

MACHINES: tuple[Case, ...] = (
    fails(
        "out_of_office_danish",
        "Exchange",
        c.text(_AWAY, {"Subject": f"Automatisk svar: {KEY}: Tilbud", "Auto-Submitted": "auto-replied"}),
        _AUTO,
        unsure=("ja_og_andet",),
    ),
    fails(
        "out_of_office_without_a_header",
        "Exchange",
        c.text(_AWAY, {"Subject": f"Automatisk svar: {KEY}"}),
        _AUTO,
        unsure=("ja_og_andet",),
    ),
    fails(
        "out_of_office_english",
        "Exchange",
        c.text("I am out of office until 1 December.", {"Subject": f"Out of office: {KEY}"}),
        _AUTO,
        unsure=("intet_svar",),
    ),
    fails(
        "automatic_reply_english",
        "Gmail",
        c.text(
            "Thank you for your mail.",
            {"Subject": f"Automatic reply: {KEY}", "Auto-Submitted": "auto-replied (vacation)"},
        ),
        _AUTO,
        unsure=("intet_svar",),
    ),
    fails(
        "absent_in_danish",
        "Outlook",
        c.text("Jeg er væk.", {"Subject": f"Ikke til stede: {KEY}"}),
        _AUTO,
        unsure=("intet_svar",),
    ),
    fails("a_yes_by_an_autoresponder", "script", c.text("Godkendt.", {"Auto-Submitted": "auto-generated"}), _AUTO),
    fails(
        "a_yes_by_a_rule",
        "Exchange",
        c.text("Godkendt.", {"X-MS-Exchange-Inbox-Rules-Loop": "karl@ballerup.example"}),
        _AUTO,
    ),
    fails("a_yes_sent_in_bulk", "list", c.text("Godkendt.", {"Precedence": "bulk"}), _AUTO),
    fails("a_yes_with_an_old_header", "script", c.text("Godkendt.", {"X-Autoreply": "yes"}), _AUTO),
    fails(
        "an_encoded_subject",
        "Exchange",
        c.text("Godkendt.", {"Subject": made.encoded(f"Fraværsbesked: {KEY} æøå")}),
        _AUTO,
    ),
    fails(
        "a_read_receipt",
        "Outlook",
        c.letter(_report("disposition-notification", "Din mail blev læst."), {"Subject": f"Læst: {KEY}: Tilbud"}),
        _AUTO,
        unsure=("intet_svar",),
    ),
    fails(
        "a_read_receipt_under_another_subject",
        "Outlook",
        c.letter(_report("disposition-notification", "Godkendt.")),
        _AUTO,
    ),
    fails(
        "a_bounce",
        "Postfix",
        c.letter(
            _report("delivery-status", "Mailen kunne ikke leveres."),
            {
                "From": "MAILER-DAEMON@ballerup.example",
                "Return-Path": "<>",
                "Subject": "Undelivered Mail Returned to Sender",
                "References": None,
                "In-Reply-To": None,
            },
        ),
        _AUTO,
        unsure=("intet_svar", "hører_til"),
    ),
    fails("a_bounce_with_an_empty_return_path", "Exchange", c.text("Godkendt.", {"Return-Path": "<>"}), _AUTO),
    fails(
        "a_meeting_accepted",
        "Outlook",
        c.letter(
            made.multipart("alternative", c.part("Accepteret: møde om tilbuddet"), _CALENDAR),
            {"Subject": f"Accepteret: {KEY}"},
        ),
        _AUTO,
        unsure=("ja_og_andet", "usædvanlig"),
    ),
    doubtful(
        "an_autoreply_with_a_second_subject",
        "forged",
        c.text("Godkendt.", {"Subject": [f"Automatisk svar: {KEY}", f"SV: {KEY}"]}),
        "usædvanlig",
    ),
    doubtful("an_absence_note_that_says_nothing_of_itself", "web mail", c.text(_AWAY), "ja_og_andet"),
    doubtful("a_reaction_by_outlook", "Outlook", c.text("Karl Kunde synes godt om din meddelelse"), "intet_svar"),
)
