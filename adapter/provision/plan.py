"""What a site lacks, as steps in the order in which they can be done: pure, and the same for the same site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from adapter.provision.assumed import assumed
from adapter.provision.by_hand import by_hand
from adapter.provision.draft import Draft
from adapter.provision.edit import editor_of
from adapter.provision.found import Found, Webhook
from adapter.provision.hook import covers, in_use, lacking_events, leads_to
from adapter.provision.notes import notes_of
from adapter.provision.obstacles import obstacles_of, types_of
from adapter.provision.side_doors import is_ours
from adapter.provision.steps import (
    SIGNED,
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
    Provisioning,
    PutOnScreen,
    Step,
    WriteWebhook,
)
from adapter.provision.telling import some
from adapter.provision.wanted import Wanted, WantedField


def plan_of(wanted: Wanted, found: Found) -> Provisioning:
    """Every step from what was found to what is wanted; each later one as if the earlier were done."""
    obstacles = obstacles_of(wanted, found)
    if found.project.is_team_managed:
        return Provisioning(obstacles=obstacles)
    steps: list[Step] = []
    for kind in (_fields, _statuses, _role, _request_types, _workflows, _webhook):
        for step in kind(wanted, found):
            steps.append(step)
            found = assumed(found, step)
    notes = (*_of_screens(steps, found), *notes_of(wanted, found))
    return Provisioning(tuple(steps), by_hand(wanted, found), obstacles, notes)


def _fields(wanted: Wanted, found: Found) -> Iterator[Step]:
    for field in wanted.fields:
        there = found.named(field.name)
        if not there and found.fields is not None:
            made = CreateField(field.name, field.type, field.place)
            yield made
            there = assumed(found, made).named(field.name)
        if len(there) != 1 or there[0].contexts is None:
            continue  # two are an obstacle; contexts are not told on Data Center
        contexts = there[0].contexts_for(found.project.id)
        if not contexts or (field.labels and there[0].kind == "option" and all(c.is_blank for c in contexts)):
            context = AddContext(field.name, field.place)
            yield context
            contexts = (
                assumed(replace(found, fields=there), context).named(field.name)[0].contexts_for(found.project.id)
            )
        for one in contexts:
            if there[0].kind != "option" or one.is_shared(found.project.id):
                continue  # what a shared one lacks is an obstacle
            disabled = one.disables(field.labels)
            if missing := tuple(label for label in one.lacks(field.labels) if label not in disabled):
                yield AddOptions(field.name, one.name, missing, field.place)
            if disabled:
                yield EnableOptions(field.name, one.name, disabled, field.place)
    yield from _screens(wanted, found)


def _screens(wanted: Wanted, found: Found) -> Iterator[Step]:
    for screen in found.screens or ():
        lacking = tuple(f.name for f in wanted.fields if not _is_on(screen.field_ids, f, found))
        if lacking:
            yield PutOnScreen(screen.id, screen.name, lacking, wanted.at("felter"), screen.others)


def _of_screens(steps: Iterable[Step], found: Found) -> Iterator[str]:
    """What else fields on a screen are seen by: it is others' own matter, but theirs to know."""
    touched = [step for step in steps if isinstance(step, PutOnScreen)]
    for step in touched:
        if step.others:
            yield (
                f'skærmbilledet "{step.screen}" bruges også af {some(step.others)}: et felt ses også på deres sager, '
                "hvis en af dets kontekster gælder dér, som den, Jira giver et nyt felt, gør; giv "
                f"{found.project.key} et skærmbillede for sig selv, hvis det ikke må ses dér"
            )
    if touched:
        yield "om et af skærmbillederne også vises ved overgange i andre projekters workflows, er ikke undersøgt"


def _is_on(field_ids: frozenset[str], field: WantedField, found: Found) -> bool:
    return any(there.id in field_ids for there in found.named(field.name))


def _statuses(wanted: Wanted, found: Found) -> Iterator[Step]:
    for status in wanted.statuses:
        if found.is_cloud and found.statuses is not None and found.status(status.name) is None:
            yield CreateStatus(status.name, status.category, status.place)


def _role(wanted: Wanted, found: Found) -> Iterator[Step]:
    place = wanted.at("roller", "adapter")
    role = found.role(wanted.role)
    if role is None and found.roles is not None:
        yield CreateRole(wanted.role, place)
    for actor in role.others(found.account) if role else ():
        yield LeaveRole(wanted.role, actor, place)
    if found.roles is not None and not (role and role.is_held_by(found.account)):
        yield JoinRole(wanted.role, found.account, place)


def _request_types(wanted: Wanted, found: Found) -> Iterator[Step]:
    types = types_of(wanted, found)
    for name, place in wanted.request_types:
        if found.request_types is not None and not found.has_request_type(name) and types and found.is_cloud:
            yield CreateRequestType(name, types[0].id, types[0].name, place)


def edits_of(wanted: Wanted, found: Found) -> Iterator[Draft]:
    """Each of the adapter's workflows as it is to be."""
    ours = [w for w in found.workflows or () if is_ours(w, wanted.catalogue)]
    editor = editor_of(wanted.catalogue, found, ours)
    yield from (editor.edited(workflow) for workflow in ours)


def _workflows(wanted: Wanted, found: Found) -> Iterator[Step]:
    for draft in edits_of(wanted, found):
        if draft.changes:
            workflow = draft.workflow
            yield ChangeWorkflow(workflow.id, workflow.name, draft.changes, wanted.at("statusser"))


def _webhook(wanted: Wanted, found: Found) -> Iterator[Step]:
    """Where several lead here, the fullest gets what lacks, and no other is switched on."""
    asked, project = wanted.webhook, found.project
    if asked is None or found.webhooks is None:
        return
    used = in_use(found.webhooks, lambda webhook: leads_to(webhook, asked.url))
    place = wanted.at("projekt")
    if not used:
        yield WriteWebhook(Webhook("", asked.name, asked.url, asked.events, asked.jql, True), place=place)
        return
    fullest = max(used, key=lambda webhook: (covers(webhook.jql, project), len(webhook.events & asked.events)))
    mended = used if fullest.is_enabled else (fullest,)
    for there in mended:
        wished, changes = replace(there, is_enabled=True, leaves_body_out=False), []
        if there is fullest and (lacking := lacking_events(mended)):
            wished = replace(wished, events=there.events | lacking)
            changes.append(f"+ {', '.join(sorted(lacking))}")
        if there is fullest and not covers(there.jql, project):  # what leads here is read here alone
            wished = replace(wished, jql=asked.jql)
            changes.append(f"JQL {asked.jql} (før {there.jql})")
        changes += ["tændes"] if not there.is_enabled else []
        changes += ["med indhold"] if there.leaves_body_out else []
        changes += [SIGNED] if there.is_signed is False else []
        if changes:
            yield WriteWebhook(wished, tuple(changes), place)
