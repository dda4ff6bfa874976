"""Reads YAML as it is written: every value is its raw text with its place, and nothing is guessed, copied or expanded.

Built on ruamel.yaml's events rather than on its loader: 34.000 stays "34.000", nej stays "nej", a key that stands twice
is an error at its own line, and anchors, which can make a small file huge, are refused.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from adapter.catalogue.positions import Place

LARGEST_FILE = 512 * 1024
DEEPEST = 12


class Unreadable(Exception):
    """A file is not YAML as we read it; `place` and the message say where and what to do."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


@dataclass(frozen=True)
class Scalar:
    """A value, as its text; None where nothing is written."""

    place: Place
    text: str | None
    is_block: bool = False  # written with |, so that its lines are the file's


@dataclass
class Listing:
    """A YAML sequence."""

    place: Place
    items: list[Node] = field(default_factory=list)


@dataclass
class Table:
    """A YAML mapping; `keys` are the places of its keys."""

    place: Place
    items: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)


Node = Scalar | Listing | Table


@lru_cache(maxsize=64)  # most files are as they were at the last look
def read_tree(data: bytes) -> tuple[Table, tuple[Unreadable, ...]]:
    """Parses one file; also returns the duplicate keys that were found.

    Raises:
        Unreadable: not UTF-8, not YAML, too large, too deep, or more than values, lists and tables.
    """
    text = _decode(data)
    doubles: list[Unreadable] = []
    root = _build(_events(text), doubles)
    if root is None:
        raise Unreadable((1, 1), "filen er tom; hent den oprindelige frem igen, eller skriv dens nøgler")
    if not isinstance(root, Table):
        raise Unreadable(root.place, "her skal stå nøgler med værdier, som navn: værdi")
    return root, tuple(doubles)


def _decode(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        raise Unreadable((1, 1), f"filen fylder {len(data) // 1024} KB; den må højst fylde {LARGEST_FILE // 1024} KB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        place = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        raise Unreadable(
            place, "tegnet her er ikke UTF-8; gem filen igen som UTF-8 (ikke Latin-1 eller ANSI)"
        ) from None


def _events(text: str) -> Iterator[Event]:
    last = 1, 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # ruamel warns of things that we want refused
            for event in YAML(typ="safe", pure=True).parse(text):
                last = _place(event)
                yield event
    except Unreadable:
        raise
    except MarkedYAMLError as error:
        problem = f"{error.context or ''} {error.problem or ''}"
        begun = error.context_mark if any(words in problem for words in _NEVER_ENDED) else None
        mark = begun or error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark is not None else last
        raise Unreadable(place, _advice(problem, text, place)) from None
    except ReaderError as error:
        raise Unreadable(_place_after(text[: error.position]), "her står et usynligt styretegn; slet det") from None
    except Exception as error:  # noqa: BLE001  # ruamel lets ValueError and others through for odd escapes and directives
        raise Unreadable(last, f"filen kan ikke læses som YAML fra her ({type(error).__name__})") from None


def _place_after(text: str) -> Place:
    return text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1


_NEVER_ENDED = ("while scanning a quoted scalar", "while parsing a flow", "while scanning a simple key")
"""What is wrong is where these begin, not where the parser gave up."""


def _advice(problem: str, text: str, place: Place) -> str:
    lines = text.splitlines()
    line = lines[place[0] - 1] if place[0] <= len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())] or "\\t" in problem or "'\t'" in problem:
        return "her står et tabulatortegn; ryk ind med mellemrum"
    for words, advice in _ADVICE:
        if words in problem:
            return advice
    return f"filen kan ikke læses som YAML her; se efter indrykning, kolon og anførselstegn ({problem.strip()})"


_ADVICE = (
    ("while scanning a quoted scalar", "et anførselstegn er ikke lukket; afslut teksten med \" eller '"),
    ("unknown escape", "ukendt tegn efter \\ i anførselstegn; skriv \\\\ eller brug '…'"),
    (
        "mapping values are not allowed",
        'kolon med mellemrum er ikke tilladt her; sæt teksten i "…", eller ret indrykningen',
    ),
    ("could not find expected ':'", "der mangler et kolon efter nøglen, eller linjen er rykket forkert ind"),
    ("while parsing a flow sequence", "listen er ikke lukket, eller der mangler et komma; skriv [a, b]"),
    ("while parsing a flow mapping", "{…} er ikke lukket, eller der mangler et komma; skriv {a: b, c: d}"),
    ("cannot start any token", 'dette tegn kan ikke stå først i en værdi; sæt teksten i "…"'),
    ("while parsing a block mapping", "indrykningen passer ikke med linjerne ovenfor"),
    (
        "while parsing a block collection",
        "indrykningen passer ikke med linjerne ovenfor; hvert punkt begynder med '- '",
    ),
    ("undefined alias", 'en værdi kan ikke begynde med *; sæt teksten i "…"'),
    ("while scanning an alias", 'en værdi kan ikke begynde med *; sæt teksten i "…"'),
    ("while scanning an anchor", 'en værdi kan ikke begynde med &; sæt teksten i "…"'),
)


def _build(events: Iterator[Event], doubles: list[Unreadable]) -> Node | None:
    root: Node | None = None
    documents = 0
    for event in events:
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Unreadable(_place(event), "filen må kun indeholde ét dokument; slet linjen med ---")
        elif isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent | AliasEvent):
            root = _node(event, events, doubles, depth=0)
    return None if isinstance(root, Scalar) and root.text is None else root


def _node(event: Event, events: Iterator[Event], doubles: list[Unreadable], depth: int) -> Node:
    place = _place(event)
    if depth > DEEPEST:
        raise Unreadable(place, "værdierne er pakket for dybt ind i hinanden")
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
        raise Unreadable(place, 'ankre og henvisninger (& og *) bruges ikke her; skriv værdien ud, eller sæt den i "…"')
    if getattr(event, "tag", None) is not None:
        raise Unreadable(place, 'en værdi kan ikke begynde med !; skriv den uden, eller sæt den i "…"')
    if isinstance(event, SequenceStartEvent):
        listing = Listing(place)
        while not isinstance(event := next(events), SequenceEndEvent):
            listing.items.append(_node(event, events, doubles, depth + 1))
        return listing
    if isinstance(event, MappingStartEvent):
        table = Table(place)
        while not isinstance(event := next(events), MappingEndEvent):
            key = _key(event)
            value = _node(next(events), events, doubles, depth + 1)
            if key in table.items:
                first = table.keys[key][0]
                doubles.append(Unreadable(_place(event), f"nøglen '{key}' står også i linje {first}; slet den ene"))
            else:
                table.items[key], table.keys[key] = value, _place(event)
        return table
    if not isinstance(event, ScalarEvent):
        raise Unreadable(place, "her kan ikke stå noget")
    return Scalar(place, _text(event), is_block=event.style == "|")


def _key(event: Event) -> str:
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
        raise Unreadable(_place(event), 'en nøgle kan ikke begynde med &, * eller !; sæt den i "…"')
    if not isinstance(event, ScalarEvent):
        raise Unreadable(_place(event), "en nøgle skal være en tekst, ikke en liste eller {…}")
    key = _text(event)
    if key == "<<" and not event.style:
        raise Unreadable(_place(event), "<< bruges ikke her; skriv værdierne ud")
    if not key:
        raise Unreadable(_place(event), "her mangler en nøgle før kolon")
    return key


def _text(event: ScalarEvent) -> str | None:
    value: str = event.value
    return None if value == "" and not event.style else value


def _place(event: Event) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1
