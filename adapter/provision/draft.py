"""A workflow while it is changed: each change gives a new one, and a line that tells of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from adapter.provision.automatic import takes
from adapter.provision.document import PORTAL, Document, Group, Link, StatusOfWorkflow, Transition, sources
from adapter.provision.found import Status, Workflow

ROOM = 180.0  # between statuses in the picture


@dataclass(frozen=True)
class Draft:
    """A workflow as it is to be, and what was changed on the way."""

    workflow: Workflow
    changes: tuple[str, ...] = ()

    @property
    def steps(self) -> list[Transition]:
        """The transitions, in their order."""
        return self.workflow.document.get("transitions") or []

    @property
    def inside(self) -> tuple[str, ...]:
        """The references of the statuses in it."""
        return tuple(s.get("statusReference", "") for s in self.workflow.document.get("statuses") or [])

    def named(self, references: Sequence[str]) -> str:
        """Statuses as people call them."""
        return " / ".join(f'"{self.workflow.status_name(ref)}"' for ref in references)

    def with_status(self, status: Status) -> Draft:
        """With one more status, drawn below the others."""
        placed = self.workflow.document.get("statuses") or []
        spots = [s.get("layout") or {} for s in placed]
        below = max((spot.get("y") or 0.0 for spot in spots), default=0.0) + ROOM
        added: StatusOfWorkflow = {
            "statusReference": status.id,
            "layout": {"x": ROOM * (len(placed) % 6), "y": below},
            "properties": {},
        }
        document: Document = {**self.workflow.document, "statuses": [*placed, added]}
        workflow = replace(self.workflow, document=document, statuses={**self.workflow.statuses, status.id: status})
        return Draft(workflow, (*self.changes, f'+ status "{status.name}"'))

    def each(self, change: Callable[[Transition], tuple[Transition, str] | None]) -> Draft:
        """With every transition changed for which there is a change, told by its line."""
        steps, lines = [], []
        for step in self.steps:
            changed = change(step)
            steps.append(changed[0] if changed else step)
            lines += [f'~ overgang "{step.get("name")}" ({step.get("id")}): {changed[1]}'] if changed else []
        return Draft(self._with(steps), (*self.changes, *lines))

    def with_way(
        self,
        name: str,
        starts: Sequence[str],
        target: str,
        *,
        may_extend: Callable[[Transition], bool],
        conditions: Group | None = None,
        on_portal: bool = False,
        note: str = "",
    ) -> Draft:
        """With a way between statuses: more starts for a transition that may be extended, or else a new one.

        One that Jira takes by itself gets no more starts: people would find their tickets moved from there, too.
        """
        links: list[Link] = [{"fromStatusReference": ref, "fromPort": None, "toPort": None} for ref in starts]
        told = f"fra {self.named(starts)} til {self.named([target])}{note}"
        for i, step in enumerate(self.steps):
            is_like = step.get("type") == "DIRECTED" and step.get("toStatusReference") == target
            is_free = step.get("name", "") not in self._names_from(starts, without=step)
            if is_like and is_free and may_extend(step) and not takes(step, self.workflow):
                extended: Transition = {**step, "links": [*(step.get("links") or []), *links]}
                line = f'~ overgang "{step.get("name")}" ({step.get("id")}): også {told}'
                return Draft(self._with([*self.steps[:i], extended, *self.steps[i + 1 :]]), (*self.changes, line))
        added: Transition = {
            "id": self._free_id(),
            "name": self._free_name(name, starts),
            "description": "",
            "type": "DIRECTED",
            "toStatusReference": target,
            "links": links,
            "actions": [],
            "validators": [],
            "triggers": [],
            "properties": {PORTAL: "true"} if on_portal else {},
        }
        if conditions:
            added["conditions"] = conditions
        return Draft(self._with([*self.steps, added]), (*self.changes, f'+ overgang "{added["name"]}" {told}'))

    def _with(self, steps: list[Transition]) -> Workflow:
        return replace(self.workflow, document={**self.workflow.document, "transitions": steps})

    def _free_id(self) -> str:
        taken = [int(step.get("id", "")) for step in self.steps if step.get("id", "").isdecimal()]
        return str(max(taken, default=1) + 10)

    def _free_name(self, name: str, starts: Sequence[str]) -> str:
        taken = self._names_from(starts)
        names = (name if number == 1 else f"{name} ({number})" for number in count(1))
        return next(free for free in names if free not in taken)

    def _names_from(self, starts: Sequence[str], without: Transition | None = None) -> frozenset[str]:
        """What steps from some statuses are called, and from any: Jira wants no two of a name from one status.

        So says its description of creating workflows: POST /rest/api/3/workflow.
        """
        others = (step for step in self.steps if step is not without and step.get("type") != "INITIAL")
        return frozenset(
            step.get("name", "") for step in others if (known := sources(step)) is None or not known.isdisjoint(starts)
        )
