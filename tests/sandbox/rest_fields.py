"""REST of fields: listing and making them, and on Cloud where they are shown."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from tests.sandbox import shapes
from tests.sandbox.asking import body, page, pages, require_cloud, who, world
from tests.sandbox.errors import JiraError
from tests.sandbox.fields import CUSTOM_TYPES, OWN_TYPES
from tests.sandbox.permissions import require_admin
from tests.sandbox.records import Context, CustomField, Json, Kind

routes = Blueprint("fields", __name__, url_prefix="/rest/api/<any('2', 'latest'):_version>")
MAKEABLE = {custom: kind for kind, (_, custom) in CUSTOM_TYPES.items() if custom.startswith(OWN_TYPES)}


@routes.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("_version", None)


@routes.get("/field")
def listed() -> list[Json]:
    """All fields."""
    return shapes.fields(world())


@routes.post("/field")
def make() -> tuple[Json, int]:
    """A new custom field; several may have the same name."""
    require_admin(who(), "fields", 400)
    given = body("name", "type", "searcherKey", "description")
    kind = MAKEABLE.get(given.get("type", ""))
    if not str(given.get("name") or "").strip():
        raise JiraError(400, errors={"name": "The name is required."})
    if kind is None:
        raise JiraError(400, errors={"type": f"The custom field type '{given.get('type')}' is not valid."})
    site = world()
    with site.lock:
        number = max((f.number for f in site.fields.values()), default=10000) + 1
        made = CustomField(number, given["name"], kind, [], given.get("description", ""), given.get("searcherKey", ""))
        if site.switches.new_field_has_context:
            made.contexts.append(Context(site.new_setup_id(), f"Default Configuration Scheme for {made.name}"))
        site.fields[made.id] = made
        return next(f for f in shapes.fields(site) if f["id"] == made.id), 201


@routes.get("/field/search")
def search() -> Json:
    """Fields by name and type, a page at a time."""
    require_cloud()
    require_admin(who(), "fields")
    asked = request.args
    kinds, ids, query = set(asked.getlist("type")), asked.getlist("id"), asked.get("query", "").lower()
    site = world()
    with site.lock:
        found = [f for f in shapes.fields(site) if query in f["name"].lower() and (not ids or f["id"] in ids)]
        found = [f for f in found if not kinds or ("custom" if f["custom"] else "system") in kinds]
        written = [_searched(f) for f in found]
    start, size = page()
    last = start + size >= len(written)
    answer: Json = {"maxResults": size, "startAt": start, "total": len(written), "isLast": last}
    return answer | {"values": written[start : start + size]}


def _searched(listed_: Json) -> Json:
    written = {k: listed_[k] for k in ("id", "name", "schema", "key")}
    field = world().fields.get(listed_["id"])
    if field is None:
        return written
    screens = [s for s in world().screens.values() if field.id in s.fields]
    written |= {"description": field.description, "isLocked": field.kind in LOCKED, "screensCount": len(screens)}
    return written | {"contextsCount": len(field.contexts), "searcherKey": field.searcher}


LOCKED = frozenset({Kind.REQUEST_TYPE, Kind.ORGANIZATIONS, Kind.PARTICIPANTS})


@routes.get("/field/<field_id>/screens")
def screens(field_id: str) -> Json:
    """The screens that a field is on, with `expand=tab` the tab too."""
    require_cloud()
    require_admin(who(), "screens")
    with_tab = "tab" in request.args.get("expand", "")
    values: list[Json] = []
    for screen in world().screens.values():
        for tab in screen.tabs:
            if field_id in tab.fields:
                written: Json = {"id": screen.id, "name": screen.name, "description": screen.description}
                values.append(written | ({"tab": {"id": tab.id, "name": tab.name}} if with_tab else {}))
    return pages(values, 100)
