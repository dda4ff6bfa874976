"""Which ticket a payload speaks of."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.body import NotJson, read_json
from webhooks.locate import NoTicket, locate

HOST = "https://example.org/rest/api/2"


@pytest.mark.parametrize(
    ("payload", "issue"),
    [
        ({"webhookEvent": "jira:issue_created", "issue": {"id": "10042", "key": "DUBU-1"}}, "10042"),
        ({"webhookEvent": "jira:issue_deleted", "issue": {"id": 10042}}, "10042"),
        ({"transition": {"workflowId": 1}, "issue": {"id": "10042"}, "timestamp": 1}, "10042"),  # post-function
        ({"webhookEvent": "comment_created", "comment": {"self": f"{HOST}/issue/10042/comment/7"}}, "10042"),
        ({"comment": {"self": "http://h:8080/jira/rest/api/latest/issue/10042/comment/7/"}}, "10042"),
        ({"webhookEvent": "worklog_created", "worklog": {"id": "5", "issueId": "10042"}}, "10042"),
        ({"webhookEvent": "worklog_created", "worklog": {"self": f"{HOST}/issue/10042/worklog/5"}}, "10042"),
        ({"webhookEvent": "issuelink_created", "issueLink": {"id": 9, "sourceIssueId": 10042}}, "10042"),
        ({"id": 10042, "key": "SP-53", "fields": {}}, "10042"),
        ({"id": "10042", "fields": {}}, "10042"),
        ({"id": 10042, "key": "SP-53"}, "10042"),
        ({"issue": {"id": "9" * 19}}, "9" * 19),
        ({"issue": {"id": int("9" * 19)}}, "9" * 19),
        ({"issue": {"id": "10042"}, "comment": {"self": f"{HOST}/issue/1/comment/7"}}, "10042"),
    ],
)
def test_the_id_is_found_where_jira_puts_it(payload: object, issue: str) -> None:
    assert locate(payload) == issue


def test_a_moved_ticket_is_known_by_the_id_that_it_keeps() -> None:
    moved = {"items": [{"field": "Key", "fromString": "OLD-1", "toString": "DUBU-9"}, {"field": "project"}]}
    assert locate({"issue": {"id": "10042", "key": "DUBU-9"}, "changelog": moved}) == "10042"


@pytest.mark.parametrize("payload", [None, True, 1, 1.5, "x", [], [{"issue": {"id": "1"}}]])
def test_what_is_not_an_object_names_no_ticket(payload: object) -> None:
    assert locate(payload) is NoTicket.NOT_AN_OBJECT


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"webhookEvent": "user_created", "user": {"accountId": "1"}},
        {"webhookEvent": "project_updated", "project": {"id": 10000, "key": "DUBU"}},
        {"webhookEvent": "jira:version_released", "version": {"id": "10000", "self": f"{HOST}/version/10000"}},
        {"webhookEvent": "attachment_created", "attachment": {"id": "10000", "self": f"{HOST}/attachment/10000"}},
        {"webhookEvent": "sprint_started", "id": 7, "key": "DUBU-1"},  # an event never puts an issue at the top
        {"id": 7},
        {"id": 7, "key": "DUBU"},
        {"id": 7, "key": "Dubu-1\n"},
        {"comment": {"id": "7", "self": f"{HOST}/issue/DUBU-1/comment/7"}},
        {"comment": {"self": f"{HOST}/issue/10042"}},
        {"comment": {"self": f"{HOST}/search?x=/issue/10042/comment/7"}},
        {"comment": {"self": f"{HOST}/search#/issue/10042/comment/7"}},
        {"comment": {"self": f"{HOST}/issue/10042/comment/7?x=1"}},
        {"comment": {"self": f"{HOST}/issue/١٢٣/comment/7"}},
        {"comment": {"self": "x" * 1000 + "/issue/10042/comment/7"}},
        {"comment": {"self": ["/issue/10042/comment/7"]}},
        {"comment": "10042", "worklog": [10042], "issueLink": 10042},
    ],
)
def test_an_event_about_something_else_names_no_ticket(payload: object) -> None:
    assert locate(payload) is NoTicket.NONE_NAMED


@pytest.mark.parametrize(
    "bad",
    [
        None, True, False, 0, -1, 1.0, 10**19, 10**400, "", " 10042", "10042\n", "+1", "1e3", "0", "007", "-1", "0x10",
        "DUBU-1", "9" * 20, "١٢٣", "１２", [10042], {"id": 10042}, "10042;drop", "../10042",
    ],
)  # fmt: skip
def test_only_1_to_19_digits_are_an_id(bad: object) -> None:
    assert locate({"issue": {"id": bad}}) is NoTicket.NO_ID
    assert locate({"worklog": {"issueId": bad}}) is NoTicket.NONE_NAMED
    assert locate({"issueLink": {"sourceIssueId": bad}}) is NoTicket.NONE_NAMED
    assert locate({"id": bad, "fields": {}}) is NoTicket.NONE_NAMED


def test_no_key_and_no_host_ever_comes_out() -> None:
    payload = {
        "issue": {"key": "DUBU-1", "self": "https://evil.example/issue/10042"},
        "baseUrl": "https://evil.example",
    }
    assert locate(payload) is NoTicket.NO_ID


_NAMES = ["issue", "id", "key", "fields", "self", "comment", "worklog", "issueId", "issueLink", "sourceIssueId"]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(_NAMES) | st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_whatever_the_json_there_is_an_id_or_a_reason(payload: object) -> None:
    found = locate(payload)
    assert isinstance(found, NoTicket) or (found.isascii() and found.isdigit() and 1 <= len(found) <= 19)


@given(st.binary() | st.text().map(str.encode) | json_values.map(lambda v: json.dumps(v).encode()))
def test_whatever_the_bytes_they_are_json_or_refused(raw: bytes) -> None:
    with contextlib.suppress(NotJson):
        locate(read_json(raw))


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "not JSON at line 1, column 1"),
        (b"issue=10042", "not JSON at line 1, column 1"),
        (b'{"issue": {"id": 10042}', "not JSON at line 1, column 24"),
        (b'{"issue": {"id": 10042}} x', "not JSON at line 1, column 26"),
        (b'{"issue": {"id": 007}}', "not JSON at line 1, column 19"),
        (b"{'issue': 1}", "not JSON at line 1, column 2"),
        (b'{"a": NaN}', "holds a number that is none"),
        (b'{"a": -Infinity}', "holds a number that is none"),
        (b'{"a": ' + b"9" * 5000 + b"}", "holds a number that is none"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b'{"a": "\xff"}', "not UTF-8 at byte 7"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8 at byte 7"),
        ('{"issue": {"id": 1}}'.encode("utf-16"), "not UTF-8 at byte 0"),
        ('{"issue": {"id": 1}}'.encode("utf-16-le"), "not JSON at line 1, column 2"),
    ],
)
def test_what_is_not_json_is_refused_with_the_place_only(raw: bytes, says: str) -> None:
    with pytest.raises(NotJson, match=f"^{says}$"):
        read_json(raw)


def test_a_byte_order_mark_is_skipped() -> None:
    assert locate(read_json(b'\xef\xbb\xbf{"issue": {"id": "10042"}}')) == "10042"


def test_the_last_of_doubled_names_counts_as_in_other_readers_of_json() -> None:
    assert locate(read_json(b'{"issue": {"id": "1"}, "issue": {"id": "2"}}')) == "2"
