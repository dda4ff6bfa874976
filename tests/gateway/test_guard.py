"""Credentials go to the configured site and nowhere else; files come from there, never larger than asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from jira.resources import Attachment as Attachments

from adapter.catalogue.words import AccountId, AttachmentId, IssueId
from adapter.errors import Gone, OutOfReach, Refused
from adapter.gateway.guard import Origin, is_loopback, origin_of
from adapter.ticket.snapshot import Attachment, Person
from tests.gateway.loopback import Answer, Loopback
from tests.gateway.site import API, Site

DATA = b"From: a@b.dk\r\n\r\nGodkendt" * 1000


@pytest.fixture
def elsewhere() -> Iterator[Loopback]:
    with Loopback() as server:
        server.on("GET", ".*", Answer(DATA))
        yield server


def _file(site: Site, url: str | None = None, size: int = 10) -> Attachment:
    return Attachment(
        AttachmentId("10000"),
        "mail.eml",
        Person(AccountId("x")),
        datetime(2026, 11, 23, tzinfo=UTC),
        size,
        "message/rfc822",
        url if url is not None else f"{site.server.url}/secure/attachment/10000/mail.eml",
    )


def _there(site: Site) -> str:
    return f"{API}/attachment/content/10000" if site.cloud else "/secure/attachment/10000/mail.eml"


def _redirect(url: str) -> Answer:
    return Answer(status=303, headers={"Location": url})


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Firma.atlassian.net/x", Origin("https", "firma.atlassian.net", 443)),
        ("https://firma.atlassian.net.:443", Origin("https", "firma.atlassian.net", 443)),
        ("http://127.0.0.1:8080/", Origin("http", "127.0.0.1", 8080)),
        ("https://firma.atlassian.net@evil.example/", None),
        ("https://firma.atlassian.net\\@evil.example/", Origin("https", "firma.atlassian.net", 443)),
        ("//evil.example", None),
        ("file:///etc/passwd", None),
        ("", None),
        ("https://[", None),
        ("https://a:999999/", None),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: Origin | None) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("host", "yes"),
    [("localhost", True), ("127.0.0.9", True), ("[::1]", True), ("localhost.evil.example", False), ("10.0.0.1", False)],
)
def test_only_this_machine_is_loopback(host: str, yes: bool) -> None:
    assert is_loopback(host) is yes


def test_a_file_comes_byte_for_byte(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", _there(site), Answer(DATA))
    assert gateway.download(_file(site), len(DATA)) == DATA
    assert "Authorization" in site.server.asked[-1].headers


def test_cloud_never_uses_the_address_in_the_payload(cloud: Site, elsewhere: Loopback) -> None:
    gateway = cloud.connect()
    cloud.server.on("GET", _there(cloud), Answer(DATA))
    assert gateway.download(_file(cloud, f"{elsewhere.url}/steal"), 10**6) == DATA
    assert cloud.server.asked[-1].query == {"redirect": "false"}
    assert elsewhere.asked == []


def test_data_center_refuses_an_address_off_the_site_before_anything_is_sent(
    datacenter: Site, elsewhere: Loopback
) -> None:
    gateway = datacenter.connect()
    for url in (f"{elsewhere.url}/steal", f"http://user:x@{datacenter.server.url[7:]}/x", "", "file:///etc/passwd"):
        with pytest.raises(Refused, match=r"only http://127\.0\.0\.1"):
            gateway.download(_file(datacenter, url), 10**6)
    assert elsewhere.asked == []
    assert datacenter.server.asked == []


def test_a_redirect_within_the_site_is_followed_with_credentials(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", _there(site), _redirect("/other/place?token=x"))
    site.server.on("GET", "/other/place", Answer(DATA))
    assert gateway.download(_file(site), 10**6) == DATA
    assert site.server.asked[-1].query == {"token": "x"}
    assert "Authorization" in site.server.asked[-1].headers


def test_a_redirect_off_the_site_is_refused_and_gets_no_credentials(site: Site, elsewhere: Loopback) -> None:
    gateway = site.connect()
    site.server.on("GET", _there(site), _redirect(f"{elsewhere.url}/steal"))
    with pytest.raises(Refused, match="not trusted"):
        gateway.download(_file(site), 10**6)
    assert elsewhere.asked == []


def test_cloud_may_redirect_to_atlassians_media_store_which_gets_no_credentials(
    cloud: Site, elsewhere: Loopback
) -> None:
    gateway = cloud.connect(media=Origin("http", "127.0.0.1", elsewhere.port))
    cloud.server.on("GET", _there(cloud), _redirect(f"{elsewhere.url}/file?token=x"))
    assert gateway.download(_file(cloud), 10**6) == DATA
    (asked,) = elsewhere.asked
    assert asked.query == {"token": "x"}
    assert "Authorization" not in asked.headers
    assert "Cookie" not in asked.headers


def test_data_center_has_no_media_store(datacenter: Site, elsewhere: Loopback) -> None:
    gateway = datacenter.connect(media=Origin("http", "127.0.0.1", elsewhere.port))
    datacenter.server.on("GET", _there(datacenter), _redirect(f"{elsewhere.url}/file"))
    with pytest.raises(Refused, match="not trusted"):
        gateway.download(_file(datacenter), 10**6)
    assert elsewhere.asked == []


def test_redirects_end(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", _there(site), _redirect(_there(site)))
    with pytest.raises(Refused, match="more than 5 times"):
        gateway.download(_file(site), 10**6)
    assert len(site.server.asked) == 6


def test_the_guard_sits_below_everything_that_sends(site: Site, elsewhere: Loopback) -> None:
    gateway = site.connect()
    with pytest.raises(Refused, match="was not sent"):
        gateway._wire.session.get(f"{elsewhere.url}/steal")
    with pytest.raises(Refused, match="was not sent"):
        Attachments(gateway._wire.jira._options, gateway._wire.session, {"content": f"{elsewhere.url}/x"}).get()  # type: ignore[no-untyped-call]  # python-jira's
    assert elsewhere.asked == []


def test_an_api_call_that_is_redirected_is_not_followed(site: Site, elsewhere: Loopback) -> None:
    gateway = site.connect()
    for url in (elsewhere.url, site.server.url):
        site.server.on("GET", f"{API}/issue/5001", _redirect(f"{url}/login"))
        with pytest.raises(OutOfReach, match="redirects elsewhere"):
            gateway.read(IssueId("5001"))
    assert elsewhere.asked == []
    assert site.server.calls(path="/login") == []


def test_a_file_is_not_read_beyond_the_limit_whatever_its_size_is_said_to_be(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", _there(site), Answer(DATA))
    assert gateway.download(_file(site), len(DATA)) == DATA
    with pytest.raises(Refused) as caught:
        gateway.download(_file(site), len(DATA) - 1)
    assert caught.value.status == 413


def test_a_file_that_says_it_is_too_large_is_not_asked_for(site: Site) -> None:
    gateway = site.connect()
    with pytest.raises(Refused, match="larger than 100 bytes"):
        gateway.download(_file(site, size=101), 100)
    assert site.server.asked == []


def test_a_file_that_was_cut_off_is_fetched_again(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", _there(site), Answer(DATA))
    site.server.first("GET", _there(site), [Answer(DATA, cut_after=500), Answer({}, 503), Answer(dropped=True)])
    assert gateway.download(_file(site), 10**6) == DATA


def test_a_file_that_comes_too_slowly_is_left_for_later(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", _there(site), Answer(DATA))
    ticking = iter(range(0, 10_000, 200))
    slow = replace(gateway._downloads, clock=lambda: float(next(ticking)))
    with pytest.raises(OutOfReach, match="too slowly"):
        slow.download(_file(site), 10**6)


def test_a_deleted_file_is_gone(site: Site) -> None:
    gateway = site.connect()
    with pytest.raises(Gone, match="Attachment 10000"):
        gateway.download(_file(site), 10**6)


def test_a_file_that_may_not_be_read_is_refused(site: Site) -> None:
    gateway = site.connect()
    site.server.on("GET", _there(site), Answer({}, 403))
    with pytest.raises(Refused) as caught:
        gateway.download(_file(site), 10**6)
    assert caught.value.status == 403
