"""What closes an open gate again: another price, and disagreement; and what opens it after that (R12–R14)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.demo.approval import MAIL
from tests.demo.stage import Stage, Step, in_two_weeks
from tests.system.letters import answer, offer


def price(stage: Stage) -> Iterator[Step]:
    """A price that does not hold is a new offer, which needs a yes of its own."""
    agent, key = stage.agent, stage.tickets["K4"]
    agent.edit(key, Tilbudt_pris=5000, Tilbudte_timer=5, Prisvarsel_senest=in_two_weeks())
    number, letter = offer(key, MAIL, "5.000 kr.")
    agent.attach(key, "tilbud.eml", letter)
    yield stage.step(agent, key, "offers 5.000 kr. for 5 hours", "Afventer Kunde", "har ikke svaret ja")

    agent.attach(key, "godkendelse.eml", answer(key, MAIL, "Godkendt.", number))
    yield stage.step(agent, key, "attaches the payer's yes", "Godkendt", "Arbejdet må starte")

    agent.move(key, "I gang")
    agent.edit(key, Tilbudt_pris=8000)
    said = "er ændret (Tilbudt pris)"
    yield stage.step(agent, key, "starts; it will cost 8.000 kr.", "Ny", said, Godkendelse="Bortfaldet")

    number, letter = offer(key, MAIL, "8.000 kr.")
    agent.attach(key, "tilbud-2.eml", letter)
    yield stage.step(agent, key, "attaches a new offer", "Afventer Kunde", "svar på et ældre tilbud")

    agent.attach(key, "godkendelse-2.eml", answer(key, MAIL, "Godkendt.", number))
    yield stage.step(agent, key, "attaches the yes to it", "Godkendt", "Arbejdet må starte")


def disagreement(stage: Stage) -> Iterator[Step]:
    """A disagreement stops the work; both project owners are brought in, and one of them ends it."""
    agent, owner, key = stage.agent, stage.people["kombit.kim"], stage.tickets["K10"]
    agent.move(key, "I gang")
    stage.say(key, "#dubu uenighed fordi kommunen mener, at aflevering er med i prisen")
    yield stage.step(agent, key, "starts, and reports a disagreement", "Uenighed", "er inddraget i uenigheden")
    brought_in = agent.participants(key)
    assert brought_in == ["Bo Berg", "Kim Lund"], f"{key} was shared with {brought_in}"

    agent.move(key, "Ny")
    agent.move(key, "I gang")
    yield stage.step(agent, key, "works on all the same", "Uenighed", "der er uenighed")

    owner.write(key, "#dubu uenighed løst fordi vi er enige om, at aflevering er med")
    yield stage.step(owner, key, "decides on the portal, as an owner", "Godkendt", "Afgjort")

    agent.move(key, "I gang")
    agent.move(key, "Løst")
    yield stage.step(agent, key, "does it, and is done", "Løst", "Arbejdet må starte")
