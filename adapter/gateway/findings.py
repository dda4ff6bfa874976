"""What the site lacks and the mapping names: one line each, with the place in the mapping file and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapter.catalogue.positions import Positions
from adapter.errors import ConfigurationError


@dataclass
class Findings:
    """Findings stop the start; warnings are shown and do not."""

    positions: Positions
    stops: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def at(self, *path: str, file: str = "jira.yaml") -> str:
        """The place of a mapping value, such as `mappings/dubu/jira.yaml:12:5`."""
        return self.positions.of(file, *path)

    def stop(self, message: str, *path: str, file: str = "jira.yaml") -> None:
        """Notes what must be mended before anything is written."""
        self.stops.append(f"{self.at(*path, file=file)}: {message}")

    def settle(self) -> None:
        """ConfigurationError listing all that must be mended; nothing where nothing must."""
        if self.stops:
            raise ConfigurationError("\n".join(dict.fromkeys(self.stops)))

    def warn(self, message: str, *path: str, file: str = "jira.yaml") -> None:
        """Notes what works less well."""
        self.warnings.append(f"{self.at(*path, file=file)}: {message}")
