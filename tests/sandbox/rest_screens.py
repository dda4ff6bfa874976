"""REST of screens: their tabs and fields, and on Cloud which project and issue type has which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, request

from tests.sandbox.asking import body, pages, require_cloud, who, world
from tests.sandbox.errors import JiraError
from tests.sandbox.permissions import require_admin
from tests.sandbox.records import Json
from tests.sandbox.shapes import SYSTEM_FIELDS
from tests.sandbox.site_records import Screen, ScreenScheme, Tab

routes = Blueprint("screens", __name__, url_prefix="/rest/api/<any('2', 'latest'):_version>")


@routes.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("_version", None)


@routes.before_request
def _admins_only() -> None:
    require_admin(who(), "screens")


def _screen(screen_id: int) -> Screen:
    found = world().screens.get(screen_id)
    if found is None:
        raise JiraError(404, f"The screen with id {screen_id} does not exist.")
    return found


def _tab(screen_id: int, tab_id: int) -> Tab:
    found = next((tab for tab in _screen(screen_id).tabs if tab.id == tab_id), None)
    if found is None:
        raise JiraError(404, f"The screen tab with id {tab_id} does not exist.")
    return found


def _name(field_id: str) -> str:
    return world().fields[field_id].name if field_id in world().fields else SYSTEM_FIELDS[field_id][0]


def _asked(name: str) -> set[str]:
    return set(request.args.getlist(name))


@routes.get("/screens")
def screens() -> Json:
    """All screens, or some by id or name."""
    require_cloud()
    ids, text = _asked("id"), request.args.get("queryString", "").lower()
    with world().lock:
        found = [s for s in world().screens.values() if text in s.name.lower() and (not ids or str(s.id) in ids)]
        return pages([{"id": s.id, "name": s.name, "description": s.description} for s in found], 100)


@routes.get("/screens/<int:screen_id>/tabs")
def tabs(screen_id: int) -> list[Json]:
    """A screen's tabs."""
    return [{"id": tab.id, "name": tab.name} for tab in _screen(screen_id).tabs]


@routes.get("/screens/<int:screen_id>/tabs/<int:tab_id>/fields")
def fields(screen_id: int, tab_id: int) -> list[Json]:
    """A tab's fields."""
    return [{"id": id_, "name": _name(id_)} for id_ in _tab(screen_id, tab_id).fields]


@routes.post("/screens/<int:screen_id>/tabs/<int:tab_id>/fields")
def add(screen_id: int, tab_id: int) -> Json:
    """Puts a field last on a tab; a screen has each field once."""
    field_id = body("fieldId").get("fieldId")
    with world().lock:
        tab = _tab(screen_id, tab_id)
        if field_id not in world().fields and field_id not in SYSTEM_FIELDS:
            raise JiraError(404, f"The field with id {field_id} does not exist.")
        if field_id in _screen(screen_id).fields:
            raise JiraError(400, errors={"fieldId": "The field is on the screen already."})
        tab.fields.append(field_id)
        return {"id": field_id, "name": _name(field_id)}


@routes.delete("/screens/<int:screen_id>/tabs/<int:tab_id>/fields/<field_id>")
def remove(screen_id: int, tab_id: int, field_id: str) -> tuple[str, int]:
    """Takes a field off a tab."""
    with world().lock:
        tab = _tab(screen_id, tab_id)
        if field_id not in tab.fields:
            raise JiraError(400, "The field is not on the screen tab.")
        tab.fields.remove(field_id)
    return "", 204


@routes.get("/issuetypescreenscheme/project")
def of_projects() -> Json:
    """The issue type screen schemes of some projects; team-managed ones have none."""
    require_cloud()
    asked = _asked("projectId")
    with world().lock:
        found = [p for p in world().projects.values() if p.id in asked and not p.team_managed]
        values = [
            {
                "issueTypeScreenScheme": {"id": s.id, "name": s.name, "description": s.description},
                "projectIds": [p.id for p in found if p.screens is s],
            }
            for s in dict.fromkeys(p.screens for p in found)
        ]
    return pages(values)


@routes.get("/issuetypescreenscheme/<scheme_id>/project")
def projects_of(scheme_id: str) -> Json:
    """The company-managed projects that use an issue type screen scheme."""
    require_cloud()
    with world().lock:
        found = [p for p in world().projects.values() if p.screens.id == scheme_id and not p.team_managed]
        return pages([{"id": p.id, "key": p.key, "name": p.name, "simplified": False} for p in found])


@routes.get("/issuetypescreenscheme/mapping")
def mapping() -> Json:
    """Which screen scheme each issue type has; `default` stands for the rest."""
    require_cloud()
    ids = _asked("issueTypeScreenSchemeId")
    values: list[Json] = []
    with world().lock:
        for scheme in world().type_screens.values():
            if ids and scheme.id not in ids:
                continue
            mapped = {"default": scheme.default, **scheme.by_type}
            values += [
                {"issueTypeId": type_id, "issueTypeScreenSchemeId": scheme.id, "screenSchemeId": str(found.id)}
                for type_id, found in mapped.items()
            ]
    return pages(values)


@routes.get("/screenscheme")
def schemes() -> Json:
    """Which screen each operation has, by screen scheme."""
    require_cloud()
    ids, text = _asked("id"), request.args.get("queryString", "").lower()
    with world().lock:
        found = [s for s in world().screen_schemes.values() if text in s.name.lower()]
        return pages(list(_written(s for s in found if not ids or str(s.id) in ids)), 25)


def _written(found: Iterable[ScreenScheme]) -> Iterable[Json]:
    for scheme in found:
        screens_: Json = {"default": scheme.default.id} | {op: s.id for op, s in scheme.by_operation.items()}
        yield {"id": scheme.id, "name": scheme.name, "description": scheme.description, "screens": screens_}
