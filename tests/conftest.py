"""What holds for every test: the site's messages are as Atlassian describes them, and no output tells of a person."""

from __future__ import annotations

import re
from collections.abc import Generator

import pytest
from hypothesis import settings

pytest_plugins = ["tests.sandbox.pytest_plugin", "tests.postgres"]

# A busy machine may take its time with an example; what must be fast is measured in a test of its own.
settings.register_profile("dubu", deadline=None)
settings.load_profile("dubu")

CONFIDENTIAL = "Fortroligt-om-barnet"
"""Tests that put text on a ticket or in a mail put this in it; it may appear in no output at all."""
CPR_SHAPED = re.compile(r"(?<![\d.])(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{2}[- ]?\d{4}(?![\d.])")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fails a test whose captured output holds text of a ticket or anything shaped like a CPR number."""
    report = yield
    told = "\n".join(text for _, _, text in item._report_sections)
    if report.passed and (CONFIDENTIAL in told or CPR_SHAPED.search(told)):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: output or log holds text of a ticket or a CPR number"
    return report
