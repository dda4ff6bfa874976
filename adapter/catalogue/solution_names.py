"""How names of solutions are compared: without case, spaces, punctuation and company forms (R16)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_FORMAT = {"Cf", "Mn"}  # soft hyphens, zero widths, loose accents


def plain_name(name: str, suffixes: Iterable[str]) -> str:
    """A name as it is compared; empty where nothing but company forms is left."""
    decomposed = unicodedata.normalize("NFKC", name)
    shown = "".join(c for c in decomposed if unicodedata.category(c) not in _FORMAT).casefold()
    forms = sorted((suffix.casefold() for suffix in suffixes), key=len, reverse=True)
    for form in forms:
        shown = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)\.?", " ", shown)
    return "".join(c for c in shown if c.isalnum())
