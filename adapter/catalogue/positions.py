"""Where in the mapping files a value stands, so that whoever complains can name the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Path = tuple[str, ...]
"""The keys that lead to a value, such as `("felter", "betaler", "navn")`; a list's entries count from "0"."""
Place = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True)
class Positions:
    """Lines and columns of one site's files; `folder` is how the admin named it."""

    folder: str = ""
    places: Mapping[str, Mapping[Path, Place]] = field(default_factory=dict, repr=False)

    def place(self, file: str, path: Path) -> Place:
        """Line and column of a value, or of the nearest thing above it that stands in the file."""
        known = self.places.get(file, {})
        for length in range(len(path), 0, -1):
            if path[:length] in known:
                return known[path[:length]]
        return 1, 1

    def of(self, file: str, *path: str) -> str:
        """The place as editors understand it: `mappings/dubu/jira.yaml:12:5`."""
        line, column = self.place(file, path)
        return f"{self.folder}/{file}:{line}:{column}" if self.folder else f"{file}:{line}:{column}"
