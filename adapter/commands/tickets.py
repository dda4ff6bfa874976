"""`look` and `explain`: what should be true of one ticket, and what was done about it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapter.catalogue.words import IssueKey
from adapter.commands.common import FINDINGS, opened, options
from adapter.rules.plan import Plan, SetFields, WriteStatusComment
from adapter.scribe import facts_of
from adapter.ticket.snapshot import Ticket


@click.command(epilog="Example: dubu-adapter look DUBU-12")
@click.argument("key")
@click.option("--apply", "carry_out", is_flag=True, help="Carry the plan out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
@options
def look(key: str, carry_out: bool, as_json: bool, mappings: Path | None, site: str | None) -> None:
    """Show what should be true of a ticket and why; changes nothing without --apply.

    Exit status: 0 nothing to do or carried out, 1 there is something to do or Jira refused it, 2 settings or no such
    ticket, 3 out of reach.
    """
    with opened(mappings, site) as parts:
        ticket, plan = parts.looker.plan(IssueKey(key.upper()))
        _show(ticket, plan, as_json=as_json)
        if carry_out:
            parts.looker.apply(ticket.id)
    if not (carry_out or plan.is_empty):
        raise click.exceptions.Exit(FINDINGS)


@click.command(epilog="Example: dubu-adapter explain DUBU-12")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
@options
def explain(key: str, as_json: bool, mappings: Path | None, site: str | None) -> None:
    """Tell what the adapter has done on a ticket: when, by which rule and mapping version, on what evidence.

    Exit status: 0 told, 1 nothing was done on it, 2 settings, 3 out of reach.
    """
    with opened(mappings, site, must_exist=True) as parts:
        entries = parts.store.journal_of(parts.looker.site.name, key)
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, indent=2, default=_plain))
    else:
        table = Table(box=None, pad_edge=False)
        for heading in ("when", "action", "rules", "mapping", "facts"):
            # A narrow window costs lines, not words: what is long folds, what is short stays whole.
            table.add_column(heading, overflow="fold", no_wrap=heading not in {"rules", "facts"})
        for entry in entries:
            facts = "\n".join(f"{name}={_short(value)}" for name, value in entry.facts.items())
            when = f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}"
            table.add_row(when, entry.action, " ".join(entry.rules), entry.mapping_version, Text(facts))
        Console().print(table if entries else f"nothing was done on {key}")
    if not entries:
        raise click.exceptions.Exit(FINDINGS)


def _show(ticket: Ticket, plan: Plan, *, as_json: bool) -> None:
    if as_json:
        actions = [{"action": type(a).__name__, "rules": a.rules, **facts_of(a), **_values(a)} for a in plan.actions]
        told = {"key": ticket.key, "status": ticket.status.name, "wake_at": plan.wake_at, "actions": actions}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2, default=_plain))
        return
    console = Console()
    console.print(Text(f"{ticket.key}  {ticket.status.name}", style="bold"))
    for action in plan.actions:
        rules = " ".join(action.rules)
        match action:
            case SetFields():
                for setting in action.settings:
                    console.print(Text(f"  set {setting.field.value} = {_plain(setting.value)}  ({setting.rule})"))
            case WriteStatusComment():
                console.print(Text(f"  write the status comment  ({rules})"))
                console.print(Text("    " + action.body.replace("\n", "\n    "), style="dim"))
            case _:
                facts = " ".join(f"{name}={_short(value)}" for name, value in facts_of(action).items())
                console.print(Text(f"  {type(action).__name__} {facts}  ({rules})"))
    if plan.is_empty:
        console.print("  nothing to do")
    if plan.wake_at is not None:
        console.print(f"  next look without an event: {plan.wake_at.astimezone().isoformat(' ', 'seconds')}")


def _values(action: object) -> dict[str, Any]:
    if isinstance(action, SetFields):
        return {"values": {setting.field.value: setting.value for setting in action.settings}}
    return {"body": action.body} if isinstance(action, WriteStatusComment) else {}


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone().isoformat(" ", "seconds")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case tuple() | set() | frozenset():
            return list(value)
        case _:
            return "—" if value is None else str(value)


def _short(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(_short(item) for item in value)
    text = str(value)
    return text if len(text) <= 24 else f"{text[:12]}…"
