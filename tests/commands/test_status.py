"""What an error means for the exit status, and that a command which only tells never makes a database of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapter.commands.common import status_of
from adapter.errors import AdapterError, ConfigurationError, Gone, OutOfReach, Refused
from tests.commands.conftest import Shell


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ConfigurationError("DUBU_PORT is 'x'"), 2),
        (Gone("DUBU-9 does not exist"), 2),
        (OutOfReach("Jira does not answer"), 3),
        (Refused("the brake is on: nothing was written", 409), 1),
    ],
)
def test_an_error_says_by_its_exit_status_what_to_do(error: AdapterError, status: int) -> None:
    assert status_of(error) == status


@pytest.mark.parametrize("words", [("queue",), ("queue", "retry", "DUBU-1"), ("explain", "DUBU-1")])
def test_where_no_adapter_has_run_there_is_nothing_to_tell(words: tuple[str, ...], tmp_path: Path) -> None:
    nowhere = tmp_path / "nothing-here"
    told = Shell({"DUBU_DATA_DIR": str(nowhere)}).run(*words)
    assert (told.returncode, told.stdout) == (2, "")
    assert f"no adapter has run with DUBU_DATA_DIR={nowhere}: set it, or DATABASE_URL, as for `serve`" in told.stderr
    assert not nowhere.exists()
