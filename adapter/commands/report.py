"""`report`: the billing basis of a month, as a workbook or a file of semicolons (R23)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from adapter.billing.csv_file import to_csv
from adapter.billing.gather import gather
from adapter.billing.judged import UNSEEN, Judged, is_unseen, judged
from adapter.billing.month import Month
from adapter.billing.output import check_place, write
from adapter.billing.report import Report
from adapter.billing.safe import clean
from adapter.billing.workbook import to_workbook
from adapter.catalogue.words import IssueId
from adapter.commands.common import FINDINGS, done_or_not, opened, options
from adapter.look import Looker, belongs
from adapter.rules.view import view_of
from adapter.site import InForce
from adapter.ticket.snapshot import Ticket, Worklog

_STDOUT = Path("-")
_WRITERS: dict[str, Callable[[Report], bytes]] = {".xlsx": to_workbook, ".csv": to_csv}


@click.command(epilog="Example: dubu-adapter report --month 2026-11 --out november.xlsx")
@click.option("--month", "wanted", required=True, metavar="YYYY-MM", help="The month to bill.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Where to write it, as .xlsx or .csv by its ending; - writes .csv to standard output; default: "
    "dubu-<site>-<month>.xlsx here.",
)
@click.option("--force", is_flag=True, help="Write over a file that is already there.")
@options
def report(wanted: str, out: Path | None, force: bool, mappings: Path | None, site: str | None) -> None:
    """Write the billing basis of a month: one row a ticket, the exceptions, and totals for each payer.

    Exit status: 0 written, 1 written with exceptions for a person to see; nothing written: 2 usage or
    settings, 3 out of reach.
    """
    month = _month(wanted)
    if out is not None and out != _STDOUT and out.suffix.lower() not in _WRITERS:
        raise click.UsageError(f"--out {out}: the name must end in .xlsx or .csv, or be - for standard output")
    with opened(mappings, site) as parts:
        looker = parts.looker
        now = looker.clock()
        if Month.of(now, ZoneInfo(looker.site.catalogue.calendar.timezone)) < month:
            raise click.UsageError(f"--month {month} has not begun: choose this month or an earlier one")
        place = out or Path(f"dubu-{looker.site.name}-{month}.xlsx")
        if place != _STDOUT:
            check_place(place, force=force)
        made = _gather(looker, month, now)
    if place == _STDOUT:
        sys.stdout.buffer.write(to_csv(made))
    else:
        write(place, _WRITERS[place.suffix.lower()](made), force=force)
    _tell(made, place)
    if made.exceptions:
        raise click.exceptions.Exit(FINDINGS)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise click.UsageError(f"--month: {error}") from error


def _gather(looker: Looker, month: Month, now: datetime) -> Report:
    here = looker.site.open()
    with done_or_not("no report was made, and nothing is written"), _progress() as progress:
        task = progress.add_task("reading tickets", total=None)
        return gather(
            _Tickets(looker, here),
            here.catalogue,
            month,
            now,
            lambda done, total: progress.update(task, completed=done, total=total),
        )


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on standard error, where somebody can see it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield progress


class _Tickets:
    """The site's tickets as they stand now, judged as a look judges them; writes nothing to Jira."""

    def __init__(self, looker: Looker, here: InForce) -> None:
        self._looker, self._here = looker, here

    def changed_since(self, moment: datetime) -> Iterator[IssueId]:
        yield from (issue for issue, _ in self._here.gateway.changed_since(moment))

    def judge(self, issue: IssueId) -> tuple[Ticket, Judged] | None:
        here = self._here
        ticket = here.gateway.read(issue)
        if not belongs(ticket, here.catalogue):
            return None
        if is_unseen(ticket):
            return ticket, UNSEEN
        view = view_of(ticket, here.catalogue, self._looker.know(here, ticket), self._looker.clock())
        return ticket, judged(view, ticket, here.catalogue)

    def worklogs(self, issue: IssueId) -> tuple[Worklog, ...]:
        return self._here.gateway.worklogs(issue)


def _tell(made: Report, place: Path) -> None:
    """Says what was written, on standard error where the report itself went to standard output."""
    console = Console(stderr=place == _STDOUT, highlight=False)
    table = Table("payer", "party", "tickets", "hours", "DKK", box=None, pad_edge=False)
    for total in made.totals:
        party = Text(clean(total.party))
        table.add_row(total.payer.value, party, str(total.tickets), f"{float(total.hours):.2f}", f"{total.amount:.2f}")
    table.add_row("all", "", str(len(made.lines)), f"{float(made.hours):.2f}", f"{made.amount:.2f}", style="bold")
    console.print(table)
    if made.exceptions:
        console.print(f"{len(made.exceptions)} exceptions: see the sheet Undtagelser, or the column in the .csv")
    if place != _STDOUT:
        console.print(Text(f"written to {place}"), soft_wrap=True)
