"""People at work on the site over Jira's own REST API, and what they can see there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import requests

Json = dict[str, Any]
PORTAL = "/rest/servicedeskapi"


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

    def order(self, request_type: str, summary: str, description: str = "", **fields: Any) -> str:  # noqa: ANN401 - as `edit`
        """Orders on the portal, with fields of the form as `edit` sets them, and tells the ticket's key."""
        desk = self._call("GET", f"{PORTAL}/servicedesk")["values"][0]["id"]
        types = self._call("GET", f"{PORTAL}/servicedesk/{desk}/requesttype?limit=100")["values"]
        chosen = next(t["id"] for t in types if t["name"] == request_type)
        values = {"summary": summary, **({"description": description} if description else {}), **self._written(fields)}
        body = {"serviceDeskId": desk, "requestTypeId": chosen, "requestFieldValues": values}
        return str(self._call("POST", f"{PORTAL}/request", json=body)["issueKey"])

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

    def press(self, key: str, button: str) -> None:
        """Makes a transition on the portal, by its own name."""
        buttons = self._call("GET", f"{PORTAL}/request/{key}/transition")["values"]
        step = next((b["id"] for b in buttons if b["name"] == button), None)
        if step is None:
            raise AssertionError(f"{self.name} sees no button {button}")
        self._call("POST", f"{PORTAL}/request/{key}/transition", json={"id": step})

    def write(self, key: str, body: str) -> None:
        """Comments on the portal, where everybody on the ticket can read it."""
        self._call("POST", f"{PORTAL}/request/{key}/comment", json={"body": body, "public": True})

    def log_work(self, key: str, hours: float) -> None:
        """Logs hours of work that begins now."""
        self._call("POST", f"/rest/api/2/issue/{key}/worklog", json={"timeSpentSeconds": round(hours * 3600)})

    def comment(self, key: str, body: str, *, internal: bool = False) -> None:
        """Comments."""
        mark = [{"key": "sd.public.comment", "value": {"internal": internal}}]
        self._call("POST", f"/rest/api/2/issue/{key}/comment", json={"body": body, "properties": mark})

    def edit(self, key: str, **fields: Any) -> None:  # noqa: ANN401 - by the field's name, `_` for a space
        """Sets fields by name; a text where the field has options is an option."""
        self._call("PUT", f"/rest/api/2/issue/{key}", json={"fields": self._written(fields)})

    def _written(self, fields: Json) -> Json:
        body = {}
        for name, value in fields.items():
            field = self.fields[name.replace("_", " ")]
            is_option = field["schema"]["type"] == "option"
            body[field["id"]] = {"value": value} if is_option and value is not None else value
        return body

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

    def files(self, key: str, beginning: str = "") -> dict[str, bytes]:
        """The files on a ticket whose names begin so."""
        files = [f for f in self.issue(key)["fields"]["attachment"] if str(f["filename"]).startswith(beginning)]
        return {str(f["filename"]): self._session.get(f["content"], timeout=30).content for f in files}

    def participants(self, key: str) -> list[str]:
        """The names of those who take part beside the reporter."""
        return sorted(p["displayName"] for p in self._call("GET", f"{PORTAL}/request/{key}/participant")["values"])

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
