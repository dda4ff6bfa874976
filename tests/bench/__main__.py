"""Measures what costs time, each beside something to compare it with."""

from __future__ import annotations

import hashlib
import hmac
import json
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

import requests
from rich.console import Console
from rich.table import Table

from adapter.mails.reader import Reading, read_evidence
from adapter.rules.classify import classify
from adapter.rules.clock import OpeningTimes
from adapter.rules.decide import decide
from tests.builders import CREATED, a_ticket, a_yes, an_offer, answered, at, catalogue, remembering
from tests.system.letters import answer
from tests.system.mapping import write_mapping
from tests.system.people import people_of
from tests.system.processes import SECRET, Running, running, wait_until

TICKETS = 40
DELIVERIES = 300


def timed(act: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each run."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        found.append((time.perf_counter() - began) * 1000)
    return found


def main() -> None:
    """Prints a table of medians and 95th percentiles."""
    table = Table("what", "runs", "median ms", "p95 ms", box=None)

    def row(what: str, found: list[float]) -> None:
        table.add_row(what, str(len(found)), f"{median(found):.2f}", f"{quantiles(found, n=20)[-1]:.2f}")

    known, ticket = catalogue(), answered()
    memory = remembering(a1=an_offer(), a2=a_yes())
    opening = OpeningTimes.of(known.calendar)
    words = a_ticket(summary="Vi vil gerne have genskabt en aktivitet, som vi kom til at slette")
    mail = answer("DUBU-1", "mette@aarhus.example", "Godkendt.", None)
    reading = Reading.of(known, None)
    row(
        "decide: offer and approval on the ticket",
        timed(lambda: decide(ticket, known, memory, at("2026-11-23 15:00")), 300),
    )
    row("classify by words", timed(lambda: classify(words, known, None, None), 300))
    moments = iter(range(100_000))
    row("one deadline", timed(lambda: opening.add_hours(CREATED + timedelta(minutes=next(moments)), 10), 5000))
    row("read a mail, its own process included", timed(lambda: read_evidence(mail, "svar.eml", reading), 20))
    with tempfile.TemporaryDirectory(prefix="dubu-bench-") as folder:
        mappings = write_mapping(Path(folder) / "mappings")
        with running(Path(folder), mappings, validate=False) as system:
            row(f"a delivery at the door, stored ({DELIVERIES} different tickets)", deliveries(system))
            row(
                "health, for comparison",
                timed(lambda: requests.get(f"{system.adapter}/health/live", timeout=10), DELIVERIES),
            )
            row("ordered to filled ticket, sandbox idle", orders(system))
    Console(width=120).print(table)


def deliveries(system: Running) -> list[float]:
    """Signed deliveries, one after another, each for another ticket."""
    numbers = iter(range(900_000, 1_000_000))

    def deliver() -> None:
        body = json.dumps({"webhookEvent": "jira:issue_updated", "issue": {"id": str(next(numbers))}}).encode()
        signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": signature, "Content-Type": "application/json"}
        assert (
            session.post(f"{system.adapter}/webhooks/dubu", data=body, headers=headers, timeout=10).status_code == 202
        )

    with requests.Session() as session:
        found = timed(deliver, DELIVERIES)
    wait_until(lambda: _waiting(system) == 0, "the queue is empty", 120)
    return found


def _waiting(system: Running) -> int:
    page = requests.get(f"{system.adapter}/admin/", auth=("x", system.environment["DUBU_ADMIN_TOKEN"]), timeout=10)
    assert page.ok
    told = requests.get(f"{system.jira}/sandbox/requests", timeout=10).json()
    time.sleep(3)
    again = requests.get(f"{system.jira}/sandbox/requests", timeout=10).json()
    return len(again) - len(told)


def orders(system: Running) -> list[float]:
    """From ordering on the portal to the status comment on the ticket, as seen from outside."""
    people = people_of(system.jira)

    def order() -> None:
        key = people["kunde.aarhus"].order("Bestil arkivering", "Mål mig")
        wait_until(lambda: people["agent.anna"].status_comment(key) is not None, f"{key} is filled")

    return timed(order, TICKETS)


if __name__ == "__main__":
    main()
