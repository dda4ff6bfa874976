"""Which ticket has the right to KOMBIT's setup of each solution (R16)."""

from __future__ import annotations

from adapter.catalogue.words import IssueId, IssueKey, SiteName
from adapter.store.rows import Rows
from adapter.ticket.evidence import SetupHolder


class Setups(Rows):
    """The rights to setups: one row for each solution, so that two tickets can't both have it."""

    def claim_setup(self, site: SiteName, solution: str, issue: IssueId, key: IssueKey) -> bool:
        """Gives a ticket the right if nobody has it; True for the ticket that has it, however often it asks."""
        return bool(
            self._rows(
                "INSERT INTO dubu.setup AS held (site, solution, issue, key) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (site, solution) DO UPDATE SET key = EXCLUDED.key WHERE held.issue = EXCLUDED.issue "
                "RETURNING 1",
                (site, solution, issue, key),
            )
        )

    def release_setup(self, site: SiteName, solution: str, issue: IssueId) -> None:
        """Gives a ticket's right back; nothing where another ticket has it."""
        self._do(
            "DELETE FROM dubu.setup WHERE site = %s AND solution = %s AND issue = %s",
            (site, solution, issue),
        )

    def setup_holder(self, site: SiteName, solution: str) -> SetupHolder | None:
        """The ticket that has the right to a solution's setup."""
        rows = self._rows("SELECT issue, key FROM dubu.setup WHERE site = %s AND solution = %s", (site, solution))
        return next((SetupHolder(issue=IssueId(issue), key=IssueKey(key)) for issue, key in rows), None)

    def setups_held(self, site: SiteName, issue: IssueId) -> frozenset[str]:
        """The solutions, by their keys in register.yaml, whose setup a ticket has the right to."""
        rows = self._rows("SELECT solution FROM dubu.setup WHERE site = %s AND issue = %s", (site, issue))
        return frozenset(solution for (solution,) in rows)

    def restore_setup(self, site: SiteName, solution: str, issue: IssueId, key: IssueKey) -> None:
        """Puts down what Jira says of an earlier ticket; whoever has the right already keeps it."""
        self._do(
            "INSERT INTO dubu.setup (site, solution, issue, key) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (site, solution) DO NOTHING",
            (site, solution, issue, key),
        )

    def setups_known(self, site: SiteName, names: str) -> bool:
        """Whether the setups of earlier tickets have been read by these names, so that a free right is known to be."""
        return bool(self._rows("SELECT 1 FROM dubu.site WHERE site = %s AND setups_read_by = %s", (site, names)))

    def mark_setups_known(self, site: SiteName, names: str) -> None:
        """Notes that the setups of earlier tickets have all been read from Jira, by these names of solutions."""
        self._do(
            "INSERT INTO dubu.site (site, setups_read_by) VALUES (%s, %s) "
            "ON CONFLICT (site) DO UPDATE SET setups_read_by = EXCLUDED.setups_read_by",
            (site, names),
        )
