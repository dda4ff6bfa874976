"""How the honest do what they do: an agent's hand, a field, a command, a payer's answer."""

from __future__ import annotations

from random import Random

from tests.sandbox.actor import Actor
from tests.sequences import papers
from tests.sequences.cases import Case, Kind, Paper
from tests.sequences.properties import ADDRESSES, ORDERERS, payer_of, terms_of, value_of
from tests.sequences.stage import Stage
from tests.sequences.steps import attach, newest_offer

AGENTS = ("agent.anna", "agent.bo")


def agent(stage: Stage, random: Random) -> Actor:
    """Somebody of the service desk."""
    return stage.site.as_user(random.choice(AGENTS))


def edit(stage: Stage, case: Case, fields: dict[str, object]) -> None:
    """Sets fields as a person of the desk, whose choice they are from then on.

    Choosing what already stands there chooses nothing: Jira keeps no trace of it.
    """
    before = {name: value_of(stage, case, name) for name in fields}
    stage.site.as_user("agent.anna").edit(case.key, fields)
    for name, value in fields.items():
        if value is None:
            case.chosen.pop(name, None)
        elif value != before[name]:
            case.chosen[name] = value


def command(stage: Stage, case: Case, random: Random, words: str) -> None:
    """Writes a command as an internal comment."""
    agent(stage, random).comment(case.key, f"#dubu {words}", internal=True)


def answers(stage: Stage, case: Case, random: Random, kind: Kind, by: str) -> str | None:
    """The payer answers the newest offer, and somebody attaches it; now and then nobody does yet."""
    offer = newest_offer(stage, case)
    if offer is None:
        return None
    sender = ADDRESSES[ORDERERS[case.orderer]] if by == case.orderer else payer_of(stage, case)
    words = random.choice(papers.YES if kind is Kind.YES else papers.NO)
    number, data = papers.answer(case.key, sender, words, stage.now(), offer.number)
    paper = Paper(case.key, kind, data, number, stage.now(), terms_of(stage, case.key), sender, offer.number)
    case.papers.append(paper)
    if by == case.orderer or random.random() < 0.8:
        stage.pass_time(seconds=2)
        attach(stage, case, paper, by)
        return f"“{words}” by {sender} to {offer.number[:12]}, brought by {by}: {agreed(paper)}"
    return f"“{words}” by {sender} to {offer.number[:12]}, not attached yet"


def agreed(paper: Paper) -> str:
    """What a mail's price and hours were when it was written."""
    return f"{paper.terms.get('Tilbudt pris')} kr., {paper.terms.get('Tilbudte timer')} hours"
