"""The checklists: what proves an item, at which stage it is needed, and what the ticket says of it (R21, R22)."""

from __future__ import annotations

import string
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.catalogue.model import Catalogue, Prerequisite, PrerequisitesFile
from adapter.catalogue.texts import SENTENCES
from adapter.catalogue.words import AccountId, CategoryId, Stage
from adapter.rules.mailbox import LONGEST, looks_personal, only_address
from adapter.rules.prerequisites import Item, Tick, checklist, item_sentences, missing_at
from adapter.ticket.snapshot import Person, Ticket
from tests.builders import ADAPTER, AGENT, CUSTOMER, DENMARK, a_ticket, at, attached, catalogue

SUBJECT = "C=DK, 2.5.4.97=NTRDK-13748136, O=Eksempel A/S, SERIALNUMBER=UI:DK-O:G:0, CN=Fagsystem X"
SAID = at("2026-11-24 10:30")
YES = Tick(AGENT, SAID, "vi har set det", is_met=True)
NO = Tick(AGENT, SAID, "testen gik galt", is_met=False)
K8 = ("kombit_kontaktet", "certifikat", "mail", "mailliste", "integrationstest")


def items_of(ticket: Ticket, category: str = "K8", **ticks: Tick) -> dict[str, Item]:
    return {item.key: item for item in checklist(ticket, catalogue(), category, ticks)}


def an_item(**known: object) -> Prerequisite:
    """An item by its Danish keys."""
    return Prerequisite.model_validate({"tekst": "Punktet", "trin": "start", "mangler": "Gør noget.", **known})


def with_list(**items: Prerequisite) -> Catalogue:
    """The mapping with one checklist, of K2."""
    return replace(catalogue(), prerequisites=PrerequisitesFile(tjeklister={CategoryId("K2"): items}))


def one(ticket: Ticket, item: Prerequisite, ticks: Mapping[str, Tick] | None = None) -> Item:
    return checklist(ticket, with_list(punkt=item), "K2", ticks or {})[0]


def filled(**answers: str) -> Ticket:
    return a_ticket(form_answers={"Felt": answers["felt"]})


def lines(item: Item) -> list[str]:
    return [catalogue().texts.say(code, **names) for code, names in item_sentences(item)]


# The list and its stages


def test_a_category_without_a_checklist_has_no_items() -> None:
    assert checklist(a_ticket(), catalogue(), "K1", {}) == ()


def test_the_items_of_k8_stand_in_the_order_of_the_catalogue_and_are_all_missing_on_a_new_ticket() -> None:
    """R22: (a), (d), (e), (f), (g)."""
    items = checklist(a_ticket(), catalogue(), "K8", {})
    assert tuple(item.key for item in items) == K8
    assert not any(item.is_met for item in items)


@pytest.mark.parametrize(
    ("stage", "missing"),
    [(Stage.START, K8[:3]), (Stage.PRODUCTION, K8), (Stage.DONE, K8)],
)
def test_an_item_is_missing_from_its_stage_on(stage: Stage, missing: tuple[str, ...]) -> None:
    """R22: production only after the integration test, work only after Subject and address."""
    assert tuple(item.key for item in missing_at(checklist(a_ticket(), catalogue(), "K8", {}), stage)) == missing


def test_the_robots_test_is_needed_before_production_and_not_before_the_start() -> None:
    """R21."""
    items = checklist(a_ticket(), catalogue(), "K7", {"test_aftalt": YES})
    assert missing_at(items, Stage.START) == ()
    assert [item.key for item in missing_at(items, Stage.PRODUCTION)] == ["test_overvåget"]
    both = checklist(a_ticket(), catalogue(), "K7", {"test_aftalt": YES, "test_overvåget": YES})
    assert missing_at(both, Stage.DONE) == ()


def test_which_ydelse_is_recorded_before_the_ticket_is_closed() -> None:
    """K4."""
    ticket = a_ticket(form_answers={"Ydelse fra": "Aflastning", "Ydelse til": "  "})
    items = checklist(ticket, catalogue(), "K4", {})
    assert missing_at(items, Stage.PRODUCTION) == ()
    assert [item.key for item in missing_at(items, Stage.DONE)] == ["ydelse_til"]
    assert lines(items[0]) == ["Referencen peger i dag på: Aflastning"]


# A person's word


def test_a_persons_word_meets_an_item_and_is_told_with_name_time_and_reason() -> None:
    item = items_of(a_ticket(), kombit_kontaktet=replace(YES, at=SAID.astimezone(UTC)))["kombit_kontaktet"]
    assert item.is_met
    text = item.prerequisite.text
    assert lines(item) == [f"{text}: sagt god for af Agnete Agent 24-11-2026 kl. 10:30: “vi har set det”"]


def test_a_person_without_a_name_is_told_by_the_account() -> None:
    tick = replace(YES, by=Person(AccountId("konto-7"), is_agent=True))
    assert "af konto-7 24-11" in lines(items_of(a_ticket(), mailliste=tick)["mailliste"])[0]


def test_a_person_can_say_that_an_item_is_not_met_whatever_the_field_says() -> None:
    item = items_of(a_ticket(form_answers={"Certifikat Subject": SUBJECT}), certifikat=NO)["certifikat"]
    assert not item.is_met
    (line,) = lines(item)
    assert "MANGLER før start. Agnete Agent skrev 24-11-2026 kl. 10:30" in line
    assert "“testen gik galt”" in line
    assert "#dubu krav certifikat fordi …" in line


def test_a_persons_word_stands_above_a_field_of_the_wrong_form_which_is_still_told() -> None:
    item = items_of(a_ticket(form_answers={"Certifikat Subject": "følger senere"}), certifikat=YES)["certifikat"]
    assert item.is_met
    assert [code for code, _ in item_sentences(item)] == ["krav_opfyldt_person", "krav_certifikat_ulæseligt"]


def test_an_item_that_needs_a_person_shows_the_command() -> None:
    (line,) = lines(items_of(a_ticket())["integrationstest"])
    assert line.endswith("Når det er gjort: #dubu krav integrationstest fordi …")
    assert "MANGLER før produktion. Systemet må ikke kobles på produktion" in line


# A field


def test_a_field_that_is_filled_is_told_and_an_empty_one_names_the_field() -> None:
    item = an_item(felt="Felt")
    assert lines(one(filled(felt=" noget "), item)) == ["Punktet: noget"]
    for ticket in (filled(felt=" \n"), a_ticket()):
        assert lines(one(ticket, item)) == ["Punktet: MANGLER før start i feltet Felt. Gør noget."]
        assert not one(ticket, item).is_met


def test_a_subject_of_form_is_told_by_whose_it_is() -> None:
    """K8 d."""
    item = items_of(a_ticket(form_answers={"Certifikat Subject": SUBJECT}))["certifikat"]
    assert item.is_met
    assert lines(item)[0].endswith(": Fagsystem X, Eksempel A/S, CVR 13748136")
    without = SUBJECT.replace(" O=Eksempel A/S,", "")
    item = items_of(a_ticket(form_answers={"Certifikat Subject": without}))["certifikat"]
    assert lines(item)[0].endswith(": Fagsystem X, CVR 13748136")


def test_a_subject_that_is_none_is_missing_and_says_why() -> None:
    """K8 d, R22."""
    item = items_of(a_ticket(form_answers={"Certifikat Subject": "C=DK,CN=x"}))["certifikat"]
    assert not item.is_met
    assert item.faults == ("krav_certifikat_uden_cvr",)
    told = lines(item)
    assert "MANGLER før start i feltet Certifikat Subject" in told[0]
    assert "intet CVR-nummer" in told[1]


def test_a_subject_to_look_at_is_met_and_warned_of() -> None:
    """R22: a warning, never a block."""
    text = SUBJECT.replace("13748136", "12345678").replace("DK-O", "DK-E")
    item = items_of(a_ticket(form_answers={"Certifikat Subject": text}))["certifikat"]
    assert item.is_met
    assert item.warnings == ("krav_certifikat_kontrolciffer", "krav_certifikat_af_person")
    assert all(line.startswith("Se efter: ") for line in lines(item)[1:])


def test_an_address_of_a_persons_own_draws_a_warning_and_blocks_nothing() -> None:
    """K8 e, R22."""
    shared, own = (
        items_of(a_ticket(form_answers={"Mail til driftsinformation": address}))["mail"]
        for address in ("drift@ballerup.example", "anne.hansen@ballerup.example")
    )
    assert shared.is_met
    assert own.is_met
    assert shared.warnings == ()
    assert own.warnings == ("krav_personlig_adresse",)
    assert len(lines(shared)) == 1
    assert lines(own)[1].startswith("Se efter: adressen i Mail til driftsinformation ligner en persons egen")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("drift", "krav_adresse_form"),
        ("drift@x", "krav_adresse_form"),
        ("kommer: drift@x.example", "krav_adresse_form"),
        ("drift@x.example, api@x.example", "krav_flere_adresser"),
        ("drift@x.example\napi@x.example", "krav_flere_adresser"),
    ],
)
def test_one_address_is_wanted_and_nothing_else(text: str, fault: str) -> None:
    """K8 e."""
    item = items_of(a_ticket(form_answers={"Mail til driftsinformation": text}))["mail"]
    assert not item.is_met
    assert item.faults == (fault,)
    assert "mailadresse" in lines(item)[1]


def test_a_pattern_wants_the_whole_field() -> None:
    item = an_item(felt="Felt", form="mønster", mønster="SF-[0-9]{4}")
    assert one(filled(felt=" SF-1475 "), item).is_met
    refused = one(filled(felt="SF-1475x"), item)
    assert not refused.is_met
    assert lines(refused)[1].startswith("Det, der står i Felt, har ikke den form")


def test_a_pattern_is_not_tried_on_a_hostile_text() -> None:
    item = an_item(felt="Felt", form="mønster", mønster="(a+)+b")  # refused by the check, and slow all the same
    began = time.process_time()
    assert not one(filled(felt="a" * 100_000), item).is_met
    assert time.process_time() - began < 1  # measured: below 1 ms


# A file


def test_a_file_of_that_name_is_told_the_newest_first_and_case_does_not_matter() -> None:
    item = an_item(vedhæftning="Testrapport*.PDF")
    files = (
        attached("1", "TESTRAPPORT 2.pdf", SAID + timedelta(hours=1), by=CUSTOMER),
        attached("2", "testrapport 1.pdf", SAID, by=CUSTOMER),
        attached("3", "testrapport 9.docx", SAID + timedelta(hours=2), by=CUSTOMER),
    )
    assert lines(one(a_ticket(attachments=files), item)) == ["Punktet: filen “TESTRAPPORT 2.pdf”"]


def test_a_missing_file_is_named_without_markup() -> None:
    item = one(a_ticket(attachments=(attached("1", "rapport.pdf"),)), an_item(vedhæftning="testrapport*.pdf"))
    assert not item.is_met
    assert lines(item) == ["Punktet: MANGLER før start. Gør noget. Vedhæft filen, testrapport….pdf."]


def test_a_file_by_the_adapter_proves_nothing() -> None:
    ticket = a_ticket(attachments=(attached("1", "test.pdf", by=ADAPTER),))
    assert not one(ticket, an_item(vedhæftning="*.pdf")).is_met


def test_the_time_of_a_word_is_told_in_the_sites_zone() -> None:
    item = one(a_ticket(), an_item(person="ja"), {"punkt": replace(YES, at=SAID.astimezone(UTC))})
    assert item.tick is not None
    assert item.tick.at.utcoffset() == SAID.astimezone(DENMARK).utcoffset()


def test_every_sentence_is_given_just_the_names_that_the_mapping_may_use() -> None:
    fields = {"Certifikat Subject": SUBJECT, "Mail til driftsinformation": "mette@x.example"}
    tickets = (a_ticket(), a_ticket(form_answers=fields), a_ticket(form_answers=dict.fromkeys(fields, "x=y")))
    seen = [
        sentence
        for ticket in tickets
        for ticks in ({}, dict.fromkeys(K8, YES), dict.fromkeys(K8, NO))
        for item in checklist(ticket, catalogue(), "K8", ticks)
        for sentence in item_sentences(item)
    ]
    file = an_item(vedhæftning="*.pdf")
    pattern = an_item(felt="Felt", form="mønster", mønster="x")
    seen += [
        s for t in (a_ticket(), a_ticket(attachments=(attached("1", "a.pdf"),))) for s in item_sentences(one(t, file))
    ]
    seen += item_sentences(one(filled(felt="y"), pattern))
    for code, names in seen:
        assert set(names) == set(SENTENCES[code]), code


# Addresses


@pytest.mark.parametrize(
    "local",
    """
    drift dubu-api it.support api servicedesk post postmaster kontakt info robot robotdrift dubu.drift sf1475 noreply
    boern.unge børn-og-unge jobcenter fagsystem-x it-drift2 system.anna support+dubu digitalisering kommunen ydelser
    sikkerhedspost adm socialforvaltning forvaltning.unge 112
    """.split(),  # noqa: SIM905 - a list to read
)
def test_an_address_for_a_task_does_not_look_personal(local: str) -> None:
    """R22."""
    assert not looks_personal(f"{local}@ballerup.example")
    assert not looks_personal(f"{local.upper()}@ballerup.example")


@pytest.mark.parametrize(
    "local",
    """
    anne.hansen ah123 mette jens.peter.olsen søren soeren soren Jørgen.Møller a.hansen ahansen pknielsen anne_hansen
    karen-holm zb4k jpo ah mette1 aage åge anne+dubu hjørring.åse thsoerensen
    """.split(),  # noqa: SIM905 - a list to read
)
def test_an_address_of_somebodys_name_or_initials_looks_personal(local: str) -> None:
    """R22."""
    assert looks_personal(f"{local}@ballerup.example")


def test_an_organisations_own_name_does_not_look_personal() -> None:
    assert not looks_personal("kk@kk.example")
    assert looks_personal("kk@ballerup.example")
    for odd in ("", "@x.example", "+@x.example", "..@x.example"):
        assert not looks_personal(odd)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("drift@x.example", "drift@x.example"),
        ("  Drift@X.example\n", "drift@x.example"),
        ("mailto:drift@x.example", "drift@x.example"),
        ("[drift@x.example|mailto:drift@x.example]", "drift@x.example"),
        ("Driften i Ballerup <drift@x.example>", "drift@x.example"),
        ('"Drift, DUBU" <Drift@x.example>', "drift@x.example"),
        ("drift@x.example;", "drift@x.example"),
        ("drift@brønd.example", "drift@brønd.example"),
        ("bjørn@xn--brnd-hra.example", "bjørn@xn--brnd-hra.example"),
        ("d+u.b-u_1@x.example", "d+u.b-u_1@x.example"),
        ("", None),
        ("drift", None),
        ("@x.example", None),
        ("drift@", None),
        ("drift@x", None),
        ("a@b@x.example", None),
        ("a..b@x.example", None),
        (".a@x.example", "a@x.example"),
        ("drift@10.0.0.1", None),
        ("drift@x_y.example", None),
        ("spørg drift@x.example", None),
        ("drift@x.example api@x.example", None),
        ("d" * 65 + "@x.example", None),
        ("drift@x.example" + " " * LONGEST, None),
    ],
)
def test_a_field_holds_one_address_or_none(text: str, address: str | None) -> None:
    """K8 e."""
    assert only_address(text) == address


@given(st.text(alphabet=string.printable + "æøåÆØÅéß\u200b", max_size=600))
def test_any_text_can_be_asked_for_its_address(text: str) -> None:
    address = only_address(text)
    assert address is None or (address.count("@") == 1 and address in text.lower())
    looks_personal(text)


@pytest.mark.parametrize("piece", ["a.", "a@", "@", "<", "a-", " a", "a1", "."])
def test_a_hostile_address_takes_no_time(piece: str) -> None:
    began = time.process_time()
    only_address(piece * 100_000)
    only_address((piece * LONGEST)[: LONGEST - 10] + "@x.example")
    looks_personal((piece * LONGEST)[: LONGEST - 10] + "@x.example")
    assert time.process_time() - began < 1  # measured: 1 ms
