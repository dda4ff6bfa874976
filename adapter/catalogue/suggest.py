"""Which word was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word that was probably meant, or None where none is near."""
    found = process.extractOne(word, list(words), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=60)
    return found[0] if found else None


def suggestion(word: str, words: Iterable[str]) -> str:
    """`; mente du 'pris'?`, or nothing."""
    found = nearest(word, words)
    return f"; mente du '{found}'?" if found else ""
