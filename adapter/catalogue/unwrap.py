"""Takes a file's tree apart: plain values for validation, where each stands, and which of them are assumptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from adapter.catalogue.model import Assumption
from adapter.catalogue.positions import Path, Place
from adapter.catalogue.tree import Listing, Node, Scalar, Table, Unreadable

VALUE, REASON, CONFIRMED = "værdi", "antagelse", "bekræftet"
REASON_FORM = r"(R([1-9]|1[0-9]|2[0-4])|K([1-9]|1[01])): \S.*"
"""An assumption names the rule or the row that leaves it open, as in rules.md."""


Value = str | list["Value"] | dict[str, "Value"] | None
"""What a file says at some place; None where a key stands without a value."""


@dataclass
class Written:
    """What one file says, with the marks of assumptions taken off."""

    file: str
    values: Value = None
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)  # where each value's key stands
    blocks: set[Path] = field(default_factory=set)  # texts over several lines, which begin on the line below
    assumptions: list[Assumption] = field(default_factory=list)
    faults: list[Unreadable] = field(default_factory=list)
    without_value: set[Path] = field(default_factory=set)  # marked as assumptions, but of what?


def unwrap(file: str, tree: Table) -> Written:
    """Reads every value of a file, with `{værdi: …, antagelse: …}` replaced by its value."""
    written = Written(file)
    written.values = _take(written, tree, tree.place, ())
    return written


def _take(written: Written, node: Node, place: Place, path: Path) -> Value:
    """One node's plain value; `place` is that of its key."""
    if path:
        written.keys.setdefault(path, place)
        written.places.setdefault(path, place)
    if isinstance(node, Scalar):
        if node.text is not None:
            written.places[path] = node.place
        if node.is_block:
            written.blocks.add(path)
        return node.text
    if isinstance(node, Listing):
        return [_take(written, item, item.place, (*path, str(i))) for i, item in enumerate(node.items)]
    if path and _is_mark(node):
        return _take_marked(written, node, place, path)
    return {key: _take(written, item, node.keys[key], (*path, key)) for key, item in node.items.items()}


def _is_mark(node: Table) -> bool:
    keys = set(node.items)
    if REASON in keys or (VALUE in keys and keys <= {VALUE, CONFIRMED}):
        return True
    return VALUE in keys and any(fuzz.ratio(key, REASON) >= 70 for key in keys)


def _take_marked(written: Written, node: Table, place: Place, path: Path) -> Value:
    faults = list(_faults(node, place))
    written.faults += faults
    if VALUE not in node.items:
        written.without_value.add(path)
        return None
    value = _take(written, node.items[VALUE], node.keys[VALUE], path)
    reason, confirmed = (_text(node.items.get(key)) for key in (REASON, CONFIRMED))
    if not faults:
        written.assumptions.append(
            Assumption(written.file, *place, ".".join(path), _shown(value), reason or "", confirmed)
        )
    return value


def _faults(node: Table, place: Place) -> Iterator[Unreadable]:
    keys = (VALUE, REASON, CONFIRMED)
    unknown = [key for key in node.items if key not in keys]
    for key in unknown:
        yield Unreadable(node.keys[key], f"ukendt nøgle '{key}'; en antagelse har kun {', '.join(keys)}")
    if VALUE not in node.items:
        yield Unreadable(place, f"antagelsen har ingen værdi; skriv {{{VALUE}: …, {REASON}: …}}")
    reason = node.items.get(REASON)
    if reason is None and not unknown:
        yield Unreadable(place, f"'{REASON}' mangler; skriv hvorfor, fx {REASON}: {_EXAMPLE}")
    elif reason is not None and not re.fullmatch(REASON_FORM, _text(reason) or "", re.DOTALL):
        yield Unreadable(node.keys[REASON], f"skriv reglen først, fx {REASON}: {_EXAMPLE}")
    if CONFIRMED in node.items and not _text(node.items[CONFIRMED]):
        advice = f'skriv hvem og hvornår, fx {CONFIRMED}: "Jens Hansen, 2026-11-23", eller slet linjen'
        yield Unreadable(node.keys[CONFIRMED], advice)


_EXAMPLE = '"R5: åbningstiden står ikke i kataloget"'


def _text(node: Node | None) -> str | None:
    return node.text.strip() if isinstance(node, Scalar) and node.text is not None else None


def _shown(value: Value) -> str:
    """A value on one line, as the list of assumptions shows it."""
    match value:
        case dict():
            return ", ".join(
                f"{key} ({_shown(item)})" if isinstance(item, dict) else f"{key} {_shown(item)}"
                for key, item in value.items()
            )
        case list():
            return ", ".join(_shown(item) for item in value)
        case _:
            return "" if value is None else str(value)
