"""The gate: work starts when the payer says yes to the offer, and nothing else opens it (R7–R11)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.demo.stage import Stage, Step
from tests.system.letters import answer, offer
from tests.system.processes import wait_until

MAIL = "mette@aarhus.example"


def gate(stage: Stage) -> Iterator[Step]:
    """Too early, an offer, a forgery, the offer once more, a no, and at last the payer's yes."""
    agent, key = stage.agent, stage.tickets["K10"]
    agent.move(key, "I gang")
    yield stage.step(agent, key, "moves it to I gang too early", "Ny", "før arbejdet måtte starte")

    number, letter = offer(key, MAIL)
    agent.attach(key, "tilbud.eml", letter)
    yield stage.step(agent, key, "attaches the offer", "Afventer Kunde", "har ikke svaret ja")

    agent.attach(key, "forfalsket.eml", answer(key, "mette@aarhus-kommune.example", "Godkendt.", number))
    yield stage.step(agent, key, "attaches a yes from a foreign domain", "Afventer Kunde", "hører ikke til Aarhus")

    agent.attach(key, "tilbud-igen.eml", letter)
    yield stage.step(agent, key, "attaches the offer once more", "Afventer Kunde", "tæller aldrig som godkendelse")

    agent.attach(key, "forbehold.eml", answer(key, MAIL, "Godkendt, men kun hvis det koster det halve.", number))
    yield stage.step(agent, key, "attaches a yes with a condition", "Afventer Kunde", "en person skal vurdere")

    agent.attach(key, "nej.eml", answer(key, MAIL, "Nej tak, det er for dyrt.", number))
    yield stage.step(agent, key, "attaches the payer's no", "Afventer Kunde", "betaleren har sagt nej")

    agent.attach(key, "godkendelse.eml", answer(key, MAIL, "Godkendt. I må gå i gang.", number))
    yield stage.step(agent, key, "attaches the payer's yes", "Godkendt", "Arbejdet må starte")


def picture(stage: Stage) -> Iterator[Step]:
    """A PDF of a yes needs a person, who says so with name and reason."""
    agent, key = stage.agent, stage.tickets["K11"]
    agent.attach(key, "tilbud.eml", offer(key, MAIL, "3.400 kr.")[1])
    wait_until(lambda: agent.status(key) == "Afventer Kunde", "waits for an answer")
    file = agent.attach(key, "godkendelse.pdf", b"%PDF-1.4 a picture of a mail")
    yield stage.step(agent, key, "attaches a PDF of a yes", "Afventer Kunde", "en person skal vurdere")
    stage.say(key, f"#dubu godkendelse {file} fordi jeg har set originalen")
    yield stage.step(agent, key, "judges it, with a reason", "Godkendt", "efter vurdering af Anna Agent")
