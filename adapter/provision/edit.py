"""The smallest change of a workflow that closes its side doors and lets the process through.

What is not named here goes back as it came: other people's rules, transitions, properties and drawings. Conditions are
added beside those that are there. A transition into work that also starts in places it must not is cut off from those;
one that starts only in such places stays, for the adapter's role alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import CLOSED, StatusRole
from adapter.provision.automatic import answers
from adapter.provision.conditions import any_of, is_reserved, reserved_for, with_all
from adapter.provision.document import PORTAL, Group, Rule, Transition, leads, sources
from adapter.provision.draft import Draft
from adapter.provision.found import Found, Status, Workflow
from adapter.provision.gate_field import is_locked, lock_rules, without_dead
from adapter.provision.meaning import begins, references
from adapter.provision.passable import is_passable
from adapter.provision.side_doors import early, lacking_ways
from adapter.provision.ways import PEOPLES_WAYS, Way


@dataclass(frozen=True)
class Editor:
    """Edits workflows of one site, whose role, statuses and options are there or assumed to be."""

    catalogue: Catalogue
    found: Found
    role_id: str
    locks: tuple[Rule, ...]
    statuses: tuple[Status, ...]  # that each of its workflows must have

    def edited(self, workflow: Workflow) -> Draft:
        """The workflow as it is to be; without changes where it already is so."""
        draft = Draft(workflow)
        for change in (
            self._with_statuses,
            self._begun_in_new,
            self._without_early_starts,
            self._with_approval_reserved,
            self._with_peoples_ways,
            self._with_second_lock,
            self._with_ways_back,
            self._shown_on_portal,
        ):
            draft = change(draft)
        return draft

    def lacking(self, workflow: Workflow) -> tuple[str, ...]:
        """What people need of a workflow and do not find, a line each as in a plan; holes are not told here."""
        draft = Draft(workflow)
        if not any(early(step, workflow, self.catalogue) == () for step in draft.steps):  # which is a hole
            draft = self._begun_in_new(draft)
        return self._shown_on_portal(self._with_peoples_ways(draft)).changes

    def _with_statuses(self, draft: Draft) -> Draft:
        """Every status of the mapping, and of the adapter's other issue types.

        Whoever moves a ticket to another type chooses its status freely where the old one is not there: even work.
        """
        for status in self.statuses:
            if status.id not in {known.id for known in draft.workflow.statuses.values()}:
                draft = draft.with_status(status)
        return draft

    def _begun_in_new(self, draft: Draft) -> Draft:
        """New tickets begin where the process does."""
        new = references(draft.workflow, self.catalogue, StatusRole.NEW)

        def change(step: Transition) -> tuple[Transition, str] | None:
            before = step.get("toStatusReference", "")
            if step.get("type") != "INITIAL" or before in new or not new:
                return None
            told = f"nye sager begynder i {draft.named(new[:1])} (før {draft.named([before])})"
            return {**step, "toStatusReference": new[0]}, told

        return draft.each(change)

    def _without_early_starts(self, draft: Draft) -> Draft:
        """Work starts from Godkendt alone (R10)."""

        def change(step: Transition) -> tuple[Transition, str] | None:
            starts = early(step, draft.workflow, self.catalogue)
            if not starts or is_reserved(step, self.role_id):
                return None
            known = sources(step)
            target = draft.named([step.get("toStatusReference", "")])
            if known is None or known == {*starts}:
                return self._reserved(step), f"kun for adapterens rolle (fører fra {draft.named(starts)} til {target})"
            links = [link for link in step.get("links") or [] if link.get("fromStatusReference") not in starts]
            return {**step, "links": links}, f"ikke længere fra {draft.named(starts)} til {target}"

        return draft.each(change)

    def _with_approval_reserved(self, draft: Draft) -> Draft:
        """Only the adapter leads a ticket to Godkendt."""
        approved = references(draft.workflow, self.catalogue, StatusRole.APPROVED)

        def change(step: Transition) -> tuple[Transition, str] | None:
            is_other = step.get("toStatusReference") not in approved or step.get("type") == "INITIAL"
            if is_other or is_reserved(step, self.role_id):
                return None
            return self._reserved(step), f"kun for adapterens rolle (fører til {draft.named(approved[:1])})"

        return draft.each(change)

    def _with_peoples_ways(self, draft: Draft) -> Draft:
        """Every status that people need can be reached and left."""
        before = draft
        for way in PEOPLES_WAYS:
            targets = references(before.workflow, self.catalogue, way.target)
            starts = tuple(self._missing(before, way, targets)) if targets else ()
            if starts:
                name = getattr(self.catalogue.jira.steps, way.step)
                is_its_own = _called(name, self.role_id)
                draft = draft.with_way(name, starts, targets[0], may_extend=is_its_own, on_portal=way.on_portal)
        for start, ref, name in self._into_others(before):
            if not any(step.get("toStatusReference") == ref for step in before.steps):
                draft = draft.with_way(name, (start,), ref, may_extend=_called(name, self.role_id))
        return draft

    def _into_others(self, draft: Draft) -> Iterator[tuple[str, str, str]]:
        """Start, target and name of the ways into statuses that share their meaning with one that people reach."""
        steps, workflow = self.catalogue.jira.steps, draft.workflow
        for role in (StatusRole.WORK, StatusRole.DONE):
            first, *rest = references(workflow, self.catalogue, role) or ("",)
            for i, ref in enumerate(rest):
                closes = role is StatusRole.DONE and i == 0
                yield first, ref, steps.close if closes else workflow.status_name(ref)
        for start in references(workflow, self.catalogue, StatusRole.NEW)[:1]:
            for ref in references(workflow, self.catalogue, StatusRole.OTHER):
                yield start, ref, workflow.status_name(ref)

    def _missing(self, draft: Draft, way: Way, targets: tuple[str, ...]) -> Iterator[str]:
        """The statuses that a way must start from and does not."""
        theirs = [s for s in draft.steps if s.get("type") != "INITIAL" and not is_reserved(s, self.role_id)]
        ends = references(draft.workflow, self.catalogue, *sorted(CLOSED)) if way.reopens else ()
        exits = [ref for ref in draft.inside if ref not in ends]
        is_island = not any(step.get("toStatusReference") in targets for step in theirs)
        for ref in self._starts(draft, way):
            is_led = any(leads(step, ref, target) for step in theirs for target in targets)
            is_dead_end = not any(leads(s, ref, t) for s in theirs for t in exits if t != ref)
            if ref not in targets and not is_led and (way.is_needed or is_island or is_dead_end):
                yield ref

    def _starts(self, draft: Draft, way: Way) -> Iterator[str]:
        yield from references(draft.workflow, self.catalogue, *sorted(way.sources - {StatusRole.OTHER}))
        if StatusRole.OTHER in way.sources:
            named = {
                name for role, of in self.catalogue.jira.statuses.items() if role is not StatusRole.OTHER for name in of
            }
            for ref in draft.inside:
                status = draft.workflow.statuses.get(ref)
                if status is None or status.name in named or status.category == "DONE":
                    continue
                if ref not in answers(draft.workflow):
                    yield ref

    def _with_second_lock(self, draft: Draft) -> Draft:
        """The start asks what the gate's field says, too."""
        lock: tuple[Rule | Group, ...] = self.locks if len(self.locks) < 2 else (any_of(self.locks),)

        def change(step: Transition) -> tuple[Transition, str] | None:
            is_start = begins(step, draft.workflow, self.catalogue) and not is_reserved(step, self.role_id)
            if not is_start or not lock:
                return None
            tree, had_dead = without_dead(self.catalogue, self.found, step.get("conditions"))
            if not is_locked(self.catalogue, self.found, tree):
                tree = with_all(tree, *lock)
            elif not had_dead:
                return None
            former = " (før et valg, som feltet ikke har mere)" if had_dead else ""
            return {**step, "conditions": tree}, f"kun når godkendelsesfeltet siger, at arbejdet må starte{former}"

        return draft.each(change)

    def _with_ways_back(self, draft: Draft) -> Draft:
        """Whatever a person does, the adapter can put it back."""
        held = frozenset(role.id for role in self.found.roles or () if role.is_held_by(self.found.account))
        ways: dict[str, list[str]] = {}
        for start, target in lacking_ways(self.catalogue, self.found, draft.workflow):
            ways.setdefault(target, []).append(start)
        approved = references(draft.workflow, self.catalogue, StatusRole.APPROVED)
        steps = self.catalogue.jira.steps
        for target, starts in ways.items():
            back = f"{steps.put_back}: {draft.workflow.status_name(target)}"
            draft = draft.with_way(
                steps.approve if target in approved else back,
                starts,
                target,
                may_extend=lambda step: is_reserved(step, self.role_id) and is_passable(step, held),
                conditions=with_all(None, reserved_for(self.role_id)),
                note=", kun for adapterens rolle",
            )
        return draft

    def _shown_on_portal(self, draft: Draft) -> Draft:
        """Customers can press KOMBIT's transition and report disagreement."""
        waiting = references(
            draft.workflow, self.catalogue, StatusRole.WAITING_CUSTOMER, StatusRole.WAITING_THIRD_PARTY
        )
        accepted = references(draft.workflow, self.catalogue, StatusRole.KOMBIT_ACCEPTED)
        disagreed = references(draft.workflow, self.catalogue, StatusRole.DISAGREEMENT)

        def change(step: Transition) -> tuple[Transition, str] | None:
            target, properties = step.get("toStatusReference", ""), step.get("properties") or {}
            from_waiting = any(leads(step, ref, target) for ref in waiting)
            is_theirs = target in accepted or target in disagreed
            is_shown = properties.get(PORTAL) == "true"
            if not (is_theirs and from_waiting) or is_shown or is_reserved(step, self.role_id):
                return None
            return {**step, "properties": {**properties, PORTAL: "true"}}, "vises på kundeportalen"

        return draft.each(change)

    def _reserved(self, step: Transition) -> Transition:
        return {**step, "conditions": with_all(step.get("conditions"), reserved_for(self.role_id))}


def editor_of(catalogue: Catalogue, found: Found, workflows: Iterable[Workflow]) -> Editor:
    """An editor for the adapter's workflows, as they are or as they are assumed to be after the steps before."""
    role = found.role(catalogue.jira.roles.adapter)
    named = (found.status(name) for names in catalogue.jira.statuses.values() for name in names)
    theirs = (status for workflow in workflows for status in workflow.statuses.values())
    statuses = {status.id: status for status in (*named, *theirs) if status is not None}
    locks = lock_rules(catalogue, found)
    return Editor(catalogue, found, role.id if role else "", locks, tuple(statuses.values()))


def _called(name: str, role_id: str) -> Callable[[Transition], bool]:
    """Whether a transition is people's own step of a name."""
    return lambda step: step.get("name") == name and not is_reserved(step, role_id)
