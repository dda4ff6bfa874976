"""Texts of tickets as they may stand in a spreadsheet: no CPR number, no control character, nothing that is run."""

from __future__ import annotations

import re
import unicodedata

from adapter.masking import mask

LONGEST = 1000  # characters; far more than any name has
_RUNS = frozenset("=+-@")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def clean(text: str) -> str:
    """The text in one line, without what cannot be seen, and with everything shaped like a CPR number hidden.

    What cannot be seen goes before the masking: a number must not be hidden from it by a mark of no width.
    """
    masked = mask(visible(text))
    return masked if len(masked) <= LONGEST else f"{masked[: LONGEST - 1]}…"


def visible(text: str) -> str:
    """The text in one line, without what cannot be seen; for codes, whose digits are nobody's number."""
    return " ".join("".join(ch if ch.isprintable() else " " if ch.isspace() else "" for ch in text).split())


def could_run(text: str) -> bool:
    """Whether a spreadsheet may take a cleaned text for a formula or a command; wide forms of the signs count."""
    return unicodedata.normalize("NFKC", text[:1])[:1] in _RUNS


def for_csv(text: str) -> str:
    """A cleaned text as it stands in a file that a spreadsheet opens without asking."""
    return f"'{text}" if could_run(text) else text


def for_workbook(text: str) -> str:
    """A cleaned text as it stands in a workbook, where `_x003D_` would be read as the character it names."""
    return _ESCAPE.sub("_x005F_", text)
