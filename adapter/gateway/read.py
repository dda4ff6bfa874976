"""From Jira's JSON to a Ticket: one GET in the ordinary case, more where Jira cut something off or left it unsaid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from adapter.catalogue.words import AttachmentId, CommentId, IssueId, IssueKey
from adapter.errors import Gone, Refused
from adapter.gateway.fields import answer_of, value_of
from adapter.gateway.history import past, status_named
from adapter.gateway.kombit import Kombit, unanswered
from adapter.gateway.names import Names
from adapter.gateway.people import People, account_of
from adapter.gateway.session import API, Wire
from adapter.gateway.shapes import Json, moment, objects, part, text, whole
from adapter.ticket.snapshot import Attachment, Comment, Move, Person, Ticket

ISSUE = f"{API}/issue/{{issue}}"


@dataclass(frozen=True)
class Reader:
    """Reads tickets of one site."""

    wire: Wire
    names: Names
    cloud: bool

    def read(self, issue: IssueId | IssueKey, agents: frozenset[str], kombit: Kombit) -> Ticket:
        """The ticket as Jira has it now; Gone where it is not there or not to be seen.

        Where somebody accepted on KOMBIT's behalf a moment ago, KOMBIT's people are read again first (R18).
        """
        people = People(self.names.account, agents, self.cloud, self.names.automation, kombit.known())
        try:
            raw = self.wire.get(ISSUE, {"fields": self.names.wanted, "expand": "changelog,transitions"}, issue=issue)
            log = self._whole_changelog(raw, issue)
            comments = self._whole_comments(raw, issue, people)
        except Refused as refusal:
            if refusal.status in {404, 410}:
                raise Gone(f"The ticket {issue} is not there any more, or the account may not see it") from None
            raise
        found = ticket(raw, log, comments, self.names, people)
        moves = unanswered(found)
        if moves and (known := kombit.known_after(moves)) != people.kombit:
            return ticket(raw, log, comments, self.names, replace(people, kombit=known))
        return found

    def _whole_changelog(self, raw: object, issue: str) -> list[Json]:
        log = part(raw, "changelog")
        shown = objects(part(log, "histories"))
        if whole(part(log, "total")) <= len(shown):
            return shown
        # Oldest or newest may be what is missing: sites differ, so all of it is read.
        return list(self.wire.pages(f"{ISSUE}/changelog", ("values", "histories"), issue=issue))

    def _whole_comments(self, raw: object, issue: str, people: People) -> list[Json]:
        field = part(raw, "fields", "comment")
        shown = objects(part(field, "comments"))
        cut_off = whole(part(field, "total")) > len(shown)
        if not cut_off and not any(_must_be_asked(comment, people) for comment in shown):
            return shown
        asked = {"expand": "properties", "orderBy": "created"}
        return list(self.wire.pages(f"{ISSUE}/comment", ("comments",), asked, issue=issue))


def _must_be_asked(comment: Json, people: People) -> bool:
    """Whether it matters that a comment does not say if it is public: an agent's own words may be the reaction (R5)."""
    author = people.person(comment.get("author"))
    return is_public(comment) is None and author.is_agent and not author.is_adapter and not author.is_app


def is_public(comment: Json) -> bool | None:
    """Whether customers see a comment; None where Jira does not say."""
    if part(comment, "visibility") is not None:
        return False
    said = comment.get("jsdPublic")
    if isinstance(said, bool):
        return said
    for entry in objects(comment.get("properties")):
        if entry.get("key") == "sd.public.comment":
            internal = part(entry, "value", "internal")
            # Some versions keep the mark as a text.
            return {"true": False, "false": True}.get(str(internal).lower())
    return None


def ticket(raw: object, log: list[Json], comments: list[Json], names: Names, people: People) -> Ticket:
    """The Ticket that an issue's JSON describes; Refused naming what is missing where it does not describe one."""
    fields = part(raw, "fields")
    fields = fields if isinstance(fields, Mapping) else {}
    history = past(log, fields, names, people)
    return Ticket(
        id=IssueId(_needed(text(part(raw, "id")), "id")),
        key=IssueKey(_needed(text(part(raw, "key")), "key")),
        project=_needed(text(part(fields, "project", "key")), "project"),
        issue_type=_needed(text(part(fields, "issuetype", "name")), "issuetype"),
        summary=text(fields.get("summary")),
        description=text(fields.get("description")),
        status=status_named(
            names, _needed(text(part(fields, "status", "id")), "status"), text(part(fields, "status", "name"))
        ),
        created=_moment(fields, "created"),
        updated=_moment(fields, "updated"),
        reporter=_person(fields.get("reporter"), people),
        creator=_person(fields.get("creator"), people),
        is_subtask=part(fields, "issuetype", "subtask") is True,
        fields={name: value_of(known.type, fields.get(known.id)) for name, known in names.fields.items()},
        request_type=_request_type(fields, names),
        form_answers={
            name: answer for name, field_id in names.form_fields.items() if (answer := answer_of(fields.get(field_id)))
        },
        organisations=_organisations(fields, names),
        comments=_comments(comments, people),
        attachments=_attachments(fields, people),
        history=history.statuses,
        field_history=history.fields,
        joined=history.joined,
        moves=_moves(part(raw, "transitions")),
        seconds_spent=whole(fields.get("timespent")),
    )


def _needed(found: str, what: str) -> str:
    if not found:
        raise Refused(f"Jira's answer about a ticket lacks its {what}: does the account see all of the project?", 200)
    return found


def _moment(fields: Json, what: str) -> datetime:
    found = moment(fields.get(what))
    if found is None:
        raise Refused(f"Jira's answer about a ticket lacks a readable {what}", 200)
    return found


def _person(user: object, people: People) -> Person | None:
    return people.person(user) if isinstance(user, Mapping) else None


def _request_type(fields: Json, names: Names) -> str | None:
    value = fields.get(names.request_type_field or "")
    return text(part(value, "requestType", "name")) or text(part(value, "name")) or text(value) or None


def _organisations(fields: Json, names: Names) -> tuple[str, ...]:
    value = fields.get(names.organisations_field or "")
    listed = value if isinstance(value, list | tuple) else ()
    return tuple(name for item in listed if (name := text(part(item, "name")) or text(item)))


def _comments(raw: list[Json], people: People) -> tuple[Comment, ...]:
    found: list[Comment] = []
    for comment in raw:
        created, updated = moment(comment.get("created")), moment(comment.get("updated"))
        comment_id = text(comment.get("id"))
        if created is None or not comment_id:
            continue
        edited = updated is not None and updated != created
        editor = account_of(comment.get("updateAuthor"), people.cloud) if edited else None
        author = people.person(comment.get("author"))
        body = text(comment.get("body"))
        found.append(Comment(CommentId(comment_id), author, body, created, is_public(comment), editor or None, updated))
    return tuple(sorted(found, key=lambda c: c.created))


def _attachments(fields: Json, people: People) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    for file in objects(fields.get("attachment")):
        created, file_id = moment(file.get("created")), text(file.get("id"))
        if created is not None and file_id:
            found.append(
                Attachment(
                    id=AttachmentId(file_id),
                    filename=text(file.get("filename")),
                    author=people.person(file.get("author")),
                    created=created,
                    size=whole(file.get("size")),
                    mime_type=text(file.get("mimeType")),
                    url=text(file.get("content")),
                )
            )
    return tuple(sorted(found, key=lambda a: a.created))


def _moves(transitions: object) -> tuple[Move, ...]:
    return tuple(
        Move(text(t.get("id")), text(part(t, "to", "id")))
        for t in objects(transitions)
        if t.get("isAvailable") is not False and text(t.get("id")) and text(part(t, "to", "id"))
    )
