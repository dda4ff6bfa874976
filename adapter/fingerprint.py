"""Short names for bytes: versions and stamps, as they stand in logs, comments and reports."""

from __future__ import annotations

import hashlib

_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def fingerprint(data: bytes) -> str:
    """Twelve letters from a to p: the start of the SHA-256, its digits spelled as letters.

    Ten digits in a row would come about by chance, and be masked as a CPR number (adapter.masking).
    """
    return hashlib.sha256(data).hexdigest()[:12].translate(_LETTERS)
