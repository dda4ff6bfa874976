"""An admin who changes the site's settings by hand: what has no API on Data Center, and what tests want changed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace

from tests.sandbox import workflow_shapes
from tests.sandbox.people_records import User
from tests.sandbox.permission_keys import Holder
from tests.sandbox.records import Json, Option, Project
from tests.sandbox.rule_kinds import RESTRICT
from tests.sandbox.site_records import Grant
from tests.sandbox.workflow_records import Workflow
from tests.sandbox.workflow_update import update
from tests.sandbox.world import World


class Admin:
    """Somebody at the settings; each change goes through the code behind the REST calls where there are any."""

    def __init__(self, world: World, user: User) -> None:
        self.world = world
        self.user = user

    def _project(self, key: str | None) -> Project:
        return self.world.projects[key] if key else next(iter(self.world.projects.values()))

    def workflow_of(self, issue_type: str | None = None, project: str | None = None) -> Workflow:
        """The workflow of an issue type, by default of the first project's first."""
        found = self._project(project)
        type_ = next(t for t in found.issue_types if issue_type in {None, t.name})
        return found.workflows.of(type_.id)

    def change(self, flow: Workflow, change: Callable[[Json], object]) -> None:
        """Changes a workflow: `change` gets its document as REST v3 writes it, and edits it in place."""
        with self.world.lock:
            read = workflow_shapes.documents([flow])
            (document,) = read["workflows"]
            change(document)
            update(self.world, self.user, {"statuses": read["statuses"], "workflows": [document]})

    def add_step(
        self,
        flow: Workflow,
        name: str,
        sources: Iterable[str],
        target: str,
        *,
        roles: Iterable[str] = (),
        portal: bool = False,
    ) -> str:
        """Adds a transition between statuses by their names and tells its id; no sources: from anywhere."""
        by_name = {placed.status.name: placed.status.id for placed in flow.statuses}
        id_ = str(max(int(step.id) for step in flow.transitions) + 10)
        links = [{"fromStatusReference": by_name[source]} for source in sources]
        step: Json = {"id": id_, "name": name, "type": "DIRECTED" if links else "GLOBAL", "links": links}
        step |= {"toStatusReference": by_name[target], "actions": [], "validators": [], "triggers": []}
        step["properties"] = {self.world.switches.portal_property: "true"} if portal else {}
        held = [role_id for role_id, role in self.world.roles.items() if role in set(roles)]
        if held:
            rule = {"ruleKey": RESTRICT, "parameters": {"roleIds": ",".join(held)}}
            step["conditions"] = {"operation": "ALL", "conditions": [rule], "conditionGroups": []}
        self.change(flow, lambda document: document["transitions"].append(step))
        return id_

    def remove_step(self, flow: Workflow, name: str) -> None:
        """Removes the transitions of a name."""

        def act(document: Json) -> None:
            document["transitions"] = [step for step in document["transitions"] if step["name"] != name]

        self.change(flow, act)

    def unlock_step(self, flow: Workflow, name: str) -> None:
        """Takes conditions and validators away from the transitions of a name."""

        def act(document: Json) -> None:
            for step in document["transitions"]:
                if step["name"] == name:
                    step.pop("conditions", None)
                    step["validators"] = []

        self.change(flow, act)

    def copy_for(self, flow: Workflow, name: str, issue_type: str, project: str | None = None) -> Workflow:
        """Gives an issue type a copy of its workflow, so that it is shared with no other project."""
        with self.world.lock:
            found = self._project(project)
            made = replace(flow, id=str(uuid.uuid4()), name=name, version_id=str(uuid.uuid4()), version=1)
            made.statuses, made.transitions = list(flow.statuses), list(flow.transitions)
            self.world.workflows[made.id] = made
            found.workflows.by_type[next(t.id for t in found.issue_types if t.name == issue_type)] = made
            return made

    def add_options(self, field: str, values: Iterable[str]) -> None:
        """Adds options to the first context of a field."""
        with self.world.lock:
            context = self.world.field_named(field).contexts[0]
            context.options += [Option(self.world.new_setup_id(), value) for value in values]

    def show(self, field: str, project: str | None = None) -> None:
        """Puts a field on the default screen of a project's first issue type."""
        with self.world.lock:
            found = self._project(project)
            tab = found.screens.of(found.issue_types[0].id).default.tabs[0]
            tab.fields.append(self.world.field_named(field).id)

    def hide(self, field: str, project: str | None = None) -> None:
        """Takes a field off the default screen of a project's first issue type."""
        with self.world.lock:
            found, id_ = self._project(project), self.world.field_named(field).id
            for tab in found.screens.of(found.issue_types[0].id).default.tabs:
                tab.fields = [held for held in tab.fields if held != id_]

    def join(self, handle: str, role: str, project: str | None = None) -> None:
        """Puts somebody in a project role."""
        with self.world.lock:
            self._project(project).roles[role].users.add(self.world.users[handle].account_id)

    def leave(self, handle: str, role: str, project: str | None = None) -> None:
        """Takes somebody out of a project role."""
        with self.world.lock:
            self._project(project).roles[role].users.discard(self.world.users[handle].account_id)

    def make_role(self, name: str) -> str:
        """A new role's id."""
        with self.world.lock:
            return self.world.add_role(name)

    def revoke(self, permission: str, role: str, project: str | None = None) -> None:
        """Takes a permission from a role."""
        with self.world.lock:
            found = self._project(project)
            held = (permission, found.roles[role].id)
            grants = found.permissions.grants
            grants[:] = [grant for grant in grants if (grant.permission, grant.parameter) != held]

    def grant(self, permission: str, role: str, project: str | None = None) -> None:
        """Gives a permission to a role."""
        with self.world.lock:
            found = self._project(project)
            id_ = max((grant.id for grant in found.permissions.grants), default=10100) + 1
            found.permissions.grants.append(Grant(id_, permission, Holder.ROLE, found.roles[role].id))
