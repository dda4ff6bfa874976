"""Addresses: every one that a From names, and domains in the one form that can be compared."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from email.errors import MessageError
from email.headerregistry import AddressHeader
from email.policy import default
from email.utils import getaddresses

import idna

from adapter.catalogue.words import Digest
from adapter.mails.limits import MAX_ADDRESSES, TooComplex
from adapter.ticket.evidence import Sender

UNMATCHABLE = "?"
"""The domain of an address that has none we trust; no mapping can hold it, for it has no dot."""
_HOST_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")


def normal_domain(domain: str) -> str | None:
    """A domain in lower case and IDNA A-labels (`brønd.example` → `xn--brnd-hra.example`); None if it is none.

    Nothing is mended: full-width letters, trailing dots and address literals are no domains here, though a mail
    program might see one. Whoever writes such a sender wants to be taken for somebody else.
    """
    domain = domain.strip().lower()
    if not domain.isascii():
        if any(dot in domain for dot in "\u3002\uff0e\uff61"):
            return None
        try:
            domain = idna.encode(domain).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    return domain if len(domain) <= 253 and _HOST_NAME.fullmatch(domain) else None


def domain_of(address: str) -> str | None:
    """The normal domain of an address; None where it has none."""
    local, at, domain = address.rpartition("@")
    return normal_domain(domain) if local and at else None


def digest_of_text(text: str) -> Digest:
    """SHA-256 of a text that may hold undecodable bytes."""
    return Digest(hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest())


def sender_of(address: str) -> Sender:
    """An address as a fact: its domain, and a digest of it in lower case with the domain in its normal form."""
    address = address.strip().lower()
    domain = domain_of(address)
    whole = address if domain is None else f"{address.rpartition('@')[0]}@{domain}"
    return Sender(domain=domain or UNMATCHABLE, address=digest_of_text(whole))


def addresses_in(headers: Iterable[str]) -> tuple[str, ...]:
    """Every address in the raw values of address headers, each once.

    Two readers are asked, the library's strict one and its older lenient one; where they differ, both count. A
    From that two programs read differently thus has two senders, and is nobody's approval.
    """
    found: dict[str, None] = {}
    for raw in headers:
        text = _as_text(raw)
        for address in (*_strictly(text), *_leniently(text)):
            found.setdefault(address.strip().lower())
        if len(found) > MAX_ADDRESSES:
            raise TooComplex
    return tuple(found)


def _strictly(text: str) -> list[str]:
    try:
        header = default.header_factory("To", text)
        addresses = header.addresses if isinstance(header, AddressHeader) else ()
        return [a.addr_spec if a.domain else a.username for a in addresses if a.username or a.domain]
    except (MessageError, ValueError, IndexError, AttributeError, TypeError):  # known slips of the standard library
        return [text]  # unreadable: an address that matches nobody


def _leniently(text: str) -> list[str]:
    pairs = getaddresses([text])
    return [address or name for name, address in pairs if address or name]


def _as_text(raw: str) -> str:
    """A raw header with its folding undone and raw UTF-8 decoded."""
    text = re.sub(r"[\r\n]+", "", raw)
    try:
        return text.encode("ascii", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return text
