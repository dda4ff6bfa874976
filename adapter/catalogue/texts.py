"""tekster.yaml: what the adapter says on a ticket, in Danish, as Jinja templates an admin may reword."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Annotated

from jinja2 import StrictUndefined, Template, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import Field, StringConstraints

from adapter.catalogue.suggest import suggestion
from adapter.catalogue.values import Closed

TemplateText = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]

SENTENCES: dict[str, tuple[str, ...]] = {
    # code: the names the sentence may use
    # Headings, one for each approval state
    "ikke_påkrævet": (),
    "afklares_kategori": (),
    "afklares_betaler": (),
    "tilbud_mangler": (),
    "afventer_godkendelse": ("betaler",),
    "kræver_vurdering": (),
    "afvist": (),
    "bortfaldet": ("felter",),
    "loft_nået": (),
    "uenighed": (),
    "forudsætninger_mangler": (),
    "almindelig_support": (),
    "afklares_svar": (),
    "godkendt": (),
    # Where the category came from
    "kategori_fra_person": ("person", "tid"),
    "kategori_fra_oprettelsen": (),
    "kategori_fra_anmodningstype": ("navn",),
    "kategori_fra_formular": ("navn",),
    "kategori_fra_ord": ("ord",),
    "kategori_fastholdt": (),
    "kategori_afklares": ("navn",),
    "kategori_kendes_ikke": ("navn",),
    "kategori_modsiges": ("navn",),
    "kandidat": ("kategori", "ord"),
    # Where payer and paying party came from
    "betaler_fra_person": ("person", "tid"),
    "betaler_fra_oprettelsen": (),
    "betaler_fastholdt": (),
    "betaler_fra_katalog": (),
    "betaler_fra_bestiller": (),
    "betaler_ukendt": (),
    "betaler_sf1475": (),
    "betaler_sf1475_første": (),
    "betaler_sf1475_senere": (),
    "betaler_sf1475_person": (),
    "part_fra_person": ("person", "tid"),
    "part_fra_oprettelsen": (),
    "part_fastholdt": (),
    "part_fra_organisation": (),
    "part_fra_bestiller": (),
    "part_er_kombit": (),
    "part_ukendt": (),
    "part_findes_ikke": (),
    "part_flertydig": (),
    # Which solution is ordered, and who pays its setup (R16)
    "løsning_fra_felt": ("løsning",),
    "løsning_fra_ord": ("løsning",),
    "løsning_mangler": (),
    "løsning_ukendt": ("skrevet", "kandidater"),
    "løsning_flertydig": ("kandidater",),
    "løsning_i_tvivl": ("kandidater",),
    "opsætning_er_fri": ("løsning",),
    "opsætning_er_sagens": ("løsning",),
    "opsætning_har_anden_sag": ("løsning", "sag"),
    "opsætning_før_adapteren": ("løsning", "sted"),
    "opsætning_givet_tilbage": ("løsning",),
    # What is missing before work may start
    "mangler_kategori": (),
    "mangler_betaler": (),
    "mangler_part": (),
    "mangler_domæner": ("part",),
    "mangler_tilbud": (),
    "mangler_nyt_tilbud": ("felter",),
    "mangler_godkendelse": ("betaler",),
    "mangler_kombits_svar": (),
    "mangler_vurdering": (),
    "mangler_efter_afslag": (),
    "mangler_tilbudt_pris": (),
    "mangler_lovet_dato": ("felt",),
    "mangler_timer": (),
    "mangler_enighed": (),
    "mangler_forudsætninger": (),
    "mangler_begrundelse_sf1475": (),
    "mangler_begrundelse_ukendt": (),
    "mangler_kombit_mail": (),
    "mangler_kombit_overgang": (),
    # What the next offer lacks (R7, R17), and how it is sent
    "mangler_timer_i_tilbud": (),
    "mangler_pris_i_tilbud": (),
    "tilbud_over_loft": ("timer", "loft", "felt"),
    "tilbud_over_timepris": ("pris", "timer", "timepris", "højst", "felter"),
    "mangler_prisvarsel": ("felt",),
    "prisvarsel_passeret": ("felt",),
    "mangler_kan_udføres": ("felt",),
    "mangler_modtager": (),
    "tilbud_siger_ja": ("ord",),
    "send_er_kladde": (),
    "svar_til_bestiller_mangler": (),
    "send_kan_vælges": ("felt",),
    # Clocks
    "reaktion_frist": ("frist", "timer"),
    "reaktion_i_tide": ("frist", "timer", "reageret"),
    "reaktion_for_sent": ("frist", "timer", "reageret"),
    "reaktion_overskredet": ("frist", "timer"),
    "løsning_efter_aftale": (),
    "løsning_aftalt": ("frist",),
    "løsning_afventer_godkendelse": ("dage",),
    "løsning_frist": ("frist", "dage"),
    "løsning_står_stille": (),
    # What a file is
    "fil_tilbud": ("tid",),
    "fil_tilbud_igen": ("navn",),
    "fil_tidligere_tilbud": ("tid",),
    "fil_godkendelse": ("tid",),
    "fil_tidligere_godkendelse": ("nummer",),
    "fil_godkendelse_af_person": ("person", "tid", "begrundelse"),
    "fil_tilbud_af_person": ("person", "tid", "begrundelse"),
    "fil_afslag": ("tid",),
    "fil_i_tvivl": (),
    "fil_tæller_ikke": (),
    "fil_fra_leverandøren": (),
    "fil_lagt_til_side": ("person", "tid", "begrundelse"),
    "fil_skal_vurderes": (),
    "fil_eget_brev": (),
    "fil_kombit_accept": ("person", "tid"),
    "fil_ulæselig_too_large": (),
    "fil_ulæselig_too_complex": (),
    "fil_ulæselig_too_slow": (),
    "fil_ulæselig_broken": (),
    "fil_ulæselig_not_a_mail": (),
    "fil_ulæselig_unreachable": (),
    # Checks of a mail: one sentence each for passed, failed, unsure where they differ
    "opfyldt": ("liste",),
    "en_afsender_opfyldt": (),
    "en_afsender_ikke_opfyldt": (),
    "ikke_leverandør_opfyldt": (),
    "ikke_leverandør_ikke_opfyldt": (),
    "ikke_tilbud_opfyldt": (),
    "ikke_tilbud_ikke_opfyldt": (),
    "betaler_kendt_usikkert": (),
    "betaler_har_domæner_usikkert": ("part",),
    "fra_betaler_opfyldt": ("domæne",),
    "fra_betaler_ikke_opfyldt": ("domæne", "part"),
    "ligner_betaler_ikke_opfyldt": ("domæne", "part"),
    "ikke_autosvar_opfyldt": (),
    "ikke_autosvar_ikke_opfyldt": (),
    "tilbud_findes_ikke_opfyldt": (),
    "har_dato_usikkert": (),
    "ikke_fremtid_usikkert": (),
    "efter_tilbud_opfyldt": (),
    "efter_tilbud_ikke_opfyldt": (),
    "efter_tilbud_usikkert": (),
    "hører_til_opfyldt": (),
    "hører_til_usikkert": (),
    "ældre_tilbud_usikkert": (),
    "tilbud_slettet_usikkert": (),
    "vedhæftet_af_opfyldt": (),
    "vedhæftet_af_usikkert": (),
    "usædvanlig_usikkert": (),
    "anden_sag_usikkert": ("sag",),
    "anden_sag_ikke_opfyldt": ("sag",),
    "ja_opfyldt": ("ord",),
    "ja_ikke_opfyldt": ("ord",),
    "forbehold_usikkert": ("ord",),
    "ja_og_andet_usikkert": ("ord",),
    "ja_og_nej_usikkert": ("ord",),
    "intet_svar_usikkert": ("ord",),
    "ikke_brugt_opfyldt": (),
    "ikke_brugt_ikke_opfyldt": ("sag",),
    "dkim_opfyldt": (),
    "dkim_usikkert": (),
    "vedhæftet_af_servicedesk_ikke_opfyldt": (),
    "har_tilbudsord_ikke_opfyldt": (),
    "tilbud_til_betaler_ikke_opfyldt": (),
    "nyt_tilbud_usikkert": (),
    # Prerequisites (R21, R22): how an item stands, what is wrong with what is there, what should be looked at
    "krav_opfyldt_person": ("tekst", "person", "tid", "begrundelse"),
    "krav_opfyldt_felt": ("tekst", "værdi"),
    "krav_opfyldt_fil": ("tekst", "fil"),
    "krav_opfyldt_certifikat": ("tekst", "navn", "organisation", "cvr"),
    "krav_afvist_person": ("tekst", "person", "tid", "begrundelse", "nøgle", "trin"),
    "krav_mangler_person": ("tekst", "mangler", "nøgle", "trin"),
    "krav_mangler_felt": ("tekst", "mangler", "felt", "nøgle", "trin"),
    "krav_mangler_fil": ("tekst", "mangler", "fil", "nøgle", "trin"),
    "krav_certifikat_ulæseligt": ("felt",),
    "krav_certifikat_uden_cvr": ("felt",),
    "krav_certifikat_cvr_form": ("felt",),
    "krav_certifikat_uden_navn": ("felt",),
    "krav_certifikat_land": ("felt",),
    "krav_certifikat_kontrolciffer": ("felt",),
    "krav_certifikat_af_person": ("felt",),
    "krav_adresse_form": ("felt",),
    "krav_flere_adresser": ("felt",),
    "krav_personlig_adresse": ("felt",),
    "krav_mønster": ("felt",),
    # Who creates, who made the error (K1, K3)
    "mangler_svar": ("felt", "valgmuligheder"),
    "mangler_kendt_svar": ("felt", "svar", "valgmuligheder"),
    "svar_person": ("felt", "svar"),
    "svar_efter_tilbud": ("felt", "svar"),
    # The hours used, and their cap
    "timer_brugt": ("brugt", "loft", "procent", "beløb", "moms"),
    "timer_varsel": ("brugt", "loft", "procent", "beløb", "moms"),
    "timer_loft": ("brugt", "loft", "procent", "beløb", "moms"),
    "timer_loft_advarsel": ("brugt", "loft", "procent", "beløb", "moms"),
    # What happened, and what a person can do
    "sat_tilbage": ("tid", "status", "person"),
    "mangler_før_produktion": ("tid", "status", "person"),
    "mangler_før_afslutning": ("tid", "status", "person"),
    "kombit_afvist": ("tid", "person", "grund"),
    "kombit_ikke_kombits": (),
    "kombit_servicedesk": (),
    "kombit_automatik": (),
    "kombit_betaler_ikke": (),
    "kombit_før_tilbud": (),
    "kombit_tilbud_slettet": (),
    "opsætning_af_person_kombit": ("person", "tid", "begrundelse"),
    "opsætning_af_person_betaler": ("person", "tid", "begrundelse"),
    "uenighed_fra_mail": ("tid", "person"),
    "uenighed_fra_overgang": ("tid", "person"),
    "uenighed_fra_felt": ("tid", "person"),
    "uenighed_fra_kommando": ("tid", "person"),
    "uenighed_afgjort": ("person", "tid", "begrundelse"),
    "uenighed_løst_ved_godkendelse": ("tid",),
    "uenighed_står": ("ejere", "usikker"),
    # Notices: each a comment of its own
    "varsel_spurgt": ("sendt", "begge"),
    "varsel_prisvarsel": ("dato",),
    "varsel_påmindelse": ("nummer", "sendt", "har"),
    "varsel_kladde": ("til", "emne"),
    "varsel_timer": ("brugt", "loft", "procent"),
    "varsel_timeloft": ("brugt", "loft", "procent"),
    "varsel_uenighed": ("grund", "mangler", "usikker"),
    "varsel_ejere": ("ejere",),
    "varsel_usikker": ("brev",),
    "kan_ikke_flytte": ("forsøg",),
    "kan_ikke_sende": ("forsøg",),
    "kan_ikke_vedhæfte": ("forsøg",),
    "kan_ikke_optegne": (),
    "kan_ikke_tilføje_ejere": ("forsøg",),
    "hjælp_felter": ("kategori", "betaler", "part"),
    "hjælp_opsætning": (),
    "hjælp_uenighed": (),
    "hjælp_uenighed_årsag": (),
    "hjælp_uenighed_løst": (),
    "kommando_ukendt_krav": (),
    "kommando_uden_opsætning": (),
    "kommando_ubrugelig": ("tid", "person", "grund"),
    "kommando_uforståelig": (),
    "kommando_ikke_for_sig": (),
    "kommando_ukendt_fil": (),
    "kommando_offentlig": (),
    "kommando_ikke_servicedesk": (),
    "kommando_rettet_af_anden": (),
    "kommando_forklaring": (),
}
"""Everything the adapter can say, and the names each sentence may use."""

STATUS_COMMENT_NAMES = (
    *("overskrift", "oplysninger", "mangler", "tjekliste", "kladder"),
    *("filer", "flere_filer", "hændelser", "hjælp"),
)
"""What the status comment's template may use."""

_ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    autoescape=False,  # Jira's plain text, no HTML; what comes from a ticket is made plain before it gets here
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.globals.clear()  # a template says what it is given: no range() to loop for ever with


class Texts(Closed):
    """The templates: one status comment, and a sentence for each thing that can be said."""

    status_comment: TemplateText = Field(alias="statuskommentar")
    sentences: Mapping[str, TemplateText] = Field(alias="sætninger")

    def faults(self) -> Iterator[tuple[tuple[str, ...], str, int]]:
        """What is wrong with the templates: keys to it, what to do, and the line within the text (0: unknown).

        The mapping's check calls it; a Catalogue that was loaded has none.
        """
        for code in SENTENCES:
            if code not in self.sentences:
                yield ("sætninger",), f"sætningen '{code}' mangler; tilføj {code}: teksten", 0
        for code, text in self.sentences.items():
            if code in SENTENCES:
                yield from _try(("sætninger", code), text, dict.fromkeys(SENTENCES[code], "…"))
            else:
                advice = suggestion(code, SENTENCES) or "; slet den, den bruges ikke"
                yield ("sætninger", code), f"ukendt sætning '{code}'{advice}", 0
        yield from _try(("statuskommentar",), self.status_comment, _SAMPLE)

    def say(self, code: str, **names: str) -> str:
        """One sentence, in one line."""
        return " ".join(_compiled(self.sentences[code]).render(**names).split())

    def status(self, **names: object) -> str:
        """The status comment's text."""
        return _compiled(self.status_comment).render(**names).strip()


_SAMPLE: dict[str, object] = {
    "overskrift": "…",
    "oplysninger": [{"navn": "…", "værdi": "…", "grund": "…", "regel": "R1"}],
    "mangler": ["…"],
    "tjekliste": ["…"],
    "kladder": [{"til": "…", "emne": "…", "brev": "…"}],
    "filer": [{"navn": "…", "nr": "1", "hvad": "…", "linjer": ["…"], "kommandoer": ["…"]}],
    "flere_filer": 1,
    "hændelser": ["…"],
    "hjælp": ["…"],
}


def _try(path: tuple[str, ...], text: str, names: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], str, int]]:
    """Says a text with samples; anything that goes wrong is the template's fault."""
    try:
        _compiled(text).render(**names)
    except Exception as error:  # noqa: BLE001  # a template can divide by zero or add a text to a number
        advice = f"den kan bruge: {', '.join(names)}" if names else "den har ingen navne at bruge"
        line = error.lineno if isinstance(error, TemplateSyntaxError) else 0
        yield path, f"skabelonen kan ikke bruges ({error}); {advice}", line


def rendered(text: str, names: Mapping[str, object]) -> str:
    """A template's text with the names put in; jinja2's errors where it uses another one."""
    return _compiled(text).render(**names)


@lru_cache(maxsize=1024)
def _compiled(text: str) -> Template:
    return _ENVIRONMENT.from_string(text)
