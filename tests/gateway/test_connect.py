"""What is settled before anything is read or written: credentials, names, and every finding at once."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapter.catalogue.model import FormAnswers
from adapter.catalogue.words import FieldName, FieldType, StatusRole
from adapter.errors import ConfigurationError, OutOfReach
from tests.gateway.conftest import MAPPING
from tests.gateway.loopback import Answer, Asked
from tests.gateway.site import API, TOKEN, Site, custom


def _finding(site: Site) -> str:
    with pytest.raises(ConfigurationError) as caught:
        site.connect()
    return str(caught.value)


def _lines(message: str) -> list[str]:
    return message.splitlines()


def test_a_site_that_has_all_names_connects_without_a_warning(site: Site) -> None:
    gateway = site.connect()
    assert gateway.warnings == ()
    assert gateway.account == (site.adapter["accountId"] if site.cloud else site.adapter["key"])


def test_cloud_is_asked_with_user_and_token_and_data_center_with_the_token_alone(site: Site) -> None:
    seen: list[str] = []

    def myself(asked: Asked) -> Answer:
        seen.append(asked.headers["Authorization"])
        return Answer(site.adapter)

    site.server.on("GET", f"{API}/myself", myself)
    site.connect()
    basic = base64.b64encode(f"adapter@firma.dk:{TOKEN}".encode()).decode()
    assert seen == [f"Basic {basic}" if site.cloud else f"Bearer {TOKEN}"]


def test_a_missing_token_is_named_by_its_variable(site: Site) -> None:
    with pytest.raises(ConfigurationError, match="DUBU_DUBU_JIRA_TOKEN is not set"):
        site.connect(settings=site.settings(token=None))
    assert site.server.asked == []


def test_cloud_needs_a_user_too(cloud: Site) -> None:
    with pytest.raises(ConfigurationError, match="DUBU_DUBU_JIRA_USER is not set"):
        cloud.connect(settings=cloud.settings(user=None))


def test_a_token_with_a_line_break_is_refused_before_it_is_sent_and_never_shown(site: Site) -> None:
    with pytest.raises(ConfigurationError) as caught:
        site.connect(settings=site.settings(token="hemmelig\nX-Evil: 1"))
    assert "DUBU_DUBU_JIRA_TOKEN" in str(caught.value)
    assert "hemmelig" not in str(caught.value)
    assert site.server.asked == []


@pytest.mark.parametrize("status", [401, 403, 404, 302])
def test_a_token_that_is_not_accepted_names_the_variable_and_the_next_step(site: Site, status: int) -> None:
    site.server.on("GET", f"{API}/myself", Answer({}, status, {"Location": "https://sso.example/login"}))
    message = _finding(site)
    assert "DUBU_DUBU_JIRA_TOKEN" in message
    assert "check" in message
    assert TOKEN not in message


def test_a_login_that_jira_denies_for_a_captcha_names_the_variable(site: Site) -> None:
    denied = {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}
    site.server.on("GET", f"{API}/myself", Answer({}, 403, denied))
    assert "DUBU_DUBU_JIRA_TOKEN" in _finding(site)


def test_a_site_that_does_not_answer_is_out_of_reach_and_not_misconfigured(site: Site) -> None:
    site.server.on("GET", f"{API}/myself", Answer({}, 503))
    with pytest.raises(OutOfReach):
        site.connect()


def test_a_maintenance_page_is_out_of_reach(site: Site) -> None:
    site.server.on("GET", f"{API}/myself", Answer(b"<html>Vi er straks tilbage</html>"))
    with pytest.raises(OutOfReach, match="not JSON"):
        site.connect()


def test_an_account_without_a_name_points_to_the_edition(site: Site) -> None:
    site.server.on("GET", f"{API}/myself", Answer({"displayName": "?"}))
    assert "udgave" in _finding(site)


@pytest.mark.parametrize(
    "url",
    [
        "http://jira.example.dk",
        "https://user:secret@jira.example.dk",
        "https://jira.example.dk/?os_username=x",
        "ftp://jira.example.dk",
        "jira.example.dk",
        "https://[::1",
        "",
    ],
)
def test_an_address_that_could_give_the_token_away_is_refused(site: Site, url: str) -> None:
    with pytest.raises(ConfigurationError, match="DUBU_DUBU_JIRA_URL") as caught:
        site.connect(settings=site.settings(url=url or "https://"))
    assert "secret" not in str(caught.value)


def test_the_environment_cannot_lend_credentials_or_a_proxy(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login evil password evil\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.connect()
    assert all("evil" not in a.headers.get("Authorization", "") for a in site.server.asked)


# names -------------------------------------------------------------------------------------------------------------


def test_a_field_that_the_site_lacks_is_named_with_its_mapping_line(site: Site) -> None:
    name = site.catalogue.jira.fields[FieldName.PAYER].name
    site.fields = [f for f in site.fields if f["name"] != name]
    at = site.catalogue.positions.of("jira.yaml", "felter", "betaler", "navn")
    message = _finding(site)
    mend = "kør dubu-adapter provision, opret det som valgliste, eller ret navnet"
    assert message == f'{at}: feltet "{name}" findes ikke på sitet; {mend}'
    line = int(message.split(":")[1])
    assert name in (MAPPING / "jira.yaml").read_text().splitlines()[line - 1]


def test_all_findings_come_at_once(site: Site) -> None:
    site.fields = [f for f in site.fields if not f["id"].startswith("customfield_101")]
    site.statuses = {"Noget andet": "99"}
    lines = _lines(_finding(site))
    assert len(lines) == len(site.catalogue.jira.fields) + len(site.status_names())


def test_a_field_of_the_wrong_type_is_a_finding(site: Site) -> None:
    wanted = site.catalogue.jira.fields[FieldName.HOURLY_RATE]
    for f in site.fields:
        if f["name"] == wanted.name:
            f["schema"] = {"type": "string", "custom": "textfield"}
    assert f'feltet "{wanted.name}" er af typen "string" på sitet og skal være tal' in _finding(site)


def test_two_fields_of_one_name_are_a_finding_and_none_is_taken(site: Site) -> None:
    wanted = site.catalogue.jira.fields[FieldName.PRICE]
    site.fields.append(custom("customfield_99999", wanted.name, wanted.type))
    assert f'der er 2 felter med navnet "{wanted.name}"' in _finding(site)


def test_another_projects_own_field_of_the_same_name_is_no_matter(site: Site) -> None:
    wanted = site.catalogue.jira.fields[FieldName.PRICE]
    there = custom("customfield_99999", wanted.name, wanted.type) | {"scope": {"project": {"id": "777"}}}
    site.fields.append(there)
    site.connect()


def test_a_translated_field_is_found_by_its_own_name(cloud: Site) -> None:
    for f in cloud.fields:
        f["untranslatedName"], f["name"] = f["name"], "Translated"
    cloud.connect()


def test_an_option_that_the_site_lacks_is_named_with_its_mapping_line(site: Site) -> None:
    label = site.catalogue.label(FieldName.PAYER, "kombit")
    site.options[FieldName.PAYER].remove(label)
    at = site.catalogue.positions.of("jira.yaml", "felter", "betaler", "valg", "kombit")
    name = site.catalogue.jira.fields[FieldName.PAYER].name
    mend = f"{'kør dubu-adapter provision, ' * site.cloud}opret det, eller ret navnet"
    assert _finding(site) == f'{at}: feltet "{name}" har ikke valget "{label}" på sitet; {mend}'


def test_a_category_that_the_site_lacks_is_named_by_its_line_in_the_catalogue(site: Site) -> None:
    label = site.catalogue.services.categories["K7"].name  # type: ignore[index]  # ids are texts
    site.options[FieldName.CATEGORY].remove(label)
    assert _finding(site).startswith(site.catalogue.positions.of("katalog.yaml", "kategorier", "K7", "navn"))


def test_a_disabled_option_does_not_count(site: Site) -> None:
    gone = site.catalogue.label(FieldName.PAYER, "kombit")
    real = site.option

    def option(name: FieldName, label: str) -> dict[str, object]:
        return real(name, label) | ({"disabled": True} if label == gone else {})

    site.option = option  # type: ignore[method-assign]  # the site of this test
    assert gone in _finding(site)


def test_an_option_that_one_issue_type_lacks_is_a_finding_for_that_type(site: Site) -> None:
    label = site.catalogue.label(FieldName.PAYER, "kombit")
    real = site.create_screen

    def screen(asked: Asked) -> dict[str, object]:
        answer = real(asked)
        for f in answer["fields" if site.cloud else "values"]:
            if asked.path.endswith("10002"):
                f["allowedValues"] = [o for o in f["allowedValues"] if o["value"] != label]
        return answer

    site.create_screen = screen  # type: ignore[method-assign]  # the site of this test
    assert "for sagstypen Fejl" in _finding(site)


def _hidden_from_create_screens(site: Site) -> None:
    site.server.on("GET", f"{API}/issue/createmeta/.*", Answer({}, 403))


def test_options_come_from_the_newest_tickets_edit_screen_where_no_create_screen_has_the_field(site: Site) -> None:
    _hidden_from_create_screens(site)
    payer = FieldName.PAYER
    screen: dict[str, dict[str, Any]] = {
        site.ids[name]: {"name": "x", "allowedValues": [site.option(name, o) for o in site.options[name]]}
        for name in site.catalogue.jira.fields
    }
    del screen[site.ids[payer]]["allowedValues"][0]
    newest = {"issues": [{"id": "5001", "fields": {"issuetype": {"name": "Serviceanmodning"}}}]}
    site.server.on("GET", f"{API}/search(/jql)?", Answer(newest))
    site.server.on("GET", f"{API}/issue/5001/editmeta", Answer({"fields": screen}))
    assert _finding(site).count("\n") == 0
    assert site.server.calls("GET", f"{API}/search/jql" if site.cloud else f"{API}/search")


@pytest.mark.parametrize("issues", [[], [{"id": "5001", "fields": {}}]])
def test_options_that_nothing_tells_are_warned_of(site: Site, issues: list[object]) -> None:
    _hidden_from_create_screens(site)
    site.server.on("GET", f"{API}/search(/jql)?", Answer({"issues": issues}))
    site.server.on("GET", f"{API}/issue/5001/editmeta", Answer({}, 403))
    gateway = site.connect()
    selects = [f for f in site.catalogue.jira.fields.values() if f.type == "valgliste"]
    assert len(gateway.warnings) == len(selects)
    assert all("skrives ved navn" in w for w in gateway.warnings)


def test_a_status_of_the_workflow_that_the_mapping_does_not_name_is_a_warning(site: Site) -> None:
    site.statuses["Hos tester"] = "77"
    (warning,) = site.connect().warnings
    assert '"Hos tester"' in warning
    assert warning.startswith(site.catalogue.positions.of("jira.yaml", "statusser"))


def test_a_status_that_the_site_lacks_is_a_finding(site: Site) -> None:
    name = site.catalogue.jira.statuses[StatusRole.APPROVED][0]
    del site.statuses[name]
    finding = _finding(site)
    assert f'statussen "{name}" findes ikke' in finding
    assert ("dubu-adapter provision" in finding) is site.cloud


def test_a_missing_project_is_said_before_anything_else(site: Site) -> None:
    site.server.on("GET", f"{API}/project/{site.catalogue.jira.project}", Answer({}, 404))
    message = _finding(site)
    assert message.startswith(site.catalogue.positions.of("jira.yaml", "projekt"))
    assert "giv kontoen adgang" in message


def test_a_missing_role_is_a_finding(site: Site) -> None:
    site.server.on("GET", f"{API}/project/[A-Z]+", lambda _: Answer({**site.project(), "roles": {}}))
    assert f'projektrollen "{site.catalogue.jira.roles.agent}" findes ikke' in _finding(site)


def test_roles_are_asked_for_where_the_project_does_not_list_them(site: Site) -> None:
    project = {k: v for k, v in site.project().items() if k != "roles"}
    site.server.on("GET", f"{API}/project/[A-Z]+", Answer(project))
    site.server.on("GET", f"{API}/project/[A-Z]+/role", Answer(site.project()["roles"]))
    site.connect()


def test_a_missing_request_type_is_a_finding(site: Site) -> None:
    site.server.on("GET", ".*/requesttype", Answer({"values": [], "isLastPage": True}))
    assert len(_lines(_finding(site))) == len(site.catalogue.jira.request_types)


def test_request_types_that_may_not_be_read_are_a_warning(site: Site) -> None:
    site.server.on("GET", "/rest/servicedeskapi/servicedesk", Answer({}, 403))
    (warning,) = site.connect().warnings
    assert "anmodningstyperne" in warning


def test_a_site_without_request_types_in_the_mapping_is_not_asked_for_them(make_site: Callable[..., Site]) -> None:
    site = make_site("cloud", request_types={})
    site.server.on("GET", "/rest/servicedeskapi/servicedesk.*", Answer({}, 500))
    site.connect()


def test_form_fields_and_their_answers_are_looked_up_too(make_site: Callable[..., Site]) -> None:
    answers = FormAnswers.model_validate({"felt": "Ydelse", "svar": {"Robot": "K7", "Udtræk": "K6"}})
    site = make_site("cloud", form_answers=(answers,))
    assert 'formularfeltet "Ydelse" findes ikke' in _finding(site)
    site.fields.append(custom("customfield_10900", "Ydelse", site.catalogue.jira.fields[FieldName.PAYER].type))
    real = site.create_screen

    def screen(asked: Asked) -> dict[str, object]:
        answer = real(asked)
        if asked.query["startAt"] == "0":
            answer["fields"].append({"fieldId": "customfield_10900", "allowedValues": [{"id": "1", "value": "Robot"}]})
        return answer

    site.create_screen = screen  # type: ignore[method-assign]  # the site of this test
    message = _finding(site)
    assert 'har ikke svaret "Udtræk"' in message
    assert "Robot" not in message


@pytest.mark.parametrize(
    ("name", "file", "path"),
    [
        ("Hvem opretter", "katalog.yaml", ("kategorier", "K1", "spørgsmål", "felt")),
        ("Certifikat Subject", "krav.yaml", ("tjeklister", "K8", "certifikat", "felt")),
    ],
)
def test_a_question_or_checklist_field_that_the_site_lacks_is_named_with_its_mapping_line(
    site: Site, name: str, file: str, path: tuple[str, ...]
) -> None:
    """K1, K3, R22: without the field the rule could not be held."""
    site.fields = [f for f in site.fields if f["name"] != name]
    at = site.catalogue.positions.of(file, *path)
    assert at.split(":")[1] != "1"
    mend = "kør dubu-adapter provision, opret det, eller ret navnet"
    assert _finding(site) == f'{at}: formularfeltet "{name}" findes ikke på sitet; {mend}'


def test_two_question_fields_of_one_name_are_a_finding_in_the_catalogue(site: Site) -> None:
    site.fields.append(custom("customfield_99999", "Hvem opretter", FieldType.SELECT))
    message = _finding(site)
    assert message.startswith(site.catalogue.positions.of("katalog.yaml", "kategorier", "K1", "spørgsmål", "felt"))


def test_an_answer_that_a_questions_list_lacks_is_warned_of_and_stops_nothing(site: Site) -> None:
    real = site.create_screen

    def screen(asked: Asked) -> dict[str, object]:
        answer = real(asked)
        for f in answer["fields" if site.cloud else "values"]:
            if f["name"] == "Hvem lavede fejlen":
                f["allowedValues"] = [o for o in f["allowedValues"] if o["value"] != "Ukendt"]
        return answer

    site.create_screen = screen  # type: ignore[method-assign]  # the site of this test
    (warning,) = site.connect().warnings
    at = site.catalogue.positions.of("katalog.yaml", "kategorier", "K3", "spørgsmål", "svar", "Ukendt")
    assert warning == f'{at}: formularfeltet "Hvem lavede fejlen" har ikke svaret "Ukendt" på sitet; ret navnet'


def test_a_question_that_is_answered_in_a_plain_text_has_no_options_to_lack(site: Site) -> None:
    real = site._answers
    site._answers = lambda: dict.fromkeys(real(), ())  # type: ignore[method-assign]  # the site of this test
    assert site.connect().warnings == ()


def test_an_issue_type_that_the_project_lacks_is_a_finding(make_site: Callable[..., Site]) -> None:
    site = make_site("datacenter", issue_types=("Fejl", "Ukendt"))
    assert 'sagstypen "Ukendt" findes ikke' in _finding(site)


# the service desk's people -----------------------------------------------------------------------------------------


ROLE = f"{API}/project/[A-Z]+/role/10360"
SUPPORT = {"type": "atlassian-group-role-actor", "displayName": "Support", "name": "support"}


def _about_the_role(site: Site) -> str:
    """The one finding, which names the mapping's line of the role."""
    at = site.catalogue.positions.of("jira.yaml", "roller", "servicedesk")
    message = _finding(site)
    assert message.startswith(f"{at}: ")
    assert f'projektrollen "{site.catalogue.jira.roles.agent}"' in message
    assert len(_lines(message)) == 1
    return message


def test_a_service_desk_without_people_is_a_finding(site: Site) -> None:
    site.server.on("GET", ROLE, Answer({"actors": []}))
    assert "ingen medarbejdere" in _about_the_role(site)


def test_the_adapter_alone_is_no_service_desk(site: Site) -> None:
    site.server.on("GET", ROLE, lambda _: Answer({"actors": [site.actor(site.adapter)]}))
    assert "ingen medarbejdere" in _about_the_role(site)


@pytest.mark.parametrize("status", [403, 404])
def test_a_role_that_may_not_be_read_is_a_finding(site: Site, status: int) -> None:
    site.server.on("GET", ROLE, Answer({}, status))
    assert "gør kontoen til projektadministrator" in _about_the_role(site)


@pytest.mark.parametrize("status", [403, 404])
def test_a_group_whose_members_may_not_be_read_is_a_finding(site: Site, status: int) -> None:
    site.server.on("GET", ROLE, lambda _: Answer({"actors": [site.actor(site.agent), SUPPORT]}))
    site.server.on("GET", f"{API}/group/member", Answer({}, status))
    message = _about_the_role(site)
    assert 'gruppen "Support"' in message
    assert "direkte i rollen" in message


def test_the_role_is_found_wanting_together_with_all_else(site: Site) -> None:
    site.fields = [f for f in site.fields if f["name"] != site.catalogue.jira.fields[FieldName.PAYER].name]
    site.server.on("GET", ROLE, Answer({}, 403))
    assert len(_lines(_finding(site))) == 2


def _with_automation(make_site: Callable[..., Site], deployment: str, *accounts: str) -> Site:
    plain = make_site(deployment)
    roles = plain.catalogue.jira.roles.model_copy(update={"automation": accounts})
    return make_site(deployment, roles=roles)


@pytest.mark.parametrize(("deployment", "by"), [("cloud", {"accountId"}), ("datacenter", {"username", "key"})])
def test_an_automation_account_that_the_site_lacks_is_a_finding(
    make_site: Callable[..., Site], deployment: str, by: set[str]
) -> None:
    site = _with_automation(make_site, deployment, "automation")
    at = site.catalogue.positions.of("jira.yaml", "roller", "automatik", "0")
    assert _finding(site).startswith(f'{at}: kontoen "automation" findes ikke på sitet; skriv ')
    asked = [a.query for a in site.server.calls("GET", f"{API}/user")]
    assert {key for query in asked for key in query} == by
    assert {value for query in asked for value in query.values()} == {"automation"}


def test_an_automation_account_is_found_by_its_key_too(make_site: Callable[..., Site]) -> None:
    site = _with_automation(make_site, "datacenter", "JIRAUSER10")
    site.server.on("GET", f"{API}/user", lambda asked: Answer({}, 200 if "key" in asked.query else 404))
    assert site.connect().warnings == ()


def test_an_automation_account_that_may_not_be_looked_up_is_a_warning(make_site: Callable[..., Site]) -> None:
    site = _with_automation(make_site, "cloud", "automation")
    site.server.on("GET", f"{API}/user", Answer({}, 403))
    (warning,) = site.connect().warnings
    assert '"automation" kan ikke efterses' in warning


def test_an_outage_while_the_people_are_read_is_an_outage(site: Site) -> None:
    site.server.on("GET", f"{API}/project/[A-Z]+/role/10360", Answer({}, 502))
    with pytest.raises(OutOfReach):
        site.connect()


def test_names_that_only_look_like_others_do_not_count(site: Site) -> None:
    wanted = site.catalogue.jira.fields[FieldName.PRICE].name
    for f in site.fields:
        if f["name"] == wanted:
            f["name"] = wanted + " "
    assert f'"{wanted}" findes ikke' in _finding(site)
