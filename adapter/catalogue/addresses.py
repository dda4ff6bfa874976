"""Mail addresses and domains in the one form in which they are compared and remembered."""

from __future__ import annotations

import hashlib
import re

import idna

from adapter.catalogue.words import Digest

_HOST_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAILBOX = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LONGEST_MAILBOX = 64  # RFC 5321, 4.5.3.1.1


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
    is_number = domain.replace(".", "").isdigit()
    return domain if len(domain) <= 253 and _HOST_NAME.fullmatch(domain) and not is_number else None


def domain_of(address: str) -> str | None:
    """The normal domain of an address; None where it has none."""
    local, at, domain = address.rpartition("@")
    return normal_domain(domain) if local and at else None


def mail_address(text: str) -> str | None:
    """An address as every mail server knows it, its domain in its normal form; None where it is no such address.

    Quoted names and letters beyond ASCII before the @ are none: servers that take them are rare.
    """
    mailbox, _, domain = text.rpartition("@")
    normal = normal_domain(domain)
    is_mailbox = len(mailbox) <= _LONGEST_MAILBOX and _MAILBOX.fullmatch(mailbox) is not None
    return f"{mailbox}@{normal}" if is_mailbox and normal is not None else None


def digest_of_text(text: str) -> Digest:
    """SHA-256 of a text that may hold undecodable bytes."""
    return Digest(hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest())
