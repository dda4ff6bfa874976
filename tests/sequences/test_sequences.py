"""Random sequences of steps by agent, customer, KOMBIT, forger, clock and failing Jira, and five claims (R8–R20).

1. No payable ticket rests in a work status without a standing approval of what was offered.
2. No solution is paid twice by KOMBIT.
3. No comment, file or mail by the adapter appears twice.
4. A person's choice is never overwritten.
5. When nothing happens any more, a look finds nothing to do.

What fails is shrunk to the steps that it takes, and told with its seed. To play it again, or to play more:

    DUBU_SEQUENCE_SEED=<seed> DUBU_SEQUENCE_STEPS=<steps> pytest -n0 tests/sequences
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from adapter.database import Database
from tests.sequences import desk, forgers, people, troubles
from tests.sequences.properties import at_rest, in_the_quiet
from tests.sequences.stage import Restless, Stage, open_stage
from tests.sequences.steps import ACTS, Step, learn, steps_from, take

ROOMS = (people, desk, forgers, troubles)
"""Where the acts are; importing them makes them known."""
SEED = int(os.environ.get("DUBU_SEQUENCE_SEED", "20261123"))
STEPS = int(os.environ.get("DUBU_SEQUENCE_STEPS", "2000"))
"""By both kinds of Jira together; a step that Jira refuses, or that has nothing to be done to, is not counted."""
LENGTH = 60
SHRINKS_FOR = 60.0  # seconds


@pytest.fixture(params=["cloud", "datacenter"])
def stage(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Stage]:
    with open_stage(database, tmp_path, str(request.param)) as made:
        yield made


def test_five_claims_hold_wherever_people_forgers_time_and_failures_take_the_tickets(stage: Stage) -> None:
    """R2, R4, R7–R14, R16, R18–R20."""
    seeds = Random(f"{SEED} {stage.deployment}")
    counted, acts = 0, set[str]()
    while counted < STEPS / 2:
        steps = steps_from(seeds, LENGTH)
        done, wrong = play(stage, steps)
        if wrong:
            pytest.fail(told(stage, steps, wrong), pytrace=False)
        counted += len(done)
        acts |= {step.act for step in done}
    assert counted >= STEPS / 2
    if STEPS >= 2000:
        assert not acts ^ (set(ACTS) - ({"the_mail_server_fails"} if stage.post is None else set()))
        assert len(stage.worked) > 10
        assert len(stage.put_back) > 10


def play(stage: Stage, steps: list[Step]) -> tuple[list[Step], list[str]]:
    """Plays a sequence from nothing: the steps that were taken, and what is wrong where it ends or rests."""
    stage.reset()
    done: list[Step] = []
    try:
        for step in steps:
            if take(stage, step):
                done.append(step)
            pause = Random(step.seed + 1).random()
            if stage.cases and pause < 0.3:
                stage.look(stage.cases[step.where % len(stage.cases)].key)
            elif pause < 0.42 and (wrong := rest(stage)):
                return done, wrong
        stage.calm()
        learn(stage)
        return done, list(in_the_quiet(stage))
    except Restless as error:
        return done, [f"5: {error}"]


def rest(stage: Stage) -> list[str]:
    """Lets the tickets on which something happened come to rest, and tells what is wrong there."""
    stage.heal()
    rested = sorted(stage.unrested)
    for key in rested:
        stage.settle(key)
    learn(stage)
    return [wrong for case in stage.cases if case.key in rested for wrong in at_rest(stage, case)]


def told(stage: Stage, steps: list[Step], wrong: list[str]) -> str:
    """What is wrong, with as few steps as it takes."""
    claim, fewest, until = wrong[0][:2], steps, time.monotonic() + SHRINKS_FOR
    size = len(steps) // 2
    while size and time.monotonic() < until:
        start = 0
        while start < len(fewest) and time.monotonic() < until:
            fewer = fewest[:start] + fewest[start + size :]
            if any(found.startswith(claim) for found in play(stage, fewer)[1]):
                fewest = fewer
            else:
                start += size
        size //= 2
    _, still = play(stage, fewest)
    story = "\n    ".join(stage.story)
    return (
        f"on {stage.deployment}, DUBU_SEQUENCE_SEED={SEED}:\n  "
        + "\n  ".join(still or wrong)
        + f"\n  after\n    {story}"
    )
