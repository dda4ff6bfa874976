"""Whether somebody's words are an approval and nothing else (R11): a closed set of answer shapes.

Language offers endless ways to say yes to something else, later, in part or for another person, and no list of them is
ever whole. So it is turned round: every word must have its place in one of the shapes below, built around the
mapping's own words of yes. What is left over makes the answer one for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adapter.catalogue.word_lists import normal, tokens
from adapter.mails.footers import is_silent, parted

MOST = 2_000  # characters; an approval is short
_KEY = "\ue000"  # stands for a ticket's key that the subject names too


def _any(listed: str) -> str:
    return "(?:" + "|".join(each.strip().replace(" ", r"\s+") for each in listed.split("|")) + ")"


_FILLER = _any(
    "hermed|herved|nu|gerne|godt|bare|blot|roligt|også|naturligvis|selvfølgelig|derfor|dermed|venligst|hereby|now|please"
)
_FILLERS = rf"(?:{_FILLER}\s+)*"
_WE = _any("vi|jeg|kommunen|undertegnede|we")
_REF = (
    r"(?:(?:på|i|for|til|vedr\.?|vedrørende|ang\.?|angående|om|in|on|regarding|re:?)\s+)?"
    rf"(?:(?:sag(?:en)?|opgave(?:n)?|ticket|case)\s+)?(?:nr\.?\s+)?\[?{_KEY}\]?"
)
_NOUN = (
    r"(?:(?:jeres|det\s+(?:fremsendte|vedhæftede|vedlagte)|ovenstående|nedenstående|vedlagte|vedhæftede)\s+"
    r"(?:tilbud|pris|opgave|bestilling)|tilbuddet|prisen|opgaven|bestillingen|ydelsen|ordren|the\s+offer|the\s+price"
    r"|the\s+quote|the\s+order|the\s+task|(?:your|this)\s+(?:offer|quote|price))"
)
_THING = rf"(?:{_NOUN}(?:\s+(?:og|and)\s+{_NOUN})?(?:\s+{_REF})?|{_REF}|det|dette|den|denne|it|this)"
_WORK = _any("opgaven|arbejdet|det|den|sagen|bestillingen|udførelsen|the work|the task|it|this")
_OPENING = (
    rf"(?:{_WE}\s+(?:(?:har|have)\s+)?|{_THING}\s+(?:(?:er|is|har|has)\s+(?:{_WE}\s+)?"
    rf"(?:(?:blevet|been)\s+)?)?|(?:hermed|herved)\s+er\s+{_THING}\s+|(?:er|is)\s+)?{_FILLERS}"
)
_SIDE = _any(
    "herfra|hos os|fra os|fra mig|fra min side|fra vores side|fra kommunen|fra kommunens side|på vores side|på min side"
    "|på vores vegne|på kommunens vegne|from us|from me|from our side|from my side|on our side|by us"
)
_TAILS = (
    rf"(?:af\s+)?{_THING}",
    rf"(?:med|with|på|on)\s+{_WORK}",
    _REF,
    _SIDE,
    _any("hermed|herved|nu|now"),
)
"""What may follow a yes. "Gå i gang med tilbuddet" is no such thing: it asks for an offer."""
_SOON = _any("straks|snarest|snarest muligt|hurtigst muligt|med det samme|asap|as soon as possible")
"""When work may start; "godkendes snarest" would be a yes to come."""
_THANKED = _any(
    "tilbuddet|det|dit tilbud|jeres tilbud|et godt tilbud|mailen|din mail|jeres mail|beskeden|svaret|dit svar"
    "|jeres svar|hjælpen|din hjælp|jeres hjælp|henvendelsen|indsatsen|det hurtige svar|hurtigt svar|prisen"
    "|the offer|your offer|your mail|your email|the quote|your help|this"
)
_WISH = r"(?:rigtig\s+|fortsat\s+)*god\s+(?:dag|weekend|aften|sommer|jul|påske|ferie|arbejdslyst|arbejdsdag)"
_HARMLESS = (
    _any("ja|ja tak|jo|jo tak|jep|yes|yes please|ok|okay|o.k.|fint|helt fint|super|perfekt|dejligt|great|fine|thanks"),
    _any("tak|mange tak|tusind tak|tak skal i have|tak skal du have|på forhånd tak|tak på forhånd|og tak|thank you"),
    rf"(?:(?:mange|tusind)\s+)?tak\s+for\s+{_THANKED}",
    rf"(?:thanks|thank\s+you)\s+for\s+{_THANKED}",
    r"(?:det|this|that)\s+(?:lyder|ser|sounds|looks)\s+(?:rigtig\s+|helt\s+)?(?:godt|fint|good|fine)(?:\s+ud)?",
    r"(?:det|den|prisen|tilbuddet)\s+er\s+(?:helt\s+)?(?:fint|ok|okay|i\s+orden)(?:\s+(?:med|for|hos)\s+(?:os|mig))?",
    rf"(?:vi|jeg)\s+har\s+(?:nu\s+)?(?:læst|set(?:\s+på)?|modtaget|gennemgået|kigget\s+på)\s+{_THING}",
    rf"(?:vedr\.?|vedrørende|ang\.?|angående|regarding|re)\s+{_THING}\s*:?",
    _REF,
    _WISH,
    rf"(?:hav|ha'|have)\s+(?:en\s+)?(?:fortsat\s+)?{_WISH}",
    r"(?:vi|jeg)\s+(?:glæder\s+(?:os|mig)|ser\s+frem)(?:\s+til\s+(?:samarbejdet|resultatet|det))?",
    (
        r"(?:ring|skriv|kontakt\s+(?:mig|os)|sig\s+til)(?:\s+(?:endelig|gerne|bare))?,?\s+hvis\s+(?:i|du|der)\s+"
        r"(?:har|er)\s+(?:nogen\s+|flere\s+)?spørgsmål"
    ),
    (
        r"(?:giv|send)\s+(?:gerne\s+|venligst\s+|os\s+|mig\s+)*(?:en\s+)?besked,?\s+når\s+(?:i|du)\s+er\s+"
        r"(?:færdige?|klar|i\s+gang)"
    ),
    r"på\s+gensyn",
    r"(?:please\s+)?(?:call|write|contact\s+us|let\s+us\s+know)\s+if\s+you\s+have\s+(?:any\s+)?questions",
)
_BETWEEN = r"(?:[\s.,!;]|[–—-](?=\s)|(?<=\s)[–—])*"
_JOINT = r"(?:(?:og|så|and|so)\s+)?"
_END = re.compile(r"(?=[\s.,!;]|$)")
_SMILES = re.compile("[:;]-?[)D](?=\\s|$)|[\u2713\u2714\u2705\U0001f44d\U0001f642\U0001f600\U0001f60a]\ufe0f?")

_NAME = r"[A-ZÆØÅÄÖÜÉ][\w'.-]*"
_GREETING = re.compile(
    r"(?i:hej(?:sa)?|hi|hello|hey|dear|kære|goddag|god\s*(?:morgen|dag|formiddag|eftermiddag|aften))"
    rf"(?:\s+(?:{_NAME}|alle(?:\s+sammen)?|igen|jer|dig|begge|med|all|team|both|there|og|and|&)){{0,6}}"
    r"\s*(?:[,.!:–-]+\s*|$)"
)
_SLASH_NAME = re.compile(rf"[/–-]\s?(?:{_NAME}(?:\s+{_NAME}){{0,3}}|\w{{2,4}})")
_DATE = re.compile(
    r"(?:(?:mandag|tirsdag|onsdag|torsdag|fredag)?,?\s*d(?:en|\.)\s*)?\d{1,2}[./-]\s?(?:\d{1,2}|[a-zæøå]{3,9}\.?)"
    r"[./\s-]+\d{2,4}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Known:
    """What is known beside the text: the words of the sender's own name, and the keys that the subject names."""

    names: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()


class Approval:
    """The answer shapes of one site's words of yes."""

    def __init__(self, yes: Sequence[str]) -> None:
        self._yes = [(re.compile(_core(parts)), entry) for entry in yes if (parts := tokens(entry))]
        self._tails = [re.compile(_JOINT + tail) for tail in _TAILS]
        self._harmless = [re.compile(_JOINT + each) for each in _HARMLESS]
        self._between = re.compile(_BETWEEN)

    def entries(self, text: str, known: Known) -> tuple[str, ...]:
        """The entries that approve, where a text approves and does nothing else; empty otherwise."""
        lines = _without_frame([line.strip() for line in _body(text).split("\n")], known)
        if lines is None:
            return ()
        bare = "\n".join(lines)
        for key in known.keys:
            bare = re.sub(rf"(?<![\w-]){re.escape(key)}(?![\w-])", _KEY, bare, flags=re.IGNORECASE)
        return self._parsed(_SMILES.sub(" ", bare).casefold().strip())

    def _parsed(self, text: str) -> tuple[str, ...]:
        """Walks through the text by all shapes at once; the end must be reached behind a yes."""
        if not text or len(text) > MOST:
            return ()
        found: dict[str, None] = {}
        reached = {(0, False)}
        rest = list(reached)
        while rest:
            at, is_behind_yes = rest.pop()
            for end, entry in self._steps(text, at, is_behind_yes=is_behind_yes):
                if entry is not None:
                    found[entry] = None
                step = (self._between_from(text, end), is_behind_yes or entry is not None)
                if step not in reached:
                    reached.add(step)
                    rest.append(step)
        return tuple(found) if (len(text), True) in reached else ()

    def _between_from(self, text: str, at: int) -> int:
        match = self._between.match(text, at)
        return match.end() if match else at

    def _steps(self, text: str, at: int, *, is_behind_yes: bool) -> Iterator[tuple[int, str | None]]:
        for pattern, entry in self._yes:
            if (match := pattern.match(text, at)) and _END.match(text, match.end()):
                yield match.end(), entry
        for pattern in (*self._harmless, *(self._tails if is_behind_yes else ())):
            if (match := pattern.match(text, at)) and _END.match(text, match.end()):
                yield match.end(), None


def _core(parts: Sequence[str]) -> str:
    """One entry in its frame; behind a passive ("godkendes tilbuddet, …") an object would make it a condition."""
    entry = rf"\s+{_FILLERS}".join(re.escape(part) for part in parts)
    if not {"gang", "ahead", "proceed"}.isdisjoint(parts):
        entry += rf"(?:\s+{_SOON})?(?:\s+(?:med|with)\s+{_WORK})?(?:\s+{_SOON})?"
    passive = rf"(?!\s+{_THING})" if len(parts) == 1 and parts[0].endswith("es") else ""
    inverted = rf"(?:{_THING}|hermed|herved)\s+{entry}\s+{_WE}"
    return (
        rf"{_JOINT}(?:{inverted}|(?:hermed|herved)\s+{entry}|{_OPENING}{entry}{passive})(?:\s+(?:hermed|herved))?(?!\w)"
    )


def _body(text: str) -> str:
    return "\n\n".join(parted(each)[0] for each in re.split(r"\n\s*\n", normal(text)))


def _without_frame(lines: list[str], known: Known) -> list[str] | None:
    """The lines without greeting, dates, keys and the sender's name; None where something stands below the name."""
    kept = [line for line in lines if line]
    while kept and _DATE.fullmatch(kept[0].rstrip(".")):
        kept = kept[1:]
    if kept and (greeting := _GREETING.match(kept[0])):
        kept = [kept[0][greeting.end() :], *kept[1:]]
    for at, line in enumerate(kept[1:], start=1):
        if _is_own_name(line, known.names) or _SLASH_NAME.fullmatch(line):
            return kept[:at] if is_silent("\n".join(kept[at:])) else None
    return kept


def _is_own_name(line: str, names: Iterable[str]) -> bool:
    words = [word for word in tokens(line) if word[0].isalnum()]
    return 0 < len(words) <= 5 and set(words) <= set(names)
