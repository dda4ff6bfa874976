"""Who may see and do what: as the project's permission scheme grants it, and Jira's global permissions."""

from __future__ import annotations

from collections.abc import Iterable

from tests.sandbox.errors import JiraError, no_issue
from tests.sandbox.people_records import AccountKind, Role, User
from tests.sandbox.permission_keys import GLOBAL_KEYS, KEYS, PORTAL, Holder
from tests.sandbox.records import Issue, Project
from tests.sandbox.site_records import Grant
from tests.sandbox.world import ANONYMOUS, World

ADMIN_ROLE = "Administrators"
APP_ROLE = "atlassian-addons-project-access"
CUSTOMER_ROLE = "Service Desk Customers"
ADMINS_OWN = frozenset({"ADMINISTER_PROJECTS", "BROWSE_PROJECTS"})  # whoever administers Jira administers each project


def holds(user: User, role: Role) -> bool:
    """Whether a user is an actor of a project role, alone or by a group."""
    return user.account_id in role.users or bool(user.groups & role.groups)


def is_agent(user: User, project: Project) -> bool:
    """Whether a user, or an app, works on the project: sees internal comments and writes them."""
    return may(user, "SERVICEDESK_AGENT", project)


def global_permissions(user: User) -> frozenset[str]:
    """The keys of the permissions that a user has on the site."""
    if user.site_admin:
        return GLOBAL_KEYS
    insider = user.kind is not AccountKind.CUSTOMER and user is not ANONYMOUS
    return frozenset({"USER_PICKER", "BULK_CHANGE"} if insider else set())


def permissions(user: User, project: Project | None, issue: Issue | None = None) -> frozenset[str]:
    """The keys of the permissions that a user has in a project, on an issue of it, or on the site."""
    if project is None:
        return global_permissions(user)
    return frozenset(key for key in KEYS if may(user, key, project, issue))


def may(user: User, key: str, project: Project, issue: Issue | None = None) -> bool:
    """Whether a user has a permission in a project, or on an issue of it."""
    if key in GLOBAL_KEYS:
        return key in global_permissions(user)
    if user.site_admin and key in ADMINS_OWN:
        return True
    return any(g.permission == key and _is_holder(user, g, project, issue) for g in project.permissions.grants)


def _is_holder(  # noqa: PLR0911 # one return a kind
    user: User, grant: Grant, project: Project, issue: Issue | None
) -> bool:
    if user is ANONYMOUS:
        return grant.holder == Holder.ANYONE
    match grant.holder:
        case Holder.ROLE:
            held = next((role for role in project.roles.values() if role.id == grant.parameter), None)
            return held is not None and user.kind is not AccountKind.CUSTOMER and holds(user, held)
        case Holder.GROUP:
            return grant.parameter in user.groups
        case Holder.USER:
            return grant.parameter == user.account_id
        case Holder.REPORTER:
            return issue is not None and issue.reporter is user
        case Holder.ASSIGNEE:
            return issue is not None and issue.assignee is user
        case Holder.APPLICATION:
            return user.kind is not AccountKind.CUSTOMER
        case Holder.ANYONE:
            return True
        case _:  # the portal's holder is asked by `on_portal`
            return False


def on_portal(key: str, project: Project) -> bool:
    """Whether the customers of a project have a permission on their own requests, through the portal alone."""
    return any(g.holder == PORTAL and g.permission == key for g in project.permissions.grants)


def is_party(world: World, user: User, issue: Issue) -> bool:
    """Whether an issue is a customer's own request, one they take part in, or one shared with their organisation."""
    mine = world.organisations_of(user)
    own = issue.reporter is user or user in world.participants_of(issue)
    return own or any(o in mine for o in world.shared_with(issue))


def sees(world: World, user: User, issue: Issue, portal: bool = False) -> bool:
    """Whether a user may see an issue; customers only through the portal, and only their own."""
    if may(user, "BROWSE_PROJECTS", issue.project, issue):
        return True
    if not portal or user is ANONYMOUS or issue.project.desk_id is None:
        return False
    return on_portal("BROWSE_PROJECTS", issue.project) and is_party(world, user, issue)


def visible(world: World, user: User, id_or_key: str, portal: bool = False) -> Issue:
    """The issue if the user may see it; 404 otherwise, as Jira does not tell which."""
    issue = world.find_issue(id_or_key)
    if not sees(world, user, issue, portal):
        raise no_issue()
    return issue


def require(user: User, key: str, project: Project, issue: Issue | None = None) -> None:
    """Answers 403 unless the user has the permission."""
    if not may(user, key, project, issue):
        raise JiraError(403, f"You do not have the permission '{KEYS[key]}' in this project.")


def require_admin(user: User, what: str, status: int = 403) -> None:
    """Answers 403, or 401 where that is what is described, to whoever may not administer Jira."""
    if "ADMINISTER" not in global_permissions(user):
        raise JiraError(status, f"Only Jira administrators can access {what}.")


def default_grants(roles: Iterable[Role], agent_role: str) -> list[Grant]:
    """The grants of a service desk's usual scheme."""
    by_name = {role.name: role.id for role in roles}
    project_keys = [key for key in KEYS if key not in GLOBAL_KEYS]
    agents = [key for key in project_keys if key not in ADMIN_KEYS]
    granted = [(key, Holder.ROLE.value, by_name[ADMIN_ROLE]) for key in project_keys if ADMIN_ROLE in by_name]
    for name in dict.fromkeys((agent_role, APP_ROLE)):
        if name in by_name and name != ADMIN_ROLE:
            granted += [(key, Holder.ROLE.value, by_name[name]) for key in agents]
    found = [Grant(10100 + i, key, holder, parameter) for i, (key, holder, parameter) in enumerate(granted)]
    return found + [Grant(10100 + len(found) + i, key, PORTAL) for i, key in enumerate(PORTAL_KEYS)]


ADMIN_KEYS = frozenset(
    {"DELETE_ISSUES", "DELETE_ALL_COMMENTS", "EDIT_ALL_WORKLOGS", "DELETE_ALL_WORKLOGS", "ADMINISTER_PROJECTS"}
)
PORTAL_KEYS = ("BROWSE_PROJECTS", "CREATE_ISSUES", "ADD_COMMENTS", "CREATE_ATTACHMENTS", "TRANSITION_ISSUES")
