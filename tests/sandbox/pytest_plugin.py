"""Fails the test in which a message was not as Atlassian describes it, and says at the end what was checked.

Wire it up with `pytest_plugins = ["tests.sandbox.pytest_plugin"]` in tests/conftest.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox import described
from tests.sandbox.site import CHECKED, VIOLATIONS

KEY = "sandbox_checked"
_by_workers: list[int] = []


@pytest.fixture(autouse=True)
def messages_as_described() -> Iterator[None]:
    """Holds every test to Atlassian's descriptions; a test that breaks them on purpose calls `site.forgive()`."""
    yield
    found = [str(violation) for violation in VIOLATIONS]
    VIOLATIONS.clear()
    if found:
        pytest.fail("not as Atlassian's OpenAPI describes it:\n" + "\n".join(found), pytrace=False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails the run for what no test answered for; hands a pytest-xdist worker's count to who started it."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[KEY] = CHECKED[0]
    if VIOLATIONS and session.exitstatus == pytest.ExitCode.OK:  # from what ended after the last test
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Takes a worker's count."""
    _by_workers.append(int(getattr(node, "workeroutput", {}).get(KEY, 0)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many messages were held against Atlassian's OpenAPI, or that it was skipped."""
    if not described.is_there():
        terminalreporter.write_line(
            "sandbox: NOT held against Atlassian's OpenAPI: ../shared/jira/openapi is not there"
        )
        return
    for violation in VIOLATIONS:
        terminalreporter.write_line(f"sandbox: not as Atlassian's OpenAPI describes it: {violation}", red=True)
    checked = CHECKED[0] + sum(_by_workers)
    terminalreporter.write_line(f"sandbox: {checked} messages held against Atlassian's OpenAPI")
