"""What is to be done on a site, one frozen thing a write; each prints itself as a line of a diff."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from adapter.catalogue.words import FieldType
from adapter.provision.found import Actor, Webhook
from adapter.provision.telling import shown, some


@dataclass(frozen=True)
class CreateField:
    """A custom field that the site lacks."""

    name: str
    type: FieldType
    place: str

    def __str__(self) -> str:
        return f'+ felt "{self.name}" ({self.type.value})'


@dataclass(frozen=True)
class AddContext:
    """A field that is not in the project yet."""

    field_name: str
    place: str

    def __str__(self) -> str:
        return f'+ felt "{self.field_name}" i projektet'


@dataclass(frozen=True)
class _OfOptions:
    """What is done with options of a select field in a context."""

    field_name: str
    context: str  # its name
    labels: tuple[str, ...]
    place: str


class AddOptions(_OfOptions):
    """Options that a select field lacks in a context; those that are there stay as they are."""

    def __str__(self) -> str:
        return f'+ valg i "{self.field_name}": {", ".join(self.labels)}'


class EnableOptions(_OfOptions):
    """Options that a select field has in a context, where somebody disabled them."""

    def __str__(self) -> str:
        return f'~ valg i "{self.field_name}" aktiveres: {", ".join(self.labels)}'


@dataclass(frozen=True)
class PutOnScreen:
    """Fields that are put last on a screen's first tab."""

    screen_id: str
    screen: str
    field_names: tuple[str, ...]
    place: str
    others: tuple[str, ...] = ()  # keys of other projects that have it, too

    def __str__(self) -> str:
        shared = f" (også brugt af {some(self.others)})" if self.others else ""
        return f'+ på skærmbilledet "{self.screen}"{shared}: {", ".join(self.field_names)}'


@dataclass(frozen=True)
class CreateStatus:
    """A status that the site lacks."""

    name: str
    category: str
    place: str

    def __str__(self) -> str:
        return f'+ status "{self.name}"'


@dataclass(frozen=True)
class CreateRole:
    """The adapter's project role."""

    name: str
    place: str

    def __str__(self) -> str:
        return f'+ projektrolle "{self.name}"'


@dataclass(frozen=True)
class JoinRole:
    """The adapter's account into its role."""

    role: str
    account: str
    place: str

    def __str__(self) -> str:
        return f'+ adapterens konto i projektrollen "{self.role}"'


@dataclass(frozen=True)
class LeaveRole:
    """Somebody else out of the adapter's role, which is the lock only while it holds the adapter alone."""

    role: str
    actor: Actor
    place: str

    def __str__(self) -> str:
        return f'- {self.actor.kind.value} {self.actor.name} ud af projektrollen "{self.role}"'


@dataclass(frozen=True)
class CreateRequestType:
    """A request type that the portal lacks; Jira puts it in no group, so that customers do not see it yet."""

    name: str
    type_id: str
    type_name: str
    place: str

    def __str__(self) -> str:
        return f'+ anmodningstype "{self.name}" ({self.type_name})'


@dataclass(frozen=True)
class ChangeWorkflow:
    """A workflow, changed by as little as closes the side doors; the changes are lines of their own."""

    workflow_id: str
    name: str
    changes: tuple[str, ...]
    place: str

    def __str__(self) -> str:
        return "\n    ".join((f'~ workflow "{self.name}"', *self.changes))


SIGNED = "med hemmelighed"
"""The change of a webhook without a secret; every write gives it the secret, too."""


@dataclass(frozen=True)
class WriteWebhook:
    """The webhook, made or put right; its secret is of the environment and in no plan."""

    webhook: Webhook  # as it is to be; without an id where it is new
    changes: tuple[str, ...] = field(default=())
    place: str = ""

    def __str__(self) -> str:
        if not self.webhook.id:
            return f"+ webhook til {shown(self.webhook.url)} ({self.webhook.jql}; {len(self.webhook.events)} hændelser)"
        return f"~ webhook til {shown(self.webhook.url)}: {', '.join(self.changes)}"


Step = (
    CreateField
    | AddContext
    | AddOptions
    | EnableOptions
    | PutOnScreen
    | CreateStatus
    | CreateRole
    | JoinRole
    | LeaveRole
    | CreateRequestType
    | ChangeWorkflow
    | WriteWebhook
)


def is_left_of(step: Step, done: Step) -> bool:
    """Whether a step asks for what another did, or for a part of it: it only does not show yet."""
    if isinstance(step, _OfOptions) and isinstance(done, _OfOptions):
        return replace(step, labels=done.labels) == done and set(step.labels) <= set(done.labels)
    if isinstance(step, PutOnScreen) and isinstance(done, PutOnScreen):
        return replace(step, field_names=done.field_names) == done and set(step.field_names) <= set(done.field_names)
    if isinstance(step, WriteWebhook) and isinstance(done, WriteWebhook):
        return step == done or (step.webhook.url == done.webhook.url and step.changes == (SIGNED,))
    return step == done


@dataclass(frozen=True)
class ByHand:
    """What no API does: a person does it, and `dubu-adapter check` sees whether it was done.

    `is_unseen` where the site does not tell an administrator's login whether it is done already.
    """

    text: str
    place: str = ""
    is_unseen: bool = True


@dataclass(frozen=True)
class Obstacle:
    """Why nothing can be changed yet, and what a person must do about it."""

    text: str
    place: str = ""


@dataclass(frozen=True)
class Provisioning:
    """What a site lacks; nothing is done while there are obstacles."""

    steps: tuple[Step, ...] = ()
    by_hand: tuple[ByHand, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    notes: tuple[str, ...] = ()  # what a person must know of

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do, by machine or by hand."""
        return not (self.steps or self.by_hand or self.obstacles)
