"""Time that agents log on an issue, and the changelog that Jira writes of it."""

from __future__ import annotations

from datetime import datetime

from tests.sandbox.changes import record
from tests.sandbox.errors import JiraError
from tests.sandbox.people_records import User
from tests.sandbox.permissions import may
from tests.sandbox.records import Issue, Item, Worklog
from tests.sandbox.world import Event, World

LONGEST_COMMENT = 32767


def find_worklog(issue: Issue, worklog_id: str) -> Worklog:
    """One worklog of the issue; 404 if there is none."""
    found = next((w for w in issue.worklogs if w.id == worklog_id), None)
    if found is None:
        raise JiraError(404, f"Cannot find worklog with id: '{worklog_id}'.")
    return found


def spent(issue: Issue) -> int:
    """Seconds logged on the issue by everybody."""
    return sum(w.seconds for w in issue.worklogs)


def log_work(
    world: World, by: User, issue: Issue, seconds: int, started: datetime | None = None, text: str = ""
) -> Worklog:
    """Logs time on an issue; for agents only."""
    with world.lock:
        if not may(by, "WORK_ON_ISSUES", issue.project):
            raise JiraError(400, "You do not have the permission to associate a worklog to this issue.")
        _check(seconds, text)
        now, before = world.clock.now(), spent(issue)
        made = Worklog(world.new_id(), by, by, now, now, started or now, seconds, text)
        issue.worklogs.append(made)
        _tell(world, "worklog_created", "issue_work_logged", issue, by, made, _items(world, issue, made, before))
        return made


def edit_worklog(
    world: World,
    by: User,
    issue: Issue,
    found: Worklog,
    seconds: int | None = None,
    started: datetime | None = None,
    text: str | None = None,
) -> Worklog:
    """Changes a worklog; what is None stays, and so does the author."""
    with world.lock:
        own = found.author is by and may(by, "EDIT_OWN_WORKLOGS", issue.project)
        if not (own or may(by, "EDIT_ALL_WORKLOGS", issue.project)):
            raise JiraError(400, "You do not have the permission to update this worklog.")
        _check(found.seconds if seconds is None else seconds, text or "")
        before = spent(issue)
        found.seconds = found.seconds if seconds is None else seconds
        found.started = started or found.started
        found.comment = found.comment if text is None else text
        found.update_author, found.updated = by, world.clock.now()
        _tell(world, "worklog_updated", "issue_worklog_updated", issue, by, found, _items(world, issue, found, before))
        return found


def delete_worklog(world: World, by: User, issue: Issue, found: Worklog) -> None:
    """Removes a worklog."""
    with world.lock:
        own = found.author is by and may(by, "DELETE_OWN_WORKLOGS", issue.project)
        if not (own or may(by, "DELETE_ALL_WORKLOGS", issue.project)):
            raise JiraError(400, "You do not have the permission to delete this worklog.")
        before = spent(issue)
        issue.worklogs.remove(found)
        items = [
            Item("WorklogId", "", False, found.id, found.id, None, None),
            Item("WorklogTimeSpent", "", False, None, time_spent(found.seconds), None, None),
            _timespent(before, spent(issue)),
        ]
        _tell(world, "worklog_deleted", "issue_worklog_deleted", issue, by, found, items)


def _check(seconds: int, text: str) -> None:
    if seconds <= 0:
        raise JiraError(400, errors={"timeLogged": "Time Spent must be greater than 0."})
    if len(text) > LONGEST_COMMENT:
        said = "The entered text is too long. It exceeds the allowed limit of 32,767 characters."
        raise JiraError(400, errors={"comment": said})


def _items(world: World, issue: Issue, made: Worklog, before: int) -> list[Item]:
    """A worklog made or changed: Cloud names it as what came, Data Center as what there was."""
    left = "0" if before else None  # an issue without an estimate has none left, in Jira's sense
    named = Item("WorklogId", "", False, None, None, made.id, made.id)
    if not world.cloud:
        named = Item("WorklogId", "", False, made.id, made.id, None, None)
    estimate = Item("timeestimate", "timeestimate", False, left, left, "0", "0")
    return [named, estimate, _timespent(before, spent(issue))]


def _timespent(before: int, after: int) -> Item:
    old = str(before) if before else None
    return Item("timespent", "timespent", False, old, old, str(after), str(after))


def time_spent(seconds: int) -> str:
    """A time as Jira writes it, such as `1h 30m`, with days of eight hours and weeks of five days."""
    minutes = max(1, seconds // 60)
    found = []
    for letter, length in (("w", 5 * 8 * 60), ("d", 8 * 60), ("h", 60), ("m", 1)):
        number, minutes = divmod(minutes, length)
        found += [f"{number}{letter}"] if number else []
    return " ".join(found)


def _tell(world: World, name: str, kind: str, issue: Issue, by: User, made: Worklog, items: list[Item]) -> None:
    history = record(world, by, issue, items)
    world.tell(Event(name, "", issue, by, worklog=made))
    world.tell(Event("jira:issue_updated", kind, issue, by, history))
