"""Whether a request comes from somebody who knows one of the site's secrets."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence

SIGNATURE = "X-Hub-Signature"
SECRET = "X-Webhook-Secret"  # noqa: S105 - a header's name


def is_genuine(body: bytes, signature: str | None, secret: str | None, secrets: Sequence[str]) -> bool:
    """True if a request shows a signature or a secret, and each one that it shows is right.

    Both are header values as WSGI gives them, each character a byte; None where the header is absent.
    """
    verdicts = []
    if signature is not None:
        verdicts.append(is_signed(body, signature, secrets))
    if secret is not None:
        verdicts.append(is_secret(secret, secrets))
    return bool(verdicts) and all(verdicts)


def is_signed(body: bytes, header: str, secrets: Sequence[str]) -> bool:
    """True if the header is `sha256=` and the HMAC of the raw body under any of the secrets, as hex digits."""
    digests = (hmac.digest(_bytes(secret), body, "sha256").hex() for secret in secrets if secret)
    return _is_any(header.strip().lower().encode("utf-8", "replace"), (f"sha256={d}".encode() for d in digests))


def is_secret(header: str, secrets: Sequence[str]) -> bool:
    """True if the header is one of the secrets; Automation's web requests can send one, but cannot sign.

    A secret with letters beyond ASCII counts in UTF-8 and in Latin-1: clients differ in how they send it.
    """
    wanted = [_bytes(secret) for secret in secrets if secret]
    wanted += [secret.encode("latin-1", "replace") for secret in secrets if secret and _fits_latin_1(secret)]
    return _is_any(header.strip().encode("latin-1", "replace"), wanted)


def _is_any(shown: bytes, right: Iterable[bytes]) -> bool:
    """Compares with all of them, so that the time taken does not tell which one was close."""
    found = False
    for candidate in right:
        found |= hmac.compare_digest(shown, candidate)
    return found


def _bytes(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogateescape")  # the environment's bytes, as they were


def _fits_latin_1(secret: str) -> bool:
    return not secret.isascii() and all(ord(letter) < 256 for letter in secret)
