"""A plain site, a mapping that fits it, and an administrator's gateway to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapter.catalogue.load import load_site
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import SiteName
from adapter.gateway.admin.gateway import AdminGateway
from adapter.gateway.gateway import Gateway
from adapter.gateway.retry import Patience
from adapter.provision.steps import Provisioning, Step
from adapter.settings import SiteSettings
from tests.sandbox import Sandbox, Seed, bare_seed
from tests.sandbox.bare import REQUEST, TASK
from tests.system.mapping import say, write_mapping

HOOK = "https://adapter.example/webhooks/dubu"
SECRET = "hemmelig-i-sandkassen"
RESTLESS = Patience(sleep=lambda _: None)
IN_ENGLISH = (
    ("ny: [Ny]", "ny: [Waiting for support, To Do]"),
    ("afventer_kunde: [Afventer Kunde]", "afventer_kunde: [Waiting for customer]"),
    ("arbejde: [I gang]", "arbejde: [In progress]"),
    ("afsluttet: [Løst, Lukket]", "afsluttet: [Resolved, Closed, Done]"),
    ("annulleret: [Annulleret]", "annulleret: [Canceled]"),
)
"""A mapping by an admin who keeps the names that the project has."""


BARE_TYPES = ("sagstyper: []", f'sagstyper: ["{REQUEST}", "{TASK}"]')
"""A mapping for the plain project's two issue types whose workflows are its own."""


def mapping(folder: Path, *changes: tuple[str, str]) -> Catalogue:
    """The shipped mapping, edited."""
    written = write_mapping(folder / "mappings")
    say(written, "jira.yaml", *changes)
    return load_site(written / "dubu")


@dataclass
class Set:
    """A running site and what an administrator says to it."""

    site: Sandbox
    catalogue: Catalogue
    settings: SiteSettings
    before: dict[str, str] = field(default_factory=dict)  # statuses of the tickets that were there
    done: list[Step] = field(default_factory=list)

    def gateway(self, patience: Patience = RESTLESS) -> AdminGateway:
        """A fresh login; nobody waits in tests."""
        return AdminGateway.connect(self.settings, self.catalogue, patience=patience)

    def plan(self) -> Provisioning:
        """What a fresh reading says is to be done."""
        return self.gateway().plan()[1]

    def provision(self, patience: Patience = RESTLESS) -> list[Step]:
        """Does all of it, and returns what was done."""
        gateway = self.gateway(patience)
        found, plan = gateway.plan()
        assert found is not None
        assert not plan.obstacles, plan.obstacles
        done: list[Step] = []
        gateway.bring_about(found, done.append)
        return done

    def adapter(self) -> Gateway:
        """The adapter's own gateway, which connects only to a site that has all it needs."""
        return Gateway.connect(self.settings, self.catalogue)


@contextmanager
def opened(
    folder: Path,
    *changes: tuple[str, str],
    make: Callable[[Catalogue], Seed] | None = None,
    deployment: str = "cloud",
    validate: bool = True,
) -> Iterator[Set]:
    """A site with its administrator: a plain one, or one that a test makes; `changes` edit the mapping."""
    edition = ("udgave: cloud", f"udgave: {deployment}")
    types = () if make else (BARE_TYPES,)
    catalogue = mapping(folder, edition, *types, *changes)
    with Sandbox.start(make(catalogue) if make else bare_seed(catalogue, deployment), validate=validate) as site:
        user, token = site.login("adapter")
        admin, admins_token = site.login("admin")
        settings = SiteSettings(SiteName("dubu"), site.url, user, token, (SECRET,), admin, admins_token, HOOK)
        yield Set(site, catalogue, settings)
