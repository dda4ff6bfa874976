"""The right to KOMBIT's one setup of a solution (R16): however many ask at once, one ticket has it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from adapter.catalogue.words import IssueId, IssueKey, SiteName
from adapter.database import Database, open_pool
from adapter.store.store import Store
from adapter.ticket.evidence import SetupHolder
from tests.engine.processes import ROOT

DUBU, OTHER_SITE = SiteName("dubu"), SiteName("other")
ONE, TWO = IssueId("10001"), IssueId("10002")
KEY_ONE, KEY_TWO = IssueKey("DUBU-1"), IssueKey("DUBU-2")
HOLDER_ONE, HOLDER_TWO = SetupHolder(issue=ONE, key=KEY_ONE), SetupHolder(issue=TWO, key=KEY_TWO)
ROUNDS = 200


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database.pool)


@pytest.fixture
def stores(database: Database) -> Iterator[tuple[Store, Store]]:
    """Two workers' stores, each with connections of its own."""
    with ExitStack() as stack:
        pools = [stack.enter_context(open_pool(database.url, size=2)) for _ in range(2)]
        yield Store(pools[0]), Store(pools[1])


def at_once(*calls: Callable[[], bool]) -> list[bool]:
    """What the calls return when all are made at the same moment."""
    together = threading.Barrier(len(calls))

    def when_all_are_here(call: Callable[[], bool]) -> bool:
        together.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(when_all_are_here, calls))


# One ticket ---------------------------------------------------------------------------------------------------------


def test_a_ticket_keeps_the_right_it_has_and_may_ask_again(store: Store) -> None:
    assert store.setup_holder(DUBU, "x") is None
    assert store.claim_setup(DUBU, "x", ONE, KEY_ONE)
    assert store.claim_setup(DUBU, "x", ONE, KEY_ONE)
    assert not store.claim_setup(DUBU, "x", TWO, KEY_TWO)
    assert store.setup_holder(DUBU, "x") == HOLDER_ONE


def test_a_ticket_that_moved_holds_the_right_under_its_new_key(store: Store) -> None:
    store.claim_setup(DUBU, "x", ONE, KEY_ONE)
    assert store.claim_setup(DUBU, "x", ONE, IssueKey("NY-7"))
    assert store.setup_holder(DUBU, "x") == SetupHolder(issue=ONE, key=IssueKey("NY-7"))


def test_only_the_holder_can_give_a_right_back(store: Store) -> None:
    store.claim_setup(DUBU, "x", ONE, KEY_ONE)
    store.release_setup(DUBU, "x", TWO)
    assert store.setup_holder(DUBU, "x") == HOLDER_ONE
    store.release_setup(DUBU, "x", ONE)
    store.release_setup(DUBU, "x", ONE)
    assert store.setup_holder(DUBU, "x") is None
    assert store.claim_setup(DUBU, "x", TWO, KEY_TWO)


def test_each_solution_and_each_site_has_a_right_of_its_own(store: Store) -> None:
    assert store.claim_setup(DUBU, "x", ONE, KEY_ONE)
    assert store.claim_setup(DUBU, "y", ONE, KEY_ONE)
    assert store.claim_setup(OTHER_SITE, "x", TWO, KEY_TWO)
    assert store.setups_held(DUBU, ONE) == {"x", "y"}
    assert store.setups_held(OTHER_SITE, TWO) == {"x"}
    assert store.setups_held(DUBU, TWO) == frozenset()


# A new database -----------------------------------------------------------------------------------------------------


def test_what_jira_says_of_earlier_tickets_takes_no_right_from_anybody(store: Store) -> None:
    store.restore_setup(DUBU, "x", ONE, KEY_ONE)
    store.restore_setup(DUBU, "x", TWO, KEY_TWO)
    assert store.setup_holder(DUBU, "x") == HOLDER_ONE
    store.claim_setup(DUBU, "y", TWO, KEY_TWO)
    store.restore_setup(DUBU, "y", ONE, KEY_ONE)
    assert store.setup_holder(DUBU, "y") == HOLDER_TWO


def test_setups_are_unknown_until_somebody_has_read_them_by_the_names_in_force(store: Store) -> None:
    """R16: a solution that is new to the register may have been set up already, under a name nobody knew."""
    store.uses_mapping(OTHER_SITE, "v1")
    assert not store.setups_known(DUBU, "names")
    store.mark_setups_known(DUBU, "names")
    store.mark_setups_known(DUBU, "names")
    assert store.setups_known(DUBU, "names")
    assert not store.setups_known(DUBU, "more names")
    assert not store.setups_known(OTHER_SITE, "names")
    store.mark_setups_known(OTHER_SITE, "names")
    assert store.setups_known(OTHER_SITE, "names")
    assert store.site_state(OTHER_SITE).mapping_version == "v1"


# Races --------------------------------------------------------------------------------------------------------------


def test_of_two_tickets_at_the_same_moment_exactly_one_gets_the_setup(stores: tuple[Store, Store]) -> None:
    """R16: two orders for the same new solution must not both become KOMBIT's."""
    one, two = stores
    for number in range(ROUNDS):
        solution = f"x{number}"
        got = at_once(
            lambda: one.claim_setup(DUBU, solution, ONE, KEY_ONE),  # noqa: B023 - called within the round
            lambda: two.claim_setup(DUBU, solution, TWO, KEY_TWO),  # noqa: B023 - the same
        )
        assert sorted(got) == [False, True], f"round {number}"
        assert one.setup_holder(DUBU, solution) == (HOLDER_ONE if got[0] else HOLDER_TWO)
    assert len(one.setups_held(DUBU, ONE)) + len(one.setups_held(DUBU, TWO)) == ROUNDS


def test_a_right_given_back_goes_to_exactly_one_of_those_who_wait(stores: tuple[Store, Store]) -> None:
    """R16: a setup refused or cancelled before work began frees the right, for one."""
    one, two = stores
    before = IssueId("10000")

    def give_back(solution: str) -> bool:
        one.release_setup(DUBU, solution, before)
        return True

    for number in range(ROUNDS // 4):
        solution = f"x{number}"
        assert one.claim_setup(DUBU, solution, before, IssueKey("DUBU-0"))
        _, first, second = at_once(
            lambda: give_back(solution),  # noqa: B023 - called within the round
            lambda: one.claim_setup(DUBU, solution, ONE, KEY_ONE),  # noqa: B023 - the same
            lambda: two.claim_setup(DUBU, solution, TWO, KEY_TWO),  # noqa: B023 - the same
        )
        assert not (first and second), f"round {number}"
        # Those who came too early ask again, as the next look does.
        again = at_once(
            lambda: one.claim_setup(DUBU, solution, ONE, KEY_ONE),  # noqa: B023 - the same
            lambda: two.claim_setup(DUBU, solution, TWO, KEY_TWO),  # noqa: B023 - the same
        )
        assert sorted(again) == [False, True], f"round {number}"
        assert again == [first, second] or not (first or second)
        assert one.setup_holder(DUBU, solution) == (HOLDER_ONE if again[0] else HOLDER_TWO)


def test_of_two_processes_at_the_same_moment_exactly_one_gets_the_setup(database: Database, store: Store) -> None:
    """R16, with two workers that share nothing but the database."""
    with claimant(database, ONE, KEY_ONE) as ask_one, claimant(database, TWO, KEY_TWO) as ask_two:
        for number in range(ROUNDS):
            solution = f"x{number}"
            got = at_once(lambda: ask_one(solution), lambda: ask_two(solution))  # noqa: B023 - called within the round
            assert sorted(got) == [False, True], f"round {number}"
            assert store.setup_holder(DUBU, solution) == (HOLDER_ONE if got[0] else HOLDER_TWO)


@contextmanager
def claimant(database: Database, issue: IssueId, key: IssueKey) -> Iterator[Callable[[str], bool]]:
    """A process that claims what it is told, and says whether it got it."""
    told = [sys.executable, "-c", "from tests.engine.test_setups import claim_as_told; claim_as_told()"]
    process = subprocess.Popen(
        [*told, database.url, issue, key], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    asked, answered = process.stdin, process.stdout

    def ask(solution: str) -> bool:
        asked.write(f"{solution}\n")
        asked.flush()
        return {"True": True, "False": False}[answered.readline().strip()]

    try:
        yield ask
    finally:
        asked.close()
        answered.close()
        process.wait(30)


def claim_as_told() -> None:
    """The process: one solution a line in, one answer a line out."""
    url, issue, key = sys.argv[1:]
    with open_pool(url, size=2) as pool:
        store = Store(pool)
        for line in sys.stdin:
            print(store.claim_setup(DUBU, line.strip(), IssueId(issue), IssueKey(key)), flush=True)  # noqa: T201
