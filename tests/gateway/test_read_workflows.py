"""What a site says of its workflows is read whole, or not at all: half of it would be taken for a locked one."""

from __future__ import annotations

import pytest

from adapter.errors import NO_USE, Refused
from adapter.gateway.admin.keys import ProjectKeys
from adapter.gateway.admin.workflows import Workflows
from adapter.gateway.session import Wire
from adapter.provision.document import Document
from tests.gateway.loopback import Answer, Loopback
from tests.provision.made import PROJECT, STATUSES, creation, status_id, workflow

FLOW = workflow(creation("Ny"))
SCHEME = {"values": [{"workflowScheme": {"defaultWorkflow": FLOW.name, "issueTypeMappings": {}}}]}


def serve(
    server: Loopback,
    *documents: object,
    scheme: object = SCHEME,
    named: tuple[str, ...] = STATUSES,
) -> None:
    statuses = [{"statusReference": status_id(n), "id": status_id(n), "name": n} for n in named]
    server.on("GET", "/rest/api/3/workflowscheme/project", lambda _: Answer(scheme))
    server.on("POST", "/rest/api/3/workflows", lambda _: Answer({"workflows": documents, "statuses": statuses}))
    server.on("GET", "/rest/api/3/workflow/.*", lambda _: Answer({}))
    server.on("GET", "/rest/api/3/workflows/capabilities", lambda _: Answer({}))


def with_status(**more: object) -> Document:
    first, *rest = FLOW.document["statuses"]
    return {**FLOW.document, "statuses": [{**first, **more}, *rest]}  # type: ignore[typeddict-item]  # hostile


def with_creation(**more: object) -> Document:
    return {**FLOW.document, "transitions": [{**creation("Ny"), **more}]}  # type: ignore[typeddict-item]  # hostile


def test_what_is_well_is_read(wire: Wire, server: Loopback) -> None:
    serve(server, FLOW.document)
    (found,) = Workflows(wire, ProjectKeys(wire)).read(PROJECT)
    assert (found.document, set(found.statuses)) == (FLOW.document, {status_id(name) for name in STATUSES})
    serve(server, with_status(layout=None))
    assert Workflows(wire, ProjectKeys(wire)).read(PROJECT)


@pytest.mark.parametrize("scheme", [{"values": []}, {}, None, {"values": [{"workflowScheme": {}}]}])
def test_an_issue_type_of_which_no_workflow_is_told_is_named(wire: Wire, server: Loopback, scheme: object) -> None:
    serve(server, FLOW.document, scheme=scheme)
    with pytest.raises(Refused, match="hvilket workflow Serviceanmodning har") as refused:
        Workflows(wire, ProjectKeys(wire)).read(PROJECT)
    assert refused.value.status == NO_USE


@pytest.mark.parametrize(
    "document",
    [
        with_status(layout={"x": 0, "y": "12"}),
        with_status(layout={"y": {"a": 1}}),
        with_status(layout={"y": float("nan")}),
        with_status(layout={"y": float("inf")}),
        with_status(layout="x"),
        with_status(layout=[1]),
        with_status(approvalConfiguration=["61"]),
        with_status(statusReference=None),
        with_creation(id="9" * 5000),
        with_creation(triggers="commit"),
        with_creation(triggers=[{"parameters": {}}]),
    ],
)
def test_a_workflow_of_an_unknown_shape_is_named_instead_of_half_understood(
    wire: Wire, server: Loopback, document: Document
) -> None:
    serve(server, document)
    with pytest.raises(Refused, match="Arbejdsgang"):
        Workflows(wire, ProjectKeys(wire)).read(PROJECT)


def test_another_project_that_the_account_may_not_see_is_told_by_its_id(wire: Wire, server: Loopback) -> None:
    serve(server, FLOW.document)
    usages = {"projects": {"values": [{"id": PROJECT.id}, {"id": "10777"}]}}
    server.on("GET", f"/rest/api/3/workflow/{FLOW.id}/projectUsages", lambda _: Answer(usages))
    server.on("GET", "/rest/api/2/project/10777", lambda _: Answer({}, 404))
    (found,) = Workflows(wire, ProjectKeys(wire)).read(PROJECT)
    assert found.other_projects == ("10777",)


def test_a_status_without_a_name_is_told(wire: Wire, server: Loopback) -> None:
    serve(server, FLOW.document, named=tuple(n for n in STATUSES if n != "Godkendt"))
    with pytest.raises(Refused, match=status_id("Godkendt")):
        Workflows(wire, ProjectKeys(wire)).read(PROJECT)


@pytest.mark.parametrize("documents", [[], [FLOW.document, FLOW.document], [{**FLOW.document, "id": "another"}]])
def test_a_workflow_that_is_not_handed_out_again_is_named(
    wire: Wire, server: Loopback, documents: list[Document]
) -> None:
    serve(server, *documents)
    with pytest.raises(Refused, match="Arbejdsgang"):
        Workflows(wire, ProjectKeys(wire)).again(PROJECT, FLOW)
