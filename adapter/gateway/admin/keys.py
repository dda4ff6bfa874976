"""What people call other projects, each asked for once."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapter.errors import Refused
from adapter.gateway.session import API, Wire
from adapter.gateway.shapes import part, text


@dataclass(frozen=True)
class ProjectKeys:
    """Looks projects up by their ids."""

    wire: Wire
    _known: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    def of(self, project_id: str) -> str:
        """A project's key; its id where the account may not see the project."""
        if project_id not in self._known:
            try:
                answer = self.wire.get(f"{API}/project/{{project}}", project=project_id)
            except Refused:
                answer = None
            self._known[project_id] = text(part(answer, "key")) or project_id
        return self._known[project_id]
