"""What a file is by what it holds: its first bytes and, of the containers that several formats share, what is inside.

A ZIP tells by its list of contents, a container of OLE by the names at the head of its directory.
"""

import zipfile
import zlib
from contextlib import suppress
from typing import BinaryIO

from corpus.errors import UnreadableFile
from corpus.files import formats
from corpus.files.kind import OLE_HEAD, ZIP_HEAD, Format

HEAD = 1024  # bytes that show what a file is
# Which parts of a ZIP say what it is, and how many bytes of each are enough.
TELLING_PARTS = ("mimetype", "[Content_Types].xml", "META-INF/container.xml", "META-INF/manifest.xml")
TELLING_BYTES = 100_000
MOST_ENTRIES = 10_000  # of a ZIP's list that is looked at; whoever reads one with more refuses it
ENTRY = b"PK\1\2"  # begins each entry of the list
PIECE = 1_000_000
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError)
# Of OLE: the power of two that a sector's size is, the number of the first sector of the directory, and how much of it
# is looked at; among its first entries stands what the program calls its text.
SECTOR_POWER, DIRECTORY_SECTOR, DIRECTORY_BYTES = slice(30, 32), slice(48, 52), 4096
# What is told and not read, by what is inside of it or by its first bytes, and the way out.
UNREAD_INSIDE = (
    ("ms-excel.sheet.binary", "XLSB; open it and save it as XLSX"),
    ("opendocument.presentation", "ODP; open it and save it as PPTX"),
    ("opendocument.graphics", "ODG; open it and save it as PDF"),
    ("EncryptedPackage", "locked by a password; open it, remove the password and save it again"),
    ("WordDocument", "DOC, of an older Word; open it and save it as DOCX"),
    ("PowerPoint Document", "PPT, of an older PowerPoint; open it and save it as PPTX"),
)
UNREAD_HEADS = (
    (OLE_HEAD, "a file of an older Office or locked by a password; open it, remove the password and save it as DOCX"),
)


def check_content(file: BinaryIO, named: Format, suffix: str) -> None:
    """Refuse a file that holds another format than its name says.

    Args:
        file: the file, at its beginning; where it is a container, its list of contents is read.
        named: what its name says.
        suffix: how its name ends.

    Raises:
        UnreadableFile: if it does, because it would be read as noise, or not at all.
    """
    start = file.read(HEAD).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    ours = start.startswith(named.signatures)
    said = _said_inside(file, start)
    found: Format | str | None = _by_inside(said)
    if ours and found in (named, None):
        return
    found = found or _by_head(start)
    if isinstance(found, Format):
        found = f"{found.name}; name it {found.suffixes[0]}"
    if found:
        raise UnreadableFile(f"its name ends in {suffix}, but what it holds is {found}")
    if named.signed and not any(signature in start for signature in named.signatures):
        raise UnreadableFile(f"its name ends in {suffix}, but it is no {named.name}; give it the ending of what it is")


def _by_inside(said: str) -> Format | str | None:
    known: list[tuple[str, Format | str]] = [(mark, each) for each in formats.REGISTRY for mark in each.inside]
    return next((what for mark, what in (*known, *UNREAD_INSIDE) if mark in said), None)


def _by_head(start: bytes) -> Format | str | None:
    plain = [each for each in formats.REGISTRY if not each.inside]
    known: list[tuple[bytes, Format | str]] = [(signature, each) for each in plain for signature in each.signatures]
    return next((what for signature, what in (*known, *UNREAD_HEADS) if start.startswith(signature)), None)


def _said_inside(file: BinaryIO, start: bytes) -> str:
    """Return what a container says of what is in it; "" of a file that is none, or is damaged."""
    with suppress(*DAMAGE):
        if start.startswith(OLE_HEAD):
            return _said_in_ole(file)
        file.seek(0)
        if start.startswith(ZIP_HEAD) and entries_of(file) <= MOST_ENTRIES:
            with zipfile.ZipFile(file) as parts:
                return _said_in_zip(parts)
    return ""


def entries_of(file: BinaryIO) -> int:
    """Return how many entries the list of a ZIP has, before it is read; what it says of its length is not believed."""
    count, last = 0, b""
    while piece := file.read(PIECE):
        count += (last + piece).count(ENTRY)
        last = piece[1 - len(ENTRY) :]
    return count


def _said_in_zip(parts: zipfile.ZipFile) -> str:
    names = set(parts.namelist())
    said = list[str]()
    for name in TELLING_PARTS:
        if name in names:
            with suppress(*DAMAGE), parts.open(name) as part:
                said.append(part.read(TELLING_BYTES).decode("utf-8", "replace"))
    return "\n".join(said or names)


def _said_in_ole(file: BinaryIO) -> str:
    """Return the beginning of a container's directory; its names, in UTF-16, are what can be read in it."""
    file.seek(0)
    head = file.read(HEAD)
    sector = 1 << min(int.from_bytes(head[SECTOR_POWER], "little"), 16)
    file.seek(sector * (1 + int.from_bytes(head[DIRECTORY_SECTOR], "little")))
    return file.read(DIRECTORY_BYTES).decode("utf-16-le", "replace")
