"""What the site lacks and the mapping names, gathered in one pass: the start and `check` both draw on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapter.catalogue.positions import Positions
from adapter.doctor.finding import Code, Finding, Level
from adapter.errors import ConfigurationError

FILE = "jira.yaml"


def by_provision(by_hand: str, *, can: bool = True) -> str:
    """The next step where `provision` makes what lacks: it, or what a person does instead."""
    return f"kør dubu-adapter provision, {by_hand}" if can else by_hand


@dataclass
class Findings:
    """Errors stop the start; warnings and notes are shown and do not."""

    positions: Positions
    all: list[Finding] = field(default_factory=list)

    def at(self, *path: str, file: str = FILE) -> str:
        """The place of a mapping value, such as `mappings/dubu/jira.yaml:12:5`."""
        return self.positions.of(file, *path)

    def stop(self, code: Code, what: str, next_step: str, *path: str, file: str = FILE) -> None:
        """Notes what must be mended before anything is written."""
        self.all.append(Finding(Level.ERROR, code, what, next_step, self.at(*path, file=file)))

    def warn(self, code: Code, what: str, next_step: str, *path: str, file: str = FILE) -> None:
        """Notes what works less well."""
        self.all.append(Finding(Level.WARNING, code, what, next_step, self.at(*path, file=file)))

    def tell(self, code: Code, what: str, next_step: str, *path: str, file: str = FILE) -> None:
        """Notes what may be as it should."""
        self.all.append(Finding(Level.NOTE, code, what, next_step, self.at(*path, file=file)))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What does not stop the start, a line each."""
        return self._lines(Level.WARNING, Level.NOTE)

    def settle(self) -> None:
        """ConfigurationError listing all that must be mended; nothing where nothing must."""
        if stops := self._lines(Level.ERROR):
            raise ConfigurationError("\n".join(stops))

    def _lines(self, *levels: Level) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(finding) for finding in self.all if finding.level in levels))
