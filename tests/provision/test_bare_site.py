"""A plain project is set up from nothing, natively locked, and left as it was in everything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName, StatusRole
from adapter.errors import Refused
from adapter.provision.door import DoorKind
from adapter.provision.side_doors import side_doors
from adapter.provision.steps import ChangeWorkflow, CreateStatus, WriteWebhook
from tests.provision.site import HOOK, IN_ENGLISH, SECRET, Set, opened
from tests.sandbox import Fault, Seed, Trouble, bare_seed
from tests.sandbox.bare import OWN_PROPERTY, OWN_RULE, REQUEST, TASK
from tests.sandbox.issues import move
from tests.sandbox.records import Issue
from tests.sandbox.workflow import available
from tests.sandbox.workflow_records import Conditions, Rule, Status, Transition

WORKERS = ("agent.anna", "agent.bo", "admin", "kunde.aarhus", "automation")


@pytest.fixture(scope="module", params=[(), IN_ENGLISH], ids=["own statuses", "the project's statuses"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Set]:
    """A plain site after one run, for claims that only look."""
    with opened(tmp_path_factory.mktemp("bare"), *request.param) as found:
        found.before = {issue.key: issue.status.name for issue in found.site.world.issues.values()}
        found.done = found.provision()
        yield found


def test_the_adapter_connects_to_what_was_a_plain_project(made: Set) -> None:
    assert made.done
    assert made.adapter().account == made.site.user("adapter").account_id


def test_a_second_run_finds_nothing_to_do_and_writes_nothing(made: Set) -> None:
    made.site.requests.clear()
    plan = made.plan()
    assert plan.is_empty, [str(step) for step in plan.steps]
    assert made.provision() == []
    assert made.site.requests.writes("admin") == []


def test_no_side_door_is_left_in_the_adapters_workflows(made: Set) -> None:
    found = made.gateway().read()
    kinds = {door.kind for door in side_doors(made.catalogue, found)}
    told = {DoorKind.UNMAPPED_STATUS, DoorKind.MOVE_REMAPS, DoorKind.RISKY_RIGHT, DoorKind.FOREIGN_TYPE}
    assert kinds <= told


@pytest.mark.parametrize("issue_type", [REQUEST, TASK])
@pytest.mark.parametrize("gate", ["godkendt", "ikke_påkrævet", None])
def test_nobody_starts_work_by_any_sequence_of_steps_whatever_the_gates_field_says(
    made: Set, issue_type: str, gate: str | None
) -> None:
    """Without a look by the adapter: what is closed here is closed by Jira alone."""
    site = made.site
    field = made.catalogue.jira.fields[FieldName.APPROVAL]
    issue = site.issue(site.as_user("agent.anna").create("Noget", issue_type=issue_type))
    if gate is not None:
        site.as_user("agent.anna").set(issue.key, field.name, field.options[gate])
    working = {n for r in (StatusRole.WORK, StatusRole.PRODUCTION) for n in made.catalogue.jira.statuses[r]}
    reached = reachable(made, issue)
    assert made.catalogue.jira.statuses[StatusRole.NEW][0] in {s.name for s in reached} or issue_type == TASK
    assert not working & {status.name for status in reached}
    assert "Godkendt" not in {status.name for status in reached}


def reachable(made: Set, issue: Issue) -> set[Status]:
    """Every status to which people can take a ticket from where it is, by whatever steps Jira offers any of them."""
    begun, open_, found = issue.status, [issue.status], {issue.status}
    while open_:
        issue.status = open_.pop()
        for step in steps_of(made, issue):
            if step.target not in found:
                found.add(step.target)
                open_.append(step.target)
    issue.status = begun
    return found


def steps_of(made: Set, issue: Issue) -> list[Transition]:
    world = made.site.world
    people = [made.site.user(handle) for handle in WORKERS]
    return [s for who in people for portal in (False, True) for s in available(world, who, issue, portal=portal)]


def test_from_godkendt_people_start_and_the_adapter_takes_every_ticket_back(made: Set) -> None:
    site, jira = made.site, made.catalogue.jira
    agent, adapter = site.as_user("agent.anna"), site.as_user("adapter")
    key = agent.create("Noget", issue_type=REQUEST)
    adapter.move(key, "Godkendt")
    work = jira.statuses[StatusRole.WORK][0]
    field = jira.fields[FieldName.APPROVAL]
    assert work not in agent.steps(key).values()
    agent.set(key, field.name, field.options["afventer_godkendelse"])
    assert work not in agent.steps(key).values()
    agent.set(key, field.name, field.options["godkendt"])
    agent.move(key, work)
    adapter.move(key, jira.statuses[StatusRole.NEW][0])
    assert site.status(key) == jira.statuses[StatusRole.NEW][0]


def test_tickets_in_odd_statuses_stay_where_they_are(made: Set) -> None:
    assert made.before
    assert {key: made.site.status(key) for key in made.before} == made.before


def test_a_persons_rule_action_and_property_are_kept(made: Set) -> None:
    flows = made.site.world.workflows.values()
    (theirs,) = (s for f in flows if f.name.startswith("DUBU") for s in f.steps if s.name == "Escalate this issue")
    assert theirs.conditions.every() == [OWN_RULE]
    assert theirs.properties == OWN_PROPERTY
    assert [action.id for action in theirs.actions] == ["own-action-1"]
    assert made.site.world.issues


def test_other_projects_are_not_touched(made: Set) -> None:
    flows = {f.name: f for f in made.site.world.workflows.values()}
    assert {f.version for name, f in flows.items() if not name.startswith("DUBU")} == {1}


def test_the_webhook_tells_of_the_project_alone_and_is_signed(made: Set) -> None:
    (hook,) = made.site.webhooks.hooks
    assert (hook.url, hook.jql, hook.secret, hook.enabled) == (HOOK, "project = DUBU", SECRET, True)
    assert {"jira:issue_updated", "comment_created", "attachment_created", "worklog_updated"} <= set(hook.events)


def test_the_role_holds_the_adapter_alone(made: Set) -> None:
    role = made.site.world.find_project("DUBU").roles["DUBU-adapter"]
    assert (role.users, role.groups) == ({made.site.user("adapter").account_id}, set())


def test_statuses_that_the_mapping_does_not_name_are_noted(made: Set) -> None:
    assert any('"Pending"' in note and "arbejde" in note for note in made.plan().notes)


# Sites that differ --------------------------------------------------------------------------------------------------


def test_a_shared_workflow_is_named_with_the_next_step_and_nothing_is_changed(tmp_path: Path) -> None:
    with opened(tmp_path, make=bare_seed) as made:
        obstacles = made.plan().obstacles
        assert any("bruges også af ITS; kopiér" in o.text and "jira.yaml:" in o.place for o in obstacles)
        assert made.site.requests.writes("admin") == []


def test_others_in_the_role_are_shown_and_taken_out(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        made.provision()
        role = made.site.world.find_project("DUBU").roles["DUBU-adapter"]
        role.users.add(made.site.user("agent.bo").account_id)
        role.groups.add("dubu-servicedesk")
        lines = [str(step) for step in made.plan().steps]
        assert lines == [
            '- bruger Bo Berg ud af projektrollen "DUBU-adapter"',
            '- gruppe dubu-servicedesk ud af projektrollen "DUBU-adapter"',
        ]
        made.provision()
        assert (role.users, role.groups) == ({made.site.user("adapter").account_id}, set())


def test_a_workflow_that_changes_in_between_is_read_and_planned_again(tmp_path: Path) -> None:
    """Somebody adds a way into work just before the update: it is kept, and closed as the others."""
    with opened(tmp_path, *IN_ENGLISH) as made:
        gateway = made.gateway()
        found, _ = gateway.plan()
        assert found is not None
        changed: list[str] = []

        def meddle(step: object) -> None:
            if isinstance(step, ChangeWorkflow) and not changed:
                flow = made.site.world.workflows[step.workflow_id]
                theirs = next(s for s in flow.steps if s.name == "In progress")
                flow.transitions.append(replace(theirs, id="900", name="Deres nye"))
                flow.version += 1
                changed.append(flow.id)

        after = gateway.bring_about(found, meddle)
        flow = made.site.world.workflows[changed[0]]
        assert "Deres nye" in {s.name for s in flow.steps}
        assert DoorKind.EARLY_START not in {door.kind for door in side_doors(made.catalogue, after)}
        conflicts = [a for a in made.site.requests if a.status == 409]
        assert len(conflicts) == 1


def test_a_workflow_that_changes_every_time_is_tried_five_times_and_then_told(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        gateway = made.gateway()
        found, _ = gateway.plan()
        assert found is not None

        def meddle(step: object) -> None:
            if isinstance(step, ChangeWorkflow):
                made.site.world.workflows[step.workflow_id].version += 1

        with pytest.raises(Refused, match=r"workflow .*: prøvet 5 gange, og en anden ændrer det imens"):
            gateway.bring_about(found, meddle)
        assert len([a for a in made.site.requests if a.status == 409]) == 5


def test_an_option_that_was_disabled_is_enabled_as_itself_and_the_others_stay(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        made.provision()
        options = made.site.world.field_named("Betaler").options
        before = [(o.id, o.value) for o in options]
        options[0].disabled = True
        assert [str(step) for step in made.plan().steps] == ['~ valg i "Betaler" aktiveres: Kommune']
        made.provision()
        assert [(o.id, o.value) for o in made.site.world.field_named("Betaler").options] == before
        assert not any(o.disabled for o in options)
        assert made.plan().is_empty


def test_what_jira_refuses_as_it_stands_is_told_with_the_next_step(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        made.site.faults.add(Fault(Trouble.BROKEN, path="/option$", status=400, writes=True))
        with pytest.raises(Refused, match=r'\+ valg i ".*": .* gør det i hånden på sitet, og kør kommandoen igen'):
            made.provision()


def test_a_webhook_that_was_narrowed_or_switched_off_is_put_right(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        made.provision()
        (hook,) = made.site.webhooks.hooks
        hook.enabled, hook.jql, hook.events = False, "project = ANDET", ("jira:issue_updated", "user_created")
        (step,) = made.plan().steps
        assert isinstance(step, WriteWebhook)
        assert "tændes" in str(step)
        assert SECRET not in repr(step)
        made.provision()
        assert (hook.enabled, hook.jql) == (True, "project = DUBU")
        assert {"user_created", "worklog_created"} <= set(hook.events)


def test_a_team_managed_project_is_told_so_and_left_alone(tmp_path: Path) -> None:
    def make(catalogue: Catalogue) -> Seed:
        first, *others = bare_seed(catalogue).projects
        return replace(bare_seed(catalogue), projects=(replace(first, team_managed=True), *others))

    with opened(tmp_path, make=make) as made:
        (obstacle,) = made.plan().obstacles
        assert "team-managed" in obstacle.text
        assert made.site.requests.writes("admin") == []


def test_what_nobody_agreed_to_is_not_done(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        gateway = made.gateway()
        found, _ = gateway.plan()
        assert found is not None
        with pytest.raises(Refused, match="der er andet at gøre end aftalt"):
            gateway.bring_about(found, lambda _: None, lambda step: not isinstance(step, CreateStatus))
        assert "Godkendt" not in {s.name for s in made.site.world.statuses.values()}


def test_a_rule_that_jira_refuses_is_told_with_its_transition_and_the_workflow_is_unchanged(tmp_path: Path) -> None:
    with opened(tmp_path) as made:
        flow = next(f for f in made.site.world.workflows.values() if f.name.startswith("DUBU: Service"))
        broken = next(s for s in flow.steps if s.name == "Pending")
        broken.conditions = Conditions("ALL", (Rule("system:restrict-issue-transition", {"roleIds": "99999"}),))
        with pytest.raises(Refused, match='overgangen "Pending"'):
            made.provision()
        assert flow.version == 1


def test_a_ticket_that_changes_type_keeps_its_status(made: Set) -> None:
    site = made.site
    agent = site.as_user("agent.anna")
    key = agent.create("Noget", issue_type=TASK)
    before = site.status(key)
    types = {t.name: t for t in site.world.find_project("DUBU").issue_types}
    work = site.world.statuses[next(i for i, s in site.world.statuses.items() if s.name in {"I gang", "In progress"})]
    issue = site.issue(key)
    move(site.world, site.user("agent.anna"), issue, issue.project, types[REQUEST], {issue.status.id: work})
    assert issue.status.name in {before, made.catalogue.jira.statuses[StatusRole.NEW][0]}
