"""People at work on the site over Jira's own REST API, and what they can see there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import requests

Json = dict[str, Any]


@dataclass
class Person:
    """One user of the site, with their own login."""

    site: str
    email: str
    token: str
    name: str = ""

    @cached_property
    def _session(self) -> requests.Session:
        session = requests.Session()
        session.auth = (self.email, self.token)
        return session

    def _call(self, method: str, path: str, **given: Any) -> Any:  # noqa: ANN401 - Jira's JSON
        answer = self._session.request(method, f"{self.site}{path}", timeout=30, **given)
        if not answer.ok:
            raise AssertionError(f"{self.name}: {method} {path} was answered {answer.status_code}: {answer.text[:300]}")
        return answer.json() if answer.content else None

    def order(self, request_type: str, summary: str, description: str = "") -> str:
        """Orders on the portal, and tells the ticket's key."""
        desk = self._call("GET", "/rest/servicedeskapi/servicedesk")["values"][0]["id"]
        types = self._call("GET", f"/rest/servicedeskapi/servicedesk/{desk}/requesttype?limit=100")["values"]
        chosen = next(t["id"] for t in types if t["name"] == request_type)
        values = {"summary": summary, **({"description": description} if description else {})}
        body = {"serviceDeskId": desk, "requestTypeId": chosen, "requestFieldValues": values}
        return str(self._call("POST", "/rest/servicedeskapi/request", json=body)["issueKey"])

    def attach(self, key: str, filename: str, data: bytes) -> str:
        """Attaches a file, and tells its id."""
        made = self._call(
            "POST",
            f"/rest/api/2/issue/{key}/attachments",
            files={"file": (filename, data, "message/rfc822")},
            headers={"X-Atlassian-Token": "no-check"},
        )
        return str(made[0]["id"])

    def move(self, key: str, status: str) -> None:
        """Makes the transition that leads to a status."""
        steps = self._call("GET", f"/rest/api/2/issue/{key}/transitions")["transitions"]
        step = next((s["id"] for s in steps if s["to"]["name"] == status), None)
        if step is None:
            raise AssertionError(f"{self.name} has no way from here to {status}")
        self._call("POST", f"/rest/api/2/issue/{key}/transitions", json={"transition": {"id": step}})

    def comment(self, key: str, body: str, *, internal: bool = False) -> None:
        """Comments."""
        mark = [{"key": "sd.public.comment", "value": {"internal": internal}}]
        self._call("POST", f"/rest/api/2/issue/{key}/comment", json={"body": body, "properties": mark})

    def edit(self, key: str, **fields: Any) -> None:  # noqa: ANN401 - by the field's name, `_` for a space
        """Sets fields by name; a text where the field has options is an option."""
        known = self.fields
        body = {}
        for name, value in fields.items():
            field = known[name.replace("_", " ")]
            is_option = field["schema"]["type"] == "option"
            body[field["id"]] = {"value": value} if is_option and value is not None else value
        self._call("PUT", f"/rest/api/2/issue/{key}", json={"fields": body})

    @cached_property
    def fields(self) -> dict[str, Json]:
        """The site's custom fields by name."""
        return {f["name"]: f for f in self._call("GET", "/rest/api/2/field") if f.get("custom")}

    def issue(self, key: str) -> Json:
        """A ticket as Jira tells it."""
        found: Json = self._call("GET", f"/rest/api/2/issue/{key}?expand=changelog")
        return found

    def status(self, key: str) -> str:
        """The name of a ticket's status."""
        found = self._call("GET", f"/rest/api/2/issue/{key}?fields=status")
        return str(found["fields"]["status"]["name"])

    def value(self, key: str, name: str) -> Any:  # noqa: ANN401 - what the field holds
        """A field's value by the field's name, an option as its text."""
        return self.shown(self.issue(key), name)

    def shown(self, issue: Json, name: str) -> Any:  # noqa: ANN401 - what the field holds
        """The same, of a ticket already read."""
        value = issue["fields"].get(self.fields[name]["id"])
        return value["value"] if isinstance(value, dict) else value

    def status_comment(self, key: str) -> str | None:
        """The adapter's comment, None as long as there is none; AssertionError where there are two."""
        comments = self.issue(key)["fields"]["comment"]["comments"]
        own = [c for c in comments if "DUBU-adapter: status" in c["body"]]
        assert len(own) < 2, f"{key} has {len(own)} status comments"
        return str(own[0]["body"]) if own else None


def people_of(site: str) -> dict[str, Person]:
    """Everybody on the sandbox site, by handle."""
    told = requests.get(f"{site}/sandbox/people", timeout=10).json()
    return {p["handle"]: Person(site, p["email"], p["token"], p["name"]) for p in told}
