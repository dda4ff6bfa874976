"""The sandbox keeps comments, files and worklogs as Jira does, and shows them to those who may see them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox import JiraError, Sandbox, default_seed, parts
from tests.sandbox.client import Rest

INTERNAL = [{"key": "sd.public.comment", "value": {"internal": True}}]
BYTES = bytes(range(256)) * 3


@pytest.fixture(params=["cloud", "datacenter"])
def site(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox.start(default_seed(request.param)) as running:
        yield running


@pytest.fixture
def key(site: Sandbox) -> str:
    return site.as_user("kunde.aarhus").create("Sag", request_type="Genopret data")


def test_a_comment_is_public_unless_its_property_says_internal(site: Sandbox, key: str) -> None:
    with Rest(site) as rest:
        public = rest.post(f"issue/{key}/comment", json={"body": "til kunden"}).json()
        internal = rest.post(f"issue/{key}/comment?expand=properties", json={"body": "til os", "properties": INTERNAL})
        listed = rest.get(f"issue/{key}/comment?expand=properties,renderedBody").json()["comments"]
        newest = rest.get(f"issue/{key}/comment?orderBy=-created").json()["comments"]
    assert internal.status_code == 201
    assert internal.json()["properties"] == INTERNAL
    assert [c.get("jsdPublic") for c in (public, internal.json())] == (
        [True, False] if site.world.cloud else [None] * 2
    )
    assert [c["properties"] for c in listed] == [[], INTERNAL]
    assert listed[0]["renderedBody"] == "<p>til kunden</p>"
    assert [c["body"] for c in newest] == ["til os", "til kunden"]


def test_customers_see_public_comments_only(site: Sandbox, key: str) -> None:
    anna = site.as_user("agent.anna")
    anna.comment(key, "til kunden")
    anna.comment(key, "til os", internal=True)
    with Rest(site, "kunde.aarhus") as rest:
        seen = rest.get(f"/rest/servicedeskapi/request/{key}/comment").json()["values"]
        assert [(c["body"], c["public"]) for c in seen] == [("til kunden", True)]
        added = rest.post(f"/rest/servicedeskapi/request/{key}/comment", json={"body": "tak", "public": True})
        assert (added.status_code, added.json()["author"]["displayName"]) == (201, "Mette Madsen")
        secret = rest.post(f"/rest/servicedeskapi/request/{key}/comment", json={"body": "x", "public": False})
        assert secret.status_code == 403
    assert len(site.comments(key, by="agent.anna")) == 2


def test_changing_a_comment_keeps_its_author_and_says_who_changed_it(site: Sandbox, key: str) -> None:
    comment = site.as_user("agent.anna").comment(key, "før", internal=True)
    with Rest(site) as rest:
        changed = rest.put(f"issue/{key}/comment/{comment}", json={"body": "efter"}).json()
        assert rest.get(f"issue/{key}/comment/{comment}").json() == changed
    assert changed["body"] == "efter"
    assert (changed["author"]["displayName"], changed["updateAuthor"]["displayName"]) == ("Anna Agent", "DUBU-adapter")
    assert site.comments(key)[0].internal
    with Rest(site) as rest:
        public = [{"key": "sd.public.comment", "value": {"internal": False}}]
        rest.put(f"issue/{key}/comment/{comment}", json={"body": "nu for alle", "properties": public})
    assert not site.comments(key)[0].internal


def test_comments_that_jira_refuses(site: Sandbox, key: str) -> None:
    with Rest(site) as rest:
        for body in ("", "  ", "x" * 32768):
            answer = rest.post(f"issue/{key}/comment", json={"body": body})
            assert (answer.status_code, list(answer.json()["errors"])) == (400, ["comment"])
        assert rest.post(f"issue/{key}/comment", json={}).status_code == 400
        assert rest.post(f"issue/{key}/comment", json={"body": "x", "intern": True}).status_code == 400
        assert rest.get(f"issue/{key}/comment/7").status_code == 404
        shapeless = {"body": "x", "properties": [{"value": 1}]}
        assert rest.post(f"issue/{key}/comment", json=shapeless).status_code == 400
    site.forgive()
    with Rest(site, "agent.anna") as rest:
        comment = site.as_user("adapter").comment(key, "ikke annas")
        assert rest.delete(f"issue/{key}/comment/{comment}").status_code == 400
    comment = site.as_user("agent.anna").comment(key, "tekst")
    with pytest.raises(JiraError):
        site.as_user("kunde.aarhus").edit_comment(key, comment, "kapret")
    with pytest.raises(JiraError):
        site.as_user("kunde.aarhus").delete_comment(key, comment)


def test_a_comment_can_be_deleted(site: Sandbox, key: str) -> None:
    comment = site.as_user("agent.anna").comment(key, "væk")
    with Rest(site, "admin") as rest:
        assert rest.delete(f"issue/{key}/comment/{comment}").status_code == 204
    again = site.as_user("agent.anna").comment(key, "også væk")
    site.as_user("agent.anna").delete_comment(key, again)
    assert site.comments(key) == []


def test_a_file_comes_back_byte_for_byte_and_leaves_when_deleted(site: Sandbox, key: str) -> None:
    with Rest(site) as rest:
        (made,) = rest.post(
            f"issue/{key}/attachments",
            files={"file": ("tilbud æøå.eml", BYTES, "message/rfc822")},
            headers={"X-Atlassian-Token": "no-check"},
        ).json()
        (listed,) = rest.get(f"issue/{key}?fields=attachment").json()["fields"]["attachment"]
        assert (listed["filename"], listed["size"], listed["mimeType"]) == (
            "tilbud æøå.eml",
            len(BYTES),
            "message/rfc822",
        )
        assert rest.get(listed["content"]).content == BYTES
        first = rest.get(listed["content"], allow_redirects=False)
        assert first.status_code == (303 if site.world.cloud else 200)
        part = rest.get(listed["content"], headers={"Range": "bytes=0-9"})
        assert (part.status_code, part.content) == (206, BYTES[:10])
        assert rest.get(f"attachment/{made['id']}").json()["filename"] == "tilbud æøå.eml"
        assert rest.delete(f"attachment/{made['id']}").status_code == 204
        assert rest.get(f"attachment/{made['id']}").status_code == 404
        assert rest.get(listed["content"]).status_code == 404
    added, removed = (entry.items[0] for entry in site.issue(key).history)
    assert (added.field, added.before, added.after_text) == ("Attachment", None, "tilbud æøå.eml")
    assert (removed.before_text, removed.after) == ("tilbud æøå.eml", None)


def test_cloud_sends_files_without_a_detour_when_asked_to() -> None:
    with Sandbox.start() as site, Rest(site) as rest:
        key = site.as_user("agent.anna").create("Sag")
        made = site.as_user("agent.anna").attach(key, "a.eml", BYTES)
        direct = rest.get(f"attachment/content/{made}?redirect=false", allow_redirects=False)
        assert (direct.status_code, direct.content) == (200, BYTES)
        assert rest.get("/media/file/findes-ikke/binary").status_code == 404


def test_cloud_can_keep_its_files_on_another_host() -> None:
    with Sandbox.start() as site, Rest(site) as rest:
        site.world.media_url = f"http://localhost:{site.port}"
        key = site.as_user("agent.anna").create("Sag")
        made = site.as_user("agent.anna").attach(key, "a.eml", BYTES)
        sent_on = rest.get(f"attachment/content/{made}", allow_redirects=False)
        assert sent_on.headers["Location"].startswith("http://localhost:")
        assert rest.get(f"attachment/content/{made}").content == BYTES


def test_a_file_over_the_limit_is_413(site: Sandbox, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "LARGEST_FILE", 10)
    with Rest(site) as rest:
        sent = {"file": ("a", b"x" * 11)}
        answer = rest.post(f"issue/{key}/attachments", files=sent, headers={"X-Atlassian-Token": "no-check"})
    assert answer.status_code == 413
    assert site.issue(key).attachments == []


def test_uploads_that_jira_refuses(site: Sandbox, key: str) -> None:
    with Rest(site) as rest:
        url, allowed = f"issue/{key}/attachments", {"X-Atlassian-Token": "no-check"}
        assert rest.post(url, files={"file": ("a", b"x")}).status_code == 403
        assert rest.post(url, files={"fil": ("a", b"x")}, headers=allowed).status_code == 400
    site.forgive()
    made = site.as_user("agent.anna").attach(key, "a.eml", b"x")
    with pytest.raises(JiraError):
        site.as_user("kunde.aarhus").delete_attachment(key, made)
    with Rest(site, "kunde.odense") as rest:
        assert rest.get(f"attachment/{made}").status_code == 404


def test_a_file_can_arrive_without_a_word_in_the_events(site: Sandbox, key: str) -> None:
    told: list[str] = []
    site.world.listeners.append(lambda event: told.append(event.name))
    made = site.as_user("kunde.aarhus").attach(key, "svar.eml", b"x", silently=True)
    assert told == ["attachment_created"]
    site.as_user("agent.anna").delete_attachment(key, made)
    assert told[1:] == ["attachment_deleted", "jira:issue_updated"]
