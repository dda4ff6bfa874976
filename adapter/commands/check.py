"""`check`: what is amiss on the live site, held against the mapping; nothing is written."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from adapter.catalogue.load import load_site
from adapter.catalogue.model import Catalogue
from adapter.catalogue.words import SiteName
from adapter.commands.common import FINDINGS, USAGE, chosen_site, options, settings_for
from adapter.database import open_database
from adapter.doctor.diagnose import bars_all, diagnosis, is_amiss
from adapter.doctor.finding import Code, Finding, Level
from adapter.doctor.seen import Deliveries, Seen
from adapter.errors import ConfigurationError, OutOfReach
from adapter.gateway.examine.examiner import Examiner
from adapter.logs import configure
from adapter.settings import Settings
from adapter.store.store import Store

_STYLES = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.NOTE: "dim"}


@click.command(epilog="Example: DUBU_DUBU_ADMIN_TOKEN=… DUBU_DUBU_ADMIN_USER=… dubu-adapter check --json")
@click.option("--json", "as_json", is_flag=True, help="A JSON list of the findings, for scripts.")
@options
def check(as_json: bool, mappings: Path | None, site: str | None) -> None:
    """Hold the live site against the mapping: each finding says what is amiss, why it matters and what to do.

    Changes nothing. With an administrator's login (DUBU_<SITE>_ADMIN_USER and DUBU_<SITE>_ADMIN_TOKEN; Data Center:
    only the token) it also sees workflows, webhooks and field contexts; what it could not see is a finding of its own.

    Exit status: 0 nothing amiss (notes do not count), 1 errors or warnings, 2 settings, also where Jira does not accept
    address or login, 3 Jira out of reach.
    """
    settings = settings_for(mappings, site)
    configure(settings.log_format, sys.stderr, logging.ERROR)
    name = chosen_site(settings)
    catalogue = load_site(settings.mappings / name)
    with _progress() as tell:
        tell("databasen")
        deliveries = _deliveries(settings, name)
        seen = Examiner(settings.site(name), catalogue, tell=lambda part: tell(f"ser efter: {part}")).whole(deliveries)
    findings = diagnosis(catalogue, seen)
    if as_json:
        click.echo(json.dumps([_plain(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        _print(catalogue, seen, findings)
    if bars_all(catalogue, seen.front):
        raise click.exceptions.Exit(USAGE)
    if is_amiss(findings):
        raise click.exceptions.Exit(FINDINGS)


def _deliveries(settings: Settings, site: SiteName) -> Deliveries | None:
    """When webhooks last came; None where there is no database that could tell."""
    try:
        with open_database(settings, must_exist=True) as database:
            state = Store(database.pool).site_state(site)
    except (ConfigurationError, OutOfReach):
        return None
    return Deliveries(state.delivered_at, state.turned_away_at)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """One line on standard error that says what is being looked at, where somebody can see it."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda line: progress.update(task, description=line)


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "level": finding.level.value,
        "code": finding.code.value,
        "place": finding.place,
        "what": finding.told,
        "why": finding.why,
        "next_step": finding.next_step,
    }


def _print(catalogue: Catalogue, seen: Seen, findings: tuple[Finding, ...]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(f"{seen.site}: {seen.front.url}, projekt {catalogue.jira.project}{_looked(seen)}"))
    assumed = [finding for finding in findings if finding.code is Code.ASSUMPTION]
    for finding in findings:
        if finding.code is not Code.ASSUMPTION:
            head = Text(f"\n{finding.level.value.upper()}  ", style=_STYLES[finding.level]).append(
                finding.told, "default"
            )
            console.print(head.append(f"  [{finding.place}]" if finding.place else "", style="dim"))
            console.print(Text(f"  hvorfor: {finding.why}"))
            console.print(Text(f"  gør:     {finding.next_step}"))
    if assumed:
        console.print(f"\n{len(assumed)} antagelser gælder, til ejeren har bekræftet dem:")
    for finding in assumed:
        console.print(Text(f"  {finding.what}", style="default").append(f"  [{finding.place}]", style="dim"))
    numbers = {level: sum(finding.level is level for finding in findings) for level in Level}
    console.print(
        f"\n{numbers[Level.ERROR]} fejl, {numbers[Level.WARNING]} advarsler, {numbers[Level.NOTE]} oplysninger"
        f"{'' if is_amiss(findings) else ': intet at rette'}"
    )


def _looked(seen: Seen) -> str:
    """With whose eyes, and when a webhook last came."""
    admin, last = seen.administrator, seen.deliveries.genuine if seen.deliveries else None
    eyes = f"; set med {admin.name}s rettigheder" if admin.looked else "; set med adapterens egne rettigheder"
    return f"{eyes if seen.found else ''}{f'; seneste levering for {_ago(last)} siden' if last else ''}"


def _ago(moment: datetime) -> str:
    seconds = max(0, round((datetime.now(UTC) - moment).total_seconds()))
    for size, one, more in ((86400, "dag", "dage"), (3600, "time", "timer"), (60, "minut", "minutter")):
        if seconds >= size:
            return f"{seconds // size} {one if seconds // size == 1 else more}"
    return "under et minut"
