"""`python -m tests.sandbox`: a site by itself, until it is interrupted."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from tests.sandbox.dubu import default_seed, seed_from
from tests.sandbox.site import RETRY_DELAYS, Sandbox, load


@click.command()
@click.option("--port", default=0, help="0: any free port.", show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--mappings", type=click.Path(path_type=Path), default=Path("mappings"), show_default=True)
@click.option("--site", "name", default="dubu", show_default=True, help="The folder below the mappings.")
@click.option("--deployment", type=click.Choice(["cloud", "datacenter"]), help="Default: the mapping's.")
@click.option("--bare", is_flag=True, help="A small site that needs no mapping.")
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
    """Runs a sandbox site; the first line it prints is its address."""
    seed = default_seed() if bare else seed_from(load(mappings, name), locked=locked)
    delays = tuple(float(delay) for delay in retry_delays.split(",") if delay.strip())
    site = Sandbox(seed.on(deployment or seed.deployment), host=host, port=port, validate=validate, retry_delays=delays)
    if webhook:
        site.tell(webhook, secret)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    site.run()
    click.echo(site.url)
    if validate and site.why:
        click.echo(f"nothing is held against Atlassian's OpenAPI: {site.why}", err=True)
    stop.wait()
    site.stop()


if __name__ == "__main__":
    main()
