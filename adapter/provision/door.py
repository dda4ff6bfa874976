"""A way around the approval, or what makes the lock useless: one of a kind, told with the site's own names (R10)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DoorKind(StrEnum):
    """What kind of hole it is."""

    EARLY_START = "early_start"  # a transition into a work status from elsewhere than Godkendt
    OPEN_APPROVAL = "open_approval"  # a transition into Godkendt that others than the adapter may take
    AUTOMATIC_STEP = "automatic_step"  # Jira itself may take a step into Godkendt, or into work past it
    NO_SECOND_LOCK = "no_second_lock"  # the start does not ask what the gate's field says
    NO_START = "no_start"  # what may start cannot: the start's conditions fit no such value of the gate's field
    OTHER_FIELD = "other_field"  # the start asks another field, too: the gate's from before, or somebody's own rule
    NO_WAY_BACK = "no_way_back"  # a start that came about anyway could not be put back
    FOREIGN_TYPE = "foreign_type"  # an issue type that the adapter leaves alone, and in which work can start
    FOREIGN_REQUEST = "foreign_request"  # a request type of the mapping gives tickets such an issue type
    MOVE_REMAPS = "move_remaps"  # who moves a ticket from a type with other statuses chooses its new one freely
    UNMAPPED_STATUS = "unmapped_status"  # work may go on there, and the mapping does not say so
    NO_ROLE = "no_role"
    ROLE_HOLDS_OTHERS = "role_holds_others"
    ROLE_WITHOUT_ADAPTER = "role_without_adapter"
    RISKY_RIGHT = "risky_right"


@dataclass(frozen=True)
class SideDoor:
    """One hole, with the site's own names; two that are equal are the same hole."""

    kind: DoorKind
    workflow: str = ""
    transition: str = ""  # its name
    transition_id: str = ""
    sources: tuple[str, ...] = ()  # names of statuses
    target: str = ""
    who: str = ""  # a holder of the role or of a right

    def __str__(self) -> str:
        return self._told(_TOLD[self.kind])

    @property
    def what(self) -> str:
        """The hole alone, without what follows from it; of names as they are, whatever stands in them."""
        return self._told(_TOLD[self.kind].partition("; ")[0])

    def _told(self, sentence: str) -> str:
        start = " / ".join(f'"{name}"' for name in self.sources) or "oprettelsen"
        where = f' i workflowet "{self.workflow}"' if self.workflow else ""
        number = f" ({self.transition_id})" if self.transition_id else ""
        step = f'overgangen "{self.transition}"{number}{where}'
        return sentence.format(step=step, start=start, where=where, target=self.target, who=self.who)


_TOLD = {
    DoorKind.EARLY_START: '{step} fører fra {start} til "{target}" uden om godkendelsen',
    DoorKind.OPEN_APPROVAL: '{step} fører til "{target}" og er ikke forbeholdt adapterens rolle',
    DoorKind.AUTOMATIC_STEP: '{step} fører til "{target}", og {who} lader Jira selv tage den, måske uden om '
    "betingelserne",
    DoorKind.NO_SECOND_LOCK: '{step} fører til "{target}" uden at se på, hvad godkendelsesfeltet siger',
    DoorKind.NO_START: 'ingen overgang til arbejde{where} lader en sag igennem, hvis godkendelsesfelt er "{target}"',
    DoorKind.OTHER_FIELD: "{step} spørger også feltet {who}, som ikke er godkendelsesfeltet; er det et fra før, kan "
    "intet startes",
    DoorKind.NO_WAY_BACK: 'adapteren har ingen sikker overgang fra {start} til "{target}"{where}',
    DoorKind.FOREIGN_TYPE: 'sagstypen "{who}" holder adapteren sig fra, og dens workflow har "{target}"',
    DoorKind.FOREIGN_REQUEST: 'anmodningstypen "{who}" giver sager af sagstypen "{target}", som adapteren ikke ser på',
    DoorKind.MOVE_REMAPS: 'en sag, der flyttes hertil fra workflowet "{who}" i {start}, kan få "{target}"{where}, for '
    "de statusser har det ikke",
    DoorKind.UNMAPPED_STATUS: 'statussen "{target}"{where} nævnes ikke i jira.yaml; arbejdes der i den, så skriv den '
    "under `arbejde`, for ellers ser adapteren det ikke",
    DoorKind.NO_ROLE: 'projektrollen "{who}" findes ikke, så intet kan forbeholdes adapteren',
    DoorKind.ROLE_HOLDS_OTHERS: "adapterens projektrolle har også {who}, som så kan godkende uden godkendelse",
    DoorKind.ROLE_WITHOUT_ADAPTER: 'adapterens konto er ikke i projektrollen "{who}" og kan ikke bruge sine overgange',
    DoorKind.RISKY_RIGHT: "{who} har rettigheden {target}, hvormed bevis eller status kan flyttes uden om",
}
