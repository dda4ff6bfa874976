"""When it was sent and what it belongs to: dates, older offers, other tickets; and who signs for it (DKIM)."""

from __future__ import annotations

from collections.abc import Sequence

import dkim  # type: ignore[import-untyped]  # the library ships no types

from adapter.catalogue.words import AttachmentId
from adapter.rules.evidence import Kind
from tests.builders import STRANGER
from tests.mails.corpus import clients as c
from tests.mails.corpus.case import Case, Scene, an_offer, approves, doubtful, fails, other, refuses
from tests.mails.made_dns import SigningKey, signing_key

OURS, THEIRS = signing_key(12), signing_key(13)
RECORDS = {"valg._domainkey.ballerup.example": OURS.record, "valg._domainkey.elsewhere.example": THEIRS.record}
"""What DNS answers while the corpus is read."""

_LOOSE: c.Changed = {"References": None, "In-Reply-To": None}
_SIGNED = ("from", "to", "date", "subject", "message-id", "content-type", "content-transfer-encoding")


def signed(
    data: bytes, domain: str = "ballerup.example", key: SigningKey = OURS, names: Sequence[str] = _SIGNED
) -> bytes:
    """A mail with its domain's signature on top."""
    signature: bytes = dkim.sign(
        data,
        b"valg",
        domain.encode(),
        key.pem,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[name.encode() for name in names],
    )
    return signature + data


_YES = c.letter(c.part("Godkendt.\n\nMvh Karl"))
_OF_SOMETHING_ELSE = c.letter(c.part("Godkendt."), {**_LOOSE, "Subject": "SV: Kursus den 4. december"})
_BROUGHT = Scene(attached_by=STRANGER)

TIMES_AND_TICKETS: tuple[Case, ...] = (
    doubtful("no_date", "script", c.outlook("Godkendt.", {"Date": None}), "har_dato"),
    doubtful(
        "two_dates", "forged", c.outlook("Godkendt.", {"Date": ["Mon, 23 Nov 2026 11:00:00 +0100"] * 2}), "har_dato"
    ),
    doubtful(
        "a_date_without_a_zone", "script", c.outlook("Godkendt.", {"Date": "Mon, 23 Nov 2026 11:00:00"}), "har_dato"
    ),
    doubtful("a_date_that_is_none", "script", c.outlook("Godkendt.", {"Date": "i går"}), "har_dato"),
    doubtful(
        "in_the_future", "forged", c.outlook("Godkendt.", {"Date": "Thu, 26 Nov 2026 11:00:00 +0100"}), "ikke_fremtid"
    ),
    fails(
        "before_the_offer",
        "Outlook",
        c.outlook("Godkendt.", {"Date": "Mon, 23 Nov 2026 08:00:00 +0100"}),
        "efter_tilbud",
    ),
    fails(
        "a_year_before", "Outlook", c.outlook("Godkendt.", {"Date": "Sun, 23 Nov 2025 11:00:00 +0100"}), "efter_tilbud"
    ),
    doubtful(
        "perhaps_before_an_offer_without_a_date",
        "Outlook",
        c.outlook("Godkendt.", {"Date": "Mon, 23 Nov 2026 08:00:00 +0100"}),
        "efter_tilbud",
        scene=Scene(offers=(an_offer(date=""),)),
    ),
    fails("without_any_offer", "Outlook", c.outlook("Godkendt."), "tilbud_findes", scene=Scene(offers=())),
    doubtful(
        "to_an_older_offer",
        "Outlook",
        c.outlook("Godkendt."),
        "ældre_tilbud",
        scene=Scene(offers=(an_offer(), an_offer(2))),
    ),
    doubtful(
        "to_an_offer_that_was_deleted",
        "Outlook",
        c.outlook("Godkendt.", {"In-Reply-To": "<tilbud-2@netcompany.example>", "References": None}),
        "tilbud_slettet",
        scene=Scene(opened_on=AttachmentId("2")),
    ),
    doubtful(
        "to_no_offer_and_no_ticket", "Outlook", c.outlook("Godkendt.", {**_LOOSE, "Subject": "Tilbud"}), "hører_til"
    ),
    doubtful(
        "to_an_unknown_mail",
        "Outlook",
        c.outlook("Godkendt.", {**_LOOSE, "Subject": "SV: Tilbud", "References": "<x@y.example>"}),
        "hører_til",
    ),
    fails(
        "another_ticket_in_the_subject",
        "Outlook",
        c.outlook("Godkendt.", {**_LOOSE, "Subject": "SV: DUBU-2: Tilbud"}),
        "anden_sag",
    ),
    fails(
        "a_ticket_whose_number_begins_alike",
        "Outlook",
        c.outlook("Godkendt.", {**_LOOSE, "Subject": "SV: DUBU-12"}),
        "anden_sag",
    ),
    doubtful(
        "two_subjects",
        "forged",
        c.outlook("Godkendt.", {**_LOOSE, "Subject": ["SV: DUBU-1", "SV: DUBU-2"]}),
        "hører_til",
        "usædvanlig",
    ),
    doubtful(
        "another_ticket_in_the_subject_but_to_this_offer",
        "forged",
        c.outlook("Godkendt.", {"Subject": "SV: DUBU-2: Tilbud"}),
        "anden_sag",
    ),
    other(
        "a_no_to_another_ticket_in_the_subject_but_to_this_offer",
        "Outlook",
        c.outlook("Nej tak.", {"Subject": "SV: DUBU-2"}),
        Kind.REFUSAL,
        "ja",
        unsure=("anden_sag",),
    ),
    fails(
        "a_no_before_the_offer",
        "Outlook",
        c.outlook("Nej tak.", {"Date": "Mon, 23 Nov 2026 08:00:00 +0100"}),
        "efter_tilbud",
        "ja",
    ),
    # DKIM strengthens; a signature that does not hold proves nothing
    approves("dkim_holds", "Exchange", signed(_YES), vouched_for=True),
    approves("dkim_holds_whoever_brings_it", "Exchange", signed(_YES), _BROUGHT, vouched_for=True),
    doubtful(
        "dkim_holds_but_not_on_what_it_answers",
        "forged",
        b"In-Reply-To: <tilbud-1@netcompany.example>\r\n" + signed(_OF_SOMETHING_ELSE),
        "vedhæftet_af",
        scene=_BROUGHT,
        vouched_for=True,
    ),
    approves(
        "dkim_holds_on_what_it_answers",
        "Gmail",
        signed(c.letter(c.part("Godkendt."), {"Subject": "Re: Tilbud"}), names=(*_SIGNED, "in-reply-to", "references")),
        _BROUGHT,
        vouched_for=True,
    ),
    approves("dkim_broken_on_the_way", "Exchange", signed(_YES).replace(b"Mvh Karl", b"Mvh  Karl K")),
    approves("dkim_of_a_key_that_is_gone", "Exchange", c.exchange("Godkendt.")),
    approves("dkim_of_another_domain", "forged", signed(_YES, "elsewhere.example", THEIRS)),
    approves("dkim_with_another_key", "forged", signed(_YES, key=THEIRS)),
    doubtful(
        "dkim_broken_and_brought_by_a_stranger",
        "forged",
        signed(_YES).replace(b"Mvh Karl", b"Mvh Knud"),
        "vedhæftet_af",
        scene=_BROUGHT,
    ),
    doubtful(
        "dkim_of_another_domain_brought_by_a_stranger",
        "forged",
        signed(_YES, "elsewhere.example", THEIRS),
        "vedhæftet_af",
        scene=_BROUGHT,
    ),
    refuses("dkim_holds_on_a_no", "Exchange", signed(c.letter(c.part("Nej tak."))), vouched_for=True),
    fails(
        "dkim_of_a_stranger_on_his_own_mail",
        "forged",
        signed(c.letter(c.part("Godkendt."), {"From": "x@elsewhere.example"}), "elsewhere.example", THEIRS),
        "fra_betaler",
        scene=_BROUGHT,
        unsure=("vedhæftet_af",),
    ),
)
