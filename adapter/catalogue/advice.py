"""Turns pydantic's errors into what an admin can act on, in Danish, at the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from adapter.catalogue.model import ADDRESS, DAY_OF_YEAR, DOMAIN, MUNICIPALITY_CODE, PROJECT_KEY
from adapter.catalogue.positions import Path
from adapter.catalogue.problems import Finding
from adapter.catalogue.suggest import nearest, suggestion
from adapter.catalogue.unwrap import Value


def explain(file: str, values: Value, schema: dict[str, Any], error: ValidationError) -> Iterator[Finding]:
    """All that is wrong in one file; one finding a value, however many ways it failed."""
    by_path: dict[Path, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        by_path.setdefault(_path(values, detail), []).append(detail)
    unknown = {path for path, details in by_path.items() if details[0]["type"] == "extra_forbidden"}
    missing = {path for path, details in by_path.items() if details[0]["type"] == "missing"}
    meant = {path: nearest(path[-1], [m[-1] for m in missing if m[:-1] == path[:-1]]) for path in unknown}
    excused = {(*path[:-1], key) for path, key in meant.items() if key is not None}
    for path, details in by_path.items():
        if path in excused:
            continue  # the misspelt key beside it says all there is to say
        if details[0]["type"] == "too_short" and any(other[:-1] == path for other in by_path):
            continue  # it is too short because what stands in it was refused
        is_key = path in unknown or details[0]["loc"][-1:] == ("[key]",)
        yield Finding(file, path, _message(path, details, schema, meant.get(path)), at_key=is_key)


def _path(values: Value, detail: ErrorDetails) -> Path:
    """The keys to the value, without the names of types that pydantic puts between them."""
    path: list[str] = []
    node = values
    for part in detail["loc"]:
        below = _children(node)
        if part in below:
            node = below[part]
            path.append(str(part))
        elif detail["type"] == "missing" and part == detail["loc"][-1]:
            path.append(str(part))
    return tuple(path)


def _children(node: Value) -> dict[str | int, Value]:
    match node:
        case dict():
            return dict(node.items())
        case list():
            return dict(enumerate(node))
        case _:
            return {}


def _message(path: Path, details: list[ErrorDetails], schema: dict[str, Any], meant: str | None) -> str:
    key = path[-1] if path else ""
    kinds = {detail["type"] for detail in details}
    if "extra_forbidden" in kinds:
        return f"ukendt nøgle '{key}'" + (
            f"; mente du '{meant}'?" if meant else _instead(key, _keys(schema, path[:-1]))
        )
    if any(detail["loc"][-1:] == ("[key]",) for detail in details):
        allowed = _allowed(details)
        return f"ukendt nøgle '{key}'{_instead(key, allowed)}" if allowed else f"nøglen '{key}': {_advice(details[0])}"
    if "missing" in kinds:
        return f"'{key}' mangler" + (f" i {'.'.join(path[:-1])}" if path[:-1] else "") + "; tilføj den"
    if any(detail["input"] is None for detail in details):
        return f"'{key}' står uden værdi; skriv en værdi, eller slet linjen"
    advice = ", eller ".join(dict.fromkeys(_advice(detail) for detail in details))
    return advice if key.isdigit() or not key else f"'{key}': {advice}"


def _instead(key: str, allowed: list[str]) -> str:
    return suggestion(key, allowed) or f"; her kan stå: {', '.join(allowed)}"


def _advice(detail: ErrorDetails) -> str:
    given, context = detail["input"], detail.get("ctx", {})
    if detail["type"] == "value_error":
        return str(context["error"])
    if detail["type"] in {"enum", "literal_error"} and isinstance(given, str):
        allowed = _allowed([detail])
        if len(allowed) == 1:
            return f"skriv {allowed[0]}"
        return f"'{_short(given)}' kendes ikke; skriv en af: {', '.join(allowed)}{suggestion(given, allowed)}"
    if detail["type"] == "string_pattern_mismatch":
        advice = _PATTERNS.get(context["pattern"], f"formen {context['pattern']} passer ikke")
        return f"{advice} (her står '{_short(str(given))}')"
    if detail["type"] in _LIMITS:
        return _LIMITS[detail["type"]].format(**context)
    return f"{_WANTED.get(detail['type'], 'her kan ikke stå')} {_kind(given)}"


_LIMITS = {
    "greater_than_equal": "tallet skal være mindst {ge}",
    "less_than_equal": "tallet må højst være {le}",
    "string_too_short": "teksten må ikke være tom",
    "string_too_long": "teksten må højst være {max_length} tegn",
    "too_short": "listen må ikke være tom",
}
_WANTED = {
    "string_type": "her skal stå en tekst, ikke",
    "tuple_type": "her skal stå en liste, fx [a, b], ikke",
    "model_type": "her skal stå nøgler med værdier (nøgle: værdi), ikke",
    "mapping_type": "her skal stå nøgler med værdier (nøgle: værdi), ikke",
    "dict_type": "her skal stå nøgler med værdier (nøgle: værdi), ikke",
}
_PATTERNS = {
    DOMAIN: "skriv et domæne som ballerup.dk, uden @ og uden https://",
    ADDRESS: "skriv en mailadresse som navn@ballerup.dk",
    MUNICIPALITY_CODE: 'skriv kommunekoden med fire cifre, fx "0151"',
    DAY_OF_YEAR: "skriv dagen som måned-dag, fx 12-24",
    PROJECT_KEY: "skriv projektets nøgle med store bogstaver, fx DUBU",
}


def _allowed(details: list[ErrorDetails]) -> list[str]:
    """The words that could stand there, as pydantic lists them: `'kommune', 'tredjepart' or 'kombit'`."""
    expected = " ".join(str(detail.get("ctx", {}).get("expected", "")) for detail in details)
    return re.findall(r"'([^']*)'", expected)


def _kind(given: object) -> str:
    match given:
        case str():
            return f"teksten '{_short(given)}'"
        case list() | tuple():
            return "en liste"
        case _:
            return "nøgler med værdier"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"


def _keys(schema: dict[str, Any], path: Path) -> list[str]:
    """The keys that can stand in the table at a path."""
    here = [schema]
    for key in path:
        here = [found for part in here for found in _below(schema, part, key)]
    return [key for part in here for key in part.get("properties", {})]


def _below(schema: dict[str, Any], part: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    patterns = part.get("patternProperties", {}).values()
    for found in (part.get("properties", {}).get(key), part.get("additionalProperties"), part.get("items"), *patterns):
        if isinstance(found, dict):
            for option in found.get("anyOf", [found]):
                name = option.get("$ref", "").removeprefix("#/$defs/")
                yield schema["$defs"][name] if name else option
