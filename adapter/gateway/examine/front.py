"""Whether the site is there, what kind it is, and whether it lets an account in."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.catalogue.model import Catalogue
from adapter.doctor.seen import ELSEWHERE, Account, Administrator, Front, Server
from adapter.errors import OutOfReach, Refused
from adapter.gateway.circle import identity
from adapter.gateway.guard import configured_origin
from adapter.gateway.login import Login, adapters, admins, variable
from adapter.gateway.retry import Patience
from adapter.gateway.session import API, Elsewhere, JiraSession, OnRequest, Unauthorised, Wire, log_in
from adapter.gateway.shapes import moment, parse, part, text
from adapter.settings import SiteSettings


@dataclass(frozen=True)
class Let:
    """Somebody whom Jira let in; `me` is their user as Jira tells it."""

    wire: Wire
    me: object


class Reception:
    """Asks who is there before anything else is asked."""

    def __init__(
        self, settings: SiteSettings, catalogue: Catalogue, patience: Patience, on_request: OnRequest | None = None
    ) -> None:
        """ConfigurationError where the address is none that a token may be sent to."""
        self._settings, self._patience, self._on_request = settings, patience, on_request
        self._cloud = catalogue.jira.deployment == "cloud"
        self._url = (settings.url or catalogue.jira.url).rstrip("/")
        self._origin = configured_origin(self._url, variable(settings, "JIRA_URL"))

    def adapter(self) -> tuple[Front, Let | None]:
        """How the site meets the adapter; OutOfReach where it does not answer.

        ConfigurationError naming the variable of a login that is not set.
        """
        user, token = variable(self._settings, "JIRA_USER"), variable(self._settings, "JIRA_TOKEN")
        server, refused = self._server()
        front = Front(self._url, user, token, server, refused=refused)
        if (server is None and refused != 401) or (server is not None and server.deployment not in self._fitting):
            return front, None
        let, refused = self._log_in(adapters(self._settings, self._cloud))
        if server is None and let is not None:  # a scoped token's address tells nothing to strangers
            server, refused = self._server(let.wire.session)
        if server is None and refused != 401:
            return Front(self._url, user, token, refused=refused), None
        server = server or Server("", "", None, self._patience.now())
        account = Account(identity(let.me, self._cloud), text(part(let.me, "timeZone"))) if let else None
        return Front(self._url, user, token, server, account, refused), let

    def administrator(self) -> tuple[Administrator, Let | None]:
        """The administrator of the environment, where there is one."""
        variable_ = variable(self._settings, "ADMIN_TOKEN")
        if self._settings.admin_token is None:
            return Administrator(token_variable=variable_), None
        let, refused = self._log_in(admins(self._settings, self._cloud))
        name = text(part(let.me, "displayName")) if let else ""
        return Administrator(name, variable_, is_set=True, refused=refused), let

    @property
    def _fitting(self) -> frozenset[str]:
        return frozenset({"Cloud", ""} if self._cloud else {"Server", "Data Center", ""})

    def _server(self, session: JiraSession | None = None) -> tuple[Server | None, int]:
        """What Jira says of itself, to strangers unless a session is given; else with which status it does not."""
        asking = session or JiraSession(self._origin, self._patience, self._on_request)
        before = self._patience.now()
        path = f"{API}/serverInfo"
        try:
            answer = asking.ask("GET", self._url + path, path)
            told = parse(answer) if answer is not None else None
        except (Unauthorised, Elsewhere, Refused) as refusal:
            return None, _status(refusal)
        asked = before + (self._patience.now() - before) / 2
        deployment = text(part(told, "deploymentType"))
        base_url, now = text(part(told, "baseUrl")), moment(part(told, "serverTime"))
        return (Server(deployment, base_url, now, asked), 0) if deployment or base_url else (None, 404)

    def _log_in(self, login: Login) -> tuple[Let | None, int]:
        session = JiraSession(self._origin, self._patience, self._on_request)
        wire = Wire(log_in(self._url, session, login.user, login.token, cloud=self._cloud), session)
        try:
            me = wire.get(f"{API}/myself")
        except (Unauthorised, Elsewhere, Refused) as refusal:
            return None, _status(refusal)
        return (Let(wire, me), 0) if identity(me, self._cloud) else (None, 401)


def _status(refusal: OutOfReach | Refused) -> int:
    if isinstance(refusal, Refused):
        return refusal.status
    return ELSEWHERE if isinstance(refusal, Elsewhere) else 401
