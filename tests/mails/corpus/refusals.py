"""The payer's no, in many words; and a yes that is taken back."""

from __future__ import annotations

from adapter.rules.evidence import Kind
from tests.mails.corpus import clients as c
from tests.mails.corpus.case import Case, Scene, doubtful, other, refuses

REFUSALS: tuple[Case, ...] = (
    refuses("no_thanks", "Outlook", c.outlook("Nej tak.")),
    refuses("no_in_english", "Outlook", c.outlook("We cannot approve this.", danish=False)),
    refuses("too_dear", "Gmail", c.gmail("Det er for dyrt, så vi takker nej.")),
    refuses(
        "not_on_these_grounds",
        "Outlook",
        c.outlook("Vi kan desværre ikke på det foreliggende grundlag godkende tilbuddet."),
    ),
    refuses("not_approved", "iPhone", c.iphone("Ikke godkendt")),
    refuses("not_approved_english", "iPhone", c.iphone("Not approved", danish=False)),
    refuses("declined_politely", "Apple Mail", c.apple_mail("Tak for tilbuddet, som vi desværre må afslå.")),
    refuses("declined_above_unmarked_lines", "Apple Mail", c.apple_mail("Tilbuddet afvises.", marked=False)),
    refuses("rejected", "Gmail", c.gmail("Rejected.", danish=False)),
    refuses("no_wish", "Outlook on the web", c.outlook_on_the_web("Vi ønsker ikke opgaven udført.")),
    refuses("do_not_start", "Outlook for iOS", c.outlook_on_a_phone("I må ikke gå i gang.")),
    refuses("disagreement", "Outlook", c.outlook("Vi er uenige i, at opgaven er betalbar.")),
    refuses("taken_back", "Outlook", c.outlook("Vi trækker vores godkendelse tilbage. Stop arbejdet!")),
    refuses("regretted", "Gmail", c.gmail("Vi har desværre fortrudt. Stands venligst alt arbejde.")),
    refuses("cancelled", "Notes", c.notes("Vi annullerer bestillingen.")),
    refuses("no_in_latin1", "Notes", c.notes("Vi må afslå tilbuddet, og I må ikke gå i gang.")),
    refuses("no_below_the_quotation", "Thunderbird", c.thunderbird("Nej tak.", below=True)),
    refuses(
        "no_between_quoted_lines",
        "Thunderbird",
        c.text("> Vi tilbyder den til fast pris: 34.000 kr.\n\nNej tak.\n\n> Hilsen"),
    ),
    refuses("no_html_only", "Exchange", c.exchange("Tilbuddet godkendes ikke.")),
    refuses("no_with_a_condition", "Outlook", c.outlook("Nej, men send gerne et nyt tilbud.")),
    doubtful("yes_and_no", "Outlook", c.outlook("Godkendt. Nej, vent."), "ja_og_nej"),
    doubtful("one_yes_one_no", "Outlook", c.outlook("Punkt 1: godkendt. Punkt 2: afvist."), "ja_og_nej"),
    doubtful("a_postscript_says_no", "Apple Mail", c.apple_mail("Godkendt\n\nMvh Karl\n\nPS. Nej, vent."), "ja_og_nej"),
    doubtful(
        "yes_above_no_between",
        "Thunderbird",
        c.text("Godkendt.\n\n> Prisen er 34.000 kr.\n\nNej tak\n\n> Hilsen"),
        "ja_og_nej",
    ),
    doubtful(
        "texts_of_one_mail_disagree",
        "forged",
        c.letter(c.both(c.part("Godkendt."), c.part("<p>Nej tak.</p>", "html"))),
        "ja_og_nej",
    ),
    other(
        "no_of_an_unknown_payer",
        "Outlook",
        c.outlook("Nej tak."),
        Kind.DOUBTFUL,
        "ja",
        unsure=("betaler_kendt",),
        scene=Scene(reporter=None),
    ),
)
