"""Senders as facts: a domain that can be compared and a digest of the address, never the address."""

from __future__ import annotations

from adapter.catalogue.addresses import digest_of_text, domain_of
from adapter.ticket.evidence import Sender

UNMATCHABLE = "?"
"""The domain of an address that has none we trust; no mapping can hold it, for it has no dot."""


def sender_of(address: str) -> Sender:
    """An address as a fact: its domain, and a digest of it in lower case with the domain in its normal form."""
    address = address.strip().lower()
    domain = domain_of(address)
    whole = address if domain is None else f"{address.rpartition('@')[0]}@{domain}"
    return Sender(domain=domain or UNMATCHABLE, address=digest_of_text(whole))
