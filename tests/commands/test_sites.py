"""--site and --mappings: which site a command is about."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from adapter.errors import ConfigurationError
from adapter.settings import read_settings, served_sites
from tests.commands.conftest import ROOT, Shell


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Mappings of two sites."""
    for site in ("dubu", "nord"):
        shutil.copytree(ROOT / "mappings" / "dubu", tmp_path / "mappings" / site)
    return tmp_path / "mappings"


def test_all_sites_are_served_unless_one_is_named(two: Path) -> None:
    everywhere = {"DUBU_MAPPINGS": str(two)}
    assert served_sites(read_settings(everywhere)) == ("dubu", "nord")
    assert served_sites(read_settings({**everywhere, "DUBU_SITE": " nord "})) == ("nord",)
    with pytest.raises(ConfigurationError, match=r"no site 'syd' below .*: choose from dubu, nord"):
        served_sites(read_settings({**everywhere, "DUBU_SITE": "syd"}))


@pytest.mark.parametrize("command", ["serve", "web", "work", "queue", "sweep"])
def test_a_site_that_is_not_there_is_a_usage_error_that_names_the_choices(
    shell: Shell, two: Path, command: str
) -> None:
    told = shell.run(command, "--site", "syd", "--mappings", str(two))
    assert told.returncode == 2
    assert "no site 'syd'" in told.stderr
    assert "choose from dubu, nord" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_command_about_tickets_asks_which_site(shell: Shell, two: Path) -> None:
    told = shell.run("queue", "--mappings", str(two))
    assert told.returncode == 2
    assert "--site dubu|nord" in told.stderr
    told = shell.run("queue", "--mappings", str(two), DUBU_SITE="dubu")
    assert told.stdout.startswith("dubu: ")
    told = shell.run("queue", "--site", "nord", "--mappings", str(two), DUBU_SITE="dubu")
    assert told.stdout.startswith("nord: ")
