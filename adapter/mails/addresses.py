"""Every address that an address header names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.errors import MessageError
from email.headerregistry import AddressHeader
from email.policy import default
from email.utils import getaddresses

from adapter.mails.headers import decoded
from adapter.mails.limits import MAX_ADDRESS_BYTES, MAX_ADDRESSES, TooComplex

_MOST = {'"': 2 * MAX_ADDRESSES, ",": 2 * MAX_ADDRESSES, "(": 100, "\\": 200, "[": 100, ".": 2_000}
"""Signs that the library takes quadratic time for: 16 KB of nothing but quotes took it three seconds."""


_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)')
_BETWEEN = re.compile(r'[\s<>(),;:"]+')


def addresses_in(headers: Iterable[str]) -> tuple[str, ...]:
    """Every address in the raw values of address headers, each once.

    Three readers are asked, the library's strict one, its older lenient one, and one that takes all that looks like an
    address; where they differ, all count. A From that two programs read differently thus has two senders, and is
    nobody's approval. The third is there because the library's, before Python 3.11.4 or so, see one address where a
    name is another (CVE-2023-27043).
    """
    found: dict[str, None] = {}
    total = 0
    for raw in headers:
        total += len(raw)
        if total > MAX_ADDRESS_BYTES or any(raw.count(sign) > most for sign, most in _MOST.items()):
            raise TooComplex
        text = _as_text(raw)
        for address in (*_strictly(text), *_leniently(text), *_plainly(text)):
            found.setdefault(address.strip().lower())
        if len(found) > MAX_ADDRESSES:
            raise TooComplex
    return tuple(found)


def words_of(headers: Iterable[str]) -> frozenset[str]:
    """The words of the names and addresses in raw address headers, in folded case: a sender signs with them."""
    found: set[str] = set()
    for raw in headers:
        for name, address in getaddresses([decoded(raw)]):
            words = re.findall(r"\w+", f"{name} {address.partition('@')[0]}")
            found.update(word.casefold() for word in words if word.isalpha())
    return frozenset(found)


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


def _plainly(text: str) -> list[str]:
    """What looks like an address outside of quotes, comments and encoded words."""
    words = _BETWEEN.split(_QUOTED.sub(" ", text))
    return [word for word in words if "@" in word.strip("@") and not word.startswith("=?")]


def _as_text(raw: str) -> str:
    """A raw header with its folding undone and raw UTF-8 decoded; encoded words stay, for they hold no address."""
    text = re.sub(r"[\r\n]+", "", raw)
    try:
        return text.encode("ascii", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return text
