"""Where the story is played: its people, the tickets of its beginning, and how a step is held against its ticket."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import requests

from tests.post.server import MailServer
from tests.system.people import Json, Person, people_of
from tests.system.processes import Running, wait_until

ADAPTER = "DUBU-adapter"
PAUSE = 0.1  # seconds between two looks of ours at a ticket


@dataclass(frozen=True)
class Step:
    """One step that held: who did what, and what the ticket said then."""

    ticket: str
    who: str
    did: str
    then: str
    seconds: float


@dataclass
class Stage:
    """What all chapters share."""

    system: Running
    post: MailServer
    tickets: dict[str, str] = field(default_factory=dict)  # by category, of the first chapter
    rests: dict[str, str] = field(default_factory=dict)  # the status that each ticket's last step left it in
    filled_after: list[float] = field(default_factory=list)  # seconds from ordered to filled

    def __post_init__(self) -> None:
        self.people = people_of(self.system.jira)
        self.agent: Person = self.people["agent.anna"]
        self.aarhus: Person = self.people["kunde.aarhus"]
        self.odense: Person = self.people["kunde.odense"]

    def step(self, person: Person, key: str, did: str, status: str, says: str, **shows: object) -> Step:
        """Waits until a ticket is in a status, its fields show so and the adapter says so; AssertionError if never.

        The step tells the sentence that says it. Fields are named as in `Person.edit`.
        """
        found: list[str] = []

        def holds() -> bool:
            issue = self.agent.issue(key)
            found[:] = [line for line in told(issue) if says in line]
            fields = {name: self.agent.shown(issue, name.replace("_", " ")) for name in shows}
            return bool(found) and status_of(issue) == status and fields == shows

        seconds = wait_until(holds, f"{key}, {person.name} {did}: {status} {shows or ''}, saying “{says}”", pause=PAUSE)
        self.rests[key] = status
        return Step(key, person.name, did, f"{status} · {_sentence(found[0], says)}", seconds)

    def say(self, key: str, words: str) -> None:
        """An agent says something to the adapter, in an internal comment."""
        self.agent.comment(key, words, internal=True)

    def come_to_rest(self) -> None:
        """Waits until nothing happens any more; AssertionError where a ticket left what its last step showed."""
        self.quiet()
        for key, status in self.rests.items():
            assert (now := self.agent.status(key)) == status, f"{key} was in {status} and went on to {now}"

    def quiet(self) -> None:
        """Waits until no webhook is under way and the adapter has nothing left to look at soon."""
        requests.get(f"{self.system.jira}/sandbox/settled?timeout=20", timeout=30).raise_for_status()
        began = self._reads()
        still = time.monotonic()
        while time.monotonic() - still < 4.5:
            if (now := self._reads()) != began:
                began, still = now, time.monotonic()
            time.sleep(PAUSE)

    def _reads(self) -> int:
        asked = requests.get(f"{self.system.jira}/sandbox/requests", timeout=10).json()
        return sum(r["actor"] == "adapter" for r in asked)


def told(issue: Json) -> list[str]:
    """What the adapter says on a ticket, line by line, the status comment first."""
    comments = [c for c in issue["fields"]["comment"]["comments"] if c["author"]["displayName"] == ADAPTER]
    comments.sort(key=lambda c: "DUBU-adapter: status" not in c["body"])
    return [line.strip("* ") for c in comments for line in c["body"].splitlines() if line.strip("* ")]


def status_of(issue: Json) -> str:
    """A ticket's status."""
    return str(issue["fields"]["status"]["name"])


def in_two_weeks() -> str:
    """A day for a field."""
    return (datetime.now(UTC) + timedelta(days=14)).date().isoformat()


def _sentence(line: str, says: str) -> str:
    """The sentence that holds some words, from the colon before them on."""
    sentences = re.split(r"(?<=[.?])\s+(?=[A-ZÆØÅ(])|(?<=”)\s+(?=[A-ZÆØÅ])", line)
    sentence = next((s for s in sentences if says in s), line)
    return sentence[sentence.rfind(": ", 0, sentence.find(says)) + 1 :].strip()
