"""The doctor at a whole site: nothing is said of one in order, and each thing broken gives exactly its finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapter.catalogue.words import ApprovalState, FieldName, StatusRole
from adapter.doctor.diagnose import bars_all
from adapter.doctor.finding import Code
from adapter.doctor.permissions import NEEDED
from adapter.doctor.seen import Deliveries
from adapter.errors import ConfigurationError, OutOfReach
from tests.doctor.site import ADMINS, APPS, DESK, Ward, opened
from tests.sandbox.faults import Fault, Trouble
from tests.sandbox.records import Kind

Break = Callable[[Ward], object]


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    with opened(tmp_path) as found:
        yield found


@pytest.fixture(params=["cloud", "datacenter"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ward]:
    with opened(tmp_path, request.param, validate=True) as found:
        yield found


def test_of_a_site_in_order_nothing_is_wrong_and_nothing_was_written(either: Ward) -> None:
    either.site.requests.clear()
    looked_at = either.look()
    assert either.amiss(looked_at) == set()
    assert either.codes(looked_at) == (set() if looked_at.is_cloud else {Code.UNREAD})
    assert either.site.requests.writes("adapter") == either.site.requests.writes("admin") == []


def test_without_an_administrator_what_was_not_seen_is_said(either: Ward) -> None:
    findings = either.as_adapter_alone().told()
    assert {finding.code for finding in findings} == {Code.UNREAD}
    whats = " ".join(finding.what for finding in findings)
    assert "webhooks" in whats
    assert any("DUBU_DUBU_ADMIN_TOKEN" in finding.next_step for finding in findings)


def option_gone(ward: Ward) -> None:
    field = ward.site.world.field_named(ward.field(FieldName.PAYER))
    for context in field.contexts:
        context.options[:] = [o for o in context.options if o.value != "KOMBIT"]


def off_the_screens(ward: Ward) -> None:
    field = ward.site.world.field_named(ward.field(FieldName.PRICE))
    for scheme in {ward.site.world.projects["DUBU"].screens.default}:
        for screen in {scheme.default, *scheme.by_operation.values()}:
            for tab in screen.tabs:
                tab.fields[:] = [field_id for field_id in tab.fields if field_id != field.id]


def no_more(permission: str) -> Break:
    """Takes a permission from everybody."""

    def act(ward: Ward) -> None:
        for role in (DESK, ADMINS, APPS):
            ward.admin.revoke(permission, role)

    return act


def renamed(name: FieldName) -> Break:
    def act(ward: Ward) -> None:
        ward.site.world.field_named(ward.field(name)).name = "Noget andet"

    return act


def twin(ward: Ward) -> None:
    next(f for f in ward.site.world.fields.values() if f.name == "Request Type").name = ward.field(FieldName.PRICE)


def retyped(ward: Ward) -> None:
    ward.site.world.field_named(ward.field(FieldName.PRICE)).kind = Kind.NUMBER


def elsewhere(name: FieldName) -> Break:
    def act(ward: Ward) -> None:
        for context in ward.site.world.field_named(ward.field(name)).contexts:
            context.projects = {ward.site.world.projects["ANDET"].id}

    return act


def hook(**changes: object) -> Break:
    def act(ward: Ward) -> None:
        for name, value in changes.items():
            setattr(ward.site.webhooks.hooks[0], name, value)

    return act


def step(name: str, sources: tuple[str, ...], target: str) -> Break:
    return lambda ward: ward.admin.add_step(ward.admin.workflow_of(), name, sources, target)


def status(name: str) -> Break:
    def act(ward: Ward) -> None:
        found = next(s for s in ward.site.world.statuses.values() if s.name == name)
        found.name = f"{name} (gammel)"

    return act


def no_agents(ward: Ward) -> None:
    ward.site.world.projects["DUBU"].roles[DESK].groups.clear()
    ward.admin.leave("agent.anna", DESK)


BROKEN: dict[str, tuple[Break, set[Code]]] = {
    "a field is renamed": (renamed(FieldName.PRICE), {Code.FIELD}),
    "a field has a twin": (twin, {Code.FIELD}),
    "a field is of another type": (retyped, {Code.FIELD}),
    "an option is gone": (option_gone, {Code.OPTION}),
    "a text field is not the project's": (elsewhere(FieldName.PRICE), {Code.CONTEXT}),
    "a select field is not the project's": (elsewhere(FieldName.PAYER), {Code.CONTEXT}),
    "a field is on no screen": (off_the_screens, {Code.SCREEN}),
    "a closed status is renamed": (status("Lukket"), {Code.STATUS}),
    "a request type is renamed": (
        lambda w: setattr(w.site.world.projects["DUBU"].request_types[0], "name", "Andet"), {Code.REQUEST_TYPE},
    ),
    "the project is no service desk": (
        lambda w: setattr(w.site.world.projects["DUBU"], "desk_id", None), {Code.NO_DESK, Code.KOMBIT},
    ),
    "the webhook is gone": (lambda w: w.site.webhooks.hooks.clear(), {Code.WEBHOOK}),
    "the webhook leads elsewhere": (hook(url="https://adapter.example/webhooks/dbuu", name="DUBU"), {Code.WEBHOOK_URL}),
    "the webhook is off": (hook(enabled=False), {Code.WEBHOOK_OFF}),
    "the webhook leaves out an event": (hook(events=("jira:issue_updated",)), {Code.WEBHOOK_EVENTS}),
    "the webhook has another filter": (hook(jql="project = ANDET"), {Code.WEBHOOK_JQL}),
    "the webhook has no body": (hook(excludes_body=True), {Code.WEBHOOK_BODY}),
    "a shortcut into work": (step("Genvej", ("Ny",), "I gang"), {Code.EARLY_START}),
    "a shortcut from anywhere into production": (
        step("Genvej", (), "I produktion"), {Code.EARLY_START, Code.NO_SECOND_LOCK},
    ),
    "an approval by hand": (step("Godkend selv", ("Ny",), "Godkendt"), {Code.OPEN_APPROVAL}),
    "the native lock is taken off Godkend": (
        lambda w: w.admin.unlock_step(w.admin.workflow_of(), "Godkend"), {Code.OPEN_APPROVAL},
    ),
    "the second lock is taken off": (
        lambda w: w.admin.unlock_step(w.admin.workflow_of(), "Start arbejde"), {Code.NO_SECOND_LOCK},
    ),
    "a way back is gone": (
        lambda w: w.admin.remove_step(w.admin.workflow_of(), "Læg tilbage til ny"), {Code.NO_WAY_BACK},
    ),
    "somebody else is in the role": (lambda w: w.admin.join("agent.bo", "DUBU-adapter"), {Code.ROLE_HOLDS_OTHERS}),
    "the adapter is not in the role": (
        lambda w: w.admin.leave("adapter", "DUBU-adapter"), {Code.ROLE_WITHOUT_ADAPTER, Code.NO_WAY_BACK},
    ),
    "agents may move tickets": (lambda w: w.admin.grant("MOVE_ISSUES", DESK), {Code.RISKY_RIGHT}),
    "agents may delete attachments": (lambda w: w.admin.grant("DELETE_OWN_ATTACHMENTS", DESK), {Code.RISKY_RIGHT}),
    "nobody is an agent but the adapter": (
        no_agents,
        {Code.AGENTS},
    ),
    "the site's clock is ahead": (lambda w: w.site.clock.advance(timedelta(minutes=3)), {Code.CLOCK}),
}  # fmt: skip
for needed in NEEDED:
    if needed.key != "BROWSE_PROJECTS" and not needed.is_global:
        without_desk = {Code.KOMBIT} if needed.key == "SERVICEDESK_AGENT" else set()  # organisations are the desk's
        BROKEN[f"nobody has {needed.key}"] = (no_more(needed.key), {Code.PERMISSION, *without_desk})


@pytest.mark.parametrize("case", BROKEN)
def test_each_thing_broken_gives_exactly_its_finding(ward: Ward, case: str) -> None:
    breaks, expected = BROKEN[case]
    breaks(ward)
    assert ward.amiss() == expected


def test_the_native_lock_that_is_gone_is_named_with_its_transition_and_target(ward: Ward) -> None:
    ward.admin.unlock_step(ward.admin.workflow_of(), "Godkend")
    (finding,) = ward.told()
    assert '"Godkend"' in finding.what
    assert '"Godkendt"' in finding.what
    assert ward.admin.workflow_of().name in finding.what
    assert "dubu-adapter provision" in finding.next_step


def test_a_project_that_is_not_there_is_the_one_thing_said_beside_what_is_assumed(ward: Ward) -> None:
    gone = replace(
        ward, catalogue=replace(ward.catalogue, jira=ward.catalogue.jira.model_copy(update={"project": "X1"}))
    )
    assert gone.codes() == {Code.PROJECT}


def test_a_team_managed_project_is_named(ward: Ward) -> None:
    ward.site.world.projects["DUBU"].team_managed = True
    assert Code.TEAM_MANAGED in ward.amiss()


def test_a_time_zone_that_is_not_the_desks_is_worth_knowing(ward: Ward) -> None:
    ward.site.user("adapter").time_zone = "America/New_York"
    assert ward.codes() == {Code.TIME_ZONE}


def test_a_wrong_token_is_the_one_thing_said(either: Ward) -> None:
    wrong = replace(either, settings=replace(either.settings, token="forkert"))
    looked_at = wrong.look()
    assert wrong.codes(looked_at) == {Code.LOGIN}
    assert bars_all(wrong.catalogue, looked_at.front)
    assert "forkert" not in str(wrong.told(looked_at))


def test_a_wrong_administrators_token_costs_only_what_the_adapter_may_not_see(either: Ward) -> None:
    wrong = replace(either, settings=replace(either.settings, admin_token="forkert"))
    assert wrong.codes() == {Code.ADMIN_LOGIN, Code.UNREAD}
    assert "forkert" not in str(wrong.told())


def test_another_deployment_than_the_mappings_is_the_one_thing_said(either: Ward) -> None:
    other = "datacenter" if either.site.world.cloud else "cloud"
    jira = either.catalogue.jira.model_copy(update={"deployment": other})
    wrong = replace(either, catalogue=replace(either.catalogue, jira=jira))
    looked_at = wrong.look()
    assert wrong.codes(looked_at) == {Code.DEPLOYMENT}
    assert bars_all(wrong.catalogue, looked_at.front)


def test_a_path_without_a_jira_is_the_one_thing_said(ward: Ward) -> None:
    wrong = replace(ward, settings=replace(ward.settings, url=f"{ward.site.url}/rest/api"))
    assert wrong.codes() == {Code.ADDRESS}
    ward.site.forgive()


def scoped(ward: Ward, **changes: object) -> Ward:
    """The same at the address and with the tokens of service accounts."""
    _, token = ward.site.login("adapter", scoped=True)
    _, admins = ward.site.login("admin", scoped=True)
    settings = replace(ward.settings, url=ward.site.scoped_url, token=token, admin_token=admins)
    return replace(ward, settings=replace(settings, **changes))  # type: ignore[arg-type]  # fields of the settings


def test_a_scoped_token_at_its_own_address_is_let_in(ward: Ward) -> None:
    assert scoped(ward).codes() == set()


def test_a_scoped_token_at_the_sites_own_address_is_told_where_it_counts(ward: Ward) -> None:
    wrong = scoped(ward, url=ward.site.url)
    (finding,) = wrong.told()
    assert finding.code is Code.LOGIN
    assert "api.atlassian.com/ex/jira/" in finding.next_step


def test_a_usual_token_at_the_scoped_address_is_told_what_it_needs(ward: Ward) -> None:
    (finding,) = scoped(ward, token=ward.settings.token).told()
    assert finding.code is Code.LOGIN
    assert "read:jira-work" in finding.next_step


def test_a_cloud_id_of_nobody_is_told_where_to_find_the_right_one(ward: Ward) -> None:
    (finding,) = scoped(ward, url=f"{ward.site.url}/ex/jira/11111111-2222-3333-4444-555555555555").told()
    assert finding.code is Code.ADDRESS
    assert "tenant_info" in finding.next_step
    ward.site.forgive()


def test_a_login_that_is_not_set_is_no_finding_but_an_error_of_the_settings(ward: Ward) -> None:
    with pytest.raises(ConfigurationError, match="DUBU_DUBU_JIRA_TOKEN"):
        replace(ward, settings=replace(ward.settings, token=None)).look()


def test_a_slow_site_and_one_that_asks_for_patience_are_waited_for(ward: Ward) -> None:
    ward.site.faults.add(Fault(Trouble.SLOW, times=10, seconds=0.05))
    ward.site.faults.add(Fault(Trouble.BUSY, times=3, retry_after=0.01))
    ward.site.faults.add(Fault(Trouble.BROKEN, times=2, retry_after=None))
    assert ward.codes() == set()


def test_a_site_that_is_away_is_out_of_reach(ward: Ward) -> None:
    ward.site.faults.add(Fault(Trouble.BROKEN, retry_after=None))
    with pytest.raises(OutOfReach):
        ward.look()


def test_a_change_without_a_delivery_is_seen_on_the_newest_ticket(ward: Ward) -> None:
    early = Deliveries(datetime.now(UTC) - timedelta(hours=1))
    assert ward.amiss(ward.look(early)) == {Code.DELIVERY}
    assert ward.amiss(ward.look(Deliveries(datetime.now(UTC) - timedelta(minutes=5)))) == set()


# Data Center: what tickets show ------------------------------------------------------------------------------------


@pytest.fixture
def center(tmp_path: Path) -> Iterator[Ward]:
    with opened(tmp_path, "datacenter") as found:
        yield found


def in_status(ward: Ward, name: str) -> str:
    """A ticket that stands in a status to which it was once moved; the newest one was just made."""
    key, _ = (ward.site.as_user("agent.anna").create("Noget") for _ in range(2))
    issue = ward.site.issue(key)
    issue.status = next(s for s in ward.site.world.statuses.values() if s.name == name)
    return key


def test_data_centers_shortcut_shows_on_a_ticket_that_offers_it(center: Ward) -> None:
    center.admin.join("admin", DESK)
    assert center.amiss() == set()
    center.admin.add_step(center.admin.workflow_of(), "Genvej", ("Ny",), "I gang")
    (finding,) = [f for f in center.told() if f.code is Code.EARLY_START]
    assert '"Genvej"' in finding.what
    assert "Ada Admin tilbydes den på DUBU-" in finding.told
    assert 'projektrollen "DUBU-adapter"' in finding.next_step


def test_data_centers_missing_way_back_shows_on_a_ticket_in_work(center: Ward) -> None:
    key = in_status(center, "I gang")
    assert center.amiss() == set()
    center.admin.remove_step(center.admin.workflow_of(), "Læg tilbage til ny")
    (finding,) = {f.told for f in center.told() if f.code is Code.NO_WAY_BACK}
    assert f'fra "I gang" til "Ny" (set på {key})' in finding


def test_data_centers_statuses_without_a_ticket_are_said_not_to_have_been_looked_at(center: Ward) -> None:
    def unseen() -> str:
        return " ".join(finding.what for finding in center.told() if finding.code is Code.UNREAD)

    assert '"Godkendt"' in unseen()
    for role in (StatusRole.APPROVED, StatusRole.WORK):
        in_status(center, center.catalogue.jira.statuses[role][0])
    assert '"Godkendt"' not in unseen()


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        ("I gang", Code.EARLY_START, 'overgangen "Create" fører fra oprettelsen til "I gang"'),
        ("Godkendt", Code.OPEN_APPROVAL, 'overgangen "Create" fører til "Godkendt"'),
    ],
)
def test_data_centers_tickets_that_begin_past_the_gate_show_it(
    center: Ward, status: str, code: Code, told: str
) -> None:
    center.admin.workflow_of().initial.target = next(s for s in center.site.world.statuses.values() if s.name == status)
    key = center.site.as_user("agent.anna").create("Noget")
    (finding,) = [f for f in center.told() if f.code is code]
    assert told in finding.what
    assert key in finding.told


def test_data_centers_missing_start_is_told_where_an_approved_ticket_shows_it(center: Ward) -> None:
    in_status(center, center.catalogue.jira.statuses[StatusRole.APPROVED][0])
    center.admin.remove_step(center.admin.workflow_of(), center.catalogue.jira.steps.start)
    finding = next(f for f in center.told() if f.code is Code.WAY)
    assert finding.what == 'fra "Godkendt" tilbydes folk ingen overgang til "I gang"'


def test_data_centers_other_issue_types_in_which_work_can_start_are_told(center: Ward) -> None:
    assert Code.FOREIGN_TYPE not in center.amiss()
    jira = center.catalogue.jira
    first, *others = center.site.world.find_project(jira.project).issue_types
    assert others
    narrowed = replace(center.catalogue, jira=jira.model_copy(update={"issue_types": (first.name,)}))
    found = {f.what for f in replace(center, catalogue=narrowed).told() if f.code is Code.FOREIGN_TYPE}
    assert found
    assert all(first.name not in what for what in found)


def test_the_gates_field_may_say_either_word_that_opens_it(ward: Ward) -> None:
    wanted = ward.catalogue.jira.fields[FieldName.APPROVAL]
    options = ward.site.world.field_named(wanted.name).options
    other = next(o.id for o in options if o.value == wanted.options[ApprovalState.AWAITING])

    def weaken(document: dict[str, object]) -> None:
        for found in document["transitions"]:  # type: ignore[attr-defined]  # a document of REST v3
            if found["name"] == "Start arbejde":
                found["conditions"]["conditionGroups"][-1]["conditions"][-1]["parameters"]["fieldValue"] = (
                    f'["{other}"]'
                )

    assert ward.amiss() == set()
    ward.admin.change(ward.admin.workflow_of(), weaken)
    assert ward.amiss() == {Code.NO_SECOND_LOCK, Code.NO_START}
