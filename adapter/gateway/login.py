"""Who logs in: the adapter's own account, or an administrator's for as long as a command runs."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapter.errors import ConfigurationError, Refused
from adapter.gateway.people import account_of
from adapter.gateway.session import Elsewhere, Unauthorised, Wire
from adapter.settings import SiteSettings


def variable(settings: SiteSettings, suffix: str) -> str:
    """The environment variable of a site, such as `DUBU_DUBU_JIRA_TOKEN` for `JIRA_TOKEN`."""
    name = "".join(c if c.isascii() and c.isalnum() else "_" for c in settings.site).upper()
    return f"DUBU_{name}_{suffix}"


@dataclass(frozen=True)
class Login:
    """An account's user (None on Data Center) and token, and the names of the variables that they come from."""

    whose: str  # in error messages, such as `the adapter`
    user: str | None
    token: str = field(repr=False)
    user_variable: str
    token_variable: str


def adapters(settings: SiteSettings, cloud: bool) -> Login:
    """The adapter's own login; ConfigurationError naming the variable to set."""
    variables = (variable(settings, "JIRA_USER"), variable(settings, "JIRA_TOKEN"))
    return _checked("the adapter", "the adapter's account", (settings.user, settings.token), variables, cloud)


def admins(settings: SiteSettings, cloud: bool) -> Login:
    """An administrator's login; ConfigurationError naming the variable to set."""
    variables = (variable(settings, "ADMIN_USER"), variable(settings, "ADMIN_TOKEN"))
    given = (settings.admin_user, settings.admin_token)
    return _checked("the administrator", "a Jira administrator's account", given, variables, cloud)


def _checked(
    whose: str, account: str, given: tuple[str | None, str | None], variables: tuple[str, str], cloud: bool
) -> Login:
    user, token = given
    if token is None:
        kind = "an API token" if cloud else "a personal access token"
        raise ConfigurationError(f"{variables[1]} is not set: set it to {kind} of {account}")
    if cloud and user is None:
        raise ConfigurationError(
            f"{variables[0]} is not set: on Jira Cloud (`udgave: cloud` in jira.yaml) set it to the "
            f"mail address of {account}"
        )
    if not (token.isascii() and token.isprintable()):
        raise ConfigurationError(
            f"{variables[1]} holds a line break or another character that no token has: set it anew"
        )
    return Login(whose, user if cloud else None, token, *variables)


def myself(wire: Wire, login: Login, url: str, cloud: bool) -> object:
    """The user behind a login; ConfigurationError saying what to mend where Jira does not know it."""
    try:
        me: object = wire.jira.myself()
    except (Unauthorised, Elsewhere, Refused) as error:
        names = f"{login.user_variable} and {login.token_variable}" if cloud else login.token_variable
        raise ConfigurationError(
            f"Jira at {url} does not let {login.whose} in ({error}): check {names}, the address and `udgave` in "
            "jira.yaml"
        ) from None
    if not account_of(me, cloud):
        raise ConfigurationError(
            f"Jira at {url} does not tell {login.whose}'s own account: check `udgave` in jira.yaml"
        )
    return me
