"""The site of the story: DUBU's service desk, another project beside it, and the people around them."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapter.catalogue.model import Catalogue, Party
from adapter.catalogue.words import FieldName, FieldType, StatusRole
from tests.sandbox.dubu_people import APPROVERS, people
from tests.sandbox.dubu_workflow import ADAPTER_ROLE, statuses, workflow
from tests.sandbox.permissions import ADMIN_ROLE, APP_ROLE
from tests.sandbox.records import Kind
from tests.sandbox.seed import Seed, SeedField, SeedProject, SeedTransition

KINDS = {
    FieldType.SELECT: Kind.SELECT,
    FieldType.TEXT: Kind.TEXT,
    FieldType.NUMBER: Kind.NUMBER,
    FieldType.DATE: Kind.DATE,
    FieldType.DATETIME: Kind.DATETIME,
}
SHOWN_MUNICIPALITIES = ("Aarhus", "Odense", "Roskilde")


@dataclass(frozen=True)
class Plan:
    """What a seed is made from; the defaults are a site before there is a mapping."""

    deployment: str = "cloud"
    project: str = "DUBU"
    agent_role: str = "Service Desk Team"
    issue_types: tuple[str, ...] = ("Serviceanmodning", "Hændelse")
    fields: tuple[SeedField, ...] = (
        SeedField("Kategori", Kind.SELECT, ("Genoprettelse af data", "Robotter")),
        SeedField("Betalende part", Kind.TEXT),
        SeedField("Timepris", Kind.NUMBER),
        SeedField("Aftalt dato", Kind.DATE),
        SeedField("Reaktionsfrist", Kind.DATETIME),
    )
    on_transition: tuple[str, ...] = ("Aftalt dato",)
    form: tuple[str, ...] = ("Betalende part",)
    statuses: dict[StatusRole, tuple[str, ...]] = field(
        default_factory=lambda: {
            StatusRole.NEW: ("Ny",),
            StatusRole.WAITING_CUSTOMER: ("Afventer Kunde",),
            StatusRole.WAITING_THIRD_PARTY: ("Afventer 3.part",),
            StatusRole.APPROVED: ("Godkendt",),
            StatusRole.WORK: ("I gang",),
            StatusRole.PRODUCTION: ("I produktion",),
            StatusRole.KOMBIT_ACCEPTED: ("KOMBIT-accept modtaget",),
            StatusRole.DISAGREEMENT: ("Uenighed",),
            StatusRole.DONE: ("Løst", "Lukket"),
            StatusRole.CANCELLED: ("Annulleret",),
        }
    )
    request_types: tuple[str, ...] = ("Genopret data", "Generel henvendelse")
    organisations: dict[str, tuple[str, str]] = field(  # by what they are to us: name, domain
        default_factory=lambda: {
            "aarhus": ("Aarhus Kommune", "aarhus.dk"),
            "odense": ("Odense Kommune", "odense.dk"),
            "roskilde": ("Roskilde Kommune", "roskilde.dk"),
            "3part": ("Fagsystemhuset A/S", "fagsystemhuset.example"),
            "kombit": ("KOMBIT", "kombit.dk"),
        }
    )
    kombit_accounts: tuple[str, ...] = ()
    kombit_group: str = APPROVERS


def default_seed(deployment: str = "cloud") -> Seed:
    """A DUBU site that needs no mapping."""
    return sow(Plan(deployment=deployment))


def seed_from(catalogue: Catalogue, *, deployment: str | None = None, locked: bool = False) -> Seed:
    """The site that a mapping describes, and some more; `locked` reserves Godkendt and the start (jira-facts.md)."""
    jira = catalogue.jira
    fields = [_field(catalogue, name) for name in jira.fields]
    asked = _asked(catalogue)
    fields += [asked[name] for name in asked if name not in {f.name for f in fields}]
    on_transition = (FieldName.AGREED_DATE, FieldName.OFFERED_PRICE, FieldName.OFFERED_HOURS)
    on_form = (FieldName.SOLUTION,)
    plan = Plan(
        deployment=deployment or jira.deployment,
        project=jira.project,
        agent_role=jira.roles.agent,
        issue_types=jira.issue_types or Plan.issue_types,
        fields=tuple(fields),
        on_transition=tuple(jira.fields[name].name for name in on_transition if name in jira.fields),
        form=tuple(dict.fromkeys((*asked, *(jira.fields[name].name for name in on_form if name in jira.fields)))),
        statuses=dict(jira.statuses),
        request_types=tuple(dict.fromkeys((*jira.request_types, "Generel henvendelse"))),
        organisations=organisations_of(catalogue),
        kombit_accounts=catalogue.parties.kombit.accounts,
        kombit_group=next(iter(catalogue.parties.kombit.groups), APPROVERS),
    )
    return sow(plan, locked=locked)


def _field(catalogue: Catalogue, name: FieldName) -> SeedField:
    described = catalogue.jira.fields[name]
    options = tuple(described.options.values())
    services = catalogue.services
    if name is FieldName.CATEGORY:
        named = (c.name for c in services.categories.values())
        options = (*options, *named, services.outside_name, services.triage_name)
    if name is FieldName.SUBTYPE:
        options += tuple(s for c in services.categories.values() for s in c.subtypes)
    return SeedField(described.name, KINDS[described.type], tuple(dict.fromkeys(options)))


def _asked(catalogue: Catalogue) -> dict[str, SeedField]:
    """The fields that the mapping names outside `felter`: form answers, questions (K1, K3), checklists (R21, R22)."""
    found = {f.field: SeedField(f.field, Kind.SELECT, (*f.answers, "Andet")) for f in catalogue.jira.form_answers}
    for row in catalogue.services.categories.values():
        if row.question:
            before = found.get(row.question.field, SeedField(row.question.field, Kind.SELECT)).options
            options = tuple(dict.fromkeys((*before, *row.question.answers)))
            found[row.question.field] = SeedField(row.question.field, Kind.SELECT, options)
    for checklist in catalogue.prerequisites.checklists.values():
        for item in checklist.values():
            if item.field:
                found.setdefault(item.field, SeedField(item.field, Kind.TEXT))
    return found


def organisations_of(catalogue: Catalogue) -> dict[str, tuple[str, str]]:
    """The organisations of the story by what they are to us, as the mapping names them: name and domain."""
    defaults = Plan().organisations
    parties = catalogue.parties

    def described(party: Party | None, key: str) -> tuple[str, str]:
        if party is None:
            return defaults[key]
        return party.organisation or party.name, (party.domains or (defaults[key][1],))[0]

    def municipality(word: str) -> Party | None:
        return next((p for p in parties.municipalities.values() if p.name.startswith(word)), None)

    found = {word.lower(): described(municipality(word), word.lower()) for word in SHOWN_MUNICIPALITIES}
    found["3part"] = described(next(iter(parties.third_parties.values()), None), "3part")
    found["kombit"] = described(parties.kombit, "kombit")
    return found


def sow(plan: Plan, *, locked: bool = False) -> Seed:
    """The seed of a plan: workflow, roles, people, and the foreign project."""
    agents = (plan.agent_role, ADMIN_ROLE, APP_ROLE)
    jsm_fields = (
        SeedField("Request Type", Kind.REQUEST_TYPE),
        SeedField("Organizations", Kind.ORGANIZATIONS),
        SeedField("Request participants", Kind.PARTICIPANTS),
    )
    project = SeedProject(
        key=plan.project,
        name="DUBU servicedesk",
        desk=True,
        agent_role=plan.agent_role,
        roles={
            ADMIN_ROLE: ("group:jira-administrators", "adapter"),
            plan.agent_role: ("agent.anna", "adapter", "group:dubu-servicedesk"),
            ADAPTER_ROLE: ("adapter",),
            APP_ROLE: ("automation",),
        },
        issue_types=plan.issue_types,
        request_types=plan.request_types,
        statuses=statuses(plan.statuses),
        transitions=workflow(plan.statuses, agents, plan.on_transition, locked=locked),
        fields=tuple(f.name for f in (*jsm_fields, *plan.fields)),
        form=plan.form,
    )
    foreign = SeedProject(
        key="ANDET",
        name="Et andet projekt",
        desk=False,
        agent_role="Administrators",
        roles={"Administrators": ("fremmed", "group:jira-administrators")},
        issue_types=("Opgave",),
        request_types=(),
        statuses=(("Ny", "new"), ("I gang", "indeterminate"), ("Lukket", "done")),
        transitions=(
            SeedTransition("Start", ("Ny",), "I gang"),
            SeedTransition("Luk", ("Ny", "I gang"), "Lukket"),
        ),
        fields=(),
    )
    organisations = tuple(name for name, _ in plan.organisations.values())
    return Seed(
        plan.deployment,
        people(plan.organisations, plan.kombit_accounts, plan.kombit_group),
        organisations,
        (*jsm_fields, *plan.fields),
        (project, foreign),
    )
