"""Pages for people: the list of tickets, and a page per ticket where they act as agent, customer, KOMBIT or admin."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from tests.sandbox import issues, parts, shapes, worklogs
from tests.sandbox.asking import site, world
from tests.sandbox.errors import JiraError
from tests.sandbox.page_values import as_input, given, noon, number, seen
from tests.sandbox.people_records import User
from tests.sandbox.permissions import is_agent, sees, visible
from tests.sandbox.records import Issue, Json, Kind, Project
from tests.sandbox.wiki import to_html
from tests.sandbox.workflow import available, transition

routes = Blueprint("pages", __name__, template_folder="templates")
EDITED = (Kind.SELECT, Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.DATETIME)
INPUTS = {Kind.TEXT: "text", Kind.NUMBER: "text", Kind.DATE: "date", Kind.DATETIME: "datetime-local"}


def _me() -> User:
    people = world().users
    return people.get(request.cookies.get("who", "")) or people["agent.anna"]


def _desk() -> Project:
    return next(iter(world().projects.values()))


def _show(template: str, **more: object) -> str:
    return render_template(
        template, me=_me(), people=shapes.accounts_seen(world(), _desk()), desk=_desk(), seen=seen,
        wiki=lambda text: Markup(to_html(text)),  # noqa: S704 # to_html escapes everything first
        said=request.args.get("sagt"), is_agent=is_agent(_me(), _desk()), **more,
    )  # fmt: skip


@routes.get("/")
def tickets() -> str:
    """The tickets that I may see, newest first."""
    with world().lock:
        mine = [i for i in world().issues.values() if sees(world(), _me(), i, portal=True)]
        asked = list(site().requests)[-30:][::-1]
        return _show("tickets.html", tickets=mine[::-1], requests=asked, kinds=Kind, inputs=INPUTS)


@routes.post("/who")
def choose() -> AnyResponse:
    """Who I am from now on."""
    back = request.form.get("back", "")
    answer = redirect(back if back.startswith("/browse/") else "/")
    answer.set_cookie("who", request.form.get("who", ""), samesite="Strict", httponly=True)
    return answer


@routes.post("/new")
def new() -> AnyResponse:
    """A new request, as on the portal."""
    project = _desk()
    chosen = next((t for t in project.request_types if t.id == request.form.get("type")), None)
    fields: Json = {
        "project": {"key": project.key},
        "issuetype": {"id": (chosen.issue_type if chosen else project.issue_types[0]).id},
        "summary": request.form.get("summary", ""),
        "description": request.form.get("description") or None,
    }
    answered = [f for f in project.form if request.form.get(f.id, "").strip()]
    fields |= {f.id: given(f, request.form[f.id]) for f in answered}
    field = world().field_of_kind(Kind.REQUEST_TYPE)
    if chosen and field:
        fields[field.id] = chosen.id
    try:
        made = issues.create(world(), _me(), fields, portal=True)
    except JiraError as error:
        return redirect(url_for("pages.tickets", sagt=_words(error)))
    return redirect(url_for("pages.ticket", key=made.key))


def _words(error: JiraError) -> str:
    return " ".join((*error.messages, *error.errors.values())) or f"Fejl {error.status}"


@routes.get("/browse/<key>")
@routes.get("/servicedesk/customer/portal/<_desk_id>/<key>")
def ticket(key: str, _desk_id: str = "") -> str | tuple[str, int]:
    """One ticket with everything that I may see of it."""
    me = _me()
    with world().lock:
        try:
            found = visible(world(), me, key, portal=True)
        except JiraError as error:
            return _show("missing.html", key=key, words=_words(error)), error.status
        insider = is_agent(me, found.project)
        sent = [d for d in site().webhooks.deliveries if d.issue_id == found.id]
        return _show(
            "ticket.html",
            ticket=found,
            insider=insider,
            fields=[(f, found.values.get(f.id)) for f in world().fields_in(found.project, found.issue_type)],
            comments=parts.comments_for(me, found, portal=not insider),
            steps=available(world(), me, found, portal=not insider),
            history=found.history[::-1],
            deliveries=sent[::-1][:30],
            edited=EDITED,
            inputs=INPUTS,
            kinds=Kind,
            as_input=as_input,
            request_type=seen(world().request_type_of(found)),
            organisations=seen(world().shared_with(found)),
            participants=seen(world().participants_of(found)),
            watchers=seen(found.watchers),
            time_spent=worklogs.time_spent,
            spent=worklogs.spent(found),
        )


def _do(key: str, act: Callable[[Issue], object]) -> AnyResponse:
    """Does something to a ticket as me, and shows the ticket again, with Jira's words if it said no."""
    said: str | None = None
    try:
        with world().lock:
            act(visible(world(), _me(), key, portal=True))
    except JiraError as error:
        said = _words(error)
    return redirect(url_for("pages.ticket", key=key, sagt=said))


@routes.post("/browse/<key>/comment")
def comment(key: str) -> AnyResponse:
    """Adds a comment."""
    internal = request.form.get("internal") == "1"
    properties = {parts.PUBLIC: {"internal": True}} if internal else {}
    text = request.form.get("body", "")
    return _do(key, lambda found: parts.comment(world(), _me(), found, text, properties, portal=True))


@routes.post("/browse/<key>/attach")
def attach(key: str) -> AnyResponse:
    """Adds a file."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return redirect(url_for("pages.ticket", key=key, sagt="Vælg en fil."))
    name, data, mime = sent.filename, sent.read(), sent.mimetype
    return _do(key, lambda found: parts.attach(world(), _me(), found, name, data, mime, portal=True))


@routes.post("/browse/<key>/transition")
def take(key: str) -> AnyResponse:
    """Takes a step."""
    step = request.form.get("id", "")

    def act(found: Issue) -> object:
        return transition(world(), _me(), found, step, portal=not is_agent(_me(), found.project))

    return _do(key, act)


@routes.post("/browse/<key>/edit")
def edit(key: str) -> AnyResponse:
    """Changes a field."""

    def act(found: Issue) -> object:
        field = world().fields[request.form.get("field", "")]
        return issues.edit(world(), _me(), found, {field.id: given(field, request.form.get("value", ""))})

    return _do(key, act)


@routes.post("/browse/<key>/hours")
def log_hours(key: str) -> AnyResponse:
    """Logs hours, begun on a day if one is given."""
    hours, started = number(request.form.get("hours", "")), noon(request.form.get("day", ""))

    def act(found: Issue) -> None:
        if isinstance(hours, str):
            raise JiraError(400, "Skriv timer som 1,5.")
        worklogs.log_work(world(), _me(), found, round(hours * 3600), started, request.form.get("comment", ""))

    return _do(key, act)


@routes.post("/browse/<key>/delete-file")
def delete_file(key: str) -> AnyResponse:
    """Removes a file."""

    def act(found: Issue) -> None:
        _, made = parts.find_attachment(world(), request.form.get("id", ""))
        parts.delete_attachment(world(), _me(), found, made)

    return _do(key, act)


@routes.get("/browse/<key>/file/<attachment_id>")
def download(key: str, attachment_id: str) -> Response:
    """A file, never shown in the browser's own window."""
    found = visible(world(), _me(), key, portal=True)
    _, made = parts.find_attachment(world(), attachment_id)
    if made not in found.attachments:
        raise JiraError(404, "Filen findes ikke på sagen.")
    return send_file(BytesIO(made.data), made.mime_type, as_attachment=True, download_name=made.filename)
