"""The whole process on the sandbox site: KOMBIT's transition, setups, hours, disagreement, checklists (R13–R22)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from adapter.catalogue.words import IssueKey, SiteName
from adapter.database import Database
from adapter.errors import OutOfReach
from tests.loop.conftest import Desk, open_desk
from tests.sandbox.faults import Fault, Trouble
from tests.sandbox.plant import made_up_id
from tests.system.letters import answer, offer
from tests.system.mapping import OWNERS, say

DUBU = SiteName("dubu")
KOMBIT = "karen@kombit.example"


@pytest.fixture(params=["cloud", "datacenter"])
def desk(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Desk]:
    """A desk on each kind of Jira; Data Center's people are named by their user names."""

    def edit(folder: Path) -> None:
        if request.param == "datacenter":
            owners = OWNERS.values()
            say(folder, "parter.yaml", *((f"712020:{made_up_id(handle)}", handle) for handle in owners))

    with open_desk(database, tmp_path, str(request.param), edit=edit) as made:
        yield made


def order_setup(desk: Desk, by: str = "kunde.aarhus", solution: str = "Fagsystem X") -> str:
    """A municipality orders test access for a solution."""
    key = desk.site.as_user(by).create(f"Test af SF1475 med {solution}", request_type="Test af SF1475")
    desk.settle(key)
    return key


def offer_to(desk: Desk, key: str, to: str) -> str:
    """The desk fills in what an offer holds, sends it and attaches the mail."""
    agent = desk.site.as_user("agent.anna")
    soon = (desk.now() + timedelta(days=14)).date().isoformat()
    agent.edit(key, {"Tilbudte timer": 10, "Prisvarsel senest": soon, "Kan udføres": soon})
    number, letter = offer(key, to, "op til 10 timer à 938,98 kr.")
    agent.attach(key, "tilbud.eml", letter)
    desk.settle(key)
    return number


def told(desk: Desk, key: str) -> str:
    """The status comment."""
    return next(c.body for c in desk.site.comments(key, "adapter") if "status på sagen" in c.body)


def test_the_first_setup_is_kombits_and_kombits_transition_opens_the_gate_with_a_record(desk: Desk) -> None:
    """R16, R18."""
    key = order_setup(desk)
    assert desk.site.value(key, "Betaler") == "KOMBIT"
    assert desk.site.value(key, "Løsning") == "Fagsystem X"
    offer_to(desk, key, KOMBIT)
    assert desk.site.status(key) == "Afventer Kunde"
    desk.site.as_user("kombit.karen").move(key, "KOMBIT-accept modtaget")
    desk.settle(key)
    assert desk.site.status(key) == "Godkendt"
    record = [a for a in desk.site.issue(key).attachments if a.filename.startswith("KOMBIT-accept-")]
    assert [a.author.handle for a in record] == ["adapter"]
    text = record[0].data.decode()
    assert "Karen Holm" in text
    desk.site.as_user("agent.anna").move(key, "I gang")
    desk.settle(key)
    assert desk.site.status(key) == "I gang"


def test_a_transition_that_is_not_kombits_is_put_back_with_the_reason(desk: Desk) -> None:
    """R18."""
    key = order_setup(desk)
    offer_to(desk, key, KOMBIT)
    desk.site.as_user("kunde.aarhus").move(key, "KOMBIT-accept modtaget")
    desk.settle(key)
    assert desk.site.status(key) == "Afventer Kunde"
    assert "ikke en af KOMBITs" in told(desk, key)


def test_the_next_setup_of_a_solution_is_paid_by_whoever_orders_and_names_the_first(desk: Desk) -> None:
    """R16, R19."""
    first = order_setup(desk)
    later = order_setup(desk, "kunde.odense", "Fag-X")
    assert desk.site.value(later, "Betaler") == "Kommune"
    assert first in told(desk, later)
    assert "28.169,40" in str(desk.site.value(later, "Pris"))


def test_a_setup_that_is_cancelled_passes_to_the_ticket_that_waits_though_nothing_happens_to_it(desk: Desk) -> None:
    """R16: giving the right back asks for a look at the open orders, and at nothing else."""
    first, later = order_setup(desk), order_setup(desk, "kunde.odense")
    desk.order()
    assert desk.site.value(later, "Betaler") == "Kommune"
    desk.site.as_user("agent.anna").move(first, "Annulleret")
    desk.settle(first)
    assert [ticket.issue for ticket in desk.queue.waiting(DUBU)] == [desk.number(later)]
    desk.settle(later)
    assert desk.site.value(later, "Betaler") == "KOMBIT"


@pytest.mark.parametrize(("method", "path"), [("GET", "search"), ("PUT", "issue")])
def test_who_waits_for_a_setup_hears_of_it_although_jira_goes_away_meanwhile(
    desk: Desk, method: str, path: str
) -> None:
    """R16: before the right is given back, or after it."""
    first, later = order_setup(desk), order_setup(desk, "kunde.odense")
    desk.site.as_user("agent.anna").move(first, "Annulleret")
    desk.site.faults.add(Fault(Trouble.BROKEN, method=method, path=path))
    with pytest.raises(OutOfReach):
        desk.look(first)
    desk.site.faults.clear()
    desk.settle(first)
    assert [ticket.issue for ticket in desk.queue.waiting(DUBU)] == [desk.number(later)]


def test_a_new_database_finds_the_setups_again(desk: Desk) -> None:
    """R16: rebuilt from Jira."""
    first = order_setup(desk)
    with desk.store._pool.connection() as connection:
        connection.execute("TRUNCATE dubu.setup, dubu.site, dubu.accepted, dubu.claim, dubu.evidence")
    later = order_setup(desk, "kunde.odense")
    assert desk.site.value(later, "Betaler") == "Kommune"
    assert first in told(desk, later)


def test_hours_are_counted_from_worklogs_and_the_gate_closes_at_the_cap(desk: Desk) -> None:
    """R19."""
    key = order_setup(desk)
    offer_to(desk, key, KOMBIT)
    desk.site.as_user("kombit.karen").move(key, "KOMBIT-accept modtaget")
    desk.settle(key)
    agent = desk.site.as_user("agent.anna")
    agent.move(key, "I gang")
    agent.log_work(key, 8)
    desk.settle(key)
    assert desk.site.value(key, "Forbrugte timer") == 8
    assert desk.site.value(key, "Beløb til fakturering") == 7511.84
    assert any("80 %" in c.body for c in desk.site.comments(key, "adapter"))
    agent.log_work(key, 2)
    desk.settle(key)
    assert desk.site.status(key) == "Ny"
    assert desk.site.value(key, "Godkendelse") == "Timeloft nået"


def test_disagreement_stops_the_work_and_brings_both_owners_in(desk: Desk) -> None:
    """R14."""
    key = desk.order()
    desk.settle(key)
    number = desk.offer(key)
    desk.settle(key)
    desk.yes(key, number)
    desk.settle(key)
    agent = desk.site.as_user("agent.anna")
    agent.move(key, "I gang")
    agent.edit(key, {"Uenighed": "Ja"})
    desk.settle(key)
    assert desk.site.status(key) == "Uenighed"
    assert sorted(desk.site.as_user("agent.anna").participants(key)) == ["agent.bo", "kombit.kim"]
    agent.comment(key, "#dubu uenighed løst fordi projektejerne er enige om prisen", internal=True)
    desk.settle(key)
    assert desk.site.status(key) == "Godkendt"


def test_owners_who_could_not_be_added_are_added_later_and_not_said_to_be_there_before(desk: Desk) -> None:
    """R14."""
    key = desk.order()
    desk.settle(key)
    desk.site.as_user("agent.anna").edit(key, {"Uenighed": "Ja"})
    desk.site.faults.add(Fault(Trouble.BROKEN, status=403, method="POST", path="participant"))
    for _ in range(2):
        came = desk.look(key)
        assert (came.trouble, came.will_pass) == ("CannotAddPeople", True)
        desk.store.count_trouble(DUBU, desk.number(key), "CannotAddPeople", desk.now())
    notices = [c.body for c in desk.site.comments(key, "adapter")]
    assert any("Der er uenighed, og arbejdet er standset" in body for body in notices)
    assert not any("er inddraget" in body for body in notices)
    assert "kunne ikke føjes til sagen" in told(desk, key)
    desk.site.faults.clear()
    desk.store.clear_trouble(DUBU, desk.number(key))
    desk.settle(key)
    assert sorted(desk.site.as_user("agent.anna").participants(key)) == ["agent.bo", "kombit.kim"]
    assert "Projektejer hos Netcompany og Projektejer hos KOMBIT er inddraget" in told(desk, key)


def test_kombit_is_said_to_be_asked_once_they_can_see_the_ticket(desk: Desk) -> None:
    """R18."""
    key = order_setup(desk)
    agent = desk.site.as_user("agent.anna")
    soon = (desk.now() + timedelta(days=14)).date().isoformat()
    agent.edit(key, {"Tilbudte timer": 10, "Prisvarsel senest": soon, "Kan udføres": soon})
    _, letter = offer(key, KOMBIT, "op til 10 timer à 938,98 kr.")
    agent.attach(key, "tilbud.eml", letter)
    desk.site.faults.add(Fault(Trouble.BROKEN, status=403, method="GET", path="organization"))
    for _ in range(3):
        desk.look(key)
    assert desk.site.status(key) == "Afventer Kunde"
    assert not any("KOMBIT er spurgt" in c.body for c in desk.site.comments(key, "adapter"))
    desk.site.faults.clear()
    desk.settle(key)
    assert any("KOMBIT er spurgt" in c.body for c in desk.site.comments(key, "adapter"))
    assert desk.looker.site.open().gateway.read(desk.number(key)).organisations[-1:] == ("KOMBIT",)


def records(desk: Desk, key: str) -> list[str]:
    """The numbers of the records of KOMBIT's yes."""
    return [a.id for a in desk.site.issue(key).attachments if a.filename.startswith("KOMBIT-accept-")]


def test_kombits_yes_opens_the_gate_once_jira_takes_its_record_and_until_then_the_ticket_says_why(desk: Desk) -> None:
    """R9, R18: there is no start without an approval mail that is attached."""
    key = order_setup(desk)
    offer_to(desk, key, KOMBIT)
    desk.site.as_user("kombit.karen").move(key, "KOMBIT-accept modtaget")
    desk.site.faults.add(Fault(Trouble.BROKEN, status=403, method="POST", path="attachments"))
    for _ in range(2):
        came = desk.look(key)
        assert (came.trouble, came.will_pass) == ("CannotRecord", False)
        desk.store.count_trouble(DUBU, desk.number(key), "CannotRecord", desk.now())
    assert (desk.site.status(key), desk.site.value(key, "Godkendelse")) == ("Afventer Kunde", "Afventer godkendelse")
    assert "Jira tager ikke imod filen" in told(desk, key)
    desk.site.faults.clear()
    desk.store.clear_trouble(DUBU, desk.number(key))
    desk.look(key)
    assert (desk.site.status(key), len(records(desk, key))) == ("Godkendt", 1)
    assert "Jira tager ikke imod filen" not in told(desk, key)


def test_a_deleted_record_is_attached_again_and_running_work_goes_on_unless_jira_refuses_it(desk: Desk) -> None:
    """R9, R12, R18."""
    key = order_setup(desk)
    offer_to(desk, key, KOMBIT)
    desk.site.as_user("kombit.karen").move(key, "KOMBIT-accept modtaget")
    desk.settle(key)
    desk.site.as_user("agent.anna").move(key, "I gang")
    desk.settle(key)
    desk.site.as_user("admin").delete_attachment(key, records(desk, key)[0])
    desk.look(key)
    assert (desk.site.status(key), len(records(desk, key))) == ("I gang", 1)
    desk.site.as_user("admin").delete_attachment(key, records(desk, key)[0])
    desk.site.faults.add(Fault(Trouble.BROKEN, status=403, method="POST", path="attachments"))
    assert desk.look(key).trouble == "CannotRecord"
    assert desk.site.status(key) == "Afventer Kunde"


def test_another_cap_with_the_same_figures_is_warned_of_and_the_ticket_comes_to_rest(desk: Desk) -> None:
    """R13, R19: 3,50 hours are not 350."""
    key = order_setup(desk)
    agent = desk.site.as_user("agent.anna")
    for hours, rate, logged in ((3.5, "3.286,43 kr.", 3), (350, "328.643 kr.", 290)):
        soon = (desk.now() + timedelta(days=14)).date().isoformat()
        price = {"Tilbudte timer": hours, "Tilbudt pris": 3286.43 if hours < 4 else 328643}
        agent.edit(key, {**price, "Prisvarsel senest": soon, "Kan udføres": soon})
        desk.settle(key)
        desk.pass_time(minutes=5)
        number, letter = offer(key, KOMBIT, rate)
        agent.attach(key, f"tilbud-{logged}.eml", letter)
        desk.settle(key)
        agent.attach(key, f"svar-{logged}.eml", answer(key, KOMBIT, "Godkendt.", number))
        desk.settle(key)
        agent.log_work(key, logged)
        desk.settle(key)
    warned = [c.body for c in desk.site.comments(key, "adapter") if "nærmer sig" in c.body and "timeloft" in c.body]
    assert len(warned) == 2


def test_an_owner_ends_a_disagreement_in_a_comment_of_the_portal_and_nobody_else_there_can(desk: Desk) -> None:
    """R14."""
    key = desk.order()
    desk.settle(key)
    desk.site.as_user("agent.anna").edit(key, {"Uenighed": "Ja"})
    desk.settle(key)
    words = "#dubu uenighed løst fordi vi er enige om prisen"
    desk.site.as_user("kunde.aarhus").comment(key, words)
    desk.settle(key)
    assert desk.site.value(key, "Godkendelse") == "Uenighed"
    desk.site.as_user("kombit.kim").comment(key, words)
    desk.settle(key)
    assert desk.site.value(key, "Godkendelse") == "Tilbud mangler"


def test_a_robot_goes_live_only_after_its_test(desk: Desk) -> None:
    """R21."""
    key = desk.order("Robotter")
    desk.settle(key)
    number = desk.offer(key)
    desk.settle(key)
    desk.yes(key, number)
    desk.settle(key)
    agent = desk.site.as_user("agent.anna")
    agent.move(key, "I gang")
    agent.move(key, "I produktion")
    desk.settle(key)
    assert desk.site.status(key) == "I gang"
    for item in ("test_aftalt", "test_overvåget"):
        agent.comment(key, f"#dubu krav {item} fordi testen er gennemført", internal=True)
    agent.move(key, "I produktion")
    desk.settle(key)
    assert desk.site.status(key) == "I produktion"


def test_the_offer_is_drafted_on_the_ticket_once_nothing_is_missing(desk: Desk) -> None:
    """R7."""
    key = desk.order()
    desk.settle(key)
    assert "Prisvarsel senest" in told(desk, key)
    desk.site.as_user("agent.anna").edit(key, {"Prisvarsel senest": date(2036, 1, 2).isoformat()})
    desk.settle(key)
    text = told(desk, key)
    assert "34.000 kr., som er en fast pris" in text
    assert "betalbar ydelse" in text
    assert "02-01-2036" in text


def test_the_price_date_is_warned_of_once(desk: Desk) -> None:
    """R13."""
    key = desk.order()
    desk.settle(key)
    by = (desk.now() + timedelta(days=30)).date()
    desk.site.as_user("agent.anna").edit(key, {"Prisvarsel senest": by.isoformat()})
    desk.offer(key)
    desk.settle(key)

    def warned() -> int:
        return sum("prisvarsel" in c.body and "R13" in c.body for c in desk.site.comments(key, "adapter"))

    assert warned() == 0
    desk.pass_time(days=29)
    desk.settle(key)
    desk.pass_time(hours=2)
    desk.settle(key)
    assert warned() == 1


def test_a_setup_cancelled_before_work_is_free_for_the_next(desk: Desk) -> None:
    """R16."""
    first = order_setup(desk)
    desk.site.as_user("agent.anna").move(first, "Annulleret")
    desk.settle(first)
    later = order_setup(desk, "kunde.odense")
    assert desk.site.value(later, "Betaler") == "KOMBIT"
    _, plan = desk.looker.plan(IssueKey(later))
    assert plan.is_empty


def test_kombits_no_by_mail_frees_the_setup_and_stops_the_work(desk: Desk) -> None:
    """R14, R16, R20."""
    key = order_setup(desk)
    number = offer_to(desk, key, KOMBIT)
    desk.site.as_user("agent.anna").attach(key, "svar.eml", answer(key, KOMBIT, "Nej tak.", number))
    desk.settle(key)
    assert desk.site.value(key, "Godkendelse") == "Afvist"
    later = order_setup(desk, "kunde.odense")
    assert desk.site.value(later, "Betaler") == "KOMBIT"


def test_what_needs_no_approval_is_led_to_godkendt_where_people_start_it_and_counts_as_offered_nowhere(
    desk: Desk,
) -> None:
    """By request type, and by an answer that can be taken back: the step to Godkendt settles nothing (R9, R12)."""
    agent = desk.site.as_user("agent.anna")
    fault, roles = desk.order("Rapportér en fejl"), desk.order("Bestil brugersystemroller")
    agent.set(roles, "Hvem opretter", "Kommunen selv")
    for key in (fault, roles):
        desk.settle(key)
        assert desk.site.status(key) == "Godkendt"
    agent.move(fault, "I gang")
    desk.settle(fault)
    assert desk.site.status(fault) == "I gang"
    agent.set(roles, "Hvem opretter", "Leverandøren")
    desk.settle(roles)
    assert (desk.site.status(roles), desk.site.value(roles, "Godkendelse")) == ("Ny", "Tilbud mangler")
    agent.set(roles, "Hvem opretter", "Kommunen selv")
    desk.settle(roles)
    assert (desk.site.status(roles), desk.site.value(roles, "Godkendelse")) == ("Godkendt", "Ikke påkrævet")
