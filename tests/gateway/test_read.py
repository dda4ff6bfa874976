"""A ticket is what Jira says, typed, by one GET in the ordinary case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from adapter.catalogue.model import FormAnswers
from adapter.catalogue.words import FieldName, FieldType, IssueId, IssueKey, StatusRole
from adapter.errors import Gone, OutOfReach, Refused
from adapter.ticket.snapshot import Ticket
from tests.gateway.loopback import Answer, Asked
from tests.gateway.site import API, Site, custom

CET = timezone(timedelta(hours=1))
ISSUE = IssueId("5001")


def _read(site: Site) -> Ticket:
    return site.connect().read(ISSUE)


def test_a_read_is_one_get_by_id_or_key(site: Site) -> None:
    gateway = site.connect()
    assert gateway.read(ISSUE).key == "DUBU-1"
    assert gateway.read(IssueKey("DUBU-1")).id == ISSUE
    assert [(a.method, a.path) for a in site.server.asked] == [
        ("GET", f"{API}/issue/5001"),
        ("GET", f"{API}/issue/DUBU-1"),
    ]
    assert site.server.asked[0].query["expand"] == "changelog,transitions"
    assert set(site.ids.values()) <= set(site.server.asked[0].query["fields"].split(","))


def test_what_everybody_sees_arrives_as_it_is(site: Site) -> None:
    ticket = _read(site)
    assert (ticket.summary, ticket.description) == ("Vi vil gerne have en rapport", "Til ledelsen")
    assert ticket.created == datetime(2026, 11, 23, 10, 12, 33, tzinfo=CET)
    assert ticket.status.role is StatusRole.NEW
    assert ticket.issue_type == "Serviceanmodning"
    assert ticket.moves[0].transition_id == "31"
    assert ticket.moves[0].to_status_id == site.status(StatusRole.WAITING_CUSTOMER)
    assert ticket.reporter is not None
    assert not ticket.reporter.is_agent
    assert set(ticket.fields) == set(site.catalogue.jira.fields)
    assert set(ticket.fields.values()) == {None}


@pytest.mark.parametrize(("said", "is_subtask"), [(True, True), (False, False), (None, False), ("true", False)])
def test_a_subtask_is_known_by_its_issue_type(site: Site, said: object, is_subtask: bool) -> None:
    site.issue["fields"]["issuetype"] |= {"name": "Delopgave", "subtask": said}
    assert _read(site).is_subtask is is_subtask


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        (FieldName.HOURLY_RATE, 938.98, Decimal("938.98")),
        (FieldName.HOURLY_RATE, 34000, Decimal(34000)),
        (FieldName.HOURLY_RATE, 0.1, Decimal("0.1")),
        (FieldName.HOURLY_RATE, "938,98", None),
        (FieldName.HOURLY_RATE, True, None),
        (FieldName.PRICE, "Efter aftale", "Efter aftale"),
        (FieldName.PRICE, "", None),
        (FieldName.PRICE, 5, None),
        (FieldName.AGREED_DATE, "2026-12-01", date(2026, 12, 1)),
        (FieldName.AGREED_DATE, "2026-13-01", None),
        (FieldName.REACTION_DUE, "2026-11-23T10:12:33.000+0100", datetime(2026, 11, 23, 10, 12, 33, tzinfo=CET)),
        (FieldName.REACTION_DUE, "2026-11-23T09:12:33Z", datetime(2026, 11, 23, 9, 12, 33, tzinfo=UTC)),
        (FieldName.REACTION_DUE, "2026-11-23T10:12:33+01:00", datetime(2026, 11, 23, 10, 12, 33, tzinfo=CET)),
        (FieldName.REACTION_DUE, "2026-11-23T10:12:33", None),
        (FieldName.REACTION_DUE, "0001-01-01T00:00:00.000+2300", None),
        (FieldName.PAYER, {"id": "1", "value": "Kommune"}, "Kommune"),
        (FieldName.PAYER, ["Kommune"], None),
    ],
)
def test_field_values_arrive_typed_and_what_a_type_does_not_allow_as_none(
    cloud: Site, name: FieldName, raw: object, value: object
) -> None:
    cloud.issue["fields"][cloud.ids[name]] = raw
    found = _read(cloud).fields[name]
    assert found == value
    assert type(found) is type(value)


def test_the_adapter_agents_apps_and_customers_are_told_apart(cloud: Site) -> None:
    app = cloud.user("robot", "Automation", "app")
    cloud.with_comments(*(cloud.comment(i, u) for i, u in enumerate([cloud.adapter, cloud.agent, cloud.customer, app])))
    for comment in cloud.issue["fields"]["comment"]["comments"]:
        comment["jsdPublic"] = True
    told = [(c.author.is_adapter, c.author.is_agent, c.author.is_app) for c in _read(cloud).comments]
    assert told == [(True, False, False), (False, True, False), (False, False, False), (False, False, True)]


@pytest.mark.parametrize(
    ("deployment", "written"),
    [("cloud", "accountId"), ("datacenter", "name"), ("datacenter", "NAME"), ("datacenter", "key")],
)
def test_an_account_that_the_mapping_calls_automation_is_an_app(
    make_site: Callable[..., Site], deployment: str, written: str
) -> None:
    plain = make_site(deployment)
    robot = plain.user("robot", "Automation for Jira")
    account = robot[written.lower() if written.isupper() else written]
    account = account.upper() if written.isupper() else account
    roles = plain.catalogue.jira.roles.model_copy(update={"automation": (account,)})
    site = make_site(deployment, roles=roles)
    site.server.on("GET", f"{API}/user", Answer(robot))
    site.server.on("GET", f"{API}/project/[A-Z]+/role/10360", Answer({"actors": [site.actor(robot)]}))
    site.with_comments(*(site.comment(i, u, jsdPublic=True) for i, u in enumerate([robot, site.customer])))
    site.with_history(site.entry(1, robot, _status_item(site, StatusRole.NEW, StatusRole.WORK)))
    ticket = _read(site)
    assert [c.author.is_app for c in ticket.comments] == [True, False]
    assert ticket.history[0].by.is_app


def test_nobody_is_an_app_for_having_no_account(make_site: Callable[..., Site]) -> None:
    site = make_site("datacenter")
    site.with_comments(site.comment(1, {}))
    assert not _read(site).comments[0].author.is_app


def test_members_of_the_roles_groups_are_agents_too(site: Site) -> None:
    group = {
        "type": "atlassian-group-role-actor",
        "name": "support",
        "actorGroup": {"name": "support", "groupId": "g-1"},
    }
    site.server.on("GET", f"{API}/project/[A-Z]+/role/10360", Answer({"actors": [group]}))
    asked: list[dict[str, str]] = []

    def members(request: Asked) -> Answer:
        asked.append(request.query)
        start = int(request.query["startAt"])
        everyone = [site.user(f"x{i}", "X") for i in range(3)] + [site.customer]
        return Answer({"values": everyone[start : start + 2], "isLast": start >= 2, "total": 4})

    site.server.on("GET", f"{API}/group/member", members)
    ticket = _read(site)
    assert ticket.reporter is not None
    assert ticket.reporter.is_agent
    assert len(asked) == 2
    assert asked[0].items() >= ({"groupId": "g-1"} if site.cloud else {"groupname": "support"}).items()


def test_the_service_desks_people_are_read_again_after_ten_minutes_and_kept_if_that_fails(site: Site) -> None:
    gateway = site.connect()
    role = f"{API}/project/[A-Z]+/role/10360"
    site.server.on("GET", role, Answer({"actors": [site.actor(site.customer)]}))
    assert not gateway.read(ISSUE).reporter.is_agent  # type: ignore[union-attr]  # the plain issue has one
    site.waits.append(601.0)
    assert gateway.read(ISSUE).reporter.is_agent  # type: ignore[union-attr]  # the same
    site.server.on("GET", role, Answer({}, 500))
    site.waits.append(601.0)
    assert gateway.read(ISSUE).reporter.is_agent  # type: ignore[union-attr]  # the same
    before = len(site.server.calls(path=role))
    assert gateway.read(ISSUE).reporter.is_agent  # type: ignore[union-attr]  # the same
    assert len(site.server.calls(path=role)) == before


@pytest.mark.parametrize("status", [403, 404])
def test_a_group_that_may_not_be_read_any_more_keeps_its_members_while_the_rest_is_read_again(
    site: Site, status: int
) -> None:
    groups = [
        {"type": "atlassian-group-role-actor", "name": name, "actorGroup": {"name": name, "groupId": f"g-{name}"}}
        for name in ("support", "drift")
    ]
    members = {"support": [site.customer], "drift": [site.agent]}

    def answer(asked: Asked) -> Answer:
        found = members.get(asked.query.get("groupname") or asked.query["groupId"].removeprefix("g-"))
        return Answer({}, status) if found is None else Answer({"values": found, "isLast": True, "total": len(found)})

    site.server.on("GET", f"{API}/project/[A-Z]+/role/10360", lambda _: Answer({"actors": groups}))
    site.server.on("GET", f"{API}/group/member", answer)
    site.with_comments(*(site.comment(i, u, jsdPublic=True) for i, u in enumerate([site.customer, site.agent])))
    site.server.on("GET", f"{API}/issue/5001/comment", lambda _: Answer(site.issue["fields"]["comment"]))
    gateway = site.connect()

    def agents() -> list[bool]:
        site.waits.append(601.0)
        return [c.author.is_agent for c in gateway.read(ISSUE).comments]

    assert agents() == [True, True]
    del members["support"]
    members["drift"] = []
    assert agents() == [True, False]
    assert agents() == [True, False]
    groups.pop(0)
    assert agents() == [False, False]


# comments and files ---------------------------------------------------------------------------------------------------


def test_cloud_says_at_once_whether_a_comment_is_public(cloud: Site) -> None:
    agent = cloud.agent
    cloud.with_comments(
        cloud.comment(2, agent, jsdPublic=False),
        cloud.comment(1, agent, jsdPublic=True),
        cloud.comment(3, agent, jsdPublic=True, visibility={"type": "role", "value": "Administrators"}),
    )
    assert [(c.id, c.is_public) for c in _read(cloud).comments] == [("1", True), ("2", False), ("3", False)]
    assert len(cloud.server.asked) == 1


def test_data_center_is_asked_only_when_an_agent_wrote_and_the_mark_decides(datacenter: Site) -> None:
    site = datacenter
    site.with_comments(site.comment(1, site.customer), site.comment(2, site.adapter))
    gateway = site.connect()
    assert [c.is_public for c in gateway.read(ISSUE).comments] == [None, None]
    assert len(site.server.asked) == 1
    agents = [site.comment(i, site.agent) for i in (3, 4, 5)]
    site.with_comments(*agents)
    marks: list[object] = [{"internal": True}, {"internal": "false"}, None]
    whole = [
        comment | {"properties": [{"key": "sd.public.comment", "value": mark}] if mark else []}
        for comment, mark in zip(agents, marks, strict=True)
    ]
    site.server.on("GET", f"{API}/issue/5001/comment", Answer({"comments": whole, "total": 3}))
    assert [c.is_public for c in gateway.read(ISSUE).comments] == [False, True, None]
    assert site.server.asked[-1].query["expand"] == "properties"


def test_comments_that_were_cut_off_are_read_by_pages(site: Site) -> None:
    every = [site.comment(i, site.customer, jsdPublic=True) for i in range(250)]
    site.with_comments(*every[:20], total=250)

    def page(asked: Asked) -> Answer:
        start = int(asked.query["startAt"])
        return Answer({"comments": every[start : start + 100], "total": 250, "startAt": start})

    site.server.on("GET", f"{API}/issue/5001/comment", page)
    assert {c.id for c in _read(site).comments} == {str(i) for i in range(250)}
    assert len(site.server.asked) == 4


def test_an_edited_comment_says_by_whom(site: Site) -> None:
    edited = site.comment(1, site.customer, jsdPublic=True, updated="2026-11-23T12:00:00.000+0100")
    site.with_comments(edited | {"updateAuthor": site.agent}, site.comment(2, site.customer, jsdPublic=True))
    first, second = _read(site).comments
    assert first.edited_by == (site.agent["accountId"] if site.cloud else site.agent["key"])
    assert first.updated == datetime(2026, 11, 23, 12, tzinfo=CET)
    assert second.edited_by is None


def test_attachments_arrive_oldest_first_with_their_address(site: Site) -> None:
    file = {
        "id": 10000,
        "filename": "mail.eml",
        "author": site.customer,
        "created": "2026-11-23T12:00:00.000+0100",
        "size": 23123,
        "mimeType": "message/rfc822",
        "content": f"{site.server.url}/secure/attachment/10000/mail.eml",
    }
    older = file | {"id": "9", "created": "2026-11-22T12:00:00.000+0100", "author": None}
    site.issue["fields"]["attachment"] = [file, older, {"id": "7", "created": "i går"}]
    first, second = _read(site).attachments
    assert (first.id, first.author.account) == ("9", "")
    assert (second.id, second.size, second.mime_type) == ("10000", 23123, "message/rfc822")
    assert second.url.endswith("/secure/attachment/10000/mail.eml")


def test_transitions_that_the_account_may_not_make_are_no_moves(site: Site) -> None:
    site.issue["transitions"][0]["isAvailable"] = False
    assert _read(site).moves == ()


# history --------------------------------------------------------------------------------------------------------------


def _status_item(site: Site, before: StatusRole, after: StatusRole, **more: object) -> dict[str, object]:
    names = site.catalogue.jira.statuses
    item: dict[str, object] = {"field": "status", "fieldtype": "jira"}
    item |= {"from": site.status(before), "to": site.status(after)}
    item |= {"fromString": names[before][0], "toString": names[after][0], **more}
    return item | ({"fieldId": "status"} if site.cloud else {})


def _field_item(site: Site, name: FieldName, **more: object) -> dict[str, object]:
    item: dict[str, object] = {"field": site.catalogue.jira.fields[name].name, "fieldtype": "custom", **more}
    return item | ({"fieldId": site.ids[name]} if site.cloud else {})


def test_status_changes_come_oldest_first_with_who_and_roles(site: Site) -> None:
    there = _status_item(site, StatusRole.NEW, StatusRole.WORK)
    back = _status_item(site, StatusRole.WORK, StatusRole.WAITING_CUSTOMER)
    site.with_history(site.entry(2, site.adapter, back), site.entry(1, site.agent, there))
    first, second = _read(site).history
    assert (first.before.role, first.after.role) == (StatusRole.NEW, StatusRole.WORK)
    assert first.by.is_agent
    assert second.by.is_adapter
    assert first.at < second.at


def test_changes_of_one_moment_come_by_their_numbers_and_others_by_their_time(site: Site) -> None:
    def entry(number: int, at: str, said: str) -> dict[str, object]:
        item = _field_item(site, FieldName.PRICE, **{"from": None, "to": None}, toString=said)
        return site.entry(number, site.customer, item) | {"created": f"2026-11-23T{at}:00.000+0100"}

    site.with_history(entry(12, "10:00", "3"), entry(9, "10:00", "2"), entry(20, "09:00", "1"), entry(1, "11:00", "4"))
    assert [c.after for c in _read(site).field_history] == ["1", "2", "3", "4"]


def test_a_translated_status_field_is_known_by_its_ids_and_names(datacenter: Site) -> None:
    site = datacenter
    translated = _status_item(site, StatusRole.NEW, StatusRole.WORK, field="Tilstand")
    priority = {"field": "priority", "fieldtype": "jira", "from": site.status(StatusRole.NEW), "fromString": "Høj"}
    priority |= {"to": site.status(StatusRole.WORK), "toString": "Lav"}
    site.with_history(site.entry(1, site.agent, translated, priority))
    (change,) = _read(site).history
    assert change.after.role is StatusRole.WORK


def test_a_status_of_another_project_is_other(site: Site) -> None:
    item = _status_item(site, StatusRole.NEW, StatusRole.WORK) | {"from": "9999", "fromString": "Backlog"}
    site.with_history(site.entry(1, site.agent, item))
    (change,) = _read(site).history
    assert (change.before.id, change.before.name, change.before.role) == ("9999", "Backlog", StatusRole.OTHER)


def test_the_status_item_of_a_tickets_creation_is_no_change(site: Site) -> None:
    item = _status_item(site, StatusRole.NEW, StatusRole.NEW) | {"from": None, "fromString": None}
    site.with_history(site.entry(1, site.agent, item))
    assert _read(site).history == ()


@pytest.mark.parametrize(
    ("name", "item", "value"),
    [
        (FieldName.PAYER, {"to": "10501", "toString": "Kommune"}, "Kommune"),
        (FieldName.PAYER, {"to": None, "toString": None}, None),
        (FieldName.PRICE, {"to": None, "toString": "34.000"}, "34.000"),
        (FieldName.OFFERED_PRICE, {"to": None, "toString": "28169.4"}, Decimal("28169.4")),
        (FieldName.OFFERED_PRICE, {"to": None, "toString": "28.169,40"}, "28.169,40"),
        (FieldName.OFFERED_PRICE, {"to": None, "toString": "NaN"}, "NaN"),
        (FieldName.OFFERED_PRICE, {"to": None, "toString": ""}, None),
        (FieldName.AGREED_DATE, {"to": "2026-12-01", "toString": "01/dec/26"}, date(2026, 12, 1)),
        (FieldName.AGREED_DATE, {"to": None, "toString": "01/dec/26"}, "01/dec/26"),
        (
            FieldName.REACTION_DUE,
            {"to": "2026-11-23T10:12:33+0100", "toString": "23/nov/26 10:12"},
            datetime(2026, 11, 23, 10, 12, 33, tzinfo=CET),
        ),
        (FieldName.REACTION_DUE, {"to": "", "toString": "23/nov/26 10:12"}, "23/nov/26 10:12"),
    ],
)
def test_changes_of_fields_have_the_types_of_fields(
    site: Site, name: FieldName, item: dict[str, object], value: object
) -> None:
    site.with_history(site.entry(1, site.customer, _field_item(site, name, **{"from": None}, fromString=None, **item)))
    (change,) = _read(site).field_history
    assert change.field is name
    assert (change.before, change.after) == (None, value)
    assert type(change.after) is type(value)


def test_a_ticket_that_was_moved_here_tells_when(site: Site) -> None:
    """A move writes the project and the key; the last one counts."""
    moved = {"field": "project", "fieldtype": "jira", "from": "1", "to": "2", "fromString": "ITS", "toString": "DUBU"}
    assert _read(site).joined is None
    site.with_history(site.entry(7, site.agent, moved), site.entry(3, site.agent, moved))
    assert _read(site).joined == datetime(2026, 11, 23, 11, 7, tzinfo=UTC)


def test_a_renamed_option_is_told_in_the_changelog_as_it_is_called_now(site: Site) -> None:
    before, after = (site.catalogue.label(FieldName.PAYER, meaning) for meaning in ("afklares", "kommune"))
    ends = {"from": site.option_id(FieldName.PAYER, before), "to": site.option_id(FieldName.PAYER, after)}
    item = _field_item(site, FieldName.PAYER, **ends, fromString="Ved ikke", toString="Kommunen selv")
    site.with_history(site.entry(1, site.customer, item))
    site.issue["fields"][site.ids[FieldName.PAYER]] = site.option(FieldName.PAYER, after)
    ticket = _read(site)
    (change,) = ticket.field_history
    assert (change.before, change.after) == (before, after)
    assert change.after == ticket.fields[FieldName.PAYER]


def test_an_option_that_was_renamed_since_the_start_is_called_as_on_the_ticket(site: Site) -> None:
    label = site.catalogue.label(FieldName.PAYER, "kommune")
    option = site.option(FieldName.PAYER, label)
    item = _field_item(site, FieldName.PAYER, **{"from": None, "to": option["id"]}, fromString=None, toString=label)
    site.with_history(site.entry(1, site.customer, item))
    gateway = site.connect()
    site.issue["fields"][site.ids[FieldName.PAYER]] = option | {"value": "Kommunen selv"}
    ticket = gateway.read(ISSUE)
    assert ticket.field_history[0].after == ticket.fields[FieldName.PAYER] == "Kommunen selv"


def test_an_option_that_is_not_known_keeps_the_name_it_had(site: Site) -> None:
    item = _field_item(site, FieldName.PAYER, **{"from": "1", "to": None}, fromString="Staten", toString=None)
    site.with_history(site.entry(1, site.customer, item))
    (change,) = _read(site).field_history
    assert (change.before, change.after) == ("Staten", None)


def test_changes_of_other_fields_are_left_out(site: Site) -> None:
    other = {"field": "Sprint", "fieldtype": "custom", "fieldId": "customfield_1", "toString": "x"}
    own_name = {"field": site.catalogue.jira.fields[FieldName.PRICE].name, "fieldtype": "jira", "toString": "x"}
    site.with_history(site.entry(1, site.customer, other, own_name), {"created": "i går", "items": [own_name]})
    assert _read(site).field_history == ()


def test_a_changelog_that_was_cut_off_is_read_by_pages(site: Site) -> None:
    every = [
        site.entry(i, site.agent, _field_item(site, FieldName.PRICE, **{"from": None, "to": None}, toString=str(i)))
        for i in range(150)
    ]
    site.with_history(*every[-100:], total=150)

    def page(asked: Asked) -> Answer:
        start = int(asked.query["startAt"])
        return Answer({"values": every[start : start + 100], "total": 150, "isLast": start == 100})

    site.server.on("GET", f"{API}/issue/5001/changelog", page)
    assert len(_read(site).field_history) == 150
    assert len(site.server.asked) == 3


# service desk ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "name"),
    [({"requestType": {"id": "7", "name": "Robotter"}}, "Robotter"), ("dubu/robotter", "dubu/robotter"), (None, None)],
)
def test_the_request_type_is_known_by_its_name(site: Site, raw: object, name: str | None) -> None:
    site.issue["fields"]["customfield_10050"] = raw
    assert _read(site).request_type == name


def test_organisations_are_known_by_their_names(site: Site) -> None:
    site.issue["fields"]["customfield_10051"] = [{"id": "1", "name": "Herning Kommune"}, "Aarhus Kommune", {}]
    assert _read(site).organisations == ("Herning Kommune", "Aarhus Kommune")


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ({"id": "1", "value": "Robot"}, {"Ydelse": "Robot"}),
        ([{"value": "Robot"}, {"name": "Udtræk"}, ["?"]], {"Ydelse": "Robot, Udtræk"}),
        ({"value": "Robot", "child": {"value": "Ny"}}, {"Ydelse": "Robot - Ny"}),
        ("Robot", {"Ydelse": "Robot"}),
        (1.5, {"Ydelse": "1.5"}),
        (30.0, {"Ydelse": "30"}),
        (0.0, {"Ydelse": "0"}),
        (1e300, {"Ydelse": "1" + "0" * 300}),
        ("2026-12-01", {"Ydelse": "2026-12-01"}),
        (None, {}),
    ],
)
def test_form_answers_are_what_people_see(make_site: Callable[..., Site], raw: object, answer: dict[str, str]) -> None:
    form = FormAnswers.model_validate({"felt": "Ydelse", "svar": {"Robot": "K7"}})
    site = make_site("cloud", form_answers=(form,))
    site.fields.append(custom("customfield_10900", "Ydelse", FieldType.TEXT))
    site.server.on("GET", f"{API}/search/jql", Answer({"issues": []}))
    site.issue["fields"]["customfield_10900"] = raw
    assert _read(site).form_answers == answer


def test_questions_and_checklists_are_read_with_the_ticket_by_the_one_get(site: Site) -> None:
    """K3, R22: as texts, and those that are empty are left out."""
    site.issue["fields"][site.answers["Hvem lavede fejlen"]] = {"id": "1", "value": "Kommunen"}
    site.issue["fields"][site.answers["Certifikat Subject"]] = "C=DK, O=Eksempel"
    site.issue["fields"][site.answers["Hvem opretter"]] = None
    ticket = _read(site)
    assert ticket.form_answers == {"Hvem lavede fejlen": "Kommunen", "Certifikat Subject": "C=DK, O=Eksempel"}
    (get,) = site.server.asked
    assert set(site.answers.values()) | {"timespent"} <= set(get.query["fields"].split(","))


@pytest.mark.parametrize(("raw", "seconds"), [(5400, 5400), (None, 0), (-1, 0), ("5400", 0), (True, 0)])
def test_the_time_that_was_logged_is_read_in_seconds(site: Site, raw: object, seconds: int) -> None:
    """R19."""
    site.issue["fields"]["timespent"] = raw
    assert _read(site).seconds_spent == seconds


# what is not there ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_ticket_that_is_not_there_is_gone(site: Site, status: int) -> None:
    gateway = site.connect()
    site.server.on("GET", f"{API}/issue/5001", Answer({"errorMessages": ["hemmelig tekst"]}, status))
    with pytest.raises(Gone) as caught:
        gateway.read(ISSUE)
    assert "hemmelig" not in str(caught.value)


def test_a_ticket_that_may_not_be_read_is_refused(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", f"{API}/issue/5001", Answer({}, 403))
    with pytest.raises(Refused) as caught:
        gateway.read(ISSUE)
    assert caught.value.status == 403


def test_a_token_that_is_revoked_while_running_loses_no_ticket(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", f"{API}/issue/5001", Answer({}, 401))
    with pytest.raises(OutOfReach, match="token"):
        gateway.read(ISSUE)


@pytest.mark.parametrize("path", [("id",), ("key",), ("fields", "status"), ("fields", "created"), ("fields",)])
def test_an_answer_that_lacks_what_a_ticket_needs_says_what(site: Site, path: tuple[str, ...]) -> None:
    gateway = site.connect()
    holder = site.issue if len(path) == 1 else site.issue[path[0]]
    del holder[path[-1]]
    with pytest.raises(Refused, match="lacks"):
        gateway.read(ISSUE)


@pytest.mark.parametrize("body", [b"<html>", b"\xff\xfe", b"[" * 100_000, b'{"id": ' + b"9" * 5000 + b"}"])
def test_what_is_no_json_is_tried_again_later(site: Site, body: bytes) -> None:
    gateway = site.connect()
    site.server.on("GET", f"{API}/issue/5001", Answer(body))
    with pytest.raises(OutOfReach, match="not JSON"):
        gateway.read(ISSUE)


def test_an_empty_answer_is_no_ticket(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", f"{API}/issue/5001", Answer(b""))
    with pytest.raises(Refused):
        gateway.read(ISSUE)
