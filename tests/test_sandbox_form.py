"""The portal's form on the sandbox: what the mapping asks orderers for, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName
from tests.sandbox import JiraError, Sandbox, seed_from
from tests.sandbox.client import Rest
from tests.sandbox.site import load


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(Path(__file__).resolve().parents[1] / "mappings", "dubu")


@pytest.fixture(params=["cloud", "datacenter"])
def site(request: pytest.FixtureRequest, catalogue: Catalogue) -> Iterator[Sandbox]:
    with Sandbox.start(seed_from(catalogue), deployment=request.param) as running:
        yield running


def test_the_form_asks_the_mappings_questions_with_its_answers_as_options(site: Sandbox, catalogue: Catalogue) -> None:
    desk = site.world.projects["DUBU"]
    with Rest(site, "kunde.aarhus") as rest:
        url = f"/rest/servicedeskapi/servicedesk/{desk.desk_id}/requesttype/{desk.request_types[0].id}/field"
        answer = rest.get(url).json()
        assert rest.get(url.replace("/1/field", "/999/field")).status_code == 404
    fields = {f["name"]: f for f in answer["requestTypeFields"]}
    assert not answer["canRaiseOnBehalfOf"]
    for row in catalogue.services.categories.values():
        if row.question:
            options = [o["label"] for o in fields[row.question.field]["validValues"]]
            assert options == list(row.question.answers)
    for checklist in catalogue.prerequisites.checklists.values():
        for item in checklist.values():
            assert item.field is None or fields[item.field]["jiraSchema"]["type"] == "string"
    assert catalogue.jira.fields[FieldName.SOLUTION].name in fields
    assert catalogue.jira.fields[FieldName.PAYER].name not in fields


def test_a_customer_answers_on_the_form_and_agents_correct_it(site: Sandbox, catalogue: Catalogue) -> None:
    subject = "C=DK, O=Aarhus Kommune, CN=Fagsystem"
    customer, anna = site.as_user("kunde.aarhus"), site.as_user("agent.anna")
    given = {"Hvem lavede fejlen": "Kommunen", "Certifikat Subject": subject, "Løsning": "Fagsystem X"}
    key = customer.create("Sag", request_type="Genopret data", fields=given)
    assert site.values(key).items() >= given.items()
    with pytest.raises(JiraError):
        customer.edit(key, {"Hvem lavede fejlen": "Leverandøren"})
    anna.edit(key, {"Hvem lavede fejlen": "Ukendt"})
    assert site.value(key, "Hvem lavede fejlen") == "Ukendt"
    with pytest.raises(JiraError, match="Option value"):
        customer.create("Sag", fields={"Hvem lavede fejlen": "Naboen"})


@pytest.mark.parametrize("field", ["Tilbudt pris", "Kategori", "Betaler", "labels", "assignee"])
def test_a_customer_sets_nothing_that_is_not_on_the_form(site: Sandbox, field: str) -> None:
    value = {"Tilbudt pris": 1, "labels": ["x"], "assignee": None}.get(field, "Kommune")
    with pytest.raises(JiraError, match="cannot be set"):
        site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data", fields={field: value})
    with Rest(site, "kunde.aarhus") as rest:
        id_ = field if field in {"labels", "assignee"} else site.world.field_named(field).id
        given = {"serviceDeskId": "1", "requestTypeId": "1", "requestFieldValues": {"summary": "Sag", id_: value}}
        assert rest.post("/rest/servicedeskapi/request", json=given).status_code == 400
    assert site.world.issues == {}


def test_every_field_of_the_mapping_is_on_the_screens_agents_have(site: Sandbox, catalogue: Catalogue) -> None:
    names = {field.name for field in site.world.fields_in(site.world.projects["DUBU"])}
    assert {field.name for field in catalogue.jira.fields.values()} < names
    key = site.as_user("kunde.aarhus").create("Sag", request_type="Tilslut til API")
    with Rest(site) as rest:
        shown = {f["name"] for f in rest.get(f"issue/{key}/editmeta").json()["fields"].values()}
    assert names < shown


def test_the_page_for_a_new_ticket_has_the_form(site: Sandbox) -> None:
    field = site.world.field_named("Hvem opretter")
    form = {"type": site.world.projects["DUBU"].request_types[0].id, "summary": "Opret roller"}
    option = next(o.id for o in field.options if o.value == "Kommunen selv")
    with requests.Session() as browser:
        browser.trust_env = False
        browser.post(f"{site.url}/who", data={"who": "kunde.aarhus"}, timeout=10)
        assert "Kommunen selv" in browser.get(f"{site.url}/", timeout=10).text
        browser.post(f"{site.url}/new", data={**form, field.id: option}, timeout=10)
    assert site.value("DUBU-1", "Hvem opretter") == "Kommunen selv"
