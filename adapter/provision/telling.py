"""Names and addresses as people are told them: not all of many, and nothing that could be a secret."""

from __future__ import annotations

from urllib.parse import urlsplit

NAMED = 5  # of other projects, however many there are


def some(names: tuple[str, ...], many: int = 0) -> str:
    """The first of some names, and how many more there are; `many` where the names are not all."""
    first = names[:NAMED]
    left = max(many, len(names)) - len(first)
    return ", ".join(first) + (f" og {left} til" if left > 0 else "")


def shown(url: str) -> str:
    """An address without what could be a secret in it."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "en ulæselig adresse"
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"
