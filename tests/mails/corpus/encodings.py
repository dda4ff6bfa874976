"""The same words in every dress that a mail can wear; and dresses that hide what is said."""

from __future__ import annotations

import base64

from adapter.rules.evidence import Kind
from tests.mails import made
from tests.mails.corpus import clients as c
from tests.mails.corpus.case import KEY, Case, approves, doubtful, other, refuses

_NO = "Det kan vi desværre ikke godkende, og vi må afslå."
_YES = "Vi godkender på kommunens vegne.\n\nMvh Søren Ærø"


def _raw(body: bytes, kind: str = "text/plain; charset=utf-8", encoding: str = "8bit") -> bytes:
    start = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return c.letter(start.encode("ascii") + body)


ENCODINGS: tuple[Case, ...] = (
    approves("quoted_printable_utf8", "Gmail", c.letter(c.part(_YES))),
    approves("base64_utf8", "iPhone", c.letter(c.part(_YES, encoding="base64"))),
    approves("quoted_printable_latin1", "Outlook", c.letter(c.part(_YES, charset="iso-8859-1"))),
    approves("eight_bits_latin1", "Notes", c.letter(c.part(_YES, charset="iso-8859-1", encoding="8bit"))),
    approves("windows_1252", "Outlook", c.letter(c.part("Godkendt – tak.", charset="windows-1252"))),
    approves("utf_16", "script", c.letter(c.part("Godkendt", charset="utf-16", encoding="base64"))),
    approves("flowed", "Thunderbird", c.letter(c.part("Vi godkender \nhermed \ntilbuddet.", more="; format=flowed"))),
    approves("no_charset_named", "script", _raw(b"Godkendt.", "text/plain")),
    approves("no_content_type", "script", c.letter(b"\r\nGodkendt.\r\n")),
    approves(
        "an_unknown_charset", "script", _raw("Vi godkender på kommunens vegne.".encode(), "text/plain; charset=dansk-1")
    ),
    approves("seven_bits_claimed", "script", _raw("Vi godkender på kommunens vegne.".encode(), encoding="7bit")),
    approves(
        "an_encoded_subject_with_the_key",
        "Outlook",
        c.text(
            "Godkendt.",
            {"Subject": made.encoded(f"SV: {KEY}: Tilbud på sletning"), "References": None, "In-Reply-To": None},
        ),
    ),
    approves(
        "a_subject_in_latin1",
        "Outlook",
        c.text(
            "Godkendt.",
            {"Subject": made.encoded(f"SV: {KEY}: Prøve", "iso-8859-1"), "References": None, "In-Reply-To": None},
        ),
    ),
    approves("soft_hyphens_and_zero_widths", "Outlook", c.text("God\u00adkendt\u200b.")),
    approves("composed_letters", "Mac", c.text("Vi godkender pa\u030a kommunens vegne.")),
    approves("hard_spaces", "Outlook", c.text("Vi\u00a0godkender\u00a0tilbuddet.")),
    approves("bare_line_ends", "script", c.text("Hej\n\nGodkendt.\n\nMvh Karl").replace(b"\r\n", b"\n")),
    approves("html_entities", "web mail", c.letter(c.part("<p>Vi godkender p&aring; kommunens vegne.</p>", "html"))),
    refuses("a_no_in_base64", "iPhone", c.letter(c.part(_NO, encoding="base64"))),
    refuses("a_no_in_latin1", "Outlook", c.letter(c.part(_NO, charset="iso-8859-1"))),
    refuses("a_no_in_a_wrong_charset", "script", _raw(_NO.encode(), "text/plain; charset=iso-8859-1")),
    refuses("a_no_of_broken_letters", "gateway", c.text("Vi mÃ¥ desvÃ¦rre afslÃ¥ tilbuddet, nej tak.")),
    refuses("a_no_in_html_entities", "web mail", c.letter(c.part("<p>Vi m&aring; afsl&aring; tilbuddet.</p>", "html"))),
    doubtful("broken_letters_in_a_condition", "gateway", c.text("Godkendt, sÃ¥fremt prisen holder."), "ja_og_andet"),
    doubtful("letters_of_two_alphabets", "forged", c.text("G\u043edkendt"), "intet_svar"),
    doubtful("written_backwards", "forged", c.text("Godkendt \u202ejen"), "ja_og_andet"),
    doubtful("utf_7", "forged", _raw(b"+AEcAbwBkAGsAZQBuAGQAdA-", "text/plain; charset=utf-7"), "intet_svar"),
    doubtful(
        "torn_base64",
        "forged",
        _raw(base64.b64encode(b"Godkendt.") + b"!!!" + base64.b64encode(b" Nej"), encoding="base64"),
        "ja_og_nej",
        "usædvanlig",
    ),
    doubtful(
        "yes_in_one_text_only",
        "Outlook",
        c.letter(c.both(c.part("Se mailen i en browser."), c.part("<p>Godkendt.</p>", "html"))),
        "ja_og_andet",
    ),
    doubtful(
        "two_plain_texts",
        "forged",
        c.letter(made.multipart("mixed", c.part("Godkendt."), c.part("Vi ses."))),
        "ja_og_andet",
        "usædvanlig",
    ),
    doubtful(
        "rich_text_beside_it",
        "forged",
        c.letter(c.both(c.part("Godkendt."), c.part("Send nyt tilbud", "enriched"))),
        "ja_og_andet",
        "usædvanlig",
    ),
    doubtful(
        "encrypted",
        "S/MIME",
        _raw(base64.b64encode(b"0\x80"), "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "base64"),
        "intet_svar",
    ),
    doubtful(
        "signed_and_opaque",
        "S/MIME",
        _raw(
            base64.b64encode(b"0\x80Godkendt"),
            "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
            "base64",
        ),
        "intet_svar",
    ),
    other("no_mail_at_all", "script", b"Godkendt.\r\n", Kind.FOR_A_PERSON),
    other("a_printed_mail", "scanner", b"%PDF-1.4", Kind.FOR_A_PERSON, filename="svar.pdf"),
    other("a_picture_of_a_mail", "phone", b"\x89PNG", Kind.FOR_A_PERSON, filename="skærmbillede.png"),
)
