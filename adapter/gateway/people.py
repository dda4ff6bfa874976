"""Who acted: Jira's users as Persons."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.catalogue.words import AccountId
from adapter.gateway.circle import identity
from adapter.gateway.shapes import part, text
from adapter.ticket.snapshot import Person


@dataclass(frozen=True)
class People:
    """What makes a user the adapter, an agent, an app or KOMBIT's; `agents` holds identities as circle.py gives them.

    `automation` and `kombit` hold account ids, user names and keys, case folded: Data Center does not say that an
    account is an app's. The service desk's own people and apps are never KOMBIT's, whatever else they are (R18).
    """

    account: AccountId
    agents: frozenset[str]
    cloud: bool
    automation: frozenset[str] = frozenset()
    kombit: frozenset[str] = frozenset()

    def person(self, user: object) -> Person:
        """The Person behind a user; the empty account where Jira names nobody (anonymous, or since deleted)."""
        account = account_of(user, self.cloud)
        who = identity(user, self.cloud)
        names = {account.casefold(), who} - {""}
        is_adapter = bool(account) and account == self.account
        is_agent = who in self.agents
        is_app = not self.automation.isdisjoint(names) or text(part(user, "accountType")) == "app"
        return Person(
            account=account,
            name=text(part(user, "displayName")),
            is_adapter=is_adapter,
            is_agent=is_agent,
            is_app=is_app,
            is_kombit=not (is_adapter or is_agent or is_app) and not self.kombit.isdisjoint(names),
            email=text(part(user, "emailAddress")) or None,
            user_name="" if self.cloud else text(part(user, "name")),
        )


def account_of(user: object, cloud: bool) -> AccountId:
    """Cloud's accountId, or a Data Center user's key."""
    if cloud:
        return AccountId(text(part(user, "accountId")))
    return AccountId(text(part(user, "key")) or text(part(user, "name")))
