"""Both kinds of Jira, as every claim about the gateway must hold on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapter.catalogue.load import load_site
from adapter.catalogue.model import Catalogue
from adapter.gateway.guard import configured_origin
from adapter.gateway.retry import Patience
from adapter.gateway.session import JiraSession, Wire, log_in
from tests.gateway.loopback import Loopback
from tests.gateway.site import Site

MAPPING = Path(__file__).parents[2] / "mappings" / "dubu"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_site(MAPPING)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


@pytest.fixture
def make_site(server: Loopback, catalogue: Catalogue) -> Callable[..., Site]:
    def make(deployment: str, **jira: object) -> Site:
        changed = catalogue.jira.model_copy(update={"deployment": deployment, **jira})
        return Site(server, replace(catalogue, jira=changed))

    return make


@pytest.fixture
def wire(server: Loopback) -> Wire:
    session = JiraSession(configured_origin(server.url, "JIRA_URL"), Patience())
    return Wire(log_in(server.url, session, "ada@example.dk", "t", cloud=True), session)


@pytest.fixture(params=["cloud", "datacenter"])
def site(request: pytest.FixtureRequest, make_site: Callable[..., Site]) -> Site:
    return make_site(request.param)


@pytest.fixture
def cloud(make_site: Callable[..., Site]) -> Site:
    return make_site("cloud")


@pytest.fixture
def datacenter(make_site: Callable[..., Site]) -> Site:
    return make_site("datacenter")
