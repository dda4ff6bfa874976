"""Comparing in JQL what is more than a word: moments, worklogs, and custom fields by their kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.sandbox.jql import Clause, bad
from tests.sandbox.people_records import User
from tests.sandbox.records import CustomField, Issue, Kind, Option
from tests.sandbox.world import World

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
ORDER = {"=": (0,), "!=": (-1, 1), ">": (1,), ">=": (0, 1), "<": (-1,), "<=": (-1, 0)}
Compare = Callable[[Issue], bool]
Moments = Callable[[Issue], Iterable[datetime]]


def _resolved(issue: Issue) -> list[datetime]:
    return [issue.resolved] if issue.resolved else []


MOMENTS: dict[str, Moments] = {
    "updated": lambda i: [i.updated],
    "updateddate": lambda i: [i.updated],
    "created": lambda i: [i.created],
    "createddate": lambda i: [i.created],
    "resolved": _resolved,
    "resolutiondate": _resolved,
    "statuscategorychangeddate": lambda i: [i.category_since],
}


def unsupported(clause: Clause) -> Exception:
    """Jira's 400 for an operator that a field does not know."""
    return bad(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")


def names(person: User | None) -> list[str]:
    """What somebody can be called in a query, in lower case."""
    return [person.account_id.lower(), person.handle.lower()] if person else []


def days_of_work(viewer: User) -> Moments:
    """On which days work was begun, as the viewer's calendar has them."""
    zone = ZoneInfo(viewer.time_zone)
    return lambda issue: [_midnight(w.started.astimezone(zone).date(), zone) for w in issue.worklogs]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def compare_moments(clause: Clause, read: Moments, world: World, viewer: User) -> Compare:
    """A test whether one of an issue's moments is as the clause says; none at all is EMPTY and nothing else."""
    if clause.operator in {"is", "is not"}:
        return lambda issue: bool(list(read(issue))) is (clause.operator == "is not")
    wanted = ORDER.get(clause.operator)
    if wanted is None:
        raise unsupported(clause)
    at = parse_moment(clause.values[0], clause.field, world, viewer)
    return lambda issue: any((moment > at) - (moment < at) in wanted for moment in read(issue))


def parse_moment(text: str, field: str, world: World, viewer: User) -> datetime:
    """A moment as JQL writes it: epoch milliseconds, `-5d`, or a date in the viewer's own time zone."""
    now = world.clock.now()
    relative = re.fullmatch(r"([+-]?\d+)([mhdw])", text)
    if relative:
        return now + timedelta(**{UNITS[relative[2]]: int(relative[1])})
    if re.fullmatch(r"\d{10,}", text):
        return datetime.fromtimestamp(int(text) / 1000, tz=now.tzinfo)
    zone = ZoneInfo(viewer.time_zone)
    for form in ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise bad(
        f"Date value '{text}' for field '{field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
    )


def named_fields(world: World, name: str) -> tuple[CustomField, ...]:
    """The custom fields behind a name, `cf[10042]` or Cloud's `Name[Dropdown]`; Jira searches all of one name."""
    number = re.fullmatch(r"cf\[(\d+)\]", name, re.IGNORECASE)
    if number:
        return tuple(f for f in world.fields.values() if f.number == int(number[1]))
    plain = re.sub(r"\[[^\]]+\]$", "", name) if world.cloud else name
    return tuple(f for f in world.fields.values() if f.name.lower() in {name.lower(), plain.lower()})


def compare_field(clause: Clause, field: CustomField, world: World, viewer: User) -> Compare:
    """A test of a custom field, with the operators that its kind knows."""
    if clause.operator in {"is", "is not"}:
        return lambda issue: (issue.values.get(field.id) is not None) is (clause.operator == "is not")
    match field.kind:
        case Kind.TEXT:
            return _text(clause, field)
        case Kind.NUMBER:
            return _number(clause, field)
        case Kind.DATE | Kind.DATETIME:
            return compare_moments(clause, _moments_of(field, ZoneInfo(viewer.time_zone)), world, viewer)
        case _:
            return _chosen(clause, field)


def _text(clause: Clause, field: CustomField) -> Compare:
    """Free text is searched by its words and never compared."""
    if clause.operator not in {"~", "!~"}:
        raise unsupported(clause)
    word = clause.values[0].strip('"').lower()

    def test(issue: Issue) -> bool:
        value = issue.values.get(field.id)
        return isinstance(value, str) and (word in value.lower()) is (clause.operator == "~")

    return test


def _number(clause: Clause, field: CustomField) -> Compare:
    try:
        wanted = [float(value) for value in clause.values]
    except ValueError:
        raise bad(f"The value '{clause.values[0]}' for field '{clause.field}' is not a valid number.") from None
    if clause.operator in {"in", "not in"}:
        return lambda issue: _held(issue, field, lambda held: (held in wanted) is (clause.operator == "in"))
    signs = ORDER.get(clause.operator)
    if signs is None:
        raise unsupported(clause)
    return lambda issue: _held(issue, field, lambda held: (held > wanted[0]) - (held < wanted[0]) in signs)


def _held(issue: Issue, field: CustomField, test: Callable[[float], bool]) -> bool:
    value = issue.values.get(field.id)
    return isinstance(value, float) and test(value)


def _moments_of(field: CustomField, zone: ZoneInfo) -> Moments:
    def read(issue: Issue) -> list[datetime]:
        value = issue.values.get(field.id)
        if isinstance(value, datetime):
            return [value]
        return [_midnight(value, zone)] if isinstance(value, date) else []

    return read


def _chosen(clause: Clause, field: CustomField) -> Compare:
    """Options, people, organisations and request types, by name or id; an empty field is neither = nor !=."""
    if clause.operator not in {"=", "!=", "in", "not in"}:
        raise unsupported(clause)
    wanted = {value.lower() for value in clause.values}
    known = {text for option in field.options for text in (option.value.lower(), option.id)}
    for value in clause.values:
        if field.kind is Kind.SELECT and value.lower() not in known:
            raise bad(f"The option '{value}' for field '{clause.field}' does not exist.")
    positive = clause.operator in {"=", "in"}

    def test(issue: Issue) -> bool:
        held = issue.values.get(field.id)
        return held is not None and (not wanted.isdisjoint(_words(held))) is positive

    return test


def _words(held: object) -> list[str]:
    match held:
        case Option():
            return [held.value.lower(), held.id]
        case User():
            return names(held)
        case list():
            return [word for one in held for word in _words(one)]
        case _:
            return [str(getattr(held, "name", held)).lower(), str(getattr(held, "id", held))]
