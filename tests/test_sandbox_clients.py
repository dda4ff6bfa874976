"""python-jira, as it comes, works against the sandbox: on Cloud with user and token, on Data Center with a PAT."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from jira import JIRA, JIRAError

from tests.sandbox import Fault, Sandbox, Trouble, default_seed


@pytest.fixture(params=["cloud", "datacenter"])
def site(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox.start(default_seed(request.param)) as running:
        yield running


def connect(site: Sandbox, handle: str = "adapter", token: str | None = None) -> JIRA:
    name, own = site.login(handle)
    if name is None:
        return JIRA(site.url, token_auth=token or own, max_retries=0, timeout=(5, 30))
    return JIRA(site.url, basic_auth=(name, token or own), max_retries=0, timeout=(5, 30))


@pytest.fixture
def client(site: Sandbox) -> Iterator[JIRA]:
    connected = connect(site)
    yield connected
    connected.close()  # type: ignore[no-untyped-call]  # python-jira leaves it untyped


@pytest.fixture
def key(site: Sandbox) -> str:
    return site.as_user("kunde.aarhus").create("Genopret", "En aktivitet er slettet", request_type="Genopret data")


def test_it_logs_in_and_knows_where_it_is(site: Sandbox, client: JIRA) -> None:
    assert client.myself()["displayName"] == "DUBU-adapter"
    assert client.deploymentType == ("Cloud" if site.world.cloud else "Server")
    with pytest.raises(JIRAError) as refused:
        connect(site, token="forkert").myself()
    assert refused.value.status_code == 401


def test_it_reads_a_ticket_with_changelog_and_transitions(client: JIRA, key: str) -> None:
    issue = client.issue(key, expand="changelog,transitions")
    assert issue.fields.summary == "Genopret"
    assert issue.fields.status.name == "Ny"
    assert issue.changelog.total == 0
    assert {t["to"]["name"] for t in issue.raw["transitions"]} >= {"Afventer Kunde", "I gang"}
    with pytest.raises(JIRAError) as gone:
        client.issue("DUBU-99")
    assert gone.value.status_code == 404


def test_it_writes_fields_comments_files_and_steps(site: Sandbox, client: JIRA, key: str) -> None:
    issue = client.issue(key)
    fields = {f["name"]: f["id"] for f in client.fields()}
    issue.update(fields={fields["Kategori"]: {"value": "Robotter"}, fields["Timepris"]: 938.98})
    with pytest.raises(JIRAError, match="is not valid"):
        issue.update(fields={fields["Kategori"]: {"value": "Findes ikke"}})
    comment = client.add_comment(key, "kun til os", is_internal=True)
    comment.update(body="stadig kun til os")
    attached = client.add_attachment(key, io.BytesIO(b"From: x"), filename="tilbud.eml")
    assert attached.get() == b"From: x"
    steps = {t["to"]["name"]: t["id"] for t in client.transitions(key)}
    client.transition_issue(key, steps["Afventer Kunde"])
    client.add_worklog(key, timeSpentSeconds=60)
    assert site.values(key)["Kategori"] == "Robotter"
    assert [(c.body, c.internal) for c in site.comments(key)] == [("stadig kun til os", True)]
    assert site.status(key) == "Afventer Kunde"
    client.delete_attachment(attached.id)
    assert site.issue(key).attachments == []


def test_it_searches_all_pages(site: Sandbox, client: JIRA) -> None:
    for number in range(120):
        site.as_user("agent.anna").create(f"Sag {number}")
    found = client.search_issues("project = DUBU AND updated >= -15m", maxResults=False, fields="status")
    assert len(found) == 120
    with pytest.raises(JIRAError) as bad:
        client.search_issues("project DUBU")
    assert bad.value.status_code == 400


def test_it_finds_people_roles_and_permissions(site: Sandbox, client: JIRA) -> None:
    roles = client.project_roles("DUBU")
    team = client.project_role("DUBU", roles["Service Desk Team"]["id"])
    assert {actor.displayName for actor in team.actors} >= {"Anna Agent"}
    assert client.project("DUBU").name == "DUBU servicedesk"
    assert {status.name for status in client.statuses()} >= {"Ny", "Lukket"}
    held = client.my_permissions(projectKey="DUBU", permissions="EDIT_ISSUES")["permissions"]
    assert held["EDIT_ISSUES"]["havePermission"]
    if not site.world.cloud:  # python-jira reads this metadata from Data Center only
        types = client.project_issue_types("DUBU")
        assert client.project_issue_fields("DUBU", types[0].id)


def test_it_meets_the_faults_that_are_asked_for(site: Sandbox, client: JIRA, key: str) -> None:
    site.faults.add(Fault(Trouble.BUSY, "GET", "/issue/", times=1, retry_after=0))
    with pytest.raises(JIRAError) as busy:
        client.issue(key)
    assert busy.value.status_code == 429
