"""On Data Center what has an API is done, the rest is told to a person, and the webhook keeps its JQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapter.catalogue.model import Catalogue
from tests.provision.site import HOOK, SECRET, opened
from tests.sandbox import Seed, bare_seed


@pytest.mark.parametrize("version", ["9.12.0", "10.3.2"])
def test_fields_role_and_webhook_are_made_and_the_rest_is_told(version: str, tmp_path: Path) -> None:
    def make(catalogue: Catalogue) -> Seed:
        return bare_seed(catalogue, "datacenter").switched(data_center_version=version)

    with opened(tmp_path, make=make, deployment="datacenter") as made:
        kinds = {type(step).__name__ for step in made.provision()}
        assert kinds == {"CreateField", "CreateRole", "JoinRole", "WriteWebhook"}
        (hook,) = made.site.webhooks.hooks
        assert (hook.url, hook.jql, hook.secret, hook.enabled) == (HOOK, "project = DUBU", SECRET, True)
        role = made.site.world.find_project("DUBU").roles["DUBU-adapter"]
        assert role.users == {made.site.user("adapter").account_id}
        plan = made.plan()
        assert (plan.steps, plan.obstacles) == ((), ())
        known = [step.text for step in plan.by_hand if not step.is_unseen]
        assert known
        assert all("Statuses: opret" in text or "Request types" in text for text in known)
        assert any('opret "Genopret data"' in text for text in known)
        assert any('opret "Godkendt"' in text for text in known)
        assert made.provision() == []
