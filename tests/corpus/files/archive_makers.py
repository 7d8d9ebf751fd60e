"""Makers of archives, honest ones and others, and of what is read out of them."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from corpus.document import Document
from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped

CENTRAL, LOCAL = b"PK\1\2", b"PK\3\4"
FLAGS = {CENTRAL: 8, LOCAL: 6}  # where the flags of a file stand
NAME = {CENTRAL: (28, 46), LOCAL: (26, 30)}  # where the length of its name stands, and the name


def zipped(files: Mapping[str, Any] | Iterable[tuple[str, Any]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP of files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(name, content)
    return stream.getvalue()


def linked(name: str, target: str) -> bytes:
    """Return a ZIP with a symbolic link."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
    return stream.getvalue()


def named_in(encoding: str, files: Mapping[str, str]) -> bytes:
    """Return a ZIP whose names are in an encoding and not said to be in any, as older packers write them."""
    plain = {f"{number:08}": name.encode(encoding) for number, name in enumerate(files)}
    whole = zipped({key: files[name.decode(encoding)] for key, name in plain.items()}, zipfile.ZIP_STORED)
    return _rebuilt(whole, {key.encode(): name for key, name in plain.items()})


def _rebuilt(whole: bytes, names: Mapping[bytes, bytes]) -> bytes:
    """Return a ZIP with other names, of whatever length."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        contents = {info.filename.encode(): archive.read(info) for info in archive.infolist()}
    body, rows = b"", b""
    for key, content in contents.items():
        name, crc, size = names[key], zlib.crc32(content), len(content)
        fixed = struct.pack("<5H3L2H", 20, 0, 0, 0, 33, crc, size, size, len(name), 0)
        rows += CENTRAL + struct.pack("<H", 20) + fixed + struct.pack("<3H2L", 0, 0, 0, 0, len(body)) + name
        body += LOCAL + fixed + name + content
    count = len(contents)
    return body + rows + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(rows), len(body), 0)


def locked(whole: bytes, *names: str) -> bytes:
    """Return a ZIP that says of some files, of all if none is named, that a password locks them."""
    changed = bytearray(whole)
    for mark, flags in FLAGS.items():
        at = whole.find(mark)
        while at >= 0:
            length, start = NAME[mark]
            (long,) = struct.unpack_from("<H", whole, at + length)
            if not names or whole[at + start : at + start + long].decode() in names:
                changed[at + flags] |= 1
            at = whole.find(mark, at + 1)
    return bytes(changed)


def read_one(path: Path, content: bytes) -> tuple[dict[str, Document], dict[str, str]]:
    """Return the documents in a file and what is skipped of it with the reasons, both by source."""
    path.write_bytes(content)
    documents, skipped = {}, {}
    for found in read_documents([path]):
        if isinstance(found, Skipped):
            skipped[found.source] = found.reason
        else:
            documents[found[1].source] = found[1]
    return documents, skipped
