"""One running system for the tests that only need one, and a fresh one for those that break it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.mapping import write_mapping
from tests.system.people import Person, people_of
from tests.system.processes import Running, running


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole system, shared by a module."""
    folder = tmp_path_factory.mktemp("system")
    with running(folder, write_mapping(folder / "mappings")) as started:
        yield started


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    """A mapping of the test's own."""
    return write_mapping(tmp_path / "mappings")


@pytest.fixture
def agent(system: Running) -> Person:
    """Somebody of the service desk."""
    return people_of(system.jira)["agent.anna"]


@pytest.fixture
def customer(system: Running) -> Person:
    """Somebody of Aarhus, who orders."""
    return people_of(system.jira)["kunde.aarhus"]
