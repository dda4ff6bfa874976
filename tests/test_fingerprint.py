"""Versions and stamps: short names that nothing takes for a CPR number."""

from __future__ import annotations

from adapter.fingerprint import fingerprint
from adapter.masking import mask


def test_no_fingerprint_is_ever_masked() -> None:
    """Of so many, nearly two hundred would be if digits stood in them."""
    names = [fingerprint(str(n).encode()) for n in range(20_000)]
    assert {mask(name) for name in names} == set(names)
    assert not any(letter.isdigit() for name in names for letter in name)
