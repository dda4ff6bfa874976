"""The rules that Atlassian provides for workflows: their keys, what each is for, and the parameters it takes."""

from __future__ import annotations

from dataclasses import dataclass

CONDITION, VALIDATOR, FUNCTION, SCREEN = "Condition", "Validator", "Function", "Screen"


@dataclass(frozen=True)
class RuleKind:
    """A kind of rule as /workflows/capabilities tells of it; the parameters' names, and of those the needed ones."""

    type: str
    name: str
    parameters: frozenset[str]
    needed: frozenset[str] = frozenset()
    on_initial: bool = False


def _kind(type_: str, name: str, *parameters: str, on_initial: bool = False) -> RuleKind:
    """A kind; a parameter that is needed ends with an exclamation mark."""
    needed = frozenset(p[:-1] for p in parameters if p.endswith("!"))
    return RuleKind(type_, name, frozenset(p.rstrip("!") for p in parameters), needed, on_initial)


RESTRICT = "system:restrict-issue-transition"
CHECK_VALUE = "system:check-field-value"
VALIDATE_VALUE = "system:validate-field-value"
PREVIOUS = "system:previous-status-condition"
SEPARATE = "system:separation-of-duties"
RESTRICT_ALL = "system:restrict-from-all-users"
CHECK_PERMISSION = "system:check-permission-validator"
PREVIOUS_VALIDATOR = "system:previous-status-validator"
TRANSITION_SCREEN = "system:transition-screen"
CHANGE_ASSIGNEE = "system:change-assignee"

RULES: dict[str, RuleKind] = {
    RESTRICT: _kind(
        CONDITION, "Restrict who can move a work item", "accountIds", "roleIds", "groupIds", "permissionKeys",
        "groupCustomFields", "allowUserCustomFields", "denyUserCustomFields",
    ),
    CHECK_VALUE: _kind(
        CONDITION, "Restrict based on a field's value", "fieldId!", "fieldValue!", "comparator!", "comparisonType!"
    ),
    PREVIOUS: _kind(
        CONDITION, "Restrict based on previous status", "previousStatusIds!", "not", "mostRecentStatusOnly",
        "includeCurrentStatus", "ignoreLoopTransitions",
    ),
    SEPARATE: _kind(CONDITION, "Separation of duties", "fromStatusId!", "toStatusId!"),
    RESTRICT_ALL: _kind(CONDITION, "Hide the transition from users", "restrictMode!"),
    "system:parent-or-child-blocking-condition": _kind(CONDITION, "Block by subtasks", "blocker!", "statusIds!"),
    "system:jsd-approvals-block-until-approved": _kind(CONDITION, "Block until approved", "approvalConfigurationJson!"),
    "system:jsd-approvals-block-until-rejected": _kind(CONDITION, "Block until declined", "approvalConfigurationJson!"),
    "system:block-in-progress-approval": _kind(CONDITION, "Block while an approval is pending"),
    VALIDATE_VALUE: _kind(
        VALIDATOR, "Validate a field", "ruleType!", "fieldsRequired", "ignoreContext", "errorMessage", "fieldKey",
        "groupsExemptFromValidation", "excludeSubtasks", "regexp", "date1FieldKey", "date2FieldKey", "includeTime",
        "conditionSelected", "numberOfDays", on_initial=True,
    ),
    CHECK_PERMISSION: _kind(VALIDATOR, "Require a permission", "permissionKey!", on_initial=True),
    PREVIOUS_VALIDATOR: _kind(VALIDATOR, "Require a previous status", "previousStatusIds!", "mostRecentStatusOnly"),
    "system:parent-or-child-blocking-validator": _kind(VALIDATOR, "Block by parent", "blocker!", "statusIds!"),
    "system:proforma-forms-attached": _kind(VALIDATOR, "Require forms to be attached"),
    "system:proforma-forms-submitted": _kind(VALIDATOR, "Require forms to be submitted"),
    CHANGE_ASSIGNEE: _kind(FUNCTION, "Assign a work item", "type!", "accountId", on_initial=True),
    "system:copy-value-from-other-field": _kind(
        FUNCTION, "Copy the value of one field to another", "sourceFieldKey!", "targetFieldKey!", "issueSource",
        on_initial=True,
    ),
    "system:update-field": _kind(FUNCTION, "Update a field", "field!", "value", "mode", on_initial=True),
    "system:trigger-webhook": _kind(FUNCTION, "Trigger a webhook", "webhookId!", on_initial=True),
    TRANSITION_SCREEN: _kind(SCREEN, "Show a screen", "screenId!"),
    "system:remind-people-to-update-fields": _kind(
        SCREEN, "Remind people to update fields", "remindingFieldIds!", "remindingMessage", "remindingAlwaysAsk"
    ),
}  # fmt: skip
CHECKED_AS = {
    "fieldRequired": ("fieldsRequired",),
    "fieldChanged": ("fieldKey",),
    "fieldHasSingleValue": ("fieldKey",),
    "fieldMatchesRegularExpression": ("fieldKey", "regexp"),
    "dateFieldComparison": ("date1FieldKey", "date2FieldKey", "conditionSelected"),
    "windowDateComparison": ("date1FieldKey", "date2FieldKey", "numberOfDays"),
}
"""The rule types of `system:validate-field-value`, and what each needs."""
COMPARATORS = frozenset({">", ">=", "=", "<=", "<", "!="})
COMPARISON_TYPES = frozenset({"STRING", "NUMBER", "DATE", "DATE_WITHOUT_TIME", "OPTIONID"})
DEVELOPMENT_TRIGGERS = "system:development-triggers"
