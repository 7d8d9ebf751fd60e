"""Reading the tar file of a backup without trusting it.

One form of tar files is read: plain files of the names that `corpus.store.backup` gives them. Links, devices, folders,
other names, and members that only describe others are refused where they begin, so nothing else is ever written, and
nothing of a size that the file decides is read into memory.
"""

import gzip
import json
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast

from corpus.errors import StoreUnavailable, UnreadableFile
from corpus.store.backup import BACKUP_FORMAT, COPY_BYTES, LIST, member_of
from corpus.store.collections import DEFAULT, FOLDER, NAME
from corpus.store.folders import make_private, open_private
from corpus.store.sqlite import DATABASE_FILE

STORE = re.compile(rf"(?:{FOLDER}/({NAME.pattern})/)?{re.escape(DATABASE_FILE)}")
GZIP = b"\x1f\x8b"
LONGEST_LIST = 10_000_000  # bytes: of some 40,000 collections
# A SQLite file begins with this, and tells how long its pages are and how many: its length follows.
SQLITE = b"SQLite format 3\0"
SQLITE_HEADER = 100
LARGEST_PAGE = 65_536  # told as 1, for there are two bytes for it
TOO_SHORT = "it is cut short, or no tar file at all"


def unpack(file: Path, folder: Path) -> dict[str, Path]:
    """Write the stores of a backup into a folder, as they were written, and return where each collection's is.

    Raises:
        UnreadableFile: if it is no backup, or not what was written.
        StoreUnavailable: if the disk has no room for it.
    """
    try:
        with _opened(file) as stream:
            return _unpacked(stream, folder)
    except (UnreadableFile, tarfile.HeaderError, UnicodeDecodeError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        reason = str(error) if isinstance(error, UnreadableFile) else "it is no tar file, or a damaged one"
        raise UnreadableFile(f"{file}: {reason}; name a file that `wherefrom backup` wrote") from None


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    with file.open("rb") as plain:
        compressed = plain.read(len(GZIP)) == GZIP
        plain.seek(0)
        if not compressed:
            yield plain
            return
        with gzip.GzipFile(fileobj=plain) as stream:
            yield cast("BinaryIO", stream)


def _unpacked(stream: BinaryIO, folder: Path) -> dict[str, Path]:
    stores: dict[str, Path] = {}
    digests: dict[str, str] = {}
    listed: dict[str, str] | None = None
    for member in _members(stream):
        match = STORE.fullmatch(member.name)
        name = (match[1] or DEFAULT) if match else ""
        if listed is None and member.name == LIST and member.size <= LONGEST_LIST:
            listed = _listed(_read(stream, member.size))
        elif listed is None and match and member.name == member_of(name) and name not in stores:
            stores[name] = folder / member.name
            make_private(stores[name].parent)
            digests[name] = _write(stream, member.size, stores[name])
        else:
            raise UnreadableFile(f"its member {member.name[:100]!r} is none of a backup's, or one too many")
        _read(stream, -member.size % tarfile.BLOCKSIZE)
    stream.read(tarfile.RECORDSIZE)  # zeros up to the end, where a compressed file says what all of it must add up to
    if listed != digests:
        raise UnreadableFile("its stores are not those that were written, or not all of them")
    return stores


def _members(stream: BinaryIO) -> Iterator[tarfile.TarInfo]:
    """Yield the heads of members up to the end of the archive; whoever takes one reads what it holds."""
    while (block := _read(stream, tarfile.BLOCKSIZE)) != bytes(tarfile.BLOCKSIZE):
        member = tarfile.TarInfo.frombuf(block, "ascii", "strict")
        if member.type != tarfile.REGTYPE or member.size < 0:
            raise UnreadableFile(f"its member {member.name[:100]!r} is no plain file")
        yield member


def _listed(text: bytes) -> dict[str, str]:
    """Return the digests of stores by collection, as the list of a backup tells them."""
    try:
        told = json.loads(text)
        if told["format"] == BACKUP_FORMAT:
            return {str(each["name"]): str(each["sha256"]) for each in told["collections"]}
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise UnreadableFile(f"this version of wherefrom cannot read its list, {LIST}")


def _read(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise UnreadableFile(TOO_SHORT)
    return data


def _write(stream: BinaryIO, size: int, path: Path) -> str:
    """Write a store from a stream and return its digest."""
    data = _read(stream, min(SQLITE_HEADER, size))
    page = int.from_bytes(data[16:18], "big")
    pages = int.from_bytes(data[28:32], "big")
    if not data.startswith(SQLITE) or (LARGEST_PAGE if page == 1 else page) * pages != size:
        raise UnreadableFile(f"its member for {path.name} is no whole SQLite file")
    if size > (free := shutil.disk_usage(path.parent).free):
        raise StoreUnavailable(f"{path.parent} needs {size:,} bytes and has {free:,}; make room there")
    digest = sha256(data)
    with open_private(path, "xb") as file:
        file.write(data)
        for start in range(SQLITE_HEADER, size, COPY_BYTES):
            data = _read(stream, min(COPY_BYTES, size - start))
            digest.update(data)
            file.write(data)
    return digest.hexdigest()
