"""The entries of ord.yaml, ready to be found in a text: by stem, in compounds, misspelt, near each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from adapter.catalogue.model import Words
from adapter.rules.danish import sentences, stem, words_of

SHORTEST_PART = 4  # letters of an entry that is looked for inside a compound: "dataudtræk" holds "udtræk"
SHORTEST_REST = 3  # letters of the rest of the compound
SHORTEST_MISSPELT = 6  # letters of a word that may be misspelt: short words are too alike
REACH = 4  # words that may stand between the words of an entry
JOINERS = ("s", "e", "er")  # arkiverings-bestilling, drenge-liste, rolle(r)-oversigt
ENDINGS = re.compile(r"(er)?[ln]?ing(en|er)?s?|ere[srt]?|erede|ende|else[nr]?s?|(bar|lig)e?")
"""What follows the same word in another form is no second part of a compound: slet-ning, rapport-erer."""

KINDS = ("phrases", "things", "actions", "against")
"""The kinds of entries, as `Words` calls them."""

SUMMARY_COUNTS = 2
"""What stands in the summary counts double: the description tells the story, the summary says what is wanted."""


class Entry(NamedTuple):
    """One entry of ord.yaml: whose it is, what kind, how it is written, what it weighs."""

    owner: str
    kind: str  # one of KINDS
    text: str
    weight: int


class Score(NamedTuple):
    """What a text's words say for one owner of words."""

    owner: str
    points: int
    entries: tuple[str, ...]  # the entries that spoke for it, as they stand in ord.yaml


class Lexicon:
    """Finds the entries of one ord.yaml in a text; keeps nothing of the text."""

    def __init__(self, entries: Sequence[Entry], spelling: int) -> None:
        self._entries = entries
        self._spelling = spelling
        self._stems = [frozenset(stem(word) for word in words_of(entry.text)) for entry in entries]
        self._known = frozenset().union(*self._stems)
        self._parts = tuple(sorted(known for known in self._known if len(known) >= SHORTEST_PART))
        self._guessable = tuple(sorted(known for known in self._known if len(known) >= SHORTEST_MISSPELT - 1))
        self._by_stem: dict[str, list[int]] = {}
        for number, stems in enumerate(self._stems):
            if stems:
                self._by_stem.setdefault(min(stems), []).append(number)

    def scores(self, summary: str, description: str) -> list[Score]:
        """What the words say for each owner, the highest points first; owners without points are left out.

        What a ticket is about and what is wanted done with it belong together: an action counts only beside a thing
        or phrase of the same owner, and things alone count half. So "bestilling af sletning" is a deletion, no order.
        """
        spoken = self._spoken(description, 1) | self._spoken(summary, SUMMARY_COUNTS)
        said: dict[str, dict[str, dict[frozenset[str], int]]] = {}
        for number, factor in spoken.items():
            entry = self._entries[number]
            points = said.setdefault(entry.owner, {}).setdefault(entry.kind, {})
            stems = self._stems[number]  # two entries that are forms of one word count once
            points[stems] = max(points.get(stems, 0), entry.weight * factor)
        scores = []
        for owner, kinds in said.items():
            phrases, things, actions, against = (sum(kinds.get(kind, {}).values()) for kind in KINDS)
            is_whole = bool(phrases or (things and actions))
            points_for = phrases + things + actions if is_whole else things // 2
            if points_for > against:
                scores.append(Score(owner, points_for - against, self._texts(owner, spoken)))
        return sorted(scores, key=lambda score: (-score.points, score.owner))

    def _texts(self, owner: str, spoken: Mapping[int, int]) -> tuple[str, ...]:
        spoke = (self._entries[number] for number in sorted(spoken))
        return tuple(dict.fromkeys(e.text for e in spoke if e.owner == owner and e.kind != "against"))

    def _spoken(self, text: str, factor: int) -> dict[int, int]:
        meanings: dict[str, frozenset[str]] = {}  # of this text's words, forgotten with it
        spoken: dict[int, int] = {}
        for words in sentences(text):
            places: dict[str, list[int]] = {}
            for place, word in enumerate(words):
                if word not in meanings:
                    meanings[word] = frozenset(self._means(word))
                for known in meanings[word]:
                    places.setdefault(known, []).append(place)
            for number in self._entries_at(places):
                spoken[number] = factor
        return spoken

    def _entries_at(self, places: Mapping[str, list[int]]) -> Iterator[int]:
        for known in places:
            for number in self._by_stem.get(known, ()):
                stems = self._stems[number]
                if stems <= places.keys() and _near([places[s] for s in stems]):
                    yield number

    def _means(self, word: str) -> Iterator[str]:
        """The known stems that a word holds: its own, parts of a compound, or what it is a misspelling of."""
        if word.isdigit():
            if word in self._known:
                yield word
            return
        own = stem(word)
        found = own in self._known
        if found:
            yield own
        for part in self._parts:
            if part in word and part != own and (_starts(word, part) or _ends(own, word, part)):
                found = True
                yield part
        if not found and len(word) >= SHORTEST_MISSPELT:
            for form in {own, word}:  # a slip may stand where the stemmer sees an ending
                if guess := process.extractOne(form, self._guessable, score_cutoff=self._spelling, scorer=fuzz.ratio):
                    yield guess[0]


def lexicon_of(owners: Mapping[str, Words], spelling: int) -> Lexicon:
    """The lexicon of these words, the same object for equal words."""
    return _lexicon(tuple(_entries(owners)), spelling)


@lru_cache(maxsize=32)
def _lexicon(entries: tuple[Entry, ...], spelling: int) -> Lexicon:
    return Lexicon(entries, spelling)


def _entries(owners: Mapping[str, Words]) -> Iterator[Entry]:
    for owner, words in owners.items():
        for kind in KINDS:
            for text, weight in getattr(words, kind).items():
                yield Entry(owner, kind, text, weight)


def _near(places: list[list[int]]) -> bool:
    """Whether one place of each word lies within reach of the others, in any order."""
    if len(places) == 1:
        return True
    span = len(places) - 1 + REACH
    starts = sorted({place for some in places for place in some})
    return any(all(any(start <= place <= start + span for place in some) for some in places) for start in starts)


def _starts(word: str, part: str) -> bool:
    """Whether a word is a compound that begins with this part."""
    if not word.startswith(part):
        return False
    rest = word[len(part) :]
    rests = [rest, *(rest.removeprefix(joiner) for joiner in JOINERS if rest.startswith(joiner))]
    return len(rest) > SHORTEST_REST and not any(ENDINGS.fullmatch(r) for r in rests)


def _ends(own: str, word: str, part: str) -> bool:
    """Whether a word is a compound that ends with this part, in any form."""
    at = word.rfind(part)
    return at >= SHORTEST_REST and (own.endswith(part) or stem(word[at:]) == part)
