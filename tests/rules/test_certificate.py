"""The Subject of a Funktionscertifikat, as it is pasted from wherever it was shown (K8 d, R22)."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapter.rules.certificate import LONGEST, Subject, parse_subject, subject_faults, subject_warnings

UUID = "00000000-1111-4222-8333-444444444444"
SERIAL = f"UI:DK-O:G:{UUID}"
WHOLE = Subject("13748136", "Eksempel A/S", "Fagsystem X", "DK", SERIAL, "NTRDK-13748136")
DER = {"ID": "#0c0e" + b"NTRDK-13748136".hex()}

SPELLINGS = {
    "RFC 4514": f"CN=Fagsystem X,serialNumber={SERIAL},O=Eksempel A/S,2.5.4.97=NTRDK-13748136,C=DK",
    "the other way round": f"C=DK,2.5.4.97=NTRDK-13748136,O=Eksempel A/S,SERIALNUMBER={SERIAL},CN=Fagsystem X",
    "keytool": f"Owner: C=DK, OID.2.5.4.97=NTRDK-13748136, O=Eksempel A/S, SERIALNUMBER={SERIAL}, CN=Fagsystem X",
    "OIDs": f"2.5.4.3=Fagsystem X,2.5.4.5={SERIAL},2.5.4.10=Eksempel A/S,2.5.4.97=NTRDK-13748136,2.5.4.6=DK",
    "OpenSSL 3": "subject=C = DK, organizationIdentifier = NTRDK-13748136, O = Eksempel A/S, "
    f"serialNumber = {SERIAL}, CN = Fagsystem X",
    "OpenSSL 1": "subject= /C=DK/organizationIdentifier=NTRDK-13748136/O=Eksempel A/S"
    f"/serialNumber={SERIAL}/CN=Fagsystem X",
    "OpenSSL in lines": "subject=\n    countryName               = DK\n    organizationIdentifier    = NTRDK-13748136\n"
    f"    organizationName          = Eksempel A/S\n    serialNumber              = {SERIAL}\n"
    "    commonName                = Fagsystem X\n",
    "Windows, in lines": f"\u200eCN = Fagsystem X\r\nSERIALNUMBER = {SERIAL}\r\nO = Eksempel A/S\r\n"
    "2.5.4.97 = NTRDK-13748136\r\nC = DK\r\n",
    ".NET": f'CN="Fagsystem X", SERIALNUMBER={SERIAL}, O="Eksempel A/S", OID.2.5.4.97=NTRDK-13748136, C=DK',
    "semicolons": f"CN=Fagsystem X;serialNumber={SERIAL};O=Eksempel A/S;2.5.4.97=NTRDK-13748136;C=DK",
    "several in one": f"CN=Fagsystem X+serialNumber={SERIAL},O=Eksempel A/S+2.5.4.97=NTRDK-13748136,C=DK",
    "hexadecimal": f"CN=Fagsystem X,serialNumber={SERIAL},O=Eksempel A/S,2.5.4.97={DER['ID']},C=#1302444B",
    "escaped": f"CN=Fagsystem\\20X,serialNumber={SERIAL.replace(':', chr(92) + ':')},O=Eksempel A\\/S,"
    "2.5.4.97=NTRDK\\-13748136,C=D\\4b",
    "odd case": f"cn=Fagsystem X,SerialNumber={SERIAL},o=Eksempel A/S,oid.2.5.4.97=NTRDK-13748136,c=DK",
    "long names": f"commonName=Fagsystem X,serialNumber={SERIAL},organizationName=Eksempel A/S,"
    "organizationIdentifier=NTRDK-13748136,countryName=DK",
    "more than is asked": f"CN=Fagsystem X,OU=Drift,serialNumber={SERIAL},O=Eksempel A/S,2.5.4.97=NTRDK-13748136,"
    "L=Ballerup,1.2.840.113549.1.9.1=drift@x.example,C=DK",
    "a heading and a comma too many": f"Subject: CN=Fagsystem X, serialNumber={SERIAL}, O=Eksempel A/S, "
    "2.5.4.97=NTRDK-13748136, C=DK,",
    "wrapped lines": f"Emne: CN=Fagsystem\nX,\nserialNumber={SERIAL},\nO=Eksempel A/S, 2.5.4.97=NTRDK-13748136,\nC=DK",
    "hard and soft spaces": f"CN\u00a0=\u00a0Fagsystem X, serialNumber={SERIAL}, O=Eksempel\u00ad A/S,\t"
    "2.5.4.97=NTRDK-13748136, C=DK",
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_the_same_subject_is_read_from_every_spelling(text: str) -> None:
    assert parse_subject(text) == WHOLE
    assert subject_faults(text) == ()
    assert subject_warnings(text) == ()


OCES2 = "CVR:13748136-FID:1200406941690"
OLD = [
    f"CN=Fagsystem X + SERIALNUMBER={OCES2}, O=Eksempel A/S // CVR:13748136, C=DK",
    f"/C=DK/O=Eksempel A/S // CVR:13748136/CN=Fagsystem X/serialNumber={OCES2}",
    f"SERIALNUMBER={OCES2} + CN=Fagsystem X,O=Eksempel A/S // CVR:13748136,C=DK",
    f"/C=DK/O=Eksempel A/S // CVR:13748136/CN=Fagsystem X+serialNumber={OCES2}",
]


@pytest.mark.parametrize("text", OLD)
def test_a_subject_from_before_oces3_is_read_too(text: str) -> None:
    organisation = "Eksempel A/S // CVR:13748136"
    assert parse_subject(text) == Subject("13748136", organisation, "Fagsystem X", "DK", OCES2, OCES2)
    assert subject_faults(text) == ()


VALUES = [
    ("O=Hansen, Olsen og Søn A/S,C=DK", "Hansen, Olsen og Søn A/S"),  # as people paste it
    ("O=Hansen\\, Olsen,C=DK", "Hansen, Olsen"),
    ('O="Hansen, CN=Olsen",C=DK', "Hansen, CN=Olsen"),
    ('O="Firmaet ""Hansen""",C=DK', 'Firmaet "Hansen"'),
    ('O="Firmaet \\"Hansen\\"" , C=DK', 'Firmaet "Hansen"'),
    ("O=Br\\C3\\B8nd,C=DK", "Brønd"),
    ("/O=Br\\xC3\\xB8nd/C=DK", "Brønd"),
    ("O=Brønd og Sø,C=DK", "Brønd og Sø"),
    ("O=#0c064272c3b86e64,C=DK", "Brønd"),
    ("O=#1e0a0042007200f8006e0064,C=DK", "Brønd"),
    ("O=#14054272f86e64,C=DK", "Brønd"),
    ("O=#0c8106" + "4272c3b86e64,C=DK", "Brønd"),
    ("O=#0403414243,C=DK", "#0403414243"),  # no string
    ("O=#0c09414243,C=DK", "#0c09414243"),  # cut short
    ("O=#0c,C=DK", "#0c"),
    ("O=#1 i Danmark,C=DK", "#1 i Danmark"),
    ("O=#41 i Danmark,C=DK", "#41 i Danmark"),
    ("O=1+1 er 2,C=DK", "1+1 er 2"),
    ("O=A/S CN\\=x,C=DK", "A/S CN=x"),
    ("O=\\ud800x,C=DK", "ud800x"),
    ("O=Eksempel\\,C=DK", "Eksempel,C=DK"),  # the comma is escaped
    ("O=\ud800x,C=DK", "?x"),
    ("O=\\\ud800x,C=DK", "?x"),
    ("O=\\ff\\fe,C=DK", "\ufffd\ufffd"),
    ("O=,O=Eksempel,C=DK", "Eksempel"),
]


@pytest.mark.parametrize(("text", "organisation"), VALUES)
def test_a_value_is_read_as_it_was_meant(text: str, organisation: str) -> None:
    subject = parse_subject(text)
    assert subject is not None
    assert subject.organisation == organisation


NONE = [
    "",
    " \n ",
    "Fagsystem X",
    "det ved jeg ikke",
    "Subject:",
    "=DK",
    "DK, NTRDK-13748136",
    "x=1, y=2",
    'CN="Fagsystem X',
    'CN="Fagsystem" X,C=DK',
    "-----BEGIN CERTIFICATE-----\nMIIG\n-----END CERTIFICATE-----",
    "drift@x.example",
    "https://x.example/?CN=1",
    "C=DK," + "O=x," * LONGEST,
]


@pytest.mark.parametrize("text", NONE, ids=lambda text: text[:20])
def test_what_is_no_subject_is_said_to_be_none(text: str) -> None:
    assert parse_subject(text) is None
    assert subject_faults(text) == ("krav_certifikat_ulæseligt",)
    assert subject_warnings(text) == ()


GOOD = "C=DK,2.5.4.97=NTRDK-13748136,CN=Fagsystem X"
FAULTS = [
    ("C=DK,CN=X", ("krav_certifikat_uden_cvr",)),
    (f"C=DK,serialNumber={SERIAL},CN=X", ("krav_certifikat_uden_cvr",)),
    ("C=DK,O=A/S // CVR:13748136,CN=X", ("krav_certifikat_uden_cvr",)),
    ("C=DK,2.5.4.97=,CN=X", ("krav_certifikat_cvr_form",)),
    ("C=DK,2.5.4.97=13748136,CN=X", ("krav_certifikat_cvr_form",)),
    ("C=DK,2.5.4.97=NTRDK-1374813,CN=X", ("krav_certifikat_cvr_form",)),
    ("C=DK,2.5.4.97=NTRDK-137481366,CN=X", ("krav_certifikat_cvr_form",)),
    ("C=DK,2.5.4.97=NTRDK-03748136,CN=X", ("krav_certifikat_cvr_form",)),
    ("C=DK,2.5.4.97=NTRDK-1374813x,CN=X", ("krav_certifikat_cvr_form",)),
    ("C=DK,2.5.4.97=NTRDK-１３７４８１３６,CN=X", ("krav_certifikat_cvr_form",)),
    ("C=DK,2.5.4.97=NTRSE-13748136,CN=X", ("krav_certifikat_cvr_form",)),
    ("C=DK,2.5.4.97=VATDK-13748136,CN=X", ("krav_certifikat_cvr_form",)),
    ("C=DK,2.5.4.97=NTRDK-13748136,2.5.4.97=NTRDK-19552101,CN=X", ("krav_certifikat_cvr_form",)),
    ("C=DK,2.5.4.97=#0c,CN=X", ("krav_certifikat_cvr_form",)),
    ("C=DK,serialNumber=CVR:1374813-FID:1,CN=X", ("krav_certifikat_cvr_form",)),
    ("C=DK,2.5.4.97=NTRDK-13748136", ("krav_certifikat_uden_navn",)),
    ("C=DK,2.5.4.97=NTRDK-13748136,CN=", ("krav_certifikat_uden_navn",)),
    ("2.5.4.97=NTRDK-13748136,CN=X", ("krav_certifikat_land",)),
    ("C=SE,2.5.4.97=NTRDK-13748136,CN=X", ("krav_certifikat_land",)),
    ("O=x", ("krav_certifikat_uden_cvr", "krav_certifikat_uden_navn", "krav_certifikat_land")),
    (GOOD, ()),
    (GOOD.lower(), ()),
    ("C=DK,2.5.4.97=NTRDK-13748136,2.5.4.97=NTRDK-13748136,CN=X", ()),
]


@pytest.mark.parametrize(("text", "faults"), FAULTS)
def test_all_that_is_wrong_with_a_subject_is_named(text: str, faults: tuple[str, ...]) -> None:
    assert subject_faults(text) == faults


def test_a_check_digit_that_does_not_fit_is_a_warning_and_no_fault() -> None:
    text = GOOD.replace("13748136", "13748137")
    assert subject_warnings(GOOD) == ()
    assert subject_warnings(text) == ("krav_certifikat_kontrolciffer",)
    assert subject_faults(text) == ()


@pytest.mark.parametrize("cvr", ["19552101", "33257872", "30808460", "26769388", "13748136"])
def test_the_check_digits_of_real_numbers_fit(cvr: str) -> None:
    assert subject_warnings(GOOD.replace("13748136", cvr)) == ()


@pytest.mark.parametrize(
    "serial", [f"UI:DK-E:G:{UUID}", f"UI:DK-P:G:{UUID}", "CVR:13748136-RID:1234", "PID:9208-2002-2-1", "pid:1"]
)
def test_a_persons_certificate_is_a_warning_and_no_fault(serial: str) -> None:
    assert subject_warnings(f"{GOOD},serialNumber={serial}") == ("krav_certifikat_af_person",)
    assert subject_faults(f"{GOOD},serialNumber={serial}") == ()


_PIECES = st.sampled_from(
    [
        "CN=",
        "C=DK",
        "2.5.4.97=NTRDK-",
        "13748136",
        ",",
        ";",
        "+",
        "/",
        "\\",
        '"',
        "#0c",
        "41",
        " ",
        "\n",
        "x",
        "=",
        "\\x",
    ]
)


@given(st.lists(_PIECES, max_size=60).map("".join) | st.text(max_size=200))
@example("CN=\\")
@example("/")
@example("CN=x/")
def test_any_text_is_read_or_refused(text: str) -> None:
    subject = parse_subject(text)
    assert (subject is None) == (subject_faults(text) == ("krav_certifikat_ulæseligt",))
    assert subject is None or subject.cvr is None or (len(subject.cvr) == 8 and subject.cvr.isdecimal())


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cf", "Z"]), min_size=1, max_size=60))
def test_an_escaped_name_comes_back_as_it_was(name: str) -> None:
    escaped = "".join(f"\\{byte:02X}" for byte in name.encode())
    assert parse_subject(f"C=DK,CN={escaped},2.5.4.97=NTRDK-13748136") == replace(
        WHOLE, common_name=name, organisation=None, serial_number=None
    )


@pytest.mark.parametrize(
    "piece", [",", "CN=", "CN=a,", "/CN=x/", "\\", '"', " ,", " \n", "+a", "#00", "a=", ", a", "=" * 9]
)
def test_a_hostile_text_takes_no_time(piece: str) -> None:
    began = time.process_time()
    parse_subject(("CN=" + piece * LONGEST)[:LONGEST])
    parse_subject((piece * LONGEST)[:LONGEST])
    parse_subject("x" * 10_000_000)
    assert time.process_time() - began < 1  # measured: 3 ms
