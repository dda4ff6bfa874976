"""Whose words they are: forwards, answers between quoted lines, answers below, and somebody else's yes."""

from __future__ import annotations

from tests.mails import made
from tests.mails.corpus import clients as c
from tests.mails.corpus.case import OFFER_TEXT, Case, doubtful

_WROTE = "Den torsdag den 12. november 2026 kl. 10.12.33 CET skrev Karl Chef <chef@ballerup.example>:"
_INNER = (
    b"From: Karl Chef <chef@ballerup.example>\r\nTo: karl@ballerup.example\r\nSubject: Tilbud\r\n"
    b"Date: Mon, 23 Nov 2026 10:40:00 +0100\r\nContent-Type: text/plain\r\n\r\nGodkendt.\r\n"
)

QUOTATIONS: tuple[Case, ...] = (
    doubtful(
        "somebody_elses_yes_forwarded",
        "Gmail",
        c.forwarded("Se nedenfor.\n\nMvh Karl", "Godkendt.\n\nMvh Chef"),
        "intet_svar",
    ),
    doubtful(
        "forwarded_by_outlook", "Outlook", c.forwarded("Til orientering", "Godkendt.", client="outlook"), "intet_svar"
    ),
    doubtful("forwarded_by_apple_mail", "Apple Mail", c.forwarded("", "Godkendt.", client="apple"), "intet_svar"),
    doubtful("forwarded_without_a_word", "Gmail", c.forwarded("", "Godkendt.\n\nMvh Chef"), "intet_svar"),
    doubtful(
        "forwarded_as_a_file",
        "Outlook",
        c.letter(made.multipart("mixed", c.part("Se vedhæftede."), b"Content-Type: message/rfc822\r\n\r\n" + _INNER)),
        "intet_svar",
    ),
    doubtful(
        "a_yes_in_the_quoted_history",
        "Gmail",
        c.gmail("Tak, vi ser på det.", offer=f"Godkendt.\n\n{OFFER_TEXT}"),
        "intet_svar",
    ),
    doubtful(
        "the_same_in_outlook",
        "Outlook",
        c.outlook("Tak, vi ser på det.", offer=f"Godkendt.\n\n{OFFER_TEXT}"),
        "intet_svar",
    ),
    doubtful("below_a_danish_attribution", "Apple Mail", c.text(f"Tak.\n\n{_WROTE}\n\nGodkendt.\n"), "intet_svar"),
    doubtful("below_it_with_marks", "Apple Mail", c.text(f"Tak.\n\n{_WROTE}\n\n> Godkendt.\n"), "intet_svar"),
    doubtful(
        "below_it_in_two_lines",
        "Apple Mail",
        c.text(f"{_WROTE.replace(' skrev', chr(10) + 'skrev')}\n\nGodkendt.\n"),
        "intet_svar",
    ),
    doubtful(
        "an_attribution_in_dutch",
        "web mail",
        c.text("Op 24 nov. 2026 om 10:12 schreef Karl Chef:\nGodkendt."),
        "ja_og_andet",
    ),
    doubtful(
        "an_unmarked_header_block",
        "Outlook",
        c.text("Van: Karl\nVerzonden: 24-11-2026\nAan: Mette\n\nGodkendt."),
        "ja_og_andet",
    ),
    doubtful("yes_below_the_quotation", "Thunderbird", c.thunderbird("Godkendt.", below=True), "ja_og_andet"),
    doubtful(
        "yes_between_quoted_lines",
        "Thunderbird",
        c.text("> Prisen er 34.000 kr.\n\nGodkendt\n\n> Hilsen"),
        "ja_og_andet",
    ),
    doubtful("yes_set_in", "old program", c.text("Tak\n\n    Godkendt.\n    I må gå i gang."), "ja_og_andet"),
    doubtful("yes_behind_initials", "old program", c.text("Hej\nKC> Godkendt"), "ja_og_andet"),
    doubtful("see_my_answers_below", "Outlook", c.outlook("Godkendt, se mine svar nedenfor."), "ja_og_andet"),
    doubtful(
        "a_yes_in_a_blockquote", "Gmail", c.letter(c.part("<blockquote>Godkendt.</blockquote>", "html")), "intet_svar"
    ),
    doubtful("a_yes_in_quotation_tags", "web mail", c.letter(c.part("<q>Godkendt</q>", "html")), "ja_og_andet"),
)
