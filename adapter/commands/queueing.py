"""`sweep` and `queue`: what is looked at next, and what waits for a person."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from adapter.commands.common import FINDINGS, done_or_not, opened, options
from adapter.sweep import Sweeper


@click.command(epilog="Example: dubu-adapter sweep --all")
@click.option(
    "--all", "everything", is_flag=True, help="Every open ticket, not only what changed since the last sweep."
)
@options
def sweep(everything: bool, mappings: Path | None, site: str | None) -> None:
    """Put every ticket that changed since the last sweep in the queue; the worker looks at them.

    Exit status: 0 done, 2 settings, 3 out of reach.
    """
    with (
        opened(mappings, site) as parts,
        done_or_not("the sweep was not finished"),
        Progress(
            SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=Console(stderr=True)
        ) as progress,
    ):
        task = progress.add_task("asking Jira", total=None)
        found = 0
        for found in Sweeper(parts.looker.site, parts.store, parts.queue).sweep(everything=everything):
            progress.update(task, description=f"{found} tickets put in the queue")
    click.echo(f"{found} tickets put in the queue")


@click.group(invoke_without_command=True, epilog="Example: dubu-adapter queue; dubu-adapter queue retry DUBU-12")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
@options
@click.pass_context
def queue(context: click.Context, as_json: bool, mappings: Path | None, site: str | None) -> None:
    """Show what waits, runs, is put off and is set aside.

    Exit status: 0 nothing is set aside, 1 tickets wait for a person or the brake is on, 2 settings, 3 out of reach.
    """
    context.obj = (mappings, site)
    if context.invoked_subcommand is not None:
        return
    with opened(mappings, site, must_exist=True) as parts:
        name = parts.looker.site.name
        figures, waiting = parts.queue.figures(name), parts.queue.waiting(name)
        aside, state = parts.store.set_aside_list(name), parts.store.site_state(name)
    is_braked = state.is_braked(datetime.now(UTC))
    if as_json:
        told = {
            "site": name,
            **asdict(figures),
            "is_braked": is_braked,
            "braked_at": state.braked_at,
            "tickets": [asdict(ticket) for ticket in waiting],
            "set_aside_tickets": [asdict(ticket) for ticket in aside],
        }
        click.echo(json.dumps(told, indent=2, default=str))
    else:
        console = Console()
        console.print(
            f"{name}: {figures.waiting} waiting, {figures.running} running, "
            f"{figures.scheduled} put off, {figures.set_aside} set aside"
        )
        if is_braked:
            console.print(
                f"braked, last at {state.braked_at}: too many tickets changed within the hour, so nothing but the "
                "closing of gates is written; undo the last edit of the mapping if it is wrong, else wait or raise "
                "bremse_sager_i_timen in jira.yaml",
                markup=False,
            )
        table = Table("ticket", "state", "since or when", box=None)
        for ticket in waiting:
            table.add_row(ticket.issue, ticket.state, str(ticket.at or ""))
        for shelved in aside:
            table.add_row(shelved.key or shelved.issue, f"set aside: {shelved.reason}", str(shelved.at))
        if table.row_count:
            console.print(table)
    if aside or is_braked:
        raise click.exceptions.Exit(FINDINGS)


@queue.command(epilog="Example: dubu-adapter queue retry DUBU-12 DUBU-15")
@click.argument("keys", nargs=-1, required=True)
@click.pass_obj
def retry(chosen: tuple[Path | None, str | None], keys: tuple[str, ...]) -> None:
    """Take up tickets that were set aside, by key or id.

    Exit status: 0 all taken up, 1 some are not set aside, 2 settings, 3 out of reach.
    """
    with opened(*chosen, must_exist=True) as parts:
        unknown = parts.queue.retry(parts.looker.site.name, keys)
    for key in unknown:
        click.echo(f"{key} is not set aside; see: dubu-adapter queue")
    if unknown:
        raise click.exceptions.Exit(FINDINGS)
