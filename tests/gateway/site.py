"""A small Jira behind the loopback server: just what `connect` asks for, made from the mapping, and one ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import FieldName, FieldType, SiteName, StatusRole
from adapter.gateway.gateway import Gateway
from adapter.gateway.retry import Patience
from adapter.settings import SiteSettings
from tests.gateway.loopback import Answer, Asked, Loopback

API = "/rest/api/2"
SCHEMA = {
    FieldType.SELECT: ("option", "com.atlassian.jira.plugin.system.customfieldtypes:select"),
    FieldType.TEXT: ("string", "com.atlassian.jira.plugin.system.customfieldtypes:textfield"),
    FieldType.NUMBER: ("number", "com.atlassian.jira.plugin.system.customfieldtypes:float"),
    FieldType.DATE: ("date", "com.atlassian.jira.plugin.system.customfieldtypes:datepicker"),
    FieldType.DATETIME: ("datetime", "com.atlassian.jira.plugin.system.customfieldtypes:datetime"),
}
TOKEN = "the-adapters-token"
TYPES = {"10001": "Serviceanmodning", "10002": "Fejl"}

Json = dict[str, Any]


@dataclass
class Site:
    """The Jira; its parts may be changed before `connect`, its routes after."""

    server: Loopback
    catalogue: Catalogue
    waits: list[float] = field(default_factory=list)
    requests: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cloud = self.catalogue.jira.deployment == "cloud"
        self.ids = {name: f"customfield_{10100 + i}" for i, name in enumerate(FieldName)}
        self.fields: list[Json] = [{"id": "summary", "name": "Resumé", "schema": {"type": "string"}}]
        self.fields += [custom(self.ids[n], f.name, f.type) for n, f in self.catalogue.jira.fields.items()]
        self.fields += [
            own("customfield_10050", "Request Type", "com.atlassian.servicedesk:vp-origin"),
            own("customfield_10051", "Organizations", "com.atlassian.servicedesk:sd-customer-organizations"),
        ]
        self.answers = {name: f"customfield_{10800 + i}" for i, name in enumerate(self._answers())}
        self.fields += [
            custom(i, name, FieldType.SELECT if self._answers()[name] else FieldType.TEXT)
            for name, i in self.answers.items()
        ]
        self.options = {name: self._options(name) for name in self.catalogue.jira.fields}
        self.statuses = {name: str(20 + i) for i, name in enumerate(self.status_names())}
        self.adapter = self.user("adapter", "Adapteren")
        self.agent = self.user("agent", "Agnes Agent")
        self.customer = self.user("kunde", "Kurt Kunde")
        self.kombit = self.user("kombit", "Karen Kombit")
        self.organisations: dict[str, list[Json]] = {"Aarhus Kommune": [], "KOMBIT": [self.kombit]}
        self.issue = self.plain_issue()
        self._routes()

    # what the mapping says is there ---------------------------------------------------------------------------------

    def status_names(self) -> list[str]:
        return [name for names in self.catalogue.jira.statuses.values() for name in names]

    def _options(self, name: FieldName) -> list[str]:
        services = self.catalogue.services
        if name is FieldName.CATEGORY:
            return [*(c.name for c in services.categories.values()), services.outside_name, services.triage_name]
        if name is FieldName.SUBTYPE:
            return [s for c in services.categories.values() for s in c.subtypes]
        return list(self.catalogue.jira.fields[name].options.values())

    def _answers(self) -> dict[str, tuple[str, ...]]:
        """The fields of questions and checklists, with the options of those that are lists."""
        found: dict[str, tuple[str, ...]] = {}
        for category in self.catalogue.services.categories.values():
            if category.question:
                found[category.question.field] = (*category.question.answers, "Ved ikke")
        for checklist in self.catalogue.prerequisites.checklists.values():
            found |= {item.field: () for item in checklist.values() if item.field and item.field not in found}
        return found

    def option_id(self, name: FieldName, label: str) -> str:
        return str(10000 + 100 * list(self.ids).index(name) + self.options[name].index(label))

    def option(self, name: FieldName, label: str) -> Json:
        return {"self": f"{self.server.url}/x", "value": label, "id": self.option_id(name, label)}

    def status(self, role: StatusRole) -> str:
        return self.statuses[self.catalogue.jira.statuses[role][0]]

    def user(self, handle: str, name: str, kind: str = "atlassian") -> Json:
        if self.cloud:
            return {"accountId": f"acc-{handle}", "accountType": kind, "displayName": name, "active": True}
        key = f"JIRAUSER-{handle}"
        return {"name": handle, "key": key, "displayName": name, "emailAddress": f"{handle}@x.dk", "active": True}

    def plain_issue(self) -> Json:
        return {
            "id": "5001",
            "key": "DUBU-1",
            "fields": {
                "summary": "Vi vil gerne have en rapport",
                "description": "Til ledelsen",
                "project": {"id": "10000", "key": self.catalogue.jira.project},
                "issuetype": {"id": "10001", "name": TYPES["10001"]},
                "status": {"id": self.status(StatusRole.NEW), "name": "Ny"},
                "created": "2026-11-23T10:12:33.000+0100",
                "updated": "2026-11-23T10:12:34.000+0100",
                "reporter": self.customer,
                "creator": self.customer,
                "comment": {"comments": [], "maxResults": 0, "total": 0, "startAt": 0},
                "attachment": [],
            },
            "changelog": {"startAt": 0, "maxResults": 0, "total": 0, "histories": []},
            "transitions": [{"id": "31", "name": "Vent", "to": {"id": self.status(StatusRole.WAITING_CUSTOMER)}}],
        }

    # routes ---------------------------------------------------------------------------------------------------------

    def _routes(self) -> None:
        on, project = self.server.on, self.catalogue.jira.project
        on("GET", f"{API}/myself", lambda _: Answer(self.adapter))
        on("GET", f"{API}/field", lambda _: Answer(self.fields))
        on("GET", f"{API}/project/{project}", lambda _: Answer(self.project()))
        on("GET", f"{API}/project/{project}/statuses", lambda _: Answer(self.workflows()))
        on("GET", f"{API}/project/{project}/role/10360", lambda _: Answer({"actors": [self.actor(self.agent)]}))
        on("GET", rf"{API}/issue/createmeta/{project}/issuetypes/\d+", lambda asked: Answer(self.create_screen(asked)))
        on("GET", "/rest/servicedeskapi/servicedesk", self.desks)
        on("GET", "/rest/servicedeskapi/servicedesk/3/requesttype", self.request_types)
        on("GET", "/rest/servicedeskapi/organization", lambda asked: desk_page(asked, self.organisation_list()))
        on("GET", r"/rest/servicedeskapi/organization/\d+/user", self.organisation_users)
        on("GET", f"{API}/issue/(5001|DUBU-1)", lambda _: Answer(self.issue))

    def project(self) -> Json:
        url = self.server.url
        key = self.catalogue.jira.project
        return {
            "id": "10000",
            "key": key,
            "issueTypes": [{"id": i, "name": n, "subtask": False} for i, n in TYPES.items()],
            "roles": {self.catalogue.jira.roles.agent: f"{url}{API}/project/{key}/role/10360"},
        }

    def workflows(self) -> list[Json]:
        statuses = [{"id": i, "name": n} for n, i in self.statuses.items()]
        return [{"id": i, "name": n, "statuses": statuses} for i, n in TYPES.items()]

    def actor(self, user: Json) -> Json:
        if self.cloud:
            return {"type": "atlassian-user-role-actor", "actorUser": {"accountId": user["accountId"]}}
        return {"type": "atlassian-user-role-actor", "name": user["name"]}

    def create_screen(self, asked: Asked) -> Json:
        start = int(asked.query["startAt"])
        found = [
            {
                "fieldId": self.ids[name],
                "name": f.name,
                "allowedValues": [self.option(name, label) for label in self.options[name]],
            }
            for name, f in self.catalogue.jira.fields.items()
        ]
        found += [
            {"fieldId": i, "name": n, "allowedValues": [{"id": f"9{j}", "value": o} for j, o in enumerate(options)]}
            for (n, i), options in zip(self.answers.items(), self._answers().values(), strict=True)
        ]
        page = found[start : start + 7]
        return {"startAt": start, "total": len(found), "fields" if self.cloud else "values": page}

    def desks(self, asked: Asked) -> Answer:
        desks = [{"id": "2", "projectKey": "ANDET"}, {"id": "3", "projectKey": self.catalogue.jira.project}]
        start = int(asked.query["start"])
        return Answer({"values": desks[start : start + 1], "isLastPage": start == 1})

    def request_types(self, _: Asked) -> Answer:
        names = list(self.catalogue.jira.request_types)
        return Answer({"values": [{"id": str(i), "name": n} for i, n in enumerate(names)], "isLastPage": True})

    def organisation_list(self) -> list[Json]:
        return [{"id": str(70 + i), "name": name} for i, name in enumerate(self.organisations)]

    def organisation_users(self, asked: Asked) -> Answer:
        number = int(asked.path.split("/")[-2]) - 70
        return desk_page(asked, list(self.organisations.values())[number])

    # the gateway ----------------------------------------------------------------------------------------------------

    def settings(self, **changes: Any) -> SiteSettings:  # noqa: ANN401 -- any of the settings
        user = "adapter@firma.dk" if self.cloud else None
        return replace(SiteSettings(SiteName("dubu"), self.server.url, user, TOKEN, ()), **changes)

    def patience(self, **changes: Any) -> Patience:  # noqa: ANN401 -- any of the fields
        """Waits pass at once, and the clock moves by them."""

        def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        return replace(Patience(sleep=sleep, clock=lambda: sum(self.waits)), **changes)

    def connect(self, **changes: Any) -> Gateway:  # noqa: ANN401 -- arguments of connect
        patience = changes.pop("patience", None) or self.patience()
        settings = changes.pop("settings", None) or self.settings()

        def on_request(method: str, status: int, seconds: float) -> None:
            assert seconds >= 0
            self.requests.append((method, status))

        gateway = Gateway.connect(settings, self.catalogue, patience=patience, on_request=on_request, **changes)
        self.server.asked.clear()
        return gateway

    # parts of tickets -----------------------------------------------------------------------------------------------

    def comment(self, number: int, author: Json, body: str = "Hej", **more: Any) -> Json:  # noqa: ANN401 -- JSON
        at = f"2026-11-23T11:{number % 60:02d}:00.000+0100"
        return {
            "id": str(number),
            "author": author,
            "updateAuthor": author,
            "body": body,
            "created": at,
            "updated": at,
        } | more

    def with_comments(self, *comments: Json, total: int | None = None) -> None:
        total = len(comments) if total is None else total
        self.issue["fields"]["comment"] = {"comments": list(comments), "total": total, "startAt": 0}

    def with_history(self, *entries: Json, total: int | None = None) -> None:
        total = len(entries) if total is None else total
        self.issue["changelog"] = {"histories": list(entries), "total": total, "startAt": 0}

    def entry(self, number: int, author: Json, *items: Mapping[str, object]) -> Json:
        return {
            "id": str(number),
            "author": author,
            "created": f"2026-11-23T12:{number % 60:02d}:00.000+0100",
            "items": list(items),
        }


def desk_page(asked: Asked, found: list[Json], size: int = 1) -> Answer:
    """A page of the service desk's API."""
    start = int(asked.query["start"])
    page = found[start : start + size]
    return Answer({"values": page, "size": len(page), "start": start, "isLastPage": start + size >= len(found)})


def custom(field_id: str, name: str, kind: FieldType) -> Json:
    type_, key = SCHEMA[kind]
    return {"id": field_id, "name": name, "custom": True, "schema": {"type": type_, "custom": key}}


def own(field_id: str, name: str, key: str) -> Json:
    return {"id": field_id, "name": name, "custom": True, "schema": {"type": "any", "custom": key}}
