"""The sender's own words: a mail's text without what it quotes, by two readers who must agree.

A yes counts only where both readers see the sender's own words. A no counts wherever one of them may see some, and so
does a condition. What neither can mean — lines marked `>`, all below a header of an earlier mail — is left out: the
offer stands there, and it speaks of yes, no and conditions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from mailparser_reply import EmailReplyParser  # type: ignore[import-untyped]  # the library ships no types

from adapter.catalogue.word_lists import without

LIBRARY_READS = 32 * 2**10  # characters; its patterns are slow on long hostile text


@dataclass(frozen=True)
class OwnWords:
    """Text that surely is the sender's own, what stands below its closing, and what may be: answers between quotes."""

    sure: str
    signed: str
    doubtful: str


class _Zone(Enum):
    SURE = auto()
    SIGNED = auto()
    DOUBTFUL = auto()
    QUOTED = auto()


_HEADER_NAMES = (
    "fra|from|von|från|sendt|sent|gesendet|skickat|dato|date|til|to|an|till|cc|kopi|emne|subject|betreff|ämne"
)
_HEADER = re.compile(rf"[*_\s]*({_HEADER_NAMES})[*_\s]*:", re.IGNORECASE)
_FROM = re.compile(r"[*_\s]*(fra|from|von|från)[*_\s]*:", re.IGNORECASE)
_HEADER_IN_ONE_LINE = re.compile(
    r"[*_\s]*(fra|from)[*_\s]*:.{1,300}?\b(sendt|sent|dato|date)[*_\s]*:.{1,300}?\b(til|to|emne|subject)[*_\s]*:",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"[-_=\s]*(oprindelig (meddelelse|besked|mail)|videresendt (meddelelse|besked|mail)|original message|"
    r"forwarded message|forwarded by .{1,100}|begin forwarded message|startet videresendt besked|"
    r"start på videresendt besked)"
    r"\s*:?[-_=\s]*",
    re.IGNORECASE,
)
_WROTE = re.compile(r"(?=.*[\d@]).{0,400}\b(skrev|wrote|schrieb)\b.{0,300}:", re.IGNORECASE)
_WROTE_STARTS = re.compile(
    r"(den|on|am|d\.|man|tir|ons|tor|fre|lør|søn|mon|tue|wed|thu|fri|sat|sun|\d|.{0,80}<?[^\s@]{1,64}@[^\s@]{1,190}>?.{0,20}\b(skrev|wrote))",
    re.IGNORECASE,
)
_SET_IN = re.compile(r"[ ]{2}|[ ]*\t")
_RULE_LINE = re.compile(r"[_\-=]{10,}")
_SIGNATURE = re.compile(
    r"(--|__)|("
    r"(de |mange )?(med )?(venlige?|bedste|kærlige?|gode?) hilsen(er)?|(de )?bedste hilsner|hilsen|"
    r"mvh|m\.?\s?v\.?\s?h|vh|dbh|hilsner|(tak og )?(mange |god )?hilsen|"
    r"(with )?(best|kind|warm) (regards|wishes)|regards|sincerely|"
    r"sendt fra (min|mit|outlook|mail|mobil)|hent outlook|sent from (my|outlook|mail)|get outlook for"
    r")\b.{0,80}",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"p\.?\s?s\.?[\s:]", re.IGNORECASE)


def own_words(text: str) -> OwnWords:
    """Splits a plain text into the sender's sure, signed and doubtful words.

    A line set in by two spaces or more is doubtful: old programs quote like that.
    """
    tidy = tidied(text).split("\n")
    lines = [line.strip() for line in tidy]
    sure: list[str] = []
    signed: list[str] = []
    doubtful: list[str] = []
    kept = _LibrarysReading("\n".join(lines))
    for (line, zone), whole in zip(_zones(lines), tidy, strict=True):
        seen_by_both = kept.holds(line)
        if zone is _Zone.SURE and seen_by_both and not (line and _SET_IN.match(whole)):
            sure.append(line)
        elif zone is _Zone.SIGNED and seen_by_both:
            signed.append(line)
        elif zone is not _Zone.QUOTED:
            doubtful.append(line)
        elif doubtful and doubtful[-1]:
            doubtful.append("")  # what stood apart in the mail stays apart
    return OwnWords(*("\n".join(each).strip() for each in (sure, signed, doubtful)))


def tidied(text: str) -> str:
    """Line ends, odd spaces and invisible characters made plain; how far a line is set in is kept."""
    text = re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text)
    text = without(text, _is_invisible)
    text = text.translate({ord(c): " " for c in set(text) if unicodedata.category(c) == "Zs"})
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _is_invisible(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in {"Cf", "Cc"} and not is_reordering(character)


def is_reordering(character: str) -> bool:
    """Tells characters that make text read in another order than it is stored."""
    return "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"


class _LibrarysReading:
    """How far mail-parser-reply thinks the newest answer goes: always from the first line on.

    Its cut at signatures is not used: it takes "Tak for tilbuddet, som er godkendt." for one.
    """

    def __init__(self, text: str) -> None:
        parser = EmailReplyParser(languages=["da", "en"])
        answer = parser.read(text[:LIBRARY_READS]).latest_reply or ""
        self._rest = re.sub(r"\s+", "", answer)
        self._at = 0

    def holds(self, line: str) -> bool:
        """Tells of each line in turn whether it belongs to the answer."""
        bare = re.sub(r"\s+", "", line)
        if self._rest.startswith(bare, self._at):
            self._at += len(bare)
            return True
        self._at = len(self._rest) + 1  # nothing below counts
        return not bare


def _zones(lines: list[str]) -> Iterator[tuple[str, _Zone]]:
    """Each line with its zone; what follows a header of an earlier mail is quoted to the end."""
    zone = _Zone.SURE
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.startswith((">", "|", "»")):
            zone = _Zone.DOUBTFUL  # whatever is not marked below is an answer in between, or nothing
            yield line, _Zone.QUOTED
        elif _starts_earlier_mail(lines, index):
            yield from ((each, _Zone.QUOTED) for each in lines[index:])
            return
        elif attribution := _attribution_length(lines, index):
            yield from ((each, _Zone.QUOTED) for each in lines[index : index + attribution])
            index += attribution
            if not _next_is_marked(lines, index):
                yield from ((each, _Zone.QUOTED) for each in lines[index:])
                return
            continue
        else:
            if _POSTSCRIPT.match(line):
                zone = _Zone.DOUBTFUL
            elif zone is _Zone.SURE and _SIGNATURE.fullmatch(line):
                zone = _Zone.SIGNED
            yield line, zone
        index += 1


def _starts_earlier_mail(lines: list[str], index: int) -> bool:
    line = lines[index]
    if not line:
        return False
    if _SEPARATOR.fullmatch(line) or _HEADER_IN_ONE_LINE.match(line[:1000]):
        return True
    following = [each for each in lines[index : index + 12] if each]
    if _RULE_LINE.fullmatch(line):
        following = following[1:]
    if not following or not _HEADER.match(following[0]):
        return False
    names = [each for each in following[:7] if _HEADER.match(each)]
    return len(names) >= 3 and any(_FROM.match(each) for each in names)


def _attribution_length(lines: list[str], index: int) -> int:
    """How many lines (of at most four) "Den … skrev …:" takes here; 0 if there is none."""
    if not lines[index] or not _WROTE_STARTS.match(lines[index][:400]):
        return 0
    joined = ""
    for length, line in enumerate(lines[index : index + 4], start=1):
        if not line:
            return 0
        joined = f"{joined} {line}".strip()[:800]
        if joined.endswith(":"):
            return length if _WROTE.fullmatch(joined) else 0
    return 0


def _next_is_marked(lines: list[str], index: int) -> bool:
    following = next((line for line in lines[index:] if line), "")
    return following.startswith((">", "|"))
