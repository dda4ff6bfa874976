"""The door for administrators: read a site, and bring about what a plan says, one step after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
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
from adapter.provision.steps import Obstacle, Provisioning, Step, WriteWebhook, is_left_of
from adapter.provision.wanted import Wanted, wanted_of
from adapter.settings import SiteSettings

log = structlog.get_logger()

RIGHTS = ("ADMINISTER", "ADMINISTER_PROJECTS")
TRIES = 5  # of one step that somebody else's change comes between, and looks for one that does not show
PAUSE = 1.0  # seconds, times the tries so far
TURNS = 2000  # of planning in one run: some ten times the steps that a bare site needs


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
        somebody else does meanwhile is seen. What Jira said is done is not done again where it does not show yet, but
        waited for. Refused where a step is not agreed to, is refused or does not show.
        """
        tries: Counter[str] = Counter()
        done: list[Step] = []
        for _ in range(TURNS):
            plan = plan_of(self._wanted, found)
            if plan.obstacles:
                raise Refused("; ".join(obstacle.text for obstacle in plan.obstacles), 409)
            if not plan.steps:
                return found
            step = plan.steps[0]
            if any(is_left_of(step, before) for before in done):
                found = self._once_it_shows(step, found)
                continue
            title = _title(step)
            found = again(step, found, self._wire, self._cloud)  # somebody else may be setting the site up just now
            if plan_of(self._wanted, found).steps[:1] != (step,):
                continue
            if not agrees(step):
                raise Refused(f"{title}: sitet er ændret imens, og der er andet at gøre end aftalt; kør igen", 409)
            if tries[title] == TRIES:
                raise Refused(f"{title}: prøvet {TRIES} gange, og en anden ændrer det imens; kør igen senere", 409)
            self._patience.sleep(PAUSE * tries[title])
            tell(step)
            tries[title] += 1
            try:
                self._writer.carry_out(step, found, partial(self._shows, step, found))
                done.append(step)
            except Conflict:
                log.info("a workflow was changed meanwhile", tries=tries[title])
            found = again(step, found, self._wire, self._cloud)
        raise Refused("sitet ændres hele tiden, mens det sættes op; kør igen senere", 409)

    def _once_it_shows(self, step: Step, found: Found) -> Found:
        """The site once what was done is seen in it; Refused where that takes too long."""
        for tried in range(1, TRIES + 1):
            self._patience.sleep(PAUSE * tried)
            found = again(step, found, self._wire, self._cloud)
            if not self._lacks(step, found):
                return found
        said = "Jira siger, at det er gjort, men viser det ikke; kør igen om nogle minutter"
        said += ", eller indtast hemmeligheden under System → WebHooks" if isinstance(step, WriteWebhook) else ""
        raise Refused(f"{_title(step)}: {said}", 409)

    def _shows(self, step: Step, found: Found) -> bool:
        """Whether a step whose answer was lost is done."""
        return not self._lacks(step, again(step, found, self._wire, self._cloud))

    def _lacks(self, step: Step, found: Found) -> bool:
        return any(is_left_of(planned, step) for planned in plan_of(self._wanted, found).steps)


def _title(step: Step) -> str:
    return str(step).partition("\n")[0]


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
