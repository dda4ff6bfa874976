"""The sandbox treats tickets, fields, changelog and workflow as Jira does, on Cloud and on Data Center."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox import JiraError, Sandbox, default_seed
from tests.sandbox.client import Rest
from tests.sandbox.records import Kind
from tests.sandbox.seed import SeedField


@pytest.fixture(params=["cloud", "datacenter"])
def site(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox.start(default_seed(request.param)) as running:
        yield running


@pytest.fixture
def cloud() -> Iterator[Sandbox]:
    with Sandbox.start() as running:
        yield running


def field_id(site: Sandbox, name: str) -> str:
    return site.world.field_named(name).id


def put(site: Sandbox, key: str, fields: dict[str, Any], handle: str = "adapter") -> tuple[int, dict[str, str]]:
    with Rest(site, handle) as rest:
        answer = rest.put(f"issue/{key}", json={"fields": fields})
        return answer.status_code, answer.json()["errors"] if answer.content else {}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("Kategori", {"value": "Findes ikke"}, "Option value 'Findes ikke' is not valid"),
        ("Kategori", {"name": "Robotter"}, "Option id 'null' is not valid"),
        ("Kategori", {"id": "1"}, "Option id '1' is not valid"),
        ("Kategori", "Robotter", "Specify a valid 'id' or 'name' for Kategori"),
        ("Timepris", "938,98", "Operation value must be a number"),
        ("Timepris", True, "Operation value must be a number"),
        ("Betalende part", 7, "Operation value must be a string"),
        ("Betalende part", "x" * 256, "The entered text is too long. It exceeds the allowed limit of 255 characters."),
        ("Aftalt dato", "1. december", "Error parsing date string: 1. december"),
        ("Aftalt dato", "2026-13-01", "Error parsing date string: 2026-13-01"),
        ("Aftalt dato", 20261201, "Operation value must be a string"),
        ("Reaktionsfrist", "2026-12-01T10:00:00Z", "Error parsing date string: 2026-12-01T10:00:00Z"),
        ("Request Type", "999", "The request type '999' is not valid"),
        ("Organizations", "Aarhus", "data was not an array"),
        ("Organizations", [99], "Organization '99' is not valid"),
    ],
)
def test_a_value_of_the_wrong_kind_is_400_and_nothing_is_written(
    site: Sandbox, name: str, value: object, message: str
) -> None:
    key = site.as_user("agent.anna").create("Sag", fields={"Betalende part": "før"})
    other = {} if name == "Betalende part" else {field_id(site, "Betalende part"): "efter"}
    assert put(site, key, {field_id(site, name): value, **other}) == (400, {field_id(site, name): message})
    assert site.value(key, "Betalende part") == "før"
    assert site.issue(key).history == []


def test_an_unknown_field_is_400_as_in_jira(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    words = "Field 'customfield_99999' cannot be set. It is not on the appropriate screen, or unknown."
    assert put(site, key, {"customfield_99999": "x"}) == (400, {"customfield_99999": words})
    assert put(site, key, {"status": "I gang"})[0] == 400


def test_a_field_that_is_on_no_screen_is_400() -> None:
    with Sandbox.start(default_seed().off_screen("Timepris")) as site:
        key = site.as_user("agent.anna").create("Sag")
        assert put(site, key, {field_id(site, "Timepris"): 1})[0] == 400


def test_a_key_that_jira_does_not_know_is_400(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    with Rest(site) as rest:
        answer = rest.put(f"issue/{key}", json={"felter": {}})
        assert answer.status_code == 400
        assert 'Unrecognized field "felter"' in answer.json()["errorMessages"][0]
        assert rest.put(f"issue/{key}", data="{", headers={"Content-Type": "application/json"}).status_code == 400
    site.forgive()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"summary": ""}, "summary"),
        ({"summary": None}, "summary"),
        ({"summary": "a\nb"}, "summary"),
        ({"summary": "x" * 256}, "summary"),
        ({"summary": "x", "description": 3}, "description"),
        ({"summary": "x", "labels": ["to ord"]}, "labels"),
        ({"summary": "x", "labels": "et"}, "labels"),
        ({"summary": "x", "priority": {"name": "Haster"}}, "priority"),
        ({"summary": "x", "reporter": {"name": "ingen", "accountId": "ingen"}}, "reporter"),
    ],
)
def test_system_fields_are_checked_too(site: Sandbox, fields: dict[str, Any], wrong: str) -> None:
    with Rest(site, "agent.anna") as rest:
        given = {"project": {"key": "DUBU"}, "issuetype": {"name": "Hændelse"}, **fields}
        answer = rest.post("issue", json={"fields": given})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [wrong])
        del given["summary"]
        assert rest.post("issue", json={"fields": given}).status_code == 400
        for missing in ("project", "issuetype"):
            rest_of = {k: v for k, v in given.items() if k != missing} | {"summary": "x"}
            assert missing in rest.post("issue", json={"fields": rest_of}).json()["errors"]


def test_what_an_issue_is_created_with_is_not_in_its_changelog(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag", fields={"Kategori": "Robotter", "Timepris": 938.98})
    with Rest(site) as rest:
        read = rest.get(f"issue/{key}?expand=changelog").json()
    assert read["fields"][field_id(site, "Kategori")]["value"] == "Robotter"
    assert read["changelog"] == {"startAt": 0, "maxResults": 0, "total": 0, "histories": []}


def test_the_changelog_names_the_actor_the_field_and_both_sides(site: Sandbox) -> None:
    anna = site.as_user("agent.anna")
    key = anna.create("Sag", fields={"Kategori": "Robotter"})
    anna.edit(key, {"Kategori": "Genoprettelse af data", "Timepris": 938.98, "Betalende part": "Aarhus Kommune"})
    with Rest(site) as rest:
        (entry,) = rest.get(f"issue/{key}?expand=changelog").json()["changelog"]["histories"]
    author = entry["author"]
    expected = site.user("agent.anna")
    assert (author["accountId"] if site.world.cloud else author["name"]) == (
        expected.account_id if site.world.cloud else expected.handle
    )
    items = {item["field"]: item for item in entry["items"]}
    options = {o.value: o.id for o in site.world.field_named("Kategori").options}
    wanted = {"field": "Kategori", "fieldtype": "custom", "fromString": "Robotter", "from": options["Robotter"]}
    wanted |= {"toString": "Genoprettelse af data", "to": options["Genoprettelse af data"]}
    if site.world.cloud:
        wanted["fieldId"] = field_id(site, "Kategori")
    assert items["Kategori"] == wanted
    assert (items["Timepris"]["from"], items["Timepris"]["toString"]) == (None, "938.98")
    assert (items["Betalende part"]["to"], items["Betalende part"]["toString"]) == (None, "Aarhus Kommune")


def test_every_kind_of_value_comes_back_as_it_was_written(site: Sandbox) -> None:
    moment = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    anna = site.as_user("agent.anna")
    key = anna.create("Sag", request_type="Genopret data")
    fields: dict[str, Any] = {"Aftalt dato": date(2026, 12, 1), "Reaktionsfrist": moment, "Timepris": 3}
    anna.edit(key, {**fields, "Organizations": ["Odense Kommune"], "Betalende part": "Odense"})
    with Rest(site, "agent.anna") as rest:
        read = rest.get(f"issue/{key}").json()["fields"]
    assert read[field_id(site, "Aftalt dato")] == "2026-12-01"
    assert read[field_id(site, "Reaktionsfrist")] == "2026-12-01T11:00:00.000+0100"  # in the reader's time zone
    assert read[field_id(site, "Timepris")] == 3.0
    assert [o["name"] for o in read[field_id(site, "Organizations")]] == ["Odense Kommune"]
    assert read[field_id(site, "Request Type")]["requestType"]["name"] == "Genopret data"
    said = {i.field: (i.after, i.after_text) for i in site.issue(key).history[-1].items}
    assert said["Aftalt dato"] == ("2026-12-01", "01/dec/26")
    assert said["Reaktionsfrist"] == ("2026-12-01T11:00:00+0100", "01/dec/26 11:00")
    assert said["Organizations"] == ("[2]", "Odense Kommune")
    anna.edit(key, dict.fromkeys((*fields, "Organizations", "Betalende part")))
    assert set(site.values(key)) == {"Request Type"}


def test_a_change_that_changes_nothing_leaves_no_trace(site: Sandbox) -> None:
    anna = site.as_user("agent.anna")
    key = anna.create("Sag", fields={"Kategori": "Robotter"})
    before = site.issue(key).updated
    anna.edit(key, {"Kategori": "Robotter"})
    assert (site.issue(key).updated, site.issue(key).history) == (before, [])


def test_labels_are_added_and_removed_one_by_one(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag", fields={"labels": ["a"]})
    with Rest(site, "agent.anna") as rest:
        change = {"update": {"labels": [{"add": "b"}, {"remove": "a"}], "summary": [{"set": "Ny titel"}]}}
        assert rest.put(f"issue/{key}", json=change).status_code == 204
        assert (site.issue(key).labels, site.issue(key).summary) == (["b"], "Ny titel")
        wrong = {"update": {"labels": [{"copy": "b"}]}}
        assert rest.put(f"issue/{key}", json=wrong).status_code == 400
        both = {"fields": {"labels": ["c"]}, "update": {"labels": [{"add": "d"}]}}
        assert rest.put(f"issue/{key}", json=both).status_code == 400
        anna = site.user("agent.anna")
        person = {"accountId": anna.account_id} if site.world.cloud else {"name": anna.handle}
        taken = {"assignee": person, "priority": {"name": "High"}, "description": None}
        assert rest.put(f"issue/{key}", json={"fields": taken}).status_code == 204
        assert rest.put(f"issue/{key}", json={"fields": {"assignee": None}}).status_code == 204
    given, dropped = site.issue(key).history[-2:]
    assert {i.field: (i.before_text, i.after_text) for i in given.items} == {
        "assignee": (None, "Anna Agent"),
        "priority": ("Medium", "High"),
    }
    assert [(i.before, i.after) for i in dropped.items] == [(anna.account_id, None)]


def test_only_admins_keep_quiet_about_an_edit(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    for handle, status in (("adapter", 204), ("agent.anna", 403)):
        with Rest(site, handle) as rest:
            quiet = rest.put(f"issue/{key}?notifyUsers=false", json={"fields": {"summary": handle}})
            assert quiet.status_code == status


def test_an_agent_starts_straight_from_new_and_the_adapter_has_a_way_back(site: Sandbox) -> None:
    anna, adapter = site.as_user("agent.anna"), site.as_user("adapter")
    key = anna.create("Sag")
    anna.move(key, "I gang")
    with pytest.raises(JiraError, match="can't move"):
        anna.move(key, "Ny")
    for status in ("Afventer Kunde", "Afventer 3.part", "Godkendt", "Ny"):
        adapter.move(key, status)
        assert site.status(key) == status
        adapter.move(key, "I gang")
    with Rest(site) as rest:
        listed = rest.get(f"issue/{key}/transitions").json()["transitions"]
    assert {t["to"]["name"] for t in listed} >= {"Ny", "Afventer Kunde", "Afventer 3.part"}


def test_a_locked_site_lets_only_the_adapter_open_the_gate() -> None:
    from tests.sandbox.dubu import Plan, sow  # noqa: PLC0415 # only here

    with Sandbox.start(sow(Plan(), locked=True)) as site:
        anna, adapter = site.as_user("agent.anna"), site.as_user("adapter")
        key = anna.create("Sag")
        for status in ("I gang", "Godkendt"):
            with pytest.raises(JiraError, match="can't move"):
                anna.move(key, status)
        adapter.move(key, "Godkendt")
        anna.move(key, "I gang")


def test_a_step_that_is_not_open_is_400_and_nothing_moves(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    with Rest(site) as rest:
        for step in ("9999", "11x"):
            answer = rest.post(f"issue/{key}/transitions", json={"transition": {"id": step}})
            assert answer.status_code == 400
        assert rest.post(f"issue/{key}/transitions", json={}).status_code == 400
        assert rest.put(f"issue/{key}", json={"transition": {"id": "11"}}).status_code == 400
        assert rest.get(f"issue/{key}/transitions?transitionId=9999").json()["transitions"] == []
    with Rest(site, "kombit.kim") as rest:  # a Jira account, but a customer here
        assert rest.get(f"issue/{key}/transitions").status_code == 404
    assert site.status(key) == "Ny"


def test_a_step_takes_the_fields_of_its_screen_and_no_others(site: Sandbox) -> None:
    anna = site.as_user("agent.anna")
    key = anna.create("Sag")
    with pytest.raises(JiraError, match="cannot be set"):
        anna.move(key, "Afventer Kunde", {"Timepris": 1})
    with pytest.raises(JiraError, match="cannot be set"):
        anna.move(key, "Afventer Kunde", {"summary": "ny titel"})
    anna.move(key, "Afventer Kunde", {"Aftalt dato": date(2026, 12, 1)})
    (entry,) = site.issue(key).history
    assert [item.field for item in entry.items] == ["Aftalt dato", "status"]
    with Rest(site) as rest:
        listed = rest.get(f"issue/{key}/transitions?expand=transitions.fields").json()["transitions"]
    screens = {t["to"]["name"]: list(t["fields"]) for t in listed}
    assert screens["Afventer 3.part"] == [field_id(site, "Aftalt dato")]
    assert screens["Godkendt"] == []


def test_done_sets_a_resolution_and_reopening_takes_it_away(site: Sandbox) -> None:
    anna = site.as_user("agent.anna")
    key = anna.create("Sag")
    anna.move(key, "Løst")
    with Rest(site) as rest:
        assert rest.get(f"issue/{key}?fields=resolution").json()["fields"]["resolution"]["name"] == "Done"
    anna.move(key, "Ny")
    assert site.issue(key).resolution is None
    assert [i.field for i in site.issue(key).history[0].items] == ["resolution", "status"]


def test_the_embedded_changelog_of_cloud_holds_the_newest_hundred(cloud: Sandbox) -> None:
    anna = cloud.as_user("agent.anna")
    key = anna.create("Sag")
    for number in range(105):
        anna.edit(key, {"Timepris": number})
    with Rest(cloud) as rest:
        embedded = rest.get(f"issue/{key}?expand=changelog&fields=summary").json()["changelog"]
        assert (embedded["total"], len(embedded["histories"])) == (105, 100)
        assert embedded["histories"][0]["items"][0]["toString"] == "104"
        paged: list[Any] = []
        page: dict[str, Any] = {"isLast": False}
        while not page["isLast"]:
            page = rest.get(f"issue/{key}/changelog?startAt={len(paged)}&maxResults=50").json()
            paged += page["values"]
    assert [h["items"][0]["toString"] for h in paged] == [str(n) for n in range(105)]


def test_data_center_has_no_changelog_address_and_embeds_it_all_oldest_first() -> None:
    with Sandbox.start(default_seed("datacenter")) as site:
        anna = site.as_user("agent.anna")
        key = anna.create("Sag")
        for number in range(105):
            anna.edit(key, {"Timepris": number})
        with Rest(site) as rest:
            assert rest.get(f"issue/{key}/changelog").status_code == 404
            embedded = rest.get(f"issue/{key}?expand=changelog&fields=summary").json()["changelog"]
        assert [h["items"][0]["toString"] for h in embedded["histories"]] == [str(n) for n in range(105)]
        assert all("fieldId" not in item for h in embedded["histories"] for item in h["items"])


def test_reading_gives_the_fields_asked_for_and_no_others(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag", "h1. Overskrift")
    with Rest(site) as rest:
        assert set(rest.get(f"issue/{key}?fields=summary,status").json()["fields"]) == {"summary", "status"}
        assert "comment" not in rest.get(f"issue/{key}?fields=-comment").json()["fields"]
        navigable = rest.get(f"issue/{key}?fields=*navigable").json()["fields"]
        assert "summary" in navigable
        assert "attachment" not in navigable
        whole = rest.get(f"issue/{key}?expand=names,schema,renderedFields,editmeta,transitions").json()
    assert whole["names"]["summary"] == "Summary"
    assert whole["schema"][field_id(site, "Kategori")]["type"] == "option"
    assert whole["renderedFields"]["description"] == "<h1>Overskrift</h1>"
    assert whole["editmeta"]["fields"][field_id(site, "Kategori")]["allowedValues"]
    assert {t["to"]["name"] for t in whole["transitions"]} >= {"I gang", "Godkendt"}


def test_metadata_has_the_options_in_each_deployments_shape(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    with Rest(site) as rest:
        types = rest.get("issue/createmeta/DUBU/issuetypes").json()
        listed = types["issueTypes" if site.world.cloud else "values"]
        fields = rest.get(f"issue/createmeta/DUBU/issuetypes/{listed[0]['id']}").json()
        described = {f["fieldId"]: f for f in fields["fields" if site.world.cloud else "values"]}
        edit = rest.get(f"issue/{key}/editmeta").json()["fields"]
        assert rest.get("issue/createmeta/DUBU/issuetypes/7").status_code == 400
    options = [o["value"] for o in described[field_id(site, "Kategori")]["allowedValues"]]
    assert options == ["Genoprettelse af data", "Robotter"]
    assert edit[field_id(site, "Timepris")]["schema"]["type"] == "number"


def test_a_moved_issue_keeps_its_id_and_answers_to_its_old_key(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    site.as_user("agent.anna").move(key, "Godkendt")
    id_ = site.issue(key).id
    new_key = site.as_user("admin").move_to_project(key, "ANDET")
    assert (new_key, site.issue(id_).key, site.issue(key).key) == ("ANDET-1", "ANDET-1", "ANDET-1")
    assert [i.field for i in site.issue(key).history[-1].items] == ["project", "Key", "issuetype", "status"]
    with Rest(site) as rest:
        assert rest.get(f"issue/{key}").status_code == 404  # the adapter has no business there
    with Rest(site, "admin") as rest:
        assert rest.get(f"issue/{key}").json()["key"] == "ANDET-1"


def test_the_clock_gives_every_timestamp(site: Sandbox) -> None:
    site.clock.set(datetime(2026, 11, 2, 8, 0, tzinfo=UTC))
    key = site.as_user("agent.anna").create("Sag")
    site.clock.advance(timedelta(hours=3))
    site.as_user("agent.anna").move(key, "I gang")
    assert site.issue(key).created == datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    assert site.issue(key).history[0].created == datetime(2026, 11, 2, 11, 0, tzinfo=UTC)
    site.clock.run()
    assert site.clock.now() - datetime(2026, 11, 2, 11, 0, tzinfo=UTC) < timedelta(minutes=5)
    site.clock.advance(timedelta(days=1))
    assert site.clock.now().day == 3


def test_a_seed_can_lack_or_bend_what_a_mapping_names() -> None:
    seed = (
        default_seed()
        .without_field("Timepris")
        .without_option("Kategori", "Robotter")
        .without_status("Afventer 3.part")
        .with_field(SeedField("Aftalt dato", Kind.TEXT))
        .with_twin("Betalende part")
        .without_transitions_to("Godkendt")
        .without_user("agent.bo")
        .without_role("adapter", "Administrators")
    )
    with Sandbox.start(seed) as site, Rest(site) as rest:
        names = [f["name"] for f in rest.get("field").json()]
        assert "Timepris" not in names
        assert names.count("Betalende part") == 2
        assert [o.value for o in site.world.field_named("Kategori").options] == ["Genoprettelse af data"]
        assert site.world.field_named("Aftalt dato").kind is Kind.TEXT
        statuses = rest.get("project/DUBU/statuses").json()[0]["statuses"]
        assert "Afventer 3.part" not in [s["name"] for s in statuses]
        key = site.as_user("agent.anna").create("Sag")
        with pytest.raises(JiraError):
            site.as_user("agent.anna").move(key, "Godkendt")
        held = rest.get("mypermissions?projectKey=DUBU&permissions=ADMINISTER_PROJECTS").json()["permissions"]
        assert not held["ADMINISTER_PROJECTS"]["havePermission"]


def test_a_handle_that_is_not_there_is_named() -> None:
    with Sandbox.start() as site:
        with pytest.raises(KeyError, match="there are"):
            site.as_user("ingen")
        with pytest.raises(KeyError, match="there are"):
            site.as_user("agent.anna").create("Sag", fields={"Findes ikke": 1})
        with pytest.raises(KeyError, match="there are"):
            site.as_user("agent.anna").create("Sag", request_type="Findes ikke")
        with pytest.raises(KeyError, match="there are"):
            site.world.field_named("Findes ikke")
