"""What an error means for the exit status, and that a command which only tells never makes a database of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapter.commands.common import done_or_not, status_of
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


@pytest.mark.parametrize(("error", "status"), [(Refused("GET search: 403", 403), 2), (OutOfReach("no answer", 9), 3)])
def test_what_was_not_done_at_all_is_never_told_as_findings(error: AdapterError, status: int) -> None:
    with pytest.raises(AdapterError, match=f"no report was made: {error}") as told, done_or_not("no report was made"):
        raise error
    assert status_of(told.value) == status
    assert getattr(told.value, "retry_after", 9) == 9


@pytest.mark.parametrize("words", [("queue",), ("queue", "retry", "DUBU-1"), ("explain", "DUBU-1")])
def test_where_no_adapter_has_run_there_is_nothing_to_tell(words: tuple[str, ...], tmp_path: Path) -> None:
    nowhere = tmp_path / "nothing-here"
    told = Shell({"DUBU_DATA_DIR": str(nowhere)}).run(*words)
    assert (told.returncode, told.stdout) == (2, "")
    assert f"no adapter has run with DUBU_DATA_DIR={nowhere}: set it, or DATABASE_URL, as for `serve`" in told.stderr
    assert not nowhere.exists()
