"""A workflow as an update takes it: all that was read, but for what only Jira says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapter.gateway.shapes import Json, objects, part, text
from adapter.provision.found import Workflow

READ_ONLY = frozenset({"name", "scope", "isEditable", "taskId", "created", "updated"})
READ_ONLY_OF_STATUS = frozenset({"deprecated"})


def payload_of(workflow: Workflow) -> Json:
    """The body of an update; what the site told as empty is left out, since it takes no null."""
    document = workflow.document
    placed = [
        _said(status, READ_ONLY_OF_STATUS) | {"properties": status.get("properties") or {}}
        for status in document.get("statuses") or []
    ]
    body = _said(document, READ_ONLY) | {
        "statuses": placed,
        "transitions": [_said(step) for step in document.get("transitions") or []],
    }
    references = [status.get("statusReference", "") for status in document.get("statuses") or []]
    return {"statuses": [dict(_status(workflow, ref)) for ref in references], "workflows": [body]}


def _said(value: Mapping[str, object], without: frozenset[str] = frozenset()) -> dict[str, object]:
    return {key: one for key, one in value.items() if one is not None and key not in without}


def _status(workflow: Workflow, reference: str) -> Iterator[tuple[str, str]]:
    status = workflow.statuses[reference]
    yield "statusReference", reference
    yield "id", status.id
    yield "name", status.name
    yield "statusCategory", status.category
    if status.description is not None:
        yield "description", status.description


def complaints(answer: object, workflow: Workflow) -> list[str]:
    """What the validation found wrong, each with the transition that it is about."""
    names = {step.get("id"): step.get("name") for step in workflow.document.get("transitions") or []}
    found = []
    for error in objects(part(answer, "errors")):
        if error.get("level") != "WARNING":
            step = names.get(text(part(error, "elementReference", "transitionId")))
            where = f' (overgangen "{step}")' if step else ""
            found.append(f"{text(error.get('code'))}: {text(error.get('message'))}{where}")
    return found
