"""A site as it will be once a step is done, with made-up ids: what a plan rests its later steps on."""

from __future__ import annotations

from dataclasses import replace

from adapter.provision.found import Actor, ActorKind, Context, CustomField, Found, Option, Role, Status
from adapter.provision.steps import (
    AddContext,
    AddOptions,
    ChangeWorkflow,
    CreateField,
    CreateRequestType,
    CreateRole,
    CreateStatus,
    EnableOptions,
    JoinRole,
    LeaveRole,
    PutOnScreen,
    Step,
    WriteWebhook,
)
from adapter.provision.wanted import KINDS


def assumed(found: Found, step: Step) -> Found:
    """The site after a step, as far as later steps look at it."""
    match step:
        case CreateField() | AddContext() | AddOptions() | EnableOptions():
            return replace(found, fields=_fields(found, step))
        case CreateRole() | JoinRole() | LeaveRole():
            return replace(found, roles=_roles(found.roles or (), step))
        case CreateStatus():
            made = Status(f"?{step.name}", step.name, step.category)
            return replace(found, statuses=(*(found.statuses or ()), made))
        case PutOnScreen() | CreateRequestType() | ChangeWorkflow() | WriteWebhook():
            return found


def _fields(found: Found, step: CreateField | AddContext | AddOptions | EnableOptions) -> tuple[CustomField, ...]:
    there = found.fields or ()
    match step:
        case CreateField():
            everybodys = Context(f"?{step.name}", f"?{step.name}", True)  # as Jira gives a new field
            contexts = (everybodys,) if found.is_cloud else None
            return (*there, CustomField(f"?{step.name}", step.name, KINDS[step.type], contexts))
        case AddContext():
            name, added = step.field_name, _context(found, step.field_name)
            return tuple(replace(f, contexts=(*(f.contexts or ()), added)) if f.name == name else f for f in there)
        case AddOptions() | EnableOptions():
            return tuple(_with_options(f, step) if f.name == step.field_name else f for f in there)


def _with_options(field: CustomField, step: AddOptions | EnableOptions) -> CustomField:
    def offered(there: tuple[Option, ...]) -> tuple[Option, ...]:
        if isinstance(step, AddOptions):
            return (*there, *(Option(f"?{step.field_name}:{label}", label) for label in step.labels))
        return tuple(replace(o, is_disabled=False) if o.label in step.labels else o for o in there)

    contexts = field.contexts or ()
    return replace(
        field,
        contexts=tuple(replace(c, options=offered(c.options)) if c.name == step.context else c for c in contexts),
    )


def _roles(there: tuple[Role, ...], step: CreateRole | JoinRole | LeaveRole) -> tuple[Role, ...]:
    match step:
        case CreateRole():
            return (*there, Role(f"?{step.name}", step.name))
        case JoinRole():
            joined = Actor(ActorKind.USER, step.account, step.account)
            return tuple(replace(r, actors=(*r.actors, joined)) if r.name == step.role else r for r in there)
        case LeaveRole():
            return tuple(
                replace(r, actors=tuple(a for a in r.actors if a != step.actor)) if r.name == step.role else r
                for r in there
            )


def _context(found: Found, name: str) -> Context:
    return Context(f"?{name}", f"?{name}", False, frozenset({found.project.id}))
