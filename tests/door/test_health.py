"""What orchestrators and Prometheus are told."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from adapter.catalogue.words import SiteName
from adapter.errors import ConfigurationError
from adapter.settings import read_settings
from tests.door.conftest import Door, open_door
from tests.door.stand import SITES, Stand
from tests.door.test_door import BODY, post, post_signed
from webhooks.app import create_app
from webhooks.health import Part, jira_part

NOW = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)


def figures(door: Door) -> dict[tuple[str, ...], float]:
    """Each sample's value, by its name and its labels' values."""
    text = requests.get(f"{door.url}/metrics", timeout=10).text
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_process_lives_even_while_the_database_is_away(door: Door) -> None:
    door.stand.away.touch()
    answer = requests.get(f"{door.url}/health/live", timeout=10)
    assert (answer.status_code, answer.json()) == (200, {"live": True})


def test_ready_means_that_every_part_is_ready(door: Door) -> None:
    answer = requests.get(f"{door.url}/health/ready", timeout=10)
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert answer.json()["parts"]["queue"] == {"ready": True, "says": "0 waiting"}


def test_not_ready_names_the_part_and_the_next_step(door: Door) -> None:
    door.stand.away.touch()
    answer = requests.get(f"{door.url}/health/ready", timeout=10)
    assert answer.status_code == 503
    assert answer.json()["not_ready"] == ["storage"]
    assert answer.json()["parts"]["storage"]["says"] == "the database does not answer: start it"


def test_a_probe_that_breaks_is_not_ready_and_hides_its_words(door: Door) -> None:
    door.stand.broken.touch()
    answer = requests.get(f"{door.url}/health/ready", timeout=10)
    assert answer.status_code == 503
    assert answer.json()["parts"]["storage"]["says"] == "did not answer (ZeroDivisionError)"


def test_one_broken_part_does_not_hide_the_others(tmp_path: Path) -> None:
    def broken() -> Iterable[Part]:
        raise ZeroDivisionError

    stand = Stand(tmp_path)
    settings = read_settings({"DUBU_DUBU_WEBHOOK_SECRETS": "s", "DUBU_NORD_2_WEBHOOK_SECRETS": "s"})
    app = create_app(settings, stand, sites=SITES, view=stand, probes={"broken": broken, "storage": stand.probe})
    answer = app.test_client().get("/health/ready")
    assert answer.status_code == 503
    assert {name: part["ready"] for name, part in answer.json["parts"].items()} == {  # type: ignore[index]
        "broken": False,
        "database": True,
        "queue": True,
    }


@pytest.mark.parametrize(
    ("minutes", "ready"), [(None, False), (0, True), (14, True), (15, True), (16, False), (10_000, False)]
)
def test_jira_counts_as_reached_while_its_last_good_answer_is_recent(minutes: int | None, ready: bool) -> None:
    last = None if minutes is None else NOW - timedelta(minutes=minutes)
    assert jira_part("dubu", last, NOW, timedelta(minutes=15)).is_ready is ready


def test_deliveries_are_counted_by_site_and_outcome_over_all_workers(door: Door) -> None:
    before = figures(door)
    for _ in range(20):
        post_signed(door)
    post(door)
    post_signed(door, b"{}")
    post(door, site="somewhere-else")
    door.stand.away.touch()
    post_signed(door)
    after = figures(door)

    def grown(outcome: str, site: str = "dubu") -> float:
        sample = ("dubu_deliveries_total", *sorted((site, outcome)))
        return after.get(sample, 0) - before.get(sample, 0)

    assert grown("accepted") == 20
    assert [grown(o) for o in ("unsigned", "no_ticket", "unavailable")] == [1, 1, 1]
    assert grown("unknown_site", site="") == 1


def test_workers_count_together_also_where_gunicorn_is_run_inside_a_command(tmp_path: Path) -> None:
    """As `dubu-adapter web` does: everything is imported before gunicorn reads its settings."""
    inside = (
        "import sys, webhooks.app; from gunicorn.app.wsgiapp import run; "
        "sys.argv = ['gunicorn', '--config', 'python:webhooks.gunicorn_settings', 'tests.door.stand:build()']; run()"
    )
    with open_door(tmp_path, command=(sys.executable, "-c", inside)) as door:
        for _ in range(30):
            post_signed(door)
        assert figures(door)["dubu_deliveries_total", "accepted", "dubu"] == 30


def test_no_figure_holds_anything_that_was_sent(door: Door) -> None:
    post_signed(door, BODY)
    post(door, site="somewhere-010190-1234")
    text = requests.get(f"{door.url}/metrics", timeout=10).text
    for word in ("10042", "DUBU-42", "010190", "somewhere"):
        assert word not in text


def test_a_site_without_webhook_secret_stops_the_start_and_names_the_variable(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    settings = read_settings({"DUBU_DUBU_WEBHOOK_SECRETS": "s", "DUBU_NORD_2_WEBHOOK_SECRETS": " , "})
    with pytest.raises(ConfigurationError, match="DUBU_NORD_2_WEBHOOK_SECRETS is not set"):
        create_app(settings, stand, sites=SITES, view=stand)


def test_the_variable_that_is_named_is_the_one_that_is_read(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    for site in map(SiteName, ("dubu", "nord-2", "a1-b2-c3")):
        with pytest.raises(ConfigurationError) as raised:
            create_app(read_settings({}), stand, sites=[site], view=stand)
        settings = replace(read_settings({}), environment={str(raised.value).split(" ", 1)[0]: "s"})
        create_app(settings, stand, sites=[site], view=stand)


def test_without_a_site_there_is_no_door(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    with pytest.raises(ConfigurationError, match="DUBU_MAPPINGS"):
        create_app(read_settings({}), stand, sites=[], view=stand)
