"""Outlook files made up for these tests: a small writer of the container format [MS-CFB] and of messages [MS-OXMSG]."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

SECTOR, MINI, END, FREE, IS_FAT = 512, 64, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
Tree = dict[str, "bytes | Tree"]
Properties = Mapping[int, "str | bytes | int | datetime"]

SUBJECT, MESSAGE_CLASS, HEADERS, BODY, HTML = 0x0037, 0x001A, 0x007D, 0x1000, 0x1013
SENDER_KIND, SENDER_ADDRESS, SENDER_SMTP, REPRESENTED_SMTP = 0x0C1E, 0x0C1F, 0x5D01, 0x5D02
SUBMITTED, DELIVERED, MESSAGE_ID, IN_REPLY_TO, CODEPAGE, SMTP = 0x0039, 0x0E06, 0x1035, 0x1042, 0x3FDE, 0x39FE


def msg(properties: Properties, recipients: Sequence[str] = (), attachments: int = 0) -> bytes:
    """A message with these properties, by their tags."""
    header = struct.pack("<8xIIII8x", len(recipients), attachments, len(recipients), attachments)
    tree: Tree = {"__nameid_version1.0": {}, **_properties(properties, header)}
    for number, address in enumerate(recipients):
        tree[f"__recip_version1.0_#{number:08X}"] = dict(_properties({SMTP: address}, b"\0" * 8))
    for number in range(attachments):
        tree[f"__attach_version1.0_#{number:08X}"] = dict(_properties({0x3704: "bilag.pdf"}, b"\0" * 8))
    return compound(tree)


def _properties(properties: Properties, header: bytes) -> Tree:
    entries, streams = b"", {}
    for tag, value in properties.items():
        if isinstance(value, datetime):
            kind, payload = (
                0x0040,
                struct.pack("<Q", int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10**7)),
            )
        elif isinstance(value, int):
            kind, payload = 0x0003, struct.pack("<II", value, 0)
        else:
            kind = 0x001F if isinstance(value, str) else 0x0102
            content = value.encode("utf-16-le") if isinstance(value, str) else value
            payload = struct.pack("<II", len(content), 0)
            streams[f"__substg1.0_{tag:04X}{kind:04X}"] = content
        entries += struct.pack("<HHI", kind, tag, 6) + payload
    return {"__properties_version1.0": header + entries, **streams}


@dataclass
class _Entry:
    name: str
    kind: int  # 1 storage, 2 stream, 5 root
    content: bytes = b""
    children: list[int] = field(default_factory=list)
    start: int = END


def compound(tree: Tree) -> bytes:
    """A compound file that holds a tree of storages and streams."""
    entries = [_Entry("Root Entry", 5)]
    _enter(tree, 0, entries)
    mini, mini_fat, big = b"", [], []
    for entry in entries[1:]:
        if entry.kind == 2 and len(entry.content) < 4096 and entry.content:
            entry.start = len(mini) // MINI
            count = -(-len(entry.content) // MINI)
            mini_fat += [*range(entry.start + 1, entry.start + count), END]
            mini += entry.content.ljust(count * MINI, b"\0")
        elif entry.kind == 2 and entry.content:
            big.append(entry)
    entries[0].content = mini
    directory_sectors = -(-len(entries) // 4)
    fat_sectors = 1 + (sum(len(e.content) for e in big) + len(mini)) // (SECTOR * 100) + directory_sectors // 100
    fat = [IS_FAT] * fat_sectors
    sectors: list[bytes] = []

    def store(content: bytes) -> int:
        if not content:
            return END
        start, count = len(fat), -(-len(content) // SECTOR)
        fat.extend([*range(start + 1, start + count), END])
        sectors.append(content.ljust(count * SECTOR, b"\0"))
        return start

    mini_fat_start = store(
        struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(-(-len(mini_fat) // 128) * SECTOR, b"\xff")
    )
    entries[0].start = store(mini)
    for entry in big:
        entry.start = store(entry.content)
    directory_start = store(
        b"".join(_directory_entry(entry) for entry in _linked(entries)).ljust(directory_sectors * SECTOR, b"\0")
    )
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_sectors * SECTOR, b"\xff")
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6,
        0, fat_sectors, directory_start, 0, 4096, mini_fat_start, -(-len(mini_fat) // 128), END, 0,
    )  # fmt: skip
    difat = [*range(fat_sectors), *[FREE] * (109 - fat_sectors)]
    return header + struct.pack("<109I", *difat) + table + b"".join(sectors)


def _enter(tree: Tree, parent: int, entries: list[_Entry]) -> None:
    for name, content in tree.items():
        number = len(entries)
        entries[parent].children.append(number)
        if isinstance(content, bytes):
            entries.append(_Entry(name, 2, content))
        else:
            entries.append(_Entry(name, 1))
            _enter(content, number, entries)


def _linked(entries: list[_Entry]) -> list[tuple[_Entry, int, int]]:
    """Each entry with its right sibling and its first child: a tree that leans to the right is one too."""
    right: dict[int, int] = {}
    for entry in entries:
        right |= dict(zip(entry.children, entry.children[1:], strict=False))
    return [(e, right.get(number, FREE), e.children[0] if e.children else FREE) for number, e in enumerate(entries)]


def _directory_entry(linked: tuple[_Entry, int, int]) -> bytes:
    entry, right, child = linked
    name = entry.name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16xI16xIQ", name, len(name), entry.kind, 1, FREE, right, child, 0, entry.start, len(entry.content)
    )
