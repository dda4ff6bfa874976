"""An issue and what hangs on it as Jira writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import quote

from tests.sandbox import fields as typed
from tests.sandbox import shapes, user_shapes
from tests.sandbox.clock import stamp
from tests.sandbox.parts import comments_for
from tests.sandbox.people_records import User
from tests.sandbox.records import Attachment, Comment, History, Issue, Json, Worklog
from tests.sandbox.wiki import to_html
from tests.sandbox.workflow import available, screen_of
from tests.sandbox.workflow_records import Transition, Way
from tests.sandbox.worklogs import spent, time_spent
from tests.sandbox.world import World

EXPAND = "renderedFields,names,schema,operations,editmeta,changelog,transitions,versionedRepresentations"
EMBEDDED_HISTORIES = 100  # of the changelog inside an issue on Cloud; the rest is at /changelog
SEARCH_HISTORIES = 40
SEARCH_COMMENTS = 20


def comment(world: World, issue: Issue, made: Comment, viewer: User, expand: Iterable[str] = ()) -> Json:
    """A comment; on Data Center only its properties tell whether it is internal."""
    answer: Json = {
        "self": world.link("issue", issue.id, "comment", made.id),
        "id": made.id,
        "author": user_shapes.user(world, made.author, viewer),
        "body": made.body,
        "updateAuthor": user_shapes.user(world, made.update_author, viewer),
        "created": stamp(made.created, viewer.time_zone),
        "updated": stamp(made.updated, viewer.time_zone),
    }
    if world.cloud and issue.project.desk_id:
        answer["jsdPublic"] = not made.internal
    if "properties" in expand:
        answer["properties"] = [{"key": key, "value": value} for key, value in made.properties.items()]
    if "renderedBody" in expand:
        answer["renderedBody"] = to_html(made.body)
    return answer


def attachment(world: World, made: Attachment, viewer: User) -> Json:
    """A file's description, with the address of its content."""
    content = f"{world.url}/secure/attachment/{made.id}/{quote(made.filename)}"
    number: str | int = made.id
    return {
        "self": world.link("attachment", made.id),
        "id": number,
        "filename": made.filename,
        "author": user_shapes.user(world, made.author, viewer),
        "created": stamp(made.created, viewer.time_zone),
        "size": len(made.data),
        "mimeType": made.mime_type,
        "content": world.link("attachment", "content", made.id) if world.cloud else content,
    }


def worklog(world: World, issue: Issue, made: Worklog, viewer: User) -> Json:
    """Logged time."""
    return {
        "self": world.link("issue", issue.id, "worklog", made.id),
        "author": user_shapes.user(world, made.author, viewer),
        "updateAuthor": user_shapes.user(world, made.update_author, viewer),
        "comment": made.comment,
        "created": stamp(made.created, viewer.time_zone),
        "updated": stamp(made.updated, viewer.time_zone),
        "started": stamp(made.started, viewer.time_zone),
        "timeSpent": time_spent(made.seconds),
        "timeSpentSeconds": made.seconds,
        "id": made.id,
        "issueId": issue.id,
    }


def history(world: World, entry: History, viewer: User) -> Json:
    """An entry of the changelog; Data Center tells no field ids."""
    items = []
    for item in entry.items:
        written: Json = {"field": item.field, "fieldtype": "custom" if item.custom else "jira"}
        if world.cloud and item.field_id:
            written["fieldId"] = item.field_id
        sides = {"from": item.before, "fromString": item.before_text, "to": item.after, "toString": item.after_text}
        items.append(written | sides)
    return {
        "id": entry.id,
        "author": user_shapes.user(world, entry.author, viewer),
        "created": stamp(entry.created, viewer.time_zone),
        "items": items,
    }


def changelog(world: World, issue: Issue, viewer: User, limit: int = EMBEDDED_HISTORIES) -> Json:
    """The changelog inside an issue: on Cloud the newest first and no more than the limit; on Data Center all."""
    entries = list(reversed(issue.history))[:limit] if world.cloud else issue.history
    total = len(issue.history)
    return {
        "startAt": 0,
        "maxResults": len(entries) if world.cloud else total,
        "total": total,
        "histories": [history(world, entry, viewer) for entry in entries],
    }


def transition(world: World, issue: Issue, step: Transition, *, with_fields: bool = False) -> Json:
    """A step that may be taken."""
    answer: Json = {"id": step.id, "name": step.name, "to": shapes.status(world, step.target)}
    if world.cloud:
        flags = {"isGlobal": step.way is Way.GLOBAL, "isInitial": False, "looped": False}
        answer |= {"hasScreen": step.screen is not None, "isAvailable": True} | flags
        answer["isConditional"] = bool(step.conditions.every())
    if with_fields:
        answer["fields"] = shapes.described(world, issue.project, issue.issue_type, screen_of(world, step))
    return answer


def transitions(world: World, issue: Issue, viewer: User, *, with_fields: bool = False) -> list[Json]:
    """The steps that the viewer may take."""
    return [transition(world, issue, step, with_fields=with_fields) for step in available(world, viewer, issue)]


def _comments(world: World, issue: Issue, viewer: User, limit: int | None) -> Json:
    seen = comments_for(viewer, issue)
    shown = seen[-limit:] if limit else seen
    written = [comment(world, issue, made, viewer) for made in shown]
    link = world.link("issue", issue.id, "comment")
    page: Json = {"comments": written, "maxResults": len(shown), "total": len(seen), "startAt": 0}
    return page | ({"self": link} if world.cloud else {})


def _worklogs(world: World, issue: Issue, viewer: User) -> Json:
    first = [worklog(world, issue, made, viewer) for made in issue.worklogs[:20]]
    return {"startAt": 0, "maxResults": 20, "total": len(issue.worklogs), "worklogs": first}


def watches(world: World, issue: Issue, viewer: User) -> Json:
    """How many watch an issue, and whether the viewer does."""
    link = world.link("issue", issue.key, "watchers")
    return {"self": link, "watchCount": len(issue.watchers), "isWatching": viewer in issue.watchers}


def watchers(world: World, issue: Issue, viewer: User) -> Json:
    """Who watches an issue."""
    listed = [user_shapes.user(world, who, viewer) for who in issue.watchers]
    return watches(world, issue, viewer) | {"watchers": listed}


def _resolution(world: World, issue: Issue) -> Json | None:
    if issue.resolution is None:
        return None
    return {"self": world.link("resolution", "10000"), "id": "10000", "description": "", "name": issue.resolution}


def all_fields(
    world: World, issue: Issue, viewer: User, comments: int | None = None
) -> dict[str, Callable[[], object]]:
    """Every field of an issue by id, each written only when it is asked for."""

    def person(who: User | None) -> Json | None:
        return user_shapes.user(world, who, viewer) if who else None

    zone = viewer.time_zone
    number = str(3)
    written: dict[str, Callable[[], object]] = {
        "summary": lambda: issue.summary,
        "description": lambda: issue.description,
        "issuetype": lambda: shapes.issue_type(world, issue.issue_type),
        "project": lambda: shapes.project(world, issue.project),
        "status": lambda: shapes.status(world, issue.status),
        "priority": lambda: {"self": world.link("priority", number), "name": issue.priority, "id": number},
        "labels": lambda: list(issue.labels),
        "assignee": lambda: person(issue.assignee),
        "reporter": lambda: person(issue.reporter),
        "creator": lambda: person(issue.creator),
        "created": lambda: stamp(issue.created, zone),
        "updated": lambda: stamp(issue.updated, zone),
        "resolution": lambda: _resolution(world, issue),
        "resolutiondate": lambda: stamp(issue.resolved, zone) if issue.resolved else None,
        "statuscategorychangedate": lambda: stamp(issue.category_since, zone),
        "watches": lambda: watches(world, issue, viewer),
        "attachment": lambda: [attachment(world, made, viewer) for made in issue.attachments],
        "comment": lambda: _comments(world, issue, viewer, comments),
        "worklog": lambda: _worklogs(world, issue, viewer),
        "timespent": lambda: spent(issue) or None,
        "timeestimate": lambda: 0 if issue.worklogs else None,
    }
    for field in world.fields_in(issue.project, issue.issue_type):
        written[field.id] = lambda field=field: typed.read(world, field, issue, viewer)  # type: ignore[misc]  # a lambda's default has no type
    return written


def chosen(asked: Iterable[str], there: Iterable[str]) -> list[str]:
    """Which fields `fields=` asks for: names, `*all`, `*navigable`, and `-name` for without."""
    names = [name.strip() for name in asked if name.strip()] or ["*all"]
    if all(name.startswith("-") for name in names):
        names.insert(0, "*all")
    without = {name[1:] for name in names if name.startswith("-")}
    heavy = {"comment", "attachment", "worklog"}
    found = []
    for field in there:
        navigable = "*navigable" in names and field not in heavy
        if field not in without and ("*all" in names or navigable or field in names):
            found.append(field)
    return found


def issue(
    world: World, found: Issue, viewer: User, asked: Iterable[str], expand: Iterable[str], *, search: bool = False
) -> Json:
    """An issue with the fields and expansions that were asked for."""
    written = all_fields(world, found, viewer, SEARCH_COMMENTS if search and world.cloud else None)
    names = chosen(asked, written)
    answer: Json = {
        "expand": EXPAND,
        "id": found.id,
        "self": world.link("issue", found.id),
        "key": found.key,
        "fields": {name: written[name]() for name in names},
    }
    if "changelog" in expand:
        answer["changelog"] = changelog(world, found, viewer, SEARCH_HISTORIES if search else EMBEDDED_HISTORIES)
    if "transitions" in expand:
        answer["transitions"] = transitions(world, found, viewer)
    if "renderedFields" in expand:
        texts = {"description": found.description}
        answer["renderedFields"] = {n: to_html(texts[n] or "") if n in texts else None for n in names}
    if "names" in expand:
        named = {f["id"]: f["name"] for f in shapes.fields(world)}
        answer["names"] = {name: named[name] for name in names}
    if "schema" in expand:
        schemas = {f["id"]: f["schema"] for f in shapes.fields(world)}
        answer["schema"] = {name: schemas[name] for name in names}
    if "editmeta" in expand:
        answer["editmeta"] = {"fields": shapes.screen(world, found.project, found.issue_type, "edit")}
    return answer
