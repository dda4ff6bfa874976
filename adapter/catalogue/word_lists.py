"""Which entries of a list of words stand in a text, as whole words, and where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

GAP = 6  # words that `…` in an entry may stand for
_TOKEN = re.compile(r"\w+(?:'\w+)*|[,;:()–—]")


def normal(text: str) -> str:
    """A text as it is compared: composed, compatibility forms made plain, without soft hyphens and zero widths."""
    text = without(unicodedata.normalize("NFKC", text), lambda c: unicodedata.category(c) == "Cf")
    return re.sub("[’‘ʼ´`]", "'", text)


def without(text: str, unwanted: Callable[[str], bool]) -> str:
    """A text without some characters; each that occurs is looked at once, for a mail may be long."""
    return text.translate({ord(c): None for c in set(text) if unwanted(c)})


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
    """A list of entries, ready to be looked for; `…` in an entry stands for up to six words of the same clause."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], str]]] = {}
        for entry in entries:
            before, _, after = entry.replace("...", "…").partition("…")
            if parts := tokens(before):
                self._by_first.setdefault(parts[0], []).append((parts, tokens(after), entry))

    def find(self, text: Sequence[str]) -> Iterator[Found]:
        """Every place where an entry stands in a text's tokens."""
        for start, token in enumerate(text):
            for parts, after, entry in self._by_first.get(token, ()):
                end = start + len(parts)
                if tuple(text[start:end]) != parts:
                    continue
                far = _end_behind_gap(text, end, after)
                if far is not None:
                    yield Found(entry, start, far)

    def entries_in(self, text: str) -> tuple[str, ...]:
        """The entries that stand in a text, each once, in the order in which they are met."""
        return tuple(dict.fromkeys(found.entry for found in self.find(tokens(text))))

    def begins(self, text: str) -> bool:
        """Tells whether a text begins with an entry."""
        return any(found.start == 0 for found in self.find(tokens(text[:200])))


def _end_behind_gap(text: Sequence[str], start: int, parts: tuple[str, ...]) -> int | None:
    """Where an entry's second part ends, which follows within the clause; `start` where it has none."""
    if not parts:
        return start
    for at in range(start, min(start + GAP, len(text)) + 1):
        if tuple(text[at : at + len(parts)]) == parts:
            return at + len(parts)
        if at < len(text) and not text[at][0].isalnum():
            return None
    return None
