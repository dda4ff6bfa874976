"""SF1475: KOMBIT pays one setup a solution, says yes on the portal; the next pays itself, up to its cap (R16–R20)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from threading import Barrier

from tests.demo.stage import PAUSE, Stage, Step, in_two_weeks
from tests.system.letters import answer
from tests.system.people import Person
from tests.system.processes import wait_until

KOMBIT = "karen@kombit.example"
ADDRESSES = {"Mette Madsen": "mette@aarhus.example", "Ole Olsen": "ole@odense.example"}
BUTTON = "KOMBIT accepterer"


@dataclass(frozen=True)
class Race:
    """Two orders of the same moment: which became KOMBIT's, and who made the other."""

    first: str
    first_by: Person
    later: str
    later_by: Person


def setups(stage: Stage) -> Iterator[Step]:
    """The whole way of two orders for one solution."""
    race = _order_at_once(stage)
    later_by = ADDRESSES[race.later_by.name]
    yield stage.step(race.first_by, race.first, "K9 for Fagsystem X", "Ny", "denne sag er den første")
    yield stage.step(race.later_by, race.later, "K9 for the same, at the same moment", "Ny", f"den er i {race.first}")
    yield from _ask_kombit(stage, race)
    yield from _offer_the_later(stage, race, later_by)
    yield from _work(stage, race)


def _order_at_once(stage: Stage) -> Race:
    together = Barrier(2)

    def order(person: Person, solution: str) -> str:
        together.wait(timeout=10)
        return person.order("Test af SF1475", "Adgang til eksternt testmiljø", Løsning=solution)

    both = (stage.aarhus, stage.odense)
    with ThreadPoolExecutor(2) as threads:
        keys = list(threads.map(order, both, ("Fagsystem X", "Fag-X A/S")))

    def payers() -> list[str]:
        return [stage.agent.value(key, "Betaler") for key in keys]

    wait_until(lambda: sorted(map(str, payers())) == ["KOMBIT", "Kommune"], "one is KOMBIT's, one is not", pause=PAUSE)
    first = payers().index("KOMBIT")
    race = Race(keys[first], both[first], keys[1 - first], both[1 - first])
    shown = {name: stage.agent.value(race.later, name) for name in ("Timepris", "Timeloft", "Pris")}
    assert (shown["Timepris"], shown["Timeloft"]) == (938.98, 30), shown
    assert "28.169,40" in shown["Pris"], shown
    return race


def _ask_kombit(stage: Stage, race: Race) -> Iterator[Step]:
    """The adapter sends the offer; KOMBIT answers by a transition, which nobody else can make count."""
    agent, karen, key = stage.agent, stage.people["kombit.karen"], race.first
    agent.edit(key, Send_tilbud="Send nu")
    yield stage.step(agent, key, "asks to send the offer: hours lack", "Ny", "udfyld feltet Tilbudte timer")

    day = in_two_weeks()
    agent.edit(key, Tilbudte_timer=12, Prisvarsel_senest=day, Kan_udføres=day, Tilbud_sendes_til=KOMBIT)
    yield stage.step(
        agent, key, "fills them in: the adapter sends it", "Afventer Kunde", "KOMBIT er spurgt i mailen af"
    )
    sent = _sent_to(stage, KOMBIT)
    assert sent in agent.files(key, "Tilbud-").values(), "the mail on the ticket is another than the one sent"
    text = message_from_bytes(sent, policy=default).get_content()
    assert "Ydelsen omfatter ikke:" in text
    assert "op til 12 timer à 938,98 kr., i alt højst 11.267,76 kroner" in text

    race.first_by.press(key, BUTTON)
    yield stage.step(race.first_by, key, "presses KOMBIT's button", "Afventer Kunde", "ikke en af KOMBITs")

    karen.press(key, BUTTON)
    yield stage.step(karen, key, "presses it", "Godkendt", "Karen Holm brugte overgangen")
    records = agent.files(key, "KOMBIT-accept-")
    assert len(records) == 1, f"{key} has {len(records)} records of KOMBIT's yes"
    assert "Karen Holm" in message_from_bytes(next(iter(records.values())), policy=default).get_content()


def _offer_the_later(stage: Stage, race: Race, address: str) -> Iterator[Step]:
    """The one that pays itself is offered the cap, and answers by mail."""
    agent, key, day = stage.agent, race.later, in_two_weeks()
    agent.edit(key, Prisvarsel_senest=day, Kan_udføres=day, Tilbud_sendes_til=address, Send_tilbud="Send nu")
    yield stage.step(agent, key, "has the offer sent", "Afventer Kunde", "har ikke svaret ja")
    mail = message_from_bytes(_sent_to(stage, address, key), policy=default)
    assert "op til 30 timer à 938,98 kr., i alt højst 28.169,40 kroner" in mail.get_content()

    agent.attach(key, "svar.eml", answer(key, address, "Godkendt.", str(mail["Message-ID"])))
    yield stage.step(agent, key, "attaches the reply to it", "Godkendt", "Arbejdet må starte")


def _work(stage: Stage, race: Race) -> Iterator[Step]:
    """Hours run up against the cap, and at the cap the gate closes."""
    agent, key = stage.agent, race.later
    for ticket, hours in ((race.first, 10), (key, 24)):
        agent.move(ticket, "I gang")
        agent.log_work(ticket, hours)
    yield stage.step(agent, race.first, "works 10 of KOMBIT's 12 hours", "I gang", "10 af 12 timer er brugt (83 %)")
    yield stage.step(agent, key, "works 24 hours", "I gang", "24 af 30 timer er brugt (80 %)")
    agent.log_work(key, 6)
    said, cap = (
        "30 af 30 timer er brugt: loftet er nået",
        {"Godkendelse": "Timeloft nået", "Beløb_til_fakturering": 28169.4},
    )
    yield stage.step(agent, key, "works 6 more: the cap", "Ny", said, **cap)


def _sent_to(stage: Stage, address: str, key: str = "") -> bytes:
    """The one offer that the mail server was given for somebody."""
    mails = [(message_from_bytes(data, policy=default), data) for data in stage.post.received]
    found = [
        data for mail, data in mails if mail["To"] == address and "Tilbud" in mail["Subject"] and key in mail["Subject"]
    ]
    assert len(found) == 1, f"{len(found)} offers were sent to {address}"
    return found[0]
