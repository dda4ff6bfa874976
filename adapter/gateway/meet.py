"""Meeting a site: all of the mapping's names and people on it, with everything that is wrong with them."""

from __future__ import annotations

from adapter.catalogue.model import Catalogue
from adapter.gateway.agents import Agents
from adapter.gateway.circle import identity
from adapter.gateway.findings import Findings
from adapter.gateway.kombit import Kombit
from adapter.gateway.names import Names
from adapter.gateway.people import account_of
from adapter.gateway.resolve import Resolution
from adapter.gateway.retry import Patience
from adapter.gateway.session import Wire


def meet(
    wire: Wire, catalogue: Catalogue, me: object, findings: Findings, patience: Patience
) -> tuple[Names, Agents, Kombit]:
    """The site's ids and the people who count; Unresolvable where not even the project is there.

    Args:
        me: the adapter's own user, as Jira tells it.
        findings: gets all that is wrong.
    """
    cloud = catalogue.jira.deployment == "cloud"
    names = Resolution(wire, catalogue, findings).names(account_of(me, cloud))
    agents = Agents(wire, cloud, patience.clock, catalogue.jira.project, names.agent_role_id)
    if names.agent_role_id:
        agents.meet(findings, catalogue.jira.roles.agent, identity(me, cloud))
    kombit = Kombit(wire, cloud, patience.clock, catalogue.parties.kombit)
    kombit.meet(findings)
    return names, agents, kombit
