"""The payer's yes, as mail programs write it and as public bodies surround it."""

from __future__ import annotations

from tests.builders import CUSTOMER
from tests.mails import made
from tests.mails.corpus import clients as c
from tests.mails.corpus.case import KEY, TO_DATAFIRMA, TO_KOMBIT, Case, Scene, an_offer, approves

_CONFIDENTIAL = (
    "Denne e-mail og eventuelle vedhæftede filer kan indeholde fortrolige oplysninger. Hvis du ikke er rette modtager, "
    "bedes du kontakte afsenderen og slette mailen."
)
_PERSONAL_DATA = (
    "Ballerup Kommune behandler dine personoplysninger. Læs mere om databeskyttelse på www.ballerup.example/data."
)
_OUTSIDE = (
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless "
    "you recognize the sender and know the content is safe."
)

APPROVALS: tuple[Case, ...] = (
    approves("outlook_danish", "Outlook", c.outlook("Godkendt.")),
    approves("outlook_english", "Outlook", c.outlook("Approved, please go ahead.", danish=False)),
    approves("outlook_two_paragraphs", "Outlook", c.outlook("Hej\n\nTak for tilbuddet. Det er hermed godkendt.")),
    approves("outlook_on_the_web", "Outlook on the web", c.outlook_on_the_web("Vi godkender hermed tilbuddet.")),
    approves("outlook_on_a_phone", "Outlook for iOS", c.outlook_on_a_phone("Godkendes")),
    approves(
        "gmail_danish", "Gmail", c.gmail("Hej Anna\n\nVi accepterer tilbuddet. I må gerne gå i gang.\n\nMvh Karl")
    ),
    approves("gmail_english", "Gmail", c.gmail("We accept the offer.\n\nBest regards\nKarl", danish=False)),
    approves("iphone_danish", "iPhone", c.iphone("Godkendt 👍")),
    approves("iphone_english", "iPhone", c.iphone("Approved", danish=False)),
    approves("apple_mail_with_marks", "Apple Mail", c.apple_mail("Det kan vi godkende.\n\nMvh Karl")),
    approves("apple_mail_without_marks", "Apple Mail", c.apple_mail("Det kan vi godkende.\n\nMvh Karl", marked=False)),
    approves("exchange_rewritten", "Exchange", c.exchange("Tilbuddet er godkendt.")),
    approves("thunderbird", "Thunderbird", c.thunderbird("Ja tak, godkendt.")),
    approves("old_groupware", "Notes", c.notes("Prisen godkendes hermed.\n\nVenlig hilsen\nKarl Kunde")),
    approves("plain_text", "ticket system", c.text("Kære Anna\n\nI kan gå i gang med arbejdet.\n\nHilsen Karl")),
    approves("html_only", "web mail", c.letter(c.part("<html><body><p>Godkendt.</p></body></html>", "html"))),
    approves("shouted", "Outlook", c.outlook("GODKENDT!")),
    approves("the_key_in_the_words", "Gmail", c.gmail(f"Tilbuddet i sag {KEY} er godkendt.")),
    approves("signed_by_initials", "Thunderbird", c.thunderbird("Godkendt\n/KK")),
    approves("with_a_date_on_top", "plain text", c.text("23. november 2026\n\nGodkendt.\n\n/Karl")),
    approves(
        "tied_by_the_subject_only",
        "Outlook",
        c.outlook("Godkendt.", {"In-Reply-To": None, "References": None, "Subject": f"Vedr. {KEY}"}),
    ),
    approves(
        "tied_by_the_references_only", "Gmail", c.gmail("Godkendt.", {"In-Reply-To": None, "Subject": "SV: Arkivering"})
    ),
    approves("a_disclaimer_below", "Outlook", c.text(f"Godkendt.\n\n{c.SIGNED}\n\n{_CONFIDENTIAL}")),
    approves("a_data_protection_note_below", "Outlook", c.text(f"Godkendt.\n\n{c.SIGNED}\n\n{_PERSONAL_DATA}")),
    approves("a_disclaimer_without_a_gap", "Outlook", c.text(f"Godkendt.\n\n{c.SIGNED}\n{_CONFIDENTIAL}")),
    approves("a_banner_above", "Exchange", c.text(f"{_OUTSIDE}\n\nApproved.\n\nRegards\nKarl")),
    approves(
        "printed_on_no_paper", "Outlook", c.text("Godkendes.\n\nVh Karl\n\nTænk på miljøet, før du printer denne mail.")
    ),
    approves(
        "scanned_on_the_way",
        "gateway",
        c.text("Godkendt.\n\nMvh Karl\n\nDenne mail er scannet og godkendt af MailScanner"),
    ),
    approves(
        "a_logo_attached",
        "Outlook",
        c.letter(
            made.multipart(
                "related", c.part("<p>Godkendt</p>", "html"), made.attachment(b"\x89PNG", "image001.png", "image/png")
            )
        ),
    ),
    approves(
        "a_purchase_order_attached",
        "Outlook",
        c.letter(made.multipart("mixed", c.part("Godkendt.\n\nMvh Karl"), made.attachment())),
    ),
    approves(
        "signed_but_readable",
        "S/MIME",
        c.letter(
            made.multipart(
                "signed", c.part("Godkendt."), made.attachment(b"0\x80", "smime.p7s", "application/pkcs7-signature")
            )
        ),
    ),
    approves(
        "own_yes_above_a_forwarded_chain",
        "Gmail",
        c.forwarded("Godkendt.\n\nMvh Karl", "Kan vi betale det?\n\nMvh Chef"),
    ),
    approves(
        "own_yes_above_a_forwarded_no",
        "Outlook",
        c.forwarded("Godkendt.\n\nMvh Karl", "Nej, det er for dyrt.", client="outlook"),
    ),
    approves("brought_by_the_orderer", "Outlook", c.outlook("Godkendt."), Scene(attached_by=CUSTOMER)),
    approves(
        "kombit_approves_what_kombit_pays",
        "Outlook",
        c.outlook("Godkendt.", {"From": "Kim <kim@kombit.example>"}),
        TO_KOMBIT,
    ),
    approves(
        "a_third_party_approves_what_it_pays",
        "Gmail",
        c.gmail("Godkendt.", {"From": "Pia <pia@datafirma.example>"}),
        TO_DATAFIRMA,
    ),
    approves(
        "minutes_before_the_offer", "Outlook", c.outlook("Godkendt.", {"Date": "Mon, 23 Nov 2026 09:27:00 +0100"})
    ),
    approves(
        "to_the_newest_offer",
        "Outlook",
        c.outlook("Godkendt.", {"References": "<tilbud-2@netcompany.example>", "In-Reply-To": None}),
        Scene(offers=(an_offer(), an_offer(2))),
    ),
)
