"""What a person must still see to once steps are done, because no API does it or tells whether it was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapter.provision.steps import CreateRequestType, JoinRole, Step, WriteWebhook


def afterwards(steps: Iterable[Step], secrets_variable: str) -> Iterator[str]:
    """A line for each kind of thing; nothing where the steps leave nothing open."""
    done = tuple(steps)
    for step in done:
        if isinstance(step, JoinRole):  # the role is new, or the account new in it: what it may do is the scheme's
            yield (
                f'Project settings → Permissions: giv projektrollen "{step.role}" de rettigheder, adapteren bruger; '
                "uden Administer Projects ser den ikke, hvem der er i servicedeskens rolle. dubu-adapter check nævner "
                "dem, der mangler"
            )
    types = [step.name for step in done if isinstance(step, CreateRequestType)]
    if types:
        yield (
            "Project settings → Request types: sæt i en gruppe på portalen, for ellers ser kunderne dem ikke, og vælg "
            f"deres felter: {', '.join(types)}"
        )
    for step in done:
        if isinstance(step, WriteWebhook):
            yield (
                f"System → Webhooks → {step.webhook.name}: se efter, at der er en hemmelighed, og indtast ellers den "
                f"første fra {secrets_variable}; Jira siger ikke, om den blev gemt"
            )
