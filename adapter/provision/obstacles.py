"""Why a site cannot be set up as it stands: what only a person can decide, each with the next step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapter.catalogue.words import StatusRole
from adapter.provision.automatic import answers
from adapter.provision.document import CHECK_FIELD, RESTRICT
from adapter.provision.found import Context, CustomField, Found, IssueType, Workflow
from adapter.provision.meaning import references
from adapter.provision.side_doors import automatic, is_looked_at, is_ours
from adapter.provision.steps import Obstacle
from adapter.provision.telling import some
from adapter.provision.wanted import Wanted, WantedField

NEEDED_RULES = (RESTRICT, CHECK_FIELD)


def obstacles_of(wanted: Wanted, found: Found) -> tuple[Obstacle, ...]:
    """Everything that stands in the way."""
    if found.project.is_team_managed:
        return (
            Obstacle(
                f'projektet "{found.project.key}" er team-managed, og i et sådant kan en overgang ikke forbeholdes en '
                "projektrolle på tværs; opret et company-managed projekt, og skriv dets nøgle i jira.yaml",
                wanted.at("projekt"),
            ),
        )
    return (
        *_of_desk(wanted, found),
        *_of_types(wanted, found),
        *_of_role(wanted, found),
        *(obstacle for field in wanted.fields for obstacle in _of_field(field, wanted, found)),
        *_of_statuses(wanted, found),
        *_of_workflows(wanted, found),
    )


def _of_desk(wanted: Wanted, found: Found) -> Iterator[Obstacle]:
    if found.request_types is None:  # what may not be read is refused before
        text = f'projektet "{found.project.key}" har ingen servicedesk; skriv nøglen på et servicedesk-projekt'
        yield Obstacle(text, wanted.at("projekt"))


def _of_role(wanted: Wanted, found: Found) -> Iterator[Obstacle]:
    if found.role(wanted.role) is None and (there := _alike(wanted.role, (r.name for r in found.roles or ()))):
        text = f'projektrollen "{wanted.role}" hedder "{there}" på sitet; ret navnet i jira.yaml, eller brug et andet'
        yield Obstacle(text, wanted.at("roller", "adapter"))
    role = found.role(wanted.role)
    if role is not None and role.actors and not role.is_held_by(found.account):
        text = (
            f'projektrollen "{role.name}" bruges af andre end adapteren, som skal have sin egen; skriv navnet på en '
            "ny i jira.yaml, eller tag dem selv ud af den"
        )
        yield Obstacle(text, wanted.at("roller", "adapter"))


def _alike(name: str, others: Iterable[str]) -> str:
    """The first of some names that is the same but for its capitals: Jira takes them for one in most places."""
    return next((other for other in others if other.casefold() == name.casefold()), "")


def types_of(wanted: Wanted, found: Found) -> tuple[IssueType, ...]:
    """The issue types of the project that the adapter looks at."""
    return found.project.types_among(wanted.catalogue.jira.issue_types)


def _of_types(wanted: Wanted, found: Found) -> Iterator[Obstacle]:
    there = {issue_type.name for issue_type in found.project.issue_types}
    for i, name in enumerate(wanted.catalogue.jira.issue_types):
        if name not in there:
            text = f'sagstypen "{name}" findes ikke i projektet; opret den, eller ret navnet'
            yield Obstacle(text, wanted.at("sagstyper", str(i)))


def _of_field(field: WantedField, wanted: Wanted, found: Found) -> Iterator[Obstacle]:
    alike = found.named(field.name)
    if len(alike) > 1:
        ids = ", ".join(f.id for f in alike)
        yield Obstacle(f'der er {len(alike)} felter med navnet "{field.name}" ({ids}); omdøb de andre', field.place)
        return
    if not alike and (there := _alike(field.name, (f.name for f in found.fields or ()))):
        text = f'feltet "{field.name}" hedder "{there}" på sitet; ret navnet i mappingen, eller omdøb det på sitet'
        yield Obstacle(text, field.place)
    for one in alike:
        if field.is_fixed and one.kind != field.kind:
            yield Obstacle(
                f'feltet "{field.name}" ({one.id}) findes med en anden type ({one.kind}) og skal være '
                f"{field.type.value}; omdøb det på sitet, eller giv feltet et andet navn i jira.yaml",
                field.place,
            )
        contexts = one.contexts_for(found.project.id)
        without = one.types_without(found.project.id, types_of(wanted, found))
        if contexts and without:  # without any context, one is made
            names = ", ".join(t.name for t in without)
            there = " eller ".join(f'"{c.name}"{_sharing(c, found)}' for c in contexts)
            yield Obstacle(
                f'feltet "{field.name}" ({one.id}) gælder i projektet ikke sagstyperne {names}; føj dem til '
                f"konteksten {there}",
                field.place,
            )
        for context in contexts:
            if text := _of_shared_options(field, one, context, found):
                yield Obstacle(text, field.place)


def _of_shared_options(field: WantedField, there: CustomField, context: Context, found: Found) -> str:
    """Options are missing where other projects would get them, too; empty where that is not so.

    A context of the project's own would keep theirs as they are, but its tickets would lose what they have chosen.
    """
    labels, project = context.lacks(field.labels), found.project
    if there.kind != "option" or not labels or context.is_blank or not context.is_shared(project.id):
        return ""
    return (
        f'feltet "{there.name}" ({there.id}) mangler {", ".join(labels)} i konteksten "{context.name}"'
        f"{_sharing(context, found)}; tilføj (eller aktivér) selv valgene dér, hvis de også må ses dér, eller giv "
        f"{project.key} en kontekst for sig selv med alle feltets valg: sagerne i {project.key} skal så vælge igen"
    )


def _sharing(context: Context, found: Found) -> str:
    """Who else has a context, as the end of a sentence about it."""
    if not context.is_shared(found.project.id):
        return ""
    many = len(context.project_ids - {found.project.id})
    return f", som også gælder i {'alle andre projekter' if context.is_global else some(context.others, many)}"


def _of_statuses(wanted: Wanted, found: Found) -> Iterator[Obstacle]:
    for status in wanted.statuses:
        there = _alike(status.name, (s.name for s in found.statuses or ()))
        if there and found.status(status.name) is None:
            text = f'statussen "{status.name}" hedder "{there}" på sitet; ret navnet i jira.yaml'
            yield Obstacle(text, status.place)


def _of_workflows(wanted: Wanted, found: Found) -> Iterator[Obstacle]:
    for workflow in found.workflows or ():
        if not is_ours(workflow, wanted.catalogue):
            continue
        types = ", ".join(t.name for t in workflow.issue_types)
        if workflow.other_projects:
            yield Obstacle(
                f'workflowet "{workflow.name}" ({types}) bruges også af {", ".join(workflow.other_projects)}; kopiér '
                "det, og giv projektets workflow-skema kopien, eller lad sagstypen ude af `sagstyper`",
                wanted.at("sagstyper"),
            )
        strangers = [t.name for t in workflow.issue_types if not is_looked_at(t, wanted.catalogue)]
        if strangers:
            yield Obstacle(
                f'workflowet "{workflow.name}" er også {", ".join(strangers)}s, som adapteren ikke ser på, så de sager '
                "kunne aldrig startes; giv dem et workflow for sig selv, eller føj sagstypen til `sagstyper`",
                wanted.at("sagstyper"),
            )
        for text in _of_approvals(workflow, wanted):
            yield Obstacle(text, wanted.at("statusser"))
        if workflow.document.get("isEditable") is False:
            yield Obstacle(
                f'workflowet "{workflow.name}" ({types}) kan ikke ændres; kopiér det, og giv projektets '
                "workflow-skema kopien",
                wanted.at("sagstyper"),
            )
        lacking = [key for key in NEEDED_RULES if workflow.rule_keys is not None and key not in workflow.rule_keys]
        if lacking:
            yield Obstacle(
                f'sitet tilbyder ikke reglen {", ".join(lacking)} i workflowet "{workflow.name}", og uden den kan '
                "starten ikke låses; spørg Atlassian, eller lås den i hånden",
                wanted.at("statusser"),
            )


def _of_approvals(workflow: Workflow, wanted: Wanted) -> Iterator[str]:
    """JSM's approval steps that the process would break, or that would pass it by: they are a person's own."""
    catalogue, approving = wanted.catalogue, answers(workflow)
    for ref in references(workflow, catalogue, *sorted(set(StatusRole) - {StatusRole.OTHER})):
        if ref in approving:
            name = workflow.status_name(ref)
            yield (
                f'statussen "{name}" i workflowet "{workflow.name}" har JSM\'s godkendelsestrin, som kun '
                "holder en sag, mens den ikke har andre udgange; adapteren skal også kunne flytte sager ud af den, "
                "så fjern trinnet dér, eller læg det i en status, der ikke står i jira.yaml"
            )
    for door in automatic(workflow, catalogue):
        if any(door.transition_id in ids for ids in approving.values()):
            yield f"{door}; lad den føre et andet sted hen, eller fjern godkendelsestrinnet"
