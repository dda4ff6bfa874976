"""Each action is one call, says exactly what it means, and is never done twice or in public."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from adapter.catalogue.words import CommentId, FieldName, IssueId, StatusRole
from adapter.errors import Gone, OutOfReach, Refused
from adapter.rules.plan import MoveTo, SetFields, Setting, WriteStatusComment
from adapter.ticket.snapshot import Value
from tests.gateway.comments import INTERNAL, Comments
from tests.gateway.loopback import Answer, Asked
from tests.gateway.site import API, Site

ISSUE = IssueId("5001")
BODY = "Kategori: Robotter (K7)\n\n– DUBU-adapter"


def _set(*pairs: tuple[FieldName, Value]) -> SetFields:
    return SetFields(tuple(Setting(name, value, "R1") for name, value in pairs))


def _wait(role: StatusRole = StatusRole.WAITING_CUSTOMER) -> MoveTo:
    return MoveTo(role, "R8", "offer_attached")


def _comment(existing: str | None = None) -> WriteStatusComment:
    return WriteStatusComment(BODY, CommentId(existing) if existing else None)


# fields ---------------------------------------------------------------------------------------------------------------


def test_fields_are_set_in_one_put_with_option_ids_and_exact_numbers(site: Site) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.on("PUT", f"{API}/issue/5001", Answer(status=204))
    label = site.catalogue.label(FieldName.PAYER, "kommune")
    due = datetime(2026, 11, 23, 14, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))
    gateway.carry_out(
        ticket,
        _set(
            (FieldName.PAYER, label),
            (FieldName.HOURLY_RATE, Decimal("938.98")),
            (FieldName.OFFERED_PRICE, Decimal("34000.00")),
            (FieldName.PRICE, "Efter aftale"),
            (FieldName.AGREED_DATE, date(2026, 12, 1)),
            (FieldName.REACTION_DUE, due),
            (FieldName.REACTED_AT, datetime(2026, 11, 23, 13, 0, tzinfo=UTC)),
            (FieldName.SUBTYPE, None),
        ),
    )
    (put,) = site.server.calls("PUT")
    assert put.json == {
        "fields": {
            site.ids[FieldName.PAYER]: {"id": site.option_id(FieldName.PAYER, label)},
            site.ids[FieldName.HOURLY_RATE]: 938.98,
            site.ids[FieldName.OFFERED_PRICE]: 34000,
            site.ids[FieldName.PRICE]: "Efter aftale",
            site.ids[FieldName.AGREED_DATE]: "2026-12-01",
            site.ids[FieldName.REACTION_DUE]: "2026-11-23T14:00:00.250+0100",
            site.ids[FieldName.REACTED_AT]: "2026-11-23T13:00:00.000+0000",
            site.ids[FieldName.SUBTYPE]: None,
        }
    }
    assert b": 938.98," in put.body
    assert b": 34000," in put.body


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (FieldName.PAYER, "Nabokommunen"),
        (FieldName.HOURLY_RATE, Decimal("938.98000000000000001")),
        (FieldName.HOURLY_RATE, Decimal("NaN")),
        (FieldName.HOURLY_RATE, "938,98"),
        (FieldName.REACTION_DUE, datetime(2026, 11, 23, 14)),  # noqa: DTZ001 -- what must not be written
        (FieldName.AGREED_DATE, datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_nothing_is_written_when_one_field_cannot_be_and_the_mapping_line_is_named(
    site: Site, name: FieldName, value: Value
) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    with pytest.raises(Refused) as caught:
        gateway.carry_out(ticket, _set((FieldName.PRICE, "34.000"), (name, value)))
    assert str(caught.value).startswith(site.catalogue.positions.of("jira.yaml", "felter", name.value, "navn"))
    assert site.server.calls("PUT") == []


def test_an_issue_type_that_was_not_seen_takes_the_one_option_of_that_name(site: Site) -> None:
    gateway = site.connect()
    ticket = replace(gateway.read(ISSUE), issue_type="Ny sagstype")
    site.server.on("PUT", f"{API}/issue/5001", Answer(status=204))
    label = site.catalogue.label(FieldName.PAYER, "kombit")
    gateway.carry_out(ticket, _set((FieldName.PAYER, label)))
    (put,) = site.server.calls("PUT")
    assert put.json["fields"][site.ids[FieldName.PAYER]] == {"id": site.option_id(FieldName.PAYER, label)}


def test_options_that_nothing_told_are_written_by_name(site: Site) -> None:
    site.server.on("GET", f"{API}/issue/createmeta/.*", Answer({}, 403))
    site.server.on("GET", f"{API}/search(/jql)?", Answer({"issues": []}))
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.on("PUT", f"{API}/issue/5001", Answer(status=204))
    gateway.carry_out(ticket, _set((FieldName.PAYER, "Kommune")))
    assert site.server.calls("PUT")[0].json["fields"][site.ids[FieldName.PAYER]] == {"value": "Kommune"}


def test_what_jira_refuses_is_told_by_the_mappings_names_and_never_by_jiras_text(site: Site) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    errors = {
        site.ids[FieldName.PRICE]: "'Barnet 010203-1234' er for lang",
        "summary": "hemmelig",
        "customfield_9": "x",
    }
    site.server.on("PUT", f"{API}/issue/5001", Answer({"errorMessages": ["hemmelig"], "errors": errors}, 400))
    with pytest.raises(Refused) as caught:
        gateway.carry_out(ticket, _set((FieldName.PRICE, "34.000")))
    message = str(caught.value)
    assert caught.value.status == 400
    assert "fields: pris, customfield_9" in message
    assert "PUT" in message
    assert "hemmelig" not in message
    assert "1234" not in message


@pytest.mark.parametrize("body", [b"null", b"[]", b"5", b'"message"', b'{"errors": ["x"]}', b"<html>", b"[" * 10_000])
def test_a_refusal_of_any_shape_is_a_refusal(site: Site, body: bytes) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.on("PUT", f"{API}/issue/5001", Answer(body, 400))
    with pytest.raises(Refused):
        gateway.carry_out(ticket, _set((FieldName.PRICE, "34.000")))


@pytest.mark.parametrize("action", [_set((FieldName.PRICE, "1")), _wait(), _comment(), _comment("77")])
def test_a_ticket_that_vanished_before_the_write_is_gone(
    site: Site, action: SetFields | MoveTo | WriteStatusComment
) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    with pytest.raises(Gone):
        gateway.carry_out(replace(ticket, id=IssueId("404")), action)


# transitions ----------------------------------------------------------------------------------------------------------


def test_a_move_is_the_transition_that_leads_to_the_roles_status(site: Site) -> None:
    gateway = site.connect()
    site.server.on("POST", f"{API}/issue/5001/transitions", Answer(status=204))
    gateway.carry_out(gateway.read(ISSUE), _wait())
    (post,) = site.server.calls("POST")
    assert post.json == {"transition": {"id": "31"}}


def test_the_first_of_a_roles_statuses_is_preferred(site: Site) -> None:
    names = site.catalogue.jira.statuses[StatusRole.DONE]
    site.issue["transitions"] = [
        {"id": str(40 + i), "to": {"id": site.statuses[name]}} for i, name in reversed(list(enumerate(names)))
    ]
    gateway = site.connect()
    site.server.on("POST", f"{API}/issue/5001/transitions", Answer(status=204))
    gateway.carry_out(gateway.read(ISSUE), _wait(StatusRole.DONE))
    assert site.server.calls("POST")[0].json == {"transition": {"id": "40"}}


def test_a_transition_that_the_workflow_lacks_is_named(site: Site) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    wanted = site.catalogue.jira.statuses[StatusRole.APPROVED][0]
    with pytest.raises(Refused, match=f'DUBU-1: the workflow has no transition from "Ny" to "{wanted}"'):
        gateway.carry_out(ticket, _wait(StatusRole.APPROVED))
    assert site.server.calls("POST") == []


def test_a_transition_that_jira_refuses_is_a_refusal(site: Site) -> None:
    gateway = site.connect()
    site.server.on("POST", f"{API}/issue/5001/transitions", Answer({"errorMessages": ["hemmelig"]}, 400))
    with pytest.raises(Refused) as caught:
        gateway.carry_out(gateway.read(ISSUE), _wait())
    assert "hemmelig" not in str(caught.value)


def _moved(site: Site, role: StatusRole) -> None:
    site.issue["fields"]["status"] = {"id": site.status(role), "name": "x"}


@pytest.mark.parametrize("lost", [Answer(dropped=True), Answer({}, 503), Answer({}, 504), Answer({}, 408)])
def test_a_transition_whose_answer_was_lost_is_not_made_again(site: Site, lost: Answer) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)

    def does_it(_: Asked) -> Answer:
        _moved(site, StatusRole.WAITING_CUSTOMER)
        return lost

    site.server.on("POST", f"{API}/issue/5001/transitions", does_it)
    site.waits.clear()
    gateway.carry_out(ticket, _wait())
    assert len(site.server.calls("POST")) == 1
    assert site.waits[0] >= 1.0  # Jira may still be at it when the line breaks


def test_a_transition_that_did_not_arrive_is_made_after_all(site: Site) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.on("POST", f"{API}/issue/5001/transitions", Answer(status=204))
    site.server.first("POST", f"{API}/issue/5001/transitions", [Answer(dropped=True), Answer({}, 502)])
    gateway.carry_out(ticket, _wait())
    assert [a.method for a in site.server.asked[1:]] == ["POST", "GET", "POST", "GET", "POST"]


def test_a_transition_is_not_repeated_when_somebody_else_moved_the_ticket_meanwhile(site: Site) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)

    def other(_: Asked) -> Answer:
        _moved(site, StatusRole.DONE)
        return Answer(dropped=True)

    site.server.on("POST", f"{API}/issue/5001/transitions", other)
    with pytest.raises(OutOfReach, match="moved by somebody else"):
        gateway.carry_out(ticket, _wait())
    assert len(site.server.calls("POST")) == 1


def test_a_transition_that_was_held_back_by_the_limit_is_repeated_without_a_check(site: Site) -> None:
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.on("POST", f"{API}/issue/5001/transitions", Answer(status=204))
    site.server.first("POST", f"{API}/issue/5001/transitions", [Answer({}, 429, {"Retry-After": "3"})])
    gateway.carry_out(ticket, _wait())
    assert [a.method for a in site.server.asked[1:]] == ["POST", "POST"]
    assert sum(site.waits) >= 3


# the status comment ---------------------------------------------------------------------------------------------------


def test_the_status_comment_is_written_once_and_internal(site: Site) -> None:
    comments = Comments(site)
    gateway = site.connect()
    gateway.carry_out(gateway.read(ISSUE), _comment())
    (post,) = site.server.calls("POST")
    assert post.json == {"body": BODY, "properties": INTERNAL}
    assert len(comments.kept) == 1


def test_the_existing_status_comment_is_written_over_and_stays_internal(site: Site) -> None:
    comments = Comments(site)
    comments.kept["100"] = site.comment(100, site.adapter, "før")
    gateway = site.connect()
    gateway.carry_out(gateway.read(ISSUE), _comment("100"))
    assert [c["body"].splitlines()[0] for c in comments.kept.values()] == [BODY.splitlines()[0]]
    assert site.server.calls("POST") == []


def test_a_status_comment_that_somebody_deleted_is_written_anew(site: Site) -> None:
    comments = Comments(site)
    gateway = site.connect()
    gateway.carry_out(gateway.read(ISSUE), _comment("77"))
    assert list(comments.kept) == ["100"]


@pytest.mark.parametrize("lost", [Answer(dropped=True), Answer({}, 500), Answer({}, 503)])
def test_a_comment_whose_answer_was_lost_is_not_written_again(site: Site, lost: Answer) -> None:
    comments = Comments(site)
    comments.kept["1"] = site.comment(1, site.customer, BODY)  # a customer quoting us is not us
    comments.lost = [lost]
    gateway = site.connect()
    gateway.carry_out(gateway.read(ISSUE), _comment())
    assert len(site.server.calls("POST")) == 1
    assert len(comments.kept) == 2


def test_a_comment_that_did_not_arrive_is_written_after_all(site: Site) -> None:
    comments = Comments(site)
    comments.kept["1"] = site.comment(1, site.customer, BODY)
    comments.kept["2"] = site.comment(2, site.adapter, "en anden")
    gateway = site.connect()
    site.server.first("POST", f"{API}/issue/5001/comment", [Answer(dropped=True)])
    gateway.carry_out(gateway.read(ISSUE), _comment())
    assert len(comments.kept) == 3


def test_a_comment_is_not_repeated_when_nothing_can_tell_whether_it_arrived(site: Site) -> None:
    comments = Comments(site)
    comments.lost = [Answer(dropped=True)]
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.on("GET", f"{API}/issue/5001/comment", Answer({}, 503))
    with pytest.raises(OutOfReach):
        gateway.carry_out(ticket, _comment())
    assert len(site.server.calls("POST")) == 1


@pytest.mark.parametrize("existing", [None, "100"])
def test_a_comment_that_jira_shows_to_customers_all_the_same_is_taken_back(site: Site, existing: str | None) -> None:
    comments = Comments(site)
    comments.public = True
    if existing:
        comments.kept[existing] = site.comment(100, site.adapter, "før")
    gateway = site.connect()
    with pytest.raises(Refused, match="public"):
        gateway.carry_out(gateway.read(ISSUE), _comment(existing))
    assert comments.kept == {}


def test_a_comment_that_jira_does_not_take_is_a_refusal(site: Site) -> None:
    Comments(site)
    gateway = site.connect()
    ticket = gateway.read(ISSUE)
    site.server.on("POST", f"{API}/issue/5001/comment", Answer({}, 400))
    site.server.on("PUT", f"{API}/issue/5001/comment/5", Answer({}, 403))
    for action in (_comment(), _comment("5")):
        with pytest.raises(Refused, match="status comment"):
            gateway.carry_out(ticket, action)
