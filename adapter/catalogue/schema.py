"""JSON Schema of the mapping files, for editors: what can stand where, and what it means, in Danish."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapter.catalogue.files import FILES
from adapter.catalogue.unwrap import CONFIRMED, REASON, REASON_FORM, VALUE

FOLDER = ".schema"
"""Where the schemas live below the mappings; the first line of each mapping file points there."""

DESCRIPTIONS = {
    # katalog.yaml
    "kategorier": "Katalogets rækker, K1–K11.",
    "navn": "Navnet, som det ses på sagen og på sitet.",
    "underkategorier": "Underkategorierne, som de ses på sagen.",
    "reaktion_timer": "Reaktionstid i timer inden for åbningstiden.",
    "løsning_arbejdsdage": "Løsningstid i arbejdsdage, eller: efter aftale.",
    "betaling": "timebaseret eller fastpris.",
    "betalere": "Hvem der kan betale: kommune, tredjepart, kombit.",
    "pris": "Beløb i kroner som 34.000, eller: efter aftale.",
    "timepris": "Kroner i timen som 938,98.",
    "loft_timer": "Det højeste antal timer, der kan faktureres.",
    "proces": "tilbud (note **) eller sf1475 (note ***).",
    "service_request": "ja, hvis rækken udgør en Service Request.",
    "spørgsmål": "Det, sagen skal sige, før den er betalbar.",
    "omfatter": "Det, tilbuddet siger, at ydelsen omfatter.",
    "omfatter_ikke": "Det, tilbuddet siger, at den ikke omfatter.",
    "timer": "Hvad der sker, når timerne bliver brugt.",
    "varsel_procent": "Sagen varsler, når så mange procent af timerne er brugt.",
    "ved_loft": "luk: arbejdet standser ved loftet; advar: sagen siger det kun.",
    "uden_for_kataloget": "Det, der ikke hører under nogen af K1–K11.",
    "til_afklaring": "Det, der står i Kategori, til en person har valgt.",
    "vis_ekskl_moms": "ja: priser vises med »ekskl. moms«.",
    "lukket_ved_afklaring": "ja: arbejdet kan ikke begynde, før kategorien er afklaret.",
    # ord.yaml
    "sikkerhed": "Hvornår ordene er nok til at vælge en kategori.",
    "vendinger": "Vendinger med vægt: hele udtryk, der taler for.",
    "ting": "Ord med vægt: det, sagen handler om.",
    "handlinger": "Ord med vægt: det, der ønskes gjort. Går forud for ting.",
    "imod": "Ord med vægt, der taler imod.",
    "sæt_katalogets_felter_tilbage": "ja: det, kataloget fastlægger, sættes tilbage, når en person retter det.",
    "mindst": "Så meget vægt skal der mindst være.",
    "forspring": "Så meget mere end den næste skal den bedste have.",
    "stavelighed": "Hvor ens to ord skal staves for at være det samme, 70–100.",
    # parter.yaml
    "leverandør": "Den, der udfører arbejdet; kan aldrig godkende.",
    "kombit": "KOMBIT, som betaler i nogle tilfælde.",
    "kommuner": "Kommunerne efter kommunekode med fire cifre.",
    "tredjeparter": "Andre leverandører; nøglen er et kort navn.",
    "også_kaldet": "Andre navne, parten kendes under.",
    "grupper": "Grupper i Jira, hvis medlemmer er KOMBITs.",
    "projektejere": "De, der inddrages ved uenighed.",
    "mails": "Mailadresser.",
    "tilføjes_som": "deltagere eller overvågere.",
    "domæner": "Mailens domæne efter @, fx ballerup.dk.",
    "kontakter": "Enkelte mailadresser, der må godkende.",
    "organisation": "Organisationens navn i Jira Service Management, hvis det er et andet end navnet.",
    "konti": "Konto-id'er i Jira, der hører til parten.",
    # kalender.yaml
    "tidszone": "Tidszone, fx Europe/Copenhagen.",
    "åbningstider": "Hver ugedags åbningstid; en dag, der ikke nævnes, er lukket.",
    "fra": "Åbner, fx 08:00.",
    "til": "Lukker, fx 16:00.",
    "lukket_på_helligdage": "ja: danske helligdage er lukkedage.",
    "lukket_hvert_år": "Lukkedage hvert år, som måned-dag: 12-24.",
    "lukket_den": "Enkelte lukkedage: 2026-05-15.",
    "løsningstid": "Hvordan løsningstid i arbejdsdage regnes.",
    "regnes_fra": "godkendelse eller oprettelse.",
    "står_stille_i_ventestatus": "ja: ventetid regnes ikke med.",
    "slutter_ved": "lukketid eller midnat på fristens sidste dag.",
    # jira.yaml
    "adresse": "Sitets adresse, fx https://firma.atlassian.net.",
    "udgave": "cloud eller datacenter.",
    "projekt": "Projektets nøgle.",
    "sagstyper": "De sagstyper, adapteren ser på; tom: alle.",
    "felter": "Felterne, som de hedder på sitet.",
    "type": "Feltets type på sitet.",
    "valg": "Betydning: valgets navn på sitet.",
    "statusser": "Hvad hver status betyder for arbejdet.",
    "kombit_venter_som": "Ventestatus, når KOMBIT betaler: afventer_kunde eller afventer_tredjepart.",
    "roller": "Hvem der er hvem på sitet.",
    "servicedesk": "Den projektrolle, servicedeskens medarbejdere har.",
    "adapter": "Den projektrolle, der kun har adapterens egen konto.",
    "automatik": "Konti, der er automatik, fx Automation for Jira: konto-id (cloud) eller brugernavn (datacenter).",
    "overgange": "Hvad de overgange hedder, som `dubu-adapter provision` tilføjer, hvor workflowet mangler dem.",
    "godkend": "Adapterens egen overgang til Godkendt.",
    "start": "Fra Godkendt til arbejdet.",
    "afvent_kunde": "Til den status, der venter på kunden.",
    "afvent_tredjepart": "Til den status, der venter på 3. part.",
    "produktion": "Fra arbejdet til produktion.",
    "fra_produktion": "Fra produktion tilbage til arbejdet.",
    "løs": "Til den status, hvor sagen er løst.",
    "luk": "Fra løst til lukket.",
    "genåbn": "Tilbage til ny.",
    "annuller": "Til den status, hvor sagen er annulleret.",
    "meld_uenighed": "Til uenighed, også på kundeportalen.",
    "læg_tilbage": "Adapterens egne veje tilbage; statussens navn føjes til.",
    "anmodningstyper": "Hvilken kategori en anmodningstype betyder.",
    "formularsvar": "Formularfelter, hvis svar nævner kategorien.",
    "felt": "Feltets navn på sitet.",
    "svar": "Svar: kategori.",
    "tempo": "Hvor hurtigt adapteren må arbejde.",
    "bremse_sager_i_timen": "Så mange sager må den højst ændre på en time, uden at nogen har rørt dem.",
    "sager_oprettet_fra": "Sager oprettet før denne dag lades i fred: 2026-12-01.",
    "gennemsyn_minutter": "Hvor tit den selv ser efter ændringer.",
    "eftersyn_kl": "Hvilken time (0–23, åbningstidernes tidszone) den ser efter veje uden om godkendelsen.",
    # beviser.yaml
    "ja_ord": "Ord, der siger ja.",
    "nej_ord": "Ord, der siger nej.",
    "forbehold": "Ord, der tager et forbehold: en person skal se på mailen.",
    "tilbudsord": "Ord, der viser, at en mail er et tilbud.",
    "autosvar_emner": "Begyndelsen af emnet på et autosvar.",
    "vurderes_af_person": "Filendelser, som kun en person kan vurdere.",
    "ur_forskel_minutter": "Så mange minutter må to ure gå forskelligt.",
    "kontrollér_dkim": "ja: mailens signatur kontrolleres.",
    "underdomæner_tæller": "ja: mail.ballerup.dk tæller som ballerup.dk.",
    "godkendelsen_dækker": "Felter, der lukker igen, hvis de ændres efter tilbud eller godkendelse.",
    # tilbud.yaml
    "måde": "kladde: medarbejderen sender tilbuddet; send: adapteren gør det, når medarbejderen siger til.",
    "afsender": "Den adresse, breve sendes fra; en af leverandørens.",
    "afsendernavn": "Det navn, breve sendes fra og underskrives med.",
    "varsel_arbejdsdage": "Så mange arbejdsdage før Prisvarsel senest mindes der om dagen.",
    "kombit_påmindelse_arbejdsdage": "Så mange arbejdsdage mellem påmindelserne til KOMBIT.",
    "kombit_kræver_mail": "ja: KOMBIT skal også svare ved mail.",
    "tilbud": "Tilbuddet til betaleren.",
    "svar_til_bestiller": "Svaret til bestilleren, når KOMBIT betaler.",
    "påmindelse": "Påmindelsen til KOMBIT.",
    "uenighed": "Brevet til projektejerne.",
    "kombit_accept": "Optegnelsen om KOMBITs overgang.",
    "emne": "Mailens emne (Jinja).",
    "brev": "Mailens tekst (Jinja).",
    # register.yaml
    "løsninger": "Løsninger efter et kort id, som ikke må ændres.",
    "sat_op_før": "Hvor løsningen er sat op, hvis KOMBIT har betalt for det før adapteren.",
    "selskabsformer": "Udelades, når navne sammenlignes.",
    # krav.yaml
    "tjeklister": "Tjeklister efter kategori; hvert punkt har en kort nøgle.",
    "tekst": "Punktet, som det står på sagen.",
    "trin": "start, produktion eller afslutning.",
    "mangler": "Det, sagen siger, til punktet er opfyldt.",
    "form": "udfyldt, certifikat_subject, mailadresse eller mønster.",
    "mønster": "Regulært udtryk, som feltets tekst skal svare til.",
    "vedhæftning": "Filnavn med * og ?.",
    "person": "ja: en medarbejder siger god for punktet i en kommentar.",
    # tekster.yaml
    "statuskommentar": "Skabelonen for den interne kommentar på sagen (Jinja).",
    "sætninger": "Det, adapteren kan sige, ét for ét (Jinja).",
}


def schemas() -> Iterator[tuple[str, str]]:
    """Each schema's file name and text, such as `katalog.json`."""
    for name, model in FILES.items():
        schema = model.model_json_schema(by_alias=True)
        for part in (schema, *schema.get("$defs", {}).values()):
            _open_for_assumptions(part)
        schema["$defs"] = {**schema.get("$defs", {}), **_MARK}
        schema = {"$schema": "http://json-schema.org/draft-07/schema#", **schema, "title": name}
        yield name.replace(".yaml", ".json"), json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write(folder: Path) -> tuple[Path, ...]:
    """Writes all schemas into a folder, which it makes where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in schemas():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return tuple(written)


def stale(folder: Path) -> tuple[str, ...]:
    """The names of the schemas in a folder that are missing or not as they would be written now."""
    return tuple(name for name, text in schemas() if not _holds(folder / name, text))


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def _open_for_assumptions(part: dict[str, Any]) -> None:
    """Lets every value be written as an assumption, and says in Danish what each key means."""
    part.pop("description", None)  # our docstrings are for developers
    for key, value in part.get("properties", {}).items():
        value.pop("title", None)
        value.pop("default", None)
        _open_entries(value)
        part["properties"][key] = {"description": DESCRIPTIONS[key], **_or_mark(value)}


def _open_entries(value: dict[str, Any]) -> None:
    """The same for what stands in a list or below free keys."""
    for place in ("items", "additionalProperties"):
        if isinstance(value.get(place), dict):
            value[place] = _or_mark(value[place])
    if "patternProperties" in value:
        value["patternProperties"] = {key: _or_mark(entry) for key, entry in value["patternProperties"].items()}
        value["additionalProperties"] = False


def _or_mark(value: dict[str, Any]) -> dict[str, Any]:
    """A value, or the same value marked as an assumption."""
    mark = {
        "type": "object",
        "properties": {VALUE: value, REASON: {"$ref": "#/$defs/reason"}, CONFIRMED: {"$ref": "#/$defs/confirmed"}},
        "required": [VALUE, REASON],
        "additionalProperties": False,
    }
    return {"anyOf": [value, mark]}


_MARK = {
    "reason": {
        "type": "string",
        "pattern": f"^{REASON_FORM}",
        "description": "Hvorfor værdien er en antagelse; begynder med reglen, fx R5: …",
    },
    "confirmed": {"type": "string", "minLength": 1, "description": "Hvem der har bekræftet den, og hvornår."},
}
