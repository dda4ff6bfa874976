"""Rights to setups read back from Jira: with a new database, and where the register learns a name (R16)."""

from __future__ import annotations

import pytest

from adapter.catalogue.words import SiteName
from adapter.errors import OutOfReach
from adapter.look import Looker
from adapter.site import Site
from tests.loop.conftest import RESTLESS, Desk
from tests.loop.test_process import offer_to, order_setup, told
from tests.sandbox.faults import Fault, Trouble
from tests.system.mapping import say

KOMBIT = "karen@kombit.example"


def is_worked_on_and_done(desk: Desk, key: str) -> None:
    """KOMBIT accepts, an agent works and solves the ticket."""
    offer_to(desk, key, KOMBIT)
    desk.site.as_user("kombit.karen").move(key, "KOMBIT-accept modtaget")
    desk.settle(key)
    for status in ("I gang", "Løst"):
        desk.site.as_user("agent.anna").move(key, status)
        desk.settle(key)


def forget_everything(desk: Desk) -> None:
    with desk.store._pool.connection() as connection:
        connection.execute("TRUNCATE dubu.setup, dubu.site, dubu.accepted, dubu.claim, dubu.evidence")


def test_a_setup_that_kombit_paid_stays_paid_whatever_the_ticket_says_of_its_payer_afterwards(desk: Desk) -> None:
    """R16: the same with the database that saw it and with a new one."""
    first = order_setup(desk)
    is_worked_on_and_done(desk, first)
    desk.site.as_user("agent.anna").edit(first, {"Betaler": "Afklares"})
    desk.settle(first)
    with_old = order_setup(desk, "kunde.odense")
    forget_everything(desk)
    with_new = order_setup(desk, "kunde.roskilde")
    for later in (with_old, with_new):
        assert desk.site.value(later, "Betaler") == "Kommune"
        assert first in told(desk, later)


def test_a_setup_that_was_paid_before_the_register_had_its_name_is_the_first_all_the_same(desk: Desk) -> None:
    """R16: an admin adds the solution when somebody orders it again."""
    order_setup(desk)  # so that the earlier tickets have been read, by the old names
    agent = desk.site.as_user("agent.anna")
    key = desk.site.as_user("kunde.aarhus").create("Adgang", request_type="Test af SF1475")
    agent.edit(key, {"Løsning": "Nyt System"})
    agent.comment(key, "#dubu opsætning kombit fordi det er aftalt", internal=True)
    desk.settle(key)
    is_worked_on_and_done(desk, key)
    say(desk.mappings, "register.yaml", ("løsninger:\n", "løsninger:\n  nyt:\n    navn: Nyt System\n"))
    before = desk.looker
    desk.looker = Looker(
        Site(SiteName("dubu"), desk.settings, patience=RESTLESS), desk.store, before.ask_for, before.clock
    )
    later = order_setup(desk, "kunde.odense", "Nyt System")
    assert desk.site.value(later, "Betaler") == "Kommune"
    assert key in told(desk, later)


def test_an_earlier_ticket_that_cannot_be_read_only_delays_orders_of_setups(desk: Desk) -> None:
    """R16: it is named and asked for again; other tickets do not wait for it, though they name a solution."""
    first = order_setup(desk)
    forget_everything(desk)
    number = desk.number(first)
    later = desk.site.as_user("kunde.odense").create("Test med Fagsystem X", request_type="Test af SF1475")
    desk.site.faults.add(Fault(Trouble.BROKEN, method="GET", path=f"/issue/{number}", status=403))
    with pytest.raises(OutOfReach, match=str(number)):
        desk.look(later)
    desk.settle(desk.order(summary="Arkivering i Fagsystem X"))
    desk.site.faults.clear()
    desk.settle(later)
    assert desk.site.value(later, "Betaler") == "Kommune"
