"""`dubu-adapter`: the command line, and what an error means for its exit status."""

from __future__ import annotations

import sys

import click

from adapter.commands.check import check
from adapter.commands.common import status_of
from adapter.commands.mappings import mappings
from adapter.commands.provision import provision
from adapter.commands.queueing import queue, sweep
from adapter.commands.report import report
from adapter.commands.running import serve, web, work
from adapter.commands.tickets import explain, look
from adapter.errors import AdapterError


@click.group(epilog="Exit status: 0 done or nothing to do, 1 findings, 2 usage or settings, 3 Jira or database away.")
@click.version_option(package_name="dubu-adapter")
def cli() -> None:
    """Fill DUBU service tickets in Jira, and keep work from starting before it is approved."""


for command in (serve, web, work, check, look, explain, sweep, queue, report, provision, mappings):
    cli.add_command(command)


def main() -> None:
    """Runs a command; an expected error is one line on stderr and an exit status, never a traceback."""
    try:
        cli()
    except AdapterError as error:
        click.echo(str(error), err=True)
        sys.exit(status_of(error))


if __name__ == "__main__":
    main()
