"""That a leak into the log is seen, and what only looks like one is not taken for it."""

from __future__ import annotations

import json

import pytest

from adapter.masking import MASK
from tests.conftest import CONFIDENTIAL
from tests.system.processes import leaks

CPR = "0101" + "90" + "1234"


@pytest.mark.parametrize(
    "line",
    [
        json.dumps({"event": "x", "problem": f"a {CONFIDENTIAL} b"}),
        json.dumps({"event": f"about {CPR}"}),
        json.dumps({"event": "x", "files": [{"name": f"{CPR[:6]}-{CPR[6:]}, scanned.eml"}]}),
        json.dumps({"event": "x", f"{CPR[:6]} {CPR[6:]}": 1}),
        json.dumps({"event": "x", "name": MASK}),
        f"web ended: {CPR}",
    ],
)
def test_a_line_about_a_person_is_a_leak(line: str) -> None:
    fine = json.dumps({"event": "delivery"})
    assert leaks(f"{fine}\n{line}\n{fine}\n") == [line]


@pytest.mark.parametrize(
    "line",
    [
        json.dumps({"event": "x", "timestamp": "2026-11-23T11:09:11.887699Z", "issue": "10001", "ms": 101901234.5}),
        json.dumps({"event": "x", "mapping": f"a{CPR}f", "digest": f"{CPR}" * 6 + "abcd", "count": int(CPR[1:])}),
        json.dumps({"event": "x", "delivery": f"ab{MASK}-4abc-8def-0123456789ab"}),
        "ready on http://127.0.0.1:54321",
    ],
)
def test_ids_hashes_and_times_are_none(line: str) -> None:
    assert leaks(line) == []
