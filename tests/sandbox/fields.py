"""Typed custom fields: what may be written, how it is read, and what the changelog says of a change."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.sandbox import user_shapes
from tests.sandbox.clock import stamp
from tests.sandbox.people_records import Organisation, User
from tests.sandbox.records import Context, CustomField, Json, Kept, Kind, Option, RequestType

if TYPE_CHECKING:
    from tests.sandbox.records import Issue
    from tests.sandbox.world import World

OWN_TYPES = "com.atlassian.jira.plugin.system.customfieldtypes"
CUSTOM_TYPES = {
    Kind.SELECT: ("option", f"{OWN_TYPES}:select"),
    Kind.TEXT: ("string", f"{OWN_TYPES}:textfield"),
    Kind.NUMBER: ("number", f"{OWN_TYPES}:float"),
    Kind.DATE: ("date", f"{OWN_TYPES}:datepicker"),
    Kind.DATETIME: ("datetime", f"{OWN_TYPES}:datetime"),
    Kind.REQUEST_TYPE: ("sd-customerrequesttype", "com.atlassian.servicedesk:vp-origin"),
    Kind.ORGANIZATIONS: ("array", "com.atlassian.servicedesk:sd-customer-organizations"),
    Kind.PARTICIPANTS: ("array", "com.atlassian.servicedesk:sd-request-participants"),
}
SEARCHERS = {
    Kind.SELECT: "multiselectsearcher",
    Kind.TEXT: "textsearcher",
    Kind.NUMBER: "exactnumber",
    Kind.DATE: "daterange",
    Kind.DATETIME: "datetimerange",
}
ITEMS = {Kind.ORGANIZATIONS: "sd-customerorganization", Kind.PARTICIPANTS: "user"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:?\d\d")
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


class WrongValue(ValueError):
    """A value that the field does not take; the message is Jira's."""


def schema(field: CustomField) -> Json:
    """The field's schema as /field and the metadata show it."""
    type_, custom = CUSTOM_TYPES[field.kind]
    answer: Json = {"type": type_, "custom": custom, "customId": field.number}
    return answer | ({"items": ITEMS[field.kind]} if field.kind in ITEMS else {})


def parse(  # noqa: PLR0911 # one return a kind
    world: World, field: CustomField, value: object, context: Context | None
) -> Kept:
    """The value as it is kept; WrongValue where Jira would answer 400. None empties every field."""
    if value is None or (field.kind in ITEMS and value == []):
        return None
    match field.kind:
        case Kind.SELECT:
            return _option(field, value, context.options if context else [])
        case Kind.TEXT:
            return _text(value)
        case Kind.NUMBER:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise WrongValue("Operation value must be a number")
            return float(value)
        case Kind.DATE | Kind.DATETIME:
            return _moment(field.kind, value)
        case Kind.REQUEST_TYPE:
            return _request_type(world, value)
        case Kind.ORGANIZATIONS:
            return _organisations(world, value)
        case Kind.PARTICIPANTS:
            return _people(world, value)


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        raise WrongValue("Operation value must be a string")
    if len(value) > 255:
        raise WrongValue("The entered text is too long. It exceeds the allowed limit of 255 characters.")
    return value or None


def _option(field: CustomField, value: object, options: list[Option]) -> Option:
    if not isinstance(value, dict):
        raise WrongValue(f"Specify a valid 'id' or 'name' for {field.name}")
    if value.get("id") is None and value.get("value") is not None:
        wanted = value["value"]
        found = next((o for o in options if o.value == wanted and not o.disabled), None)
        if found is None:
            raise WrongValue(f"Option value '{wanted}' is not valid")
        return found
    wanted = value.get("id")
    found = next((o for o in options if o.id == str(wanted) and not o.disabled), None)
    if found is None:
        raise WrongValue(f"Option id '{'null' if wanted is None else wanted}' is not valid")
    return found


def _moment(kind: Kind, value: object) -> date | datetime:
    if not isinstance(value, str):
        raise WrongValue("Operation value must be a string")
    try:
        if kind is Kind.DATE:
            return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else _raise(value)
        return datetime.fromisoformat(value) if MOMENT.fullmatch(value) else _raise(value)
    except ValueError as error:
        raise WrongValue(f"Error parsing date string: {value}") from error


def _raise(value: str) -> datetime:
    raise ValueError(value)


def _request_type(world: World, value: object) -> RequestType:
    wanted = str(value)
    for project in world.projects.values():
        for request_type in project.request_types:
            if wanted in {request_type.id, f"{project.key.lower()}/{request_type.key}"}:
                return request_type
    raise WrongValue(f"The request type '{wanted}' is not valid")


def _organisations(world: World, value: object) -> list[Organisation]:
    if not isinstance(value, list):
        raise WrongValue("data was not an array")
    found: list[Organisation] = []
    for item in value:
        organisation = world.organisations.get(str(item))
        if isinstance(item, bool) or not isinstance(item, int | str) or organisation is None:
            raise WrongValue(f"Organization '{item}' is not valid")
        found.append(organisation)
    return found


def _people(world: World, value: object) -> list[User]:
    key = "accountId" if world.cloud else "name"
    found: list[User] = []
    for item in value if isinstance(value, list) else [value]:
        named = item.get(key) if isinstance(item, dict) else None
        person = next((u for u in world.users.values() if named == (u.account_id if world.cloud else u.handle)), None)
        if person is None:
            raise WrongValue(f"User '{named}' is not valid for this user picker.")
        found.append(person)
    return found


def read(world: World, field: CustomField, issue: Issue, viewer: User) -> object:
    """The field's value on an issue as JSON."""
    value = issue.values.get(field.id)
    match value:
        case Option():
            return option(world, value)
        case datetime():
            return stamp(value, viewer.time_zone)
        case date():
            return value.isoformat()
        case RequestType():
            return _read_request_type(world, issue, value, viewer)
        case list():
            return [_member(world, held, viewer) for held in value]
        case _:
            return [] if field.kind in ITEMS else value


def _member(world: World, held: Organisation | User, viewer: User) -> Json:
    if isinstance(held, User):
        return user_shapes.user(world, held, viewer)
    return {"id": held.id, "name": held.name, "_links": {"self": world.desk_link("organization", held.id)}}


def option(world: World, chosen: Option) -> Json:
    """An option as JSON."""
    answer: Json = {"self": world.link("customFieldOption", chosen.id), "value": chosen.value, "id": chosen.id}
    return answer if world.cloud else {**answer, "disabled": chosen.disabled}


def _read_request_type(world: World, issue: Issue, value: RequestType, viewer: User) -> Json:
    desk = issue.project.desk_id
    return {
        "_links": {"jiraRest": world.link("issue", issue.id), "self": world.desk_link("request", issue.id)},
        "requestType": {
            "_links": {"self": world.desk_link("servicedesk", str(desk), "requesttype", value.id)},
            "id": value.id,
            "name": value.name,
            "description": value.description,
            "helpText": value.help,
            "issueTypeId": value.issue_type.id,
            "serviceDeskId": desk,
            "portalId": desk,
            "groupIds": list(value.groups),
        },
        "currentStatus": {
            "status": issue.status.name,
            "statusCategory": issue.status.category.upper(),
            "statusDate": {"iso8601": stamp(issue.status_since, viewer.time_zone)},
        },
    }


def said(value: Kept) -> tuple[str | None, str | None]:  # noqa: PLR0911 # one return a kind
    """A value as the changelog's id and text; texts of dates are in the site's language, not meant to be parsed."""
    match value:
        case Option():
            return value.id, value.value
        case float():
            return None, f"{value:.10f}".rstrip("0").rstrip(".")
        case datetime():
            local = value.astimezone(ZoneInfo("Europe/Copenhagen"))
            return f"{local:%Y-%m-%dT%H:%M:%S%z}", f"{_day(local)} {local:%H:%M}"
        case date():
            return value.isoformat(), _day(value)
        case RequestType():
            return None, value.name
        case list():
            ids = ", ".join(v.account_id if isinstance(v, User) else v.id for v in value)
            return f"[{ids}]", ", ".join(v.display_name if isinstance(v, User) else v.name for v in value)
        case _:
            return None, value


def _day(day: date) -> str:
    return f"{day.day:02d}/{MONTHS[day.month - 1]}/{day:%y}"
