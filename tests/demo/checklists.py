"""Checklists: what must be in place before the start, and what before production (R21, R22)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.demo.approval import MAIL
from tests.demo.stage import Stage, Step, in_two_weeks
from tests.system.letters import answer, offer

SUBJECT = "C=DK, 2.5.4.97=NTRDK-55133018, O=Aarhus Kommune, SERIALNUMBER=UI:DK-O:G:1, CN=Nyt fagsystem"


def checklists(stage: Stage) -> Iterator[Step]:
    """A robot and a new API connection: a yes is not enough where something must be in place first."""
    agent, robot, api = stage.agent, stage.tickets["K7"], stage.tickets["K8"]
    numbers = {}
    for key in (robot, api):
        agent.edit(key, Tilbudt_pris=7500, Tilbudte_timer=8, Prisvarsel_senest=in_two_weeks())
        numbers[key], letter = offer(key, MAIL, "op til 8 timer, i alt højst 7.500 kr.")
        agent.attach(key, "tilbud.eml", letter)
    for key in (robot, api):
        yield stage.step(agent, key, "offers 8 hours", "Afventer Kunde", "har ikke svaret ja")

    for key, number in numbers.items():
        agent.attach(key, "godkendelse.eml", answer(key, MAIL, "Godkendt.", number))
    yield stage.step(agent, robot, "K7: attaches the payer's yes", "Godkendt", "Arbejdet må starte")
    said = "men tjeklisten er ikke opfyldt"
    yield stage.step(agent, api, "K8: attaches the payer's yes", "Afventer Kunde", said)

    agent.edit(api, Certifikat_Subject="CN=Nyt fagsystem", Mail_til_driftsinformation=MAIL)
    yield stage.step(agent, api, "K8: fills in half a certificate", "Afventer Kunde", "er der intet CVR-nummer")
    yield stage.step(agent, api, "    and a personal address", "Afventer Kunde", "ligner en persons egen")

    agent.edit(api, Certifikat_Subject=SUBJECT)
    stage.say(api, "#dubu krav kombit_kontaktet fordi jeg har set henvendelsen")
    yield stage.step(agent, api, "K8: fills in the rest, vouches for (a)", "Godkendt", "CVR 55133018")

    for key in (robot, api):
        agent.move(key, "I gang")
        agent.move(key, "I produktion")
    yield stage.step(agent, robot, "K7: works, goes live untested", "I gang", "Robotten skal først testes i DUBU test")
    yield stage.step(agent, api, "K8: works, goes live untested", "I gang", "ikke kobles på produktion før")

    for key, items in ((robot, ("test_aftalt", "test_overvåget")), (api, ("mailliste", "integrationstest"))):
        for item in items:
            stage.say(key, f"#dubu krav {item} fordi jeg har været med")
    said = "overvåget af Netcompany: sagt god for af Anna Agent"
    yield stage.step(agent, robot, "K7: vouches for the test", "I gang", said)
    said = "integration med et af DUBUs testmiljøer: sagt god for af Anna Agent"
    yield stage.step(agent, api, "K8: vouches for (f) and (g)", "I gang", said)

    for key in (robot, api):
        agent.move(key, "I produktion")
        yield stage.step(agent, key, "goes live", "I produktion", "Arbejdet må starte")
