"""Which entries of a list of words stand in a text, as whole words, and where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"\w+(?:'\w+)*|[,;:()–—]")


def normal(text: str) -> str:
    """A text as it is compared: composed, compatibility forms made plain, without soft hyphens and zero widths."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf" or c == "\n")
    return re.sub("[’‘ʼ´`]", "'", text)


def tokens(text: str) -> tuple[str, ...]:
    """Words in folded case, and the punctuation that ends a clause."""
    return tuple(_TOKEN.findall(normal(text).casefold()))


@dataclass(frozen=True)
class Found:
    """One entry where it stands: from token `start` up to `end`."""

    entry: str
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


class Lexicon:
    """A list of entries, ready to be looked for."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for entry in entries:
            parts = tokens(entry)
            if parts:
                self._by_first.setdefault(parts[0], []).append((parts, entry))

    def find(self, text: Sequence[str]) -> Iterator[Found]:
        """Every place where an entry stands in a text's tokens."""
        for start, token in enumerate(text):
            for parts, entry in self._by_first.get(token, ()):
                if tuple(text[start : start + len(parts)]) == parts:
                    yield Found(entry, start, start + len(parts))

    def entries_in(self, text: str) -> tuple[str, ...]:
        """The entries that stand in a text, each once, in the order in which they are met."""
        return tuple(dict.fromkeys(found.entry for found in self.find(tokens(text))))

    def begins(self, text: str) -> bool:
        """Tells whether a text begins with an entry."""
        return any(found.start == 0 for found in self.find(tokens(text[:200])))
