"""Reading the screens of a project's tickets by their schemes: what is on them, and who else has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from adapter.errors import Refused
from adapter.gateway.session import API, Wire
from adapter.gateway.shapes import Json, objects, part, text
from adapter.provision.found import Screen

SCHEMES = f"{API}/issuetypescreenscheme"
USES = ("create", "edit", "view")


@dataclass(frozen=True)
class Screens:
    """Reads on Cloud; Data Center does not tell which project has which screen."""

    wire: Wire

    def read(self, project_id: str, type_ids: Iterable[str], *, with_others: bool) -> tuple[Screen, ...]:
        """The screens on which the project's tickets of some types are made, edited and shown.

        With others: the other projects, too, whose tickets have them. That takes all schemes of the site.
        """
        found = self.wire.pages(f"{SCHEMES}/project", ("values",), {"projectId": project_id})
        scheme = next((text(part(s, "issueTypeScreenScheme", "id")) for s in found), "")
        if not scheme:
            return ()
        mapped = {
            text(m.get("issueTypeId")): text(m.get("screenSchemeId"))
            for m in self.wire.pages(f"{SCHEMES}/mapping", ("values",), {"issueTypeScreenSchemeId": scheme})
        }
        default = mapped.get("default", "")
        schemes = dict.fromkeys(mapped.get(type_id, default) for type_id in type_ids)
        ids = tuple(dict.fromkeys(screen for one in schemes if one for screen in self._of_scheme(one)))
        screens = tuple(self.again(Screen(screen_id, name, "", frozenset())) for screen_id, name in self._names(ids))
        if not with_others:
            return screens
        others = self._others(ids, project_id)
        return tuple(replace(screen, others=others[screen.id]) for screen in screens)

    def again(self, screen: Screen) -> Screen:
        """One screen with what is on it now; Refused where it has no tab to put a field on."""
        tabs = objects(self.wire.get(f"{API}/screens/{{screen}}/tabs", screen=screen.id))
        if not tabs:
            raise Refused(f'skærmbilledet "{screen.name}" har ingen faneblade; tilføj et', 409)
        fields: set[str] = set()
        for tab in tabs:
            path = f"{API}/screens/{{screen}}/tabs/{{tab}}/fields"
            answer = self.wire.get(path, screen=screen.id, tab=text(tab.get("id")))
            fields |= {text(f.get("id")) for f in objects(answer)}
        return replace(screen, tab_id=text(tabs[0].get("id")), field_ids=frozenset(fields))

    def _of_scheme(self, scheme: str) -> Iterator[str]:
        for found in self.wire.pages(f"{API}/screenscheme", ("values",), {"id": scheme}):
            yield from _screens_in(found)

    def _names(self, ids: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        for screen_id in ids:
            found = self.wire.pages(f"{API}/screens", ("values",), {"id": screen_id})
            yield screen_id, next((text(s.get("name")) for s in found), screen_id)

    def _others(self, ids: tuple[str, ...], project_id: str) -> dict[str, tuple[str, ...]]:
        """The keys of the other projects that have each screen: by screen scheme and issue type screen scheme."""
        having: dict[str, set[str]] = defaultdict(set)  # issue type screen schemes, by screen scheme
        for mapped in self.wire.pages(f"{SCHEMES}/mapping", ("values",)):
            having[text(mapped.get("screenSchemeId"))].add(text(mapped.get("issueTypeScreenSchemeId")))
        wanted, by_screen = set(ids), defaultdict[str, set[str]](set)
        for scheme in self.wire.pages(f"{API}/screenscheme", ("values",)):
            for screen in wanted.intersection(_screens_in(scheme)):
                by_screen[screen] |= having[text(scheme.get("id"))]
        projects = {
            scheme: {
                text(p.get("key")) or text(p.get("id"))
                for p in self.wire.pages(f"{SCHEMES}/{{scheme}}/project", ("values",), scheme=scheme)
                if text(p.get("id")) != project_id
            }
            for scheme in sorted(set().union(*by_screen.values()))
        }
        return {screen: tuple(sorted({key for one in by_screen[screen] for key in projects[one]})) for screen in ids}


def _screens_in(scheme: Json) -> Iterator[str]:
    """The screens of a screen scheme for tickets: made, edited and shown."""
    screens = part(scheme, "screens")
    default = text(part(screens, "default"))
    for use in USES:
        if screen := text(part(screens, use)) or default:
            yield screen
