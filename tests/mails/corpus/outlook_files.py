"""Outlook's own files (.msg): made whole here, with and without the headers of their transport."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from adapter.rules.evidence import Kind
from tests.builders import APPROVED
from tests.mails import made
from tests.mails import made_msg as m
from tests.mails.corpus import clients as c
from tests.mails.corpus.case import KEY, OFFER_ID, Case, approves, doubtful, fails, other, refuses

KARL = "karl@ballerup.example"
Changed = Mapping[int, "str | bytes | int | datetime | None"]
_PROPERTIES: Changed = {
    m.MESSAGE_CLASS: "IPM.Note",
    m.SUBJECT: f"SV: {KEY}: Tilbud på arkivering",
    m.SENDER_SMTP: KARL,
    m.REPRESENTED_SMTP: KARL,
    m.SUBMITTED: APPROVED,
    m.MESSAGE_ID: "<svar-1@ballerup.example>",
    m.IN_REPLY_TO: OFFER_ID,
}


def msg(words: str, changed: Changed | None = None, *, headers: c.Changed | None = None, attachments: int = 0) -> bytes:
    """An answer as Outlook saves it: its text as Outlook writes it, and transport headers where it was received."""
    transport = {} if headers is None else {m.HEADERS: made.headers({**c.KARL, **headers}).decode()}
    whole = {**_PROPERTIES, m.BODY: c.outlook_text(words), **transport, **(changed or {})}
    return m.msg(
        {tag: value for tag, value in whole.items() if value is not None}, ("desk@netcompany.example",), attachments
    )


def _html(words: str) -> bytes:
    return c.outlook_html(words).encode("cp1252")


MSG = "svar.msg"
OUTLOOK_FILES: tuple[Case, ...] = (
    approves("msg_as_sent", "Outlook .msg", msg("Godkendt."), filename=MSG),
    approves("msg_as_received", "Outlook .msg", msg("Godkendt.", headers={}), filename=MSG),
    approves(
        "msg_under_another_name", "Outlook .msg", msg("Vi godkender hermed tilbuddet."), filename="Godkendelse.MSG"
    ),
    approves(
        "msg_in_html_only",
        "Outlook .msg",
        msg("", {m.BODY: "", m.HTML: _html("Det kan vi godkende."), m.CODEPAGE: 1252}),
        filename=MSG,
    ),
    approves(
        "msg_in_both_texts",
        "Outlook .msg",
        msg("Godkendt.", {m.HTML: _html("Godkendt."), m.CODEPAGE: 1252}),
        filename=MSG,
    ),
    approves("msg_with_an_attachment", "Outlook .msg", msg("Godkendt.", attachments=1), filename=MSG),
    refuses("msg_says_no", "Outlook .msg", msg("Nej tak."), filename=MSG),
    refuses("msg_says_no_as_received", "Outlook .msg", msg("Det må vi desværre afslå.", headers={}), filename=MSG),
    doubtful(
        "msg_with_a_condition", "Outlook .msg", msg("Godkendt, men kun op til 5 timer."), "forbehold", filename=MSG
    ),
    doubtful(
        "msg_whose_texts_differ",
        "Outlook .msg",
        msg("Godkendt.", {m.HTML: _html("Vi ser på det."), m.CODEPAGE: 1252}),
        "ja_og_andet",
        filename=MSG,
    ),
    doubtful("msg_never_sent", "Outlook .msg", msg("Godkendt.", {m.SUBMITTED: None}), "har_dato", filename=MSG),
    doubtful(
        "msg_whose_subject_was_edited",
        "forged .msg",
        msg("Godkendt.", {m.SUBJECT: f"SV: {KEY}: Andet"}, headers={}),
        "usædvanlig",
        filename=MSG,
    ),
    doubtful(
        "msg_in_rich_text_only",
        "Outlook .msg",
        msg("", {m.BODY: "", 0x1009: b"LZFu godkendt"}),
        "intet_svar",
        "usædvanlig",
        filename=MSG,
    ),
    doubtful(
        "msg_somebody_elses_yes_forwarded",
        "Outlook .msg",
        msg(
            "",
            {
                m.BODY: "Til orientering\n\nFra: Chef\nSendt: 23. november 2026 10:40\nTil: Karl\nEmne: SV: Tilbud\n\n"
                "Godkendt."
            },
        ),
        "intet_svar",
        filename=MSG,
    ),
    fails(
        "msg_by_an_assistant",
        "Outlook .msg",
        msg("Godkendt.", {m.SENDER_SMTP: "sekretær@elsewhere.example"}),
        "en_afsender",
        "fra_betaler",
        unsure=("usædvanlig",),
        filename=MSG,
    ),
    fails(
        "msg_whose_sender_was_edited",
        "forged .msg",
        msg("Godkendt.", headers={"From": "x@elsewhere.example"}),
        "en_afsender",
        "fra_betaler",
        unsure=("usædvanlig",),
        filename=MSG,
    ),
    fails(
        "msg_of_an_exchange_name",
        "Outlook .msg",
        msg(
            "Godkendt.",
            {
                m.SENDER_SMTP: "",
                m.REPRESENTED_SMTP: "",
                m.SENDER_KIND: "EX",
                m.SENDER_ADDRESS: "/O=BALLERUP/CN=KARL@ballerup.example",
            },
        ),
        "en_afsender",
        "fra_betaler",
        unsure=("usædvanlig",),
        filename=MSG,
    ),
    fails(
        "msg_out_of_office",
        "Outlook .msg",
        msg("Godkendt.", {m.MESSAGE_CLASS: "IPM.Note.Rules.OofTemplate.Microsoft"}),
        "ikke_autosvar",
        filename=MSG,
    ),
    fails(
        "msg_of_a_meeting_accepted",
        "Outlook .msg",
        msg("Godkendt.", {m.MESSAGE_CLASS: "IPM.Schedule.Meeting.Resp.Pos"}),
        "ikke_autosvar",
        filename=MSG,
    ),
    other("msg_cut_short", "Outlook .msg", msg("Godkendt.")[:3000], Kind.FOR_A_PERSON, filename=MSG),
    other("msg_that_is_none", "renamed", b"Godkendt.", Kind.FOR_A_PERSON, filename=MSG),
)
