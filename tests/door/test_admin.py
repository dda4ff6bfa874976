"""The admins' page: who sees it, what it shows, and its one button."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import requests
from requests.auth import HTTPBasicAuth

from adapter.settings import read_settings
from tests.door.conftest import TOKEN, Door
from tests.door.stand import SITES, Stand
from webhooks.admin import reason
from webhooks.app import create_app

BEARER: Mapping[str, str | bytes] = {"Authorization": b"Bearer " + TOKEN.encode()}
"""The token in the bytes that clients send it in."""


def see(door: Door, path: str = "/admin/") -> requests.Response:
    return requests.get(f"{door.url}{path}", auth=HTTPBasicAuth(b"anyone", TOKEN.encode()), timeout=10)


def forms(page: str) -> list[tuple[str, dict[str, str]]]:
    """Each form's address and hidden values."""
    return [
        (action, dict(re.findall(r'name="(\w+)" value="([^"]*)"', inside)))
        for action, inside in re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    ]


def press(
    door: Door, headers: Mapping[str, str] | None = None, changed: Mapping[str, str] | None = None
) -> requests.Response:
    """Presses the first "Prøv igen" on the page, with some of the form's values changed."""
    action, values = forms(see(door).text)[0]
    values |= changed or {}
    return requests.post(
        f"{door.url}{values.pop('action', action)}",
        data=values,
        headers={**BEARER, **(headers or {})},
        allow_redirects=False,
        timeout=10,
    )


@pytest.mark.parametrize("path", ["/admin", "/admin/", "/admin/dubu/igen", "/admin/x"])
def test_without_a_token_in_the_environment_there_is_no_admin_page(path: str, tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    settings = read_settings({"DUBU_DUBU_WEBHOOK_SECRETS": "s", "DUBU_NORD_2_WEBHOOK_SECRETS": "s"})
    client = create_app(settings, stand, sites=SITES, view=stand).test_client()
    assert client.get(path).status_code == 404
    assert client.post(path, headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Bearer {TOKEN}x".encode()},
        {"Authorization": b"Digest username=x, password=" + TOKEN.encode()},
        {"Authorization": "Basic not-base64"},
        {"Authorization": b"\xff"},
    ],
)
def test_without_the_right_token_it_is_401(door: Door, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/admin/"), ("POST", "/admin/dubu/igen")):
        answer = requests.request(method, f"{door.url}{path}", headers=headers, timeout=10)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
        assert "DUBU-42" not in answer.text
    for password in ("", "wrong", TOKEN.upper()):
        assert (
            requests.get(f"{door.url}/admin/", auth=HTTPBasicAuth(b"x", password.encode()), timeout=10).status_code
            == 401
        )


def test_the_token_opens_the_page_as_password_and_as_bearer(door: Door) -> None:
    assert see(door).status_code == 200
    assert requests.get(f"{door.url}/admin/", headers=BEARER, timeout=10).status_code == 200
    assert see(door, "/admin").url.endswith("/admin/")


def test_the_page_shows_each_site_and_what_waits_for_a_person(door: Door) -> None:
    page = see(door).text
    for words in (
        "dubu", "0a1b2c3d4e5f", "12.11.2026 kl. 10:12", "DUBU-42", "Jira afviser ændringen (Refused-403)", "nr. 10043",
        "kategorier.K10.betalere", "katalog.yaml:88", "nord-2", "aldrig", "ord.yaml:3:1: ukendt nøgle",
        "2 sager venter",
    ):  # fmt: skip
        assert words in page
    assert len(forms(page)) == 2


def test_the_page_shows_ways_around_the_approval_with_since_when_and_what_to_do(door: Door) -> None:
    page = see(door).text
    for words in ("fører til arbejde", "fjern den", "siden 12.11.2026 kl. 10:12", "early_start"):
        assert words in page
    assert "Ingen fundet ved det seneste natlige eftersyn (12.11.2026)." in page  # of the other site
    assert "Seneste webhook" in page


def test_what_comes_from_outside_stays_text(door: Door) -> None:
    page = see(door).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_may_load_nothing_and_run_nothing(door: Door) -> None:
    answer = see(door)
    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"style-src 'nonce-([^']+)'", policy)
    assert policy.startswith("default-src 'none';")
    assert "form-action 'self'" in policy
    assert nonce is not None
    assert f'<style nonce="{nonce[1]}">' in answer.text
    assert nonce[1] not in see(door).text
    assert not re.search(r'(?:src|href)="(?!/admin/)', answer.text)
    assert " style=" not in answer.text


def test_pressing_the_button_takes_the_ticket_up_again(door: Door) -> None:
    answer = press(door, {"Sec-Fetch-Site": "same-origin", "Origin": door.url})
    assert answer.status_code == 303
    assert door.stand.retried.read_text() == "dubu\t10042\n"
    assert "Sagen er lagt i køen igen." in see(door, answer.headers["Location"]).text


def test_a_ticket_that_is_not_set_aside_any_more_is_said_to_be_so(door: Door) -> None:
    action, values = forms(see(door).text)[1]
    answer = requests.post(f"{door.url}{action}", data=values, headers=BEARER, timeout=10)
    assert "ikke længere sat til side" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_no_other_page_can_press_the_button(door: Door, headers: dict[str, str]) -> None:
    assert press(door, headers).status_code == 403
    assert not door.stand.retried.exists()


@pytest.mark.parametrize("changed", [{"segl": ""}, {"segl": "0" * 64}, {"segl": "æ"}, {"sag": "10043"},
                                     {"action": "/admin/nord-2/igen"}])  # fmt: skip
def test_a_form_that_is_not_ours_is_refused(door: Door, changed: dict[str, str]) -> None:
    assert press(door, changed=changed).status_code == 403
    assert not door.stand.retried.exists()


def test_while_the_database_is_away_the_page_says_so(door: Door) -> None:
    action, values = forms(see(door).text)[0]
    door.stand.away.touch()
    answer = see(door)
    assert answer.status_code == 503
    assert "Databasen svarer ikke" in answer.text
    again = requests.post(f"{door.url}{action}", data=values, headers=BEARER, allow_redirects=False, timeout=10)
    assert again.headers["Location"].endswith("besked=senere")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("Refused-400", "Jira afviser ændringen (Refused-400)"),
        (
            "CannotMove",
            "Sagen kan ikke flyttes: overgangen findes ikke, eller adapteren må ikke bruge den (CannotMove)",
        ),
        ("KeyError", "Uventet fejl i adapteren (KeyError)"),
    ],
)
def test_an_admin_reads_why_and_can_search_the_log_for_the_code(code: str, words: str) -> None:
    assert reason(code) == words
