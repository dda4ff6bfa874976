"""Jira's permissions by key, and the kinds of holders that a permission scheme grants them to."""

from __future__ import annotations

from enum import StrEnum

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
    "ASSIGNABLE_USER": "Assignable User",
    "MODIFY_REPORTER": "Modify Reporter",
    "LINK_ISSUES": "Link Issues",
    "SCHEDULE_ISSUES": "Schedule Issues",
    "RESOLVE_ISSUES": "Resolve Issues",
    "CLOSE_ISSUES": "Close Issues",
    "SET_ISSUE_SECURITY": "Set Issue Security",
    "VIEW_READONLY_WORKFLOW": "View Read-Only Workflow",
    "SERVICEDESK_AGENT": "Service Project Agent",
    "ADMINISTER_PROJECTS": "Administer Projects",
    "ADMINISTER": "Administer Jira",
    "USER_PICKER": "Browse users and groups",
    "BULK_CHANGE": "Make bulk changes",
}
GLOBAL_KEYS = frozenset({"ADMINISTER", "USER_PICKER", "BULK_CHANGE"})
PORTAL = "sd.customer.portal.only"


class Holder(StrEnum):
    """Who a permission is granted to, as Jira's API names the kinds."""

    ROLE = "projectRole"
    GROUP = "group"
    USER = "user"
    REPORTER = "reporter"
    ASSIGNEE = "assignee"
    APPLICATION = "applicationRole"
    ANYONE = "anyone"
