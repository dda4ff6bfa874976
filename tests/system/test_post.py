"""A worker that is killed while it sends an offer: the payer gets one mail, and the ticket one file (R7, R8)."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

from tests.post.server import MailServer
from tests.system.mapping import say
from tests.system.people import Person, people_of
from tests.system.processes import Running, running, wait_until
from tests.system.test_outages import faults, worker_of

SENDS = (("værdi: kladde", "værdi: send"), ("KOMBIT.DUBU@netcompany.com", "servicedesk@leverandoer.example"))


def ask_to_send(system: Running) -> tuple[Person, str]:
    """An agent asks for an offer to be sent that lacks nothing."""
    people = people_of(system.jira)
    agent = people["agent.anna"]
    key = people["kunde.aarhus"].order("Bestil arkivering", "Arkiveringsversion for 2025")
    wait_until(lambda: agent.status_comment(key) is not None, f"{key} is filled")
    soon = (datetime.now(UTC) + timedelta(days=14)).date().isoformat()
    agent.edit(key, Prisvarsel_senest=soon, Tilbud_sendes_til="mette@aarhus.example", Send_tilbud="Send nu")
    return agent, key


def files(agent: Person, key: str) -> list[str]:
    """The offers that the adapter attached."""
    names = [str(file["filename"]) for file in agent.issue(key)["fields"]["attachment"]]
    return [name for name in names if name.startswith("Tilbud-")]


def said(agent: Person, key: str) -> list[str]:
    """All comments on a ticket."""
    return [str(comment["body"]) for comment in agent.issue(key)["fields"]["comment"]["comments"]]


def test_a_worker_killed_between_sending_and_attaching_sends_no_second_time(tmp_path: Path, mappings: Path) -> None:
    say(mappings, "tilbud.yaml", *SENDS)
    with MailServer() as post, running(tmp_path, mappings, validate=False, DUBU_SMTP_URL=post.url) as system:
        slow = {"trouble": "slow", "method": "POST", "path": "attachments", "times": 1, "seconds": 60}
        requests.post(f"{system.jira}/sandbox/faults", json=slow, timeout=10).raise_for_status()
        agent, key = ask_to_send(system)
        wait_until(lambda: faults(system)[0]["met"] == 1, "the offer is sent and about to be attached")
        assert len(post.received) == 1
        worker_of(system).send_signal(signal.SIGKILL)
        wait_until(lambda: agent.status(key) == "Afventer Kunde", "the next worker attaches it and goes on", 60)
        assert len(files(agent, key)) == 1
        assert len(post.received) == 1


def test_a_worker_killed_while_handing_over_never_sends_again_and_the_ticket_says_so(
    tmp_path: Path, mappings: Path
) -> None:
    say(mappings, "tilbud.yaml", *SENDS)
    with (
        MailServer(holds_answer=60) as post,
        running(tmp_path, mappings, validate=False, DUBU_SMTP_URL=post.url) as system,
    ):
        agent, key = ask_to_send(system)
        wait_until(lambda: len(post.received) == 1, "the mail server has the text and does not say so")
        worker_of(system).send_signal(signal.SIGKILL)
        wait_until(lambda: len(files(agent, key)) == 1, "the next worker attaches it", 60)
        wait_until(lambda: any("ikke, om mailen nåede frem" in c for c in said(agent, key)), "somebody is asked", 30)
        assert len(post.received) == 1
