"""What a webhook says of an event, in the shapes of recorded ones (../shared/jira/webhooks)."""

from __future__ import annotations

from tests.sandbox import issue_shapes, user_shapes
from tests.sandbox.people_records import User
from tests.sandbox.records import Issue, Json
from tests.sandbox.world import Event, World

COMMENT_ISSUE_FIELDS = ("summary", "issuetype", "project", "assignee", "priority", "status")


def payload(world: World, event: Event) -> Json:
    """The body of a webhook, as an admin's eyes see the issue at this moment."""
    viewer = next(u for u in world.users.values() if u.site_admin)
    body: Json = {"timestamp": int(world.clock.now().timestamp() * 1000), "webhookEvent": event.name}
    if event.comment is not None and event.name.startswith("comment_"):
        body["comment"] = issue_shapes.comment(world, event.issue, event.comment, viewer)
        if world.cloud:  # Data Center's comment events hold no issue: its id stands in comment.self alone
            body["issue"] = _issue(world, event.issue, viewer, COMMENT_ISSUE_FIELDS)
        return body
    if event.attachment is not None:
        return body | {"attachment": issue_shapes.attachment(world, event.attachment, viewer)}
    if event.worklog is not None:
        return body | {"worklog": issue_shapes.worklog(world, event.issue, event.worklog, viewer)}
    if event.kind != "issue_deleted":
        body["issue_event_type_name"] = event.kind if world.cloud else _server_kind(event)
    body["user"] = user_shapes.user(world, event.by, viewer)
    body["issue"] = _issue(world, event.issue, viewer, ("*all", "-comment", "-worklog"))
    if event.change is not None and (world.cloud or event.kind != "issue_created"):
        written = issue_shapes.history(world, event.change, viewer)
        body["changelog"] = {"id": event.change.id, "items": written["items"]}
    if event.comment is not None:
        body["comment"] = issue_shapes.comment(world, event.issue, event.comment, viewer)
    return body


def _issue(world: World, issue: Issue, viewer: User, fields: tuple[str, ...]) -> Json:
    written = issue_shapes.issue(world, issue, viewer, fields, ())
    return {name: written[name] for name in ("id", "self", "key", "fields")}


def _server_kind(event: Event) -> str:
    """Server names the step; Cloud says issue_generic."""
    if event.kind != "issue_generic":
        return event.kind
    names = {"done": "issue_resolved", "indeterminate": "issue_work_started", "new": "issue_reopened"}
    return names[event.issue.status.category]
