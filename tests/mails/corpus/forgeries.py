"""Mails by somebody who is not the payer, or tries to look like the payer; and the supplier's own."""

from __future__ import annotations

from adapter.catalogue.words import IssueKey
from adapter.rules.evidence import Kind
from tests.builders import ADAPTER, CUSTOMER, STRANGER
from tests.mails import made
from tests.mails.corpus import clients as c
from tests.mails.corpus.case import (
    OFFER_ID,
    TO_DATAFIRMA,
    TO_KOMBIT,
    Case,
    Scene,
    an_offer,
    doubtful,
    fails,
    judged_by_a_person,
    other,
)

KARL = "karl@ballerup.example"


def _yes(sender: str | list[str], **more: str | list[str] | None) -> bytes:
    return c.outlook("Godkendt.", {"From": sender, **{name.replace("_", "-"): value for name, value in more.items()}})


FORGERIES: tuple[Case, ...] = (
    # Not the payer
    fails("a_stranger", "forged", _yes("Karl <karl@elsewhere.example>"), "fra_betaler"),
    fails("the_payers_address_as_a_name", "forged", _yes(f'"{KARL}" <x@elsewhere.example>'), "fra_betaler"),
    fails(
        "the_payers_address_in_brackets_as_a_name", "forged", _yes(f'"<{KARL}>" <x@elsewhere.example>'), "fra_betaler"
    ),
    fails(
        "the_payers_address_encoded_as_a_name",
        "forged",
        _yes(f"{made.encoded(f'<{KARL}> æ')} <x@elsewhere.example>"),
        "fra_betaler",
    ),
    fails("reply_to_the_payer", "forged", _yes("x@elsewhere.example", Reply_To=KARL), "fra_betaler"),
    fails("sender_header_of_the_payer", "forged", _yes("x@elsewhere.example", Sender=KARL), "fra_betaler"),
    fails("return_path_of_the_payer", "forged", _yes("x@elsewhere.example", Return_Path=f"<{KARL}>"), "fra_betaler"),
    fails(
        "a_claimed_authentication",
        "forged",
        _yes("x@elsewhere.example", Authentication_Results="mx.ballerup.example; dkim=pass header.d=ballerup.example"),
        "fra_betaler",
    ),
    fails("a_common_mail_provider", "Gmail", _yes("ballerup.kommune@gmail.example"), "fra_betaler"),
    fails("another_municipality_than_the_payer", "Outlook", _yes("Mette <mette@aarhus.example>"), "fra_betaler"),
    # R20: who pays must approve
    fails("the_municipality_where_kombit_pays", "Outlook", _yes(KARL), "fra_betaler", scene=TO_KOMBIT),
    fails("kombit_where_the_municipality_pays", "Outlook", _yes("kim@kombit.example"), "fra_betaler"),
    fails("the_municipality_where_a_third_party_pays", "Outlook", _yes(KARL), "fra_betaler", scene=TO_DATAFIRMA),
    fails("a_third_party_where_the_municipality_pays", "Outlook", _yes("pia@datafirma.example"), "fra_betaler"),
    # Domains that look like the payer's
    fails("a_domain_below_the_payers", "Outlook", _yes("karl@mail.ballerup.example"), "ligner_betaler"),
    fails(
        "the_payers_domain_below_another", "forged", _yes("karl@ballerup.example.elsewhere.example"), "ligner_betaler"
    ),
    fails("a_hyphen_before_it", "forged", _yes("karl@post-ballerup.example"), "ligner_betaler"),
    fails("one_letter_off", "forged", _yes("karl@bal1erup.example"), "ligner_betaler"),
    fails("two_letters_that_look_like_one", "forged", _yes("karl@ballemp.example"), "ligner_betaler"),
    fails("a_cyrillic_letter", "forged", _yes("karl@b\u0430llerup.example"), "ligner_betaler"),
    fails("the_same_in_punycode", "forged", _yes("karl@xn--bllerup-2fg.example"), "ligner_betaler"),
    fails("a_letter_with_an_accent", "forged", _yes("karl@bállerup.example"), "ligner_betaler"),
    fails("another_top_level", "forged", _yes("karl@ballerup.exampel"), "ligner_betaler"),
    # Two senders
    fails("two_froms", "forged", _yes([KARL, "x@elsewhere.example"]), "en_afsender", "fra_betaler"),
    fails("two_froms_the_other_way", "forged", _yes(["x@elsewhere.example", KARL]), "en_afsender", "fra_betaler"),
    fails("two_addresses_in_one_from", "forged", _yes(f"{KARL}, x@elsewhere.example"), "en_afsender", "fra_betaler"),
    fails("two_of_the_payers_own", "Outlook", _yes(f"{KARL}, mette@ballerup.example"), "en_afsender"),
    fails("no_from", "forged", c.letter(c.part("Godkendt."), {"From": None}), "en_afsender", "fra_betaler"),
    fails("an_empty_from", "forged", _yes("<>"), "en_afsender", "fra_betaler"),
    fails(
        "a_second_from_with_a_space",
        "forged",
        b"From : x@elsewhere.example\r\n" + c.letter(c.part("Godkendt.")),
        "en_afsender",
        "fra_betaler",
        unsure=("usædvanlig",),
    ),
    # A mail that may have been put together
    doubtful("no_message_id", "forged", c.outlook("Godkendt.", {"Message-ID": None}), "usædvanlig"),
    doubtful(
        "two_message_ids",
        "forged",
        c.outlook("Godkendt.", {"Message-ID": ["<a@b.example>", "<c@d.example>"]}),
        "usædvanlig",
    ),
    doubtful(
        "brought_by_a_stranger", "Outlook", c.outlook("Godkendt."), "vedhæftet_af", scene=Scene(attached_by=STRANGER)
    ),
    doubtful(
        "brought_by_an_orderer_who_named_another_payer",
        "forged",
        _yes("mette@aarhus.example"),
        "vedhæftet_af",
        scene=Scene(attached_by=CUSTOMER, party="Aarhus Kommune", offers=(an_offer(to="mette@aarhus.example"),)),
    ),
    doubtful("the_payer_is_unknown", "Outlook", c.outlook("Godkendt."), "betaler_kendt", scene=Scene(reporter=None)),
    doubtful(
        "the_payer_has_no_domains",
        "Outlook",
        c.outlook("Godkendt."),
        "betaler_har_domæner",
        scene=Scene(party="Odense Kommune"),
    ),
    # The offer and the supplier
    other("the_offer_again", "Outlook", an_offer(), Kind.OFFER),
    fails("the_offers_number_on_a_yes", "forged", c.outlook("Godkendt.", {"Message-ID": OFFER_ID}), "ikke_tilbud"),
    other(
        "the_supplier_says_yes", "Outlook", _yes("desk@netcompany.example", To=KARL), Kind.SUPPLIERS, "har_tilbudsord"
    ),
    other(
        "the_supplier_from_a_domain_below",
        "Outlook",
        _yes("x@mail.netcompany.example", To=KARL),
        Kind.SUPPLIERS,
        "har_tilbudsord",
        "en_afsender",
    ),
    other(
        "the_supplier_and_the_payer",
        "forged",
        _yes(f"desk@netcompany.example, {KARL}"),
        Kind.SUPPLIERS,
        "har_tilbudsord",
        "tilbud_til_betaler",
        "en_afsender",
    ),
    other(
        "the_suppliers_autoreply",
        "Exchange",
        c.text(
            "Tak for din mail. Se vores tilbud.",
            {"From": "desk@netcompany.example", "To": KARL, "Auto-Submitted": "auto-replied"},
        ),
        Kind.SUPPLIERS,
        "ikke_autosvar",
    ),
    other(
        "an_offer_brought_by_the_customer",
        "forged",
        an_offer(2),
        Kind.SUPPLIERS,
        "vedhæftet_af_servicedesk",
        scene=Scene(attached_by=CUSTOMER),
    ),
    fails(
        "the_supplier_though_a_person_says_yes",
        "Outlook",
        _yes("desk@netcompany.example", To=KARL),
        "ikke_leverandør",
        "fra_betaler",
        scene=Scene(comments=judged_by_a_person("godkendelse")),
    ),
    other(
        "a_letter_that_the_adapter_wrote",
        "adapter",
        c.text("Godkendt."),
        Kind.OWN_LETTER,
        scene=Scene(attached_by=ADAPTER),
    ),
    # Used, or laid aside
    fails(
        "used_on_another_ticket",
        "Outlook",
        c.outlook("Godkendt."),
        "ikke_brugt",
        scene=Scene(used_on=IssueKey("DUBU-7")),
    ),
    fails(
        "used_though_a_person_says_yes",
        "Outlook",
        c.outlook("Godkendt."),
        "ikke_brugt",
        scene=Scene(used_on=IssueKey("DUBU-7"), comments=judged_by_a_person("godkendelse")),
    ),
    other(
        "laid_aside_by_a_person",
        "Outlook",
        c.outlook("Godkendt."),
        Kind.SET_ASIDE,
        scene=Scene(comments=judged_by_a_person("ingen")),
    ),
)
