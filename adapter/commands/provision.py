"""`provision`: what a site lacks of what the mapping needs, as a diff; and making it."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from adapter.catalogue.load import load_site
from adapter.commands.common import FINDINGS, USAGE, chosen_site, options, settings_for
from adapter.gateway.admin.gateway import AdminGateway
from adapter.gateway.admin.read import Tell
from adapter.gateway.login import variable
from adapter.logs import configure
from adapter.provision.afterwards import afterwards
from adapter.provision.found import Found
from adapter.provision.steps import AddContext, CreateField, Provisioning, Step

_STYLES = {"+": "green", "-": "red", "~": "yellow"}


@click.command(epilog="Example: dubu-adapter provision --webhook-url https://adapter.example.org/webhooks/dubu")
@click.option("--apply", "carry_out", is_flag=True, help="Make it, after asking once more.")
@click.option("--yes", is_flag=True, help="With --apply: do not ask.")
@click.option("--webhook-url", help="Where Jira is to send webhooks; default: DUBU_<SITE>_WEBHOOK_URL.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
@options
def provision(
    carry_out: bool, yes: bool, webhook_url: str | None, as_json: bool, mappings: Path | None, site: str | None
) -> None:
    """Show what the site lacks of what the mapping needs; changes nothing without --apply.

    Needs an administrator's login: DUBU_<SITE>_ADMIN_USER and DUBU_<SITE>_ADMIN_TOKEN (Data Center: only the token).

    Exit status: 0 nothing to do, or done and verified; 1 there is something to do, or it was refused; 2 settings; 3 out
    of reach: what was done stays, and the next run does the rest.
    """
    settings = settings_for(mappings, site)
    configure(settings.log_format, sys.stderr, logging.WARNING)
    name = chosen_site(settings)
    catalogue = load_site(settings.mappings / name)
    its_own = settings.site(name)
    gateway = AdminGateway.connect(its_own, catalogue, webhook_url=webhook_url)
    secrets = variable(its_own, "WEBHOOK_SECRETS")
    with _progress() as tell:
        found, plan = gateway.plan(lambda part: tell(f"læser {part}"))
    if as_json:
        click.echo(json.dumps(_plain(plan, secrets), ensure_ascii=False, indent=2))
    else:
        _print(plan, secrets, told_to_apply=carry_out)
    if carry_out and found is not None and plan.steps and not plan.obstacles:
        if not yes:
            _ask()
        done, plan = _apply(gateway, found, plan, yes=yes)
        for line in afterwards(done, secrets):
            click.echo(f"Bagefter, i hånden: {line}", err=True)
        click.echo(f"udført og efterset: {_left(plan)}", err=as_json)
    if plan.steps or plan.obstacles or any(not step.is_unseen for step in plan.by_hand):
        raise click.exceptions.Exit(FINDINGS)


def _left(plan: Provisioning) -> str:
    if plan.obstacles:
        return f"! {'; '.join(obstacle.text for obstacle in plan.obstacles)}"
    if plan.steps:
        return f"{len(plan.steps)} trin mangler igen: kør kommandoen igen"
    by_hand = "nu trinene i hånden ovenfor; dubu-adapter check ser efter, om de er gjort"
    return by_hand if plan.by_hand else "intet mangler"


def _ask() -> None:
    if not sys.stdin.isatty():
        click.echo("--apply asks before it changes anything, and here is nobody to ask: add --yes", err=True)
        raise click.exceptions.Exit(USAGE)
    click.confirm("Skal det udføres?", abort=True, err=True)  # stdout may be a file: --json > plan.json


def _apply(gateway: AdminGateway, found: Found, plan: Provisioning, *, yes: bool) -> tuple[list[Step], Provisioning]:
    """Carries the plan out with its progress shown, and returns what was done and what a new reading says is left."""
    agreed, made = {str(step) for step in plan.steps}, {s.name for s in plan.steps if isinstance(s, CreateField)}
    done: list[Step] = []

    def agrees(step: Step) -> bool:
        """A new field in the project needs no yes of its own, where Jira makes it without a context."""
        return yes or str(step) in agreed or (isinstance(step, AddContext) and step.field_name in made)

    with _progress() as tell:

        def told(step: Step) -> None:
            done.append(step)
            tell(f"{len(done)}/{max(len(plan.steps), len(done))}  {str(step).partition(chr(10))[0]}")

        gateway.bring_about(found, told, agrees)
        _, left = gateway.plan(lambda part: tell(f"efterser {part}"))
    return done, left


@contextmanager
def _progress() -> Iterator[Tell]:
    """One line on standard error that says what is being done, where somebody can see it."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda line: progress.update(task, description=line)


def _print(plan: Provisioning, secrets: str, *, told_to_apply: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for obstacle in plan.obstacles:
        console.print(Text(f"! {obstacle.text}{_at(obstacle.place)}", style="bold red"))
    for step in plan.steps:
        first, *changes = str(step).split("\n")
        console.print(Text(first, style=_STYLES.get(first[:1], "")).append(_at(step.place), style="dim"))
        for change in changes:
            console.print(Text(change, style=_STYLES.get(change.strip()[:1], "")))
    if plan.by_hand:
        console.print("I hånden, i denne rækkefølge; dubu-adapter check ser efter, om det er gjort:")
    for number, task in enumerate(plan.by_hand, 1):
        console.print(Text(f"{number:>3}. {task.text}").append(_at(task.place), style="dim"))
    for note in plan.notes:
        console.print(Text(f"Bemærk: {note}"))
    for line in afterwards(plan.steps, secrets):
        console.print(Text(f"Bagefter, i hånden: {line}"))
    console.print(_summary(plan, told_to_apply=told_to_apply))


def _summary(plan: Provisioning, *, told_to_apply: bool) -> str:
    if plan.is_empty:
        return "intet at gøre: sitet har alt, hvad mappingen skal bruge"
    if plan.obstacles:
        return "intet ændres, før det med ! er klaret"
    return f"{len(plan.steps)} trin" + ("" if told_to_apply or not plan.steps else "; --apply udfører dem")


def _at(place: str) -> str:
    return f"  [{place}]" if place else ""


def _plain(plan: Provisioning, secrets: str) -> dict[str, object]:
    return {
        "steps": [{"step": type(step).__name__, "line": str(step), "place": step.place} for step in plan.steps],
        "by_hand": [asdict(step) for step in plan.by_hand],
        "obstacles": [asdict(obstacle) for obstacle in plan.obstacles],
        "notes": list(plan.notes),
        "afterwards": list(afterwards(plan.steps, secrets)),
    }
