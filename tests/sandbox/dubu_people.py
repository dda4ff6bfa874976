"""The people around DUBU's service desk; customers are named for their organisation."""

from __future__ import annotations

from tests.sandbox.people_records import AccountKind
from tests.sandbox.seed import SeedUser

CUSTOMER = AccountKind.CUSTOMER
APPROVERS = "kombit-godkendere"
Organisations = dict[str, tuple[str, str]]
"""By what they are to us: name, domain."""


def people(orgs: Organisations, kombit_accounts: tuple[str, ...], kombit_group: str) -> tuple[SeedUser, ...]:
    """Who is on the site; the first accounts of the mapping's KOMBIT are Karen's and Kim's."""
    account = (*kombit_accounts, None, None)

    def customer(handle: str, name: str, key: str, **more: object) -> SeedUser:
        organisation, domain = orgs[key]
        email = f"{name.split(maxsplit=1)[0].lower()}@{domain}"
        return SeedUser(handle, name, email, CUSTOMER, organisation=organisation, **more)  # type: ignore[arg-type]  # only bools and ids

    karen = customer("kombit.karen", "Karen Holm", "kombit", account_id=account[0])
    kim = SeedUser(
        "kombit.kim", "Kim Lund", f"kim@{orgs['kombit'][1]}", organisation=orgs["kombit"][0], account_id=account[1]
    )
    gerda = SeedUser(
        "kombit.gerda", "Gerda Gram", "gerda@indkoeb.example", CUSTOMER, email_visible=False, groups=(kombit_group,)
    )  # KOMBIT's by her group alone
    return (
        SeedUser("agent.anna", "Anna Agent", "anna@leverandoer.example", email_visible=False),
        SeedUser("agent.bo", "Bo Berg", "bo@leverandoer.example", groups=("dubu-servicedesk",)),
        SeedUser("admin", "Ada Admin", "ada@leverandoer.example", groups=("jira-administrators",), site_admin=True),
        SeedUser("adapter", "DUBU-adapter", "dubu-adapter@leverandoer.example", time_zone="UTC"),
        SeedUser("automation", "Automation for Jira", "automation@atlassian.example", AccountKind.APP),
        customer("kunde.aarhus", "Mette Madsen", "aarhus", email_visible=False),
        customer("kunde.odense", "Ole Olsen", "odense"),
        customer("kunde.roskilde", "Rikke Riis", "roskilde"),
        customer("3part", "Troels Toft", "3part"),
        karen,
        kim,
        gerda,
        SeedUser("fremmed", "Frida Fremmed", "frida@leverandoer.example"),
    )
