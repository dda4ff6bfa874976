"""The rights to setups, read back from Jira where the database, or the register's names, are new (R16)."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

import structlog

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import IssueId, IssueKey
from adapter.errors import Gone, OutOfReach, Refused
from adapter.rules.setup import setups_in_jira
from adapter.site import InForce
from adapter.store.store import Store

_log = structlog.get_logger()


def restore_setups(here: InForce, store: Store) -> None:
    """Gives each solution's right to the ticket whose setup KOMBIT was the first to pay, where none has it.

    Until all earlier tickets have been read by the names that the register has now, none is claimed: a setup that was
    paid under a name the register did not have yet is the solution's first all the same.

    Raises:
        OutOfReach: Jira does not answer, or keeps a ticket back; the next look begins again.
    """
    site, names = here.catalogue.site, names_of_solutions(here.catalogue)
    if store.setups_known(site, names):
        return
    found: list[tuple[datetime, str, IssueId, IssueKey]] = []
    for issue in here.gateway.setups():
        try:
            ticket = here.gateway.read(issue)
        except Gone:
            continue
        except Refused as error:
            raise OutOfReach(
                f"ticket {issue} may hold a setup that KOMBIT pays and can't be read ({error.status}): "
                "let the adapter's account see it; no setup is given until then"
            ) from error
        rights = setups_in_jira(ticket, here.catalogue)
        found += [(since, solution, ticket.id, ticket.key) for solution, since in rights.items()]
    for _, solution, issue, key in sorted(found):
        store.restore_setup(site, solution, issue, key)
    store.mark_setups_known(site, names)
    _log.info("setups of earlier tickets known", site=site, tickets=len({issue for _, _, issue, _ in found}))


def names_of_solutions(catalogue: Catalogue) -> str:
    """A digest of the names by which the register knows its solutions."""
    register = catalogue.solutions
    names = {key: [one.name, *one.aliases] for key, one in register.solutions.items()}
    told = json.dumps([names, list(register.suffixes)], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
