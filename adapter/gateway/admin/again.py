"""Reading one part of a site anew: what a step was about."""

from __future__ import annotations

from dataclasses import replace

from adapter.gateway.admin.fields import Fields
from adapter.gateway.admin.keys import ProjectKeys
from adapter.gateway.admin.lists import Lists
from adapter.gateway.admin.screens import Screens
from adapter.gateway.admin.webhooks import Webhooks
from adapter.gateway.admin.workflows import Workflows
from adapter.gateway.session import Wire
from adapter.provision.found import Found
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


def again(step: Step, found: Found, wire: Wire, cloud: bool) -> Found:  # noqa: PLR0911 -- one return a part
    """The site as it was found, with the part that a step is about as it is now."""
    lists, project = Lists(wire, cloud), found.project
    match step:
        case (
            CreateField(name=name)
            | AddContext(field_name=name)
            | AddOptions(field_name=name)
            | EnableOptions(field_name=name)
        ):
            there = Fields(wire, cloud, ProjectKeys(wire)).read({name}, project.id)
            others = (f for f in found.fields or () if f.name.casefold() != name.casefold())
            return replace(found, fields=(*others, *there))
        case PutOnScreen():
            reader = Screens(wire)
            screens = tuple(reader.again(s) if s.id == step.screen_id else s for s in found.screens or ())
            return replace(found, screens=screens)
        case CreateStatus():
            return replace(found, statuses=lists.statuses())
        case CreateRole() | JoinRole() | LeaveRole():
            return replace(found, roles=lists.roles(project.key))
        case CreateRequestType():
            return replace(found, request_types=lists.request_types(project.key))
        case ChangeWorkflow():
            flows = Workflows(wire, ProjectKeys(wire))
            workflows = tuple(flows.again(project, w) if w.id == step.workflow_id else w for w in found.workflows or ())
            return replace(found, workflows=workflows)
        case WriteWebhook():
            return replace(found, webhooks=Webhooks(wire, cloud).read())
