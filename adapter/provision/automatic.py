"""Steps that Jira takes by itself, on an approver's answer in JSM or on a commit: no condition surely holds them back.

Neither is in the API's description: what Jira asks before such a step is not told, so it is taken for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapter.provision.document import Transition
from adapter.provision.found import Workflow


def answers(workflow: Workflow) -> Mapping[str, tuple[str, ...]]:
    """The ids of the steps that an approver's answer takes, by the status that has JSM's approval step.

    JSM holds a ticket there only while the status has no other exits than those two. One that is not said to be off is
    taken to be on.
    """
    return {
        placed.get("statusReference", ""): (str(told.get("transitionApproved")), str(told.get("transitionRejected")))
        for placed in workflow.document.get("statuses") or []
        if (told := placed.get("approvalConfiguration")) and str(told.get("active")).casefold() != "false"
    }


def takes(transition: Transition, workflow: Workflow) -> str:
    """What makes Jira take a step, in Danish; empty where only people and the adapter do."""
    if transition.get("triggers"):
        return "en udløser (trigger)"
    asked = (ref for ref, ids in answers(workflow).items() if transition.get("id") in ids)
    names = ", ".join(f'"{workflow.status_name(ref)}"' for ref in asked)
    return f"godkendelsestrinnet i {names}" if names else ""
