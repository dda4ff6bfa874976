"""DKIM: whether the sender's domain itself vouches for the mail (RFC 6376). It can only strengthen."""

from __future__ import annotations

import re
from collections.abc import Callable

import dkim  # type: ignore[import-untyped]  # the library ships no types
import dns.exception
import dns.rdatatype
import dns.resolver

from adapter.catalogue.addresses import normal_domain
from adapter.mails.limits import Address
from adapter.ticket.evidence import Dkim

LIFETIME = 2.0  # seconds for one question to DNS
MAX_SIGNATURES = 3
_ONCE = (
    b"from",
    b"date",
    b"subject",
    b"message-id",
    b"content-type",
    b"content-transfer-encoding",
    b"in-reply-to",
    b"references",
)
_SIGNED = (b"from", b"date", b"subject", b"content-type")
_REPLIES = (b"in-reply-to", b"references")  # Exchange Online signs neither, Gmail both


def resolver_at(dns_server: str | None) -> dns.resolver.Resolver:
    """A resolver at `host:port`, or the system's."""
    if dns_server is None:
        return dns.resolver.Resolver()
    host, _, port = dns_server.rpartition(":")
    found = dns.resolver.Resolver(configure=False)
    found.nameservers = [host.strip("[]")]
    found.port = int(port)
    return found


def reachable(resolver: dns.resolver.Resolver) -> frozenset[Address]:
    """The addresses that the resolver asks."""
    return frozenset((str(server), resolver.port) for server in resolver.nameservers)


def check_signature(
    data: bytes, from_domain: str | None, domains: tuple[str, ...], resolver: dns.resolver.Resolver | None
) -> Dkim:
    """A proof if a known party's domain signed this very mail and is the sender's; never raises.

    Keys are asked for only at known domains, so that a mail cannot make us ask its author's server. Exchange and
    Outlook rewrite bodies, so a signature that does not hold proves nothing. What is appended below a signed length
    (`l=`), or can be read two ways because a header is repeated, is not vouched for.
    """
    try:
        mail = dkim.DKIM(data, timeout=LIFETIME)
        count = sum(1 for name, _ in mail.headers if name.lower() == b"dkim-signature")
        if not count:
            return Dkim.ABSENT
        if resolver is None or from_domain is None or _can_be_read_two_ways(data, mail.headers):
            return Dkim.INCONCLUSIVE
        keys = _keys(resolver, domains)
        proofs = {_proof(mail, index, from_domain, domains, keys) for index in range(min(count, MAX_SIGNATURES))}
    except Exception:  # noqa: BLE001  # whatever a hostile signature breaks, it is only not strengthened
        return Dkim.INCONCLUSIVE
    return next((proof for proof in (Dkim.ANSWERING, Dkim.ALIGNED) if proof in proofs), Dkim.INCONCLUSIVE)


def _can_be_read_two_ways(data: bytes, headers: list[tuple[bytes, bytes]]) -> bool:
    names = [name.lower() for name, _ in headers]
    if any(names.count(name) > 1 for name in _ONCE):
        return True
    top = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0]
    return bool(re.search(rb"\r(?!\n)|[\x00\x0b\x0c]", top))


def _proof(
    mail: dkim.DKIM, index: int, from_domain: str, domains: tuple[str, ...], keys: Callable[..., bytes | None]
) -> Dkim:
    """What one signature proves."""
    try:
        if not mail.verify(idx=index, dnsfunc=keys):
            return Dkim.INCONCLUSIVE
    except dkim.DKIMException:
        return Dkim.INCONCLUSIVE
    fields = mail.signature_fields
    signer = normal_domain(fields[b"d"].decode("ascii", "replace"))
    unsigned = {name.lower() for name, _ in mail.headers} - set(mail.include_headers)
    holds = (
        signer is not None
        and _is_aligned(signer, from_domain, domains)
        and b"l" not in fields
        and fields.get(b"a") in {b"rsa-sha256", b"ed25519-sha256"}
        and unsigned.isdisjoint(_SIGNED)
    )
    if not holds:
        return Dkim.INCONCLUSIVE
    return Dkim.ANSWERING if unsigned.isdisjoint(_REPLIES) else Dkim.ALIGNED


def _is_aligned(signer: str, from_domain: str, domains: tuple[str, ...]) -> bool:
    """The same domain, or a known domain that the sender's is below.

    RFC 7489's relaxed alignment would need a list of all public suffixes; the mapping's domains are enough.
    """
    return signer == from_domain or (signer in domains and from_domain.endswith(f".{signer}"))


def _keys(resolver: dns.resolver.Resolver, domains: tuple[str, ...]) -> Callable[..., bytes | None]:
    """Looks up keys, at known domains only; a key in test mode (`t=y`) is none."""

    def key(name: bytes, timeout: float = LIFETIME) -> bytes | None:
        text = name.decode("ascii")
        _, _, signer = text.rstrip(".").lower().partition("._domainkey.")
        if not any(signer == domain or signer.endswith(f".{domain}") for domain in domains):
            return None
        try:
            answer = resolver.resolve(text, dns.rdatatype.TXT, lifetime=min(timeout, LIFETIME), search=False)
        except dns.exception.DNSException:
            return None
        record = b"".join(answer[0].strings)
        return None if re.search(rb"(^|;)\s*t\s*=[^;]*\by\b", record) else record

    return key
