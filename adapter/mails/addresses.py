"""Every address that an address header names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.errors import MessageError
from email.headerregistry import AddressHeader
from email.policy import default
from email.utils import getaddresses

from adapter.mails.limits import MAX_ADDRESSES, TooComplex


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
