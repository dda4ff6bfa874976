"""What is wrong in mapping files: where it stands, and what the admin can do about it."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.errors import ConfigurationError


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend; `file` is the path as the admin named the folder, and line and column count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True)
class Finding:
    """Something a check found, by the keys that lead to it; `inner_line` counts lines within a text over several.

    It stands at the value, or at its key where that is what is wrong.
    """

    file: str
    path: tuple[str, ...]
    message: str
    inner_line: int = 0
    at_key: bool = False


class MappingError(ConfigurationError):
    """A site's mapping can't be used; `problems` names every place."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
