"""Finding issues by JQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from tests.sandbox.errors import JiraError
from tests.sandbox.jql import Both, Clause, Either, Node, Not, Query, bad, read
from tests.sandbox.people_records import User
from tests.sandbox.permissions import sees
from tests.sandbox.records import Issue
from tests.sandbox.search_values import (
    MOMENTS,
    Compare,
    compare_field,
    compare_moments,
    days_of_work,
    named_fields,
    names,
    unsupported,
)
from tests.sandbox.world import World

CATEGORIES = {"new": "new", "to do": "new", "indeterminate": "indeterminate", "in progress": "indeterminate"}
CATEGORIES |= {"done": "done", "2": "new", "3": "done", "4": "indeterminate"}
KEY_FIELDS = ("key", "issuekey", "issue", "id")
SEARCHED = ("summary", "description", "text")  # by words, with ~, and no other way
SYSTEM_FIELDS = frozenset(
    {"project", "status", "statuscategory", "issuetype", "type", "labels", "resolution", "reporter", "assignee"}
    | {"creator", "worklogauthor", *KEY_FIELDS, *SEARCHED}
)


def find(world: World, viewer: User, jql: str, *, fresh: frozenset[str] = frozenset()) -> list[Issue]:
    """The issues a viewer may see that a query finds; the index may lag (Cloud), but not for the `fresh` ids."""
    query = read(jql)
    with world.lock:
        test = _Reading(world, viewer).node(query.where) if query.where else lambda _: True
        indexed = world.clock.now() - timedelta(seconds=world.search_lag if world.cloud else 0)
        found = [
            issue
            for issue in world.issues.values()
            if sees(world, viewer, issue) and (issue.updated <= indexed or issue.id in fresh) and test(issue)
        ]
        return _ordered(found, query)


def matches(world: World, viewer: User, jql: str, issue: Issue) -> bool:
    """Whether a query finds an issue, whoever may see it; nothing where the query names what is no more."""
    where = read(jql).where
    try:
        return where is None or _Reading(world, viewer).node(where)(issue)
    except JiraError:
        return False


def is_unbounded(jql: str) -> bool:
    """Whether a query restricts nothing, which Cloud refuses."""
    return read(jql).where is None


def _ordered(found: list[Issue], query: Query) -> list[Issue]:
    keys: dict[str, Callable[[Issue], object]] = {
        "updated": lambda i: i.updated,
        "created": lambda i: i.created,
        "resolved": lambda i: (i.resolved is not None, i.resolved),
        "key": lambda i: (i.project.key, int(i.key.rsplit("-", 1)[1])),
        "id": lambda i: int(i.id),
        "status": lambda i: i.status.id,
    }
    keys["issuekey"] = keys["key"]
    found.sort(key=lambda i: int(i.id), reverse=True)
    for name, descending in reversed(query.order):
        if name.lower() not in keys:
            raise _no_field(name)
        found.sort(key=keys[name.lower()], reverse=descending)  # type: ignore[arg-type]  # each key is of one type
    return found


def _no_field(name: str) -> Exception:
    return bad(f"Field '{name}' does not exist or you do not have permission to view it.")


class _Reading:
    """Turns a query's tree into a test of an issue, and complains about names and values that are not there."""

    def __init__(self, world: World, viewer: User) -> None:
        self.world = world
        self.viewer = viewer

    def node(self, node: Node) -> Compare:
        match node:
            case Both(parts):
                tests = [self.node(part) for part in parts]
                return lambda issue: all(test(issue) for test in tests)
            case Either(parts):
                tests = [self.node(part) for part in parts]
                return lambda issue: any(test(issue) for test in tests)
            case Not(part):
                inner = self.node(part)
                return lambda issue: not inner(issue)
            case Clause():
                return self.clause(node)

    def clause(self, clause: Clause) -> Compare:
        name = clause.field.lower()
        moments = days_of_work(self.viewer) if name == "worklogdate" else MOMENTS.get(name)
        if moments is not None:
            return compare_moments(clause, moments, self.world, self.viewer)
        fields = () if name in SYSTEM_FIELDS else named_fields(self.world, clause.field)
        if fields:
            tests = [compare_field(clause, field, self.world, self.viewer) for field in fields]
            return lambda issue: any(test(issue) for test in tests)
        return self.words(clause, name)

    def words(self, clause: Clause, name: str) -> Compare:
        """A test of one of Jira's own fields."""
        if clause.operator in {">", ">=", "<", "<="}:
            if name not in KEY_FIELDS:
                self.reader(clause, name)
                raise unsupported(clause)
            return self.by_number(clause)
        read_ = self.reader(clause, name)
        searched = clause.operator in {"~", "!~"}
        if clause.operator not in {"is", "is not"} and searched is not (name in SEARCHED):
            raise unsupported(clause)
        if clause.operator in {"is", "is not"}:
            return lambda issue: bool(read_(issue)) is (clause.operator == "is not")
        if clause.operator in {"~", "!~"}:
            word = clause.values[0].strip('"').lower()
            return lambda issue: any(word in text.lower() for text in read_(issue)) is (clause.operator == "~")
        wanted = set(self.wanted(clause, name))
        positive = clause.operator in {"=", "in"}
        return lambda issue: bool(read_(issue)) and bool(wanted & set(read_(issue))) is positive

    def reader(self, clause: Clause, name: str) -> Callable[[Issue], list[str]]:
        """What a field holds on an issue, as texts that can be compared."""
        readers: dict[str, Callable[[Issue], list[str]]] = {
            "project": lambda i: [i.project.key.lower(), i.project.id, i.project.name.lower()],
            "status": lambda i: [i.status.name.lower(), i.status.id],
            "statuscategory": lambda i: [i.status.category],
            "issuetype": lambda i: [i.issue_type.name.lower(), i.issue_type.id],
            "summary": lambda i: [i.summary],
            "description": lambda i: [i.description or ""],
            "text": lambda i: [i.summary, i.description or "", *(c.body for c in i.comments)],
            "labels": lambda i: list(i.labels),
            "resolution": lambda i: [i.resolution.lower()] if i.resolution else [],
            "reporter": lambda i: names(i.reporter),
            "assignee": lambda i: names(i.assignee),
            "creator": lambda i: names(i.creator),
            "worklogauthor": lambda i: [name for w in i.worklogs for name in names(w.author)],
        }
        readers |= dict.fromkeys(KEY_FIELDS, lambda i: [i.key.lower(), i.id, *(k.lower() for k in i.old_keys)])
        readers["type"] = readers["issuetype"]
        if name in readers:
            return readers[name]
        raise _no_field(clause.field)

    def wanted(self, clause: Clause, name: str) -> list[str]:
        """The values asked for; a project, status or key that is not there is an error, as in Jira."""
        values = [v if name == "labels" else v.lower() for v in clause.values]
        known: set[str] | None = None
        match name:
            case "project":
                known = {t.lower() for p in self.world.projects.values() for t in (p.key, p.id, p.name)}
            case "status":
                known = {t.lower() for s in self.world.statuses.values() for t in (s.name, s.id)}
            case "statuscategory":
                known = set(CATEGORIES)
            case _ if name in KEY_FIELDS:
                return [self.key(value, name) for value in values]
            case "reporter" | "assignee" | "creator" | "worklogauthor":
                mine = self.viewer.account_id.lower()
                return [mine if v == "currentuser()" else v for v in values]
            case _:
                pass
        for value, said in zip(values, clause.values, strict=True):
            if known is not None and value not in known:
                raise bad(f"The value '{said}' does not exist for the field '{clause.field}'.")
        return [CATEGORIES[v] for v in values] if name == "statuscategory" else values

    def key(self, value: str, name: str) -> str:
        known = {t for i in self.world.issues.values() for t in (i.key.lower(), i.id, *(k.lower() for k in i.old_keys))}
        if value not in known:
            what = f"An issue with key '{value.upper()}' does not exist for field '{name}'."
            if re.fullmatch(r"\d+", value):
                what = f"A value with ID '{value}' does not exist for the field '{name}'."
            raise bad(what)
        return value

    def by_number(self, clause: Clause) -> Compare:
        value = clause.values[0]
        if not value.isdigit():
            raise bad(f"The value '{value}' is not valid for the field '{clause.field}'.")
        order = {">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b}
        return lambda issue: bool(order[clause.operator](int(issue.id), int(value)))
