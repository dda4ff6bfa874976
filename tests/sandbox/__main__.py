"""`python -m tests.sandbox`: a site by itself, until it is interrupted."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import click

from tests.sandbox.bare import bare_seed
from tests.sandbox.dubu import seed_from
from tests.sandbox.site import RETRY_DELAYS, Sandbox, load


@click.command()
@click.option("--port", default=0, help="0: any free port.", show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--mappings", type=click.Path(path_type=Path), default=Path("mappings"), show_default=True)
@click.option("--site", "name", default="dubu", show_default=True, help="The folder below the mappings.")
@click.option("--deployment", type=click.Choice(["cloud", "datacenter"]), help="Default: the mapping's.")
@click.option("--bare", is_flag=True, help="A plain service project as Atlassian ships it, to provision.")
@click.option("--locked", is_flag=True, help="Work starts from Godkendt only, which is the adapter's to give.")
@click.option("--webhook", help="Where events go, such as http://127.0.0.1:8080/webhooks/dubu.")
@click.option("--secret", help="Signs the webhooks.")
@click.option(
    "--retry-delays", default=",".join(map(str, RETRY_DELAYS)), show_default=True, help="Seconds, one a retry."
)
@click.option(
    "--validate", is_flag=True, help="Hold all messages against Atlassian's OpenAPI; see /sandbox/violations."
)
def main(
    *,
    port: int,
    host: str,
    mappings: Path,
    name: str,
    deployment: str | None,
    bare: bool,
    locked: bool,
    webhook: str | None,
    secret: str | None,
    retry_delays: str,
    validate: bool,
) -> None:
    """Runs a sandbox site; it prints its address, and then the settings with which an adapter finds it."""
    if bare and locked:
        raise click.UsageError("--bare is a site that nobody has locked yet")
    catalogue = load(mappings, name)
    seed = bare_seed(catalogue) if bare else seed_from(catalogue, locked=locked)
    delays = tuple(float(delay) for delay in retry_delays.split(",") if delay.strip())
    site = Sandbox(seed.on(deployment or seed.deployment), host=host, port=port, validate=validate, retry_delays=delays)
    if webhook:
        site.tell(webhook, secret)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    site.run()
    click.echo(site.url)
    for variable, value in settings_of(site, name):
        click.echo(f"{variable}={value}")
    if validate and site.why:
        click.echo(f"nothing is held against Atlassian's OpenAPI: {site.why}", err=True)
    stop.wait()
    site.stop()


def settings_of(site: Sandbox, name: str) -> Iterator[tuple[str, str]]:
    """The environment of an adapter whose mapping is in the folder `name`."""
    prefix = f"DUBU_{name.upper()}"
    yield f"{prefix}_JIRA_URL", site.url
    for account, handle in (("JIRA", "adapter"), ("ADMIN", "admin")):
        user, token = site.login(handle)
        if user is not None:
            yield f"{prefix}_{account}_USER", user
        yield f"{prefix}_{account}_TOKEN", token


if __name__ == "__main__":
    main()
