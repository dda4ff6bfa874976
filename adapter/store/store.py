"""What the adapter remembers beside what Jira can tell: evidence, rights, letters, what it did, what is amiss."""

from __future__ import annotations

from adapter.store.evidence import EvidenceStore
from adapter.store.journal import Entry, Journal
from adapter.store.outbox import Outbox
from adapter.store.setups import Setups
from adapter.store.sites import Sites, SiteState
from adapter.store.standing import Standing, Standings
from adapter.store.tickets import SETTLE, Tickets
from adapter.store.trouble import SetAside, Troubles

__all__ = ["SETTLE", "Entry", "SetAside", "SiteState", "Standing", "Store"]


class Store(EvidenceStore, Journal, Troubles, Tickets, Sites, Setups, Outbox, Standings):
    """The memory of all sites, in PostgreSQL; every method raises OutOfReach where that does not answer."""
