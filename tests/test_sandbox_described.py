"""What passes through the sandbox is held against Atlassian's descriptions, and what is not as described is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox import Sandbox, described, seed_from
from tests.sandbox.client import Rest
from tests.sandbox.described import Violation
from tests.sandbox.exceptions import AMENDMENTS, EXCEPTIONS
from tests.sandbox.site import VIOLATIONS

pytestmark = pytest.mark.skipif(not described.is_there(), reason="../shared/jira/openapi is not there")


@pytest.fixture
def site() -> Iterator[Sandbox]:
    with Sandbox.start() as running:
        yield running
        running.forgive()


def test_a_request_that_is_not_as_described_is_400_and_noted(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    with Rest(site) as rest:
        assert rest.put(f"issue/{key}", json={"fields": ["summary"]}).status_code == 400
        assert rest.post("/rest/servicedeskapi/request", json={"serviceDeskId": 1}).status_code == 400
    assert [(v.side, v.method) for v in site.violations] == [("request", "PUT"), ("request", "POST")]
    assert site.issue(key).summary == "Sag"


def test_an_address_that_the_sandbox_does_not_serve_is_told_loudly(site: Sandbox) -> None:
    with Rest(site) as rest:
        assert rest.get("dashboard").status_code == 404
        assert rest.delete("serverInfo").status_code == 405
    assert [str(v) for v in site.violations] == [
        "request GET /rest/api/2/dashboard: the sandbox does not serve this",
        "request DELETE /rest/api/2/serverInfo: the sandbox does not serve this",
    ]


def test_a_fault_of_the_sandbox_itself_is_told_loudly(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    site.issue(key).priority = object()  # type: ignore[assignment]  # breaks the answer on purpose
    with Rest(site) as rest:
        assert rest.get(f"issue/{key}").status_code == 500
    assert "the sandbox itself failed" in str(site.violations[0])


def test_a_response_that_is_not_as_described_is_noted_without_its_text() -> None:
    found = described.check_response(
        "GET", "/rest/api/2/issue/DUBU-1", 200, "application/json", {}, b'{"id": 7, "hemmelig": "010203-1234"}'
    )
    assert found is not None
    assert "id: is not of type string" in str(found)
    assert "010203" not in str(found)
    assert "-> 200" in str(found)
    assert described.check_response("GET", "/browse/DUBU-1", 200, "text/html", {}, b"") is None


def test_the_plugin_fails_the_test_that_leaves_a_violation_behind(pytestconfig: pytest.Config) -> None:
    from tests.sandbox.pytest_plugin import messages_as_described  # noqa: PLC0415 # the fixture under test

    assert pytestconfig is not None
    held = messages_as_described.__wrapped__()  # type: ignore[attr-defined]  # pytest keeps the function there
    next(held)
    VIOLATIONS.append(Violation("request", "GET", "/x", None, "forkert"))
    with pytest.raises(pytest.fail.Exception, match="forkert"):
        next(held)
    assert VIOLATIONS == []


def test_what_is_forgiven_is_no_violation_any_more(site: Sandbox) -> None:
    with Rest(site) as rest:
        rest.get("dashboard")
    assert len(site.forgive()) == 1
    assert (site.violations, VIOLATIONS) == ([], [])


def test_every_exception_says_why() -> None:
    for row in (*AMENDMENTS, *EXCEPTIONS):
        assert len(row.why) > 30


def test_data_center_is_held_only_to_what_cloud_writes_alike() -> None:
    with Sandbox.start(deployment="datacenter") as site, Rest(site) as rest:
        key = site.as_user("agent.anna").create("Sag")
        rest.get("serverInfo")
        assert site.checked == 0
        rest.get(f"issue/{key}")
        assert site.checked == 2


def test_validation_can_be_left_out() -> None:
    with Sandbox.start(validate=False) as site, Rest(site) as rest:
        rest.get("myself")
        answer = rest.get("/sandbox/violations").json()
        assert (site.checked, site.why) == (0, "not asked for")
        assert (answer["validates"], answer["checked"], answer["violations"]) == (False, 0, [])


def test_without_the_descriptions_the_run_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(described, "FOLDER", described.FOLDER / "findes-ikke")
    with Sandbox.start() as site:
        assert site.why == "../shared/jira/openapi is not there"


def test_the_shipped_mapping_makes_a_site_that_answers_as_described() -> None:
    from pathlib import Path  # noqa: PLC0415 # only here

    from tests.sandbox.site import load  # noqa: PLC0415 # only here

    catalogue = load(Path(__file__).resolve().parents[1] / "mappings", "dubu")
    with Sandbox.start(seed_from(catalogue)) as site, Rest(site) as rest:
        for field in catalogue.jira.fields.values():
            assert site.world.field_named(field.name).name == field.name
        names = {status.name for status in site.world.projects[catalogue.jira.project].statuses}
        assert {name for of_role in catalogue.jira.statuses.values() for name in of_role} < names
        request_types = {t.name for t in site.world.projects[catalogue.jira.project].request_types}
        assert set(catalogue.jira.request_types) < request_types
        category = site.world.field_named("Kategori")
        assert {c.name for c in catalogue.services.categories.values()} < {o.value for o in category.options}
        key = site.as_user("kunde.aarhus").create("Sag", request_type=next(iter(catalogue.jira.request_types)))
        assert rest.get(f"issue/{key}?expand=changelog,transitions,editmeta").status_code == 200
        assert site.values(key)["Organizations"] == ["Aarhus Kommune"]
