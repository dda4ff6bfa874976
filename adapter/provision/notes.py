"""What provisioning leaves as it is and a person should know of, for only the mapping can mend it, or who shares it."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.provision.found import Found
from adapter.provision.side_doors import asking_others, automatic, foreign_requests, is_ours, unmapped, unstartable
from adapter.provision.wanted import Wanted


def notes_of(wanted: Wanted, found: Found) -> tuple[str, ...]:
    """A sentence each; `found` is the site as it will be."""
    requests = (str(door) for door in foreign_requests(wanted.catalogue, found))
    return (*_categories(wanted, found), *_of_workflows(wanted, found), *requests)


def _of_workflows(wanted: Wanted, found: Found) -> Iterator[str]:
    catalogue = wanted.catalogue
    for workflow in found.workflows or ():
        if is_ours(workflow, catalogue):
            for door in (
                *automatic(workflow, catalogue),
                *unstartable(catalogue, found, workflow),
                *asking_others(catalogue, found, workflow),
                *unmapped(workflow, catalogue),
            ):
                yield str(door)


def _categories(wanted: Wanted, found: Found) -> Iterator[str]:
    """Statuses of a wanted name that Jira takes for done and the mapping does not, or the other way round.

    Between TODO and IN_PROGRESS nothing rests on the difference, and plain projects begin in the latter.
    """
    for status in wanted.statuses:
        there = found.status(status.name)
        if there is not None and there.category and (there.category == "DONE") != (status.category == "DONE"):
            effect = "regner Jira for afsluttede" if there.category == "DONE" else "regner Jira ikke for afsluttede"
            yield (
                f'statussen "{status.name}" er på sitet i kategorien {there.category} og skulle være i '
                f"{status.category}: sager i den {effect}; den ændres ikke, for andre projekter kan bruge den, så ret "
                f"kategorien, eller skriv en anden status i jira.yaml [{status.place}]"
            )
