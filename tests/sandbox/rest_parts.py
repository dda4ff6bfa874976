"""REST of what hangs on an issue: comments and attachments."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, redirect, request, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from tests.sandbox import issue_shapes, parts
from tests.sandbox.asking import body, page, who, words, world
from tests.sandbox.errors import JiraError
from tests.sandbox.permissions import sees, visible
from tests.sandbox.records import Attachment, Issue, Json

routes = Blueprint("parts", __name__)
ISSUE = "/rest/api/<any('2', 'latest'):_version>/issue/<key>"
FILE = "/rest/api/<any('2', 'latest'):_version>/attachment"
COMMENT_KEYS = ("body", "properties", "visibility", "id", "self", "author", "updateAuthor", "created", "updated")


@routes.url_value_preprocessor
def _drop_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("_version", None)


def _issue(key: str) -> Issue:
    return visible(world(), who(), key)


def _properties(given: Json) -> dict[str, Any]:
    listed = given.get("properties") or []
    if not isinstance(listed, list) or any(not isinstance(p, dict) or "key" not in p for p in listed):
        raise JiraError(400, "Comment properties must be a list of keys and values.")
    return {p["key"]: p.get("value") for p in listed}


@routes.get(f"{ISSUE}/comment")
def comments(key: str) -> Json:
    """An issue's comments, oldest first unless `orderBy=-created`."""
    with world().lock:
        found = _issue(key)
        seen = parts.comments_for(who(), found)
        if request.args.get("orderBy", "").startswith("-"):
            seen = seen[::-1]
        start, size = page(5000 if world().cloud else 1048576, 5000 if world().cloud else 1048576)
        shown = [issue_shapes.comment(world(), found, c, who(), words("expand")) for c in seen[start : start + size]]
        return {"startAt": start, "maxResults": size, "total": len(seen), "comments": shown}


@routes.post(f"{ISSUE}/comment")
def add_comment(key: str) -> tuple[Json, int]:
    """A new comment."""
    given = body(*COMMENT_KEYS)
    with world().lock:
        found = _issue(key)
        made = parts.comment(world(), who(), found, given.get("body"), _properties(given))
        return issue_shapes.comment(world(), found, made, who(), words("expand")), 201


@routes.get(f"{ISSUE}/comment/<comment_id>")
def comment(key: str, comment_id: str) -> Json:
    """One comment."""
    with world().lock:
        found = _issue(key)
        made = parts.find_comment(who(), found, comment_id)
        return issue_shapes.comment(world(), found, made, who(), words("expand"))


@routes.put(f"{ISSUE}/comment/<comment_id>")
def edit_comment(key: str, comment_id: str) -> Json:
    """Changes a comment."""
    given = body(*COMMENT_KEYS)
    with world().lock:
        found = _issue(key)
        made = parts.find_comment(who(), found, comment_id)
        parts.edit_comment(world(), who(), found, made, given.get("body"), _properties(given))
        return issue_shapes.comment(world(), found, made, who(), words("expand"))


@routes.delete(f"{ISSUE}/comment/<comment_id>")
def delete_comment(key: str, comment_id: str) -> tuple[str, int]:
    """Removes a comment."""
    with world().lock:
        found = _issue(key)
        parts.delete_comment(world(), who(), found, parts.find_comment(who(), found, comment_id))
    return "", 204


@routes.post(f"{ISSUE}/attachments")
def attach(key: str) -> list[Json]:
    """Adds the files of the form's `file` parts."""
    if request.headers.get("X-Atlassian-Token", "").lower() not in {"no-check", "nocheck"}:
        raise JiraError(403, "XSRF check failed")
    given: list[FileStorage] = request.files.getlist("file")
    if not given:
        raise JiraError(400, "The request must hold at least one file in a part named 'file'.")
    read = [(sent.filename or "unavngivet", sent.read(), sent.mimetype) for sent in given]
    if any(len(data) > parts.LARGEST_FILE for _, data, _ in read):
        raise JiraError(413, f"The file is larger than the limit of {parts.LARGEST_FILE} bytes.")
    with world().lock:
        found = _issue(key)
        made = [parts.attach(world(), who(), found, name, data, mime) for name, data, mime in read]
        return [issue_shapes.attachment(world(), one, who()) for one in made]


def _file(attachment_id: str) -> tuple[Issue, Attachment]:
    found, made = parts.find_attachment(world(), attachment_id)
    if not sees(world(), who(), found, portal=True):
        raise JiraError(404, f"The attachment with id '{attachment_id}' does not exist")
    return found, made


@routes.get(f"{FILE}/<attachment_id>")
def attachment(attachment_id: str) -> Json:
    """A file's description."""
    with world().lock:
        written = issue_shapes.attachment(world(), _file(attachment_id)[1], who())
    return written | {"id": int(written["id"])}  # a number here, a string inside an issue: so it is in Jira


@routes.delete(f"{FILE}/<attachment_id>")
def delete_attachment(attachment_id: str) -> tuple[str, int]:
    """Removes a file."""
    with world().lock:
        parts.delete_attachment(world(), who(), *_file(attachment_id))
    return "", 204


@routes.get(f"{FILE}/content/<attachment_id>")
def content(attachment_id: str) -> AnyResponse:
    """A file's content on Cloud: sends on to where it is, unless `redirect=false`."""
    if not world().cloud:
        raise JiraError(404, f"null for uri: /rest/api/2/attachment/content/{attachment_id}")
    _, made = _file(attachment_id)
    if request.args.get("redirect", "true").lower() == "false":
        return _send(made)
    return redirect(f"{world().media_url or world().url}/media/file/{made.media_id}/binary?token=once", 303)


@routes.get("/media/file/<media_id>/binary")
def media(media_id: str) -> Response:
    """Where Cloud keeps files: whoever has the address may read."""
    for issue in list(world().issues.values()):
        for made in issue.attachments:
            if made.media_id == media_id:
                return _send(made)
    raise JiraError(404, "not found")


@routes.get("/secure/attachment/<attachment_id>/<path:_filename>")
def secure(attachment_id: str, _filename: str) -> Response:
    """A file's content on Data Center."""
    return _send(_file(attachment_id)[1])


def _send(made: Attachment) -> Response:
    answer = send_file(
        BytesIO(made.data),
        made.mime_type,
        as_attachment=True,
        download_name=made.filename,
        conditional=True,
        etag=False,
    )
    answer.direct_passthrough = False
    return answer
