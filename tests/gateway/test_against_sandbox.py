"""The gateway against a whole site, as the look loop uses it: Cloud and Data Center, with faults on the line."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal

import pytest

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import CategoryId, CommentId, FieldName, IssueId, IssueKey, SiteName, StatusRole
from adapter.errors import ConfigurationError, Gone, Refused
from adapter.gateway.gateway import Gateway
from adapter.gateway.retry import Patience
from adapter.rules.comment import MARKER, status_comment
from adapter.rules.plan import AddPeople, MoveTo, SetFields, Setting, WriteNotice, WriteStatusComment
from adapter.settings import SiteSettings
from adapter.ticket.snapshot import Person, Ticket
from tests.sandbox.faults import Fault, Trouble
from tests.sandbox.site import Sandbox

EML = b"From: mette@aarhus.dk\r\nSubject: SV: DUBU-1\r\n\r\nGodkendt\r\n" + bytes(range(256))
BODY = "Kategori: Robotter\nMangler: tilbud"


@dataclass
class Place:
    """A site with a gateway and one ticket on it."""

    site: Sandbox
    catalogue: Catalogue
    gateway: Gateway
    key: IssueKey

    def ticket(self) -> Ticket:
        return self.gateway.read(self.key)

    def name(self, field: FieldName) -> str:
        return self.catalogue.jira.fields[field].name

    def status(self, role: StatusRole) -> str:
        return self.catalogue.jira.statuses[role][0]

    def set(self, field: FieldName, value: object) -> None:
        self.gateway.carry_out(self.ticket(), SetFields((Setting(field, value, "R1"),)))  # type: ignore[arg-type]  # a Value


def _settings(site: Sandbox, **changes: object) -> SiteSettings:
    user, token = site.login()
    return replace(SiteSettings(SiteName("dubu"), site.url, user, token, ()), **changes)  # type: ignore[arg-type]  # fields


@pytest.fixture(scope="module", params=["cloud", "datacenter"])
def sandbox(request: pytest.FixtureRequest, catalogue: Catalogue) -> Iterator[tuple[Sandbox, Catalogue]]:
    jira = catalogue.jira.model_copy(update={"deployment": request.param})
    with Sandbox.start(replace(catalogue, jira=jira)) as site:
        yield site, replace(catalogue, jira=jira)


@pytest.fixture
def place(sandbox: tuple[Sandbox, Catalogue]) -> Iterator[Place]:
    site, catalogue = sandbox
    gateway = Gateway.connect(_settings(site), catalogue, patience=Patience(sleep=lambda _: None))
    key = site.as_user("kunde.aarhus").create("Robot", "Vi vil have en robot", request_type="Robotter")
    yield Place(site, catalogue, gateway, IssueKey(key))
    site.faults.clear()
    site.world.rewrites_comments = False
    assert site.violations == []


def test_the_shipped_mapping_fits_the_site_and_only_the_unnamed_status_is_warned_of(place: Place) -> None:
    (warning,) = place.gateway.warnings
    assert "nævnes ikke" in warning
    assert re.match(r".*jira\.yaml:\d+:\d+: ", warning)


def test_a_new_ticket_arrives_whole_by_one_get(place: Place) -> None:
    place.site.requests.clear()
    ticket = place.ticket()
    assert [(a.method, a.path) for a in place.site.requests.by("adapter")] == [
        ("GET", f"/rest/api/2/issue/{place.key}")
    ]
    assert ticket.key == place.key
    assert ticket.request_type == "Robotter"
    assert ticket.status.role is StatusRole.NEW
    assert ticket.reporter is not None
    assert not ticket.reporter.is_agent
    assert set(ticket.fields.values()) == {None}


def test_a_subtask_says_that_it_is_one(place: Place) -> None:
    assert place.ticket().is_subtask is False
    kind = place.site.issue(place.key).issue_type
    kind.subtask = True
    try:
        assert place.ticket().is_subtask is True
    finally:
        kind.subtask = False


def test_each_action_is_one_call(place: Place) -> None:
    ticket = place.ticket()
    place.site.requests.clear()
    place.gateway.carry_out(ticket, SetFields((Setting(FieldName.PRICE, "34.000", "R1"),)))
    place.gateway.carry_out(ticket, WriteStatusComment(BODY, None))
    place.gateway.carry_out(ticket, MoveTo(StatusRole.WAITING_CUSTOMER, "R8", "offer_sent"))
    assert [a.method for a in place.site.requests.by("adapter")] == ["PUT", "POST", "POST"]


def test_what_is_written_is_what_is_read(place: Place) -> None:
    due = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    wanted: dict[FieldName, object] = {
        FieldName.PAYER: place.catalogue.label(FieldName.PAYER, "kommune"),
        FieldName.CATEGORY: place.catalogue.services.categories["K7"].name,  # type: ignore[index]  # ids are texts
        FieldName.PRICE: "Efter aftale",
        FieldName.HOURLY_RATE: Decimal("938.98"),
        FieldName.AGREED_DATE: date(2026, 12, 1),
        FieldName.REACTION_DUE: due,
    }
    settings = tuple(Setting(name, value, "R1") for name, value in wanted.items())  # type: ignore[arg-type]  # Values
    place.gateway.carry_out(place.ticket(), SetFields(settings))
    ticket = place.ticket()
    assert {name: ticket.fields[name] for name in wanted} == wanted
    changes = {c.field: c for c in ticket.field_history}
    assert {name: changes[name].after for name in wanted} == wanted
    assert all(c.by.is_adapter and c.before is None for c in changes.values())


def test_an_option_renamed_in_jira_and_mapping_changes_no_ticket(place: Place) -> None:
    jira = place.catalogue.jira
    payer = jira.fields[FieldName.PAYER]
    place.set(FieldName.PAYER, payer.options["kommune"])
    place.set(FieldName.PAYER, payer.options["kombit"])
    options = place.site.world.field_named(payer.name).options
    option = next(o for o in options if o.value == payer.options["kommune"])
    option.value = "Kommunen selv"
    renamed = payer.model_copy(update={"options": {**payer.options, "kommune": option.value}})
    catalogue = replace(
        place.catalogue, jira=jira.model_copy(update={"fields": {**jira.fields, FieldName.PAYER: renamed}})
    )
    try:
        ticket = Gateway.connect(_settings(place.site), catalogue).read(place.key)
    finally:
        option.value = payer.options["kommune"]
    first, second = ticket.field_history
    assert first.after == second.before == "Kommunen selv"


def test_a_file_of_the_adapters_is_attached_once_whatever_breaks_on_the_line(place: Place) -> None:
    for i, fault in enumerate(TROUBLES):
        place.site.faults.clear()
        met = place.site.faults.add(replace(fault, method="POST", met=0))
        made = place.gateway.attach(place.ticket(), f"Tilbud æøå {i}.eml", EML)
        assert met.met == fault.times
        attachment = place.ticket().attachments[-1]
        assert (attachment.id, attachment.filename, attachment.author.is_adapter) == (made, f"Tilbud æøå {i}.eml", True)
        assert place.gateway.download(attachment, 10_000) == EML
        assert place.gateway.attach(place.ticket(), attachment.filename, EML) is None
    assert len(place.ticket().attachments) == len(TROUBLES)


def test_a_notice_is_written_once_although_jira_rewrites_it(place: Place) -> None:
    place.site.world.rewrites_comments = True
    notice = WriteNotice("*Uenighed – 23-11-2026*", "*Uenighed – 23-11-2026*\n\n- Arbejdet venter", "R14")
    place.site.faults.add(Fault(Trouble.CUT_AFTER, times=1, method="POST"))
    for _ in range(3):
        place.gateway.carry_out(place.ticket(), notice)
    (comment,) = place.site.comments(place.key)
    assert comment.internal is True


def test_the_answer_to_a_question_comes_with_the_ticket(place: Place) -> None:
    """K1."""
    place.site.as_user("agent.anna").edit(place.key, {"Hvem opretter": "Leverandøren"})
    assert place.ticket().form_answers["Hvem opretter"] == "Leverandøren"


def test_logged_work_is_read_whole_and_its_sum_comes_with_the_ticket(place: Place) -> None:
    """R19."""
    agent = place.site.as_user("agent.anna")
    started = datetime(2026, 11, 23, 9, tzinfo=UTC)
    for hours in range(3):
        agent.log_work(place.key, Decimal("0.5"), started - timedelta(hours=hours))
    ticket = place.ticket()
    logged = place.gateway.worklogs(ticket.id)
    assert [(w.started, w.seconds) for w in logged] == [(started - timedelta(hours=h), 1800) for h in (2, 1, 0)]
    assert ticket.seconds_spent == 5400


@pytest.mark.parametrize("added_as", ["deltagere", "overvågere"])
def test_owners_are_brought_onto_the_ticket_once_however_often_that_is_asked(
    place: Place, added_as: Literal["deltagere", "overvågere"]
) -> None:
    """R14."""

    def account(handle: str) -> str:
        return place.site.user(handle).account_id if place.site.world.cloud else handle

    owners = (account("agent.anna"), "ukendt", account("agent.bo"))
    for _ in range(2):
        place.site.faults.add(Fault(Trouble.CUT_AFTER, times=1, method="POST"))
        with pytest.raises(Refused, match=r"parter\.yaml.*") as caught:
            place.gateway.carry_out(place.ticket(), AddPeople(owners, added_as))
        assert "ukendt" in str(caught.value)
        assert account("agent.bo") not in str(caught.value)
    adapter = place.site.as_user("adapter")
    there = adapter.participants(place.key) if added_as == "deltagere" else adapter.watchers(place.key)
    assert sorted(there) == ["agent.anna", "agent.bo"]


def _accept(place: Place, handle: str) -> Person:
    """Takes the ticket to where KOMBIT's acceptance lands, and tells who did as the gateway sees them."""
    if place.ticket().status.role is StatusRole.NEW:
        place.site.as_user("agent.anna").move(place.key, place.status(StatusRole.WAITING_CUSTOMER))
    place.site.as_user(handle).move(place.key, place.status(StatusRole.KOMBIT_ACCEPTED))
    return place.ticket().history[-1].by


def _invite(place: Place, handle: str) -> None:
    """KOMBIT sees the ticket on the portal."""
    organisation = place.catalogue.parties.kombit.name
    place.site.as_user("agent.anna").edit(place.key, {"Organizations": [organisation]})


@pytest.mark.parametrize(("handle", "is_kombit"), [("kombit.karen", True), ("kombit.kim", True), ("agent.bo", False)])
def test_kombits_own_people_are_known_and_no_agent_is_one_of_them(place: Place, handle: str, is_kombit: bool) -> None:
    """R18."""
    _invite(place, handle)
    assert _accept(place, handle).is_kombit is is_kombit


def test_a_kombit_user_added_today_is_known_when_they_accept(place: Place) -> None:
    """R18."""
    organisation = next(o for o in place.site.world.organisations.values() if o.name == "KOMBIT")
    gerda = place.site.user("kombit.gerda").account_id
    _invite(place, "kombit.gerda")
    organisation.members.add(gerda)
    try:
        assert _accept(place, "kombit.gerda").is_kombit
    finally:
        organisation.members.discard(gerda)


def test_kombits_people_are_known_by_their_group_too(place: Place) -> None:
    """R18."""
    kombit = place.catalogue.parties.kombit.model_copy(update={"groups": ("kombit-godkendere",)})
    parties = place.catalogue.parties.model_copy(update={"kombit": kombit})
    gateway = Gateway.connect(_settings(place.site), replace(place.catalogue, parties=parties))
    place.site.as_user("agent.anna").edit(place.key, {"Request participants": ["kombit.gerda"]})
    _accept(place, "kombit.gerda")
    assert gateway.read(place.key).history[-1].by.is_kombit
    assert not place.ticket().history[-1].by.is_kombit


def test_orders_of_setups_are_found_whoever_pays_and_closed_ones_too(place: Place) -> None:
    """R16."""
    rows = place.catalogue.services.categories
    for category, payer in [("K9", "kommune"), ("K9", "kombit"), ("K7", "kombit")]:
        place.set(FieldName.CATEGORY, rows[CategoryId(category)].name)
        place.set(FieldName.PAYER, place.catalogue.label(FieldName.PAYER, payer))
        assert (place.ticket().id in set(place.gateway.setups())) is (category == "K9")
    place.set(FieldName.CATEGORY, rows[CategoryId("K9")].name)
    place.site.as_user("kunde.aarhus").move(place.key, place.catalogue.jira.statuses[StatusRole.CANCELLED][-1])
    assert place.ticket().id in set(place.gateway.setups())


def test_a_ticket_that_once_ordered_a_setup_is_found_by_the_solution_it_names(place: Place) -> None:
    """R16: its category may have been changed after KOMBIT's setup was under way."""
    place.set(FieldName.CATEGORY, place.catalogue.services.categories[CategoryId("K7")].name)
    assert place.ticket().id not in set(place.gateway.setups())
    place.set(FieldName.SOLUTION, "Fagsystem X")
    assert place.ticket().id in set(place.gateway.setups())


def test_emptied_fields_are_empty_and_the_changelog_says_so(place: Place) -> None:
    place.set(FieldName.OFFERED_PRICE, Decimal(34000))
    place.set(FieldName.OFFERED_PRICE, None)
    ticket = place.ticket()
    assert ticket.fields[FieldName.OFFERED_PRICE] is None
    assert [(c.before, c.after) for c in ticket.field_history] == [(None, Decimal(34000)), (Decimal(34000), None)]


def test_people_are_told_apart(place: Place) -> None:
    for handle in ("agent.anna", "agent.bo", "kunde.aarhus", "adapter"):
        place.site.as_user(handle).comment(place.key, f"Hilsen {handle}")
    told = [(c.author.is_agent, c.author.is_adapter) for c in place.ticket().comments]
    assert told[0] == told[1] == (True, False)
    assert told[2] == (False, False)
    assert told[3][1] is True


def test_an_automation_account_of_the_mapping_is_known_on_both_kinds_of_jira(place: Place) -> None:
    robot = place.site.user("agent.bo")
    account = robot.account_id if place.site.world.cloud else robot.handle
    jira = place.catalogue.jira
    roles = jira.roles.model_copy(update={"automation": (account,)})
    catalogue = replace(place.catalogue, jira=jira.model_copy(update={"roles": roles}))
    for handle in ("agent.anna", "agent.bo"):
        place.site.as_user(handle).comment(place.key, "Hej")
    ticket = Gateway.connect(_settings(place.site), catalogue).read(place.key)
    assert [c.author.is_app for c in ticket.comments] == [False, True]


def test_an_agents_comment_is_known_as_public_or_internal(place: Place) -> None:
    anna = place.site.as_user("agent.anna")
    anna.comment(place.key, "intern", internal=True)
    anna.comment(place.key, "åben")
    internal, public = place.ticket().comments
    assert internal.is_public is False
    assert public.is_public is not False


def test_files_come_byte_for_byte_and_never_beyond_the_limit(place: Place) -> None:
    place.site.as_user("agent.anna").attach(place.key, "Godkendelse æøå.eml", EML, "message/rfc822")
    (attachment,) = place.ticket().attachments
    assert (attachment.filename, attachment.size) == ("Godkendelse æøå.eml", len(EML))
    assert place.gateway.download(attachment, 10_000) == EML
    with pytest.raises(Refused):
        place.gateway.download(replace(attachment, size=1), len(EML) - 1)


def test_an_early_start_is_put_back_and_both_moves_are_told(place: Place) -> None:
    place.site.as_user("agent.anna").move(place.key, place.status(StatusRole.WORK))
    place.gateway.carry_out(place.ticket(), MoveTo(StatusRole.NEW, "R10", "no_approval"))
    assert place.site.status(place.key) == place.status(StatusRole.NEW)
    started, back = place.ticket().history
    assert (started.after.role, back.after.role) == (StatusRole.WORK, StatusRole.NEW)
    assert started.by.is_agent
    assert back.by.is_adapter


def test_a_move_that_the_workflow_lacks_is_refused_by_name(place: Place) -> None:
    place.site.as_user("kunde.aarhus").move(place.key, place.catalogue.jira.statuses[StatusRole.CANCELLED][0])
    with pytest.raises(Refused, match=place.status(StatusRole.APPROVED)):
        place.gateway.carry_out(place.ticket(), MoveTo(StatusRole.APPROVED, "R9", "approved"))


def test_there_is_one_status_comment_internal_and_written_over(place: Place) -> None:
    place.gateway.carry_out(place.ticket(), WriteStatusComment(BODY, None))
    (first,) = place.ticket().comments
    place.gateway.carry_out(place.ticket(), WriteStatusComment("Nyt", first.id))
    (kept,) = place.site.comments(place.key)
    assert (kept.body, kept.internal) == ("Nyt", True)
    place.site.as_user("admin").delete_comment(place.key, kept.id)
    place.gateway.carry_out(place.ticket(), WriteStatusComment("Igen", CommentId(kept.id)))
    (anew,) = place.site.comments(place.key)
    assert (anew.body, anew.internal) == ("Igen", True)


STATUS = f"*{MARKER}*\n\nMangler  tilbud fra den 23-11-2026 \n- Kategori: Robotter\n* Pris: 34.000\n"


def test_a_status_comment_that_jira_gives_back_changed_comes_to_rest(place: Place) -> None:
    place.site.world.rewrites_comments = True
    action = status_comment(place.ticket(), STATUS)
    assert action is not None
    place.gateway.carry_out(place.ticket(), action)
    (kept,) = place.ticket().comments
    assert kept.body != action.body
    assert status_comment(place.ticket(), STATUS) is None


def test_a_comment_that_jira_changed_is_known_as_the_one_whose_answer_was_lost(place: Place) -> None:
    place.site.world.rewrites_comments = True
    met = place.site.faults.add(Fault(Trouble.CUT_AFTER, times=1, method="POST"))
    place.gateway.carry_out(place.ticket(), WriteStatusComment(STATUS, None))
    assert met.met == 1
    assert len(place.site.comments(place.key)) == 1


TROUBLES = [
    Fault(Trouble.CUT_AFTER, times=1),
    Fault(Trouble.CUT_BEFORE, times=1),
    Fault(Trouble.BROKEN_AFTER, times=1),
    Fault(Trouble.BROKEN, times=2, status=502, retry_after=None),
    Fault(Trouble.BUSY, times=1, retry_after=2),
    Fault(Trouble.BUSY, times=1, retry_after=2, as_date=True),
]


@pytest.mark.parametrize("fault", TROUBLES, ids=lambda f: f"{f.trouble}-{'date' if f.as_date else f.status}")
def test_whatever_breaks_on_the_line_each_write_is_done_exactly_once(place: Place, fault: Fault) -> None:
    ticket = place.ticket()
    for method, action in [
        ("PUT", SetFields((Setting(FieldName.PRICE, "34.000", "R1"),))),
        ("POST", WriteStatusComment(BODY, None)),
        ("POST", MoveTo(StatusRole.WAITING_CUSTOMER, "R8", "offer_sent")),
    ]:
        place.site.faults.clear()
        met = place.site.faults.add(replace(fault, method=method, met=0))
        place.gateway.carry_out(ticket, action)  # type: ignore[arg-type]  # one of three
        assert met.met == fault.times
    after = place.ticket()
    assert after.fields[FieldName.PRICE] == "34.000"
    assert [c.body for c in after.comments] == [BODY]
    assert [c.after.role for c in after.history] == [StatusRole.WAITING_CUSTOMER]


def test_a_deleted_ticket_is_gone(place: Place) -> None:
    ticket = place.ticket()
    place.site.as_user("admin").delete(place.key)
    with pytest.raises(Gone):
        place.gateway.read(ticket.id)
    with pytest.raises(Gone):
        place.gateway.carry_out(ticket, WriteStatusComment(BODY, None))


def test_a_ticket_that_moved_away_says_its_new_project(place: Place) -> None:
    ticket = place.ticket()
    place.site.as_user("admin").move_to_project(place.key, "ANDET")
    with contextlib.suppress(Gone):  # where the adapter may not see that project, which is as good
        assert place.gateway.read(ticket.id).project == "ANDET"


def test_changed_and_open_tickets_are_found(place: Place) -> None:
    since = place.ticket().updated - timedelta(seconds=1)
    mine = place.ticket().id
    found = dict(place.gateway.changed_since(since))
    assert found[mine] == place.ticket().updated
    assert mine not in dict(place.gateway.changed_since(datetime.now(UTC) + timedelta(hours=1)))
    assert mine in set(place.gateway.open_tickets())
    place.site.as_user("kunde.aarhus").move(place.key, place.catalogue.jira.statuses[StatusRole.CANCELLED][0])
    assert mine not in set(place.gateway.open_tickets())


def test_a_sweep_of_many_tickets_costs_pages(place: Place) -> None:
    customer = place.site.as_user("kunde.odense")
    keys = [customer.create(f"Sag {i}", request_type="Robotter") for i in range(120)]
    ids = {IssueId(place.site.issue(key).id) for key in keys}
    assert ids <= set(place.gateway.open_tickets())


def test_a_wrong_token_and_a_closed_account_are_configuration(sandbox: tuple[Sandbox, Catalogue]) -> None:
    site, catalogue = sandbox
    with pytest.raises(ConfigurationError, match="DUBU_DUBU_JIRA_TOKEN"):
        Gateway.connect(_settings(site, token="wrong"), catalogue)


def test_a_customers_account_is_told_what_it_lacks(sandbox: tuple[Sandbox, Catalogue]) -> None:
    site, catalogue = sandbox
    user, token = site.login("fremmed")
    with pytest.raises(ConfigurationError, match="projekt"):
        Gateway.connect(_settings(site, user=user, token=token), catalogue)
    site.forgive()
