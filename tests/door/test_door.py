"""The door over real HTTP: what comes in, what is stored, what is answered."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.door.conftest import PAYLOADS, Door, open_door
from tests.door.expected import ISSUE_OF
from tests.door.stand import OLD_SECRET, SECRET
from webhooks.body import LIMIT

BODY = (
    b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "10042", "key": "DUBU-42", "summary": "CPR 010190-1234"}}'
)


def sign(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


SIGNED = sign(BODY)["X-Hub-Signature"]


def post(door: Door, body: bytes | Iterator[bytes] = BODY, site: str = "dubu", **headers: str) -> requests.Response:
    """Posts with headers named in Python's way: `x_hub_signature`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.post(f"{door.url}/webhooks/{site}", data=body, headers=named, timeout=30)


def post_signed(door: Door, body: bytes = BODY, site: str = "dubu", secret: str = SECRET) -> requests.Response:
    return requests.post(f"{door.url}/webhooks/{site}", data=body, headers=sign(body, secret), timeout=30)


# Let in -----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(
    not PAYLOADS.is_dir(), reason="recorded payloads (shared/jira/webhooks) are not beside the checkout"
)
def test_every_recorded_payload_is_stored_under_its_ticket(door: Door) -> None:
    files = sorted(PAYLOADS.rglob("*.json"))
    assert {f.stem for f in files} == set(ISSUE_OF)
    for file in files:
        raw = file.read_bytes()
        answer = requests.post(
            f"{door.url}/webhooks/dubu",
            data=raw,
            headers=sign(raw),
            timeout=10,
        )
        assert answer.status_code == 202, file
    assert door.stand.lines() == [["dubu", ISSUE_OF[f.stem]] for f in files]


def test_a_signed_delivery_is_stored_and_answered_in_few_words(door: Door) -> None:
    answer = post_signed(door)
    assert (answer.status_code, answer.json()) == (202, {"stored": True})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert door.stand.lines() == [["dubu", "10042"]]


def test_both_secrets_of_a_rotation_are_valid(door: Door) -> None:
    assert post_signed(door, secret=OLD_SECRET).status_code == 202
    assert post_signed(door, secret=SECRET).status_code == 202


def test_automation_shows_the_secret_instead_of_a_signature(door: Door) -> None:
    assert post(door, x_webhook_secret=SECRET).status_code == 202
    for encoding in ("utf-8", "latin-1"):
        shown = {"X-Webhook-Secret": OLD_SECRET.encode(encoding)}
        assert requests.post(f"{door.url}/webhooks/dubu", data=BODY, headers=shown, timeout=10).status_code == 202
    assert len(door.stand.lines()) == 3


def test_a_body_without_announced_length_is_taken(door: Door) -> None:
    answer = post(door, iter([BODY[:7], BODY[7:]]), x_hub_signature=sign(BODY)["X-Hub-Signature"])
    assert answer.status_code == 202


def test_a_content_type_is_not_asked_for_as_the_body_itself_is_judged(door: Door) -> None:
    for kind in ("application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded", ""):
        assert post(door, content_type=kind, x_hub_signature=SIGNED).status_code == 202


def test_a_body_of_exactly_the_limit_is_taken(door: Door) -> None:
    body = BODY + b" " * (LIMIT - len(BODY))
    assert post_signed(door, body).status_code == 202


# Not let in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature": ""},
        {"X-Hub-Signature": "sha256="},
        sign(BODY, "wrong"),
        sign(BODY, ""),
        sign(BODY, "another"),  # the other site's
        sign(BODY + b" "),
        {"X-Hub-Signature": sign(BODY)["X-Hub-Signature"].removeprefix("sha256=")},
        {"X-Hub-Signature": "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest()},
        {"X-Hub-Signature": "sha256=" + "0" * 64, "X-Webhook-Secret": SECRET},
        {"X-Hub-Signature-256": sign(BODY)["X-Hub-Signature"]},
        sign(BODY) | {"X-Webhook-Secret": "wrong"},
        {"X-Webhook-Secret": ""},
        {"X-Webhook-Secret": "wrong"},
        {"X-Webhook-Secret": SECRET + "x"},
        {"X-Webhook-Secret": SECRET.upper()},
        {"X-Webhook-Secret": f"{SECRET}, {OLD_SECRET}"},
        {"X-Webhook-Secret": "another"},
        {"X-Webhook-Secret": b"\xff\xfe"},
        {"Authorization": f"Bearer {SECRET}"},
    ],
)
def test_unsigned_or_wrongly_signed_is_401_and_nothing_is_stored(door: Door, headers: dict[str, str]) -> None:
    answer = requests.post(f"{door.url}/webhooks/dubu", data=BODY, headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (401, "unsigned")
    assert door.stand.refused.read_text() == "dubu\n"
    assert "WWW-Authenticate" in answer.headers
    assert door.stand.lines() == []


@pytest.mark.parametrize("site", ["nowhere", "DUBU", "dubu%00", "dubu%20", "%F0%9F%98%80", "..", "x" * 3000])
def test_an_unknown_site_is_404_however_well_signed(door: Door, site: str) -> None:
    answer = requests.post(f"{door.url}/webhooks/{site}", data=BODY, headers=sign(BODY), timeout=10)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/json"
    assert door.stand.lines() == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "the body is not JSON at line 1, column 1"),
        (b"not json", "the body is not JSON at line 1, column 1"),
        (b"\xff", "the body is not UTF-8 at byte 0"),
        (b"[" * 100_000, "the body is nested too deeply"),
        (b"[1]", "the body is not a JSON object"),
        (b'"10042"', "the body is not a JSON object"),
        (b"null", "the body is not a JSON object"),
        (b"{}", "no ticket in it: expected issue.id"),
        (b'{"issue": {"key": "DUBU-42"}}', "no ticket in it: the issue has no id"),
        (b'{"issue": {"id": true}}', "no ticket in it: the issue has no id"),
        (b'{"webhookEvent": "attachment_created", "attachment": {"id": "1"}}', "no ticket in it: expected issue.id"),
    ],
)
def test_without_a_ticket_it_is_400_and_says_what_was_missing(door: Door, body: bytes, says: str) -> None:
    answer = post_signed(door, body)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(says)
    assert door.stand.lines() == []


def test_over_the_limit_is_413_whether_announced_or_not(door: Door) -> None:
    body = BODY + b" " * (LIMIT - len(BODY) + 1)
    signature = sign(body)["X-Hub-Signature"]
    announced = post(door, body, X_Hub_Signature=signature)
    pieces = (body[i : i + 1_000_000] for i in range(0, len(body), 1_000_000))
    chunked = post(door, pieces, X_Hub_Signature=signature)
    assert [a.status_code for a in (announced, chunked)] == [413, 413]
    assert announced.json()["error"] == "too_large"
    assert door.stand.lines() == []


def test_what_is_wrong_is_told_in_the_order_site_size_signature_content(door: Door) -> None:
    large = b"x" * (LIMIT + 1)
    assert post(door, large, site="nowhere").status_code == 404
    assert post(door, large).status_code == 413
    assert post(door, b"x").status_code == 401
    assert post(door, b"x", content_encoding="gzip").status_code == 401
    assert post(door, b"x", content_encoding="gzip", x_hub_signature=sign(b"x")["X-Hub-Signature"]).status_code == 415
    assert post_signed(door, b"x").status_code == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_405(door: Door, method: str) -> None:
    answer = requests.request(method, f"{door.url}/webhooks/dubu", data=BODY, headers=sign(BODY), timeout=10)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_while_it_cannot_be_stored_it_is_503_and_asks_to_be_sent_again(door: Door) -> None:
    door.stand.away.touch()
    answer = post_signed(door)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "8"
    assert "database" not in answer.text
    assert post(door).status_code == 401
    door.stand.away.unlink()
    assert post_signed(door).status_code == 202
    assert len(door.stand.lines()) == 1


def test_an_unexpected_failure_is_500_and_its_words_stay_inside(door: Door) -> None:
    door.stand.broken.touch()
    answer = post_signed(door)
    assert (answer.status_code, answer.json()) == (500, {"error": "internal_server_error"})
    log = door.log.read_text()
    assert "ZeroDivisionError" in log
    assert "webhooks/door.py:" in log
    assert "010190-1234" not in log


# Hostile and slow clients -----------------------------------------------------------------------------------------


def test_a_body_that_breaks_off_is_not_taken_for_the_whole(door: Door) -> None:
    head = f"POST /webhooks/dubu HTTP/1.1\r\nHost: x\r\nX-Webhook-Secret: {SECRET}\r\n"
    for rest in (f"Content-Length: {len(BODY) + 9}\r\n\r\n".encode() + BODY,
                 b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % (len(BODY) + 9) + BODY):  # fmt: skip
        with socket.create_connection(door.address, timeout=20) as client:
            client.sendall(head.encode() + rest)
            client.shutdown(socket.SHUT_WR)
            assert client.recv(100).startswith(b"HTTP/1.1 408")
    assert door.stand.lines() == []


def test_slow_clients_block_nobody_and_are_let_go(tmp_path: Path) -> None:
    quick = ("--worker-class", "tests.door.stand.ImpatientWorker", "--workers", "1", "--threads", "2")
    with open_door(tmp_path, quick) as door:
        slow = [socket.create_connection(door.address, timeout=20) for _ in range(4)]
        for number, client in enumerate(slow):  # each holds a thread: in its body, or still in its headers
            client.sendall(
                b"POST /webhooks/dubu HTTP/1.1\r\nHost: x\r\n" + b"Content-Length: 9\r\n\r\n{" * (number % 2)
            )
        assert post_signed(door).status_code == 202
        for client in slow:
            answer = client.recv(100)
            assert answer == b"" or answer.startswith(b"HTTP/1.1 408")
            client.close()


def test_many_deliveries_at_once_are_all_stored(door: Door) -> None:
    with ThreadPoolExecutor(16) as clients:
        bodies = [json.dumps({"issue": {"id": str(20_000 + n)}}).encode() for n in range(200)]
        assert {a.status_code for a in clients.map(lambda body: post_signed(door, body), bodies)} == {202}
    assert sorted(int(line[1]) for line in door.stand.lines()) == list(range(20_000, 20_200))


# What is left behind ----------------------------------------------------------------------------------------------


def test_the_log_tells_site_status_delivery_and_time_and_nothing_that_was_sent(door: Door) -> None:
    before = len(door.log.read_text())
    post(door, x_atlassian_webhook_identifier="a-1_B.2 \t[31m" + "z" * 90, user_agent="curious", x_hub_signature=SIGNED)
    post(door, x_webhook_secret="guessed-secret")
    post(door, site="somewhere-010190-1234", x_atlassian_webhook_identifier="/\x85")
    deadline = time.monotonic() + 20
    while (log := door.log.read_text()[before:]).count("delivery") < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    for word in ("202", "accepted", "401", "unsigned", "404", "unknown_site", "a-1_B.231mzzz", "ms"):
        assert word in log
    for secret in (SECRET, "010190-1234", "DUBU-42", "guessed", "curious", "somewhere", "z" * 56, "sha256"):
        assert secret not in log


def test_every_answer_carries_the_headers_that_protect_it(door: Door) -> None:
    for answer in (
        post_signed(door),
        post(door),
        requests.get(f"{door.url}/health/live", timeout=10),
        requests.get(f"{door.url}/metrics", timeout=10),
        requests.get(f"{door.url}/nothing", timeout=10),
        requests.get(f"{door.url}/admin/", timeout=10),
    ):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
