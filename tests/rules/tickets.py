"""The made-up tickets of tickets_*.txt, and how well the shipped ord.yaml does on them.

`python -m tests.rules.tickets` prints the figures; `python -m tests.rules.tickets tuned` also what went wrong.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from adapter.catalogue.model import Catalogue
from adapter.rules.classify import OUTSIDE, Classification, classify
from tests.builders import a_ticket, shipped


class Told(NamedTuple):
    """A ticket's words and what a person makes of them."""

    expected: str | None  # None: a person could not tell either
    summary: str
    description: str


class Figures(NamedTuple):
    """How a table came out: clear tickets right, wrong and left to triage; unclear ones left to triage and decided."""

    right: int
    wrong: int
    triage: int
    unclear_triage: int
    unclear_decided: int

    @property
    def precision(self) -> float:
        """How much of what was decided was decided right."""
        return self.right / (self.right + self.wrong + self.unclear_decided)


def tickets(table: str) -> Iterator[Told]:
    """The tickets of a table, `tuned` or `held_out`."""
    text = Path(__file__).with_name(f"tickets_{table}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            expected, summary, description = (part.strip().replace(" ⏎ ", "\n") for part in line.split("|"))
            yield Told({"uden": OUTSIDE, "triage": None}.get(expected, expected), summary, description)


def by_words(told: Told, catalogue: Catalogue) -> Classification:
    """What the words alone make of a ticket."""
    return classify(a_ticket(summary=told.summary, description=told.description), catalogue, None, None)


def figures(table: str) -> Figures:
    """Measures a table against the shipped ord.yaml."""
    counted: Counter[tuple[bool, str]] = Counter()
    for told in tickets(table):
        found = by_words(told, shipped()).category
        outcome = "triage" if found is None else "right" if found == told.expected else "wrong"
        counted[told.expected is not None, outcome] += 1
    return Figures(
        right=counted[True, "right"],
        wrong=counted[True, "wrong"],
        triage=counted[True, "triage"],
        unclear_triage=counted[False, "triage"],
        unclear_decided=counted[False, "wrong"],
    )


def _main(shown: list[str]) -> None:
    for table in ("tuned", "held_out"):
        got = figures(table)
        print(f"{table:9} {got}, precision {got.precision:.1%}")  # noqa: T201 - this is its output
    for table in shown:
        for told in tickets(table):
            found = by_words(told, shipped())
            if found.category != told.expected:
                print(told, *found.candidates, sep="\n    ")  # noqa: T201 - this is its output


if __name__ == "__main__":
    _main(sys.argv[1:])
