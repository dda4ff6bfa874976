"""The net below the log: what is told, and what never is."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from adapter import logs
from adapter.errors import OutOfReach, Refused
from tests.engine.processes import ROOT

SECRET = "Hemmeligt-ord"  # not the one that no output may hold: pytest shows here what other libraries say


@pytest.fixture
def out() -> io.StringIO:
    stream = io.StringIO()
    logs.configure("json", stream)
    return stream


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_tells_when_how_grave_what_and_of_which_ticket(out: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(site="dubu", issue="10001"):
        structlog.get_logger().info(
            "look done", rules=("R1", "R5"), price=Decimal("938.98"), at=datetime(2026, 1, 2, tzinfo=UTC)
        )
    (line,) = lines(out)
    assert line.pop("timestamp")
    assert line == {
        "event": "look done",
        "level": "info",
        "site": "dubu",
        "issue": "10001",
        "rules": ["R1", "R5"],
        "price": "938.98",
        "at": "2026-01-02T00:00:00+00:00",
    }


@pytest.mark.parametrize(
    "key", ["summary", "body", "comment_body", "Subject", "sender", "token", "url", "jira_token", "answer"]
)
def test_a_value_that_could_be_text_by_its_name_is_withheld(out: io.StringIO, key: str) -> None:
    structlog.get_logger().warning("x", **{key: SECRET})
    (line,) = lines(out)
    assert line[key] == "withheld"


def test_a_value_that_could_hold_text_by_its_shape_is_withheld(out: io.StringIO) -> None:
    class Ticket:
        def __repr__(self) -> str:
            return SECRET

    structlog.get_logger().warning("x", ticket=Ticket(), fields={"a": SECRET}, many=[Ticket()], long="y" * 5000)
    (line,) = lines(out)
    assert SECRET not in out.getvalue()
    assert line["ticket"] == "Ticket"
    assert line["many"] == ["Ticket"]
    assert len(str(line["long"])) < 400


@settings(deadline=None)
@given(
    day=st.integers(1, 31), month=st.integers(1, 12), year=st.integers(0, 99), last=st.integers(0, 9999),
    between=st.sampled_from(["", "-", " ", " - ", "–"]), inside=st.sampled_from(["", " ", ".", "-"]),
)  # fmt: skip
def test_what_is_shaped_like_a_cpr_number_is_masked_wherever_it_stands(
    day: int, month: int, year: int, last: int, between: str, inside: str
) -> None:
    number = f"{day:02}{inside}{month:02}{inside}{year:02}{between}{last:04}"
    for text in (number, f"cpr:{number}.", f"({number})", f"x{number}y"):
        assert number not in logs.masked(text)
    out = io.StringIO()
    logs.configure("text", out)
    structlog.get_logger().info(f"event {number}", reason=number, many=[number])
    assert number not in out.getvalue()


def test_a_number_of_ten_digits_is_masked_though_it_is_no_text(out: io.StringIO) -> None:
    structlog.get_logger().info("x", one=101011234, two=3112991234, ok=10001, yes=True, part=1.5)
    (line,) = lines(out)
    assert (line["one"], line["two"], line["ok"], line["yes"], line["part"]) == (
        "xxxxxx-xxxx",
        "xxxxxx-xxxx",
        10001,
        True,
        1.5,
    )


@pytest.mark.parametrize(
    "harmless", ["2026-11-12T10:12:33.123456Z", "10001", "1732877091000", "DUBU-12345678", "K10", "938,98"]
)
def test_what_only_looks_a_little_like_it_stays(harmless: str) -> None:
    assert logs.masked(harmless) == harmless


def test_an_exception_tells_its_class_and_our_lines_and_not_its_words(out: io.StringIO) -> None:
    try:
        try:
            json.loads(SECRET)
        except ValueError as error:
            raise OutOfReach("Jira does not answer: try again") from error
    except OutOfReach as error:
        structlog.get_logger().error("look failed", exc_info=error)
    from adapter.database.pool import address  # noqa: PLC0415 - to pass through our own code

    try:
        address(SECRET)
    except Exception:  # noqa: BLE001 - any
        structlog.get_logger().error("again", exc_info=True)
    first, second = lines(out)
    assert first["exception"] == "OutOfReach: Jira does not answer: try again < JSONDecodeError"
    assert str(second["where"]).startswith("['adapter/database/pool.py:")
    assert SECRET not in out.getvalue()


def test_the_words_of_libraries_that_see_tickets_are_not_repeated(out: io.StringIO) -> None:
    for name in ("jira", "urllib3.connectionpool", "psycopg.pool", "some.other"):
        logging.getLogger(name).warning(f"text {SECRET}")  # noqa: G004 - as the libraries do
        try:
            int(SECRET)
        except ValueError:
            logging.getLogger(name).exception("failed: %s", SECRET)
    assert SECRET not in out.getvalue()
    told = lines(out)
    assert told[0]["logger"] == "jira"
    assert str(told[0]["at"]).startswith("test_logs:")
    assert told[1]["exception"] == "ValueError"


def test_the_engine_may_speak_and_tells_of_a_job_its_site_and_ticket(out: io.StringIO) -> None:
    job = {"task_kwargs": {"site": "dubu", "issue": "1", "text": SECRET}}
    logging.getLogger("procrastinate.worker").error("Job look[1](site='dubu', issue='1') ended", extra={"job": job})
    logging.getLogger("procrastinate.worker").info("not told")
    (line,) = lines(out)
    assert line["event"] == "Job look[1](site='dubu', issue='1') ended"
    assert SECRET not in out.getvalue()


def test_warnings_of_python_take_the_same_way(out: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logs.configure("json", out)
        warnings.warn(SECRET, stacklevel=1)
    assert SECRET not in out.getvalue()


def test_a_line_that_cannot_be_written_stops_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    closed = io.StringIO()
    logs.configure("text", closed)
    closed.close()
    logging.getLogger("jira").error(SECRET)
    assert SECRET not in "".join(capsys.readouterr())


def run(program: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"from adapter import logs; logs.configure('text')\n{program}"],
        cwd=ROOT, capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip


@pytest.mark.parametrize(
    "program",
    [
        f"raise ValueError('{SECRET}')",
        f"import threading\nthread = threading.Thread(target=int, args=['{SECRET}'])\nthread.start()\nthread.join()",
    ],
    ids=["process", "thread"],
)
def test_what_nobody_caught_is_told_the_same_way(program: str) -> None:
    done = run(program)
    assert "uncaught" in done.stdout
    assert "ValueError" in done.stdout
    assert SECRET not in done.stdout + done.stderr


def test_an_interrupt_is_no_news() -> None:
    assert run("raise KeyboardInterrupt").stdout == ""


def test_an_error_of_ours_without_a_trace_and_one_that_is_its_own_cause_are_told(out: io.StringIO) -> None:
    error = Refused("no", 400)
    error.__cause__ = error
    structlog.get_logger().error("x", exc_info=error)
    structlog.get_logger().error("y", exc_info=(Refused, error, None), problem=error, stack_info=True)
    first, second = lines(out)
    assert first["exception"] == "Refused: no"
    assert second["problem"] == "no"
