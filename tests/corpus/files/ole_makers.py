"""Makers of files in the container of OLE, by hand: a header, tables of sectors, a tree of names, and the contents."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

SECTOR, SMALL = 512, 4096
FREE, END, TABLE, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
Tree = Mapping[str, Any]  # a name to bytes, or to the same again


@dataclass
class Entry:
    name: str
    kind: int  # 1 holds others, 2 holds bytes, 5 is the root
    content: bytes = b""
    right: int = NONE
    child: int = NONE
    start: int = END
    inner: list["Entry"] = field(default_factory=list)

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        tree = (self.kind, 1, NONE, self.right, self.child)
        return struct.pack("<64sH2B3L16xL16xLQ", name, len(name), *tree, 0, self.start, len(self.content))


def ole(tree: Tree) -> bytes:
    """Return a container of OLE that holds a tree."""
    entries: list[Entry] = []
    _add(Entry("Root Entry", 5), tree, entries)
    sectors, short, table, short_table = list[bytes](), list[bytes](), list[int](), list[int]()
    for entry in entries:
        if entry.kind == 2 and entry.content:
            small = len(entry.content) < SMALL
            entry.start = _put(entry.content, *((short, short_table, 64) if small else (sectors, table, SECTOR)))
    entries[0].content = b"".join(short)
    entries[0].start = _put(entries[0].content, sectors, table, SECTOR) if short else END
    short_start = _put(struct.pack(f"<{len(short_table)}L", *short_table), sectors, table, SECTOR, b"\xff")
    directory = _put(b"".join(entry.packed() for entry in entries), sectors, table, SECTOR)
    count = -(-len(table) // (SECTOR // 4 - 1))
    first = len(sectors)
    table += [TABLE] * count
    _put(struct.pack(f"<{len(table)}L", *table), sectors, [], SECTOR, b"\xff")
    places = [*range(first, first + count), *[FREE] * (109 - count)]
    head = struct.pack("<8s16x5H6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    shorts = -(-len(short_table) * 4 // SECTOR)
    head += struct.pack("<9L", 0, count, directory, 0, SMALL, short_start, shorts, END, 0)
    return head + struct.pack("<109L", *places) + b"".join(sectors)


def _add(entry: Entry, tree: Tree | bytes, entries: list[Entry]) -> int:
    entries.append(entry)
    number = len(entries) - 1
    if isinstance(tree, bytes):
        entry.content = tree
        return number
    names = sorted(tree, key=lambda name: (len(name), name.upper()))
    numbers = [_add(Entry(name, 1 if isinstance(tree[name], Mapping) else 2), tree[name], entries) for name in names]
    entry.child = numbers[0] if numbers else NONE
    for before, after in pairwise(numbers):
        entries[before].right = after
    return number


def _put(content: bytes, sectors: list[bytes], table: list[int], size: int, filling: bytes = b"\0") -> int:
    first = len(sectors)
    pieces = [content[at : at + size].ljust(size, filling) for at in range(0, len(content), size)]
    sectors += pieces
    table += [*range(first + 1, first + len(pieces)), END]
    return first


def properties(header: int, fixed: Mapping[int, int], streams: Mapping[str, str | bytes | Tree]) -> dict[str, Any]:
    """Return what is kept of a mail, a recipient or an attachment.

    Args:
        header: how many bytes come before the properties.
        fixed: numbers and their values, which are numbers.
        streams: other properties: the number and the type, `0037001F`, and the text, bytes, or a mail.
    """
    rows = b"".join(struct.pack("<HHLQ", 3, number, 0, value) for number, value in fixed.items())
    kept = {
        f"__substg1.0_{name}": value.encode("utf-16-le") if isinstance(value, str) else value
        for name, value in streams.items()
    }
    return {"__properties_version1.0": bytes(header) + rows, **kept}


def filetime(moment: datetime) -> int:
    """Return a moment as Windows counts it."""
    return int((moment.timestamp() + 11_644_473_600) * 10_000_000)
