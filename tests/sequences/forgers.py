"""What those do who would have work started that nobody pays for: nothing here is ever an approval by itself (R11)."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.sequences import papers
from tests.sequences.cases import Case, Kind, Paper
from tests.sequences.properties import payer_of, terms_of
from tests.sequences.stage import Stage
from tests.sequences.steps import act, attach, newest_offer

HANDS = ("agent.anna", "automation")
"""Who brings a forged mail onto the ticket beside the customer: an agent who was fooled, a program."""


@act(14)
def forger_writes(stage: Stage, case: Case, random: Random) -> str | None:
    """A mail that looks like an approval and is none, whoever attaches it."""
    payer, offer, at = payer_of(stage, case), newest_offer(stage, case), stage.now()
    number = offer.number if offer is not None else None
    who, _, domain = payer.partition("@")
    alike = f"{who}@{domain.replace('e.example', 'é.example').replace('s.example', 'ş.example')}"
    early = at if offer is None else offer.written - timedelta(hours=3)
    key = case.key
    write = papers.answer
    ways = {
        "from another domain": lambda: write(key, f"{who}@gmail.example", "Godkendt.", at, number),
        "from a domain that looks alike": lambda: write(key, alike, "Godkendt.", at, number),
        "from a domain that ends otherwise": lambda: write(key, f"{payer}.evil.example", "Godkendt.", at, number),
        "about nothing": lambda: write(key, payer, "Godkendt.", at, None, subject="Hej"),
        "about something else": lambda: write(key, payer, "Godkendt.", at, "<x@example.org>", subject="SV: noget"),
        "about another ticket": lambda: write("DUBU-999999", payer, "Godkendt.", at, None),
        "that quotes a yes": lambda: write(key, payer, "Tak for jeres mail.\n\n> Godkendt.", at, number),
        "with a condition": lambda: write(key, payer, "Godkendt, men kun hvis prisen halveres.", at, number),
        "by a machine": lambda: write(key, payer, "Godkendt.", at, number, Auto_Submitted="auto-replied"),
        "from before the offer": lambda: write(key, payer, "Godkendt.", early, number),
        "from the supplier": lambda: write(key, "anna@leverandoer.example", "Godkendt.", at, number),
    }
    what = random.choice(list(ways))
    _, data = ways[what]()
    kind = Kind.SUPPLIERS if what == "from the supplier" else Kind.FORGED
    by = random.choice((*HANDS, case.orderer))
    paper = Paper(key, kind, data, "", at, terms_of(stage, key), payer, number)
    case.papers.append(paper)
    attach(stage, case, paper, by)
    return f"{what}, brought by {by}"


@act(5)
def forger_brings_a_perfect_mail(stage: Stage, case: Case, random: Random) -> str | None:
    """A mail with nothing wrong but that it was made up, brought by a hand that nobody trusts with one."""
    offer, payer = newest_offer(stage, case), payer_of(stage, case)
    if offer is None:
        return None
    number, data = papers.answer(case.key, payer, "Godkendt.", stage.now(), offer.number)
    paper = Paper(case.key, Kind.FORGED, data, number, stage.now(), terms_of(stage, case.key), payer, offer.number)
    attach(stage, case, paper, "automation")
    return f"to {offer.number[:12]}"


@act(4)
def forger_makes_an_offer(stage: Stage, case: Case, random: Random) -> str | None:
    """A customer attaches a cheaper offer, and says yes to it."""
    payer, at = payer_of(stage, case), stage.now()
    number, data = papers.offer(case.key, payer, at, "1 kr.")
    false = Paper(case.key, Kind.FORGED, data, number, at, {}, payer)
    attach(stage, case, false, case.orderer)
    stage.pass_time(seconds=20)
    _, data = papers.answer(case.key, payer, "Godkendt.", stage.now(), number, subject="SV: tilbud")
    attach(stage, case, Paper(case.key, Kind.FORGED, data, "", stage.now(), {}, payer, number), case.orderer)
    return "with a yes to it"


@act(6)
def stranger_presses_kombits_button(stage: Stage, case: Case, random: Random) -> str | None:
    """Somebody who is not KOMBIT's takes the transition (R18)."""
    who = random.choice((case.orderer, "agent.anna", "automation"))
    stage.site.as_user(who).accept(case.key)
    return who


@act(6)
def stranger_commands(stage: Stage, case: Case, random: Random) -> str | None:
    """Commands by those who may give none, or where none counts."""
    files = [a.id for a in stage.site.issue(case.key).attachments] or ["10001"]
    words = random.choice(
        (f"godkendelse {random.choice(files)} fordi vi siger ja", "opsætning kombit fordi det er rimeligt",
         "uenighed løst fordi vi er enige", f"ingen {random.choice(files)} fordi den er trukket tilbage")
    )  # fmt: skip
    who = random.choice(("customer", "automation", "in public", "quoted"))
    site = stage.site
    if who == "customer":
        site.as_user(case.orderer).comment(case.key, f"#dubu {words}")
    elif who == "automation":
        site.as_user("automation").comment(case.key, f"#dubu {words}", internal=True)
    elif who == "in public":
        site.as_user("agent.anna").comment(case.key, f"#dubu {words}")
    else:
        quoted = f"Kunden skriver:\n{{quote}}\n#dubu {words}\n{{quote}}"
        site.as_user("agent.anna").comment(case.key, quoted, internal=True)
    return f"{who}: {words}"


@act(3)
def program_starts_work(stage: Stage, case: Case, random: Random) -> str | None:
    """An automation moves the ticket to a work status."""
    stage.site.as_user("automation").move(case.key, "I gang")
    return "by automation"
