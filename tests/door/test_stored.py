"""The door over the real queue and store in PostgreSQL, as `serve` and `web` run it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

import webhooks
from adapter.catalogue.words import IssueId, IssueKey, SiteName
from adapter.database import Database, open_database
from adapter.queue import Queue
from adapter.settings import read_settings
from adapter.store.store import Store
from tests.door.conftest import ROOT, Door, open_door
from tests.door.test_admin import BEARER, forms, see
from tests.door.test_door import BODY, post, post_signed

DUBU = SiteName("dubu")


@dataclass
class House:
    """The door and what really lies behind it."""

    door: Door
    database: Database
    mappings: Path

    @property
    def store(self) -> Store:
        return Store(self.database.pool)

    @property
    def queue(self) -> Queue:
        return Queue(self.database.pool, self.store)

    def ready(self) -> requests.Response:
        return requests.get(f"{self.door.url}/health/ready", timeout=30)

    def clear(self) -> None:
        with self.database.pool.connection() as connection:
            connection.execute("TRUNCATE procrastinate_jobs, dubu.set_aside, dubu.trouble, dubu.site CASCADE")


@pytest.fixture(scope="module")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    # Not below pytest's own folder: each new run of pytest shuts that to the user that PostgreSQL runs as under root.
    with tempfile.TemporaryDirectory(prefix="dubu-house-") as data:
        yield from _open_house(tmp_path_factory.mktemp("house"), data)


def _open_house(folder: Path, data: str) -> Iterator[House]:
    mappings = folder / "mappings"
    shutil.copytree(ROOT / "mappings", mappings)
    settings = read_settings({"DUBU_DATA_DIR": data})
    with open_database(settings) as database:
        extra = {"DATABASE_URL": database.url, "DUBU_MAPPINGS": str(mappings)}
        with open_door(folder, app=webhooks.GUNICORN[-1], extra=extra) as door:
            yield House(door, database, mappings)


@pytest.fixture
def house(_house: House) -> House:
    """The house with an empty store and queue."""
    _house.clear()
    return _house


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_delivery_waits_in_the_queue_when_it_has_been_answered(house: House) -> None:
    assert post_signed(house.door).status_code == 202
    assert [(w.issue, w.state) for w in house.queue.waiting(DUBU)] == [("10042", "waiting")]


def test_many_deliveries_about_one_ticket_become_one_look(house: House) -> None:
    with ThreadPoolExecutor(8) as clients:
        assert {a.status_code for a in clients.map(lambda _: post_signed(house.door), range(60))} == {202}
    assert house.queue.figures(DUBU).waiting == 1


def test_what_is_refused_leaves_nothing_in_the_queue(house: House) -> None:
    for answer, status in (
        (post(house.door), 401),
        (post_signed(house.door, b"{}"), 400),
        (post(house.door, b"x"), 401),
    ):
        assert answer.status_code == status
    assert house.queue.figures(DUBU).waiting == 0


def test_while_the_database_is_away_deliveries_are_503_soon_and_taken_again_when_it_is_back(house: House) -> None:
    assert house.database.server is not None
    house.database.close()
    try:
        began = time.monotonic()
        answer = post_signed(house.door)
        seconds = time.monotonic() - began
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) >= 1
        assert seconds < 20  # measured: 2 s
        assert requests.get(f"{house.door.url}/health/live", timeout=10).status_code == 200
        assert house.ready().status_code == 503
        assert "database" in house.ready().json()["not_ready"]
        assert see(house.door).status_code == 503
        assert house.database.url not in house.door.log.read_text()
    finally:
        house.database.server.start()
    until(lambda: post_signed(house.door).status_code == 202)
    assert house.queue.figures(DUBU).waiting == 1


def test_a_database_that_hangs_holds_up_neither_jira_nor_the_health_check(house: House) -> None:
    with house.database.pool.connection() as connection, ThreadPoolExecutor(20) as clients:
        connection.execute("LOCK TABLE procrastinate_jobs IN ACCESS EXCLUSIVE MODE")
        answers = [clients.submit(post_signed, house.door) for _ in range(20)]
        assert {answer.result(60).status_code for answer in answers} == {503}
        assert requests.get(f"{house.door.url}/health/live", timeout=10).status_code == 200
        assert house.ready().json()["not_ready"] == ["database"]
    until(lambda: post_signed(house.door).status_code == 202)


def test_ready_needs_a_good_answer_from_jira_not_long_ago(house: House) -> None:
    before = house.ready()
    assert "Intet svar fra Jira endnu" in see(house.door).text
    assert (before.status_code, before.json()["not_ready"]) == (503, ["jira/dubu"])
    house.store.in_contact(DUBU, datetime.now(UTC))
    after = house.ready()
    assert after.status_code == 200, after.text
    assert "Alt i orden" in see(house.door).text
    assert set(after.json()["parts"]) == {"database", "queue", "mappings/dubu", "jira/dubu"}
    house.store.in_contact(DUBU, datetime(2026, 1, 1, tzinfo=UTC))
    assert "Jira svarer ikke" in see(house.door).text
    assert house.ready().json()["not_ready"] == ["jira/dubu"]


def test_a_broken_edit_is_shown_and_closes_the_door_only_if_no_mapping_is_in_force(house: House) -> None:
    house.store.in_contact(DUBU, datetime.now(UTC))
    file = house.mappings / "dubu" / "kalender.yaml"
    good = file.read_text()
    try:
        file.write_text(good + "\nukendt_nøgle: 1\n")
        assert house.ready().json()["not_ready"] == ["mappings/dubu"]
        assert "kalender.yaml:" in see(house.door).text
        house.store.uses_mapping(DUBU, "0a1b2c3d4e5f")
        answer = house.ready()
        assert answer.status_code == 200
        assert "0a1b2c3d4e5f stays in force" in answer.json()["parts"]["mappings/dubu"]["says"]
        assert post_signed(house.door).status_code == 202
    finally:
        file.write_text(good)
    assert "kalender.yaml:" not in see(house.door).text.split("<details>")[0]


def test_a_ticket_that_was_set_aside_is_shown_and_taken_up_again_by_the_button(house: House) -> None:
    issue, at = IssueId("10042"), datetime(2026, 11, 12, 9, 12, tzinfo=UTC)
    for _ in range(3):
        house.store.count_trouble(DUBU, issue, "Refused-403", at)
    house.store.set_aside(DUBU, issue, IssueKey("DUBU-42"), "Refused-403", at)
    page = see(house.door).text
    assert "DUBU-42" in page
    assert "Jira afviser ændringen (Refused-403)" in page
    assert "12.11.2026 kl. 10:12" in page
    assert '<td class="number">3</td>' in page
    ((action, values),) = forms(page)
    for words in ("Sagen er lagt i køen igen.", "ikke længere sat til side"):
        assert words in requests.post(f"{house.door.url}{action}", data=values, headers=BEARER, timeout=30).text
    assert house.queue.figures(DUBU).waiting == 1
    assert house.store.set_aside_list(DUBU) == ()


def test_the_brake_is_shown_to_people_and_to_prometheus_while_it_is_on(house: House) -> None:
    house.store.in_contact(DUBU, datetime.now(UTC))
    for minutes, is_on in ((0, True), (16, False)):
        house.store.braked(DUBU, datetime.now(UTC) - timedelta(minutes=minutes))
        page = see(house.door).text
        assert ("Bremset: for mange sager er ændret den seneste time" in page) is is_on
        assert ("Alt i orden" in page) is not is_on
        assert f'dubu_braked{{site="dubu"}} {float(is_on)}' in figures(house)


def test_the_figures_tell_how_many_tickets_wait_for_a_person_and_are_told_without_a_database_too(house: House) -> None:
    house.store.set_aside(DUBU, IssueId("1"), None, "ValueError", datetime.now(UTC))
    assert 'dubu_set_aside_tickets{site="dubu"} 1.0' in figures(house)
    house.store.take_up(DUBU, IssueId("1"))
    assert 'dubu_set_aside_tickets{site="dubu"} 0.0' in figures(house)
    assert house.database.server is not None
    house.database.close()
    try:
        assert 'dubu_set_aside_tickets{site="dubu"} 0.0' in figures(house)
    finally:
        house.database.server.start()


def figures(house: House) -> str:
    return requests.get(f"{house.door.url}/metrics", timeout=30).text


def test_the_page_lists_the_assumptions_that_nobody_has_confirmed(house: House) -> None:
    page = see(house.door).text
    assert "parter.yaml:" in page or "katalog.yaml:" in page
    assert "ubekræftede" in page


def test_without_a_database_address_the_start_says_what_to_run() -> None:
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    command = [sys.executable, "-c", "from webhooks.wsgi import build; build()"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "DATABASE_URL is not set: start the door with `dubu-adapter web`" in done.stdout + done.stderr


def test_what_is_no_http_is_not_repeated_in_the_log(house: House) -> None:
    with socket.create_connection(house.door.address, timeout=20) as client:
        client.sendall(b"POST /webhooks/dubu HTTP/1.1\r\nHost: x\r\nX-Hemmelig hilsen: Fru Jensen\r\n\r\n")
        assert b" 400 " in client.recv(1000)
    post_signed(house.door)
    until(lambda: "delivery" in house.door.log.read_text())
    for word in ("emmelig", "EMMELIG", "Jensen"):
        assert word not in house.door.log.read_text()


def test_no_word_of_what_was_sent_reaches_the_log_or_the_tables(house: House) -> None:
    post_signed(house.door, BODY)
    assert "010190" not in house.door.log.read_text()
    with house.database.pool.connection() as connection:
        rows = connection.execute("SELECT * FROM procrastinate_jobs").fetchall()
    assert "10042" in str(rows)
    assert "DUBU-42" not in str(rows)
    assert "010190" not in str(rows)
