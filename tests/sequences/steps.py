"""A step of a sequence, and who takes it; what they can do is in people.py, forgers.py and troubles.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from random import Random

from tests.sandbox import JiraError
from tests.sequences.cases import Case, File, Kind, Paper
from tests.sequences.properties import payer_of, terms_of
from tests.sequences.stage import Stage

Act = Callable[[Stage, Case, Random], str | None]
"""Something somebody does to a ticket, told in words; None where nothing can be done, JiraError where Jira refuses."""
ACTS: dict[str, tuple[Act, int]] = {}
"""Every act by its name, with how often it is taken."""
MOST_TICKETS = 5


def act(often: int) -> Callable[[Act], Act]:
    """Makes a function something that somebody may do, so many times in some hundred."""

    def named(does: Act) -> Act:
        ACTS[does.__name__] = (does, often)
        return does

    return named


@dataclass(frozen=True)
class Step:
    """What is done, on which ticket (of those there are), and the number that all its choices follow from."""

    act: str
    where: int
    seed: int

    def __str__(self) -> str:
        return f"({self.act!r}, {self.where}, {self.seed})"


def steps_from(random: Random, count: int) -> list[Step]:
    """A sequence of so many steps; it begins with an order."""
    names, often = list(ACTS), [weight for _, weight in ACTS.values()]
    acts = ["order", *random.choices(names, often, k=count - 1)]
    return [Step(name, random.randrange(MOST_TICKETS), random.randrange(10_000)) for name in acts]


def take(stage: Stage, step: Step) -> bool:
    """Takes a step; False where nothing came of it."""
    does, random = ACTS[step.act][0], Random(step.seed)
    stage.pass_time(seconds=random.randint(5, 300))
    if not stage.cases and step.act != "order":
        return False
    case = stage.cases[step.where % len(stage.cases)] if stage.cases else Case("", "")
    learn(stage)
    try:
        told = does(stage, case, random)
    except JiraError as error:
        told = None
        stage.story.append(f"{step} {case.key}: Jira refuses: {error}")
    if told is not None:
        stage.story.append(f"{step} {case.key}: {told}")
        stage.unrested |= {case.key} - {""}
    return told is not None


def learn(stage: Stage) -> None:
    """Takes note of the offers that the adapter sent itself."""
    for case in stage.cases:
        for found in stage.site.issue(case.key).attachments:
            if found.author.handle != "adapter" or not found.filename.startswith("Tilbud-") or found.id in case.files:
                continue
            mail = message_from_bytes(found.data, policy=default)
            written = mail["Date"].datetime
            paper = Paper(
                case.key, Kind.OFFER, found.data, str(mail["Message-ID"]), written, terms_of(stage, case.key),
                payer_of(stage, case),
            )  # fmt: skip
            case.files[found.id] = File(paper, found.created, is_trusted=True, by_desk=True)
            case.papers.append(paper)


def attach(stage: Stage, case: Case, paper: Paper, by: str) -> None:
    """Somebody drags a mail onto a ticket."""
    number = stage.site.as_user(by).attach(case.key, "mail.eml", paper.data)
    is_desk = by.startswith("agent.")
    case.files[number] = File(paper, stage.now(), is_trusted=is_desk or by == case.orderer, by_desk=is_desk)


def newest_offer(stage: Stage, case: Case) -> Paper | None:
    """The offer that was last written on a ticket's behalf, and is on it."""
    present = {a.id for a in stage.site.issue(case.key).attachments}
    offers = [f.paper for n, f in case.files.items() if f.paper.kind is Kind.OFFER and n in present]
    return max(offers, key=lambda paper: paper.written, default=None)
