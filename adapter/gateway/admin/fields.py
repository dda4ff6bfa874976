"""Reading custom fields with where they exist and what they offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from adapter.gateway.admin.keys import ProjectKeys
from adapter.gateway.session import API, Wire
from adapter.gateway.shapes import Json, objects, part, text
from adapter.provision.found import Context, CustomField, Option
from adapter.provision.telling import NAMED


@dataclass(frozen=True)
class Fields:
    """Reads the fields of some names; Data Center tells no contexts."""

    wire: Wire
    cloud: bool
    keys: ProjectKeys

    def read(self, names: Collection[str], project_id: str) -> tuple[CustomField, ...]:
        """All company-managed fields, and this project's own, that are called by one of the names, in any case."""
        called = {name.casefold() for name in names}
        if self.cloud:
            there = list(self.wire.pages(f"{API}/field/search", ("values",), {"type": "custom"}))
        else:
            there = [f for f in objects(self.wire.get(f"{API}/field")) if f.get("custom") is True]
        return tuple(
            self._field(f, project_id)
            for f in there
            if text(f.get("name")).casefold() in called and _is_ours(f, project_id)
        )

    def _field(self, found: Json, project_id: str) -> CustomField:
        field_id, kind = text(found.get("id")), text(part(found, "schema", "type"))
        contexts = self.contexts(field_id, project_id, with_options=kind == "option") if self.cloud else None
        return CustomField(field_id, text(found.get("name")), kind, contexts)

    def contexts(self, field_id: str, project_id: str, *, with_options: bool) -> tuple[Context, ...]:
        """Where a field exists; options are read for contexts that apply in the project."""
        path = f"{API}/field/{{field}}/context"
        there = list(self.wire.pages(path, ("values",), field=field_id))
        projects: dict[str, set[str]] = defaultdict(set)
        types: dict[str, set[str]] = defaultdict(set)
        if any(c.get("isGlobalContext") is not True for c in there):
            for mapped in self.wire.pages(f"{path}/projectmapping", ("values",), field=field_id):
                projects[text(mapped.get("contextId"))].add(text(mapped.get("projectId")))
        if any(c.get("isAnyIssueType") is not True for c in there):
            for mapped in self.wire.pages(f"{path}/issuetypemapping", ("values",), field=field_id):
                types[text(mapped.get("contextId"))].add(text(mapped.get("issueTypeId")))
        found = []
        for context in there:
            context_id, is_global = text(context.get("id")), context.get("isGlobalContext") is True
            where = frozenset(projects[context_id] - {""})
            applies = is_global or project_id in where
            options = self._options(field_id, context_id) if with_options and applies else ()
            shared = sorted(where - {project_id})[:NAMED] if applies else ()
            others = tuple(self.keys.of(one) for one in shared)
            name, for_types = text(context.get("name")), frozenset(types[context_id] - {""})
            found.append(Context(context_id, name, is_global, where, for_types, options, others))
        return tuple(found)

    def _options(self, field_id: str, context_id: str) -> tuple[Option, ...]:
        path = f"{API}/field/{{field}}/context/{{context}}/option"
        found = self.wire.pages(path, ("values",), field=field_id, context=context_id)
        return tuple(Option(text(o.get("id")), text(o.get("value")), o.get("disabled") is True) for o in found)


def _is_ours(found: Json, project_id: str) -> bool:
    scope = text(part(found, "scope", "project", "id"))  # a team-managed project's own field
    return not scope or scope == project_id
