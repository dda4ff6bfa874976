"""What was found amiss on a live site: how bad it is, what it is, why it matters, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is."""

    ERROR = "fejl"
    WARNING = "advarsel"
    NOTE = "oplysning"


class Code(StrEnum):
    """What kind of finding it is: stable words, which scripts, alarms and the store know it by."""

    ADDRESS = "address"
    DEPLOYMENT = "deployment"
    LOGIN = "login"
    ADMIN_LOGIN = "admin_login"
    CLOCK = "clock"
    TIME_ZONE = "time_zone"
    PROJECT = "project"
    NO_DESK = "no_desk"
    TEAM_MANAGED = "team_managed"
    ISSUE_TYPE = "issue_type"
    FIELD = "field"
    OPTION = "option"
    CONTEXT = "context"
    SCREEN = "screen"
    STATUS = "status"
    UNNAMED_STATUS = "unnamed_status"
    ROLE = "role"
    AGENTS = "agents"
    ACCOUNT = "account"
    REQUEST_TYPE = "request_type"
    KOMBIT = "kombit"
    PERMISSION = "permission"
    WEBHOOK = "webhook"
    WEBHOOK_URL = "webhook_url"
    WEBHOOK_OFF = "webhook_off"
    WEBHOOK_EVENTS = "webhook_events"
    WEBHOOK_JQL = "webhook_jql"
    WEBHOOK_BODY = "webhook_body"
    WEBHOOK_SECRET = "webhook_secret"  # noqa: S105 -- a code, no secret
    DELIVERY = "delivery"
    EARLY_START = "early_start"
    OPEN_APPROVAL = "open_approval"
    AUTOMATIC_STEP = "automatic_step"
    NO_SECOND_LOCK = "no_second_lock"
    NO_START = "no_start"
    OTHER_FIELD = "other_field"
    NO_WAY_BACK = "no_way_back"
    WAY = "way"
    FOREIGN_TYPE = "foreign_type"
    FOREIGN_REQUEST = "foreign_request"
    MOVE_REMAPS = "move_remaps"
    UNMAPPED_STATUS = "unmapped_status"
    NO_ROLE = "no_role"
    ROLE_HOLDS_OTHERS = "role_holds_others"
    ROLE_WITHOUT_ADAPTER = "role_without_adapter"
    RISKY_RIGHT = "risky_right"
    ASSUMPTION = "assumption"
    UNREAD = "unread"


WHY: dict[Code, str] = {
    Code.ADDRESS: "adapteren kan ikke tale med Jira, eller taler med et andet sted, end den tror",
    Code.DEPLOYMENT: "Cloud og Data Center spørges forskelligt: med den forkerte udgave virker intet",
    Code.LOGIN: "uden login læser og skriver adapteren intet",
    Code.ADMIN_LOGIN: "kun en administrator kan se workflows, webhooks og felternes kontekster",
    Code.CLOCK: "frister, og om et svar kom efter tilbuddet, regnes af tidspunkter fra begge ure (R5, R11)",
    Code.TIME_ZONE: "adapterens søgninger og frister skrider ikke, for den spørger med millisekunder; men datoer "
    "i et filter, som en person skriver for kontoen, læses i kontoens tidszone",
    Code.PROJECT: "adapteren arbejder i netop dette projekt",
    Code.NO_DESK: "anmodningstyper, interne kommentarer og portalen findes kun i et servicedesk-projekt",
    Code.TEAM_MANAGED: "et team-styret projekt har egne felter og workflows, som provision ikke kan låse",
    Code.ISSUE_TYPE: "adapteren ser kun efter sager af disse typer",
    Code.FIELD: "adapteren skriver intet, før alle felter er på plads (R1)",
    Code.OPTION: "det, adapteren beslutter, kan ikke skrives, hvis valget mangler (R1)",
    Code.CONTEXT: "et felt uden kontekst i projektet findes ikke på projektets sager, og så kan det ikke skrives",
    Code.SCREEN: "et felt, der ikke er på skærmbilledet, kan hverken ses, rettes eller skrives på sagen",
    Code.STATUS: "sagens plads i forløbet kendes på dens status (R8–R10)",
    Code.UNNAMED_STATUS: "en sag i en status, som ikke nævnes, venter ikke og er ikke i gang: ingen frist og ingen lås",
    Code.ROLE: "hvem der er servicedesken, kendes på projektrollen (R9)",
    Code.AGENTS: "tilbud og svar tæller kun fra servicedeskens egne (R9)",
    Code.ACCOUNT: "kontoens ord og træk regnes ellers for en anden persons",
    Code.REQUEST_TYPE: "anmodningstypen siger, hvilken kategori sagen har (R2)",
    Code.KOMBIT: "KOMBITs godkendelse på sagen tæller kun, når det er KOMBITs egne (R18)",
    Code.PERMISSION: "uden rettigheden afviser Jira det, adapteren skal gøre",
    Code.WEBHOOK: "uden webhook opdages ændringer først ved næste gennemsyn, og en for tidlig start står så længe",
    Code.WEBHOOK_URL: "leveringer, der går et andet sted hen, når aldrig frem",
    Code.WEBHOOK_OFF: "en webhook, der er slået fra, leverer intet",
    Code.WEBHOOK_EVENTS: "det, webhooken ikke fortæller, opdages først ved næste gennemsyn",
    Code.WEBHOOK_JQL: "sager uden for filteret opdages først ved næste gennemsyn",
    Code.WEBHOOK_BODY: "uden indhold kan det ikke ses, hvilken sag en levering handler om",
    Code.WEBHOOK_SECRET: "en levering, der ikke er underskrevet med den rigtige hemmelighed, afvises",
    Code.DELIVERY: "uden leveringer opdages ændringer først ved næste gennemsyn",
    Code.EARLY_START: "arbejde kan begynde uden godkendelse; adapteren kan kun sætte sagen tilbage bagefter (R10)",
    Code.OPEN_APPROVAL: 'fra "Godkendt" må arbejdet begynde: den, der kan flytte sagen dertil, kan godkende selv (R10)',
    Code.AUTOMATIC_STEP: "Jira tager selv overgangen og spørger måske hverken om roller eller betingelser (R10)",
    Code.NO_SECOND_LOCK: 'står en sag ved en fejl i "Godkendt", standser intet starten (R10)',
    Code.NO_START: "en sag, der er godkendt eller ikke kræver godkendelse, kan ikke sættes i gang af nogen (R10)",
    Code.OTHER_FIELD: "er det et godkendelsesfelt fra før, skriver adapteren det ikke mere, og intet kan startes (R10)",
    Code.NO_WAY_BACK: "en sag, der er sat for tidligt i gang, kan ikke sættes tilbage, og en godkendt ikke frem (R10)",
    Code.WAY: "forløbet går i stå dér: folk kan ikke svare, starte, vente eller afslutte, som kataloget forudsætter",
    Code.FOREIGN_TYPE: "en sag kan flyttes til sagstypen og sættes i gang dér, uden at nogen ser efter",
    Code.FOREIGN_REQUEST: "sagen bliver hverken udfyldt, prissat eller holdt tilbage (R1, R10)",
    Code.MOVE_REMAPS: "den, der flytter sagen, vælger selv dens nye status, også en med arbejde (R10)",
    Code.UNMAPPED_STATUS: "arbejdes der i statussen, holder adapteren ikke øje med det (R10)",
    Code.NO_ROLE: "uden rollen kan ingen overgang forbeholdes adapteren",
    Code.ROLE_HOLDS_OTHERS: "den, der er i rollen, kan bruge adapterens overgange og godkende uden godkendelse (R10)",
    Code.ROLE_WITHOUT_ADAPTER: "adapteren kan ikke bruge de overgange, der er forbeholdt den: ingen sag kan godkendes",
    Code.RISKY_RIGHT: "med den kan et bevis, en status eller adapterens rolle flyttes uden om låsen",
    Code.ASSUMPTION: "kataloget siger det ikke, så værdien gælder, til ejeren har sagt andet",
    Code.UNREAD: "det, der ikke er set efter, kan være forkert",
}
"""Why each kind of finding matters."""


@dataclass(frozen=True)
class Finding:
    """One thing amiss: `what` names it and where on the site it is, `place` the mapping line where there is one.

    Where it showed on a ticket, `status` is that ticket's and `seen_on` says which it was: another one the next time,
    of the same finding.
    """

    level: Level
    code: Code
    what: str
    next_step: str
    place: str = ""
    status: str = ""
    seen_on: str = ""

    @property
    def identity(self) -> tuple[Code, str]:
        """What it is known again by, from one look to the next."""
        return self.code, self.what

    @property
    def told(self) -> str:
        """What it is, and on which ticket it showed."""
        return f"{self.what} ({self.seen_on})" if self.seen_on else self.what

    @property
    def why(self) -> str:
        """Why it matters."""
        return WHY[self.code]

    def __str__(self) -> str:
        said = f"{self.told}; {self.next_step}"
        return f"{self.place}: {said}" if self.place else said
