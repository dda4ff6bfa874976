"""The rights to setups, read back from Jira where the database is new (R16)."""

from __future__ import annotations

import structlog

from adapter.catalogue.words import CLOSED, ApprovalState, FieldName, Payer
from adapter.errors import Gone
from adapter.rules.setup import solution_of, work_began
from adapter.site import InForce
from adapter.store.store import Store
from adapter.ticket.snapshot import Ticket

_log = structlog.get_logger()


def restore_setups(here: InForce, store: Store) -> None:
    """Gives each solution's right to the oldest ticket whose setup KOMBIT pays; until it is done, none is claimed.

    Raises:
        OutOfReach: Jira does not answer; what was restored stays, and the next look goes on.
    """
    site, restored = here.catalogue.site, 0
    for issue in here.gateway.setups():
        try:
            ticket = here.gateway.read(issue)
        except Gone:
            continue
        solution = solution_of(ticket, here.catalogue).key
        if solution is not None and _has_right(ticket, here):
            store.restore_setup(site, solution, ticket.id, ticket.key)
            restored += 1
    store.mark_setups_known(site)
    _log.info("setups of earlier tickets known", site=site, tickets=restored)


def _has_right(ticket: Ticket, here: InForce) -> bool:
    """Whether a ticket's setup is KOMBIT's still: not refused, and not closed before work began."""
    meaning, fields = here.catalogue.meaning, ticket.fields
    if meaning(FieldName.PAYER, fields.get(FieldName.PAYER)) != Payer.KOMBIT:
        return False
    if work_began(ticket):
        return True
    refused = meaning(FieldName.APPROVAL, fields.get(FieldName.APPROVAL)) == ApprovalState.REFUSED
    return ticket.status.role not in CLOSED and not refused
