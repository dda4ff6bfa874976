"""Who may see and do what: a small permission scheme of the usual JSM kind."""

from __future__ import annotations

from tests.sandbox.errors import JiraError, no_issue
from tests.sandbox.records import AccountKind, Issue, Project, Role, User
from tests.sandbox.world import ANONYMOUS, World

ADMIN_ROLE = "Administrators"
APP_ROLE = "atlassian-addons-project-access"
KEYS = {
    "BROWSE_PROJECTS": "Browse Projects",
    "CREATE_ISSUES": "Create Issues",
    "EDIT_ISSUES": "Edit Issues",
    "TRANSITION_ISSUES": "Transition Issues",
    "DELETE_ISSUES": "Delete Issues",
    "MOVE_ISSUES": "Move Issues",
    "ADD_COMMENTS": "Add Comments",
    "EDIT_ALL_COMMENTS": "Edit All Comments",
    "EDIT_OWN_COMMENTS": "Edit Own Comments",
    "DELETE_ALL_COMMENTS": "Delete All Comments",
    "DELETE_OWN_COMMENTS": "Delete Own Comments",
    "CREATE_ATTACHMENTS": "Create Attachments",
    "DELETE_ALL_ATTACHMENTS": "Delete All Attachments",
    "DELETE_OWN_ATTACHMENTS": "Delete Own Attachments",
    "WORK_ON_ISSUES": "Work On Issues",
    "EDIT_OWN_WORKLOGS": "Edit Own Worklogs",
    "EDIT_ALL_WORKLOGS": "Edit All Worklogs",
    "DELETE_OWN_WORKLOGS": "Delete Own Worklogs",
    "DELETE_ALL_WORKLOGS": "Delete All Worklogs",
    "MANAGE_WATCHERS": "Manage Watchers",
    "ASSIGN_ISSUES": "Assign Issues",
    "MODIFY_REPORTER": "Modify Reporter",
    "SERVICEDESK_AGENT": "Service Project Agent",
    "ADMINISTER_PROJECTS": "Administer Projects",
    "ADMINISTER": "Administer Jira",
    "USER_PICKER": "Browse users and groups",
}
ADMIN_KEYS = frozenset(
    {
        "DELETE_ISSUES",
        "DELETE_ALL_COMMENTS",
        "EDIT_ALL_WORKLOGS",
        "DELETE_ALL_WORKLOGS",
        "ADMINISTER_PROJECTS",
        "ADMINISTER",
    }
)
AGENT_KEYS = frozenset(KEYS) - ADMIN_KEYS
GLOBAL_KEYS = frozenset({"ADMINISTER", "USER_PICKER"})


def holds(user: User, role: Role) -> bool:
    """Whether a user is an actor of a project role, alone or by a group."""
    return user.account_id in role.users or bool(user.groups & role.groups)


def is_agent(user: User, project: Project) -> bool:
    """Whether a user, or an app, works on the project: sees internal comments and writes them."""
    if user.kind is AccountKind.CUSTOMER or user is ANONYMOUS:
        return False
    team = (project.roles[name] for name in (project.agent_role, ADMIN_ROLE, APP_ROLE) if name in project.roles)
    return user.site_admin or any(holds(user, role) for role in team)


def permissions(user: User, project: Project | None) -> frozenset[str]:
    """The keys of the permissions that a user has in a project, or on the site."""
    if user.site_admin:
        return frozenset(KEYS)
    picker = frozenset({"USER_PICKER"} if user.kind is not AccountKind.CUSTOMER and user is not ANONYMOUS else set())
    if project is None:
        found: frozenset[str] = frozenset()
    elif ADMIN_ROLE in project.roles and holds(user, project.roles[ADMIN_ROLE]):
        found = frozenset(KEYS) - GLOBAL_KEYS
    else:
        found = AGENT_KEYS - GLOBAL_KEYS if is_agent(user, project) else frozenset()
    return found | picker


def may(user: User, key: str, project: Project) -> bool:
    """Whether a user has a permission in a project."""
    return key in permissions(user, project)


def is_party(world: World, user: User, issue: Issue) -> bool:
    """Whether an issue is a customer's own request, one they take part in, or one shared with their organisation."""
    mine = world.organisations_of(user)
    own = issue.reporter is user or user in world.participants_of(issue)
    return own or any(o in mine for o in world.shared_with(issue))


def sees(world: World, user: User, issue: Issue, portal: bool = False) -> bool:
    """Whether a user may see an issue; customers only through the portal, and only their own."""
    if may(user, "BROWSE_PROJECTS", issue.project):
        return True
    return portal and user is not ANONYMOUS and issue.project.desk_id is not None and is_party(world, user, issue)


def visible(world: World, user: User, id_or_key: str, portal: bool = False) -> Issue:
    """The issue if the user may see it; 404 otherwise, as Jira does not tell which."""
    issue = world.find_issue(id_or_key)
    if not sees(world, user, issue, portal):
        raise no_issue()
    return issue


def require(user: User, key: str, project: Project) -> None:
    """Answers 403 unless the user has the permission."""
    if not may(user, key, project):
        raise JiraError(403, f"You do not have the permission '{KEYS[key]}' in this project.")
