"""The story, step by step: each step says what somebody does, and what must then be true on the ticket."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median

import requests

from tests.system.letters import answer, offer
from tests.system.people import Person, people_of
from tests.system.processes import Running, wait_until

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


@dataclass(frozen=True)
class Step:
    """One step that held: who did what, and what the ticket showed then."""

    ticket: str
    who: str
    did: str
    then: str
    seconds: float


@dataclass
class Story:
    """Plays the story and keeps what happened."""

    system: Running
    steps: list[Step] = field(default_factory=list)
    filled_after: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        people = people_of(self.system.jira)
        self.customer: Person = people["kunde.aarhus"]
        self.agent: Person = people["agent.anna"]

    def play(self) -> Iterator[Step]:
        """All steps in order; AssertionError says which one did not hold."""
        keys: dict[str, str] = {}
        for category, request_type, summary in ORDERS:
            keys[category], step = self.order(category, request_type, summary)
            yield self._keep(step)
        yield from self.start_too_early(keys["K10"])
        yield from self.offer_and_answers(keys["K10"])
        yield from self.outside(keys["—"])
        yield from self.picture_of_a_mail(keys["K11"])

    def order(self, category: str, request_type: str, summary: str) -> tuple[str, Step]:
        """A municipality orders; the ticket fills itself."""
        began = time.monotonic()
        key = self.customer.order(request_type, summary)
        wait_until(lambda: self.agent.status_comment(key) is not None, f"{key} is filled")
        seconds = time.monotonic() - began
        self.filled_after.append(seconds)
        issue = self.agent.issue(key)
        shown = {name: self.agent.shown(issue, name) for name in ("Kategori", "Betaler", "Pris", "Godkendelse")}
        comment = self.agent.status_comment(key) or ""
        if category != "—":
            assert f"Kategori: {category} " in comment, f"{key} was taken for {shown['Kategori']}"
        then = " · ".join(str(value) for value in shown.values() if value)
        return key, Step(key, self.customer.name, f"{category}: {request_type}", then, seconds)

    def start_too_early(self, key: str) -> Iterator[Step]:
        """An agent starts before there is an offer, and the ticket goes back."""
        self.agent.move(key, "I gang")
        took = self._until(lambda: self.agent.status(key) == "Ny", f"{key} is put back")
        self._until(lambda: "før arbejdet måtte starte" in self._told(key), "the reason is told")
        yield self._step(key, "moves to I gang too early", took)

    def offer_and_answers(self, key: str) -> Iterator[Step]:
        """Offer, a forgery, the offer once more, a no, and at last the real yes."""
        mail = "mette@aarhus.example"
        number, letter = offer(key, mail)
        self.agent.attach(key, "tilbud.eml", letter)
        yield self._step(
            key, "attaches the offer", self._until(lambda: self.agent.status(key) == "Afventer Kunde", "waits")
        )

        self.agent.attach(key, "forfalsket.eml", answer(key, "mette@aarhus-kommune.example", "Godkendt.", number))
        yield self._refused(key, "attaches a yes from a foreign domain", "hører ikke til", "ligner et af")

        self.agent.attach(key, "tilbud-igen.eml", letter)
        yield self._refused(key, "attaches the offer once more", "det samme tilbud som")

        self.agent.attach(key, "nej.eml", answer(key, mail, "Nej tak, det er for dyrt.", number))
        took = self._until(lambda: self.agent.value(key, "Godkendelse") == "Afvist", "the no is told")
        yield self._step(key, "attaches the payer's no", took)

        self.agent.attach(key, "godkendelse.eml", answer(key, mail, "Godkendt. I må gå i gang.", number))
        took = self._until(lambda: self.agent.status(key) == "Godkendt", "approved")
        yield self._step(key, "attaches the payer's yes", took)

        self.agent.move(key, "I gang")
        self._quiet()
        assert self.agent.status(key) == "I gang", "approved work was put back"
        yield self._step(key, "starts work", 0.0)

    def outside(self, key: str) -> Iterator[Step]:
        """A ticket outside the catalogue starts freely."""
        self.agent.move(key, "I gang")
        self._quiet()
        assert self.agent.status(key) == "I gang", "a ticket outside the catalogue was put back"
        yield self._step(key, "starts work that nobody pays for", 0.0)

    def picture_of_a_mail(self, key: str) -> Iterator[Step]:
        """A PDF of a yes needs a person, who says so with name and reason."""
        number, letter = offer(key, "mette@aarhus.example", "3.400 kr.")
        del number
        self.agent.attach(key, "tilbud.eml", letter)
        self._until(lambda: self.agent.status(key) == "Afventer Kunde", "waits")
        file = self.agent.attach(key, "godkendelse.pdf", b"%PDF-1.4 a picture of a mail")
        took = self._until(lambda: self.agent.value(key, "Godkendelse") == "Kræver vurdering", "a person is asked")
        yield self._step(key, "attaches a PDF of a yes", took)
        self.agent.comment(key, f"#dubu godkendelse {file} fordi jeg har set originalen", internal=True)
        took = self._until(lambda: self.agent.status(key) == "Godkendt", "approved by a person's verdict")
        yield self._step(key, "judges it, with a reason", took)

    def budget(self) -> tuple[int, int, int]:
        """Reads and writes that one new payable ticket cost, its own webhooks included, and reads of an idle look."""
        self._quiet()
        requests.delete(f"{self.system.jira}/sandbox/requests", timeout=10)
        key = self.customer.order("Skift ydelsesreference", "Endnu en reference")
        number = self.agent.issue(key)["id"]
        self._until(lambda: "DUBU-adapter" in self._told(key), "filled")
        self._quiet()
        reads, writes = self._asked(key, number)
        self.agent.comment(key, "en intern note", internal=True)
        self._quiet()
        return reads, writes, self._asked(key, number)[0] - reads

    def _asked(self, key: str, number: str) -> tuple[int, int]:
        told = requests.get(f"{self.system.jira}/sandbox/requests", timeout=10).json()
        ours = [
            r
            for r in told
            if r["actor"] == "adapter" and (f"/issue/{number}" in r["path"] or f"/issue/{key}" in r["path"])
        ]
        reads = [r for r in ours if r["method"] == "GET"]
        return len(reads), len(ours) - len(reads)

    def median_seconds(self) -> float:
        """The median time from ordering to a filled ticket, as seen from outside."""
        return median(self.filled_after)

    def _refused(self, key: str, did: str, *reasons: str) -> Step:
        took = self._until(lambda: any(reason in self._told(key) for reason in reasons), f"{did}: the reason is told")
        assert self.agent.status(key) == "Afventer Kunde", f"{did}: the gate opened"
        line = next(line for line in self._told(key).splitlines() if any(reason in line for reason in reasons))
        return self._keep(Step(key, self.agent.name, did, f"Afventer Kunde: {line.strip('* ')}", took))

    def _told(self, key: str) -> str:
        return self.agent.status_comment(key) or ""

    def _until(self, is_true: Callable[[], bool], what: str) -> float:
        return wait_until(is_true, what)

    def _quiet(self) -> None:
        """Waits until no webhook is under way and the adapter has nothing left to look at soon."""
        requests.get(f"{self.system.jira}/sandbox/settled?timeout=20", timeout=30).raise_for_status()
        began = self._reads()
        still = time.monotonic()
        while time.monotonic() - still < 4.5:
            if (now := self._reads()) != began:
                began, still = now, time.monotonic()
            time.sleep(0.1)

    def _reads(self) -> int:
        told = requests.get(f"{self.system.jira}/sandbox/requests", timeout=10).json()
        return sum(r["actor"] == "adapter" for r in told)

    def _step(self, key: str, did: str, seconds: float) -> Step:
        issue = self.agent.issue(key)
        status = issue["fields"]["status"]["name"]
        heading = self._told(key).split("\n\n")[1] if self._told(key) else ""
        return self._keep(Step(key, self.agent.name, did, f"{status}: {heading}", seconds))

    def _keep(self, step: Step) -> Step:
        if step not in self.steps:
            self.steps.append(step)
        return step
