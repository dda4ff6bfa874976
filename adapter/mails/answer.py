"""Yes or no (R11): the answer in the sender's own words, strict for a yes, alert for a no."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from adapter.catalogue.word_lists import Found, Lexicon, normal, tokens
from adapter.mails.approval import Approval, Known
from adapter.mails.footers import is_scan_note, is_silent, parted
from adapter.mails.own_words import OwnWords, is_reordering
from adapter.mails.reading import Reading
from adapter.ticket.evidence import Says

NEAR = 4  # words between a yes and the "ikke" that turns it into a no
FAR = 15  # the same within a clause, for the verb of an entry such as "ikke godkende", which is no yes by itself


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_NEGATE_BEFORE = _words(
    "ikke ik ikk inte ej aldrig hverken uden ingen intet næppe nægter not never cannot neither nor without no"
)
_NEGATE_AFTER = _words("ikke ik ikk inte ej aldrig not never")
_CLAUSE_ENDS = frozenset(",;:()–—")
_HOOKS = _words(
    "når snart indtil først forventer forventes tror mener håber antager mangler venter afventer måske vist formentlig"
    " sandsynligvis kun delvist delvis"
    " when once until first expect think believe hope assume maybe perhaps probably only partly partially awaiting"
)
"""Words that make a yes of the same sentence one for later, in part, or a guess."""
_OUGHT = _words("skal skulle bør burde must should")
"""Words that make of the yes behind them one that is still to come: "skal godkendes af direktionen"."""
_ASKS = _words(
    "kan vil må er skal har bliver bør kunne ville can could would will is are has have did do does may should shall"
)
_ASKS_ALONE = _words("hvornår hvad hvordan hvem hvorfor hvor hvilken hvilke when what how who why which where")
_ASKED = _words("i du de vi jeg det den der dette man tilbuddet you we it this that the he she they there")
_QUESTION = re.compile(r"\?[\"')»”!?.]*\s*$")
_COURTESY = re.compile(r"\b(hvis|såfremt|if)\b.{0,60}\b(spørgsmål|questions?)\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """What one text says, with the entries of the lexicon that were found."""

    says: Says
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    offer: tuple[str, ...] = ()


@dataclass
class _Heard:
    """What has been found so far."""

    yes: dict[str, None] = field(default_factory=dict)
    unsure: dict[str, None] = field(default_factory=dict)  # a yes that may not be meant as one
    no: dict[str, None] = field(default_factory=dict)
    conditions: dict[str, None] = field(default_factory=dict)

    def outcome(self, *, is_nothing_but_yes: bool) -> Says:
        some_yes = bool(self.yes or self.unsure)
        if self.no:
            return Says.BOTH if some_yes else Says.NO
        if is_nothing_but_yes and not (self.unsure or self.conditions):
            return Says.YES
        return Says.CONDITIONAL if some_yes else Says.NOTHING


class Judge:
    """Finds the answer by one site's words."""

    def __init__(self, reading: Reading) -> None:
        self._yes = Lexicon(reading.yes)
        self._no = Lexicon(reading.no)
        self._conditions = Lexicon(reading.conditions)
        self._offer = Lexicon(reading.offer)
        self._refusals = _refusals(reading.no)
        self._approval = Approval(reading.yes)

    def answer(self, words: OwnWords, known: Known, odd_lines: frozenset[str] = frozenset()) -> Answer:
        """The answer of one text; `odd_lines` are shown in a way that may not be plain to every reader.

        It is yes only where the sender's own words are an approval and nothing else. Any other yes — among more words,
        between quoted lines, below the signature — is neither believed nor lost: a person looks.
        """
        signed = "\n".join(line for line in words.signed.split("\n") if not is_scan_note(normal(line)))
        below = f"{signed}\n\n{words.doubtful}"
        heard = _Heard()
        self._listen(words.sure, heard, heard.yes)
        self._listen(below, heard, heard.unsure)
        whole = f"{words.sure}\n\n{below}"
        is_plain = not _is_tricky(whole) and odd_lines.isdisjoint(words.sure.split("\n"))
        entries = self._approval.entries(words.sure, known) if is_plain and is_silent(below) else ()
        heard.yes |= dict.fromkeys(entries)
        return Answer(
            says=heard.outcome(is_nothing_but_yes=bool(entries)),
            yes=tuple(heard.yes | heard.unsure),
            no=tuple(heard.no),
            conditions=tuple(heard.conditions),
            offer=self._offer.entries_in(whole),
        )

    def _listen(self, text: str, heard: _Heard, yeses: dict[str, None]) -> None:
        for paragraph in re.split(r"\n\s*\n", normal(text)):
            words, footer = parted(paragraph)
            for sentence in _sentences(words):
                self._hear(sentence, heard, yeses, is_footer=False)
            for sentence in _sentences(footer):
                self._hear(sentence, heard, yeses, is_footer=True)

    def _hear(self, sentence: str, heard: _Heard, yeses: dict[str, None], *, is_footer: bool) -> None:
        words = tokens(sentence)
        yes, no = _apart(list(self._yes.find(words)), list(self._no.find(words)))
        is_question = bool(_QUESTION.search(sentence))  # "Kan I godkende?" asks for an answer and gives none
        refused = {found.entry: None for found in no} | dict.fromkeys(self._refused_from_afar(words, yes))
        heard.no |= refused
        is_courtesy = not yes and not refused and bool(_COURTESY.search(sentence))
        if not is_footer and not is_courtesy:
            heard.conditions |= {found.entry: None for found in self._conditions.find(words)}
        if not yes or is_question:
            return
        may_be_negated = _may_be_negated(words)
        may_be_later = _is_asking(words) or not _HOOKS.isdisjoint(words)
        for found in yes:
            before, after = _clause_around(words, found)
            if _negates(before, _NEGATE_BEFORE) or _negates(after, _NEGATE_AFTER):
                heard.no[found.entry] = None
            elif may_be_later or may_be_negated(found) or not _OUGHT.isdisjoint(before):
                heard.unsure[found.entry] = None
            else:
                yeses[found.entry] = None

    def _refused_from_afar(self, words: Sequence[str], yes: list[Found]) -> Iterator[str]:
        """The entries of the no list whose two words stand apart: "ikke på det grundlag godkende" is a no too."""
        in_yes = _lengths(yes)
        for at, word in enumerate(words):
            if word in self._refusals and at not in in_yes:
                before = takewhile(_is_word, reversed(words[max(0, at - FAR) : at]))
                if _negates(list(before), _NEGATE_AFTER):
                    yield self._refusals[word]


def _refusals(entries: Sequence[str]) -> dict[str, str]:
    """The verbs of entries such as "ikke godkende" and "not accept", each with its entry."""
    pairs = ((tokens(entry), entry) for entry in entries)
    return {parts[1]: entry for parts, entry in pairs if len(parts) == 2 and parts[0] in _NEGATE_AFTER}


def agreed(first: Answer, second: Answer | None) -> Answer:
    """The answer of a mail that says it twice, as plain text and as HTML: anything but agreement is no yes."""
    if second is None:
        return first
    says = {first.says, second.says}
    if len(says) == 1:
        outcome = first.says
    elif Says.BOTH in says or Says.NO in says:
        outcome = Says.NO if says == {Says.NO, Says.NOTHING} else Says.BOTH
    else:
        outcome = Says.CONDITIONAL
    return Answer(
        says=outcome,
        yes=_union(first.yes, second.yes),
        no=_union(first.no, second.no),
        conditions=_union(first.conditions, second.conditions),
        offer=_union(first.offer, second.offer),
    )


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(first + second))


def _apart(yes: list[Found], no: list[Found]) -> tuple[list[Found], list[Found]]:
    """The longer entry is what was meant: "ikke godkendt" holds no yes, "ingen indvendinger" no no."""
    in_no, in_yes = _lengths(no), _lengths(yes)
    return (
        [y for y in yes if all(in_no.get(at, 0) < len(y) for at in range(y.start, y.end))],
        [n for n in no if all(in_yes.get(at, 0) <= len(n) for at in range(n.start, n.end))],
    )


def _lengths(founds: list[Found]) -> dict[int, int]:
    """The length of the longest entry that holds each token."""
    longest: dict[int, int] = {}
    for found in founds:
        for at in range(found.start, found.end):
            longest[at] = max(len(found), longest.get(at, 0))
    return longest


def _sentences(paragraph: str) -> Iterator[str]:
    """Sentences, rather too long than too short: a full stop ends one only before a capital.

    A line break ends one where the line was too short to have been wrapped.
    """
    text = re.sub(r"(?m)^(.{0,50})\n(?=[A-ZÆØÅ])", "\\1\x00", paragraph)
    text = re.sub(r"\n(?=[-*•] )", "\x00", text)
    text = re.sub(r"([!?][\"')»”]*)\s+", "\\1\x00", text)
    text = re.sub(r"(\.[\"')»”]*)\s+(?=[\"'(«“]*[A-ZÆØÅ])", "\\1\x00", text)
    return (sentence for sentence in text.split("\x00") if sentence.strip())


def _is_asking(words: Sequence[str]) -> bool:
    """Tells a question that has no question mark; it may be none ("Hvad prisen angår: godkendt")."""
    return words[0] in _ASKS_ALONE or (len(words) > 1 and words[0] in _ASKS and words[1] in _ASKED)


def _negates(words: Sequence[str], negators: frozenset[str]) -> bool:
    return any(word in negators or word.endswith("n't") for word in words)


def _clause_around(words: Sequence[str], found: Found) -> tuple[list[str], list[str]]:
    """The few words before and after an entry that belong to the same clause."""
    before = takewhile(_is_word, reversed(words[max(0, found.start - NEAR) : found.start]))
    after = takewhile(_is_word, words[found.end : found.end + NEAR])
    return list(before), list(after)


def _is_word(token: str) -> bool:
    return token not in _CLAUSE_ENDS


def _may_be_negated(words: Sequence[str]) -> Callable[[Found], bool]:
    """Tells whether a negation stands elsewhere in the sentence: it may be meant for the word or not."""
    first = next((at for at, word in enumerate(words) if _negates([word], _NEGATE_BEFORE)), len(words))
    last = next((at for at in reversed(range(len(words))) if _negates([words[at]], _NEGATE_AFTER)), -1)
    return lambda found: first < found.start or last >= found.end


def _is_tricky(text: str) -> bool:
    """Tells text that may read otherwise to a person than to us: mixed alphabets in a word, reversed writing."""
    return any(is_reordering(c) for c in set(text)) or any(
        _is_mixed(word) for word in set(re.findall(r"[^\W\d_]+", text))
    )


def _is_mixed(word: str) -> bool:
    if word.isascii():
        return False
    alphabets = {unicodedata.name(c, "?").split(" ")[0] for c in word if c.isalpha()}
    return "LATIN" in alphabets and len(alphabets & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"}) > 0
