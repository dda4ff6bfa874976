"""deploy/dubu: an operator's command with the service's user and settings, without a word of them on the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import ROOT

WRAPPER = ROOT / "deploy" / "dubu"
SETTINGS = """\
# a comment
DUBU_DUBU_JIRA_TOKEN=$(touch hacked)`touch hacked` # "kept" 'as' it=stands
DUBU_DUBU_WEBHOOK_SECRETS="one,two"

DUBU_DATA_DIR=/somewhere/else"""


@pytest.fixture
def home() -> Iterator[Path]:
    """An installation that tells who runs it, where and with what; not in pytest's folder, closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="dubu-home-"))
    command = folder / ".venv" / "bin" / "dubu-adapter"
    command.parent.mkdir(parents=True)
    command.write_text('#!/bin/sh\nid -un; pwd; printf "%s|" "$@"; echo; env | grep ^DUBU_; exit 3\n')
    command.chmod(0o755)
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def run(home: Path, file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("DUBU_")}
    environment = {**known, "DUBU_HOME": str(home), "DUBU_USER": "nobody", "DUBU_ENV_FILE": str(file)}
    return subprocess.run(
        [WRAPPER, *words], env=environment, capture_output=True, text=True, timeout=30, check=False
    )  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("runuser"), reason="needs root and runuser")
def test_the_service_s_settings_are_read_and_never_run(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_text(SETTINGS)
    file.chmod(0o600)
    told = run(home, file, "explain", "DUBU 1; x")
    assert told.returncode == 3, told.stderr  # the command's own
    who, where, words, *settings = told.stdout.splitlines()
    assert (who, where, words) == ("nobody", str(home), "explain|DUBU 1; x|")
    assert "DUBU_DUBU_JIRA_TOKEN=$(touch hacked)`touch hacked` # \"kept\" 'as' it=stands" in settings
    assert "DUBU_DUBU_WEBHOOK_SECRETS=one,two" in settings
    assert "DUBU_DATA_DIR=/somewhere/else" in settings
    assert f"DUBU_MAPPINGS={home}/mappings" in settings
    assert not list(home.rglob("hacked"))


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_what_is_missing_is_named_and_no_secret_is_told(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    absent = run(home, file, "queue")
    assert (absent.returncode, absent.stdout) == (2, "")
    assert f"{file} is not there" in absent.stderr
    file.write_text("DUBU-TOKEN=hemmelig\n")
    wrong = run(home, file, "queue")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "no NAME=value" in wrong.stderr
    assert "hemmelig" not in wrong.stderr
