"""Which solution a ticket orders: by its field, else by the names in its words, compared with the register (R16)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from adapter.catalogue.model import Catalogue
from adapter.catalogue.solution_names import NamePart, joined, legible, name_parts, plain_name
from adapter.catalogue.words import FieldName
from adapter.rules.danish import customers_own
from adapter.ticket.snapshot import Ticket

MOST_CANDIDATES = 4
_LONGEST_NAME = 255  # characters; whatever is longer is no name
_CLOSE = 70  # of 100
_SHORT = 4  # a name of fewer letters is a word of prose too, unless it is written just as in the register
_TOGETHER = re.compile(r"[^\S\n]*(?:(?:[^\w\s.!?;:]|_)[^\S\n]*|[.!?;:]|\n[^\S\n]*)?")
"""What may stand between two words of one name: a mark or a line break, but no end of a sentence and no bullet."""
_DOUBTS = frozenset({"ikke", "ej", "aldrig", "uden", "fra", "stedet", "end", "erstatter", "afløser", "not", "from"})
_BETWEEN = frozenset({"for", "af", "på", "med", "til", "længere", "vores", "jeres", "den", "det", "en", "et", "the"})
"""After a word of the first, with words of the second between, a name may be the solution that is not ordered."""
_ENDS = re.compile(r"[.!?;:\n]")


class SolutionSource(StrEnum):
    """What a solution was recognised by, or why it was not."""

    FIELD = "løsning_fra_felt"
    WORDS = "løsning_fra_ord"
    MISSING = "løsning_mangler"
    UNKNOWN = "løsning_ukendt"  # the field names one that the register does not have
    AMBIGUOUS = "løsning_flertydig"
    DOUBTFUL = "løsning_i_tvivl"  # named only where it may be the one that is not ordered


@dataclass(frozen=True)
class SolutionFound:
    """The solution of a ticket; `written` is the ticket's own text, all other names are the register's."""

    source: SolutionSource
    key: str | None = None  # in register.yaml
    name: str | None = None
    written: str | None = None
    candidates: tuple[str, ...] = ()


def solution_of(ticket: Ticket, catalogue: Catalogue) -> SolutionFound:
    """Says which solution of the register a ticket orders: by its field, else by the names in its words.

    A name that is only close to one of the register's is never taken, only proposed; nor is one that stands only after
    a negation or a "fra": it would take the right to a setup that nobody orders.
    """
    spellings = _spellings(catalogue)
    written = ticket.fields.get(FieldName.SOLUTION)
    if isinstance(written, str) and written.strip():
        written = written.strip()[:_LONGEST_NAME]
        key = spellings.get(plain_name(written, catalogue.solutions.suffixes))
        if key is None:
            return SolutionFound(SolutionSource.UNKNOWN, written=written, candidates=_close(written, catalogue))
        return SolutionFound(SolutionSource.FIELD, key, catalogue.solutions.solutions[key].name)
    meant: set[str] = set()
    doubted: set[str] = set()
    for text in (ticket.summary, customers_own(ticket.description)):
        for key, is_meant in _named_in(legible(text), catalogue, spellings):
            (meant if is_meant else doubted).add(key)
    named = [(key, one.name) for key, one in catalogue.solutions.solutions.items() if key in (meant or doubted)]
    if len(named) == 1 and meant:
        return SolutionFound(SolutionSource.WORDS, *named[0])
    source = SolutionSource.AMBIGUOUS if len(named) > 1 else SolutionSource.DOUBTFUL
    names = tuple(name for _, name in named[:MOST_CANDIDATES])
    return SolutionFound(source, candidates=names) if named else SolutionFound(SolutionSource.MISSING)


def _names(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Every solution's key with each of its names."""
    for key, solution in catalogue.solutions.solutions.items():
        for name in (solution.name, *solution.aliases):
            yield key, name


def _spellings(catalogue: Catalogue) -> dict[str, str]:
    """The key behind each name as names are compared."""
    suffixes = catalogue.solutions.suffixes
    return {plain: key for key, name in _names(catalogue) if (plain := plain_name(name, suffixes))}


def _named_in(text: str, catalogue: Catalogue, spellings: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """The keys of the solutions whose names stand in a text as whole words, each with whether it is surely meant.

    Within a longer name, only the longer counts.
    """
    beginnings = {name[:length] for name in spellings for length in range(len(name) + 1)}
    as_written = {legible(name) for _, name in _names(catalogue)}
    suffixes = catalogue.solutions.suffixes
    parts, most = name_parts(text, suffixes), 1 + max((len(name_parts(n, suffixes)) for n in as_written), default=0)
    behind = 0  # where the longest name so far ends: what began earlier and ends later covers what is within
    for start in range(len(parts)):
        longest: tuple[int, str] | None = None
        for end in range(start + 1, min(start + most, len(parts)) + 1):
            name = joined(parts[start:end])
            apart = end - start > 1 and not _TOGETHER.fullmatch(text[parts[end - 2].end : parts[end - 1].start])
            if apart or name not in beginnings:
                break
            is_name = len(name) >= _SHORT or text[parts[start].start : parts[end - 1].end] in as_written
            if name in spellings and is_name:
                longest = end, spellings[name]
        if longest is not None and longest[0] > behind:
            behind = longest[0]
            yield longest[1], not _is_doubted(text, parts, start)


def _is_doubted(text: str, parts: Sequence[NamePart], start: int) -> bool:
    """Whether the words right before a name, in the same sentence, say that it is another one that is ordered."""
    for at in range(start - 1, -1, -1):
        if _ENDS.search(text[parts[at].end : parts[at + 1].start]):
            return False
        if parts[at].text not in _BETWEEN:
            return parts[at].text in _DOUBTS
    return False


def _close(written: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The names of the solutions that may be meant, best first."""
    suffixes = catalogue.solutions.suffixes
    words, plain = _words(written, catalogue), plain_name(written, suffixes)
    scores: dict[str, float] = {}
    for key, name in _names(catalogue):
        letters = fuzz.ratio(plain, plain_name(name, suffixes))
        score = max(letters, fuzz.token_set_ratio(words, _words(name, catalogue)))
        scores[key] = max(score, scores.get(key, 0))
    best = sorted((key for key in scores if scores[key] >= _CLOSE), key=lambda key: -scores[key])
    return tuple(catalogue.solutions.solutions[key].name for key in best[:MOST_CANDIDATES])


def _words(name: str, catalogue: Catalogue) -> str:
    parts = name_parts(legible(name), catalogue.solutions.suffixes)
    return " ".join(part.text for part in parts if not part.is_form)
