"""The door for administrators: read a site, and bring about what a plan says, one step after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import structlog

from adapter.catalogue.model import Catalogue
from adapter.errors import ConfigurationError, Refused
from adapter.gateway.admin.again import again
from adapter.gateway.admin.read import SiteReader, Tell
from adapter.gateway.admin.write import AdminWriter, Conflict
from adapter.gateway.circle import identity
from adapter.gateway.guard import configured_origin, is_loopback, origin_of
from adapter.gateway.login import Login, adapters, admins, myself, variable
from adapter.gateway.retry import Patience
from adapter.gateway.session import JiraSession, OnRequest, Wire, log_in
from adapter.provision.found import Found
from adapter.provision.plan import plan_of
from adapter.provision.steps import Obstacle, Provisioning, Step
from adapter.provision.wanted import Wanted, wanted_of
from adapter.settings import SiteSettings

log = structlog.get_logger()

RIGHTS = ("ADMINISTER", "ADMINISTER_PROJECTS")
TRIES = 5  # of one step that somebody else's change comes between, or that does not stay done
PAUSE = 1.0  # seconds, times the tries so far


class AdminGateway:
    """One site with an administrator logged in; `connect` makes it."""

    def __init__(self, wire: Wire, wanted: Wanted, account: str, secret: str | None, patience: Patience) -> None:
        self._cloud = wanted.catalogue.jira.deployment == "cloud"
        self._wire, self._wanted, self._account, self._patience = wire, wanted, account, patience
        self._reader = SiteReader(wire, self._cloud, wanted.catalogue.jira.project)
        self._writer = AdminWriter(wire, self._cloud, wanted, secret)

    @classmethod
    def connect(
        cls,
        settings: SiteSettings,
        catalogue: Catalogue,
        *,
        webhook_url: str | None = None,
        patience: Patience | None = None,
        on_request: OnRequest | None = None,
        ca_bundle: str | None = None,
    ) -> AdminGateway:
        """The site with the administrator logged in, and the adapter's account known.

        ConfigurationError naming the variable to set; OutOfReach where Jira does not answer.
        """
        patience = patience or Patience()
        cloud = catalogue.jira.deployment == "cloud"
        url = (settings.url or catalogue.jira.url).rstrip("/")
        origin = configured_origin(url, variable(settings, "JIRA_URL"))
        hook = checked_hook(webhook_url or settings.webhook_url, settings)

        def logged_in(login: Login) -> tuple[Wire, object]:
            session = JiraSession(origin, patience, on_request)
            if ca_bundle:
                if not Path(ca_bundle).exists():
                    raise ConfigurationError(f"The CA bundle {ca_bundle} is not there: point it at a file")
                session.verify = ca_bundle
            wire = Wire(log_in(url, session, login.user, login.token, cloud=cloud), session)
            return wire, myself(wire, login, url, cloud)

        wire, _ = logged_in(admins(settings, cloud))
        _, adapter = logged_in(adapters(settings, cloud))
        secret = next(iter(settings.webhook_secrets), None)
        return cls(wire, wanted_of(catalogue, hook), identity(adapter, cloud), secret, patience)

    def plan(self, tell: Tell = lambda _: None) -> tuple[Found | None, Provisioning]:
        """What the site has and lacks; without the right to see it, what keeps it from being seen."""
        project = self._reader.project()
        held = self._reader.holds(*RIGHTS)
        if "ADMINISTER" not in held and not project.is_team_managed:
            obstacle = Obstacle(
                "administratorens konto har ikke rettigheden Administer Jira, og uden den kan felter, workflows og "
                "webhooks hverken ses eller ændres; giv kontoen den, eller brug en anden konto"
            )
            return None, Provisioning(obstacles=(obstacle,))
        found = self.read(tell)
        return found, plan_of(self._wanted, found)

    def read(self, tell: Tell = lambda _: None) -> Found:
        """The whole site; Refused naming the part that may not be read."""
        names = frozenset(field.name for field in self._wanted.fields)
        types = self._wanted.catalogue.jira.issue_types
        return self._reader.read(self._account, names, types, whole=True, tell=tell)

    def bring_about(
        self, found: Found, tell: Callable[[Step], None], agrees: Callable[[Step], bool] = lambda _: True
    ) -> Found:
        """Carries out step after step until nothing is left, and returns the site as it then is.

        Every step is planned from what was read after the one before; so an interrupted run is just taken up, and what
        somebody else does meanwhile is seen. Refused where a step is not agreed to, is refused or does not stay done.
        """
        tries: Counter[str] = Counter()
        while True:
            plan = plan_of(self._wanted, found)
            if plan.obstacles:
                raise Refused("; ".join(obstacle.text for obstacle in plan.obstacles), 409)
            if not plan.steps:
                return found
            step = plan.steps[0]
            title = str(step).partition("\n")[0]
            if not agrees(step):
                raise Refused(f"{title}: sitet er ændret imens, og der er andet at gøre end aftalt; kør igen", 409)
            tell(step)
            found = self._after(step, found, tries[title])
            tries[title] += 1
            if tries[title] > TRIES:
                raise Refused(f"{title}: skrevet {TRIES} gange, og sitet har det stadig ikke; gør det i hånden", 409)

    def _after(self, step: Step, found: Found, tried: int) -> Found:
        """The site after a step was tried; one that somebody else's change came between is only read again."""
        if tried:
            self._patience.sleep(PAUSE * tried)

        def arrived() -> bool:
            now = again(step, found, self._wire, self._cloud)
            return step not in plan_of(self._wanted, now).steps

        try:
            self._writer.carry_out(step, found, arrived)
        except Conflict as conflict:
            log.info("a workflow was changed meanwhile", tries=tried + 1)
            if tried + 1 >= TRIES:
                raise Refused(f"{conflict}, {TRIES} gange; kør kommandoen igen, når der er ro", 409) from None
        return again(step, found, self._wire, self._cloud)


def checked_hook(url: str | None, settings: SiteSettings) -> str | None:
    """The webhook's address; ConfigurationError where Jira would tell of tickets in the clear or unsigned."""
    if url is None:
        return None
    origin = origin_of(url)
    if origin is None or (origin.scheme == "http" and not is_loopback(origin.host)):
        raise ConfigurationError(
            f"The webhook's address must begin with https:// and hold no user or password: correct --webhook-url or "
            f"{variable(settings, 'WEBHOOK_URL')}, such as https://adapter.example.org/webhooks/{settings.site}"
        )
    if not settings.webhook_secrets:
        raise ConfigurationError(
            f"{variable(settings, 'WEBHOOK_SECRETS')} is not set: set it to the secret that webhooks are signed with"
        )
    return url
