"""Everything that can be ordered: each ticket fills itself, and a question of the catalogue decides (R1–R5, K1, K3)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

from tests.demo.stage import Stage, Step, status_of, told
from tests.system.processes import wait_until

ORDERS = (
    ("K1", "Bestil brugersystemroller", "Vi mangler tre roller til fagsystemet"),
    ("K2", "Generel henvendelse", "Hjælp til konfiguration af vores IdP"),
    ("K3", "Genopret data", "Personer skal lægges sammen"),
    ("K4", "Skift ydelsesreference", "Opfølgningen peger på den forkerte ydelse"),
    ("K5", "Udfør aktivitet ved brugerfejl", "Sagsbehandler sidder fast"),
    ("K6", "Bestil udtræk eller rapport", "Liste til ledelsen"),
    ("K7", "Generel henvendelse", "Ny robot skal testes i DUBU test"),
    ("K8", "Tilslut til API", "Nyt fagsystem skal på"),
    ("K9", "Test af SF1475", "Adgang til eksternt testmiljø"),
    ("K10", "Bestil arkivering", "Arkiveringsversion for 2025"),
    ("K11", "Slet arkiveret data", "Sletning efter aflevering"),
    ("—", "Rapportér en fejl", "Systemet er langsomt i dag"),
)
SHOWN = ("Kategori", "Betaler", "Pris", "Godkendelse")


def orders(stage: Stage) -> Iterator[Step]:
    """A municipality orders one of each; the tickets fill themselves."""
    for category, request_type, summary in ORDERS:
        began = time.monotonic()
        key = stage.tickets[category] = stage.aarhus.order(request_type, summary)
        wait_until(partial(_is_filled, stage, key), f"{key} is filled")
        seconds = time.monotonic() - began
        stage.filled_after.append(seconds)
        issue = stage.agent.issue(key)
        if category != "—":
            assert any(f"Kategori: {category} " in line for line in told(issue)), f"{key} is not {category}"
        stage.rests[key] = status_of(issue)
        then = " · ".join(str(value) for name in SHOWN if (value := stage.agent.shown(issue, name)))
        yield Step(key, stage.aarhus.name, f"{category}: {request_type}", then, seconds)


def _is_filled(stage: Stage, key: str) -> bool:
    return stage.agent.status_comment(key) is not None


def answers(stage: Stage) -> Iterator[Step]:
    """Who creates (K1) and who made the error (K3) decide whether there is anything to pay; prices stand (R4)."""
    agent, (roles, data, deletion, fault) = stage.agent, (stage.tickets[c] for c in ("K1", "K3", "K11", "—"))
    agent.edit(roles, Hvem_opretter="Kommunen selv")
    said = "almindelig support uden pris"
    yield stage.step(agent, roles, "K1: the municipality does it itself", "Godkendt", said, Godkendelse="Ikke påkrævet")

    agent.edit(data, Hvem_lavede_fejlen="Leverandøren")
    said = "sagen er ikke betalbar, som den står"
    yield stage.step(agent, data, "K3: the supplier made the error", "Ny", said, Godkendelse="Afklares")
    agent.edit(data, Hvem_lavede_fejlen="Kommunen")
    said = "betaleren har ikke fået et tilbud"
    yield stage.step(agent, data, "K3: no, the municipality did", "Ny", said, Godkendelse="Tilbud mangler")

    agent.edit(deletion, Pris="1 kr.")
    yield stage.step(agent, deletion, "K11: writes 1 kr. as the price", "Ny", "Pris: 3.400 kr.", Pris="3.400 kr.")

    for key in (roles, fault):
        agent.move(key, "I gang")
        yield stage.step(agent, key, "starts what nobody pays for", "I gang", "arbejdet må starte uden tilbud")
