"""The doctor at a plain project before and after `provision`: what it asks for is what provisioning does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from adapter.doctor.finding import Code, Level
from adapter.doctor.seen import Deliveries
from tests.doctor.site import ADMINS, APPS, DESK, RISKY, Ward
from tests.provision.site import IN_ENGLISH, opened

OTHERS = ("annulleret: [Canceled]", "annulleret: [Canceled]\n  andre: [Pending, Escalated]")


def test_what_is_wrong_with_a_plain_project_is_right_after_provisioning_and_a_persons_part(tmp_path: Path) -> None:
    with opened(tmp_path, *IN_ENGLISH, OTHERS) as plain:
        ward = Ward(plain.site, plain.catalogue, plain.settings)
        before = ward.amiss()
        assert {Code.FIELD, Code.STATUS, Code.WEBHOOK, Code.NO_ROLE, Code.EARLY_START} <= before
        plain.provision()
        after = [
            finding
            for finding in ward.told(ward.look(Deliveries(datetime.now(UTC))))
            if finding.level is not Level.NOTE
        ]
        assert {finding.code for finding in after} == {Code.RISKY_RIGHT, Code.MOVE_REMAPS, Code.PERMISSION}
        assert not any("dubu-adapter provision" in finding.next_step for finding in after)
        ward.admin.join("adapter", ADMINS)
        for role in (DESK, ADMINS, APPS):
            for right in RISKY:
                ward.admin.revoke(right, role)
        assert ward.amiss() == set()
