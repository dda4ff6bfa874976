"""Recorded tickets read as they are, and no shape of an answer raises anything but our own errors."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FIELD_TYPES, AccountId, FieldName, StatusRole
from adapter.errors import Refused
from adapter.gateway.names import FieldId, KnownStatus, Names
from adapter.gateway.people import People
from adapter.gateway.read import ticket
from adapter.gateway.shapes import moment, objects, part, text
from adapter.ticket.snapshot import Ticket

SHARED = Path(__file__).parents[3] / "shared" / "jira"
NAMES = Names(
    account=AccountId("acc-adapter"),
    agent_role_id="10360",
    fields={
        name: FieldId(f"customfield_{10000 + i}", f"Felt {i}", FIELD_TYPES[name]) for i, name in enumerate(FieldName)
    },
    statuses={"3": KnownStatus("3", "In Progress", StatusRole.WORK), "1": KnownStatus("1", "To Do", StatusRole.NEW)},
    by_role={},
    request_type_field="customfield_10027",
    organisations_field="customfield_10028",
    form_fields={"Ydelse": "customfield_10005"},
)
PEOPLE = {cloud: People(AccountId("acc-adapter"), frozenset({"acc-agent", "agent"}), cloud) for cloud in (True, False)}


def _read(raw: object, cloud: bool) -> Ticket:
    log = objects(part(raw, "changelog", "histories"))
    return ticket(raw, log, objects(part(raw, "fields", "comment", "comments")), NAMES, PEOPLE[cloud])


# recorded -------------------------------------------------------------------------------------------------------------


def _recorded() -> Iterator[tuple[str, dict[str, Any]]]:
    if not SHARED.is_dir():
        return
    for path in sorted(SHARED.glob("webhooks/*/*.json")):
        body = json.loads(path.read_text())
        if isinstance(part(body, "issue", "fields"), dict):
            entry = {"id": "1", "created": "2026-11-23T10:00:00.000+0100", "author": body.get("user")}
            change = part(body, "changelog")
            log = {"histories": [entry | change]} if isinstance(change, dict) else {}
            yield path.name, body["issue"] | {"changelog": log}


RECORDED = dict(_recorded())


@pytest.mark.skipif(not RECORDED, reason="../shared/jira is not beside the checkout")
@pytest.mark.parametrize("name", RECORDED)
def test_recorded_tickets_read_as_tickets_or_say_what_they_lack(name: str) -> None:
    raw = RECORDED[name]
    whole = {"project", "issuetype", "status", "created", "updated"} <= raw["fields"].keys()
    whole = whole and all(moment(raw["fields"][key]) for key in ("created", "updated"))
    if not whole:
        with pytest.raises(Refused, match="lacks"):
            _read(raw, cloud="server" not in name)
        return
    found = _read(raw, cloud="server" not in name)
    fields = raw["fields"]
    assert (found.id, found.key) == (text(raw["id"]), raw["key"])
    assert (found.summary, found.description) == (fields["summary"], fields["description"] or "")
    assert found.status.name in {fields["status"]["name"], "To Do", "In Progress"}
    assert len(found.comments) == len(objects(part(fields, "comment", "comments")))
    assert len(found.attachments) == len(fields.get("attachment") or [])
    items = [i for e in objects(part(raw, "changelog", "histories")) for i in objects(e.get("items"))]
    statuses = [i for i in items if str(i.get("field")).lower() == "status" and i.get("from")]
    assert [c.after.id for c in found.history] == [i["to"] for i in statuses]


@pytest.mark.skipif(not RECORDED, reason="../shared/jira is not beside the checkout")
def test_most_recorded_tickets_are_whole() -> None:
    read = 0
    for name, raw in RECORDED.items():
        try:
            _read(raw, cloud="server" not in name)
        except Refused:
            continue
        read += 1
    assert read > len(RECORDED) // 2


EXAMPLES = SHARED / "openapi" / "examples"


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="../shared/jira is not beside the checkout")
def test_atlassians_own_example_parts_are_understood() -> None:
    issue = json.loads((EXAMPLES / "platform__get__rest_api_3_issue_issueIdOrKey__resp200.json").read_text())
    changelog = json.loads(
        (EXAMPLES / "platform__get__rest_api_3_issue_issueIdOrKey_changelog__resp200.json").read_text()
    )
    fields = issue["fields"] | {
        "status": {"id": "3", "name": "In Progress"},
        "issuetype": {"name": "Bug"},
        "created": "2021-01-17T12:34:00.000+0000",
        "updated": 1,
    }
    with pytest.raises(Refused, match="readable updated"):
        _read(issue | {"fields": fields}, cloud=True)
    fields["updated"] = fields["created"]
    found = ticket(issue | {"fields": fields}, changelog["values"], fields["comment"], NAMES, PEOPLE[True])
    assert found.attachments[0].filename == "picture.jpg"
    assert found.comments[0].is_public is False  # it is visible to Administrators only


# hostile --------------------------------------------------------------------------------------------------------------


def _plain() -> dict[str, Any]:
    who = {"accountId": "acc-agent", "name": "agent", "key": "k", "displayName": "A", "accountType": "atlassian"}
    at = "2026-11-23T10:12:33.000+0100"
    return {
        "id": "5001",
        "key": "DUBU-1",
        "fields": {
            "summary": "s",
            "description": "d",
            "project": {"key": "DUBU"},
            "issuetype": {"name": "t"},
            "status": {"id": "1", "name": "To Do"},
            "created": at,
            "updated": at,
            "reporter": who,
            "creator": who,
            "comment": {
                "comments": [
                    {
                        "id": "1", "author": who, "updateAuthor": who, "body": "b", "created": at, "updated": at,
                        "jsdPublic": True, "properties": [{"key": "sd.public.comment", "value": {"internal": True}}],
                    }
                ]
            },
            "attachment": [{"id": "1", "filename": "f", "author": who, "created": at, "size": 1, "content": "u"}],
            "customfield_10027": {"requestType": {"name": "r"}},
            "customfield_10028": [{"name": "o"}],
            **{f.id: {"value": "v"} for f in NAMES.fields.values() if f.type == "valgliste"},
            **{f.id: 1.5 for f in NAMES.fields.values() if f.type == "tal"},
            **{f.id: at for f in NAMES.fields.values() if f.type == "tidspunkt"},
        },
        "changelog": {
            "histories": [
                {
                    "id": "1", "author": who, "created": at,
                    "items": [
                        {"field": "status", "fieldtype": "jira", "from": "1", "to": "3", "fromString": "To Do"},
                        {"field": "Felt 6", "fieldtype": "custom", "from": None, "to": None, "toString": "5"},
                        {"field": "x", "fieldtype": "custom", "fieldId": "customfield_10010", "to": at},
                    ],
                }
            ]
        },
        "transitions": [{"id": "1", "to": {"id": "3"}, "isAvailable": True}],
    }  # fmt: skip


def _paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _paths(inner, (*path, i))


def _with(value: Any, path: tuple[str | int, ...], new: object) -> Any:  # noqa: ANN401 -- JSON is any
    if not path:
        return new
    value = copy.deepcopy(value)
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = new
    return value


PATHS = list(_paths(_plain()))
HOSTILE = st.sampled_from(
    [10**4000, -(10**30), 1e308, float("inf"), float("nan"), "9" * 5000, "1e999999999999", "٣", "\x00", "0001-01-01"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | HOSTILE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


def test_a_number_too_long_to_be_written_out_is_no_number() -> None:
    raw = _with(_plain(), ("fields", "customfield_10006"), 10**5000)
    found = _read(_with(raw, ("fields", "attachment", 0, "id"), 10**5000), cloud=True)
    assert found.fields[FieldName.HOURLY_RATE] is None
    assert found.attachments == ()


def test_the_ticket_that_is_mutated_below_is_whole() -> None:
    found = _read(_plain(), cloud=False)
    assert (len(found.history), len(found.field_history), len(found.comments), len(found.moves)) == (1, 2, 1, 1)


@given(st.sampled_from(PATHS), JSON, st.booleans())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_shape_of_an_answer_raises_anything_but_a_refusal(
    path: tuple[str | int, ...], new: object, cloud: bool
) -> None:
    try:
        found = _read(_with(_plain(), path, new), cloud)
    except Refused as refusal:
        assert "lacks" in str(refusal)  # noqa: PT017 -- what is claimed is that nothing else is raised
        return
    hash(found.id)
    assert found.created.tzinfo is not None
    assert all(c.created.tzinfo is not None for c in found.comments)


def test_the_catalogue_is_not_needed_to_read(catalogue: Catalogue) -> None:
    assert catalogue.jira.project == _read(_plain(), cloud=True).project
