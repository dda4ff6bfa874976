"""What a workflow's conditions ask of the gate's field: which of its values let a start through, and which none can."""

from __future__ import annotations

import json
from collections.abc import Iterator

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import ApprovalState, FieldName, StatusRole
from adapter.provision.conditions import has_option, holds, is_reserved, rules_in
from adapter.provision.document import CHECK_FIELD, Group, Rule
from adapter.provision.found import CustomField, Found, Workflow
from adapter.provision.meaning import begins, references

OPENING = (ApprovalState.APPROVED, ApprovalState.NOT_REQUIRED)
"""What the gate's field says where work may start."""


def gate_field(catalogue: Catalogue, found: Found) -> CustomField | None:
    """The site's field of the approval's state; None where it has none, or several of the name."""
    fields = found.named(catalogue.jira.fields[FieldName.APPROVAL].name)
    return fields[0] if len(fields) == 1 else None


def opening_ids(catalogue: Catalogue, found: Found, state: ApprovalState) -> tuple[str, ...]:
    """The ids of a value of the gate's field: one for each context that offers it."""
    wanted, field = catalogue.jira.fields[FieldName.APPROVAL], gate_field(catalogue, found)
    contexts = field.contexts_for(found.project.id) if field is not None and state in wanted.options else ()
    return tuple(dict.fromkeys(id_ for c in contexts if (id_ := c.option_id(wanted.options[state]))))


def _all_opening(catalogue: Catalogue, found: Found) -> tuple[str, ...]:
    return tuple(id_ for state in OPENING for id_ in opening_ids(catalogue, found, state))


def lock_rules(catalogue: Catalogue, found: Found) -> tuple[Rule, ...]:
    """The conditions of which one holds where the gate's field says that work may start; empty if the field lacks."""
    field = gate_field(catalogue, found)
    ids = _all_opening(catalogue, found)
    return tuple(has_option(field.id, id_) for id_ in ids) if field is not None else ()


def is_locked(catalogue: Catalogue, found: Found, tree: Group | None) -> bool:
    """Whether a tree holds only where the gate's field says that work may start: with no other value, nor without."""
    field = gate_field(catalogue, found)
    opening = frozenset(_all_opening(catalogue, found))
    if field is None or not opening:
        return False
    return not any(lets(tree, field.id, id_) for id_ in ("", *sorted(_option_ids(field) - opening)))


def _option_ids(field: CustomField) -> frozenset[str]:
    """The ids of all options that were read of a field, those that may not be chosen among them."""
    return frozenset(option.id for context in field.contexts or () for option in context.options)


def shut_out(catalogue: Catalogue, found: Found, workflow: Workflow, role_id: str) -> Iterator[str]:
    """The labels of the field's opening values with which nobody can start work, whatever else they fulfil."""
    field = gate_field(catalogue, found)
    is_whole = references(workflow, catalogue, StatusRole.APPROVED) and references(workflow, catalogue, StatusRole.WORK)
    starts = [
        step
        for step in workflow.document.get("transitions") or []
        if begins(step, workflow, catalogue) and not is_reserved(step, role_id)
    ]
    if field is None or not is_whole:
        return
    for state in OPENING:
        ids = opening_ids(catalogue, found, state)
        if ids and not all(any(lets(s.get("conditions"), field.id, id_) for s in starts) for id_ in ids):
            yield catalogue.jira.fields[FieldName.APPROVAL].options[state]


def other_fields(catalogue: Catalogue, found: Found, tree: Group | None) -> tuple[str, ...]:
    """The ids of other fields that a tree asks for something, too: one may be the gate's from before."""
    field = gate_field(catalogue, found)
    asked = {(rule.get("parameters") or {}).get("fieldId", "") for rule in rules_in(tree) if _is_check(rule)}
    return tuple(sorted(asked - {field.id})) if field is not None else ()


def lets(tree: Group | None, field_id: str, option_id: str) -> bool:
    """Whether a tree can hold where a field has an option; what else it asks for is taken as fulfilled."""
    return holds(tree, lambda rule: _allows(rule, field_id, option_id))


def without_dead(catalogue: Catalogue, found: Found, tree: Group | None) -> tuple[Group | None, bool]:
    """A tree without the conditions that ask for options which the gate's field does not have, and whether it had any.

    Such a condition lets nobody through: it is a lock from before the field's options were made anew. Where only some
    of a lock's were, the rest of it goes with them, for it knows of too few. What somebody may choose instead of other
    things lets through the same as before: a choice that nobody could make goes whole.
    """
    field = gate_field(catalogue, found)
    if field is None:
        return tree, False
    known, opening = _option_ids(field), frozenset(_all_opening(catalogue, found))

    def is_dead(rule: Rule) -> bool:
        asked = _compared(rule, field.id)
        return asked is not None and known.isdisjoint(asked)

    def is_lock(group: Group) -> bool:
        rules = group.get("conditions") or []
        asked = [_compared(rule, field.id) for rule in rules if not is_dead(rule)]
        return not group.get("conditionGroups") and all(ids is not None and ids <= opening for ids in asked)

    def cleaned(group: Group) -> tuple[Group | None, bool]:
        rules, groups = group.get("conditions") or [], group.get("conditionGroups") or []
        alive = [rule for rule in rules if not is_dead(rule)]
        if group.get("operation") == "ANY":
            if len(alive) < len(rules) and is_lock(group):
                return None, True
            open_ = [one for one in groups if holds(one, lambda rule: not is_dead(rule))]
            had_dead = len(alive) + len(open_) < len(rules) + len(groups)
            if not had_dead or not (alive or open_):
                return group, False  # what nobody can choose at all is somebody's own: it is kept, and named
            return {**group, "conditions": alive, "conditionGroups": open_}, True
        judged = [cleaned(one) for one in groups]
        if len(alive) == len(rules) and not any(changed for _, changed in judged):
            return group, False
        left = [one for one, _ in judged if one]
        return ({**group, "conditions": alive, "conditionGroups": left} if alive or left else None), True

    return cleaned(tree) if tree else (tree, False)


def _compared(rule: Rule, field_id: str) -> frozenset[str] | None:
    """The ids of the options of which a condition asks a field to have one; None where it asks for something else."""
    return _asked(rule, field_id) if _compares(rule) == "=" else None


def _allows(rule: Rule, field_id: str, option_id: str) -> bool:
    asked = _asked(rule, field_id)
    if asked is None:
        return True
    return {"=": option_id in asked, "!=": option_id not in asked}.get(_compares(rule), True)


def _compares(rule: Rule) -> str:
    return (rule.get("parameters") or {}).get("comparator", "=")


def _is_check(rule: Rule) -> bool:
    return rule.get("ruleKey") == CHECK_FIELD


def _asked(rule: Rule, field_id: str) -> frozenset[str] | None:
    """The ids of the options that a condition on a field compares with; None where it is none, or is not understood."""
    parameters = rule.get("parameters") or {}
    if not _is_check(rule) or parameters.get("fieldId") != field_id:
        return None
    if parameters.get("comparisonType") != "OPTIONID":
        return None
    try:
        said = json.loads(parameters.get("fieldValue") or "")
    except (ValueError, RecursionError):
        return None
    values = said if isinstance(said, list) else [said]
    is_understood = bool(values) and all(isinstance(value, str | int) for value in values)
    return frozenset(str(value) for value in values) if is_understood else None
