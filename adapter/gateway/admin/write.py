"""Carries out one step on a site: every POST can be looked for, so that a lost answer doubles nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

from adapter.catalogue.words import FieldType
from adapter.errors import Refused
from adapter.gateway.admin.lists import V3, Lists
from adapter.gateway.admin.payload import complaints, payload_of
from adapter.gateway.admin.screens import Screens
from adapter.gateway.admin.webhooks import NEW, Webhooks, new_shape, old_shape
from adapter.gateway.session import API, DESK, Rejected, Wire
from adapter.gateway.shapes import text
from adapter.provision.found import ActorKind, Context, CustomField, Found
from adapter.provision.plan import edits_of
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
from adapter.provision.wanted import Wanted

TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:"
MAKES = {
    FieldType.SELECT: ("select", "multiselectsearcher"),
    FieldType.TEXT: ("textfield", "textsearcher"),
    FieldType.NUMBER: ("float", "exactnumber"),
    FieldType.DATE: ("datepicker", "daterange"),
    FieldType.DATETIME: ("datetime", "datetimerange"),
}
OPTIONS = f"{API}/field/{{field}}/context/{{context}}/option"
DESCRIPTION = "Udfyldes af DUBU-adapteren."
Arrived = Callable[[], bool]


class Conflict(Refused):
    """Somebody changed a workflow after it was read: it is read and planned again."""


@dataclass(frozen=True)
class AdminWriter:
    """Writes to one site, and reads nothing but what its own calls answer."""

    wire: Wire
    cloud: bool
    wanted: Wanted
    secret: str | None = field(repr=False)

    def carry_out(self, step: Step, found: Found, arrived: Arrived) -> None:  # noqa: C901, PLR0912 -- one arm a kind of step
        """Does one step; Conflict where the workflow changed meanwhile, Refused where Jira says no.

        `found` is the site as it is now, with the ids of what earlier steps made.
        """
        try:
            match step:
                case CreateField():
                    self._create_field(step, arrived)
                case AddContext():
                    self._add_context(step, found, arrived)
                case AddOptions():
                    self._add_options(step, found, arrived)
                case EnableOptions():
                    self._enable_options(step, found)
                case PutOnScreen():
                    self._put_on_screen(step, found)
                case CreateStatus():
                    self._create_status(step, arrived)
                case CreateRole():
                    self.wire.post(f"{API}/role", {"name": step.name, "description": DESCRIPTION}, arrived)
                case JoinRole():
                    self._join(step, found, arrived)
                case LeaveRole():
                    self._leave(step, found)
                case CreateRequestType():
                    self._create_request_type(step, found, arrived)
                case ChangeWorkflow():
                    self._change_workflow(step, found, arrived)
                case WriteWebhook():
                    self._write_webhook(step, arrived)
                case _:
                    assert_never(step)
        except Rejected as refusal:
            line = str(step).partition("\n")[0]
            raise Refused(f"{line}: {refusal}{NEXT_STEPS.get(refusal.status, '')}", refusal.status) from None

    def _create_field(self, step: CreateField, arrived: Arrived) -> None:
        kind, searcher = MAKES[step.type]
        body = {
            "name": step.name,
            "description": DESCRIPTION,
            "type": TYPES + kind,
            "searcherKey": TYPES + searcher,
        }
        self.wire.post(f"{API}/field", body, arrived)

    def _add_context(self, step: AddContext, found: Found, arrived: Arrived) -> None:
        body = {
            "name": f"DUBU-adapter {found.project.key}",
            "description": DESCRIPTION,
            "projectIds": [found.project.id],
            "issueTypeIds": [],
        }
        self.wire.post(f"{API}/field/{{field}}/context", body, arrived, field=_field(found, step.field_name).id)

    def _add_options(self, step: AddOptions, found: Found, arrived: Arrived) -> None:
        there, context = _context(found, step)
        body = {"options": [{"value": label, "disabled": False} for label in step.labels]}
        self.wire.post(OPTIONS, body, arrived, field=there.id, context=context.id)

    def _enable_options(self, step: EnableOptions, found: Found) -> None:
        there, context = _context(found, step)
        named = [o for o in context.options if o.label in step.labels]
        body = {"options": [{"id": o.id, "value": o.label, "disabled": False} for o in named]}
        self.wire.put(OPTIONS, body, field=there.id, context=context.id)

    def _put_on_screen(self, step: PutOnScreen, found: Found) -> None:
        reader = Screens(self.wire)
        screen = next(s for s in found.screens or () if s.id == step.screen_id)
        path = f"{API}/screens/{{screen}}/tabs/{{tab}}/fields"
        for name in step.field_names:
            field_id = _field(found, name).id
            self.wire.post(
                path,
                {"fieldId": field_id},
                lambda wanted=field_id: wanted in reader.again(screen).field_ids,  # type: ignore[misc]  # the field of this turn
                screen=screen.id,
                tab=screen.tab_id,
            )

    def _create_status(self, step: CreateStatus, arrived: Arrived) -> None:
        status = {"name": step.name, "statusCategory": step.category, "description": ""}
        self.wire.post(f"{V3}/statuses", {"scope": {"type": "GLOBAL"}, "statuses": [status]}, arrived)

    def _join(self, step: JoinRole, found: Found, arrived: Arrived) -> None:
        role, project = _role(found, step.role), found.project.key
        path = f"{API}/project/{{project}}/role/{{role}}"
        self.wire.post(path, {"user": [step.account]}, arrived, project=project, role=role)

    def _leave(self, step: LeaveRole, found: Found) -> None:
        kind = "user" if step.actor.kind is ActorKind.USER else "groupId" if self.cloud else "group"
        path = f"{API}/project/{{project}}/role/{{role}}?{kind}={{actor}}"
        role = _role(found, step.role)
        try:
            self.wire.delete(path, project=found.project.key, role=role, actor=step.actor.id)
        except Rejected as refusal:
            if refusal.status != 404:  # gone already, as where the first answer was lost
                raise

    def _create_request_type(self, step: CreateRequestType, found: Found, arrived: Arrived) -> None:
        desk = Lists(self.wire, self.cloud).desk(found.project.key) or ""
        body = {"name": step.name, "description": "", "helpText": "", "issueTypeId": step.type_id}
        self.wire.post(f"{DESK}/servicedesk/{{desk}}/requesttype", body, arrived, desk=desk)

    def _change_workflow(self, step: ChangeWorkflow, found: Found, arrived: Arrived) -> None:
        draft = next(d for d in edits_of(self.wanted, found) if d.workflow.id == step.workflow_id)
        payload = payload_of(draft.workflow)
        asked = {"payload": payload, "validationOptions": {"levels": ["ERROR"]}}
        answer = self.wire.post(f"{V3}/workflows/update/validation", asked, lambda: False)  # changes nothing
        wrong = complaints(answer, draft.workflow)
        if wrong:
            told = "; ".join(wrong)
            raise Refused(f'workflowet "{step.name}" kan ikke ændres, som det skal: {told}; intet er ændret i det', 400)
        try:
            self.wire.post(f"{V3}/workflows/update", payload, arrived)
        except Rejected as refusal:
            if refusal.status == 409:
                raise Conflict(f'workflowet "{step.name}" blev ændret af en anden imens', 409) from None
            raise

    def _write_webhook(self, step: WriteWebhook, arrived: Arrived) -> None:
        place, _ = Webhooks(self.wire, self.cloud).found()
        body = (new_shape if place == NEW else old_shape)(step.webhook, self.secret)
        if step.webhook.id:
            self.wire.put(f"{place}/{{webhook}}", body, webhook=step.webhook.id)
        else:
            self.wire.post(place, body, arrived)


NEXT_STEPS = {
    400: "; Jira tager det ikke, som det står: gør det i hånden på sitet, og kør kommandoen igen",
    401: "; giv administratorens konto rettigheden Administer Jira",
    403: "; giv administratorens konto rettigheden Administer Jira",
    404: "; det findes ikke længere: kør kommandoen igen",
    409: "; noget af samme navn er der, eller en anden ændring er i gang: kør kommandoen igen",
}


def _field(found: Found, name: str) -> CustomField:
    there = found.named(name)
    if len(there) != 1:
        raise Refused(f'feltet "{text(name)}" findes ikke længere præcis én gang; kør kommandoen igen', 409)
    return there[0]


def _context(found: Found, step: AddOptions | EnableOptions) -> tuple[CustomField, Context]:
    there = _field(found, step.field_name)
    return there, next(c for c in there.contexts_for(found.project.id) if c.name == step.context)


def _role(found: Found, name: str) -> str:
    role = found.role(name)
    if role is None:
        raise Refused(f'projektrollen "{name}" findes ikke længere; kør kommandoen igen', 409)
    return role.id
