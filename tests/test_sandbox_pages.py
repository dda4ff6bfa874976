"""People use the sandbox in a browser: they choose who they are, act, and see what the adapter did."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests

from tests.sandbox import Sandbox
from tests.sandbox.wiki import to_html


@pytest.fixture
def site() -> Iterator[Sandbox]:
    with Sandbox.start() as running:
        yield running


class Browser(requests.Session):
    """Somebody with a browser; forms are sent as they stand on the page."""

    def __init__(self, site: Sandbox, who: str) -> None:
        super().__init__()
        self.trust_env = False
        self.site = site
        self.post(f"{site.url}/who", data={"who": who})

    def see(self, path: str = "/") -> str:
        answer = self.get(self.site.url + path, timeout=10)
        assert answer.ok, answer.status_code
        return answer.text

    def submit(self, path: str, **form: str) -> str:
        answer = self.post(self.site.url + path, data=form, timeout=10)
        assert answer.ok, answer.status_code
        return answer.text


def test_a_customer_raises_a_ticket_and_sees_only_what_is_public(site: Sandbox) -> None:
    request_type = site.world.projects["DUBU"].request_types[0].id
    with Browser(site, "kunde.aarhus") as mette:
        page = mette.submit("/new", type=request_type, summary="Genopret aktivitet", description="h1. Hjælp")
        assert "<h1>Hjælp</h1>" in page
        site.as_user("adapter").comment("DUBU-1", "*Sagen er betalbar*", internal=True)
        site.as_user("agent.anna").comment("DUBU-1", "Vi ser på det")
        page = mette.see("/browse/DUBU-1")
        assert "Vi ser på det" in page
        assert "betalbar" not in page
        assert "Historik" not in page
        assert "Annuller" in page
        assert "Start arbejde" not in page
        assert "Genopret aktivitet" in mette.see()
        mette.submit("/browse/DUBU-1/comment", body="Tak")
    assert site.comments("DUBU-1", by="kunde.aarhus")[0].body == "Tak"
    with Browser(site, "kunde.odense") as ole:
        assert "Genopret aktivitet" not in ole.see()
        assert ole.get(f"{site.url}/browse/DUBU-1", timeout=10).status_code == 404


def test_an_agent_works_on_a_ticket_and_sees_who_did_what(site: Sandbox) -> None:
    key = site.as_user("kunde.aarhus").create("Sag")
    project = site.world.projects["DUBU"]
    fields = {f.name: f for f in site.world.fields_in(project)}
    with Browser(site, "agent.anna") as anna:
        robots = fields["Kategori"].options[1].id
        for name, value in (
            ("Kategori", robots),
            ("Timepris", "1.938,98"),
            ("Aftalt dato", "2026-12-01"),
            ("Reaktionsfrist", "2026-12-01T10:30"),
            ("Betalende part", "Aarhus Kommune"),
        ):
            anna.submit(f"/browse/{key}/edit", field=fields[name].id, value=value)
        assert site.values(key) | {"Organizations": None} == {
            "Organizations": None,
            "Kategori": "Robotter",
            "Timepris": 1938.98,
            "Aftalt dato": site.value(key, "Aftalt dato"),
            "Reaktionsfrist": site.value(key, "Reaktionsfrist"),
            "Betalende part": "Aarhus Kommune",
        }
        anna.submit(f"/browse/{key}/comment", body="Kun os", internal="1")
        start = next(t.id for t in project.transitions if t.name == "Start arbejde")
        page = anna.submit(f"/browse/{key}/transition", id=start)
        assert "I gang" in page
        assert re.search(r"Anna Agent</td><td>status</td><td>Ny → I gang", page)
        assert "Intern note" in page
        assert "01.12.2026" in page or "2026-12-01" in page
        anna.submit(f"/browse/{key}/edit", field=fields["Timepris"].id, value="")
        assert site.value(key, "Timepris") is None
        for name, value in (("Timepris", "938.98"), ("Reaktionsfrist", "snart"), ("Aftalt dato", "snart")):
            refused = anna.submit(f"/browse/{key}/edit", field=fields[name].id, value=value)
            assert 'role="alert"' in refused
        illegal = anna.submit(f"/browse/{key}/transition", id="9999")
        assert "illegal workflow operation" in illegal
        assert 'role="alert"' in anna.submit("/new", type="", summary="")


def test_files_are_attached_downloaded_and_deleted(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    with Browser(site, "agent.anna") as anna:
        url = f"{site.url}/browse/{key}"
        page = anna.post(
            f"{url}/attach", files={"file": ("<b>tilbud</b>.eml", b"<script>alert(1)</script>")}, timeout=10
        )
        assert "&lt;b&gt;tilbud" in page.text
        made = site.issue(key).attachments[0]
        file = anna.get(f"{url}/file/{made.id}", timeout=10)
        assert file.content == b"<script>alert(1)</script>"
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert "Vælg en fil" in anna.post(f"{url}/attach", timeout=10).text
        other = site.as_user("agent.anna").create("En anden sag")
        assert anna.get(f"{site.url}/browse/{other}/file/{made.id}", timeout=10).status_code == 404
        anna.submit(f"/browse/{key}/delete-file", id=made.id)
    assert site.issue(key).attachments == []


def test_everything_that_people_write_is_escaped(site: Sandbox) -> None:
    nasty = '<script>alert("x")</script>'
    key = site.as_user("agent.anna").create(nasty, nasty, fields={"Betalende part": nasty})
    site.as_user("agent.anna").comment(key, f"{nasty} [x|javascript:alert(1)] " + '[y|https://a.example/"onclick="x]')
    site.as_user("agent.anna").edit(key, {"Betalende part": nasty + "2"})
    with Browser(site, "agent.anna") as anna:
        for page in (anna.see(), anna.see(f"/browse/{key}"), anna.see(f"/browse/{key}?sagt={nasty}")):
            assert "<script" not in page
            assert 'href="javascript' not in page
            assert '"onclick="' not in page


def test_choosing_somebody_leads_back_to_the_ticket_and_nowhere_else(site: Sandbox) -> None:
    key = site.as_user("agent.anna").create("Sag")
    with Browser(site, "admin") as browser:
        form = {"who": "kombit.karen", "back": f"/browse/{key}"}
        back = browser.post(f"{site.url}/who", data=form, allow_redirects=False, timeout=10)
        assert back.headers["Location"] == f"/browse/{key}"
        form["back"] = "https://ondt.example/"
        back = browser.post(f"{site.url}/who", data=form, allow_redirects=False, timeout=10)
        assert back.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*fed* og _kursiv_", "<p><b>fed</b> og <i>kursiv</i></p>"),
        ("h3. Titel", "<h3>Titel</h3>"),
        ("* et\n* to\n\n# tre", "<ul>\n<li>et</li>\n<li>to</li>\n</ul>\n\n<ol>\n<li>tre</li>\n</ol>"),
        (
            "||Felt||Værdi||\n|Pris|34.000|",
            "<table>\n<tr><th>Felt</th><th>Værdi</th></tr>\n<tr><td>Pris</td><td>34.000</td></tr>\n</table>",
        ),
        ("----", "<hr>"),
        ("{{kode}}", "<p><code>kode</code></p>"),
        ("[her|https://a.example/]", '<p><a href="https://a.example/" rel="noreferrer noopener">her</a></p>'),
        ("{color:red}nej{color}", '<p><span style="color:red">nej</span></p>'),
        (r"\*ikke fed\* \{x}", "<p>*ikke fed* {x}</p>"),
        ("{panel:title=x}\ntekst\n{panel}", "\n<p>tekst</p>\n"),
        ("2 * 3 * 4 <b>", "<p>2 * 3 * 4 &lt;b&gt;</p>"),
    ],
)
def test_wiki_markup_becomes_safe_html(text: str, html: str) -> None:
    assert to_html(text) == html
