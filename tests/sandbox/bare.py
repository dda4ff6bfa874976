"""A plain service project as Atlassian ships it, in use: nothing on it knows of DUBU yet."""

from __future__ import annotations

from dataclasses import replace

from adapter.catalogue.model import Catalogue
from tests.sandbox.dubu import Plan, organisations_of
from tests.sandbox.dubu_people import people
from tests.sandbox.permissions import ADMIN_ROLE, APP_ROLE
from tests.sandbox.records import Kind
from tests.sandbox.rule_kinds import CHANGE_ASSIGNEE, RESTRICT, VALIDATE_VALUE
from tests.sandbox.seed import Seed, SeedField, SeedProject, SeedTicket, SeedTransition, SeedWorkflow
from tests.sandbox.workflow_records import Rule

REQUEST, INCIDENT, TASK = "[System] Service request", "[System] Incident", "Task"
REQUESTS = "Service Request Fulfilment workflow for Jira Service Management"
INCIDENTS = "Incident Management workflow for Jira Service Management"  # the other project's too
SUPPORT, CUSTOMER, WORK = "Waiting for support", "Waiting for customer", "In progress"
PENDING, ESCALATED = "Pending", "Escalated"
RESOLVED, CANCELED, CLOSED = "Resolved", "Canceled", "Closed"
OPEN_REQUEST = (SUPPORT, CUSTOMER, WORK, PENDING, ESCALATED)
OWN_RULE = Rule(RESTRICT, {"accountIds": "allow-assignee", "permissionKeys": "ADMINISTER_PROJECTS"}, "own-rule-1")
OWN_PROPERTY = {"jira.i18n.submit": "own.escalation.text"}
"""What a person has put on “Escalate this issue”: only the assignee or an admin, with a text of their own."""

REQUEST_STEPS = (
    SeedTransition("Respond to customer", (SUPPORT, WORK, ESCALATED), CUSTOMER),
    SeedTransition("Respond to support", (CUSTOMER,), SUPPORT, portal=True),
    SeedTransition("In progress", (SUPPORT, PENDING, ESCALATED, CUSTOMER), WORK),
    SeedTransition("Pending", (SUPPORT, WORK), PENDING),
    SeedTransition(
        "Escalate this issue",
        (SUPPORT, WORK),
        ESCALATED,
        conditions=(OWN_RULE,),
        actions=(Rule(CHANGE_ASSIGNEE, {"type": "to-unassigned"}, "own-action-1"),),
        properties=OWN_PROPERTY,
    ),
    SeedTransition("Resolve this issue", OPEN_REQUEST, RESOLVED, screen=("Root cause",)),
    SeedTransition("Cancel request", OPEN_REQUEST, CANCELED, portal=True),
    SeedTransition("Back to in progress", (RESOLVED,), WORK, portal=True),
    SeedTransition("Close", (RESOLVED,), CLOSED),
)
INCIDENT_STEPS = (
    SeedTransition("Investigate", ("Open", PENDING), "Work in progress"),
    SeedTransition("Pending", ("Open", "Work in progress"), PENDING),
    SeedTransition(
        "Resolve",
        ("Work in progress", PENDING),
        "Completed",
        validators=(
            Rule(
                VALIDATE_VALUE,
                {"ruleType": "fieldRequired", "fieldsRequired": "assignee", "ignoreContext": "true"},
                "own-validator-1",
            ),
        ),
    ),
    SeedTransition("Cancel", ("Open", "Work in progress", PENDING), CANCELED),
    SeedTransition("Close", ("Completed",), CLOSED),
)
TASK_STEPS = (
    SeedTransition("To Do", (), "To Do"),
    SeedTransition("In Progress", (), WORK),
    SeedTransition("Done", (), "Done"),
)
INCIDENT_FLOW = SeedWorkflow(
    INCIDENTS,
    (INCIDENT,),
    (
        ("Open", "new"),
        ("Work in progress", "indeterminate"),
        (PENDING, "indeterminate"),
        ("Completed", "done"),
        (CLOSED, "done"),
        (CANCELED, "done"),
    ),
    INCIDENT_STEPS,
)
TASK_FLOW = SeedWorkflow(
    "Task workflow for Jira Service Management",
    (TASK,),
    (("To Do", "new"), (WORK, "indeterminate"), ("Done", "done")),
    TASK_STEPS,
)
REQUEST_TYPES = {
    "Get IT help": REQUEST,
    "Request a new account": REQUEST,
    "Emailed request": REQUEST,
    "Report a system problem": INCIDENT,
}
JSM_FIELDS = (
    SeedField("Request Type", Kind.REQUEST_TYPE, everywhere=True),
    SeedField("Organizations", Kind.ORGANIZATIONS, everywhere=True),
    SeedField("Request participants", Kind.PARTICIPANTS, everywhere=True),
)
OTHER_FIELDS = (
    SeedField("Impact", Kind.SELECT, ("Extensive / Widespread", "Significant / Large", "Minor / Localized")),
    SeedField("Urgency", Kind.SELECT, ("Critical", "High", "Medium", "Low"), everywhere=True),
    SeedField("Root cause", Kind.TEXT, everywhere=True),
    SeedField("Change start date", Kind.DATETIME, everywhere=True),
)


def bare_seed(catalogue: Catalogue | None = None, deployment: str = "cloud") -> Seed:
    """The site before anybody has set it up for a mapping, whose project's key and people it has.

    The project shares its incidents' workflow with another, has a global transition into "In progress" for tasks, and
    tickets in all kinds of statuses; `admin` administers Jira, `adapter` is an agent.
    """
    plan = Plan()
    organisations = organisations_of(catalogue) if catalogue else plan.organisations
    key = catalogue.jira.project if catalogue else plan.project
    agent_role = catalogue.jira.roles.agent if catalogue else plan.agent_role
    accounts = catalogue.parties.kombit.accounts if catalogue else ()
    roles = {
        ADMIN_ROLE: ("group:jira-administrators",),
        agent_role: ("agent.anna", "adapter", "group:dubu-servicedesk"),
        APP_ROLE: ("automation",),
    }
    fields = tuple(f.name for f in (*JSM_FIELDS, *OTHER_FIELDS))
    project = _desk(key, "DUBU servicedesk", agent_role, roles, fields)
    other = _desk("ITS", "IT Support", agent_role, {**roles, agent_role: ("fremmed",)}, JSM_NAMES)
    names = tuple(name for name, _ in organisations.values())
    group = next(iter(catalogue.parties.kombit.groups), plan.kombit_group) if catalogue else plan.kombit_group
    tickets = tuple(SeedTicket(key, REQUEST, status) for status in (*OPEN_REQUEST, RESOLVED, CANCELED, CLOSED))
    tickets += (SeedTicket(key, INCIDENT, "Work in progress"), SeedTicket(key, TASK, WORK))
    return Seed(
        deployment,
        people(organisations, accounts, group),
        names,
        (*JSM_FIELDS, *OTHER_FIELDS),
        (project, other),
        tickets=tickets,
    )


JSM_NAMES = tuple(field.name for field in JSM_FIELDS)


def _desk(
    key: str, name: str, agent_role: str, roles: dict[str, tuple[str, ...]], fields: tuple[str, ...]
) -> SeedProject:
    return SeedProject(
        key=key,
        name=name,
        desk=True,
        agent_role=agent_role,
        roles=roles,
        issue_types=(REQUEST, INCIDENT, TASK),
        request_types=tuple(REQUEST_TYPES),
        statuses=(
            *((status, "indeterminate") for status in OPEN_REQUEST),
            *((status, "done") for status in (RESOLVED, CANCELED, CLOSED)),
        ),
        transitions=REQUEST_STEPS,
        fields=fields,
        workflow=f"{key}: {REQUESTS}",
        workflows=(INCIDENT_FLOW, replace(TASK_FLOW, name=f"{key}: {TASK_FLOW.name}")),
        types_of_requests=REQUEST_TYPES,
    )
