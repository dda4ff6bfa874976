"""REST of fields' contexts (Cloud): for which projects and issue types a field is there, and its options."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from tests.sandbox.asking import body, pages, require_cloud, who, world
from tests.sandbox.errors import JiraError
from tests.sandbox.permissions import require_admin
from tests.sandbox.records import Context, CustomField, Json, Kind, Option

routes = Blueprint("contexts", __name__, url_prefix="/rest/api/<any('2', 'latest'):_version>")
MOST_OPTIONS = 1000  # a request


@routes.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("_version", None)


def _field(field_id: str) -> CustomField:
    require_cloud()
    require_admin(who(), "custom field contexts")
    found = world().fields.get(field_id)
    if found is None:
        raise JiraError(404, "The custom field was not found.")
    return found


def _context(field: CustomField, context_id: str) -> Context:
    found = next((c for c in field.contexts if c.id == context_id), None)
    if found is None:
        raise JiraError(404, "The context was not found.")
    return found


def _chosen(field: CustomField) -> list[Context]:
    ids = request.args.getlist("contextId")
    return [c for c in field.contexts if not ids or c.id in ids]


@routes.get("/field/<field_id>/context")
def contexts(field_id: str) -> Json:
    """A field's contexts."""
    found = _chosen(_field(field_id))
    asked_global, asked_any = request.args.get("isGlobalContext"), request.args.get("isAnyIssueType")
    found = [c for c in found if asked_global is None or (not c.projects) is (asked_global == "true")]
    found = [c for c in found if asked_any is None or (not c.issue_types) is (asked_any == "true")]
    return pages(
        [
            {
                "id": c.id,
                "name": c.name,
                "description": c.description,
                "isGlobalContext": not c.projects,
                "isAnyIssueType": not c.issue_types,
            }
            for c in found
        ]
    )


@routes.post("/field/<field_id>/context")
def make_context(field_id: str) -> tuple[Json, int]:
    """A new context; no projects: all of them, no issue types: all of them."""
    field = _field(field_id)
    given = body("name", "description", "projectIds", "issueTypeIds", "id")
    projects, types = set(given.get("projectIds") or ()), set(given.get("issueTypeIds") or ())
    with world().lock:
        if projects - {p.id for p in world().projects.values()} or types - set(world().issue_types):
            raise JiraError(404, "A project or an issue type was not found.")
        if not projects and any(not c.projects for c in field.contexts):
            raise JiraError(400, "The custom field has a global context already.")
        _require_free(field, projects)
        made = Context(world().new_setup_id(), given["name"], projects, types, [], given.get("description", ""))
        field.contexts.append(made)
        return {"id": made.id, **given}, 201


def _require_free(field: CustomField, projects: set[str], but: Context | None = None) -> None:
    """A project has one context of a field."""
    taken = {id_ for c in field.contexts if c is not but for id_ in c.projects}
    if projects & taken:
        raise JiraError(400, "A project is assigned to another context of the custom field already.")


@routes.get("/field/<field_id>/context/projectmapping")
def projects_of(field_id: str) -> Json:
    """Which projects each context is for."""
    values: list[Json] = []
    for found in _chosen(_field(field_id)):
        values += [{"contextId": found.id, "projectId": id_} for id_ in sorted(found.projects)]
        values += [] if found.projects else [{"contextId": found.id, "isGlobalContext": True}]
    return pages(values)


@routes.get("/field/<field_id>/context/issuetypemapping")
def types_of(field_id: str) -> Json:
    """Which issue types each context is for."""
    values: list[Json] = []
    for found in _chosen(_field(field_id)):
        values += [{"contextId": found.id, "issueTypeId": id_} for id_ in sorted(found.issue_types)]
        values += [] if found.issue_types else [{"contextId": found.id, "isAnyIssueType": True}]
    return pages(values)


@routes.put("/field/<field_id>/context/<context_id>/project")
def assign(field_id: str, context_id: str) -> tuple[str, int]:
    """Adds projects to a context; a global one ends being global by that."""
    field = _field(field_id)
    found = _context(field, context_id)
    wanted = body("projectIds")["projectIds"]
    with world().lock:
        if len(set(wanted)) < len(wanted):
            raise JiraError(400, "The projectIds must not contain duplicates.")
        if set(wanted) - {p.id for p in world().projects.values()}:
            raise JiraError(404, "The project was not found.")
        _require_free(field, set(wanted))
        found.projects |= set(wanted)
    return "", 204


@routes.put("/field/<field_id>/context/<context_id>/issuetype")
def assign_types(field_id: str, context_id: str) -> tuple[str, int]:
    """Adds issue types to a context that is for some."""
    found = _context(_field(field_id), context_id)
    with world().lock:
        found.issue_types |= set(body("issueTypeIds")["issueTypeIds"])
    return "", 204


def _with_options(field_id: str, context_id: str) -> Context:
    field = _field(field_id)
    if field.kind is not Kind.SELECT:
        raise JiraError(400, "The custom field doesn't support options.")
    return _context(field, context_id)


def _option(found: Option) -> Json:
    return {"id": found.id, "value": found.value, "disabled": found.disabled}


@routes.get("/field/<field_id>/context/<context_id>/option")
def options(field_id: str, context_id: str) -> Json:
    """A context's options."""
    found = _with_options(field_id, context_id)
    asked = request.args.get("optionId")
    return pages([_option(o) for o in found.options if asked in {None, o.id}], 100)


@routes.post("/field/<field_id>/context/<context_id>/option")
def make_options(field_id: str, context_id: str) -> Json:
    """New options; all of them or none."""
    found = _with_options(field_id, context_id)
    given = body("options").get("options") or []
    values = [str(o["value"]) for o in given]
    with world().lock:
        if len(values) > MOST_OPTIONS:
            raise JiraError(400, f"At most {MOST_OPTIONS} options can be created a request.")
        if len(set(values)) < len(values) or set(values) & {o.value for o in found.options}:
            raise JiraError(400, "The option values must be unique.")
        made = [Option(world().new_setup_id(), str(o["value"]), bool(o.get("disabled"))) for o in given]
        found.options += made
    return {"options": [_option(o) for o in made]}


@routes.put("/field/<field_id>/context/<context_id>/option")
def change_options(field_id: str, context_id: str) -> Json:
    """Renames, enables and disables options; only what changed is told."""
    found = _with_options(field_id, context_id)
    given = body("options").get("options") or []
    by_id = {o.id: o for o in found.options}
    with world().lock:
        if any(o["id"] not in by_id for o in given):
            raise JiraError(404, "An option was not found.")
        changed = []
        for wanted in given:
            option = by_id[wanted["id"]]
            before = (option.value, option.disabled)
            option.value = wanted.get("value", option.value)
            option.disabled = wanted.get("disabled", option.disabled)
            changed += [option] if (option.value, option.disabled) != before else []
    return {"options": [_option(o) for o in changed]}
