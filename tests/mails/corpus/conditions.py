"""A yes with a hook, to something else, for later, for another person: nothing that a machine should believe."""

from __future__ import annotations

from tests.mails import made
from tests.mails.corpus import clients as c
from tests.mails.corpus.case import Case, doubtful

CONDITIONS: tuple[Case, ...] = (
    # A condition
    doubtful("but_only_so_many_hours", "Outlook", c.outlook("Godkendt, men kun op til 20 timer."), "forbehold"),
    doubtful("provided_that", "Outlook", c.outlook("Godkendt forudsat, at det sker inden jul."), "forbehold"),
    doubtful("if_the_price_holds", "Gmail", c.gmail("Vi godkender, hvis prisen er inkl. moms."), "forbehold"),
    doubtful(
        "provided_english", "Gmail", c.gmail("Approved, provided that the price holds.", danish=False), "forbehold"
    ),
    doubtful(
        "subject_to_english",
        "Outlook",
        c.outlook("We accept, subject to our board's decision.", danish=False),
        "forbehold",
    ),
    doubtful("with_reservation", "iPhone", c.iphone("Godkendt med forbehold for udvalgets beslutning"), "forbehold"),
    doubtful("except_one_point", "Apple Mail", c.apple_mail("Godkendt med undtagelse af punkt 2."), "forbehold"),
    doubtful("unless_you_hear", "Exchange", c.exchange("Godkendt, medmindre I hører andet."), "forbehold"),
    doubtful("when_the_budget_is_there", "Notes", c.notes("Vi godkender, når budgettet er på plads."), "ja_og_andet"),
    doubtful(
        "personal_data_first",
        "Outlook",
        c.text("Godkendt.\n\nForudsat at personoplysningerne slettes.\n\nMvh Karl"),
        "forbehold",
    ),
    doubtful(
        "an_order_that_looks_like_a_footer",
        "Outlook",
        c.text("Godkendt.\n\nI skal slette alle personoplysninger om barnet, og det haster.\n\nMvh Karl"),
        "ja_og_andet",
    ),
    doubtful(
        "a_condition_below_the_name", "Outlook", c.text("Godkendt.\n\nMvh Karl\n\nForudsat bevilling"), "forbehold"
    ),
    doubtful(
        "a_limit_below_the_name",
        "Outlook",
        c.text("Godkendt.\n\nMvh Karl\n\nGælder den første levering"),
        "ja_og_andet",
    ),
    doubtful(
        "a_postscript_with_a_condition",
        "Gmail",
        c.gmail("Godkendt\n\nMvh Karl\n\nPS: forudsat at det er i år"),
        "forbehold",
    ),
    doubtful("another_price", "Outlook", c.outlook("Godkendt for 20.000 kr."), "ja_og_andet"),
    doubtful("a_cap", "Outlook", c.outlook("Godkendt op til 5 timer"), "ja_og_andet"),
    doubtful("in_principle", "Outlook", c.outlook("I princippet godkendt"), "ja_og_andet"),
    doubtful("for_now", "Outlook", c.outlook("Foreløbigt godkendt"), "ja_og_andet"),
    doubtful("in_part", "Outlook", c.outlook("Delvist godkendt."), "ja_og_andet"),
    doubtful(
        "wrapped_in_the_middle",
        "plain text",
        c.text("Godkendt for så vidt angår den første\ndel.\n\nMvh Karl"),
        "ja_og_andet",
    ),
    # Something else
    doubtful("the_minutes", "Outlook", c.outlook("Referatet er godkendt."), "ja_og_andet"),
    doubtful("a_contract", "Gmail", c.gmail("Databehandleraftalen er godkendt."), "ja_og_andet"),
    doubtful("a_similar_offer", "Outlook", c.outlook("Vi har tidligere godkendt et lignende tilbud."), "ja_og_andet"),
    doubtful("the_estimate_to_be_made", "Outlook", c.outlook("I må gerne gå i gang med estimatet."), "ja_og_andet"),
    doubtful(
        "another_ticket_in_the_words", "Outlook", c.outlook("Vi godkender tilbuddet i sag DUBU-13"), "ja_og_andet"
    ),
    # Later
    doubtful("next_week", "Outlook", c.outlook("Vi forventer, at det bliver godkendt i næste uge."), "ja_og_andet"),
    doubtful("on_monday", "iPhone", c.iphone("Det bliver godkendt på mandag"), "ja_og_andet"),
    doubtful("after_the_council", "Outlook", c.outlook("Efter byrådets møde er det godkendt."), "ja_og_andet"),
    # Another person
    doubtful(
        "my_boss_approves",
        "Outlook",
        c.outlook("Tilbuddet skal forbi min chef, der godkender alle indkøb."),
        "ja_og_andet",
    ),
    doubtful("sent_to_mette", "Gmail", c.gmail("Tilbuddet er sendt til Mette, som godkender"), "ja_og_andet"),
    doubtful("another_municipality", "Outlook", c.outlook("Odense Kommune godkender."), "ja_og_andet"),
    doubtful("on_behalf_of", "Outlook", c.text("Godkendt.\n\nMvh Karl\npå vegne af Odense"), "ja_og_andet"),
    doubtful("quoting_the_boss", "Outlook", c.outlook('Chefen skriver: "Godkendt".'), "ja_og_andet"),
    doubtful("pasted_from_the_boss", "Outlook", c.text("Karl Chef 10.12\nGodkendt"), "ja_og_andet"),
    # A question, a form, a mark
    doubtful("is_it_approved", "Outlook", c.outlook("Er det godkendt?"), "intet_svar"),
    doubtful("can_you_approve", "Gmail", c.gmail("Kan I godkende det fra jeres side?"), "intet_svar"),
    doubtful("a_form_with_boxes", "Gmail", c.gmail("☐ Godkendt / ☒ Send nyt overslag"), "ja_og_andet"),
    doubtful(
        "struck_out", "Outlook", c.letter(c.part("<p><s>Godkendt</s> Send nyt overslag</p>", "html")), "ja_og_andet"
    ),
    doubtful(
        "an_invisible_not",
        "forged",
        c.letter(c.part('<p>Det er <span style="color:#fefefe;font-size:1px">ikke</span> godkendt</p>', "html")),
        "ja_og_andet",
    ),
    doubtful("thumbs_up_only", "iPhone", c.iphone("👍"), "intet_svar"),
    doubtful("thumbs_down", "iPhone", c.iphone("Godkendt 👎"), "ja_og_andet"),
    doubtful("only_yes", "Outlook", c.outlook("Ja"), "intet_svar"),
    doubtful("just_ok", "Gmail", c.gmail("Ok"), "intet_svar"),
    doubtful("received_with_thanks", "Outlook", c.outlook("Modtaget, tak. Vi vender tilbage."), "intet_svar"),
    doubtful("sent_for_approval", "Outlook", c.outlook("Sagen er sendt til godkendelse."), "intet_svar"),
    doubtful("nothing_at_all", "iPhone", c.letter(c.part("")), "intet_svar"),
    doubtful("only_a_signature", "Outlook", c.outlook(""), "intet_svar"),
    doubtful(
        "approved_in_the_subject_only",
        "Outlook",
        c.outlook("", {"Subject": "Godkendt: DUBU-1"}),
        "intet_svar",
    ),
    doubtful("a_chartered_accountant", "Outlook", c.text("Tak.\n\nMvh\nKarl Kunde, godkendt revisor"), "ja_og_andet"),
    doubtful(
        "the_yes_is_a_picture",
        "iPhone",
        c.letter(made.multipart("mixed", c.part("Se billedet"), made.attachment(b"\x89PNG", "ja.png", "image/png"))),
        "intet_svar",
    ),
)
