"""Two sites whose workflow is locked, by `provision` and by hand, and the adapter at work on them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapter.catalogue.words import SiteName
from adapter.database import Database
from adapter.look import Looker
from adapter.queue import Queue
from adapter.settings import read_settings
from adapter.site import Site
from adapter.store.store import Store
from tests.doctor.site import DESK
from tests.doctor.site import opened as locked_by_hand
from tests.loop.conftest import Desk
from tests.provision.routes import Place
from tests.provision.site import IN_ENGLISH, opened

ORDERS = (
    ("annulleret: [Canceled]", "annulleret: [Canceled]\n  andre: [Pending, Escalated]"),
    ("Bestil arkivering: K10", '"Get IT help": K10'),
    ("Rapportér en fejl: uden", '"Request a new account": uden'),
)
"""The plain project's own request types and statuses, given a meaning."""


@pytest.fixture(scope="module")
def provisioned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A plain project on Cloud that `provision` made ready."""
    folder = tmp_path_factory.mktemp("provisioned")
    with opened(folder, *IN_ENGLISH, *ORDERS, validate=False) as made:
        made.provision()
        yield Place(made.site, made.catalogue, made.settings, folder / "mappings")


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A project on Data Center whose workflow a person set up, and whose agents may move tickets."""
    folder = tmp_path_factory.mktemp("by-hand")
    with locked_by_hand(folder, "datacenter") as ward:
        ward.admin.grant("MOVE_ISSUES", DESK)
        yield Place(ward.site, ward.catalogue, ward.settings, folder / "mappings")


@pytest.fixture(params=["provisioned", "by_hand"])
def place(request: pytest.FixtureRequest) -> Place:
    """Each of the two."""
    found: Place = request.getfixturevalue(request.param)
    return found


def desk_at(place: Place, database: Database) -> Desk:
    """The adapter at work on a place."""
    user, token = place.site.login("adapter")
    given = {"JIRA_URL": place.site.url, "JIRA_USER": user or "", "JIRA_TOKEN": token}
    settings = read_settings(
        {"DUBU_MAPPINGS": str(place.mappings), **{f"DUBU_DUBU_{name}": value for name, value in given.items()}}
    )
    store = Store(database.pool)
    queue = Queue(database.pool, store)
    looker = Looker(Site(SiteName("dubu"), settings), store, queue.defer_looks)
    made = Desk(place.site, store, queue, settings, place.mappings, looker)
    looker.clock = made.now
    return made


@pytest.fixture
def desk(place: Place, database: Database) -> Iterator[Desk]:
    """The adapter at each of the two."""
    made = desk_at(place, database)
    yield made
    made.looker.site.stop()


@pytest.fixture
def clerk(provisioned: Place, database: Database) -> Iterator[Desk]:
    """The adapter at the provisioned site alone."""
    made = desk_at(provisioned, database)
    yield made
    made.looker.site.stop()
