"""What hangs on an issue: comments and attachments."""

from __future__ import annotations

import mimetypes
from typing import Any

from tests.sandbox.adf import rewritten
from tests.sandbox.changes import record
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import User
from tests.sandbox.permissions import is_agent, may, require
from tests.sandbox.records import Attachment, Comment, Issue, Item
from tests.sandbox.world import Event, World

PUBLIC = "sd.public.comment"
LARGEST_FILE = 20 * 1024 * 1024


def comments_for(viewer: User, issue: Issue, *, portal: bool = False) -> list[Comment]:
    """The comments that a viewer may see: internal ones are for agents."""
    insider = is_agent(viewer, issue.project)
    return [c for c in issue.comments if (insider and not portal) or not c.internal]


def find_comment(viewer: User, issue: Issue, comment_id: str) -> Comment:
    """One comment, 404 if there is none or the viewer may not see it."""
    found = next((c for c in comments_for(viewer, issue) if c.id == comment_id), None)
    if found is None:
        raise JiraError(404, f"Can not find a comment for the id: {comment_id}.")
    return found


def comment(
    world: World,
    by: User,
    issue: Issue,
    body: object,
    properties: dict[str, Any] | None = None,
    *,
    portal: bool = False,
) -> Comment:
    """Adds a comment, public unless its `sd.public.comment` property says internal."""
    with world.lock:
        if not portal:
            require(by, "ADD_COMMENTS", issue.project)
        internal = _internal(properties or {})
        if internal and not is_agent(by, issue.project):
            raise JiraError(403, "You do not have permission to create internal comments on this issue.")
        now = world.clock.now()
        made = Comment(world.new_id(), by, by, _body(world, body), now, now, internal, dict(properties or {}))
        issue.comments.append(made)
        issue.updated = now
        _tell(world, "comment_created", issue, by, made)
        return made


def _body(world: World, body: object) -> str:
    if not isinstance(body, str):
        raise JiraError(400, errors={"comment": "Operation value must be a string"})
    if not body.strip():
        raise JiraError(400, errors={"comment": "Comment body can not be empty!"})
    if len(body) > 32767:
        raise JiraError(
            400, errors={"comment": "The entered text is too long. It exceeds the allowed limit of 32,767 characters."}
        )
    return rewritten(body) if world.rewrites_comments else body


def _internal(properties: dict[str, Any]) -> bool:
    value = properties.get(PUBLIC)
    return isinstance(value, dict) and str(value.get("internal")).lower() == "true"


def edit_comment(
    world: World, by: User, issue: Issue, found: Comment, body: object, properties: dict[str, Any] | None = None
) -> Comment:
    """Changes a comment's text; the author stays, updateAuthor is who changed it."""
    with world.lock:
        own = found.author is by and may(by, "EDIT_OWN_COMMENTS", issue.project)
        if not (own or may(by, "EDIT_ALL_COMMENTS", issue.project)):
            raise JiraError(400, "You do not have the permission to edit this comment.")
        found.body = _body(world, body)
        if properties:
            found.properties.update(properties)
            found.internal = _internal(found.properties)
        found.update_author, found.updated = by, world.clock.now()
        issue.updated = found.updated
        _tell(world, "comment_updated", issue, by, found)
        return found


def delete_comment(world: World, by: User, issue: Issue, found: Comment) -> None:
    """Removes a comment."""
    with world.lock:
        own = found.author is by and may(by, "DELETE_OWN_COMMENTS", issue.project)
        if not (own or may(by, "DELETE_ALL_COMMENTS", issue.project)):
            raise JiraError(400, "You do not have permission to delete this comment.")
        issue.comments.remove(found)
        issue.updated = world.clock.now()
        _tell(world, "comment_deleted", issue, by, found)


def _tell(world: World, name: str, issue: Issue, by: User, made: Comment) -> None:
    world.tell(Event(name, "", issue, by, comment=made))
    if not world.cloud:
        kinds = {"comment_created": "issue_commented", "comment_updated": "issue_comment_edited"}
        kind = kinds.get(name, "issue_comment_deleted")
        world.tell(Event("jira:issue_updated", kind, issue, by, comment=made))


def attach(
    world: World,
    by: User,
    issue: Issue,
    filename: str,
    data: bytes,
    mime_type: str | None = None,
    *,
    portal: bool = False,
    silently: bool = False,
) -> Attachment:
    """Adds a file; `silently` as some mail handlers do it, with no issue_updated."""
    with world.lock:
        if not portal:
            require(by, "CREATE_ATTACHMENTS", issue.project)
        now = world.clock.now()
        mime = mime_type or mimetypes.guess_type(filename)[0] or "application/octet-stream"
        made = Attachment(world.new_id(), world.new_media_id(), filename, by, now, data, mime)
        issue.attachments.append(made)
        history = record(
            world, by, issue, [Item("Attachment", "attachment", False, None, None, made.id, made.filename)]
        )
        world.tell(Event("attachment_created", "", issue, by, attachment=made))
        if not silently:
            world.tell(Event("jira:issue_updated", "issue_updated", issue, by, history))
        return made


def find_attachment(world: World, attachment_id: str) -> tuple[Issue, Attachment]:
    """A file and the issue it is on; 404 if there is none."""
    for issue in world.issues.values():
        for made in issue.attachments:
            if made.id == attachment_id:
                return issue, made
    raise JiraError(404, f"The attachment with id '{attachment_id}' does not exist")


def delete_attachment(world: World, by: User, issue: Issue, made: Attachment) -> None:
    """Removes a file."""
    with world.lock:
        own = made.author is by and may(by, "DELETE_OWN_ATTACHMENTS", issue.project)
        if not (own or may(by, "DELETE_ALL_ATTACHMENTS", issue.project)):
            raise JiraError(403, "You do not have permission to delete attachments in this project.")
        issue.attachments.remove(made)
        history = record(
            world, by, issue, [Item("Attachment", "attachment", False, made.id, made.filename, None, None)]
        )
        world.tell(Event("attachment_deleted", "", issue, by, attachment=made))
        world.tell(Event("jira:issue_updated", "issue_updated", issue, by, history))
