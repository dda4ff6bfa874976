"""The Subject of an OCES certificate, as people paste it: RFC 4514, OpenSSL, keytool, .NET or Windows' list (K8 d).

Real ones read `C=DK, OID.2.5.4.97=NTRDK-19552101, O=Skatteforvaltningen, SERIALNUMBER=UI:DK-O:G:<uuid>, CN=…` (OCES3)
or `CN=… + SERIALNUMBER=CVR:19552101-FID:1234567890, O=… // CVR:19552101, C=DK` (OCES2, until 2023).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 2_000  # characters

_ATTRIBUTES = {
    "c": "C",
    "country": "C",
    "countryname": "C",
    "2.5.4.6": "C",
    "o": "O",
    "org": "O",
    "organization": "O",
    "organizationname": "O",
    "2.5.4.10": "O",
    "cn": "CN",
    "commonname": "CN",
    "2.5.4.3": "CN",
    "serialnumber": "SERIAL",
    "deviceserialnumber": "SERIAL",
    "2.5.4.5": "SERIAL",
    "organizationidentifier": "ORGANISATION",
    "2.5.4.97": "ORGANISATION",
}
_HEADING = re.compile(r"(?:subject|owner|emne)(?: ?name| ?dn)? ?[:=][ \n]?", re.IGNORECASE)  # keytool's, Windows'
_KEY = re.compile(r"[ \n]?(?:oid\.)?([0-9]{1,4}(?:\.[0-9]{1,9}){1,12}|[a-z][a-z0-9-]{0,63}) ?=[ \n]?", re.IGNORECASE)
_PAIR = re.compile(r"\\(?:x?([0-9a-f]{2})|(.))", re.IGNORECASE | re.DOTALL)  # \2C and OpenSSL's \x2C, or \,
_HEX = re.compile(r"#((?:[0-9a-f]{2})+)", re.IGNORECASE)
_END = re.compile(r"[ \n,;]*\Z")
_ENCODINGS = {12: "utf-8", 19: "ascii", 20: "latin-1", 22: "ascii", 28: "utf-32-be", 30: "utf-16-be"}  # by BER tag
_OCES3 = re.compile(r"NTRDK-(.*)", re.IGNORECASE | re.DOTALL)
_OCES2 = re.compile(r"CVR:([^-]*)", re.IGNORECASE)
_CVR = re.compile(r"[1-9][0-9]{7}")
_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
_OF_A_PERSON = re.compile(r"UI:DK-[EP]:|PID:|CVR:[^-]*-RID:", re.IGNORECASE)


@dataclass(frozen=True)
class Subject:
    """Whom a certificate is of; `cvr` is eight digits, or None where there is none of that form."""

    cvr: str | None
    organisation: str | None
    common_name: str | None
    country: str | None
    serial_number: str | None
    identifier: str | None = None  # what should hold the CVR number, as it stands


def parse_subject(text: str) -> Subject | None:
    """The Subject that a text is; None where it is none, or longer than anybody's."""
    values = _values(text)
    if not values:
        return None
    serial = _first(values, "SERIAL")
    identifiers = set(values.get("ORGANISATION", ()))
    if not identifiers and serial is not None and _OCES2.match(serial):
        identifiers = {serial}
    identifier = identifiers.pop() if len(identifiers) == 1 else " / ".join(sorted(identifiers)) or None
    return Subject(
        cvr=_cvr(identifier),
        organisation=_first(values, "O"),
        common_name=_first(values, "CN"),
        country=_first(values, "C"),
        serial_number=serial,
        identifier=identifier,
    )


def subject_faults(text: str) -> tuple[str, ...]:
    """What keeps a text from being a Funktionscertifikat's Subject, as codes of sentences (K8 d)."""
    subject = parse_subject(text)
    if subject is None:
        return ("krav_certifikat_ulæseligt",)
    faults = {
        "krav_certifikat_uden_cvr": subject.identifier is None,
        "krav_certifikat_cvr_form": subject.identifier is not None and subject.cvr is None,
        "krav_certifikat_uden_navn": subject.common_name is None,
        "krav_certifikat_land": (subject.country or "").upper() != "DK",
    }
    return tuple(code for code, holds in faults.items() if holds)


def subject_warnings(text: str) -> tuple[str, ...]:
    """What a person should look at, and blocks nothing, as codes of sentences.

    The check digit is no fault: test certificates have made-up numbers, and new series need not have one.
    """
    subject = parse_subject(text)
    if subject is None:
        return ()
    warnings = {
        "krav_certifikat_kontrolciffer": subject.cvr is not None and not _has_check_digit(subject.cvr),
        "krav_certifikat_af_person": bool(_OF_A_PERSON.match(subject.serial_number or "")),
    }
    return tuple(code for code, holds in warnings.items() if holds)


def _cvr(identifier: str | None) -> str | None:
    found = _OCES3.fullmatch(identifier or "") or _OCES2.match(identifier or "")
    return found[1] if found and _CVR.fullmatch(found[1]) else None


def _has_check_digit(cvr: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(cvr, _WEIGHTS, strict=True)) % 11 == 0


def _first(values: dict[str, list[str]], attribute: str) -> str | None:
    return next((value for value in values.get(attribute, ()) if value), None)


def _values(text: str) -> dict[str, list[str]]:
    """The values of each attribute we know, in their order; empty where the text is no Subject."""
    if len(text) > LONGEST:
        return {}
    text = _tidy(text)
    heading = _HEADING.match(text)
    at = heading.end() if heading else 0
    separators = "/+" if text.startswith("/", at) else ",;+\n"
    at += separators == "/+"
    found: dict[str, list[str]] = {}
    while key := _KEY.match(text, at):
        read = _value(text, key.end(), separators)
        if read is None:
            return {}
        value, at = read
        if (attribute := _ATTRIBUTES.get(key[1].lower())) is not None:
            found.setdefault(attribute, []).append(value)
        if _END.match(text, at):
            return found
        at += 1  # the separator
    return {}


def _tidy(text: str) -> str:
    """A pasted text without the marks that programs leave in it (Windows begins with U+200E), and its runs of space."""
    seen = "".join(ch for ch in text if unicodedata.category(ch) != "Cf")
    lines = (" ".join(line.split()) for line in seen.splitlines())
    return "\n".join(line for line in lines if line)


def _value(text: str, at: int, separators: str) -> tuple[str, int] | None:
    """A value, and where it ends: at a separator or the end of the text; None where it ends in the middle of it."""
    if text.startswith('"', at):
        read = _quoted(text, at + 1)
    elif (hexed := _HEX.match(text, at)) and _ends(text, hexed.end(), separators):
        read = _decoded(hexed[1]), hexed.end()
    else:
        read = _bare(text, at, separators)
    if read is None:
        return None
    value, end = read
    end += text.startswith(" ", end)
    return (value, end) if _ends(text, end, separators) else None


def _ends(text: str, at: int, separators: str) -> bool:
    """A separator parts only where another attribute follows: people paste `O=Hansen, Olsen A/S` as it is."""
    at += text.startswith(" ", at)
    if _END.match(text, at):
        return True
    return text[at] in separators and _KEY.match(text, at + 1) is not None


def _quoted(text: str, at: int) -> tuple[str, int] | None:
    """Up to the closing quote; a doubled one is a quote (.NET), and so is an escaped one (RFC 4514)."""
    said = bytearray()
    while at < len(text):
        if text.startswith('""', at):
            said += b'"'
            at += 2
        elif text[at] == '"':
            return _text(said), at + 1
        else:
            at = _one(text, at, said)
    return None


def _bare(text: str, at: int, separators: str) -> tuple[str, int]:
    said = bytearray()
    while at < len(text) and not (text[at] in f" {separators}" and _ends(text, at, separators)):
        at = _one(text, at, said)
    return _text(said), at


def _one(text: str, at: int, said: bytearray) -> int:
    """Takes one character or escaped pair on, and says where the next begins."""
    pair = _PAIR.match(text, at)
    if pair is None:
        said += text[at].encode("utf-8", "replace")
        return at + 1
    said += bytes.fromhex(pair[1]) if pair[1] else pair[2].encode("utf-8", "replace")
    return pair.end()


def _text(said: bytearray) -> str:
    return said.decode("utf-8", "replace").replace("\n", " ").strip()


def _decoded(digits: str) -> str:
    """A value in BER as hex; as it stands where it is no string of a kind that names are made of."""
    raw = bytes.fromhex(digits)
    encoding = _ENCODINGS.get(raw[0])
    content = raw[3:] if raw[1:2] == b"\x81" else raw[2:]
    length = raw[2:3] if raw[1:2] == b"\x81" else raw[1:2]
    if encoding is None or length != bytes([len(content) & 0xFF]):
        return f"#{digits}"
    return content.decode(encoding, "replace").strip()
