"""The look against a real database and a sandbox site: budgets, races, refusals, and what comes to rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from adapter.carry_out import CANNOT_MOVE
from adapter.catalogue.words import AccountId, IssueId, IssueKey, SiteName
from adapter.database import Database
from adapter.errors import ConfigurationError, Gone, OutOfReach, Refused
from adapter.evidence import Evidences, Found
from adapter.look import UNREACHED, Looker, _Decision, belongs, is_repeated, settling
from adapter.rules.plan import MoveTo
from adapter.site import Site
from adapter.store.store import SETTLE
from adapter.ticket.evidence import Unread, UnreadFile
from adapter.ticket.snapshot import Person, StatusChange
from tests.loop.conftest import MAIL, RESTLESS, Desk, Job, open_desk
from tests.sandbox import Fault, Trouble
from tests.system.letters import answer, offer
from tests.system.mapping import say

DUBU = SiteName("dubu")


def braking_after_one(desk: Desk) -> Looker:
    """A looker whose brake is on as soon as one ticket has been changed within the hour."""
    path = desk.mappings / "dubu" / "jira.yaml"
    yaml = YAML()
    jira = yaml.load(path.read_text(encoding="utf-8"))
    jira["tempo"]["bremse_sager_i_timen"] = 1
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(jira, file)
    return Looker(Site(DUBU, desk.settings, patience=RESTLESS), desk.store, desk.queue.defer_looks, desk.now)


def rested(desk: Desk, count: int) -> list[str]:
    """Tickets that were filled and then found in order, before the mapping is edited so that all read otherwise."""
    keys = [desk.order() for _ in range(count)]
    for key in keys:
        desk.settle(key)
        desk.look(key)
    say(desk.mappings, "tekster.yaml", ("Arbejdet må ikke starte endnu", "Arbejdet må endnu ikke starte"))
    return keys


def is_retold(desk: Desk, key: str) -> bool:
    """Whether a ticket reads as the edited mapping says."""
    return "må endnu ikke starte" in desk.site.comments(key, by="adapter")[0].body


def asked(desk: Desk) -> tuple[int, int]:
    """Reads and writes of tickets since the count was last cleared."""
    reads = [a for a in desk.site.requests.reads("adapter") if "/issue/" in a.path and "createmeta" not in a.path]
    writes = desk.site.requests.writes("adapter")
    return len(reads), len(writes)


def test_a_new_payable_ticket_costs_two_reads_and_two_writes_and_an_idle_look_one_read(desk: Desk) -> None:
    desk.looker.site.open()
    key = desk.order()
    desk.site.requests.clear()
    desk.look(key)
    assert asked(desk) == (1, 2)
    following = desk.look(key)
    assert asked(desk) == (2, 2)
    assert following.trouble is None
    desk.site.requests.clear()
    desk.look(key)
    assert asked(desk) == (1, 0)


def test_looks_caused_by_its_own_writes_read_nothing(desk: Desk) -> None:
    key = desk.order()
    desk.look(key)
    desk.site.requests.clear()
    following = desk.looker.look(desk.number(key), Job())
    assert following.put_off
    assert following.wake_at is not None
    assert asked(desk) == (0, 0)


def test_an_approval_with_its_mails_comes_to_rest_and_an_idle_look_reads_no_mail_again(desk: Desk) -> None:
    key = desk.order()
    desk.settle(key)
    number = desk.offer(key)
    desk.settle(key)
    assert desk.site.status(key) == "Afventer Kunde"
    desk.yes(key, number)
    desk.settle(key)
    assert desk.site.status(key) == "Godkendt"
    assert desk.site.value(key, "Godkendelse") == "Godkendt"
    desk.site.requests.clear()
    desk.look(key)
    assert asked(desk) == (1, 0)
    assert len(desk.site.comments(key, by="adapter")) == 1


def test_the_main_job_is_done_on_data_center_too(database: Database, tmp_path: Path) -> None:
    with open_desk(database, tmp_path, "datacenter") as desk:
        key = desk.order()
        desk.settle(key)
        assert desk.site.value(key, "Pris") == "34.000 kr."
        desk.site.as_user("agent.anna").move(key, "I gang")
        desk.settle(key)
        assert desk.site.status(key) == "Ny"
        number = desk.offer(key)
        desk.settle(key)
        assert desk.site.status(key) == "Afventer Kunde"
        desk.yes(key, number)
        desk.settle(key)
        assert desk.site.status(key) == "Godkendt"
        desk.site.as_user("agent.anna").move(key, "I gang")
        desk.settle(key)
        assert desk.site.status(key) == "I gang"


def test_the_status_comment_rests_although_jira_gives_it_back_otherwise(desk: Desk) -> None:
    desk.site.world.rewrites_comments = True
    key = desk.order()
    desk.settle(key)
    desk.site.requests.clear()
    desk.look(key)
    assert asked(desk) == (1, 0)


def test_a_deleted_approval_takes_running_work_back(desk: Desk) -> None:
    key = desk.order()
    number = desk.offer(key)
    file = desk.yes(key, number)
    desk.settle(key)
    desk.site.as_user("agent.anna").move(key, "I gang")
    desk.settle(key)
    assert desk.site.status(key) == "I gang"
    desk.site.as_user("admin").delete_attachment(key, file)
    desk.settle(key)
    assert desk.site.status(key) == "Afventer Kunde"
    assert desk.store.claimed_by(DUBU, desk.number(key)) == frozenset()


def test_two_tickets_that_race_for_one_approval_leave_one_winner(desk: Desk) -> None:
    first, second = desk.order(), desk.order()
    number, letter = offer(f"{first}, {second}", MAIL)
    yes = answer(f"{first}, {second}", MAIL, "Godkendt.", number)
    for key in (first, second):
        desk.site.as_user("agent.anna").attach(key, "tilbud.eml", letter)
        desk.site.as_user("agent.anna").attach(key, "svar.eml", yes)
    _, plan = desk.looker.plan(IssueKey(second))
    desk.look(first)
    here = desk.looker.site.open()
    ticket = here.gateway.read(IssueKey(second))
    following = desk.looker._carry_out(here, _Decision(ticket, Found({}), plan), Job())
    assert following.put_off
    desk.settle(first)
    desk.settle(second)
    assert [desk.site.status(key) for key in (first, second)] == ["Godkendt", "Afventer Kunde"]


def test_a_ticket_that_is_gone_is_asked_for_once_more_and_then_let_go(desk: Desk) -> None:
    missing = IssueId("99999")
    assert desk.looker.look(missing, Job()).put_off
    following = desk.looker.look(missing, Job())
    assert (following.wake_at, following.put_off) == (None, False)


def test_tickets_of_other_projects_and_types_are_left_alone(desk: Desk) -> None:
    key = desk.site.as_user("fremmed").create("Fremmed", project="ANDET")
    admin, secret = desk.site.login("admin")
    settings = replace(
        desk.settings,
        environment={**desk.settings.environment, "DUBU_DUBU_JIRA_USER": admin or "", "DUBU_DUBU_JIRA_TOKEN": secret},
    )
    sees_all = Looker(Site(DUBU, settings), desk.store, desk.queue.defer_looks)
    following = sees_all.look(desk.number(key), Job())
    assert (following.wake_at, following.trouble) == (None, None)
    assert desk.site.requests.writes("admin") == []


def test_a_worker_that_lost_its_job_writes_nothing(desk: Desk) -> None:
    key = desk.order()
    desk.look(key, Job(mine=False))
    assert asked(desk)[1] == 0


def test_a_ticket_another_process_is_at_is_looked_at_later(desk: Desk) -> None:
    key = desk.order()
    with desk.store.holding(DUBU, desk.number(key)) as mine:
        assert mine
        assert desk.look(key).put_off
        with pytest.raises(OutOfReach, match="being looked at"):
            desk.looker.apply(desk.number(key))
    assert asked(desk)[1] == 0


def test_a_move_the_workflow_lacks_is_counted_and_the_ticket_is_still_told(desk: Desk) -> None:
    key = desk.order()
    desk.settle(key)
    desk.site.as_user("agent.anna").move(key, "I gang")
    desk.site.faults.add(Fault(Trouble.BROKEN, method="POST", path="/transitions$", status=403))
    following = desk.look(key)
    assert following.trouble == CANNOT_MOVE
    assert "før arbejdet måtte starte" in desk.site.comments(key, by="adapter")[0].body
    for _ in range(3):
        desk.store.count_trouble(DUBU, desk.number(key), CANNOT_MOVE, desk.now())
    desk.look(key)
    assert "En person skal flytte den" in desk.site.comments(key, by="adapter")[0].body
    with pytest.raises(Refused):
        desk.looker.apply(desk.number(key))
    desk.site.faults.clear()
    desk.settle(key)
    assert desk.site.status(key) == "Ny"


def test_fields_that_jira_refuses_are_raised_not_swallowed(desk: Desk) -> None:
    key = desk.order()
    desk.site.faults.add(Fault(Trouble.BROKEN, method="PUT", status=400))
    with pytest.raises(Refused):
        desk.look(key)


def test_the_brake_stops_what_an_edited_mapping_changes_but_never_the_closing_of_a_gate(desk: Desk) -> None:
    one, two, three = rested(desk, 3)
    slow = braking_after_one(desk)
    slow.look(desk.number(one), Job())
    assert is_retold(desk, one)
    desk.site.as_user("agent.anna").move(three, "I gang")
    braked = slow.look(desk.number(two), Job())
    assert not is_retold(desk, two)
    assert braked.wake_at is not None
    assert braked.wake_at - desk.now() > timedelta(minutes=5)
    slow.look(desk.number(three), Job())
    assert desk.site.status(three) == "Ny"
    desk.pass_time(hours=2)
    slow.look(desk.number(two), Job())
    assert is_retold(desk, two)


def test_nobody_puts_the_brake_on_by_making_tickets_touching_them_or_waiting(desk: Desk) -> None:
    slow = desk.looker = braking_after_one(desk)
    keys = [desk.order() for _ in range(3)]
    for key in keys:
        desk.settle(key)
        desk.look(key)
        assert desk.site.value(key, "Kategori") == "Arkivering – Bestilling"
    for key in keys:
        desk.site.as_user("agent.anna").move(key, "I gang")
        desk.settle(key)
        desk.look(key)
        assert desk.site.status(key) == "Ny"
    desk.pass_time(days=7)  # nobody answered in time, and the tickets say so
    desk.site.requests.clear()
    for key in keys:
        slow.look(desk.number(key), Job())
    assert asked(desk)[1] >= len(keys)
    assert not desk.store.site_state(DUBU).is_braked(desk.now())


def test_apply_does_at_once_what_look_would(desk: Desk) -> None:
    key = desk.order()
    desk.looker.apply(desk.number(key))
    assert desk.site.value(key, "Pris") == "34.000 kr."


def test_a_mail_too_large_to_read_is_never_fetched(desk: Desk) -> None:
    key = desk.order()
    desk.site.as_user("agent.anna").attach(key, "stor.eml", b"x")
    here = desk.looker.site.open()
    ticket = here.gateway.read(IssueKey(key))
    huge = replace(ticket, attachments=(replace(ticket.attachments[0], size=10**9),))
    desk.site.requests.clear()
    found = Evidences(desk.store).of(here, huge)
    assert [facts.reason for facts in found.evidence.values() if isinstance(facts, UnreadFile)] == [Unread.TOO_LARGE]
    assert asked(desk) == (0, 0)


@pytest.mark.parametrize("status", [403, 404])
def test_a_mail_that_jira_does_not_hand_out_keeps_no_ticket_at_work_and_is_tried_again(desk: Desk, status: int) -> None:
    key = desk.order()
    desk.settle(key)
    desk.site.as_user("kunde.aarhus").attach(key, "x.eml", b"From: a@b.example\n\nGodkendt")
    desk.site.as_user("agent.anna").move(key, "I gang")
    fault = desk.site.faults.add(Fault(Trouble.BROKEN, path="attachment", status=status, retry_after=None))
    following = desk.look(key)
    assert fault.met > 0
    assert desk.site.status(key) == "Ny"
    assert following.trouble == UNREACHED
    assert "kan ikke hentes fra Jira" in desk.site.comments(key, by="adapter")[0].body
    desk.site.faults.clear()
    assert desk.look(key).trouble is None
    assert "kan ikke hentes fra Jira" not in desk.site.comments(key, by="adapter")[0].body


def test_a_changed_word_list_undoes_nothing_while_mails_cannot_be_read_again(desk: Desk) -> None:
    key = desk.order()
    desk.yes(key, desk.offer(key))
    desk.settle(key)
    here = desk.looker.site.open()
    ticket = here.gateway.read(IssueKey(key))
    other = replace(here, reading=replace(here.reading, yes=(*here.reading.yes, "velsignet")))
    desk.site.faults.add(Fault(Trouble.BROKEN, path="attachment", status=403))
    found = Evidences(desk.store).of(other, ticket)
    assert len(found.unreached) == 2
    assert all(not isinstance(facts, UnreadFile) for facts in found.evidence.values())


def test_a_heap_of_mails_delays_no_closing_and_hides_no_approval(desk: Desk) -> None:
    key = desk.order()
    desk.yes(key, desk.offer(key))
    desk.settle(key)
    desk.site.as_user("agent.anna").move(key, "I gang")
    claimed = desk.store.claimed_by(DUBU, desk.number(key))
    for number in range(8):
        desk.site.as_user("kunde.aarhus").attach(key, f"junk{number}.eml", b"From: a@b.example\n\nhej")
    looks = desk.settle(key)
    assert 2 <= looks <= 5
    assert desk.site.status(key) == "I gang"
    assert desk.store.claimed_by(DUBU, desk.number(key)) == claimed
    early = desk.order()
    desk.settle(early)
    for number in range(8):
        desk.site.as_user("kunde.aarhus").attach(early, f"junk{number}.eml", b"From: a@b.example\n\nhej")
    desk.site.as_user("agent.anna").move(early, "I gang")
    desk.look(early)
    assert desk.site.status(early) == "Ny"


def test_a_mail_the_machine_was_too_slow_for_is_tried_again_before_it_is_called_so(desk: Desk) -> None:
    key = desk.order()
    desk.site.as_user("agent.anna").attach(key, "svar.eml", b"From: a@b.example\n\nhej")
    here = desk.looker.site.open()
    mail = here.gateway.read(IssueKey(key)).attachments[0]
    evidences = Evidences(desk.store)
    slow = UnreadFile(reason=Unread.TOO_SLOW)
    assert [evidences.judge_slow(mail.id, slow) for _ in range(3)] == [None, None, slow]


def test_subtasks_and_tickets_older_than_the_adapter_are_left_alone(desk: Desk) -> None:
    here = desk.looker.site.open()
    ticket = here.gateway.read(IssueKey(desk.order()))
    known = here.catalogue
    assert belongs(ticket, known)
    assert not belongs(replace(ticket, is_subtask=True), known)
    pace = known.jira.pace.model_copy(update={"created_since": desk.now().date() + timedelta(days=2)})
    late = replace(known, jira=known.jira.model_copy(update={"pace": pace}))
    assert not belongs(ticket, late)
    assert belongs(replace(ticket, joined=desk.now() + timedelta(days=3)), late)  # moved here: as old as the move
    named = known.jira.model_copy(update={"issue_types": (ticket.issue_type,)})
    assert belongs(replace(ticket, is_subtask=True), replace(known, jira=named))


def test_the_brake_lets_go_when_the_hour_is_over_and_says_so_to_apply(desk: Desk) -> None:
    one, two = rested(desk, 2)
    slow = braking_after_one(desk)
    slow.look(desk.number(one), Job())
    for _ in range(5):
        desk.pass_time(minutes=10)
        slow.look(desk.number(two), Job())
    assert desk.store.site_state(DUBU).is_braked(desk.now())
    with pytest.raises(Refused, match="brake"):
        slow.apply(desk.number(two))
    desk.pass_time(minutes=15)
    slow.look(desk.number(two), Job())
    assert is_retold(desk, two)


def test_with_the_brake_on_only_a_fresh_start_is_put_back(desk: Desk) -> None:
    key = desk.order()
    desk.settle(key)
    desk.site.as_user("agent.anna").move(key, "I gang")
    here = desk.looker.site.open()
    ticket = here.gateway.read(IssueKey(key))
    _, plan = desk.looker.plan(IssueKey(key))
    pace = here.catalogue.jira.pace.model_copy(update={"tickets_per_hour": 1})
    braking = replace(here.catalogue, jira=here.catalogue.jira.model_copy(update={"pace": pace}))
    desk.store.wrote(DUBU, desk.number(key), desk.now(), unasked=True)
    fresh, _ = desk.looker._slowed(braking, ticket, plan, desk.now())
    assert [type(action) for action in fresh] == [MoveTo]
    desk.store.wrote(DUBU, desk.number(key), desk.now() + timedelta(days=2), unasked=True)
    assert desk.looker._slowed(braking, ticket, plan, desk.now() + timedelta(days=2)) == ((), True)


def test_what_fights_the_adapter_is_answered_ever_more_slowly(desk: Desk) -> None:
    here = desk.looker.site.open()
    ticket = here.gateway.read(IssueKey(desk.order()))
    me = Person(here.gateway.account, is_adapter=True)
    moves = tuple(StatusChange(desk.now() - timedelta(seconds=n), me, ticket.status, ticket.status) for n in range(30))
    assert settling(ticket, desk.now()) == SETTLE
    assert settling(replace(ticket, history=moves[:14]), desk.now()) == SETTLE * 4
    assert settling(replace(ticket, history=moves), desk.now()) == timedelta(minutes=5)
    assert settling(replace(ticket, history=moves), desk.now() + timedelta(hours=2)) == SETTLE


def test_while_something_fights_the_adapter_an_early_start_is_put_back_all_the_same(desk: Desk) -> None:
    """R10: nobody buys time for one by pressing another button over and over."""
    key = desk.order()
    desk.settle(key)
    pause_until = desk.now() + timedelta(minutes=5)
    desk.store.wrote(DUBU, desk.number(key), desk.now(), pause_until)
    desk.site.as_user("agent.anna").edit(key, {"Pris": "1 kr."})
    desk.site.requests.clear()
    waiting = desk.look(key)
    assert (waiting.put_off, waiting.wake_at, asked(desk)) == (True, pause_until, (1, 0))
    desk.site.as_user("agent.anna").move(key, "I gang")
    desk.look(key)
    assert (desk.site.status(key), desk.site.value(key, "Pris")) == ("Ny", "1 kr.")


def test_only_the_very_move_that_is_made_over_and_over_waits(desk: Desk) -> None:
    here = desk.looker.site.open()
    ticket = here.gateway.read(IssueKey(desk.order()))
    robot, agent = Person(AccountId("robot")), Person(AccountId("agent"))
    status = ticket.status
    fought = tuple(StatusChange(desk.now(), robot, status, status) for _ in range(13))
    assert not is_repeated(ticket, desk.now())
    assert is_repeated(replace(ticket, history=fought), desk.now())
    assert not is_repeated(replace(ticket, history=fought[1:]), desk.now())
    assert not is_repeated(replace(ticket, history=fought), desk.now() + timedelta(hours=2))
    assert not is_repeated(
        replace(ticket, history=(*fought, StatusChange(desk.now(), agent, status, status))), desk.now()
    )


def test_a_refused_move_is_in_the_journal(desk: Desk) -> None:
    key = desk.order()
    desk.settle(key)
    desk.site.as_user("agent.anna").move(key, "I gang")
    desk.site.faults.add(Fault(Trouble.BROKEN, method="POST", path="/transitions$", status=403))
    desk.look(key)
    assert CANNOT_MOVE in [entry.action for entry in desk.store.journal_of(DUBU, key)]


def test_the_plan_of_an_unknown_ticket_says_that_it_is_gone(desk: Desk) -> None:
    with pytest.raises(Gone):
        desk.looker.plan(IssueKey("DUBU-4711"))


def test_an_edited_mapping_that_does_not_fit_the_site_leaves_the_last_good_one(desk: Desk) -> None:
    key = desk.order()
    desk.settle(key)
    before = desk.looker.site.catalogue.version
    current = desk.looker.site.catalogue
    fields = dict(current.jira.fields)
    first = next(iter(fields))
    fields[first] = fields[first].model_copy(update={"name": "Findes ikke"})
    unfit = replace(current, version="unfit", jira=current.jira.model_copy(update={"fields": fields}))
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="Findes ikke"):
            desk.looker.site._take_up(unfit)
    assert desk.looker.site.open().catalogue.version == before
