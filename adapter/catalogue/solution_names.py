"""How names of solutions are compared: without case, spaces, punctuation and company forms (R16)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_INVISIBLE = {"Cf", "Mn", "Me"}  # soft hyphens, zero widths, loose accents
_FILLERS = "\u115f\u1160"  # letters that show nothing
_WORD = r"[^\W_]+"
_MARK = r"\s{0,2}(?:[^\w\s]|_)\s{0,2}"


@dataclass(frozen=True)
class NamePart:
    """A word or a company form of a name, in folded case, and where it stands in the legible text."""

    text: str
    is_form: bool
    start: int
    end: int


def plain_name(name: str, suffixes: Iterable[str]) -> str:
    """A name as it is compared; empty where nothing but company forms is left."""
    return joined(name_parts(legible(name), suffixes))


def legible(text: str) -> str:
    """A text as it looks: compatibility forms made plain, and nothing in it that shows nothing."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE and c not in _FILLERS)


def name_parts(text: str, suffixes: Iterable[str]) -> tuple[NamePart, ...]:
    """The words and company forms of a legible text, in order."""
    return tuple(
        NamePart(found[0].casefold(), found.lastgroup == "form", *found.span())
        for found in _pattern(tuple(suffixes)).finditer(text)
    )


def joined(parts: Sequence[NamePart]) -> str:
    """The parts of a name as it is compared.

    A form that is a word, such as Danmark or AB, is part of the name where it opens it: `AB Data` is not `Data`.
    """
    if all(part.is_form for part in parts):
        return ""
    words: list[str] = []
    for part in parts:
        if not part.is_form or (not words and part.text.isalnum()):
            words.append(part.text)
    return "".join(c for word in words for c in word if c.isalnum())


@lru_cache(maxsize=64)
def _pattern(suffixes: tuple[str, ...]) -> re.Pattern[str]:
    forms = [_form(legible(suffix)) for suffix in sorted(suffixes, key=len, reverse=True)]
    either = "|".join(form for form in forms if form) or r"(?!)"
    return re.compile(rf"(?<![^\W_])(?P<form>{either})(?![^\W_])|(?P<word>{_WORD})", re.IGNORECASE)


def _form(suffix: str) -> str:
    """The pattern of a company form: A/S is also written `A / S` and `A.S`."""
    words = list(re.finditer(_WORD, suffix))
    pattern = ""
    for before, word in zip([None, *words], words, strict=False):
        gap = suffix[before.end() : word.start()] if before else None
        pattern += ("" if gap is None else r"\s{1,2}" if gap.isspace() else _MARK) + re.escape(word[0])
    return pattern
